"""What is told: once, while it is true, to who asked for it, by the channel that works."""

from __future__ import annotations

import email
import email.policy
import itertools
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran.encryption import unseal
from giliran.journal.models import Event as JournalEvent
from giliran.messages import actions as messages
from giliran.messages import ports, queries
from giliran.messages.actions import Urgency
from giliran.messages.models import Attempt, Contact, Inbound, Message
from giliran.messages.ports import Policy, Refused, Sent
from giliran.messages.quiet import after_quiet_hours
from giliran.messages.wording import Wording
from tests.builders import MONDAY, at
from tests.servers import free_port

pytestmark = pytest.mark.django_db

TURN = {"subject": "turn", "subject_id": 7}
SAID = Wording("Giliran Bapak/Ibu maju 20 menit.", "Giliran maju 20 menit.")
_keys = itertools.count(1)


class Provider:
    """A provider that remembers what it took, and refuses with what it is given first."""

    def __init__(self, *refusals):
        self.refusals = list(refusals)
        self.taken = []

    def send(self, outgoing):
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(outgoing)
        return Sent(f"id-{outgoing.reference}", Decimal(350))


@pytest.fixture
def sms(monkeypatch):
    return _given(monkeypatch, "sms")


@pytest.fixture
def whatsapp(monkeypatch):
    return _given(monkeypatch, "whatsapp")


def _given(monkeypatch, channel):
    provider = Provider()
    monkeypatch.setitem(ports.PORTS, channel, lambda: provider)
    return provider


def a_contact(channel="sms", address="+6281234567890", *, clock="08:00", **subscribed):
    contact_id = messages.heard_from(channel, address, now=at(clock))
    messages.subscribe(contact_id, **{**TURN, **subscribed}, now=at(clock))
    return contact_id


def tell(clock="09:00", *, urgency=Urgency.NOW, key=None, **changed):
    now = at(clock)
    given = {**TURN, "urgency": urgency, "expires_at": now + timedelta(hours=20), **changed}
    return messages.tell("turn_moved", key=key or f"key-{next(_keys)}", now=now, **given)


def as_said(message_id, language):
    return SAID


def no_longer_true(message_id, language):
    return None


def work_off(clock="09:00", *, word=as_said):
    while messages.send_next(word=word, now=at(clock)):
        pass


def send(message_id, clock="09:00", *, word=as_said, now=None):
    messages.send(message_id, word=word, now=now or at(clock))


def state(message_id):
    return Message.objects.get(id=message_id).state


def jobs(name):
    return ProcrastinateJob.objects.filter(task_name=name, status="todo").count()


class TestTelling:
    def test_nothing_is_written_where_nobody_wants_to_be_told(self):
        assert tell() is None
        assert jobs("messages.send") == 0

    def test_a_message_and_its_job_die_with_the_change_that_caused_them(self):
        a_contact()
        with transaction.atomic():
            tell()
            transaction.set_rollback(True)

        assert not Message.objects.exists()
        assert jobs("messages.send") == 0

    def test_one_job_is_posted_however_much_a_connection_has_to_tell(self):
        a_contact()
        for _ in range(5):
            tell()

        assert jobs("messages.send") == 1

    def test_the_same_news_is_told_once(self, sms):
        a_contact()
        first, second = tell(key="moved:7:1"), tell(key="moved:7:1")
        for _ in range(3):
            send(first)

        assert first == second
        assert [each.wording for each in sms.taken] == [SAID]
        assert state(first) == "sent"

    def test_whoever_subscribed_to_the_application_hears_of_its_turn(self, sms):
        a_contact(subject="application", subject_id=3)

        assert tell() is None
        send(tell(about=[("turn", 7), ("application", 3)]))
        assert len(sms.taken) == 1

    def test_what_is_no_longer_true_dies(self, sms):
        a_contact()
        message_id = tell()
        send(message_id, word=no_longer_true)

        assert state(message_id) == "stale"
        assert not sms.taken

    def test_what_was_withdrawn_is_never_sent(self, sms):
        a_contact()
        message_id = tell(key="reminder:7")
        messages.withdraw("reminder:7", now=at("09:00"))
        send(message_id)

        assert state(message_id) == "stale"
        assert not sms.taken

    def test_what_waited_too_long_is_not_sent(self, sms):
        a_contact()
        message_id = tell(expires_at=at("09:10"))
        send(message_id, "09:10")

        assert state(message_id) == "stale"
        assert not sms.taken

    def test_a_reminder_waits_until_its_time(self, sms):
        a_contact()
        message_id = tell(not_before=at("10:00"), urgency=Urgency.REMINDER)
        send(message_id, "09:59")
        assert not sms.taken
        send(message_id, "10:00")
        assert len(sms.taken) == 1

    def test_who_is_called_now_hears_before_reminders_and_news_whatever_came_first(self, sms):
        a_contact()
        for urgency in (Urgency.NEWS, Urgency.REMINDER, Urgency.NOW) * 3:
            tell(urgency=urgency)
        work_off("09:01")

        order = [Attempt.objects.get(id=each.reference).message.urgency for each in sms.taken]
        assert order == [0, 0, 0, 1, 1, 1, 2, 2, 2]

    def test_one_message_that_cannot_be_worded_holds_up_nobody(self, sms):
        a_contact()
        broken, whole = tell(), tell()

        def word(message_id, language):
            if message_id == broken:
                raise KeyError("kind")
            return SAID

        work_off(word=word)

        assert (state(broken), state(whole)) == ("waiting", "sent")
        send(broken, "09:05")
        assert state(broken) == "sent"

    def test_one_address_that_cannot_be_unsealed_holds_up_nobody(self, sms):
        damaged = a_contact("sms", "+6281234567891", subject_id=8)
        Contact.objects.filter(id=damaged).update(address_sealed=b"x" * 40)
        a_contact()
        broken, whole = tell(subject_id=8), tell()
        work_off()

        assert (state(broken), state(whole)) == ("waiting", "sent")


