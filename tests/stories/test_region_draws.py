"""What a region and an auditor see of the draws, and the head of a branch of held places."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.journal.models import Event
from giliran.offices.models import Region
from giliran.people import actions as people
from giliran.turns import actions as turns
from tests.builders import (
    MONDAY,
    a_drawing_office,
    a_walk_in,
    an_application,
    an_office,
    an_officer,
    at,
    draw_now,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
REGION = "/kepala/wilayah/banten"


@pytest.fixture(autouse=True)
def at_six(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("18:00"))


def as_role(role: str, office) -> Client:
    client = Client()
    client.force_login(an_officer(office, role))
    return client


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def turn_away(office, clock_time: str = "10:00", day=MONDAY) -> None:
    turns.turn_away(
        office_id=office.id, service_id=None, why="no_number", actor="x", now=at(clock_time, day)
    )


@pytest.mark.parametrize(
    ("role", "draws", "clusters"),
    [
        ("regional", 200, 403),
        ("administrator", 200, 403),
        ("auditor", 200, 200),
        ("manager", 403, 403),
        ("officer", 403, 403),
    ],
)
def test_who_sees_the_draws_of_a_region_and_who_its_clusters(role, draws, clusters):
    client = as_role(role, a_drawing_office())

    assert client.get(f"{REGION}/undian/").status_code == draws
    assert client.get(f"{REGION}/mencurigakan/").status_code == clusters
    assert client.get("/kepala/wilayah/nowhere/undian/").status_code == 404


def test_another_region_stays_closed_and_strangers_are_sent_to_the_log_in():
    office = a_drawing_office()
    far = Region.objects.create(slug="kalimantan", name="Kanwil Kalimantan")
    an_office("banjar", region=far)

    stranger = Client().get(f"{REGION}/undian/")

    assert as_role("regional", office).get("/kepala/wilayah/kalimantan/undian/").status_code == 403
    assert stranger.headers["Location"].startswith("/petugas/masuk/")


def test_demand_and_who_was_turned_away_stand_side_by_side_day_by_day():
    office = a_drawing_office(places=1, windows=("09:00",), days=2)
    office.region.draw_days_ahead = 1
    office.region.save()
    for place in range(4):
        an_application(office, any_near=True, stands_by=place == 0)
    an_application(office, is_priority=True, channel="clerk")
    turn_away(office)
    turn_away(office, day=MONDAY - timedelta(days=3))
    turn_away(office, day=MONDAY - timedelta(days=30))
    draw_now(office.region)

    said = words(as_role("regional", office), f"{REGION}/undian/")

    assert "Undian berikutnya ditutup Selasa, 24 November 2026 pukul 17.00 WIB." in said
    assert "menunggu undian 4" in said
    assert "tempat untuk undian 1" in said
    assert "ditolak di pintu 2 dalam 14 hari" in said
    assert "Sen, 23 Nov 5 1 1 4 1" in said
    assert "Jum, 20 Nov – – – – 1" in said
    assert "Serang 4 1 2" in said


def test_a_region_finds_its_draws_from_the_table_of_offices():
    office = a_drawing_office()
    an_office("cilegon")

    assert (
        f'href="{REGION}/undian/"' in as_role("regional", office).get("/kepala/").content.decode()
    )


def test_an_auditor_sees_applications_of_one_phone_by_id_and_that_they_looked_is_kept():
    office = a_drawing_office()
    together = [
        an_application(office, phone="0812 3456 7890", now=at(f"09:0{minute}"))
        for minute in range(4)
    ]
    alone = an_application(office, phone="0812 9999 0000")
    client = as_role("auditor", office)

    html = client.get(f"{REGION}/mencurigakan/").content.decode()
    said = words(client, f"{REGION}/mencurigakan/")

    assert "satu nomor telepon: 4 orang" in said
    assert "Rentangnya 3 menit" in said
    for one in together:
        assert f"{one.id} 09.0" in said
        assert one.code not in html
    assert f">{alone.id}<" not in html
    assert "Siti" not in html
    assert "7890" not in html
    looked = Event.objects.filter(kind="region.clusters_seen", subject_id=office.region_id)
    assert looked.count() == 2
    assert looked[0].data == {"clusters": 1, "applications": 4}
    assert looked[0].actor.startswith("officer:")


def test_the_head_of_a_branch_sees_why_empty_places_cannot_be_booked():
    office = a_drawing_office(places=3, windows=("09:00",))

    said = words(as_role("manager", office), f"/kepala/serang/?hari={MONDAY + timedelta(days=1)}")

    assert "0 / 3 untuk undian: 3" in said
    assert "Untuk undian" in said


def test_history_tells_what_the_draw_did_in_an_office(monkeypatch):
    office = a_drawing_office(places=1, windows=("09:00", "13:00"))
    walk_in_places(office)
    an_application(office, stands_by=True, halves=("tue-am",))
    draw_now(office.region)
    walk_in_places(office, day=MONDAY + timedelta(days=1))
    capacity.set_places(
        office.offers.get(starts_at=at("13:00", MONDAY + timedelta(days=1))).id,
        2,
        office_id=office.id,
        now=at("18:00"),
        actor="x",
    )
    noon = at("12:30", MONDAY + timedelta(days=1))
    turns.fill_held(office.id, now=noon)
    a_walk_in(office, "08:10")
    monkeypatch.setattr(clock, "now", lambda: noon)

    said = words(as_role("auditor", office), "/kepala/serang/riwayat/")
    before = words(as_role("auditor", office), f"/kepala/serang/riwayat/?hari={MONDAY}")

    assert "1 tempat yang kosong dibuka untuk orang di pintu. Sistem" in said
    assert "janji dicatat (Daring). Undian 1" in before


def test_history_tells_that_staff_looked_up_whom_to_call():
    office = a_drawing_office(places=1)
    applied = an_application(office)
    auditor = as_role("auditor", office)
    people.note_look(
        applied.citizen_id,
        what="contact",
        application_id=applied.id,
        office_id=office.id,
        actor="officer:1",
        now=at("17:30"),
    )

    said = words(auditor, "/kepala/serang/riwayat/")

    assert f"Data orang {applied.citizen_id} dilihat: nama dan telepon. Petugas 1" in said
