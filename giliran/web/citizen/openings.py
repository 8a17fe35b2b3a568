"""Which windows a citizen may choose from, here and at the offices nearby."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from giliran.capacity import queries as capacity
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.turns import promises

if TYPE_CHECKING:
    from giliran.capacity.models import Offer
    from giliran.offices.models import Office

_NEAREST = 40
_NEAR_KM = 100  # further away nobody travels for an hour at a counter


class Slot(NamedTuple):
    """A window as a choice."""

    offer: Offer
    left: int
    out_by: datetime | None
    """By when whoever takes it is done, nine times in ten; None where that isn't known."""


class Elsewhere(NamedTuple):
    """The first free window of another office; the distance is in km, as the crow flies."""

    office: Office
    km: float
    offer: Offer


class Day(NamedTuple):
    """A day with its windows, among the days that can be chosen."""

    day: date | None
    slots: list[Slot]
    days: list[capacity.DayOnOffer]

    @property
    def all_full(self) -> bool:
        return not any(day.places_left for day in self.days)


def chosen_day(office_id: int, service_id: int, asked: str, *, now: datetime) -> Day:
    """Return the day that was asked for (ISO), or else the first with a place left."""
    days = capacity.days_on_offer(office_id, now=now)
    free = [d.day for d in days if d.places_left] or [d.day for d in days]
    day = next((d.day for d in days if d.day.isoformat() == asked), free[0] if free else None)
    offers = [] if day is None else capacity.windows(office_id, day=day)
    offers = [offer for offer in offers if offer.starts_at > now]
    # From the beginning of a window till one is out takes as long in each window of a day.
    done = out_by(offers[0], service_id, now=now) if offers else None
    stay = None if done is None else done - offers[0].starts_at
    slots = [Slot(o, o.left, None if stay is None else o.starts_at + stay) for o in offers]
    return Day(day, slots, days)


def out_by(offer: Offer, service_id: int, *, now: datetime) -> datetime | None:
    """Return by when somebody is out of the office who takes this window, or None."""
    ahead = promises.day_ahead(offer, service_id=service_id, now=now)
    return ahead.out_by if ahead else None


def window_of(office: Office, offer_id: str | int) -> Offer:
    """Return a window of this office, or raise ``NotFound``; whatever a form may send."""
    if not str(offer_id).isascii() or not str(offer_id).isdecimal() or int(offer_id) >= 2**63:
        raise NotFound
    offer = capacity.window(int(offer_id))
    if offer.office_id != office.id:
        raise NotFound
    return offer


def can_be_taken(offer: Offer, *, now: datetime) -> bool:
    """Return whether the window still has a place, at the moment of looking."""
    return offer.left > 0 and offer.starts_at > now


def nearby(of: Office, *, at_most: int) -> list[tuple[Office, float]]:
    """Return the other offices within reach, nearest first, with the distance in km."""
    return [(o, km) for o, km in offices.nearest_offices(of, at_most) if km <= _NEAR_KM]


def elsewhere(of: Office, service_id: int, *, now: datetime, at_most: int = 3) -> list[Elsewhere]:
    """Return the nearest other offices that serve this and have a window free."""
    serving = {office.id for office in offices.offices_serving(service_id)}
    near = [(o, km) for o, km in nearby(of, at_most=_NEAREST) if o.id in serving]
    first = capacity.next_free_windows([o.id for o, _ in near], now=now)
    return [Elsewhere(o, km, first[o.id]) for o, km in near if o.id in first][:at_most]
