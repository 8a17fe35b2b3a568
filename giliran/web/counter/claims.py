"""The officers' list of claims: what is due first stands first. No names stand in it."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.claims import queries, worklists
from giliran.claims.deadlines import clock_state
from giliran.core.identifiers import parse_code
from giliran.core.refusal import BadInput, NotFound
from giliran.offices import queries as offices
from giliran.web.counter.claims_reach import READ, WORK, frame
from giliran.web.counter.claims_words import TAGS, Left, kind_name, left, state_name
from giliran.web.refusals import sentence
from giliran.web.staff import at_office, roles_here

LISTS = {
    "periksa": gettext_noop("Perlu diperiksa, sewilayah"),
    "kantor": gettext_noop("Semua di kantor ini"),
    "verifikasi": gettext_noop("Perlu diverifikasi"),
    "putuskan": gettext_noop("Perlu diputuskan"),
    "kembali": gettext_noop("Dokumen diminta"),
    "belum": gettext_noop("Belum selesai diisi"),
}


class Row(NamedTuple):
    """One claim of the list."""

    claim: Any
    kind: str
    state: str
    tag: str
    left: Left
    is_elsewhere: bool


@at_office(*READ)
@require_safe
@never_cache
def work(request: HttpRequest, office: Any) -> HttpResponse:
    """Show one list, a page at a time, or lead to the claim whose code was typed or scanned."""
    typed = request.GET.get("kode", "").strip()
    not_found = ""
    if typed:
        try:
            found = queries.by_code(parse_code(typed))
        except (BadInput, NotFound) as refusal:
            not_found = sentence(refusal)
        else:
            return redirect("claim_file", office.slug, found.code)
    officer_id, today = int(request.user.pk or 0), offices.local_day(office, clock.now())
    which = request.GET.get("daftar", "")
    counts = worklists.counts(
        office_id=office.id, region_id=office.region_id, officer_id=officer_id
    )
    which = which if which in LISTS else _first(counts)
    number = request.GET.get("halaman", "")
    found_page = worklists.work(
        which,
        office_id=office.id,
        region_id=office.region_id,
        officer_id=officer_id,
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,  # noqa: PLR2004
    )
    context = {
        **frame(request, office),
        "lists": [(code, gettext(name), counts[code]) for code, name in LISTS.items()],
        "which": which,
        "title": gettext(LISTS[which]),
        "slice": found_page,
        "rows": [_row(one, office, today) for one in found_page.claims],
        "may_take_in": bool(roles_here(request, office) & WORK),
        "typed": typed,
        "not_found": not_found,
    }
    return render(request, "staff/claim_list.html", context, status=404 if not_found else 200)


def _first(counts: dict[str, int]) -> str:
    """Return the list to begin with: the first one that holds something to do."""
    to_do = ("verifikasi", "putuskan", "periksa")
    return next((which for which in to_do if counts[which]), "periksa")


def _row(claim: Any, office: Any, today: date) -> Row:
    return Row(
        claim,
        kind_name(claim.kind),
        state_name(claim.state),
        TAGS[claim.state],
        left(claim.due_on, today, claim.office, clock_state(claim)),
        claim.office_id != office.id,
    )
