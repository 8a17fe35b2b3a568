"""The last events, kept so that a reader who breaks off is told exactly what was missed."""

from collections import deque
from itertools import takewhile

from giliran.live.events import Event

Key = int | str
"""An office's id, or the code of a turn."""


class Memory:
    """A ring of the last `size` events, in the order of their commits.

    Ids are not compared by size: a transaction that took its id first may commit last.
    """

    def __init__(self, *, size: int, epoch: str) -> None:
        """Begin empty; `epoch` marks the place before the first event and never returns."""
        self._size = size
        self._events: deque[tuple[int, Event]] = deque()
        self._by_key: dict[Key, deque[tuple[int, Event]]] = {}
        self._place_of: dict[str, int] = {epoch: 0}
        self._epoch = epoch
        self._newest = epoch
        self._place = 0

    @property
    def newest(self) -> str:
        """The id after which nothing has happened yet."""
        return self._newest

    def add(self, event: Event) -> None:
        if len(self._events) >= self._size:
            self._drop_oldest()
        self._place += 1
        placed = (self._place, event)
        self._events.append(placed)
        for key in keys_of(event):
            self._by_key.setdefault(key, deque()).append(placed)
        self._place_of[event.id] = self._place
        self._newest = event.id

    def since(self, event_id: str, key: Key) -> list[Event] | None:
        """List what happened at `key` after `event_id`; None when that is no longer known."""
        place = self._place_of.get(event_id)
        if place is None:
            return None
        events = reversed(self._by_key.get(key, ()))
        missed = [event for _, event in takewhile(lambda placed: placed[0] > place, events)]
        return missed[::-1]

    def _drop_oldest(self) -> None:
        place, event = self._events.popleft()
        # Whoever saw the dropped event still knows all up to the next, but whoever began
        # before it does not: the epoch goes with the first event that is dropped.
        self._place_of.pop(self._epoch, None)
        if self._place_of.get(event.id) == place:
            del self._place_of[event.id]
        for key in keys_of(event):
            kept = self._by_key[key]
            kept.popleft()
            if not kept:
                del self._by_key[key]


def keys_of(event: Event) -> tuple[Key, ...]:
    """Name the office and, if it is about one, the turn."""
    return (event.office,) if event.turn is None else (event.office, event.turn)
