"""A region's week as the solver reads it: who may work where and when, and what it should meet.

What the law sets is a limit: 40 hours a week, 8 hours a day, at most 6 days (UU 13/2003 Pasal 77
and 79 as changed by UU 6/2023), half an hour's rest after four hours (Pasal 79 ayat (2) huruf a).
Eleven hours between two shifts is our own choice: the law names no such rest.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from django.db.models import QuerySet

from giliran.capacity.models import Leave, Loan, Shift, ShiftWish, Skill
from giliran.capacity.needs import HALF_HOUR, REST_AFTER, HalfHour, half_hours_of, need_of
from giliran.core.offers import Hours
from giliran.lab.roster import Cover, Duty, Setting, Wish, Worker
from giliran.offices import queries as offices
from giliran.offices.models import Counter, Office, Post

WEEK: Final = 7
DAY_MINUTES, WEEK_MINUTES, DAYS_ON_END, REST_MINUTES = 8 * 60, 40 * 60, 6, 11 * 60
NEIGHBOURS: Final = 2
FARTHEST_MINUTES: Final = 60
ROAD_FACTOR, KM_A_MINUTE = 1.3, 0.6  # roads are longer than the line; 36 km an hour

# What half an hour of an officer is worth against the rest; all in the same made-up money.
MISSING, NOBODY_AT_ALL, SURPLUS, BEYOND_COUNTERS = 60, 300, 1, 60
LOAN, MINUTE_OF_WAY = 100, 4  # a minute one way is two on the road
WISH, CHANGE = 20, 30
FAIR: Final = {"early": 1, "late": 2, "weekend": 4}
WEEKS_BACK: Final = 4
_SHORT_DAY: Final = 5 * 60
_MINUTE: Final = timedelta(minutes=1)
_MOST_WITHOUT_PAUSE = REST_AFTER // HALF_HOUR


class OnDuty(NamedTuple):
    """A duty of an office's day, with the half-hours in which its officer serves."""

    office_id: int
    day: date
    kind: str
    begins_at: datetime
    ends_at: datetime
    serves: frozenset[datetime]


class Person(NamedTuple):
    """An officer who serves at counters, and the offices where they have a post."""

    officer_id: int
    home_id: int
    posts: frozenset[int]


class Week(NamedTuple):
    """A region's week: the solver's setting, and what its keys stand for."""

    monday: date
    setting: Setting
    duties: Mapping[str, OnDuty]
    people: Mapping[str, Person]
    near: Mapping[str, list[str]]
    needs: Mapping[tuple[int, date], tuple[HalfHour, ...]]
    counters: Mapping[int, int]


def travel_minutes(km: float) -> int:
    """Return the minutes one way between offices so far apart as the crow flies."""
    return round(km * ROAD_FACTOR / KM_A_MINUTE)


def week_of(region_id: int, monday: date, *, today: date) -> Week:
    """Return a region's week as it stands: needs, officers, leave, wishes, shifts in force.

    Days before ``today`` stay as they are. Raises ``CalendarMissing`` for a year whose holidays
    aren't known. Counting the needs of thirty offices takes some seconds.
    """
    found = offices.offices(region_id=region_id)
    return _week(found, monday, today, lambda office, day: need_of(office, day).half_hours)


def limits_of(region_id: int, monday: date, *, today: date) -> Week:
    """Return a region's week without what it needs: enough to check what nobody may break."""
    return _week(offices.offices(region_id=region_id), monday, today, _nothing)


def limits_at(
    office_ids: Collection[int], monday: date, *, today: date, also: Collection[int] = ()
) -> Week:
    """Return as ``limits_of`` does a week of some offices of one region.

    ``also`` are officers who work there this week without a post at a counter of theirs.
    """
    found = [office for office in offices.offices() if office.id in office_ids]
    return _week(found, monday, today, _nothing, also)


def _nothing(_office: Office, _day: date) -> tuple[HalfHour, ...]:
    return ()


