"""Complaints under hostile and clumsy hands: what was tried, and that it leads nowhere."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest
from django.core.cache import cache

from giliran import clock
from giliran.conversations.models import Conversation
from giliran.core.refusal import Refusal
from giliran.figures import series
from giliran.journal.models import Event
from giliran.messages.models import Subscription
from giliran.turns import actions as desk
from giliran.voices import access, complaints, exchange
from giliran.voices import actions as voices
from giliran.voices.actions import asking_opinion, warning
from giliran.voices.actions import finding as deeds
from giliran.voices.models import Complaint
from giliran.voices.refusals import BadFile, NotTheirs
from tests.builders import (
    a_claim,
    a_service,
    a_walk_in,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.stories.test_complaint_conversation import Person

pytestmark = pytest.mark.django_db

TEXT = "Nomor antrean habis pukul tujuh, padahal kantor baru buka pukul delapan."
ONLY_LETTERS = str.maketrans("0123456789", "ABCDEFGHJK")
HEAD = "id_laporan,tanggal,isi,kategori,kantor,wilayah,nama,telepon,anonim,rahasia\n"
ROW = '8801,2026-11-20,"Kuota habis, loket belum buka.",queue,serang,,Siti Aminah,,tidak,tidak'


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    cache.clear()
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture
def office():
    a_service()
    return an_office()


def complain(text=TEXT, **fields):
    usual = {"request_key": uuid4(), "channel": "web", "now": at("08:00")}
    return voices.complain(text=text, **usual | fields)


def take(content, *, kind="csv"):
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return exchange.take(raw, kind=kind, actor="system", now=at("09:00"))


def form(**other) -> dict:
    usual = {"text": TEXT, "cara": "nama", "request_key": str(uuid4()), "langkah": "kirim"}
    return usual | other


def test_who_knows_the_number_of_a_report_neither_opens_nor_stops_it(client, office):
    """The number of a report of SP4N-LAPOR! is no secret; the code of the receipt is."""
    guessed = str(uuid5(NAMESPACE_URL, "https://www.lapor.go.id/laporan/8801"))
    take(HEAD + ROW)
    sent = client.post("/aduan/", form(request_key=guessed))
    theirs = Complaint.objects.get(external_id="8801")
    assert theirs.code not in sent["Location"]
    guessed = str(uuid5(NAMESPACE_URL, "https://www.lapor.go.id/laporan/8802"))
    client.post("/aduan/", form(request_key=guessed))
    assert take(HEAD + ROW.replace("8801", "8802")) == (1, 0)
    assert Complaint.objects.filter(external_id="8802").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_laporan", "88\x0001"),
        ("id_laporan", "88\ud80001"),
        ("id_laporan", "9" * 41),
        ("tanggal", "0001-01-01"),
        ("tanggal", "0001-01-01T00:00:00+14:00"),
        ("tanggal", "1970-01-01"),
        ("tanggal", "9999-12-31T23:59:00-12:00"),
        ("kantor", "ser\x00ang"),
        ("kantor", "s" * 5000),
        ("wilayah", "ban\ud800ten"),
        ("nama", "\x00"),
        ("telepon", "08" * 4000),
        ("isi", "x" * 5000),
        ("isi", "\x00" * 50),
    ],
)
def test_a_hostile_cell_is_named_and_nothing_of_the_file_is_taken(office, field, value):
    good = {"id_laporan": "8801", "tanggal": "2026-11-20", "isi": TEXT, "nama": "Siti"}
    bad = good | {"id_laporan": "8802", field: value}
    with pytest.raises(BadFile, match="baris 2"):
        take(json.dumps([good, bad]), kind="json")
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe" + (HEAD + ROW).encode("utf-16-le"), "csv"),
        ((HEAD + ROW.replace("Kuota", "Kuot\xe9")).encode("latin-1"), "csv"),
        ((HEAD + ROW).replace(",", ";").encode(), "csv"),
        ((HEAD + ROW + ",lebih").encode(), "csv"),
        ((HEAD + ROW.replace("Kuota", "K" * 200_000)).encode(), "csv"),
        (("[" * 100_000).encode(), "json"),
        (b'[{"id_laporan": ' + b"9" * 5000 + b"}]", "json"),
        (HEAD.replace("isi,", "").encode(), "csv"),
        (HEAD.replace("kategori", "isi").encode(), "csv"),
        (b'{"laporan": 5}', "json"),
        (b'{"laporan": {"a": 1}}', "json"),
        (b'"laporan"', "json"),
    ],
)
def test_a_hostile_file_is_refused_whole(office, content, kind):
    with pytest.raises(BadFile):
        take(content, kind=kind)
    assert not Complaint.objects.exists()


def test_a_file_with_a_mark_of_byte_order_is_read(office):
    assert take(("\ufeff" + HEAD + ROW).encode()) == (1, 0)


def test_the_same_report_twice_in_a_file_is_one(office):
    assert take(f"{HEAD}{ROW}\n{ROW}") == (1, 1)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_that_goes_out_begins_like_a_formula(begins):
    row = dict.fromkeys(exchange.GIVEN, f"{begins}1+1")
    cells = exchange.written([row], kind="csv").splitlines()[1].split(",")
    assert all(cell.lstrip('"').startswith("'") for cell in cells)


def test_who_sits_at_a_desk_sends_no_complaint_to_another_office(office):
    """The page offers it to who leads alone: else what is unpleasant would go away."""
    view, clerk, elsewhere = complain(office=office), an_officer(office), an_office("cilegon")
    with pytest.raises(NotTheirs):
        voices.route(view.id, office=elsewhere, officer_id=clerk.id, now=at("10:00"))
    assert complaints.find(view.code).office == office


def test_a_colleague_does_not_name_somebody_else_in_place_of_whom_it_is_about(office):
    """Who was named as the one it is about would see it again, once another one is named."""
    about, clerk, head = an_officer(office), an_officer(office), an_officer(office, "manager")
    view = complain(office=office, officer_id=about.id)
    voices.acknowledge(view.id, officer_id=head.id, now=at("09:00"))
    voices.assign(view.id, handler_id=clerk.id, officer_id=head.id, now=at("09:00"))
    with pytest.raises(Refusal):
        voices.classify(
            view.id,
            weight="light",
            category="other",
            about_id=head.id,
            officer_id=clerk.id,
            now=at("10:00"),
        )
    assert complaints.find(view.code).officer_id == about.id


def test_nobody_reckons_the_key_of_what_was_said_in_a_conversation(client, office):
    """Two small numbers that everybody can count through would open the receipt."""
    person = Person("sms")
    person.says("menu", "keluhan", TEXT, "serang", "boleh")
    made = Complaint.objects.get()
    once_used = UUID("7d0c7f0e-6a52-4d0b-9d6c-0d9a8d3c6f21")
    mine = Conversation.objects.get()
    for heard in range(mine.heard + 2):
        guessed = uuid5(once_used, f"{mine.id} {heard}")
        assert guessed != made.request_key
        sent = client.post("/aduan/", form(request_key=str(guessed)))
        assert made.code not in sent["Location"]


@pytest.mark.parametrize(
    "token", ["%00", "a%00b", "%F0%9F%98%80", "x" * 5000, "..%2f..", "' OR 1=1"]
)
def test_a_hostile_token_opens_no_question(client, token):
    assert client.get(f"/nilai/{token}/").status_code == 404
    assert client.post(f"/nilai/{token}/", {"nilai": "4"}).status_code == 404
    more = {"langkah": "lagi", "kata": "x"}
    assert client.post(f"/nilai/{token}/", more).status_code == 404


def test_who_passed_somebody_on_to_another_counter_does_not_answer_their_complaint(office):
    walk_in_places(office)
    rude, counter = at_counter(office, "1", "07:40")
    turn = a_walk_in(office, clock="08:00")
    desk.call_next(counter, officer_id=rude.id, now=at("08:01"))
    desk.transfer(officer_id=rude.id, now=at("08:05"))
    helpful, other = at_counter(office, "2", "08:06")
    desk.call_next(other, officer_id=helpful.id, now=at("08:07"))
    turn.refresh_from_db()
    assert turn.officer_id == helpful.id
    complaint = complaints.find(complain(turn_code=turn.code).code)
    for officer in (rude, helpful):
        assert access.may_see(access.reader(officer.id), complaint)
        assert not access.may_handle(access.reader(officer.id), complaint)
    assert access.may_handle(access.reader(an_officer(office).id), complaint)


def test_who_answers_never_reads_the_code_with_which_an_answer_is_confirmed(client, office):
    """Who has it could end a complaint in its owner's name."""
    first, view = complain(office=office), complain(office=office)
    clerk, region = an_officer(office), an_officer(office, "regional")
    pages = []
    for officer in (clerk, region):
        client.force_login(officer)
        lists = ["/petugas/serang/aduan/"]
        lists += ["/kepala/wilayah/banten/aduan/"] if officer == region else []
        pages += [client.get(path) for path in (*lists, f"/petugas/aduan/no-{view.id}/")]
    led = client.get("/petugas/serang/aduan/", {"kode": view.code})
    assert led["Location"] == f"/petugas/aduan/no-{view.id}/"
    seen = complaints.find(view.code).moved_at.timestamp()
    sent = {"langkah": "pelajari", "terlihat": f"received.{seen:.6f}"}
    pages.append(client.post(led["Location"], sent, follow=True))
    assert complaints.find(view.code).state == "acknowledged"
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert f"No. {view.id}<" in text
        for code in (first.code, view.code):
            assert code not in text
            assert f"{code[:4]}-{code[4:]}" not in text


