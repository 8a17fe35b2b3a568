"""The figures of years: kept piece by piece, and the same as if they were counted anew."""

import pytest

from giliran.capacity import actions as capacity
from giliran.figures import queries as figures
from giliran.figures import series
from giliran.figures.folding import behind
from giliran.turns import actions as turns
from tests.builders import (
    MONDAY,
    a_booking,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
EVENING = at("18:00")


def an_open_office(slug: str = "serang", **fields):
    office = an_office(slug, **fields)
    walk_in_places(office)
    return office


def serve(officer, counter_id, called: str, started: str, done: str) -> None:
    turns.call_next(counter_id, officer_id=officer.id, now=at(called))
    turns.start(officer_id=officer.id, now=at(started))
    turns.finish(officer_id=officer.id, now=at(done))


def a_full_day(office):
    """Let a day pass at an office: served, missed, away, early, with and without a window."""
    officer, counter_id = at_counter(office)
    window = a_window(office, "09:30")
    a_walk_in(office, "07:10")
    a_walk_in(office, "08:20", is_priority=True)
    a_walk_in(office, "08:21", service="jkm")
    for clock in ("09:20", "09:40"):
        turns.check_in(a_booking(window).id, actor="kiosk:1", now=at(clock))
    a_booking(window)
    turns.cancel(a_booking(window).id, actor="citizen", now=at("07:30"))
    serve(officer, counter_id, "08:25", "08:26", "08:40")
    serve(officer, counter_id, "08:41", "08:42", "09:10")
    serve(officer, counter_id, "09:50", "09:51", "10:00")
    turns.call_next(counter_id, officer_id=officer.id, now=at("10:20"))
    turns.no_show(officer_id=officer.id, now=at("10:25"))
    for clock in ("05:40", "09:00"):
        turns.turn_away(
            office_id=office.id, service_id=None, why="no_number", actor="x", now=at(clock)
        )
    capacity.close_counter(counter_id, officer_id=officer.id, now=at("15:10"))
    turns.close_day(office.id, MONDAY, actor="system", now=EVENING)
    return officer, counter_id


def monday(measure: str, office, **options):
    return series.value(measure, [office.id], MONDAY, MONDAY, **options)


def test_a_day_of_the_cells_is_the_day_in_figures():
    office = an_open_office()
    a_full_day(office)

    day = figures.day(office.id, MONDAY, now=EVENING)

    for measure, expected in {
        "asked": day.asked,
        "came": day.came,
        "served": day.served,
        "turned_away": day.turned_away,
        "missed_calls": day.missed_calls,
        "left_unserved": day.left_unserved,
        "cancelled": day.cancelled,
        "promise_kept": day.in_window_share,
        "served_per_officer_hour": day.served_per_counter_hour,
    }.items():
        assert monday(measure, office).value == expected, measure
    assert monday("no_show_share", office).value == day.no_shows / 3
    assert monday("promise_kept", office).n == day.promises
    assert abs(monday("wait_p50", office).value - day.all_waits.p50) < 1
    assert abs(monday("wait_p90", office).value - day.all_waits.p90) < 1
    assert behind() == (0, None)


def test_parts_of_a_day_are_those_of_the_day_in_figures():
    office = an_open_office()
    a_full_day(office)
    day = figures.day(office.id, MONDAY, now=EVENING)

    def by(split, measure):
        rows = series.of(measure, offices=[office.id], first=MONDAY, last=MONDAY, split=split)
        return {row.part: row.value for row in rows if row.value}

    assert by("channel", "asked") == {part.channel: part.asked for part in day.by_channel}
    assert by("service", "asked") == {str(part.service_id): part.asked for part in day.by_service}
    came, served = by("hour", "came"), by("hour", "served")
    for hour in day.by_hour:
        assert came.get(f"{hour.hour:02d}", 0) == hour.arrived
        assert served.get(f"{hour.hour:02d}", 0) == hour.served
    waits = {wait.calling_class: wait.p50 for wait in day.waits if wait.kind == "walk_in"}
    assert abs(monday("priority_wait_p90", office).value - waits["priority"]) < 1
