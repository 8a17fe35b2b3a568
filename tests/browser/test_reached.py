"""An officer says where they are told, on a small phone without scripts; a region sees alarms."""

from __future__ import annotations

import os
import re

import pytest

from giliran.encryption import unseal
from giliran.figures.models import Alarm
from giliran.messages import actions as messages
from giliran.messages.models import Message
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import an_office, an_officer, at

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
PHONE = {"width": 320, "height": 640}
SHOTS = os.environ.get("GILIRAN_SHOTS")


@pytest.fixture(scope="module")
def server(providers, server):  # the providers are named before the server starts
    return server


@pytest.fixture
def phone(browser, server):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def sent_code():
    message = Message.objects.filter(kind="code").latest("id")
    return re.search(r"\b\d{6}\b", unseal(message.body_sealed)).group()


def look(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.viewport_size['width']}.png", full_page=True)


def test_a_head_adds_a_number_chooses_topics_and_tries_it(server, phone, page):
    head = an_officer(an_office("serang"), "manager")
    enter(phone, server, head, "/petugas/")
    phone.get_by_role("main").get_by_role("link", name="Kabar untuk saya").click()
    look(phone, "empty")
    phone.get_by_role("button", name="Kirim kode").click()
    phone.get_by_role("link", name="Pilih dulu lewat apa kabar dikirim.").click()
    look(phone, "wrong")
    phone.get_by_label("SMS").check()
    phone.get_by_label("Nomor ponsel atau alamat email").fill("0812 3456 7890")
    phone.get_by_role("button", name="Kirim kode").click()
    look(phone, "code")
    phone.get_by_label("Kode apa yang Anda terima?").fill(sent_code())
    phone.get_by_role("button", name="Kabari saya di sini").click()
    phone.get_by_label("Batas waktu klaim").uncheck()
    phone.get_by_role("button", name="Simpan pilihan").click()
    assert not phone.get_by_label("Batas waktu klaim").is_checked()
    phone.get_by_role("button", name="Kirim kabar percobaan").click()
    phone.get_by_text("menunggu dikirim").wait_for()
    contact_id = messages.heard_from("email", "kepala@contoh.id", now=at("08:00"))
    messages.subscribe(
        contact_id, subject=messages.OFFICER, subject_id=head.id, position=1, now=at("08:00")
    )
    messages.opt_out(contact_id, now=at("08:30"))
    phone.goto("/petugas/kabar/")
    look(phone, "full")
    never_wider_than_the_screen_without_scripts(phone)

    enter(page, server, head, "/petugas/kabar/")
    look(page, "full")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        no_violations(page)
        never_wider_than_the_screen(page)


def never_wider_than_the_screen_without_scripts(page):
    for one in page.locator("main *:visible").all():
        box = one.bounding_box()
        hidden = "visually-hidden" in (one.get_attribute("class") or "")
        assert hidden or box is None or box["x"] + box["width"] <= PHONE["width"] + 1


def test_a_regions_head_sees_above_each_page_what_nobody_has_in_hand(server, page):
    office = an_office("cilegon", name="Kantor Cabang Cilegon")
    Alarm.objects.create(
        kind="counter_empty",
        office=office,
        about="all",
        data={"people": 12, "minutes": 20},
        raised_at=at("08:30"),
        told_at=at("08:30"),
        above_at=at("08:45"),
    )
    region = office.region.slug
    enter(page, server, an_officer(office, "regional"), f"/kepala/wilayah/{region}/klaim/")
    page.get_by_text("Loket kosong saat orang menunggu – Kantor Cabang Cilegon").wait_for()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        look(page, "region")
        no_violations(page)
        never_wider_than_the_screen(page)
    page.get_by_role("banner").get_by_role("link", name="Kabar untuk saya").click()
    page.get_by_role("heading", name="Kabar untuk saya").wait_for()
    page.go_back()
    page.get_by_role("link", name="Semua peringatan").click()
    page.get_by_text("Kantor wilayah dikabari 08.45 WIB.").wait_for()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        look(page, "list")
        no_violations(page)
        never_wider_than_the_screen(page)
