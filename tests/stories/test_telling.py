"""What people are told of their turn: once, in time, true when it is sent, and only who asked."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from giliran import clock
from giliran.capacity.models import Offer
from giliran.jobs import sending, tasks
from giliran.messages import actions as messages
from giliran.messages import ports
from giliran.messages.models import Message
from giliran.messages.refusals import NotConfirmed
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.actions import reminding, telling
from giliran.turns.actions.promising import note_travel
from giliran.turns.models import Application, Round
from giliran.turns.refusals import NothingToConfirm
from giliran.turns.wordings import word
from giliran.turns.wordings.spoken import day as spoken_day
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
    a_walk_in,
    a_window,
    an_application,
    an_office,
    at,
    at_counter,
    draw_now,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
SUNDAY = MONDAY - timedelta(days=1)
TUESDAY = MONDAY + timedelta(days=1)


class Recorder:
    """A provider that takes everything and remembers it."""

    def __init__(self):
        self.sent = []

    def send(self, outgoing):
        self.sent.append(outgoing)
        return ports.Sent(f"id-{len(self.sent)}")


@pytest.fixture
def provider(monkeypatch):
    recorder = Recorder()
    for channel in ("sms", "whatsapp", "email"):
        monkeypatch.setitem(ports.PORTS, channel, lambda: recorder)
    return recorder


def subscribed(subject, *, channel="sms", address="081234567890", now=None, **fields):
    """Let somebody be told of a turn or an application; returns the contact's id."""
    now = now or at("07:00", SUNDAY)
    contact_id = messages.heard_from(channel, address, now=now, **fields)
    kind = "application" if isinstance(subject, Application) else "turn"
    messages.subscribe(contact_id, subject=kind, subject_id=subject.id, now=now)
    return contact_id


def told(kind=None):
    """Return the kinds of all messages that were made, or the words of those of one kind."""
    if kind is None:
        return list(Message.objects.order_by("id").values_list("kind", flat=True))
    made = Message.objects.filter(kind=kind).order_by("id")
    return [said.text if (said := word(one.id, "id")) else None for one in made]


def send_due(now):
    while messages.send_next(word=word, now=now):
        pass


def in_the_line(office, *, people=2):
    walk_in_places(office)
    return [a_walk_in(office, f"08:{10 + n:02d}") for n in range(people)]


def test_nobody_is_told_who_did_not_subscribe():
    office = an_office()
    turn = a_booking(a_window(office))
    turns.reschedule(turn.id, offer_id=a_window(office, "10:00").id, actor="x", now=at("07:10"))
    reminding.due_reminders(now=at("16:30", SUNDAY))
    reminding.due_reminders(now=at("08:30"))
    turns.cancel(turn.id, actor="citizen", now=at("08:40"))
    assert told() == []


def test_a_change_that_is_undone_tells_nobody():
    office = an_office()
    turn = a_booking(a_window(office))
    subscribed(turn)
    with suppress(RuntimeError), transaction.atomic():
        turns.cancel(turn.id, actor="officer:1", now=at("07:10"))
        assert told() == ["turn.cancelled"]
        raise RuntimeError
    assert told() == []


def test_a_move_is_told_and_what_was_told_of_the_old_window_dies():
    office = an_office()
    turn = a_booking(a_window(office))
    subscribed(turn)
    telling.turn_booked(turn, now=at("07:00"))
    other = an_office("cilegon")
    turns.reschedule(
        turn.id, offer_id=a_window(other, "10:00").id, actor="officer:1", now=at("07:10")
    )
    assert told("turn.booked") == [None]
    (said,) = told("turn.moved")
    assert "23 November 2026 pukul 10.00-10.30 WIB di Cilegon" in said


def test_each_move_is_told_once_also_one_back_to_the_first_window():
    office = an_office()
    first, second = a_window(office), a_window(office, "10:00")
    turn = a_booking(first)
    subscribed(turn)
    turns.reschedule(turn.id, offer_id=second.id, actor="officer:1", now=at("07:10"))
    turns.reschedule(turn.id, offer_id=first.id, actor="officer:1", now=at("07:20"))
    away, back = told("turn.moved")
    assert away is None
    assert "09.30-10.00" in back


