"""A turn from asking to the end, who was sent home at the door, a lost draw, a promised window."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from giliran.core.figures.facts import Event, Fact, Story, Where, moment, seconds_by_hour
from giliran.core.figures.places import Places
from giliran.core.turn import AT_A_COUNTER, OPEN, State

KEPT_WITHIN = timedelta(minutes=10)
"""So long after a window's end a call still keeps it."""
SIX = time(6)
LONGEST = 900
"""Minutes; who waited longer counts as so long."""


def visit(story: Story, places: Places) -> list[Fact]:
    """Return what a turn adds to the day for which it was asked, in the class that it ended in."""
    row: dict[str, Any] = {}
    calls: list[datetime] = []
    at_counters: list[list[datetime]] = []
    moves = [event for event in story if "state" in event.data]
    for event, after in zip_longest(moves, moves[1:]):
        row.update(event.data)
        if event.kind == "turn.call":
            calls.append(event.at)
        if after is not None and event.data["state"] in AT_A_COUNTER:
            if at_counters and at_counters[-1][1] == event.at:
                at_counters[-1][1] = after.at
            else:
                at_counters.append([event.at, after.at])
    if "day" not in row or "kind" not in row:
        return []
    office_id = int(row["office_id"])
    whose = (
        str(row["service_id"]),
        "priority" if row["is_priority"] else "standard",
        row["channel"],
    )
    day = date.fromisoformat(row["day"])
    hour = _hour(office_id, moment(row["arrived_at"] or row["window_from"]), places)
    first_call = min(calls, default=None)
    keys = _counts(row, drawn=_is_drawn(moves[0]))
    keys += _promise(row, first_call)
    keys += _early(row, office_id, day, places)
    keys += _wait(row, first_call)
    where = Where(office_id, day, hour, *whose)
    found = [Fact(where, key) for key in keys]
    if row["state"] == State.FINISHED:
        done = _hour(office_id, moment(row["ended_at"]), places)
        found.append(Fact(Where(office_id, day, done, *whose), "served"))
    for since, until in at_counters:
        for busy, seconds in seconds_by_hour(office_id, since, until, places):
            found.append(Fact(Where(office_id, day, busy, *whose), "busy_s", seconds))
    return found


def _is_drawn(birth: Event) -> bool:
    return str(birth.data.get("moved_by", "")).startswith("draw")


def _counts(row: dict[str, Any], *, drawn: bool) -> list[str]:
    state, came, is_booked = row["state"], bool(row["arrived_at"]), row["kind"] == "appointment"
    keys = ["asked"]
    if is_booked:
        keys.append("booked")
        if came or state == State.NO_SHOW:
            keys.append("expected")
    if drawn:
        keys.append("drawn")
    if came:
        keys.append("came")
    if state == State.FINISHED and row.get("claim_id"):
        keys.append("visits")
    if state == State.NO_SHOW:
        keys.append("missed_calls" if came else "no_shows")
    elif state in {State.LEFT, State.CANCELLED}:
        keys.append(state)
    elif state in OPEN:
        keys.append("still_open")
    return keys


def _promise(row: dict[str, Any], first_call: datetime | None) -> list[str]:
    arrived, till = moment(row["arrived_at"]), moment(row["window_till"])
    if arrived is None or till is None or arrived > till:
        return []
    if first_call is not None and first_call <= till + KEPT_WITHIN:
        return ["promises", "promises_kept"]
    return ["promises"] if first_call is not None or row["state"] == State.LEFT else []


def _early(row: dict[str, Any], office_id: int, day: date, places: Places) -> list[str]:
    arrived = moment(row["arrived_at"])
    return [] if arrived is None else early(office_id, day, arrived, places)


def early(office_id: int, day: date, arrived: datetime, places: Places) -> list[str]:
    """Return how early somebody stood at the door."""
    hours = places.hours(office_id, day)
    keys = ["early"] if hours is not None and arrived < hours.opens else []
    if places.local(office_id, arrived).time() < SIX:
        keys.append("before_six")
    return keys


def _wait(row: dict[str, Any], first_call: datetime | None) -> list[str]:
    began = max(
        (at for at in (moment(row["arrived_at"]), moment(row["window_from"])) if at), default=None
    )
    if first_call is None or began is None:
        return []
    minutes = min(LONGEST, max(0, math.ceil((first_call - began).total_seconds() / 60)))
    return [f"{minutes}{'p' if row['is_priority'] else 's'}"]


def _hour(office_id: int, at: datetime | None, places: Places) -> str | None:
    return None if at is None else f"{places.local(office_id, at).hour:02d}"


def away(story: Story, places: Places) -> list[Fact]:
    """Return what one person who was sent home at the door adds to that day."""
    found = []
    for event in story:
        if event.kind != "door.turned_away" or event.office_id is None:
            continue
        here = places.local(event.office_id, event.at)
        service = event.data.get("service_id")
        keys = ["turned_away", *early(event.office_id, here.date(), event.at, places)]
        where = Where(
            event.office_id,
            here.date(),
            hour=f"{here.hour:02d}",
            service=None if service is None else str(service),
        )
        found += [Fact(where, key) for key in keys]
    return found


def placed(story: Story, places: Places) -> list[Fact]:
    """Return how many draws somebody lost who has got a turn, on the day when they got it."""
    last = next((e for e in reversed(story) if e.kind == "application.placed"), None)
    if last is None:
        return []
    office_id = int(last.data["office_id"])
    where = Where(
        office_id,
        places.local(office_id, last.at).date(),
        service=str(last.data["service_id"]),
        calling_class="priority" if last.data["is_priority"] else "standard",
        channel=last.data["channel"],
    )
    return [Fact(where, "placed"), Fact(where, "rounds_lost", int(last.data["rounds_lost"]))]


def promise(story: Story, places: Places) -> list[Fact]:
    """Return the width of a window that was told on arrival, and whether it held."""
    row: dict[str, Any] = {}
    for event in story:
        row.update(event.data)
    begins, ends, made = (moment(row.get(key)) for key in ("begins", "ends", "made_at"))
    if begins is None or ends is None or made is None:
        return []
    office_id = int(row["office_id"])
    here = places.local(office_id, made)
    where = Where(office_id, here.date(), f"{here.hour:02d}", calling_class=row["calling_class"])
    seconds = round((ends - begins).total_seconds())
    counts = {"told": 1, "told_s": seconds}
    if row.get("kept") is not None:
        counts |= {"told_settled": 1, "told_kept": int(row["kept"])}
    return [Fact(where, key, n) for key, n in counts.items() if n]
