"""The pages of an application: what each asks, what it knows, and which one came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from giliran.turns import actions as turns
from giliran.web.citizen.applying_form import (
    Choices,
    Wishes,
    asked,
    terms_from,
    terms_of,
    wrong_priority,
    wrong_time,
)
from giliran.web.citizen.statement import NEEDS, Statement, check

if TYPE_CHECKING:
    from giliran.offices.models import Region, Service
    from giliran.turns.models import Application

# The pages in their order, named as the address names them, with the fields that each asks.
PAGES = {
    "rumah": frozenset({"rumah"}),
    "kantor": frozenset({"kantor", "dekat"}),
    "waktu": frozenset({"waktu", "paruh", "terbaik", "utama", "siap", "persiapan"}),
    "siapa": frozenset({"didahulukan"}),
}
ORDER = list(PAGES)
_TEMPLATES = {"rumah": "home", "kantor": "offices", "waktu": "when", "siapa": "who"}


@dataclass(frozen=True)
class Asking:
    """What one request knows: the question, what was sent so far, and in which region."""

    request: HttpRequest
    service: Service
    region: Region
    wishes: Wishes
    stated: Statement
    choices: Choices
    earlier: Application | None
    now: datetime

    @property
    def pages(self) -> list[str]:
        """The pages that this person is asked, in order."""
        if self.earlier is not None:
            return ["siapa"]
        return ORDER if self.choices.homes else ORDER[1:]

    def wrong_on(self, page: str) -> dict[str, str]:
        """Return one sentence for every field of a page that can't be used."""
        if page == "rumah":
            return self.choices.wrong_home(self.wishes)
        if page == "kantor":
            return self.choices.wrong_offices(self.wishes)
        if page == "waktu":
            return wrong_time(self.wishes)
        return check(self.stated)[1] | wrong_priority(self.wishes)

    def terms(self) -> turns.Terms:
        """Return what is asked for; who comes along asks for what the others asked for."""
        if self.earlier is None:
            return terms_from(self.wishes, self.choices, needs=self.stated.needs)
        return terms_of(self.earlier)._replace(
            is_priority=bool(self.wishes.shown_by),
            shown_by=self.wishes.shown_by,
            needs=self.stated.needs,
            stands_by=False,
        )

    def request_key(self) -> UUID:
        """Name the request: the same form, person and service make one application."""
        digits = "".join(c for c in self.stated.nik if c.isdigit())
        return uuid5(UUID(self.stated.form), f"apply {digits} {self.service.id}")


def show(
    asking: Asking,
    page: str,
    template: str = "",
    *,
    status: int = 200,
    wrong: dict[str, str] | None = None,
    **known: Any,
) -> HttpResponse:
    """Show a page; it carries on what the other pages asked."""
    is_typed = asking.request.method == "POST"
    needs = [(code, _(label), code in asking.stated.needs) for code, label in NEEDS.items()]
    pages = asking.pages
    return render(
        asking.request,
        f"citizen/apply_{template or _TEMPLATES[page]}.html",
        {
            **asked(asking.wishes, asking.choices),
            "service": asking.service,
            "stated": asking.stated,
            "needs": needs,
            "earlier": asking.earlier,
            "carried": asking.wishes.fields(without=PAGES.get(page, frozenset())),
            "method": "post" if is_typed else "get",
            "is_typed": is_typed,
            "back": back_from(asking, page),
            # The service was asked before, and the check comes last.
            "step": (pages.index(page) if page in pages else len(pages)) + 2,
            "steps": len(pages) + 2,
            "wrong": wrong or {},
            **known,
        },
        status=status,
    )


def back_from(asking: Asking, page: str) -> str:
    """Return the address of the page before, with all answers that may stand in an address."""
    if asking.earlier is not None:
        return reverse("application_together", args=[asking.earlier.code])
    before = asking.pages[: asking.pages.index(page)] if page in asking.pages else asking.pages
    if not before:
        return reverse("apply_service")
    # Why somebody has priority is nothing for an address.
    carried = asking.wishes.fields(without=PAGES["siapa"])
    if len(before) > 1:
        carried.append(("langkah", before[-2]))
    return f"{reverse('apply', args=[asking.service.code])}?{urlencode(carried)}"