def test_the_day_before_asks_once_at_a_sensible_hour_of_the_offices_clock():
    east = an_office("jayapura", time_zone="Asia/Jayapura")
    turn = a_booking(a_window(east), now=at("07:00", SUNDAY))
    subscribed(turn, now=at("07:00", SUNDAY))
    papua = ZoneInfo("Asia/Jayapura")
    reminding.due_reminders(now=at("15:59", SUNDAY, papua))
    assert told() == []
    reminding.due_reminders(now=at("16:00", SUNDAY, papua))
    reminding.due_reminders(now=at("16:01", SUNDAY, papua))
    reminding.due_reminders(now=at("19:30", SUNDAY, papua))
    (said,) = told("turn.tomorrow")
    assert said.startswith("Besok, Senin, 23 November 2026 pukul 09.30-10.00 WIT")
    assert "KTP asli" in said
    message = Message.objects.get()
    assert message.due_at == at("16:00", SUNDAY, papua)
    assert [one for one, _ in word(message.id, "id").choices] == [
        f"ya:{turn.code[-4:]}",
        f"batal:{turn.code[-4:]}",
    ]


def test_the_clockworks_minute_makes_the_reminder_and_the_outbox_sends_it(provider, monkeypatch):
    turn = a_booking(a_window(an_office()), now=at("07:00", SUNDAY))
    subscribed(turn)
    monkeypatch.setattr(clock, "now", lambda: at("16:00", SUNDAY))
    tasks.telling.due_reminders(timestamp=0)
    sending.send()
    (sent,) = provider.sent
    assert sent.wording.template == "giliran_besok"
    assert sent.address == "+6281234567890"


def test_who_booked_in_the_evening_is_not_asked_at_night_but_in_the_morning():
    turn = a_booking(a_window(an_office()), now=at("20:30", SUNDAY))
    subscribed(turn, now=at("20:30", SUNDAY))
    reminding.due_reminders(now=at("20:31", SUNDAY))
    assert told() == []
    reminding.due_reminders(now=at("07:30"))
    assert told() == ["turn.today"]


def test_a_reminder_that_was_made_dies_when_the_turn_moves(provider):
    office = an_office()
    turn = a_booking(a_window(office), now=at("07:00", SUNDAY))
    subscribed(turn)
    reminding.due_reminders(now=at("16:00", SUNDAY))
    tuesday = Offer.objects.create(
        office=office,
        kind="window",
        day=TUESDAY,
        starts_at=at("09:00", TUESDAY),
        ends_at=at("09:30", TUESDAY),
        places=3,
    )
    turns.reschedule(turn.id, offer_id=tuesday.id, actor="citizen", now=at("16:00", SUNDAY))
    send_due(at("16:01", SUNDAY))
    assert [one.wording.template for one in provider.sent] == ["giliran_pindah"]
    assert Message.objects.get(kind="turn.tomorrow").state == "stale"


def test_who_said_yes_is_not_asked_again_and_who_said_nothing_is():
    office = an_office()
    window = a_window(office)
    certain, silent = (a_booking(window, now=at("07:00", SUNDAY)) for _ in range(2))
    for number, turn in enumerate((certain, silent)):
        subscribed(turn, address=f"08123456789{number}")
    reminding.due_reminders(now=at("16:00", SUNDAY))
    turns.will_come(certain.id, actor="citizen", now=at("16:05", SUNDAY))
    turns.will_come(certain.id, actor="citizen", now=at("16:06", SUNDAY))
    reminding.due_reminders(now=at("07:30"))
    asked = Message.objects.filter(kind="turn.today")
    assert [one.subject_id for one in asked] == [silent.id]


