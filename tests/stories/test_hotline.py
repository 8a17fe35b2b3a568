"""The hot line: found by code or NIK, read out, and acted for with a consent that is recorded."""

from __future__ import annotations

import re

import pytest

from giliran import clock
from giliran.conversations.actions import Said, Speaker, answer, hear
from giliran.conversations.models import Handover
from giliran.journal.models import Event
from giliran.turns import queries
from tests.builders import (
    a_booking,
    a_drawing_office,
    a_nik,
    a_walk_in,
    a_window,
    an_application,
    an_office,
    an_officer,
    at,
    walk_in_places,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seven_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("07:00"))


@pytest.fixture
def office():
    return an_office()


@pytest.fixture
def desk(client, office):
    """Return a client that is logged in at the office's door."""
    client.force_login(an_officer(office, "door"))
    return client


def here(office):
    return f"/petugas/{office.slug}/telepon/"


def find(desk, office, **typed):
    action = "code" if "code" in typed else "nik"
    return desk.post(here(office), {"action": action, **typed}, follow=True)


def token_in(answer):
    return re.search(r'name="untuk" value="([^"]+)"', answer.content.decode()).group(1)


def test_a_caller_with_a_code_hears_when_and_where_and_no_name_is_shown(desk, office):
    turn = a_booking(a_window(office))
    shown = find(desk, office, code=f"{turn.code[:4].lower()} {turn.code[4:]}").content.decode()
    assert "09.30–10.00 WIB" in shown
    assert "Serang" in shown
    assert "S. A." in shown
    assert "Siti" not in shown
    assert "+62" not in shown


def test_the_code_of_a_conversations_receipt_says_by_when_it_is_answered(desk, client, office):
    """Who had such a code from a chat was told that no turn has it, and feared it was lost."""
    speaker = Speaker("web", "session")
    for text in ("petugas", "serang", "kartu saya hilang"):
        hear(speaker, Said(text), now=at("08:10"))
    handover = Handover.objects.get()
    for page in (
        find(desk, office, code=handover.code),
        client.get(f"/cari/?kode={handover.code}"),
    ):
        assert page.status_code == 200
        shown = page.content.decode()
        assert "tanda terima percakapan" in shown
        assert re.search(r"paling lambat Senin, \d+ \w+ 2026, \d\d\.\d\d WIB", shown)
        assert "kartu saya" not in shown
    answer(handover.id, "Bawa KTP.", officer_id=an_officer(office).id, key="1", now=at("08:30"))
    told = client.get(f"/cari/?kode={handover.code}").content.decode()
    assert "sudah menjawab" in told
    assert "Bawa KTP" not in told


def test_a_late_answer_is_admitted_where_the_code_is_asked_for(client, office, monkeypatch):
    for text in ("petugas", "serang", "kartu saya hilang"):
        hear(Speaker("web", "session"), Said(text), now=at("08:10"))
    monkeypatch.setattr(clock, "now", lambda: at("15:30"))
    told = client.get(f"/cari/?kode={Handover.objects.get().code}").content.decode()
    assert "Mohon maaf. Telepon 175." in told


def test_a_caller_without_a_code_is_found_by_nik_and_the_look_is_recorded(desk, office):
    nik = a_nik()
    a_booking(a_window(an_office("cilegon")), nik=nik)
    shown = find(desk, office, nik=nik).content.decode()
    assert "Siti Aminah" in shown
    assert "+6281234567890" in shown
    looks = Event.objects.filter(kind="person.seen")
    assert {look.data["what"] for look in looks} == {"search", "contact"}
    assert {look.office_id for look in looks} == {office.id}


def test_a_yes_on_the_telephone_is_noted_with_the_consent(desk, office):
    turn = a_booking(a_window(office))
    token = token_in(find(desk, office, code=turn.code))
    form = {"action": "act", "act": "confirm", "untuk": token}
    refused = desk.post(here(office), form)
    assert refused.status_code == 409
    assert "tanyakan persetujuan penelepon" in refused.content.decode()
    assert turn.code[:4] in refused.content.decode()
    done = desk.post(here(office), {**form, "consent": "1"}, follow=True)
    assert "penelepon akan datang" in done.content.decode()
    assert queries.said_yes(queries.by_id(turn.id))
    (consent,) = Event.objects.filter(kind="consent.by_phone")
    assert (consent.subject_id, consent.data) == (turn.id, {"about": "turn", "act": "confirm"})
    assert consent.actor.startswith("officer:")


