"""Asking for leave, calling in sick, taking leave back; promises are kept all the while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from giliran.capacity import leave as leaves
from giliran.capacity.actions import telling
from giliran.capacity.actions.holding import hold, replan_soon
from giliran.capacity.actions.lending import end_loans, end_needless_loans
from giliran.capacity.changes import in_words
from giliran.capacity.models import Leave
from giliran.capacity.refusals import AwayAlready, BadDays, BadKind, LeaveDecided, NotStaffOfOffice
from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.offices import queries as offices

LONGEST: Final = timedelta(days=92)
"""Longer absences, such as maternity leave, are entered piece by piece."""
FARTHEST: Final = timedelta(days=731)
"""Nobody plans further ahead: a later year is a slip of the finger."""
_ONE_DAY: Final = timedelta(days=1)


def ask_leave(
    officer_id: int,
    *,
    office_id: int,
    kind: str,
    first_day: date,
    last_day: date,
    request_key: UUID,
    actor: str,
    now: datetime,
) -> Leave:
    """Ask for leave, training or another absence; the office's head decides.

    The same ``request_key`` again returns what it made. Raises ``BadDays``, ``BadKind``,
    ``AwayAlready`` or ``NotStaffOfOffice``.
    """
    if kind not in {Leave.Kind.ANNUAL, Leave.Kind.TRAINING, Leave.Kind.OTHER}:
        raise BadKind("kind")
    office = offices.office_by_id(office_id)
    today = offices.local_day(office, now)
    if not (today <= first_day <= last_day and last_day - first_day <= LONGEST):
        raise BadDays("first_day")
    if first_day > today + FARTHEST:
        raise BadDays("first_day")
    fresh = Leave(
        officer_id=officer_id,
        office=office,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        asked_at=now,
        asked_by=actor,
    )
    return _once(fresh, request_key, overlaps=leaves.IN_FORCE, now=now)


def call_sick(
    officer_id: int,
    *,
    office_id: int,
    request_key: UUID,
    actor: str,
    now: datetime,
    last_day: date | None = None,
) -> Leave:
    """Note that somebody is ill from today, until today unless told otherwise; nobody asks why.

    Nobody has to approve it, and no other leave stands against it: noted are the days on which
    they aren't away already, and the leave of the first of them is returned, or the one that says
    they are away today. Raises ``BadDays`` or ``NotStaffOfOffice``.
    """
    office = offices.office_by_id(office_id)
    today = offices.local_day(office, now)
    till = last_day or today
    if not today <= till <= today + LONGEST:
        raise BadDays("last_day")
    with transaction.atomic():
        hold(office.region_id, officer_id)
        fresh = [
            _once(
                Leave(
                    officer_id=officer_id,
                    office=office,
                    kind=Leave.Kind.SICK,
                    first_day=first,
                    last_day=last,
                    state=Leave.State.APPROVED,
                    asked_at=now,
                    asked_by=actor,
                    decided_at=now,
                ),
                request_key,
                overlaps=(),
                now=now,
            )
            for first, last in list(_not_yet_away(officer_id, today, till))
        ]
        if fresh:
            telling.sick(fresh[0], now=now)
            return fresh[0]
        return Leave.objects.get(
            officer_id=officer_id,
            state=Leave.State.APPROVED,
            first_day__lte=today,
            last_day__gte=today,
        )


def _not_yet_away(officer_id: int, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Give the stretches of some days on which an officer has no approved leave."""
    free = [day for day in leaves.days_between(first, last) if not leaves.is_away(officer_id, day)]
    begins = [day for day in free if day - _ONE_DAY not in free]
    ends = [day for day in free if day + _ONE_DAY not in free]
    return zip(begins, ends, strict=True)