def _week(
    found: list[Office],
    monday: date,
    today: date,
    need: Callable[[Office, date], tuple[HalfHour, ...]],
    also: Collection[int] = (),
) -> Week:
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    duties: dict[str, OnDuty] = {}
    needs: dict[tuple[int, date], tuple[HalfHour, ...]] = {}
    for office in found:
        for number, day in enumerate(days):
            hours = None if day < today else offices.hours(office, day)
            if hours is None:
                continue
            needs[office.id, day] = need(office, day)
            for key, duty in _duties(office, day, hours, half_hours_of(office, day, hours)):
                duties[f"{office.id}:{number}:{key}"] = duty
    counters = {office.id: Counter.objects.filter(office=office).count() for office in found}
    people = _people(found, also)
    near = {office.id: offices.nearest_offices(office, len(found) + NEIGHBOURS) for office in found}
    ways = {
        home: [(o.id, travel_minutes(km)) for o, km in others if o.region_id == found[0].region_id]
        for home, others in near.items()
    }
    facts = _Facts(people, monday, today)
    lab = {key: _for_lab(key, one, monday) for key, one in duties.items()}
    workers = [facts.worker(one, duties, lab, ways[one.home_id]) for one in people.values()]
    setting = Setting(
        WEEK,
        tuple(lab.values()),
        tuple(workers),
        tuple(_covers(duties, needs, workers, counters)),
        tuple(wish for one in workers for wish in facts.wishes(one, duties)),
        rest_minutes=REST_MINUTES,
        fair=FAIR,
    )
    around = {str(home): [str(other) for other, _ in others] for home, others in ways.items()}
    return Week(monday, setting, duties, people, around, needs, counters)


def _duties(
    office: Office, day: date, hours: Hours, begins: list[datetime]
) -> Iterator[tuple[str, OnDuty]]:
    """Give an office's duties of a day; longer ones by when their officer rests."""
    zone = offices.zone(office)

    def at(moment: time) -> datetime:
        return datetime.combine(day, moment, tzinfo=zone)

    opens, closes = at(hours.opens), at(hours.closes)
    pauses = [(at(one), at(other)) for one, other in hours.breaks]
    length = (closes - opens) // timedelta(minutes=1)
    spans = {"full": (opens, closes)}
    if length > _SHORT_DAY:
        part, half = timedelta(minutes=length - 60), REST_AFTER
        spans |= {
            "early": (opens, opens + part),
            "late": (closes - part, closes),
            "am": (opens, opens + half),
            "pm": (closes - half, closes),
        }
    for kind, (begin, end) in spans.items():
        serves = [
            slot
            for slot in begins
            if min(end, slot + HALF_HOUR) - max(begin, slot) >= HALF_HOUR / 2
            and not any(a <= slot and slot + HALF_HOUR <= b for a, b in pauses)
        ]
        rests = _rests(serves)
        # The law counts work without rests, so the office's own breaks are taken off.
        minutes = len(serves) * 30 - (30 if rests[0] else 0)
        if minutes > DAY_MINUTES:
            continue
        for number, rest in enumerate(rests if kind == "full" else rests[-2:][:1]):
            there = frozenset(slot for slot in serves if slot != rest)
            yield f"{kind}:{number}", OnDuty(office.id, day, kind, begin, end, there)


def _rests(serves: list[datetime]) -> list[datetime | None]:
    """Return when one may rest who serves at these half-hours; none where a break does it."""
    stretch: list[datetime] = []
    for slot in serves:
        if stretch and slot - stretch[-1] > HALF_HOUR:
            stretch = []
        stretch.append(slot)
        if len(stretch) > _MOST_WITHOUT_PAUSE:
            last = stretch[0] + REST_AFTER
            return [last - 2 * HALF_HOUR, last - HALF_HOUR, last]
    return [None]


def _for_lab(key: str, one: OnDuty, monday: date) -> Duty:
    midnight = datetime.combine(one.day, time(), tzinfo=one.begins_at.tzinfo)
    day = (one.day - monday).days
    minute = timedelta(minutes=1)
    return Duty(
        key,
        day,
        "weekend" if day >= WEEK - 2 else one.kind,
        (one.begins_at - midnight) // minute,
        (one.ends_at - midnight) // minute,
        len(one.serves) * 30,
        str(one.office_id),
    )


def _people(found: list[Office], also: Collection[int]) -> dict[str, Person]:
    posts = Post.objects.filter(
        office__in=found, role=Post.Role.OFFICER, officer__is_active=True
    ).order_by("id")
    at: defaultdict[int, list[int]] = defaultdict(list)
    for officer_id, office_id in posts.values_list("officer_id", "office_id"):
        at[officer_id].append(office_id)
    for officer_id in also:
        at[officer_id] = at[officer_id] or [found[0].id]
    return {str(one): Person(one, where[0], frozenset(where)) for one, where in sorted(at.items())}


