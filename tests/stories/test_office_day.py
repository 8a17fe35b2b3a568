"""One person's way through an office day."""

from datetime import timedelta

import pytest

from giliran.core.refusal import NotFound
from giliran.core.turn import MoveNotAllowed, rebuild
from giliran.journal.queries import history
from giliran.offices.models import Counter
from giliran.turns import actions as turns
from giliran.turns import queries
from giliran.turns.models import Turn
from giliran.turns.refusals import (
    AlreadyHasTurn,
    CounterBusy,
    NoPlaceLeft,
    NoWalkInPlaceLeft,
    OfficeShut,
    WrongPerson,
)
from tests.builders import (
    MONDAY,
    a_booking,
    a_nik,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    somebody,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


def test_somebody_books_arrives_is_called_served_and_leaves():
    office = an_office()
    walk_in_places(office)
    turn = a_booking(a_window(office, "09:30"))
    officer, counter_id = at_counter(office)

    arrived = turns.check_in(turn.id, office_id=office.id, actor="kiosk:1", now=at("09:20"))
    called = turns.call_next(counter_id, officer_id=officer.id, now=at("09:31"))
    turns.start(officer_id=officer.id, now=at("09:32"))
    done = turns.finish(officer_id=officer.id, now=at("09:44"))

    assert arrived.number == "A001"
    assert called is not None
    assert called.id == turn.id
    assert done.state == "finished"
    assert rebuild(history("turn", turn.id))["state"] == "finished"


def test_the_history_adds_up_to_every_column_of_the_turn():
    office = an_office()
    walk_in_places(office)
    turn = a_walk_in(office)
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:11"))
    turns.park(officer_id=officer.id, now=at("08:12"))
    turns.take_back(turn.id, officer_id=officer.id, now=at("08:40"))

    rebuilt = rebuild(history("turn", turn.id))
    stored = Turn.objects.get(id=turn.id)

    assert rebuilt["state"] == stored.state == "serving"
    assert rebuilt["counter_id"] == stored.counter_id
    assert rebuilt["place_since"] is not None
    assert "name_sealed" not in rebuilt


def test_a_window_with_one_place_has_room_for_one():
    window = a_window(an_office(), places=1)
    a_booking(window)

    with pytest.raises(NoPlaceLeft):
        a_booking(window)


def test_one_person_holds_one_open_turn_per_service():
    office = an_office()
    a_booking(a_window(office, "09:30"), nik=a_nik(7))

    with pytest.raises(AlreadyHasTurn):
        a_booking(a_window(office, "10:00"), nik=a_nik(7))


def test_the_same_request_twice_makes_one_turn():
    office = an_office()
    window = a_window(office)
    first = a_booking(window)

    again = turns.book(
        somebody(a_nik(1)),
        offer_id=window.id,
        service_id=first.service_id,
        request_key=first.request_key,
        is_priority=False,
        channel="web",
        actor="citizen",
        now=at("07:01"),
    )

    window.refresh_from_db()
    assert again.id == first.id
    assert window.taken == 1


def test_moving_a_turn_frees_the_old_place_and_takes_the_new_one():
    office = an_office()
    early, late = a_window(office, "09:30"), a_window(office, "10:00", places=1)
    turn = a_booking(early)

    moved = turns.reschedule(turn.id, offer_id=late.id, actor="citizen", now=at("07:30"))

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.taken, late.taken) == (0, 1)
    assert moved.window_from == late.starts_at
    with pytest.raises(NoPlaceLeft):
        turns.reschedule(a_booking(early).id, offer_id=late.id, actor="citizen", now=at("07:31"))
    early.refresh_from_db()
    assert early.taken == 1


def test_a_cancelled_turn_gives_its_place_back_and_is_over():
    window = a_window(an_office(), places=1)
    turn = a_booking(window)

    turns.cancel(turn.id, actor="citizen", now=at("07:30"))

    window.refresh_from_db()
    assert window.taken == 0
    with pytest.raises(MoveNotAllowed):
        turns.cancel(turn.id, actor="citizen", now=at("07:31"))


def test_the_door_gives_numbers_while_there_are_places_and_the_doors_are_open():
    office = an_office()
    walk_in_places(office, places=1)

    with pytest.raises(OfficeShut):
        a_walk_in(office, "06:59")
    assert a_walk_in(office, "07:00").number == "A001"
    with pytest.raises(NoWalkInPlaceLeft):
        a_walk_in(office, "07:01")


