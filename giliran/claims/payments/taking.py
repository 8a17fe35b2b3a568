"""Taking in a bank's answer, and settling what it left in doubt.

Rows are locked in one order everywhere: the batch, its claims by id, its payments.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import transaction

from giliran.claims import actions as claims
from giliran.claims.models import Batch, Claim, Payment, StatusReport
from giliran.claims.payments import answer
from giliran.claims.payments.accounts import masked, party
from giliran.claims.payments.answer import Answer, Fate, Word
from giliran.claims.payments.making import hold
from giliran.claims.payments.queries import LIVE
from giliran.claims.payments.reasons import Whose, reason
from giliran.claims.payments.refusals import (
    AmountDiffers,
    AnswerOfNobody,
    BankKnown,
    CountDiffers,
    NotInDoubt,
    PaidByAnother,
    PaymentUnknown,
)
from giliran.core.claim import State
from giliran.core.refusal import NotFound
from giliran.encryption import seal_bytes
from giliran.journal.actions import record


class Step(StrEnum):
    """What an answer changes about one payment."""

    PAY = "pay"
    BOUNCE = "bounce"
    DOUBT = "doubt"
    NOTHING = "nothing"


def take_report(
    content: bytes, *, actor: str, now: datetime, region_id: int | None = None
) -> StatusReport:
    """Take in a pain.002: what was settled is paid, what was rejected bounces; all or nothing.

    The same file again returns the report that it made. With ``region_id``, another region's order
    isn't known. Raises what ``answer.read`` raises, ``AnswerOfNobody``, ``PaymentUnknown``,
    ``AmountDiffers`` or ``CountDiffers``; then nothing has changed.
    """
    said = answer.read(content)
    digest = hashlib.sha256(content).hexdigest()
    found = Batch.objects.filter(code=said.order_code)
    if region_id is not None:
        found = found.filter(region_id=region_id)
    with transaction.atomic():
        batch_id = found.values_list("id", flat=True).first()
        if batch_id is None:
            raise AnswerOfNobody(code=said.order_code[:35])
        batch = hold(batch_id)
        earlier = StatusReport.objects.filter(sha256=digest).first()
        if earlier is not None:
            return earlier
        if batch.state not in {Batch.State.SENT, Batch.State.ANSWERED}:
            raise AnswerOfNobody(code=batch.code)
        payments = _locked(batch)
        _compare(said, batch, payments)
        done = Counter(
            _apply(
                payment,
                said.words.get(payment.end_to_end, said.rest),
                said=said,
                batch=batch,
                actor=actor,
                now=now,
            )
            for payment in payments.values()
        )
        _close(batch)
        report = StatusReport.objects.create(
            sha256=digest,
            batch=batch,
            file_sealed=seal_bytes(content, about=f"bank's answer {digest}".encode()),
            paid=done[Step.PAY],
            bounced=done[Step.BOUNCE],
            taken_at=now,
            taken_by=actor,
        )
        record(
            "batch.answered",
            at=now,
            actor=actor,
            subject_id=batch.id,
            region_id=batch.region_id,
            report=report.id,
            **{step.value: done[step] for step in Step},
        )
    return report


def _locked(batch: Batch) -> dict[str, Payment]:
    """Return a batch's payments by EndToEndId, they and their claims locked."""
    of_batch = Claim.objects.filter(payments__batch=batch).order_by("id")
    list(of_batch.select_for_update(no_key=True, of=("self",)).values_list("id", flat=True))
    found = Payment.objects.select_for_update(no_key=True, of=("self",)).select_related("claim")
    return {payment.end_to_end: payment for payment in found.filter(batch=batch).order_by("id")}


def _compare(said: Answer, batch: Batch, payments: dict[str, Payment]) -> None:
    """Refuse an answer to something else than what we ordered."""
    for end_to_end, word in said.words.items():
        payment = payments.get(end_to_end)
        if payment is None:
            raise PaymentUnknown(end_to_end=end_to_end[:35])
        if word.amount is not None and word.amount != payment.amount:
            raise AmountDiffers(
                end_to_end=end_to_end, theirs=_figures(word.amount), ours=_figures(payment.amount)
            )
    if said.count not in {None, batch.count} or said.total not in {None, batch.total}:
        raise CountDiffers(code=batch.code)


def _figures(amount: Decimal) -> str:
    return f"{amount.normalize():,f}".translate(str.maketrans(",.", ".,"))


def _apply(
    payment: Payment, word: Word, *, said: Answer, batch: Batch, actor: str, now: datetime
) -> Step:
    step = _step(payment, word)
    if step is Step.PAY:
        _pay(payment, on=_paid_on(word.on or said.made_at, batch, now), actor=actor, now=now)
    elif step is Step.BOUNCE:
        _bounce(payment, word.reason, actor=actor, now=now)
    elif step is Step.DOUBT:
        payment.doubted_at = payment.doubted_at or now
        payment.reason = payment.reason or word.reason
        payment.save(update_fields=["doubted_at", "reason"])
        record(
            "payment.doubted",
            at=now,
            actor=actor,
            subject_id=payment.id,
            state=payment.state,
            said=word.fate.value,
            reason=word.reason,
        )
    return step


