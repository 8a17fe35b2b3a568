"""What a person does in a conversation, on the channel that they have."""

from __future__ import annotations

import inspect
import random
import re
from datetime import timedelta

import pytest
from django.db import connection

from giliran import clock
from giliran.conversations import actions, documents, queries
from giliran.conversations.deeds import DEEDS
from giliran.conversations.models import Conversation, Document, Exchange, Handover, Line
from giliran.conversations.sources import SOURCES
from giliran.conversations.world import script
from giliran.core.conversation import MOUTHS, Said
from giliran.core.conversation import Document as Sent
from giliran.core.refusal import NotFound
from giliran.journal.models import Event
from giliran.messages import actions as messages
from giliran.messages.models import Message, Subscription
from giliran.offices.models import Region
from giliran.turns.models import Application, Turn
from giliran.turns.queries import stated_phone
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
    a_nik,
    a_window,
    an_office,
    an_officer,
    at,
    draw_now,
)

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def tomorrow(office, clock="09:30", **fields):
    offer = a_window(office, clock, **fields)
    offer.day += timedelta(days=1)
    offer.starts_at += timedelta(days=1)
    offer.ends_at += timedelta(days=1)
    offer.save()
    return offer


def a_region(slug):
    return Region.objects.create(slug=slug, name=f"Kanwil {slug}")


class Person:
    """Somebody with a telephone or a browser."""

    def __init__(self, channel="sms", key="+6281234567890", **fields):
        contact_id = None
        if channel in {"sms", "whatsapp"}:
            contact_id = messages.heard_from(channel, key, now=at("06:00"))
        self.speaker = actions.Speaker(channel, key, contact_id=contact_id, **fields)
        self.now = at("07:00")

    def says(self, *texts, **said):
        answer = []
        for text in texts or [""]:
            self.now += timedelta(seconds=20)
            answer = actions.hear(self.speaker, Said(text, **said), now=self.now)
        return "\n".join(say.text for say in answer)


BOOKING = ("menu", "ambil giliran", "1", "serang", "besok pagi", "Siti Aminah")


@pytest.mark.parametrize("channel", ["sms", "ussd", "whatsapp", "web"])
def test_a_turn_is_booked_from_any_channel(channel):
    office = an_office("serang", name="Kantor Cabang Serang")
    tomorrow(office)
    person = Person(channel, "+6281234567890" if channel != "web" else "session")
    nik = a_nik()
    asked = person.says(*BOOKING, nik, "tidak")
    assert nik not in asked
    assert nik[-4:] in asked
    told = person.says("ya")
    turn = Turn.objects.get()
    assert f"{turn.code[:4]}-{turn.code[4:]}" in told
    assert (turn.channel, turn.office, turn.state) == (channel, office, "booked")
    assert stated_phone(turn) == ("+6281234567890" if channel in {"sms", "ussd"} else "")
    assert turn.window_from == at("09:30", MONDAY + timedelta(days=1))
    subscribed = Subscription.objects.filter(subject="turn", subject_id=turn.id).exists()
    assert subscribed == (channel in {"sms", "whatsapp"})


def test_no_nik_is_kept_or_shown_in_clear():
    office = an_office("serang")
    tomorrow(office)
    person, nik = Person("web", "session"), a_nik()
    person.says(*BOOKING, f"{nik[:4]} {nik[4:8]} {nik[8:12]} {nik[12:]}", "tidak", "ya")
    shown = queries.stand(person.speaker, at_most=50)
    said = " ".join(one.said + " ".join(one.answers) for one in shown.spoken)
    assert nik not in said.replace(" ", "")
    assert nik[-4:] in said
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM conversations_conversation c")
        assert nik not in cursor.fetchone()[0]


def test_where_places_are_drawn_the_person_applies():
    office = a_drawing_office("serang")
    person = Person()
    asked = person.says(
        *("menu", "1", "1", "serang", "senin pagi, kamis siang", "ya", "Siti Aminah"),
        *(a_nik(), "2"),
    )
    assert "undian" in asked.lower()
    person.says("ya")
    application = Application.objects.get()
    assert application.office_ids == [office.id]
    assert application.halves == ["mon-am", "thu-pm"]
    assert (application.any_near, application.shown_by) == (True, "card")
    assert application.channel == "sms"


