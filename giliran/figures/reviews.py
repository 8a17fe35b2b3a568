"""The week or month of an office, a region or all: what it was, what changed, and what to ask.

``content`` reads the figures once; what it finds is kept with the review and doesn't change when
the figures of that week do. Actions make, agree on and sign reviews.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q

from giliran import rules
from giliran.core.control import BEYOND_RATE, RUN_RATE
from giliran.core.deadline import ONE_DAY, SATURDAY, CalendarMissing, is_working_day
from giliran.core.figures import Value
from giliran.core.refusal import NotFound
from giliran.figures import capacity_check, series
from giliran.figures.judging import (
    PER,
    Funnel,
    Reading,
    funnel,
    judged,
    read_funnel,
    read_reading,
)
from giliran.figures.measures import MEASURES, Measure
from giliran.figures.models import Agreed, Alarm, Review
from giliran.lab.month import Interval

Span = Literal["week", "month"]
BACK: Final[Mapping[str, int]] = {"week": 26, "month": 24}
"""With so many periods before it a figure is compared; a run needs nearly as many."""
CENTRE: Final = ZoneInfo("Asia/Jakarta")
MADE_FROM: Final = time(5)

REVIEWED: Final = (
    "came",
    "served",
    "turned_away_share",
    "before_opening",
    "early_people",
    "waited_rounds",
    "no_show_share",
    "left_unserved",
    "wait_p50",
    "wait_p90",
    "priority_wait_p90",
    "promise_kept",
    "told_kept",
    "promise_width",
    "served_per_officer_hour",
    "absences",
    "loans",
    "first_visit_complete",
    "visits_per_claim",
    "claims_in_time",
    "complaints",
    "complaints_in_time",
    "satisfaction",
)
FUNNELS: Final = ("turned_away_share", "promise_kept", "first_visit_complete", "claims_in_time")
_CHANNEL: Final = Measure("channel", "", "", "share", "", "")
_AT_MOST: Final = 120


class Carried(NamedTuple):
    """Something agreed on, in this review or an earlier one of the same place."""

    id: int
    what: str
    who: str
    due_on: date
    state: str
    of: date
    """First day of the review in which it was agreed."""


class Cause(NamedTuple):
    """What the capacity check says of the month."""

    month: date
    lacking: Interval
    """Officers full-time."""
    not_in_time: Interval
    """People."""
    in_time: Interval


class Content(NamedTuple):
    """What a review says; kept as JSON."""

    readings: tuple[Reading, ...]
    funnels: tuple[Funnel, ...]
    alarms: tuple[tuple[str, int], ...]
    """How often each kind of alarm rang."""
    working_days: int

    @property
    def unusual(self) -> list[Reading]:
        return [one for one in self.readings if one.is_unusual]

    @property
    def compared(self) -> list[Reading]:
        """Return the figures with enough of a past to say anything."""
        return [one for one in self.readings if one.verdict != "few"]

    @property
    def by_chance(self) -> float:
        """Return how many of the compared figures chance alone makes unusual, at most."""
        return len(self.compared) * (BEYOND_RATE + RUN_RATE)


class ReviewView(NamedTuple):
    """A review as pages show it."""

    id: int
    office_id: int | None
    region_id: int | None
    span: Span
    first_day: date
    last_day: date
    made_at: datetime
    content: Content
    comment: str
    signed_at: datetime | None
    signed_by: str
    carried: tuple[Carried, ...]
    """What is still open of earlier reviews; of a signed one as it stood then."""
    agreed: tuple[Carried, ...]
    cause: Cause | None


def reviews(*, office: Any = None, region: Any = None) -> list[Review]:
    """Return the reviews of an office, a region or the centre, newest first, without figures."""
    found = Review.objects.filter(office=office, region=region).defer("figures")
    return list(found.select_related("signed_by").order_by("-first_day", "span")[:_AT_MOST])


def review(span: Span, first_day: date, *, office: Any = None, region: Any = None) -> ReviewView:
    """Return one review; raises ``NotFound``."""
    found = (
        Review.objects.select_related("signed_by", "office__region", "region")
        .filter(office=office, region=region, span=span, first_day=first_day)
        .first()
    )
    if found is None:
        raise NotFound
    told = found.figures
    return ReviewView(
        found.id,
        found.office_id,
        found.region_id,
        "week" if found.span == Review.Span.WEEK else "month",
        found.first_day,
        found.last_day,
        found.made_at,
        read(told),
        found.comment,
        found.signed_at,
        found.signed_by.full_name if found.signed_by else "",
        _carried_then(told) if found.signed_at else carried_to(found),
        tuple(_carried(one) for one in found.agreed.order_by("due_on", "id")),
        _cause_then(told) if found.signed_at else cause_of(found),
    )


def read(data: Mapping[str, Any]) -> Content:
    """Return a kept content."""
    return Content(
        tuple(read_reading(row) for row in data["readings"]),
        tuple(read_funnel(row) for row in data["funnels"]),
        tuple((kind, n) for kind, n in data["alarms"]),
        data["working_days"],
    )


def carried_to(of: Review) -> tuple[Carried, ...]:
    """Return what earlier reviews of the same place agreed on and is open, or ended since."""
    earlier = Agreed.objects.filter(
        review__office=of.office,
        review__region=of.region,
        review__first_day__lt=of.first_day,
    ).filter(Q(state=Agreed.State.OPEN) | Q(changed_at__date__gte=F("review__first_day")))
    before = of.first_day - timedelta(days=_recent(of.span))
    recent = earlier.filter(Q(state=Agreed.State.OPEN) | Q(changed_at__date__gte=before))
    found = recent.select_related("review").order_by("due_on", "id")[:_AT_MOST]
    return tuple(_carried(one) for one in found)


def _recent(span: str) -> int:
    return 7 if span == Review.Span.WEEK else 31


def _carried(one: Agreed) -> Carried:
    return Carried(one.id, one.what, one.who, one.due_on, one.state, one.review.first_day)


def kept(carried: Sequence[Carried], cause: Cause | None) -> dict[str, Any]:
    """Return as JSON what a review says beside its figures on the day it is signed."""
    return {
        "carried": [
            [*one[:3], one.due_on.isoformat(), one.state, one.of.isoformat()] for one in carried
        ],
        "cause": [cause.month.isoformat(), *cause[1:]] if cause else None,
    }


def _carried_then(data: Mapping[str, Any]) -> tuple[Carried, ...]:
    return tuple(
        Carried(one, what, who, date.fromisoformat(due_on), state, date.fromisoformat(of))
        for one, what, who, due_on, state, of in data.get("carried", ())
    )


def _cause_then(data: Mapping[str, Any]) -> Cause | None:
    row = data.get("cause")
    if not row:
        return None
    month, *found = row
    return Cause(date.fromisoformat(month), *(Interval._make(one) for one in found))


def cause_of(of: Review) -> Cause | None:
    """Return what is known of the month's capacity; None if nobody asked, or for the centre."""
    region = of.region or (of.office.region if of.office else None)
    if region is None:
        return None
    found = capacity_check.latest(region, of.office, of.first_day)
    if found is None or found.answer is None:
        return None
    told = found.answer
    return Cause(found.month, told.lacking, told.not_in_time, told.in_time)


