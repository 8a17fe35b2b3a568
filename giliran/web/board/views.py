"""The screen in the waiting room: numbers and counters, never a name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.core.spoken import CannotBeSpoken, clips_for_call, sentence_for_call
from giliran.offices import queries as offices
from giliran.offices.actions import note_alive
from giliran.turns import queries
from giliran.web.board.opening import next_opening
from giliran.web.citizen.missing import missing_is_404
from giliran.web.promised import newcomer_minutes
from giliran.web.typed import typed

if TYPE_CHECKING:
    from giliran.offices.models import Office

_NEXT_SHOWN = 5
_ROWS_LARGE, _ROWS_AT_MOST = 8, 11
_LONGEST = 8  # characters of a number or a counter's label that may be asked to be said
_LONGEST_TOKEN = 43


class Row(NamedTuple):
    """One counter: ``is_open`` says that an officer sits there, ``is_called`` that it calls."""

    label: str
    number: str
    is_open: bool
    is_called: bool


def _rows(office: Office, calls: list[queries.Called]) -> list[Row]:
    """Return the counters: who calls first, the latest call on top, then by label."""
    here = {called.counter: called for called in calls}
    is_open = {seat.label for seat in capacity.open_seats(office.id)}
    labels = [counter.label for counter in offices.counters(office.id)]
    calling = [called.counter for called in calls if not called.is_serving]
    rows = []
    for label in [*calling, *(label for label in labels if label not in calling)]:
        called = here.get(label)
        rows.append(
            Row(
                label,
                called.number if called else "",
                label in is_open or called is not None,
                called is not None and not called.is_serving,
            )
        )
    if len(rows) > _ROWS_AT_MOST:
        rows.sort(key=lambda row: not row.is_open)
    return rows[:_ROWS_AT_MOST]


def _now(office: Office, *, now: datetime) -> dict[str, object]:
    """Return all that the screen shows at this moment."""
    day = offices.local_day(office, now)
    calls = queries.board(office.id, day=day)
    line = queries.in_the_line(office.id, now=now)
    rows = _rows(office, calls)
    opening = next_opening(office, now=now)
    doors_are_open = opening is not None and opening.doors_at <= now
    return {
        "office": office,
        "now": now,
        "today": day,
        "speed": clock.speed(),
        "latest": calls[0] if calls else None,
        "rows": rows,
        "are_many": len(rows) > _ROWS_LARGE,
        "next": [turn.number for turn in line[:_NEXT_SHOWN]],
        "waiting": len(line),
        "estimate": newcomer_minutes(office, now=now),
        "are_gone": doors_are_open and capacity.numbers_are_gone(office.id, day=day),
        "opening": opening,
        "is_before_opening": opening is not None and opening.doors_at <= now < opening.opens_at,
        "is_shut": not doors_are_open and not calls and not line,
    }


@require_safe
@never_cache
@missing_is_404
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the board of an office; its script then fetches what changed.

    The screen in the waiting room is opened with ``?layar=TOKEN``, so that it is missed when it
    goes dark; everybody else looks without.
    """
    office = offices.office(slug)
    known = _now(office, now=clock.now()) | {"screen": _screen(request, office)}
    return render(request, "board/board.html", known)


@require_safe
@never_cache
@missing_is_404
def board_now(request: HttpRequest, slug: str) -> HttpResponse:
    """Give what the board shows at this moment, to be put in place of what it showed."""
    office = offices.office(slug)
    _screen(request, office)
    return render(request, "board/now.html", _now(office, now=clock.now()) | {"is_part": True})


def _screen(request: HttpRequest, office: Office) -> str:
    """Note that the waiting room's own screen asks, and return its token; else nothing."""
    token = typed(request.GET, "layar")[:_LONGEST_TOKEN]
    screen = offices.board(office.id, token) if token else None
    if screen is None:
        return ""
    note_alive(screen)
    return screen.token


@require_safe
@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@missing_is_404
def board_embedded(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an office's line in a small frame, for other people's pages; nothing here can be sent.

    No cookie is set and no form stands in it, so that being framed by anybody does no harm.
    """
    return render(request, "board/embedded.html", _now(offices.office(slug), now=clock.now()))


@require_safe
@cache_control(public=True, max_age=3600)
def board_voice(request: HttpRequest, slug: str) -> HttpResponse:
    """Say by which clips, and in which words, ``?nomor=A014&loket=3`` is called.

    The answer depends on the address alone, so that a call heard from the stream is the call that
    is said, even if its turn has moved on. Without clips for it the list is empty.
    """
    number = request.GET.get("nomor", "")[:_LONGEST]
    counter = request.GET.get("loket", "")[:_LONGEST]
    try:
        said = {
            "clips": clips_for_call(number, counter),
            "sentence": sentence_for_call(number, counter),
        }
    except CannotBeSpoken:
        said = {"clips": [], "sentence": f"{number}, loket {counter}"}
    return JsonResponse(said)
