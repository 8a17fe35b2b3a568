"""An ombudsman's findings: what is open, late and done, and whether the figure moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from giliran import clock
from giliran.core.refusal import NotFound, Refusal
from giliran.figures import proofs
from giliran.offices import queries as offices
from giliran.people import queries as people
from giliran.voices import findings
from giliran.voices.actions import finding as deeds
from giliran.web.refusals import sentence
from giliran.web.staff import READS_FINDINGS
from giliran.web.typed import key_in
from giliran.web.typed import typed as without_nul

REPORTS = frozenset({"manager", "regional"})
DECIDES = frozenset({"regional", "administrator", "auditor"})
ENTERS = frozenset({"regional", "administrator"})


class Reach(NamedTuple):
    """What an officer may read and do: roles by office and by region."""

    by_office: dict[int, frozenset[str]]
    by_region: dict[int, frozenset[str]]
    offices: dict[int, Any]

    def at(self, of: findings.FindingView) -> frozenset[str]:
        """Return the roles that count for a finding."""
        if of.office_id is not None:
            return self.by_office.get(of.office_id, frozenset())
        if of.region_id is not None:
            return self.by_region.get(of.region_id, frozenset())
        everybody: frozenset[str] = frozenset().union(*self.by_office.values())
        # What is found of all offices each region works off; only the centre decides about it.
        return everybody - {"regional"} | ({"manager"} if "regional" in everybody else set())


class ActionRow(NamedTuple):
    """A corrective action as it is shown."""

    one: findings.ActionView
    is_late: bool
    days: int
    proof: proofs.Proof | None
    evidence: list[tuple[findings.EvidenceView, str]]
    may_report: bool
    may_decide: bool


def reach(officer_id: int) -> Reach:
    """Return where an officer may read findings; raises ``PermissionDenied`` for nowhere."""
    mine = [(o, r) for o, r in offices.offices_and_roles(officer_id) if r & READS_FINDINGS]
    if not mine:
        raise PermissionDenied
    by_region: dict[int, frozenset[str]] = {}
    for office, roles in mine:
        by_region[office.region_id] = by_region.get(office.region_id, frozenset()) | (
            roles & (READS_FINDINGS - {"manager"}) or frozenset({"reader"})
        )
    return Reach({o.id: r for o, r in mine}, by_region, {o.id: o for o, _ in mine})


@require_safe
@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """List the findings that concern the reader, with what is open, late and done."""
    known = reach(int(request.user.pk or 0))
    now = clock.now()
    rows = [
        (one, _about(one, known), one.late(_today(one, known, now)))
        for one in findings.findings(office_ids=known.by_office, region_ids=known.by_region)
    ]
    every = [action for one, _, _ in rows for action in one.actions]
    context = {
        "rows": rows,
        "late": sum(late for _, _, late in rows),
        "open": sum(not action.is_done for action in every),
        "done": sum(action.is_done for action in every),
        "may_enter": any(roles & ENTERS for roles in known.by_region.values()),
    }
    return render(request, "manager/findings.html", context)


@require_safe
@login_required
@never_cache
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show a finding: each action with its date, its evidence and its figure."""
    found, known = _found(request, code)
    return render(request, "manager/finding.html", _context(request, found, known))


def _context(request: HttpRequest, of: findings.FindingView, known: Reach) -> dict[str, Any]:
    roles = known.at(of)
    today = _today(of, known, clock.now())
    where = proofs.offices_of(of)
    rows = [
        ActionRow(
            action,
            action.is_late(today),
            abs((action.due_on - today).days),
            proofs.proof_of(action, where, received_on=of.received_on, today=today),
            [(each, _who(each.by)) for each in action.evidence],
            bool(roles & REPORTS) and not action.is_done,
            bool(roles & DECIDES) and action.state == findings.STATES.REPORTED,
        )
        for action in of.actions
    ]
    return {
        "finding": of,
        "about": _about(of, known),
        "rows": rows,
        "today": today,
        "late": of.late(today),
        "request_key": uuid4(),
        "is_demo": settings.GILIRAN_DEMO,
    }


@require_POST
@login_required
def report(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """Take "it is done", with what shows it."""
    found, known = _found(request, code)
    if not known.at(found) & REPORTS:
        raise PermissionDenied

    def do(action: findings.ActionView, key: UUID) -> None:
        deeds.report_done(
            action.id,
            request_key=key,
            text=typed(request, "text"),
            url=typed(request, "url"),
            officer_id=int(request.user.pk or 0),
            now=clock.now(),
        )

    said = gettext("Laporan tersimpan. Kantor wilayah atau auditor akan memutuskannya.")
    return _do(request, found, known, position, do, said)


@require_POST
@login_required
def decide(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """Take "that is enough" or what is still missing."""
    found, known = _found(request, code)
    if not known.at(found) & DECIDES:
        raise PermissionDenied
    is_enough = request.POST.get("cukup") == "ya"

    def do(action: findings.ActionView, key: UUID) -> None:
        deeds.decide(
            action.id,
            request_key=key,
            is_enough=is_enough,
            reason=typed(request, "reason"),
            officer_id=int(request.user.pk or 0),
            now=clock.now(),
        )

    said = gettext("Diterima.") if is_enough else gettext("Dikembalikan dengan alasannya.")
    return _do(request, found, known, position, do, said)


def _do(
    request: HttpRequest,
    of: findings.FindingView,
    known: Reach,
    position: int,
    do: Callable[[findings.ActionView, UUID], None],
    said: str,
) -> HttpResponse:
    action = next((each for each in of.actions if each.position == position), None)
    key = request_key(request)
    if action is None or key is None:
        raise Http404
    try:
        do(action, key)
    except Refusal as refusal:
        context = _context(request, of, known)
        wrong = {"wrong": sentence(refusal), "wrong_at": position, "typed": request.POST}
        return render(request, "manager/finding.html", context | wrong, status=400)
    messages.success(request, said)
    return redirect("finding", of.code)


def _found(request: HttpRequest, code: str) -> tuple[findings.FindingView, Reach]:
    known = reach(int(request.user.pk or 0))
    try:
        found = findings.finding(code)
    except NotFound as refusal:
        raise Http404 from refusal
    if not known.at(found):
        raise PermissionDenied
    return found, known


def typed(request: HttpRequest, name: str) -> str:
    """Return what was typed into a field, without what no keyboard types."""
    return without_nul(request.POST, name).replace("\r\n", "\n").strip()


def request_key(request: HttpRequest) -> UUID | None:
    """Return the form's own key, None where it has none."""
    return key_in(request.POST)


def _about(of: findings.FindingView, known: Reach) -> str:
    if of.office_id is not None:
        return str(known.offices[of.office_id].name)
    if of.region_id is not None:
        places = known.offices.values()
        return next(str(o.region) for o in places if o.region_id == of.region_id)
    return gettext("Semua kantor")


def _today(of: findings.FindingView, known: Reach, now: datetime) -> date:
    places = known.offices.values()
    zones = (o.region.time_zone for o in places if of.region_id in {None, o.region_id})
    return now.astimezone(ZoneInfo(next(zones, "Asia/Jakarta"))).date()


def _who(by: str) -> str:
    number = by.removeprefix("officer:")
    return people.officer_name(int(number)) if number.isdecimal() else gettext("sistem")
