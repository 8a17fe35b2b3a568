"""What providers report of messages on their way: sent, delivered, read, failed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from giliran.messages.actions.consenting import opt_out
from giliran.messages.bell import ring
from giliran.messages.models import Attempt, Message

_STEPS = ("sent", "delivered", "read")


def note_status(
    channel: str,
    provider_id: str,
    status: str,
    *,
    at: datetime,
    error: str = "",
    cost: Decimal | None = None,
    reference: str = "",
    is_refused: bool = False,
    now: datetime,
) -> bool:
    """Note ``sent``, ``delivered``, ``read`` or ``failed``; returns whether it was one of ours.

    Reports come twice and in any order: a step back goes nowhere. ``reference`` is our own
    (``Outgoing.reference``) where the report carries it: then it also resolves an attempt whose
    worker died before it knew the ``provider_id``. A failure before delivery moves the message to
    the next channel. ``at`` is the provider's time of it, ``cost`` in rupiah;
    ``is_refused``: it failed because the contact wants nothing from us, which is kept.
    """
    if status not in _STEPS and status != "failed":
        return False
    found = Attempt.objects.filter(channel=channel)
    if reference.isascii() and reference.isdigit():
        found = found.filter(id=int(reference))
    elif provider_id:
        found = found.filter(provider_id=provider_id)
    else:
        return False
    with transaction.atomic():
        message_id = found.values_list("message_id", flat=True).first()
        if message_id is None:
            return False
        # The message first, as the workers do.
        message = Message.objects.select_for_update(no_key=True).get(id=message_id)
        attempt = found.select_for_update(no_key=True).get()
        attempt.provider_id = attempt.provider_id or provider_id
        if cost is not None:
            attempt.cost = cost
        if status == "failed":
            _note_failure(message, attempt, error, now=now)
            if is_refused:
                opt_out(attempt.contact_id, actor="provider", now=now)
        elif _step(status) > _step(attempt.state):
            attempt.state, attempt.ended_at = Attempt.State(status), at
            if _step(status) > _step(message.state) and message.state != Message.State.STALE:
                message.state, message.ended_at = Message.State(status), at
                message.body_sealed = b""
        attempt.save(update_fields=["provider_id", "cost", "state", "error", "ended_at"])
        message.save(update_fields=["state", "ended_at", "due_at", "body_sealed"])
    return True


def _note_failure(message: Message, attempt: Attempt, error: str, *, now: datetime) -> None:
    if _step(attempt.state) >= _step("delivered") or attempt.state == Attempt.State.FAILED:
        return
    attempt.state, attempt.error, attempt.ended_at = Attempt.State.FAILED, error[:200], now
    # Where another channel is at it, or the message died, it isn't tried once more.
    others = Attempt.objects.filter(
        message_id=message.id, state__in=[Attempt.State.SENDING, *_STEPS]
    ).exclude(id=attempt.id)
    if message.state != Message.State.STALE and not others.exists():
        message.state, message.due_at, message.ended_at = Message.State.WAITING, now, None
        ring("messages.send")


def _step(state: str) -> int:
    return _STEPS.index(state) if state in _STEPS else -1
