"""From opening hours to the windows and places that an office can promise.

The rule for breaks: windows stand on a grid that begins at opening. A break (or closing) that
reaches into a window cuts it, and what is left is offered only if it is at least half a window
long; shorter remains are served to walk-ins.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import asin, ceil, cos, floor, radians, sin, sqrt
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from giliran.core.overbooking import places_by

# Floats count as they are written: 0.3 is three tenths, not the nearest binary fraction, so that
# ten services of 0.3 hours fit into three hours.
Number = int | float | Decimal | Fraction

OfficeId = TypeVar("OfficeId", bound=Hashable)

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG 1980


class Hours(NamedTuple):
    """Opening hours of one day in the office's local time; breaks are (begin, end) pairs."""

    opens: time
    closes: time
    breaks: tuple[tuple[time, time], ...] = ()


class Window(NamedTuple):
    """A stretch of time in which somebody may be asked to come; both ends are aware."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> Fraction:
        """Real length in minutes, also across a change of the clock."""
        # Two datetimes of one zone are subtracted by the wall clock, so both go through UTC.
        length = self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)
        return Fraction(length // timedelta(microseconds=1), 60_000_000)


class PlannedWindow(NamedTuple):
    window: Window
    places: int


class DayPlan(NamedTuple):
    """What an office can promise on one day: places in windows, and numbers for walk-ins."""

    windows: tuple[PlannedWindow, ...]
    walk_in_places: int

    @property
    def places(self) -> int:
        return sum(planned.places for planned in self.windows)


def windows(day: date, hours: Hours, *, zone: ZoneInfo, window_minutes: int) -> list[Window]:
    """Give the windows of a day, in order, disjoint, inside the hours and outside all breaks.

    Ends are in the office's zone. A window may be shorter than `window_minutes` (cut by a break or
    by closing), never shorter than half of it. Raises ValueError for hours, breaks or lengths
    that end before they begin.
    """
    if window_minutes <= 0:
        raise ValueError(f"A window needs at least one minute, got {window_minutes}.")
    step = timedelta(minutes=window_minutes)
    open_spans = _open_spans(day, hours, zone)
    if not open_spans:
        return []
    parts = []
    begins = _instant(day, hours.opens, zone)
    while begins < open_spans[-1].ends_at:
        grid = Window(begins, begins + step)
        parts += [part for span in open_spans if (part := _shared(grid, span)) is not None]
        begins += step
    return [
        Window(part.starts_at.astimezone(zone), part.ends_at.astimezone(zone))
        for part in parts
        if 2 * (part.ends_at - part.starts_at) >= step
    ]


def staffed_minutes(day: date, hours: Hours, *, zone: ZoneInfo) -> Fraction:
    """Minutes between opening and closing without the breaks; of one counter."""
    return sum((span.minutes for span in _open_spans(day, hours, zone)), Fraction(0))


def plan_day(
    day: date,
    hours: Hours,
    *,
    zone: ZoneInfo,
    window_minutes: int,
    counters_open: int,
    service_minutes: Number,
    walk_in_share: Number,
) -> DayPlan:
    """Divide a day's work into promised places and numbers for walk-ins.

    `service_minutes` is the mean length of one service; `walk_in_share` is the share (0 to 1) of
    the counters' time that is not promised to anybody. Walk-ins get all that is not promised:
    their share, the remains of cut windows and what rounding leaves over. Together they are what
    the counters can serve in the staffed minutes, rounded down.

    What is promised is rounded once for the day, not in each window: so more counters never give
    fewer places of either kind. Windows share it by their length. Raises ValueError like
    `windows`, and for counters, lengths and shares that can't be.
    """
    if not 0 <= walk_in_share <= 1:
        raise ValueError(f"The share kept for walk-ins is between 0 and 1, got {walk_in_share}")
    cut = windows(day, hours, zone=zone, window_minutes=window_minutes)
    staffed = staffed_minutes(day, hours, zone=zone)
    in_all = floor(_services(staffed, counters_open, service_minutes))
    ends = list(accumulate((window.minutes for window in cut), initial=Fraction(0)))
    if not ends[-1]:
        return DayPlan((), in_all)
    promised = floor(in_all * (1 - Fraction(str(walk_in_share))) * ends[-1] / staffed)
    # Up, so that of two windows the earlier takes the odd place: the day then ends in time.
    by_then = [ceil(promised * end / ends[-1]) for end in ends]
    return DayPlan(
        tuple(
            PlannedWindow(window, after - before)
            for window, (before, after) in zip(cut, pairwise(by_then), strict=True)
        ),
        in_all - promised,
    )


class Staffed(NamedTuple):
    """How many officers serve between two aware moments."""

    starts_at: datetime
    ends_at: datetime
    officers: int


def plan_staffed_day(
    day: date,
    hours: Hours,
    *,
    zone: ZoneInfo,
    window_minutes: int,
    staff: Sequence[Staffed],
    service_minutes: Number,
    walk_in_share: Number,
    no_show: float = 0.0,
    seats: int | None = None,
    risk: float = 0.05,
) -> DayPlan:
    """Divide a day's work as `plan_day` does, where the officers change over the day.

    `staff` are stretches that don't overlap; outside them nobody serves. Windows share what is
    promised by the officers' minutes in them. Where a share `no_show` of those who book stays
    away, some windows get more places: see `giliran.core.overbooking`. No window gets more than
    `seats`; walk-ins get what isn't promised. Raises ValueError like `plan_day`, and for a
    `no_show` or a `risk` that is no share.
    """
    if not 0 <= walk_in_share <= 1:
        raise ValueError(f"The share kept for walk-ins is between 0 and 1, got {walk_in_share}")
    cut = windows(day, hours, zone=zone, window_minutes=window_minutes)
    worked = sum((_worked(span, staff) for span in _open_spans(day, hours, zone)), Fraction(0))
    in_all = floor(_services(worked, 1, service_minutes))
    ends = list(accumulate((_worked(window, staff) for window in cut), initial=Fraction(0)))
    if not ends[-1]:
        return DayPlan(tuple(PlannedWindow(window, 0) for window in cut), in_all)
    promised = floor(in_all * (1 - Fraction(str(walk_in_share))) * ends[-1] / worked)
    # Up, so that of two windows the earlier takes the odd place: the day then ends in time.
    by_then = [ceil(promised * end / ends[-1]) for end in ends]
    places = places_by(
        [after - before for before, after in pairwise(by_then)],
        served_by(cut, staff, service_minutes),
        no_show=no_show,
        seats=seats,
        risk=risk,
    )
    return DayPlan(tuple(map(PlannedWindow, cut, places)), in_all - min(promised, sum(places)))


def served_by(
    cut: Iterable[Window], staff: Sequence[Staffed], service_minutes: Number
) -> list[int]:
    """Give how many can be served in each window, if nothing is kept for walk-ins.

    Whose service would end in the next window counts there. Raises ValueError for a service that
    takes no time.
    """
    worked = accumulate((_worked(window, staff) for window in cut), initial=Fraction(0))
    by_then = [floor(_services(minutes, 1, service_minutes)) for minutes in worked]
    return [after - before for before, after in pairwise(by_then)]


def _worked(span: Window, staff: Iterable[Staffed]) -> Fraction:
    """Return the officers' minutes within a stretch of time."""
    parts = ((_shared(span, Window(one.starts_at, one.ends_at)), one.officers) for one in staff)
    return sum((part.minutes * n for part, n in parts if part is not None), Fraction(0))


