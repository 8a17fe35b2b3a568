"""Lending an officer to another office for a day: asked, answered, withdrawn; and substitutes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from giliran.capacity import leave as leaves
from giliran.capacity import loans, needs
from giliran.capacity.actions.holding import hold, replan_soon
from giliran.capacity.changes import NoRosterYet, in_words
from giliran.capacity.models import Loan, Shift
from giliran.capacity.roster_setting import travel_minutes
from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office, Post


class LoanOver(Refusal):
    """What is to be lent is over, or so late that they couldn't be there before it ends."""

    code = "loan_over"
    sentence = gettext_noop("Sudah terlambat untuk meminjam pada hari itu.")


class NotPutDown(Refusal):
    """Only who works that day can work elsewhere that day."""

    code = "not_put_down"
    sentence = gettext_noop("%(who)s tidak dijadwalkan pada hari itu. Pilih petugas lain.")


class AwayThatDay(Refusal):
    """Nobody on leave is lent."""

    code = "away_that_day"
    sentence = gettext_noop("%(who)s sedang cuti atau sakit pada hari itu. Pilih petugas lain.")


class LentAlready(Refusal):
    """One loan a day: asked for or agreed on."""

    code = "lent_already"
    sentence = gettext_noop("%(who)s sudah diminta atau dipinjam kantor lain pada hari itu.")


class TooFar(Refusal):
    """Officers are lent within their region."""

    code = "too_far"
    sentence = gettext_noop("Petugas hanya bisa dipinjam dari kantor lain dalam satu wilayah.")


class LoanAnswered(Refusal):
    """It was answered or withdrawn meanwhile."""

    code = "loan_answered"
    sentence = gettext_noop("Permintaan ini sudah %(state)s. Muat ulang untuk melihat keadaannya.")


class CannotSubstitute(Refusal):
    """Not somebody of this office, or not free that day."""

    code = "cannot_substitute"
    sentence = gettext_noop("%(who)s tidak bisa menggantikan pada hari itu. Pilih orang lain.")


def ask_loan(officer_id: int, *, to_id: int, day: date, asked_by_id: int, now: datetime) -> Loan:
    """Ask the office where an officer is put down on a day to lend them; its head answers.

    Asked twice for the same, returns the first. Raises ``NotPutDown``, ``AwayThatDay``,
    ``LentAlready``, ``TooFar``, ``LoanOver``, or ``NoRosterYet`` where nobody is put down at the
    office that asks: whoever is lent would count as all that it has.
    """
    try:
        with transaction.atomic():
            to = offices.office_by_id(to_id)
            hold(to.region_id, officer_id)
            return _asked(to, officer_id, day, asked_by_id, now)
    except IntegrityError as error:
        if "lent_once_a_day" in str(error):
            raise LentAlready(who=_name(officer_id)) from None
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
    ``AwayThatDay``, ``LoanOver``, or ``NotFound`` for a loan that isn't this office's to answer.
    """
    with transaction.atomic():
        one = _held(loan_id, home_id=office_id)
        if one.state == Loan.State.ACCEPTED:
            return one
        _check_asked(one)
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
        _replan_both(one)
    return one


def refuse_loan(loan_id: int, *, office_id: int, officer_id: int, now: datetime) -> Loan:
    """Keep the officer at home. Twice is once. Raises ``LoanAnswered`` or ``NotFound``."""
    with transaction.atomic():
        one = _held(loan_id, home_id=office_id)
        if one.state == Loan.State.REFUSED:
            return one
        _check_asked(one)
        _answered(one, Loan.State.REFUSED, officer_id, now)
        _told("loan.refuse", one, actor=f"officer:{officer_id}", now=now)
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
    for one in live.select_related("officer", "home", "to"):
        _ended(one, actor=actor, now=now)


def put_substitute(
    officer_id: int, *, leave_id: int, office_id: int, day: date, actor: str, now: datetime
) -> Shift:
    """Put somebody of the office's own back office down in the place of who is away on a day.

    Put down twice is once. Raises ``CannotSubstitute`` or ``NotFound``.
    """
    from giliran.capacity.remedies.own import replaced

    with transaction.atomic():
        one = leaves.leave(leave_id)
        hold(one.office.region_id, officer_id)
        own = leaves.shift_of(office_id, one.officer_id, day)
        is_in = one.first_day <= day <= one.last_day and one.state in leaves.IN_FORCE
        if one.office_id != office_id or own is None or not is_in:
            raise NotFound
        has_post = Post.objects.filter(
            officer_id=officer_id,
            office_id=office_id,
            officer__is_active=True,
            # Colleagues at the counters work more by ``add_shift``, which keeps to the law.
            role__in=[Post.Role.DOOR, Post.Role.MANAGER],
        )
        there = Shift.objects.filter(
            officer_id=officer_id, day=day, is_draft=False, cancelled_at__isnull=True
        ).first()
        post = has_post.select_related("officer").first()
        if post is None or officer_id == one.officer_id:
            raise CannotSubstitute(who=_name(officer_id))
        if there is not None and there.office_id == office_id:
            return there
        is_past = day < offices.local_day(one.office, now) or own.ends_at <= now
        is_free = there is None and not leaves.is_away(officer_id, day)
        if is_past or not is_free:
            raise CannotSubstitute(who=_name(officer_id))
        fresh = replaced(own, post.officer, now=now)
        fresh.save(force_insert=True)
        record(
            "shift.substitute",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=fresh.id,
            officer=officer_id,
            instead_of=one.officer_id,
            day=day.isoformat(),
        )
        replan_soon(office_id, day, day)
    return fresh


def _asked(to: Office, officer_id: int, day: date, asked_by_id: int, now: datetime) -> Loan:
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
        raise LentAlready(who=_name(officer_id))
    if shift is None or shift.office_id == to.id:
        raise NotPutDown(who=_name(officer_id))
    if shift.office.region_id != to.region_id:
        raise TooFar
    if leaves.is_away(officer_id, day):
        raise AwayThatDay(who=shift.officer.full_name)
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
        asked_by_id=asked_by_id,
        asked_at=now,
    )
    _told("loan.ask", one, actor=f"officer:{asked_by_id}", now=now)
    return one


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


def _name(officer_id: int) -> str:
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
