"""Taking a claim in at a booth or a counter; a branch goes on where a booth stopped.

The page's script keeps what was typed and scanned in the browser until this side has acknowledged
it, and asks the same addresses as the form without a script.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import documents, queries
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.journal.actions import record
from giliran.journal.queries import happened
from giliran.offices import queries as offices
from giliran.web.counter.claims_intake_form import (
    HEIR,
    KIND,
    Form,
    Wanted,
    bank_choices,
    branches,
    claimable,
    heir_choices,
    usual_branch,
    wanted,
)
from giliran.web.counter.claims_reach import WORK, frame
from giliran.web.counter.claims_words import KINDS, kind_name, told
from giliran.web.staff import actor, at_office

CREATED, UNREADABLE, CONFLICT = 201, 422, 409


@require_safe
@login_required
def anywhere(request: HttpRequest) -> HttpResponse:
    """Lead from the answers about a right to the intake of an office where the officer works."""
    found = offices.offices_and_roles(int(request.user.pk or 0))
    mine = [office for office, roles in found if roles & WORK]
    query = request.GET.urlencode()
    links = [(one, f"{reverse('claim_intake', args=[one.slug])}?{query}") for one in mine]
    if not links:
        raise PermissionDenied
    if len(links) == 1:
        return redirect(links[0][1])
    return render(request, "staff/claim_where.html", {"links": links})


@at_office(*WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def intake(request: HttpRequest, office: Any) -> HttpResponse:
    """Choose what is claimed, then take in who claims, the account and the papers."""
    today = offices.local_day(office, clock.now())
    try:
        want = wanted(request, today)
    except BadInput:
        want = None
    if want is None:
        return _choose(request, office)
    if request.method != "POST":
        return _show(request, office, want)
    form = Form(request.POST, want.by_heir, office.region_id)
    try:
        claim, wrong = None, form.wrong()
        claim = None if wrong else _take(request, office, want, form)
    except BadInput as refusal:
        wrong = {refusal.field: told(refusal)}
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else CONFLICT
        return _refuse(request, office, want, refused=told(refusal), status=status)
    if claim is None:
        return _refuse(request, office, want, wrong=wrong, status=UNREADABLE)
    return _taken(request, office, claim)


def _taken(request: HttpRequest, office: Any, claim: Any) -> HttpResponse:
    """Answer the script with where the scans go; without one, keep them and show the receipt."""
    if _by_script(request):
        return JsonResponse(_acknowledged(office, claim), status=CREATED)
    _keep_scans(request, claim)
    hand_in(request, claim)
    return redirect("claim_receipt", office.slug, claim.code)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _choose(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the kinds of claim, those first to which the answers about a right lead."""
    today = offices.local_day(office, clock.now())
    here = reverse("claim_intake", args=[office.slug])
    query = request.GET.copy()
    for name in (KIND, HEIR):
        query.pop(name, None)
    led = [
        (kind_name(kind), f"{here}?{query.urlencode()}&{KIND}={kind}")
        for kind, _answer in claimable(request, today)
    ]
    if len(led) == 1 and query:
        return redirect(led[0][1])
    context = {
        **frame(request, office),
        "led": led,
        "asked_before": bool(query),
        "kinds": [(code, kind_name(code)) for code in KINDS if not code.startswith("jkp/")],
        "heirs": heir_choices(),
    }
    return render(request, "staff/claim_choose.html", context)


def _show(
    request: HttpRequest, office: Any, want: Wanted, *, status: int = 200, **context: Any
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else {"office": usual_branch(office)}
    context |= {
        **frame(request, office),
        "want": want,
        "kind": kind_name(want.kind),
        "typed": typed,
        "request_key": request.POST.get("request_key") or uuid4(),
        "branches": branches(office),
        "banks": bank_choices(),
        "scans": [(f"scan-{one.code}-{one.of}", one) for one in want.papers],
    }
    return render(request, "staff/claim_intake.html", context, status=status)


def _refuse(
    request: HttpRequest, office: Any, want: Wanted, *, status: int, **said: Any
) -> HttpResponse:
    if _by_script(request):
        return JsonResponse(said, status=status)
    return _show(request, office, want, status=status, **said)


def _take(request: HttpRequest, office: Any, want: Wanted, form: Form) -> Any:
    """Draft the claim and write the account to it; the same form again changes nothing."""
    now, by, who = clock.now(), actor(request), form.claimant()
    try:
        # Who goes back to the form and types the next person's NIK begins the next person's claim.
        key = uuid5(
            UUID(form.text("request_key")), f"{who.nik} {form.participant_nik()} {want.kind}"
        )
    except ValueError:
        raise NotFound from None
    claim = claims.begin(
        who,
        situation=want.situation,
        program=want.program,
        kind=want.kind,
        participant_nik=form.participant_nik(),
        kpj=form.text("kpj"),
        office_id=form.office_id(),
        begun_at_id=office.id,
        request_key=key,
        channel="booth" if office.kind == "mpp_booth" else "clerk",
        actor=by,
        now=now,
    )
    if not happened("consent.given", subject_id=claim.id):
        record("consent.given", at=now, actor=by, office_id=office.id, subject_id=claim.id)
    account = form.account()
    if account and claim.state == "drafted":
        claims.fill(claim.id, account=account, actor=by, now=now)
    return claim


def _acknowledged(office: Any, claim: Any) -> dict[str, Any]:
    """Tell the script under which addresses the scans are wanted."""
    return {
        "code": claim.code,
        "papers": {
            f"scan-{one.code}-{one.of}": reverse(
                "claim_piece", args=[office.slug, claim.code, one.id]
            )
            for one in queries.papers(claim.id)
        },
        "hand_in": reverse("claim_hand_in", args=[office.slug, claim.code]),
        "receipt": reverse("claim_receipt", args=[office.slug, claim.code]),
    }


def _keep_scans(request: HttpRequest, claim: Any) -> None:
    """Keep what a form without a script brought along; say which scan is no good, and why."""
    for one in queries.papers(claim.id):
        keep_files(request, one.id, request.FILES.getlist(f"scan-{one.code}-{one.of}"))


def keep_files(request: HttpRequest, paper_id: int, files: list[Any]) -> bool:
    """Keep files for a paper and say what the machine saw; returns whether all were kept."""
    all_kept = True
    for file in files:
        try:
            documents.keep(
                paper_id,
                file,
                insists=request.POST.get("tetap") == "1",
                actor=actor(request),
                now=clock.now(),
            )
        except Refusal as refusal:
            all_kept = False
            messages.warning(request, f"{file.name[:60]}: {told(refusal)}")
    return all_kept


def hand_in(request: HttpRequest, claim: Any) -> bool:
    """Send the file to the check if nothing is missing; say what is, if something is."""
    try:
        claims.submit(claim.id, actor=actor(request), now=clock.now())
    except Refusal as refusal:
        messages.warning(request, told(refusal))
        return False
    messages.success(request, gettext("Berkas dikirim untuk diperiksa."))
    return True
