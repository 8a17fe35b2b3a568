"""What an office can do by itself: swap, substitute, work longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from giliran.capacity import changes, leave
from giliran.capacity.changes import Change
from giliran.capacity.models import Leave, Shift, Skill
from giliran.capacity.remedies.case import (
    CannotHelp,
    Case,
    Proposal,
    is_free,
    lawful,
    minutes_of,
    not_put_down,
    some,
)
from giliran.offices import queries as offices
from giliran.offices.models import Post
from giliran.people.models import Officer


def swapped_shift(case: Case) -> list[Proposal]:
    """A colleague who is off works now, and the officer later instead of them."""
    one, own = case.leave, case.own()
    if one.kind == Leave.Kind.SICK:
        raise CannotHelp(_("Yang sakit belum bisa berjanji masuk pada hari lain."))
    if own is None:
        raise CannotHelp(not_put_down())
    monday = case.day - timedelta(days=case.day.weekday())
    today = offices.local_day(case.office, case.now)
    week = Shift.objects.filter(
        office=case.office,
        day__range=(max(today, monday), monday + timedelta(days=6)),
        is_draft=False,
        cancelled_at__isnull=True,
        loan__isnull=True,
    ).exclude(officer_id=one.officer_id)
    away = set(leave.days_between(one.first_day, one.last_day))
    others = week.exclude(day__in=away).select_related("officer").order_by("day", "id")

    def offered() -> Iterator[Proposal]:
        for other in others:
            change = lawful(
                partial(changes.to_swap, case.office, own.id, other.id, now=case.now),
                case.now,
            )
            if change is not None:
                yield Proposal(
                    "swap",
                    _("Tukar dinas dengan %(who)s, yang masuk %(day)s.")
                    % {"who": other.officer.full_name, "day": changes.in_words(other.day)},
                    case.standing([*case.there(), *_on(change, case.day)]),
                    _("Tidak menambah jam kerja."),
                    0,
                    {"do": "swap", "shift": str(own.id), "other": str(other.id)},
                )

    return some(offered(), _("Pekan itu tidak ada rekan yang libur hari itu dan bisa bertukar."))


def substitute(case: Case) -> list[Proposal]:
    """Somebody of the back office who knows a service that the counters serve."""
    own = case.own()
    if own is None:
        raise CannotHelp(not_put_down())
    served = {each.id for each in offices.services(office_id=case.office.id)}
    able = set(Skill.objects.filter(service_id__in=served).values_list("officer_id", flat=True))
    found = [
        Proposal(
            "substitute",
            _("%(who)s (%(role)s) menggantikan di loket.") % {"who": who.full_name, "role": role},
            case.standing([*case.there(), replaced(own, who, now=case.now)]),
            _("Pekerjaannya sendiri tertunda hari itu."),
            minutes_of(own),
            {"do": "substitute", "officer": str(who.id)},
        )
        for who, role in _back_office(case)
        if who.id in able
    ]
    if not found:
        raise CannotHelp(
            _("Tidak ada petugas lain di kantor ini yang bebas dan tercatat bisa melayani.")
        )
    return found


def longer_hours(case: Case) -> list[Proposal]:
    """Colleagues work a longer shift that day, or on a day off, within the law."""

    def offered() -> Iterator[Proposal]:
        for shift in case.there():
            if shift.kind != "full" and shift.loan_id is None:
                change = lawful(
                    partial(
                        changes.to_put,
                        case.office,
                        shift.id,
                        officer_id=shift.officer_id,
                        day=case.day,
                        kind="full",
                        now=case.now,
                    ),
                    case.now,
                )
                if change is not None:
                    rest = [each for each in case.there() if each.id != shift.id]
                    yield _more(case, shift.officer, [*rest, *change.fresh], change, shift)
        for who in _off(case):
            change = lawful(
                partial(
                    changes.to_add,
                    case.office,
                    officer_id=who.id,
                    day=case.day,
                    kind="full",
                    now=case.now,
                ),
                case.now,
            )
            if change is not None:
                yield _more(case, who, [*case.there(), *change.fresh], change, None)

    return some(
        offered(),
        _("Tidak ada rekan yang masih boleh bekerja lebih lama: 8 jam sehari, 40 jam sepekan."),
    )


def _more(
    case: Case, who: Officer, shifts: list[Shift], change: Change, old: Shift | None
) -> Proposal:
    minutes = minutes_of(change.fresh[0]) - (minutes_of(old) if old else 0)
    told = {"who": who.full_name, "hours": f"{minutes / 60:.1f}".replace(".", ",")}
    if old is not None:
        what = _("%(who)s bekerja sehari penuh.") % told
        fields = {"do": "lengthen", "shift": str(old.id)}
    else:
        what = _("%(who)s, yang libur hari itu, masuk.") % told
        fields = {"do": "add", "officer": str(who.id)}
    cost = _("%(hours)s jam lebih banyak, masih dalam batas undang-undang.") % told
    return Proposal("longer", what, case.standing(shifts), cost, minutes, fields)


def replaced(own: Shift, who: Officer, *, now: datetime) -> Shift:
    """Return the shift, not stored yet, of somebody who takes another's place from now on."""
    return Shift(
        officer=who,
        office=own.office,
        day=own.day,
        kind=own.kind,
        begins_at=max(own.begins_at, min(now, own.ends_at - timedelta(minutes=1))),
        ends_at=own.ends_at,
        roster=own.roster,
    )


def _back_office(case: Case) -> Iterator[tuple[Officer, str]]:
    """Give those of an office who aren't put down at a counter on the day, with their post."""
    posts = (
        Post.objects.filter(
            office=case.office,
            role__in=[Post.Role.DOOR, Post.Role.MANAGER],
            officer__is_active=True,
        )
        .exclude(officer_id=case.leave.officer_id)
        .select_related("officer")
        .order_by("id")
    )
    for post in posts:
        if is_free(post.officer_id, case.day):
            yield post.officer, post.get_role_display()


def _off(case: Case) -> Iterator[Officer]:
    posts = Post.objects.filter(
        office=case.office, role=Post.Role.OFFICER, officer__is_active=True
    ).exclude(officer_id=case.leave.officer_id)
    for post in posts.select_related("officer").order_by("id"):
        if is_free(post.officer_id, case.day):
            yield post.officer


def _on(change: Change, day: date) -> list[Shift]:
    return [one for one in change.fresh if one.day == day]