def test_what_was_won_in_a_draw_is_seen_and_given_back_where_it_was_asked_for():
    office = a_drawing_office("serang")
    person = Person()
    person.says("menu", "1", "1", "serang", "1", "ya", "Siti Aminah", a_nik(), "tidak", "ya")
    assert "Ikut undian" in person.says("giliran saya")
    draw_now(office.region)
    turn = Turn.objects.get()
    person.now = at("18:00")
    assert "Batalkan" in person.says(f"batal {turn.code[4:]}")
    person.says("ya")
    turn.refresh_from_db()
    assert turn.state == "cancelled"


def test_a_telephone_applies_by_sms_for_a_family_and_no_more():
    a_drawing_office("serang")
    person = Person()
    for _member in range(6):
        told = person.says("menu", "1", "1", "serang", "1", "ya", "Siti", a_nik(), "tidak", "ya")
    assert "sudah dipakai untuk 5 orang" in told
    assert Application.objects.count() == 5


def test_no_second_turn_is_given_and_nothing_of_the_first_is_told():
    office = an_office("serang")
    first = tomorrow(office)
    nik = a_nik()
    turn = a_booking(first, nik=nik)
    told = Person().says(*BOOKING, nik, "tidak", "ya")
    assert "sudah punya giliran" in told
    assert turn.code[4:] not in told
    assert Turn.objects.count() == 1


def test_when_the_window_is_taken_meanwhile_another_is_offered():
    office = an_office("serang")
    first = tomorrow(office, places=1)
    tomorrow(office, "13:00")
    person = Person()
    person.says(*BOOKING, a_nik(), "tidak")
    a_booking(first)
    assert "habis" in person.says("ya")
    person.says("1", "Siti Aminah", a_nik(), "tidak", "ya")
    assert Turn.objects.count() == 2


def a_turn_of(person, office=None):
    office = office or an_office("serang")
    tomorrow(office)
    tomorrow(office, "13:00")
    person.says(*BOOKING, a_nik(), "tidak", "ya")
    return Turn.objects.get()


def test_a_turn_is_cancelled_by_word_or_by_the_end_of_its_code():
    person = Person()
    turn = a_turn_of(person)
    assert "Batalkan" in person.says(f"BATAL {turn.code[4:]}")
    assert "sudah dibatalkan" in person.says("ya")
    turn.refresh_from_db()
    assert turn.state == "cancelled"


def test_no_is_no():
    person = Person()
    turn = a_turn_of(person)
    person.says("batal", "gak jadi")
    turn.refresh_from_db()
    assert turn.state == "booked"


def test_a_turn_is_moved_to_another_half_day():
    person = Person()
    turn = a_turn_of(person)
    person.says("pindah", "besok siang", "ya")
    turn.refresh_from_db()
    assert turn.window_from == at("13:00", MONDAY + timedelta(days=1))


def test_a_reminder_is_answered_with_yes_alone():
    person = Person()
    turn = a_turn_of(person)
    assert "Terima kasih" in person.says("Ya")
    assert Event.objects.filter(kind="attendance.yes", subject_id=turn.id).exists()


def test_when_to_leave_home_follows_from_the_way():
    person = Person()
    a_turn_of(person)
    told = person.says("giliran saya", "kapan berangkat", "45 menit")
    assert "08.45" in told


def test_a_stranger_sees_a_turn_only_with_its_whole_code():
    turn = a_turn_of(Person())
    for stranger in (
        Person("ussd", "+6281234567890"),
        Person("web", "other"),
        Person("sms", "+6281300000000"),
    ):
        told = stranger.says("menu", "2", f"lihat {turn.code[4:]}", f"batal {turn.code[4:]}")
        assert "Serang" not in told
        assert "Serang" in stranger.says("menu", "2", turn.code)


