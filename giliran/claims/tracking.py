"""Looking at a claim without an account: code and birth date, and nothing more than needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from giliran.claims.files import ClaimView, PaperView, claim, open_to, papers
from giliran.claims.models import Claim
from giliran.claims.refusals import NikDiffers, NotYours, TooManyLooks
from giliran.core.claim import State
from giliran.encryption import blind_index
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.people import queries as people

LIMITS = ((5, 10),)  # wrong tries of a code in so many minutes
# A branch's wireless network, or a carrier's, is one address for very many; codes can't be guessed.
ADDRESS_LIMIT = (20, 10)
NIK_LIMITS = (*LIMITS, (15, 24 * 60))


class Tracked(NamedTuple):
    """What somebody with the code and the birth date is told; no name, account or amount."""

    claim_id: int
    code: str
    state: State
    due_on: date | None
    paid_on: date | None
    lacking: tuple[PaperView, ...]


def tracked(code: str, birth: date, *, address: str = "", now: datetime) -> Tracked:
    """Return how a claim stands, to whom its code and the claimant's birth date are known.

    A wrong try is written down; after 5 of a code, or 20 from a net ``address``, in 10 minutes
    nobody is answered until they are over. Never call it inside a transaction, or a wrong try isn't
    counted. Raises ``NotYours`` (the same for a wrong code and a wrong date) or ``TooManyLooks``.
    """
    traces = _traces(code, address)
    with transaction.atomic():
        check_guessing(traces, LIMITS, now=now)
        found = Claim.objects.filter(code=code).values_list("id", flat=True).first()
        opens = found is not None and open_to(found, birth)
        _note(traces, is_right=opens, now=now)
    if found is None or not opens:
        raise NotYours
    return shown(claim(found))


def prove(claim_id: int, nik: str, *, address: str = "", now: datetime) -> None:
    """Check that somebody who may look at a claim also knows its claimant's NIK.

    Code and birth date stand on paper that may be found or seen; an account is changed, and a
    letter with its sum is read, only with the NIK. Wrong tries are counted apart from those of
    ``tracked``: whoever knows the birth date could begin that count anew at will. Six digits of a
    NIK are the birth date, so a claim takes few wrong ones in a day, too. Never call it inside a
    transaction. Raises ``NikDiffers``, ``TooManyLooks`` or ``NotFound``.
    """
    view = claim(claim_id)
    traces = _traces(f"NIK of {view.code}", address)
    with transaction.atomic():
        check_guessing(traces, NIK_LIMITS, now=now)
        is_theirs = people.citizen_with(nik) == view.claimant_id
        _note(traces, is_right=is_theirs, now=now)
    if not is_theirs:
        raise NikDiffers


def shown(view: ClaimView) -> Tracked:
    """Return what a claimant who has shown who they are is told of their claim."""
    lacking: tuple[PaperView, ...] = ()
    if view.state in {State.DRAFTED, State.RETURNED}:
        lacking = tuple(one for one in papers(view.id) if one.is_lacking)
    return Tracked(view.id, view.code, view.state, view.due_on, view.paid_on, lacking)


def check_guessing(
    traces: Mapping[str, Any], limits: Sequence[tuple[int, int]], *, now: datetime
) -> None:
    """Refuse to answer after too many wrong tries of a code, or from an address.

    ``limits`` of the code are pairs of wrong tries and minutes. Call it in the transaction that
    notes the try: others with the same traces wait for it, so that a hundred at once are counted
    like a hundred in a row. A right one begins the count of its code anew, but not that of the
    address: somebody who guesses may have a claim of their own. Raises
    ``TooManyLooks``.
    """
    with connection.cursor() as cursor:
        for lock in sorted(traces.values()):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tracking {lock}"])
    for key, trace in traces.items():
        for most, minutes in limits if key == "code" else (ADDRESS_LIMIT,):
            since = now - timedelta(minutes=minutes)
            found = moments("tracking.found", after=since, **{key: trace}) if key == "code" else []
            failed = moments("tracking.failed", after=found[0] if found else since, **{key: trace})
            if len(failed) >= most:
                left = failed[most - 1] + timedelta(minutes=minutes) - now
                raise TooManyLooks(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _note(traces: Mapping[str, Any], *, is_right: bool, now: datetime) -> None:
    kind = "tracking.found" if is_right else "tracking.failed"
    record(kind, at=now, actor="visitor", subject_id=None, **traces)


def _traces(code: str, address: str) -> dict[str, str]:
    # What was typed as a code may be anything: only its blind index is kept.
    traces = {"code": blind_index(code.strip().upper()).hex()[:32]}
    if address:
        traces["address"] = blind_index(address).hex()[:32]
    return traces