def test_a_caller_moves_and_cancels(desk, office):
    turn = a_booking(a_window(office))
    later = a_window(office, "13:00")
    token = token_in(find(desk, office, code=turn.code))
    form = {"action": "act", "act": "move", "untuk": token, "consent": "1"}
    assert desk.post(here(office), form).status_code == 422
    moved = desk.post(here(office), {**form, "offer": str(later.id)}, follow=True)
    assert "13.00–13.30 WIB" in moved.content.decode()
    form = {"action": "act", "act": "cancel", "untuk": token_in(moved), "consent": "1"}
    gone = desk.post(here(office), form, follow=True)
    assert "Dibatalkan" in gone.content.decode()
    assert queries.by_id(turn.id).state == "cancelled"
    again = desk.post(here(office), form)
    assert again.status_code == 409
    assert Event.objects.filter(kind="consent.by_phone").count() == 2


def test_a_refused_act_leaves_no_consent_behind(desk, office):
    turn = a_booking(a_window(office))
    full = a_window(office, "13:00", places=1)
    a_booking(full)
    token = token_in(find(desk, office, code=turn.code))
    form = {"action": "act", "act": "move", "untuk": token, "consent": "1", "offer": str(full.id)}
    assert desk.post(here(office), form).status_code == 409
    assert not Event.objects.filter(kind="consent.by_phone").exists()
    assert queries.by_id(turn.id).window_from == at("09:30")


def test_somebody_who_waits_hears_how_many_are_before_them(desk, office, monkeypatch):
    walk_in_places(office)
    first, second = a_walk_in(office, "08:10"), a_walk_in(office, "08:11")
    monkeypatch.setattr(clock, "now", lambda: at("08:20"))
    shown = find(desk, office, code=second.code).content.decode()
    assert "1 orang sebelum Bapak/Ibu" in shown
    assert str(second.number) in shown
    assert first.number != second.number


def test_an_applicant_hears_of_the_next_draw_and_may_leave_it(client):
    office = a_drawing_office("cilegon")
    client.force_login(an_officer(office, "officer"))
    application = an_application(office, now=at("06:00"))
    answer = find(client, office, code=application.code)
    assert "Ikut undian Senin, 23 November 2026 pukul 17.00 WIB" in answer.content.decode()
    form = {"action": "withdraw", "untuk": token_in(answer)}
    assert client.post(here(office), form).status_code == 409
    gone = client.post(here(office), {**form, "consent": "1"}, follow=True)
    assert "Permohonan ini sudah ditarik." in gone.content.decode()


def test_only_what_a_callers_words_have_found_can_be_acted_upon(desk, office):
    turn = a_booking(a_window(office))
    application = an_application(a_drawing_office("cilegon"), now=at("06:00"))
    taken = token_in(find(desk, office, code=application.code))
    for form in (
        {"action": "act", "act": "cancel", "untuk": str(turn.id), "consent": "1"},
        {"action": "act", "act": "cancel", "untuk": taken, "consent": "1"},
        {"action": "act", "act": "finish", "untuk": taken, "consent": "1"},
        {"action": "withdraw", "untuk": "x", "consent": "1"},
        {"action": "apa"},
        {},
    ):
        assert desk.post(here(office), form).status_code == 404, form
    assert desk.get(here(office), {"untuk": "x"}).status_code == 404
    assert queries.by_id(turn.id).state == "booked"


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"code": "abc"}, 422, "Kode giliran terdiri dari 8 huruf"),
        ({"code": "ZZZZZZZZ"}, 404, "Data tidak ditemukan"),
        ({"nik": "123"}, 422, "NIK harus 16 angka"),
    ],
)
def test_what_cannot_be_found_is_said(desk, office, typed, status, sentence):
    answer = find(desk, office, **typed)
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_a_nik_without_anything_is_said(desk, office):
    assert "Tidak ada giliran atau permohonan" in find(desk, office, nik=a_nik()).content.decode()


def test_only_the_offices_own_staff_answers_its_telephone(client, office):
    assert client.get(here(office)).status_code == 302
    client.force_login(an_officer(an_office("cilegon"), "door"))
    assert client.get(here(office)).status_code == 403
    client.force_login(an_officer(office, "auditor"))
    assert client.get(here(office)).status_code == 403
