"""Lending an officer to another office for a day: asked, answered, withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from giliran.capacity import leave as leaves
from giliran.capacity import loans, needs
from giliran.capacity.actions import telling
from giliran.capacity.actions.holding import hold, replan_soon
from giliran.capacity.changes import NoRosterYet, in_words
from giliran.capacity.models import Leave, Loan, Shift
from giliran.capacity.refusals import (
    AwayThatDay,
    LeaveDecided,
    LentAlready,
    LoanAnswered,
    LoanOver,
    NotPutDown,
    OwnLoan,
    TooFar,
)
from giliran.capacity.roster_setting import travel_minutes
from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office


def ask_loan(
    officer_id: int,
    *,
    to_id: int,
    day: date,
    asked_by_id: int,
    leave_id: int | None = None,
    now: datetime,
) -> Loan:
    """Ask the office where an officer is put down on a day to lend them; its head answers.

    ``leave_id`` is the leave because of which somebody is missing: without it nobody is asked any
    more. Asked twice for the same, returns the first. Raises ``NotPutDown``, ``AwayThatDay``,
    ``LentAlready``, ``TooFar``, ``LoanOver``, or ``NoRosterYet`` where nobody is put down at the
    office that asks: whoever is lent would count as all that it has.
    """
    try:
        with transaction.atomic():
            to = offices.office_by_id(to_id)
            hold(to.region_id, officer_id)
            return _asked(to, officer_id, day, asked_by_id, leave_id, now)
    except IntegrityError as error:
        if "lent_once_a_day" in str(error):
            raise LentAlready(who=name_of(officer_id)) from None
        raise


def take_from_booth(
    officer_id: int, *, to_id: int, day: date, officer_deciding_id: int, now: datetime
) -> Loan:
    """Have an officer of the branch's own booth work at the branch for a day: its head decides.

    Raises as ``ask_loan`` does, or ``NotFound`` for somebody who isn't put down at such a booth.
    """
    with transaction.atomic():
        one = ask_loan(officer_id, to_id=to_id, day=day, asked_by_id=officer_deciding_id, now=now)
        if one.home.parent_id != to_id or one.home.kind != Office.Kind.MPP_BOOTH:
            raise NotFound
        return accept_loan(one.id, office_id=one.home_id, officer_id=officer_deciding_id, now=now)


def accept_loan(loan_id: int, *, office_id: int, officer_id: int, now: datetime) -> Loan:
    """Lend the officer: their shift at home falls away for one at the other office.

    Both offices' places are counted anew. Twice is once. Raises ``LoanAnswered``, ``NotPutDown``,
    ``AwayThatDay``, ``LoanOver``, ``OwnLoan``, or ``NotFound`` where another office answers.
    """
    with transaction.atomic():
        one = _held(loan_id, home_id=office_id)
        if one.state == Loan.State.ACCEPTED:
            return one
        _check_asked(one)
        if not loans.may_answer(one, officer_id):
            raise OwnLoan
        shift = _shift_at_home(one.officer_id, one.home_id, one.day)
        if shift is None:
            raise NotPutDown(who=one.officer.full_name)
        if leaves.is_away(one.officer_id, one.day):
            raise AwayThatDay(who=one.officer.full_name)
        begins, ends = loans.times_at(one.to, shift, one.travel_minutes, now=now)
        if begins >= ends:
            raise LoanOver
        # The shift at home knows the loan for which it fell away, to come back with it.
        shift.cancelled_at, shift.loan = now, one
        shift.save(update_fields=["cancelled_at", "loan"])
        Shift.objects.create(
            officer_id=one.officer_id,
            office=one.to,
            day=one.day,
            kind=shift.kind,
            begins_at=begins,
            ends_at=ends,
            loan=one,
        )
        _answered(one, Loan.State.ACCEPTED, officer_id, now)
        _told("loan.accept", one, actor=f"officer:{officer_id}", now=now)
        telling.loan_answered(one, by=officer_id, now=now)
        _replan_both(one)
    return one


def refuse_loan(loan_id: int, *, office_id: int, officer_id: int, now: datetime) -> Loan:
    """Keep the officer at home. Twice is once.

    Raises ``LoanAnswered``, ``OwnLoan`` or ``NotFound``.
    """
    with transaction.atomic():
        one = _held(loan_id, home_id=office_id)
        if one.state == Loan.State.REFUSED:
            return one
        _check_asked(one)
        if not loans.may_answer(one, officer_id):
            raise OwnLoan
        _answered(one, Loan.State.REFUSED, officer_id, now)
        _told("loan.refuse", one, actor=f"officer:{officer_id}", now=now)
        telling.loan_answered(one, by=officer_id, now=now)
    return one


def withdraw_loan(loan_id: int, *, office_id: int, officer_id: int, now: datetime) -> Loan:
    """Let the office that asked need nobody any more; who was lent works at home again.

    Twice is once. Raises ``LoanAnswered`` for a refused or past one, or ``NotFound``.
    """
    with transaction.atomic():
        one = _held(loan_id, to_id=office_id)
        if one.state == Loan.State.WITHDRAWN:
            return one
        if one.state == Loan.State.REFUSED or one.day < offices.local_day(one.to, now):
            raise LoanAnswered(state=one.get_state_display().lower())
        _ended(one, actor=f"officer:{officer_id}", now=now)
    return one


def end_loans(officer_id: int, first: date, last: date, *, actor: str, now: datetime) -> None:
    """End an officer's loans on some days, asked or agreed: they are away themselves.

    Called under ``hold``.
    """
    live = Loan.objects.filter(
        officer_id=officer_id, day__range=(first, last), state__in=loans.LIVE
    )
    for one in live.select_related("officer", "home__region", "to__region"):
        _ended(one, actor=actor, now=now)


def end_needless_loans(one: Leave, *, actor: str, now: datetime) -> None:
    """Ask nobody any more for the days on which a leave isn't taken after all.

    What was agreed on stands, and who borrows is told: the neighbour has planned with it. Called
    under ``hold``.
    """
    today = offices.local_day(one.office, now)
    live = Loan.objects.filter(leave=one, day__gte=today, state__in=loans.LIVE)
    for each in live.select_related("officer", "home__region", "to__region").order_by("day", "id"):
        if one.state in leaves.IN_FORCE and one.first_day <= each.day <= one.last_day:
            continue
        if each.state == Loan.State.ASKED:
            _ended(each, actor=actor, now=now)
        else:
            telling.loan_kept(each, now=now)


def _asked(
    to: Office, officer_id: int, day: date, asked_by_id: int, leave_id: int | None, now: datetime
) -> Loan:
    shift = (
        Shift.objects.filter(
            officer_id=officer_id,
            officer__is_active=True,
            day=day,
            is_draft=False,
            cancelled_at__isnull=True,
        )
        .select_related("office__region", "officer")
        .first()
    )
    live = Loan.objects.filter(officer_id=officer_id, day=day, state__in=loans.LIVE).first()
    if live is not None:
        if live.to_id == to.id:
            return loans.loan(live.id)
        raise LentAlready(who=name_of(officer_id))
    if shift is None or shift.office_id == to.id:
        raise NotPutDown(who=name_of(officer_id))
    if shift.office.region_id != to.region_id:
        raise TooFar
    if leaves.is_away(officer_id, day):
        raise AwayThatDay(who=shift.officer.full_name)
    if leave_id is not None:
        _check_still_taken(leave_id, to, day)
    if not needs.has_roster(to, day):
        raise NoRosterYet(day=in_words(day))
    kms = {one.id: km for one, km in offices.nearest_offices(to, 1000)}
    minutes = travel_minutes(kms[shift.office_id])
    begins, ends = loans.times_at(to, shift, minutes, now=now)
    if begins >= ends:
        raise LoanOver
    one = Loan.objects.create(
        officer_id=officer_id,
        home=shift.office,
        to=to,
        day=day,
        travel_minutes=minutes,
        leave_id=leave_id,
        asked_by_id=asked_by_id,
        asked_at=now,
    )
    _told("loan.ask", one, actor=f"officer:{asked_by_id}", now=now)
    telling.loan_asked(one, now=now)
    return one


def _check_still_taken(leave_id: int, to: Office, day: date) -> None:
    one = leaves.leave(leave_id)
    if one.office_id != to.id or not one.first_day <= day <= one.last_day:
        raise NotFound
    if one.state not in leaves.IN_FORCE:
        raise LeaveDecided(state=one.get_state_display().lower())


def _held(loan_id: int, *, home_id: int = 0, to_id: int = 0) -> Loan:
    """Return a loan that nobody else changes until the end of the transaction."""
    found = loans.loan(loan_id)
    if (home_id or found.home_id) != found.home_id or (to_id or found.to_id) != found.to_id:
        raise NotFound
    hold(found.to.region_id, found.officer_id)
    return loans.loan(loan_id)


def _shift_at_home(officer_id: int, home_id: int, day: date) -> Shift | None:
    found = Shift.objects.select_related("office").filter(
        officer_id=officer_id,
        officer__is_active=True,
        office_id=home_id,
        day=day,
        is_draft=False,
        cancelled_at__isnull=True,
    )
    return found.first()


def _check_asked(one: Loan) -> None:
    if one.state != Loan.State.ASKED:
        raise LoanAnswered(state=one.get_state_display().lower())


def _answered(one: Loan, state: str, officer_id: int, now: datetime) -> None:
    one.state, one.answered_by_id, one.answered_at = state, officer_id, now
    one.save(update_fields=["state", "answered_by", "answered_at"])


def _ended(one: Loan, *, actor: str, now: datetime) -> None:
    was_accepted = one.state == Loan.State.ACCEPTED
    one.state = Loan.State.WITHDRAWN
    one.save(update_fields=["state"])
    _told("loan.withdraw", one, actor=actor, now=now)
    telling.loan_ended(one, was_accepted=was_accepted, actor=actor, now=now)
    if not was_accepted:
        return
    Shift.objects.filter(
        loan=one, office_id=one.to_id, is_draft=False, cancelled_at__isnull=True
    ).update(cancelled_at=now)
    has_shift = Shift.objects.filter(
        officer_id=one.officer_id, day=one.day, is_draft=False, cancelled_at__isnull=True
    ).exists()
    at_home = Shift.objects.filter(
        loan=one, office_id=one.home_id, is_draft=False, cancelled_at__isnull=False
    ).first()
    if at_home is not None and not has_shift:
        at_home.cancelled_at, at_home.loan = None, None
        at_home.save(update_fields=["cancelled_at", "loan"])
    _replan_both(one)


def _replan_both(one: Loan) -> None:
    for office_id in sorted({one.home_id, one.to_id}):
        replan_soon(office_id, one.day, one.day)


def name_of(officer_id: int) -> str:
    """Return an officer's name, for a sentence about them."""
    from giliran.people.models import Officer

    return Officer.objects.get(id=officer_id).full_name


def _told(kind: str, one: Loan, *, actor: str, now: datetime) -> None:
    for office_id in (one.home_id, one.to_id):
        # Both offices' histories tell it.
        record(
            kind,
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=one.id,
            officer=one.officer_id,
            home=one.home_id,
            to=one.to_id,
            day=one.day.isoformat(),
        )
