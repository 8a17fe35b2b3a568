"""A manager asks "what if", the worker plays it, and the page tells what was found and assumed."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran import clock
from giliran.capacity.models import Offer
from giliran.figures import rehearsals
from giliran.figures.models import Rehearsal
from giliran.figures.rehearsals import Change
from giliran.jobs import rehearsing
from giliran.lab.office import Estimate
from tests.builders import MONDAY, an_office, an_officer, at, walk_in_places

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY - timedelta(days=3)


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture(autouse=True)
def _played_less(monkeypatch):
    """Play so many days that every figure has a scatter; what they say, the laboratory's tests."""
    monkeypatch.setattr(rehearsals, "DAYS", 2)


def a_known_office(slug="serang", **fields):
    """An office whose last Friday is known: 24 booked people, and 60 numbers at the door."""
    office = an_office(slug, **fields)
    walk_in_places(office, places=60, day=FRIDAY)
    walk_in_places(office, places=60)
    for hour in (8, 9, 10, 13):
        for minute in ("00", "30"):
            starts = at(f"{hour:02d}:{minute}", FRIDAY)
            Offer.objects.create(
                office=office,
                kind=Offer.Kind.WINDOW,
                day=FRIDAY,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=30),
                places=5,
                taken=3,
            )
    return office


def as_role(role, office):
    client = Client()
    client.force_login(an_officer(office, role))
    return client


def ask(client, office, *, counters=1, files=0, come=0):
    return client.post(
        f"/kepala/{office.slug}/bagaimana-jika/",
        {"loket": counters, "berkas": files, "hadir": come},
    )


