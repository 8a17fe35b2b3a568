"""Where the offices are, as a drawing: no tiles, no script, nobody else's server."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.figures import queries as figures
from giliran.offices import queries as offices

WIDTH: Final = 400
_EDGE: Final = 24
_LEAST: Final = 0.15  # degrees: two offices in one street don't fill a map
_LONG_WAIT: Final = 60  # minutes


class Dot(NamedTuple):
    """An office on the map. ``state`` is ``open``, ``long`` (waits over an hour) or ``shut``."""

    office: Any
    x: float
    y: float
    number: int
    state: str
    waiting: int
    longest: int


class Drawing(NamedTuple):
    region: Any
    dots: list[Dot]
    height: int


@require_safe
def office_map(request: HttpRequest) -> HttpResponse:
    """Draw each region's offices by where they are, numbered as in the list beside."""
    now = clock.now()
    found = offices.offices()
    lines = {one.office_id: one for one in figures.now_at([o.id for o in found], now=now)}
    regions: dict[int, list[Any]] = {}
    for office in found:
        regions.setdefault(office.region_id, []).append(office)
    drawings = []
    for here in regions.values():
        places, height = on_map((float(o.longitude), float(o.latitude)) for o in here)
        dots = [
            Dot(
                office,
                x,
                y,
                n + 1,
                _state(lines[office.id]),
                lines[office.id].waiting,
                lines[office.id].longest_wait_minutes,
            )
            for n, (office, (x, y)) in enumerate(zip(here, places, strict=True))
        ]
        drawings.append(Drawing(here[0].region, dots, height))
    return render(request, "public/map.html", {"drawings": drawings, "width": WIDTH})


def on_map(places: Iterable[tuple[float, float]]) -> tuple[list[tuple[float, float]], int]:
    """Return where points of longitude and latitude stand on a map, and its height in pixels.

    A degree of longitude is drawn as much shorter as it is in the middle of the map.
    """
    known = list(places)
    if not known:
        return [], 0
    east, north = [p[0] for p in known], [p[1] for p in known]
    shrink = cos(radians((min(north) + max(north)) / 2))
    span_x = max(_LEAST, (max(east) - min(east)) * shrink)
    span_y = max(_LEAST, max(north) - min(north))
    scale = min((WIDTH - 2 * _EDGE) / span_x, (WIDTH - 2 * _EDGE) / span_y)
    height = round(span_y * scale) + 2 * _EDGE
    left = (WIDTH - (max(east) - min(east)) * shrink * scale) / 2
    top = (height - (max(north) - min(north)) * scale) / 2
    return [
        (
            round(left + (x - min(east)) * shrink * scale, 1),
            round(top + (max(north) - y) * scale, 1),
        )
        for x, y in known
    ], height


def _state(line: figures.Now) -> str:
    if not line.counters_open:
        return "shut"
    return "long" if line.longest_wait_minutes >= _LONG_WAIT else "open"
