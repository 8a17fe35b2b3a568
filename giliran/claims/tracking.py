"""Looking at a claim without an account: code and birth date, and nothing more than needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from giliran.claims.files import ClaimView, PaperView, claim, open_to, papers
from giliran.claims.models import Claim
from giliran.claims.refusals import NikDiffers, NotYours, TooManyLooks
from giliran.core.claim import State
from giliran.encryption import blind_index
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.people import queries as people

GUESSES = 5
GUESS_MINUTES = 10


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

    A wrong try is written down; after 5 of a code, or from a net ``address``, in 10 minutes nobody
    is answered until they are over. Never call it inside a transaction, or a wrong try isn't
    counted. Raises ``NotYours`` (the same for a wrong code and a wrong date) or ``TooManyLooks``.
    """
    check_guessing(code, address, now=now)
    found = Claim.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None or not open_to(found, birth):
        record("tracking.failed", at=now, actor="visitor", **_traces(code, address))
        raise NotYours
    record("tracking.found", at=now, actor="visitor", **_traces(code, address))
    return shown(claim(found))


def prove(claim_id: int, nik: str, *, address: str = "", now: datetime) -> None:
    """Check that somebody who may look at a claim also knows its claimant's NIK.

    Code and birth date stand on paper that may be found or seen; an account is changed, and a
    letter with its sum is read, only with the NIK. Wrong tries count as those of ``tracked`` do.
    Never call it inside a transaction. Raises ``NikDiffers``, ``TooManyLooks`` or ``NotFound``.
    """
    view = claim(claim_id)
    check_guessing(view.code, address, now=now)
    if people.citizen_with(nik) != view.claimant_id:
        record("tracking.failed", at=now, actor="visitor", **_traces(view.code, address))
        raise NikDiffers
    record("tracking.found", at=now, actor="visitor", **_traces(view.code, address))


def shown(view: ClaimView) -> Tracked:
    """Return what a claimant who has shown who they are is told of their claim."""
    lacking: tuple[PaperView, ...] = ()
    if view.state in {State.DRAFTED, State.RETURNED}:
        lacking = tuple(one for one in papers(view.id) if one.is_lacking)
    return Tracked(view.id, view.code, view.state, view.due_on, view.paid_on, lacking)


def check_guessing(code: str, address: str, *, now: datetime) -> None:
    """Refuse to answer after 5 wrong tries of a code, or from an address, in 10 minutes.

    A right one begins the count of its code anew, but not that of the address: somebody who guesses
    may have a claim of their own. Raises ``TooManyLooks``.
    """
    since = now - timedelta(minutes=GUESS_MINUTES)
    for key, trace in _traces(code, address).items():
        found = moments("tracking.found", after=since, **{key: trace}) if key == "code" else []
        failed = moments("tracking.failed", after=found[0] if found else since, **{key: trace})
        if len(failed) >= GUESSES:
            left = failed[GUESSES - 1] + timedelta(minutes=GUESS_MINUTES) - now
            raise TooManyLooks(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _traces(code: str, address: str) -> dict[str, Any]:
    # What was typed as a code may be anything: only its blind index is kept.
    traces: dict[str, Any] = {"code": blind_index(code.strip().upper()).hex()[:32]}
    if address:
        traces["address"] = blind_index(address).hex()[:32]
    return traces