def work_off():
    """Play what was posted, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name="figures.rehearse"):
        rehearsing.rehearse(**job.args)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("manager", 200),
        ("regional", 200),
        ("administrator", 200),
        ("auditor", 403),
        ("officer", 403),
        ("door", 403),
    ],
)
def test_only_who_manages_an_office_asks(role, status):
    office = an_office()
    client = as_role(role, office)

    assert client.get(f"/kepala/{office.slug}/bagaimana-jika/").status_code == status
    assert ask(client, office).status_code == (302 if status == 200 else 403)


def test_an_answer_comes_from_the_worker_with_intervals_and_what_is_assumed():
    office = a_known_office()
    client = as_role("manager", office)
    address = ask(client, office, counters=1, files=50).headers["Location"]

    waiting = client.get(address)
    assert "Sedang dihitung" in words(waiting)
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    work_off()
    found = client.get(address)
    said = words(found)

    assert 'hx-trigger="every 1s"' not in found.content.decode()
    assert "1 loket lebih banyak, 50% berkas diperiksa dulu" in said
    assert "9 dari 10 orang menunggu paling lama, menit" in said
    assert re.search(r"\d+,\d ± \d+,\d", said)
    for assumed in (
        "seperti pada hari buka terakhir: Jumat, 20 November 2026",
        "2 loket, 24 janji, sekitar 30 orang tanpa janji",
        "Kantor ini belum punya layanan yang tercatat. Lama layanan (rata-rata 12 menit)",
        "50% dari lama biasanya",
        "Jumlah janji dan nomor tetap",
    ):
        assert assumed in said
    part = client.get(address.partition("#")[0] + "&bagian=hasil").content.decode()
    assert part.startswith("<section")
    assert "<html" not in part


def test_figures_are_rounded_and_the_picture_says_what_the_table_says(monkeypatch):
    """104,96 minutes were 104,9 in the table and 104 in the picture: digits were cut off."""
    office = a_known_office()
    client = as_role("manager", office)
    address = ask(client, office).headers["Location"].partition("#")[0]
    work_off()
    rehearsal_id = int(address.rpartition("=")[2])
    asked = rehearsals.asked(office.id, rehearsal_id)
    known = dict(asked.answer.base) | {"wait_p90_minutes.all": Estimate(104.96, 0.36)}
    changed = asked._replace(answer=asked.answer._replace(base=known))
    monkeypatch.setattr(rehearsals, "asked", lambda *_: changed)

    page = client.get(address)
    said = words(page)

    assert "105,0 ± 0,4" in said
    assert "105 menit" in said
    assert "104" not in said
    [left] = re.findall(r'<text x="(\d+)" y="\d+">105 menit', page.content.decode())
    assert int(left) <= 320 - 90, "the picture is 320 wide, and the figure some 85"


def test_one_more_counter_shortens_waits_and_leaves_counters_free_more_often():
    office = a_known_office(counters=1)
    found = rehearsals.ask(office, Change(more_counters=1), now=at("09:00"))
    work_off()
    apart = rehearsals.asked(office.id, found).answer.difference

    shorter, idle = apart["wait_p90_minutes.all"], apart["idle_share"]
    assert shorter.mean + shorter.half < 0
    assert idle.mean - idle.half > 0


def test_checked_files_are_served_faster_and_more_people_come_when_fewer_stay_away():
    office = a_known_office(counters=1)
    checked, more = (
        rehearsals.ask(office, one, now=at("09:00"))
        for one in (Change(prechecked_percent=100), Change(fewer_no_shows_percent=10))
    )
    work_off()

    shorter = rehearsals.asked(office.id, checked).answer.difference["wait_p50_minutes.all"]
    assert shorter.mean + shorter.half < 0
    answer = rehearsals.asked(office.id, more).answer
    served = answer.difference["served_a_day.all"], answer.difference["unserved_a_day.all"]
    assert sum(one.mean for one in served) == pytest.approx(2.4, abs=0.4)


def test_the_same_question_on_the_same_day_is_played_once():
    office = a_known_office()
    client = as_role("manager", office)
    first, second = (ask(client, office).headers["Location"] for _ in range(2))

    assert first == second
    assert Rehearsal.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="figures.rehearse").count() == 1
    work_off()
    played = Rehearsal.objects.get().answer
    ask(client, office)
    work_off()
    assert Rehearsal.objects.get().answer == played


def test_another_day_asks_anew_and_forgets_the_days_before():
    office = a_known_office()
    old = rehearsals.ask(office, Change(1), now=at("09:00"))
    new = rehearsals.ask(office, Change(1), now=at("09:00", MONDAY + timedelta(days=1)))

    assert old != new
    assert list(Rehearsal.objects.values_list("id", flat=True)) == [new]
    rehearsals.rehearse(old, now=at("09:00"))  # its job comes too late, and nothing happens


def test_a_question_that_changes_nothing_is_refused_beside_the_form():
    office = an_office()
    refused = ask(as_role("manager", office), office, counters=0)

    assert refused.status_code == 422
    assert "Pilih paling sedikit satu perubahan." in words(refused)
    assert Rehearsal.objects.count() == 0


@pytest.mark.parametrize("counters", [-1, -2])
def test_closing_the_last_counter_is_no_day_that_can_be_played(counters):
    office = a_known_office(counters=1)
    client = as_role("manager", office)
    address = ask(client, office, counters=counters).headers["Location"]
    work_off()

    assert "Ini tidak bisa dihitung" in words(client.get(address))


def test_an_office_to_which_nobody_came_is_not_played():
    office = an_office()
    client = as_role("manager", office)
    address = ask(client, office).headers["Location"]
    work_off()

    assert "belum ada orang yang tercatat datang" in words(client.get(address))


@pytest.mark.parametrize("sent", ["0", "x", "9999999999", "-1", "²"])
def test_what_was_never_asked_is_not_found(sent):
    office = an_office()

    answer = as_role("manager", office).get(f"/kepala/{office.slug}/bagaimana-jika/?coba={sent}")
    assert answer.status_code == 404


def test_a_form_that_is_not_ours_and_the_question_of_another_office_are_not_found():
    office, other = an_office(), an_office("cilegon")
    client = as_role("manager", office)
    theirs = rehearsals.ask(other, Change(1), now=at("09:00"))

    assert ask(client, office, counters=99).status_code == 404
    assert client.get(f"/kepala/{office.slug}/bagaimana-jika/?coba={theirs}").status_code == 404
