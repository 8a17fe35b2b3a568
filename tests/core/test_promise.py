import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.promise import rough_range

AHEAD = st.integers(0, 400)
COUNTERS = st.integers(1, 40)
MINUTES = st.floats(0.5, 120)


def test_eleven_people_at_four_counters_are_served_within_twenty_five_to_fifty_minutes():
    assert rough_range(11, 4, 12) == (25, 50)


@given(AHEAD, COUNTERS, MINUTES)
def test_the_range_is_in_steps_of_five_minutes_around_the_mean(ahead, counters, minutes):
    begin, end = rough_range(ahead, counters, minutes)
    assert 0 <= begin < end
    assert begin % 5 == end % 5 == 0
    assert begin <= (ahead + 1) * minutes / counters <= end


@given(AHEAD, COUNTERS, MINUTES)
def test_who_stands_further_back_is_never_told_less(ahead, counters, minutes):
    nearer, further = (rough_range(n, counters, minutes) for n in (ahead, ahead + 1))
    assert nearer[0] <= further[0]
    assert nearer[1] <= further[1]


@given(AHEAD, COUNTERS, MINUTES)
def test_another_open_counter_never_makes_the_wait_longer(ahead, counters, minutes):
    fewer, more = (rough_range(ahead, n, minutes) for n in (counters, counters + 1))
    assert more[0] <= fewer[0]
    assert more[1] <= fewer[1]


@pytest.mark.parametrize(("ahead", "counters", "minutes"), [(-1, 1, 12), (0, 0, 12), (0, 1, 0)])
def test_what_cannot_be_is_refused(ahead, counters, minutes):
    with pytest.raises(ValueError, match=r"\."):
        rough_range(ahead, counters, minutes)
