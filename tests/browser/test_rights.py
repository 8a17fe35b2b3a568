"""Somebody checks a right on a small phone, before travelling anywhere."""

from urllib.parse import urlencode

import pytest

from giliran import clock
from giliran.turns.models import Turn
from tests.browser.axe import seen_by_axe
from tests.builders import PASSWORD, a_nik, a_service, a_window, an_office, an_officer, at

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50
RESIGNED = {
    "apa": "berhenti",
    "cara_berhenti": "mundur",
    "bekerja": "tidak",
    "kapan_berhenti": "2026-10-01",
    "kartu_aktif": "tidak",
    "saldo": "62000000",
    "pernah_ambil": "belum",
    "masalah": "lost_card",
}
DEATH = {
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


@pytest.fixture(autouse=True)
def nine_o_clock(server):
    clock.set_simulation(at("09:00"), speed=1)
    for letter, code in zip("ABCDEF", ("jht", "jkm", "jkk", "jp", "data", "info"), strict=True):
        a_service(code, letter)


@pytest.fixture
def page(server, browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


@pytest.fixture
def looked_at(server, browser):
    context = browser.new_context(base_url=server.url, locale="id-ID", viewport=PHONE)
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def choose(page, label: str) -> None:
    page.get_by_label(label).first.check()
    page.get_by_role("button", name="Lanjutkan").click()


def write_day(page, *parts: str) -> None:
    for name, part in zip(("Tanggal", "Bulan", "Tahun"), parts, strict=True):
        page.get_by_label(name).fill(part)
    page.get_by_role("button", name="Lanjutkan").click()


def test_from_what_happened_to_a_turn_without_scripts(page):
    office = an_office("serang")
    a_window(office, "10:00")
    page.goto("/")
    page.get_by_role("link", name="Cek dulu hak").click()
    choose(page, "Saya berhenti bekerja")
    choose(page, "Saya mengundurkan diri")
    choose(page, "Tidak")
    write_day(page, "1", "10", "2026")
    choose(page, "Tidak")
    page.get_by_label("Berapa saldo").fill("62 juta")
    page.get_by_role("button", name="Lanjutkan").click()
    choose(page, "Belum pernah")
    choose(page, "Kartu peserta hilang")
    said = page.inner_text("main")
    assert "Ya, berhak" in said
    assert "Rp61.400.000" in said
    assert "Kartu hilang tidak apa-apa" in said
    page.get_by_role("link", name="Ambil giliran: Klaim JHT").click()
    page.get_by_role("link", name="Serang").click()
    page.get_by_label("10.00–10.30 WIB").check()
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_label("Nama lengkap").fill("Siti Rohmah")
    page.get_by_label("NIK").fill(a_nik())
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("button", name="Ambil giliran ini").click()
    assert Turn.objects.filter(office=office, service__code="jht").count() == 1


def test_a_widow_who_knows_little_still_gets_an_answer(page):
    page.goto("/hak/")
    choose(page, "Peserta meninggal dunia")
    write_day(page, "", "10", "2026")
    choose(page, "Karyawan atau buruh")
    choose(page, "Saya tidak tahu")
    for _step in range(12):
        if "Hak Bapak/Ibu" in page.inner_text("h1"):
            break
        if page.get_by_role("button", name="Saya tidak tahu").count():
            page.get_by_role("button", name="Saya tidak tahu").click()
        elif page.get_by_label("Saya tidak tahu").count():
            choose(page, "Saya tidak tahu")
        else:
            page.get_by_role("button", name="Lanjutkan").click()
    assert "Belum pasti" in page.inner_text("main")
    assert "Ambil giliran" in page.inner_text("main")


def test_back_goes_one_question_back_with_its_answer(page):
    page.goto("/hak/?apa=berhenti&cara_berhenti=kontrak")
    page.get_by_role("link", name="Kembali").click()
    assert "Bagaimana Bapak/Ibu berhenti bekerja?" in page.inner_text("h1")
    assert page.get_by_label("Kontrak kerja saya selesai").is_checked()
    choose(page, "Saya mengundurkan diri")
    assert "cara_berhenti=mundur" in page.url


@pytest.mark.parametrize(
    "address",
    [
        "/hak/",
        "/hak/?apa=berhenti&cara_berhenti=mundur&bekerja=tidak",
        "/hak/?apa=berhenti&cara_berhenti=mundur&bekerja=tidak&tanya=kapan_berhenti",
        f"/hak/?{urlencode(dict(list(RESIGNED.items())[:5]))}",
        f"/hak/?{urlencode(dict(list(RESIGNED.items())[:7]))}",
        f"/hak/?{urlencode(RESIGNED)}",
        f"/hak/?{urlencode(DEATH)}",
        f"/hak/?{urlencode({**RESIGNED, 'kartu_aktif': 'tidak-tahu'})}",
        "/hak/?apa=data&data_apa=nik_differs&selain_data=tidak",
        "/hak/jht/",
        "/hak/jkk/",
        "/hak/jkp/",
    ],
)
def test_every_screen_is_light_narrow_and_accessible(looked_at, address):
    weights = []
    wire = looked_at.context.new_cdp_session(looked_at)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    looked_at.goto(address)
    assert looked_at.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert 2000 < sum(weights) < KILOBYTES * 1024
    found = seen_by_axe(looked_at)
    assert found.violations_count == 0, found.generate_report()


def test_paper_shows_what_was_folded_on_the_screen(looked_at):
    looked_at.goto(f"/hak/?{urlencode(RESIGNED)}")
    hidden = "e => getComputedStyle(e, '::details-content').contentVisibility"
    folded = looked_at.locator("details").first
    assert folded.evaluate(hidden) == "hidden"
    looked_at.emulate_media(media="print")
    assert folded.evaluate(hidden) == "visible"
    assert looked_at.get_by_role("link", name="Tautan ke jawaban ini").is_hidden()


def test_an_officer_opens_the_right_of_a_person_from_the_desk(server, browser):
    office = an_office("pandeglang")
    officer = an_officer(office)
    context = browser.new_context(base_url=server.url, locale="id-ID")
    page = context.new_page()
    page.goto("/petugas/masuk/")
    page.get_by_label("Nama pengguna").fill(officer.username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.goto(f"/petugas/{office.slug}/loket/")
    page.get_by_role("link", name="Hak peserta").click()
    assert "Apa yang terjadi?" in page.inner_text("h1")
    page.goto(f"/petugas/hak/?{urlencode(RESIGNED)}")
    assert "stopped_working" in page.inner_text("main")
    assert seen_by_axe(page).violations_count == 0
    page.goto("/petugas/hak/perubahan/?sejak=2025-02")
    assert "PP 6/2025" in page.inner_text("main")
    assert seen_by_axe(page).violations_count == 0
    context.close()
