"""Making a region's roster of a week, and putting it in force."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from giliran import rules
from giliran.capacity import rosters
from giliran.capacity.actions import telling
from giliran.capacity.actions.replanning import replan
from giliran.capacity.models import Loan, Roster, Shift
from giliran.capacity.roster_setting import WEEK, Week, limits_of, travel_minutes, week_of
from giliran.core.refusal import Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.lab.roster import Assigned, clusters_near, solve_region
from giliran.offices import queries as offices
from giliran.offices.models import Office, Post, Region
from giliran.outbox import post

SECONDS: Final = 60.0
"""How long the worker looks for something better, unless told; most of it goes to the proof."""
GAP: Final = 0.001
_CLUSTER: Final = 4

Told = Callable[[float, float, float], None]
"""Told the cost, the bound and the seconds whenever one of them got better."""


class NotAMonday(Refusal):
    """A week begins on a Monday."""

    code = "not_a_monday"
    sentence = gettext_noop("Pekan jadwal dimulai hari Senin. Pilih tanggal hari Senin.")


class WeekIsOver(Refusal):
    """Nothing can be planned for a week that has passed."""

    code = "week_is_over"
    sentence = gettext_noop("Pekan itu sudah lewat. Pilih pekan ini atau pekan depan.")


class HolidaysUnknown(Refusal):
    """A roster needs to know which days are free; the decree of that year isn't there yet."""

    code = "holidays_unknown"
    sentence = gettext_noop(
        "Hari libur tahun %(year)s belum ditetapkan, jadi jadwal pekan itu belum bisa disusun."
    )


class RosterNotReady(Refusal):
    """Only a finished draft can be put in force."""

    code = "roster_not_ready"
    sentence = gettext_noop(
        "Jadwal ini belum selesai disusun atau sudah diganti. Buka rancangan yang terbaru."
    )


class RosterBreaksRules(Refusal):
    """Since the draft was made, somebody got leave or another post."""

    code = "roster_breaks_rules"
    sentence = gettext_noop(
        "Rancangan ini tidak sesuai lagi dengan cuti, pos, atau jam kerja petugas: %(who)s. "
        "Susun ulang jadwalnya."
    )


def make_roster(region_id: int, monday: date, *, actor: str, now: datetime) -> Roster:
    """Ask for a week's roster; the worker solves it. One that is being solved is returned.

    Raises ``NotAMonday``, ``WeekIsOver`` or ``HolidaysUnknown``.
    """
    region = Region.objects.get(id=region_id)
    if monday.weekday():
        raise NotAMonday
    if monday + timedelta(days=WEEK) <= _today(region, now):
        raise WeekIsOver
    years = {(monday + timedelta(days=n)).year for n in range(WEEK)}
    for year in sorted(years.difference(rules.calendar().years)):
        raise HolidaysUnknown(year=year)
    with transaction.atomic():
        # Two who ask at once get the same roster.
        Region.objects.select_for_update(no_key=True).get(id=region_id)
        found = Roster.objects.filter(
            region_id=region_id, monday=monday, state=Roster.State.SOLVING
        ).first()
        if found is None:
            found = Roster.objects.create(
                region_id=region_id, monday=monday, made_at=now, made_by=actor
            )
            record("roster.make", at=now, actor=actor, subject_id=found.id, region=region.slug)
        post("capacity.solve_roster", key=f"capacity.solve_roster:{found.id}", roster_id=found.id)
    return found


