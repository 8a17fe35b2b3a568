"""Acting for somebody on the telephone: only with their consent, which is recorded with the act."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.turns.actions.applying import withdraw
from giliran.turns.actions.asking import cancel, reschedule
from giliran.turns.actions.telling import will_come
from giliran.turns.models import Turn


class NoConsent(Refusal):
    """The officer didn't say that the caller agrees."""

    code = "no_consent"
    sentence = gettext_noop(
        "Bacakan dulu apa yang akan dilakukan, tanyakan persetujuan penelepon, lalu centang."
    )


class Act(StrEnum):
    """What an officer may do for a caller with a turn."""

    CONFIRM = "confirm"
    MOVE = "move"
    CANCEL = "cancel"


def act_by_phone(
    turn_id: int,
    act: Act,
    *,
    consents: bool,
    offer_id: int | None = None,
    office_id: int,
    actor: str,
    now: datetime,
) -> Turn:
    """Do for a caller what they could do themselves, and record that they agreed.

    ``office_id`` is where the officer sits, ``offer_id`` the window to move to. Raises
    ``NoConsent``, and what ``will_come``, ``reschedule`` or ``cancel`` raise; then nothing has
    changed.
    """
    if not consents:
        raise NoConsent
    with transaction.atomic():
        if act == Act.CONFIRM:
            turn = will_come(turn_id, actor=actor, now=now)
        elif act == Act.CANCEL:
            turn = cancel(turn_id, actor=actor, now=now)
        elif offer_id is None:
            raise NotFound
        else:
            turn = reschedule(turn_id, offer_id=offer_id, actor=actor, now=now)
        _note("turn", turn_id, act.value, office_id=office_id, actor=actor, now=now)
    return turn


def withdraw_by_phone(
    application_id: int, *, consents: bool, office_id: int, actor: str, now: datetime
) -> None:
    """Take a caller out of the draws, and record that they agreed.

    Raises ``NoConsent`` and what ``withdraw`` raises; then nothing has changed.
    """
    if not consents:
        raise NoConsent
    with transaction.atomic():
        withdraw(application_id, actor=actor, now=now)
        _note("application", application_id, "withdraw", office_id=office_id, actor=actor, now=now)


def _note(about: str, number: int, act: str, *, office_id: int, actor: str, now: datetime) -> None:
    record(
        "consent.by_phone",
        at=now,
        actor=actor,
        office_id=office_id,
        subject_id=number,
        about=about,
        act=act,
    )
