"""What anybody sees of a draw: the explanation, the rounds, and all that is needed to check one."""

import gzip
import hashlib
import json
import re
import subprocess
import sys

import pytest
from django.test import Client

from giliran import beacon, clock
from giliran.core.recount import differences
from giliran.turns import actions as turns
from tests.builders import a_drawing_office, an_application, an_office, at, draw_now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_six(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("18:00"))


def read(path: str, status: int = 200, **headers: str):
    answer = Client().get(path, headers=headers)
    assert answer.status_code == status, path
    return answer


def words(answer) -> str:
    """Return what a page says, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def a_drawn_round(**wishes):
    """Return a drawn round of Banten with four applicants, one of them with priority."""
    office = a_drawing_office(places=1)
    for _ in range(3):
        an_application(office, **wishes)
    an_application(office, is_priority=True, channel="clerk")
    return draw_now(office.region)


def test_the_explanation_names_the_regions_that_draw_and_the_shares():
    a_drawing_office()

    said = words(read("/undian/"))

    assert "Kanwil Banten" in said
    assert "Cepat atau lambat mengajukan tidak berpengaruh" in said
    assert "Prioritas: lansia, hamil, disabilitas, anak kecil 15 %" in said
    assert "Ombudsman" in said
    assert "drand, suar" not in said


def test_without_draws_the_explanation_says_that_places_are_booked_at_once():
    an_office()

    assert "belum ada wilayah yang mengundi" in words(read("/undian/"))
    assert "Wilayah ini tidak mengundi" in words(read("/undian/banten/"))


def test_a_region_lists_its_rounds_with_what_was_asked_and_placed():
    a_drawn_round()

    said = words(read("/undian/banten/"))

    assert "Nomor 1 23 November 2026 17.00 WIB 4 3 3 Sudah diundi" in said
    assert "Nomor 2 24 November 2026 17.00 WIB – – – Menerima permohonan" in said


def test_a_drawn_round_says_who_won_by_credit_and_by_kind():
    a_drawn_round()

    said = words(read("/undian/banten/1/"))

    assert "Poin Pemohon Dapat giliran 0 4 3" in said
    assert "Prioritas: lansia, hamil, disabilitas, anak kecil 0 1" in said
    assert "Tanpa internet 0 1" in said


def test_the_page_and_the_file_say_the_same_and_the_program_agrees(tmp_path):
    drawn = a_drawn_round()
    said = words(read("/undian/banten/1/"))
    file = read("/undian/banten/1/berkas.json")
    script = read("/undian/hitung-ulang.py")

    assert file["Content-Type"] == "application/json"
    assert drawn.root in said
    assert hashlib.sha256(file.content).hexdigest() in said
    assert hashlib.sha256(script.content).hexdigest() in said
    assert json.loads(file.content)["randomness"]["value"] in said
    assert differences(json.loads(file.content), root=drawn.root) == []
    (tmp_path / "draw.json").write_bytes(file.content)
    (tmp_path / "count.py").write_bytes(script.content)
    counted = subprocess.run(
        [sys.executable, "-I", "count.py", "draw.json", drawn.root],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (counted.returncode, counted.stdout) == (0, "Everything is as the file says.\n")


def test_the_file_is_sent_packed_to_who_unpacks_and_never_twice_to_who_has_it():
    a_drawn_round()
    plain = read("/undian/banten/1/berkas.json")
    packed = read("/undian/banten/1/berkas.json", accept_encoding="gzip")

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "immutable" in packed["Cache-Control"]
    assert "Accept-Encoding" in packed["Vary"]
    again = read("/undian/banten/1/berkas.json", 304, if_none_match=packed["ETag"])
    assert again.content == b""


def test_a_sealed_list_can_be_had_before_the_draw_and_isnt_final():
    office = a_drawing_office(beacon="drand")
    an_application(office)
    sealed = draw_now(office.region)
    assert sealed.state == "sealed"

    said = words(read("/undian/banten/1/"))
    file = read("/undian/banten/1/berkas.json")

    assert sealed.root in said
    assert f"putaran {sealed.beacon['round']}" in said
    assert "Angka acak belum diterima" in said
    assert "immutable" not in file["Cache-Control"]
    assert set(json.loads(file.content)) == {"header", "applications", "root"}
    drawn_tag = file["ETag"].replace("sealed", "drawn")
    read("/undian/banten/1/berkas.json", 200, if_none_match=drawn_tag)


def test_the_named_beacon_appears_after_closing_and_stands_there_before():
    office = a_drawing_office(beacon="drand")
    opened = turns.open_round(office.region, now=at("09:00"))

    said = words(read("/undian/banten/1/"))

    assert f"putaran {opened.beacon['round']}" in said
    assert beacon.appears_at(opened.beacon["round"]) > opened.closes_at
    assert "Muncul saat penutupan" in said
    read("/undian/banten/1/berkas.json", 404)


def test_who_committed_and_didnt_reveal_is_named():
    office = a_drawing_office()
    an_application(office)
    opened = turns.open_round(office.region, now=at("09:00"))
    turns.commit(opened.id, party="ombudsman", digest="ab" * 32, actor="x", now=at("10:00"))
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    waiting = words(read("/undian/banten/1/"))
    assert "Ombudsman Komitmen" in waiting
    assert "Rahasia belum dibuka." in waiting

    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:15"))

    said = words(read("/undian/banten/1/"))
    assert f"{'ab' * 32} Rahasia Tidak dibuka. Undian berjalan tanpa pihak ini." in said


def test_no_secret_is_shown_while_another_party_may_still_choose():
    from giliran.core.lottery import commitment

    office = a_drawing_office()
    opened = turns.open_round(office.region, now=at("09:00"))
    secret = bytes(range(32))
    for party, digest in (
        ("ombudsman", commitment("ombudsman", secret).hex()),
        ("public", "ab" * 32),
    ):
        turns.commit(opened.id, party=party, digest=digest, actor="x", now=at("10:00"))
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    turns.reveal(opened.id, party="ombudsman", secret=secret.hex(), actor="x", now=at("17:01"))

    page = read("/undian/banten/1/")

    assert "Rahasia sudah dibuka; diumumkan bersama hasil." in words(page)
    assert secret.hex() not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/undian/nowhere/", "/undian/banten/9/", "/undian/banten/9/berkas.json", "/undian/x/1/"],
)
def test_what_isnt_there_is_not_found(path):
    a_drawing_office()

    read(path, 404)
