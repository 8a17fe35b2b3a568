"""A region's day: which offices are short of officers and which have some to spare, on a map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from math import hypot
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.capacity import weeks
from giliran.core.deadline import CalendarMissing
from giliran.offices import queries as offices
from giliran.web.manager.days import asked_day
from giliran.web.manager.drawing import SEES_DRAWS, of_region
from giliran.web.map_places import Paper, Point, branch_first, on_paper, where

Box = tuple[float, float, float, float]
_SQUARES, _SQUARE = 6, 10
_ROUND_KM: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Sheet(NamedTuple):
    """What the map is drawn on for one kind of screen; ``dot`` is an office's radius in units."""

    name: str
    paper: Paper
    dot: int
    least_scale: int
    has_names: bool


# Between two offices there is room for an arrow. On the narrowest telephone the map is 272 px wide:
# there an office is 25 px.
WIDE: Final = Sheet(
    "wide",
    Paper(width=1000, edge=50, side=50, least_height=360, most_height=600, apart=66),
    dot=21,
    least_scale=70,
    has_names=True,
)
NARROW: Final = Sheet(
    "narrow",
    Paper(width=320, edge=24, least_height=200, most_height=360, apart=44),
    dot=15,
    least_scale=40,
    has_names=False,
)


class Strength(NamedTuple):
    """One office's day: what it lacks and what it could spare, in officers' hours."""

    office: Any
    day: weeks.Day

    @property
    def is_open(self) -> bool:
        return bool(self.day.half_hours)

    @property
    def missing(self) -> float:
        return self.day.missing_hours

    @property
    def spare(self) -> float:
        return self.day.spare_hours

    @property
    def worst(self) -> weeks.HalfHour | None:
        """Return the first of the half-hours in which most are missing."""
        return min(self.day.short, key=lambda one: one.over, default=None)

    @property
    def shortest(self) -> int:
        """Return how many are missing at the worst moment."""
        return -self.worst.over if self.worst else 0

    @property
    def to_spare(self) -> int:
        """Return how many could be spared all day without anybody being missed."""
        needed = [one for one in self.day.half_hours if one.need or one.staff]
        return max(0, min((one.over for one in needed), default=0))

    @property
    def tone(self) -> str:
        """Return how the office is coloured; a sign and a number say the same."""
        if not self.is_open:
            return "shut"
        if self.shortest:
            return "short2" if self.shortest > 1 else "short"
        return "spare" if self.to_spare else "even"

    @property
    def sign(self) -> str:
        if not self.is_open:
            return "–"
        if self.shortest:
            return f"−{self.shortest}"
        return f"+{self.to_spare}" if self.to_spare else "="


class Dot(NamedTuple):
    """An office on the map, with where its name stands."""

    strength: Strength
    x: float
    y: float
    name_x: float
    name_y: float
    anchor: str
    has_room: bool
    """Whether the name fits without lying on another; the table names everybody."""


class Arrow(NamedTuple):
    """A loan on the map, from rim to rim."""

    path: str
    is_agreed: bool


class Map(NamedTuple):
    """The drawing of a region, in units of its own."""

    sheet: Sheet
    height: int
    dots: tuple[Dot, ...]
    arrows: tuple[Arrow, ...]
    km: int
    km_width: int


@require_safe
@of_region(*SEES_DRAWS)
def strength(request: HttpRequest, region: Any) -> HttpResponse:
    """Show the region's offices on a day, those that lack most first."""
    now = clock.now()
    today = now.astimezone(ZoneInfo(region.time_zone)).date()
    here = offices.offices(region_id=region.id)
    day = asked_day(request, _first_open(here, today))
    days = weeks.days_at(here, day)
    found = [Strength(office, days[office.id]) for office in here]
    names = {office.id: office.name for office in offices.offices()}
    lent = weeks.loans_of(region.id, day)
    context = {
        "region": region,
        "day": day,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "monday": day - timedelta(days=day.weekday()),
        "offices": sorted(found, key=lambda one: (-one.missing, -one.spare, one.office.name)),
        "short": [one for one in found if one.shortest],
        "to_spare": [one for one in found if one.tone == "spare"],
        "missing": sum(one.missing for one in found),
        "without_roster": sum(one.is_open and not one.day.has_roster for one in found),
        "lent": [(one, names[one.home_id], names[one.to_id]) for one in lent],
        "maps": [drawn(found, lent, sheet) for sheet in (WIDE, NARROW)] if found else [],
        "may_audit": "auditor" in offices.region_roles(int(request.user.pk or 0), region),
    }
    return render(request, "manager/strength.html", context)