class _Facts:
    """What the tables say of the officers in a week."""

    def __init__(self, people: Mapping[str, Person], monday: date, today: date) -> None:
        self.monday, self.today = monday, today
        ids = [one.officer_id for one in people.values()]
        sunday = monday + timedelta(days=WEEK - 1)
        week = {"officer_id__in": ids, "day__range": (monday, sunday)}
        self.away: defaultdict[int, set[int]] = defaultdict(set)
        for leave in Leave.objects.filter(
            officer_id__in=ids,
            state=Leave.State.APPROVED,
            first_day__lte=sunday,
            last_day__gte=monday,
        ):
            first, last = max(leave.first_day, monday), min(leave.last_day, sunday)
            self.away[leave.officer_id] |= set(
                range((first - monday).days, (last - monday).days + 1)
            )
        self.lent = {
            (one.officer_id, one.day): one.to_id
            for one in Loan.objects.filter(**week, state=Loan.State.ACCEPTED, shifts__roster=None)
        }
        in_force = Shift.objects.filter(is_draft=False, cancelled_at__isnull=True)
        self.shifts = {
            (one.officer_id, one.day): one for one in in_force.filter(**week, roster__isnull=False)
        }
        # Who has the same shift rests in turns, whatever their number: else two rest at once, and a
        # roster that was good yesterday is short today.
        alike: Tally[tuple[int, date, str]] = Tally()
        self.nth: dict[tuple[int, date], int] = {}
        for key, shift in sorted(self.shifts.items()):
            same = (shift.office_id, shift.day, shift.kind)
            self.nth[key] = alike[same]
            alike[same] += 1
        self.worked = self._days_worked(in_force, ids)
        self.minutes_worked: Tally[int] = Tally()
        # Wherever it was: what somebody did at a neighbour's is work of this week, too.
        for one in in_force.filter(**week, day__lt=today):
            self.minutes_worked[one.officer_id] += (one.ends_at - one.begins_at) // _MINUTE
        self.wished = {
            (one.officer_id, one.day): one.kind for one in ShiftWish.objects.filter(**week)
        }
        self.before: defaultdict[int, Tally[str]] = defaultdict(Tally)
        back = (monday - timedelta(weeks=WEEKS_BACK), monday - timedelta(days=1))
        for one in in_force.filter(officer_id__in=ids, day__range=back):
            kind = "weekend" if one.day.weekday() >= WEEK - 2 else one.kind
            self.before[one.officer_id][kind] += 1
        self.skills: defaultdict[int, set[str]] = defaultdict(set)
        for officer_id, service_id in Skill.objects.filter(officer_id__in=ids).values_list(
            "officer_id", "service_id"
        ):
            self.skills[officer_id].add(str(service_id))
        self.every = frozenset(str(service.id) for service in offices.services())

    def worker(
        self,
        one: Person,
        duties: Mapping[str, OnDuty],
        lab: Mapping[str, Duty],
        ways: list[tuple[int, int]],
    ) -> Worker:
        extra = dict.fromkeys(one.posts, 0)
        for other, minutes in ways[:NEIGHBOURS]:
            if minutes <= FARTHEST_MINUTES:
                extra.setdefault(other, LOAN + MINUTE_OF_WAY * minutes)
        away = frozenset(self.away[one.officer_id])
        may = {
            key: 0 if self._is_fixed(one.officer_id, duty) else extra[duty.office_id]
            for key, duty in duties.items()
            if self._may(one.officer_id, duty, extra) and lab[key].day not in away
        }
        known = [key for key in may if self._is_same(one.officer_id, duties[key])]
        for day in {duties[key].day for key in known}:
            # Of a shift in force one way to rest is left, so that keeping it is one duty.
            ways_to_rest = [key for key in known if duties[key].day == day]
            nth = self.nth[one.officer_id, duties[ways_to_rest[0]].day]
            kept = ways_to_rest[nth % len(ways_to_rest)]
            may = {key: n for key, n in may.items() if key not in ways_to_rest or key == kept}
        return Worker(
            str(one.officer_id),
            may,
            # Who has none named serves whatever their counter serves.
            frozenset(self.skills[one.officer_id]) or self.every,
            most_minutes=WEEK_MINUTES - self.minutes_worked[one.officer_id],
            longest_run=DAYS_ON_END,
            days_off=away,
            before=dict(self.before[one.officer_id]),
            works_too=frozenset(self.worked[one.officer_id]),
        )

    def _days_worked(
        self, in_force: QuerySet[Shift], ids: Collection[int]
    ) -> defaultdict[int, set[int]]:
        """Return the days around those still to plan on which somebody worked or will, by number.

        Six days on end may have begun last week, or go on into a week that is published already.
        """
        first = self.monday - timedelta(days=DAYS_ON_END)
        last = self.monday + timedelta(days=WEEK - 1 + DAYS_ON_END)
        found: defaultdict[int, set[int]] = defaultdict(set)
        for officer_id, day in in_force.filter(
            officer_id__in=ids, day__range=(first, last)
        ).values_list("officer_id", "day"):
            number = (day - self.monday).days
            if day < self.today or not 0 <= number < WEEK:
                found[officer_id].add(number)
        return found

    def _may(self, officer_id: int, duty: OnDuty, extra: Mapping[int, int]) -> bool:
        lent_to = self.lent.get((officer_id, duty.day))
        return duty.office_id in extra if lent_to is None else duty.office_id == lent_to

    def _is_same(self, officer_id: int, duty: OnDuty) -> bool:
        shift = self.shifts.get((officer_id, duty.day))
        return shift is not None and (shift.office_id, shift.kind) == (duty.office_id, duty.kind)

    def _is_fixed(self, officer_id: int, duty: OnDuty) -> bool:
        """Say whether being there costs nothing more: a loan agreed on, or a shift in force."""
        shift = self.shifts.get((officer_id, duty.day))
        is_known = shift is not None and shift.office_id == duty.office_id
        return is_known or self.lent.get((officer_id, duty.day)) == duty.office_id

    def wishes(self, worker: Worker, duties: Mapping[str, OnDuty]) -> Iterator[Wish]:
        """Give what an officer asked for, and what changes a roster that they already know."""
        officer_id = int(worker.key)
        knows = any(one == officer_id for one, _ in self.shifts)
        for key in worker.may:
            duty = duties[key]
            wished = self.wished.get((officer_id, duty.day))
            if wished is not None and wished != duty.kind:
                yield Wish(worker.key, key, WISH, is_for=False)
            is_same = self._is_same(officer_id, duty)
            if knows:
                yield Wish(worker.key, key, CHANGE, is_for=is_same)


