"""A claim from a phone's photos to the payment, over a line that breaks, on the smallest screen."""

import itertools
import os
import re
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlencode

import pytest
from PIL import Image

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import documents, payments
from giliran.claims.models import Claim, Document, Paper
from giliran.claims.payments import practice
from giliran.offices.models import Office
from tests.browser.conftest import never_wider_than_the_screen, no_violations
from tests.builders import (
    a_claim,
    a_complete_claim,
    a_nik,
    a_service,
    a_submitted_claim,
    a_window,
    an_approved_claim,
    an_office,
    an_officer,
    at,
)
from tests.photos import a_page, photographed, written

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50
_offices = itertools.count(1)
DISMISSED = {
    "apa": "phk",
    "ikut_jkp": "tidak",
    "bekerja": "tidak",
    "kapan_phk": "2026-10-01",
    "kartu_aktif": "tidak",
    "saldo": "30000000",
    "pernah_ambil": "belum",
    "masalah": "tidak-ada",
}


@pytest.fixture(autouse=True)
def nine_o_clock(server):
    clock.set_simulation(at("09:00"), speed=1)
    for letter, code in zip("ABCDEF", ("jht", "jkm", "jkk", "jp", "data", "info"), strict=True):
        a_service(code, letter)


@pytest.fixture
def office(server) -> Office:
    """The rows of a module's tests stay: each has an office of its own."""
    return an_office(f"kantor-{next(_offices)}")


@pytest.fixture
def nik() -> str:
    return a_nik()


