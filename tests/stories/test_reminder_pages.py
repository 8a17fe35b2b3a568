"""Being reminded: an address, the code that came to it, an order, and an end."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from giliran import clock
from giliran.encryption import unseal
from giliran.messages import ports
from giliran.messages.models import Contact, Message, Subscription
from giliran.turns import actions as turns
from giliran.turns import queries
from tests.builders import a_booking, a_drawing_office, a_window, an_application, an_office, at

pytestmark = pytest.mark.django_db


class Silent:
    def send(self, outgoing):
        return ports.Sent("1")


@pytest.fixture(autouse=True)
def providers(monkeypatch):
    for channel in ("sms", "whatsapp", "email"):
        monkeypatch.setitem(ports.PORTS, channel, Silent)


@pytest.fixture(autouse=True)
def seven_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("07:00"))


@pytest.fixture
def turn():
    return a_booking(a_window(an_office()))


def here(about):
    letter = "g" if hasattr(about, "number") else "p"
    return f"/{letter}/{about.code}/pengingat/"


def sent_code():
    message = Message.objects.filter(kind="code").latest("id")
    return re.search(r"\b\d{6}\b", unseal(message.body_sealed)).group()


def ask(client, about, channel="sms", address="0812 3456 7890"):
    form = {"langkah": "kirim", "channel": channel, "address": address}
    return client.post(here(about), form)


def token_of(response):
    return re.search(r"kontak=(.+)$", response["Location"]).group(1)


def activate(client, about, channel="sms", address="0812 3456 7890"):
    token = token_of(ask(client, about, channel, address))
    answer = client.post(here(about), {"langkah": "kode", "kontak": token, "code": sent_code()})
    assert answer.status_code == 302
    return token


def test_a_code_that_was_typed_right_makes_somebody_told_at_once(client, turn):
    activate(client, turn)
    subscription = Subscription.objects.get()
    assert (subscription.subject, subscription.subject_id) == ("turn", turn.id)
    assert Contact.objects.get().opted_in_at is not None
    assert list(Message.objects.exclude(kind="code").values_list("kind", flat=True)) == [
        "turn.booked"
    ]
    shown = client.get(here(turn)).content.decode()
    assert "•••890" in shown
    assert "812345" not in shown


def test_nothing_is_told_before_the_code_is_typed(client, turn):
    ask(client, turn)
    turns.cancel(turn.id, actor="officer:1", now=turn.asked_at)
    assert set(Message.objects.values_list("kind", flat=True)) == {"code"}


def test_a_wrong_code_says_how_often_one_may_still_try(client, turn):
    token = token_of(ask(client, turn))
    wrong = "000000" if sent_code() != "000000" else "111111"
    answer = client.post(here(turn), {"langkah": "kode", "kontak": token, "code": wrong})
    assert answer.status_code == 422
    assert "Kode salah. Masih bisa dicoba 4 kali." in answer.content.decode()
    assert 'href="#id_code"' in answer.content.decode()
    assert not Subscription.objects.exists()


def test_the_stated_phone_is_a_suggestion_that_is_used_only_when_asked_and_confirmed(client, turn):
    shown = client.get(here(turn)).content.decode()
    assert "yang berakhir •••890" in shown
    assert not Contact.objects.exists()
    activate(client, turn, "whatsapp", "")
    contact = Contact.objects.get()
    assert unseal(contact.address_sealed) == "6281234567890"


@pytest.mark.parametrize(
    ("channel", "address", "sentence"),
    [
        ("", "0812 3456 7890", "Pilih dulu lewat apa"),
        ("sms", "12", "Nomor telepon tidak dikenali"),
        ("email", "siti", "Alamat email tidak dikenali"),
        ("email", "", "Tulis dulu nomor ponsel atau alamat email"),
        ("fax", "0812 3456 7890", "Pilih dulu lewat apa"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(client, turn, channel, address, sentence):
    answer = ask(client, turn, channel, address)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{address}"' in answer.content.decode()


def test_too_many_codes_to_one_address_are_refused(client, turn):
    for _ in range(3):
        assert ask(client, turn).status_code == 302
    answer = ask(client, turn)
    assert answer.status_code == 409
    assert "terlalu sering" in answer.content.decode()


def test_a_channel_without_provider_is_not_offered(client, turn, monkeypatch):
    monkeypatch.setitem(ports.PORTS, "whatsapp", lambda: None)
    assert 'value="whatsapp"' not in client.get(here(turn)).content.decode()
    assert ask(client, turn, "whatsapp").status_code == 409


def test_channels_are_tried_in_the_order_that_is_wished(client, turn):
    activate(client, turn)
    second = activate(client, turn, "email", "siti@contoh.id")
    order = Subscription.objects.order_by("position").values_list("contact__channel", flat=True)
    assert list(order) == ["sms", "email"]
    client.post(here(turn), {"langkah": "dahulu", "kontak": second})
    assert list(order.all()) == ["email", "sms"]


def test_stopping_one_turn_leaves_the_others(client, turn):
    other = a_booking(a_window(an_office("cilegon")))
    token = activate(client, turn)
    activate(client, other)
    assert "Berhenti dikabari?" in client.get(here(turn), {"berhenti": token}).content.decode()
    client.post(here(turn), {"langkah": "berhenti", "kontak": token, "apa": "ini"})
    assert [one.subject_id for one in Subscription.objects.all()] == [other.id]
    assert Contact.objects.get().opted_out_at is None


def test_stopping_everything_is_an_opt_out_of_the_channel(client, turn):
    token = activate(client, turn)
    client.post(here(turn), {"langkah": "berhenti", "kontak": token, "apa": "semua"})
    assert Contact.objects.get().opted_out_at is not None
    assert not Subscription.objects.exists()


def test_nobody_touches_a_contact_that_their_page_did_not_name(client, turn):
    other = a_booking(a_window(an_office("cilegon")))
    token = activate(client, other)
    for form in (
        {"langkah": "berhenti", "kontak": token, "apa": "semua"},
        {"langkah": "dahulu", "kontak": token},
        {"langkah": "berhenti", "kontak": "1", "apa": "semua"},
        {"langkah": "kode", "kontak": "1:x", "code": "123456"},
        {"langkah": "apa"},
        {},
    ):
        assert client.post(here(turn), form).status_code == 404, form
    assert client.get(here(turn), {"kontak": "2"}).status_code == 404
    assert Contact.objects.get().opted_out_at is None


def test_an_application_is_subscribed_to_and_its_turn_belongs_to_it(client):
    office = a_drawing_office()
    application = an_application(office)
    activate(client, application)
    assert Subscription.objects.get().subject == "application"
    assert Message.objects.exclude(kind="code").get().kind == "application.received"


def test_a_turn_that_is_over_has_no_reminders(client, turn):
    turns.cancel(turn.id, actor="citizen", now=turn.asked_at)
    answer = client.get(here(turn))
    assert answer.status_code == 302
    assert answer["Location"] == f"/g/{turn.code}/"


def test_the_forms_are_protected_and_not_found_by_search_engines(turn):
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict, turn).status_code == 403
    assert strict.get(here(turn))["X-Robots-Tag"] == "noindex"
    assert strict.get("/g/ZZZZZZZZ/pengingat/").status_code == 404
    assert strict.get("/p/apa/pengingat/").status_code == 404


def test_the_pages_of_turns_and_applications_lead_here(client, turn):
    assert here(turn) in client.get(f"/g/{turn.code}/").content.decode()
    application = an_application(a_drawing_office("cilegon"))
    assert here(application) in client.get(f"/p/{application.code}/").content.decode()


def test_somebody_says_on_the_page_that_they_come(client, turn):
    assert "Jadi datang?" in client.get(here(turn)).content.decode()
    answer = client.post(here(turn), {"langkah": "datang"}, follow=True)
    assert "Kami menunggu Bapak/Ibu." in answer.content.decode()
    assert "Jadi datang?" not in answer.content.decode()
    assert queries.said_yes(turn)