def _covers(
    duties: Mapping[str, OnDuty],
    needs: Mapping[tuple[int, date], tuple[HalfHour, ...]],
    workers: list[Worker],
    counters: Mapping[int, int],
) -> Iterator[Cover]:
    at: defaultdict[tuple[int, datetime], list[str]] = defaultdict(list)
    for key, duty in duties.items():
        for slot in duty.serves:
            at[duty.office_id, slot].append(key)
    able: defaultdict[int, list[frozenset[str]]] = defaultdict(list)
    for worker in workers:
        for office_id in {duties[key].office_id for key in worker.may}:
            able[office_id].append(worker.skills)
    for (office_id, _), halves in needs.items():
        for half in halves:
            there = tuple(at[office_id, half.begins])
            name = f"{office_id} {half.begins.isoformat()}"
            seats = counters[office_id]
            # Beyond what the counters hold nobody can serve; that is told apart.
            yield Cover(name, there, min(half.officers, seats), MISSING, SURPLUS)
            if half.officers:
                yield Cover(f"{name} nobody", there, min(1, seats), NOBODY_AT_ALL)
            if len(able[office_id]) > seats:
                yield Cover(f"{name} seats", there, seats, 0, BEYOND_COUNTERS)
            for skill, wanted in _scarce(half, able[office_id]):
                yield Cover(f"{name} skill", there, min(wanted, seats), MISSING, skill=skill)


def _scarce(half: HalfHour, able: list[frozenset[str]]) -> Iterator[tuple[str, int]]:
    """Give the services that not everybody there could serve, and how many must."""
    for service_id, wanted in half.by_skill.items():
        if any(str(service_id) not in skills for skills in able):
            yield str(service_id), wanted
