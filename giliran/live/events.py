"""What the database says, and how it goes over the wire as server-sent events."""

import json
from dataclasses import dataclass
from typing import Any

CALLS = frozenset({"call", "call_again"})
RETRY = b"retry: 2000\n\n"


class NotAnEvent(ValueError):
    """The notification cannot be read as an event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One move as the database told it at commit; `id` is the row of the history."""

    id: str
    office: int
    turn: str | None
    move: str
    is_call: bool
    public: dict[str, Any]

    def as_call(self, *, owing: bool) -> bytes:
        """Say it to a whole office: number, counter and time, never the code of the turn."""
        return message("call", self.public, mark_of(self.id, owing=owing))

    def as_moved(self) -> bytes:
        """Say it to whoever holds this turn's code."""
        return message("moved", {"move": self.move, **self.public}, self.id)


def read(payload: str) -> Event:
    """Read a notification; raises NotAnEvent when a field is missing or of another kind."""
    try:
        said = json.loads(payload)
        number, office, move = said["id"], said["office"], said["move"]
        turn = said.get("turn")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAnEvent(f"Cannot read a notification: {error!r}.") from error
    if type(number) is not int or type(office) is not int or not isinstance(move, str):
        raise NotAnEvent("A notification needs a whole-number id and office, and a move.")
    about_a_turn = said.get("subject", "turn") == "turn"
    return Event(
        id=str(number),
        office=office,
        turn=turn if about_a_turn and isinstance(turn, str) else None,
        move=move,
        is_call=about_a_turn and move in CALLS,
        public={name: said.get(name) for name in ("number", "counter", "at")},
    )


def message(name: str, data: dict[str, Any], mark: str) -> bytes:
    """Write one server-sent event; `mark` is what the browser hands back after a break."""
    text = json.dumps(data, separators=(",", ":"))
    return f"event: {name}\nid: {mark}\ndata: {text}\n\n".encode()


def mark_of(event_id: str, *, owing: bool) -> str:
    """Mark how far a stream is; `~` says that a `line` before this point is still to come.

    A held-back `line` may follow a call that happened after it. Without the sign, a reader
    who breaks off in between would hand back the id of the call and never hear of the line.
    """
    return f"{event_id}~" if owing else event_id