def nearest(
    offices: Iterable[tuple[OfficeId, float, float]], lat: float, lon: float, n: int
) -> list[tuple[OfficeId, float]]:
    """Give the `n` offices nearest to a point, nearest first, with the distance in km.

    Offices are (id, latitude, longitude) in degrees. The distance is the great circle's
    (haversine), not the road's. Equal distances keep the order they came in.
    """
    if n < 0:
        raise ValueError(f"Cannot list {n} offices.")
    ranked = sorted(
        ((office, _km(lat, lon, there_lat, there_lon)) for office, there_lat, there_lon in offices),
        key=lambda one: one[1],
    )
    return ranked[:n]


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _open_spans(day: date, hours: Hours, zone: ZoneInfo) -> list[Window]:
    """Take the breaks out of the opening hours; the spans left are in UTC."""
    if hours.opens >= hours.closes:
        raise ValueError(f"An office cannot close at {hours.closes} and open at {hours.opens}.")
    opens_at, closes_at = _instant(day, hours.opens, zone), _instant(day, hours.closes, zone)
    spans: Sequence[Window] = [Window(opens_at, closes_at)]
    for begin, end in hours.breaks:
        if begin >= end:
            raise ValueError(f"A break cannot begin at {begin} and end at {end}.")
        pause = Window(_instant(day, begin, zone), _instant(day, end, zone))
        if pause.starts_at >= pause.ends_at:
            continue  # within the hour that the clocks leave out, where its ends change places
        spans = [
            rest
            for span in spans
            for rest in (
                Window(span.starts_at, min(span.ends_at, pause.starts_at)),
                Window(max(span.starts_at, pause.ends_at), span.ends_at),
            )
            if rest.starts_at < rest.ends_at
        ]
    return [span for span in spans if span.starts_at < span.ends_at]


def _shared(one: Window, other: Window) -> Window | None:
    begins, ends = max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at)
    return Window(begins, ends) if begins < ends else None


def _services(minutes: Fraction, counters_open: int, service_minutes: Number) -> Fraction:
    if counters_open < 0:
        raise ValueError(f"There cannot be {counters_open} counters open.")
    if service_minutes <= 0:
        raise ValueError(f"A service takes more than no time, got {service_minutes} minutes.")
    return minutes * counters_open / Fraction(str(service_minutes))


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    south, north = radians(lat), radians(other_lat)
    chord = (
        sin((north - south) / 2) ** 2
        + cos(south) * cos(north) * sin(radians(other_lon - lon) / 2) ** 2
    )
    # Rounding can carry the antipodes a hair over one.
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))
