"""Who is called next: the rule that everybody in the room can be told."""

import heapq
import itertools
import random
import statistics
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from giliran.core.calling import (
    POLICIES,
    CallingClass,
    Policy,
    PolicyNotFair,
    Rates,
    Waiting,
    claim,
    next_turn,
    order,
)

OPENING = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
ACCUMULATING = POLICIES["accumulating"]
COUNTER = 3
SERVICES = frozenset({1, 2})
OTHER_SERVICE = 9


def at(minutes: float) -> datetime:
    return OPENING + timedelta(minutes=minutes)


def a_person(
    turn_id=1,
    *,
    arrived=0.0,
    priority=False,
    window=None,
    place_since=None,
    service_id=1,
    counter_id=None,
):
    return Waiting(
        turn_id=turn_id,
        is_priority=priority,
        window_from=at(window[0]) if window else None,
        window_till=at(window[1]) if window else None,
        arrived_at=at(arrived),
        place_since=None if place_since is None else at(place_since),
        service_id=service_id,
        counter_id=counter_id,
    )


def called(line, *, now, policy=ACCUMULATING):
    return order(line, now=at(now), policy=policy, counter_id=COUNTER, service_ids=SERVICES)


def called_next(line, *, now, policy=ACCUMULATING):
    return next_turn(line, now=at(now), policy=policy, counter_id=COUNTER, service_ids=SERVICES)


policies = st.sampled_from(list(POLICIES.values()))
minutes = st.integers(min_value=0, max_value=480)
windows = st.none() | minutes.map(lambda start: (start, start + 30))


@st.composite
def people(draw, turn_id, *, everywhere=True):
    return a_person(
        turn_id,
        arrived=draw(minutes),
        priority=draw(st.booleans()),
        window=draw(windows),
        place_since=draw(st.none() | minutes),
        service_id=draw(st.sampled_from([1, 2, OTHER_SERVICE] if everywhere else [1, 2])),
        counter_id=draw(st.sampled_from([None, None, COUNTER, 4])) if everywhere else None,
    )


@st.composite
def lines(draw, *, min_size=0, everywhere=True):
    size = draw(st.integers(min_value=min_size, max_value=8))
    return [draw(people(turn_id, everywhere=everywhere)) for turn_id in range(1, size + 1)]


def is_for_this_counter(person):
    if person.counter_id is not None:
        return person.counter_id == COUNTER
    return person.service_id in SERVICES


@given(line=lines(), now=minutes, policy=policies)
def test_no_officer_is_told_that_nobody_waits_while_somebody_does(line, now, policy):
    mine = {person.turn_id for person in line if is_for_this_counter(person)}
    assert set(called(line, now=now, policy=policy)) == mine
    assert (called_next(line, now=now, policy=policy) is None) == (not mine)


@given(line=lines(), now=minutes, policy=policies)
def test_calling_again_and_again_follows_the_order_shown(line, now, policy):
    shown = called(line, now=now, policy=policy)
    one_by_one = []
    left = list(line)
    while (turn_id := called_next(left, now=now, policy=policy)) is not None:
        one_by_one.append(turn_id)
        left = [person for person in left if person.turn_id != turn_id]
    assert one_by_one == shown


@given(line=lines(), now=minutes, policy=policies, data=st.data())
def test_how_the_line_was_fetched_changes_nothing(line, now, policy, data):
    shuffled = data.draw(st.permutations(line))
    assert called(shuffled, now=now, policy=policy) == called(line, now=now, policy=policy)


@given(
    arrivals=st.lists(minutes, min_size=1, max_size=12),
    priority=st.booleans(),
    window=windows,
    policy=policies,
)
def test_among_equals_whoever_came_first_is_called_first(arrivals, priority, window, policy):
    in_time = [arrived if window is None else min(arrived, window[1]) for arrived in arrivals]
    line = [
        a_person(turn_id, arrived=arrived, priority=priority, window=window)
        for turn_id, arrived in enumerate(in_time, start=1)
    ]
    first_come = [turn_id for _, turn_id in sorted((p.arrived_at, p.turn_id) for p in line)]
    assert called(line, now=480, policy=policy) == first_come


@given(
    line=lines(min_size=1, everywhere=False),
    now=minutes,
    policy=policies,
    earlier=st.integers(min_value=0, max_value=480),
    data=st.data(),
)
def test_who_has_waited_longer_is_never_called_later_for_it(line, now, policy, earlier, data):
    who = data.draw(st.integers(min_value=0, max_value=len(line) - 1))
    person = line[who]
    waited_longer = person._replace(
        arrived_at=person.arrived_at - timedelta(minutes=earlier),
        place_since=person.place_since and person.place_since - timedelta(minutes=earlier),
    )
    before = called(line, now=now, policy=policy).index(person.turn_id)
    longer_line = [*line[:who], waited_longer, *line[who + 1 :]]
    assert called(longer_line, now=now, policy=policy).index(person.turn_id) <= before