def solve_roster(
    roster_id: int, *, now: datetime, seconds: float = SECONDS, told: Told | None = None
) -> Roster:
    """Solve a roster that was asked for and keep it as a draft; a second time changes nothing.

    No transaction is held while solving; what got better is written as it comes.
    """
    found = rosters.roster(roster_id)
    if found.state != Roster.State.SOLVING:
        return found
    progress: list[list[float]] = []

    def better(cost: float, bound: float, gone: float) -> None:
        progress.append([round(gone, 1), cost, bound])
        Roster.objects.filter(id=roster_id).update(progress=progress)
        if told:
            told(cost, bound, gone)

    week = week_of(found.region_id, found.monday, today=_today(found.region, now))
    solved = solve_region(
        week.setting,
        clusters_near(week.near, _CLUSTER),
        seconds=seconds,
        gap=GAP,
        progress=better,
    )
    drafts = _drafts(found, week, solved.assigned)
    lacks = rosters.lacks_of(week, drafts, solved.assigned)
    with transaction.atomic():
        held = Roster.objects.select_for_update(no_key=True).get(id=roster_id)
        if held.state != Roster.State.SOLVING:
            return held
        older = Roster.objects.filter(
            region_id=held.region_id, monday=held.monday, state=Roster.State.DRAFT
        )
        Shift.objects.filter(roster__in=older, is_draft=True).delete()
        older.update(state=Roster.State.REPLACED)
        Shift.objects.bulk_create(drafts)
        held.state, held.cost, held.bound = Roster.State.DRAFT, solved.cost, solved.bound
        held.seconds, held.progress = solved.seconds, progress
        held.shorts = [one.as_json() for one in lacks]
        held.save()
        record("roster.solved", at=now, actor="system", subject_id=held.id, lacks=len(held.shorts))
    return held


def publish_roster(roster_id: int, *, officer_id: int, now: datetime) -> Roster:
    """Put a draft in force in place of the week's roster so far; days that are over stay.

    An officer who is put down at another office is lent there by it: who publishes for a region
    answers for both. Shifts that stay the same are kept as they are. Raises ``RosterNotReady``,
    ``WeekIsOver`` or ``RosterBreaksRules``.
    """
    with transaction.atomic():
        region_id = rosters.roster(roster_id).region_id
        Region.objects.select_for_update(no_key=True).get(id=region_id)
        found = rosters.roster(roster_id)
        if found.state == Roster.State.PUBLISHED:
            return found
        if found.state != Roster.State.DRAFT:
            raise RosterNotReady
        today = _today(found.region, now)
        if found.monday + timedelta(days=WEEK) <= today:
            raise WeekIsOver
        drafts = Shift.objects.filter(roster=found, is_draft=True)
        drafts.filter(day__lt=today).delete()
        _check(
            limits_of(region_id, found.monday, today=today), list(drafts.select_related("officer"))
        )
        Roster.objects.filter(
            region_id=region_id, monday=found.monday, state=Roster.State.PUBLISHED
        ).update(state=Roster.State.REPLACED)
        changed = _replace(found, today, officer_id=officer_id, now=now)
        found.state, found.published_at = Roster.State.PUBLISHED, now
        found.published_by = f"officer:{officer_id}"
        found.save()
        record("roster.publish", at=now, actor=f"officer:{officer_id}", subject_id=found.id)
        telling.roster_published(found, changed, now=now)
        for office in offices.offices(region_id=region_id):
            # Each office by itself: thirty at once would keep people from booking meanwhile.
            post(
                "capacity.replan_week",
                key=f"capacity.replan_week:{office.id}:{found.monday}",
                office_id=office.id,
                monday=found.monday.isoformat(),
            )
    return found


def replan_week(office_id: int, monday: date, *, now: datetime) -> int:
    """Count the places of an office's week anew, from today on; returns how many offers changed."""
    today = offices.local_day(offices.office_by_id(office_id), now)
    days = (monday + timedelta(days=n) for n in range(WEEK))
    return sum(replan(office_id, day, now=now).changed for day in days if day >= today)


def _today(region: Region, now: datetime) -> date:
    return now.astimezone(ZoneInfo(region.time_zone)).date()


def _drafts(found: Roster, week: Week, assigned: Assigned) -> list[Shift]:
    duties = [(who, week.duties[key]) for (who, _), key in assigned.items()]
    return [
        Shift(
            officer_id=int(who),
            office_id=duty.office_id,
            day=duty.day,
            kind=duty.kind,
            begins_at=duty.begins_at,
            ends_at=duty.ends_at,
            roster=found,
            is_draft=True,
        )
        for who, duty in duties
    ]


