"""One question after a visit: asked once, answered by one touch, told to nobody by name."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from giliran import clock
from giliran.cli.whatsapp import stated_templates
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.core.refusal import NotFound
from giliran.core.satisfaction import ELEMENTS
from giliran.jobs import sending
from giliran.journal.models import Event
from giliran.messages import actions as messages
from giliran.messages.models import Message
from giliran.offices.models import Office
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from giliran.voices import opinions
from giliran.voices.actions import asking_opinion
from giliran.voices.models import Opinion
from giliran.voices.opinion_refusals import NoScore, NotServedYet, TooLateToRate
from tests.builders import (
    MONDAY,
    a_kiosk,
    a_walk_in,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = pytest.mark.django_db


class Branch:
    """An office with one officer at counter 1, who serves whoever is next."""

    def __init__(self, slug: str = "serang") -> None:
        self.office = an_office(slug)
        walk_in_places(self.office, places=200)
        self.officer, self.counter = at_counter(self.office)

    def serve(self, came: str = "08:10", done: str = "08:30") -> Turn:
        turn = a_walk_in(self.office, came)
        turns.call_next(self.counter, officer_id=self.officer.id, now=at(done))
        turns.start(officer_id=self.officer.id, now=at(done))
        turns.finish(officer_id=self.officer.id, now=at(done))
        return Turn.objects.get(id=turn.id)


def told(turn: Turn, address: str = "0812 3456 7890", channel: str = "sms") -> int:
    contact_id = messages.heard_from(channel, address, now=at("07:00"))
    messages.subscribe(contact_id, subject="turn", subject_id=turn.id, now=at("07:00"))
    return contact_id


def answered(branch: Branch, count: int, *, score: int = 4, **elements: int) -> None:
    for _ in range(count):
        token = asking_opinion.ask(branch.serve().id, channel="web", now=at("09:00"))
        asking_opinion.rate(token, score, channel="web", now=at("09:00"))
        Opinion.objects.filter(token=token).update(elements=elements)


def read(response) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_nobody_is_asked_before_they_were_served():
    branch = Branch()
    turn = a_walk_in(branch.office)
    with pytest.raises(NotServedYet):
        asking_opinion.ask(turn.id, channel="web", now=at("08:20"))
    with pytest.raises(NotFound):
        asking_opinion.ask(0, channel="web", now=at("08:20"))
    assert not Opinion.objects.exists()


def test_asked_by_two_channels_it_is_one_question():
    turn = Branch().serve()
    first = asking_opinion.ask(turn.id, channel="web", now=at("08:40"))
    assert asking_opinion.ask(turn.id, channel="kiosk", now=at("08:50")) == first
    assert Opinion.objects.get().channel == "web"


def test_a_week_after_the_visit_nobody_is_asked_any_more():
    turn = Branch().serve()
    with pytest.raises(TooLateToRate):
        asking_opinion.ask(turn.id, channel="web", now=at("08:31") + timedelta(days=7))


def test_the_message_comes_an_hour_after_the_visit_and_only_once():
    branch = Branch()
    turn = branch.serve()
    branch.serve()  # who allowed no messages
    told(turn)
    assert asking_opinion.ask_due(now=at("09:29")) == 0
    assert asking_opinion.ask_due(now=at("09:30")) == 1
    assert asking_opinion.ask_due(now=at("09:35")) == 0
    message = Message.objects.get(kind="opinion.asked")
    wording = sending.word(message.id, "id")
    assert "1 tidak baik, 2 kurang baik, 3 baik, 4 sangat baik" in wording.text
    assert len(wording.short) <= SMS_LETTERS
    assert turn.code not in wording.text + wording.short + wording.letter


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_question_fits_one_sms_and_is_registered_as_it_is_sent(language):
    turn = Branch().serve()
    Office.objects.update(name="Kantor Cabang Perintis Pangkalan Bun Kotawaringin")
    told(turn)
    asking_opinion.ask_due(now=at("09:30"))
    wording = sending.word(Message.objects.get(kind="opinion.asked").id, language)
    assert len(wording.short) <= SMS_LETTERS
    assert "4" in wording.short
    (stated,) = (
        one
        for one in stated_templates()
        if one["name"] == wording.template and one["language"] == language
    )
    body = stated["components"][0]
    assert len(body["example"]["body_text"][0]) == len(wording.parameters)


def test_whoever_saw_it_on_the_page_gets_no_message(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("08:40"))
    turn = Branch().serve()
    told(turn)
    assert "Bagaimana layanan kami?" in read(client.get(f"/g/{turn.code}/"))
    assert asking_opinion.ask_due(now=at("09:30")) == 0
    assert not Message.objects.exists()


def test_a_message_that_was_answered_meanwhile_dies_unsent():
    turn = Branch().serve()
    told(turn)
    asking_opinion.ask_due(now=at("09:30"))
    asking_opinion.rate(Opinion.objects.get().token, 3, channel="web", now=at("09:31"))
    assert sending.word(Message.objects.get(kind="opinion.asked").id, "id") is None


def test_late_in_the_evening_the_question_waits_for_the_morning():
    turn = Branch().serve()
    Turn.objects.filter(id=turn.id).update(ended_at=at("20:30"))
    told(turn)
    asking_opinion.ask_due(now=at("21:30"))
    message = Message.objects.get(kind="opinion.asked")
    assert message.due_at == at("07:00", MONDAY + timedelta(days=1))


def test_one_touch_on_the_page_of_the_turn_answers_it(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("08:40"))
    turn = Branch().serve()
    client.get(f"/g/{turn.code}/")
    token = Opinion.objects.get().token
    sent = client.post(f"/nilai/{token}/", {"nilai": "3"})
    page = read(client.get(sent["Location"]))
    assert "Dua pertanyaan lagi, boleh dilewati" in page
    first, second = Opinion.objects.get().asked_elements
    client.post(
        f"/nilai/{token}/",
        {"langkah": "lagi", first: "4", second: "x", "kata": "Petugasnya ramah"},
    )
    found = Opinion.objects.get()
    assert (found.score, found.elements, found.words_group) == (3, {first: 4}, "staff")
    assert b"ramah" not in bytes(found.words_sealed)
    assert "Terima kasih atas penilaian" in read(client.get(f"/g/{turn.code}/"))


@pytest.mark.parametrize("typed", ["", "0", "5", "٣", "3.5", "-1", "\0"])
def test_what_is_no_answer_is_asked_again(client, monkeypatch, typed):
    monkeypatch.setattr(clock, "now", lambda: at("08:40"))
    token = asking_opinion.ask(Branch().serve().id, channel="web", now=at("08:40"))
    sent = client.post(f"/nilai/{token}/", {"nilai": typed})
    assert sent.status_code == 422
    assert "Pilih dulu salah satu" in read(sent)
    assert Opinion.objects.get().score is None


def test_the_first_answer_stands():
    token = asking_opinion.ask(Branch().serve().id, channel="web", now=at("08:40"))
    asking_opinion.rate(token, 2, channel="web", now=at("08:41"))
    asking_opinion.rate(token, 4, channel="sms", now=at("08:42"))
    found = Opinion.objects.get()
    assert (found.score, found.replied_by) == (2, "web")


def test_elements_that_were_not_asked_about_are_not_taken():
    token = asking_opinion.ask(Branch().serve().id, channel="web", now=at("08:40"))
    with pytest.raises(NoScore):
        asking_opinion.rate_more(token, {}, "Lama", now=at("08:41"))
    asking_opinion.rate(token, 2, channel="web", now=at("08:41"))
    asking_opinion.rate_more(token, dict.fromkeys(ELEMENTS, 1), "", now=at("08:42"))
    found = Opinion.objects.get()
    assert sorted(found.elements) == sorted(found.asked_elements)


def test_a_month_later_no_answer_is_taken(client, monkeypatch):
    token = asking_opinion.ask(Branch().serve().id, channel="web", now=at("08:40"))
    monkeypatch.setattr(clock, "now", lambda: at("08:41") + timedelta(days=30))
    assert client.post(f"/nilai/{token}/", {"nilai": "4"}).status_code == 409
    assert "Waktu menilai sudah lewat" in read(client.get(f"/nilai/{token}/"))
    assert client.get(f"/nilai/{uuid4().hex}/").status_code == 404


def test_the_kiosk_asks_whoever_scans_the_paper_of_a_visit_that_is_over(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("08:40"))
    branch = Branch()
    here = f"/kios/{a_kiosk(branch.office).token}/"
    turn = branch.serve()
    asked = client.post(here, {"langkah": "hadir", "kode": turn.code})
    assert "Bagaimana layanan kami?" in read(asked)
    token = Opinion.objects.get(channel="kiosk").token
    sent = client.post(here, {"langkah": "nilai", "tanya": token, "nilai": "4"})
    assert "Terima kasih, sudah kami catat" in read(sent)
    assert Opinion.objects.get().score == 4


def test_nothing_is_told_of_fewer_than_ten_replies():
    branch = Branch()
    answered(branch, 9, score=2)
    few = opinions.summary([branch.office.id], MONDAY, MONDAY)
    assert (few.asked, few.replied, few.overall) == (9, 9, None)
    answered(branch, 1, score=4)
    enough = opinions.summary([branch.office.id], MONDAY, MONDAY)
    assert enough.overall is not None
    assert enough.overall.value == pytest.approx(2.2)


def test_the_reply_rate_counts_everybody_who_was_asked():
    branch = Branch()
    answered(branch, 1)
    asking_opinion.ask(branch.serve().id, channel="kiosk", now=at("09:00"))
    branch.serve()  # nobody asked this one
    found = opinions.summary([branch.office.id], MONDAY, MONDAY)
    assert (found.served, found.asked, found.replied) == (3, 2, 1)
    assert found.share is not None
    assert found.share[0] == 0.5
    assert [tuple(one) for one in found.channels] == [("kiosk", 1, 0), ("web", 1, 1)]


def test_the_index_waits_until_every_element_has_ten_answers():
    branch = Branch()
    eight = dict.fromkeys(list(ELEMENTS)[:8], 4)
    answered(branch, 10, **eight)
    assert opinions.summary([branch.office.id], MONDAY, MONDAY).survey is None
    answered(branch, 10, **dict.fromkeys(ELEMENTS, 3))
    found = opinions.summary([branch.office.id], MONDAY, MONDAY)
    assert found.survey is not None
    # Eight elements at 3.5 and one at 3: 25 x (8 x 3.5 + 3) / 9.
    assert found.survey.value == pytest.approx(25 * 31 / 9)
    assert found.survey.grade == "B"


def test_one_office_is_not_told_what_was_said_of_another():
    serang, cilegon = Branch("serang"), Branch("cilegon")
    answered(serang, 10)
    assert opinions.summary([cilegon.office.id], MONDAY, MONDAY).replied == 0
    assert opinions.summary([serang.office.id], MONDAY + timedelta(1), MONDAY).replied == 0


def test_an_answer_never_leads_to_the_officer_or_the_turn():
    branch = Branch()
    answered(branch, 1, score=1)
    events = Event.objects.filter(subject="opinion")
    assert [event.kind for event in events.order_by("id")][:2] == ["opinion.ask", "opinion.reply"]
    for event in events:
        assert event.office_id is None  # so no office's history shows it
        assert not {"turn_id", "officer_id", "counter_id"} & set(event.data)


def test_the_history_of_an_office_does_not_show_who_answered_when(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("10:00"))
    branch = Branch()
    answered(branch, 1, score=1)
    client.force_login(an_officer(branch.office, "manager"))
    page = client.get(f"/kepala/{branch.office.slug}/riwayat/")
    assert page.status_code == 200
    assert "opinion" not in page.content.decode()


def test_free_words_are_forgotten_and_their_group_stays():
    token = asking_opinion.ask(Branch().serve().id, channel="web", now=at("08:40"))
    asking_opinion.rate(token, 2, channel="web", now=at("08:41"))
    asking_opinion.rate_more(token, {}, "Lama sekali", now=at("08:42"))
    assert asking_opinion.forget_words(before=MONDAY) == 0
    assert asking_opinion.forget_words(before=MONDAY + timedelta(days=1)) == 1
    found = Opinion.objects.get()
    assert (bytes(found.words_sealed), found.words_group) == (b"", "wait")


def test_the_head_reads_sums_with_how_sure_they_are_and_no_officer(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("10:00", MONDAY + timedelta(days=7)))
    branch = Branch()
    answered(branch, 10, score=3, **dict.fromkeys(ELEMENTS, 3))
    client.force_login(an_officer(branch.office, "manager"))
    page = read(client.get(f"/kepala/{branch.office.slug}/kepuasan/"))
    assert "75,00" in page  # every element at 3: 25 x 3
    assert "Mutu C, kurang baik" in page
    assert "10 dari 10 yang ditanya; 10 dilayani" in page
    assert branch.officer.full_name not in page
    before = read(client.get(f"/kepala/{branch.office.slug}/kepuasan/?bulan=2026-10"))
    assert "75,00" not in before
    assert "kurang dari 10 jawaban" in before


def test_nine_replies_are_not_told_to_the_head(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("10:00", MONDAY + timedelta(days=7)))
    branch = Branch()
    answered(branch, 9, score=1, **dict.fromkeys(ELEMENTS, 1))
    client.force_login(an_officer(branch.office, "manager"))
    page = read(client.get(f"/kepala/{branch.office.slug}/kepuasan/"))
    assert "Belum ditampilkan: kurang dari 10 jawaban" in page
    assert "1,00" not in page


def test_a_region_reads_its_offices_together_and_others_nothing(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("10:00", MONDAY + timedelta(days=7)))
    serang, cilegon = Branch("serang"), Branch("cilegon")
    answered(serang, 5, score=4)
    answered(cilegon, 5, score=2)
    client.force_login(an_officer(serang.office, "regional"))
    page = read(client.get("/kepala/wilayah/banten/kepuasan/?bulan=x"))
    assert "3,00" in page
    client.force_login(an_officer(serang.office, "officer"))
    assert client.get("/kepala/wilayah/banten/kepuasan/").status_code == 403
    assert client.get("/kepala/serang/kepuasan/").status_code == 403


def test_the_running_week_is_not_told_yet(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("16:00", MONDAY + timedelta(days=4)))
    branch = Branch()
    answered(branch, 10, score=2)
    client.force_login(an_officer(branch.office, "manager"))
    page = read(client.get(f"/kepala/{branch.office.slug}/kepuasan/"))
    assert "Sampai Minggu, 22 November 2026" in page
    assert "2,00" not in page
