"""An officer calls one certain person out of the order, and the journal says why."""

import pytest

from giliran.core.refusal import NotFound
from giliran.core.turn import MoveNotAllowed
from giliran.journal.models import Event
from giliran.offices.models import Counter
from giliran.turns import actions as turns
from giliran.turns import forecasts, promises, queries
from giliran.turns.actions.calling_by_name import NotForThisCounter, Reason, call_person
from giliran.turns.forecasts import Stored, StoredRescue
from giliran.turns.refusals import CounterBusy, CounterNotOpen
from tests.builders import a_service, a_walk_in, an_office, at, at_counter, walk_in_places

pytestmark = pytest.mark.django_db


def a_line(people: int = 3, slug: str = "serang"):
    """Return (line, officer, counter_id) of an office with one open counter."""
    office = an_office(slug)
    walk_in_places(office)
    officer, counter_id = at_counter(office)
    return [a_walk_in(office, f"08:1{n}") for n in range(people)], officer, counter_id


def call(turn, officer, counter_id, **told):
    return call_person(
        counter_id,
        turn.id,
        officer_id=officer.id,
        reason=Reason.PROMISES,
        now=at("08:40"),
        **told,
    )


def test_somebody_further_back_is_called_and_the_reason_is_kept():
    line, officer, counter_id = a_line()

    called = call(line[2], officer, counter_id, saved=2.5, harmed=["A001"])

    assert (called.number, called.state, called.counter_id) == ("A003", "called", counter_id)
    event = Event.objects.get(kind="counter.call_by_name")
    assert event.actor == f"officer:{officer.id}"
    assert event.data == {
        "turn": line[2].id,
        "number": "A003",
        "reason": "promises",
        "saved": 2.5,
        "harmed": ["A001"],
    }
    assert [wrong for _, wrong in queries.differences_from_history() if wrong] == []


def test_the_others_keep_their_order():
    line, officer, counter_id = a_line()

    call(line[2], officer, counter_id)

    order = queries.order_of_line(line[0].office_id, now=at("08:41"))
    assert order == [line[0].id, line[1].id]


def test_what_else_was_suggested_is_forgotten_for_it_did_not_know_of_this_call():
    line, officer, counter_id = a_line()
    office_id = line[0].office_id
    rescues = tuple(StoredRescue(turn.id, 2.0, 0.3, 0.9, ()) for turn in line[1:])
    forecasts.store(
        office_id, Stored(at("08:39"), (), None, rescues=rescues, rescued_at=at("08:39"))
    )
    assert len(promises.rescues(office_id, now=at("08:40"))) == 2

    call(line[2], officer, counter_id)

    assert promises.rescues(office_id, now=at("08:40")) == []


def test_nobody_is_called_to_a_counter_that_is_not_open_or_not_free():
    line, officer, counter_id = a_line()
    with pytest.raises(CounterNotOpen):
        call(line[1], officer, counter_id + 1)
    call(line[1], officer, counter_id)

    with pytest.raises(CounterBusy) as refused:
        call(line[2], officer, counter_id)

    assert refused.value.params["number"] == "A002"
    assert Event.objects.filter(kind="counter.call_by_name").count() == 1


def test_who_was_called_or_went_home_meanwhile_is_not_called():
    line, officer, counter_id = a_line()
    turns.leave(line[1].id, actor="citizen", now=at("08:30"))

    with pytest.raises(MoveNotAllowed):
        call(line[1], officer, counter_id)

    assert not Event.objects.filter(kind="counter.call_by_name").exists()


def test_an_officer_calls_nobody_of_another_office():
    _, officer, counter_id = a_line()
    others, _, _ = a_line(slug="cilegon")

    with pytest.raises(NotFound):
        call(others[0], officer, counter_id)


def test_a_counter_calls_only_whom_it_serves():
    line, officer, counter_id = a_line()
    Counter.objects.get(id=counter_id).services.set([a_service("jkm")])

    with pytest.raises(NotForThisCounter, match="A002"):
        call(line[1], officer, counter_id)


def test_who_was_sent_to_another_counter_is_not_called_here():
    line, officer, counter_id = a_line()
    colleague, other_id = at_counter(line[0].office, "2")
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:20"))
    turns.transfer(officer_id=officer.id, counter_id=other_id, now=at("08:21"))

    with pytest.raises(NotForThisCounter):
        call(line[0], officer, counter_id)
    assert call(line[0], colleague, other_id).state == "called"
