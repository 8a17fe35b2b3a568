"""A complaint by chat, SMS or a short code: a code at once, and the answer where it was made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from giliran.conversations import actions, queries
from giliran.core.conversation import Said
from giliran.core.identifiers import written_code
from giliran.messages import actions as messages
from giliran.messages.models import Attempt, Message, Subscription
from giliran.voices.actions import asking_opinion
from giliran.voices.models import Complaint, Opinion
from tests.builders import an_office, an_officer, at
from tests.stories.test_opinions import Branch

pytestmark = pytest.mark.django_db
TEXT = "Calo di pintu menjual nomor antrean"


@pytest.fixture(autouse=True)
def nobody_has_complained_yet():
    cache.clear()


class Person:
    """Somebody with a telephone or a browser."""

    def __init__(self, channel="sms", key="+6281234567890"):
        self.contact_id = None
        if channel in {"sms", "whatsapp"}:
            self.contact_id = messages.heard_from(channel, key, now=at("06:00"))
        self.speaker = actions.Speaker(channel, key, contact_id=self.contact_id)
        self.now = at("09:00")

    def says(self, *texts):
        answer = []
        for text in texts:
            self.now += timedelta(seconds=20)
            answer = actions.hear(self.speaker, Said(text), now=self.now)
        return "\n".join(say.text for say in answer)


def answered(complaint: Complaint) -> None:
    """Put an answer to it without a desk: what the staff do is told elsewhere."""
    Complaint.objects.filter(id=complaint.id).update(
        state="answered",
        answered_at=at("10:00"),
        due_on=None,
        confirm_by=at("10:00").date() + timedelta(days=14),
        move="answer",
        moved_at=at("10:00"),
        moved_by="officer:1",
    )


@pytest.mark.parametrize("channel", ["sms", "ussd", "whatsapp"])
def test_a_complaint_by_telephone_gets_its_code_at_once(channel):
    office = an_office("serang")
    person = Person(channel)
    told = person.says("menu", "keluhan", TEXT, "serang")
    if channel != "whatsapp":  # whose number isn't known: nothing to ask about
        told = person.says("boleh")
    kept = Complaint.objects.get()
    assert written_code(kept.code) in told
    assert (kept.channel, kept.office, kept.state) == (channel, office, "received")
    assert bool(kept.phone_sealed) == (channel != "whatsapp")
    assert queries.inbox(office, now=person.now) == []


def test_its_news_come_to_the_contact_that_complained():
    an_office("serang")
    person = Person("whatsapp", "user.1")
    person.says("menu", "keluhan", TEXT, "serang")
    kept = Complaint.objects.get()
    told = Subscription.objects.get(subject="complaint", subject_id=kept.id)
    assert told.contact_id == person.contact_id
    assert not Message.objects.filter(subject="complaint").exists()  # the chat has just said it


def test_without_a_name_the_complaint_holds_no_number():
    an_office("serang")
    Person().says("menu", "keluhan", TEXT, "serang", "tanpa nama")
    kept = Complaint.objects.get()
    assert (kept.is_anonymous, bytes(kept.phone_sealed)) == (True, b"")
    assert Subscription.objects.filter(subject="complaint", subject_id=kept.id).exists()


def test_a_protected_number_is_seen_by_the_region_alone():
    an_office("serang")
    Person().says("menu", "keluhan", TEXT, "serang", "lindungi")
    kept = Complaint.objects.get()
    assert (kept.is_protected, kept.level) == (True, "region")


def test_it_may_be_about_no_office():
    an_office("serang")
    Person("web", "session").says("menu", "keluhan", TEXT, "bukan satu kantor")
    assert Complaint.objects.get().office is None


def test_two_words_are_no_complaint():
    an_office("serang")
    assert "Tulis apa yang terjadi" in Person().says("menu", "keluhan", "buruk")
    assert not Complaint.objects.exists()


def test_the_same_message_heard_twice_complains_once():
    an_office("serang")
    person = Person()
    person.says("menu", "keluhan", TEXT, "serang")
    for _ in range(2):
        actions.hear(person.speaker, Said("1"), key="same", now=person.now)
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("ask", ["cek aduan {code}", "CEK ADUAN {tail}", "cek {code}", "cek aduan"])
def test_how_it_stands_is_asked_with_its_code_or_without(ask):
    an_office("serang")
    person = Person()
    person.says("menu", "keluhan", TEXT, "serang", "1")
    code = Complaint.objects.get().code
    told = person.says(ask.format(code=written_code(code), tail=code[-4:].lower()))
    assert written_code(code) in told
    assert "diterima" in told


def test_a_stranger_sees_it_only_with_the_whole_code():
    an_office("serang")
    Person().says("menu", "keluhan", TEXT, "serang", "1")
    code = Complaint.objects.get().code
    stranger = Person("sms", "+6281111111111")
    assert "Tulis kode aduan" in stranger.says(f"cek aduan {code[-4:]}")
    assert written_code(code) in stranger.says(f"cek aduan {code}")
    assert "tidak dikenal" in stranger.says("cek aduan ZZZZ-ZZZZ")


def test_an_answer_is_settled_in_the_chat():
    an_office("serang")
    person = Person("whatsapp", "user.1")
    person.says("menu", "keluhan", TEXT, "serang")
    answered(Complaint.objects.get())
    person.says("cek aduan")
    assert "selesai" in person.says("Cukup, selesai")
    assert Complaint.objects.get().state == "closed"


def test_an_answer_is_disputed_in_the_chat_and_goes_a_level_up():
    an_office("serang")
    person = Person("whatsapp", "user.1")
    person.says("menu", "keluhan", TEXT, "serang")
    answered(Complaint.objects.get())
    person.says("cek aduan", "Belum cukup")
    assert "naik satu tingkat" in person.says("Calonya masih ada setiap pagi")
    kept = Complaint.objects.get()
    assert (kept.state, kept.level) == ("disputed", "region")


def test_more_is_added_in_the_chat():
    an_office("serang")
    person = Person()
    person.says("menu", "keluhan", TEXT, "serang", "1", "cek aduan", "Tambah keterangan")
    assert "Ditambahkan" in person.says("Ada dua saksi")
    assert Complaint.objects.get().remarks.count() == 1


def test_a_flood_from_one_telephone_is_stopped():
    an_office("serang")
    person = Person()
    for _ in range(21):
        told = person.says("menu", "keluhan", TEXT, "serang", "1")
    assert "terlalu banyak aduan" in told
    assert Complaint.objects.count() == 20


# The question after a visit.


def asked(person: Person) -> Opinion:
    """Ask somebody by message how their visit was; the message went out just now."""
    turn = Branch("cilegon").serve()
    messages.subscribe(person.contact_id, subject="turn", subject_id=turn.id, now=at("08:00"))
    asking_opinion.ask_due(now=at("09:40"))
    message = Message.objects.get(kind="opinion.asked")
    Attempt.objects.create(
        message=message, contact_id=person.contact_id, channel="sms", started_at=at("09:40")
    )
    person.now = at("09:45")
    return Opinion.objects.get()


def test_a_number_answers_the_question_after_a_visit():
    person = Person()
    asked(person)
    assert "sudah kami catat" in person.says("4")
    found = Opinion.objects.get()
    assert (found.score, found.replied_by) == (4, "sms")
    assert "sudah kami catat" not in person.says("1")  # asked once: now it is the menu's first
    assert Opinion.objects.get().score == 4


def test_it_is_answered_also_in_the_middle_of_something_and_hours_later():
    person = Person()
    person.says("menu", "ambil giliran")
    asked(person)
    person.now = at("17:00")
    person.says("2")
    assert Opinion.objects.get().score == 2


def test_other_words_are_heard_as_if_nobody_had_asked():
    person = Person()
    asked(person)
    assert "Selamat datang" in person.says("menu") or "Giliran BPJS" in person.says("menu")
    person.says("4")
    assert Opinion.objects.get().score is None  # the menu was asked last


def test_where_it_costs_nothing_two_more_are_asked_and_may_be_left_out():
    person = Person("whatsapp", "user.1")
    opinion = asked(person)
    first, second = opinion.asked_elements
    assert "?" in person.says("3")
    person.says("lewati")
    assert "sudah kami catat" in person.says("4")
    found = Opinion.objects.get()
    assert (found.score, found.elements) == (3, {second: 4})
    assert first not in found.elements


def test_a_number_of_somebody_else_answers_nothing():
    asked(Person())
    Person("sms", "+6281111111111").says("4")
    assert Opinion.objects.get().score is None


def test_who_complained_through_an_officer_takes_the_code_home_on_paper(client):
    office = an_office("serang")
    officer = an_officer(office)
    key = actions.assist(office.id, officer_id=officer.id, has_consent=True, now=at("09:00"))
    speaker = actions.Speaker("clerk", key, officer_id=officer.id)
    for minute, text in enumerate(("menu", "keluhan", TEXT, "serang")):
        actions.hear(speaker, Said(text), now=at(f"09:0{minute + 1}"))
    kept = Complaint.objects.get()
    assert kept.moved_by == f"officer:{officer.id}"
    client.force_login(officer)
    paper = client.get(f"/petugas/serang/percakapan/bantu/{key}/kertas/").content.decode()
    assert written_code(kept.code) in paper
