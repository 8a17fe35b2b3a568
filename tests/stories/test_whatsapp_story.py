"""Citizen, provider, webhook, inbox, conversation, outbox and back: the whole way, many times over.

Between the parts stand the real requests: the provider's deliveries are signed and posted to the
real webhook, and our messages go to its API.
"""

import hashlib
import hmac
import json
import random
from datetime import timedelta

import httpx
import pytest
from django.test import Client

from giliran.cli.phone.app import App
from giliran.cli.phone.checks import Template
from giliran.cli.phone.pages import photo
from giliran.cli.phone.people import Person
from giliran.cli.phone.provider import Provider
from giliran.jobs import hearing
from giliran.messages import actions as messages
from giliran.messages import ports, queries
from giliran.messages.actions import Urgency
from giliran.messages.models import Attempt, Inbound, Message
from giliran.messages.whatsapp import media
from giliran.messages.whatsapp.port import CloudApi
from giliran.messages.wording import Wording
from tests.builders import an_office, at

pytestmark = pytest.mark.django_db
SECRET, TOKEN, PHONE_ID = "the app's secret", "a-token", "106540352242922"
REMINDER = Template("Giliran {{1}} besok.", ("Ya, saya datang", "Tidak bisa datang"))
TURN = {"subject": "turn", "subject_id": 7}


class Town:
    """Two people, the provider, and us; ``chance`` decides in which order it tells, how often."""

    def __init__(self, monkeypatch, seed=0):
        self.now = at("09:00")
        self.chance = random.Random(seed)
        self.waiting, self.told = [], []
        self.siti = Person("siti", "Siti", "6281234567890", "ID.1001")
        self.dewi = Person("dewi", "Dewi", "6281311112222", "ID.1002", hides_number=True)
        self.provider = Provider(
            [self.siti, self.dewi],
            templates={("pengingat", "id"): REMINDER},
            tell=lambda value, field: self.waiting.append({"value": value, "field": field}),
            now=lambda: self.now,
            phone_id=PHONE_ID,
        )
        app = App(self.provider, token=TOKEN)
        self.api = CloudApi(
            "http://provider.test/v26.0",
            token=TOKEN,
            phone_id=PHONE_ID,
            transport=httpx.WSGITransport(app=app),
        )
        monkeypatch.setitem(ports.PORTS, "whatsapp", lambda: self.api)
        monkeypatch.setattr(media, "from_environment", lambda: self.api)
        monkeypatch.setattr(hearing.clock, "now", lambda: self.now)
        monkeypatch.setenv("GILIRAN_WHATSAPP_SECRET", SECRET)
        monkeypatch.setenv("GILIRAN_WHATSAPP_RATES", "utility=408.5")
        self.web = Client()

    def post(self, changes):
        delivery = {"object": "whatsapp_business_account", "entry": [{"changes": changes}]}
        body = json.dumps(delivery).encode()
        signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        answer = self.web.post(
            "/chat/whatsapp/",
            body,
            content_type="application/json",
            headers={"X-Hub-Signature-256": f"sha256={signed}"},
        )
        assert answer.status_code == 200

    def settle(self, *, word=None):
        """Let everything that is under way arrive, some of it again and some of it late."""
        idle = 0
        while idle < 2:
            changes, self.waiting = self.waiting, []
            self.told += changes
            again = self.chance.choices(self.told, k=2) if self.told else []
            everything = [*changes, *again]
            self.chance.shuffle(everything)
            for start in range(0, len(everything), 3):
                self.post(everything[start : start + 3])
            busy = bool(changes)
            while hearing.handle_next(now=self.now):
                busy = True
            while messages.send_next(word=word or (lambda *_: None), now=self.now):
                busy = True
            self.now += timedelta(seconds=1)
            idle = 0 if busy else idle + 1

    def answers(self, person):
        return [entry.shown for entry in person.thread if entry.ours]


@pytest.fixture
def town(monkeypatch):
    an_office()
    return Town(monkeypatch)


@pytest.mark.parametrize("seed", range(5))
def test_each_message_is_answered_once_however_it_comes(monkeypatch, seed):
    an_office()
    town = Town(monkeypatch, seed)

    for _ in range(3):
        town.provider.write(town.siti, "halo")
        town.provider.write(town.dewi, "halo")
        town.settle()

    assert len(town.answers(town.siti)) == 3
    assert len(town.answers(town.dewi)) == 3
    assert not Inbound.objects.filter(handled_at=None).exists()
    assert not Inbound.objects.exclude(error="").exists()
    assert set(Attempt.objects.values_list("state", flat=True)) == {"delivered"}
    assert town.provider.refusals == []


def test_a_choice_leads_on_and_what_was_seen_is_read(town):
    town.provider.write(town.siti, "halo")
    town.settle()
    town.provider.see(town.siti)
    (menu,) = town.answers(town.siti)
    shown = next(entry for entry in town.siti.thread if entry.ours)

    town.provider.press(town.siti, shown.id, menu.choices[0][0])
    town.settle()

    assert len(town.answers(town.siti)) == 2
    assert Attempt.objects.order_by("id")[0].state == "read"


