"""Figures in words, and lines over time as numbers that a template writes into an SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils import formats
from django.utils.translation import gettext, gettext_noop

from giliran.core.figures import Value
from giliran.figures.measures import Measure
from giliran.web.manager import numbers
from giliran.web.manager.numbers import CLASSES, named
from giliran.web.templatetags.giliran import service_name

WIDTH, HEIGHT, EDGE = 320, 72, 6
_WHOLE = 100
CHANNELS = numbers.CHANNELS | {
    "whatsapp": "WhatsApp",
    "phone": gettext_noop("Telepon"),
    "door": gettext_noop("Pintu kantor"),
    "lapor": "SP4N-LAPOR!",
}


class Written(NamedTuple):
    """A figure in words; ``between`` and ``of`` are empty where there is nothing to say."""

    text: str
    between: str
    of: str


class Line(NamedTuple):
    """One line of a picture of 320 x 72 units, with the sentence that says the same."""

    name: str
    said: str
    paths: tuple[str, ...]
    """Points of each piece; a period of which nothing is known divides them."""
    dots: tuple[tuple[float, float], ...]
    """Pieces of one point."""
    lowest: str
    highest: str
    last: str


def number(measure: Measure, value: float) -> str:
    """Write a value as its kind is written, without its unit, but with % for a share."""
    if measure.kind == "share":
        return formats.number_format(value * _WHOLE, 1) + "%"
    if measure.kind == "count":
        return formats.number_format(round(value), 0, force_grouping=True)
    return formats.number_format(value, 0 if measure.percentile else 1)


def written(measure: Measure, found: Value) -> Written:
    """Return a figure, its interval and how many people it rests on, in words."""
    if found.value is None:
        return Written("–", "", "")
    between = ""
    if found.low is not None and found.high is not None:
        low, high = number(measure, found.low), number(measure, found.high)
        between = gettext("%(low)s sampai %(high)s") % {"low": low, "high": high}
    of = ""
    if measure.kind not in {"count", "ratio"}:
        of = gettext("dari %(n)s") % {"n": formats.number_format(found.n, 0, force_grouping=True)}
    return Written(number(measure, found.value), between, of)


def part_name(split: str, part: str, services: Mapping[str, Any]) -> str:
    """Name a service, a class, a channel or an hour in the reader's language."""
    if split == "service":
        return str(service_name(services[part])) if part in services else part
    if split == "class":
        return named(CLASSES, part)
    if split == "channel":
        return named(CHANNELS, part)
    return f"{part}.00" if split == "hour" else ""


def line(measure: Measure, name: str, values: Sequence[tuple[date, float | None]]) -> Line:
    """Draw a measure over time; a count from nothing on, anything else between its own ends."""
    known = [value for _, value in values if value is not None]
    if not known:
        return Line(name, name, (), (), "", "", "")
    top = max(known)
    bottom = 0.0 if measure.kind == "count" else min(known)
    reach = (top - bottom) or 1
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    pieces: list[list[tuple[float, float]]] = [[]]
    for place, (_, value) in enumerate(values):
        if value is None:
            pieces.append([])
            continue
        height = (HEIGHT - 2 * EDGE) * (value - bottom) / reach
        pieces[-1].append((round(EDGE + place * step, 1), round(HEIGHT - EDGE - height, 1)))
    day, last = next((d, v) for d, v in reversed(values) if v is not None)
    told = {
        "name": name or gettext(measure.label),
        "low": number(measure, min(known)),
        "high": number(measure, top),
        "last": number(measure, last or 0),
        "day": formats.date_format(day, "j F Y"),
    }
    return Line(
        name,
        gettext("%(name)s: antara %(low)s dan %(high)s, terakhir %(last)s (%(day)s)") % told,
        tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1),
        tuple(piece[0] for piece in pieces if len(piece) == 1),
        told["low"],
        told["high"],
        told["last"],
    )