@pytest.mark.parametrize("number", ["no-0", "no-999999999999999999", "no-", "no--1", "no-%D9%A1"])
def test_a_number_that_there_is_not_opens_nothing(client, office, number):
    client.force_login(an_officer(office))
    assert client.get(f"/petugas/aduan/{number}/").status_code == 404


def test_no_month_is_too_early_or_too_late_to_be_asked_for(client, office):
    client.force_login(an_officer(office, "manager"))
    for month in ("0001-01", "1999-12", "9999-12", "2026-13", "٢٠٢٦-١١", "\x00"):
        page = client.get("/kepala/serang/kepuasan/", {"bulan": month})
        assert page.status_code == 200


def test_what_was_said_without_a_name_is_tied_to_no_telephone_when_it_is_forgotten(office):
    person = Person("sms")
    person.says("menu", "keluhan", TEXT, "serang", "tanpa nama")
    made = Complaint.objects.get()
    told = Subscription.objects.filter(subject="complaint", subject_id=made.id)
    assert made.is_anonymous
    assert told.exists()
    voices.withdraw(made.code, now=at("10:00"))
    assert voices.erase_statements(before=at("10:00").date() + timedelta(days=1)) == 1
    assert not told.exists()


def test_a_trouble_with_one_complaint_keeps_no_other_from_rising(office, monkeypatch):
    broken, sound = complain(office=office), complain(office=office)

    def pressing(complaint):
        if complaint.id == broken.id:
            raise ValueError
        return complaint.due_on

    monkeypatch.setattr(warning, "pressing", pressing)
    later = at("08:00", at("08:00").date() + timedelta(days=20))
    assert voices.escalate_due(now=later) == 3
    assert complaints.find(sound.code).level == "centre"


