"""Complaining on the pages: few fields, the receipt at once, and who complained has the last word.

Chromium walks the whole way in tests/browser/test_complaint_story.py.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache

from giliran import clock
from giliran.encryption import unseal
from giliran.journal.models import Event
from giliran.voices.floods import AT_MOST
from giliran.voices.models import Complaint
from tests.builders import a_booking, a_kiosk, a_window, an_office, an_officer, at

pytestmark = pytest.mark.django_db
TEXT = "Nomor antrean habis pukul tujuh, padahal kantor baru buka pukul delapan."


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    cache.clear()
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def typed(**other) -> dict:
    usual = {"text": TEXT, "cara": "nama", "request_key": str(uuid4()), "langkah": "kirim"}
    return usual | other


def read(response) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def complain(client, **fields) -> Complaint:
    sent = client.post("/aduan/", typed(**fields))
    assert sent.status_code == 302, read(sent)
    return Complaint.objects.get(code=sent["Location"].split("/")[2])


def an_answer(complaint: Complaint) -> None:
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


def test_the_receipt_comes_at_once_with_its_code_and_its_legal_dates(client):
    office = an_office()
    kept = complain(client, kantor=office.slug, category="queue")
    page = read(client.get(f"/a/{kept.code}/tanda-terima/"))
    assert f"{kept.code[:4]}-{kept.code[4:]}" in page
    assert "Dijawab paling lambat" in page
    assert "UU" in page  # the law of the date stands beside it
    assert (kept.office, kept.category, kept.channel) == (office, "queue", "web")


def test_the_form_is_shown_once_more_before_it_is_sent(client):
    page = client.post("/aduan/", typed(langkah="periksa", name="Siti Rohmah"))
    assert "Periksa dulu aduannya" in read(page)
    assert TEXT in read(page)
    assert not Complaint.objects.exists()
    changed = client.post("/aduan/", typed(langkah="ubah", name="Siti Rohmah"))
    assert 'value="Siti Rohmah"' in changed.content.decode()
    assert not Complaint.objects.exists()


def test_the_same_form_twice_is_one_complaint(client):
    key = str(uuid4())
    assert complain(client, request_key=key) == complain(client, request_key=key)
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", "buruk", "Tulis apa yang terjadi"),
        ("text", "\0" * 20, "Tulis apa yang terjadi"),
        ("kantor", "tidak-ada", "Kantor itu tidak dikenal"),
        ("kode", "ZZZZ-ZZZZ", "Kode itu tidak dikenal"),
        ("kode", "\0", "Kode itu tidak dikenal"),
        ("cara", "", "Pilih dulu bagaimana nama"),
        ("phone", "12", "telepon"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_above_the_form(client, field, value, said):
    page = client.post("/aduan/", typed(**{field: value}))
    assert page.status_code == 422
    assert said in read(page)
    assert f'href="#id_{field}"' in page.content.decode()
    assert not Complaint.objects.exists()


def test_without_a_name_neither_name_nor_number_nor_address_is_kept(client):
    kept = complain(client, cara="tanpa", name="Siti Rohmah", phone="0812 3456 7890")
    assert kept.is_anonymous
    assert (bytes(kept.name_sealed), bytes(kept.phone_sealed)) == (b"", b"")
    said = " ".join(str(event.data) for event in Event.objects.all())
    assert "127.0.0.1" not in said
    assert "address" not in said


def test_a_protected_name_is_kept_sealed_and_not_shown_on_the_page(client):
    place = an_office().slug
    kept = complain(client, cara="lindungi", name="Siti Rohmah", category="bribe", kantor=place)
    assert kept.is_protected
    assert unseal(kept.name_sealed) == "Siti Rohmah"
    assert "Siti" not in read(client.get(f"/a/{kept.code}/"))
    assert kept.level == "region"


def test_a_turns_code_says_which_office_it_is_about(client):
    office = an_office()
    turn = a_booking(a_window(office))
    kept = complain(client, kode=f"{turn.code[:4]}-{turn.code[4:].lower()}")
    assert (kept.turn, kept.office) == (turn, office)


def test_the_poster_at_the_door_leads_to_the_form_of_its_office(client):
    office = an_office()
    poster = client.get(f"/aduan/kantor/{office.slug}/")
    assert "testserver/aduan/" in read(poster)
    assert "<svg" in poster.content.decode()
    form = client.get(f"/aduan/?kantor={office.slug}&dari=pintu").content.decode()
    assert f'<option value="{office.slug}" selected>' in form
    assert complain(client, kantor=office.slug, dari="pintu").channel == "door"
    assert client.get("/aduan/kantor/tidak-ada/").status_code == 404


def test_nobody_chooses_a_channel_that_no_qr_code_stands_for(client):
    assert complain(client, dari="lapor").channel == "web"


def test_a_complaint_is_found_by_its_code_however_it_is_typed(client):
    code = complain(client).code
    found = client.get("/aduan/cek/", {"kode": f" {code[:4].lower()}-{code[4:]} "})
    assert found["Location"] == f"/a/{code}/"
    assert client.get("/aduan/cek/", {"kode": "ZZZZ-ZZZZ"}).status_code == 404
    assert client.get("/aduan/cek/", {"kode": "xx"}).status_code == 422
    assert client.get("/a/ZZZZZZZZ/").status_code == 404


def test_the_page_where_turns_are_found_finds_a_complaint_too(client):
    code = complain(client).code
    assert client.get("/cari/", {"kode": code})["Location"] == f"/a/{code}/"


def test_codes_are_not_tried_out(client):
    code = complain(client).code
    for _ in range(20):
        client.get("/aduan/cek/", {"kode": "ZZZZ-ZZZZ"})
    assert client.get("/aduan/cek/", {"kode": "ZZZZ-ZZZY"}).status_code == 409
    assert client.get(f"/a/{code}/").status_code == 429


def test_more_is_said_while_it_is_open(client):
    kept = complain(client)
    sent = client.post(
        f"/a/{kept.code}/",
        {"langkah": "tambah", "tambahan": "Ada dua saksi.", "request_key": str(uuid4())},
        follow=True,
    )
    assert "Keterangan sudah ditambahkan" in read(sent)
    assert "Ada dua saksi." in read(sent)
    empty = client.post(f"/a/{kept.code}/", {"langkah": "tambah", "tambahan": ""})
    assert empty.status_code == 422


def test_an_answer_that_suffices_ends_it(client):
    kept = complain(client)
    an_answer(kept)
    assert "Apakah jawabannya cukup?" in read(client.get(f"/a/{kept.code}/"))
    sent = client.post(f"/a/{kept.code}/", {"langkah": "selesai"}, follow=True)
    assert "Aduan sudah selesai" in read(sent)


def test_an_answer_that_does_not_suffice_goes_a_level_up(client):
    kept = complain(client, kantor=an_office().slug)
    an_answer(kept)
    short = client.post(f"/a/{kept.code}/", {"langkah": "sanggah", "sanggahan": "x"})
    assert short.status_code == 422
    sent = client.post(
        f"/a/{kept.code}/",
        {
            "langkah": "sanggah",
            "sanggahan": "Kuota besok tetap habis pukul tujuh.",
            "request_key": str(uuid4()),
        },
        follow=True,
    )
    page = read(sent)
    assert "Sanggahan sedang ditangani" in page
    assert "Kantor wilayah" in page


def test_what_is_not_possible_now_is_said_and_changes_nothing(client):
    kept = complain(client)
    sent = client.post(f"/a/{kept.code}/", {"langkah": "selesai"}, follow=True)
    assert "tidak bisa" in read(sent)
    kept.refresh_from_db()
    assert kept.state == "received"
    assert client.post(f"/a/{kept.code}/", {"langkah": "hapus"}).status_code == 404


def test_it_is_taken_back_by_its_code(client):
    kept = complain(client)
    sent = client.post(f"/a/{kept.code}/", {"langkah": "tarik"}, follow=True)
    assert "Aduan sudah ditarik" in read(sent)


def test_a_flood_from_one_address_is_stopped_and_a_village_is_not(client):
    for _ in range(AT_MOST):
        complain(client)
    flooded = client.post("/aduan/", typed())
    assert flooded.status_code == 409
    assert "terlalu banyak aduan" in read(flooded)


def test_no_page_of_a_complaint_is_listed_by_search_engines(client):
    code = complain(client).code
    for address in (f"/a/{code}/", f"/a/{code}/tanda-terima/"):
        assert client.get(address)["X-Robots-Tag"] == "noindex"


def test_the_form_is_light_without_what_it_does_not_need(client):
    for number in range(30):
        an_office(f"kantor-{number}")
    assert len(client.get("/aduan/").content) < 15_000


def test_an_offices_page_and_every_foot_of_a_page_lead_to_the_form(client):
    office = an_office()
    turn = a_booking(a_window(office))
    assert f"/aduan/?kantor={office.slug}" in client.get(f"/kantor/{office.slug}/").content.decode()
    assert "/aduan/" in client.get(f"/g/{turn.code}/").content.decode()


def test_an_officer_writes_it_down_for_somebody_who_gets_the_receipt(client):
    office = an_office()
    officer = an_officer(office, "door")
    client.force_login(officer)
    here = f"/petugas/{office.slug}/aduan/baru/"
    assert f'<option value="{office.slug}" selected>' in client.get(here).content.decode()
    assert client.post(here, typed(text="")).status_code == 422
    sent = client.post(here, typed(kantor=office.slug, lewat="phone", phone="0812 3456 7890"))
    kept = Complaint.objects.get()
    assert (kept.channel, kept.moved_by) == ("phone", f"officer:{officer.pk}")
    receipt = read(client.get(sent["Location"]))
    assert f"{kept.code[:4]}-{kept.code[4:]}" in receipt
    assert "Dijawab paling lambat" in receipt


def test_nobody_without_a_post_here_writes_complaints_down(client):
    office = an_office()
    assert client.get(f"/petugas/{office.slug}/aduan/baru/").status_code == 302
    client.force_login(an_officer(an_office("cilegon"), "door"))
    assert client.get(f"/petugas/{office.slug}/aduan/baru/").status_code == 403


def test_the_kiosk_shows_where_to_complain(client):
    office = an_office()
    here = f"/kios/{a_kiosk(office).token}/"
    assert "Sampaikan aduan" in read(client.get(here))
    shown = client.post(here, {"langkah": "aduan"})
    assert "testserver/aduan/" in read(shown)


def sent_json(client, path: str, **content):
    return client.post(f"/api/v1/{path}", json.dumps(content), content_type="application/json")


def test_an_app_complains_and_asks_how_it_stands(client):
    office, key = an_office(), str(uuid4())
    made = sent_json(client, "complaints", text=TEXT, office=office.slug, request_key=key)
    assert made.status_code == 201
    code = made.json()["code"]
    assert made.json()["due_law"]
    again = sent_json(client, "complaints", text=TEXT, office=office.slug, request_key=key)
    assert again.json()["code"] == code
    assert client.get(f"/api/v1/complaints/{code}").json()["state"] == "received"
    assert client.get("/api/v1/complaints/ZZZZZZZZ").status_code == 404
    more = sent_json(client, f"complaints/{code}/add", text="Besok juga.", request_key=key)
    assert more.json()["said"][0]["text"] == "Besok juga."
    assert sent_json(client, f"complaints/{code}/confirm").status_code == 409
    assert sent_json(client, f"complaints/{code}/withdraw").json()["state"] == "withdrawn"
    assert sent_json(client, "complaints", text="x", request_key=str(uuid4())).status_code == 422
