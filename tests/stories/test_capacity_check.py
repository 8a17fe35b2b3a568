"""Were there officers enough this month? A planted shortage is found, and what isn't known said."""

import io
import itertools
import re
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import numpy as np
import pypdf
import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran import clock
from giliran.capacity.models import CounterOpening
from giliran.claims import letters
from giliran.figures import capacity_check as checks
from giliran.figures.models import CapacityCheck
from giliran.jobs import checking
from giliran.journal.models import Event
from giliran.offices.models import Office
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.builders import MONDAY, a_service, an_office, an_officer, at, walk_in_places

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
MARCH = date(2025, 3, 1)
_MINUTE = timedelta(minutes=1)
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture(autouse=True)
def _played_less(monkeypatch):
    """Play each month ten times and not forty: how sure it is, tests/core/test_month.py checks."""
    monkeypatch.setattr(checks, "remedies", partial(checks.remedies, plays=10))
    monkeypatch.setattr(checks, "shortage", partial(checks.shortage, draws=3))


def busy_weekdays(n: int) -> list[date]:
    """Return Mondays and Tuesdays of October: each weekday's need is counted by itself."""
    days = [date(2026, 10, 5) + timedelta(days=7 * week + k) for week in range(4) for k in (0, 1)]
    return days[:n]


def busy_days(office: Office, days: list[date], *, people: int, officers: int, seed: int = 1):
    """Plant days on which so many come without a window, and so many officers serve them."""
    chance = np.random.default_rng(seed)
    jht, written, calls = a_service("jht"), [], []
    counters = list(office.counters.order_by("label"))[:officers]
    for counter in counters:
        officer = an_officer(office)
        CounterOpening.objects.bulk_create(
            CounterOpening(
                counter=counter,
                officer=officer,
                opened_at=at("08:00", day),
                closed_at=at("15:00", day),
            )
            for day in days
        )
    for day in days:
        door = walk_in_places(office, places=500, day=day)
        free = dict.fromkeys((one.id for one in counters), at("08:00", day))
        for came in sorted(at("08:00", day) + chance.uniform(0, 390, people) * _MINUTE):
            counter = min(free, key=lambda one: free[one])
            called = max(came, free[counter])
            ended = called + chance.gamma(2, 6) * _MINUTE
            free[counter] = ended
            written.append(
                Turn(
                    code=f"K{next(_numbers):06}",
                    request_key=uuid4(),
                    office=office,
                    service=jht,
                    offer=door,
                    kind="walk_in",
                    channel="kiosk",
                    day=day,
                    number=f"A{next(_numbers):05}",
                    state="finished",
                    asked_at=came,
                    arrived_at=came,
                    ended_at=ended,
                    move="finish",
                    moved_at=ended,
                    moved_by="officer:1",
                )
            )
            calls.append((called, counter))
    kept = Turn.objects.bulk_create(written)
    Event.objects.bulk_create(
        Event(
            at=called,
            actor="officer:1",
            kind="turn.call",
            office_id=office.id,
            subject="turn",
            subject_id=turn.id,
            data={"counter_id": counter},
        )
        for turn, (called, counter) in zip(kept, calls, strict=True)
    )
    return office


def turn_away(office: Office, people: int, day: date) -> None:
    for n in range(people):
        turns.turn_away(
            office_id=office.id,
            service_id=a_service("jht").id,
            why="no_walk_in_place_left",
            request_key=UUID(int=n),
            actor="kiosk:1",
            now=at("10:00", day),
        )


def checked(office: Office, month: date = OCTOBER) -> checks.Answer | None:
    return checks.count(office.region, office, month, now=at("09:00"))


def by_kind(answer) -> dict:
    return {one.kind: one for one in answer.remedies}


def test_a_month_with_too_few_officers_is_found_with_what_was_seen_and_what_helps():
    office = busy_days(an_office(counters=4), busy_weekdays(8), people=65, officers=1)
    turn_away(office, 30, busy_weekdays(8)[3])

    answer = checked(office)

    assert answer is not None
    assert (answer.came, answer.turned_away) == (8 * 65, 30)
    assert answer.away == (("no_walk_in_place_left", 30),)
    assert answer.days_counted == answer.days_seen == 8
    # 65 people of some 12 minutes are 13 hours of work, and one officer has seven.
    assert 0.8 < answer.lacking.low <= answer.lacking.mean <= answer.lacking.high < 3.2
    assert answer.not_in_time.low > 120
    found = by_kind(answer)
    assert found["hiring"].more.low > 0
    assert found["hiring"].amount == round(answer.lacking.mean)
    assert answer.remedies[-1].kind == "hiring"
    assert not found["booths"].possible
    assert not found["loans"].possible  # nobody is near


def test_an_office_with_officers_enough_lacks_nobody():
    office = busy_days(an_office(counters=4), busy_weekdays(8), people=20, officers=3)

    answer = checked(office)

    assert answer is not None
    assert answer.lacking.mean < 0.05
    assert answer.not_in_time.mean < 0.02 * answer.expected.mean