class TestQuietHours:
    def test_news_of_the_evening_is_told_in_the_morning(self, sms):
        a_contact()
        message_id = tell("21:30", urgency=Urgency.NEWS)
        send(message_id, "22:00")
        send(message_id, now=at("06:59", MONDAY + timedelta(days=1)))
        assert not sms.taken

        send(message_id, now=at("07:00", MONDAY + timedelta(days=1)))
        assert len(sms.taken) == 1

    def test_a_backlog_that_reaches_the_evening_waits_for_the_morning(self, sms):
        a_contact()
        message_id = tell("20:50", urgency=Urgency.REMINDER)
        send(message_id, "21:00")

        assert not sms.taken
        assert Message.objects.get(id=message_id).due_at == at("07:00", MONDAY + timedelta(days=1))

    def test_in_jayapura_it_is_late_two_hours_earlier(self, sms):
        a_contact()
        message_id = tell("19:30", urgency=Urgency.NEWS, zone="Asia/Jayapura")
        send(message_id, "19:30")

        assert not sms.taken

    def test_who_is_called_now_is_told_at_night_too(self, sms):
        a_contact()
        send(tell("23:00"), "23:00")

        assert len(sms.taken) == 1

    @given(
        st.datetimes(timezones=st.just(ZoneInfo("UTC"))).filter(lambda m: 1970 < m.year < 2100),
        st.sampled_from(["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]),
    )
    def test_nothing_is_told_between_nine_and_seven(self, moment, zone):
        told = after_quiet_hours(moment, zone)
        local = told.astimezone(ZoneInfo(zone))

        assert 7 <= local.hour < 21
        assert timedelta(0) <= told - moment <= timedelta(hours=10)
        assert told == moment or (local.hour, local.minute, local.second) == (7, 0, 0)


class TestChannels:
    def test_the_next_channel_is_tried_when_the_first_refuses_for_good(self, sms, whatsapp):
        a_contact("whatsapp", "ID.123", position=0)
        a_contact("sms", position=1)
        whatsapp.refusals = [Refused("131026", "no WhatsApp there", Policy.NEXT_CHANNEL)]
        message_id = tell()
        send(message_id)
        send(message_id)

        assert state(message_id) == "sent"
        assert (len(whatsapp.taken), len(sms.taken)) == (0, 1)
        attempts = Attempt.objects.order_by("id").values_list("channel", "state", "error")
        assert list(attempts) == [
            ("whatsapp", "failed", "131026: no WhatsApp there"),
            ("sms", "sent", ""),
        ]

    def test_a_channel_without_a_provider_is_passed_over(self, sms):
        a_contact("email", "siti@contoh.id", position=0)
        a_contact("sms", position=1)
        send(tell())

        assert len(sms.taken) == 1

    def test_what_did_not_go_out_is_tried_later_and_later_then_elsewhere(self, sms, whatsapp):
        a_contact("whatsapp", "ID.123", position=0)
        a_contact("sms", position=1)
        whatsapp.refusals = [Refused("unreachable", "down", Policy.RETRY)] * 9
        message_id = tell(urgency=Urgency.REMINDER)
        pauses, now = [], at("09:00")
        while not sms.taken:
            send(message_id, now=now)
            due_at = Message.objects.get(id=message_id).due_at
            pauses.append(round((due_at - now).total_seconds()))
            now = due_at

        # Six tries with WhatsApp; then at once by SMS.
        assert pauses == [30, 60, 120, 240, 480, 0, 0]
        assert not whatsapp.taken

    def test_a_try_again_is_one_attempt_and_one_message(self, sms):
        a_contact()
        sms.refusals = [Refused("503", "busy", Policy.RETRY)]
        message_id = tell()
        send(message_id, "09:00")
        assert state(message_id) == "waiting"
        send(message_id, "09:01")

        (attempt,) = Attempt.objects.all()
        assert (attempt.state, attempt.tries, len(sms.taken)) == ("sent", 2, 1)

    def test_who_may_not_speak_so_fast_waits_and_loses_no_try(self, sms):
        a_contact()
        sms.refusals = [Refused("131056", "too fast", Policy.WAIT, seconds=8)] * 20
        message_id, now = tell(), at("09:00")
        for _ in range(21):
            send(message_id, now=now)
            now += timedelta(seconds=8)

        assert len(sms.taken) == 1
        assert Attempt.objects.get().tries == 1

    def test_whom_the_provider_says_to_have_stopped_us_gets_nothing_more(self, sms, whatsapp):
        stopped = a_contact("whatsapp", "ID.123", position=0)
        a_contact("sms", position=1)
        whatsapp.refusals = [Refused("131050", "stopped", Policy.STOP)]
        first, second = tell(), tell()
        for message_id in (first, first, second):
            send(message_id)

        assert (len(whatsapp.taken), len(sms.taken)) == (0, 2)
        assert queries.contact(stopped).is_opted_out
        assert Attempt.objects.filter(channel="whatsapp").count() == 1

    def test_when_every_channel_refuses_it_has_failed(self, sms):
        a_contact()
        sms.refusals = [Refused("400", "bad number", Policy.NEXT_CHANNEL)]
        message_id = tell()
        send(message_id)
        send(message_id)

        assert state(message_id) == "failed"


class Killed(BaseException):
    """What ends a worker without letting it write anything down."""


class TestDeath:
    def die(self, sms, message_id, *, after_sending):
        def send_and_die(outgoing):
            if after_sending:
                sms.taken.append(outgoing)
            raise Killed

        sms.send, alive = send_and_die, sms.send
        with pytest.raises(Killed):
            send(message_id)
        sms.send = alive

    @pytest.mark.parametrize("after_sending", [True, False])
    def test_what_nobody_knows_is_never_sent_again_and_told_as_unsent(self, sms, after_sending):
        a_contact()
        message_id = tell(urgency=Urgency.REMINDER)
        self.die(sms, message_id, after_sending=after_sending)
        seen = []
        for minutes in range(1, 20):
            now = at("09:00") + timedelta(minutes=minutes)
            messages.sweep(now=now)
            send(message_id, now=now)
            seen.append(state(message_id))

        assert len(sms.taken) == after_sending
        assert [each for each, _ in itertools.groupby(seen)] == ["sending", "unknown", "unsent"]

    def test_the_next_channel_is_tried_when_no_report_came(self, sms, whatsapp):
        a_contact("whatsapp", "ID.123", position=0)
        a_contact("sms", position=1)
        message_id = tell(urgency=Urgency.REMINDER)
        self.die(whatsapp, message_id, after_sending=True)
        messages.sweep(now=at("09:02"))
        messages.sweep(now=at("09:11"))
        assert state(message_id) == "unknown"
        messages.sweep(now=at("09:12"))
        send(message_id, "09:12")

        assert (len(whatsapp.taken), len(sms.taken)) == (1, 1)
        assert state(message_id) == "sent"

    def test_a_late_failure_of_the_first_channel_sends_nothing_a_second_time(self, sms, whatsapp):
        a_contact("whatsapp", "ID.123", position=0)
        a_contact("sms", position=1)
        message_id = tell(urgency=Urgency.REMINDER)
        self.die(whatsapp, message_id, after_sending=False)
        messages.sweep(now=at("09:02"))
        messages.sweep(now=at("09:12"))
        send(message_id, "09:12")
        first = Attempt.objects.get(channel="whatsapp")
        messages.note_status(
            "whatsapp", "", "failed", at=at("09:13"), reference=str(first.id), now=at("09:13")
        )
        send(message_id, "09:14")

        assert state(message_id) == "sent"
        assert len(sms.taken) == 1

    def test_another_telephone_of_the_same_channel_is_not_the_next_channel(self, sms):
        a_contact("sms", "+6281234567890", position=0)
        a_contact("sms", "+6281234567891", position=1)
        message_id = tell(urgency=Urgency.REMINDER)
        self.die(sms, message_id, after_sending=True)
        messages.sweep(now=at("09:02"))
        messages.sweep(now=at("09:12"))
        send(message_id, "09:12")

        assert len(sms.taken) == 1
        assert state(message_id) == "unsent"

    def test_a_report_tells_what_the_dead_worker_could_not(self, sms):
        a_contact()
        message_id = tell()
        self.die(sms, message_id, after_sending=True)
        messages.sweep(now=at("09:02"))
        attempt = Attempt.objects.get()
        assert attempt.state == "unknown"
        known = messages.note_status(
            "sms",
            "",
            "delivered",
            at=at("09:01"),
            reference=str(attempt.id),
            now=at("09:03"),
        )
        messages.sweep(now=at("10:00"))

        assert known
        assert state(message_id) == "delivered"

    def test_a_slow_worker_that_was_given_up_still_says_that_it_sent(self, sms):
        a_contact()
        message_id = tell(urgency=Urgency.REMINDER)

        def slowly(outgoing):
            messages.sweep(now=at("09:03"))
            messages.sweep(now=at("09:20"))
            assert state(message_id) == "waiting"
            sms.taken.append(outgoing)
            return Sent("late")

        sms.send = slowly
        send(message_id)
        send(message_id, "09:21")

        assert state(message_id) == "sent"
        assert len(sms.taken) == 1

    def test_an_error_that_nobody_foresaw_counts_as_perhaps_sent(self, sms):
        a_contact()
        sms.refusals = [RuntimeError("+6281234567890 is in here")]
        message_id = tell()
        send(message_id)

        assert state(message_id) == "unknown"
        assert Attempt.objects.get().error == "RuntimeError: no answer"

    def test_the_sweep_posts_what_became_due(self):
        a_contact()
        tell(not_before=at("10:00"), urgency=Urgency.REMINDER)
        messages.sweep(now=at("09:59"))
        assert jobs("messages.send") == 0
        messages.sweep(now=at("10:00"))
        messages.sweep(now=at("10:00"))
        assert jobs("messages.send") == 1


class TestReports:
    @pytest.fixture
    def sent(self, sms):
        a_contact()
        message_id = tell()
        send(message_id)
        return message_id

    def report(self, status, clock="09:05", **changed):
        attempt = Attempt.objects.order_by("id").first()
        return messages.note_status(
            "sms", attempt.provider_id, status, at=at(clock), now=at(clock), **changed
        )

    @pytest.mark.parametrize(
        "order", sorted(set(permutations(["sent", "delivered", "read", "delivered"])))
    )
    def test_reports_in_any_order_say_the_furthest(self, sent, order):
        for status in order:
            self.report(status)

        assert state(sent) == "read"
        assert Attempt.objects.get().state == "read"

    def test_a_failure_after_sending_moves_it_to_the_next_channel(self, sent, sms, whatsapp):
        a_contact("whatsapp", "ID.123", position=1)
        self.report("failed", error="2: no such number")
        self.report("failed", error="2: no such number")
        send(sent, "09:06")
        send(sent, "09:07")

        assert (len(sms.taken), len(whatsapp.taken)) == (1, 1)
        assert state(sent) == "sent"

    def test_without_another_channel_it_has_failed(self, sent, sms):
        self.report("failed", error="2")
        send(sent, "09:06")

        assert state(sent) == "failed"
        assert len(sms.taken) == 1

    @pytest.mark.parametrize("status", ["delivered", "read"])
    def test_what_arrived_cannot_fail_any_more(self, sent, sms, whatsapp, status):
        a_contact("whatsapp", "ID.123", position=1)
        self.report(status)
        self.report("failed")
        send(sent, "09:06")

        assert state(sent) == status
        assert not whatsapp.taken

    def test_the_report_names_the_price_and_who_refuses_us(self, sent):
        self.report("failed", cost=Decimal("12.5"), is_refused=True)

        assert Attempt.objects.get().cost == Decimal("12.5")
        assert Contact.objects.get().opted_out_at is not None

    def test_a_report_that_comes_before_the_answer_stays(self, sms):
        a_contact()
        message_id = tell()

        def reported_at_once(outgoing):
            messages.note_status(
                "sms",
                "",
                "delivered",
                at=at("09:00"),
                reference=outgoing.reference,
                now=at("09:00"),
            )
            return Sent("kannel-1")

        sms.send = reported_at_once
        send(message_id)

        assert state(message_id) == "delivered"
        attempt = Attempt.objects.get()
        assert (attempt.state, attempt.provider_id) == ("delivered", "kannel-1")

    @pytest.mark.parametrize(
        ("provider_id", "reference", "status"),
        [("other", "", "read"), ("", "", "read"), ("", "999999", "read"), ("", "x", "read")],
    )
    def test_a_report_of_what_is_not_ours_changes_nothing(
        self, sent, provider_id, reference, status
    ):
        known = messages.note_status(
            "sms", provider_id, status, at=at("09:05"), reference=reference, now=at("09:05")
        )
        assert not known
        assert state(sent) == "sent"

    def test_figures_count_by_day_channel_and_outcome_and_add_the_cost(self, sent):
        message_id = tell("10:00")
        send(message_id, "10:00")
        self.report("delivered")

        found = queries.outbox(since=at("00:00"), until=at("23:59"))

        assert [tuple(each) for each in found] == [
            (MONDAY, "sms", "delivered", 1, Decimal(350)),
            (MONDAY, "sms", "sent", 1, Decimal(350)),
        ]


class TestAnswers:
    def test_answers_go_out_in_their_order_and_leave_no_words_behind(self, sms):
        contact_id = messages.heard_from("sms", "+6281234567890", now=at("09:00"))
        for place, text in enumerate(["Pilih keperluan:", "1 JHT", "2 JKM"]):
            messages.reply(contact_id, text=text, key=f"answer:1:{place}", now=at("09:00"))
        last = Message.objects.order_by("id").last()
        assert b"JKM" not in bytes(last.body_sealed)
        # Whoever begins with the last one waits for those before it.
        work_off("09:00")

        assert [each.wording.text for each in sms.taken] == ["Pilih keperluan:", "1 JHT", "2 JKM"]
        assert all(each.in_window for each in sms.taken)
        assert not Message.objects.exclude(body_sealed=b"").exists()

    def test_an_answer_that_must_wait_holds_back_the_ones_after_it(self, sms):
        contact_id = messages.heard_from("sms", "+6281234567890", now=at("09:00"))
        sms.refusals = [Refused("503", "busy", Policy.RETRY)]
        for place in range(2):
            messages.reply(contact_id, text=str(place), key=f"answer:{place}", now=at("09:00"))
        for clock in ("09:00:00", "09:00:01", "09:00:05", "09:00:05"):
            messages.send_next(word=no_longer_true, now=at(clock))

        assert [each.wording.text for each in sms.taken] == ["0", "1"]

    def test_the_same_answer_twice_is_one(self, sms):
        contact_id = messages.heard_from("sms", "+6281234567890", now=at("09:00"))
        first = messages.reply(contact_id, text="Baik.", key="answer:1", now=at("09:00"))
        assert messages.reply(contact_id, text="Baik.", key="answer:1", now=at("09:00")) == first

    def test_who_opted_out_is_answered_when_they_write_and_told_nothing(self, sms):
        contact_id = a_contact()
        messages.opt_out(contact_id, now=at("09:00"))
        told = tell("09:01")
        send(told, "09:01")
        early = messages.reply(contact_id, text="?", key="early", now=at("09:01"))
        send(early, "09:01")
        assert not sms.taken
        messages.heard_from("sms", "+6281234567890", now=at("09:02"))
        send(messages.reply(contact_id, text="Baik.", key="late", now=at("09:02")), "09:02")

        assert [each.wording.text for each in sms.taken] == ["Baik."]
        assert state(told) == "stale"


class TestConsent:
    def test_yes_and_no_are_in_the_journal_and_hold(self, sms):
        contact_id = a_contact()
        messages.opt_out(contact_id, now=at("09:00"))
        messages.opt_out(contact_id, now=at("09:01"))
        # Asking for a turn from that telephone again is no "yes" to messages.
        messages.subscribe(contact_id, **TURN, now=at("09:02"))
        send(tell("09:03"), "09:03")
        assert not sms.taken
        messages.opt_in(contact_id, now=at("09:04"))
        send(tell("09:05"), "09:05")

        assert len(sms.taken) == 1
        events = JournalEvent.objects.filter(subject="contact", subject_id=contact_id)
        assert list(events.order_by("id").values_list("kind", "data")) == [
            ("contact.opted_in", {"channel": "sms"}),
            ("contact.opted_out", {"channel": "sms"}),
            ("contact.opted_in", {"channel": "sms"}),
        ]

    def test_writing_to_us_is_no_consent(self):
        contact_id = messages.heard_from("sms", "0812 3456 7890", now=at("08:00"))

        assert queries.contact(contact_id).is_confirmed
        assert not queries.contact(contact_id).is_opted_in

    def test_one_telephone_is_one_contact_however_it_is_written(self):
        numbers = ["0812 3456 7890", "+62 812-3456-7890", "6281234567890"]
        met = {messages.heard_from("sms", each, now=at("08:00")) for each in numbers}

        assert len(met) == 1
        assert queries.address(met.pop()) == "+6281234567890"

    def test_the_address_is_sealed(self):
        contact = Contact.objects.get(id=a_contact())

        assert b"8123456" not in bytes(contact.address_sealed) + bytes(contact.address_index)
        assert unseal(contact.address_sealed) == "+6281234567890"

    def test_nobody_subscribes_an_address_whose_owner_is_unknown(self):
        contact_id = messages.know("sms", "+6281234567890", now=at("08:00"))

        with pytest.raises(messages_refusal("NotConfirmed")):
            messages.subscribe(contact_id, **TURN, now=at("08:00"))

    def test_who_unsubscribes_is_told_nothing_of_that_turn(self, sms):
        contact_id = a_contact()
        messages.subscribe(contact_id, subject="turn", subject_id=8, now=at("08:00"))
        message_id = tell()
        messages.unsubscribe(contact_id, **TURN, now=at("09:00"))
        send(message_id)
        send(tell(subject_id=8))

        assert state(message_id) == "stale"
        assert len(sms.taken) == 1

    def test_who_got_another_number_takes_along_what_they_allowed(self, whatsapp):
        contact_id = a_contact("whatsapp", "628111")
        messages.moved("whatsapp", "628111", "ID.9", phone="+628222", now=at("09:00"))
        send(tell())

        assert [each.address for each in whatsapp.taken] == ["ID.9"]
        assert queries.phone(contact_id) == "+628222"


def messages_refusal(name):
    from giliran.messages import refusals

    return getattr(refusals, name)


class TestCodes:
    def start(self, clock="09:00", *, address="+6281234567890", net_address="", **changed):
        return messages.start_confirming(
            "sms",
            address,
            **{**TURN, **changed},
            language="id",
            net_address=net_address,
            now=at(clock),
        )

    def code(self, sms, clock="09:00"):
        work_off(clock)
        said = sms.taken[-1].wording.text
        return next(word.strip(".") for word in said.split() if word.strip(".").isdigit())

    def confirm(self, contact_id, code, clock="09:05", **changed):
        messages.confirm(contact_id, code, **{**TURN, **changed}, now=at(clock))

    def test_who_types_the_code_is_told(self, sms):
        contact_id = self.start()
        self.confirm(contact_id, self.code(sms))
        send(tell("09:06"), "09:06")

        assert sms.taken[-1].wording == SAID
        assert queries.contact(contact_id).is_opted_in
        assert [each.contact.id for each in queries.subscriptions(**TURN)] == [contact_id]

    def test_the_code_is_in_the_message_and_nowhere_else(self, sms):
        contact_id = self.start()
        code = self.code(sms)

        stored = str(list(Contact.objects.values())) + str(list(JournalEvent.objects.values()))
        assert len(code) == 6
        assert code.encode() not in bytes(Contact.objects.get(id=contact_id).code_hash)
        assert code not in stored + str(list(Message.objects.values()))

    def test_until_then_nothing_is_told_to_the_address(self, sms):
        self.start()
        self.code(sms)

        assert tell() is None
        assert len(sms.taken) == 1

    def test_a_code_is_good_once_for_ten_minutes_and_for_one_turn(self, sms):
        contact_id = self.start()
        code = self.code(sms)
        with pytest.raises(messages_refusal("WrongCode")):
            self.confirm(contact_id, code, subject_id=8)
        with pytest.raises(messages_refusal("CodeExpired")):
            self.confirm(contact_id, code, "09:10")
        self.confirm(contact_id, code, "09:09")
        with pytest.raises(messages_refusal("CodeExpired")):
            self.confirm(contact_id, code, "09:09")

    def test_five_wrong_codes_end_it_also_for_the_right_one(self, sms):
        contact_id = self.start()
        right = self.code(sms)
        wrong = "000000" if right != "000000" else "111111"
        for left in (4, 3, 2, 1):
            with pytest.raises(messages_refusal("WrongCode"), match=f"{left} kali"):
                self.confirm(contact_id, wrong)
        for tried in (wrong, right):
            with pytest.raises(messages_refusal("TooManyTries")):
                self.confirm(contact_id, tried)

        assert tell() is None

    def test_three_codes_an_hour_go_to_one_address(self):
        for minute in ("00", "01", "02"):
            self.start(f"09:{minute}")
        with pytest.raises(messages_refusal("TooManyTries")):
            self.start("09:59")
        self.start("10:00:01")

    def test_thirty_codes_an_hour_are_asked_for_from_one_place(self):
        for serial in range(30):
            self.start(address=f"+6281234567{serial:03}", net_address="203.0.113.9")
        with pytest.raises(messages_refusal("TooManyTries")):
            self.start(address="+6281234567999", net_address="203.0.113.9")
        self.start(address="+6281234567999", net_address="203.0.113.10")
        assert "203.0.113.9" not in str(list(JournalEvent.objects.values()))

    def test_who_opted_out_cannot_be_pestered_and_can_come_back(self, sms):
        contact_id = a_contact()
        messages.opt_out(contact_id, now=at("08:30"))
        self.start("09:00")
        with pytest.raises(messages_refusal("TooManyTries")):
            self.start("15:00")
        self.confirm(contact_id, self.code(sms))

        assert queries.contact(contact_id).is_opted_in

    def test_a_channel_that_is_not_here_is_refused(self):
        with pytest.raises(messages_refusal("ChannelNotHere")):
            messages.start_confirming(
                "email", "siti@contoh.id", **TURN, language="id", now=at("09:00")
            )

    @pytest.fixture(autouse=True)
    def _sms(self, sms):
        return sms


class TestInbox:
    def test_an_event_that_comes_twice_is_kept_once(self):
        event = messages.Event("wamid.1", "text", '{"text": "BATAL 0412"}', "ID.1")

        assert messages.receive("whatsapp", [event, event], now=at("09:00")) == 1
        assert messages.receive("whatsapp", [event], now=at("09:01")) == 0
        assert messages.receive("sms", [event], now=at("09:01")) == 1
        assert jobs("messages.handle") == 1
        assert b"BATAL" not in bytes(Inbound.objects.first().body_sealed)

    def test_a_thousand_events_come_back_as_they_came_in_their_order(self):
        events = [
            messages.Event(f"wamid.{n}", "text", f'{{"text": "{n} ✓"}}', f"ID.{n % 7}")
            for n in range(1000)
        ]
        assert messages.receive("whatsapp", events, now=at("09:00")) == 1000
        heard = []
        while taken := messages.take_next(now=at("09:00")):
            heard.append(taken.event.body)
            messages.handled(taken.inbound_id, now=at("09:00"))

        assert heard == [event.body for event in events]
        assert not Inbound.objects.exclude(body_sealed=b"").exists()

    def test_nobody_is_heard_out_of_turn_while_their_first_words_wait(self):
        for n, speaker in enumerate(["siti", "siti", "budi"]):
            event = messages.Event(f"m{n}", "text", str(n), speaker)
            messages.receive("sms", [event], now=at("09:00"))
        first = messages.take_next(now=at("09:00"))
        messages.give_up(first.inbound_id, error="KeyError", now=at("09:00"))

        assert messages.take_next(now=at("09:00")).event.body == "2"
        assert messages.take_next(now=at("09:01")).event.body == "0"

    def test_what_fails_five_times_is_put_aside(self):
        messages.receive("sms", [("m1", "text", "x")], now=at("09:00"))
        for minute in range(5):
            taken = messages.take_next(now=at(f"09:0{minute}"))
            messages.give_up(taken.inbound_id, error="KeyError", now=at(f"09:0{minute}"))

        assert messages.take_next(now=at("10:00")) is None
        assert Inbound.objects.get().error == "KeyError"

    def test_what_was_handled_is_not_taken_again(self):
        messages.receive("sms", [("m1", "text", "x")], now=at("09:00"))
        inbound_id = Inbound.objects.get().id
        assert messages.take(inbound_id, now=at("09:00")).body == "x"
        messages.handled(inbound_id, now=at("09:00"))

        assert messages.take(inbound_id, now=at("09:00")) is None


class TestForgetting:
    LATER = at("09:00") + timedelta(days=91)

    def test_an_address_that_nobody_used_for_ninety_days_is_erased(self, sms):
        contact_id = a_contact()
        send(tell())
        messages.receive("sms", [("m1", "text", "x")], now=at("09:00"))
        messages.handled(Inbound.objects.get().id, now=at("09:00"))

        assert messages.forget(before=at("08:59")) == 0
        assert messages.forget(before=self.LATER) == 1
        assert messages.forget(before=self.LATER) == 0
        contact = Contact.objects.get(id=contact_id)
        assert (contact.address_index, bytes(contact.address_sealed)) == (None, b"")
        assert queries.subscriptions(**TURN) == []
        assert Attempt.objects.get().provider_id == ""
        assert not Inbound.objects.exists()

    def test_a_no_is_remembered_without_the_address(self):
        contact_id = a_contact()
        messages.opt_out(contact_id, now=at("09:00"))
        messages.forget(before=self.LATER)
        assert bytes(Contact.objects.get().address_sealed) == b""

        assert messages.know("sms", "+6281234567890", now=self.LATER) == contact_id
        assert queries.contact(contact_id).is_opted_out

    def test_who_was_told_something_lately_stays(self, sms):
        a_contact()
        now = self.LATER
        message_id = messages.tell(
            "turn_moved",
            **TURN,
            key="late",
            urgency=Urgency.NOW,
            expires_at=now + timedelta(hours=1),
            now=now,
        )
        send(message_id, now=now)

        assert messages.forget(before=now - timedelta(days=90)) == 0


class Mailbox:
    """A mail server's handler that keeps what it takes, and refuses as it is told."""

    def __init__(self):
        self.taken = []
        self.no_to_recipient = self.no_to_data = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.no_to_recipient:
            return self.no_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.no_to_data:
            return self.no_to_data
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


class TestEmail:
    @pytest.fixture
    def mailbox(self, settings):
        handler = Mailbox()
        server = Controller(handler, hostname="127.0.0.1", port=free_port())
        server.start()
        settings.EMAIL_URL = "smtp://here"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        settings.DEFAULT_FROM_EMAIL = "Antrean <antrean@contoh.go.id>"
        yield handler
        server.stop()

    def word(self, message_id, language):
        calendar = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
        return SAID._replace(title="Kabar giliran", calendar=calendar)

    def test_an_email_arrives_with_its_calendar_and_our_reference(self, mailbox):
        a_contact("email", "Siti@Contoh.ID")
        message_id = tell()
        send(message_id, word=self.word)

        (got,) = mailbox.taken
        attempt = Attempt.objects.get()
        assert (got["To"], got["Subject"]) == ("siti@contoh.id", "Kabar giliran")
        assert got["Auto-Submitted"] == "auto-generated"
        assert got["Message-ID"] == attempt.provider_id
        assert f".giliran.{attempt.id}@contoh.go.id" in got["Message-ID"]
        assert got.get_body().get_content().strip() == SAID.text
        (file,) = got.iter_attachments()
        assert file.get_content_type() == "text/calendar"
        assert "BEGIN:VCALENDAR" in str(file.get_content())
        assert state(message_id) == "sent"

    @pytest.mark.parametrize(
        ("recipient", "data", "after"),
        [
            ("550 No such user", "", "failed"),
            ("451 Try again later", "", "waiting"),
            ("", "451 Try again later", "waiting"),
            ("", "554 Looks like spam", "failed"),
        ],
    )
    def test_a_server_that_says_no_is_believed(self, mailbox, recipient, data, after):
        a_contact("email", "siti@contoh.id")
        mailbox.no_to_recipient, mailbox.no_to_data = recipient, data
        message_id = tell()
        send(message_id)

        assert Attempt.objects.get().state == after
        assert not mailbox.taken

    def test_a_server_that_is_down_is_tried_again(self, mailbox, settings):
        settings.EMAIL_PORT = free_port()
        a_contact("email", "siti@contoh.id")
        message_id = tell()
        send(message_id)
        assert state(message_id) == "waiting"

    def test_no_line_of_the_subject_can_become_a_header(self, mailbox):
        a_contact("email", "siti@contoh.id")
        send(tell(), word=lambda *_: SAID._replace(title="Kabar\nBcc: semua@contoh.id"))

        assert not mailbox.taken