def test_whoever_is_told_of_a_turn_may_speak_of_it():
    turn = a_booking(tomorrow(an_office("serang")))
    person = Person("whatsapp", "user.1")
    messages.subscribe(
        person.speaker.contact_id, subject="turn", subject_id=turn.id, now=at("06:30")
    )
    assert "Serang" in person.says("giliran saya")


def test_a_right_is_asked_as_on_the_pages_and_told_with_a_link():
    an_office("serang")
    person = Person("whatsapp", "user.1")
    person.says("menu", "cek hak saya")
    told = ""
    for _question in range(40):
        told = person.says("1") if "1." in told or not told else person.says("tidak tahu")
        if "/hak/" in told:
            break
    assert "/hak/?apa=berhenti" in told


def test_the_nearest_office_to_a_place_comes_first():
    an_office("serang", name="Kantor Cabang Serang")
    an_office("bandung", name="Kantor Cabang Bandung", latitude="-6.91", longitude="107.61")
    person = Person("whatsapp", "user.1")
    person.says("", place=(-6.9, 107.6))
    labels = [one.label for one in queries.stand(person.speaker).asked.choices]
    assert labels[0] == "KC Bandung (2 km)"
    assert labels[1].startswith("KC Serang (1")
    assert "Kantor Cabang Bandung" in person.says("1")


@pytest.mark.parametrize("channel", ["sms", "web"])
@pytest.mark.parametrize("typed", ["kc serang", "Kantor Cabang Serang", "di kc serang"])
def test_an_office_is_found_by_its_short_name_and_by_its_long_one(channel, typed):
    """Pages say "Kantor Cabang", messages "KC"; who typed the other one wasn't understood."""
    an_office("serang", name="Kantor Cabang Serang")
    an_office("mpp-serang", name="Gerai MPP Kota Serang")
    person = Person(channel, "+6281234567890")
    told = person.says("cari kantor", typed)
    assert "belum paham" not in told
    assert "Buka" in told


def test_the_same_message_twice_does_the_same_thing_once():
    office = an_office("serang")
    tomorrow(office, places=9)
    person = Person()
    person.says(*BOOKING, a_nik(), "tidak")
    first = actions.hear(person.speaker, Said("ya"), key="wamid.1", now=at("07:05"))
    again = actions.hear(person.speaker, Said("ya"), key="wamid.1", now=at("07:06"))
    assert first == again
    assert Turn.objects.count() == 1


def test_after_half_an_hour_what_was_begun_is_offered_again():
    tomorrow(an_office("serang"))
    person = Person()
    person.says(*BOOKING)
    person.now += timedelta(minutes=31)
    assert "Lanjutkan" in person.says("halo")
    assert "NIK" in person.says("ya")


def test_on_the_web_a_language_is_kept():
    an_office("serang")
    person = Person("web", "session")
    assert "Welcome" in person.says("english")
    assert "Take a turn" in [c.label for c in queries.stand(person.speaker).asked.choices]


def test_opting_out_and_in_again():
    person = Person()
    a_turn_of(person)
    assert "tidak mengabari" in person.says("berhenti")
    assert Event.objects.filter(kind="contact.opted_out").exists()
    person.says("mulai")
    assert Event.objects.filter(kind="contact.opted_in").count() == 2


def test_a_talk_with_an_officer_goes_both_ways_and_hands_back():
    office = an_office("serang")
    officer = an_officer(office)
    person = Person("whatsapp", "user.1")
    told = person.says("petugas", "serang")
    handover = Handover.objects.get()
    assert f"{handover.code[:4]}-{handover.code[4:]}" in told
    assert "10.00 WIB" in told  # two hours after the doors open at 08.00
    person.says("kartu saya hilang")
    assert [one.lines for one in queries.inbox(office, now=person.now)] == [1]
    actions.answer(
        handover.id, "Datang saja, bawa KTP.", officer_id=officer.id, key="1", now=at("08:30")
    )
    actions.answer(handover.id, "Dua kali.", officer_id=officer.id, key="1", now=at("08:31"))
    assert Message.objects.filter(kind="reply").count() == 1
    assert [one.text for one in queries.lines(handover)] == [
        "kartu saya hilang",
        "Datang saja, bawa KTP.",
    ]
    actions.close(handover.id, officer_id=officer.id, now=at("08:40"))
    assert queries.inbox(office, now=person.now) == []
    assert "Selamat datang" in person.says("halo")
    with pytest.raises(actions.AlreadyClosed):
        actions.close(handover.id, officer_id=officer.id, now=at("08:41"))


