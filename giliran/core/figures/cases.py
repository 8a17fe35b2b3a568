"""A claim, a complaint, and what somebody thought of a visit.

What has a date counts on the day of its date: whether everything that fell due in a month was
done in time is known without a clock, and what nobody has done yet isn't left out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from giliran.core.claim import Move, State
from giliran.core.complaint import Move as ComplaintMove
from giliran.core.complaint import State as ComplaintState
from giliran.core.figures.facts import NOWHERE, Fact, Story, Where, day_of
from giliran.core.figures.places import Places

_CLOCK_STANDS = frozenset(
    {State.DRAFTED, State.SUBMITTED, State.RETURNED, State.BOUNCED, State.WITHDRAWN}
)
_DECIDED = {"claim.approve", "claim.refuse"}
_OFFICE = "office"  # the lowest level that may have a complaint
_CHECKED = {"claim.complete", "claim.return"}


def claim(story: Story, places: Places) -> list[Fact]:
    """Return what a claim adds, at the office that has it now."""
    row: dict[str, Any] = {}
    due = checked = decided = refused = None
    was_complete = False
    for event in story:
        if "move" not in event.data:
            continue
        row.update(event.data)
        today = places.local(int(row.get("office_id") or NOWHERE), event.at).date()
        due = day_of(event.data.get("due_on")) or due
        if checked is None and event.kind in _CHECKED:
            checked, was_complete = today, event.data["move"] == Move.COMPLETE
        if event.kind in _DECIDED:
            decided = decided or today
            refused = today if event.data["move"] == Move.REFUSE else None
    if "office_id" not in row:
        return []
    office_id, channel = int(row["office_id"]), row.get("channel")
    told = {
        "checked": checked,
        "complete_at_once": checked if was_complete else None,
        "decided": decided,
    }
    if due is not None and row["state"] not in _CLOCK_STANDS:
        done = day_of(row.get("paid_on")) or refused
        told |= {"claims_due": due, "claims_in_time": due if _in_time(done, due) else None}
    return [Fact(Where(office_id, day, channel=channel), key) for key, day in told.items() if day]


def _in_time(done: date | None, due: date) -> bool:
    return done is not None and done <= due


def complaint(story: Story, places: Places) -> list[Fact]:
    """Return what a complaint adds: its first answer decides whether it came in time.

    One that its office never saw, since it is about the head or protected, is counted nowhere: who
    compares a sum with a list of their own would know that it is there.
    """
    row: dict[str, Any] = {}
    due = answered = received = None
    was_theirs = False
    for event in story:
        if "move" not in event.data:
            continue
        row.update(event.data)
        was_theirs |= row.get("lowest", _OFFICE) == _OFFICE
        today = places.local(int(row.get("office_id") or NOWHERE), event.at).date()
        received = received or today
        if answered is None:
            due = day_of(event.data.get("due_on")) or due
            if event.data["move"] == ComplaintMove.ANSWER:
                answered = today
    if received is None:
        return []
    office_id = int(row.get("office_id") or NOWHERE) if was_theirs else NOWHERE
    channel = row.get("channel")
    found = [Fact(Where(office_id, received, channel=channel), "complaints")]
    is_owed = answered is not None or row["state"] not in {
        ComplaintState.FORWARDED,
        ComplaintState.WITHDRAWN,
    }
    if due is not None and is_owed:
        where = Where(office_id, due, channel=channel)
        found.append(Fact(where, "complaints_due"))
        if _in_time(answered, due):
            found.append(Fact(where, "complaints_in_time"))
    return found


def opinion(story: Story, places: Places) -> list[Fact]:
    """Return whether somebody was asked after a visit, and their last word, on the visit's day."""
    row: dict[str, Any] = {}
    for event in story:
        row.update(event.data)
    if "office_id" not in row or "day" not in row:
        return []
    keys = ["opinions_asked"]
    if row.get("score") is not None:
        keys.append(f"score_{row['score']}")
    where = Where(
        int(row["office_id"]),
        date.fromisoformat(row["day"]),
        service=str(row["service_id"]),
        channel=row["channel"],
    )
    return [Fact(where, key) for key in keys]
