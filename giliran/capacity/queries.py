"""What offices have to offer, and who sits where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from giliran.capacity.models import CounterOpening, Offer
from giliran.core.refusal import NotFound


class Seat(NamedTuple):
    """An officer at an open counter."""

    counter_id: int
    label: str
    office_id: int
    officer_id: int
    officer_name: str
    opened_at: datetime


class DayOnOffer(NamedTuple):
    """How many places a day still has in windows that haven't begun."""

    day: date
    places_left: int


def windows(office_id: int, *, day: date) -> list[Offer]:
    """Return the windows of a day, all of them, in order."""
    return list(
        Offer.objects.filter(office_id=office_id, day=day, kind=Offer.Kind.WINDOW).order_by(
            "starts_at"
        )
    )


def free_windows(office_id: int, *, now: datetime, until: date | None = None) -> list[Offer]:
    """Return the windows with a place left that haven't ended, in order."""
    found = Offer.objects.filter(
        office_id=office_id,
        kind=Offer.Kind.WINDOW,
        is_open=True,
        places__gt=F("taken") + F("held"),
        ends_at__gt=now,
    )
    if until is not None:
        found = found.filter(day__lte=until)
    return list(found.order_by("starts_at"))


def next_free_window(office_id: int, *, now: datetime) -> Offer | None:
    """Return the first window with a place left that hasn't begun, or None."""
    return (
        Offer.objects.filter(
            office_id=office_id,
            kind=Offer.Kind.WINDOW,
            is_open=True,
            places__gt=F("taken") + F("held"),
            starts_at__gt=now,
        )
        .order_by("starts_at")
        .first()
    )


def next_free_windows(office_ids: Iterable[int], *, now: datetime) -> dict[int, Offer]:
    """Return the first window with a place left that hasn't begun, for each office that has one."""
    found = Offer.objects.filter(
        office_id__in=list(office_ids),
        kind=Offer.Kind.WINDOW,
        is_open=True,
        places__gt=F("taken") + F("held"),
        starts_at__gt=now,
    )
    first = found.order_by("office_id", "starts_at").distinct("office_id")
    return {offer.office_id: offer for offer in first}


def days_on_offer(office_id: int, *, now: datetime) -> list[DayOnOffer]:
    """Return the days that have windows still to come, full ones included, in order."""
    free = Sum(F("places") - F("taken") - F("held"), filter=Q(is_open=True))
    rows = (
        Offer.objects.filter(office_id=office_id, kind=Offer.Kind.WINDOW, starts_at__gt=now)
        .values("day")
        .annotate(places_left=Coalesce(free, 0))
        .order_by("day")
        .values_list("day", "places_left")
    )
    return [DayOnOffer(*row) for row in rows]


def held_windows(office_id: int, *, now: datetime, until: date) -> list[Offer]:
    """Return the open windows that haven't begun and hold a place, up to a day, in order."""
    return list(
        Offer.objects.filter(
            office_id=office_id,
            kind=Offer.Kind.WINDOW,
            is_open=True,
            held__gt=0,
            starts_at__gt=now,
            day__lte=until,
        ).order_by("starts_at")
    )


def held_places(office_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    """Return how many places each office holds now for those standing by and for the draw."""
    rows = (
        Offer.objects.filter(
            office_id__in=list(office_ids), is_open=True, held__gt=0, starts_at__gt=now
        )
        .values("office_id")
        .annotate(places=Sum("held"))
        .values_list("office_id", "places")
    )
    return dict(rows)


def window(offer_id: int) -> Offer:
    """Return a window with its office, or raise ``NotFound``."""
    try:
        return Offer.objects.select_related("office__region").get(
            id=offer_id, kind=Offer.Kind.WINDOW
        )
    except Offer.DoesNotExist:
        raise NotFound from None


def walk_in_offer(office_id: int, *, day: date) -> Offer | None:
    """Return the day's places for people without an appointment, or None on a shut day."""
    return Offer.objects.filter(office_id=office_id, day=day, kind=Offer.Kind.WALK_IN).first()


def numbers_are_gone(office_id: int, *, day: date) -> bool:
    """Return whether the day had numbers for people without an appointment, and none is left."""
    offer = walk_in_offer(office_id, day=day)
    return offer is not None and offer.left <= 0


def _seats() -> list[str]:
    return [
        "counter_id",
        "counter__label",
        "counter__office_id",
        "officer_id",
        "officer__full_name",
        "opened_at",
    ]


def seat_of(officer_id: int) -> Seat | None:
    """Return the counter that an officer has open, or None."""
    row = (
        CounterOpening.objects.filter(officer_id=officer_id, closed_at__isnull=True)
        .values_list(*_seats())
        .first()
    )
    return None if row is None else Seat(*row)


def open_seats(office_id: int) -> list[Seat]:
    """Return the office's open counters with who sits there."""
    rows = CounterOpening.objects.filter(
        counter__office_id=office_id, closed_at__isnull=True
    ).values_list(*_seats())
    return sorted((Seat(*row) for row in rows), key=lambda s: (len(s.label), s.label))
