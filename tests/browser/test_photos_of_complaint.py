"""Photos with a complaint in a real browser: on a small telephone, and without any script."""

from __future__ import annotations

import itertools
import os
from uuid import uuid4

import pytest

from giliran.offices.models import Office
from giliran.voices import actions as voices
from giliran.voices.models import Complaint
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import an_office, an_officer, at
from tests.photos import a_page, written

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
PHONE = {"width": 320, "height": 640}
TEXT = "Kursi roda di ruang tunggu rusak sejak minggu lalu, dan tidak diganti."
_offices = itertools.count(1)


@pytest.fixture
def office(server) -> Office:
    return an_office(f"foto-{next(_offices)}", name="Kantor Cabang Serang")


@pytest.fixture
def phone(server, browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    context.set_default_timeout(15000)
    yield context.new_page()
    context.close()


@pytest.fixture
def photos(tmp_path) -> list[str]:
    made = []
    for letter in "ABCD":
        file = tmp_path / f"IMG_{letter}.jpg"
        file.write_bytes(written(a_page((f"Kuitansi {letter}",), width=700)))
        made.append(str(file))
    return made


def look(page, name: str) -> None:
    """Keep a picture where GILIRAN_SHOTS names a folder, for somebody who wants to look."""
    if folder := os.environ.get("GILIRAN_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_photos_are_sent_without_a_script_and_the_head_looks_at_one(
    phone, page, server, office, photos
):
    phone.goto(f"/aduan/?kantor={office.slug}")
    phone.get_by_label("Apa yang terjadi?").fill(TEXT)
    phone.get_by_role("radio", name="Tanpa nama").check()
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_label("Foto atau PDF").set_input_files(photos[:2])
    look(phone, "aduan-periksa-320")
    phone.get_by_role("button", name="Kirim aduan").click()
    phone.wait_for_url("**/tanda-terima/")
    phone.get_by_role("link", name="Ke halaman aduan").click()
    kept = Complaint.objects.get(code=phone.url.split("/")[-2])
    assert kept.attachments.count() == 2
    phone.get_by_text("Tambah foto").click()
    phone.get_by_label("Foto atau PDF").set_input_files(photos[2:])
    phone.get_by_role("button", name="Kirim foto").click()
    phone.get_by_text("sudah punya 3 foto").first.wait_for()
    look(phone, "aduan-foto-320")
    phone.get_by_role("button", name="Hapus kiriman 3").click()
    phone.get_by_text("Foto itu sudah dihapus").wait_for()
    assert kept.attachments.count() == 2

    enter(page, server, an_officer(office, "manager"), f"/petugas/aduan/{kept.reference}/")
    never_wider_than_the_screen(page)
    no_violations(page)
    look(page, "aduan-berkas-1280")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Foto 1").click()
    shown = opened.value
    shown.wait_for_load_state()
    assert shown.evaluate("document.images[0].naturalWidth") == 700
    page.set_viewport_size(PHONE)
    never_wider_than_the_screen(page)
    look(page, "aduan-berkas-320")


def test_every_page_of_it_fits_a_small_screen_and_breaks_no_rule(page, server, office, photos):
    only = an_officer(office, "administrator")
    code = voices.complain(
        text=TEXT, request_key=uuid4(), channel="web", office=office, now=at("08:30")
    ).code
    page.goto(f"{server.url}/a/{code}/")
    page.get_by_text("Tambah foto").click()
    page.get_by_label("Foto atau PDF").set_input_files(photos[:1])
    page.get_by_role("button", name="Kirim foto").click()
    page.get_by_text("Foto sudah ditambahkan").wait_for()
    about_none = voices.complain(text=TEXT, request_key=uuid4(), channel="web", now=at("08:30"))
    by = {"officer_id": only.id}
    voices.classify(about_none.id, weight="normative", category="app", now=at("08:40"), **by)
    voices.answer(about_none.id, TEXT, request_key=uuid4(), now=at("08:41"), **by)
    voices.dispute(about_none.code, TEXT, request_key=uuid4(), now=at("08:42"))
    reference = Complaint.objects.get(id=about_none.id).reference
    enter(page, server, only, "/kepala/aduan/")
    for name, path in {
        "halaman": f"/a/{code}/",
        "kabari": f"/a/{code}/pengingat/",
        "menunggu": f"/a/{about_none.code}/",
        "buntu": f"/petugas/aduan/{reference}/",
        "pusat": "/kepala/aduan/",
    }.items():
        page.goto(f"{server.url}{path}")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            never_wider_than_the_screen(page)
            look(page, f"aduan-{name}-{width}")
        no_violations(page)
