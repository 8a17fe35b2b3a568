"""Changing an application: one of its questions is asked again, with the answer of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.web.citizen.application import (
    application_of,
    needs_of,
    not_now,
    said_by,
)
from giliran.web.citizen.applying_form import (
    Choices,
    Wishes,
    asked,
    read_wishes,
    terms_of,
    wishes_of,
    wrong_priority,
    wrong_time,
)
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.statement import NEEDS
from giliran.web.citizen.turn import unlisted
from giliran.web.refusals import sentence

if TYPE_CHECKING:
    from giliran.turns.models import Application

UNREADABLE = 422
# The questions by their name in the address, with what each of them asks.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "rumah": ("home",),
    "kantor": ("offices", "any_near"),
    "waktu": (
        *("is_any_time", "halves", "best_half", "time_first"),
        *("stands_by", "notice"),
    ),
    "bantuan": ("shown_by",),
}
_TEMPLATES = {"rumah": "home", "kantor": "offices", "waktu": "when", "bantuan": "help"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def application_change(request: HttpRequest, code: str) -> HttpResponse:
    """List the answers of an application; ``?bagian=`` asks one of the questions again."""
    application = application_of(code)
    if back := not_now(request, application):
        return back
    part = request.GET.get("bagian", "")
    if part not in _PARTS:
        known = {
            "application": application,
            "needs": needs_of(application),
            "homes": offices.home_areas(application.region_id),
            **said_by(application),
        }
        return unlisted(render(request, "citizen/application_change.html", known))
    wishes = wishes_of(application, applications.chosen_offices(application))
    if request.method != "POST":
        return _part_page(request, application, part, wishes, needs=tuple(application.needs))
    typed = read_wishes(request.POST)
    wishes = replace(wishes, **{name: getattr(typed, name) for name in _PARTS[part]})
    return _save(request, application, part, wishes)


def _save(
    request: HttpRequest, application: Application, part: str, wishes: Wishes
) -> HttpResponse:
    choices = Choices(application.region, application.service, wishes)
    needs = tuple(application.needs)
    if part == "bantuan":
        needs = tuple(need for need in NEEDS if need in request.POST.getlist("needs"))
    wrong = _wrong(part, wishes, choices)
    if not wrong:
        terms = _terms(application, part, wishes, choices, needs=needs)
        try:
            turns.change(application.id, terms, actor="citizen", now=clock.now())
        except BadInput as refusal:
            wrong = {refusal.field: sentence(refusal)}
        except NotFound:
            raise
        except Refusal as refusal:
            messages.warning(request, sentence(refusal))
            return redirect("application", application.code)
        else:
            messages.success(request, _("Perubahan sudah dicatat."))
            return redirect("application", application.code)
    return _part_page(request, application, part, wishes, needs=needs, wrong=wrong)


def _wrong(part: str, wishes: Wishes, choices: Choices) -> dict[str, str]:
    if part == "rumah":
        return choices.wrong_home(wishes)
    if part == "kantor":
        return choices.wrong_offices(wishes)
    return wrong_time(wishes) if part == "waktu" else wrong_priority(wishes)


def _terms(
    application: Application,
    part: str,
    wishes: Wishes,
    choices: Choices,
    *,
    needs: tuple[str, ...],
) -> turns.Terms:
    """Return what the application asks for with one part asked anew."""
    terms = terms_of(application)
    if part == "rumah":
        return terms._replace(home_id=choices.home.id if choices.home else None)
    if part == "kantor":
        ids = tuple(choices.by_slug[slug].id for slug in wishes.offices)
        return terms._replace(wish=terms.wish._replace(office_ids=ids, any_near=wishes.any_near))
    if part == "waktu":
        return terms._replace(
            wish=terms.wish._replace(
                halves=wishes.ranked_halves,
                time_first=wishes.time_first and not wishes.is_any_time,
            ),
            stands_by=wishes.stands_by,
            notice_hours=int(wishes.notice),
        )
    return terms._replace(is_priority=bool(wishes.shown_by), shown_by=wishes.shown_by, needs=needs)


def _part_page(
    request: HttpRequest,
    application: Application,
    part: str,
    wishes: Wishes,
    *,
    needs: tuple[str, ...],
    wrong: Mapping[str, str] | None = None,
) -> HttpResponse:
    choices = Choices(application.region, application.service, wishes)
    known = {
        **asked(wishes, choices),
        "application": application,
        "part": part,
        "needs": [(need, _(label), need in needs) for need, label in NEEDS.items()],
        "question": f"citizen/apply_field_{_TEMPLATES[part]}.html",
        "others": len(applications.companions(application)) - 1,
        "wrong": wrong or {},
    }
    status = UNREADABLE if wrong else 200
    return unlisted(render(request, "citizen/application_part.html", known, status=status))
