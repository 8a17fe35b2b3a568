"""Are there officers enough? A month of an office or a region, checked by playing it.

Asked by a page, counted by the worker and kept: a region's month takes the better part of a minute.
The same month asked again on another day is counted anew, with the same chances: what then differs
is what was learned since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from giliran.core.refusal import Refusal, gettext_noop
from giliran.figures.capacity_answer import (
    Answer,
    OfficeFound,
    RemedyFound,
    ServiceFound,
    read,
)
from giliran.figures.capacity_sites import Month, booths_of, month_of, ways_between
from giliran.figures.models import CapacityCheck
from giliran.lab.month import Interval, Shortage, Totals, interval, remedies, shortage
from giliran.offices import queries as offices
from giliran.offices.models import Office, Region
from giliran.outbox import post

MONTHS_BACK: Final = 24
MONTHS_AHEAD: Final = 6
_DECEMBER: Final = 12
_NEIGHBOURS: Final = 4
_DIGITS: Final = 3


class MonthTooFar(Refusal):
    """Nothing is known of a month so far away."""

    code = "month_too_far"
    sentence = gettext_noop(
        "Bulan itu terlalu jauh. Pilih bulan dari dua tahun lalu sampai enam bulan ke depan."
    )


class Checked(NamedTuple):
    """What was asked, and what was found: None while it isn't counted or where nothing can be."""

    id: int
    month: date
    day: date
    made_at: datetime | None
    answer: Answer | None


def ask(
    region: Region, office: Office | None, month: date, *, actor: str, now: datetime
) -> CapacityCheck:
    """Ask the worker to check a month; returns the day's check of it, the old one if it was asked.

    Raises ``MonthTooFar``.
    """
    day = _today(region, now)
    first = month.replace(day=1)
    if not -MONTHS_BACK <= _months_between(day, first) <= MONTHS_AHEAD:
        raise MonthTooFar
    row, _ = CapacityCheck.objects.get_or_create(
        region=region,
        office=office,
        month=first,
        day=day,
        defaults={"asked_at": now, "asked_by": actor},
    )
    if row.made_at is None:
        post("figures.check_capacity", key=f"figures.check_capacity:{row.id}", check_id=row.id)
    return row


def latest(region: Region, office: Office | None, month: date) -> Checked | None:
    """Return the last check of a month, counted or not, or None if nobody has asked."""
    row = (
        CapacityCheck.objects.filter(region=region, office=office, month=month.replace(day=1))
        .order_by("-day")
        .first()
    )
    if row is None:
        return None
    answer = read(row.answer) if row.answer else None
    return Checked(row.id, row.month, row.day, row.made_at, answer)


def check(check_id: int, *, now: datetime) -> None:
    """Count what was asked and keep the answer; does nothing if it is known or asked no more."""
    row = (
        CapacityCheck.objects.select_related("region", "office__region")
        .filter(id=check_id, made_at__isnull=True)
        .first()
    )
    if row is None:
        return
    answer = count(row.region, row.office, row.month, now=now)
    told = {} if answer is None else answer._asdict()
    CapacityCheck.objects.filter(id=row.id).update(answer=told, made_at=now)


def count(region: Region, office: Office | None, month: date, *, now: datetime) -> Answer | None:
    """Check a month now; None where no day of it was seen or is to come.

    A region of five offices takes about half a minute. See docs/guides/capacity-check.md.
    """
    today = _today(region, now)
    first = month.replace(day=1)
    everywhere = [one for one in offices.offices(region_id=region.id) if _serves(one)]
    asked = [one for one in everywhere if office is None or one.id == office.id]
    ways = ways_between(everywhere)
    booths = booths_of(asked, everywhere)
    needed = asked if office is None else _with_neighbours(asked[:1], everywhere, ways, booths)
    months = {str(one.id): month_of(one, first, next_month(first), today=today) for one in needed}
    asked_for = [str(one.id) for one in asked]
    known = _known(months, asked_for)
    keys = [key for key in asked_for if key in known]
    if not keys:
        return None
    seed = 100 * first.year + first.month
    sites = {key: months[key].site for key in known}
    short = {key: shortage(sites[key], seed=seed) for key in keys}
    played = remedies(
        sites,
        keys,
        short,
        booths={key: booth for key, booth in booths.items() if booth in known},
        ways=ways,
        seed=seed,
    )
    found = tuple(
        RemedyFound(
            one.remedy.kind,
            one.remedy.amount,
            tuple(int(key) for key in one.remedy.changes if key in keys),
            _rounded(one.more_in_time),
            one.possible,
        )
        for one in played.found
    )
    return _answer({key: months[key] for key in asked_for}, short, played.as_is, found)


def _known(months: Mapping[str, Month], asked: Sequence[str]) -> set[str]:
    """Return the offices that can be played: with a day, and counted, if any that is asked for is.

    What is only usual elsewhere must not be added to what was counted here.
    """
    open_ones = {key for key, one in months.items() if one.site.days}
    counted = {key for key in open_ones if months[key].basis.days}
    return counted if counted & set(asked) else open_ones


