"""An ombudsman's findings: who reads and does what, and whether the figure moved."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.offices.models import Region
from giliran.voices import findings
from giliran.voices.models import CorrectiveAction, Evidence, Finding
from tests.builders import MONDAY, a_walk_in, an_office, an_officer, at, walk_in_places

pytestmark = pytest.mark.django_db

HOME = "/kepala/temuan/"
NEW = HOME + "baru/"


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    set_day(monkeypatch, MONDAY)


def set_day(monkeypatch, day) -> None:
    monkeypatch.setattr(clock, "now", lambda: at("10:00", day))


def an_office_elsewhere():
    return an_office("bandung", region=Region.objects.create(slug="jabar", name="Jawa Barat"))


def as_role(role, office) -> Client:
    client = Client()
    client.force_login(an_officer(office, role))
    return client


def typed(office, **other):
    fields = {
        "request_key": str(uuid4()),
        "source": "Ombudsman RI Perwakilan Banten",
        "number": "",
        "received_on": MONDAY.isoformat(),
        "place": f"office:{office.slug}",
        "title": "Antrean sejak dini hari",
        "summary": "Orang menginap demi enam puluh nomor.",
        "url": "https://ombudsman.go.id/",
        "what-0": "Hapus antrean sebelum pukul 06.00",
        "who-0": "Kepala Cabang",
        "due_on-0": "",
        "measure-0": "early_people",
        "target-0": "0",
        "what-2": "Tak seorang pun pulang tanpa nomor",
        "who-2": "Kepala Cabang",
        "due_on-2": (MONDAY + timedelta(days=10)).isoformat(),
        "measure-2": "turned_away_share",
        "target-2": "1,5",
    }
    return fields | other


def entered(office, **other) -> str:
    answer = as_role("regional", office).post(NEW, typed(office, **other))
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].rstrip("/").rpartition("/")[2]


def report(client, code, position=1, **other):
    fields = {"request_key": str(uuid4()), "text": "Undian berjalan sejak Senin.", "url": ""}
    return client.post(f"{HOME}{code}/{position}/lapor/", fields | other)


def decide(client, code, position=1, **other):
    fields = {"request_key": str(uuid4()), "cukup": "ya", "reason": ""}
    return client.post(f"{HOME}{code}/{position}/putuskan/", fields | other)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("manager", 200),
        ("regional", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("ombudsman", 200),
        ("officer", 403),
        ("door", 403),
    ],
)
def test_who_answers_for_an_office_and_the_ombudsman_read_its_findings(role, status):
    office = an_office()
    code = entered(office)

    client = as_role(role, office)

    assert client.get(HOME).status_code == status
    assert client.get(f"{HOME}{code}/").status_code == status


def test_the_ombudsman_only_reads_and_opens_no_page_with_people():
    office = an_office()
    code = entered(office)
    client = as_role("ombudsman", office)

    assert client.get(NEW).status_code == 403
    assert report(client, code).status_code == 403
    assert decide(client, code).status_code == 403
    for path in ("kepala/serang/", "petugas/serang/klaim/", "petugas/serang/loket/"):
        assert client.get(f"/{path}").status_code == 403
    assert client.get("/petugas/").status_code == 200


def test_another_regions_findings_stay_closed():
    office = an_office()
    other = an_office_elsewhere()
    code = entered(office)

    for role in ("manager", "regional", "ombudsman"):
        assert as_role(role, other).get(f"{HOME}{code}/").status_code == 403


def test_lines_that_are_empty_are_left_out_and_dates_follow():
    found = findings.finding(entered(an_office()))

    assert [one.what[:5] for one in found.actions] == ["Hapus", "Tak s"]
    assert found.actions[0].due_on == MONDAY + timedelta(days=30)
    assert found.actions[1].due_on == MONDAY + timedelta(days=10)
    assert float(found.actions[1].target) == 0.015
    assert found.actions[1].direction == "at_most"


def test_the_same_form_twice_is_one_finding():
    office = an_office()
    client, fields = as_role("regional", office), typed(office)

    client.post(NEW, fields)
    client.post(NEW, fields)

    assert Finding.objects.count() == 1
    assert CorrectiveAction.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ""),
        ("title", "x" * 201),
        ("summary", " "),
        ("received_on", "kemarin"),
        ("received_on", "0026-01-01"),
        ("place", ""),
        ("place", "office:bandung"),
        ("place", "region:jabar"),
        ("url", "javascript:alert(1)"),
        ("url", "https://[kosong"),
        ("who-2", ""),
        ("due_on-2", "2020-01-01"),
        ("target-2", "banyak"),
        ("target-2", "NaN"),
        ("target-2", "-1"),
        ("number", "9" * 81),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_kept(field, value):
    office = an_office()
    an_office_elsewhere()

    answer = as_role("regional", office).post(NEW, typed(office, **{field: value}))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in page
    assert "Orang menginap" in page or field == "summary"
    assert not Finding.objects.exists()


def test_a_finding_without_a_task_is_refused():
    office = an_office()
    empty = {f"{name}-{k}": "" for name in ("what", "who", "measure", "target") for k in (0, 2)}

    answer = as_role("regional", office).post(NEW, typed(office, **empty))

    assert answer.status_code == 400
    assert "paling sedikit satu tindakan" in answer.content.decode()


def test_one_reports_another_decides_and_a_no_needs_its_reason():
    office = an_office()
    code = entered(office)
    head, region = as_role("manager", office), as_role("regional", office)
    assert decide(region, code).status_code == 400  # nothing was reported

    assert report(head, code).status_code == 302
    assert decide(head, code).status_code == 403
    assert decide(region, code, cukup="tidak").status_code == 400
    assert decide(region, code, cukup="tidak", reason="Mana angkanya?").status_code == 302
    assert findings.finding(code).actions[0].state == "rejected"

    report(head, code, text="Lihat angka minggu ini.")
    decide(region, code)
    assert findings.finding(code).actions[0].is_done
    assert report(head, code).status_code == 400


def test_whoever_reported_cannot_accept_it():
    office = an_office()
    code = entered(office)
    region = as_role("regional", office)
    report(region, code)

    answer = decide(region, code)

    assert answer.status_code == 400
    assert "orang lain yang harus memutuskan" in answer.content.decode()
    assert decide(as_role("auditor", office), code).status_code == 302


def test_a_report_sent_twice_is_kept_once():
    office = an_office()
    code, key = entered(office), str(uuid4())
    head = as_role("manager", office)

    report(head, code, request_key=key)
    report(head, code, request_key=key)

    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "berkas.pdf"])
def test_evidence_links_only_to_pages(link):
    office = an_office()
    code = entered(office)

    answer = report(as_role("manager", office), code, url=link)

    assert answer.status_code == 400
    assert not Evidence.objects.exists()


def test_late_is_what_nobody_reported_by_its_date(monkeypatch):
    office = an_office()
    code = entered(office)
    head = as_role("manager", office)
    report(head, code)

    set_day(monkeypatch, MONDAY + timedelta(days=11))
    found = findings.finding(code)

    assert found.late(MONDAY + timedelta(days=10)) == 0
    assert found.late(MONDAY + timedelta(days=11)) == 1
    page = head.get(f"{HOME}{code}/").content.decode()
    assert "Terlambat 1 hari" in page
    assert found.late(date(2027, 1, 1)) == 1  # the first was reported in time


def test_the_figure_is_measured_from_the_day_on(monkeypatch):
    office = an_office()
    code = entered(office)
    head = as_role("manager", office)
    assert (
        "Sejak temuan ini belum ada yang tercatat." in head.get(f"{HOME}{code}/").content.decode()
    )

    walk_in_places(office)
    a_walk_in(office)
    set_day(monkeypatch, MONDAY + timedelta(days=1))
    page = head.get(f"{HOME}{code}/").content.decode()

    assert "Target tercapai dalam 28 hari terakhir." in page
