"""An office's week: need against staff, who works when, and changing a shift by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import effects, weeks
from giliran.core.refusal import Refusal
from giliran.offices import queries as offices
from giliran.web.manager import week_change
from giliran.web.manager.frame import frame
from giliran.web.manager.week_change import Wanted
from giliran.web.manager.week_shown import heat, rows
from giliran.web.refusals import sentence
from giliran.web.staff import LOOK, actor, at_office
from giliran.web.templatetags.shifts import KINDS

WEEKS_EITHER_WAY: Final = 60


class Asked(NamedTuple):
    """Whose week, which one, and who asks when."""

    request: HttpRequest
    office: Any
    monday: date
    now: datetime

    @property
    def today(self) -> date:
        return offices.local_day(self.office, self.now)

    @property
    def address(self) -> str:
        return f"{reverse('week', args=[self.office.slug])}?senin={self.monday.isoformat()}"


@at_office(*LOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the week, weigh a change (``?mau=``; ``&bagian=akibat`` alone), or make it."""
    now = clock.now()
    monday = asked_monday(request, offices.local_day(office, now))
    asked = Asked(request, office, monday, now)
    if request.method == "POST":
        return _save(asked)
    wanted = week_change.read(request.GET)
    if request.GET.get("bagian") == "akibat":
        return render(request, "manager/week_effect.html", _weighed(asked, wanted))
    return _show(asked, wanted)


def asked_monday(request: HttpRequest, today: date) -> date:
    """Return the Monday that ``?senin=2026-11-23`` names, else this week's; or 404."""
    this = today - timedelta(days=today.weekday())
    sent = request.GET.get("senin", "")
    if not sent:
        return this
    day = week_change.as_day(sent)
    if day is None or day.weekday() or abs((day - this).days) > 7 * WEEKS_EITHER_WAY:
        raise Http404
    return day


def _show(asked: Asked, wanted: Wanted, *, status: int = 200, refused: str = "") -> HttpResponse:
    office = asked.office
    found = weeks.week(office, asked.monday)
    short = sum(len(day.short) for day in found.days)
    context: dict[str, Any] = {
        **frame(asked.request, office),
        "monday": asked.monday,
        "sunday": asked.monday + timedelta(days=6),
        "before": asked.monday - timedelta(days=7),
        "after": asked.monday + timedelta(days=7),
        "address": asked.address,
        "today": asked.today,
        "days": [day for day in found.days if day.half_hours],
        "heat": heat(found),
        "rows": rows(found, asked.today),
        "short": short,
        "missing_hours": sum(day.missing_hours for day in found.days),
        "worst": _worst(found),
        "is_estimated": all(day.is_estimated for day in found.days if day.half_hours),
        "has_roster": any(day.has_roster for day in found.days),
        "kinds": list(KINDS),
        "refused": refused,
    }
    if context["may_act"] and (wanted.shift_id or wanted.officer_id):
        context |= _weighed(asked, wanted) if wanted.how else {"wanted": wanted}
        context |= _choices(asked, found, wanted)
    return render(asked.request, "manager/week.html", context, status=status)


def _worst(found: weeks.Week) -> tuple[date, weeks.HalfHour] | None:
    """Return the half-hour in which most are missing; the first of several."""
    every = [(day.day, one) for day in found.days for one in day.short]
    return min(every, key=lambda pair: pair[1].over, default=None)


def _choices(asked: Asked, found: weeks.Week, wanted: Wanted) -> dict[str, Any]:
    """Return what the forms offer: officers, days, kinds with their hours, other shifts."""
    kinds = weeks.kinds_of(asked.office, asked.monday)
    cells = [(person, cell) for person in found.people for cell in person.cells]
    mine = next(((p, c) for p, c in cells if c.shift_id == wanted.shift_id and c.shift_id), None)
    if wanted.shift_id and mine is None:
        return {"gone": True}
    person, cell = mine or (None, None)
    return {
        "person": person
        or next((one for one in found.people if one.officer_id == wanted.officer_id), None),
        "cell": cell,
        "chosen": wanted.fields
        if wanted.how
        else {
            "petugas": str(person.officer_id if person else wanted.officer_id),
            "hari": (cell.day if cell else wanted.day or asked.monday).isoformat(),
            "jenis": cell.kind if cell else "full",
        },
        "officers": [(str(one.officer_id), one.name) for one in found.people if not one.home],
        "open_days": [(d.isoformat(), d) for d in sorted(kinds) if d >= asked.today],
        "kinds_there": _kinds_there(kinds, cell.day if cell else wanted.day),
        "others": [
            (str(c.shift_id), p.name, c)
            for p, c in cells
            if c.shift_id and c.shift_id != wanted.shift_id and c.day >= asked.today
        ],
    }


def _kinds_there(
    kinds: Mapping[date, Mapping[str, tuple[datetime, datetime]]], day: date | None
) -> list[tuple[str, str]]:
    """Return the kinds of shift by name, with the hours that they have on a day."""
    there = kinds.get(day, {}) if day else {}
    return [
        (
            kind,
            f"{gettext(name)} ({week_change.span(*there[kind])})"
            if kind in there
            else gettext(name),
        )
        for kind, name in KINDS.items()
        if kind in there or not there
    ]


def _weighed(asked: Asked, wanted: Wanted) -> dict[str, Any]:
    """Return what a change would do, or why it can't be made."""
    may_act = frame(asked.request, asked.office)["may_act"]
    context: dict[str, Any] = {
        "office": asked.office,
        "address": asked.address,
        "wanted": wanted,
        "may_act": may_act,
    }
    if not may_act:
        raise PermissionDenied
    try:
        change = week_change.meant(asked.office, wanted, now=asked.now)
        effect = effects.effect_of(change, now=asked.now)
    except Refusal as refusal:
        return context | {"impossible": sentence(refusal), "said": sentence(refusal)}
    stretches = list(week_change.stretches(effect))
    return context | {
        "effect": effect,
        "told": week_change.told(change),
        "stretches": stretches,
        "said": week_change.in_one_line(effect, stretches),
        "marks": " ".join(week_change.marks(effect)),
        "worse": max(0, effect.touched),
        "better": max(0, -effect.touched),
    }


def _save(asked: Asked) -> HttpResponse:
    if not frame(asked.request, asked.office)["may_act"]:
        raise PermissionDenied
    try:
        week_change.make(
            asked.office,
            week_change.read(asked.request.POST),
            actor=actor(asked.request),
            now=asked.now,
        )
    except Refusal as refusal:
        return _show(asked, Wanted(), status=409, refused=sentence(refusal))
    messages.success(
        asked.request,
        gettext("Jadwal diubah. Tempat pada hari itu segera dihitung ulang; janji tetap dipegang."),
    )
    return redirect(f"{asked.address}#petugas")
