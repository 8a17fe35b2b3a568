"""Ending a region's draws, when nobody waits for one any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from giliran.capacity import actions as capacity
from giliran.core.refusal import Refusal, gettext_noop
from giliran.offices.actions.drawing_plan import draw_plan, plan_draws
from giliran.offices.models import Region
from giliran.turns.actions.sharing import hold_the_round
from giliran.turns.models import Application, Round


class StillWaiting(Refusal):
    """People were told that they stay in every draw until they are served."""

    code = "still_waiting"
    sentence = gettext_noop(
        "Masih ada %(people)s permohonan yang menunggu undian, dan pemohonnya sudah diberi "
        "tahu bahwa mereka terus ikut. Undian bisa dihentikan setelah tidak ada lagi yang menunggu."
    )


def stop_draws(region: Region, *, actor: str, now: datetime) -> int:
    """Let a region draw no more and put its held places on sale; returns how many.

    Raises ``StillWaiting`` while there is an open application or a list that isn't drawn yet.
    """
    with transaction.atomic():
        hold_the_round(region)
        people = Application.objects.filter(region=region, state=Application.State.OPEN).count()
        sealed = Round.objects.filter(region=region, state=Round.State.SEALED)
        people = max(people, *sealed.values_list("applications", flat=True), 0)
        if people or sealed.exists():
            raise StillWaiting(people=people)
        plan_draws(region.id, draw_plan(region)._replace(draw_at=None), actor=actor, now=now)
        return capacity.put_held_on_sale(region.id, actor=actor, now=now)
