"""The conversation in a real browser: on a small phone, without scripts, and at the counter."""

import itertools
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from giliran import clock
from giliran.conversations import actions
from giliran.conversations.models import Exchange, Handover
from giliran.core.conversation import Said
from giliran.journal.models import Event
from giliran.turns.models import Turn
from tests.browser.axe import seen_by_axe
from tests.builders import PASSWORD, a_nik, a_window, an_office, an_officer, at

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
_serial = itertools.count(1)


@pytest.fixture(autouse=True)
def seven_o_clock(server):
    clock.set_simulation(at("07:00"), speed=1)


@pytest.fixture
def office(server):
    name = f"serang-{next(_serial)}"
    made = an_office(name, name=f"Kantor Cabang {name.title()}")
    for begins in ("09:30", "13:00"):
        offer = a_window(made, begins)
        offer.day += timedelta(days=1)
        offer.starts_at += timedelta(days=1)
        offer.ends_at += timedelta(days=1)
        offer.save()
    return made


def a_page(server, browser, **options):
    options = {"viewport": PHONE, "java_script_enabled": False, **options}
    context = browser.new_context(
        base_url=server.url, locale="id-ID", reduced_motion="reduce", **options
    )
    context.set_default_timeout(8000)
    return context.new_page()


def write(page, text):
    page.locator("#id_kata").fill(text)
    with page.expect_navigation():  # a click comes back before the next page is there
        page.get_by_role("button", name="Kirim", exact=True).click()


def press(page, label):
    with page.expect_navigation():
        page.get_by_role("button", name=label).first.click()


def book(page, office, nik):
    press(page, "Ambil giliran")
    press(page, "Klaim JHT")
    write(page, office.name)
    write(page, "besok pagi")
    write(page, "Siti Aminah")
    write(page, nik)
    press(page, "Tidak")
    press(page, "Ya, ambil")


def test_a_turn_is_booked_on_a_small_phone_without_scripts(server, browser, office):
    page, nik = a_page(server, browser), a_nik()
    page.goto("/tanya/")
    book(page, office, nik)
    turn = Turn.objects.get(office=office)
    assert f"{turn.code[:4]}-{turn.code[4:]}" in page.content()
    assert nik not in page.content()
    assert (turn.channel, turn.state) == ("web", "booked")
    press(page, "Akhiri dan hapus")
    assert turn.code[:4] not in page.content()
    page.context.close()


def test_every_step_is_accessible_and_fits_a_small_phone(server, browser, office):
    page = a_page(server, browser, java_script_enabled=True)
    page.goto("/tanya/")
    steps = [
        lambda: press(page, "Ambil giliran"),
        lambda: write(page, "tidak jelas sama sekali"),
        lambda: press(page, "Klaim JHT"),
        lambda: write(page, office.name),
        lambda: write(page, "besok siang"),
        lambda: write(page, "menu"),
        lambda: press(page, "Kirim dokumen"),
    ]
    for step in [lambda: None, *steps]:
        step()
        found = seen_by_axe(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.context.close()


def test_the_page_weighs_little(server, browser, office):
    page = a_page(server, browser)
    weights = []
    page.on("response", lambda got: weights.append(got.request.sizes()["responseBodySize"]))
    page.goto("/tanya/")
    page.wait_for_load_state()
    assert 0 < sum(weights) < KILOBYTES * 1024
    page.context.close()


def test_a_photo_reaches_the_officer_who_answers(server, browser, office):
    officer = an_officer(office)
    page = a_page(server, browser)
    page.goto("/tanya/")
    press(page, "Kirim dokumen")
    page.locator("#id_berkas").set_input_files(
        {"name": "surat.png", "mimeType": "image/png", "buffer": PNG}
    )
    press(page, "Kirim berkas")
    write(page, office.name)
    handover = Handover.objects.get(office=office)
    assert handover.code[:4] in page.content()

    desk = a_page(server, browser, viewport={"width": 1280, "height": 800})
    log_in(desk, officer)
    desk.goto(f"/petugas/{office.slug}/percakapan/")
    desk.get_by_role("link", name=handover.code[:4]).click()
    with desk.expect_download() as saved:
        desk.get_by_role("link", name="Unduh berkas").click()
    assert saved.value.path().read_bytes() == PNG
    desk.locator("#id_kata").fill("Sudah kami terima, lengkap.")
    press(desk, "Kirim jawaban")
    assert Event.objects.filter(kind="conversation.seen", office_id=office.id).count() >= 2
    write(page, "halo")
    assert "Sudah kami terima, lengkap." in page.content()
    press(desk, "Selesai")
    assert "Tidak ada yang menunggu" in desk.content()
    desk.context.close()
    page.context.close()


def log_in(page, officer):
    page.goto("/petugas/masuk/")
    page.locator("[name=username]").fill(officer.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").first.click()


def test_a_clerk_speaks_for_somebody_and_gives_a_paper(server, browser, office):
    officer = an_officer(office)
    desk = a_page(
        server, browser, viewport={"width": 1280, "height": 800}, java_script_enabled=True
    )
    log_in(desk, officer)
    desk.goto(f"/petugas/{office.slug}/percakapan/")
    check(desk)
    press(desk, "Mulai")
    assert "Tanyakan dulu persetujuan" in desk.content()
    check(desk)
    desk.locator("#id_setuju").check()
    press(desk, "Mulai")
    check(desk)
    book(desk, office, a_nik())
    desk.get_by_role("link", name="Kertas untuk orangnya").click()
    turn = Turn.objects.get(office=office)
    assert f"{turn.code[:4]}-{turn.code[4:]}" in desk.content()
    assert turn.moved_by == f"officer:{officer.id}"
    check(desk)

    colleague = a_page(server, browser)
    log_in(colleague, an_officer(office))
    assert colleague.goto(desk.url).status == 404
    colleague.context.close()
    desk.context.close()


def check(page):
    found = seen_by_axe(page)
    assert found.violations_count == 0, found.generate_report()


def test_another_offices_inbox_is_closed(server, browser, office):
    page = a_page(server, browser)
    log_in(page, an_officer(an_office(f"lain-{next(_serial)}")))
    assert page.goto(f"/petugas/{office.slug}/percakapan/").status == 403
    page.context.close()


def test_two_messages_at_once_are_taken_one_after_the_other(server, office):
    """Really at once: four threads, two different messages, each delivered twice."""
    speaker = actions.Speaker("ussd", "+6281234567890")
    for text in ("menu", "1", "1", office.name, "besok pagi", "Siti", a_nik(), "tidak"):
        actions.hear(speaker, Said(text), now=at("07:00"))
    told, first, second = [], str(uuid4()), str(uuid4())

    def say(key):
        try:
            told.append(actions.hear(speaker, Said("ya"), key=key, now=at("07:05"))[0].text)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=say, args=(key,)) for key in (first, second) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Turn.objects.filter(office=office).count() == 1
    assert len(told) == 4
    assert len(set(told)) == 2
    assert Exchange.objects.filter(key__in=[first, second]).count() == 2
