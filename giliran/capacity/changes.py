"""Changing somebody's shift, before it is done: which shifts go, and which come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.formats import date_format

from giliran.capacity import needs
from giliran.capacity.models import Roster, Shift
from giliran.capacity.roster_setting import OnDuty, Week, limits_at
from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.offices import queries as offices
from giliran.offices.models import Office, Post
from giliran.people.models import Officer


class ShiftHasChanged(Refusal):
    """The page was older than the roster: somebody else changed this shift meanwhile."""

    code = "shift_has_changed"
    sentence = gettext_noop(
        "Jadwal ini sudah diubah sejak halaman dibuka. Lihat keadaannya sekarang, lalu ubah lagi "
        "bila masih perlu."
    )


class DayIsOver(Refusal):
    """What was worked was worked."""

    code = "day_is_over"
    sentence = gettext_noop("Hari %(day)s sudah lewat. Pilih hari ini atau sesudahnya.")


class NoRosterYet(Refusal):
    """Putting down one person would say that nobody else is there."""

    code = "no_roster_yet"
    sentence = gettext_noop(
        "Belum ada jadwal yang berlaku untuk %(day)s. Minta kantor wilayah menyusun jadwal pekan "
        "itu lebih dulu."
    )


class NoSuchDuty(Refusal):
    """The office is shut then, or its day is too short for this kind of shift."""

    code = "no_such_duty"
    sentence = gettext_noop("Pada %(day)s tidak ada dinas seperti itu di %(office)s. Pilih lain.")


class NotStaffHere(Refusal):
    """Somebody of another office comes by a loan, which that office must agree to."""

    code = "not_staff_here"
    sentence = gettext_noop(
        "%(who)s bukan petugas loket di %(office)s. Minta pinjaman dari kantornya."
    )


class OfficerIsBusy(Refusal):
    """One shift a day, wherever it is."""

    code = "officer_is_busy"
    sentence = gettext_noop(
        "%(who)s sudah bertugas di %(office)s pada %(day)s. Tukar dinasnya, atau pilih yang lain."
    )


class LentForOneDay(Refusal):
    """A neighbour lent somebody for a day, not whichever day suits."""

    code = "lent_for_one_day"
    sentence = gettext_noop(
        "%(who)s dipinjam hanya untuk %(day)s. Ganti jamnya pada hari itu, atau batalkan."
    )


class Change(NamedTuple):
    """Shifts that go and shifts that come, at one office in one week; nothing is stored yet."""

    office: Office
    monday: date
    gone: tuple[Shift, ...]
    fresh: tuple[Shift, ...]

    @property
    def days(self) -> list[date]:
        """Return the days on which something changes."""
        return sorted({one.day for one in (*self.gone, *self.fresh)})

    @property
    def officer_ids(self) -> list[int]:
        """Return whose shifts change."""
        return sorted({one.officer_id for one in (*self.gone, *self.fresh)})

    @property
    def is_nothing(self) -> bool:
        """Say whether everything stays as it is."""
        return {*map(_what, self.gone)} == {*map(_what, self.fresh)}


def to_put(
    office: Office, shift_id: int, *, officer_id: int, day: date, kind: str, now: datetime
) -> Change:
    """Return the change that gives a shift another officer, day or kind.

    Raises a refusal of this module.
    """
    shift = _shift(office, shift_id, now)
    fresh = _fresh(office, officer_id, day, kind, now, instead_of=shift)
    if shift.loan_id and (officer_id, day) != (shift.officer_id, shift.day):
        raise LentForOneDay(who=shift.officer.full_name, day=in_words(shift.day))
    _check_free(fresh, but=[shift])
    return Change(office, _monday(shift.day), (shift,), (fresh,))


def to_swap(office: Office, shift_id: int, other_id: int, *, now: datetime) -> Change:
    """Return the change in which two shifts change officers. Raises a refusal of this module."""
    one, other = _shift(office, shift_id, now), _shift(office, other_id, now)
    for shift in (one, other):
        if shift.loan_id and one.day != other.day:
            raise LentForOneDay(who=shift.officer.full_name, day=in_words(shift.day))
    if one.officer_id == other.officer_id:  # two days of one officer change their kinds
        pairs = [(one, one.day, other.kind), (other, other.day, one.kind)]
    else:
        pairs = [(one, other.day, other.kind), (other, one.day, one.kind)]
    fresh = tuple(
        _fresh(office, shift.officer_id, day, kind, now, instead_of=shift)
        for shift, day, kind in pairs
    )
    for shift in fresh:
        _check_free(shift, but=[one, other])
    return Change(office, _monday(one.day), (one, other), fresh)


def to_cancel(office: Office, shift_id: int, *, now: datetime) -> Change:
    """Return the change in which a shift falls away. Raises a refusal of this module."""
    shift = _shift(office, shift_id, now)
    return Change(office, _monday(shift.day), (shift,), ())


def to_add(office: Office, *, officer_id: int, day: date, kind: str, now: datetime) -> Change:
    """Return the change in which somebody comes who was free. Raises a refusal of this module."""
    fresh = _fresh(office, officer_id, day, kind, now)
    _check_free(fresh, but=[])
    return Change(office, _monday(day), (), (fresh,))


def kinds_on(week: Week, office_id: int, day: date) -> dict[str, OnDuty]:
    """Return the kinds of shift of an office's day, longest first."""
    found = {
        duty.kind: duty
        for duty in week.duties.values()
        if (duty.office_id, duty.day) == (office_id, day)
    }
    order = ("full", "early", "late", "am", "pm")
    return {kind: found[kind] for kind in order if kind in found}


