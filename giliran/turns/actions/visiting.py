"""The visit that a claim wants, which ends with the claim."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from giliran.claims import actions as claims
from giliran.core.turn import State
from giliran.turns.actions.applying import withdraw
from giliran.turns.actions.asking import cancel
from giliran.turns.models import Application, Turn


def withdraw_claim(claim_id: int, *, actor: str, now: datetime) -> Turn | None:
    """Take a claim back, and with it the turn or the application that was made for it.

    Its window is somebody else's at once; who is at the office already keeps their turn. Returns
    the turn that was given back. Raises ``ClaimMoveNotAllowed``, ``DrawIsRunning`` or ``NotFound``;
    then nothing has changed.
    """
    with transaction.atomic():
        claims.withdraw(claim_id, actor=actor, now=now)
        asked = Application.objects.filter(claim_id=claim_id, state=Application.State.OPEN)
        for application_id in asked.order_by("id").values_list("id", flat=True):
            withdraw(application_id, actor=actor, now=now)
        booked = Turn.objects.filter(claim_id=claim_id, state=State.BOOKED).order_by("id").first()
        return cancel(booked.id, actor=actor, now=now) if booked else None