def test_no_figure_tells_the_marks_of_fewer_than_ten(client, office):
    day = at("08:00").date()
    walk_in_places(office)
    clerk, counter = at_counter(office, "1", "08:00")
    for n in range(10):
        moment = at("08:10") + timedelta(minutes=3 * n)
        turn = a_walk_in(office, clock=moment.time().isoformat())
        desk.call_next(counter, officer_id=clerk.id, now=moment)
        desk.start(officer_id=clerk.id, now=moment)
        desk.finish(officer_id=clerk.id, now=moment + timedelta(minutes=2))
        token = asking_opinion.ask(turn.id, channel="web", now=moment + timedelta(minutes=2))
        asking_opinion.rate(token, 1, channel="web", now=moment + timedelta(minutes=2))
        told = series.value("satisfaction", [office.id], day, day)
        assert told.value == (25 if n == 9 else None)
        assert n == 9 or told.n == 0
    client.force_login(an_officer(office, "manager"))
    page = client.get("/kepala/serang/deret/", {"ukur": "satisfaction", "per": "hari"})
    assert page.status_code == 404


def test_a_double_click_on_enough_accepts_once_and_complains_of_nothing(client, office):
    head, region = an_officer(office, "manager"), an_officer(office, "regional")
    day = at("08:00").date()
    action = deeds.NewAction("Buka pukul enam", "Kepala cabang", day + timedelta(days=30))
    code = deeds.enter(
        request_key=uuid4(),
        source="Ombudsman RI",
        number="",
        received_on=day,
        office=office,
        region=None,
        title="Antrean sejak subuh",
        summary="Orang datang sebelum pukul enam.",
        url="",
        actions=[action],
        actor=f"officer:{region.id}",
        now=at("08:00"),
    )
    client.force_login(head)
    report = {"request_key": str(uuid4()), "text": "Pintu dibuka pukul enam."}
    assert client.post(f"/kepala/temuan/{code}/1/lapor/", report).status_code == 302
    client.force_login(region)
    enough = {"request_key": str(uuid4()), "cukup": "ya"}
    for _ in range(2):
        assert client.post(f"/kepala/temuan/{code}/1/putuskan/", enough).status_code == 302
    assert Event.objects.filter(kind="finding.accept").count() == 1


