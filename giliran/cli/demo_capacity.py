"""The demonstration's staff: who can what, two weeks of rosters, leave, somebody ill, a loan.

Done last, through the verbs that the screens use: rosters are solved from the work of the days that
were played before.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.capacity import rosters
from giliran.capacity.actions.leaving import ask_leave, call_sick
from giliran.capacity.actions.lending import ask_loan
from giliran.capacity.actions.skills import set_skills
from giliran.cli.demo_staff import SITTING, Employee
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import queries as people_known
from giliran.turns import estimating

COLLEAGUES = {
    "sari": Employee("Sari Kusuma", "officer", "serang"),
    "fajar": Employee("Fajar Nugroho", "officer", "cilegon"),
    "nurul": Employee("Nurul Hasanah", "officer", "cilegon"),
    "kepala-cilegon": Employee("Kepala Kantor Cilegon", "manager", "cilegon"),
    "joko": Employee("Joko Susilo", "officer", "tangerang-selatan"),
    "ratna": Employee("Ratna Dewanti", "officer", "tangerang-selatan"),
    "hadi": Employee("Hadi Saputra", "officer", "tangerang-selatan"),
    "tono": Employee("Tono Wijaya", "officer", "mpp-serang"),
    "wati": Employee("Wati Rahayu", "officer", "mpp-tangerang-selatan"),
    "lina": Employee("Lina Marlina", "officer", "banjarmasin"),
    "anwar": Employee("Anwar Fauzi", "officer", "banjarmasin"),
    "rusdi": Employee("Rusdi Hakim", "officer", "banjarmasin"),
    "noor": Employee("Noor Aida", "officer", "mpp-banjarmasin"),
}
KNOWS = {
    "rina": "jht jkm data info",
    "budi": "jht jkm data info",
    "dewi": "jht jkm jp data info",
    "eko": "jht jkm jkk jp data info",
    "sari": "jht jkm jkk jp data info",
    "fajar": "jht jkm jkk jp data info",
    "nurul": "jht jkm jkk jp data info",
    "tono": "jht data info",
    "wati": "jht data info",
}
"""Who isn't here serves whatever their counter does."""
REGION, REASON = "banten", "Nomor di pintu tetap seperti sebelum ada jadwal."
_SECONDS = 8
_WEEKDAYS = 5
_KEY = 7_000_000


def load(*, today: date, until: datetime) -> None:
    """Leave the region's offices as they'd stand at ``until`` on ``today``, with rosters in force.

    Today's numbers at the door stay those of the demonstration's quota, by hand, with its reason.
    """
    region = offices.region(REGION)
    monday = today - timedelta(days=today.weekday())
    friday = _at(monday - timedelta(days=3), "15:00", until)
    known = {one.code: one.id for one in offices.services()}
    head = people_known.officer_id("wilayah")
    for username, codes in KNOWS.items():
        able = [known[code] for code in codes.split()]
        officer_id = people_known.officer_id(username)
        set_skills(officer_id, able, actor=f"officer:{head}", now=friday)
    for office in offices.offices(region_id=region.id):
        estimating.estimate(office, now=_at(today, "02:20", until))
        capacity.note_needs(office.id, [monday + timedelta(days=n) for n in range(_WEEKDAYS)])
    for week in (monday, monday + timedelta(days=7)):
        made = capacity.make_roster(region.id, week, actor=f"officer:{head}", now=friday)
        capacity.solve_roster(made.id, now=friday, seconds=_SECONDS)
        capacity.publish_roster(made.id, officer_id=head, now=friday)
    _keep_numbers(offices.office("serang"), today, until)
    _be_away(today, until)
    _ask_neighbour(today, monday, until)


def _keep_numbers(serang: Office, today: date, until: datetime) -> None:
    """Keep today's numbers at the door against the count, as the head of the branch may by hand."""
    door = capacity_now.walk_in_offer(serang.id, day=today)
    if door is not None:
        capacity.override_places(
            door.id,
            door.places,
            reason=REASON,
            office_id=serang.id,
            officer_id=people_known.officer_id("kepala"),
            now=until,
        )


def _be_away(today: date, until: datetime) -> None:
    """Let Budi ask for two days next week, and Fajar in Cilegon be ill today."""
    budi, fajar = people_known.officer_id("budi"), people_known.officer_id("fajar")
    thursday = today + timedelta(days=10 - today.weekday())
    ask_leave(
        budi,
        office_id=offices.office("serang").id,
        kind="annual",
        first_day=thursday,
        last_day=thursday + timedelta(days=1),
        request_key=UUID(int=_KEY),
        actor=f"officer:{budi}",
        now=_at(today, "07:40", until),
    )
    call_sick(
        fajar,
        office_id=offices.office("cilegon").id,
        request_key=UUID(int=_KEY + 1),
        actor=f"officer:{people_known.officer_id('kepala-cilegon')}",
        now=_at(today, "07:10", until),
    )


def _ask_neighbour(today: date, monday: date, until: datetime) -> None:
    """Let Cilegon ask Serang for somebody tomorrow; Serang's head answers."""
    serang, cilegon = offices.office("serang"), offices.office("cilegon")
    found = rosters.in_force(serang.region_id, monday)
    sitting = {people_known.officer_id(name) for name in SITTING}
    days = [day for day, _ in offices.open_days(serang, today + timedelta(days=1), 1)]
    able = [
        one.officer_id
        for one in (rosters.rows(found.id) if found else [])
        if one.office_id == serang.id and one.day in days and one.officer_id not in sitting
    ]
    if able:
        ask_loan(
            able[-1],
            to_id=cilegon.id,
            day=days[0],
            asked_by_id=people_known.officer_id("kepala-cilegon"),
            now=until,
        )


def _at(day: date, clock: str, like: datetime) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=like.tzinfo)
