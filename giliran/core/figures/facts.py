"""Events, and the facts that they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from giliran.core.figures.places import Places

NOWHERE = 0
"""The office of what belongs to none."""
_HOUR = timedelta(hours=1)


class Event(NamedTuple):
    """One event of the journal."""

    at: datetime
    kind: str
    office_id: int | None
    data: Mapping[str, Any]


class Where(NamedTuple):
    """What a fact belongs to: an office's day, and its parts; one that is None doesn't apply."""

    office_id: int
    day: date
    hour: str | None = None
    service: str | None = None
    calling_class: str | None = None
    channel: str | None = None


class Fact(NamedTuple):
    """A whole number that a story adds somewhere.

    ``key`` is the name of a count, or minutes waited: ``12s`` for somebody of the standard class,
    ``12p`` for somebody with priority.
    """

    where: Where
    key: str
    n: int = 1


Story = Sequence[Event]


def seconds_by_hour(
    office_id: int, since: datetime, until: datetime, places: Places
) -> Iterator[tuple[str, int]]:
    """Yield each hour of the office's clock that a span touches, with its whole seconds there.

    The last hour's end is the span's; nothing for a span that ends before it begins, and no more
    than a day of a longer one.
    """
    here = places.local(office_id, since)
    end = min(here + (until - since), here + timedelta(days=1))
    while here < end:
        following = min(end, here.replace(minute=0, second=0, microsecond=0) + _HOUR)
        yield f"{here.hour:02d}", round((following - here).total_seconds())
        here = following


def moment(text: str | None) -> datetime | None:
    """Return the moment that the journal's JSON tells."""
    return datetime.fromisoformat(text) if text else None


def day_of(text: str | None) -> date | None:
    """Return the day that the journal's JSON tells."""
    return date.fromisoformat(text) if text else None
