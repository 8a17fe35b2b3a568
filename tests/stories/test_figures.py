"""A day in figures: the same sums, whoever makes them."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from giliran.capacity import actions as capacity
from giliran.capacity.models import CounterOpening
from giliran.core.refusal import Refusal
from giliran.core.turn import State
from giliran.figures import queries as figures
from giliran.journal.models import Event
from giliran.offices.models import Counter as Loket
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from giliran.turns.queries import today
from tests.builders import (
    MONDAY,
    a_booking,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.examples import examples

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


def test_an_empty_day_has_no_figures_but_no_fault():
    office = an_office()

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert (found.asked, found.served, found.waits, found.by_hour) == (0, 0, (), ())
    assert found.in_window_share is None
    assert found.served_per_counter_hour is None


def test_a_wait_runs_from_arrival_to_the_first_call():
    office = an_open_office()
    a_walk_in(office, "08:10")
    officer, counter_id = at_counter(office)
    serve(officer, counter_id, "08:31", "08:32", "08:44")

    (all_of_them, walk_ins) = figures.day(office.id, MONDAY, now=EVENING).waits

    assert (all_of_them.kind, all_of_them.people, all_of_them.p50) == ("", 1, 21)
    assert (walk_ins.calling_class, walk_ins.kind, walk_ins.longest) == ("standard", "walk_in", 21)


def test_who_comes_early_waits_only_from_the_window_on():
    office = an_open_office()
    booked = a_booking(a_window(office, "09:30"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("08:50"))
    officer, counter_id = at_counter(office)
    serve(officer, counter_id, "09:42", "09:43", "09:50")

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert found.waits[1].p50 == 12
    assert found.waits[1].kind == "appointment"
    assert found.in_window_share == 1


def test_who_is_called_before_the_window_did_not_wait():
    office = an_open_office()
    booked = a_booking(a_window(office, "09:30"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("08:50"))
    officer, counter_id = at_counter(office)
    serve(officer, counter_id, "09:00", "09:01", "09:10")

    assert figures.day(office.id, MONDAY, now=EVENING).waits[1].longest == 0


@pytest.mark.parametrize(("called", "kept"), [("10:10", 1), ("10:11", 0)])
def test_a_window_is_kept_until_ten_minutes_after_its_end(called, kept):
    office = an_open_office()
    booked = a_booking(a_window(office, "09:30"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("09:29"))
    officer, counter_id = at_counter(office)
    serve(officer, counter_id, called, "10:12", "10:20")

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert (found.promises, found.promises_kept) == (1, kept)


def test_who_comes_after_the_window_breaks_no_promise_of_the_office():
    office = an_open_office()
    booked = a_booking(a_window(office, "09:30"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("10:05"))
    officer, counter_id = at_counter(office)
    serve(officer, counter_id, "11:00", "11:01", "11:09")

    assert figures.day(office.id, MONDAY, now=EVENING).promises == 0


def test_who_came_in_time_and_left_unserved_was_promised_something():
    office = an_open_office()
    booked = a_booking(a_window(office, "09:30"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("09:30"))
    turns.leave(booked.id, actor="officer:1", now=at("11:00"))

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert (found.promises, found.promises_kept, found.left_unserved) == (1, 0, 1)


def test_a_pause_for_a_paper_and_a_transfer_do_not_count_as_service_or_shorten_the_wait():
    office = an_open_office()
    turn = a_walk_in(office, "08:00")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:10"))
    turns.start(officer_id=officer.id, now=at("08:11"))
    turns.park(officer_id=officer.id, now=at("08:16"))
    turns.take_back(turn.id, officer_id=officer.id, now=at("09:00"))
    turns.transfer(officer_id=officer.id, service_id=a_service("jkm").id, now=at("09:04"))
    serve(officer, counter_id, "09:30", "09:31", "09:34")

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert found.service_p50 == 5 + 4 + 3
    assert found.waits[0].p50 == 10
    assert [part.service_id for part in found.by_service] == [a_service("jkm").id]


def test_what_the_days_close_ended_is_served_but_nobody_knows_how_long_it_took():
    office = an_open_office()
    a_walk_in(office, "08:00")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:10"))
    turns.start(officer_id=officer.id, now=at("08:11"))
    turns.close_day(office.id, MONDAY, now=EVENING)

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert (found.served, found.service_p50) == (1, None)


def test_never_came_and_missed_the_call_are_two_different_things():
    office = an_open_office()
    a_booking(a_window(office, "09:30"))
    a_walk_in(office, "08:00")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:10"))
    turns.no_show(officer_id=officer.id, now=at("08:13"))
    turns.close_day(office.id, MONDAY, now=EVENING)

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert (found.no_shows, found.missed_calls, found.came) == (1, 1, 1)


def test_people_sent_home_are_counted_by_reason_on_their_own_day():
    office, elsewhere = an_open_office(), an_open_office("tangerang")
    for clock, why in [("09:00", "no_number"), ("10:00", "no_number"), ("11:00", "papers")]:
        turns.turn_away(office_id=office.id, service_id=None, why=why, actor="x", now=at(clock))
    turns.turn_away(
        office_id=office.id, service_id=None, why="papers", actor="x", now=at("00:00", at_next())
    )
    turns.turn_away(
        office_id=elsewhere.id, service_id=None, why="papers", actor="x", now=at("09:00")
    )

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert found.turned_away == 3
    assert found.turned_away_why == (("no_number", 2), ("papers", 1))


def at_next() -> date:
    return MONDAY + timedelta(days=1)


def test_the_day_and_its_hours_are_those_of_the_offices_own_clock():
    """At 06:30 in Jayapura it is still yesterday in Greenwich: once a whole day went missing."""
    office = an_open_office("jayapura", time_zone="Asia/Jayapura")
    east = ZoneInfo("Asia/Jayapura")
    turns.take_number(
        office_id=office.id,
        service_id=a_service().id,
        request_key=uuid4(),
        is_priority=False,
        channel="kiosk",
        actor="kiosk:1",
        now=at("07:30", zone=east),
    )
    turns.turn_away(
        office_id=office.id, service_id=None, why="papers", actor="x", now=at("00:10", zone=east)
    )

    found = figures.day(office.id, MONDAY, now=EVENING)

    assert found.by_hour == (figures.HourOfDay(7, 1, 0),)
    assert found.turned_away == 1


def test_counters_are_open_while_an_officer_sits_there():
    office = an_open_office()
    officer, counter_id = at_counter(office, "1", "08:00")
    at_counter(office, "2", "14:00")
    capacity.close_counter(counter_id, officer_id=officer.id, now=at("09:30"))

    so_far = figures.day(office.id, MONDAY, now=at("14:20")).counter_minutes
    afterwards = figures.day(office.id, MONDAY, now=at("09:00", at_next())).counter_minutes
    next_day = figures.day(office.id, at_next(), now=at("09:00", at_next())).counter_minutes

    assert so_far == 90 + 20
    assert afterwards == 90 + 60  # forgotten, so until the office closed at 15:00
    assert next_day == 60  # and again from its opening at 08:00


def test_served_per_counter_hour_is_people_over_hours():
    office = an_open_office()
    for _ in range(3):
        a_walk_in(office, "08:00")
    officer, counter_id = at_counter(office, "1", "08:00")
    for called, done in [("08:05", "08:15"), ("08:20", "08:30"), ("08:35", "08:45")]:
        serve(officer, counter_id, called, called, done)
    capacity.close_counter(counter_id, officer_id=officer.id, now=at("09:30"))

    assert figures.day(office.id, MONDAY, now=EVENING).served_per_counter_hour == 2


def test_the_figures_hold_no_name_and_no_code():
    office = an_open_office()
    turn = a_booking(a_window(office, "09:30"))

    text = repr(figures.day(office.id, MONDAY, now=EVENING)) + repr(
        figures.history(office.id, MONDAY, page=1, per_page=50)
    )

    assert "Siti" not in text
    assert turn.code not in text
    assert str(turn.request_key) not in text


def test_all_offices_now_say_what_each_office_says_of_itself():
    office, other = an_open_office(), an_open_office("ambon", time_zone="Asia/Jayapura")
    a_walk_in(office, "08:00", is_priority=True)
    a_walk_in(office, "08:20")
    a_booking(a_window(office, "09:30"))
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:25"))
    turns.turn_away(office_id=office.id, service_id=None, why="x", actor="x", now=at("08:30"))

    found = figures.now_at([other.id, office.id], now=at("08:50"))

    assert [one.office_id for one in found] == [office.id, other.id]
    for one in found:
        own = today(one.office_id, now=at("08:50"))
        assert one._replace(office_id=0) == figures.Now(
            office_id=0,
            waiting=own.waiting,
            waiting_priority=own.waiting_priority,
            longest_wait_minutes=own.longest_wait_minutes,
            seats_taken=own.seats_taken,
            seats=own.seats,
            at_counters=own.called + own.serving,
            expected=own.expected,
            served=own.finished,
            counters_open=own.counters_open,
            counters=own.counters,
            turned_away=own.turned_away,
        )


def test_history_is_paged_newest_first_and_says_how_much_there_is():
    office = an_open_office()
    for minute in range(5):
        a_walk_in(office, f"08:0{minute}")

    first, length = figures.history(office.id, MONDAY, page=1, per_page=2)
    last, _ = figures.history(office.id, MONDAY, page=3, per_page=2)

    assert length == 5
    assert [event.number for event in first] == ["A005", "A004"]
    assert [event.number for event in last] == ["A001"]


# A random day, played through the actions, and counted again by hand.

# What is common is named often, so that most played days have people who are really served.
COMMON = ("walk_in", "book", "come", "call", "start", "finish")
RARE = ("priority", "park", "back", "no_show", "leave", "transfer", "rejoin", "cancel")
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*COMMON * 4, *RARE, "close_counter", "open_counter")),
        st.integers(0, 5),
        st.integers(1, 25),
    ),
    max_size=60,
)


def play(office, windows, officer, counter_id, steps) -> datetime:
    """Play what the steps ask for; what isn't allowed at that moment is refused and skipped."""
    now = at("07:05")
    for what, which, minutes in steps:
        now = min(now + timedelta(minutes=minutes), at("14:59"))
        mine = list(Turn.objects.filter(office=office).order_by("id"))
        turn = mine[which % len(mine)] if mine else None
        try:
            step(what, turn, office, windows[which % len(windows)], officer, counter_id, now)
        except Refusal:
            continue
    return now


