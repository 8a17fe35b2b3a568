"""Filling the demonstration: offices, people, the last weeks, yesterday and this morning so far.

Everything happens through the same actions that the screens use, with times of the demo's days.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from django.contrib.auth.hashers import make_password

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
    demo_past,
    demo_past_complaints,
    demo_reached,
    demo_reviews,
)
from giliran.cli.demo_day import PlayedDay
from giliran.cli.demo_past_offices import fewer
from giliran.cli.demo_staff import PASSWORD, SITTING, STAFF, VISITOR
from giliran.core.deadline import is_working_day
from giliran.figures import recounting
from giliran.lab.serang import PLACES, serang_day
from giliran.offices import actions as office_actions
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import queries as people_known
from giliran.people.models import Officer
from giliran.turns import actions as turns

DAYS_PLAYED = 1
"""So many days of Serang's past are played: of more, whoever starts the demo would grow tired."""


def load(*, yesterday: date, today: date, until: datetime, past: bool = True) -> None:
    """Fill an empty, migrated database with the demo as it stands at ``until`` on ``today``.

    Without the ``past`` it begins the day before ``yesterday``, and has nothing to review.
    """
    open_offices()
    eve = yesterday - timedelta(days=1)
    while not is_working_day(eve, rules.calendar()):
        eve -= timedelta(days=1)
    serang = offices.office("serang")
    span = demo_past.Span(today - timedelta(days=today.weekday()), eve)
    if past:
        days = span.days[-1 - DAYS_PLAYED : -1]
        demo_past.load(span, yesterday, without={("serang", day) for day in days})
        for seed, day in enumerate(days, 10):
            _play(serang, day, seed=seed).end()
    else:
        demo_draws.plan(eve)
    _put_days_on_offer(eve)
    demo_draws.apply(eve, until=time(17), people=260, seed=1)
    demo_draws.draw(eve)
    demo_past.live(span, [yesterday], without={("serang", yesterday)})
    _put_days_on_offer(yesterday)
    played = _play(serang, yesterday, seed=1)
    demo_draws.apply(yesterday, until=time(17), people=110, seed=2)
    demo_draws.draw(yesterday)
    played.end()
    _put_days_on_offer(today)
    demo_draws.apply(today, until=time(9), people=60, seed=3)
    PlayedDay(serang, today, serang_day(seed=2), seed=2).run(until=until)
    turns.keep_promises(serang.id, now=until)
    demo_claims.load(today=today, until=until)
    if past:
        demo_past_complaints.load(today=today, until=until)
    demo_complaints.load(today=today, until=until)
    demo_opinions.load(today_begins=datetime.combine(today, time(), tzinfo=offices.zone(serang)))
    demo_capacity.load(today=today, until=until)
    demo_findings.load(drawn_since=span.drawn_since if past else yesterday, until=until)
    recounting.recount()
    if past:
        demo_reviews.load(today=today, until=until)
    demo_reached.load(until=until)  # last: nobody is told of what was before


def open_offices() -> None:
    """Make the offices with their services, districts, kiosks and staff."""
    data = files("giliran.cli").joinpath("demo_data")
    office_actions.import_services(data.joinpath("services.csv").read_text(encoding="utf-8"))
    office_actions.import_offices(data.joinpath("offices.csv").read_text(encoding="utf-8"))
    office_actions.import_areas(data.joinpath("areas.csv").read_text(encoding="utf-8"))
    for office in offices.offices():
        office_actions.register_kiosk(office, "pintu utama")
    _hire()


def _play(serang: Office, day: date, *, seed: int) -> PlayedDay:
    """Play a day of the last weeks through the screens' own actions, until its evening.

    From these days the office learned how to tell windows that hold. Few come without a time since
    places are drawn, and each counter has somebody.
    """
    chance = random.Random(seed)  # noqa: S311 -- made-up people
    visits = list(fewer(serang_day(seed=seed), demo_past.WEEKS_DRAWN, chance))
    played = PlayedDay(serang, day, visits, seed=seed, sitting=(*SITTING, VISITOR))
    played.run()
    return played


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
    hashed = make_password(PASSWORD)  # once: it is slow by design, and all have the same
    for username, (name, role, where) in (STAFF | demo_capacity.COLLEAGUES).items():
        officer = Officer.objects.create(username=username, full_name=name, password=hashed)
        office_actions.give_post(
            officer.pk,
            role,
            office=offices.office(where) if where and where not in regions else None,
            region=regions.get(where) if where else None,
        )
