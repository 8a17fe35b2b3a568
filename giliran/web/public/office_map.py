"""Where the offices are, as a drawing: no tiles, no script, nobody else's server."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.figures import queries as figures
from giliran.offices import queries as offices
from giliran.web.map_places import Paper, branch_first, on_paper, where

# On the narrowest telephone the map is 286 px wide: dots of 34 units are 24 px there.
PAPER: Final = Paper(width=400, edge=24, most_height=400, apart=38, least_km=17)
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
        in_turn = sorted(here, key=branch_first)
        places = on_paper([where(office) for office in in_turn], PAPER)
        at = {office.id: point for office, point in zip(in_turn, places.points, strict=True)}
        dots = [
            Dot(
                office,
                *at[office.id],
                n,
                _state(lines[office.id]),
                lines[office.id].waiting,
                lines[office.id].longest_wait_minutes,
            )
            for n, office in enumerate(here, 1)
        ]
        drawings.append(Drawing(here[0].region, dots, places.height))
    return render(request, "public/map.html", {"drawings": drawings, "width": PAPER.width})


def _state(line: figures.Now) -> str:
    if not line.counters_open:
        return "shut"
    return "long" if line.longest_wait_minutes >= _LONG_WAIT else "open"