def test_a_yes_holds_for_the_window_that_was_meant():
    office = an_office()
    turn = a_booking(a_window(office), now=at("07:00", SUNDAY))
    subscribed(turn)
    turns.will_come(turn.id, actor="citizen", now=at("16:05", SUNDAY))
    later = a_window(office, "13:00")
    turns.reschedule(turn.id, offer_id=later.id, actor="citizen", now=at("16:10", SUNDAY))
    reminding.due_reminders(now=at("11:30"))
    assert told() == ["turn.moved", "turn.today"]


def test_a_no_frees_the_place_the_evening_before():
    office = an_office()
    window = a_window(office, places=1)
    turn = a_booking(window, now=at("07:00", SUNDAY))
    turns.cancel(turn.id, actor="citizen", now=at("16:05", SUNDAY))
    window.refresh_from_db()
    assert window.taken == 0
    with pytest.raises(NothingToConfirm):
        turns.will_come(turn.id, actor="citizen", now=at("16:06", SUNDAY))


def test_a_promise_is_told_when_it_moved_by_more_than_ten_minutes_since_it_was_last_told():
    turn = a_booking(a_window(an_office(), "09:30"))
    subscribed(turn)

    def moved(come, now):
        arrives = at(come)
        telling.promise_moved(
            turn.id,
            begins=arrives + timedelta(minutes=10),
            ends=arrives + timedelta(minutes=30),
            come_at=arrives,
            now=at(now),
        )
        send_due(at(now))

    moved("09:40", "08:00")
    assert told() == []
    moved("09:50", "08:05")  # in two steps of ten, twenty since it was told
    assert "mundur 20 menit" in told("turn.promise")[-1]
    moved("09:45", "08:10")
    moved("09:41", "08:11")
    assert len(told("turn.promise")) == 1
    moved("09:30", "08:15")
    assert "maju 20 menit" in told("turn.promise")[-1]


def test_a_turn_that_comes_earlier_says_when_to_come(provider):
    turn = a_booking(a_window(an_office(), "09:30"))
    subscribed(turn)
    telling.promise_moved(
        turn.id, begins=at("09:15"), ends=at("09:40"), come_at=at("09:10"), now=at("08:00")
    )
    send_due(at("08:00"))
    (sent,) = provider.sent
    assert sent.wording.text.startswith(f"Giliran {turn.code[-4:]} maju 20 menit: datanglah pukul")
    assert "09.10 WIB" in sent.wording.short


def test_an_unsent_promise_makes_way_for_the_newer_one(provider):
    office = an_office()
    (turn,) = in_the_line(office, people=1)
    subscribed(turn)
    for begins in ("09:00", "09:20", "09:40"):
        telling.promise_moved(
            turn.id,
            begins=at(begins),
            ends=at(begins) + timedelta(minutes=20),
            come_at=None,
            now=at("08:20"),
        )
    send_due(at("08:21"))
    (sent,) = provider.sent
    assert "09.40-10.00 WIB" in sent.wording.text


def test_who_said_how_far_they_live_is_told_when_to_leave():
    turn = a_booking(a_window(an_office(), "09:30"))
    subscribed(turn)
    note_travel(turn.id, 60, now=at("07:00"))
    reminding.due_reminders(now=at("07:31"))
    assert "turn.leave" not in told()
    for minute in ("08:15", "08:16", "08:17"):
        reminding.due_reminders(now=at(minute))
    (said,) = told("turn.leave")
    assert "berangkatlah pukul 08.30 WIB" in said


def test_who_waits_outside_is_called_back_in_when_three_are_before_them():
    office = an_office()
    people = in_the_line(office, people=6)
    subscribed(people[4])
    _, counter_id = officer = at_counter(office)
    reminding.due_reminders(now=at("08:30"))
    assert told() == []
    turns.call_next(counter_id, officer_id=officer[0].id, now=at("08:31"))
    reminding.due_reminders(now=at("08:32"))
    reminding.due_reminders(now=at("08:33"))
    assert told("turn.soon") == [
        f"Nomor {people[4].number}: 3 orang lagi. Silakan kembali ke ruang tunggu Serang sekarang."
    ]


