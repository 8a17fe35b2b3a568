"""What a citizen sends, and what the pages answer; Chromium reads the pages elsewhere."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from giliran import clock
from giliran.capacity.models import Offer
from giliran.journal.models import Event
from giliran.offices.models import Office
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.builders import (
    a_booking,
    a_nik,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
NIK = "3604014101900001"


@pytest.fixture(autouse=True)
def seven_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("07:00"))


def who_page(office: Office, window: Offer) -> str:
    return reverse("ask_who", args=["jht", office.slug, window.id])


def typed(**other) -> dict:
    usual = {"name": "Siti Rohmah", "nik": NIK, "phone": "", "request_key": str(uuid4())}
    return usual | {"langkah": "simpan"} | other


def read(response) -> str:
    """Return the text of a page as it is read, without its tags."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_a_confirmed_question_gives_a_turn_and_its_page(client):
    office = an_office()
    sent = client.post(who_page(office, a_window(office)), typed(priority="1", needs="wheelchair"))
    turn = Turn.objects.get()
    assert sent["Location"] == f"/g/{turn.code}/"
    assert (turn.state, turn.is_priority, turn.needs) == ("booked", True, ["wheelchair"])
    page = read(client.get(sent["Location"]))
    assert "09.30–10.00 WIB" in page
    assert f"{turn.code[:4]}-{turn.code[4:]}" in page


