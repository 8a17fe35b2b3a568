"""The need of several services together, and what is known of an office's work."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.need import BOOKED, WALK_IN, need_of_day
from giliran.core.need.mixed import Stream, as_erlang, mixed, need_of_streams
from giliran.core.need.work import USUAL_LOAD, Counted, Work, estimate_work
from tests.examples import examples

OPEN_AT = {weekday: range(16, 30) for weekday in range(5)}
streams = st.lists(
    st.builds(
        Stream,
        st.tuples(*[st.floats(0, 8).map(lambda n: round(n, 1))] * 4),
        st.sampled_from([6.0, 12.0, 20.0]),
        st.sampled_from([0.0, 0.5, 1.0]),
    ),
    min_size=1,
    max_size=3,
)


@given(streams)
def test_services_together_have_the_mean_and_scatter_of_all_their_lengths(parts):
    line = mixed(parts)
    people = sum(line.arrivals)
    assert people == pytest.approx(sum(sum(one.arrivals) for one in parts))
    if people:
        work = sum(sum(one.arrivals) * one.minutes for one in parts)
        square = sum(sum(one.arrivals) * one.minutes**2 * (1 + one.scv) for one in parts)
        assert line.minutes == pytest.approx(work / people)
        assert line.minutes**2 * (1 + line.scv) == pytest.approx(square / people)


def test_one_exponential_service_of_walk_ins_needs_what_its_line_needs():
    arrivals = (4.0, 6.0, 5.0, 2.0)
    found = need_of_streams([Stream(arrivals, 12.0)], booked_share=0.0)
    assert found.officers == need_of_day(arrivals, 12.0, WALK_IN)
    booked = need_of_streams([Stream(arrivals, 12.0)], booked_share=1.0)
    assert booked.officers == need_of_day(arrivals, 12.0, BOOKED)


def test_services_that_scatter_less_never_need_more_officers():
    arrivals = (9.0, 12.0, 12.0, 9.0)
    even, wild = (
        need_of_streams([Stream(arrivals, 12.0, scv)], booked_share=0.7).officers
        for scv in (0.2, 1.0)
    )
    assert all(few <= many for few, many in zip(even, wild, strict=True))
    assert sum(even) < sum(wild)
    assert as_erlang(BOOKED, 1.0) == BOOKED


@settings(max_examples=examples(8), deadline=None)
@given(streams, st.lists(st.booleans(), min_size=4, max_size=4))
def test_nobody_is_needed_in_a_break_and_no_service_needs_more_than_all_do(parts, shut):
    found = need_of_streams(parts, booked_share=0.5, shut=shut)
    assert all(n == 0 for n, is_shut in zip(found.officers, shut, strict=True) if is_shut)
    for own in found.by_stream:
        assert all(few <= there for few, there in zip(own, found.officers, strict=True))


def test_an_office_nobody_has_counted_at_is_taken_to_be_busy_but_not_overrun():
    work = estimate_work(Counted(), {1: 12, 2: 20}, counters=4, open_at=OPEN_AT)
    minutes = sum(
        one.value * work.services[service].minutes.value
        for (service, weekday, _), one in work.arrivals.items()
        if weekday == 0
    )
    assert minutes == pytest.approx(USUAL_LOAD * 4 * 14 * 30)
    found = need_of_streams(
        list(work.streams(0, range(16, 30)).values()), booked_share=work.booked.value
    )
    assert min(found.officers) >= 2
    assert max(found.officers) <= 4


def test_nine_in_ten_intervals_hold_what_made_the_counts():
    """Where an office is about as usual; far from it the usual pulls for some weeks."""
    chance = np.random.default_rng(7)
    held = []
    for _ in range(300):
        lengths = chance.gamma(2, 6, 300)
        counted = Counted(
            days={0: 8},
            arrivals={(1, 0, 16): int(chance.poisson(8 * 3.5))},
            services=[(1, False, float(one)) for one in lengths],
            booked=400,
            came=500,
            came_booked=int(chance.binomial(400, 0.88)),
            left=int(chance.poisson(40)),
            waited=40 * 180.0,
        )
        work = estimate_work(counted, {1: 12}, counters=2, open_at={0: [16]})
        held.append(
            [
                estimate.low <= truth <= estimate.high
                for estimate, truth in (
                    (work.arrivals[1, 0, 16], 3.5),
                    (work.services[1].minutes, 12),
                    (work.no_show, 0.12),
                    (work.leaving, 1 / 180),
                )
            ]
        )
    assert np.mean(held, axis=0).min() > 0.86


def test_work_is_stored_and_read_back():
    work = estimate_work(Counted(), {1: 12, 2: 20}, counters=4, open_at=OPEN_AT)
    assert Work.from_json(work.to_json()).to_json() == work.to_json()


def test_an_office_that_serves_nothing_has_no_work():
    with pytest.raises(ValueError, match="without a service"):
        estimate_work(Counted(), {}, counters=2, open_at=OPEN_AT)