def test_who_cancels_in_a_conversation_has_its_answer_and_no_second_message():
    turn = a_booking(a_window(an_office()))
    subscribed(turn)
    messages.heard_from("sms", "081234567890", now=at("07:30"))
    turns.cancel(turn.id, actor="citizen", now=at("07:30"))
    assert told() == []


def test_being_called_knows_no_quiet_hours(provider):
    office = an_office()
    (turn,) = in_the_line(office, people=1)
    subscribed(turn)
    officer, counter_id = at_counter(office)
    night = at("22:30")
    turns.call_next(counter_id, officer_id=officer.id, now=night)
    send_due(night)
    (sent,) = provider.sent
    assert sent.wording.text == f"Nomor {turn.number}, silakan ke loket 1 sekarang."


def test_news_waits_until_people_are_awake(provider):
    turn = a_booking(a_window(an_office(), "09:30"), now=at("21:30", SUNDAY))
    subscribed(turn)
    turns.cancel(turn.id, actor="officer:1", now=at("23:00", SUNDAY))
    send_due(at("23:01", SUNDAY))
    assert provider.sent == []
    send_due(at("07:00"))
    assert len(provider.sent) == 1


def test_a_call_that_was_answered_is_not_sent_any_more():
    office = an_office()
    (turn,) = in_the_line(office, people=1)
    subscribed(turn)
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:20"))
    turns.start(officer_id=officer.id, now=at("08:21"))
    assert told("turn.called") == [None]


def test_nothing_is_sent_before_an_address_is_confirmed_and_nothing_after_an_opt_out(provider):
    turn = a_booking(a_window(an_office(), "09:30"))
    stranger = messages.know("sms", "081234567899", now=at("07:00"))
    with pytest.raises(NotConfirmed):
        messages.subscribe(stranger, subject="turn", subject_id=turn.id, now=at("07:00"))
    contact_id = subscribed(turn)
    messages.opt_out(contact_id, now=at("07:30"))
    turns.cancel(turn.id, actor="officer:1", now=at("08:00"))
    send_due(at("08:01"))
    assert provider.sent == []


def test_a_closing_tells_who_still_waited():
    office = an_office()
    waited, _ = in_the_line(office)
    subscribed(waited)
    turns.close_day(office.id, MONDAY, now=at("15:30"), actor="officer:1")
    (said,) = told("turn.closed")
    assert said.startswith("Mohon maaf")


def test_the_draw_tells_winners_and_losers_once_and_only_after_the_worker_came():
    office = a_drawing_office(places=1, windows=("09:00",))
    asked = [an_application(office, any_near=True) for _ in range(2)]
    for number, application in enumerate(asked):
        subscribed(application, address=f"08123456789{number}")
    drawn = draw_now(office.region)
    assert told() == []
    telling.tell_round(drawn.id, now=at("17:01"))
    telling.tell_round(drawn.id, now=at("17:02"))
    assert sorted(told()) == ["application.lost", "turn.won"]
    (won,), (lost,) = told("turn.won"), told("application.lost")
    winner = Application.objects.get(state="placed")
    assert f"Permohonan {winner.code[-4:]} mendapat giliran: Selasa, 24 November 2026" in won
    assert "belum mendapat giliran dan ikut lagi undian Selasa, 24 November 2026" in lost


def test_who_gave_the_place_back_before_the_worker_came_is_not_told_that_they_lost():
    office = a_drawing_office(places=1, windows=("09:00",))
    application = an_application(office)
    subscribed(application)
    drawn = draw_now(office.region)
    turns.decline(application.id, actor="citizen", now=at("17:00"))
    telling.tell_round(drawn.id, now=at("17:01"))
    assert told() == ["turn.cancelled"]


