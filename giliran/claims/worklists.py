"""What an office has to do: claims by what is due, and how a region stands. No names in here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet

from giliran.claims.deadlines import earliest_due
from giliran.claims.files import ClaimView
from giliran.claims.models import Claim, Paper, Warned
from giliran.core.claim import CLOCK_RUNS, OPEN, State
from giliran.journal.models import Event
from giliran.people.models import Officer

PAGE = 50
WINDOW_DAYS = 30
WHICH = ("periksa", "kantor", "verifikasi", "putuskan", "kembali", "belum")


class Slice(NamedTuple):
    """One page of a list: its claims, how many there are in all, and which page this is."""

    claims: list[Claim]
    total: int
    page: int
    pages: int


def _of(which: str, *, office_id: int, region_id: int, officer_id: int) -> QuerySet[Claim]:
    here = Claim.objects.filter(office_id=office_id)
    lists = {
        # The pre-check isn't bound to where the person will go.
        "periksa": Claim.objects.filter(office__region_id=region_id, state=State.SUBMITTED),
        "kantor": here.filter(state__in=sorted(OPEN - {State.DRAFTED})),
        "verifikasi": here.filter(state=State.COMPLETE),
        # Who verified it doesn't decide it: they needn't look at it again.
        "putuskan": here.filter(state=State.VERIFIED).exclude(verified_by_id=officer_id),
        "kembali": here.filter(state=State.RETURNED),
        "belum": Claim.objects.filter(
            Q(office_id=office_id) | Q(begun_at_id=office_id),
            state=State.DRAFTED,
            begun_at__isnull=False,
        ),
    }
    return lists[which]


def work(which: str, *, office_id: int, region_id: int, officer_id: int, page: int = 1) -> Slice:
    """Return one page of a list named in ``WHICH``, what is due first at the top.

    Claims whose clock doesn't run follow, those that wait longest first. A page that there isn't
    gives the last one.
    """
    found = _of(which, office_id=office_id, region_id=region_id, officer_id=officer_id)
    total = found.count()
    pages = max(1, -(-total // PAGE))
    at = min(max(1, page), pages)
    ordered = found.select_related("office").order_by(
        F("due_on").asc(nulls_last=True), F("submitted_at").asc(nulls_last=True), "id"
    )
    return Slice(list(ordered[(at - 1) * PAGE : at * PAGE]), total, at, pages)


def counts(*, office_id: int, region_id: int, officer_id: int) -> dict[str, int]:
    """Return how many claims each list of ``WHICH`` holds."""
    return {
        which: _of(which, office_id=office_id, region_id=region_id, officer_id=officer_id).count()
        for which in WHICH
    }


def open_of(citizen_id: int | None, *, region_id: int) -> list[Claim]:
    """Return somebody's open claims in a region, as the insured or as who is paid, oldest first."""
    if citizen_id is None:
        return []
    found = Claim.objects.filter(
        Q(citizen_id=citizen_id) | Q(claimant_id=citizen_id),
        office__region_id=region_id,
        state__in=sorted(OPEN),
    )
    return list(found.order_by("id"))


class OfficeWork(NamedTuple):
    """How an office stands. ``in_time`` of ``settled`` were paid by their day, in 30 days."""

    office_id: int
    open: int
    to_check: int
    due_today: int
    at_risk: int
    overdue: int
    settled: int
    in_time: int

    @property
    def percent(self) -> int | None:
        """Return the share that was paid in time; None where nothing was paid."""
        return round(100 * self.in_time / self.settled) if self.settled else None


