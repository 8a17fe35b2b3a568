"""The finding at Serang before and after, from the laboratory: no real person stands in it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

import giliran.figures
from giliran.lab.network import before_after

WRITTEN: Final = Path(giliran.figures.__file__).parent / "rehearsed" / "serang.json"
SCENARIOS: Final = {
    "dawn": gettext_noop("Seperti dilaporkan: datang subuh, 60 nomor"),
    "draw": gettext_noop("Dengan undian; 80 dari 100 orang memintanya dari rumah"),
    "loans": gettext_noop("Ditambah pinjaman petugas dari kantor tetangga"),
    "known": gettext_noop("Setelah 95 dari 100 orang tahu bisa meminta dari rumah"),
}
FIGURES: Final = (
    ("before_six_a_day", gettext_noop("Orang di depan kantor sebelum pukul 06.00, sehari"), 0, 1),
    ("turned_away_share", gettext_noop("Pulang tanpa nomor, dari 100 yang datang"), 1, 100),
    ("visits_mean", gettext_noop("Kedatangan sampai dilayani, rata-rata"), 1, 1),
    ("days_mean", gettext_noop("Hari kerja dari meminta sampai dilayani, rata-rata"), 1, 1),
    ("wait_p90_minutes", gettext_noop("Menit menunggu di kantor, sembilan dari sepuluh"), 0, 1),
    ("served_a_day", gettext_noop("Orang yang dilayani sehari"), 0, 1),
)


class Cell(NamedTuple):
    """A figure with the half width of its 95 % interval, and how long its bar is (0 to 100)."""

    text: str
    give_or_take: str
    bar: float


class Row(NamedTuple):
    name: str
    cells: list[Cell]


@require_safe
def before_after_page(request: HttpRequest) -> HttpResponse:
    """Show the rehearsal; nothing of the kind where people are real."""
    if not settings.GILIRAN_DEMO:
        raise Http404
    found = _written()
    context = {
        "scenarios": [gettext(name) for name in SCENARIOS.values()],
        "rows": [_row(found, *figure) for figure in FIGURES],
        "days": found["days"],
        "replications": found["replications"],
        "absent": round(100 * before_after.ABSENT),
        "recovered": round(100 * before_after.RECOVERED),
    }
    return render(request, "public/before_after.html", context)


@cache
def _written() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(WRITTEN.read_text(encoding="utf-8"))
    return found


def _row(found: dict[str, Any], figure: str, name: str, digits: int, times: int) -> Row:
    values = [(times * mean, times * half) for mean, half in (found[s][figure] for s in SCENARIOS)]
    most = max(mean for mean, _ in values) or 1
    return Row(
        gettext(name),
        [Cell(_said(m, digits), _said(half, max(1, digits)), 100 * m / most) for m, half in values],
    )


def _said(value: float, digits: int) -> str:
    return str(number_format(round(value, digits), digits))