def test_on_the_web_an_answer_waits_until_the_person_is_back():
    office = an_office("serang")
    officer = an_officer(office)
    person = Person("web", "session")
    person.says("petugas", "serang", "kartu saya hilang")
    actions.answer(
        Handover.objects.get().id, "Bawa KTP.", officer_id=officer.id, key="1", now=at("08:30")
    )
    assert "Bawa KTP." in person.says("halo")
    assert "Bawa KTP." not in person.says("halo")
    assert not Message.objects.exists()


def test_whoever_reads_what_somebody_wrote_leaves_a_trace():
    office = an_office("serang")
    officer = an_officer(office)
    Person().says("petugas", "serang", "rahasia")
    handover = Handover.objects.get()
    actions.look_at(handover.id, office_id=office.id, officer_id=officer.id, now=at("08:30"))
    seen = Event.objects.get(kind="conversation.seen")
    assert (seen.actor, seen.office_id) == (f"officer:{officer.id}", office.id)
    assert "rahasia" not in str(Event.objects.values_list("data", flat=True))


def test_a_document_is_checked_sealed_and_handed_over_with_a_receipt():
    office = an_office("serang")
    person = Person("whatsapp", "user.1")
    person.says("", document=Sent("image/png", PNG))
    told = person.says("serang")
    handover = Handover.objects.get()
    assert (handover.kind, handover.office) == ("document", office)
    assert handover.code[:4] in told
    line = Line.objects.get()
    assert queries.document(line.document_id, of=handover) == (PNG, "image/png")
    assert PNG[:8] not in bytes(Document.objects.get().content_sealed)


@pytest.mark.parametrize(
    ("content", "sorry"),
    [(b"MZ\x90", "tidak dapat dibaca"), (PNG + b"0" * 6 * 1024 * 1024, "terlalu besar")],
)
def test_what_is_no_document_is_refused(content, sorry):
    an_office("serang")
    told = Person("whatsapp", "user.1").says("", document=Sent("image/png", content))
    assert sorry in told
    assert not Document.objects.exists()


def test_a_claim_to_look_up_reaches_the_inbox():
    office = an_office("serang")
    person = Person()
    person.says("menu", "lacak klaim", "JHT, bulan lalu", "serang")
    assert [one.kind for one in queries.inbox(office, now=person.now)] == ["claim"]


def test_ever_new_sessions_of_one_net_address_do_not_flood_an_inbox():
    """With a new cookie each time a script could fill an inbox, where people's words were lost."""
    office = an_office("serang")
    for serial in range(25):
        told = Person("web", f"session {serial}", address="10.0.0.1").says("petugas", "serang")
    assert "telepon 175" in told
    assert len(queries.inbox(office, now=at("08:00"))) == 20
    assert "dipanggil" in Person("web", "other", address="10.0.0.2").says("petugas", "serang")
    later = Person("web", "session 24", address="10.0.0.1")
    later.now = at("08:05")
    assert "dipanggil" in later.says("menu", "petugas", "serang")
    assert b"10.0.0" not in b"".join(
        bytes(index) for index in Conversation.objects.values_list("address_index", flat=True)
    )


def test_ever_new_sessions_of_one_net_address_do_not_fill_the_store_of_files(monkeypatch):
    monkeypatch.setattr(documents, "FROM_AN_ADDRESS_A_DAY", 3)
    an_office("serang")
    for serial in range(5):
        person = Person("web", f"session {serial}", address="10.0.0.1")
        told = person.says("", document=Sent("image/png", PNG + bytes([serial])))
    assert "telepon 175" in told
    assert Document.objects.count() == 3