def by_office(
    office_ids: Collection[int], *, today: date, risk_until: date
) -> dict[int, OfficeWork]:
    """Count the claims of each office.

    At risk is what is due after ``today`` and not after ``risk_until``. A paid claim has no due
    day any more: the last one that its history names is the one that was to be kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH mine AS (
                SELECT *, state IN ('paid', 'closed') AND paid_on > %(since)s AS settled
                FROM claims_claim WHERE office_id = ANY(%(offices)s)
            ), told AS (
                SELECT mine.*, (
                    SELECT (e.data ->> 'due_on')::date FROM journal_event AS e
                    WHERE settled AND e.subject = 'claim' AND e.subject_id = mine.id
                        AND e.data ->> 'due_on' IS NOT NULL
                    ORDER BY e.id DESC LIMIT 1) AS was_due_on
                FROM mine WHERE state = ANY(%(open)s) OR settled
            )
            SELECT office_id,
                count(*) FILTER (WHERE state = ANY(%(open)s)),
                count(*) FILTER (WHERE state = 'submitted'),
                count(*) FILTER (WHERE state = ANY(%(runs)s) AND due_on = %(today)s),
                count(*) FILTER (
                    WHERE state = ANY(%(runs)s) AND due_on > %(today)s AND due_on <= %(risk)s),
                count(*) FILTER (WHERE state = ANY(%(runs)s) AND due_on < %(today)s),
                count(*) FILTER (WHERE settled AND was_due_on IS NOT NULL),
                count(*) FILTER (WHERE settled AND paid_on <= was_due_on)
            FROM told GROUP BY office_id
            """,
            {
                "open": sorted(OPEN - {State.DRAFTED}),
                "runs": sorted(CLOCK_RUNS),
                "today": today,
                "risk": risk_until,
                "since": today - timedelta(days=WINDOW_DAYS),
                "offices": list(office_ids),
            },
        )
        rows = [OfficeWork(*row) for row in cursor.fetchall()]
    found = {row.office_id: row for row in rows}
    return {each: found.get(each, OfficeWork(each, 0, 0, 0, 0, 0, 0, 0)) for each in office_ids}


class Escalation(NamedTuple):
    """A claim that was put before somebody and is still unpaid.

    Where ``is_known`` isn't true, ``due_on`` is the earliest day: a year has no decree yet.
    """

    code: str
    office_id: int
    level: str
    due_on: date
    at: datetime
    state: str
    kind: str
    is_known: bool


def escalations(
    office_ids: Collection[int], *, today: date, at_most: int = 100
) -> list[Escalation]:
    """Return what was put before somebody and is still unpaid, the oldest deadline first.

    Each claim stands there once, at the highest level that it reached.
    """
    order = list(Warned.Level.values)
    found: dict[int, Warned] = {}
    for one in Warned.objects.filter(
        Q(due_on=F("claim__due_on")) | Q(claim__due_on__isnull=True),
        claim__office_id__in=list(office_ids),
        claim__state__in=sorted(CLOCK_RUNS),
    ).select_related("claim__office__region"):
        if one.claim.due_on is None and one.due_on != earliest_due(one.claim, today):
            continue  # of a deadline from before the clock stood still
        kept = found.get(one.claim_id)
        if kept is None or order.index(one.level) > order.index(kept.level):
            found[one.claim_id] = one
    ranked = sorted(found.values(), key=lambda one: (one.due_on, one.claim_id))
    return [
        Escalation(
            one.claim.code,
            one.claim.office_id,
            one.level,
            one.due_on,
            one.at,
            one.claim.state,
            one.claim.kind,
            one.claim.due_on is not None,
        )
        for one in ranked[:at_most]
    ]


def mark(claim: Claim | ClaimView) -> str:
    """Return what a page shows of a claim and its papers, to be compared with what it is now."""
    papers = Paper.objects.filter(claim_id=claim.id).prefetch_related("documents")
    parts = [f"{claim.state}", f"{claim.moved_at.timestamp():.6f}"]
    parts += [
        f"{one.id}{one.state}{one.fault}"
        + "".join(f".{d.id}" for d in one.documents.all() if d.removed_at is None)
        for one in papers
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]


class Happened(NamedTuple):
    """One event of a claim's life: what, when, by whom (a name, or empty), and to which state."""

    move: str
    at: datetime
    who: str
    state: str
    data: dict[str, Any]


def history(claim_id: int) -> list[Happened]:
    """Return what became of a claim, oldest first. Looks at it are not part of it."""
    events = list(
        Event.objects.filter(subject="claim", subject_id=claim_id)
        .exclude(kind__in=["claim.seen", "claim.fill"])
        .order_by("id")
    )
    ids = {int(e.actor.partition(":")[2]) for e in events if _is_officer(e.actor)}
    names = {one.id: one.full_name for one in Officer.objects.filter(id__in=ids)}
    return [
        Happened(
            e.kind.partition(".")[2],
            e.at,
            names.get(int(e.actor.partition(":")[2]), "") if _is_officer(e.actor) else "",
            str(e.data.get("state", "")),
            e.data,
        )
        for e in events
    ]


def _is_officer(actor: str) -> bool:
    kind, _, number = actor.partition(":")
    return kind == "officer" and number.isdecimal()
