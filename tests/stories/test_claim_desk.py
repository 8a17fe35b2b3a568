"""Claims at the desk: who may see and do what, and that a stale screen does nothing."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import worklists
from giliran.claims.models import Claim, Paper
from giliran.journal.models import Event
from giliran.offices.models import Region
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.builders import (
    MONDAY,
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
    at_counter,
    somebody,
    walk_in_places,
)
from tests.photos import a_page, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture(autouse=True)
def own_drawer(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


def logged_in(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def file_of(office, claim) -> str:
    return f"/petugas/{office.slug}/klaim/{claim.code}/"


def press(client: Client, office, claim, step: str, **fields):
    seen = worklists.mark(Claim.objects.get(id=claim.id))
    return client.post(file_of(office, claim), {"langkah": step, "terlihat": seen, **fields})


def state_of(claim) -> str:
    return Claim.objects.values_list("state", flat=True).get(id=claim.id)


def a_neighbour(slug: str = "cilegon", **fields):
    return an_office(slug, **fields)


def an_office_far_away(slug: str = "bandung"):
    region, _ = Region.objects.get_or_create(slug="jabar", defaults={"name": "Kanwil Jawa Barat"})
    return an_office(slug, region=region)


def a_verified_claim(office, verifier=None, **fields):
    verifier = verifier or an_officer(office)
    claim = a_complete_claim(office, officer=verifier, **fields)
    return claims.verify(
        claim.id, amount=Decimal(12_000_000), officer_id=verifier.id, now=at("09:00")
    )


def the_photo(**options) -> SimpleUploadedFile:
    return SimpleUploadedFile("ktp.jpg", written(a_page(**options)), "image/jpeg")


def test_any_officer_of_the_region_checks_papers_and_says_that_a_file_is_complete():
    serang, cilegon = an_office(), a_neighbour()
    claim = a_submitted_claim(serang)
    client = logged_in(an_officer(cilegon))
    assert claim.code[:4] in client.get(f"/petugas/{cilegon.slug}/klaim/").content.decode()
    for paper in Paper.objects.filter(claim=claim, state="sent"):
        pressed = press(client, cilegon, claim, "periksa", berkas=paper.id, putusan="good")
        assert pressed.status_code == 302
    press(client, cilegon, claim, "lengkap", kunjungan="0")
    assert state_of(claim) == "complete"
    assert Claim.objects.get(id=claim.id).due_on is not None


@pytest.mark.parametrize("role", ["officer", "manager", "regional"])
def test_nobody_of_another_region_opens_a_claim(role):
    claim, bandung = a_submitted_claim(an_office()), an_office_far_away()
    client = logged_in(an_officer(bandung, role))
    assert client.get(file_of(bandung, claim)).status_code == 403
    assert client.get(f"/petugas/serang/klaim/{claim.code}/").status_code == 403
    assert client.get(f"{file_of(bandung, claim)}tanda-terima/").status_code == 403
    assert press(client, bandung, claim, "lengkap").status_code == 403
    assert claim.code[:4] not in client.get("/petugas/bandung/klaim/").content.decode()


def test_who_is_not_logged_in_sees_no_claim():
    claim = a_submitted_claim(an_office())
    for path in ("", "tanda-terima/", "giliran/"):
        answer = Client().get(f"/petugas/serang/klaim/{claim.code}/{path}")
        assert answer.status_code == 302
        assert "/masuk/" in answer.url


def test_an_unknown_code_is_not_found():
    office = an_office()
    client = logged_in(an_officer(office))
    assert client.get("/petugas/serang/klaim/K7QM3XPA/").status_code == 404
    assert client.get("/petugas/serang/klaim/hm/").status_code == 404
    assert client.get("/petugas/serang/klaim/?kode=K7QM3XPA").status_code == 404


def test_looking_at_a_file_is_kept_with_who_looked():
    office = an_office()
    claim, officer = a_submitted_claim(office), an_officer(office)
    logged_in(officer).get(file_of(office, claim))
    seen = Event.objects.filter(kind="person.seen", actor=f"officer:{officer.id}")
    assert {one.data["what"] for one in seen} >= {"name", "account", "situation"}
    assert all(one.data["claim"] == claim.id for one in seen)


def test_the_list_names_nobody():
    office = an_office()
    a_submitted_claim(office, name="Ratna Dewi")
    page = logged_in(an_officer(office)).get("/petugas/serang/klaim/").content.decode()
    assert "Ratna" not in page


def test_what_is_due_first_stands_first_and_late_is_said_in_words():
    office = an_office()
    late = a_complete_claim(office, now=at("09:00", MONDAY - timedelta(days=21)))
    soon = a_complete_claim(office)
    page = logged_in(an_officer(office)).get("/petugas/serang/klaim/?daftar=kantor")
    text = page.content.decode()
    assert text.index(late.code[:4]) < text.index(soon.code[:4])
    assert "terlambat" in text
    assert "5 hari kerja lagi" in text


def test_a_long_list_comes_in_pages():
    office = an_office()
    one = a_submitted_claim(office)
    rows = []
    for n in range(worklists.PAGE + 4):
        copy = Claim.objects.get(id=one.id)
        copy.pk, copy.code, copy.request_key, copy.kpj = None, f"K7QM{n:04d}", uuid4(), f"{n:011d}"
        rows.append(copy)
    Claim.objects.bulk_create(rows)
    client = logged_in(an_officer(office))
    first = client.get("/petugas/serang/klaim/?daftar=periksa").content.decode()
    assert "Halaman 1 dari 2, 55 klaim" in first
    last = client.get("/petugas/serang/klaim/?daftar=periksa&halaman=99").content.decode()
    assert "Halaman 2 dari 2" in last
    assert last.count("/petugas/serang/klaim/K7QM") + last.count(one.code) >= 5


def test_a_wrong_paper_needs_its_fault_and_the_claimant_gets_its_sentence():
    office = an_office()
    claim = a_submitted_claim(office)
    paper = Paper.objects.filter(claim=claim, state="sent").first()
    client = logged_in(an_officer(office))
    without = press(client, office, claim, "periksa", berkas=paper.id, putusan="wrong")
    assert without.status_code == 422
    press(client, office, claim, "periksa", berkas=paper.id, putusan="wrong", salah="blurred")
    page = client.get(file_of(office, claim)).content.decode()
    assert "Bacakan ini kepada pemohon" in page
    assert page.count("Fotonya buram.") == 2  # at the paper, and in what will be sent
    press(client, office, claim, "minta")
    assert state_of(claim) == "returned"


def test_papers_are_not_asked_for_when_none_is_lacking():
    office = an_office()
    claim = a_submitted_claim(office)
    refused = press(logged_in(an_officer(office)), office, claim, "minta")
    assert refused.status_code == 409
    assert "Tidak ada berkas yang kurang" in refused.content.decode()


def test_a_screen_that_is_old_does_nothing():
    office = an_office()
    claim = a_submitted_claim(office)
    officer, other = an_officer(office), an_officer(office)
    seen = worklists.mark(Claim.objects.get(id=claim.id))
    paper = Paper.objects.filter(claim=claim, state="sent").first()
    press(
        logged_in(other), office, claim, "periksa", berkas=paper.id, putusan="wrong", salah="empty"
    )
    pressed = logged_in(officer).post(
        file_of(office, claim),
        {"langkah": "periksa", "terlihat": seen, "berkas": paper.id, "putusan": "good"},
    )
    assert pressed.status_code == 409
    assert "sudah berubah" in pressed.content.decode()
    paper.refresh_from_db()
    assert paper.state == "wrong"


def test_a_form_without_csrf_does_nothing():
    office = an_office()
    claim = a_submitted_claim(office)
    client = Client(enforce_csrf_checks=True)
    client.force_login(an_officer(office))
    assert press(client, office, claim, "lengkap").status_code == 403
    assert state_of(claim) == "submitted"


def test_an_officer_does_not_approve():
    office = an_office()
    claim = a_verified_claim(office)
    client = logged_in(an_officer(office))
    assert 'value="setujui"' not in client.get(file_of(office, claim)).content.decode()
    for step in ("setujui", "tolak", "kembalikan"):
        assert press(client, office, claim, step).status_code == 403
    assert state_of(claim) == "verified"


def test_who_verified_does_not_decide_though_a_head():
    office = an_office()
    head = an_officer(office, "manager")
    claim = a_verified_claim(office, head)
    client = logged_in(head)
    page = client.get(file_of(office, claim)).content.decode()
    assert 'value="setujui"' not in page
    assert "Keputusan dibuat petugas lain" in page
    assert press(client, office, claim, "setujui").status_code == 403
    assert state_of(claim) == "verified"


def test_the_head_of_another_office_does_not_decide():
    serang, cilegon = an_office(), a_neighbour()
    claim = a_verified_claim(serang)
    client = logged_in(an_officer(cilegon, "manager"))
    assert press(client, cilegon, claim, "setujui").status_code == 403


@pytest.mark.parametrize("role", ["manager", "regional"])
def test_the_head_or_the_region_approves(role):
    office = an_office()
    claim = a_verified_claim(office)
    pressed = press(logged_in(an_officer(office, role)), office, claim, "setujui")
    assert pressed.status_code == 302
    assert state_of(claim) == "approved"


def test_an_auditor_reads_and_changes_nothing():
    office = an_office()
    claim = a_submitted_claim(office)
    client = logged_in(an_officer(office, "auditor"))
    page = client.get(file_of(office, claim))
    assert page.status_code == 200
    assert 'name="langkah"' not in page.content.decode()
    for step in ("lengkap", "minta", "kirim", "rekening"):
        assert press(client, office, claim, step).status_code == 403


def test_who_watches_the_door_takes_in_but_does_not_judge():
    office = an_office()
    claim = a_submitted_claim(office)
    paper = Paper.objects.filter(claim=claim).first()
    client = logged_in(an_officer(office, "door"))
    pressed = press(client, office, claim, "periksa", berkas=paper.id, putusan="good")
    assert pressed.status_code == 403


def test_an_officer_of_a_neighbour_checks_but_does_not_verify():
    serang, cilegon = an_office(), a_neighbour()
    claim = a_complete_claim(serang)
    client = logged_in(an_officer(cilegon))
    assert press(client, cilegon, claim, "verifikasi", jumlah="1").status_code == 403


@pytest.mark.parametrize(
    ("typed", "rupiah"), [("42000000", 42_000_000), ("Rp42.000.000", 42_000_000), ("0", 0)]
)
def test_an_amount_is_read_as_people_write_it(typed, rupiah):
    office = an_office()
    claim = a_complete_claim(office)
    press(logged_in(an_officer(office)), office, claim, "verifikasi", jumlah=typed)
    assert Claim.objects.get(id=claim.id).amount == rupiah


@pytest.mark.parametrize("typed", ["", "-5", "empat juta", "1e9", "4,5"])
def test_an_amount_that_cannot_be_read_is_said(typed):
    office = an_office()
    claim = a_complete_claim(office)
    pressed = press(logged_in(an_officer(office)), office, claim, "verifikasi", jumlah=typed)
    assert pressed.status_code == 422
    assert state_of(claim) == "complete"


def test_a_refusal_names_article_and_reason():
    office = an_office()
    claim = a_verified_claim(office)
    client = logged_in(an_officer(office, "manager"))
    assert press(client, office, claim, "tolak", alasan="Belum sebulan.").status_code == 422
    articles = re.findall(
        r"<option>(PP[^<]+|Permenaker[^<]+)</option>",
        client.get(file_of(office, claim)).content.decode(),
    )
    assert articles
    press(client, office, claim, "tolak", pasal=articles[0], alasan="Belum sebulan.")
    assert state_of(claim) == "refused"
    assert Claim.objects.get(id=claim.id).article == articles[0]


def test_a_name_is_shown_as_text_whatever_is_in_it():
    office = an_office()
    hostile = "Siti <script>alert(1)</script>"
    claim = a_submitted_claim(office, name=hostile)
    client = logged_in(an_officer(office))
    for path in ("", "tanda-terima/"):
        page = client.get(f"{file_of(office, claim)}{path}").content.decode()
        assert "<script>alert" not in page


def test_a_document_is_shown_alone_and_never_kept_by_anybody_between():
    office = an_office()
    claim, officer = a_claim(office), an_officer(office)
    paper = Paper.objects.filter(claim=claim).first()
    client = logged_in(officer)
    press(client, office, claim, "tambah", berkas=paper.id, pindaian=the_photo())
    kept = paper.documents.get()
    page = client.get(file_of(office, claim)).content.decode()
    address = f"{file_of(office, claim)}dokumen/{kept.id}/"
    assert address in page
    shown = client.get(address)
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]
    assert "private" in shown["Cache-Control"]
    assert "public" not in shown["Cache-Control"]
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert shown["Content-Disposition"].startswith("inline; filename=")
    assert shown.content[:3] == b"\xff\xd8\xff"
    assert Event.objects.filter(kind="person.seen", data__what="document").exists()


def test_a_document_of_another_claim_is_not_found_under_this_one():
    office = an_office()
    mine, other = a_claim(office), a_claim(office, nik=a_nik(77))
    paper = Paper.objects.filter(claim=other).first()
    client = logged_in(an_officer(office))
    press(client, office, other, "tambah", berkas=paper.id, pindaian=the_photo())
    kept = paper.documents.get()
    assert client.get(f"{file_of(office, mine)}dokumen/{kept.id}/").status_code == 404
    crossed = press(client, office, mine, "tambah", berkas=paper.id, pindaian=the_photo())
    assert crossed.status_code == 404


def test_a_scan_that_nobody_can_read_is_refused_with_a_sentence():
    office = an_office()
    claim = a_claim(office)
    paper = Paper.objects.filter(claim=claim).first()
    client = logged_in(an_officer(office))
    bad = SimpleUploadedFile("ktp.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    press(client, office, claim, "tambah", berkas=paper.id, pindaian=bad)
    page = client.get(file_of(office, claim)).content.decode()
    assert "SVG" in page
    assert not paper.documents.exists()


INTAKE = "/petugas/mpp/klaim/baru/?untuk=jkm/death&waris=spouse"


def a_booth():
    branch = an_office()
    booth = an_office("mpp", kind="mpp_booth", parent=branch, name="MPP Serang")
    return branch, booth


def the_form(**changes):
    return {
        "request_key": str(uuid4()),
        "participant": a_nik(11),
        "nik": a_nik(12),
        "name": "Ratna Dewi",
        "birth": "17-08-1985",
        "phone": "0812 3456 7890",
        "kpj": "12345678901",
        "office": "serang",
        "bank": "bri",
        "number": "001234567890",
        "setuju": "1",
        **changes,
    }


def test_a_booth_takes_in_what_its_branch_goes_on_with():
    branch, booth = a_booth()
    client = logged_in(an_officer(booth, "door"))
    assert "Akta" in client.get(INTAKE).content.decode()
    taken = client.post(INTAKE, the_form())
    claim = Claim.objects.get()
    assert taken.url == f"/petugas/mpp/klaim/{claim.code}/tanda-terima/"
    assert (claim.office_id, claim.begun_at_id, claim.channel) == (branch.id, booth.id, "booth")
    assert claim.citizen_id != claim.claimant_id
    receipt = client.get(taken.url).content.decode()
    assert f"/k/{claim.code}/" in receipt
    assert "<svg" in receipt
    assert "Masih kurang" in receipt
    at_branch = logged_in(an_officer(branch))
    drafts = at_branch.get("/petugas/serang/klaim/?daftar=belum").content.decode()
    assert claim.code in drafts
    page = at_branch.get(f"/petugas/serang/klaim/{claim.code}/").content.decode()
    assert "Ratna Dewi" in page


def test_only_the_papers_of_this_heir_are_asked_for():
    _, booth = a_booth()
    client = logged_in(an_officer(booth))
    asked = client.get(INTAKE).content.decode()
    assert "scan-BUKU_NIKAH-" in asked
    assert "scan-AKTA_LAHIR-" not in asked
    client.post(INTAKE, the_form())
    codes = set(Paper.objects.values_list("code", flat=True))
    assert "BUKU_NIKAH" in codes
    assert not codes & {"AKTA_LAHIR", "WASIAT"}


def test_the_desk_leads_to_the_claim_of_who_is_at_the_counter():
    office = an_office()
    walk_in_places(office)
    nik = a_nik(31)
    claim = a_submitted_claim(office, nik=nik)
    officer, counter_id = at_counter(office)
    turns.take_number(
        office_id=office.id,
        service_id=a_service().id,
        request_key=uuid4(),
        is_priority=False,
        who=somebody(nik),
        channel="clerk",
        actor="officer:1",
        now=at("08:30"),
    )
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:40"))
    page = logged_in(officer).get(f"/petugas/{office.slug}/loket/").content.decode()
    assert f"/petugas/{office.slug}/klaim/{claim.code}/" in page


def test_the_answers_of_the_rights_page_lead_to_a_claim():
    office = an_office()
    client = logged_in(an_officer(office))
    told = {
        "apa": "meninggal",
        "kapan_meninggal": "2026-11-01",
        "ikut_jht": "ya",
        "ahli_waris": "spouse",
        "lebih_dekat": "tidak",
        "karena_kerja": "other",
        "aktif_saat_itu": "ya",
    }
    for _ in range(30):
        page = client.get("/petugas/hak/", told, follow=True).content.decode()
        step = re.search(r'name="tanya" value="([^"]+)"', page)
        if step is None:
            break
        told[step[1]] = "tidak-tahu"
    link = re.search(r'href="(/petugas/klaim/baru/[^"]+)"', page)
    assert link is not None
    led = client.get(link[1].replace("&amp;", "&"), follow=True)
    assert "apa=meninggal" in led.redirect_chain[0][0]
    assert "klaim" in led.content.decode().lower()


def test_the_same_form_twice_makes_one_claim():
    _, booth = a_booth()
    client, form = logged_in(an_officer(booth)), the_form()
    for _ in range(2):
        answer = client.post(INTAKE, form, headers={"Accept": "application/json"})
        assert answer.status_code == 201
    assert Claim.objects.count() == 1
    assert Event.objects.filter(kind="consent.given").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("setuju", ""),
        ("nik", "123"),
        ("participant", ""),
        ("birth", "kemarin"),
        ("office", "bandung"),
        ("kpj", "1"),
        ("number", "abc"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(field, value):
    a_booth()
    an_office_far_away()
    booth = an_office("mpp2", kind="mpp_booth")
    client = logged_in(an_officer(booth))
    address = INTAKE.replace("/mpp/", "/mpp2/")
    answer = client.post(
        address, the_form(**{field: value}), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert list(answer.json()["wrong"]) == [field]
    page = client.post(address, the_form(**{field: value}))
    assert page.status_code == 422
    assert f'href="#id_{field}"' in page.content.decode()


def test_an_heir_is_not_the_insured():
    _, booth = a_booth()
    client = logged_in(an_officer(booth))
    answer = client.post(INTAKE, the_form(participant=a_nik(12)))
    assert answer.status_code == 422
    assert not Claim.objects.exists()


def test_scans_come_in_pieces_and_the_same_piece_twice_is_one():
    _, booth = a_booth()
    client = logged_in(an_officer(booth))
    taken = client.post(INTAKE, the_form(), headers={"Accept": "application/json"}).json()
    field, address = next((f, a) for f, a in taken["papers"].items() if "AKTA" in f)
    content, token = written(a_page()), uuid4()

    def send(at: int, piece: bytes):
        query = f"?token={token}&size={len(content)}&at={at}"
        return client.post(address + query, piece, content_type="application/octet-stream")

    assert send(0, b"").json() == {"received": 0}
    half = len(content) // 2
    assert send(0, content[:half]).json() == {"received": half}
    assert send(0, content[:half]).json() == {"received": half}
    assert send(half + 5, content[half + 5 :]).status_code == 409
    assert send(half, content[half:]).json() == {"received": len(content)}
    assert send(0, b"").json() == {"received": len(content)}
    paper = Paper.objects.get(code=field.split("-")[1])
    assert paper.state == "sent"
    assert paper.documents.count() == 1


def test_answers_about_a_right_lead_to_the_intake_with_nothing_asked_twice():
    office = an_office()
    client = logged_in(an_officer(office))
    query = "apa=phk&ikut_jkp=tidak-tahu"
    led = client.get(f"/petugas/klaim/baru/?{query}")
    assert led.status_code == 302
    assert led.url.startswith("/petugas/serang/klaim/baru/?apa=phk")
    assert client.get(led.url).status_code == 200


def test_a_turn_is_booked_for_a_file_that_needs_its_originals_shown():
    branch, booth = a_booth()
    offer = a_window(branch, "10:00")
    claim = a_complete_claim(branch, needs_visit=True)
    client = logged_in(an_officer(booth, "door"))
    address = f"/petugas/mpp/klaim/{claim.code}/giliran/"
    form = {"offer": offer.id, "request_key": str(uuid4())}
    assert client.post(address, form).status_code == 302
    client.post(address, form)
    turn = Turn.objects.get()
    assert (turn.claim_id, turn.office_id) == (claim.id, branch.id)
    receipt = client.get(f"/petugas/mpp/klaim/{claim.code}/tanda-terima/").content.decode()
    assert "10.00" in receipt


def test_no_turn_is_booked_for_a_file_that_needs_no_visit():
    office = an_office()
    offer = a_window(office, "10:00")
    claim = a_complete_claim(office)
    form = {"offer": offer.id, "request_key": str(uuid4())}
    pressed = logged_in(an_officer(office)).post(f"{file_of(office, claim)}giliran/", form)
    assert pressed.status_code == 409
    assert not Turn.objects.exists()


OVERVIEW = "/kepala/wilayah/banten/klaim/"


def test_the_region_sees_what_is_late_at_each_office_and_how_high_it_rose():
    serang, cilegon = an_office(), a_neighbour()
    late = a_complete_claim(serang, now=at("09:00", MONDAY - timedelta(days=21)))
    a_submitted_claim(cilegon)
    claims.warn_due(now=at("09:00"))
    page = logged_in(an_officer(serang, "regional")).get(OVERVIEW).content.decode()
    assert page.index("Serang") < page.index("Cilegon")
    assert late.code[:4] in page
    assert "Kantor pusat" in page
    assert "Siti" not in page


def test_the_share_inside_the_deadline_counts_what_was_paid_in_time():
    office = an_office()
    for days, paid in ((21, MONDAY - timedelta(days=20)), (21, MONDAY - timedelta(days=3))):
        claim = an_approved_claim(office, now=at("09:00", MONDAY - timedelta(days=days)))
        claims.note_paid(claim.id, paid_on=paid, actor="bank", now=at("08:00"))
    found = worklists.by_office([office.id], today=MONDAY, risk_until=date(2026, 11, 24))
    assert (found[office.id].settled, found[office.id].in_time) == (2, 1)
    assert found[office.id].percent == 50


@pytest.mark.parametrize(("role", "status"), [("officer", 403), ("manager", 403), ("auditor", 200)])
def test_the_overview_is_for_the_region_and_the_centre(role, status):
    office = an_office()
    assert logged_in(an_officer(office, role)).get(OVERVIEW).status_code == status


def test_the_centre_sees_all_regions_and_a_region_only_its_own():
    office, bandung = an_office(), an_office_far_away()
    centre = logged_in(an_officer(None, "administrator")).get("/kepala/klaim/").content.decode()
    assert "Kanwil Banten" in centre
    assert "Kanwil Jawa Barat" in centre
    regional = logged_in(an_officer(office, "regional"))
    assert regional.get("/kepala/klaim/").url == OVERVIEW
    assert regional.get(f"/kepala/wilayah/{bandung.region.slug}/klaim/").status_code == 403