@pytest.mark.parametrize("month", ["20٢٦-10", "2026-1٠", "2026-12", "2026-00", "1999-12", "2026-1"])
def test_no_month_of_open_data_is_made_up(client, month):
    for ending in ("csv", "parquet"):
        assert client.get(f"/data/angka-{month}.{ending}").status_code == 404


@pytest.mark.parametrize(
    "field", ["text", "kantor", "category", "kode", "cara", "name", "phone", "request_key"]
)
@pytest.mark.parametrize("value", ["\x00", "ser\x00ang", "9" * 5000, "\u202e", "😀" * 300])
def test_the_form_takes_or_refuses_whatever_is_typed(client, office, field, value):
    assert client.post("/aduan/", form(**{field: value})).status_code in {200, 302, 422}
    client.force_login(an_officer(office))
    sent = client.post("/petugas/serang/aduan/baru/", form(**{field: value}))
    assert sent.status_code in {302, 422}


def test_a_complaint_tells_nobody_whose_tries_are_over_that_a_code_is_right(client, office):
    """Of a claim not even that says that its code is right without the birth date."""
    claim = a_claim(office)
    for n in range(complaints.WRONG_CODES):
        sent = client.post("/aduan/", form(kode=f"ZZZZ{n:04}".translate(ONLY_LETTERS)))
        assert sent.status_code == 422
    right = client.post("/aduan/", form(kode=claim.code))
    assert right.status_code == 422
    assert "Terlalu banyak percobaan" in right.content.decode()
    body = {"text": TEXT, "request_key": str(uuid4()), "claim": claim.code}
    asked = client.post("/api/v1/complaints", json.dumps(body), content_type="application/json")
    assert "too_many_codes" in asked.content.decode()
    assert not Complaint.objects.exists()


def test_codes_are_not_tried_out_in_a_conversation_either(office):
    made, person = complain(office=office), Person("sms")
    person.says("menu")
    for n in range(complaints.WRONG_CODES + 1):
        person.says(f"cek {f'ZZZZ{n:04}'.translate(ONLY_LETTERS)}")
    assert made.code[4:] not in person.says(f"cek {made.code}")
    honest = Person("sms", "+6281234567891")
    assert made.code[4:] in honest.says("menu", f"cek {made.code}")


def counted(office) -> tuple[float | None, int, int]:
    day = at("08:00").date()
    received = series.value("complaints", [office.id], day, day)
    by_channel = series.by_part("complaints", "channel", [office.id], day, day)
    due = series.value("complaints_in_time", [office.id], day, day + timedelta(days=30))
    return received.value, sum(part.n for part in by_channel.values()), due.n


def test_no_figure_of_an_office_counts_what_the_office_may_not_know(office):
    """Who compares a sum with the own list of complaints would find the one about themselves."""
    head = an_officer(office, "manager")
    complain(office=office, officer_id=head.id)
    complain(office=office, name="Siti Aminah", is_protected=True)
    bribe = complain(office=office, category="bribe")
    assert counted(office) == (0, 0, 0)
    complain(office=office)
    assert counted(office) == (1, 1, 1)
    region = an_officer(office, "regional")
    voices.classify(
        bribe.id, weight="light", category="queue", officer_id=region.id, now=at("09:00")
    )
    assert counted(office) == (1, 1, 1)
    voices.route(bribe.id, office=office, officer_id=region.id, now=at("09:10"))
    assert counted(office) == (2, 2, 2)