def _step(payment: Payment, word: Word) -> Step:
    """Return what the bank's word means for a payment; whatever contradicts waits for a person."""
    state, claim_state = payment.state, payment.claim.state
    if word.fate is Fate.PENDING:
        return Step.NOTHING
    if word.fate is Fate.PAID:
        if state == Payment.State.PAID:
            return Step.NOTHING
        first_word = state == Payment.State.SENT and claim_state == State.APPROVED
        return Step.PAY if first_word else Step.DOUBT
    if state == Payment.State.BOUNCED:
        return Step.NOTHING
    may_bounce = claim_state in {State.APPROVED, State.PAID}
    clear = may_bounce and reason(word.reason).whose is not Whose.DOUBT
    return Step.BOUNCE if clear else Step.DOUBT


def _paid_on(moment: datetime, batch: Batch, now: datetime) -> date:
    """Return the bank's day, which lies between the day it was sent and today."""
    zone = ZoneInfo(batch.region.time_zone)
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    today = now.astimezone(zone).date()
    sent = batch.sent_at.astimezone(zone).date() if batch.sent_at else today
    return min(max(local.astimezone(zone).date(), sent), today)


def _pay(payment: Payment, *, on: date, actor: str, now: datetime) -> None:
    payment.state, payment.settled_at, payment.doubted_at = Payment.State.PAID, now, None
    payment.save(update_fields=["state", "settled_at", "doubted_at"])
    claims.note_paid(payment.claim_id, paid_on=on, actor=actor, now=now)


def _bounce(payment: Payment, code: str, *, actor: str, now: datetime) -> None:
    """Let a payment bounce. The claimant is asked only where the account is at fault."""
    was_paid = payment.state == Payment.State.PAID
    payment.state, payment.reason = Payment.State.BOUNCED, code
    payment.settled_at, payment.doubted_at = now, None
    payment.save(update_fields=["state", "reason", "settled_at", "doubted_at"])
    # What came back after it was paid: the claim isn't paid any more, whosever fault it is.
    if was_paid or reason(code).whose is Whose.ACCOUNT:
        claims.note_bounced(payment.claim_id, reason=code, actor=actor, now=now)


def settle(payment_id: int, *, arrived: bool, officer_id: int, now: datetime) -> Payment:
    """Write down what an officer heard from the bank about a payment in doubt.

    If it did not arrive, the claim may be paid anew. Raises ``NotInDoubt``, ``PaidByAnother``,
    ``ClaimMoveNotAllowed`` (the claim was closed) or ``NotFound``.
    """
    actor = f"officer:{officer_id}"
    with transaction.atomic():
        batch, payment = _held(payment_id)
        if payment.doubted_at is None:
            raise NotInDoubt
        if arrived:
            _arrived(payment, batch, actor=actor, now=now)
        else:
            _came_back(payment, actor=actor, now=now)
        _close(batch)
        record("payment.settled", at=now, actor=actor, subject_id=payment.id, arrived=arrived)
    return payment


def _held(payment_id: int) -> tuple[Batch, Payment]:
    """Lock a payment's batch, its claim and itself."""
    known = Payment.objects.filter(id=payment_id, batch__isnull=False)
    ids = known.values_list("batch_id", "claim_id").first()
    if ids is None or ids[0] is None:
        raise NotFound
    batch = hold(ids[0])
    Claim.objects.select_for_update(no_key=True, of=("self",)).get(id=ids[1])
    found = Payment.objects.select_for_update(no_key=True, of=("self",)).select_related("claim")
    return batch, found.get(id=payment_id)


def _arrived(payment: Payment, batch: Batch, *, actor: str, now: datetime) -> None:
    others = Payment.objects.filter(claim_id=payment.claim_id, state__in=LIVE)
    if live := others.exclude(id=payment.id).first():
        raise PaidByAnother(end_to_end=live.end_to_end)
    if payment.claim.state in {State.PAID, State.CLOSED}:
        payment.doubted_at = None
        payment.save(update_fields=["doubted_at"])
        return
    if payment.claim.state == State.BOUNCED:
        # It went through after all, so the account was right.
        to = party(payment.account_sealed)
        account = claims.Account(to.bank.code, to.number, to.holder)
        claims.mend_account(payment.claim_id, account, actor=actor, now=now)
    today = now.astimezone(ZoneInfo(batch.region.time_zone)).date()
    _pay(payment, on=today, actor=actor, now=now)


def _came_back(payment: Payment, *, actor: str, now: datetime) -> None:
    payment.state, payment.settled_at, payment.doubted_at = Payment.State.BOUNCED, now, None
    payment.save(update_fields=["state", "settled_at", "doubted_at"])
    if payment.claim.state in {State.PAID, State.CLOSED}:
        claims.note_bounced(payment.claim_id, reason=payment.reason, actor=actor, now=now)


def ask_for_account(claim_id: int, *, officer_id: int, now: datetime) -> None:
    """Ask a claimant for another account where we can't pay to the bank that they gave.

    Raises ``BankKnown`` where we can, ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        found = Claim.objects.select_for_update(no_key=True, of=("self",))
        claim = found.filter(id=claim_id).first()
        if claim is None:
            raise NotFound
        if masked(claim.account_sealed).bank:
            raise BankKnown
        claims.note_bounced(claim_id, reason="RC01", actor=f"officer:{officer_id}", now=now)


def _close(batch: Batch) -> None:
    """Mark a batch as answered once no payment of it is still on its way."""
    if not batch.payments.filter(state=Payment.State.SENT).exists():
        batch.state = Batch.State.ANSWERED
        batch.save(update_fields=["state"])