def content(span: Span, first: date, office_ids: Collection[int]) -> Content | None:
    """Return what a period was at these offices; None where nothing ever happened until its end."""
    firsts = _firsts(span, first)
    last = last_day(span, first)
    rows = {
        key: series.of(key, offices=office_ids, first=firsts[0], last=last, by=span)
        for key in REVIEWED
    }
    began = next((n for n, row in enumerate(rows["came"]) if row.value), None)
    if began is None:
        return None
    firsts = firsts[began:]
    values = {
        key: [Value(row.value, row.n, row.low, row.high) for row in found[began:]]
        for key, found in rows.items()
    }
    days = [_working_days(one, last_day(span, one)) for one in firsts]
    readings = [
        judged(MEASURES[key], firsts, values[key], _exposures(key, values, days))
        for key in REVIEWED
    ]
    readings += _channels(span, firsts, last, office_ids)
    shown = tuple(one for one in readings if any(point.n for point in one.points))
    funnels = (
        funnel(key, series.by_office(key, office_ids, first, last))
        for key in FUNNELS
        if len(office_ids) > 1
    )
    return Content(
        shown,
        tuple(one for one in funnels if one is not None),
        tuple(_alarms(office_ids, first, last)),
        days[-1],
    )


def _exposures(key: str, values: Mapping[str, Sequence[Value]], days: Sequence[int]) -> list[float]:
    if key in PER:
        return [float(one.value or 0) for one in values[PER[key]]]
    return [float(n) for n in days]


def _channels(
    span: Span, firsts: Sequence[date], last: date, office_ids: Collection[int]
) -> list[Reading]:
    """Return each channel's share of all that was asked for: it shows who is left behind."""
    rows = series.of(
        "asked", offices=office_ids, first=firsts[0], last=last, by=span, split="channel"
    )
    counts = {(row.first, row.part): row.n for row in rows}
    whole = [sum(n for (at, _), n in counts.items() if at == first) for first in firsts]
    found = []
    for part in sorted({part for _, part in counts if part}):
        asked = [counts.get((first, part), 0) for first in firsts]
        if not any(asked):
            continue
        shares = [Value(n / of if of else None, of) for n, of in zip(asked, whole, strict=True)]
        reading = judged(_CHANNEL, firsts, shares, [1.0] * len(firsts))
        found.append(reading._replace(key=f"channel:{part}"))
    return found


def _alarms(office_ids: Collection[int], first: date, last: date) -> list[tuple[str, int]]:
    rang = Alarm.objects.filter(
        office_id__in=list(office_ids),
        raised_at__date__gte=first,
        raised_at__date__lte=last,
    )
    return sorted(rang.values_list("kind").annotate(n=Count("id")))


def last_day(span: Span, first: date) -> date:
    """Return the last day of the week or month that begins on a day."""
    return first + 6 * ONE_DAY if span == "week" else _next_month(first) - ONE_DAY


def last_over(span: Span, today: date) -> date:
    """Return the first day of the last week or month that was over before today."""
    if span == "week":
        return today - timedelta(days=today.weekday() + 7)
    return (today.replace(day=1) - ONE_DAY).replace(day=1)


def _firsts(span: Span, first: date) -> list[date]:
    found = [first]
    for _ in range(BACK[span]):
        at = found[-1]
        found.append(at - timedelta(days=7) if span == "week" else last_over("month", at))
    return found[::-1]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _working_days(first: date, last: date) -> int:
    """Count the days on which offices work; weekdays in a year without its decree."""
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    try:
        return sum(is_working_day(day, rules.calendar()) for day in days)
    except CalendarMissing:
        return sum(day.weekday() < SATURDAY for day in days)
