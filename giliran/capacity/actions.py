"""Opening and closing what an office offers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import IntegrityError, connection, transaction
from django.db.models import Avg, F

from giliran.capacity.models import CounterOpening, Offer
from giliran.core.offers import DayPlan, plan_day
from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Counter, Office, Service


class PlacesAlreadyPromised(Refusal):
    """Fewer places were asked for than people already have one."""

    code = "places_already_promised"
    sentence = gettext_noop(
        "Sudah %(taken)s orang dijanjikan jam ini, jadi tempatnya tidak bisa kurang dari "
        "%(taken)s. Tutup jam ini agar tidak bertambah, atau pindahkan orangnya lebih dulu."
    )


class CounterTaken(Refusal):
    """Another officer sits there."""

    code = "counter_taken"
    sentence = gettext_noop(
        "Loket %(label)s sedang dibuka petugas lain. Pilih loket lain, atau minta rekan menutupnya."
    )


class OfficerSitsElsewhere(Refusal):
    """An officer has one counter at a time."""

    code = "officer_sits_elsewhere"
    sentence = gettext_noop("Anda masih membuka loket %(label)s. Tutup dulu loket itu.")


def plan(of: Office, day: date) -> DayPlan | None:
    """Return the windows and places that an office can promise on a day, or None when shut.

    Every counter is counted as staffed and services last as long as is typical for what the
    office serves.
    """
    hours = offices.hours(of, day)
    if hours is None:
        return None
    minutes = Service.objects.filter(counters__office=of).aggregate(mean=Avg("typical_minutes"))
    if minutes["mean"] is None:
        return None
    return plan_day(
        day,
        hours,
        zone=offices.zone(of),
        window_minutes=of.window_minutes,
        counters_open=Counter.objects.filter(office=of).count(),
        service_minutes=float(minutes["mean"]),
        walk_in_share=Fraction(of.walk_in_percent, 100),
    )


def offer_day(of: Office, day: date) -> int:
    """Put an office's windows and walk-in places of a day on offer; what is there stays as it is.

    Returns how many offers are new: 0 when asked twice, or on a day when the office is shut.
    """
    planned = plan(of, day)
    moments = offices.opening_moments(of, day)
    if planned is None or moments is None:
        return 0
    opens, closes = moments
    fresh = [
        Offer(
            office=of,
            kind=Offer.Kind.WINDOW,
            day=day,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            places=places,
        )
        for window, places in planned.windows
    ]
    fresh.append(
        Offer(
            office=of,
            kind=Offer.Kind.WALK_IN,
            day=day,
            starts_at=opens - timedelta(minutes=of.doors_open_minutes_before),
            ends_at=closes,
            places=planned.walk_in_places,
        )
    )
    before = Offer.objects.filter(office=of, day=day).count()
    Offer.objects.bulk_create(fresh, ignore_conflicts=True)
    return Offer.objects.filter(office=of, day=day).count() - before


def offer_coming_days(of: Office, *, now: datetime) -> int:
    """Put today and the office's booking horizon (working days) on offer; returns what is new."""
    today = offices.local_day(of, now)
    coming = offices.open_days(of, today, of.booked_days_ahead + 1)
    return sum(offer_day(of, day) for day, _ in coming)


def take_place(offer_id: int, *, kind: str, now: datetime) -> Offer | None:
    """Take one place of an open offer that hasn't ended, or return None if there is none left.

    One statement looks and takes, so no window is ever overbooked, whatever happens at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE capacity_offer SET taken = taken + 1
            WHERE id = %s AND kind = %s AND is_open AND taken < places AND ends_at > %s
            RETURNING id, office_id, kind, day, starts_at, ends_at, places, taken, is_open
            """,
            [offer_id, kind, now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    names = ["id", "office_id", "kind", "day", "starts_at", "ends_at", "places", "taken", "is_open"]
    return Offer(**dict(zip(names, row, strict=True)))


def give_back_place(offer_id: int) -> None:
    """Return one taken place to its offer."""
    Offer.objects.filter(id=offer_id).update(taken=F("taken") - 1)


def set_open(
    offer_ids: Iterable[int], *, office_id: int, is_open: bool, now: datetime, actor: str
) -> int:
    """Open or close an office's offers for new bookings; who has a place keeps it.

    Returns how many changed.
    """
    with transaction.atomic():
        changed = (
            Offer.objects.filter(id__in=list(offer_ids), office_id=office_id)
            .exclude(is_open=is_open)
            .values_list("id", flat=True)
        )
        ids = list(changed)
        Offer.objects.filter(id__in=ids).update(is_open=is_open)
        for offer_id in ids:
            record(
                "offer.open" if is_open else "offer.close",
                at=now,
                actor=actor,
                office_id=office_id,
                subject_id=offer_id,
            )
    return len(ids)


def set_places(offer_id: int, places: int, *, office_id: int, now: datetime, actor: str) -> None:
    """Change how many people an offer takes. Raises ``PlacesAlreadyPromised`` or ``NotFound``."""
    with transaction.atomic():
        found = Offer.objects.filter(id=offer_id, office_id=office_id)
        if not found.filter(taken__lte=places).update(places=places):
            offer = found.first()
            if offer is None:
                raise NotFound
            raise PlacesAlreadyPromised(taken=offer.taken)
        record(
            "offer.places",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=offer_id,
            places=places,
        )


def open_counter(counter_id: int, *, officer_id: int, now: datetime) -> None:
    """Let an officer sit down at a counter; the same request twice changes nothing.

    Raises ``CounterTaken`` or ``OfficerSitsElsewhere``.
    """
    counter = offices.counter(counter_id)
    if CounterOpening.objects.filter(
        counter=counter, officer_id=officer_id, closed_at__isnull=True
    ).exists():
        return
    try:
        with transaction.atomic():
            CounterOpening.objects.create(counter=counter, officer_id=officer_id, opened_at=now)
            _tell_counter("counter.open", counter, officer_id=officer_id, now=now)
    except IntegrityError as error:
        if "officer_has_one_counter" in str(error):
            held = CounterOpening.objects.select_related("counter").get(
                officer_id=officer_id, closed_at__isnull=True
            )
            raise OfficerSitsElsewhere(label=held.counter.label) from None
        raise CounterTaken(label=counter.label) from None


def close_counter(counter_id: int, *, officer_id: int, now: datetime) -> None:
    """Let the officer get up; closing a counter that isn't open changes nothing."""
    counter = offices.counter(counter_id)
    with transaction.atomic():
        closed = CounterOpening.objects.filter(
            counter=counter, officer_id=officer_id, closed_at__isnull=True
        ).update(closed_at=now)
        if closed:
            _tell_counter("counter.close", counter, officer_id=officer_id, now=now)


def _tell_counter(kind: str, counter: Counter, *, officer_id: int, now: datetime) -> None:
    record(
        kind,
        at=now,
        actor=f"officer:{officer_id}",
        office_id=counter.office_id,
        subject_id=counter.id,
    )
