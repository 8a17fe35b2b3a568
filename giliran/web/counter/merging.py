"""The desk for cards that may belong to one person.

All offices share one list: a card of the register belongs to no region, and people go to any
branch. Before all others stand those whose claim in this region is under way. The list shows
no names; whoever opens a pair leaves a trace with both people each time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giliran import clock
from giliran.claims import letters
from giliran.claims.waiting import citizens_waiting
from giliran.core.identifiers import masked_nik
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.people import merging
from giliran.web.public.letters import letter_as_file
from giliran.web.refusals import sentence
from giliran.web.staff import DATA, actor, at_office, may_open, roles_here

UNREADABLE = 422
PAGE = 50
ASK = frozenset({"officer", "manager", "regional"})
DECIDE = frozenset({"manager", "regional"})
KINDS = {
    "same_nik": gettext_noop("NIK sama"),
    "near_name": gettext_noop("Lahir pada hari yang sama, nama mirip"),
    "asked": gettext_noop("Diajukan petugas"),
}


def _frame(request: HttpRequest, office: Any) -> dict[str, Any]:
    roles = roles_here(request, office)
    return {
        "office": office,
        "may": may_open(roles),
        "may_ask": bool(roles & ASK),
        "may_decide": bool(roles & DECIDE),
    }


def _by(request: HttpRequest, office: Any) -> dict[str, Any]:
    return {"officer_id": int(request.user.pk or 0), "office_id": office.id, "now": clock.now()}


@at_office(*DATA)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("kartu", "kartu_lain")
def desk(request: HttpRequest, office: Any) -> HttpResponse:
    """List what is to be decided and what was; take a pair of cards that an officer asks about."""
    frame = _frame(request, office)
    if request.method != "POST":
        return _list(request, frame)
    if not frame["may_ask"]:
        raise PermissionDenied
    typed = {name: request.POST.get(name, "") for name in ("kartu", "kartu_lain", "alasan")}
    try:
        match = merging.ask(
            typed["kartu"], typed["kartu_lain"], reason=typed["alasan"], **_by(request, office)
        )
    except BadInput as refusal:
        fields = {"kpj": "kartu", "other": "kartu_lain", "reason": "alasan"}
        wrong = {fields[refusal.field]: sentence(refusal)}
        return _list(request, frame, status=UNREADABLE, typed=typed, wrong=wrong)
    except Refusal as refusal:
        return _list(request, frame, status=409, typed=typed, refused=sentence(refusal))
    messages.success(request, gettext("Diajukan. Pasangan kartu ini menunggu diputuskan."))
    return redirect("merging_pair", office.slug, match.id)


def _list(
    request: HttpRequest, frame: dict[str, Any], *, status: int = 200, **context: Any
) -> HttpResponse:
    page = max(1, int(n)) if (n := request.GET.get("hal", "1")).isdecimal() and len(n) < 6 else 1  # noqa: PLR2004
    found = merging.open_matches(
        waiting=citizens_waiting(frame["office"].region_id),
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
    )
    context |= {
        **frame,
        "rows": [(one, gettext(KINDS[one.kind])) for one in found[:PAGE]],
        "earlier": page - 1,
        "later": page + 1 if len(found) > PAGE else 0,
        "decided": merging.decided(limit=20) if page == 1 else [],
    }
    return render(request, "staff/merging.html", context, status=status)


@at_office(*DATA)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pair(request: HttpRequest, office: Any, match_id: int) -> HttpResponse:
    """Put two cards side by side, recording the look; take what is decided about them."""
    frame = _frame(request, office)
    try:
        if request.method != "POST":
            return _side_by_side(request, frame, match_id)
        if not frame["may_decide"]:
            raise PermissionDenied
        said = _decide(request, office, match_id)
    except NotFound as refusal:
        raise Http404 from refusal
    except BadInput as refusal:
        wrong = {f"{request.POST.get('langkah', '')}_{refusal.field}": sentence(refusal)}
        return _side_by_side(request, frame, match_id, status=UNREADABLE, wrong=wrong)
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
    else:
        messages.success(request, said)
    return redirect("merging_pair", office.slug, match_id)


def _decide(request: HttpRequest, office: Any, match_id: int) -> str:
    """Do one of the three steps of the page; returns what to say."""
    step, reason = request.POST.get("langkah"), request.POST.get("alasan", "")
    by = _by(request, office)
    if step == "pisah":
        merging.keep_apart(match_id, reason=reason, **by)
        return gettext("Dicatat: dua orang yang berbeda. Pasangan ini tidak ditanyakan lagi.")
    if step == "batal":
        merging.undo(match_id, **by)
        return gettext("Keputusan dibatalkan. Semua data kembali seperti sebelumnya.")
    with transaction.atomic():  # no merger without its letter
        shown = merging.pair(match_id)
        done = merging.merge(
            match_id,
            into_id=_number(request, "kartu"),
            citizen_id=_number(request, "nik")
            if shown.first.citizen_id != shown.second.citizen_id
            else shown.first.citizen_id,
            reason=reason,
            **by,
        )
        _write_letter(request, office, merging.pair(match_id), shown, done.before["chosen"])
    return gettext("Kartu sudah digabung. Cetak suratnya dan berikan kepada peserta.")


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0  # noqa: PLR2004


def _write_letter(
    request: HttpRequest, office: Any, after: Any, before: Any, citizen_id: int
) -> None:
    right = before.first if before.first.citizen_id == citizen_id else before.second
    numbers = {before.first.kpj, before.second.kpj, *before.first.joined, *before.second.joined}
    kept = after.merging.into.kpj
    letters.write(
        "merger",
        citizen_id=citizen_id,
        office_id=office.id,
        content={
            "name": right.name,
            "kept": kept,
            "joined": sorted(numbers - {kept}),
            "reason": after.merging.reason,
        },
        actor=actor(request),
        now=after.merging.merged_at,
    )


def _side_by_side(
    request: HttpRequest,
    frame: dict[str, Any],
    match_id: int,
    *,
    status: int = 200,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    shown = merging.pair(match_id)
    _note(request, frame["office"], shown, what="cards")
    first, second = shown.first, shown.second
    niks = _niks(first.nik, second.nik)
    # PP 44/2015 Pasal 8(1): membership goes on with the old card.
    eldest = min((first, second), key=lambda card: (card.opened_on, card.id))
    context = {
        **frame,
        "shown": shown,
        "kind": gettext(KINDS[shown.kind]),
        "cards": [
            (card, nik, _rupiah(card.sums.balance))
            for card, nik in zip((first, second), niks, strict=True)
        ],
        "same_nik": first.citizen_id == second.citizen_id,
        "same_name": first.name.casefold() == second.name.casefold(),
        "same_birth": first.birth == second.birth,
        "balance": _rupiah(shown.together.balance),
        "typed": request.POST,
        "chosen_card": request.POST.get("kartu", str(eldest.id)),
        "wrong": wrong or {},
        "letter": _letter(shown),
    }
    return render(request, "staff/merging_pair.html", context, status=status)


def _niks(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return both NIKs digit by digit: masked but for the digits that tell them apart."""
    masks = [masked_nik(nik) for nik in (one, other)]
    differ = [a != b for a, b in zip(one, other, strict=True)]
    return (
        [(n if d else m, d) for n, m, d in zip(one, masks[0], differ, strict=True)],
        [(n if d else m, d) for n, m, d in zip(other, masks[1], differ, strict=True)],
    )