def test_delivered_after_read_goes_nowhere(town):
    town.provider.write(town.siti, "halo")
    town.settle()
    delivered = next(
        change
        for change in town.told
        if change["value"].get("statuses", [{}])[0].get("status") == "delivered"
    )
    town.provider.see(town.siti)
    town.settle()

    late = json.loads(json.dumps(delivered))
    late["value"]["statuses"][0]["timestamp"] = str(int((town.now + timedelta(1)).timestamp()))
    town.post([late])
    town.settle()

    assert Attempt.objects.get().state == "read"


def test_a_person_without_a_number_is_somebody(town):
    town.provider.write(town.dewi, "halo")
    town.settle()

    contact = queries.contact_at("whatsapp", "ID.1002")
    assert contact.is_confirmed
    assert queries.phone(contact.id) == ""


def test_after_a_day_of_silence_a_template_goes_and_its_cost_is_counted(town):
    town.provider.write(town.siti, "halo")
    town.settle()
    contact = queries.contact_at("whatsapp", "ID.1001")
    messages.subscribe(contact.id, **TURN, now=town.now)
    town.now += timedelta(hours=25)
    choices = (("ya:3XPA", "Ya, saya datang"), ("batal:3XPA", "Tidak bisa datang"))
    wording = Wording("Besok.", "Besok.", choices, template="pengingat", parameters=("3XPA",))
    message_id = messages.tell(
        "turn.tomorrow",
        **TURN,
        key="besok",
        urgency=Urgency.NOW,
        expires_at=town.now + timedelta(hours=9),
        now=town.now,
    )

    town.settle(word=lambda *_: wording)

    assert town.answers(town.siti)[-1].text == "Giliran 3XPA besok."
    attempt = Attempt.objects.get(message_id=message_id)
    assert (attempt.state, str(attempt.cost)) == ("delivered", "408.5000")


def test_who_has_no_whatsapp_any_more_ends_as_failed_not_as_sent(town):
    town.provider.write(town.siti, "halo")
    town.siti.has_whatsapp = False

    town.settle()

    assert Message.objects.get().state == "failed"
    assert Attempt.objects.get().error.startswith("131026")


def test_who_changes_number_stays_who_they_are(town):
    town.provider.write(town.siti, "halo")
    town.settle()
    before = queries.contact_at("whatsapp", "ID.1001")

    town.provider.change_number(town.siti, "6281300001111", "ID.2001")
    town.settle()

    assert queries.contact_at("whatsapp", "ID.1001") is None
    assert queries.contact_at("whatsapp", "ID.2001").id == before.id
    assert queries.phone(before.id) == "+6281300001111"
    assert queries.contact_at("whatsapp", "6281234567890") is None, "it may be somebody else's now"


def test_whoever_confirmed_a_number_on_a_page_is_the_same_when_they_write(town):
    """Pages know people by number, the provider by an id of its own."""
    by_number = messages.know("whatsapp", "6281234567890", now=town.now)
    messages.heard_from("whatsapp", "6281234567890", now=town.now)
    messages.subscribe(by_number, subject="turn", subject_id=7, now=town.now)

    town.provider.write(town.siti, "halo")
    town.settle()

    assert queries.contact_at("whatsapp", "ID.1001").id == by_number
    assert queries.subjects(by_number, "turn") == [7]
    assert len(town.answers(town.siti)) == 1


def test_whoever_hid_their_number_first_keeps_what_they_asked_for_once_it_is_known(town):
    town.provider.write(town.dewi, "halo")
    town.settle()
    by_id = queries.contact_at("whatsapp", "ID.1002").id
    messages.subscribe(by_id, subject="turn", subject_id=7, now=town.now)
    messages.opt_out(messages.know("whatsapp", "6281311112222", now=town.now), now=town.now)

    town.dewi.hides_number = False
    town.provider.write(town.dewi, "halo")
    town.settle()

    one = queries.contact_at("whatsapp", "ID.1002")
    assert one == queries.contact_at("whatsapp", "6281311112222")
    assert queries.subjects(one.id, "turn") == [7]
    assert one.is_opted_out, "a no of either holds"


def test_who_stops_such_messages_is_told_nothing_more(town):
    town.provider.write(town.siti, "halo")
    town.settle()
    town.provider.prefer(town.siti, "stop")
    town.settle()

    assert queries.contact_at("whatsapp", "ID.1001").is_opted_out


def test_a_photo_is_taken_and_a_voice_message_kindly_refused(town):
    town.provider.send_file(town.siti, photo(), "image/png")
    town.settle()
    town.provider.send_file(town.siti, b"OggS", "audio/ogg")
    town.settle()

    taken, refused = town.answers(town.siti)
    assert "Berkas ini tidak dapat dibaca" not in taken.text
    assert refused.text == "Berkas ini tidak dapat dibaca. Kirim foto (JPG, PNG) atau PDF."


def test_where_somebody_is_gives_the_offices_nearby(town):
    town.provider.be_at(town.siti, -6.12, 106.15, "Alun-alun")
    town.settle()

    (answer,) = town.answers(town.siti)
    assert [choice_id for choice_id, _, _ in answer.choices] == ["serang"]
