"""The real webhook: who is let in, what is kept, and that nothing is kept twice."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from giliran.chat.whatsapp import LARGEST_BYTES
from giliran.encryption import unseal
from giliran.messages import actions as messages
from giliran.messages.models import Inbound
from giliran.messages.whatsapp.parsing import parse
from giliran.messages.whatsapp.reading import Heard, read
from giliran.messages.whatsapp.signature import sign

RECORDED = {file.stem: file.read_bytes() for file in Path("tests/data/whatsapp").glob("*.json")}
NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)
SECRET, VERIFY = "the app's secret", "only for the handshake"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_number(monkeypatch):
    monkeypatch.setenv("GILIRAN_WHATSAPP_SECRET", SECRET)
    monkeypatch.setenv("GILIRAN_WHATSAPP_VERIFY", VERIFY)


def deliver(client, body, *, signature=None):
    header = sign(body, SECRET) if signature is None else signature
    return client.post(
        "/chat/whatsapp/",
        body,
        content_type="application/json",
        headers={"X-Hub-Signature-256": header},
    )


def shake(client, **changed):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    return client.get("/chat/whatsapp/", asked | changed)


def test_the_handshake_echoes_the_challenge(client):
    answer = shake(client)

    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "guessed"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": "x" * 500},
    ],
)
def test_a_handshake_with_anything_wrong_is_refused(client, changed):
    answer = shake(client, **changed)

    assert (answer.status_code, answer.content) == (403, b"")


def test_nobody_shakes_hands_with_a_server_that_has_no_token(client, monkeypatch):
    monkeypatch.setenv("GILIRAN_WHATSAPP_VERIFY", "")

    assert shake(client, **{"hub.verify_token": ""}).status_code == 403


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_every_kind_of_delivery_is_kept_and_answered(client, name):
    answer = deliver(client, RECORDED[name])

    assert answer.status_code == 200
    kept = {(row.external_id, row.kind, unseal(row.body_sealed)) for row in Inbound.objects.all()}
    assert kept == {event[:3] for event in parse(RECORDED[name])}


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha1=" + "0" * 40,
        sign(RECORDED["text"], "another secret"),
        sign(RECORDED["text"], SECRET).upper(),
        sign(RECORDED["text"], SECRET).removeprefix("sha256="),
        sign(RECORDED["image"], SECRET),
        "sha256=ümlaut",
    ],
)
def test_a_wrong_signature_is_refused_and_nothing_is_kept(client, signature):
    answer = deliver(client, RECORDED["text"], signature=signature)

    assert answer.status_code == 401
    assert not Inbound.objects.exists()


def test_the_bytes_are_signed_not_what_they_mean(client):
    same = json.dumps(json.loads(RECORDED["text"])).encode()

    assert deliver(client, same, signature=sign(RECORDED["text"], SECRET)).status_code == 401


def test_without_a_secret_nothing_is_believed(client, monkeypatch):
    monkeypatch.setenv("GILIRAN_WHATSAPP_SECRET", "")

    answer = deliver(client, RECORDED["text"], signature=sign(RECORDED["text"], ""))

    assert answer.status_code == 401
    assert not Inbound.objects.exists()


def test_replays_change_nothing_in_whatever_order(client):
    deliveries = list(RECORDED.values()) * 3
    random.Random(5).shuffle(deliveries)

    for body in deliveries:
        assert deliver(client, body).status_code == 200

    expected = {event.external_id for body in RECORDED.values() for event in parse(body)}
    assert sorted(Inbound.objects.values_list("external_id", flat=True)) == sorted(expected)


def many(count, *, filler=""):
    delivery = json.loads(RECORDED["text"])
    value = delivery["entry"][0]["changes"][0]["value"]
    message = value["messages"][0]
    value["messages"] = [
        {**message, "id": f"wamid.{n}", "text": {"body": f"{n} {filler}"}} for n in range(count)
    ]
    return json.dumps(delivery).encode()


def test_a_delivery_of_a_thousand_messages_is_kept_whole(client):
    body = many(1000, filler="x" * 2500)
    assert 2_500_000 < len(body) < LARGEST_BYTES

    assert deliver(client, body).status_code == 200
    assert Inbound.objects.count() == 1000


def test_a_delivery_larger_than_the_provider_sends_is_refused(client):
    answer = deliver(client, b" " * (LARGEST_BYTES + 1))

    assert answer.status_code == 413


def test_what_is_not_json_is_kept_too_when_it_is_signed(client):
    assert deliver(client, b"{not json").status_code == 200
    assert Inbound.objects.get().kind == "unsupported"


def test_only_get_and_post_are_answered(client):
    assert client.put("/chat/whatsapp/").status_code == 405


def test_what_is_kept_can_be_taken_and_read(client):
    deliver(client, RECORDED["text"])

    event = messages.take(Inbound.objects.get().id, now=NINE)

    assert isinstance(read(event), Heard)
    assert read(event).text == "Saya mau cairkan JHT, bisa besok pagi?"
