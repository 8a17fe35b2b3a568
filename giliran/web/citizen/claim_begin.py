"""Beginning a claim at home: what the rights were told, who claims, which card, which office.

The answers about the right travel in the address, who claims in a form that is sent: no NIK stands
in a history.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims.refusals import AlreadyClaimed
from giliran.core.identifiers import written_code
from giliran.core.refusal import BadInput, Refusal
from giliran.offices import queries as offices
from giliran.web.citizen.claim_begin_form import (
    Begun,
    claimant_of,
    read,
    wrong_about_card,
    wrong_about_participant,
)
from giliran.web.citizen.claim_kinds import PROGRAMS, Claimable, claimable
from giliran.web.citizen.claim_open import remember_begun
from giliran.web.citizen.rights_talk import LONGEST, MOST_ANSWERS, today
from giliran.web.refusals import sentence

UNREADABLE, CONFLICT = 422, 409
FOR, STEP = "untuk", "langkah"
WHO, CARD = "siapa", "kartu"
# Which page asks the field that the action found wrong.
_ASKED_ON = {"kpj": CARD, "office": CARD}


class _Beginning(NamedTuple):
    """What is claimed, and all that was typed of it so far."""

    request: HttpRequest
    what: Claimable
    told: dict[str, str]
    begun: Begun
    now: datetime

    @property
    def here(self) -> str:
        return f"{reverse('claim_begin')}?{urlencode({**self.told, FOR: self.what.program})}"

    def wrong_on(self, page: str) -> dict[str, str]:
        """Return a sentence for each field of a page that can't be read."""
        if page == CARD:
            return wrong_about_card(self.begun)
        _who, wrong = claimant_of(self.begun)
        return wrong | (wrong_about_participant(self.begun) if self.what.by_heir else {})


@require_http_methods(["GET", "HEAD", "POST"])
def claim_begin(request: HttpRequest) -> HttpResponse:
    """Ask what is still missing to begin, let it be checked, and begin the claim."""
    names = [name for name in request.GET if name not in {FOR, STEP}][:MOST_ANSWERS]
    told = {name: request.GET.get(name, "")[:LONGEST] for name in names}
    program = request.GET.get(FOR, "")
    what = claimable(told, program, today()) if program in PROGRAMS else None
    if what is None:
        # Somebody's answers don't lead to this claim (any more): the conversation says why.
        return redirect(f"{reverse('rights')}?{urlencode(told)}" if told else "rights")
    begun = read(request.POST) if request.method == "POST" else Begun(form=str(uuid4()))
    beginning = _Beginning(request, what, told, begun, clock.now())
    if request.method != "POST":
        return _page(beginning, WHO if request.GET.get(STEP) == WHO else "start")
    response = _answer(beginning)
    # The answer carries the NIK: no cache keeps it, and "back" on a shared phone doesn't show it.
    add_never_cache_headers(response)
    return response


def _answer(beginning: _Beginning) -> HttpResponse:
    step = beginning.request.POST.get(STEP, "")
    if step in {f"ubah-{WHO}", f"ubah-{CARD}"}:
        return _page(beginning, step.removeprefix("ubah-"))
    for page in (WHO,) if step == WHO and not beginning.begun.office else (WHO, CARD):
        wrong = beginning.wrong_on(page)
        if wrong:
            return _page(beginning, page, wrong=wrong, status=UNREADABLE)
    if step == WHO and not beginning.begun.office:
        return _page(beginning, CARD)
    return _save(beginning) if step == "simpan" else _page(beginning, "check")


def _save(beginning: _Beginning) -> HttpResponse:
    begun, what = beginning.begun, beginning.what
    who, _wrong = claimant_of(begun)
    assert who is not None  # noqa: S101 -- the pages before were found good
    try:
        claim = claims.begin(
            who,
            situation=what.situation,
            program=what.program,
            kind=what.kind,
            participant_nik=begun.participant if what.by_heir else "",
            kpj=begun.kpj,
            office_id=offices.office(begun.office).id,
            request_key=begun.request_key(what.program),
            channel="web",
            actor="citizen",
            now=beginning.now,
        )
    except AlreadyClaimed as refusal:
        # Anybody can type a NIK, so nothing of the other claim is shown.
        return _page(beginning, "already", refused=sentence(refusal), status=CONFLICT)
    except BadInput as refusal:
        wrong = {refusal.field: sentence(refusal)}
        return _page(beginning, _ASKED_ON.get(refusal.field, WHO), wrong=wrong, status=UNREADABLE)
    except Refusal as refusal:
        wrong = {"name": sentence(refusal)}
        return _page(beginning, WHO, wrong=wrong, status=CONFLICT)
    remember_begun(beginning.request, claim.code)
    messages.success(
        beginning.request,
        _("Klaim sudah dimulai. Simpan kodenya: %(code)s.") % {"code": written_code(claim.code)},
    )
    return redirect("claim", claim.code)


def _page(beginning: _Beginning, name: str, *, status: int = 200, **known: object) -> HttpResponse:
    context = {
        "what": beginning.what,
        "here": beginning.here,
        "who_page": f"{beginning.here}&{urlencode({STEP: WHO})}",
        "rights": f"{reverse('rights')}?{urlencode(beginning.told)}",
        "begun": beginning.begun,
        "today": today(),
        "wrong": {},
        **known,
    }
    if name == CARD:
        context["regions"] = _choices()
    if name == "check":
        context["office"] = offices.office(beginning.begun.office)
        context["born"] = claims.parse_birth(beginning.begun.birth)
    page = {WHO: "who", CARD: "card"}.get(name, name)
    return render(beginning.request, f"citizen/claim_begin_{page}.html", context, status=status)


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the offices that work on claims, by region."""
    found: dict[str, list[tuple[str, str]]] = {}
    for office in offices.offices():
        if office.kind != "mpp_booth":
            found.setdefault(office.region.name, []).append((office.slug, office.name))
    return list(found.items())
