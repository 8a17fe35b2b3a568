"""An officer's own page: where they are told, what about, and that nobody else sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from giliran import clock
from giliran.encryption import unseal
from giliran.jobs import sending
from giliran.messages import actions as messages
from giliran.messages import ports, queries
from giliran.messages.actions import Urgency
from giliran.messages.models import Contact, Message, Muted, Subscription
from giliran.people.models import Officer
from giliran.web.counter.reached import _CAME_OF_IT, TOPICS
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db
HERE = "/petugas/kabar/"


class Silent:
    sent: list[ports.Outgoing] = []

    def send(self, outgoing):
        self.sent.append(outgoing)
        return ports.Sent("")


@pytest.fixture(autouse=True)
def providers(monkeypatch):
    for channel in ("sms", "whatsapp", "email"):
        monkeypatch.setitem(ports.PORTS, channel, Silent)
    monkeypatch.setattr(Silent, "sent", [])


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture
def head(client):
    head = an_officer(an_office(), "manager")
    client.force_login(head)
    return head


def ask(client, channel="sms", address="0812 3456 7890"):
    return client.post(HERE, {"langkah": "kirim", "channel": channel, "address": address})


def token_of(response):
    return re.search(r"kontak=(.+)$", response["Location"]).group(1)


def sent_code():
    message = Message.objects.filter(kind="code").latest("id")
    return re.search(r"\b\d{6}\b", unseal(message.body_sealed)).group()


def confirm(client, token, code=None):
    form = {"langkah": "kode", "kontak": token, "code": code or sent_code()}
    return client.post(HERE, form)


def add(client, channel="sms", address="0812 3456 7890"):
    token = token_of(ask(client, channel, address))
    assert confirm(client, token).status_code == 302
    return token


def read(client, **asked):
    return client.get(HERE, asked).content.decode()


def news(head, now=None, key="k"):
    return messages.notify(
        "alarm_ringing",
        officer_ids=[head.id],
        topic=Muted.Topic.ALARMS,
        subject="alarm",
        subject_id=1,
        key=key,
        urgency=Urgency.NOW,
        expires_at=(now or at("09:00")) + timedelta(hours=1),
        now=now or at("09:00"),
    )


def test_the_page_is_for_who_is_logged_in_and_is_linked_from_the_first_page(client, head):
    assert f'href="{HERE}"' in client.get("/petugas/").content.decode()
    assert "Anda belum bisa dikabari" in read(client)
    client.logout()
    assert client.get(HERE).status_code == 302


def test_a_number_is_told_once_its_code_was_typed_and_shown_by_its_end(client, head):
    token = token_of(ask(client))
    assert news(head) == 0
    assert "•••890" in read(client, kontak=token)

    confirm(client, token)

    shown = read(client)
    assert "•••890" in shown
    assert "812345" not in shown
    assert news(head) == 1


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"langkah": "kirim", "address": "0812 3456 7890"}, 422, "Pilih dulu lewat apa"),
        ({"langkah": "kirim", "channel": "sms"}, 422, "Tulis dulu nomor ponsel"),
        ({"langkah": "kirim", "channel": "sms", "address": "12"}, 422, "tidak dikenali"),
        ({"langkah": "kirim", "channel": "email", "address": "kepala"}, 422, "tidak dikenali"),
        ({"langkah": "percobaan"}, 409, "Belum ada nomor atau alamat"),
    ],
)
def test_every_no_is_a_sentence_and_what_was_typed_stays(client, head, form, status, sentence):
    answer = client.post(HERE, form)
    assert answer.status_code == status
    page = answer.content.decode()
    assert sentence in page
    assert "Kesalahan" in page
    assert form.get("address", "") in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"langkah": "apa"},
        {"langkah": "kode", "kontak": "1:x", "code": "123456"},
        {"langkah": "lagi", "kontak": ""},
        {"langkah": "hapus", "kontak": "x"},
        {"langkah": "dahulu"},
    ],
)
def test_what_nobody_was_shown_is_not_found(client, head, form):
    assert client.post(HERE, form).status_code == 404


def test_a_wrong_code_says_how_often_one_may_still_try(client, head):
    token = token_of(ask(client))
    wrong = "000000" if sent_code() != "000000" else "111111"
    answer = confirm(client, token, wrong)
    assert answer.status_code == 422
    assert "Kode salah. Masih bisa dicoba 4 kali." in answer.content.decode()
    assert news(head) == 0


def test_the_second_address_is_tried_second_unless_it_is_moved_to_the_front(client, head):
    add(client)
    token = add(client, "email", "kepala@contoh.id")
    order = Subscription.objects.order_by("position").values_list("contact__channel", flat=True)
    assert list(order) == ["sms", "email"]

    client.post(HERE, {"langkah": "dahulu", "kontak": token})

    assert list(order.all()) == ["email", "sms"]


def test_an_address_that_is_removed_hears_nothing_more(client, head):
    token = add(client)
    answer = client.post(HERE, {"langkah": "hapus", "kontak": token}, follow=True)
    assert "SMS •••890 dihapus" in answer.content.decode()
    assert news(head) == 0


def test_nobody_sees_touches_or_confirms_what_is_another_officers(client, head):
    mine = add(client)
    client.force_login(an_officer(Officer.objects.get().posts.get().office, "manager"))

    assert "•••890" not in read(client)
    assert client.get(HERE, {"kontak": mine}).status_code == 404
    for step in ("lagi", "kode", "dahulu", "hapus"):
        assert client.post(HERE, {"langkah": step, "kontak": mine}).status_code == 404
    assert Subscription.objects.get().subject_id == head.id


def test_a_channel_without_provider_is_not_offered(client, head, monkeypatch):
    monkeypatch.setitem(ports.PORTS, "whatsapp", lambda: None)
    assert 'value="whatsapp"' not in read(client)
    assert ask(client, "whatsapp").status_code == 409
    for channel in ("sms", "email"):
        monkeypatch.setitem(ports.PORTS, channel, lambda: None)
    assert "Belum tersedia di sini" in read(client)


class TestStop:
    def test_who_wrote_stop_is_told_what_to_do_and_comes_back_by_a_code(self, client, head):
        token = add(client)
        messages.opt_out(Contact.objects.get().id, now=at("09:01"))

        assert news(head) == 0
        shown = read(client)
        assert "minta kode baru" in shown
        answer = client.post(HERE, {"langkah": "lagi", "kontak": token})
        assert answer.status_code == 409, "one code a day to who said no, and it was sent at nine"

    def test_the_day_after_a_code_opens_it_again(self, client, head, monkeypatch):
        token = add(client)
        messages.opt_out(Contact.objects.get().id, now=at("09:01"))
        monkeypatch.setattr(clock, "now", lambda: at("09:02") + timedelta(days=1))
        client.post(HERE, {"langkah": "lagi", "kontak": token})
        confirm(client, token)
        assert news(head) == 1


class TestTopics:
    def test_all_are_wanted_until_one_is_switched_off(self, client, head):
        add(client)
        assert set(TOPICS) == set(Muted.Topic.values)
        assert read(client).count(" checked") == len(TOPICS)

        client.post(HERE, {"langkah": "topik", "topik": ["claims", "complaints", "apa saja"]})

        assert queries.muted(head.id) == {"alarms", "staffing"}
        assert read(client).count(" checked") == 2
        assert news(head) == 0
        client.post(HERE, {"langkah": "topik", "topik": list(TOPICS)})
        assert news(head, key="later") == 1


class TestTrial:
    def test_a_test_message_goes_to_the_first_address_and_the_page_says_what_became_of_it(
        self, client, head
    ):
        add(client)
        answer = client.post(HERE, {"langkah": "percobaan"}, follow=True)
        assert "09.00 WIB: menunggu dikirim" in answer.content.decode()
        sending.send()
        told = [one for one in Silent.sent if "percobaan" in one.wording.short]
        assert [one.address for one in told] == ["+6281234567890"]
        assert "09.00 WIB: terkirim" in read(client)
        assert set(_CAME_OF_IT) == set(Message.State.values)

    def test_three_an_hour_are_enough(self, client, head):
        add(client)
        for _ in range(3):
            assert client.post(HERE, {"langkah": "percobaan"}).status_code == 302
        answer = client.post(HERE, {"langkah": "percobaan"})
        assert answer.status_code == 409
        assert "terlalu sering" in answer.content.decode()
        assert Message.objects.filter(kind="officer_trial").count() == 3


def test_who_left_is_not_told_what_still_waited_for_them(client, head):
    add(client)
    client.post(HERE, {"langkah": "percobaan"})
    Officer.objects.update(is_active=False)
    sending.send()
    assert not [one for one in Silent.sent if "percobaan" in one.wording.short]
    assert Message.objects.get(kind="officer_trial").state == "stale"


class TestForgetting:
    LATER = at("09:00") + timedelta(days=400)

    def test_the_address_of_who_works_here_stays_however_quiet_it_was(self, client, head):
        add(client)
        assert messages.forget(before=self.LATER) == 0
        assert news(head, now=self.LATER) == 1

    def test_who_left_is_forgotten_as_others_are(self, client, head):
        add(client)
        Officer.objects.update(is_active=False)
        assert messages.forget(before=self.LATER) == 1
        assert bytes(Contact.objects.get().address_sealed) == b""
        assert not Subscription.objects.exists()

    def test_an_address_that_was_removed_is_forgotten_as_others_are(self, client, head):
        token = add(client)
        client.post(HERE, {"langkah": "hapus", "kontak": token})
        assert messages.forget(before=self.LATER) == 1
        assert client.get(HERE, {"kontak": token}).status_code == 404