def test_priority_is_called_first_among_those_who_wait_equally_long():
    office = an_office()
    walk_in_places(office)
    a_walk_in(office, "08:10")
    elder = a_walk_in(office, "08:10", is_priority=True)
    officer, counter_id = at_counter(office)

    called = turns.call_next(counter_id, officer_id=officer.id, now=at("08:30"))

    assert called is not None
    assert called.id == elder.id


def test_an_officer_with_somebody_at_the_counter_is_told_who():
    office = an_office()
    walk_in_places(office)
    first = a_walk_in(office)
    a_walk_in(office)
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:30"))

    with pytest.raises(CounterBusy, match=first.number):
        turns.call_next(counter_id, officer_id=officer.id, now=at("08:31"))


def test_who_fetched_a_paper_is_called_before_those_who_came_later():
    office = an_office()
    walk_in_places(office)
    first = a_walk_in(office, "08:10")
    second = a_walk_in(office, "08:15")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:20"))
    turns.park(officer_id=officer.id, now=at("08:21"))
    turns.rejoin(first.id, office_id=office.id, actor="clerk", now=at("08:22"))

    called = turns.call_next(counter_id, officer_id=officer.id, now=at("08:23"))

    assert called is not None
    assert called.id == first.id != second.id


def test_a_transferred_person_keeps_the_place_and_goes_to_that_counter_only():
    office = an_office()
    walk_in_places(office)
    first = a_walk_in(office, "08:10")
    a_walk_in(office, "08:15")
    one, counter_one = at_counter(office, "1")
    two, counter_two = at_counter(office, "2")
    turns.call_next(counter_one, officer_id=one.id, now=at("08:20"))
    turns.transfer(officer_id=one.id, counter_id=counter_two, now=at("08:25"))

    elsewhere = turns.call_next(counter_one, officer_id=one.id, now=at("08:26"))
    there = turns.call_next(counter_two, officer_id=two.id, now=at("08:27"))

    assert elsewhere is not None
    assert elsewhere.id != first.id
    assert there is not None
    assert there.id == first.id


def test_a_turn_is_worth_nothing_to_another_person():
    office = an_office()
    walk_in_places(office)
    turn = a_booking(a_window(office), nik=a_nik(1))
    turns.check_in(turn.id, actor="kiosk:1", now=at("09:30"))

    with pytest.raises(WrongPerson):
        turns.identify(
            turn.id, somebody(a_nik(2)), actor="officer:1", office_id=office.id, now=at("09:31")
        )


def test_nothing_stays_open_overnight():
    office = an_office()
    walk_in_places(office)
    never_came = a_booking(a_window(office))
    waited = a_walk_in(office)

    assert turns.close_day(office.id, at("16:00").date(), now=at("16:00")) == 2
    assert turns.close_day(office.id, at("16:00").date(), now=at("16:01")) == 0
    assert queries.by_id(never_came.id).state == "no_show"
    assert queries.by_id(waited.id).state == "left"


def test_who_no_open_counter_serves_is_not_announced_as_next():
    """The board once promised a turn to people whose only counter was shut."""
    office = an_office(counters=1)
    a_service("jkk", "C")
    closed = Counter.objects.create(office=office, label="2")
    closed.services.set([a_service("jkk"), a_service("jht")])
    walk_in_places(office)
    accident = a_walk_in(office, "07:30", service="jkk")
    savings = a_walk_in(office, "08:10")
    at_counter(office, "1")

    ranked = queries.order_of_line(office.id, now=at("08:30"))

    assert ranked == [savings.id, accident.id]


def test_nobody_comes_back_to_a_day_that_is_over():
    office = an_office()
    walk_in_places(office)
    missed = a_walk_in(office)
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:20"))
    turns.no_show(officer_id=officer.id, now=at("08:25"))

    with pytest.raises(NotFound):
        turns.rejoin(missed.id, office_id=office.id, actor="clerk", now=at("08:30", TUESDAY))
    back = turns.rejoin(missed.id, office_id=office.id, actor="clerk", now=at("08:30"))

    assert back.state == "waiting"
