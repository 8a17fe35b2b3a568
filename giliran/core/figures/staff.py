"""Who sat at a counter, who was away, and who helped elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from giliran.core.deadline import SATURDAY
from giliran.core.figures.facts import Fact, Story, Where, day_of, seconds_by_hour
from giliran.core.figures.places import Places

_MOST_DAYS = 366


def counter_day(story: Story, places: Places) -> list[Fact]:
    """Return how long somebody sat at one counter on one day; ``story`` holds that day's events.

    Who sat there from the day before counts from opening, and who forgot to close the counter
    until the office closed; neither counts where its hours aren't known.
    """
    if not story or story[0].office_id is None:
        return []
    office_id = story[0].office_id
    day = places.local(office_id, story[0].at).date()
    hours = places.hours(office_id, day)
    since: datetime | None = hours.opens if hours and story[0].kind == "counter.close" else None
    spans: list[tuple[datetime, datetime]] = []
    for event in story:
        if event.kind == "counter.open":
            since = event.at if since is None else since
        elif event.kind == "counter.close" and since is not None:
            spans.append((since, event.at))
            since = None
    if since is not None and hours is not None:
        spans.append((since, hours.closes))
    return [
        Fact(Where(office_id, day, hour), "counter_s", seconds)
        for begins, ends in spans
        for hour, seconds in seconds_by_hour(office_id, begins, ends, places)
    ]


def leave(story: Story, places: Places) -> list[Fact]:
    """Return the weekdays on which an officer isn't there whose leave was approved."""
    row = _last(story)
    first, last = day_of(row.get("first_day")), day_of(row.get("last_day"))
    if row.get("state") != "approved" or first is None or last is None:
        return []
    days = (first + timedelta(days=n) for n in range(min(_MOST_DAYS, (last - first).days + 1)))
    office_id = int(row["office_id"])
    return [Fact(Where(office_id, day), "absences") for day in days if day.weekday() < SATURDAY]


def loan(story: Story, places: Places) -> list[Fact]:
    """Return an officer's day at another office that was agreed: borrowed there, lent at home."""
    row = _last(story)
    if row.get("state") != "accepted":
        return []
    day = date.fromisoformat(row["day"])
    return [Fact(Where(int(row["to"]), day), "loans"), Fact(Where(int(row["home"]), day), "lent")]


def _last(story: Story) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for event in story:
        row.update(event.data)
    return row