def test_the_same_form_sent_twice_gives_the_same_turn(client):
    office = an_office()
    window, form = a_window(office, places=1), typed()
    first, second = (client.post(who_page(office, window), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Turn.objects.count() == 1


def test_a_family_at_one_form_gets_a_turn_each(client):
    office = an_office()
    window, form = a_window(office), typed()
    one = client.post(who_page(office, window), form)
    other = client.post(who_page(office, window), form | {"nik": a_nik(), "name": "Budi"})
    assert one["Location"] != other["Location"]


def test_every_wrong_field_is_named_and_nothing_typed_is_lost(client):
    office = an_office()
    form = typed(name="", nik="36040141019", phone="12", needs="sign_language", langkah="periksa")
    page = client.post(who_page(office, a_window(office)), form)
    assert page.status_code == 422
    text = page.content.decode()
    for field in ("name", "nik", "phone"):
        assert f'href="#id_{field}"' in text
        assert f'id="{field}-error"' in text
    assert 'value="36040141019"' in text
    assert re.search(r'value="sign_language"\s+checked', text)
    assert Turn.objects.count() == 0


def test_the_check_page_carries_the_nik_in_the_form_and_nowhere_else(client):
    office = an_office()
    page = client.post(who_page(office, a_window(office)), typed(langkah="periksa"))
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<input type="hidden" name="nik" value="{NIK}">' in text
    assert not re.search(rf'(href|action)="[^"]*{NIK}', text)
    assert "no-store" in page["Cache-Control"]
    assert NIK not in str(client.cookies)
    assert Turn.objects.count() == 0


def test_a_window_that_filled_meanwhile_keeps_what_was_typed_and_offers_others(client):
    office, near = an_office(), an_office("cilegon", latitude="-6.02")
    full, later = a_window(office, "09:30", places=1), a_window(office, "10:00")
    there = a_window(near, "11:00")
    a_booking(full)
    page = client.post(who_page(office, full), typed(phone="0812 3456 7890"))
    assert page.status_code == 409
    text = page.content.decode()
    assert "Tempat pada jam ini sudah habis." in text
    assert 'value="0812 3456 7890"' in text
    assert f'formaction="{who_page(office, later)}"' in text
    assert f'formaction="{who_page(near, there)}"' in text
    assert f'formaction="{who_page(office, full)}"' not in text


def test_who_already_has_a_turn_is_told_so_without_learning_anything_of_it(client):
    office = an_office()
    held = a_booking(a_window(office, "13:00"), nik=NIK)
    page = client.post(who_page(office, a_window(office, "09:30")), typed())
    assert page.status_code == 409
    assert "NIK ini sudah punya giliran" in read(page)
    assert held.code not in page.content.decode()
    assert held.code[:4] not in read(page)
    assert "13.00" not in read(page)


def test_no_button_goes_on_without_an_answer(client):
    office = an_office()
    window = a_window(office)
    for url in (
        "/ambil/?lanjut=1",
        "/ambil/?lanjut=1&layanan=tidak-ada",
        "/ambil/jht/serang/?lanjut=1",
        "/ambil/jht/serang/?lanjut=1&jendela=%F0%9D%9F%99",
        f"/ambil/jht/serang/?lanjut=1&jendela={window.id}9999999999999999999999",
    ):
        page = client.get(url)
        assert page.status_code == 422, url
        assert "Ada yang perlu diperbaiki" in read(page)
    assert client.get("/ambil/?lanjut=1&layanan=jht")["Location"] == "/ambil/jht/"
    chosen = client.get(f"/ambil/jht/serang/?lanjut=1&jendela={window.id}")
    assert chosen["Location"] == who_page(office, window)


def test_a_full_window_is_shown_as_full_and_cannot_be_chosen(client):
    office = an_office()
    full = a_window(office, "09:30", places=1)
    a_window(office, "10:00", places=2)
    a_booking(full)
    page = client.get("/ambil/jht/serang/")
    assert re.search(rf'value="{full.id}"\s+disabled', page.content.decode())
    assert "Sisa 2 tempat" in read(page)
    refused = client.get(f"/ambil/jht/serang/?lanjut=1&jendela={full.id}")
    assert refused.status_code == 409
    assert client.get(who_page(office, full))["Location"] == "/ambil/jht/serang/"


def test_an_office_whose_windows_are_all_full_names_the_nearest_with_a_place(client):
    office, near = an_office(), an_office("cilegon", latitude="-6.02")
    a_booking(a_window(office, places=1))
    a_window(near, "11:00")
    page = read(client.get("/ambil/jht/serang/"))
    assert "Semua jam di kantor ini sedang penuh" in page
    assert "Cilegon" in page


def test_only_offices_that_serve_it_are_offered(client):
    an_office()
    a_service("pmi", "P")
    assert "Serang" in read(client.get("/ambil/jht/"))
    assert "Serang" not in read(client.get("/ambil/pmi/"))
    assert client.get("/ambil/pmi/serang/")["Location"] == "/ambil/pmi/"


@pytest.mark.parametrize(
    "url",
    [
        "/ambil/tidak-ada/",
        "/ambil/jht/tidak-ada/",
        "/ambil/jht/serang/999999/",
        "/g/K7QM3XPA/",
        "/g/bukan-kode/",
        "/g/K7QM3XPA/giliran.ics",
        "/kantor/tidak-ada/",
        "/tidak-ada/",
    ],
)
def test_what_does_not_exist_answers_404_and_what_to_do(client, url):
    an_office()
    page = client.get(url)
    assert page.status_code == 404
    assert "Cari giliran dengan kodenya" in read(page)


def test_a_window_of_another_office_is_not_found_under_this_one(client):
    an_office()
    elsewhere = a_window(an_office("cilegon"))
    assert client.post(f"/ambil/jht/serang/{elsewhere.id}/", typed()).status_code == 404
    assert Turn.objects.count() == 0


@pytest.mark.parametrize(
    "form", ["{0}-{1}", "{0} {1}", "{0}{1}", " {0}-{1} ", "http://x/g/{0}{1}/"]
)
def test_a_turn_is_found_however_its_code_is_typed(client, form):
    turn = a_booking(a_window(an_office()))
    for text in (form.format(turn.code[:4], turn.code[4:]),):
        for written in (text, text.lower()):
            assert client.get("/cari/", {"kode": written})["Location"] == f"/g/{turn.code}/"
    assert client.get(f"/g/{turn.code.lower()}/")["Location"] == f"/g/{turn.code}/"


def test_a_wrong_code_is_given_back_to_be_mended(client):
    assert client.get("/cari/", {"kode": ""}).status_code == 422
    unknown = client.get("/cari/", {"kode": "K7QM-3XPA"})
    assert unknown.status_code == 404
    assert 'value="K7QM-3XPA"' in unknown.content.decode()


def test_the_page_of_a_turn_shows_no_more_of_a_name_than_first_letters(client):
    office = an_office()
    turn = a_booking(a_window(office), nik=NIK)
    page = client.get(f"/g/{turn.code}/")
    assert "S. A." in read(page)
    for secret in ("Siti", "Aminah", NIK, "812"):
        assert secret not in read(page)
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"


def test_who_waits_sees_how_many_are_before_them_and_whether_a_counter_is_open(client, monkeypatch):
    office = an_office(counters=2)
    walk_in_places(office)
    line = [a_walk_in(office, f"08:1{n}") for n in range(4)]
    monkeypatch.setattr(clock, "now", lambda: at("08:20"))
    page = read(client.get(f"/g/{line[3].code}/?bagian=keadaan"))
    assert "3 orang sebelum Bapak/Ibu" in page
    assert "belum dibuka" in page
    officer, counter = at_counter(office)
    assert "belum dibuka" not in read(client.get(f"/g/{line[3].code}/?bagian=keadaan"))
    turns.call_next(counter, officer_id=officer.id, now=at("08:20"))
    called = read(client.get(f"/g/{line[0].code}/"))
    assert "Silakan ke loket 1" in called


def test_every_state_of_a_turn_has_its_page(client, monkeypatch):
    office = an_office()
    walk_in_places(office)
    officer, counter = at_counter(office)
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))
    turn = a_walk_in(office)
    moves = [
        (turns.call_next, (counter,), {"officer_id": officer.id}, "Silakan ke loket 1"),
        (turns.start, (), {"officer_id": officer.id}, "Sedang dilayani di loket 1"),
        (turns.park, (), {"officer_id": officer.id}, "Tempat Bapak/Ibu disimpan"),
        (turns.take_back, (turn.id,), {"officer_id": officer.id}, "Sedang dilayani"),
        (turns.finish, (), {"officer_id": officer.id}, "Terima kasih sudah datang"),
    ]
    assert "Bapak/Ibu berikutnya" in read(client.get(f"/g/{turn.code}/"))
    for act, positional, named, told in moves:
        act(*positional, **named, now=at("09:00"))
        assert told in read(client.get(f"/g/{turn.code}/"))
    missed = a_walk_in(office, "08:20")
    turns.call_next(counter, officer_id=officer.id, now=at("09:05"))
    turns.no_show(officer_id=officer.id, now=at("09:07"))
    assert "nomor bisa dikembalikan" in read(client.get(f"/g/{missed.code}/"))
    left = a_walk_in(office, "08:30")
    turns.leave(left.id, actor="door", now=at("09:10"))
    assert "Ambil giliran baru" in read(client.get(f"/g/{left.code}/"))


