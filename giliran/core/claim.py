"""The life of a claim: its states, the moves between them, and how its history adds up.

The legal clock starts when a request and its papers are complete and correct, not at the request
(PP 46/2015 Pasal 31(3), PP 44/2015 Pasal 37(2), 40(3)).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from giliran.core.life import Life, MoveRefused
from giliran.core.refusal import gettext_noop


class State(StrEnum):
    """Where a claim stands."""

    DRAFTED = "drafted"  # the person is still filling it
    SUBMITTED = "submitted"  # waits for the pre-check
    RETURNED = "returned"  # papers were asked for; a clock that ran stands still
    COMPLETE = "complete"  # everything is there: the legal clock runs
    VERIFIED = "verified"
    APPROVED = "approved"
    REFUSED = "refused"
    BOUNCED = "bounced"  # the bank didn't take it: the claimant is asked for the account
    PAID = "paid"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a claim."""

    BEGIN = "begin"
    FILL = "fill"  # facts, account, card or office change; the state stays
    SUBMIT = "submit"
    RETURN = "return"
    COMPLETE = "complete"
    VERIFY = "verify"
    SEND_BACK = "send_back"  # who approves asks for another look
    APPROVE = "approve"
    REFUSE = "refuse"
    PAY = "pay"
    BOUNCE = "bounce"
    MEND = "mend"  # another account after a bounce
    RECKON = "reckon"  # the deadline is counted anew; the state stays
    CLOSE = "close"
    WITHDRAW = "withdraw"


OPEN = frozenset(
    {
        State.DRAFTED,
        State.SUBMITTED,
        State.RETURNED,
        State.COMPLETE,
        State.VERIFIED,
        State.APPROVED,
        State.BOUNCED,
    }
)
CLOCK_RUNS = frozenset({State.COMPLETE, State.VERIFIED, State.APPROVED})

_FROM: dict[Move, dict[State, State]] = {
    Move.FILL: {state: state for state in (State.DRAFTED, State.SUBMITTED, State.RETURNED)}
    | {State.COMPLETE: State.COMPLETE},
    Move.SUBMIT: {State.DRAFTED: State.SUBMITTED, State.RETURNED: State.SUBMITTED},
    Move.RETURN: {
        State.SUBMITTED: State.RETURNED,
        State.COMPLETE: State.RETURNED,
        State.VERIFIED: State.RETURNED,
    },
    Move.COMPLETE: {State.SUBMITTED: State.COMPLETE},
    Move.VERIFY: {State.COMPLETE: State.VERIFIED},
    Move.SEND_BACK: {State.VERIFIED: State.COMPLETE},
    Move.APPROVE: {State.VERIFIED: State.APPROVED},
    Move.REFUSE: {State.VERIFIED: State.REFUSED},
    Move.PAY: {State.APPROVED: State.PAID},
    Move.BOUNCE: {State.APPROVED: State.BOUNCED, State.PAID: State.BOUNCED},
    Move.MEND: {State.BOUNCED: State.APPROVED},
    Move.RECKON: {state: state for state in (State.COMPLETE, State.VERIFIED, State.APPROVED)},
    Move.CLOSE: {State.PAID: State.CLOSED, State.REFUSED: State.CLOSED},
    Move.WITHDRAW: {
        State.DRAFTED: State.WITHDRAWN,
        State.SUBMITTED: State.WITHDRAWN,
        State.RETURNED: State.WITHDRAWN,
        State.COMPLETE: State.WITHDRAWN,
    },
}


STATE_WORDS: Mapping[State, str] = {
    State.DRAFTED: gettext_noop("belum dikirim"),
    State.SUBMITTED: gettext_noop("sedang diperiksa"),
    State.RETURNED: gettext_noop("menunggu dokumen"),
    State.COMPLETE: gettext_noop("lengkap"),
    State.VERIFIED: gettext_noop("menunggu keputusan"),
    State.APPROVED: gettext_noop("disetujui"),
    State.REFUSED: gettext_noop("ditolak"),
    State.BOUNCED: gettext_noop("menunggu rekening yang benar"),
    State.PAID: gettext_noop("dibayar"),
    State.CLOSED: gettext_noop("selesai"),
    State.WITHDRAWN: gettext_noop("ditarik"),
}
MOVE_WORDS: Mapping[Move, str] = {
    Move.BEGIN: gettext_noop("mulai"),
    Move.FILL: gettext_noop("ubah isian"),
    Move.SUBMIT: gettext_noop("kirim untuk diperiksa"),
    Move.RETURN: gettext_noop("minta dokumen"),
    Move.COMPLETE: gettext_noop("nyatakan lengkap"),
    Move.VERIFY: gettext_noop("verifikasi"),
    Move.SEND_BACK: gettext_noop("kembalikan ke pemeriksa"),
    Move.APPROVE: gettext_noop("setujui"),
    Move.REFUSE: gettext_noop("tolak"),
    Move.PAY: gettext_noop("catat pembayaran"),
    Move.BOUNCE: gettext_noop("catat penolakan bank"),
    Move.MEND: gettext_noop("ganti rekening"),
    Move.RECKON: gettext_noop("hitung ulang batas waktu"),
    Move.CLOSE: gettext_noop("tutup"),
    Move.WITHDRAW: gettext_noop("tarik"),
}


class ClaimMoveNotAllowed(MoveRefused):
    """The claim's state does not allow this move; says which moves it does allow."""

    code = "claim_move_not_allowed"
    sentence = gettext_noop(
        "Langkah “%(move)s” tidak bisa untuk klaim yang sedang “%(state)s”. "
        "Yang bisa sekarang: %(possible)s."
    )
    move_words = MOVE_WORDS
    state_words = STATE_WORDS


_LIFE = Life(_FROM, {Move.BEGIN: State.DRAFTED}, State.WITHDRAWN, ClaimMoveNotAllowed)
possible, sources, after, rebuild = _LIFE.possible, _LIFE.sources, _LIFE.after, _LIFE.rebuild
