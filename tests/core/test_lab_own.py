"""An office built from what its own days taught."""

from datetime import time

import pytest

from giliran.core.calling import POLICIES
from giliran.core.offers import Hours
from giliran.core.promise.learned import Arrival, Days, Learned, learn
from giliran.lab.office import Booked, estimate, figures, own_office, play
from giliran.lab.visits import HOUR

JHT, JKM, JP = 1, 2, 3
FRIDAY = Hours(time(8), time(15), ((time(11, 30), time(13)),))


def learned(days=None) -> Learned:
    return learn(days or a_month(), typical_minutes={JHT: 12.0, JKM: 20.0, JP: 15.0})


def a_month():
    """Twenty days: thirty people at nine for JHT, of whom six have priority, and ten for JP."""
    arrivals = [
        Arrival(service, is_priority, 9 * 60 + 5)
        for _ in range(20)
        for service, is_priority, many in ((JHT, False, 24), (JHT, True, 6), (JP, False, 10))
        for _ in range(many)
    ]
    return Days(
        days=20,
        services=[(JHT, minutes) for minutes in (5.0, 10.0, 15.0) for _ in range(100)],
        booked=90,
        came=80,
        lateness=[-15.0, -5.0] * 500,
        walk_ins=arrivals,
    )


def own(known=None, **fields):
    chosen = {
        "counters": [{JHT, JKM}, {JHT}],
        "hours": FRIDAY,
        "booked": [Booked(8.0 * HOUR, 8.5 * HOUR, 4)],
        "walk_in_places": 40,
        "policy": POLICIES["accumulating"],
    }
    return own_office(known or learned(), **{**chosen, **fields})


def test_what_was_learned_is_what_is_played():
    office = own()

    assert [one.name for one in office.services] == ["1", "2"]
    assert office.services[0].sample_minutes[0] == 5.0
    assert office.services[0].minutes == pytest.approx(10.0)
    assert office.walk_ins[True, "1"][18] == pytest.approx(12.0)  # six people in half an hour
    assert office.show_up == pytest.approx((80 + 8.8) / 100)
    assert office.booked_priority == pytest.approx(0.2)
    assert office.early_minutes == pytest.approx(10.0, abs=0.3)
    assert office.counters[1].services == {"1"}


def test_counters_rest_in_the_breaks_of_that_day_also_where_breaks_overlap():
    rests = Hours(time(8), time(15), ((time(12), time(13)), (time(11, 30), time(12, 30))))

    spells = ((8.0 * HOUR, 11.5 * HOUR), (13.0 * HOUR, 15.0 * HOUR))
    assert own().counters[0].spells == spells
    assert own(hours=rests).counters[0].spells == spells


def test_who_comes_for_what_no_open_counter_gives_is_left_out():
    played = figures(play([own()], seed=1, days=50, replications=20))
    came = estimate(played["came_a_day.all"])

    assert came.mean == pytest.approx(30 + 4 * own().show_up, abs=2.5 * came.half)


def test_a_service_that_takes_no_time_at_all_is_played_as_a_very_short_one():
    known = learned(Days(days=1, services=[(JHT, 0.0)] * 400, booked=0, came=0))

    assert min(own(known).services[0].sample_minutes) > 0


@pytest.mark.parametrize(
    "fields",
    [
        {"counters": []},
        {"counters": [{99}]},
        {"counters": [{JKM}], "booked": []},
    ],
)
def test_where_nothing_could_be_played_it_says_so(fields):
    with pytest.raises(ValueError, match="no open counter"):
        own(**fields)
