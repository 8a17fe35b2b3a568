"""The page of a claim: how it stands, what comes next, its papers, its letters, its account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import letters, queries
from giliran.claims.payments import banks
from giliran.claims.payments.queries import why_bounced
from giliran.core.claim import Move, State
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as visits
from giliran.turns import applications
from giliran.turns import queries as turns
from giliran.web.citizen.claim_lines import Line, ShownAccount, account_shown, lines, steps, title
from giliran.web.citizen.claim_open import PROVEN, level, opened, proven
from giliran.web.public.letters import letter_as_file
from giliran.web.refusals import sentence

UNREADABLE, CONFLICT = 422, 409


@require_safe
@opened
def claim_page(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Show how a claim stands and what its claimant can do next."""
    papers = lines(claim)
    missing = [line for line in papers if line.view.is_lacking]
    turn = turns.open_turn_for(claim.id)
    known = {
        "claim": claim,
        "title": title(claim),
        "steps": steps(claim),
        "papers": papers,
        "missing": missing,
        "just_sent": [one.name for one in papers if str(one.id) == request.GET.get("terkirim")],
        "next_paper": next(iter(missing), None),
        "brought": [line for line in papers if line.view.state == "brought"],
        "account": _account(request, claim),
        "office": offices.office_by_id(claim.office_id),
        "letters": letters.of_claim(claim.id),
        "is_proven": level(request, claim.code) == PROVEN,
        "can_send": Move.SUBMIT in claim.possible,
        "can_fill": Move.FILL in claim.possible,
        "can_withdraw": Move.WITHDRAW in claim.possible,
        "may_visit": claim.state == State.COMPLETE and claim.needs_visit and turn is None,
        "turn": turn,
        "application": None if turn else applications.open_for(claim.id),
        "is_over": not claim.possible or claim.state in {State.PAID, State.REFUSED},
        "bounce": _why_bounced(claim),
        **_refused(claim),
    }
    return render(request, "citizen/claim.html", known)


def _account(request: HttpRequest, claim: queries.ClaimView) -> ShownAccount | None:
    """Return what an account's owner knows it by; code and birth date don't show it."""
    return account_shown(claim.id) if level(request, claim.code) == PROVEN else None


def _why_bounced(claim: queries.ClaimView) -> str:
    why = why_bounced(claim.id) if claim.state == State.BOUNCED else ""
    return _(why) if why else ""


def _refused(claim: queries.ClaimView) -> dict[str, Any]:
    if claim.state != State.REFUSED:
        return {}
    return {"reason": queries.reason_of(claim.id)}


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def claim_send(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Let the whole be checked once, then hand the claim in."""
    if Move.SUBMIT not in claim.possible:
        return redirect("claim", claim.code)
    if request.method == "POST":
        try:
            claims.submit(claim.id, actor="citizen", now=clock.now())
        except Refusal as refusal:
            messages.warning(request, sentence(refusal))
            return redirect("claim_send", claim.code)
        messages.success(request, _("Klaim sudah dikirim. Terima kasih."))
        return redirect("claim", claim.code)
    papers = lines(claim)
    known = {
        "claim": claim,
        "missing": [line for line in papers if line.view.is_lacking],
        "sent": [line for line in papers if line.is_sent],
        "account": _account(request, claim),
    }
    return render(request, "citizen/claim_send.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
@proven
def claim_account(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Ask where the money goes, and after a bounce where it goes instead."""
    is_bounced = Move.MEND in claim.possible
    if not (is_bounced or Move.FILL in claim.possible):
        return redirect("claim", claim.code)
    typed = dict.fromkeys(claims.Account._fields, "")
    wrong, status = {}, 200
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:120] for name in typed}
        try:
            bank = banks.bank(typed["bank"])
            account = claims.Account(bank.code, typed["number"], typed["holder"])
            if is_bounced:
                claims.mend_account(claim.id, account, actor="citizen", now=clock.now())
            else:
                claims.fill(claim.id, account=account, actor="citizen", now=clock.now())
        except BadInput as refusal:
            wrong, status = {refusal.field: sentence(refusal)}, UNREADABLE
        except Refusal as refusal:
            wrong, status = {"bank": sentence(refusal)}, CONFLICT
        else:
            messages.success(request, _("Rekening sudah disimpan."))
            return redirect("claim", claim.code)
    known = {
        "claim": claim,
        "banks": banks.banks(),
        "typed": typed,
        "wrong": wrong,
        "is_bounced": is_bounced,
        "bounce": _why_bounced(claim),
    }
    return render(request, "citizen/claim_account.html", known, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@proven
def claim_withdraw(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Ask once more, then take the claim back."""
    if request.method == "POST":
        try:
            given_back = visits.withdraw_claim(claim.id, actor="citizen", now=clock.now())
        except NotFound:
            raise
        except Refusal as refusal:
            # Asked twice, or verified in the meantime: the page tells how it stands now.
            if queries.claim(claim.id).state != State.WITHDRAWN:
                messages.warning(request, sentence(refusal))
        else:
            if given_back is not None:
                messages.success(request, _("Giliran untuk klaim ini juga sudah dibatalkan."))
        return redirect("claim", claim.code)
    if Move.WITHDRAW not in claim.possible:
        return redirect("claim", claim.code)
    known = {
        "claim": claim,
        "turn": turns.open_turn_for(claim.id),
        "application": applications.open_for(claim.id),
    }
    return render(request, "citizen/claim_withdraw.html", known)


@require_safe
@proven
def claim_letter(request: HttpRequest, claim: queries.ClaimView, letter: str) -> HttpResponse:
    """Give a letter of this claim as a PDF, or as a page to print where none can be made."""
    found = next((one for one in letters.of_claim(claim.id) if one.code == letter), None)
    if found is None:
        raise NotFound
    return letter_as_file(found)


def paper_of(claim: queries.ClaimView, paper_id: int) -> Line:
    """Return a line of this claim's checklist, or raise ``NotFound``."""
    for line in lines(claim):
        if line.id == paper_id:
            return line
    raise NotFound
