"""What an office's days teach; with few of them, what is usual elsewhere."""

import json
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.promise.learned import USUAL_SHOW_UP, Arrival, Days, Learned, learn

WIB = timezone(timedelta(hours=7))
MIDNIGHT = datetime(2026, 11, 23, tzinfo=WIB)
JHT, JKM = 1, 2
TYPICAL = {JHT: 12.0, JKM: 18.0}

lengths = st.floats(0, 120)
days = st.builds(
    Days,
    days=st.integers(0, 20),
    services=st.lists(st.tuples(st.sampled_from([JHT, JKM]), lengths), max_size=60),
    booked=st.integers(10, 20),
    came=st.integers(0, 10),
    lateness=st.lists(st.floats(-60, 60), max_size=30),
    waits=st.lists(st.floats(0, 200), max_size=30),
    walk_ins=st.lists(
        st.builds(Arrival, st.sampled_from([JHT, JKM]), st.booleans(), st.floats(360, 1000)),
        max_size=40,
    ),
    counters=st.lists(st.integers(1, 9), unique=True).map(tuple),
)


@given(days)
def test_what_is_stored_is_what_is_read(of):
    learned = learn(of, typical_minutes=TYPICAL)
    assert Learned.from_json(json.loads(json.dumps(learned.to_json()))) == learned


@given(days)
def test_every_service_has_times_and_every_share_lies_between_none_and_all(of):
    learned = learn(of, typical_minutes=TYPICAL)
    assert set(learned.times()) == set(TYPICAL)
    assert all(one.mean >= 0 for one in learned.times().values())
    assert 0 <= learned.show_up <= 1
    called, out = learned.out_after(JHT, share=0.9)
    assert 0 <= called <= out


@given(days)
def test_streams_bring_as_many_people_as_came_on_a_usual_day(of):
    learned = learn(of, typical_minutes=TYPICAL)
    streams = learned.streams(MIDNIGHT, ends=MIDNIGHT + timedelta(days=1))
    people = sum(one.per_minute * (one.ends - one.begins) / timedelta(minutes=1) for one in streams)
    assert people == pytest.approx(len(of.walk_ins) / of.days if of.days else 0)


def test_nobody_comes_after_the_door_is_closed():
    of = Days(days=1, walk_ins=[Arrival(JHT, False, 14 * 60 + 50), Arrival(JHT, False, 900)])
    [stream] = learn(of, typical_minutes=TYPICAL).streams(
        MIDNIGHT, ends=MIDNIGHT + timedelta(hours=14, minutes=45)
    )
    assert stream.begins == MIDNIGHT + timedelta(hours=14, minutes=30)
    assert stream.ends == MIDNIGHT + timedelta(hours=14, minutes=45)


def test_a_new_office_takes_what_is_typical_of_a_service():
    learned = learn(Days(), typical_minutes=TYPICAL)
    minutes = learned.times()[JKM].minutes
    assert minutes.mean() == pytest.approx(18, abs=1)
    assert minutes.var() / minutes.mean() ** 2 == pytest.approx(0.5, abs=0.12)
    assert learned.show_up == pytest.approx(USUAL_SHOW_UP)


def test_a_new_office_learns_from_those_nearby():
    slow = learn(Days(services=[(JHT, 30.0)] * 200), typical_minutes=TYPICAL)
    learned = learn(Days(), typical_minutes=TYPICAL, others=[slow])
    assert learned.times()[JHT].mean == 30
    assert learned.times()[JKM].mean == pytest.approx(18, abs=1)


def test_enough_of_its_own_make_what_is_usual_silent():
    learned = learn(Days(services=[(JHT, 5.0)] * 100), typical_minutes=TYPICAL)
    assert learned.times()[JHT].mean == 5
    few = learn(Days(services=[(JHT, 5.0)] * 20), typical_minutes=TYPICAL)
    assert few.times()[JHT].mean == pytest.approx((5 + 12) / 2, abs=0.6)


def test_a_long_history_is_thinned_to_its_shape():
    rng = np.random.default_rng(1)
    sample = rng.gamma(2, 6, 5000)
    learned = learn(Days(services=[(JHT, one) for one in sample]), typical_minutes=TYPICAL)
    kept = np.array(learned.minutes[JHT])
    assert kept.size == 200
    assert kept.mean() == pytest.approx(sample.mean(), rel=0.02)
    assert np.quantile(kept, 0.9) == pytest.approx(np.quantile(sample, 0.9), rel=0.05)


def test_the_commonest_service_comes_first():
    learned = learn(Days(services=[(JKM, 5.0)] * 3 + [(JHT, 5.0)] * 2), typical_minutes=TYPICAL)
    assert list(learned.people.items()) == [(JKM, 3), (JHT, 2)]