def test_cancelling_asks_once_more_and_frees_the_place_once(client):
    window = a_window(an_office(), places=1)
    turn = a_booking(window)
    url = f"/g/{turn.code}/batal/"
    assert "Ya, batalkan" in read(client.get(url))
    assert Turn.objects.get().state == "booked"
    for _ in range(2):
        assert client.post(url)["Location"] == f"/g/{turn.code}/"
    window.refresh_from_db()
    assert (Turn.objects.get().state, window.taken) == ("cancelled", 0)
    assert "Dibatalkan" in read(client.get(f"/g/{turn.code}/"))
    assert client.get(url)["Location"] == f"/g/{turn.code}/"


def test_somebody_who_waits_and_went_home_gives_the_number_up(client):
    office = an_office()
    walk_in_places(office)
    turn = a_walk_in(office)
    assert "Saya tidak jadi, atau sudah pulang" in read(client.get(f"/g/{turn.code}/"))
    client.post(f"/g/{turn.code}/batal/")
    assert Turn.objects.get().state == "cancelled"


def test_a_called_person_who_presses_cancel_too_late_is_told_how_it_stands(client):
    office = an_office()
    walk_in_places(office)
    officer, counter = at_counter(office)
    turn = a_walk_in(office)
    turns.call_next(counter, officer_id=officer.id, now=at("08:20"))
    page = client.post(f"/g/{turn.code}/batal/", follow=True)
    assert Turn.objects.get().state == "called"
    assert "Langkah “batalkan” tidak bisa" in read(page)


def test_a_turn_moves_to_another_window_here_or_nearby(client):
    office, near = an_office(), an_office("cilegon", latitude="-6.02")
    old, new, there = a_window(office, "09:30"), a_window(office, "13:00"), a_window(near, "10:00")
    turn = a_booking(old)
    url = f"/g/{turn.code}/pindah/"
    assert "Cilegon" in read(client.get(url))
    assert client.post(url, {"jendela": new.id})["Location"] == f"/g/{turn.code}/"
    assert Turn.objects.get().offer_id == new.id
    assert client.post(f"{url}?kantor=cilegon", {"jendela": there.id}).status_code == 302
    assert Turn.objects.get().office_id == near.id
    assert Offer.objects.get(id=old.id).taken == Offer.objects.get(id=new.id).taken == 0