def test_an_appointment_goes_before_a_walk_in_who_waited_equally_long():
    line = [a_person(1, arrived=30), a_person(2, arrived=30, window=(30, 60))]
    for now in (30, 45, 200):
        assert called(line, now=now) == [2, 1]


def test_walk_ins_are_called_between_appointments():
    line = [
        a_person(1, arrived=0),
        a_person(2, arrived=60, window=(60, 90)),
        a_person(3, arrived=120, window=(125, 155)),
    ]
    assert called(line, now=130) == [2, 1, 3]


def test_coming_early_for_an_appointment_earns_nothing():
    early = a_person(1, arrived=0, window=(120, 150))
    in_time = a_person(2, arrived=60, window=(90, 120))
    assert called([early, in_time], now=160) == [2, 1]


def test_an_early_appointment_never_passes_a_person_who_is_due():
    early = a_person(1, arrived=0, priority=True, window=(120, 150))
    just_arrived = a_person(2, arrived=100)
    for policy in POLICIES.values():
        assert called([early, just_arrived], now=100, policy=policy) == [2, 1]


def test_an_idle_counter_calls_the_early_appointment_whose_window_is_next():
    line = [a_person(1, arrived=0, window=(300, 330)), a_person(2, arrived=5, window=(240, 270))]
    assert called(line, now=10) == [2, 1]


def test_of_those_who_come_early_for_one_window_priority_goes_first():
    window = (120, 150)
    line = [
        a_person(1, arrived=5, window=window),
        a_person(2, arrived=4, window=window),
        a_person(3, arrived=6, window=window, priority=True),
    ]
    assert called(line, now=10) == [3, 2, 1]
    assert called(line, now=10, policy=POLICIES["strict_priority"]) == [3, 2, 1]
    assert called(line, now=10, policy=POLICIES["first_come"]) == [2, 1, 3]


def test_who_comes_long_after_the_window_waits_like_a_walk_in():
    walk_in = a_person(1, arrived=30)
    within_grace = a_person(2, arrived=70, window=(30, 60))
    too_late = a_person(3, arrived=71, window=(30, 60))
    assert called([walk_in, within_grace, too_late], now=90) == [2, 1, 3]
    assert claim(too_late, ACCUMULATING) == claim(a_person(arrived=71), ACCUMULATING)


@given(line=lines(everywhere=False), now=minutes, policy=policies, data=st.data())
def test_who_was_parked_comes_back_to_the_same_place(line, now, policy, data):
    due = [person for person in line if claim(person, policy).since <= at(now)]
    assume(due)
    person = data.draw(st.sampled_from(due))
    place = claim(person, policy).since
    back = [p._replace(place_since=place) if p is person else p for p in line]
    assert called(back, now=now, policy=policy) == called(line, now=now, policy=policy)


def test_who_was_transferred_keeps_the_place_of_the_first_line():
    transferred = a_person(2, arrived=45, place_since=0, service_id=2)
    assert called([a_person(1, arrived=30), transferred], now=60) == [2, 1]


def test_who_was_called_early_and_parked_is_due_on_coming_back():
    parked = a_person(2, arrived=10, window=(120, 150), place_since=20)
    assert called([a_person(1, arrived=15), parked], now=60) == [2, 1]


def test_who_was_sent_to_one_counter_is_called_only_there():
    sent = a_person(1, service_id=OTHER_SERVICE, counter_id=COUNTER)
    assert called_next([sent], now=5) == 1
    assert called_next([sent._replace(counter_id=4, service_id=1)], now=5) is None


def test_strict_priority_lets_any_priority_person_pass():
    line = [a_person(1, arrived=0), a_person(2, arrived=60, priority=True)]
    assert called(line, now=60, policy=POLICIES["strict_priority"]) == [2, 1]
    assert called(line, now=60) == [1, 2]
    assert called(line, now=60, policy=POLICIES["first_come"]) == [1, 2]


def test_a_clock_that_is_set_back_takes_nobodys_wait_away():
    warsaw = ZoneInfo("Europe/Warsaw")
    before = datetime(2026, 10, 25, 2, 50, tzinfo=warsaw)
    after = datetime(2026, 10, 25, 2, 20, tzinfo=warsaw, fold=1)
    line = [a_person(1)._replace(arrived_at=before), a_person(2)._replace(arrived_at=after)]
    now = after.replace(minute=40)
    policy = POLICIES["first_come"]
    assert order(line, now=now, policy=policy, counter_id=COUNTER, service_ids=SERVICES) == [1, 2]


def test_a_time_without_a_zone_is_refused():
    naive = a_person()._replace(arrived_at=datetime(2026, 11, 12, 8, 0))  # noqa: DTZ001
    with pytest.raises(TypeError):
        called([naive], now=5)
    with pytest.raises(TypeError, match="give an aware time"):
        next_turn(
            [a_person()],
            now=naive.arrived_at,
            policy=ACCUMULATING,
            counter_id=COUNTER,
            service_ids=SERVICES,
        )


