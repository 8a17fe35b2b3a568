"""Officers lent between offices: what is asked and agreed, and whom to ask best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Q

from giliran.capacity import heads, leave, needs, span
from giliran.capacity.models import Loan, Shift, Skill
from giliran.capacity.roster_setting import FARTHEST_MINUTES, travel_minutes
from giliran.capacity.standing import Standing, stands
from giliran.core.need import WALK_IN, day_course
from giliran.core.need.mixed import as_erlang, mixed
from giliran.core.refusal import NotFound
from giliran.lab import loans as lab
from giliran.offices import queries as offices
from giliran.offices.models import Office

LIVE = (Loan.State.ASKED, Loan.State.ACCEPTED)
OFFICES_ASKED: Final = 6
"""No more neighbours than this are weighed: each takes a tenth of a second to count."""
_SECONDS: Final = 5.0
_NEVER: Final = 1_000_000.0


class Candidate(NamedTuple):
    """Somebody whom a neighbour could lend, the way there, and how the neighbour then stands."""

    officer_id: int
    officer: str
    home: Office
    minutes: int
    begins: datetime
    ends: datetime
    home_before: Standing
    home_after: Standing
    saves: float
    """Person-minutes of waiting that the loan takes from both offices together."""


def loan(loan_id: int) -> Loan:
    """Return a loan with its officer and offices, or raise ``NotFound``."""
    found = Loan.objects.select_related("officer", "home__region", "to__region")
    one = found.filter(id=loan_id).first()
    if one is None:
        raise NotFound
    return one


def asked_of(office_id: int, *, since: date) -> list[Loan]:
    """Return the loans that other offices asked of one from a day on, open ones first."""
    return _listed(Q(home_id=office_id), since)


def asked_by(office_id: int, *, since: date) -> list[Loan]:
    """Return the loans that an office asked of others from a day on, open ones first."""
    return _listed(Q(to_id=office_id), since)


def may_answer(one: Loan, officer_id: int) -> bool:
    """Say whether somebody may answer a loan: not whom it would lend, where the region has others.

    Where there is nobody else above the office, its head decides also about themselves.
    """
    return officer_id != one.officer_id or not heads.of_region(one.home.region_id) - {officer_id}


def waiting(office_id: int, *, today: date) -> int:
    """Return how many loans wait for the answer of an office's head."""
    return Loan.objects.filter(home_id=office_id, state=Loan.State.ASKED, day__gte=today).count()


def works_at(officer_id: int, office_id: int, day: date) -> bool:
    """Say whether an officer is put down at an office for a day, lent or as a substitute."""
    there = Shift.objects.filter(
        officer_id=officer_id,
        office_id=office_id,
        day=day,
        is_draft=False,
        cancelled_at__isnull=True,
    )
    return there.exists() and not leave.is_away(officer_id, day)


def lent_today(officer_id: int, *, now: datetime) -> list[Office]:
    """Return the offices to which an officer is lent on this very day."""
    found = Loan.objects.filter(officer_id=officer_id, state=Loan.State.ACCEPTED).select_related(
        "to__region"
    )
    day = timedelta(days=1)
    near = found.filter(day__range=((now - day).date(), (now + day).date()))
    return [one.to for one in near if one.day == offices.local_day(one.to, now)]


def neighbours(of: Office) -> list[tuple[Office, int]]:
    """Return the offices of the same region within an hour, nearest first, and the minutes."""
    found = offices.nearest_offices(of, 50)
    near = [(one, travel_minutes(km)) for one, km in found if one.region_id == of.region_id]
    return [(one, n) for one, n in near if n <= FARTHEST_MINUTES][:OFFICES_ASKED]


def candidates(to: Office, day: date, *, now: datetime) -> list[Candidate]:
    """Return whom to ask for a loan on a day, best first; empty if nobody is better there.

    ``lab.loans.lend`` decides over all neighbours at once: an officer goes where one more saves
    the most waiting, less what they save at home and the way. Who was refused to this office for
    this day isn't proposed again, nor anybody without whom promised people of their own office
    couldn't be served.
    """
    near = neighbours(to)
    places = {one.id: one for one in (to, *(one for one, _ in near))}
    there = {one.id: needs.shifts_there(one, day) for one in places.values()}
    groups = _groups(to, places, there, day)
    waits = {one.id: _waits(one, day, there[one.id]) for one in places.values()}
    plan = lab.lend(
        [
            lab.Office(str(one.id), waits[one.id], _wanted(one, there[one.id], to))
            for one in places.values()
        ],
        [group for group, _ in groups],
        seconds=_SECONDS,
    )
    minutes = {one.id: n for one, n in near}
    found: list[Candidate] = []
    for one in plan.loans:
        if one.to != str(to.id):
            continue
        home = places[int(one.home)]
        able = next(
            who
            for group, who in groups
            if group.way and (group.home, group.skills) == (one.home, one.skills)
        )
        saves = _saves(waits[to.id], len(there[to.id])) - _saves(
            waits[home.id], len(there[home.id]) - 1
        )
        for shift in able[: one.count]:
            found += _candidate(to, home, shift, minutes[home.id], there[home.id], saves, now=now)
    return sorted(found, key=lambda one: (one.minutes - one.saves, one.officer_id))