@pytest.fixture
def phone(server, browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, reduced_motion="reduce"
    )
    context.set_default_timeout(15000)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(server, browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    context.set_default_timeout(15000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def sharp() -> bytes:
    return written(photographed(a_page()))


@pytest.fixture(scope="module")
def blurred() -> bytes:
    return written(photographed(a_page(), blur=14))


def photo(content: bytes, name: str = "IMG_0001.jpg") -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def look(page, name: str) -> None:
    """Keep a picture where GILIRAN_SHOTS names a folder, for somebody who wants to look."""
    if folder := os.environ.get("GILIRAN_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def write_day(page) -> None:
    for label, part in (("Tanggal", "17"), ("Bulan", "8"), ("Tahun", "1985")):
        page.get_by_label(label, exact=True).fill(part)


def begin(page, office: Office, nik: str) -> str:
    """Go from the answer about a right to the page of a new claim; returns its code."""
    page.goto(f"/hak/?{urlencode(DISMISSED)}")
    page.get_by_role("link", name="Ajukan klaim sekarang dari rumah").click()
    look(page, "1-start")
    page.get_by_role("link", name="Mulai klaim").click()
    page.get_by_label("Nama lengkap").fill("Siti Aminah")
    page.get_by_label("NIK").fill(nik)
    write_day(page)
    page.get_by_label("Nomor ponsel").fill("0812 3456 7890")
    look(page, "2-who")
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_label("Nomor kartu peserta").fill("12345678901")
    page.get_by_label("Kantor yang memeriksa").select_option(office.slug)
    look(page, "3-card")
    page.get_by_role("button", name="Lanjutkan").click()
    look(page, "4-check")
    page.get_by_role("button", name="Mulai klaim ini").click()
    page.wait_for_url("**/k/*/")
    return page.url.rstrip("/").rpartition("/")[2]


def open_again(page, claim: Claim) -> None:
    page.goto(f"/k/{claim.code}/")
    write_day(page)
    page.get_by_role("button", name="Lihat klaim").click()
    page.wait_for_url("**/k/*/")


def prove(page, nik: str) -> None:
    page.get_by_label("Tulis NIK").fill(nik)
    page.get_by_role("button", name="Lanjutkan").click()


def write_account(page, number: str, bank: str = "BRI") -> None:
    page.get_by_label("Bank", exact=True).select_option(bank)
    page.get_by_label("Nomor rekening").fill(number)
    page.get_by_label("Nama pemilik rekening").fill("SITI AMINAH")
    page.get_by_role("button", name="Simpan rekening").click()


def check(claim: Claim, *, needs_visit: bool = False):
    """Let an officer find every paper good, and the file complete; returns the officer."""
    officer = an_officer(claim.office)
    for paper in Paper.objects.filter(claim=claim, state="sent"):
        claims.check_paper(paper.id, verdict="good", officer_id=officer.id, now=at("10:00"))
    claims.complete(claim.id, needs_visit=needs_visit, officer_id=officer.id, now=at("10:05"))
    return officer


def decide(claim: Claim, officer) -> None:
    claims.verify(claim.id, amount=Decimal(30_000_000), officer_id=officer.id, now=at("10:10"))
    manager = an_officer(claim.office, "manager")
    claims.approve(claim.id, officer_id=manager.id, now=at("10:20"))


def pay(office: Office, *, answer: str = "") -> None:
    """Let the region send what is approved to the bank, and the bank pay it or say why not."""
    regional = an_officer(office, "regional")
    batch = payments.make_batch(office.region_id, officer_id=regional.id, now=at("10:30"))
    payments.note_sent(batch.id, officer_id=regional.id, now=at("10:30"))
    says = {one.end_to_end: answer for one in batch.payments.all()} if answer else {}
    report = practice.reply(
        payments.file(batch.id), code=f"BANK-{batch.id}", now=at("11:00"), says=says
    )
    payments.take_report(report, actor="bank", now=at("11:00"))


def test_a_dismissed_worker_goes_from_phone_photos_to_jht_without_a_visit(
    phone, office, nik, sharp
):
    code = begin(phone, office, nik)
    claim = Claim.objects.get(code=code)
    look(phone, "5-drafted")
    while phone.get_by_role("link", name=re.compile("^Kirim:")).count():
        phone.get_by_role("link", name=re.compile("^Kirim:")).click()
        look(phone, "6-paper")
        phone.get_by_label("Foto atau PDF").set_input_files(photo(sharp))
        phone.wait_for_url("**/?terkirim=*")
    # The photo was shrunk on the phone before it was sent.
    assert all(one.size < len(sharp) for one in Document.objects.filter(paper__claim=claim))
    phone.get_by_role("link", name="Isi rekening").first.click()
    look(phone, "7-account")
    write_account(phone, "0012 3456 7890")
    phone.get_by_role("link", name="Kirim klaim").click()
    look(phone, "8-send")
    phone.get_by_role("button", name="Kirim klaim").click()
    look(phone, "9-submitted")
    assert "Berkas sedang diperiksa" in phone.inner_text("h1")
    officer = check(claim)
    phone.goto(f"/k/{code}/")
    look(phone, "10-complete")
    assert "Dibayar paling lambat Senin, 30 November 2026" in phone.inner_text("main")
    assert "Bapak/Ibu tidak perlu datang" in phone.inner_text("main")
    decide(claim, officer)
    phone.goto(f"/k/{code}/")
    look(phone, "11-approved")
    assert "Klaim disetujui" in phone.inner_text("h1")
    pay(office)
    phone.goto(f"/k/{code}/")
    look(phone, "12-paid")
    assert "Dibayarkan pada Senin, 23 November 2026" in phone.inner_text("main")
    assert claim.turns.count() == 0
    seen = phone.content()
    assert nik not in seen
    assert "001234567890" not in seen


def test_a_claim_is_begun_sent_and_tracked_without_scripts(plain, office, nik, sharp):
    code = begin(plain, office, nik)
    claim = Claim.objects.get(code=code)
    assert claim.office_id == office.id
    while plain.get_by_role("link", name=re.compile("^Kirim:")).count():
        plain.get_by_role("link", name=re.compile("^Kirim:")).click()
        plain.get_by_label("Foto atau PDF").set_input_files(photo(sharp))
        plain.get_by_role("button", name="Kirim", exact=True).click()
    plain.get_by_role("link", name="Isi rekening").first.click()
    write_account(plain, "001234567890")
    plain.get_by_role("link", name="Kirim klaim").click()
    plain.get_by_role("button", name="Kirim klaim").click()
    claim.refresh_from_db()
    assert claim.state == "submitted"
    plain.get_by_role("button", name="Tutup halaman ini").click()
    open_again(plain, claim)
    assert "Berkas sedang diperiksa" in plain.inner_text("h1")


def test_a_returned_file_says_what_to_mend_and_goes_back_mended(phone, office, nik, sharp):
    claim = a_submitted_claim(office, nik=nik)
    officer, paper = an_officer(claim.office), claim.papers.order_by("position")[1]
    claims.check_paper(
        paper.id,
        verdict="wrong",
        fault="cut_off",
        fault_text="Sudut kanan bawah.",
        officer_id=officer.id,
        now=at("09:30"),
    )
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("09:31"))
    open_again(phone, claim)
    look(phone, "20-returned")
    assert "Sudut kanan bawah." in phone.inner_text(".notice--warning")
    no_violations(phone)
    phone.get_by_role("link", name=re.compile("^Kirim:")).click()
    look(phone, "21-returned-paper")
    phone.get_by_label("Foto atau PDF").set_input_files(photo(sharp))
    phone.get_by_role("link", name="Kirim lagi").click()
    phone.get_by_role("button", name="Kirim klaim").click()
    phone.get_by_text("Klaim sudah dikirim").wait_for()
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_a_bounced_payment_is_sent_again_to_another_account(phone, office, nik):
    claim = an_approved_claim(office, nik=nik)
    pay(office, answer="AC04")
    open_again(phone, claim)
    look(phone, "30-bounced")
    assert "Rekening ini sudah ditutup." in phone.inner_text(".notice--warning")
    phone.get_by_role("link", name="Tulis rekening lain").click()
    look(phone, "31-prove")
    no_violations(phone)
    prove(phone, nik)
    look(phone, "32-account")
    write_account(phone, "5550001234", "BCA")
    phone.get_by_text("Rekening sudah disimpan").wait_for()
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert "•••1234" in phone.inner_text("main")
    pay(office)
    phone.reload()
    assert "Uang sudah dibayarkan" in phone.inner_text("h1")


def test_a_photo_goes_on_after_the_line_broke_and_after_a_reload(phone, office, nik, sharp):
    claim = a_claim(office, nik=nik)
    paper = claim.papers.order_by("position")[0]
    open_again(phone, claim)
    phone.goto(f"/k/{claim.code}/berkas/{paper.id}/")
    sent: list[int] = []

    def broken(route):
        sent.append(int(re.search(r"at=(\d+)", route.request.url)[1]))
        if len(sent) > 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.route("**/potongan/?token=*", broken)
    phone.get_by_label("Foto atau PDF").set_input_files(photo(sharp))
    phone.get_by_text("Sinyal terputus").wait_for()
    look(phone, "40-broken")
    assert Document.objects.filter(paper=paper).count() == 0
    phone.unroute("**/potongan/?token=*")
    again: list[int] = []
    phone.on(
        "request",
        lambda request: again.extend(int(at) for at in re.findall(r"at=(\d+)", request.url)),
    )
    phone.reload()
    phone.wait_for_url("**/?terkirim=*")
    assert sent[0] == 0
    assert again[0] > 0  # the first piece wasn't sent again
    assert Document.objects.filter(paper=paper).count() == 1


def test_a_blurred_photo_says_so_at_once_and_its_owner_may_insist(phone, office, nik, blurred):
    claim = a_claim(office, nik=nik)
    paper = claim.papers.order_by("position")[0]
    open_again(phone, claim)
    phone.goto(f"/k/{claim.code}/berkas/{paper.id}/")
    phone.get_by_label("Foto atau PDF").set_input_files(photo(blurred))
    phone.get_by_text("buram").wait_for()
    look(phone, "50-blurred")
    no_violations(phone)
    assert Document.objects.filter(paper=paper).count() == 0
    phone.get_by_role("button", name="Kirim juga").click()
    phone.wait_for_url("**/?terkirim=*")
    kept = Document.objects.get(paper=paper)
    assert kept.findings.get("insisted") is True


def test_a_photo_taken_upright_arrives_upright(phone, office, nik):
    claim = a_claim(office, nik=nik)
    paper = claim.papers.order_by("position")[0]
    open_again(phone, claim)
    phone.goto(f"/k/{claim.code}/berkas/{paper.id}/")
    upright = photographed(a_page())
    lying = upright.rotate(90, expand=True)
    exif = lying.getexif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    phone.get_by_label("Foto atau PDF").set_input_files(photo(written(lying, exif=exif)))
    phone.wait_for_url("**/?terkirim=*")
    _kind, content = documents.content(Document.objects.get(paper=paper).id)
    seen = Image.open(BytesIO(content))
    assert seen.height > seen.width
    assert seen.height <= 2000


def test_every_page_of_a_claim_is_accessible_light_and_fits_a_small_phone(phone, office, nik):
    claim = a_claim(office, nik=nik)
    paper = claim.papers.order_by("position")[0]
    here = f"/k/{claim.code}/"
    transferred: list[int] = []
    phone.on("response", lambda answer: transferred.append(weight(answer)))
    start = f"/klaim/mulai/?{urlencode({**DISMISSED, 'untuk': 'JHT'})}"
    pages = ["/klaim/", start, f"{start}&langkah=siapa"]
    opened = [
        here,
        f"{here}nik/",
        f"{here}berkas/{paper.id}/",
        f"{here}kirim/",
        f"{here}pengingat/",
    ]
    open_again(phone, claim)
    phone.goto(f"{here}rekening/")
    prove(phone, nik)
    for path in [*pages, *opened, f"{here}rekening/", f"{here}tarik/"]:
        transferred.clear()
        phone.goto(path)
        assert sum(transferred) < KILOBYTES * 1024, path
        never_wider_than_the_screen(phone)
        no_violations(phone)


def weight(answer) -> int:
    """Return how many bytes an answer had on the line, headers aside."""
    size = answer.headers.get("content-length")
    return int(size) if size else len(answer.body())


def test_a_turn_for_the_originals_fits_a_small_phone_too(phone, office, nik):
    a_window(office, "10:00")
    claim = a_complete_claim(office, nik=nik, needs_visit=True)
    open_again(phone, claim)
    look(phone, "60-visit")
    never_wider_than_the_screen(phone)
    no_violations(phone)
    phone.get_by_role("link", name="Ambil giliran untuk klaim ini").click()
    look(phone, "61-turn")
    never_wider_than_the_screen(phone)
    no_violations(phone)
    phone.get_by_label("10.00–10.30 WIB").check()
    phone.get_by_role("button", name="Ambil giliran ini").click()
    phone.wait_for_url("**/g/*/")
    assert claim.turns.count() == 1
