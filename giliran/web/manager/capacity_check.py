"""Are there officers enough this month? Asked here, counted by the worker, printed for the head."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.claims import letters
from giliran.core.refusal import Refusal
from giliran.figures import capacity_check as checks
from giliran.figures.capacity_answer import Answer
from giliran.offices import queries as offices
from giliran.web.manager import capacity_bars
from giliran.web.manager.capacity_words import (
    assumed,
    best,
    between,
    finding,
    month_name,
    number,
    rows_of,
)
from giliran.web.manager.drawing import SEES_DRAWS, of_region
from giliran.web.manager.frame import frame
from giliran.web.manager.numbers import why_away
from giliran.web.refusals import sentence
from giliran.web.staff import LOOK, actor, at_office

SHOWN_BACK: Final = 5
SHOWN_AHEAD: Final = 2
FEW_DAYS: Final = 10
"""Of an office: with two of each weekday it is known, and not by chance."""
_DECEMBER: Final = 12


@of_region(*SEES_DRAWS)
@require_http_methods(["GET", "HEAD", "POST"])
def region_capacity(request: HttpRequest, region: Any) -> HttpResponse:
    """Show a region's month, the coming one unless ``?bulan=2026-11`` names another."""
    may_audit = "auditor" in offices.region_roles(int(request.user.pk or 0), region)
    own = {"region": region, "where": region.name, "may_audit": may_audit}
    return _answered(request, region, None, own)


@at_office(*LOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def office_capacity(request: HttpRequest, office: Any) -> HttpResponse:
    """Show an office's month; as ``region_capacity``."""
    own = {**frame(request, office), "where": office.name}
    return _answered(request, office.region, office, own)


def _answered(
    request: HttpRequest, region: Any, office: Any, context: dict[str, Any]
) -> HttpResponse:
    now = clock.now()
    today = now.astimezone(ZoneInfo(region.time_zone)).date()
    sent = request.POST if request.method == "POST" else request.GET
    month = _month(sent.get("bulan", ""), checks.next_month(today.replace(day=1)))
    name = "office_capacity" if office else "region_capacity"
    here = reverse(name, args=[office.slug if office else region.slug])
    address = f"{here}?{urlencode({'bulan': f'{month:%Y-%m}'})}"
    status = 200
    if request.method == "POST":
        try:
            checks.ask(region, office, month, actor=actor(request), now=now)
        except Refusal as refusal:
            context["wrong"], status = sentence(refusal), 422
        else:
            return redirect(f"{address}#hasil")
    found = checks.latest(region, office, month)
    context |= {
        "base": "manager/base.html" if office else "manager/region_base.html",
        "office_asked": office,
        "here_path": here,
        "address": address,
        "month": month,
        "month_name": month_name(month),
        "months": [_shifted(today, n) for n in range(-SHOWN_BACK, SHOWN_AHEAD + 1)],
        "checked": found,
        "is_today": found is not None and found.day == today,
        "can_make_pdf": letters.can_make_pdf(),
    }
    if found is not None and found.made_at is not None:
        is_over = checks.next_month(month) <= found.day
        context |= _told(found.answer, context["where"], month, is_over=is_over)
    if request.GET.get("bentuk") == "pdf":
        return _pdf(found, context)
    alone = request.GET.get("bagian") == "hasil"
    template = "manager/capacity_result.html" if alone else "manager/capacity_check.html"
    return render(request, template, context, status=status)


def _told(answer: Answer | None, where: str, month: date, *, is_over: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"finding": finding(answer, where, month, is_over=is_over)}
    if answer is None:
        return found
    rows = rows_of(answer)
    known = {one.id: one for one in offices.offices()}
    services = {one.id: one for one in offices.services()}
    return found | {
        "answer": answer,
        "best": best(rows),
        "rows": rows,
        "picture": capacity_bars.picture(rows),
        "assumed": assumed(answer),
        "few": not answer.days_counted
        or answer.days_counted < FEW_DAYS * (len(answer.offices) - answer.left_out),
        "prior_percent": number(100 * answer.usual),
        "tiles": {
            "needed": number(answer.needed_hours),
            "there": number(answer.there_hours),
            "lacking": number(answer.lacking_hours.mean),
            "lacking_between": between(answer.lacking_hours),
            "left_over": number(answer.left_over_hours),
            "officers": number(answer.lacking.mean, 1),
            "officers_between": between(answer.lacking, 1),
            "expected": number(answer.expected.mean),
            "expected_between": between(answer.expected),
            "late": number(answer.not_in_time.mean),
            "late_between": between(answer.not_in_time),
        },
        "offices": [
            (
                known[one.office_id],
                one,
                number(one.expected.mean),
                number(one.in_time.mean),
                number(one.lacking.mean, 1),
                between(one.lacking, 1),
            )
            for one in answer.offices
            if one.office_id in known
        ],
        "services": [(services.get(one.service_id or 0), one) for one in answer.services],
        "away": why_away(answer.away),
    }


def _pdf(found: Any, context: dict[str, Any]) -> HttpResponse:
    """Return the page on paper, tagged, by the way of the letters; 404 where none can be made."""
    if "answer" not in context or not letters.can_make_pdf():
        raise Http404
    html = render_to_string(
        "manager/capacity_paper.html",
        {**context, "is_paper": True, "fonts": SafeString(letters.font_faces())},
    )
    made = letters.tagged_pdf(html, identifier=f"capacity-check-{found.id}".encode())
    slug = context["office_asked"].slug if context["office_asked"] else context["region"].slug
    name = f"kapasitas-{slug}-{context['month']:%Y-%m}.pdf"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _month(sent: str, default: date) -> date:
    """Read ``2026-11``; raises ``Http404`` for what is no month."""
    if not sent:
        return default
    try:
        return date.fromisoformat(f"{sent}-01")
    except ValueError as error:
        raise Http404 from error


def _shifted(today: date, months: int) -> tuple[str, str]:
    """Return a month so far from this one, as an address and as people write it."""
    years, month = divmod(today.month - 1 + months, _DECEMBER)
    found = date(today.year + years, month + 1, 1)
    return f"{found:%Y-%m}", month_name(found)