def times_at(to: Office, shift: Shift, minutes: int, *, now: datetime) -> tuple[datetime, datetime]:
    """Return from when till when somebody could work elsewhere instead of at home.

    Not before they could be there, leaving now, nor outside the opening hours; the end isn't after
    the begin where nothing of the day is left.
    """
    moments = offices.opening_moments(to, shift.day)
    if moments is None:
        return shift.begins_at, shift.begins_at
    there = now + timedelta(minutes=minutes)
    return max(moments[0], shift.begins_at, there), min(moments[1], shift.ends_at)


def _candidate(
    to: Office,
    home: Office,
    shift: Shift,
    minutes: int,
    there: list[Shift],
    saves: float,
    *,
    now: datetime,
) -> Iterator[Candidate]:
    begins, ends = times_at(to, shift, minutes, now=now)
    before, after = without_one(home, shift, there, now=now)
    if begins < ends and after.people <= before.people:
        name = shift.officer.full_name
        yield Candidate(shift.officer_id, name, home, minutes, begins, ends, before, after, saves)


def without_one(
    home: Office, shift: Shift, there: list[Shift], *, now: datetime
) -> tuple[Standing, Standing]:
    """Return how an office stands on a day with one of its shifts, and how without."""
    others = [one for one in there if one.id != shift.id]
    here = span.read(home, [shift.day])
    with_all, with_others = (
        stands(here, shift.day, here.staff_with(shift.day, shifts), now=now)
        for shifts in (there, others)
    )
    return with_all, with_others


def _groups(
    to: Office, places: Mapping[int, Office], there: Mapping[int, list[Shift]], day: date
) -> list[tuple[lab.Group, list[Shift]]]:
    """Return the officers of each office with the same skills; who may go, and who stays."""
    stay = set(
        Loan.objects.filter(day=day)
        .filter(Q(state__in=LIVE) | Q(state=Loan.State.REFUSED, to=to))
        .values_list("officer_id", flat=True)
    )
    skills = _skills([shift for shifts in there.values() for shift in shifts])
    parts: dict[tuple[int, frozenset[str], bool], list[Shift]] = {}
    for office_id, shifts in there.items():
        for shift in shifts:
            may = office_id != to.id and shift.officer_id not in stay
            parts.setdefault((office_id, skills[shift.officer_id], may), []).append(shift)
    return [
        (
            lab.Group(
                str(office_id),
                len(who),
                _ways(places[office_id], places) if may else {},
                known,
            ),
            who,
        )
        for (office_id, known, may), who in parts.items()
    ]


def _ways(home: Office, places: Mapping[int, Office]) -> dict[str, float]:
    ways = ((one.id, travel_minutes(km)) for one, km in offices.nearest_offices(home, 50))
    return {str(one): float(n) for one, n in ways if one in places and n <= FARTHEST_MINUTES}


def _skills(shifts: Iterable[Shift]) -> dict[int, frozenset[str]]:
    ids = {one.officer_id for one in shifts}
    named: dict[int, set[str]] = {one: set() for one in ids}
    for officer_id, service_id in Skill.objects.filter(officer_id__in=ids).values_list(
        "officer_id", "service_id"
    ):
        named[officer_id].add(str(service_id))
    # Who has none named serves whatever their counter serves.
    every = frozenset(str(one.id) for one in offices.services())
    return {one: frozenset(known) or every for one, known in named.items()}


def _wanted(office: Office, there: list[Shift], to: Office) -> dict[str, int]:
    """Return what an office can't do without: somebody for each service, where somebody is.

    The office that asks may lack a service altogether; others were so before.
    """
    known = frozenset[str]().union(*_skills(there).values())
    services = (str(one.id) for one in offices.services(office_id=office.id))
    return {one: 1 for one in services if one in known or office.id == to.id}


def _waits(office: Office, day: date, there: list[Shift]) -> list[float]:
    """Return the person-minutes waited with 0, 1, ... officers, those who are there +- 1 counted.

    With still fewer it is never worth it: a neighbour lends one at a time.
    """
    staff = [one.officers for one in needs.staff_with(office, day, there)]
    if not staff or not offices.services(office_id=office.id):
        return [0.0] * (len(there) + 2)
    most = len(offices.counters(office.id))
    work, _ = needs.work_of(office)
    halves = [
        (one.hour * 60 + one.minute) // 30
        for one in (half.begins for half in needs.staff_with(office, day, there))
    ]
    line = mixed(list(work.streams(day.weekday(), halves).values()))
    target = as_erlang(WALK_IN, line.scv)

    def waited(more: int) -> float:
        officers = [min(most, max(0, n + more)) for n in staff]
        course = day_course(line.arrivals, officers, line.minutes, target, patience=work.patience)
        # Who leaves unserved lost the day: counted as if they had waited twice their patience.
        return course.waited + 2 * work.patience * course.left

    n = len(there)
    counted = [waited(more) for more in (-1, 0, 1)]
    return [_NEVER] * max(0, n - 1) + (counted if n else counted[1:])


def _saves(waits: list[float], n: int) -> float:
    """Return what one officer more than ``n`` saves in waiting, in person-minutes."""
    return waits[n] - waits[n + 1]


def _listed(whose: Q, since: date) -> list[Loan]:
    found = Loan.objects.filter(whose, day__gte=since).select_related(
        "officer", "home", "to", "asked_by", "answered_by"
    )
    return sorted(found, key=lambda one: (one.state != Loan.State.ASKED, one.day, one.id))
