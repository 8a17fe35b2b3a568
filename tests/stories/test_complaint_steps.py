"""The staff's pages of complaints: who may open which, and what the buttons do."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from giliran.core.complaint import Move, State
from giliran.journal.models import Event
from giliran.voices import actions as voices
from giliran.voices import complaints
from giliran.voices.models import Complaint
from giliran.web.counter import complaints_words as words
from tests.builders import a_service, a_walk_in, an_office, an_officer, at, walk_in_places

pytestmark = pytest.mark.django_db

QUEUE = "Sudah datang jam lima pagi, kuota antrean habis padahal loket baru buka."
NOON = at("12:00")


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    monkeypatch.setattr("giliran.clock.now", lambda: NOON)


def complain(text=QUEUE, **fields):
    defaults = {"request_key": uuid4(), "channel": "web", "now": at("09:00")}
    return voices.complain(text=text, **{**defaults, **fields})


@pytest.fixture
def office():
    a_service()
    return an_office()


def as_(client, officer):
    client.force_login(officer)
    return client


def act(client, code, step, **typed):
    page = client.get(f"/petugas/aduan/{code}/")
    found = complaints.find(code)
    seen = f"{found.state}.{found.moved_at.timestamp():.6f}"
    assert page.status_code == 200
    return client.post(
        f"/petugas/aduan/{code}/",
        {"langkah": step, "terlihat": seen, "kunci": str(uuid4()), **typed},
    )


def test_a_list_shows_what_is_due_and_no_word_of_it(client, office):
    view = complain(office=office, category="queue", name="Siti Aminah")
    page = as_(client, an_officer(office)).get("/petugas/serang/aduan/")
    text = page.content.decode()
    assert f"No. {view.id}<" in text
    assert "30 November 2026" in text
    assert "Siti" not in text
    assert "kuota antrean habis" not in text


def test_an_officer_takes_it_in_hand_classifies_and_answers(client, office):
    code = complain(office=office, category="queue").code
    clerk = an_officer(office)
    as_(client, clerk)
    assert act(client, code, "pelajari").status_code == 302
    assert act(client, code, "jenis", jenis="light", pokok="queue").status_code == 302
    assert complaints.find(code).due_on == date(2026, 11, 25)
    assert act(client, code, "jawab", kata="Kuota ditambah besok.").status_code == 302
    assert complaints.find(code).state == "answered"
    text = client.get(f"/petugas/aduan/{code}/").content.decode()
    assert "Kuota ditambah besok." in text
    assert "Ketentuan SP4N-LAPOR!" in text


def test_the_file_names_the_law_of_its_date_and_of_each_class(client, office):
    code = complain(office=office).code
    as_(client, an_officer(office))
    act(client, code, "pelajari")
    text = client.get(f"/petugas/aduan/{code}/").content.decode()
    assert "UU 24/2011 Pasal 48 ayat (2)" in text
    assert "PermenPANRB 62/2018" in text
    assert "UU 25/2009 Pasal 44" not in text  # fourteen days are never the shortest here


def test_whoever_is_complained_about_finds_nothing_anywhere(client, office):
    about = an_officer(office)
    head = an_officer(office, "manager")
    code = complain(office=office, officer_id=about.id).code
    as_(client, about)
    pages = [
        client.get("/petugas/serang/aduan/"),
        client.get("/petugas/serang/aduan/", {"kode": code}),
        client.get(f"/petugas/aduan/{code}/"),
    ]
    assert [page.status_code for page in pages] == [200, 404, 404]
    assert "No. " not in pages[0].content.decode()
    sums = pages[0].context["lists"]
    assert {count for _, _, count in sums} == {0}
    as_(client, head)
    assert client.get(f"/petugas/aduan/{code}/").status_code == 200
    history = client.get("/kepala/serang/riwayat/").content.decode()
    assert "complaint" not in history


def test_a_complaint_about_a_head_stands_with_the_region_alone(client, office):
    head = an_officer(office, "manager")
    code = complain(office=office, officer_id=head.id).code
    as_(client, head)
    assert client.get(f"/petugas/aduan/{code}/").status_code == 404
    as_(client, an_officer(office, "regional"))
    assert client.get(f"/petugas/aduan/{code}/").status_code == 200
    number = complaints.find(code).id
    assert f"No. {number}<" in client.get("/kepala/wilayah/banten/aduan/").content.decode()


def test_a_protected_name_opens_by_a_button_of_the_region_and_each_look_is_kept(client, office):
    code = complain(office=office, name="Siti Aminah", is_protected=True).code
    region = an_officer(office, "regional")
    as_(client, region)
    assert "Siti Aminah" not in client.get(f"/petugas/aduan/{code}/").content.decode()
    for _ in range(2):
        page = client.post(f"/petugas/aduan/{code}/", {"langkah": "nama"})
        assert "Siti Aminah" in page.content.decode()
    looks = Event.objects.filter(kind="complaint.seen", data__what="name")
    assert looks.count() == 2
    as_(client, an_officer(None, "administrator"))
    page = client.post(f"/petugas/aduan/{code}/", {"langkah": "nama"})
    assert page.status_code == 409
    assert "Siti Aminah" not in page.content.decode()


def test_an_old_page_does_nothing_and_a_double_click_answers_once(client, office):
    code = complain(office=office, category="queue").code
    as_(client, an_officer(office))
    old = client.post(f"/petugas/aduan/{code}/", {"langkah": "pelajari", "terlihat": "received.1"})
    assert old.status_code == 409
    assert complaints.find(code).state == "received"
    act(client, code, "jenis", jenis="normative", pokok="queue")
    key = str(uuid4())
    for _ in range(2):
        sent = {"langkah": "jawab", "kata": "Kuota ditambah besok.", "kunci": key}
        assert client.post(f"/petugas/aduan/{code}/", sent).status_code == 302
    assert len(complaints.view(code, now=NOON).said) == 1


def test_what_is_wrong_is_pointed_out_and_what_was_typed_stays(client, office):
    code = complain(office=office, category="queue").code
    as_(client, an_officer(office))
    act(client, code, "jenis", jenis="normative", pokok="queue")
    page = act(client, code, "jawab", kata="ya")
    assert page.status_code == 422
    assert "paling sedikit 10 huruf" in page.content.decode()
    page = act(client, code, "teruskan", instansi="", kata="Bukan wewenang BPJS.")
    assert page.status_code == 422
    assert "Bukan wewenang BPJS." in page.content.decode()
    assert "nama instansi" in page.content.decode()


def test_a_head_answers_similar_ones_at_once(client, office):
    first = complain(office=office, category="queue")
    second = complain(office=office, category="queue")
    as_(client, an_officer(office, "manager"))
    act(client, first.code, "jenis", jenis="light", pokok="queue")
    act(client, first.code, "jawab-serupa", kata="Kuota ditambah besok.", serupa=[str(second.id)])
    assert set(Complaint.objects.values_list("state", flat=True)) == {"answered"}


def test_who_hands_it_to_another_level_is_led_home(client, office):
    clerk, code = an_officer(office), complain(office=office).code
    as_(client, clerk)
    page = act(client, code, "jenis", jenis="normative", pokok="bribe")
    assert page.url == "/petugas/"
    assert client.get(f"/petugas/aduan/{code}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("officer", "/petugas/serang/aduan/", 200),
        ("door", "/petugas/serang/aduan/", 403),
        ("regional", "/petugas/serang/aduan/", 200),
        ("officer", "/kepala/wilayah/banten/aduan/", 403),
        ("manager", "/kepala/wilayah/banten/aduan/", 403),
        ("regional", "/kepala/wilayah/banten/aduan/", 200),
        ("auditor", "/kepala/wilayah/banten/aduan/", 200),
        ("regional", "/kepala/aduan/", 302),
        ("administrator", "/kepala/aduan/", 200),
        ("officer", "/kepala/aduan/", 403),
    ],
)
def test_each_page_opens_to_those_who_answer_for_it(client, office, role, page, status):
    complain(office=office)
    complain()
    as_(client, an_officer(office, role))
    assert client.get(page).status_code == status


def test_an_auditor_reads_without_the_name_and_changes_nothing(client, office):
    code = complain(office=office, name="Siti Aminah").code
    as_(client, an_officer(None, "auditor"))
    page = client.get(f"/petugas/aduan/{code}/").content.decode()
    assert QUEUE in page
    assert "Lihat nama" not in page
    assert act(client, code, "pelajari").status_code == 409


def test_every_state_move_class_and_category_has_words():
    assert set(words.STATES) == set(words.TAGS) == set(State)
    assert set(words.HAPPENED) == set(Move)
    assert dict(Complaint.Category.choices) == words.CATEGORIES
    assert dict(Complaint.Weight.choices) == words.WEIGHTS
    assert dict(Complaint.Level.choices) == words.LEVELS


def test_the_turn_of_somebody_anonymous_is_not_shown_for_it_tells_the_name(client, office):
    walk_in_places(office)
    turn = a_walk_in(office)
    shown = f"{turn.code[:4]}-{turn.code[4:]}"
    hidden = complain(turn_code=turn.code, is_anonymous=True)
    open_ = complain(turn_code=turn.code)
    assert hidden.office_slug == open_.office_slug == "serang"
    as_(client, an_officer(office, "manager"))
    assert shown not in client.get(f"/petugas/aduan/{hidden.code}/").content.decode()
    assert shown in client.get(f"/petugas/aduan/{open_.code}/").content.decode()
