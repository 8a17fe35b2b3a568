"""When and how a region draws."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from django.db import transaction

from giliran.core.refusal import BadInput, gettext_noop
from giliran.journal.actions import record
from giliran.offices.actions.importing import ZONES
from giliran.offices.models import Region

DAYS_AT_MOST = 10
KM_AT_MOST = 1000


class BadDrawDays(BadInput):
    """The draw reaches over too few or too many working days."""

    code = "bad_draw_days"
    sentence = gettext_noop("Undian mencakup 1 sampai %(most)s hari kerja ke depan.")


class BadDistance(BadInput):
    """A distance is no distance between home and an office."""

    code = "bad_distance"
    sentence = gettext_noop("Jarak ditulis dalam km, dari 1 sampai %(most)s.")


class BadZone(BadInput):
    """The time zone isn't one of Indonesia's."""

    code = "bad_zone"
    sentence = gettext_noop("Zona waktu harus salah satu dari: %(zones)s.")


class BadBeacon(BadInput):
    """Chance can't come from there."""

    code = "bad_beacon"
    sentence = gettext_noop("Sumber angka acak harus salah satu dari: %(beacons)s.")


class DrawPlan(NamedTuple):
    """A region's settings. ``draw_at`` is in the region's own zone; None draws no more.

    ``days_ahead`` are working days, ``near_km`` and ``far_km`` kilometres as the crow flies.
    """

    draw_at: time | None
    days_ahead: int
    beacon: str
    near_km: int
    far_km: int
    zone: str


def draw_plan(region: Region) -> DrawPlan:
    """Return a region's settings as they are."""
    return DrawPlan(
        region.draw_at,
        region.draw_days_ahead,
        region.draw_beacon,
        region.near_km,
        region.far_km,
        region.time_zone,
    )


def plan_draws(region_id: int, plan: DrawPlan, *, actor: str, now: datetime) -> Region:
    """Set when and how a region draws; the same settings again change nothing.

    A round that is open keeps its closing and its chance: both were published. Raises
    ``BadDrawDays``, ``BadDistance``, ``BadZone`` or ``BadBeacon``.
    """
    _check(plan)
    with transaction.atomic():
        region = Region.objects.select_for_update(no_key=True).get(id=region_id)
        if draw_plan(region) == plan:
            return region
        region.draw_at = plan.draw_at
        region.draw_days_ahead = plan.days_ahead
        region.draw_beacon = plan.beacon
        region.near_km, region.far_km = plan.near_km, plan.far_km
        region.time_zone = plan.zone
        region.save()
        record(
            "region.plan_draws",
            at=now,
            actor=actor,
            subject_id=region_id,
            **{**plan._asdict(), "draw_at": plan.draw_at and f"{plan.draw_at:%H:%M}"},
        )
    return region


def _check(plan: DrawPlan) -> None:
    if not 1 <= plan.days_ahead <= DAYS_AT_MOST:
        raise BadDrawDays("days", most=DAYS_AT_MOST)
    for field, km in (("near_km", plan.near_km), ("far_km", plan.far_km)):
        if not 1 <= km <= KM_AT_MOST:
            raise BadDistance(field, most=KM_AT_MOST)
    if plan.zone not in ZONES:
        raise BadZone("zone", zones=", ".join(sorted(ZONES)))
    if plan.beacon not in Region.Beacon.values:
        raise BadBeacon("beacon", beacons=", ".join(Region.Beacon.values))