def withdraw_leave(leave_id: int, *, officer_id: int, now: datetime) -> Leave:
    """Let an officer take back their own leave; one that has begun ends with yesterday.

    Twice is once. Raises ``LeaveDecided`` for one that is over or was refused, or ``NotFound``.
    """
    with transaction.atomic():
        one = held(leave_id)
        if one.officer_id != officer_id:
            raise NotFound
        if one.state == Leave.State.WITHDRAWN:
            return one
        today = offices.local_day(one.office, now)
        if one.state == Leave.State.REFUSED or one.last_day < today:
            raise LeaveDecided(state=one.get_state_display().lower())
        was_approved, last_day = one.state == Leave.State.APPROVED, one.last_day
        if was_approved and one.first_day < today:
            one.last_day = today - timedelta(days=1)
        else:
            one.state, one.decided_at = Leave.State.WITHDRAWN, now
        one.save(update_fields=["state", "decided_at", "last_day"])
        actor = f"officer:{officer_id}"
        noted("leave.withdraw", one, actor=actor, now=now)
        telling.leave_ended(one, now=now)
        end_needless_loans(one, actor=actor, now=now)
        if was_approved:
            replan_soon(one.office_id, max(today, one.first_day), last_day)
    return one


def _once(fresh: Leave, request_key: UUID, *, overlaps: tuple[str, ...], now: datetime) -> Leave:
    """Write a leave, once for what a form asks, and never two that overlap."""
    with transaction.atomic():
        hold(fresh.office.region_id, fresh.officer_id)
        for key in _keys(fresh, request_key):
            asked = Leave.objects.filter(request_key=key).first()
            if asked is None:
                fresh.request_key = key
                break
            if asked.state != Leave.State.WITHDRAWN:
                return asked
        if fresh.officer_id not in offices.staff_ids(fresh.office_id):
            raise NotStaffOfOffice
        other = overlapping(fresh, overlaps)
        if other is not None:
            raise AwayAlready(first=in_words(other.first_day))
        fresh.save(force_insert=True)
        is_sick = fresh.kind == Leave.Kind.SICK
        noted("leave.sick" if is_sick else "leave.ask", fresh, actor=fresh.asked_by, now=now)
        if fresh.state == Leave.State.APPROVED:
            put_in_force(fresh, now=now)
        else:
            telling.leave_asked(fresh, now=now)
        return fresh


def _keys(one: Leave, request_key: UUID) -> Iterator[UUID]:
    """Give the keys under which a form's leave may be known: the first, and each time after that.

    Whoever goes back to a form, changes the days and sends it again asks for something else; and
    whoever took a leave back and falls ill after all is ill, however old their page is.
    """
    asked = (one.officer_id, one.office_id, one.kind, one.first_day, one.last_day)
    return (uuid5(request_key, f"{asked} {n}") for n in count())


def overlapping(one: Leave, states: tuple[str, ...]) -> Leave | None:
    """Return the first other leave of the same officer that touches the same days."""
    return (
        Leave.objects.filter(
            officer_id=one.officer_id,
            state__in=states,
            first_day__lte=one.last_day,
            last_day__gte=one.first_day,
        )
        .exclude(id=one.id)
        .order_by("first_day")
        .first()
    )


def held(leave_id: int) -> Leave:
    """Return a leave that nobody else changes until the end of the transaction."""
    found = leaves.leave(leave_id)
    hold(found.office.region_id, found.officer_id)
    return leaves.leave(leave_id)


def put_in_force(one: Leave, *, now: datetime) -> None:
    """End the loans of who is away, and have the places of the days counted anew."""
    today = offices.local_day(one.office, now)
    first = max(today, one.first_day)
    end_loans(one.officer_id, first, one.last_day, actor=one.asked_by, now=now)
    replan_soon(one.office_id, first, one.last_day)


def noted(kind: str, one: Leave, *, actor: str, now: datetime, **more: str) -> None:
    """Write what became of a leave into the journal."""
    record(
        kind,
        at=now,
        actor=actor,
        office_id=one.office_id,
        subject_id=one.id,
        officer=one.officer_id,
        first_day=one.first_day.isoformat(),
        last_day=one.last_day.isoformat(),
        **more,
    )