def _answer(
    months: Mapping[str, Month],
    short: Mapping[str, Shortage],
    played: Mapping[str, Totals],
    found: tuple[RemedyFound, ...],
) -> Answer:
    seen = [one.seen for one in months.values()]
    every = [row for one in seen for row in one.services]
    of_all = [played[key] for key in short]
    came = np.sum([one.came for one in of_all], axis=0)
    in_time = np.sum([one.in_time for one in of_all], axis=0)
    basis = [months[key].basis for key in short]
    days = sum(one.days for one in basis)
    return Answer(
        offices=tuple(
            _office(key, one, short.get(key), played.get(key)) for key, one in months.items()
        ),
        services=_by_service(every),
        away=_added([pair for one in seen for pair in one.away]),
        served=sum(row.served for row in every),
        no_shows=sum(row.no_shows for row in every),
        left=sum(row.left for row in every),
        needed_hours=sum(one.needed for one in short.values()) / 2,
        there_hours=sum(one.there for one in short.values()) / 2,
        left_over_hours=sum(one.left_over for one in short.values()) / 2,
        lacking_hours=_sum([one.lacking for one in short.values()], 0.5),
        lacking=_sum([one.officers for one in short.values()], 1.0),
        expected=_rounded(interval(came)),
        in_time=_rounded(interval(in_time)),
        not_in_time=_rounded(interval(came - in_time)),
        remedies=found,
        days_open=sum(one.days_open for one in seen),
        days_over=sum(one.days_over for one in seen),
        days_seen=sum(one.days_seen for one in seen),
        days_rostered=sum(one.from_roster for one in seen),
        days_unknown=sum(one.days_unknown for one in seen),
        days_counted=days,
        services_counted=sum(one.services for one in basis),
        usual=round(sum(one.usual for one in basis) / len(basis), _DIGITS),
        counted_from=min(one.first for one in basis).isoformat(),
        counted_until=max(one.until for one in basis).isoformat(),
    )


def _office(key: str, month: Month, short: Shortage | None, played: Totals | None) -> OfficeFound:
    rows = month.seen.services
    nothing = Interval(0.0, 0.0, 0.0)
    return OfficeFound(
        int(key),
        sum(row.came for row in rows),
        sum(row.turned_away for row in rows),
        sum(row.not_drawn for row in rows),
        _rounded(interval(played.came)) if played else nothing,
        _rounded(interval(played.in_time)) if played else nothing,
        _rounded(short.officers) if short else nothing,
        short.half_hours if short else 0,
        short.short_half_hours if short else 0,
        month.basis.days,
    )


def _by_service(rows: Sequence[Any]) -> tuple[ServiceFound, ...]:
    ids = {row.service_id: None for row in rows}
    return tuple(
        ServiceFound(
            one,
            *(
                sum(getattr(row, name) for row in rows if row.service_id == one)
                for name in ("came", "turned_away", "not_drawn")
            ),
        )
        for one in ids
    )


def _added(pairs: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for why, people in pairs:
        found[why] = found.get(why, 0) + people
    return tuple(sorted(found.items(), key=lambda pair: -pair[1]))


def _sum(intervals: Sequence[Interval], scale: float) -> Interval:
    """Add offices up: what isn't known of one says nothing of another, so squares are added."""
    mean = sum(one.mean for one in intervals)
    below = sum((one.mean - one.low) ** 2 for one in intervals) ** 0.5
    above = sum((one.high - one.mean) ** 2 for one in intervals) ** 0.5
    return _rounded(Interval(scale * mean, scale * max(0.0, mean - below), scale * (mean + above)))


def _rounded(one: Interval) -> Interval:
    return Interval(*(round(end, _DIGITS) for end in one))


def _with_neighbours(
    asked: Sequence[Office],
    everywhere: Sequence[Office],
    ways: Mapping[tuple[str, str], Any],
    booths: Mapping[str, str],
) -> list[Office]:
    """Return an office with its booth and the nearest who could lend it somebody."""
    keys = {str(one.id) for one in asked}
    lenders = sorted(
        (way.minutes, home) for (home, to), way in ways.items() if to in keys and way.can_help
    )
    also = {home for _, home in lenders[:_NEIGHBOURS]} | set(booths.values())
    return [*asked, *(one for one in everywhere if str(one.id) in also - keys)]


def _serves(office: Office) -> bool:
    return bool(offices.services(office_id=office.id))


def next_month(first: date) -> date:
    """Return the first day of the next month."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _months_between(day: date, first: date) -> int:
    return (first.year - day.year) * _DECEMBER + first.month - day.month


def _today(region: Region, now: datetime) -> date:
    return now.astimezone(ZoneInfo(region.time_zone)).date()
