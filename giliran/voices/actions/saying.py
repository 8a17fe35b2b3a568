"""What whoever complained does with the code of their receipt."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from giliran.core.complaint import Move, State, after
from giliran.voices import access
from giliran.voices.actions import noticing, telling
from giliran.voices.actions.moving import hold, move, once, parse_text, say
from giliran.voices.complaints import View, answers_next, find, view_of
from giliran.voices.models import Complaint, Remark
from giliran.voices.refusals import UnknownComplaint


def add(code: str, text: str, *, request_key: UUID, actor: str = "citizen", now: datetime) -> View:
    """Let who complained say more, while it is open.

    Raises ``UnknownComplaint``, ``BadText`` or ``ComplaintMoveNotAllowed``.
    """
    complaint_id, clean = _id_of(code), parse_text(text, least=1)

    def said() -> Complaint:
        complaint = move(hold(complaint_id), Move.ADD, actor=actor, now=now)
        say(complaint, Remark.Kind.SAID, clean, request_key=request_key, actor=actor, now=now)
        return complaint

    return view_of(once(request_key, complaint_id, said))


def confirm(code: str, *, actor: str = "citizen", now: datetime) -> View:
    """Let who complained say that the answer settles it; twice is once.

    Raises ``UnknownComplaint`` or ``ComplaintMoveNotAllowed``.
    """
    return _end(code, Move.CONFIRM, State.CLOSED, actor=actor, now=now)


def dispute(
    code: str, text: str, *, request_key: UUID, actor: str = "citizen", now: datetime
) -> View:
    """Let who complained say why the answer doesn't settle it: the next level answers, anew.

    Whoever stands below it doesn't handle it any more (PP 46/2015 Pasal 36). Above the centre
    nobody stands: somebody else there answers, if there is anybody (``deadends``). Raises
    ``UnknownComplaint``, ``BadText`` or ``ComplaintMoveNotAllowed``.
    """
    complaint_id, clean = _id_of(code), parse_text(text)

    def disputed() -> Complaint:
        complaint = hold(complaint_id)
        after(State(complaint.state), Move.DISPUTE)  # refuses before anything is looked up
        lowest = answers_next(complaint)
        move(
            complaint,
            Move.DISPUTE,
            actor=actor,
            now=now,
            lowest=lowest,
            level=access.higher(complaint.level, lowest),
            handler=None,
            times_disputed=complaint.times_disputed + 1,
            disputed_at=now,
            confirm_by=None,
        )
        say(complaint, Remark.Kind.SAID, clean, request_key=request_key, actor=actor, now=now)
        telling.disputed(complaint, now=now)
        noticing.disputed(complaint, now=now)
        return complaint

    return view_of(once(request_key, complaint_id, disputed))


def withdraw(code: str, *, actor: str = "citizen", now: datetime) -> View:
    """Let who complained take it back, while it is open; twice is once.

    Raises ``UnknownComplaint`` or ``ComplaintMoveNotAllowed``.
    """
    return _end(code, Move.WITHDRAW, State.WITHDRAWN, actor=actor, now=now)


def _end(code: str, how: Move, ended: State, *, actor: str, now: datetime) -> View:
    complaint_id = _id_of(code)
    with transaction.atomic():
        complaint = hold(complaint_id)
        if complaint.state != ended:
            move(complaint, how, actor=actor, now=now, ended_at=now, confirm_by=None)
        return view_of(complaint)


def _id_of(code: str) -> int:
    found = find(code)
    if found is None:
        raise UnknownComplaint
    return found.id