def step(what, turn, office, window, officer, counter_id, now) -> None:
    seated = {"officer_id": officer.id, "now": now}
    match what:
        case "walk_in" | "priority":
            turns.take_number(
                office_id=office.id,
                service_id=a_service().id,
                request_key=uuid4(),
                is_priority=what == "priority",
                channel="kiosk",
                actor="kiosk:1",
                now=now,
            )
        case "book":
            a_booking(window, now=now)
        case "call":
            turns.call_next(counter_id, **seated)
        case "transfer":
            turns.transfer(service_id=a_service("jkm").id, **seated)
        case "start" | "finish" | "park" | "no_show":
            getattr(turns, what)(**seated)
        case "open_counter":
            capacity.open_counter(counter_id, **seated)
        case "close_counter":
            capacity.close_counter(counter_id, **seated)
        case _ if turn is None:
            return
        case "come":
            turns.check_in(turn.id, actor="kiosk:1", now=now)
        case "back":
            turns.take_back(turn.id, **seated)
        case "rejoin":
            turns.rejoin(turn.id, office_id=office.id, actor="x", now=now)
        case "leave" | "cancel":
            getattr(turns, what)(turn.id, actor="x", now=now)


def percentile(values: list[float], share: float) -> float:
    """Interpolate between the two nearest ranks, as the SQL standard says."""
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def recount(office, now) -> dict:
    """Count the day again from turns and events, one at a time, without SQL's help."""
    mine = list(Turn.objects.filter(office=office, day=MONDAY))
    waits, lengths, promises, kept = {}, [], 0, 0
    for turn in mine:
        events = list(Event.objects.filter(subject="turn", subject_id=turn.id).order_by("id"))
        calls = [event.at for event in events if event.kind == "turn.call"]
        if calls and turn.arrived_at:
            since = max(filter(None, [turn.arrived_at, turn.window_from]))
            group = ("priority" if turn.is_priority else "standard", turn.kind)
            wait = max(0.0, minutes(calls[0] - since))
            waits.setdefault(group, []).append(wait)
            waits.setdefault(("", ""), []).append(wait)
        if turn.state == State.FINISHED and turn.moved_by == f"officer:{turn.officer_id}":
            at_counter = [b.at - a.at for a, b in pairwise(events) if a.data["state"] == "serving"]
            lengths.append(minutes(sum(at_counter, timedelta())))
        in_time = turn.window_till and turn.arrived_at and turn.arrived_at <= turn.window_till
        if in_time and (calls or turn.state == State.LEFT):
            promises += 1
            kept += bool(calls) and calls[0] <= turn.window_till + timedelta(minutes=10)
    states = Counter(turn.state for turn in mine)
    open_minutes = sum(
        minutes((o.closed_at or now) - o.opened_at)
        for o in CounterOpening.objects.filter(counter__office=office)
    )
    zone = ZoneInfo(office.time_zone)
    hours = Counter(t.arrived_at.astimezone(zone).hour for t in mine if t.arrived_at)
    return {
        "asked": (
            sum(t.kind == "appointment" for t in mine),
            sum(t.kind == "walk_in" for t in mine),
        ),
        "came": sum(t.arrived_at is not None for t in mine),
        "served": states["finished"],
        "not_served": (
            sum(t.state == "no_show" and not t.arrived_at for t in mine),
            sum(t.state == "no_show" and bool(t.arrived_at) for t in mine),
            states["left"],
            states["cancelled"],
        ),
        "waits": {
            group: (len(w), percentile(w, 0.5), percentile(w, 0.9), max(w))
            for group, w in waits.items()
        },
        "service": (percentile(lengths, 0.5), percentile(lengths, 0.9)) if lengths else None,
        "promises": (promises, kept),
        "channels": Counter(t.channel for t in mine),
        "services": Counter(t.service_id for t in mine),
        "arrived": dict(hours),
        "open": open_minutes,
    }