def _check(week: Week, drafts: Collection[Shift]) -> None:
    broken = rosters.broken_rules(week, drafts)
    if broken:
        ids = {fault.partition(":")[0] for fault in broken}
        names = {one.officer.full_name for one in drafts if str(one.officer_id) in ids}
        raise RosterBreaksRules(who=", ".join(sorted(names)))


def _replace(found: Roster, today: date, *, officer_id: int, now: datetime) -> set[int]:
    """Put the drafts in the place of the shifts of the days to come; returns whose changed."""
    drafts = {
        (one.officer_id, one.day): one
        for one in Shift.objects.filter(roster=found, is_draft=True).select_related("office")
    }
    staff = Post.objects.filter(office__region_id=found.region_id, role=Post.Role.OFFICER)
    week = (today, found.monday + timedelta(days=WEEK - 1))
    old = Shift.objects.filter(
        officer_id__in=staff.values("officer_id"),
        day__range=(max(today, found.monday), week[1]),
        is_draft=False,
        cancelled_at__isnull=True,
    )
    kept: list[Shift] = []
    gone: list[Shift] = []
    for shift in old.order_by("id").select_for_update(no_key=True):
        fresh = drafts.get((shift.officer_id, shift.day))
        if fresh is not None and _is_same(shift, fresh):
            kept.append(shift)
            del drafts[shift.officer_id, shift.day]
        else:
            gone.append(shift)
    Shift.objects.filter(roster=found, is_draft=True).exclude(
        id__in=[one.id for one in drafts.values()]
    ).delete()
    Shift.objects.filter(id__in=[one.id for one in kept]).update(roster=found)
    Shift.objects.filter(id__in=[one.id for one in gone]).update(cancelled_at=now)
    going = {(one.officer_id, one.day, one.office_id) for one in drafts.values()}
    Loan.objects.filter(
        id__in=[
            one.loan_id
            for one in gone
            if one.loan_id and (one.officer_id, one.day, one.office_id) not in going
        ]
    ).update(state=Loan.State.WITHDRAWN)
    posts = set(staff.values_list("officer_id", "office_id"))
    for fresh in drafts.values():
        if (fresh.officer_id, fresh.office_id) not in posts:
            fresh.loan = _lent(fresh, officer_id=officer_id, now=now)
        fresh.is_draft = False
    Shift.objects.bulk_update(drafts.values(), ["is_draft", "loan"])
    return {one.officer_id for one in (*gone, *drafts.values())}


def _is_same(one: Shift, other: Shift) -> bool:
    return (one.office_id, one.kind, one.begins_at, one.ends_at) == (
        other.office_id,
        other.kind,
        other.begins_at,
        other.ends_at,
    )


def _lent(shift: Shift, *, officer_id: int, now: datetime) -> Loan:
    """Return the loan behind a shift elsewhere: the one agreed on, or the roster's own."""
    there = Loan.objects.filter(officer_id=shift.officer_id, day=shift.day)
    agreed = there.filter(state=Loan.State.ACCEPTED, to_id=shift.office_id).first()
    if agreed is not None:
        return agreed
    there.filter(state__in=[Loan.State.ASKED, Loan.State.ACCEPTED]).update(
        state=Loan.State.WITHDRAWN
    )
    home = Office.objects.filter(
        posts__officer_id=shift.officer_id, posts__role=Post.Role.OFFICER
    ).order_by("posts__id")[0]
    kms = {office.id: km for office, km in offices.nearest_offices(home, 1000)}
    return Loan.objects.create(
        officer_id=shift.officer_id,
        home=home,
        to_id=shift.office_id,
        day=shift.day,
        travel_minutes=travel_minutes(kms[shift.office_id]),
        state=Loan.State.ACCEPTED,
        asked_by_id=officer_id,
        asked_at=now,
        answered_by_id=officer_id,
        answered_at=now,
    )
