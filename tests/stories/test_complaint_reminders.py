"""Being told of a complaint by a channel that is added after it was made."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from giliran import clock
from giliran.encryption import unseal
from giliran.messages import ports
from giliran.messages.models import Message, Subscription
from giliran.voices import actions as voices
from giliran.voices.models import Complaint
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db
TEXT = "Nomor antrean habis pukul tujuh, padahal kantor baru buka pukul delapan."
PHONE = "0812 9988 7890"


class Silent:
    def send(self, outgoing):
        return ports.Sent("1")


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    for channel in ("sms", "whatsapp", "email"):
        monkeypatch.setitem(ports.PORTS, channel, Silent)
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def complain(**fields) -> Complaint:
    usual = {"request_key": uuid4(), "channel": "web", "now": at("08:30")}
    return Complaint.objects.get(id=voices.complain(text=TEXT, **usual | fields).id)


def activate(client, complaint: Complaint) -> str:
    here = f"/a/{complaint.code}/pengingat/"
    sent = client.post(here, {"langkah": "kirim", "channel": "sms", "address": PHONE})
    token = re.search(r"kontak=(.+)$", sent["Location"]).group(1)
    message = Message.objects.filter(kind="code").latest("id")
    code = re.search(r"\b\d{6}\b", unseal(message.body_sealed)).group()
    answer = client.post(here, {"langkah": "kode", "kontak": token, "code": code})
    assert answer["Location"] == here
    return token


def read(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_who_complained_on_the_web_is_told_the_answer_by_sms(client):
    office = an_office()
    clerk, kept = an_officer(office), complain(office=office, is_anonymous=True)
    assert f"/a/{kept.code}/pengingat/" in client.get(f"/a/{kept.code}/").content.decode()
    activate(client, kept)
    one = Subscription.objects.get()
    assert (one.subject, one.subject_id) == ("complaint", kept.id)
    by = {"officer_id": clerk.id}
    voices.classify(kept.id, weight="light", category="queue", now=at("09:10"), **by)
    voices.answer(kept.id, "Kuota ditambah.", request_key=uuid4(), now=at("09:20"), **by)
    kinds = Message.objects.exclude(kind="code").values_list("kind", flat=True)
    assert "complaint_answered" in kinds


def test_the_page_shows_no_more_than_the_end_of_a_number_and_none_that_was_stated(client):
    kept = complain(name="Siti Rohmah", phone="0813 1111 2222", is_protected=True)
    before = read(client.get(f"/a/{kept.code}/pengingat/"))
    assert "222" not in before
    activate(client, kept)
    page = read(client.get(f"/a/{kept.code}/pengingat/"))
    assert "•••890" in page
    assert "9988" not in page
    assert "Aduan" in page


def test_it_stops_where_it_began(client):
    kept = complain()
    token = activate(client, kept)
    here = f"/a/{kept.code}/pengingat/"
    assert "Untuk aduan ini saja" in read(client.get(f"{here}?berhenti={token}"))
    client.post(here, {"langkah": "berhenti", "kontak": token, "apa": "ini"})
    assert not Subscription.objects.exists()


def test_an_unknown_code_or_an_ended_complaint_tells_nobody_anything(client):
    assert client.get("/a/ZZZZZZZZ/pengingat/").status_code == 404
    kept = complain()
    voices.withdraw(kept.code, now=at("08:40"))
    for answer in (
        client.get(f"/a/{kept.code}/pengingat/"),
        client.post(f"/a/{kept.code}/pengingat/", {"langkah": "kirim"}),
    ):
        assert answer["Location"] == f"/a/{kept.code}/"
    assert "Kabari saya" not in read(client.get(f"/a/{kept.code}/"))


def test_what_comes_from_another_page_of_addresses_does_not_serve_here(client):
    first, other = complain(), complain()
    token = activate(client, first)
    sent = {"langkah": "berhenti", "kontak": token, "apa": "ini"}
    assert client.post(f"/a/{other.code}/pengingat/", sent).status_code == 404
    assert Subscription.objects.exists()