def test_an_officer_speaks_for_somebody_only_with_their_consent():
    office = an_office("serang")
    tomorrow(office)
    officer = an_officer(office)
    with pytest.raises(actions.ConsentNeeded):
        actions.assist(office.id, officer_id=officer.id, has_consent=False, now=at("08:00"))
    key = actions.assist(office.id, officer_id=officer.id, has_consent=True, now=at("08:00"))
    person = Person("clerk", key, officer_id=officer.id)
    person.now = at("08:00")
    person.says(*BOOKING, a_nik(), "tidak", "ya")
    turn = Turn.objects.get()
    assert (turn.channel, turn.moved_by) == ("clerk", f"officer:{officer.id}")
    consent = Event.objects.get(kind="conversation.consented")
    assert consent.actor == f"officer:{officer.id}"
    assert queries.assisted(key, officer_id=officer.id, office=office).turns == [turn]
    with pytest.raises(NotFound):
        queries.assisted(key, officer_id=an_officer(office).id, office=office)


def test_what_fell_silent_long_ago_is_erased_but_not_what_waits_for_an_officer():
    an_office("serang")
    Person().says("menu", "1")
    Person("whatsapp", "user.1").says("petugas", "serang", "halo")
    assert actions.forget(before=MONDAY) == 0
    assert actions.forget(before=MONDAY + timedelta(days=90)) == 1
    assert Conversation.objects.get().channel == "whatsapp"
    assert Handover.objects.get().lines.count() == 1
    assert not Exchange.objects.exists()


def test_of_a_conversation_that_goes_on_old_words_and_files_are_erased():
    office = an_office("serang")
    officer = an_officer(office)
    person = Person("whatsapp", "user.1")
    person.says("", document=Sent("image/png", PNG))
    person.says("serang")
    actions.close(Handover.objects.get().id, officer_id=officer.id, now=at("09:00"))
    person.now += timedelta(days=100)
    person.says("halo")
    assert actions.forget(before=MONDAY + timedelta(days=10)) == 0
    assert Exchange.objects.count() == 1
    assert not Handover.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize("channel", ["sms", "ussd"])
def test_every_answer_of_a_whole_visit_fits_its_channel(channel):
    office = an_office("serang", name="Kantor Cabang Perintis Serang Timur")
    for begins in ("08:00", "09:30", "13:00"):
        tomorrow(office, begins)
    person = Person(channel)
    limit = 306 if channel == "sms" else 178
    for text in (*BOOKING, a_nik(), "3", "ya", "lihat", "4", "tidak", "pindah", "1", "ya", "hak"):
        told = person.says(text)
        assert len(told) <= limit
        assert told.isascii()
    assert Turn.objects.exists()


class Telephone:
    """A telephone at a USSD gateway, which hands on all that was typed in a session."""

    def __init__(self, client, session="s1"):
        self.client, self.session, self.typed = client, session, []

    def press(self, *keys):
        screen = ""
        for key in keys:
            self.typed += [key] if key else []
            screen = self.post().content.decode()
        return screen

    def post(self, **changed):
        form = {"sessionId": self.session, "phoneNumber": "+6281234567890"}
        form |= {"text": "*".join(self.typed), "serviceCode": "*175#", **changed}
        return self.client.post("/chat/ussd/?rahasia=tersimpan", form)


@pytest.fixture
def telephone(client, monkeypatch, tmp_path):
    monkeypatch.setenv("GILIRAN_USSD_SECRET", "tersimpan")
    monkeypatch.setenv("GILIRAN_CLOCK", str(tmp_path / "clock.json"))
    clock.set_simulation(at("07:00"), speed=1)
    return Telephone(client)


def test_a_turn_is_booked_by_ussd_and_the_session_ends(telephone):
    tomorrow(an_office("serang"))
    assert telephone.press("").startswith("CON ")
    telephone.press("1", "1", "1", "1", "Siti Aminah", a_nik(), "1")
    screen = telephone.press("1")
    turn = Turn.objects.get()
    assert screen.startswith("END ")
    assert turn.code[:4] in screen
    assert stated_phone(turn) == "+6281234567890"
    assert len(screen) <= 182


