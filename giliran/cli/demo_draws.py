"""The demonstration's draws: who applied in Banten, and the rounds of the last two days."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import UUID

from giliran.cli.demo_people import somebody
from giliran.core.seats import Wish
from giliran.offices import actions as office_actions
from giliran.offices import queries as offices
from giliran.people import queries as people_known
from giliran.turns import actions as turns

DRAWN_AT = time(17)
DAYS_AHEAD = 2
NEAR_KM, FAR_KM = 40, 30
# Of those who live in a district: how many of a hundred, and where they would go first.
HOMES = (
    *(("36-73-01", 30), ("36-04-09", 12), ("36-04-11", 8), ("36-72-02", 10), ("36-04-30", 4)),
    *(("36-01-21", 10), ("36-02-14", 10), ("36-01-12", 6), ("36-01-01", 4), ("36-02-01", 6)),
)
HALVES = ("mon-am", "tue-am", "wed-am", "thu-am", "fri-am", "mon-pm", "wed-pm")


def plan(day: date) -> None:
    """Let Banten draw every working day at 17.00 for the two working days to come."""
    region = offices.region("banten")
    opens = datetime.combine(day, time(), tzinfo=offices.zone(offices.office("serang")))
    chosen = office_actions.DrawPlan(
        DRAWN_AT, DAYS_AHEAD, "reveal", NEAR_KM, FAR_KM, "Asia/Jakarta"
    )
    officer = f"officer:{people_known.officer_id('wilayah')}"
    office_actions.plan_draws(region.id, chosen, actor=officer, now=opens)


def apply(day: date, *, until: time, people: int, seed: int) -> None:
    """Let people apply on a day between 06.00 and ``until``, evenly: there is no rush to win."""
    chance = random.Random(seed)  # noqa: S311 -- made-up people, repeatable
    region = offices.region("banten")
    homes = {home.code: home for home in offices.home_areas(region.id)}
    services = {s.code: s.id for s in offices.services()}
    begins = datetime.combine(day, time(6), tzinfo=offices.zone(offices.office("serang")))
    length = datetime.combine(day, until, tzinfo=begins.tzinfo) - begins
    clerk = f"officer:{people_known.officer_id('pintu')}"
    codes, weights = zip(*HOMES, strict=True)

    @cache
    def near(code: str, service_id: int) -> list[int]:
        found = offices.near(region, service_id, home=homes[code])
        return [office.id for office, _ in found]

    for moment in sorted(chance.random() for _ in range(people)):
        home = homes[chance.choices(codes, weights)[0]]
        service_id = services[chance.choices(("jht", "jkm", "jp"), (8, 1, 1))[0]]
        is_broad = chance.random() < 0.75  # noqa: PLR2004 -- assumed
        is_priority = chance.random() < 0.15  # noqa: PLR2004 -- assumed
        channel = chance.choices(("web", "clerk", "booth"), (70, 20, 10))[0]
        terms = turns.Terms(
            Wish(
                tuple(near(home.code, service_id)[: 1 if chance.random() < 0.6 else 2]),  # noqa: PLR2004
                any_near=is_broad,
                halves=() if is_broad else tuple(chance.sample(HALVES, 3)),
            ),
            home_id=home.id,
            is_priority=is_priority,
            shown_by=chance.choice(("card", "sight", "letter")) if is_priority else "",
            stands_by=chance.random() < 0.4,  # noqa: PLR2004 -- assumed
        )
        turns.apply(
            somebody(chance, with_phone=channel == "web"),
            terms,
            service_id=service_id,
            request_key=UUID(int=chance.getrandbits(128)),
            channel=channel,
            actor="citizen" if channel == "web" else clerk,
            now=begins + moment * length,
        )


def draw(day: date) -> None:
    """Close the day's round and draw it; chance is the agency's alone, and the file says so."""
    region = offices.region("banten")
    closes_at = datetime.combine(day, DRAWN_AT, tzinfo=offices.zone(offices.office("serang")))
    turns.keep_rounds(region, fetch=lambda _: None, now=closes_at + timedelta(minutes=1))
