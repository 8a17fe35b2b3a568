"""Who is called next: the rule that everybody in the room can be told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.calling import (
    POLICIES,
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
    size = draw(st.integers(min_value=min_size, max_value=12))
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
    line = [a_person(1, arrived=30), a_person(2, arrived=10, window=(30, 60))]
    for now in (30, 45, 200):
        assert called(line, now=now) == [2, 1]


def test_walk_ins_are_called_between_appointments():
    line = [
        a_person(1, arrived=0),
        a_person(2, arrived=60, window=(60, 90)),
        a_person(3, arrived=80, window=(80, 110)),
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


def test_who_comes_long_after_the_window_waits_like_a_walk_in():
    grace = ACCUMULATING.late_grace_minutes
    walk_in = a_person(1, arrived=30)
    within_grace = a_person(2, arrived=60 + grace, window=(30, 60))
    too_late = a_person(3, arrived=60 + grace + 1, window=(30, 60))
    assert called([walk_in, within_grace, too_late], now=90) == [2, 1, 3]
    assert claim(too_late, ACCUMULATING) == claim(a_person(arrived=71), ACCUMULATING)


@given(line=lines(everywhere=False), now=minutes, policy=policies, data=st.data())
def test_who_was_parked_comes_back_to_the_same_place(line, now, policy, data):
    due = [person for person in line if claim(person, policy).since <= at(now).timestamp()]
    if not due:
        return
    person = data.draw(st.sampled_from(due))
    place = datetime.fromtimestamp(claim(person, policy).since, tz=UTC)
    back = [p._replace(place_since=place) if p is person else p for p in line]
    assert called(back, now=now, policy=policy) == called(line, now=now, policy=policy)


def test_who_was_sent_to_one_counter_is_called_only_there():
    sent = a_person(1, service_id=OTHER_SERVICE, counter_id=COUNTER)
    assert called_next([sent], now=5) == 1
    assert called_next([sent._replace(counter_id=4, service_id=1)], now=5) is None


def test_strict_priority_lets_any_priority_person_pass():
    line = [a_person(1, arrived=0), a_person(2, arrived=59, priority=True)]
    assert called(line, now=60, policy=POLICIES["strict_priority"]) == [2, 1]
    assert called(line, now=60) == [1, 2]
    assert called(line, now=60, policy=POLICIES["first_come"]) == [1, 2]


def test_a_time_without_a_zone_is_refused():
    naive = a_person()._replace(arrived_at=datetime(2026, 11, 12, 8, 0))  # noqa: DTZ001
    with pytest.raises(TypeError):
        called([naive], now=5)


def test_a_policy_that_punishes_the_entitled_is_refused():
    fair = Rates(appointment=2, walk_in=1)
    with pytest.raises(PolicyNotFair, match="no smaller for appointments"):
        Rates(appointment=1, walk_in=2)
    with pytest.raises(PolicyNotFair, match="must not be below the standard"):
        Policy("upside_down", priority=Rates(appointment=1, walk_in=1), standard=fair)
    with pytest.raises(PolicyNotFair, match="zero minutes or more"):
        Policy("hasty", priority=fair, standard=fair, late_grace_minutes=-1)