def test_a_move_to_a_full_window_keeps_the_old_one(client):
    office = an_office()
    old, full = a_window(office, "09:30"), a_window(office, "10:00", places=1)
    turn = a_booking(old)
    a_booking(full)
    page = client.post(f"/g/{turn.code}/pindah/", {"jendela": full.id})
    assert page.status_code == 409
    assert client.post(f"/g/{turn.code}/pindah/", {}).status_code == 422
    assert Turn.objects.get(id=turn.id).offer_id == old.id


def test_after_its_window_a_turn_can_be_neither_moved_nor_silently_lost(client, monkeypatch):
    office = an_office()
    turn = a_booking(a_window(office, "09:30"))
    a_window(office, "13:00")
    monkeypatch.setattr(clock, "now", lambda: at("10:30"))
    page = read(client.get(f"/g/{turn.code}/"))
    assert "Jam Bapak/Ibu sudah lewat" in page
    assert "Pindah waktu" not in page
    assert "sudah lewat" in read(client.get(f"/g/{turn.code}/pindah/", follow=True))


def test_the_calendar_file_counts_the_moves(client):
    office = an_office()
    turn = a_booking(a_window(office, "09:30"))
    client.post(f"/g/{turn.code}/pindah/", {"jendela": a_window(office, "13:00").id})
    entry = client.get(f"/g/{turn.code}/giliran.ics")
    assert entry["Content-Type"].startswith("text/calendar")
    text = entry.content.decode()
    assert "SEQUENCE:1" in text
    assert "DTSTART:20261123T060000Z" in text
    client.post(f"/g/{turn.code}/batal/")
    assert "METHOD:CANCEL" in client.get(f"/g/{turn.code}/giliran.ics").content.decode()


def test_an_office_tells_its_hours_breaks_and_days_off(client):
    office = an_office()
    a_window(office)
    page = read(client.get("/kantor/serang/"))
    assert "08.00–15.00" in page
    assert "istirahat 11.30–13.00" in page
    assert "Hari libur berikutnya" in page
    assert "Natal" in page
    assert "Jalan Contoh 1" in page


def test_offices_are_found_by_a_word(client):
    an_office()
    an_office("cilegon")
    assert "Serang" in read(client.get("/kantor/"))
    found = read(client.get("/kantor/", {"q": "ciLE"}))
    assert "Cilegon" in found
    assert "Serang" not in found
    assert "Tidak ada kantor" in read(client.get("/kantor/", {"q": "<b>xyz"}))


def test_an_empty_installation_has_a_front_page(client):
    page = read(client.get("/"))
    assert "Semua layanan gratis. Tidak perlu calo." in page
    assert client.get("/ambil/").status_code == 200


def test_a_forged_or_outdated_form_is_refused_in_plain_words():
    from django.test import Client

    office = an_office()
    page = Client(enforce_csrf_checks=True).post(who_page(office, a_window(office)), typed())
    assert page.status_code == 403
    assert "Belum ada yang tersimpan" in read(page)


@pytest.mark.parametrize("view", [server_error, lambda request: bad_request(request, None)])
def test_a_failure_is_told_in_plain_words_without_needing_anything_else(rf, view):
    page = read(view(rf.get("/")))
    assert re.search("tetap aman|Belum ada yang tersimpan", page)


def test_an_english_reader_can_follow_the_pages(client):
    office = an_office()
    turn = a_booking(a_window(office))
    client.cookies["django_language"] = "en"
    for url in ("/", "/ambil/", "/ambil/jht/serang/", f"/g/{turn.code}/", "/kantor/serang/"):
        page = client.get(url)
        assert page.status_code == 200
        assert '<html lang="en">' in page.content.decode()
    assert "Christmas" in read(page)


def test_the_history_of_a_turn_holds_neither_name_nor_nik(client):
    office = an_office()
    client.post(who_page(office, a_window(office)), typed())
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert "Rohmah" not in told
    assert NIK not in told


def test_windows_that_have_begun_are_no_longer_offered(client, monkeypatch):
    office = an_office()
    begun, later = a_window(office, "09:30"), a_window(office, "10:00")
    monkeypatch.setattr(clock, "now", lambda: at("09:30") + timedelta(minutes=1))
    page = client.get("/ambil/jht/serang/").content.decode()
    assert f'value="{begun.id}"' not in page
    assert f'value="{later.id}"' in page