def told(found: figures.DayFigures) -> dict:
    return {
        "asked": (found.asked_booked, found.asked_walk_in),
        "came": found.came,
        "served": found.served,
        "not_served": (found.no_shows, found.missed_calls, found.left_unserved, found.cancelled),
        "waits": {(w.calling_class, w.kind): w[2:] for w in found.waits},
        "service": (found.service_p50, found.service_p90)
        if found.service_p50 is not None
        else None,
        "promises": (found.promises, found.promises_kept),
        "channels": {part.channel: part.asked for part in found.by_channel},
        "services": {part.service_id: part.asked for part in found.by_service},
        "arrived": {h.hour: h.arrived for h in found.by_hour if h.arrived},
        "open": found.counter_minutes,
    }


@hypothesis_settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_the_figures_are_those_of_a_naive_recount(steps):
    office = an_open_office(f"kantor-{uuid4().hex[:8]}")
    windows = [a_window(office, clock) for clock in ("08:00", "09:00", "10:00")]
    officer = an_officer(office)
    counter_id = Loket.objects.get(office=office, label="1").id
    capacity.open_counter(counter_id, officer_id=officer.id, now=at("07:00"))

    now = play(office, windows, officer, counter_id, steps)

    found = figures.day(office.id, MONDAY, now=now)
    mine, theirs = told(found), recount(office, now)
    for key, value in theirs.items():
        if key == "waits":
            assert mine[key].keys() == value.keys()
            for group in value:
                assert mine[key][group] == pytest.approx(value[group])
        else:
            assert mine[key] == pytest.approx(value), key
    assert found.asked == found.came + sum(
        turn.arrived_at is None for turn in Turn.objects.filter(office=office)
    )
    assert found.asked == sum(
        (
            found.served,
            found.no_shows,
            found.missed_calls,
            found.left_unserved,
            found.cancelled,
            found.still_open,
        )
    )


def test_a_day_of_noon_is_not_that_of_midnight():
    """The bounds of a day are the office's midnights, whichever way the zone lies."""
    office = an_office("sorong", time_zone="Asia/Jayapura")

    begins, ends = figures.bounds(office.id, MONDAY)

    assert begins == datetime.combine(MONDAY, time(), tzinfo=ZoneInfo("Asia/Jayapura"))
    assert ends - begins == timedelta(days=1)
