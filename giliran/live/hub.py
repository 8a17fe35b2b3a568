"""From one bell to thousands of boards and phones, in memory."""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from giliran.live.events import RETRY, Event, mark_of, message
from giliran.live.memory import Key, Memory
from giliran.live.stream import Stream

LINE_EVERY_SECONDS = 1.0
BEAT_EVERY_SECONDS = 10.0
BEATS_ARE_SPREAD_OVER = 100
"""Slices: 10,000 beats at one instant would hold up a call by half a second."""


class NoRoomLeft(RuntimeError):
    """This process holds as many streams as it may; now possible: come back later."""


class Room:
    """All who follow one office or one turn, and the `line` that is held back for them."""

    __slots__ = ("held_back", "said_at", "streams")

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.held_back: asyncio.TimerHandle | None = None
        self.said_at = float("-inf")


class Hub:
    """Who listens to what, and what they are told. Lives in one event loop."""

    def __init__(
        self, *, now: Callable[[], datetime], streams_at_most: int, remembered: int
    ) -> None:
        """`streams_at_most` streams at once; `remembered` events for those who break off."""
        self.listening = False
        self.count = 0
        self._joined = 0
        self._closed = False
        self._now = now
        self._streams_at_most = streams_at_most
        self._remembered = remembered
        self._rooms: dict[Key, Room] = {}
        self._slots: list[set[tuple[Stream, Room]]] = [set() for _ in range(BEATS_ARE_SPREAD_OVER)]
        self._memory = self._new_memory()

    def join(self, key: Key, last: str | None) -> Stream:
        """Add a reader of `key` who has seen everything up to `last`; raises NoRoomLeft."""
        if self._closed or self.count >= self._streams_at_most:
            raise NoRoomLeft
        room = self._rooms.setdefault(key, Room())
        self._joined += 1
        stream = Stream(slot=self._joined % BEATS_ARE_SPREAD_OVER)
        missed = self._missed(key, room, last) if last and self.listening else []
        self._push([stream], b"".join([RETRY, *missed, self._beat(room)]))
        room.streams.add(stream)
        self._slots[stream.slot].add((stream, room))
        self.count += 1
        return stream

    def leave(self, key: Key, stream: Stream) -> None:
        """Forget a reader; the last one out of a room closes it."""
        room = self._rooms[key]
        room.streams.discard(stream)
        self._slots[stream.slot].discard((stream, room))
        self.count -= 1
        if not room.streams:
            if room.held_back:
                room.held_back.cancel()
            del self._rooms[key]

    def take(self, event: Event) -> None:
        """Remember an event and tell all whom it concerns."""
        self._memory.add(event)
        if event.turn is not None and (room := self._rooms.get(event.turn)):
            self._push(room.streams, event.as_moved())
        if room := self._rooms.get(event.office):
            if event.is_call:
                self._push(room.streams, event.as_call(owing=room.held_back is not None))
            elif room.held_back is None:
                self._say_line_in_time(room)

    def begin_to_listen(self) -> None:
        """Start anew: what happened while nobody listened is not known, so all must look."""
        self.listening = True
        self._memory = self._new_memory()
        for room in self._rooms.values():
            self._push(room.streams, self._reset())

    def stop_listening(self) -> None:
        """Know that the database is out of reach; streams hear of it with their next beat."""
        self.listening = False

    def close(self) -> None:
        """End every stream and take no more; browsers come back by themselves."""
        self._closed = True
        for room in self._rooms.values():
            for stream in room.streams:
                stream.end()

    async def beat(self) -> None:
        """Let every stream hear every ten seconds that it is alive, until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            for slot in self._slots:
                due = max(due + BEAT_EVERY_SECONDS / BEATS_ARE_SPREAD_OVER, loop.time())
                await asyncio.sleep(due - loop.time())
                free, owing = self._beat_marked(owing=False), self._beat_marked(owing=True)
                for stream, room in slot:
                    self._push([stream], owing if room.held_back else free)

    def _missed(self, key: Key, room: Room, last: str) -> list[bytes]:
        owing = last.endswith("~")
        events = self._memory.since(last.removesuffix("~"), key)
        if events is None:
            return [self._reset()]
        if isinstance(key, str):
            return [event.as_moved() for event in events]
        told = []
        for event in events:
            if event.is_call:
                told.append(event.as_call(owing=owing))
            else:
                owing = True
        if owing and room.held_back is None:
            told.append(message("line", {}, self._memory.newest))
        return told

    def _say_line_in_time(self, room: Room) -> None:
        loop = asyncio.get_running_loop()
        may_speak_at = room.said_at + LINE_EVERY_SECONDS
        if loop.time() >= may_speak_at:
            self._say_line(room)
        else:
            room.held_back = loop.call_at(may_speak_at, self._say_line, room)

    def _say_line(self, room: Room) -> None:
        room.held_back = None
        room.said_at = asyncio.get_running_loop().time()
        self._push(room.streams, message("line", {}, self._memory.newest))

    def _push(self, streams: Iterable[Stream], said: bytes) -> None:
        for stream in streams:
            stream.push(said, reset=self._reset)

    def _beat(self, room: Room) -> bytes:
        return self._beat_marked(owing=room.held_back is not None)

    def _beat_marked(self, *, owing: bool) -> bytes:
        name = "beat" if self.listening else "lost"
        mark = mark_of(self._memory.newest, owing=owing)
        return message(name, {"at": self._now().isoformat(timespec="seconds")}, mark)

    def _reset(self) -> bytes:
        return message("reset", {}, self._memory.newest)

    def _new_memory(self) -> Memory:
        return Memory(size=self._remembered, epoch=f"since-{secrets.token_hex(6)}")
