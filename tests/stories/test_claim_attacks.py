"""Claims under hostile and clumsy hands: what was tried, and that it leads nowhere."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import queries, refusals, worklists
from giliran.claims.models import Claim, Paper
from giliran.rules import calendar
from giliran.web.counter.claims_words import left
from tests.builders import (
    BIRTH,
    a_claim,
    a_complete_claim,
    a_nik,
    a_submitted_claim,
    an_office,
    an_officer,
    at,
)

pytestmark = pytest.mark.django_db
BORN = {"hari": "17", "bulan": "8", "tahun": "1985"}
TEXT_FIELDS = ("kode", "hari", "bulan", "tahun")
HOSTILE = (
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "٠١٢٣٤٥٦٧٨٩",
    "9" * 5000,
    "<script>alert(1)</script>",
    "{% now %}{{ settings }}",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "x\r\nSet-Cookie: a=b",
    "\u202e\u2066",
    "-1",
    "1e9",
)


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def logged_in(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def opened_by_birth(claim) -> Client:
    client = Client()
    answer = client.post("/klaim/", {"kode": claim.code, **BORN})
    assert answer.status_code == 302
    return client


def press(client: Client, office, claim, step: str, **fields):
    seen = worklists.mark(Claim.objects.get(id=claim.id))
    path = f"/petugas/{office.slug}/klaim/{claim.code}/"
    return client.post(path, {"langkah": step, "terlihat": seen, **fields})


# ---- guessing ------------------------------------------------------------------------------------


def test_who_knows_code_and_birth_date_cannot_guess_the_nik_by_opening_the_claim_again():
    claim = a_claim(nik=a_nik(1))
    for n in range(refusals_left := 5):
        queries.tracked(claim.code, BIRTH, address=f"10.0.0.{n}", now=at("09:00"))
        with pytest.raises(refusals.NikDiffers):
            queries.prove(claim.id, a_nik(100 + n), address=f"10.0.1.{n}", now=at("09:00"))
    assert refusals_left == 5
    queries.tracked(claim.code, BIRTH, address="10.0.0.9", now=at("09:01"))
    with pytest.raises(refusals.TooManyLooks):
        queries.prove(claim.id, a_nik(1), address="10.0.1.9", now=at("09:01"))


def test_nobody_guesses_at_a_nik_slowly_for_days():
    claim, tried = a_claim(nik=a_nik(1)), 0
    for n in range(60):
        moment = at("00:30") + timedelta(minutes=11 * n)
        try:
            queries.prove(claim.id, a_nik(100 + n), address=f"10.0.1.{n}", now=moment)
        except refusals.NikDiffers:
            tried += 1
        except refusals.TooManyLooks:
            pass
    assert tried <= 15


def test_wrong_niks_do_not_keep_the_claimant_from_seeing_how_the_claim_stands():
    claim = a_claim(nik=a_nik(1))
    for n in range(5):
        with pytest.raises(refusals.NikDiffers):
            queries.prove(claim.id, a_nik(100 + n), address="10.0.0.1", now=at("09:00"))
    found = queries.tracked(claim.code, BIRTH, address="10.0.0.2", now=at("09:00"))
    assert found.claim_id == claim.id


# ---- what is typed -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["kode", "hari", "bulan", "tahun"])
def test_whatever_is_typed_to_find_a_claim_is_answered(field, text):
    answer = Client().post("/klaim/", {"kode": "K7QM3XPA", **BORN, field: text})
    assert answer.status_code == 422
    assert Client().get("/klaim/", {field: text}).status_code == 200


@pytest.mark.parametrize("text", ["31-02-1990", "0001-01-01", "00-00-0000", "9" * 30 + "-1-1"])
def test_a_birth_date_that_is_none_is_said_to_be_none(text):
    with pytest.raises(refusals.BadBirth):
        claims.parse_birth(text)
    with pytest.raises(refusals.BadBirth):
        claims.parse_birth("-".join(reversed(text.split("-"))))


@pytest.mark.parametrize("field", ["bank", "number", "holder"])
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_as_an_account_is_answered(field, text):
    claim, client = a_claim(nik=a_nik(1)), None
    client = opened_by_birth(claim)
    client.post(f"/k/{claim.code}/nik/", {"nik": a_nik(1)})
    account = {"bank": "BRI", "number": "001234567890", "holder": "Siti Aminah", field: text}
    assert client.post(f"/k/{claim.code}/rekening/", account).status_code == 422
    assert queries.account_of(claim.id) is None


def test_an_account_in_digits_that_no_bank_reads_is_refused():
    claim = a_claim()
    for number in ("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"):
        with pytest.raises(refusals.BadAccount):
            claims.fill(
                claim.id,
                account=claims.Account("BRI", number, "Siti Aminah"),
                actor="citizen",
                now=at("09:00"),
            )


@pytest.mark.parametrize(
    "after",
    ["claim", "foo", "//evil.example", "https://evil.example", "/\\evil.example", "\r\nX: y"],
)
def test_nobody_is_led_elsewhere_after_the_nik(after):
    claim = a_claim(nik=a_nik(1))
    client = opened_by_birth(claim)
    page = f"/k/{claim.code}/nik/"
    answer = client.post(f"{page}?{_query(lalu=after)}", {"nik": a_nik(1)})
    assert answer.status_code == 302
    assert answer.url == f"/k/{claim.code}/"


def _query(**fields) -> str:
    from urllib.parse import urlencode

    return urlencode(fields)


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("42000000", 42_000_000),
        ("42.000.000", 42_000_000),
        ("Rp 42.000.000", 42_000_000),
        ("42000000.00", None),
        ("42.000.000.00", None),
        ("42.000.00", None),
        ("4.2", None),
        ("42,000,000", None),
        ("٤٢", None),
        ("1e9", None),
        ("-5", None),
        ("", None),
        ("9" * 40, None),
    ],
)
def test_a_sum_is_read_as_it_was_meant_or_not_at_all(typed, rupiah):
    office = an_office()
    claim, client = a_complete_claim(office), logged_in(an_officer(office))
    answer = press(client, office, claim, "verifikasi", jumlah=typed)
    assert answer.status_code == (302 if rupiah else 422)
    assert Claim.objects.get(id=claim.id).amount == rupiah


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_officer_types_at_the_desk_is_answered(text):
    office = an_office()
    claim, client = a_submitted_claim(office), logged_in(an_officer(office))
    paper = Paper.objects.filter(claim=claim, state="sent").first()
    for step, fields in {
        "periksa": {"berkas": paper.id, "putusan": "wrong", "keterangan": text},
        "verifikasi": {"jumlah": text},
        "tolak": {"pasal_lain": text, "alasan": text},
        "rekening": {"bank": text, "number": text, "holder": text, "kpj": text},
        "tambah": {"berkas": text},
        text: {},
    }.items():
        assert press(client, office, claim, step, **fields).status_code < 500
    for query in ("kode", "daftar", "halaman"):
        path = f"/petugas/{office.slug}/klaim/"
        assert client.get(path, {query: text}).status_code < 500
    shown = client.get(f"/petugas/{office.slug}/klaim/{claim.code}/").content.decode()
    assert "<script>alert" not in shown


# ---- somebody else's form ------------------------------------------------------------------------


def taken_in(client: Client, office, **other):
    form = {
        "nik": a_nik(1),
        "name": "Siti Aminah",
        "birth": "17-08-1985",
        "phone": "",
        "kpj": "12345678901",
        "office": office.slug,
        "setuju": "1",
        "bank": "",
        "number": "",
        **other,
    }
    return client.post(f"/petugas/{office.slug}/klaim/baru/?untuk=jht/dismissed", form)


def test_the_next_person_on_a_form_gone_back_to_gets_a_claim_of_their_own():
    office = an_office()
    client, key = logged_in(an_officer(office)), str(uuid4())
    first = taken_in(client, office, request_key=key)
    again = taken_in(client, office, request_key=key)
    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    other = taken_in(
        client, office, request_key=key, nik=a_nik(2), name="Siti Aminah", kpj="22222222222"
    )
    assert other.status_code == 302
    assert other.url != first.url
    assert Claim.objects.count() == 2


# ---- the same money twice ------------------------------------------------------------------------

DEATH = {"reason": "death", "segment": "PU", "claimant": {"kind": "heir", "heir": "child"}}


def verified(office, **fields):
    claim = a_complete_claim(office, **fields)
    officer = an_officer(office)
    return claims.verify(
        claim.id, amount=Decimal(42_000_000), officer_id=officer.id, now=at("09:00")
    )


def test_two_heirs_are_not_both_paid_for_the_same_death():
    office, dead = an_office(), a_nik(9)
    head = an_officer(office, "manager")
    heirs = [
        verified(
            office,
            nik=a_nik(n),
            name=name,
            participant_nik=dead,
            program="JKM",
            kind="jkm/death",
            situation=DEATH,
            kpj=kpj,
        )
        for n, name, kpj in ((1, "Siti Aminah", "12345678901"), (2, "Budi Santoso", ""))
    ]
    claims.approve(heirs[0].id, officer_id=head.id, now=at("09:00"))
    with pytest.raises(refusals.DecidedBefore):
        claims.approve(heirs[1].id, officer_id=head.id, now=at("09:00"))
    claims.refuse(
        heirs[1].id, article="Pasal 1", reason="Sudah dibayar", officer_id=head.id, now=at("09:00")
    )


def test_leaving_the_card_out_does_not_pay_it_twice():
    office, head = an_office(), None
    head = an_officer(office, "manager")
    first, second = (verified(office, nik=a_nik(1), kpj=kpj) for kpj in ("12345678901", ""))
    claims.approve(first.id, officer_id=head.id, now=at("09:00"))
    with pytest.raises(refusals.DecidedBefore):
        claims.approve(second.id, officer_id=head.id, now=at("09:00"))


def test_another_card_of_the_same_person_is_paid_beside():
    office = an_office()
    head = an_officer(office, "manager")
    first, second = (
        verified(office, nik=a_nik(1), kpj=kpj) for kpj in ("12345678901", "22222222222")
    )
    claims.approve(first.id, officer_id=head.id, now=at("09:00"))
    assert claims.approve(second.id, officer_id=head.id, now=at("09:00")).state == "approved"


# ---- other regions, other roles ------------------------------------------------------------------


def test_the_head_of_another_office_of_the_region_does_not_decide():
    serang = an_office()
    cilegon = an_office("cilegon")
    claim = verified(serang)
    client = logged_in(an_officer(cilegon, "manager"))
    assert press(client, cilegon, claim, "setujui").status_code == 403
    assert press(client, serang, claim, "setujui").status_code == 403
    assert Claim.objects.get(id=claim.id).state == "verified"


@pytest.mark.parametrize("role", ["officer", "door", "auditor", "administrator"])
def test_only_heads_and_the_region_decide(role):
    office = an_office()
    claim = verified(office)
    client = logged_in(an_officer(office, role))
    for step in ("setujui", "tolak", "kembalikan"):
        assert press(client, office, claim, step).status_code == 403
    assert Claim.objects.get(id=claim.id).state == "verified"


def test_pages_that_change_something_refuse_a_form_without_a_token():
    office = an_office()
    claim = a_claim(office, nik=a_nik(1))
    client = Client(enforce_csrf_checks=True)
    client.force_login(an_officer(office, "manager"))
    session = client.session
    session["claims"] = {claim.code: "proven"}
    session.save()
    for path in ("rekening/", "kirim/", "tarik/", "nik/", "tutup/", "pengingat/", "giliran/"):
        assert client.post(f"/k/{claim.code}/{path}").status_code == 403
    paper = Paper.objects.filter(claim=claim).first()
    for path in ("", "potongan/", "bawa/"):
        assert client.post(f"/k/{claim.code}/berkas/{paper.id}/{path}").status_code == 403
    assert client.put(f"/k/{claim.code}/berkas/{paper.id}/potongan/").status_code == 403
    for path in ("", "giliran/", "kirim/", f"berkas/{paper.id}/potongan/"):
        answer = client.post(f"/petugas/{office.slug}/klaim/{claim.code}/{path}")
        assert answer.status_code in {403, 404}
    assert Claim.objects.get(id=claim.id).state == "drafted"


def test_a_claim_that_is_open_opens_no_other_ones_papers():
    office = an_office()
    mine, theirs = a_claim(office, nik=a_nik(1)), a_claim(office, nik=a_nik(2))
    client = opened_by_birth(mine)
    paper = Paper.objects.filter(claim=theirs).first()
    for path in ("", "bawa/", "potongan/", "hapus/1/"):
        assert client.post(f"/k/{mine.code}/berkas/{paper.id}/{path}").status_code == 404
        assert client.post(f"/k/{theirs.code}/berkas/{paper.id}/{path}").status_code == 302
    assert Paper.objects.get(id=paper.id).state == "missing"


def test_a_session_that_knows_only_the_birth_date_moves_no_money():
    claim = a_claim(nik=a_nik(1))
    client = opened_by_birth(claim)
    account = {"bank": "BRI", "number": "001234567890", "holder": "Siti Aminah"}
    assert "/nik/" in client.post(f"/k/{claim.code}/rekening/", account).url
    assert "/nik/" in client.post(f"/k/{claim.code}/tarik/").url
    assert queries.account_of(claim.id) is None
    assert Claim.objects.get(id=claim.id).state == "drafted"


def test_a_part_of_jht_and_later_the_rest_are_both_paid():
    office = an_office()
    head = an_officer(office, "manager")
    part = verified(office, nik=a_nik(1), kind="jht/partial_other")
    claims.approve(part.id, officer_id=head.id, now=at("09:00"))
    rest = verified(office, nik=a_nik(1))
    assert claims.approve(rest.id, officer_id=head.id, now=at("09:00")).state == "approved"


def test_a_later_job_with_another_card_is_paid_though_the_first_claim_named_none():
    office = an_office()
    head = an_officer(office, "manager")
    first = verified(office, nik=a_nik(1), kpj="")
    claims.approve(first.id, officer_id=head.id, now=at("09:00"))
    claims.note_paid(first.id, paid_on=at("09:00").date(), actor="system", now=at("09:00"))
    claims.close(first.id, actor="system", now=at("09:00"))
    later = verified(office, nik=a_nik(1), kpj="22222222222")
    assert claims.approve(later.id, officer_id=head.id, now=at("09:00")).state == "approved"


# ---- days that nobody can know -------------------------------------------------------------------


def test_the_desk_says_why_a_claim_has_no_day(monkeypatch):
    office = an_office()
    client = logged_in(an_officer(office))
    new_year = at("09:00", date(2027, 12, 30))
    monkeypatch.setattr(clock, "now", lambda: new_year)
    runs = a_complete_claim(office, now=new_year)
    assert runs.due_on is None
    page = client.get(f"/petugas/{office.slug}/klaim/?daftar=kantor").content.decode()
    assert "harinya belum bisa dihitung" in page
    assert "belum berjalan" not in page
    a_submitted_claim(office, now=new_year)
    page = client.get(f"/petugas/{office.slug}/klaim/?daftar=kantor").content.decode()
    assert "belum berjalan" in page


def test_the_desk_counts_collective_leave_where_the_office_works_on_it(monkeypatch):
    leave = min(day for day in calendar().collective_leave if day.weekday() < 4)
    today, due_on = leave - timedelta(days=1), leave
    words = [
        left(due_on, today, an_office(slug, closes_on_collective_leave=closes)).words
        for slug, closes in (("serang", True), ("cilegon", False))
    ]
    assert words == ["0 hari kerja lagi", "1 hari kerja lagi"]


def test_the_region_sees_what_may_be_due_in_a_year_without_a_decree(monkeypatch):
    office = an_office()
    claim = a_complete_claim(office, now=at("09:00", date(2027, 12, 30)))
    monkeypatch.setattr(clock, "now", lambda: at("09:00", date(2028, 1, 5)))
    claims.warn_due(now=clock.now())
    client = logged_in(an_officer(office, "regional"))
    page = client.get(f"/kepala/wilayah/{office.region.slug}/klaim/").content.decode()
    assert claim.code[:4] in page
    assert "hari libur tahun itu belum ditetapkan" in page


# ---- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/klaim/", 25, 413),
        ("/petugas/masuk/", 129, 413),
        ("/petugas/serang/klaim/baru/", 129, 413),
        ("/klaim/", 1, 403),
        ("/petugas/masuk/", 25, 403),
    ],
)
def test_nothing_is_read_of_a_body_that_is_too_large(path, megabytes, status):
    class NeverRead:
        def read(self, *_):
            raise AssertionError

        readline = read

    strangers = Client(enforce_csrf_checks=True)
    answer = strangers.post(
        path,
        {},
        CONTENT_LENGTH=str(megabytes * 1024 * 1024),
        CONTENT_TYPE="multipart/form-data; boundary=b",
        **({"wsgi.input": NeverRead()} if status == 413 else {}),
    )
    assert answer.status_code == status


def test_code_and_birth_date_show_no_bank_and_no_digit_of_the_account():
    claim = a_claim(nik=a_nik(1))
    Paper.objects.filter(claim=claim).update(state="sent")
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    claims.fill(claim.id, account=account, actor="citizen", now=at("09:00"))
    client = opened_by_birth(claim)
    for path in ("", "kirim/"):
        page = client.get(f"/k/{claim.code}/{path}").content.decode()
        assert "7890" not in page
        assert "BRI" not in page
        assert "Sudah diisi." in page
    client.post(f"/k/{claim.code}/nik/", {"nik": a_nik(1)})
    assert "•••7890" in client.get(f"/k/{claim.code}/").content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_to_begin_a_claim_is_answered(text):
    an_office()
    told = {
        "apa": "phk",
        "ikut_jkp": "tidak",
        "bekerja": "tidak",
        "kapan_phk": "2026-10-01",
        "kartu_aktif": "tidak",
        "saldo": "30000000",
        "pernah_ambil": "belum",
        "masalah": "tidak-ada",
    }
    usual = {"name": "Siti Aminah", "nik": a_nik(1), **BORN, "phone": "", "kpj": ""}
    usual |= {"office": "serang", "request_key": str(uuid4()), "langkah": "simpan"}
    client = Client()
    for field in (*usual, "participant"):
        page = f"/klaim/mulai/?{_query(**told, untuk='JHT')}"
        assert client.post(page, {**usual, field: text}).status_code < 500
    for name in (*told, "untuk"):
        page = f"/klaim/mulai/?{_query(**{**told, 'untuk': 'JHT', name: text})}"
        assert client.get(page).status_code < 500
