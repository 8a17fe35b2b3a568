"""Putting an office's windows and numbers on offer, and taking places of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from giliran.capacity.models import Offer
from giliran.capacity.places import plan
from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.outbox import post


class PlacesAlreadyPromised(Refusal):
    """Fewer places were asked for than people already have one."""

    code = "places_already_promised"
    sentence = gettext_noop(
        "Sudah %(taken)s orang dijanjikan jam ini, jadi tempatnya tidak bisa kurang dari "
        "%(taken)s. Tutup jam ini agar tidak bertambah, atau pindahkan orangnya lebih dulu."
    )


def offer_day(of: Office, day: date) -> int:
    """Put an office's windows and walk-in places of a day on offer; what is there stays as it is.

    Where the region draws, the windows are held for the draw.

    Returns how many offers are new: 0 when asked twice, or on a day when the office is shut.
    """
    planned = plan(of, day)
    moments = offices.opening_moments(of, day)
    if planned is None or moments is None:
        return 0
    opens, closes = moments
    is_drawn = of.region.draw_at is not None
    fresh = [
        Offer(
            office=of,
            kind=Offer.Kind.WINDOW,
            day=day,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            places=places,
            held=places if is_drawn else 0,
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


_OFFER = (
    *("id", "office_id", "kind", "day", "starts_at", "ends_at", "places", "taken", "held"),
    "is_open",
)


def take_place(offer_id: int, *, kind: str, now: datetime) -> Offer | None:
    """Take one place of an open offer that hasn't ended, or return None if there is none left.

    One statement looks and takes, so no window is ever overbooked, whatever happens at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE capacity_offer SET taken = taken + 1
            WHERE id = %s AND kind = %s AND is_open AND taken + held < places AND ends_at > %s
            RETURNING id, office_id, kind, day, starts_at, ends_at, places, taken, held, is_open
            """,
            [offer_id, kind, now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Offer(**dict(zip(_OFFER, row, strict=True)))


def give_back_place(offer_id: int) -> None:
    """Return one taken place to its offer.

    Where the region draws it is held for those standing by, then for the next draw, and never
    straight back on sale: that is how a place was handed on to another name. A walk-in place,
    which isn't drawn, is free at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE capacity_offer AS o SET taken = o.taken - 1,
                held = o.held + CASE WHEN o.kind = 'window' AND r.draw_at IS NOT NULL
                                     THEN 1 ELSE 0 END
            FROM offices_office AS f JOIN offices_region AS r ON r.id = f.region_id
            WHERE o.id = %s AND f.id = o.office_id
            RETURNING o.held > 0, o.office_id
            """,
            [offer_id],
        )
        is_held, office_id = cursor.fetchone()
    if is_held:
        _fill_held(office_id)


def _fill_held(office_id: int) -> None:
    post("turns.fill_held", key=f"turns.fill_held:{office_id}", office_id=office_id)


def take_held_place(offer_id: int, *, now: datetime) -> Offer | None:
    """Take one held place of a window that hasn't begun, or return None if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE capacity_offer SET taken = taken + 1, held = held - 1
            WHERE id = %s AND is_open AND held > 0 AND starts_at > %s
            RETURNING id, office_id, kind, day, starts_at, ends_at, places, taken, held, is_open
            """,
            [offer_id, now],
        )
        row = cursor.fetchone()
    return None if row is None else Offer(**dict(zip(_OFFER, row, strict=True)))


def hold_places(region_id: int, days: Collection[date]) -> list[Offer]:
    """Take what is left of a region's windows on these days out of sale, for a draw.

    Returns the open windows with a held place, by office slug and time, with their office.
    """
    windows = Offer.objects.filter(
        office__region_id=region_id, kind=Offer.Kind.WINDOW, day__in=list(days)
    )
    # Locked in the order of their ids, as everybody does who takes several.
    list(windows.order_by("id").select_for_update(no_key=True).values_list("id"))
    windows.update(held=F("places") - F("taken"))
    drawn = windows.filter(is_open=True, held__gt=0).select_related("office__region")
    return list(drawn.order_by("office__slug", "starts_at"))


def give_drawn_places(
    sealed: Mapping[int, int], *, won: Mapping[int, int], freed: Mapping[int, int]
) -> None:
    """Turn the places that were drawn into taken ones, and put what nobody wanted on sale.

    ``sealed[offer id]`` are the places of each window in the sealed list, ``won`` those that are
    taken now, ``freed`` those won by somebody who needs them no more: they stay held. So does
    whatever was given back since the sealing, for it was in no draw. What was promised is kept: a
    window whose places were cut meanwhile grows to what was won.
    """
    ids = sorted(sealed)
    list(Offer.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True))
    figures = [(n, won.get(one, 0), freed.get(one, 0)) for one, n in sorted(sealed.items())]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE capacity_offer AS o SET
                taken = o.taken + given.won,
                held = greatest(o.held - given.sealed, 0) + given.freed,
                places = greatest(o.places,
                    o.taken + given.won + greatest(o.held - given.sealed, 0) + given.freed)
            FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[])
                AS given (id, sealed, won, freed)
            WHERE o.id = given.id
            """,
            [ids, *(list(column) for column in zip(*figures, strict=True))] if ids else [[]] * 4,
        )
    held = Offer.objects.filter(id__in=ids, held__gt=0).values_list("office_id", flat=True)
    for office_id in held.distinct():
        _fill_held(office_id)