def _shift(office: Office, shift_id: int, now: datetime) -> Shift:
    found = Shift.objects.select_related("officer", "loan").filter(
        id=shift_id, office=office, is_draft=False
    )
    shift = found.first()
    if shift is None:
        raise NotFound
    if shift.cancelled_at is not None:
        raise ShiftHasChanged
    if shift.day < offices.local_day(office, now):
        raise DayIsOver(day=in_words(shift.day))
    return shift


def _fresh(
    office: Office,
    officer_id: int,
    day: date,
    kind: str,
    now: datetime,
    *,
    instead_of: Shift | None = None,
) -> Shift:
    """Return a shift that isn't stored yet; it belongs to the roster in force."""
    today = offices.local_day(office, now)
    if day < today:
        raise DayIsOver(day=in_words(day))
    if instead_of is not None and _monday(instead_of.day) != _monday(day):
        raise NotFound
    if not needs.has_roster(office, day):
        raise NoRosterYet(day=in_words(day))
    officer = Officer.objects.filter(id=officer_id, is_active=True).first()
    if officer is None:
        raise NotFound
    is_same = instead_of is not None and instead_of.officer_id == officer_id
    if not is_same and not _has_post(officer_id, office):
        raise NotStaffHere(who=officer.full_name, office=office.name)
    duty = kinds_on(limits_at({office.id}, _monday(day), today=today), office.id, day).get(kind)
    if duty is None:
        raise NoSuchDuty(day=in_words(day), office=office.name)
    in_force = Roster.objects.filter(
        region_id=office.region_id, monday=_monday(day), state=Roster.State.PUBLISHED
    )
    return Shift(
        officer=officer,
        office=office,
        day=day,
        kind=kind,
        begins_at=duty.begins_at,
        ends_at=duty.ends_at,
        roster=instead_of.roster if instead_of else in_force.first(),
        loan=instead_of.loan if is_same and instead_of else None,
    )


def _has_post(officer_id: int, office: Office) -> bool:
    return Post.objects.filter(
        officer_id=officer_id, office=office, role=Post.Role.OFFICER
    ).exists()


def _check_free(fresh: Shift, *, but: Collection[Shift]) -> None:
    other = (
        Shift.objects.filter(
            officer_id=fresh.officer_id, day=fresh.day, is_draft=False, cancelled_at__isnull=True
        )
        .exclude(id__in=[one.id for one in but])
        .select_related("office")
        .first()
    )
    if other is not None:
        raise OfficerIsBusy(
            who=fresh.officer.full_name, office=other.office.name, day=in_words(fresh.day)
        )


def in_words(day: date) -> str:
    """Write a day in full, in the reader's language."""
    return str(date_format(day, "l, j F Y"))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _what(shift: Shift) -> tuple[int, date, str, datetime, datetime]:
    return (shift.officer_id, shift.day, shift.kind, shift.begins_at, shift.ends_at)
