"""Asking people whether another window would do: nobody is moved by anybody but themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from giliran.capacity import queries as capacity
from giliran.capacity.places import Touched
from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.messages.actions import Urgency
from giliran.turns import consents
from giliran.turns.actions.asking import reschedule
from giliran.turns.actions.telling import tell_of_turn
from giliran.turns.models import OtherWindow, Turn

_NOTICE: Final = timedelta(hours=1)
"""Nobody is asked to come sooner than that."""


def offer_windows(office_id: int, touched: Iterable[Touched], *, actor: str, now: datetime) -> int:
    """Ask the last people of windows that can't be served whether a free one would do.

    Each is asked once for their window, and told by the channels that they confirmed; the page of
    their turn asks too. The place isn't held: who is too late keeps their own. Returns how many
    were asked.
    """
    windows = list(touched)
    full = {one.offer_id for one in windows}
    free = [
        one
        for one in capacity.free_windows(office_id, now=now)
        if one.id not in full and one.starts_at >= now + _NOTICE
    ]
    left = {one.id: one.left for one in free}
    asked = 0
    with transaction.atomic():
        for person in consents.touched_people(windows):
            open_still = [one for one in free if left[one.id]]
            later = [one for one in open_still if one.starts_at > person.window_from]
            chosen = next(iter(later or open_still), None)
            if person.answer is not None or chosen is None:
                continue
            turn = Turn.objects.select_related("office").get(id=person.turn_id)
            question, is_new = OtherWindow.objects.get_or_create(
                turn=turn,
                from_offer_id=turn.offer_id,
                defaults={"to_offer": chosen, "asked_at": now, "asked_by": actor},
            )
            if is_new:
                left[chosen.id] -= 1
                asked += 1
                _asked(question, turn, actor=actor, now=now)
    return asked


def agree_to_window(turn_id: int, *, actor: str, now: datetime) -> Turn:
    """Move somebody to the window that they were asked to take, because they said yes.

    Raises ``NotFound`` if they were asked nothing (any more), or as ``reschedule`` does; then they
    keep their own.
    """
    with transaction.atomic():
        question = _question(turn_id, now=now)
        moved = reschedule(turn_id, offer_id=question.to_offer_id, actor=actor, now=now)
        _answered(question, OtherWindow.Answer.YES, actor=actor, now=now)
    return moved


def keep_window(turn_id: int, *, actor: str, now: datetime) -> None:
    """Note that somebody keeps their own window; they aren't asked again. Raises ``NotFound``."""
    with transaction.atomic():
        question = _question(turn_id, now=now)
        _answered(question, OtherWindow.Answer.NO, actor=actor, now=now)


def _question(turn_id: int, *, now: datetime) -> OtherWindow:
    turn = Turn.objects.select_for_update(no_key=True).filter(id=turn_id).first()
    found = consents.open_question(turn, now=now) if turn is not None else None
    if found is None:
        raise NotFound
    return found


def _asked(question: OtherWindow, turn: Turn, *, actor: str, now: datetime) -> None:
    ends = min(turn.window_till or now, question.to_offer.starts_at)
    tell_of_turn(
        "turn.other_window",
        turn,
        once=str(question.from_offer_id),
        urgency=Urgency.REMINDER,
        lives=ends - now,
        now=now,
        question=question.id,
    )
    _record("window.offer", question, turn.office_id, actor=actor, now=now)


def _answered(question: OtherWindow, answer: str, *, actor: str, now: datetime) -> None:
    question.answer, question.answered_at = answer, now
    question.save(update_fields=["answer", "answered_at"])
    _record(f"window.{answer}", question, question.to_offer.office_id, actor=actor, now=now)


def _record(kind: str, question: OtherWindow, office_id: int, *, actor: str, now: datetime) -> None:
    record(
        kind,
        at=now,
        actor=actor,
        office_id=office_id,
        subject_id=question.turn_id,
        from_offer=question.from_offer_id,
        to_offer=question.to_offer_id,
    )
