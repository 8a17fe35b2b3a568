"""Waits of several scenarios as one picture, an SVG that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Final

from giliran.lab.office.figures import ALL, CLASSES, Estimate

_WIDTH, _LEFT, _ROW, _GAP, _TOP = 760, 190, 18, 16, 56
_COLOURS: Final = ("#1b5e8c", "#c8641e", "#3c8c3c", "#7a4ea3", "#8c2d3c", "#4d4d4d")
_NICE: Final = (1, 2, 5, 10, 15, 30, 60, 120, 240)
_TICKS: Final = 10


def picture(found: Mapping[str, Mapping[str, Estimate]], *, title: str) -> str:
    """Draw for each class and scenario the median wait (bar), nine in ten (line), 95 % (whisker).

    `found` is scenario to figure to estimate, as `figures` names them; minutes.
    """
    groups = (ALL, *CLASSES)
    longest = max(
        (
            one.mean + _half(one)
            for figures in found.values()
            for group in groups
            for one in (figures[f"wait_p90_minutes.{group}"],)
            if not math.isnan(one.mean)
        ),
        default=1.0,
    )
    step = next((one for one in _NICE if longest / one <= _TICKS), _NICE[-1])
    end = step * max(1, math.ceil(longest / step))
    scale = (_WIDTH - _LEFT - 30) / end
    of_group = _ROW * len(found) + _GAP
    height = _TOP + of_group * len(groups) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" ',
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="20" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    for place, name in enumerate(found):
        x = 10 + place * (_WIDTH - 20) / len(found)
        parts.append(
            f'<rect x="{x:.1f}" y="31" width="11" height="11" fill="{_colour(place)}"/>'
            f'<text x="{x + 15:.1f}" y="41">{escape(name)}</text>'
        )
    bottom = _TOP + of_group * len(groups)
    for tick in range(0, end + 1, step):
        x = _LEFT + tick * scale
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}" stroke="#ddd"/>'
            f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{tick}</text>'
        )
    parts.append(
        f'<text x="{_LEFT}" y="{bottom + 36}">minutes waited by those served: bar half of them, '
        "thin line nine in ten, whisker 95 % interval</text>"
    )
    for number, group in enumerate(groups):
        top = _TOP + number * of_group + _GAP / 2
        middle = top + _ROW * len(found) / 2 + 4
        label = group.replace("walk_in", "walk-in").replace("_", " ")
        parts.append(f'<text x="{_LEFT - 8}" y="{middle:.1f}" text-anchor="end">{label}</text>')
        for place, figures in enumerate(found.values()):
            half, most = (figures[f"wait_{share}_minutes.{group}"] for share in ("p50", "p90"))
            if not math.isnan(half.mean):
                parts.append(_bar(half, most, top + place * _ROW, scale, _colour(place)))
    return "".join((*parts, "</svg>\n"))


def _bar(half: Estimate, most: Estimate, top: float, scale: float, colour: str) -> str:
    middle, least = top + _ROW / 2, max(0.0, most.mean - _half(most))
    ends = _LEFT + least * scale, _LEFT + (most.mean + _half(most)) * scale
    return (
        f'<rect x="{_LEFT}" y="{top + 2:.1f}" width="{half.mean * scale:.1f}" '
        f'height="{_ROW - 4}" fill="{colour}"/>'
        f'<line x1="{_LEFT}" x2="{_LEFT + most.mean * scale:.1f}" y1="{middle:.1f}" '
        f'y2="{middle:.1f}" stroke="{colour}" stroke-width="2"/>'
        f'<path d="M{ends[0]:.1f} {middle:.1f}H{ends[1]:.1f}M{ends[0]:.1f} {middle - 4:.1f}v8'
        f'M{ends[1]:.1f} {middle - 4:.1f}v8" stroke="#000" fill="none"/>'
    )


def _half(one: Estimate) -> float:
    return 0.0 if math.isnan(one.half) else one.half


def _colour(place: int) -> str:
    return _COLOURS[place % len(_COLOURS)]