def open_held_to_the_door(office_id: int, *, before: datetime, now: datetime) -> int:
    """Make places that are held in windows beginning soon into numbers at the door today.

    ``before`` is the latest beginning. Returns how many places moved; 0 without a walk-in offer.
    """
    with transaction.atomic():
        soon = Offer.objects.filter(
            office_id=office_id,
            kind=Offer.Kind.WINDOW,
            held__gt=0,
            starts_at__gt=now,
            starts_at__lte=before,
        )
        moved = 0
        for offer in soon.order_by("id").select_for_update(no_key=True):
            door = Offer.objects.filter(office_id=office_id, kind=Offer.Kind.WALK_IN, day=offer.day)
            if door.update(places=F("places") + offer.held):
                Offer.objects.filter(id=offer.id).update(places=F("places") - offer.held, held=0)
                moved += offer.held
        if moved:
            record("offer.to_the_door", at=now, actor="system", office_id=office_id, places=moved)
        return moved


def put_held_on_sale(region_id: int, *, actor: str, now: datetime) -> int:
    """Let all held places of a region's windows be booked at once; returns how many.

    For a region that draws no more.
    """
    with transaction.atomic():
        held = Offer.objects.filter(office__region_id=region_id, held__gt=0, ends_at__gt=now)
        places = sum(offer.held for offer in held.order_by("id").select_for_update(no_key=True))
        held.update(held=0)
        if places:
            record("offer.on_sale", at=now, actor=actor, region=region_id, places=places)
    return places


def set_open(
    offer_ids: Iterable[int], *, office_id: int, is_open: bool, now: datetime, actor: str
) -> int:
    """Open or close an office's offers for new bookings; who has a place keeps it.

    Where the region draws, what is opened again is held for those standing by and the next draw.
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
        reopened = Offer.objects.filter(
            id__in=ids if is_open else [],
            kind=Offer.Kind.WINDOW,
            office__region__draw_at__isnull=False,
        )
        if reopened.update(held=F("places") - F("taken")):
            _fill_held(office_id)
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
    """Change how many people an offer takes. Raises ``PlacesAlreadyPromised`` or ``NotFound``.

    Where the region draws, new places are held for those standing by and for the next draw.
    """
    with transaction.atomic():
        # Locked before it is read, so that nobody takes a place in between.
        offer = (
            Offer.objects.select_for_update(no_key=True, of=("self",))
            .select_related("office__region")
            .filter(id=offer_id, office_id=office_id)
            .first()
        )
        if offer is None:
            raise NotFound
        if offer.taken > places:
            raise PlacesAlreadyPromised(taken=offer.taken)
        resize(offer, places)
        record(
            "offer.places",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=offer_id,
            places=places,
        )


def resize(offer: Offer, places: int) -> None:
    """Give a locked offer, read with its office and region, other places, at least what is taken.

    Where the region draws, new places are held for those standing by and for the next draw; a
    window that is cut between sealing and drawing grows again to what was won.
    """
    added = max(0, places - offer.places) if _is_drawn(offer) else 0
    held = min(offer.held + added, places - offer.taken)
    Offer.objects.filter(id=offer.id).update(places=places, held=held)
    if added:
        _fill_held(offer.office_id)


def _is_drawn(offer: Offer) -> bool:
    return offer.kind == Offer.Kind.WINDOW and offer.office.region.draw_at is not None
