"""Reading claims: the officers' lists, and, of one claim, all that stands in its file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from giliran.claims.checklists import answer_for, kind_of, name_of_paper
from giliran.claims.deadlines import ClockState
from giliran.claims.files import (
    ClaimView,
    DocumentView,
    PaperView,
    account_of,
    amount_expected,
    by_code,
    claim,
    claim_of_paper,
    name_of,
    open_to,
    papers,
    phone_of,
    reason_of,
    situation_of,
    view_of,
)
from giliran.claims.models import Claim, Warned
from giliran.claims.tracking import Tracked, prove, shown, tracked
from giliran.claims.verdicts import law, verdict
from giliran.core.claim import CLOCK_RUNS, OPEN, ClaimMoveNotAllowed, State, rebuild

__all__ = [
    "ClaimView",
    "ClockState",
    "DocumentView",
    "PaperView",
    "Tracked",
    "account_of",
    "amount_expected",
    "answer_for",
    "by_code",
    "claim",
    "claim_of_paper",
    "claims_of",
    "differences_from_history",
    "kind_of",
    "law",
    "name_of",
    "name_of_paper",
    "open_to",
    "overdue_by_office",
    "papers",
    "phone_of",
    "prove",
    "reason_of",
    "shown",
    "situation_of",
    "tracked",
    "verdict",
    "warnings",
    "work_list",
]

UNDECIDED = frozenset(OPEN - {State.DRAFTED})


def work_list(
    *,
    office_id: int | None = None,
    region_id: int | None = None,
    state: State | str | None = None,
) -> list[ClaimView]:
    """Return what an office or a region has to do, what is due first; without drafts.

    Before all others come claims whose clock runs to a day that nobody can know yet; after those
    with a due day come those without a clock, the longest waiting first.
    """
    found = _in(office_id, region_id).filter(state__in=[state] if state else sorted(UNDECIDED))
    ordered = found.order_by(F("due_on").asc(nulls_last=True), "moved_at", "id")
    views = [view_of(one) for one in ordered]
    return sorted(views, key=lambda view: view.clock is not ClockState.UNKNOWN)


def claims_of(nik_citizen_id: int) -> list[ClaimView]:
    """Return all claims that a citizen makes or that are made for them, newest first."""
    mine = Q(claimant_id=nik_citizen_id) | Q(citizen_id=nik_citizen_id)
    return [view_of(one) for one in _all().filter(mine).order_by("-id")]


class OfficeDeadlines(NamedTuple):
    """How an office's open claims stand to their deadlines."""

    office_id: int
    office: str
    slug: str
    open: int
    overdue: int
    at_risk: int
    escalated: int


def overdue_by_office(region_id: int, *, today: date) -> list[OfficeDeadlines]:
    """Return each office of a region with its open, overdue, warned and escalated claims."""
    late = Q(state__in=sorted(CLOCK_RUNS), due_on__lt=today)
    warned = Q(state__in=sorted(CLOCK_RUNS), due_on__gte=today, warnings__due_on=F("due_on"))
    centre = late & Q(warnings__level=Warned.Level.CENTRE, warnings__due_on=F("due_on"))
    rows = (
        Claim.objects.filter(office__region_id=region_id, state__in=sorted(UNDECIDED))
        .values_list("office_id", "office__name", "office__slug")
        .annotate(
            open=Count("id", distinct=True),
            overdue=Count("id", filter=late, distinct=True),
            at_risk=Count("id", filter=warned, distinct=True),
            escalated=Count("id", filter=centre, distinct=True),
        )
        .order_by("office__name")
    )
    return [OfficeDeadlines(*row) for row in rows]


class Warning_(NamedTuple):  # noqa: N801 -- Python's own Warning is something else
    """A claim that was put before somebody, because its deadline is near or over."""

    id: int
    level: str
    due_on: date
    at: datetime
    claim: ClaimView
    seen_by: tuple[int, ...]


def warnings(
    *, level: str, office_id: int | None = None, region_id: int | None = None
) -> list[Warning_]:
    """Return the warnings of a level that still hold, the oldest deadline first."""
    found = Warned.objects.filter(
        level=level, claim__state__in=sorted(CLOCK_RUNS), claim__due_on=F("due_on")
    )
    if office_id is not None:
        found = found.filter(claim__office_id=office_id)
    if region_id is not None:
        found = found.filter(claim__office__region_id=region_id)
    return [
        Warning_(one.id, one.level, one.due_on, one.at, view_of(one.claim), tuple(one.seen_by))
        for one in found.select_related("claim__office").order_by("due_on", "claim_id")
    ]


def differences_from_history() -> Iterator[tuple[int, str]]:
    """Yield (claim id, difference) for every claim; empty where history and state agree.

    The history is compared column by column with the row as PostgreSQL writes it, sealed columns
    aside.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id,
                   to_jsonb(c) - ARRAY['name_sealed', 'phone_sealed', 'situation_sealed',
                                       'birth_index', 'account_sealed', 'reason_sealed'],
                   (SELECT jsonb_agg(e.data ORDER BY e.id) FROM journal_event e
                    WHERE e.subject = 'claim' AND e.subject_id = c.id AND e.data ? 'move')
            FROM claims_claim c ORDER BY c.id
            """
        )
        for claim_id, row, events in cursor.fetchall():
            stored, told = json.loads(row), json.loads(events or "[]")
            try:
                rebuilt = rebuild(told)
            except ClaimMoveNotAllowed as refusal:
                yield claim_id, f"impossible history: {refusal}"
                continue
            wrong = sorted(k for k in stored if stored[k] != rebuilt.get(k))
            yield claim_id, f"differs in {', '.join(wrong)}" if wrong else ""


def _all() -> QuerySet[Claim]:
    return Claim.objects.select_related("office")


def _in(office_id: int | None, region_id: int | None) -> QuerySet[Claim]:
    found = _all()
    if office_id is not None:
        found = found.filter(office_id=office_id)
    if region_id is not None:
        found = found.filter(office__region_id=region_id)
    return found
