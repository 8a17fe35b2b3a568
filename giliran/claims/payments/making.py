"""Making an order from what is due, releasing it, taking it back, and getting at its file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from giliran import rules
from giliran.claims.models import Batch, Claim, Payment
from giliran.claims.payments import order
from giliran.claims.payments.accounts import party, payer
from giliran.claims.payments.banks import BankUnknown
from giliran.claims.payments.order import Order, Transfer
from giliran.claims.payments.refusals import (
    BatchMoved,
    HeldByDoubt,
    NothingToPay,
    NotReleased,
    NotReleasedByApprover,
)
from giliran.core.claim import State
from giliran.core.deadline import CalendarMissing, next_working_day
from giliran.core.refusal import NotFound
from giliran.encryption import seal_bytes, unseal_bytes
from giliran.journal.actions import record
from giliran.offices.models import Region

MOST = 1000  # written, released and answered within seconds; the rest waits for the next order

# Of two officers at once, the second doesn't see what the first one holds. Whoever comes by another
# way meets the constraint one_live_payment_per_claim.
_CANDIDATES = """
SELECT c.id, c.account_sealed
FROM claims_claim c JOIN offices_office o ON o.id = c.office_id
WHERE o.region_id = %(region)s AND c.state = 'approved'
  AND NOT EXISTS (
    SELECT FROM claims_payment p WHERE p.claim_id = c.id
      AND (p.state IN ('ready', 'sent', 'paid') OR p.doubted_at IS NOT NULL))
ORDER BY c.due_on NULLS LAST, c.id
LIMIT %(most)s
FOR NO KEY UPDATE OF c SKIP LOCKED
"""
# A broken rupiah is rounded up, as order.whole_rupiah does it.
_PAY = """
INSERT INTO claims_payment
    (claim_id, batch_id, end_to_end, amount, account_sealed, state, reason, made_at)
SELECT c.id, %(batch)s,
    'K' || c.id || '-' || 1 + (SELECT count(*) FROM claims_payment p WHERE p.claim_id = c.id),
    ceil(c.amount), c.account_sealed, 'ready', '', %(now)s
FROM claims_claim c
WHERE c.id = ANY(%(claims)s) AND c.state = 'approved'
ORDER BY c.id
ON CONFLICT DO NOTHING
"""


def make_batch(region_id: int, *, officer_id: int, now: datetime) -> Batch:
    """Order the payment of every approved claim of a region that has none: one file for the bank.

    Raises ``NothingToPay`` or ``PayerMissing``; then nothing has changed.
    """
    region = Region.objects.get(id=region_id)
    with transaction.atomic():
        claims = _payable(region_id)
        if not claims:
            raise NothingToPay
        batch = Batch.objects.create(
            code=f"new-{officer_id}-{now.timestamp():.6f}",
            region=region,
            count=0,
            total=0,
            file_sealed=b"",
            made_at=now,
            made_by_id=officer_id,
        )
        with connection.cursor() as cursor:
            cursor.execute(_PAY, {"batch": batch.id, "now": now, "claims": claims})
        batch.code = f"GLR-{_local(region, now):%Y%m%d}-{batch.id:06d}"
        made = _order(batch, region)
        if not made.transfers:
            raise NothingToPay
        batch.count, batch.total = len(made.transfers), made.total
        batch.file_sealed = seal_bytes(order.xml(made), about=_about(batch))
        batch.save(update_fields=["code", "count", "total", "file_sealed"])
        _record("batch.made", batch, officer_id, now, count=batch.count, total=int(batch.total))
    return batch


def _payable(region_id: int) -> list[int]:
    """Lock what is due, and return those whose bank we know."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"region": region_id, "most": MOST})
        rows: Sequence[tuple[int, memoryview]] = cursor.fetchall()
    found = []
    for claim_id, sealed in rows:
        try:
            party(sealed)
        except BankUnknown:
            continue  # the page shows it, with a way to ask for another account
        found.append(claim_id)
    return sorted(found)