def test_a_gateway_that_asks_again_books_once(telephone):
    tomorrow(an_office("serang"))
    telephone.press("", "1", "1", "1", "1", "Siti Aminah", a_nik(), "1")
    assert telephone.press("1") == telephone.post().content.decode()
    assert Turn.objects.count() == 1


def test_a_broken_session_goes_on_where_it_was(telephone):
    tomorrow(an_office("serang"))
    before = telephone.press("", "1", "1", "1")
    again = Telephone(telephone.client, "s2")
    assert again.press("") == before


def test_ussd_is_refused_without_the_secret_or_a_number(telephone):
    assert telephone.client.post("/chat/ussd/", {"sessionId": "1"}).status_code == 403
    assert telephone.post(phoneNumber="12").status_code == 400
    assert telephone.client.get("/chat/ussd/?rahasia=tersimpan").status_code == 405
    assert not Conversation.objects.exists()


def test_an_officers_answer_is_read_at_the_next_call(telephone):
    office = an_office("serang")
    officer = an_officer(office)
    telephone.press("", "8", "1", "kartu hilang")
    handover = Handover.objects.get()
    actions.answer(handover.id, "Bawa KTP saja.", officer_id=officer.id, key="1", now=at("08:00"))
    assert "Bawa KTP saja." in Telephone(telephone.client, "s2").press("")


STEPS_OF_A_WALK = 60
WORDS = (
    *("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "ya", "tidak", "menu", "kembali", "batal"),
    *("serang", "besok pagi", "senin", "Siti", "3673011708850077", "ABCD2345", "english", "lusa"),
    *("berhenti", "mulai", "petugas", "pindah", "lihat", "giliran saya", "hak", "tidak tahu"),
    *("45 menit", "batal 2345", "5 juta", "10-2026", "keluhan", "apa ya", "?", "", "\U0001f600"),
)


def a_sensible_answer(stand, chance):
    """Return what somebody might answer who has read the question, in one of its forms."""
    if stand is None or stand.asked is None:
        return chance.choice(["menu", "1", "batal", "ya", "pindah", "lihat", "petugas"])
    if stand.asked.choices:
        place = chance.randrange(len(stand.asked.choices))
        return chance.choice([str(place + 1), stand.asked.choices[place].label])
    turn = Turn.objects.last()
    typed = {"Siti Aminah": "Nama", a_nik(): "NIK,", "45": "menit", "menu": "petugas"}
    for answer, word in typed.items():
        if word in stand.asked.text:
            return answer
    return turn.code if turn else "10-2026"


@pytest.mark.parametrize("channel", ["ussd", "whatsapp"])
def test_whatever_is_said_is_answered_and_fits(channel):
    """A walk at random through the real dialogue: mostly sense, some nonsense, files, places."""
    chance = random.Random(f"walk {channel}")
    for office in (an_office("serang"), a_drawing_office("cilegon", region=a_region("draws"))):
        tomorrow(office, "10:30", places=50)
    person, limit = Person(channel, "+6281234567890"), MOUTHS[channel].letters
    for _message in range(STEPS_OF_A_WALK):
        said, text = {}, a_sensible_answer(queries.stand(person.speaker), chance)
        if chance.random() < 0.15:
            text = chance.choice(WORDS)
        elif channel in {"web", "whatsapp"} and chance.random() < 0.05:
            said, text = chance.choice([{"place": (-6.1, 106.1)}, {"document": Sent("", PNG)}]), ""
        told = person.says(text, **said)
        assert told or MOUTHS[channel].may_be_silent
        assert not limit or len(told) <= {"sms": 306, "whatsapp": 4096}.get(channel, limit)
        assert not re.search(r"\d{16}", told)


def test_every_outcome_of_every_deed_leads_somewhere():
    for step in script().steps.values():
        assert step.source in {"", *SOURCES}
        if step.do:
            outcomes = re.findall(r"Outcome\(\s*\"(\w+)\"", inspect.getsource(DEEDS[step.do]))
            assert set(outcomes) <= set(step.ways), step.id
