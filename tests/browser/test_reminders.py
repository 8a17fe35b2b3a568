"""Asking to be reminded, on a small phone, without scripts and by ear."""

from __future__ import annotations

import re

import pytest

from giliran.encryption import unseal
from giliran.messages.models import Message, Subscription
from tests.browser.conftest import never_wider_than_the_screen, no_violations
from tests.builders import a_booking, a_drawing_office, a_window, an_application, an_office

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50


@pytest.fixture(scope="module")
def server(providers, server):  # the providers are named before the server starts
    return server


def sent_code():
    message = Message.objects.filter(kind="code").latest("id")
    return re.search(r"\b\d{6}\b", unseal(message.body_sealed)).group()


def on_a_phone(browser, server, *, scripts):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=scripts
    )
    context.set_default_timeout(8000)
    return context


def test_somebody_asks_for_reminders_without_scripts(server, browser):
    turn = a_booking(a_window(an_office("serang"), "13:00"))
    context = on_a_phone(browser, server, scripts=False)
    page = context.new_page()
    page.goto(f"/g/{turn.code}/")
    page.get_by_role("link", name="Ingatkan saya").click()
    page.get_by_label("SMS").check()
    page.get_by_label("Nomor ponsel atau alamat email").fill("0812 3456 7890")
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode apa yang Bapak/Ibu terima?").fill(sent_code())
    page.get_by_role("button", name="Aktifkan pengingat").click()
    assert "Pengingat sudah aktif." in page.inner_text("main")
    assert "•••890" in page.inner_text(".told")
    assert Subscription.objects.filter(subject="turn", subject_id=turn.id).exists()
    page.get_by_role("link", name=re.compile("Berhenti")).click()
    page.get_by_role("button", name="Ya, berhenti").click()
    assert not Subscription.objects.filter(subject_id=turn.id).exists()
    context.close()


def test_every_step_can_be_read_by_ear_and_is_light_and_narrow(server, browser):
    application = an_application(a_drawing_office("cilegon"), phone="0812 3456 7890")
    context = on_a_phone(browser, server, scripts=True)
    page = context.new_page()
    weights = {}
    page.on(
        "response",
        lambda answer: weights.setdefault(answer.url, int(answer.headers.get("content-length", 0))),
    )
    here = f"/p/{application.code}/pengingat/"

    def look():
        no_violations(page)
        never_wider_than_the_screen(page)

    page.goto(here)
    look()
    assert sum(weights.values()) < KILOBYTES * 1024
    page.get_by_role("button", name="Kirim kode").click()
    look()
    assert page.title().startswith("Kesalahan:")
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Nomor ponsel atau alamat email").fill("siti@contoh.id")
    page.get_by_role("button", name="Kirim kode").click()
    look()
    page.get_by_label("Kode apa yang Bapak/Ibu terima?").fill("x")
    page.get_by_role("button", name="Aktifkan pengingat").click()
    assert "Kode salah" in page.inner_text("main")
    look()
    page.get_by_label("Kode apa yang Bapak/Ibu terima?").fill(sent_code())
    page.get_by_role("button", name="Aktifkan pengingat").click()
    look()
    page.get_by_label("SMS").check()
    page.get_by_role("button", name="Kirim kode").click()  # empty: the phone that was stated
    page.get_by_label("Kode apa yang Bapak/Ibu terima?").fill(sent_code())
    page.get_by_role("button", name="Aktifkan pengingat").click()
    look()
    page.get_by_role("button", name=re.compile("Coba ini lebih dahulu")).click()
    order = Subscription.objects.filter(subject="application").order_by("position")
    assert list(order.values_list("contact__channel", flat=True)) == ["sms", "email"]
    page.get_by_role("link", name=re.compile("Berhenti")).first.click()
    look()
    turn = a_booking(a_window(an_office("pandeglang"), "13:00"))
    page.goto(f"/g/{turn.code}/pengingat/")
    look()
    page.get_by_role("button", name="Ya, saya datang").click()
    look()
    assert "Kami menunggu Bapak/Ibu." in page.inner_text("main")
    context.close()