def test_a_neighbour_with_spare_officers_lends_the_office_that_is_short():
    office = busy_days(an_office(counters=3), busy_weekdays(8), people=65, officers=1)
    busy_days(an_office("cilegon", counters=3), busy_weekdays(8), people=8, officers=3, seed=2)

    loans = by_kind(checked(office))["loans"]

    assert loans.possible
    assert loans.amount >= 4
    assert loans.more.low > 0


def test_an_office_without_a_note_is_named_and_not_added_to_those_that_were_counted():
    office = busy_days(an_office(counters=3), busy_weekdays(4), people=50, officers=1)
    alone = checked(office)
    an_office("cilegon", counters=4)

    answer = checks.count(office.region, None, OCTOBER, now=at("09:00"))

    assert answer is not None
    assert answer.left_out == 1
    assert answer.lacking == alone.lacking
    assert answer.expected == alone.expected


def test_the_same_month_is_checked_with_the_same_chances():
    office = busy_days(an_office(counters=3), busy_weekdays(4), people=40, officers=1)
    assert checked(office) == checked(office)


def test_a_month_of_which_nothing_was_written_down_has_no_answer():
    assert checked(an_office(), MARCH) is None


def as_role(role: str, office: Office) -> Client:
    client = Client()
    client.force_login(an_officer(office, role))
    return client


def run_jobs() -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="figures.check_capacity")
    for job in jobs:
        checking.check_capacity(**job.args)


def test_the_page_is_asked_once_a_day_answered_by_the_worker_and_opens_with_one_sentence():
    office = busy_days(an_office(counters=4), busy_weekdays(8), people=65, officers=1)
    head = as_role("regional", office)
    address = "/kepala/wilayah/banten/kapasitas/"
    assert "Belum ada yang memeriksa" in head.get(f"{address}?bulan=2026-10").content.decode()

    for _ in range(2):
        sent = head.post(address, {"bulan": "2026-10"})
        assert sent.url.endswith("?bulan=2026-10#hasil")
    assert CapacityCheck.objects.count() == ProcrastinateJob.objects.count() == 1
    assert "Sedang dihitung" in head.get(f"{address}?bulan=2026-10").content.decode()
    run_jobs()

    page = head.get(f"{address}?bulan=2026-10").content.decode()
    assert "Pada Oktober 2026, Kanwil Banten kekurangan setara" in page
    assert "Tambah petugas" in page
    assert "9 dari 10 permainan" in page
    assert "Hitung lagi" not in page  # today's answer is the newest there can be


def test_a_month_without_notes_is_said_to_have_none():
    office = an_office()
    head = as_role("manager", office)
    head.post("/kepala/serang/kapasitas/", {"bulan": "2025-03"})
    run_jobs()
    page = head.get("/kepala/serang/kapasitas/?bulan=2025-03").content.decode()
    assert "tidak seorang pun tercatat datang, jadi kapasitasnya tidak bisa diperiksa" in page


def test_a_coming_month_of_a_new_office_says_that_all_its_figures_are_only_usual():
    office = an_office()
    head = as_role("manager", office)
    head.post("/kepala/serang/kapasitas/", {"bulan": "2026-12"})
    run_jobs()
    page = head.get("/kepala/serang/kapasitas/?bulan=2026-12").content.decode()
    assert "Semua angka di bawah ini memakai angka lazim" in page
    assert "Untuk hari lain, semua loket dianggap terisi" in page


def test_an_auditor_reads_it_and_an_officer_of_the_counter_does_not():
    office = an_office()
    for address in ("/kepala/serang/kapasitas/", "/kepala/wilayah/banten/kapasitas/"):
        assert as_role("auditor", office).get(address).status_code == 200
        assert as_role("officer", office).get(address).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "november", "2026-1", "2026-11-01"])
def test_what_is_no_month_is_not_found(month):
    head = as_role("manager", an_office())
    assert head.get("/kepala/serang/kapasitas/", {"bulan": month}).status_code == 404


def test_a_month_too_far_away_is_refused_in_words():
    head = as_role("manager", an_office())
    sent = head.post("/kepala/serang/kapasitas/", {"bulan": "2031-01"})
    assert sent.status_code == 422
    assert "Bulan itu terlalu jauh" in sent.content.decode()
    assert not CapacityCheck.objects.exists()


@pytest.mark.skipif(not letters.can_make_pdf(), reason="no Pango on this machine")
def test_the_same_page_comes_as_tagged_pdf():
    office = an_office()
    head = as_role("manager", office)
    address = "/kepala/serang/kapasitas/"
    assert head.get(address, {"bulan": "2026-12", "bentuk": "pdf"}).status_code == 404
    head.post(address, {"bulan": "2026-12"})
    run_jobs()
    paper = head.get(address, {"bulan": "2026-12", "bentuk": "pdf"})
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    root = pypdf.PdfReader(io.BytesIO(paper.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert re.search(rb"pdfuaid:part\W+1\b", root["/Metadata"].get_data())


def test_a_number_refused_by_the_kiosk_is_named_in_words_among_the_figures():
    office = an_office()
    turn_away(office, 2, MONDAY)
    page = as_role("manager", office).get(f"/kepala/serang/angka/?hari={MONDAY.isoformat()}")
    assert "Nomor hari ini sudah habis" in page.content.decode()
    assert "no_walk_in_place_left" not in page.content.decode()