def _rupiah(amount: Decimal | None) -> str:
    return "" if amount is None else f"Rp{amount:,.0f}".replace(",", ".")


def _letter(shown: Any) -> Any:
    """Return the letter that tells of a merger that stands, or None."""
    if shown.merging is None:
        return None
    written = letters.letters_to(shown.merging.before["chosen"])
    return next(
        (one for one in written if one.kind == "merger" and one.made_at == shown.merging.merged_at),
        None,
    )


def _note(request: HttpRequest, office: Any, shown: Any, *, what: str) -> None:
    merging.note_look(
        shown.match_id,
        what=what,
        citizen_ids=shown.citizen_ids,
        office_id=office.id,
        actor=actor(request),
        now=clock.now(),
    )


@at_office(*DATA)
@require_safe
@never_cache
def letter(request: HttpRequest, office: Any, match_id: int) -> HttpResponse:
    """Give the letter of a merger to be printed, recording the look."""
    try:
        shown = merging.pair(match_id)
    except NotFound as refusal:
        raise Http404 from refusal
    written = _letter(shown)
    if written is None:
        raise Http404
    _note(request, office, shown, what="letter")
    return letter_as_file(written)


@at_office(*DATA)
@require_POST
@never_cache
@sensitive_post_parameters("cari")
def find(request: HttpRequest, office: Any) -> HttpResponse:
    """List the matches of one card; its number doesn't stand in an address."""
    frame, typed = _frame(request, office), request.POST.get("cari", "")
    try:
        kpj = merging.parse_kpj(typed, field="cari")
    except BadInput as refusal:
        return _list(
            request, frame, status=UNREADABLE, sought=typed, wrong={"cari": sentence(refusal)}
        )
    found = [(one, gettext(KINDS[one.kind])) for one in merging.matches_of(kpj)]
    return _list(request, frame, sought=typed, found=found, is_sought=True)
