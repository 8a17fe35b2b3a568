"""A day played person by person keeps to the counters' hours and to the order of calling."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from giliran.core.calling import POLICIES
from giliran.lab.quick_day import Desk, Fate, play, without_breaks
from giliran.lab.visits import HOUR, Kind, Visit

OPENS, CLOSES = 8 * HOUR, 15 * HOUR
POLICY = POLICIES["accumulating"]


@st.composite
def visits(draw):
    arrives = draw(st.integers(7 * HOUR, CLOSES + HOUR))
    window = draw(
        st.none() | st.integers(OPENS // 1800, CLOSES // 1800 - 1).map(lambda n: n * 1800)
    )
    return Visit(
        arrives,
        draw(st.sampled_from(["jht", "jp"])),
        draw(st.floats(1, 90)),
        draw(st.none() | st.floats(0, 300)),
        draw(st.booleans()),
        Kind.WALK_IN if window is None else Kind.APPOINTMENT,
        window,
        None if window is None else window + 1800,
    )


def desk(*services, late=0):
    return Desk(frozenset(services), without_breaks(OPENS + late, CLOSES, [(12 * HOUR, 13 * HOUR)]))


@given(st.lists(visits(), max_size=30), st.integers(0, 9))
def test_each_person_has_one_end_and_no_desk_serves_two_at_once(people, seed):
    desks = [desk("jht"), desk("jht", "jp", late=1800)]

    lived = play(people, desks, policy=POLICY, chance=Random(seed))

    assert [one.visit for one in lived] == people
    for number, at in enumerate(desks):
        served = sorted(
            (one.called, one.ended, one.visit.service) for one in lived if one.desk == number
        )
        assert all(ended < called for (_, ended, _), (called, _, _) in pairwise(served))
        assert all(service in at.serves for _, _, service in served)
        assert all(any(b <= called < e for b, e in at.spans) for called, _, _ in served)
    for one in lived:
        assert one.arrived <= one.ended
        assert (one.called is None) == (one.fate in {Fate.LEFT, Fate.SENT_HOME})
        assert one.called is None or one.called >= one.arrived


def test_who_has_a_window_that_began_is_called_before_who_came_earlier_without_one():
    walk_in = Visit(7 * HOUR, "jht", 10)
    booked = Visit(
        7 * HOUR + 1800, "jht", 10, None, False, Kind.APPOINTMENT, OPENS, OPENS + 1800
    )  # fmt: skip
    late = desk("jht", late=1200)

    first, second = play([walk_in, booked], [late], policy=POLICY, chance=Random(1))

    assert second.called < first.called


def test_breaks_divide_a_day_and_a_late_start_may_lie_in_one():
    breaks = [(12 * HOUR, 13 * HOUR)]
    assert without_breaks(OPENS, CLOSES, breaks) == ((OPENS, 12 * HOUR), (13 * HOUR, CLOSES))
    assert without_breaks(12 * HOUR + 60, CLOSES, breaks) == ((13 * HOUR, CLOSES),)
    assert without_breaks(CLOSES, CLOSES, breaks) == ()
