"""A running office says from when till when people will be called, and keeps count."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran.capacity.models import Offer
from giliran.core.promise import Calibration, Cell, Forecast
from giliran.core.promise.calibration import Window
from giliran.core.promise.keeping import was_kept
from giliran.encryption import new_code
from giliran.offices.models import Counter
from giliran.turns import actions as turns
from giliran.turns import forecasts, learning, promises
from giliran.turns.actions.promising import BadTravel
from giliran.turns.lines import line_now
from giliran.turns.models import OfficeCalibration, Promise, Turn
from tests.builders import (
    MONDAY,
    a_booking,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    walk_in_places,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
LAST_DAY = MONDAY + timedelta(days=14)
ended = st.tuples(
    st.integers(0, 20),
    st.integers(1, 12),
    st.integers(0, 240),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["here", "here", "home"]),
)


def a_line(people=9, *, counters=1):
    """Return an office with people who came from 08.00 on, one a minute, and its officers."""
    office = an_office()
    walk_in_places(office)
    staff = [at_counter(office, str(n + 1)) for n in range(counters)]
    return office, [a_walk_in(office, f"08:{n:02}") for n in range(people)], staff


def call_and_finish(staff, now, *, minutes=5):
    officer, counter_id = staff
    called = turns.call_next(counter_id, officer_id=officer.id, now=now)
    turns.start(officer_id=officer.id, now=now)
    turns.finish(officer_id=officer.id, now=now + timedelta(minutes=minutes))
    return called


def first_of(turn):
    return Promise.objects.get(turn=turn, stage="here", is_first=True)


def test_whoever_arrives_is_promised_a_window_at_once():
    office, *_ = a_line(4)
    person = a_walk_in(office, "08:10")

    told = turns.promise(person.id, now=at("08:10"))

    assert told is not None
    assert told.is_first
    assert at("08:10") <= told.begins < told.ends <= at("11:00")
    assert told.begins.minute % 5 == told.ends.minute % 5 == 0
    assert promises.promise_of(person.id) == told
    assert turns.promise(person.id, now=at("08:11")) == told


def test_the_whole_line_is_promised_windows_in_the_order_of_calling():
    office, people, _ = a_line()

    assert turns.keep_promises(office.id, now=at("08:10")) == len(people)
    assert turns.keep_promises(office.id, now=at("08:10")) == 0

    found = promises.promises_of(office.id, now=at("08:10"))
    told = [found[person.id] for person in people]
    assert [one.ends for one in told] == sorted(one.ends for one in told)


def test_a_promise_is_kept_by_a_call_within_its_window():
    office, people, [desk] = a_line(3)
    turns.keep_promises(office.id, now=at("08:10"))
    promised = first_of(people[0])

    call_and_finish(desk, promised.ends)
    turns.keep_promises(office.id, now=promised.ends + timedelta(minutes=1))

    promised.refresh_from_db()
    assert (promised.called_at, promised.kept) == (promised.ends, True)
    [week] = promises.kept([office.id], since=MONDAY, until=TUESDAY)
    assert (week.monday, week.promises, week.kept) == (MONDAY, 1, 1)


def test_a_late_call_breaks_the_first_promise_whatever_was_told_later():
    office, people, [desk] = a_line(1)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.keep_promises(office.id, now=at("09:30"))
    later = promises.promise_of(people[0].id)
    assert not later.is_first
    assert later.ends > at("09:30")

    call_and_finish(desk, at("09:31"))
    turns.keep_promises(office.id, now=at("09:32"))

    assert later.begins <= at("09:31") <= later.ends
    [week] = promises.kept([office.id], since=MONDAY, until=TUESDAY)
    assert (week.promises, week.kept, week.called_early) == (1, 0, 0)


def test_a_call_before_the_window_is_a_broken_promise_too():
    office, people, staff = a_line(12, counters=1)
    turns.keep_promises(office.id, now=at("08:12"))
    last = first_of(people[-1])
    for n in range(12):
        call_and_finish(staff[0], at("08:13") + timedelta(seconds=n), minutes=0)
    assert last.begins > at("08:14")

    turns.keep_promises(office.id, now=at("08:14"))

    last.refresh_from_db()
    assert last.kept is False
    [week] = promises.kept([office.id], since=MONDAY, until=TUESDAY)
    assert week.called_early >= 1


def test_whoever_goes_before_the_window_is_over_counts_nowhere():
    office, people, _ = a_line(3)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.leave(people[2].id, actor="citizen", now=at("08:11"))
    turns.keep_promises(office.id, now=at("08:12"))

    gone = first_of(people[2])
    assert gone.kept is None
    assert gone.settled_at is not None
    assert promises.kept([office.id], since=MONDAY, until=TUESDAY) == []


def test_whoever_gives_up_after_the_window_was_let_down():
    office, people, _ = a_line(1)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.leave(people[0].id, actor="citizen", now=at("10:00"))
    turns.keep_promises(office.id, now=at("10:01"))

    assert first_of(people[0]).kept is False


def test_whoever_is_sent_home_at_the_end_of_the_day_was_let_down():
    office, people, [(officer, _)] = a_line(2)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.leave_counter(officer_id=officer.id, now=at("08:11"))
    turns.close_day(office.id, MONDAY, now=at("15:30"))
    turns.keep_promises(office.id, now=at("15:31"))

    assert [first_of(person).kept for person in people] == [False, False]
    assert office.id not in promises.offices_with_promises()


def test_a_call_that_nobody_answers_keeps_the_promise():
    office, people, [(officer, counter_id)] = a_line(1)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:12"))
    turns.no_show(officer_id=officer.id, now=at("08:15"))
    turns.keep_promises(office.id, now=at("08:16"))

    assert first_of(people[0]).kept is True


def test_whoever_comes_back_is_promised_anew_and_counts_once():
    office, people, [(officer, counter_id)] = a_line(3)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:12"))
    turns.park(officer_id=officer.id, now=at("08:13"))
    assert promises.promise_of(people[0].id) is None

    turns.rejoin(people[0].id, office_id=office.id, actor="clerk", now=at("08:30"))
    assert promises.promise_of(people[0].id) is None
    turns.keep_promises(office.id, now=at("08:31"))

    again = promises.promise_of(people[0].id)
    assert again is not None
    assert not again.is_first
    assert again.made_at == at("08:31")
    assert Promise.objects.filter(turn=people[0], is_first=True).count() == 1


def test_a_window_that_hardly_moves_is_not_told_again():
    office, people, _ = a_line(5)
    turns.keep_promises(office.id, now=at("08:10"))
    turns.keep_promises(office.id, now=at("08:11"))

    assert Promise.objects.filter(turn__in=people).count() == 5


def test_a_counter_that_closes_moves_the_windows_of_all():
    office, people, staff = a_line(10, counters=2)
    turns.keep_promises(office.id, now=at("08:10"))
    before = promises.promises_of(office.id, now=at("08:10"))
    turns.leave_counter(officer_id=staff[1][0].id, now=at("08:11"))

    assert turns.keep_promises(office.id, now=at("08:12")) > 0

    after = promises.promises_of(office.id, now=at("08:12"))
    last = people[-1].id
    assert not after[last].is_first
    assert after[last].ends > before[last].ends + timedelta(minutes=10)
    assert after[last].ends - after[last].begins > before[last].ends - before[last].begins


def test_nobody_is_promised_what_no_counter_will_do():
    office = an_office()
    walk_in_places(office)
    a_service("jkk", "C")
    only_there = Counter.objects.create(office=office, label="3")
    only_there.services.set([a_service("jkk")])
    at_counter(office, "1")
    savings, accident = a_walk_in(office), a_walk_in(office, service="jkk")

    turns.keep_promises(office.id, now=at("08:12"))

    assert promises.promise_of(savings.id) is not None
    assert turns.promise(accident.id, now=at("08:12")) is None
    for now in ("08:12", "08:20"):
        assert (
            promises.newcomer(
                office, service_id=a_service("jkk").id, is_priority=False, now=at(now)
            )
            is None
        )


def test_nobody_is_promised_a_time_before_anybody_is_known_to_work():
    """A new office knows no yesterday; as soon as officers sit down, everybody is promised."""
    office = an_office()
    walk_in_places(office)
    early = a_walk_in(office, "07:10")

    assert turns.promise(early.id, now=at("07:10")) is None
    at_counter(office, clock="08:00")
    turns.keep_promises(office.id, now=at("08:01"))

    assert promises.promise_of(early.id) is not None


def test_whoever_comes_at_dawn_is_promised_by_who_worked_yesterday():
    office, people, staff = a_line(3, counters=2)
    call_and_finish(staff[0], at("08:05"))
    turns.close_day(office.id, MONDAY, now=at("15:30"))
    for officer, _ in staff:
        turns.leave_counter(officer_id=officer.id, now=at("15:00"))
    walk_in_places(office, day=TUESDAY)
    early = turns.take_number(
        office_id=office.id,
        service_id=people[0].service_id,
        request_key=uuid4(),
        is_priority=False,
        channel="kiosk",
        actor="kiosk:1",
        now=at("07:10", TUESDAY),
    )

    told = turns.promise(early.id, now=at("07:10", TUESDAY))

    assert told is not None
    assert told.begins >= at("08:00", TUESDAY)
    assert turns.promise(early.id, now=at("07:11", TUESDAY)) == told


def test_nobody_is_promised_anything_on_a_shut_day_or_after_closing():
    office, people, _ = a_line(1)

    assert turns.promise(people[0].id, now=at("15:00")) is None
    assert turns.keep_promises(office.id, now=at("15:00")) == 0


def test_windows_skip_the_break_of_the_office():
    friday = MONDAY + timedelta(days=4)
    office = an_office()
    walk_in_places(office, day=friday)
    at_counter(office)
    person = turns.take_number(
        office_id=office.id,
        service_id=a_service().id,
        request_key=uuid4(),
        is_priority=False,
        channel="kiosk",
        actor="kiosk:1",
        now=at("11:40", friday),
    )

    told = turns.promise(person.id, now=at("11:40", friday))

    assert told.begins >= at("13:00", friday)


@pytest.mark.parametrize(
    ("high", "ends"),
    [(18, "11:20"), (30, "11:30"), (31, "11:30"), (120, "11:30"), (121, "13:05"), (243, "15:05")],
)
def test_no_window_ends_in_the_break_of_the_office(monkeypatch, high, ends):
    """A kiosk said "dipanggil antara 11.15 dan 12.50" where nobody is called from 12.00 on."""
    friday = MONDAY + timedelta(days=4)
    office = an_office()
    at_counter(office)
    now = at("11:00", friday)
    monkeypatch.setattr(Calibration, "window", lambda *_: Window(2, high))
    found = Forecast(low=2, middle=10, high=high)

    told = forecasts.to_tell(
        line_now(office, now=now), Calibration(), found, group="standard", now=now
    )

    assert (told.begins, told.ends) == (at("11:00", friday), at(ends, friday))


def test_calls_teach_the_calibration_once_each_and_in_order():
    office, people, [desk] = a_line(6)
    turns.keep_promises(office.id, now=at("08:10"))
    for n in range(3):
        call_and_finish(desk, at("08:10") + timedelta(minutes=9 * (n + 1)), minutes=8)
    turns.keep_promises(office.id, now=at("08:40"))
    turns.keep_promises(office.id, now=at("08:41"))

    stored = OfficeCalibration.objects.get(office=office)
    learned = Calibration.from_json(stored.data)
    expected = Calibration()
    for person in people[:3]:
        promised = first_of(person)
        expected.observe(
            Cell(str(office.id), promised.hour, promised.group),
            Forecast(promised.low, promised.middle, promised.high),
            (promised.called_at - promised.made_at) / timedelta(minutes=1),
            given=(forecasts.Window(promised.from_minutes, promised.till_minutes)),
        )
    assert learned.to_json() == expected.to_json()
    assert stored.updated_at == at("08:40")


def test_a_new_office_begins_with_the_errors_of_its_region():
    seasoned, _, [desk] = a_line(3)
    turns.keep_promises(seasoned.id, now=at("08:10"))
    call_and_finish(desk, at("09:40"))
    turns.keep_promises(seasoned.id, now=at("09:50"))
    beginner = an_office("cilegon")
    raw = Forecast(20.0, 30.0, 40.0)

    cell = Cell(str(beginner.id), 9, "standard")
    began = forecasts.calibration(beginner).window(cell, raw)

    assert began.ends > Calibration().window(cell, raw).ends


def test_of_two_workers_at_once_one_records_the_first_promise():
    office, people, _ = a_line(1)
    turns.keep_promises(office.id, now=at("08:10"))
    first = first_of(people[0])

    Promise.objects.bulk_create([_copy(first)], ignore_conflicts=True)

    assert Promise.objects.filter(turn=people[0]).count() == 1
    with pytest.raises(IntegrityError, match="one_first_promise"):
        _copy(first).save()


def _copy(promised):
    again = Promise.objects.get(id=promised.id)
    again.pk, again._state.adding = None, True
    return again


def test_somebody_at_home_is_told_when_to_come_and_when_to_leave():
    office = an_office()
    walk_in_places(office)
    at_counter(office)
    turn = a_booking(a_window(office, "09:30"))
    turns.note_travel(turn.id, 40, now=at("07:05"))
    assert promises.leave_by(turn.id, now=at("07:05")) == at("08:50")

    turns.keep_promises(office.id, now=at("08:10"))

    told = promises.promise_of(turn.id)
    assert told is not None
    assert at("09:30") <= told.come_at <= at("10:00")
    assert promises.leave_by(turn.id, now=at("08:10")) == told.come_at - timedelta(minutes=40)
    turns.check_in(turn.id, actor="kiosk:1", now=at("09:25"))
    assert promises.leave_by(turn.id, now=at("09:25")) is None
    assert promises.promise_of(turn.id) is None
    assert turns.promise(turn.id, now=at("09:25")).is_first


def test_what_was_told_at_home_is_void_once_the_turn_is_moved_to_another_day():
    office = an_office()
    walk_in_places(office)
    at_counter(office)
    turn = a_booking(a_window(office, "09:30"))
    turns.keep_promises(office.id, now=at("08:10"))
    tomorrow = a_window(office, "10:00")
    type(tomorrow).objects.filter(id=tomorrow.id).update(
        day=TUESDAY, starts_at=at("10:00", TUESDAY), ends_at=at("10:30", TUESDAY)
    )
    turns.reschedule(turn.id, offer_id=tomorrow.id, actor="citizen", now=at("08:15"))

    assert promises.promise_of(turn.id) is None
    turns.keep_promises(office.id, now=at("08:16"))
    old = Promise.objects.get(turn=turn)
    assert (old.kept, old.settled_at) == (None, at("08:16"))


@pytest.mark.parametrize("minutes", [-1, 601, 10_000])
def test_a_way_of_more_than_ten_hours_is_refused(minutes):
    turn = a_booking(a_window(an_office()))

    with pytest.raises(BadTravel) as refusal:
        turns.note_travel(turn.id, minutes, now=at("07:05"))

    assert refusal.value.field == "travel_minutes"
    assert promises.travel_minutes(turn.id) is None


def test_a_way_can_be_changed_and_forgotten():
    turn = a_booking(a_window(an_office()))
    for minutes in (0, 600, 45):
        turns.note_travel(turn.id, minutes, now=at("07:05"))
        assert promises.travel_minutes(turn.id) == minutes
    turns.note_travel(turn.id, None, now=at("07:06"))

    assert promises.travel_minutes(turn.id) is None
    assert promises.leave_by(turn.id, now=at("07:06")) is None


def test_a_newcomer_hears_the_stored_forecast_for_a_minute_and_then_a_fresh_one():
    office, people, _ = a_line(6)
    asked = {"service_id": people[0].service_id, "is_priority": False}
    turns.keep_promises(office.id, now=at("08:10"))

    stored = promises.newcomer(office, **asked, now=at("08:11"))
    fresh = promises.newcomer(office, **asked, now=at("08:30"))

    assert stored.made_at == at("08:10")
    assert fresh.made_at == at("08:30")
    assert stored.ends >= promises.promise_of(people[-1].id).ends
    assert not Promise.objects.exclude(turn__in=people).exists()


def test_the_board_says_how_long_a_newcomer_waits():
    office, people, _ = a_line(6)
    assert promises.line_estimate(office, now=at("08:10")) is None
    turns.keep_promises(office.id, now=at("08:10"))

    low, high = promises.line_estimate(office, now=at("08:12"))

    told = promises.newcomer(
        office, service_id=people[0].service_id, is_priority=False, now=at("08:10")
    )
    assert at("08:12") + timedelta(minutes=low) == told.begins
    assert at("08:12") + timedelta(minutes=high) == told.ends
    assert promises.line_estimate(office, now=at("08:16")) is None


def test_a_day_ahead_somebody_knows_by_when_they_are_out():
    office = an_office()
    window = a_window(office, "09:30")
    turn = a_booking(window, now=at("07:00", MONDAY - timedelta(days=3)))
    before = at("07:00", MONDAY - timedelta(days=3))

    ahead = promises.day_ahead(turn, now=before)

    assert ahead.called_from == at("09:30")
    assert at("09:30") < ahead.called_till < ahead.out_by <= at("11:30")
    assert promises.day_ahead(window, service_id=turn.service_id, now=before) == ahead
    assert promises.day_ahead(window, now=before) is not None
    assert promises.day_ahead(turn, now=at("07:00")) == ahead  # still true on the day itself
    assert promises.day_ahead(turn, now=at("07:30")) is None  # now the line itself says more
    turns.cancel(turn.id, actor="citizen", now=before)
    turn.refresh_from_db()
    assert promises.day_ahead(turn, now=before) is None


def test_nobody_is_promised_a_call_before_their_window_ends(monkeypatch):
    """A page said "Datang antara 08.00 dan 08.30" and "dipanggil paling lambat 08.25"."""
    office = an_office()
    turn = a_booking(a_window(office, "09:30"), now=at("07:00", MONDAY - timedelta(days=3)))
    monkeypatch.setattr(learning.Learned, "out_after", lambda *_, **__: (21.0, 41.0))

    ahead = promises.day_ahead(turn, now=at("07:00", MONDAY - timedelta(days=3)))

    assert ahead == (at("09:30"), at("10:00"), at("10:20"))


def test_long_services_of_the_last_days_make_windows_longer():
    office, people, [desk] = a_line(9)
    for n in range(9):
        call_and_finish(desk, at("08:30") + timedelta(minutes=40 * n), minutes=39)
    walk_in_places(office, day=TUESDAY)
    service = people[0].service_id

    learned = learning.learned(office, now=at("08:00", TUESDAY))

    # Nine of its own stand against twenty usual ones of 12 minutes.
    assert learned.times()[service].mean == pytest.approx((9 * 40 + 20 * 12) / 29, abs=1.0)
    assert learning.learned(office, now=at("12:00", TUESDAY)) == learned
    assert learned.counters == (desk[1],)


def test_whom_to_call_to_save_a_promise_is_shown_at_the_desk():
    office, people, _ = a_line(2)
    turns.keep_promises(office.id, now=at("08:03"))
    rushed = people[1]
    Promise.objects.filter(turn=rushed, is_first=True).update(ends=at("08:20"))
    Promise.objects.filter(turn=people[0], is_first=True).update(ends=at("10:00"))

    turns.keep_promises(office.id, now=at("08:15"))

    [advice] = promises.rescues(office.id, now=at("08:16"))
    assert advice.turn == rushed
    assert advice.odds_after > advice.odds_before
    assert advice.saved > 0.1
    assert promises.rescues(office.id, now=at("08:18")) == []
    turns.leave(rushed.id, actor="citizen", now=at("08:16"))
    assert promises.rescues(office.id, now=at("08:16")) == []


def test_whom_to_call_is_not_shown_any_more_once_somebody_was_called():
    office, people, [desk] = a_line(3)
    turns.keep_promises(office.id, now=at("08:03"))
    Promise.objects.filter(is_first=True).update(ends=at("10:00"))
    Promise.objects.filter(turn=people[2], is_first=True).update(ends=at("08:25"))
    turns.keep_promises(office.id, now=at("08:15"))
    assert [one.turn for one in promises.rescues(office.id, now=at("08:16"))] == [people[2]]

    called = turns.call_next(desk[1], officer_id=desk[0].id, now=at("08:16"))

    assert called != people[2]
    assert promises.rescues(office.id, now=at("08:16")) == []


def test_whoever_comes_goes_or_is_called_makes_the_worker_look_again_once():
    def asked():
        return list(
            ProcrastinateJob.objects.filter(
                task_name="turns.keep_promises", status="todo"
            ).values_list("args", flat=True)
        )

    office = an_office()
    walk_in_places(office)
    turn = a_booking(a_window(office, "08:00"))
    officer, counter_id = at_counter(office)
    steps = (
        lambda: a_walk_in(office),
        lambda: turns.check_in(turn.id, actor="kiosk:1", now=at("08:11")),
        lambda: turns.call_next(counter_id, officer_id=officer.id, now=at("08:12")),
        lambda: turns.leave(Turn.objects.get(state="waiting").id, actor="clerk", now=at("08:13")),
    )
    for step in steps:
        ProcrastinateJob.objects.filter(task_name="turns.keep_promises").update(status="doing")
        step()
        assert asked() == [{"office_id": office.id}]
        a_walk_in(office)
        assert asked() == [{"office_id": office.id}]
        turns.leave(Turn.objects.latest("id").id, actor="clerk", now=at("08:14"))


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.tuples(st.integers(0, 20), st.lists(ended, max_size=8)), max_size=6))
def test_the_shares_kept_are_those_that_anybody_can_count_again(days):
    """Random days of two offices, counted again one by one."""
    with transaction.atomic():
        offices_ = [an_office("satu"), an_office("dua")]
        told = [
            _a_settled_promise(offices_[n % 2], MONDAY + timedelta(days=after), one)
            for after, people in days
            for n, one in enumerate(people)
        ]
        found = promises.kept([one.id for one in offices_], since=MONDAY, until=LAST_DAY)
        only_one = promises.kept([offices_[1].id], since=MONDAY, until=LAST_DAY)
        transaction.set_rollback(True)

    counted = {}
    for promised, day in told:
        if promised.kept is None or not MONDAY <= day < LAST_DAY:
            continue
        monday = day - timedelta(days=day.weekday())
        counted.setdefault((promised.office_id, monday), []).append(promised)
    assert {(week.office_id, week.monday) for week in found} == set(counted)
    for week in found:
        those = counted[week.office_id, week.monday]
        assert week.promises == len(those)
        assert week.kept == sum(one.kept for one in those)
        assert week.called_early == sum(
            not one.kept and one.called_at is not None and one.called_at < one.begins
            for one in those
        )
        lengths = [(one.ends - one.begins).total_seconds() / 60 for one in those]
        assert week.minutes_wide == pytest.approx(sum(lengths) / len(lengths))
    assert only_one == [week for week in found if week.office_id == offices_[1].id]


def _a_settled_promise(office, day, how):
    begins_after, length, called_after, is_gone, is_first, stage = how
    made = at("09:00", day)
    begins = made + timedelta(minutes=5 * begins_after)
    ends = begins + timedelta(minutes=5 * length)
    called = None if is_gone else made + timedelta(minutes=called_after)
    turn = Turn.objects.create(
        code=new_code(),
        request_key=uuid4(),
        office=office,
        service=a_service(),
        offer=Offer.objects.get_or_create(
            office=office,
            kind="walk_in",
            day=day,
            defaults={"starts_at": made, "ends_at": ends, "places": 50},
        )[0],
        kind="walk_in",
        channel="kiosk",
        day=day,
        number=new_code()[:6],
        state="finished",
        asked_at=made,
        arrived_at=made,
        move="take_number",
        moved_at=made,
        moved_by="kiosk:1",
    )
    promised = Promise.objects.create(
        turn=turn,
        office=office,
        stage=stage,
        made_at=made,
        begins=begins,
        ends=ends,
        is_first=is_first,
        hour=9,
        group="standard",
        low=1,
        middle=2,
        high=3,
        from_minutes=1,
        till_minutes=3,
        called_at=called,
        kept=was_kept(begins, ends, called_at=called, gone_at=ends if is_gone else None),
        settled_at=ends,
    )
    if not is_first or stage == "home":
        promised.kept = None  # they count nowhere, whatever stands in the row
    return promised, day