def test_a_loser_is_told_the_same_latest_day_as_the_page_says():
    office = a_drawing_office(places=5, windows=("09:00",), days=9)
    region = office.region
    region.draw_days_ahead = 1
    region.save()
    for number in range(8):
        application = an_application(office, any_near=True)
        subscribed(application, address=f"08123456789{number}")
    drawn = draw_now(region)
    telling.tell_round(drawn.id, now=at("17:01"))
    loser = Application.objects.filter(state="open").earliest("id")
    latest = applications.estimate(loser, now=at("17:01"))
    assert latest is not None
    assert f"paling lambat {spoken_day(latest.served_by.date())}." in told("application.lost")[0]


def test_who_won_in_a_draw_is_asked_the_day_before():
    """Whoever heard of a turn by their application was never reminded of it."""
    office = a_drawing_office(places=1, days=2)
    stranger = messages.heard_from("sms", "081299999999", now=at("07:00"))
    for other in range(1000, 1010):  # so that no two tables count alike
        messages.subscribe(stranger, subject="round", subject_id=other, now=at("07:00"))
    application = an_application(office, halves=("wed-am",))
    subscribed(application)
    drawn = draw_now(office.region)
    telling.tell_round(drawn.id, now=at("17:01"))
    application.refresh_from_db()
    assert application.turn.day == TUESDAY + timedelta(days=1)
    reminding.due_reminders(now=at("16:30", TUESDAY))
    (said,) = told("turn.tomorrow")
    assert f"giliran {application.turn.code[-4:]}" in said


def test_a_result_that_a_later_draw_overtook_dies():
    office = a_drawing_office(places=1, windows=("09:00",), days=2)
    asked = [an_application(office, any_near=True) for _ in range(3)]
    for number, application in enumerate(asked):
        subscribed(application, address=f"08123456789{number}")
    first = draw_now(office.region)
    telling.tell_round(first.id, now=at("17:01"))
    draw_now(office.region, day=TUESDAY)
    assert set(told("application.lost")) == {None}


def test_who_stands_by_is_told_of_the_place_that_got_free():
    office = a_drawing_office(places=1, windows=("13:00",))
    first = an_application(office)
    second = an_application(office, stands_by=True, halves=("tue-pm",))
    drawn = draw_now(office.region)
    loser = Application.objects.get(state="open")
    Application.objects.filter(id=loser.id).update(stands_by=True)
    subscribed(loser)
    winner = first if loser.id == second.id else second
    winner.refresh_from_db()
    turns.cancel(winner.turn_id, actor="citizen", now=at("18:00"))
    turns.fill_held(office.id, now=at("18:01"))
    (said,) = told("turn.placed")
    assert said.startswith("Ada tempat kosong")
    assert drawn.state == Round.State.DRAWN


def test_giving_back_a_won_place_says_that_the_application_stays_in_the_draws():
    office = a_drawing_office(places=1)
    application = an_application(office)
    subscribed(application)
    draw_now(office.region)
    turns.decline(application.id, actor="citizen", now=at("18:00"))
    (said,) = told("turn.cancelled")
    assert f"permohonan {application.code[-4:]} tetap ikut undian" in said


def test_a_clerk_need_not_tell_whom_a_confirmed_channel_has_reached(provider):
    office = a_drawing_office(places=1, windows=("09:00",))
    asked = [an_application(office, channel="clerk") for _ in range(2)]
    for number, application in enumerate(asked):
        subscribed(application, address=f"08123456789{number}")
    drawn = draw_now(office.region)
    telling.tell_round(drawn.id, now=at("17:01"))
    send_due(at("17:02"))
    assert len(applications.to_tell(office)) == 2  # sent isn't reached
    messages.note_status("sms", "id-1", "delivered", at=at("17:03"), now=at("17:03"))
    (left,) = applications.to_tell(office)
    messages.note_status("sms", "id-2", "delivered", at=at("17:03"), now=at("17:03"))
    assert applications.count_to_tell(office) == 0
    second = draw_now(office.region, day=TUESDAY)
    assert second.state == Round.State.DRAWN
    still_open = Application.objects.get(state="open")
    assert [one.id for one in applications.to_tell(office)] == [still_open.id]
    assert left.id in {one.id for one in asked}
