"""The one place where a claim changes its state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from giliran.claims.deadlines import due_day
from giliran.claims.models import HANDED_IN, Claim, Paper, Pause
from giliran.claims.refusals import PapersFixed
from giliran.core.claim import CLOCK_RUNS, Move, State, after
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices

OPEN_PAPERS = frozenset(
    {State.DRAFTED, State.SUBMITTED, State.RETURNED, State.COMPLETE, State.VERIFIED}
)


def hold(claim_id: int) -> Claim:
    """Return a claim with its row locked until the transaction ends, or raise ``NotFound``.

    Of two officers at once, the second reads what the first one left.
    """
    found = Claim.objects.select_for_update(no_key=True, of=("self",))
    claim = found.select_related("office__region").filter(id=claim_id).first()
    if claim is None:
        raise NotFound
    return claim


def hold_of_paper(paper_id: int) -> Claim:
    """Return a paper's claim with its row locked, while its papers may still change.

    Raises ``PapersFixed`` once the claim is decided, or ``NotFound``.
    """
    claim_id = Paper.objects.filter(id=paper_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotFound
    claim = hold(claim_id)
    if claim.state not in OPEN_PAPERS:
        raise PapersFixed
    return claim


def is_handed_in(citizen_id: int, claimant_id: int, *, kind: str, kpj: str) -> bool:
    """Return whether an open claim of this kind on this card has been handed in already."""
    same = Claim.objects.filter(citizen=citizen_id, claimant=claimant_id, kind=kind, kpj=kpj)
    return same.filter(state__in=HANDED_IN).exists()


def move(claim: Claim, move: Move, *, actor: str, now: datetime, **changes: Any) -> Claim:
    """Make one move of a claim that ``hold`` locked, with these columns changed.

    The legal clock stands still, goes on and is counted anew as the new state wants it. Raises
    ``ClaimMoveNotAllowed``; then nothing has changed.
    """
    claim.state = after(State(claim.state), move)
    for column, value in changes.items():
        setattr(claim, column, value)
    _keep_clock(claim, now=now)
    claim.move, claim.moved_at, claim.moved_by = move, now, actor
    columns = {"state", "move", "moved_at", "moved_by", "due_on", *changes}
    claim.save(update_fields=sorted(columns))
    return claim


def _keep_clock(claim: Claim, *, now: datetime) -> None:
    """Let the clock run in the states in which it runs, and stand where the claimant is asked."""
    if claim.complete_on is None:
        return
    today = offices.local_day(claim.office, now)
    if claim.state in CLOCK_RUNS:
        for pause in Pause.objects.filter(claim=claim, resumed_on__isnull=True):
            pause.resumed_on = max(today, pause.stopped_on)
            pause.save(update_fields=["resumed_on"])
        claim.due_on = due_day(claim)
    elif claim.state in {State.RETURNED, State.BOUNCED}:
        # Returned again before it was complete again: the clock still stands from the first time.
        Pause.objects.get_or_create(claim=claim, resumed_on=None, defaults={"stopped_on": today})
        claim.due_on = None
    elif claim.state == State.SUBMITTED:
        claim.due_on = None