def _first_open(here: Collection[Any], today: date) -> date:
    """Return today, or the next day within a week on which an office of the region is open."""
    days = [today + timedelta(days=n) for n in range(7)]
    return next((d for d in days if _is_any_open(here, d)), today)


def _is_any_open(here: Collection[Any], day: date) -> bool:
    try:
        return any(offices.hours_at(here, day).values())
    except CalendarMissing:
        return False


def drawn(found: list[Strength], lent: Collection[weeks.Lent], sheet: Sheet) -> Map:
    """Return the offices where they lie, as the crow flies, with loans as arrows."""
    lending = {one.home_id for one in lent} | {one.to_id for one in lent}
    # Who lends or is lent to keeps its place first, so that arrows lead past the others.
    here = sorted(
        (one.office for one in found), key=lambda one: (one.id not in lending, *branch_first(one))
    )
    number = {one.id: n for n, one in enumerate(here)}
    ways = [one for one in lent if one.home_id in number and one.to_id in number]
    between = [(number[one.home_id], number[one.to_id]) for one in ways]
    places = on_paper([where(one) for one in here], sheet.paper, between)
    at = {one.id: point for one, point in zip(here, places.points, strict=True)}
    arrows = tuple(
        Arrow(_arrow(at[one.home_id], at[one.to_id], sheet), one.is_agreed) for one in ways
    )
    kept_free = [box for one in ways for box in _along(at[one.home_id], at[one.to_id])]
    scale = places.units_a_km
    km = next((n for n in _ROUND_KM if n * scale >= sheet.least_scale), _ROUND_KM[-1])
    dots = tuple(_dots(found, at, sheet, kept_free))
    return Map(sheet, places.height, dots, arrows, km, round(km * scale))


def _along(home: Point, to: Point) -> Iterator[Box]:
    """Give squares over an arrow, which no name may lie on."""
    for n in range(1, _SQUARES):
        x = home[0] + (to[0] - home[0]) * n / _SQUARES
        y = home[1] + (to[1] - home[1]) * n / _SQUARES
        yield x - _SQUARE, y - _SQUARE, x + _SQUARE, y + _SQUARE


def _dots(
    found: list[Strength], at: dict[int, Point], sheet: Sheet, kept_free: Iterable[Box]
) -> Iterator[Dot]:
    """Set each name right, left, below or above its office, wherever it lies on nothing."""
    dot = sheet.dot
    taken: list[Box] = [(x - dot, y - dot, x + dot, y + dot) for x, y in at.values()]
    taken += kept_free
    for one in sorted(found, key=lambda one: -one.missing):
        x, y = at[one.office.id]
        wide = 9.4 * len(one.office.name)
        ways = (
            (x + dot + 6, y + 6, "start", x + dot + 4, y - 10),
            (x - dot - 6, y + 6, "end", x - dot - 8 - wide, y - 10),
            (x, y + dot + 19, "middle", x - wide / 2, y + dot + 2),
            (x, y - dot - 8, "middle", x - wide / 2, y - dot - 26),
        )
        for name_x, name_y, anchor, box_x, box_y in ways if sheet.has_names else ():
            box = (box_x, box_y, box_x + wide, box_y + 20)
            is_inside = box[0] > 0 and box[2] < sheet.paper.width
            if is_inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                yield Dot(one, x, y, name_x, name_y, anchor, has_room=True)
                break
        else:
            yield Dot(one, x, y, x, y, "middle", has_room=False)


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _arrow(home: Point, to: Point, sheet: Sheet) -> str:
    (ax, ay), (bx, by) = home, to
    apart = hypot(bx - ax, by - ay)
    dx, dy = (bx - ax) / apart, (by - ay) / apart
    begin = (ax + dx * sheet.dot, ay + dy * sheet.dot)
    end = (bx - dx * (sheet.dot + 9), by - dy * (sheet.dot + 9))
    # Bent a little to the side, so that two that lend to each other are two arrows.
    bend = ((ax + bx) / 2 - dy * apart / 8, (ay + by) / 2 + dx * apart / 8)
    return f"M{begin[0]:.0f} {begin[1]:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {end[0]:.0f} {end[1]:.0f}"
