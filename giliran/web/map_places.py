"""Where offices stand on a drawn map: as the crow flies, and each where a finger finds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from math import cos, hypot, pi, radians, sin
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from giliran.offices.models import Office

_KM_A_DEGREE: Final = 111.2
_WAYS: Final = 16
_STEPS: Final = 6

Point = tuple[float, float]


class Paper(NamedTuple):
    """What a map is drawn on; all but ``least_km`` in the drawing's own units.

    ``edge`` stays free above, below and at the sides, ``side`` at the sides besides (for names).
    """

    width: int
    edge: int
    most_height: int
    apart: float
    """From the middle of one office to the middle of the next, at least."""
    side: int = 0
    least_height: int = 0
    least_km: float = 1.0
    """Two offices in one street don't fill a map."""


class Places(NamedTuple):
    """Where each stands, in the order in which they were given, and how large the map became."""

    points: tuple[Point, ...]
    height: int
    units_a_km: float


def where(office: Office) -> Point:
    """Return an office's longitude and latitude in degrees."""
    return float(office.longitude), float(office.latitude)


def branch_first(office: Office) -> tuple[bool, int]:
    """Put branches before their booths: who comes first to a map stays where it lies."""
    return office.parent_id is not None, office.id


def on_paper(places: Sequence[Point], paper: Paper, ways: Sequence[tuple[int, int]] = ()) -> Places:
    """Return where points of (longitude, latitude) in degrees stand on a map.

    A degree of longitude is drawn as much shorter as it is in the middle of the map. Offices of one
    town are moved until they are ``paper.apart``, each as little as it can: the map is for reading,
    and it grows in height where they need room. ``ways`` are arrows between places by their number:
    whoever comes after both stands beside them.
    """
    if not places:
        return Places((), paper.least_height, 1.0)
    east, north = [east for east, _ in places], [north for _, north in places]
    narrow = cos(radians((min(north) + max(north)) / 2)) * _KM_A_DEGREE
    km_x, km_y = (max(east) - min(east)) * narrow, (max(north) - min(north)) * _KM_A_DEGREE
    scale = min(
        (paper.width - 2 * (paper.edge + paper.side)) / max(paper.least_km, km_x),
        (paper.most_height - 2 * paper.edge) / max(paper.least_km, km_y),
    )
    left = (paper.width - km_x * scale) / 2
    apart = _apart(
        [
            (left + (x - min(east)) * narrow * scale, (max(north) - y) * _KM_A_DEGREE * scale)
            for x, y in places
        ],
        paper,
        ways,
    )
    top, bottom = min(y for _, y in apart), max(y for _, y in apart)
    height = max(paper.least_height, round(bottom - top) + 2 * paper.edge)
    down = round((height - (bottom - top)) / 2 - top, 1)
    return Places(tuple((x, round(y + down, 1)) for x, y in apart), height, scale)


def _apart(wanted: Sequence[Point], paper: Paper, ways: Sequence[tuple[int, int]]) -> list[Point]:
    """Give each the free place that is nearest to its own, the first ones first."""
    taken: list[Point] = []
    arrows: list[Point] = []
    for x, y in wanted:
        for place in _around(x, y, paper.apart / _STEPS):
            if (
                paper.edge <= place[0] <= paper.width - paper.edge
                and _is_free(place, taken, paper.apart)
                and _is_free(place, arrows, paper.apart / 2)
            ):
                break
        taken.append(place)
        last = len(taken) - 1
        for one, other in ways:
            if max(one, other) == last:
                arrows += _between(taken[one], taken[other])
    return taken


def _is_free(place: Point, taken: Sequence[Point], apart: float) -> bool:
    return all(hypot(place[0] - x, place[1] - y) >= apart for x, y in taken)


def _between(one: Point, other: Point) -> Iterator[Point]:
    for n in range(1, _STEPS):
        part = n / _STEPS
        yield (
            one[0] + (other[0] - one[0]) * part,
            one[1] + (other[1] - one[1]) * part,
        )


def _around(x: float, y: float, step: float) -> Iterator[Point]:
    """Give a place and those around it, ever further away: up and down there is always room."""
    yield round(x, 1), round(y, 1)
    for ring in count(1):
        for way in range(_WAYS):
            angle = 2 * pi * way / _WAYS
            yield round(x + ring * step * cos(angle), 1), round(y + ring * step * sin(angle), 1)
