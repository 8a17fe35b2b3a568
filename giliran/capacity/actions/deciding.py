"""Deciding a leave: yes, no, or another day that its officer takes or doesn't."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction

from giliran.capacity import leave as leaves
from giliran.capacity.actions import telling
from giliran.capacity.actions.leaving import FARTHEST, held, noted, overlapping, put_in_force
from giliran.capacity.actions.lending import end_needless_loans
from giliran.capacity.changes import in_words
from giliran.capacity.models import Leave
from giliran.capacity.refusals import (
    AwayAlready,
    BadDays,
    LeaveDecided,
    NotOwnLeave,
    RefusalWithoutReason,
)
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices

REASON_AT_MOST: Final = 200


def approve_leave(leave_id: int, *, office_id: int, officer_id: int, now: datetime) -> Leave:
    """Approve a leave: places are counted anew, promises are kept, loans of the officer end.

    Twice is once. Raises ``LeaveDecided``, ``NotOwnLeave`` or ``NotFound``.
    """
    with transaction.atomic():
        one = _to_decide(leave_id, office_id, officer_id)
        if one.state == Leave.State.APPROVED:
            return one
        _check_asked(one)
        if overlapping(one, (Leave.State.APPROVED,)) is not None:
            raise AwayAlready(first=in_words(one.first_day))
        _decided(one, Leave.State.APPROVED, officer_id, now)
        noted("leave.approve", one, actor=f"officer:{officer_id}", now=now)
        telling.leave_decided(one, by=officer_id, now=now)
        put_in_force(one, now=now)
    return one


def refuse_leave(
    leave_id: int, *, office_id: int, officer_id: int, reason: str, now: datetime
) -> Leave:
    """Refuse a leave and say why.

    Twice is once. Raises ``RefusalWithoutReason``, ``LeaveDecided``, ``NotOwnLeave`` or
    ``NotFound``.
    """
    why = reason.strip()
    if not 0 < len(why) <= REASON_AT_MOST:
        raise RefusalWithoutReason("reason", most=REASON_AT_MOST)
    with transaction.atomic():
        one = _to_decide(leave_id, office_id, officer_id)
        if one.state == Leave.State.REFUSED:
            return one
        _check_asked(one)
        one.reason = why
        _decided(one, Leave.State.REFUSED, officer_id, now)
        actor = f"officer:{officer_id}"
        noted("leave.refuse", one, actor=actor, now=now)
        telling.leave_decided(one, by=officer_id, now=now)
        end_needless_loans(one, actor=actor, now=now)
    return one


def suggest_days(
    leave_id: int, *, office_id: int, officer_id: int, first_day: date, now: datetime
) -> Leave:
    """Suggest another first day for a leave of the same length; its officer says yes or no.

    Raises ``BadDays``, ``LeaveDecided``, ``NotOwnLeave`` or ``NotFound``.
    """
    with transaction.atomic():
        one = _to_decide(leave_id, office_id, officer_id)
        _check_asked(one)
        today = offices.local_day(one.office, now)
        if not today <= first_day <= today + FARTHEST:
            raise BadDays("day")
        one.suggested_day = first_day
        one.save(update_fields=["suggested_day"])
        noted(
            "leave.suggest",
            one,
            actor=f"officer:{officer_id}",
            now=now,
            suggested=first_day.isoformat(),
        )
        telling.leave_suggested(one, by=officer_id, now=now)
    return one


def take_suggested(leave_id: int, *, officer_id: int, now: datetime) -> Leave:
    """Let an officer take the days that the head suggested: with that the leave is approved.

    Raises ``LeaveDecided``, ``AwayAlready`` or ``NotFound``.
    """
    with transaction.atomic():
        one = held(leave_id)
        if one.officer_id != officer_id or one.suggested_day is None:
            raise NotFound
        if one.state == Leave.State.APPROVED and one.first_day == one.suggested_day:
            return one
        _check_asked(one)
        length = one.last_day - one.first_day
        one.first_day, one.last_day = one.suggested_day, one.suggested_day + length
        if one.first_day < offices.local_day(one.office, now):
            raise BadDays("day")
        if overlapping(one, leaves.IN_FORCE) is not None:
            raise AwayAlready(first=in_words(one.first_day))
        one.state, one.decided_at = Leave.State.APPROVED, now
        one.save(update_fields=["state", "decided_at", "first_day", "last_day"])
        actor = f"officer:{officer_id}"
        noted("leave.take_suggested", one, actor=actor, now=now)
        telling.leave_ended(one, now=now)
        put_in_force(one, now=now)
        end_needless_loans(one, actor=actor, now=now)
    return one


def _to_decide(leave_id: int, office_id: int, officer_id: int) -> Leave:
    one = held(leave_id)
    if one.office_id != office_id:
        raise NotFound
    if one.officer_id == officer_id:
        raise NotOwnLeave
    return one


def _check_asked(one: Leave) -> None:
    if one.state != Leave.State.ASKED:
        raise LeaveDecided(state=one.get_state_display().lower())


def _decided(one: Leave, state: str, officer_id: int, now: datetime) -> None:
    one.state, one.decided_at, one.decided_by_id = state, now, officer_id
    one.save(update_fields=["state", "decided_at", "decided_by", "reason"])
