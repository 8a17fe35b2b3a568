"""A month played in the laboratory: the right remedy comes first, and the intervals hold."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from giliran.core.need.estimate import Estimate, rate
from giliran.core.need.work import Counted, Work, estimate_work
from giliran.lab.month import (
    Change,
    OpenDay,
    Site,
    Way,
    interval,
    play_month,
    remedies,
    shortage,
    supposed,
)

HALF_HOURS = tuple(range(16, 30))
SHUT = tuple(at in {24, 25} for at in HALF_HOURS)
OPEN = [at for at, off in zip(HALF_HOURS, SHUT, strict=True) if not off]
NOBODY = Estimate(0.0, 0.0, 0.0, 0.0)
JHT = 1


def days_of(officers: int, n: int = 10) -> tuple[OpenDay, ...]:
    there = tuple(0 if off else officers for off in SHUT)
    return tuple(OpenDay(day % 5, HALF_HOURS, there, SHUT) for day in range(n))


def counted_work(
    seed: int,
    *,
    people_a_day: float = 40,
    minutes: float = 12.0,
    booked: float = 0.5,
    no_show: float = 0.0,
    checked: float = 0.0,
    checked_takes: float = 0.5,
    days: int = 20,
) -> Work:
    """Estimate a work from days that were played with known rates."""
    chance = np.random.default_rng(seed)
    found = Counted()
    found.days = dict.fromkeys(range(5), days // 5)
    for weekday in range(5):
        for at in OPEN:
            mean = people_a_day / len(OPEN) * found.days[weekday]
            found.arrivals[JHT, weekday, at] = int(chance.poisson(mean))
    found.came = sum(found.arrivals.values())
    for _ in range(min(found.came, 4000)):
        is_checked = bool(chance.random() < checked)
        length = chance.gamma(2, minutes / 2) * (checked_takes if is_checked else 1)
        found.services.append((JHT, is_checked, float(length)))
    found.came_booked = int(chance.binomial(found.came, booked))
    found.booked = round(found.came_booked / (1 - no_show))
    found.waited = 20.0 * found.came
    return estimate_work(found, {JHT: minutes}, counters=4, open_at=dict.fromkeys(range(5), OPEN))


def a_site(work: Work, officers: int, *, key: str = "1", counters: int = 4, days: int = 10) -> Site:
    return Site(key, days_of(officers, days), counters, frozenset({JHT}), work, NOBODY)


def order_of(site: Site, *others: Site, ways=None, booths=None) -> list[str]:
    """Return the remedies that surely help, the best first."""
    sites = {one.key: one for one in (site, *others)}
    short = {site.key: shortage(site, seed=1, draws=2)}
    played = remedies(
        sites, [site.key], short, booths=booths or {}, ways=ways or {}, seed=1, plays=20
    )
    return [one.remedy.kind for one in played.found if one.possible and one.more_in_time.low > 0]


def test_where_no_file_is_checked_checking_comes_before_longer_hours_and_reminders():
    work = replace(counted_work(1, people_a_day=85), no_show=NOBODY)
    helps = order_of(a_site(work, 2))
    assert helps[0] == "prechecked"
    assert "reminders" not in helps
    assert helps[-1] == "hiring"


def test_where_all_are_checked_but_many_stay_away_reminders_come_first():
    work = counted_work(2, people_a_day=24, booked=0.9, no_show=0.4, checked=1.0)
    assert order_of(a_site(work, 3))[0] == "reminders"


def test_an_idle_neighbour_lends_and_the_effect_counts_what_the_neighbour_loses():
    busy = a_site(counted_work(3, people_a_day=70), 1)
    idle = a_site(counted_work(4, people_a_day=6), 3, key="2")
    ways = {("2", "1"): Way(20, can_help=True)}
    assert "loans" in order_of(busy, idle, ways=ways)
    as_busy = a_site(counted_work(5, people_a_day=70), 1, key="2")
    assert "loans" not in order_of(busy, as_busy, ways=ways)
    unable = {("2", "1"): Way(20, can_help=False)}
    assert "loans" not in order_of(busy, idle, ways=unable)


def test_a_booth_with_room_takes_people_over_and_a_full_one_does_not():
    busy = a_site(counted_work(6, people_a_day=60, booked=0.2), 2)
    empty = a_site(counted_work(7, people_a_day=4), 2, key="2")
    assert "booths" in order_of(busy, empty, booths={"1": "2"})
    full = a_site(counted_work(8, people_a_day=60, booked=0.2), 1, key="2")
    assert "booths" not in order_of(busy, full, booths={"1": "2"})


def test_more_officers_serve_more_of_the_same_people_in_time():
    site = a_site(counted_work(9, people_a_day=50), 1)
    served = [
        play_month(site, Change(officers=(n,) * 7), seed=3, plays=20).in_time for n in range(4)
    ]
    for fewer, more in itertools.pairwise(served):
        assert more.mean() >= fewer.mean()


def test_a_month_with_officers_enough_lacks_none_and_one_with_too_few_lacks_some():
    work = counted_work(10, people_a_day=50)
    assert shortage(a_site(work, 8, counters=8), seed=1, draws=2).lacking.mean == 0
    lacks = shortage(a_site(work, 1), seed=1, draws=4)
    assert lacks.officers.low > 0.3
    assert lacks.needed == lacks.there + lacks.lacking.mean - lacks.left_over
    assert lacks.half_hours == 10 * len(OPEN)


def test_a_drawn_work_scatters_as_widely_as_its_interval_says():
    work = counted_work(11, days=40)
    chance = np.random.default_rng(1)
    drawn = [supposed(work, chance) for _ in range(400)]
    held = [
        sum(one.arrivals[key].value for one in drawn) / 400 / work.arrivals[key].value
        for key in list(work.arrivals)[:20]
    ]
    assert held == pytest.approx([1.0] * 20, abs=0.08)
    minutes = work.services[JHT].minutes
    inside = sum(minutes.low <= one.services[JHT].minutes.value <= minutes.high for one in drawn)
    assert 0.85 < inside / 400 < 0.95


def test_nine_intervals_in_ten_hold_what_then_happens():
    """The work is known, counted for four weeks, and one week more is played: sixty times."""
    truth = counted_work(0, days=4000, people_a_day=44)
    held = {"in time": 0, "came": 0}
    for seed in range(60):
        counted = counted_work(1000 + seed, days=20, people_a_day=44)
        told = play_month(a_site(counted, 2, days=5), seed=seed, plays=30)
        happens = play_month(a_site(truth, 2, days=5), seed=9_000 + seed, plays=1)
        for name, values, value in (
            ("in time", told.in_time, happens.in_time[0]),
            ("came", told.came, happens.came[0]),
        ):
            ends = interval(values)
            held[name] += bool(ends.low <= value <= ends.high)
    assert 48 <= held["in time"] <= 60, held
    assert 48 <= held["came"] <= 60, held


def test_without_an_open_day_nobody_comes():
    shut = Site("1", (), 2, frozenset({JHT}), counted_work(1), rate(5, 5, usual=0))
    assert not play_month(shut, seed=1).came.any()
