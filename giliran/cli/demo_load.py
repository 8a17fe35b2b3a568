"""Filling the demonstration: offices, people, the last weeks, yesterday and this morning so far.

Everything happens through the same actions that the screens use, with times of the demo's days.
"""

from __future__ import annotations

import itertools
import random
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from uuid import UUID

from giliran import rules
from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.cli import (
    demo_capacity,
    demo_claims,
    demo_complaints,
    demo_draws,
    demo_findings,
    demo_opinions,
    demo_reached,
    demo_reviews,
)
from giliran.cli.demo_day import PlayedDay
from giliran.cli.demo_people import somebody
from giliran.cli.demo_staff import PASSWORD, STAFF
from giliran.core.deadline import is_working_day
from giliran.lab.serang import PLACES, serang_day
from giliran.lab.visits import Visit
from giliran.offices import actions as office_actions
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import actions as people
from giliran.people import queries as people_known
from giliran.turns import actions as turns

WEEKS_BEFORE, DAYS_OF_A_WEEK = 2, 2
"""So many days of so many full weeks are played: more would keep people waiting for the demo."""


def load(*, yesterday: date, today: date, until: datetime) -> None:
    """Fill an empty, migrated database with the demo as it stands at ``until`` on ``today``."""
    data = files("giliran.cli").joinpath("demo_data")
    office_actions.import_services(data.joinpath("services.csv").read_text(encoding="utf-8"))
    office_actions.import_offices(data.joinpath("offices.csv").read_text(encoding="utf-8"))
    office_actions.import_areas(data.joinpath("areas.csv").read_text(encoding="utf-8"))
    for office in offices.offices():
        office_actions.register_kiosk(office, "pintu utama")
    _hire()
    eve = yesterday - timedelta(days=1)
    while not is_working_day(eve, rules.calendar()):
        eve -= timedelta(days=1)
    serang = offices.office("serang")
    _play_weeks_before(serang, eve, monday=today - timedelta(days=today.weekday()))
    demo_draws.plan(eve)
    _put_days_on_offer(eve)
    demo_draws.apply(eve, until=time(17), people=260, seed=1)
    demo_draws.draw(eve)
    _put_days_on_offer(yesterday)
    played = PlayedDay(serang, yesterday, serang_day(seed=1), seed=1)
    played.run()
    demo_draws.apply(yesterday, until=time(17), people=110, seed=2)
    demo_draws.draw(yesterday)
    played.end()
    _put_days_on_offer(today)
    demo_draws.apply(today, until=time(9), people=60, seed=3)
    PlayedDay(serang, today, serang_day(seed=2), seed=2).run(until=until)
    turns.keep_promises(serang.id, now=until)
    demo_claims.load(today=today, until=until)
    demo_complaints.load(today=today, until=until)
    demo_opinions.load(today_begins=datetime.combine(today, time(), tzinfo=offices.zone(serang)))
    demo_capacity.load(today=today, until=until)
    demo_findings.load(until=until)
    demo_reviews.load(today=today, until=until)
    demo_reached.load(until=until)  # last: nobody is told of what was before


def _play_weeks_before(serang: Office, eve: date, *, monday: date) -> None:
    """Play days of the weeks before a Monday, so that there are promises, kept and broken.

    Serang did not draw its places then: people booked them.
    """
    seeds = itertools.count(10)
    for week in range(WEEKS_BEFORE, 0, -1):
        first = monday - timedelta(weeks=week)
        days = [first + timedelta(days=n) for n in range(7)]
        is_open = [day for day in days if day < eve and offices.hours(serang, day) is not None]
        for day in is_open[:DAYS_OF_A_WEEK]:
            seed = next(seeds)
            visits = serang_day(seed=seed)
            _book(serang, day, visits, random.Random(seed))  # noqa: S311 -- made-up people
            played = PlayedDay(serang, day, visits, seed=seed)
            played.run()
            played.end()


def _book(serang: Office, day: date, visits: list[Visit], chance: random.Random) -> None:
    """Put one day on offer, and let those of a made-up day who have a window book it."""
    midnight = datetime.combine(day, time(), tzinfo=offices.zone(serang))
    before = midnight - timedelta(hours=12)
    capacity.offer_day(serang, day)
    _keep_quota(serang, day, now=before)
    windows = {window.starts_at: window for window in capacity_now.windows(serang.id, day=day)}
    services = {s.code: s.id for s in offices.services(office_id=serang.id)}
    for visit in visits:
        if visit.window_starts_at is None:
            continue
        window = windows.get(midnight + timedelta(seconds=visit.window_starts_at))
        if window is not None:
            turns.book(
                somebody(chance),
                offer_id=window.id,
                service_id=services[visit.service.lower()],
                request_key=UUID(int=chance.getrandbits(128)),
                is_priority=visit.is_priority,
                channel="web",
                actor="citizen",
                now=before,
            )


def _put_days_on_offer(day: date) -> None:
    """Offer what the clockwork would on a morning, with Serang's quota."""
    serang = offices.office("serang")
    morning = datetime.combine(day, datetime.min.time(), tzinfo=offices.zone(serang))
    for office in offices.offices():
        capacity.offer_coming_days(office, now=morning)
    for open_day, _ in offices.open_days(serang, day, serang.booked_days_ahead + 1):
        _keep_quota(serang, open_day, now=morning)


def _keep_quota(serang: Office, day: date, *, now: datetime) -> None:
    """Set the 60 places a day that were reported of Serang in 2025: 3 a window, 24 at the door."""
    quota = [
        (window.id, max(3, window.taken)) for window in capacity_now.windows(serang.id, day=day)
    ]
    door = capacity_now.walk_in_offer(serang.id, day=day)
    if door is not None:
        quota.append((door.id, PLACES - sum(places for _, places in quota)))
    manager = f"officer:{people_known.officer_id('kepala')}"
    for offer_id, places in quota:
        capacity.set_places(offer_id, places, office_id=serang.id, now=now, actor=manager)


def _hire() -> None:
    regions = {office.region.slug: office.region for office in offices.offices()}
    for username, (name, role, where) in STAFF.items():
        officer = people.hire(username, full_name=name, password=PASSWORD)
        office_actions.give_post(
            officer.pk,
            role,
            office=offices.office(where) if where and where not in regions else None,
            region=regions.get(where) if where else None,
        )