def test_a_policy_that_punishes_the_entitled_is_refused():
    fair = Rates(appointment=2, walk_in=1)
    with pytest.raises(PolicyNotFair, match="no smaller for appointments"):
        Rates(appointment=1, walk_in=2)
    with pytest.raises(PolicyNotFair, match="must not be below the standard"):
        Policy("upside_down", priority=Rates(appointment=1, walk_in=1), standard=fair)
    with pytest.raises(PolicyNotFair, match="must not be below zero"):
        Policy("hasty", priority=fair, standard=fair, late_grace=timedelta(minutes=-1))


@given(line=lines(min_size=2, everywhere=False), now=minutes, policy=policies)
def test_nobody_is_passed_by_people_who_came_much_later(line, now, policy):
    """The guarantee against starving.

    Of two who are due, a later one with the faster claim goes first if, and only if, they came
    within the first (1 - ratio) of the wait of the earlier one, where ratio is the slower rate
    divided by the faster. So who has waited w is out of reach of all who come in its last
    ratio * w; strict priority gives that guarantee only within a class.
    """
    claims = {person.turn_id: claim(person, policy) for person in line}
    shown = [claims[turn_id] for turn_id in called(line, now=now, policy=policy)]
    due = [shown_claim for shown_claim in shown if shown_claim.since <= at(now)]
    assert shown[: len(due)] == due
    assert [theirs.rank for theirs in due] == sorted(theirs.rank for theirs in due)
    for first, second in itertools.combinations(due, 2):
        if first.rank != second.rank:
            continue
        came_later_by = abs(first.since - second.since)
        if first.since > second.since:
            reach = (at(now) - second.since) * (1 - second.rate / first.rate)
            assert came_later_by <= reach
        elif first.rate < second.rate:
            reach = (at(now) - first.since) * (1 - first.rate / second.rate)
            assert came_later_by >= reach


@pytest.mark.parametrize(("came_later_by", "expected"), [(44, [2, 1]), (45, [1, 2]), (46, [1, 2])])
def test_the_bound_on_being_passed_is_exact(came_later_by, expected):
    waited_an_hour = a_person(1, arrived=0)
    priority = a_person(2, arrived=came_later_by, priority=True)
    assert called([waited_an_hour, priority], now=60) == expected


def waits_in_a_busy_office(policy, *, people, seed, counters=6, load=0.95, service_minutes=10.0):
    """Return minutes waited by class, everybody a walk-in and a fifth of them priority.

    Each person brings their arrival and their service with them, so that policies are compared
    on the very same days.
    """
    rng = random.Random(seed)
    gap = service_minutes / counters / load
    clock = 0.0
    arrivals = []
    for turn_id in range(people):
        clock += rng.expovariate(1 / gap)
        person = a_person(turn_id, arrived=clock, priority=rng.random() < 0.2)
        arrivals.append((clock, person, rng.expovariate(1 / service_minutes)))
    waits = {CallingClass.PRIORITY: [], CallingClass.STANDARD: []}
    line = {}
    free_from = [0.0] * counters
    coming = 0
    while coming < people or line:
        clock = heapq.heappop(free_from)
        if not line and coming < people:
            clock = max(clock, arrivals[coming][0])
        while coming < people and arrivals[coming][0] <= clock:
            line[coming] = arrivals[coming][1]
            coming += 1
        turn_id = next_turn(
            list(line.values()),
            now=at(clock),
            policy=policy,
            counter_id=COUNTER,
            service_ids=SERVICES,
        )
        arrived, person, service = arrivals[turn_id]
        del line[turn_id]
        waits[person.calling_class].append(clock - arrived)
        heapq.heappush(free_from, clock + service)
    return waits


def p99(waits):
    return statistics.quantiles(waits, n=100)[-1]


@pytest.fixture(scope="module")
def busy_offices():
    return {
        name: waits_in_a_busy_office(policy, people=10_000, seed=2014)
        for name, policy in POLICIES.items()
    }


def test_accumulating_helps_priority_people_without_starving_the_rest(busy_offices):
    priority, others = (
        {name: p99(waits[calling_class]) for name, waits in busy_offices.items()}
        for calling_class in CallingClass
    )
    assert priority["strict_priority"] < priority["accumulating"] < priority["first_come"] / 2
    assert others["first_come"] < others["accumulating"] < others["strict_priority"]
    assert priority["first_come"] == pytest.approx(others["first_come"], rel=0.1)


@pytest.mark.parametrize(("name", "ratio"), [("accumulating", 0.25), ("strict_priority", 0)])
def test_the_mean_wait_of_the_others_is_the_one_that_theory_gives(busy_offices, name, ratio):
    """Kleinrock (1964): the slower class waits 1 / (1 - load of the faster * (1 - ratio)) longer.

    Longer than all do when first come is first served; strict priority is the limit, ratio 0.
    """
    first_come = statistics.fmean(itertools.chain(*busy_offices["first_come"].values()))
    others = statistics.fmean(busy_offices[name][CallingClass.STANDARD])
    load_of_priority = 0.95 * 0.2
    assert others / first_come == pytest.approx(1 / (1 - load_of_priority * (1 - ratio)), rel=0.02)
