"""From the application to the answer, in a real browser, on a small phone without scripts."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest

from giliran import clock
from giliran.offices.models import HomeArea, Region
from giliran.turns import actions as turns
from giliran.turns.models import Application, Round
from tests.browser.axe import seen_by_axe
from tests.browser.test_citizen import PHONE, Scales
from tests.builders import (
    MONDAY,
    a_drawing_office,
    a_nik,
    an_application,
    an_office,
    at,
    draw_now,
)

pytestmark = pytest.mark.browser
TUESDAY = MONDAY + timedelta(days=1)


_serial = count(1)


@pytest.fixture
def region(server):
    """The one region that draws, with two offices and a district, at nine on Monday."""
    clock.set_simulation(at("09:00"), speed=1)
    n = next(_serial)
    found = Region.objects.create(slug=f"banten-{n}", name="Kanwil Banten")
    a_drawing_office(
        f"serang-{n}", name="Serang", region=found, places=2, windows=("09:00", "13:00"), days=3
    )
    an_office(f"cilegon-{n}", name="Cilegon", region=found, latitude="-6.02")
    HomeArea.objects.create(
        region=found,
        code=f"36-72-{n:02d}",
        name="Cibeber",
        latitude=Decimal("-6.03"),
        longitude=Decimal("106.15"),
    )
    yield found
    # What is committed stays for the next test: from now on its windows are booked at once.
    Region.objects.filter(id=found.id).update(draw_at=None)


@pytest.fixture
def page(server, browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, reduced_motion="reduce"
    )
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_application_to_answer_without_scripts(server, browser, region):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Ajukan giliran").first.click()
    page.get_by_label("Klaim JHT").check()
    press(page, "Lanjutkan")
    page.get_by_label("Kecamatan di Kanwil Banten").select_option("Cibeber")
    press(page, "Lanjutkan")
    page.get_by_label("Serang").check()
    press(page, "Lanjutkan")
    page.get_by_label("Hari dan jam apa pun").check()
    press(page, "Lanjutkan")
    nik = a_nik()
    page.get_by_label("Nama lengkap").fill("Siti Rohmah")
    page.get_by_label("NIK").fill(nik)
    press(page, "Lanjutkan")
    page.get_by_role("button", name="Ubah kantor").click()
    page.get_by_label("Cilegon").check()
    press(page, "Lanjutkan")
    assert "Cilegon" in page.inner_text(".summary")
    assert f"{nik[:4]} {nik[4:8]}" in page.inner_text("main")
    press(page, "Ajukan permohonan ini")

    asked = Application.objects.get(region=region)
    assert page.url == f"{server.url}/p/{asked.code}/"
    answer = page.inner_text("main")
    assert "Permohonan sudah tercatat" in answer
    assert "Senin, 23 November 2026, pukul 17.00 WIB" in answer
    assert asked.is_broad
    assert not any(nik in str(cookie) for cookie in context.cookies())

    clock.set_simulation(at("17:01"), speed=1)
    page.reload()
    assert "Sedang diundi" in page.inner_text("h1")
    turns.keep_rounds(region, fetch=lambda _: None, now=at("17:01"))
    page.get_by_role("link", name="Lihat hasilnya").click()
    assert "Bapak/Ibu mendapat giliran" in page.inner_text("h1")
    assert "09.00–09.30 WIB" in page.inner_text(".ticket")
    assert "Selasa, 24 November 2026" in page.inner_text(".ticket")

    page.get_by_role("link", name="Tidak cocok").click()
    assert "Kali ini tidak ada yang hilang" in page.inner_text("main")
    press(page, "Ya, kembalikan")
    assert "Permohonan tetap ikut undian" in page.inner_text("h1")
    page.get_by_role("link", name="Bukti saya ikut").click()
    assert Round.objects.get(region=region, state="drawn").root in page.inner_text("main")
    page.get_by_role("link", name="Kembali").click()
    page.get_by_role("link", name="Tarik permohonan").click()
    press(page, "Ya, tarik")
    assert "Permohonan sudah ditarik" in page.inner_text("h1")
    context.close()


def test_certain_times_appear_only_when_they_are_asked_for(page, region):
    serang, _ = region.offices.order_by("-slug")
    page.goto(f"/ajukan/jht/?kantor={serang.slug}&langkah=kantor")
    week = page.get_by_label("Senin Pagi")
    assert not week.is_visible()
    page.get_by_label("Hanya waktu tertentu").check()
    week.check()
    page.get_by_label("Jumat Siang").check()
    page.get_by_label("Yang paling diinginkan").select_option("Jumat siang")
    press(page, "Lanjutkan")
    page.get_by_label("Nama lengkap").fill("Siti")
    page.get_by_label("NIK").fill(a_nik())
    press(page, "Lanjutkan")
    assert "Jumat siang, Senin pagi" in page.inner_text(".summary")


def test_every_screen_is_accessible_fits_a_small_phone_and_is_light(page, region):
    office, quiet = region.offices.order_by("-slug")
    home = region.home_areas.get()
    short = an_application(office, halves=("tue-am",))
    first = an_application(office, any_near=True, is_priority=True, stands_by=True)
    draw_now(region)
    for _ in range(9):
        an_application(office, any_near=True, now=at("18:00"))
    clock.set_simulation(at("18:30"), speed=1)
    draw_now(region, day=TUESDAY)
    waiting = Application.objects.filter(region=region, state="open").first()
    clock.set_simulation(at("17:30", TUESDAY), speed=1)
    drawn = Round.objects.filter(region=region, state="drawn").order_by("-serial").first()
    gone = an_application(office, now=at("17:20", TUESDAY))
    turns.withdraw(gone.id, actor="citizen", now=at("17:21", TUESDAY))
    scales = Scales(page)
    query = f"kantor={office.slug}&rumah={home.code}"
    for url in (
        "/",
        "/ajukan/?lanjut=1",
        "/ajukan/jht/",
        f"/ajukan/jht/?{query}&langkah=rumah",
        "/ajukan/jht/?langkah=kantor",
        f"/ajukan/jht/?{query}&langkah=kantor&waktu=pilih",
        f"/ajukan/jht/?{query}&langkah=waktu&waktu=pilih",
        f"/ajukan/jht/?{query}&langkah=waktu",
        f"/p/{waiting.code}/",
        f"/p/{waiting.code}/bukti/{drawn.serial}/",
        f"/p/{waiting.code}/ubah/",
        f"/p/{waiting.code}/ubah/?bagian=rumah",
        f"/p/{waiting.code}/ubah/?bagian=kantor",
        f"/p/{waiting.code}/ubah/?bagian=waktu",
        f"/p/{waiting.code}/ubah/?bagian=bantuan",
        f"/p/{waiting.code}/tarik/",
        f"/p/{waiting.code}/bersama/",
        f"/ajukan/jkm/?bersama={waiting.code}",
        f"/p/{gone.code}/",
        f"/p/{first.code}/",
        f"/p/{first.code}/tidak-cocok/",
        f"/p/{short.code}/",
        "/ambil/jht/",
        f"/ambil/jht/{quiet.slug}/",
    ):
        with scales.weigh(url):
            page.goto(url)
        look(page, url)
    page.goto(f"/ajukan/jht/?{query}&langkah=waktu")
    press(page, "Lanjutkan")
    look(page, "wrong fields")
    nik = a_nik()
    an_application(office, nik=nik, now=at("17:25", TUESDAY))
    page.get_by_label("Nama lengkap").fill("Siti Rohmah")
    page.get_by_label("NIK").fill(nik)
    press(page, "Lanjutkan")
    look(page, "check")
    press(page, "Ajukan permohonan ini")
    assert "NIK ini sudah punya permohonan" in page.inner_text("main")
    look(page, "refused")


def look(page, name: str) -> None:
    """Demand that a screen has no fault that axe knows, and needs no scrolling to the side."""
    found = seen_by_axe(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
