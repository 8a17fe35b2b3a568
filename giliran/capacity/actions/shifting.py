"""Changing one shift of a roster in force: its kind, day or officer, a swap, a cancellation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from giliran.capacity import changes
from giliran.capacity.actions import telling
from giliran.capacity.actions.lending import end_loans
from giliran.capacity.changes import Change, ShiftHasChanged
from giliran.capacity.effects import rules_broken
from giliran.capacity.models import Shift
from giliran.core.refusal import Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.offices.models import Office, Region
from giliran.outbox import post


class ShiftBreaksRule(Refusal):
    """The law, a leave or the rest between two shifts stands against it."""

    code = "shift_breaks_rule"
    sentence = gettext_noop("Perubahan ini tidak bisa disimpan. %(why)s")


def put_shift(
    office: Office,
    shift_id: int,
    *,
    officer_id: int,
    day: date,
    kind: str,
    actor: str,
    now: datetime,
) -> Change:
    """Give a shift another officer, day or kind.

    Raises ``ShiftBreaksRule`` or a refusal of ``capacity.changes``.
    """

    def meant() -> Change:
        return changes.to_put(office, shift_id, officer_id=officer_id, day=day, kind=kind, now=now)

    return _make(office, meant, actor=actor, now=now)


def swap_shifts(
    office: Office, shift_id: int, other_id: int, *, actor: str, now: datetime
) -> Change:
    """Let two shifts change officers. Raises as ``put_shift`` does."""
    return _make(
        office,
        lambda: changes.to_swap(office, shift_id, other_id, now=now),
        actor=actor,
        now=now,
    )


def cancel_shift(office: Office, shift_id: int, *, actor: str, now: datetime) -> Change:
    """Let a shift fall away; who was lent for it works at home. Raises as ``put_shift`` does."""
    return _make(office, lambda: changes.to_cancel(office, shift_id, now=now), actor=actor, now=now)


def add_shift(
    office: Office, *, officer_id: int, day: date, kind: str, actor: str, now: datetime
) -> Change:
    """Put somebody down who was free that day. Raises as ``put_shift`` does."""
    return _make(
        office,
        lambda: changes.to_add(office, officer_id=officer_id, day=day, kind=kind, now=now),
        actor=actor,
        now=now,
    )


def _make(office: Office, meant: Callable[[], Change], *, actor: str, now: datetime) -> Change:
    try:
        with transaction.atomic():
            # Who publishes a roster and who changes a shift of the region wait for each other.
            Region.objects.select_for_update(no_key=True).get(id=office.region_id)
            change = meant()
            if change.is_nothing:
                return change
            if why := rules_broken(change, now=now):
                raise ShiftBreaksRule(why=" ".join(why))
            _write(change, actor=actor, now=now)
            return change
    except IntegrityError as error:
        if "one_shift_a_day" in str(error):
            raise ShiftHasChanged from None
        raise


def _write(change: Change, *, actor: str, now: datetime) -> None:
    office_id = change.office.id
    gone = [one.id for one in change.gone]
    cancelled = Shift.objects.filter(id__in=gone, cancelled_at__isnull=True).update(
        cancelled_at=now
    )
    if cancelled != len(gone):  # a leave or a loan took one of them in this moment
        raise ShiftHasChanged
    kept = {one.loan_id for one in change.fresh}
    for one in change.gone:
        if one.loan_id and one.loan_id not in kept:
            # Who was lent works at home again, and both offices are counted anew.
            end_loans(one.officer_id, one.day, one.day, actor=actor, now=now)
    fresh = Shift.objects.bulk_create(change.fresh)
    telling.shifts_changed(
        change.office,
        telling.days_of(
            one for one in (*change.gone, *fresh) if not one.loan_id or one.loan_id in kept
        ),
        actor=actor,
        now=now,
    )
    for day in change.days:
        record(
            "shift.change",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=fresh[0].id if fresh else gone[0],
            day=day.isoformat(),
            gone=gone,
            fresh=[one.id for one in fresh],
            officers=change.officer_ids,
        )
        post(
            "capacity.replan",
            key=f"capacity.replan:{office_id}:{day}",
            office_id=office_id,
            day=day.isoformat(),
        )
