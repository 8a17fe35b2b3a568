"""Reading payments: what is due, which orders there are, and what a person has to look at."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from giliran import rules
from giliran.claims.models import Batch, Claim, Payment
from giliran.claims.payments.accounts import Masked, masked
from giliran.claims.payments.order import whole_rupiah
from giliran.claims.payments.reasons import Whose, reason
from giliran.core.claim import State
from giliran.core.deadline import CalendarMissing, working_days_between
from giliran.core.refusal import NotFound
from giliran.journal.models import Event
from giliran.offices.models import Region
from giliran.people.models import Officer

STUCK_AFTER = 2  # working days without an answer
LIVE = [Payment.State.READY, Payment.State.SENT, Payment.State.PAID]


class DueClaim(NamedTuple):
    """An approved claim that waits for its payment; ``amount`` in whole rupiah.

    Without ``account.bank`` it can't be paid: the bank isn't on our list.
    """

    claim_id: int
    code: str
    program: str
    office: str
    amount: Decimal
    due_on: date | None
    account: Masked


class PaymentView(NamedTuple):
    """One transfer, its account masked; ``why`` is a sentence (a msgid), empty if none is due."""

    id: int
    end_to_end: str
    claim_code: str
    program: str
    office: str
    amount: Decimal
    account: Masked
    state: str
    reason: str
    why: str
    sent_at: datetime | None
    doubted_at: datetime | None
    batch_code: str


class BatchView(NamedTuple):
    """An order with how its payments stand."""

    id: int
    code: str
    state: str
    size: int
    total: Decimal
    made_at: datetime
    made_by: str
    sent_at: datetime | None
    sent_by: str
    paid: int
    bounced: int
    on_the_way: int


def due(region_id: int) -> list[DueClaim]:
    """Return the approved claims of a region without a live payment, what is due first at the top.

    What the bank left in doubt isn't among them: see ``doubts``.
    """
    live = Payment.objects.filter(claim=OuterRef("id")).filter(
        Q(state__in=LIVE) | Q(doubted_at__isnull=False)
    )
    found = Claim.objects.filter(office__region_id=region_id, state=State.APPROVED)
    waiting = found.filter(~Exists(live)).select_related("office")
    return [
        DueClaim(
            one.id,
            one.code,
            one.program,
            one.office.name,
            whole_rupiah(one.amount or Decimal(0)),
            one.due_on,
            masked(one.account_sealed),
        )
        for one in waiting.order_by(F("due_on").asc(nulls_last=True), "id")
    ]


def batches(region_id: int, *, most: int = 50) -> list[BatchView]:
    """Return a region's latest orders, the newest first."""
    found = Batch.objects.filter(region_id=region_id).order_by("-id")
    return [_batch(one) for one in found.select_related("made_by", "sent_by")[:most]]


def batch(region_id: int, code: str) -> BatchView:
    """Return one order of a region, or raise ``NotFound``."""
    found = Batch.objects.select_related("made_by", "sent_by")
    one = found.filter(region_id=region_id, code=code).first()
    if one is None:
        raise NotFound
    return _batch(one)


def payments(batch_id: int) -> list[PaymentView]:
    """Return the transfers of an order, in its order."""
    return [_payment(one) for one in _payments().filter(batch_id=batch_id)]


def doubts(region_id: int) -> list[PaymentView]:
    """Return the payments about which the bank contradicted itself, the oldest question first."""
    found = _payments().filter(batch__region_id=region_id, doubted_at__isnull=False)
    return [_payment(one) for one in found.order_by("doubted_at")]


def stuck(region_id: int, *, now: datetime) -> list[PaymentView]:
    """Return the payments that left two working days ago or earlier and have no answer yet."""
    zone = ZoneInfo(Region.objects.values_list("time_zone", flat=True).get(id=region_id))
    today = now.astimezone(zone).date()
    found = _payments().filter(
        batch__region_id=region_id,
        state=Payment.State.SENT,
        doubted_at__isnull=True,
        batch__sent_at__lt=now - timedelta(days=1),
    )
    return [
        _payment(one)
        for one in found
        if one.batch
        and one.batch.sent_at
        and _days(one.batch.sent_at.astimezone(zone).date(), today) >= STUCK_AFTER
    ]


def _days(sent: date, today: date) -> int:
    try:
        return working_days_between(sent, today, rules.calendar())
    except CalendarMissing:  # better asked a day early than not at all
        return (today - sent).days


def refused_by_us(region_id: int) -> list[PaymentView]:
    """Return bounced payments of claims that wait to be paid anew to the same account."""
    found = _payments().filter(
        batch__region_id=region_id, state=Payment.State.BOUNCED, claim__state=State.APPROVED
    )
    newer = Payment.objects.filter(claim=OuterRef("claim"), id__gt=OuterRef("id"))
    same = found.filter(~Exists(newer), account_sealed=F("claim__account_sealed"))
    return [_payment(one) for one in same]


def why_bounced(claim_id: int) -> str:
    """Return what the claimant may know of why their last payment came back (a msgid), or "".

    What was our own fault isn't theirs to mend: then nothing is said of it.
    """
    last = Payment.objects.filter(claim_id=claim_id).order_by("-id").first()
    if last is None or last.state != Payment.State.BOUNCED:
        return ""
    why = reason(last.reason)
    return why.sentence if why.whose is Whose.ACCOUNT else ""


def approved_by(batch_id: int, officer_id: int) -> int:
    """Return how many claims of an order this officer approved: they may not release it."""
    return Claim.objects.filter(payments__batch_id=batch_id, decided_by_id=officer_id).count()


class Happened(NamedTuple):
    """One event in an order's life; ``who`` is a name, ``data`` figures."""

    kind: str
    at: datetime
    who: str
    data: dict[str, Any]


def life(batch_id: int) -> list[Happened]:
    """Return what became of an order, who fetched its file included, oldest first."""
    events = list(Event.objects.filter(subject="batch", subject_id=batch_id).order_by("id"))
    ids = {int(one.actor.partition(":")[2]) for one in events if one.actor.startswith("officer:")}
    names = {f"officer:{one.id}": one.full_name for one in Officer.objects.filter(id__in=ids)}
    return [
        Happened(one.kind.partition(".")[2], one.at, names.get(one.actor, one.actor), one.data)
        for one in events
    ]


def _payments() -> QuerySet[Payment]:
    return Payment.objects.select_related("claim__office", "batch").order_by("id")


def _payment(one: Payment) -> PaymentView:
    return PaymentView(
        id=one.id,
        end_to_end=one.end_to_end,
        claim_code=one.claim.code,
        program=one.claim.program,
        office=one.claim.office.name,
        amount=one.amount,
        account=masked(one.account_sealed),
        state=one.state,
        reason=one.reason,
        why=reason(one.reason).sentence if one.state == Payment.State.BOUNCED else "",
        sent_at=one.batch.sent_at if one.batch else None,
        doubted_at=one.doubted_at,
        batch_code=one.batch.code if one.batch else "",
    )


def _batch(one: Batch) -> BatchView:
    states = list(one.payments.values_list("state", flat=True))
    return BatchView(
        id=one.id,
        code=one.code,
        state=one.state,
        size=one.count,
        total=one.total,
        made_at=one.made_at,
        made_by=one.made_by.full_name,
        sent_at=one.sent_at,
        sent_by=one.sent_by.full_name if one.sent_by else "",
        paid=states.count(Payment.State.PAID),
        bounced=states.count(Payment.State.BOUNCED),
        on_the_way=states.count(Payment.State.SENT),
    )
