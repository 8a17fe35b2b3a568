"""The life of a complaint: its states, the moves between them, and how its history adds up.

Who complains decides whether it was answered: an answer may be disputed, and is then looked at by
the next level up (PP 46/2015 Pasal 36). Silence after an answer closes it after a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from giliran.core.life import Life, MoveRefused
from giliran.core.refusal import gettext_noop


class State(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"  # the receipt with its code was given; nobody has looked yet
    ACKNOWLEDGED = "acknowledged"  # somebody has it in hand and will classify it
    CLASSIFIED = "classified"  # its kind, and so its legal date, is known
    ANSWERED = "answered"  # whoever complained says whether that settles it
    DISPUTED = "disputed"  # it doesn't: the next level answers
    CLOSED = "closed"
    FORWARDED = "forwarded"  # not ours: whose it is was told to the complainant
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a complaint."""

    RECEIVE = "receive"
    ADD = "add"  # the complainant says more; the state stays
    ACKNOWLEDGE = "acknowledge"
    CLASSIFY = "classify"  # may be done again while it is in hand
    ROUTE = "route"  # to another office; the state stays, and so does its date
    ASSIGN = "assign"
    ESCALATE = "escalate"  # a level up; the state stays
    ANSWER = "answer"
    DISPUTE = "dispute"
    CONFIRM = "confirm"  # the complainant is content
    LAPSE = "lapse"  # nobody said anything in time
    FORWARD = "forward"
    WITHDRAW = "withdraw"


OPEN = frozenset(
    {State.RECEIVED, State.ACKNOWLEDGED, State.CLASSIFIED, State.ANSWERED, State.DISPUTED}
)
TO_ANSWER = OPEN - {State.ANSWERED}
"""In these we owe an answer: the legal date counts."""

_IN_HAND = (State.ACKNOWLEDGED, State.CLASSIFIED, State.DISPUTED)

_FROM: dict[Move, dict[State, State]] = {
    Move.ADD: {state: state for state in OPEN},
    Move.ACKNOWLEDGE: {State.RECEIVED: State.ACKNOWLEDGED},
    Move.CLASSIFY: {State.ACKNOWLEDGED: State.CLASSIFIED, State.CLASSIFIED: State.CLASSIFIED},
    Move.ROUTE: {state: state for state in TO_ANSWER},
    Move.ASSIGN: {state: state for state in _IN_HAND},
    Move.ESCALATE: {state: state for state in TO_ANSWER},
    Move.ANSWER: {State.CLASSIFIED: State.ANSWERED, State.DISPUTED: State.ANSWERED},
    Move.DISPUTE: {State.ANSWERED: State.DISPUTED},
    Move.CONFIRM: {State.ANSWERED: State.CLOSED},
    Move.LAPSE: {State.ANSWERED: State.CLOSED},
    Move.FORWARD: dict.fromkeys(TO_ANSWER, State.FORWARDED),
    Move.WITHDRAW: dict.fromkeys(OPEN, State.WITHDRAWN),
}


STATE_WORDS: Mapping[State, str] = {
    State.RECEIVED: gettext_noop("diterima"),
    State.ACKNOWLEDGED: gettext_noop("sedang dipelajari"),
    State.CLASSIFIED: gettext_noop("sedang ditangani"),
    State.ANSWERED: gettext_noop("sudah dijawab"),
    State.DISPUTED: gettext_noop("jawaban disanggah"),
    State.CLOSED: gettext_noop("selesai"),
    State.FORWARDED: gettext_noop("diteruskan"),
    State.WITHDRAWN: gettext_noop("ditarik"),
}
MOVE_WORDS: Mapping[Move, str] = {
    Move.RECEIVE: gettext_noop("terima"),
    Move.ADD: gettext_noop("tambah keterangan"),
    Move.ACKNOWLEDGE: gettext_noop("nyatakan dipelajari"),
    Move.CLASSIFY: gettext_noop("tentukan jenis"),
    Move.ROUTE: gettext_noop("alihkan ke kantor lain"),
    Move.ASSIGN: gettext_noop("tunjuk penangan"),
    Move.ESCALATE: gettext_noop("naikkan"),
    Move.ANSWER: gettext_noop("jawab"),
    Move.DISPUTE: gettext_noop("sanggah"),
    Move.CONFIRM: gettext_noop("nyatakan selesai"),
    Move.LAPSE: gettext_noop("tutup karena tidak ada sanggahan"),
    Move.FORWARD: gettext_noop("teruskan ke instansi lain"),
    Move.WITHDRAW: gettext_noop("tarik"),
}


class ComplaintMoveNotAllowed(MoveRefused):
    """The complaint's state does not allow this move; says which moves it does allow."""

    code = "complaint_move_not_allowed"
    sentence = gettext_noop(
        "Langkah “%(move)s” tidak bisa untuk pengaduan yang sudah “%(state)s”. "
        "Yang bisa sekarang: %(possible)s."
    )
    move_words = MOVE_WORDS
    state_words = STATE_WORDS


_LIFE = Life(_FROM, {Move.RECEIVE: State.RECEIVED}, State.CLOSED, ComplaintMoveNotAllowed)
possible, sources, after, rebuild = _LIFE.possible, _LIFE.sources, _LIFE.after, _LIFE.rebuild
