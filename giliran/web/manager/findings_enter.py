"""Entering a finding with its corrective actions, on one page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput, gettext_noop
from giliran.figures.measures import MEASURES
from giliran.offices import queries as offices
from giliran.voices import findings
from giliran.voices.actions import finding as deeds
from giliran.web.manager.findings import ENTERS, reach, request_key, typed
from giliran.web.refusals import sentence
from giliran.web.staff import actor

LINES: Final = 6
_MOST: Final = Decimal(100_000)


class BadDay(BadInput):
    """A day that the calendar hasn't, or none of ours."""

    code = "finding_bad_day"
    sentence = gettext_noop("Tanggal tidak terbaca. Isi tanggal, bulan, dan tahun.")


class BadTarget(BadInput):
    """A figure is to be measured, and nothing says against what."""

    code = "finding_bad_target"
    sentence = gettext_noop("Tulis target sebagai angka, misalnya 0 atau 1,5.")


class BadPlace(BadInput):
    """An office or region where the reader may not enter a finding."""

    code = "finding_bad_place"
    sentence = gettext_noop("Pilih kantor atau wilayah yang diperiksa dari daftar.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Show the form, or take it: what is wrong is said, and all that was typed stays."""
    known = reach(int(request.user.pk or 0))
    here = {
        region_id: roles & ENTERS for region_id, roles in known.by_region.items() if roles & ENTERS
    }
    if not here:
        raise PermissionDenied
    places = [office for office in known.offices.values() if office.region_id in here]
    key = request_key(request)
    if request.method == "POST" and key is not None:
        lines: list[int] = []
        try:
            office, region = _place(typed(request, "place"), places)
            lines, actions = _actions(request)
            code = deeds.enter(
                request_key=key,
                source=typed(request, "source"),
                number=typed(request, "number"),
                received_on=_day("received_on", typed(request, "received_on")),
                office=office,
                region=region,
                title=typed(request, "title"),
                summary=typed(request, "summary"),
                url=typed(request, "url"),
                actions=actions,
                actor=actor(request),
                now=clock.now(),
            )
        except BadInput as refusal:
            return _form(request, places, {_typed_at(refusal.field, lines): sentence(refusal)})
        messages.success(request, gettext("Temuan tersimpan."))
        return redirect("finding", code)
    return _form(request, places, {})


def _form(request: HttpRequest, places: list[Any], wrong: dict[str, str]) -> HttpResponse:
    names = ("what", "who", "due_on", "measure", "target")
    lines = [{name: typed(request, f"{name}-{k}") for name in names} for k in range(LINES)]
    context = {
        "regions": sorted({office.region for office in places}, key=str),
        "offices": sorted(places, key=lambda office: str(office.name)),
        "lines": lines,
        "measures": [(key, gettext(one.label)) for key, one in MEASURES.items() if one.better],
        "typed": {name: typed(request, name) for name in request.POST},
        "wrong": wrong,
        "request_key": request_key(request) or uuid4(),
        "days": findings.DAYS_TO_CORRECT,
    }
    return render(request, "manager/finding_enter.html", context, status=400 if wrong else 200)


def _place(text: str, places: list[Any]) -> tuple[Any, Any]:
    """Return the office or the region that ``office:serang`` or ``region:banten`` names."""
    kind, _, slug = text.partition(":")
    if kind == "office":
        found = next((office for office in places if office.slug == slug), None)
        if found is not None:
            return found, None
    if kind == "region" and any(office.region.slug == slug for office in places):
        return None, offices.region(slug)
    raise BadPlace("place")


def _typed_at(field: str, lines: list[int]) -> str:
    """Return where somebody typed what a renumbered line's field refuses."""
    name, _, k = field.partition("-")
    return f"{name}-{lines[int(k)]}" if k.isdecimal() and int(k) < len(lines) else field


def _actions(request: HttpRequest) -> tuple[list[int], list[deeds.NewAction]]:
    """Return which lines aren't empty, and those; raises with the line's own field."""
    received_on = _day("received_on", typed(request, "received_on"))
    lines, found = [], []
    for k in range(LINES):
        what, who, due_on, measure = (
            typed(request, f"{name}-{k}") for name in ("what", "who", "due_on", "measure")
        )
        if not (what or who or measure or typed(request, f"target-{k}")):
            continue
        known = MEASURES.get(measure)
        lines.append(k)
        found.append(
            deeds.NewAction(
                what,
                who,
                _day(f"due_on-{k}", due_on) if due_on else findings.due_by_default(received_on),
                measure if known else "",
                ("at_most" if known.better == "down" else "at_least") if known else "",
                _target(k, typed(request, f"target-{k}"), known.kind) if known else None,
            )
        )
    return lines, found


def _target(k: int, text: str, kind: str) -> Decimal:
    """Return a target in the measure's own unit; a share is typed in percent."""
    try:
        number = Decimal(text.replace("%", "").replace(",", ".").strip())
    except InvalidOperation as error:
        raise BadTarget(f"target-{k}") from error
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise BadTarget(f"target-{k}")
    return (number / 100 if kind == "share" else number).quantize(Decimal("0.0001"))


def _day(field: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise BadDay(field) from error
    if not 2000 <= found.year <= 2100:  # noqa: PLR2004 -- a slip of the keyboard
        raise BadDay(field)
    return found
