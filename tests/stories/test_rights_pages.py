"""What somebody is entitled to, as pages: nothing personal in the address, never a dead end."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran import clock
from giliran.claims.steps import UNKNOWN, script
from tests.builders import a_service, an_office, an_officer, at
from tests.examples import examples

pytestmark = pytest.mark.django_db
RESIGNED = {
    "apa": "berhenti",
    "cara_berhenti": "mundur",
    "bekerja": "tidak",
    "kapan_berhenti": "2026-10-01",
    "kartu_aktif": "tidak",
    "saldo": "62000000",
    "pernah_ambil": "belum",
    "masalah": "tidak-ada",
}


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("07:00"))


@pytest.fixture
def services():
    for letter, code in zip("ABCDEF", ("jht", "jkm", "jkk", "jp", "data", "info"), strict=True):
        a_service(code, letter)


def read(response) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_it_starts_with_what_happened_and_not_with_a_program(client):
    page = read(client.get("/hak/"))
    assert "Apa yang terjadi?" in page
    assert "Saya tidak tahu" in page
    assert "Program apa" not in page


def test_an_answer_leads_to_the_next_question_and_stays_in_the_address(client):
    sent = client.get("/hak/", {"tanya": "apa", "jawab": "berhenti"})
    assert sent["Location"] == "/hak/?apa=berhenti"
    page = read(client.get(sent["Location"]))
    assert "Bagaimana Bapak/Ibu berhenti bekerja?" in page


def test_a_question_left_empty_is_asked_again_with_a_sentence(client):
    answer = client.get("/hak/", {"tanya": "apa"})
    assert answer.status_code == 422
    assert "Pilih dulu salah satu jawaban." in read(answer)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"jawab_hari": "31", "jawab_bulan": "2", "jawab_tahun": "2026"}, "Tulis bulan dan tahun"),
        ({"jawab_tahun": "2026"}, "Tulis bulan dan tahun"),
        ({"jawab_hari": "x", "jawab_bulan": "1", "jawab_tahun": "2026"}, "Tulis bulan dan tahun"),
    ],
)
def test_a_day_that_does_not_exist_keeps_what_was_typed(client, typed, why):
    asked = {"apa": "berhenti", "cara_berhenti": "mundur", "bekerja": "tidak"}
    answer = client.get("/hak/", {**asked, "tanya": "kapan_berhenti", **typed})
    assert answer.status_code == 422
    assert why in read(answer)
    assert f'value="{typed["jawab_tahun"]}"' in answer.content.decode()


def test_money_is_understood_as_people_write_it(client):
    asked = {name: RESIGNED[name] for name in list(RESIGNED)[:5]}
    for typed in ("62.000.000", "Rp62.000.000", "62 juta"):
        sent = client.get("/hak/", {**asked, "tanya": "saldo", "jawab": typed})
        assert parse_qs(urlsplit(sent["Location"]).query)["saldo"] == ["62000000"]


def test_the_result_tells_right_amount_tax_papers_deadline_and_way(client, services):
    page = read(client.get("/hak/", RESIGNED))
    for words in (
        "Ya, berhak",
        "Rp62.000.000",
        "Rp600.000",
        "Rp61.400.000",
        "30 November 2026",
        "Tidak perlu datang",
        "Gratis di: Dinas Dukcapil.",
        "Permenaker 4/2022",
        "Ini penjelasan, bukan keputusan",
    ):
        assert words in page, words


def test_back_and_change_keep_every_other_answer(client, services):
    html = client.get("/hak/", RESIGNED).content.decode()
    change = re.search(r'href="(/hak/\?[^"]*lagi=kapan_berhenti)"', html)[1].replace("&amp;", "&")
    page = client.get(change)
    assert 'value="01"' in page.content.decode()
    told = {**RESIGNED, "tanya": "kapan_berhenti", "jawab_bulan": "11", "jawab_tahun": "2026"}
    told.pop("kapan_berhenti")
    sent = client.get("/hak/", told)
    assert "saldo=62000000" in sent["Location"]
    page = read(client.get(sent["Location"], follow=True))
    assert "Belum" in page
    assert "23 Desember 2026" in page


def test_a_strange_answer_in_a_link_is_asked_again_and_not_believed(client):
    for told in ({"apa": "<b>"}, {**RESIGNED, "saldo": "-5"}, {**RESIGNED, "kapan_berhenti": "0"}):
        page = client.get("/hak/", told)
        assert page.status_code == 200
        assert "pertanyaan" in read(page)


def test_what_is_not_asked_is_dropped_from_the_link(client):
    sent = client.get("/hak/", {**RESIGNED, "nik": "3604014101900001", "nama": "Siti"})
    assert "3604014101900001" not in sent["Location"]
    assert "Siti" not in sent["Location"]


def test_a_death_shows_every_program_that_is_due(client, services):
    told = {
        "apa": "meninggal",
        "kapan_meninggal": "2026-10-05",
        "jenis": "PU",
        "aktif_saat_itu": "ya",
        "karena_kerja": "other",
        "ahli_waris": "spouse",
        "menikah_lagi": "tidak",
        "pensiun_bulan": "200",
        "iuran_bulan": "60",
        "menunggak": "0",
        "saldo": "20000000",
        "anak": "1",
        "anak_lahir": "2014-06",
        "anak_sekolah": "primary",
        "masalah": "tidak-ada",
    }
    page = read(client.get("/hak/", told, follow=True))
    for words in ("Jaminan Kematian", "Jaminan Hari Tua", "Jaminan Pensiun", "Beasiswa anak"):
        assert words in page, words
    assert "Rp42.000.000" in page


def test_six_months_of_cash_stand_on_two_lines_and_are_no_sum_paid_at_once(client, services):
    told = {
        "apa": "phk",
        "ikut_jkp": "ya",
        "bekerja": "tidak",
        "kapan_phk": "2026-10-20",
        "jenis": "PU",
        "warga": "WNI",
        "mau_kerja": "ya",
        "iuran_24": "18",
        "jkp_berapa_kali": "0",
        "kartu_aktif": "tidak",
        "saldo": "12000000",
        "pernah_ambil": "belum",
        "menunggak": "0",
        "upah": "4000000",
        "masalah": "tidak-ada",
    }
    page = read(client.get("/hak/", told, follow=True))
    assert page.count("Uang tunai JKP sebulan") == 2
    assert "5 × paling banyak Rp2.400.000" in page
    assert "Seluruhnya paling banyak, sebelum pajak Rp14.400.000" in page
    assert "siapkerja.kemnaker.go.id" in page


def test_not_knowing_says_what_would_decide(client, services):
    told = {**RESIGNED, "kartu_aktif": "tidak-tahu"}
    page = read(client.get("/hak/", told, follow=True))
    assert "Jawaban ini tergantung satu hal" in page
    assert "Bila ya: Belum bisa sekarang" in page
    assert "Bila tidak: Bapak/Ibu berhak mengambil seluruh JHT." in page


def test_wrong_data_end_in_a_guide_and_a_turn_for_data(client, services):
    page = client.get("/hak/", {"apa": "data", "data_apa": "name_differs", "selain_data": "tidak"})
    assert "Hak Bapak/Ibu tidak hilang" in read(page)
    assert 'href="/ambil/data/"' in page.content.decode()


@pytest.mark.parametrize("program", ["jht", "jkk", "jkm", "jp", "jkp"])
def test_every_program_has_its_promise(client, services, program):
    page = read(client.get(f"/hak/{program}/"))
    for words in ("Gratis.", "Batas waktu", "Bila tidak puas", "berlaku sejak", "Ombudsman"):
        assert words in page, words


def test_the_promise_says_the_figures_of_the_rules(client):
    page = read(client.get("/hak/jkm/"))
    assert "Rp42.000.000" in page
    assert "3 hari kerja" in page


def test_no_page_for_a_program_that_does_not_exist(client):
    assert client.get("/hak/jkn/").status_code == 404


def test_an_officer_sees_reason_codes_and_articles_first(services):
    assert Client().get("/petugas/hak/").status_code == 302
    officer = Client()
    officer.force_login(an_officer(an_office()))
    page = read(officer.get("/petugas/hak/", RESIGNED))
    assert "stopped_working" in page
    assert page.index("Permenaker 4/2022") < page.index("Yang dibawa")


def test_an_officer_reads_what_changed_since_a_month():
    officer = Client()
    officer.force_login(an_officer(an_office()))
    page = read(officer.get("/petugas/hak/perubahan/", {"sejak": "2025-02"}))
    assert "PP 6/2025" in page
    assert "Uang tunai JKP per bulan (dari upah)" in page
    assert officer.get("/petugas/hak/perubahan/", {"sejak": "kemarin"}).status_code == 422
    assert officer.get("/petugas/hak/perubahan/").status_code == 200


def test_english_readers_get_english(client, services):
    client.cookies["django_language"] = "en"
    assert "What happened?" in read(client.get("/hak/"))


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.sampled_from([*script().steps, "lagi", "tanya", "jawab", "jawab_tahun", "saldo-2"]),
        st.sampled_from([*script().steps, UNKNOWN, "ya", "2026-13", "0", "%00", "9" * 90, "a,b"])
        | st.text(max_size=12),
        max_size=8,
    )
)
def test_no_address_breaks_the_conversation(client, told):
    told.setdefault("apa", "phk")
    assert client.get("/hak/", told).status_code in {200, 302, 422}
