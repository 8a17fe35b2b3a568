"""What a change of shifts does, before it is made: half-hours, rules, promised people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from giliran.capacity import needs, span
from giliran.capacity.changes import Change, in_words
from giliran.capacity.models import Shift
from giliran.capacity.roster_setting import WEEK, WEEK_MINUTES, Week, limits_at
from giliran.capacity.span import Span
from giliran.lab.roster import Duty, Fault, broken
from giliran.offices import queries as offices
from giliran.offices.models import Post
from giliran.people.models import Officer


class HalfHour(NamedTuple):
    """Officers in half an hour: needed, there now, and there after the change."""

    begins: datetime
    need: int
    before: int
    after: int

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


class DayEffect(NamedTuple):
    """A day with the change, and how many promised people can't be served in time."""

    day: date
    half_hours: tuple[HalfHour, ...]
    touched_before: int
    touched_after: int


class Effect(NamedTuple):
    """What a change does, and which rules it would break, in sentences: then it can't be made."""

    change: Change
    days: tuple[DayEffect, ...]
    broken: tuple[str, ...]

    @property
    def touched(self) -> int:
        """How many promised people more than before can't be served in time; less than 0: fewer."""
        return sum(one.touched_after - one.touched_before for one in self.days)


def effect_of(change: Change, *, now: datetime) -> Effect:
    """Return what a change does to half-hours, rules and promises; writes nothing."""
    here = span.read(change.office, change.days)
    days = tuple(_day_effect(here, change, day, now) for day in change.days)
    return Effect(change, days, tuple(rules_broken(change, now=now)))


def rules_broken(change: Change, *, now: datetime) -> list[str]:
    """Say which rules a change would break that hold now, by the checker that solves nothing."""
    today = offices.local_day(change.office, now)
    week_days = (change.monday, change.monday + timedelta(days=WEEK - 1))
    now_there = list(
        Shift.objects.filter(
            officer_id__in=change.officer_ids,
            day__range=(max(today, week_days[0]), week_days[1]),
            is_draft=False,
            cancelled_at__isnull=True,
        )
    )
    where = {change.office.id, *(one.office_id for one in now_there)}
    where.update(
        Post.objects.filter(
            officer_id__in=change.officer_ids,
            role=Post.Role.OFFICER,
            office__region_id=change.office.region_id,
        ).values_list("office_id", flat=True)
    )
    week = limits_at(where, change.monday, today=today, also=change.officer_ids)
    gone = {one.id for one in change.gone}
    after = [*(one for one in now_there if one.id not in gone), *change.fresh]
    before = _broken(week, now_there, change.officer_ids)
    new = [one for one in _broken(week, after, change.officer_ids) if _is_worse(one, before)]
    names = dict(Officer.objects.filter(id__in=change.officer_ids).values_list("id", "full_name"))
    return [_told(one, names[int(one.worker)], change.monday) for one in new]


def _day_effect(here: Span, change: Change, day: date, now: datetime) -> DayEffect:
    gone = {one.id for one in change.gone}
    after = [
        *(one for one in here.there(day) if one.id not in gone),
        *(one for one in change.fresh if one.day == day),
    ]
    staff, staff_after = here.staff(day), here.staff_with(day, after)
    pairs = zip(here.halves(day, staff), here.halves(day, staff_after), strict=True)
    return DayEffect(
        day,
        tuple(HalfHour(old.begins, old.need, old.staff, new.staff) for old, new in pairs),
        *(
            sum(one.people for one in here.touched(day, each, now=now))
            for each in (staff, staff_after)
        ),
    )


def _broken(week: Week, shifts: Iterable[Shift], officer_ids: Collection[int]) -> list[Fault]:
    """Return the rules that some officers' shifts break, those of unusual hours included."""
    duty_of = {
        (duty.office_id, duty.day, duty.kind, duty.begins_at, duty.ends_at): key
        for key, duty in week.duties.items()
    }
    ids = {str(one) for one in officer_ids}
    own: dict[str, dict[str, int]] = {}
    extra: list[Duty] = []
    assigned: dict[tuple[str, int], str] = {}
    for shift in shifts:
        number, who = (shift.day - week.monday).days, str(shift.officer_id)
        what = (shift.office_id, shift.day, shift.kind, shift.begins_at, shift.ends_at)
        key = duty_of.get(what)
        if key is None or shift.loan_id or not _may(week, who, key):
            # Agreed on by hand, at these hours or with another office: still work.
            key = f"shift {shift.officer_id} {shift.day}"
            extra.append(_as_duty(key, shift, number))
            own.setdefault(who, {})[key] = 0
        assigned[who, number] = key
    workers = tuple(
        replace(one, may={**one.may, **own.get(one.key, {})})
        for one in week.setting.workers
        if one.key in ids
    )
    setting = replace(week.setting, duties=(*week.setting.duties, *extra), workers=workers)
    return [one for one in broken(setting, assigned) if one.worker in ids]


def _may(week: Week, who: str, key: str) -> bool:
    return any(one.key == who and key in one.may for one in week.setting.workers)


def _as_duty(key: str, shift: Shift, number: int) -> Duty:
    zone = offices.zone(shift.office)
    begins, ends = (moment.astimezone(zone) for moment in (shift.begins_at, shift.ends_at))
    length = (ends - begins) // timedelta(minutes=1)
    rest = 30 if ends - begins > needs.REST_AFTER else 0
    minute = 60 * begins.hour + begins.minute
    return Duty(key, number, shift.kind, minute, minute + length, length - rest)


def _is_worse(fault: Fault, before: Iterable[Fault]) -> bool:
    """Say whether this isn't broken as much already: who mends half may do so."""
    same = [
        one
        for one in before
        if (one.worker, one.rule) == (fault.worker, fault.rule)
        and (fault.most > 0 or one.day == fault.day)
    ]
    return all(fault.amount > one.amount for one in same) if fault.most else not same


def _told(fault: Fault, who: str, monday: date) -> str:
    day = in_words(monday + timedelta(days=fault.day))
    if fault.rule == "off":
        return _("%(who)s cuti pada %(day)s.") % {"who": who, "day": day}
    if fault.rule == "rest":
        return _("%(who)s belum beristirahat 11 jam sebelum dinas %(day)s.") % {
            "who": who,
            "day": day,
        }
    if fault.rule == "minutes":
        done = WEEK_MINUTES - fault.most + fault.amount
        return _(
            "%(who)s akan bekerja %(hours)s jam pekan ini. Paling banyak 40 jam "
            "(UU 13/2003 Pasal 77)."
        ) % {"who": who, "hours": _hours(done)}
    if fault.rule == "long_run":
        return _(
            "%(who)s akan bekerja %(n)s hari berturut-turut. Paling banyak 6 hari "
            "(UU 13/2003 Pasal 79)."
        ) % {"who": who, "n": fault.amount}
    return _("%(who)s tidak boleh bertugas pada %(day)s.") % {"who": who, "day": day}


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".rstrip("0").rstrip(".").replace(".", ",")
