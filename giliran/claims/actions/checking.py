"""The check before the visit: each paper, then the whole file."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from giliran.claims.actions import telling
from giliran.claims.actions.moving import hold, hold_of_paper, move
from giliran.claims.actions.submitting import NEEDED
from giliran.claims.checklists import name_of_paper
from giliran.claims.models import Claim, Paper
from giliran.claims.refusals import FaultMissing, NothingToAskFor, PapersNotChecked
from giliran.core.claim import Move, State, after
from giliran.journal.actions import record
from giliran.offices import queries as offices

Verdict = Literal["good", "wrong", "seen", "waived"]
ACCEPTED = frozenset({Paper.State.GOOD, Paper.State.SEEN, Paper.State.WAIVED})


def check_paper(
    paper_id: int,
    *,
    verdict: Verdict,
    fault: str = "",
    fault_text: str = "",
    officer_id: int,
    now: datetime,
) -> Claim:
    """Say of one paper that it is good, wrong with its fault, seen as original, or not needed.

    ``fault`` is a code of claims/faults.py, ``fault_text`` an officer's own words of at most 200
    letters. If it was the last original to be seen, the legal clock starts. Raises
    ``FaultMissing``, ``PapersFixed`` or ``NotFound``.
    """
    state = Paper.State(verdict)
    if state == Paper.State.WRONG and not (fault or fault_text.strip()):
        raise FaultMissing("fault")
    is_wrong = state == Paper.State.WRONG
    with transaction.atomic():
        claim = hold_of_paper(paper_id)
        Paper.objects.filter(id=paper_id).update(
            state=state,
            fault=fault if is_wrong else "",
            fault_text=" ".join(fault_text.split())[:200] if is_wrong else "",
            checked_by=officer_id,
            checked_at=now,
        )
        actor = f"officer:{officer_id}"
        record(
            "paper.checked",
            at=now,
            actor=actor,
            office_id=claim.office_id,
            subject_id=paper_id,
            claim=claim.id,
            verdict=state.value,
            fault=fault if is_wrong else "",
        )
        waits = claim.state == State.COMPLETE and claim.complete_on is None
        if waits and not not_accepted(claim):
            return _start_clock(claim, Move.RECKON, actor=actor, now=now)
        return claim


def not_accepted(claim: Claim) -> list[Paper]:
    """Return the papers that still stand in a claim's way, in the order of the checklist."""
    return [
        paper
        for paper in Paper.objects.filter(claim=claim).order_by("position")
        if paper.state not in ACCEPTED
        and (paper.need in NEEDED or paper.state != Paper.State.MISSING)
    ]


def check_all_accepted(claim: Claim, *, but: frozenset[str] = frozenset()) -> None:
    """Raise ``PapersNotChecked`` unless every needed or sent paper is accepted."""
    open_papers = [paper for paper in not_accepted(claim) if paper.state not in but]
    if open_papers:
        names = ", ".join(name_of_paper(paper.code) for paper in open_papers)
        raise PapersNotChecked(papers=names)


def ask_for_papers(claim_id: int, *, officer_id: int, now: datetime) -> Claim:
    """Give a claim back for papers that are missing or wrong; a clock that runs stands still.

    The claimant is told at once, a sentence per paper. Raises ``NothingToAskFor``,
    ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        claim = hold(claim_id)
        after(State(claim.state), Move.RETURN)
        if not lacking_papers(claim):
            raise NothingToAskFor
        claim = move(
            claim, Move.RETURN, actor=f"officer:{officer_id}", now=now, verified_by_id=None
        )
        telling.papers_wanted(claim, now=now)
        return claim


def lacking_papers(claim: Claim) -> list[Paper]:
    """Return the papers that the claimant must send or send anew, in the checklist's order."""
    return [
        paper
        for paper in Paper.objects.filter(claim=claim).order_by("position")
        if paper.state == Paper.State.WRONG
        or (paper.need in NEEDED and paper.state == Paper.State.MISSING)
    ]


def complete(claim_id: int, *, needs_visit: bool, officer_id: int, now: datetime) -> Claim:
    """Say that a file is complete and correct: the legal clock starts, or goes on.

    With ``needs_visit`` originals are still to be shown; while one that was never sent is among
    them, the file isn't complete and the clock waits for it. Raises ``PapersNotChecked``,
    ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        claim = hold(claim_id)
        after(State(claim.state), Move.COMPLETE)
        check_all_accepted(
            claim, but=frozenset({Paper.State.BROUGHT}) if needs_visit else frozenset()
        )
        actor = f"officer:{officer_id}"
        if not_accepted(claim):
            claim = move(claim, Move.COMPLETE, actor=actor, now=now, needs_visit=True)
            telling.visit_wanted(claim, now=now)
            return claim
        return _start_clock(claim, Move.COMPLETE, actor=actor, now=now, needs_visit=needs_visit)


def _start_clock(claim: Claim, how: Move, *, actor: str, now: datetime, **changes: bool) -> Claim:
    day0 = claim.complete_on or offices.local_day(claim.office, now)
    claim = move(claim, how, actor=actor, now=now, complete_on=day0, **changes)
    telling.complete(claim, now=now)
    return claim
