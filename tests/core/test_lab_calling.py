"""The laboratory's office calls whom the counters would call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.calling import POLICIES, Policy, Rates, Waiting, next_turn
from giliran.lab.office import Counter, Fate, Office, Seen, Service, play_visits
from giliran.lab.visits import Kind, Visit
from tests.examples import examples

MIDNIGHT = datetime(2026, 11, 12, tzinfo=UTC)
SERVICES = ("jht", "jkm", "jkk")
DAY_SECONDS = 600
STEP = 20  # everything happens on such steps, so that ties are common

seconds = st.integers(0, DAY_SECONDS // STEP).map(lambda one: STEP * one)
policies = st.sampled_from(
    [
        *POLICIES.values(),
        Policy(
            "short grace",
            priority=Rates(3.0, 0.5),
            standard=Rates(1.0, 0.5),
            late_grace=timedelta(seconds=100),
        ),
    ]
)


@st.composite
def visits(draw):
    starts = draw(st.none() | seconds)
    return Visit(
        arrives_at=draw(seconds),
        service=draw(st.sampled_from(SERVICES)),
        service_minutes=draw(st.integers(1, 6)) * STEP / 60,
        patience_minutes=draw(st.none() | st.integers(0, 24).map(lambda one: one * STEP / 60)),
        is_priority=draw(st.booleans()),
        kind=Kind.WALK_IN if starts is None else Kind.APPOINTMENT,
        window_starts_at=starts,
        window_ends_at=None if starts is None else starts + 60,
    )


@st.composite
def counters(draw):
    edges = sorted(draw(st.sets(seconds, min_size=2, max_size=6)))
    given = draw(st.none() | st.frozensets(st.sampled_from(SERVICES)))
    pairs = tuple(zip(edges[::2], edges[1::2], strict=False))
    return Counter(pairs, services=given)


def played_by_core(office, line):
    """Play the same day slowly, asking `core.calling.next_turn` at every call."""

    def at(moment):
        return MIDNIGHT + timedelta(seconds=moment)

    def on_duty(counter, now):
        return any(begins <= now < ends for begins, ends in counter.spells)

    lasts = [round(60 * one.service_minutes) for one in line]
    leaves = [
        float("inf")
        if one.patience_minutes is None
        else one.arrives_at + round(60 * one.patience_minutes)
        for one in line
    ]
    closes = max((spell[1] for one in office.counters for spell in one.spells), default=0)
    busy_till = [0] * len(office.counters)
    seen, inside = {}, []
    places = office.walk_in_places
    for now in range(0, max(closes, DAY_SECONDS) + STEP, STEP):
        for who, one in enumerate(line):
            if one.arrives_at != now:
                continue
            if one.kind == Kind.WALK_IN:
                if places == 0 or now >= office.closes_at:
                    seen[who] = Seen(Fate.TURNED_AWAY, None, None)
                    continue
                places = None if places is None else places - 1
            inside.append(who)
        for number, counter in enumerate(office.counters):
            if busy_till[number] > now or not on_duty(counter, now):
                continue
            there = [
                Waiting(
                    turn_id=who,
                    is_priority=line[who].is_priority,
                    window_from=None
                    if line[who].window_starts_at is None
                    else at(line[who].window_starts_at),
                    window_till=None
                    if line[who].window_ends_at is None
                    else at(line[who].window_ends_at),
                    arrived_at=at(line[who].arrives_at),
                    place_since=None,
                    service_id=SERVICES.index(line[who].service),
                    counter_id=None,
                )
                for who in inside
                if leaves[who] >= now
            ]
            gives = {
                at
                for at, name in enumerate(SERVICES)
                if counter.services is None or name in counter.services
            }
            who = next_turn(
                there, now=at(now), policy=office.policy, counter_id=number, service_ids=gives
            )
            if who is not None:
                inside.remove(who)
                busy_till[number] = now + lasts[who]
                seen[who] = Seen(Fate.SERVED, now, number)
    for who in inside:
        fate = Fate.UNSERVED if leaves[who] >= closes else Fate.LEFT
        seen[who] = Seen(fate, None, None)
    return [seen[who] for who in range(len(line))]


@settings(max_examples=examples(50), deadline=None)
@given(
    line=st.lists(visits(), max_size=14),
    desks=st.lists(counters(), min_size=1, max_size=4),
    policy=policies,
    places=st.none() | st.integers(0, 8),
    closes_at=st.integers(1, DAY_SECONDS),
)
def test_everybody_is_called_when_and_where_the_counters_rule_says(
    line, desks, policy, places, closes_at
):
    office = Office(
        services=tuple(Service(name) for name in SERVICES),
        counters=tuple(desks),
        opens_at=0,
        closes_at=closes_at,
        walk_in_places=places,
        policy=policy,
    )
    line = sorted(line, key=lambda one: one.arrives_at)

    assert play_visits(office, line) == played_by_core(office, line)


def test_who_comes_early_is_called_only_when_nobody_is_due():
    office = Office(services=(Service("jht"),), counters=(Counter(((0, 500),)),), opens_at=0)
    early = Visit(0, "jht", 1.0, kind=Kind.APPOINTMENT, window_starts_at=90, window_ends_at=120)
    earlier = Visit(0, "jht", 1.0)
    due = Visit(30, "jht", 1.0)

    seen = play_visits(office, [earlier, early, due])

    assert [one.called_at for one in seen] == [0, 120, 60]


def test_a_service_that_nobody_gives_is_named():
    office = Office(services=(Service("jht"),), counters=(Counter(((0, 500),)),), opens_at=0)

    with pytest.raises(ValueError, match="'jp'"):
        play_visits(office, [Visit(0, "jp", 1.0)])
