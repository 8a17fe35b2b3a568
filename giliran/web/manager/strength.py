"""A region's day: which offices are short of officers and which have some to spare, on a map."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from math import cos, hypot, radians
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

WIDTH, LEAST_HEIGHT, MOST_HEIGHT, EDGE = 1000, 360, 600, 50
DOT: Final = 21
_KM_A_DEGREE: Final = 111.2


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
    x: int
    y: int
    name_x: int
    name_y: int
    anchor: str
    has_room: bool
    """Whether the name fits without lying on another; the table names everybody."""


class Arrow(NamedTuple):
    """A loan on the map, from rim to rim."""

    path: str
    is_agreed: bool


class Map(NamedTuple):
    """The drawing of a region, in units of its own."""

    width: int
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
        "map": drawn(found, lent) if found else None,
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


def drawn(found: list[Strength], lent: Iterable[weeks.Lent]) -> Map:
    """Return the offices where they lie, as the crow flies, with loans as arrows."""
    latitudes = [float(one.office.latitude) for one in found]
    longitudes = [float(one.office.longitude) for one in found]
    narrow = cos(radians(sum(latitudes) / len(latitudes)))
    km_x = max(1.0, (max(longitudes) - min(longitudes)) * narrow * _KM_A_DEGREE)
    km_y = max(1.0, (max(latitudes) - min(latitudes)) * _KM_A_DEGREE)
    scale = min((WIDTH - 4 * EDGE) / km_x, (MOST_HEIGHT - 2 * EDGE) / km_y)
    height = max(LEAST_HEIGHT, round(km_y * scale) + 2 * EDGE)
    left, top = (WIDTH - km_x * scale) / 2, (height - km_y * scale) / 2
    degree = _KM_A_DEGREE * scale
    at = {
        one.office.id: (
            round(left + (longitude - min(longitudes)) * narrow * degree),
            round(top + (max(latitudes) - latitude) * degree),
        )
        for one, latitude, longitude in zip(found, latitudes, longitudes, strict=True)
    }
    _push_apart(at)
    arrows = tuple(
        Arrow(_arrow(at[one.home_id], at[one.to_id]), one.is_agreed)
        for one in lent
        if one.home_id in at and one.to_id in at
    )
    km = next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if n * scale >= 70), 500)  # noqa: PLR2004
    return Map(WIDTH, height, tuple(_dots(found, at)), arrows, km, round(km * scale))


def _push_apart(at: dict[int, tuple[int, int]]) -> None:
    """Move offices of one town so far apart that each can be seen; the map is for reading."""
    ids = sorted(at)
    for _ in range(40):
        moved = False
        for k, one in enumerate(ids):
            for other in ids[k + 1 :]:
                (ax, ay), (bx, by) = at[one], at[other]
                apart = hypot(bx - ax, by - ay)
                if apart >= 2 * DOT + 4:
                    continue
                dx, dy = ((bx - ax) / apart, (by - ay) / apart) if apart else (1.0, 0.0)
                push = (2 * DOT + 6 - apart) / 2
                at[one] = (round(ax - dx * push), round(ay - dy * push))
                at[other] = (round(bx + dx * push), round(by + dy * push))
                moved = True
        if not moved:
            return


def _dots(found: list[Strength], at: dict[int, tuple[int, int]]) -> Iterable[Dot]:
    """Set each name right, left, below or above its office, wherever it lies on nothing."""
    taken = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in at.values()]
    for one in sorted(found, key=lambda one: -one.missing):
        x, y = at[one.office.id]
        wide = 9.4 * len(one.office.name)
        ways = (
            (x + DOT + 6, y + 6, "start", x + DOT + 4, y - 10),
            (x - DOT - 6, y + 6, "end", x - DOT - 8 - wide, y - 10),
            (x, y + DOT + 19, "middle", x - wide / 2, y + DOT + 2),
            (x, y - DOT - 8, "middle", x - wide / 2, y - DOT - 26),
        )
        for name_x, name_y, anchor, box_x, box_y in ways:
            box = (box_x, box_y, box_x + wide, box_y + 20)
            if box[0] > 0 and box[2] < WIDTH and not any(_touch(box, other) for other in taken):
                taken.append((int(box[0]), int(box[1]), int(box[2]), int(box[3])))
                yield Dot(one, x, y, round(name_x), round(name_y), anchor, has_room=True)
                break
        else:
            yield Dot(one, x, y, x, y, "middle", has_room=False)


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _arrow(home: tuple[int, int], to: tuple[int, int]) -> str:
    (ax, ay), (bx, by) = home, to
    apart = hypot(bx - ax, by - ay) or 1.0
    dx, dy = (bx - ax) / apart, (by - ay) / apart
    begin = (ax + dx * DOT, ay + dy * DOT)
    end = (bx - dx * (DOT + 9), by - dy * (DOT + 9))
    # Bent a little to the side, so that two that lend to each other are two arrows.
    bend = ((ax + bx) / 2 - dy * apart / 8, (ay + by) / 2 + dx * apart / 8)
    return f"M{begin[0]:.0f} {begin[1]:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {end[0]:.0f} {end[1]:.0f}"
