"""Coming together: a family, or an heir with two services."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from giliran.core.refusal import NotFound
from giliran.turns.actions.applying import Terms, apply, start_party
from giliran.turns.actions.asking import Asker
from giliran.turns.actions.rounds import open_round
from giliran.turns.models import Application


def apply_with(
    earlier_id: int,
    who: Asker,
    terms: Terms,
    *,
    service_id: int,
    request_key: UUID,
    channel: str,
    actor: str,
    address: str = "",
    now: datetime,
) -> Application:
    """Apply to be drawn together with an earlier application, all or none.

    Where and when follow the earlier one. Raises what ``start_party`` and ``apply`` raise; then
    nothing has changed, and who was alone in the draws still is.
    """
    earlier = Application.objects.select_related("region").filter(id=earlier_id).first()
    if earlier is None:
        raise NotFound
    # Before the transaction: opening a round waits for everybody who is being answered.
    open_round(earlier.region, now=now)
    with transaction.atomic():
        party = start_party(earlier_id, uuid4(), actor=actor, now=now)
        return apply(
            who,
            terms,
            service_id=service_id,
            request_key=request_key,
            party=party,
            channel=channel,
            actor=actor,
            address=address,
            now=now,
        )