def _order(batch: Batch, region: Region) -> Order:
    payments = Payment.objects.filter(batch_id=batch.id).select_related("claim").order_by("id")
    today = _local(region, batch.made_at)
    return Order(
        code=batch.code,
        made_at=batch.made_at.astimezone(ZoneInfo(region.time_zone)),
        execute_on=_next_working_day(today),
        payer=payer(),
        transfers=[
            Transfer(
                end_to_end=payment.end_to_end,
                amount=order.whole_rupiah(payment.amount),
                to=party(payment.account_sealed),
                text=f"Klaim {payment.claim.program} {payment.end_to_end}",
            )
            for payment in payments
        ],
    )


def _next_working_day(today: date) -> date:
    try:
        return next_working_day(today, rules.calendar())
    except CalendarMissing:  # banks move it themselves; nobody waits for a decree to be paid
        return today


def note_sent(batch_id: int, *, officer_id: int, now: datetime) -> Batch:
    """Release an order: its file may be fetched and handed to the bank.

    Raises ``NotReleasedByApprover``, ``HeldByDoubt``, ``BatchMoved`` or ``NotFound``.
    """
    with transaction.atomic():
        batch = hold(batch_id)
        if batch.state != Batch.State.MADE:
            raise BatchMoved(state=batch.get_state_display().lower())
        claims = Claim.objects.filter(payments__batch=batch)
        own = claims.filter(decided_by_id=officer_id).count()
        if own:
            raise NotReleasedByApprover(count=own)
        # Another payment of the claim may have arrived meanwhile, or the claim moved on.
        stopped = claims.filter(Q(payments__doubted_at__isnull=False) | ~Q(state=State.APPROVED))
        codes = sorted(set(stopped.values_list("code", flat=True)))
        if codes:
            raise HeldByDoubt(codes=", ".join(codes))
        batch.state, batch.sent_at, batch.sent_by_id = Batch.State.SENT, now, officer_id
        batch.save(update_fields=["state", "sent_at", "sent_by"])
        batch.payments.filter(state=Payment.State.READY).update(state=Payment.State.SENT)
        _record("batch.sent", batch, officer_id, now)
    return batch


def take_back(batch_id: int, *, officer_id: int, now: datetime) -> Batch:
    """Take an order back before it was released; its claims wait for the next one.

    Raises ``BatchMoved`` or ``NotFound``.
    """
    with transaction.atomic():
        batch = hold(batch_id)
        if batch.state != Batch.State.MADE:
            raise BatchMoved(state=batch.get_state_display().lower())
        batch.state = Batch.State.VOID
        batch.save(update_fields=["state"])
        batch.payments.update(state=Payment.State.VOID, settled_at=now)
        _record("batch.taken_back", batch, officer_id, now)
    return batch


def fetch(batch_id: int, *, form: str, officer_id: int, now: datetime) -> tuple[str, bytes]:
    """Return an order's file (``form`` is xml or csv) with its name, and record who fetched it.

    Raises ``NotReleased`` before it was released, or ``NotFound``.
    """
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NotFound
    if batch.state in {Batch.State.MADE, Batch.State.VOID}:
        raise NotReleased
    content = {"xml": file, "csv": csv}[form](batch_id)
    _record("batch.fetched", batch, officer_id, now, form=form)
    return f"{batch.code}.{form}", content


def file(batch_id: int) -> bytes:
    """Return an order as pain.001.001.09; whoever hands it out records that: see ``fetch``."""
    batch = Batch.objects.get(id=batch_id)
    return unseal_bytes(batch.file_sealed, about=_about(batch))


def csv(batch_id: int) -> bytes:
    """Return an order as CSV; whoever hands it out records that: see ``fetch``."""
    batch = Batch.objects.select_related("region").get(id=batch_id)
    return order.table(_order(batch, batch.region))


def hold(batch_id: int) -> Batch:
    """Return an order with its row locked until the transaction ends, or raise ``NotFound``."""
    found = Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    batch = found.filter(id=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


def _about(batch: Batch) -> bytes:
    return f"payment order {batch.code}".encode()


def _local(region: Region, now: datetime) -> date:
    return now.astimezone(ZoneInfo(region.time_zone)).date()


def _record(kind: str, batch: Batch, officer_id: int, now: datetime, **data: Any) -> None:
    actor = f"officer:{officer_id}"
    record(kind, at=now, actor=actor, subject_id=batch.id, region_id=batch.region_id, **data)
