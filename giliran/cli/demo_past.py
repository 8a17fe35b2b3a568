"""The demonstration's past: fourteen weeks of every office until yesterday, written in bulk.

What an office went through stands in ``demo_past_offices``; each day is played by the rule of
``core.calling`` and written down as the screens' actions would have left it. The draws of the last
weeks are real ones, and so are the turns that they gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from giliran import rules
from giliran.capacity.models import Leave, Offer
from giliran.capacity.places import plan
from giliran.cli import demo_draws
from giliran.cli.demo_past_lived import OfficePast
from giliran.cli.demo_past_offices import DOOR_NUMBERS, WEEKS
from giliran.cli.demo_past_telling import Days, tell
from giliran.core.deadline import is_working_day
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import queries as people

WEEKS_DRAWN: Final = 4
APPLYING: Final = 30
"""People a day who ask for a place before the draw; others book what it leaves over."""
WINDOW_PLACES: Final = 3
"""In each of Serang's windows, as reported in 2025."""
LEAVES: Final = (("rina", 12, 1, 3), ("dewi", 9, 0, 4), ("budi", 7, 2, 3), ("eko", 6, 1, 2))
"""Who was away in Serang: how many weeks before this one, from and until which weekday."""
_KEY: Final = 7_100_000


class Span(NamedTuple):
    """The days of the past; ``monday`` is that of the demonstration's week."""

    monday: date
    eve: date
    """The working day before yesterday, the last that is lived here."""

    @property
    def days(self) -> list[date]:
        first = self.monday - timedelta(weeks=WEEKS)
        days = [first + timedelta(days=n) for n in range((self.eve - first).days + 1)]
        return [day for day in days if is_working_day(day, rules.calendar())]

    @property
    def drawn_since(self) -> date:
        """Return the first Monday whose places were drawn."""
        return self.monday - timedelta(weeks=WEEKS_DRAWN)

    @property
    def draws(self) -> list[date]:
        """Return the days of the draws before the eve, from the working day before that Monday."""
        before = [day for day in self.days if day < self.drawn_since]
        return [day for day in self.days if before[-1] <= day < self.eve]


def load(span: Span, yesterday: date, *, without: Collection[tuple[str, date]]) -> None:
    """Live all days until the eve, ``without`` these of an office that are played otherwise."""
    put_on_offer(span, yesterday)
    be_away(span)
    draw(span)
    live(span, span.days, without=without)


def put_on_offer(span: Span, yesterday: date) -> None:
    """Put the past days and yesterday on offer: a week's plan again and again; Serang's sixty."""
    fresh: list[Offer] = []
    for office in offices.offices():
        planned = {}
        for day in (*span.days, yesterday):
            if day.weekday() not in planned:
                planned[day.weekday()] = list(_places(office, day))
            fresh += _moved(planned[day.weekday()], day)
    Offer.objects.bulk_create(fresh)


def _places(office: Office, day: date) -> Iterator[Offer]:
    """Yield what an office offers on a day, not saved."""
    found, moments = plan(office, day), offices.opening_moments(office, day)
    if found is None or moments is None:
        return
    opens, closes = moments
    is_serang = office.slug == "serang"
    for window, places in found.windows:
        yield Offer(
            office=office,
            kind=Offer.Kind.WINDOW,
            day=day,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            places=WINDOW_PLACES if is_serang else places,
        )
    yield Offer(
        office=office,
        kind=Offer.Kind.WALK_IN,
        day=day,
        starts_at=opens - timedelta(minutes=office.doors_open_minutes_before),
        ends_at=closes,
        places=DOOR_NUMBERS if is_serang else found.walk_in_places,
    )


def _moved(offers: Iterable[Offer], day: date) -> Iterator[Offer]:
    """Yield the same offers on another day; none of our zones changes its clock."""
    for one in offers:
        later = day - one.day
        yield Offer(
            office=one.office,
            kind=one.kind,
            day=day,
            starts_at=one.starts_at + later,
            ends_at=one.ends_at + later,
            places=one.places,
        )


def be_away(span: Span) -> None:
    """Note who of Serang was on leave; until the draw began nobody took their place."""
    serang, head = offices.office("serang"), people.officer_id("kepala")
    for number, (name, weeks, first, last) in enumerate(LEAVES):
        officer_id = people.officer_id(name)
        monday = span.monday - timedelta(weeks=weeks)
        asked = datetime.combine(monday, time(9), tzinfo=offices.zone(serang)) - timedelta(days=10)
        Leave.objects.create(
            request_key=UUID(int=_KEY + number),
            officer_id=officer_id,
            office=serang,
            kind=Leave.Kind.ANNUAL,
            first_day=monday + timedelta(days=first),
            last_day=monday + timedelta(days=last),
            state=Leave.State.APPROVED,
            asked_at=asked,
            asked_by=f"officer:{officer_id}",
            decided_at=asked + timedelta(days=1),
            decided_by_id=head,
        )


def draw(span: Span) -> None:
    """Let people of Banten apply and places be drawn, each working day since the first draw."""
    for number, day in enumerate(span.draws):
        if number == 0:
            demo_draws.plan(day)
        demo_draws.apply(day, until=time(17), people=APPLYING, seed=100 + number)
        demo_draws.draw(day)


def live(span: Span, days: Iterable[date], *, without: Collection[tuple[str, date]] = ()) -> None:
    """Live these days of all offices and write them down, ``without`` some of an office."""
    chosen, found = list(days), Days([], [], [], [])
    for office in offices.offices():
        OfficePast(office, span.monday, span.drawn_since, found).live(
            [day for day in chosen if (office.slug, day) not in without]
        )
    tell(found)
