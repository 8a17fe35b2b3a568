"""What things look like in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from giliran.capacity.queries import Seat
from giliran.core.draw import RULES
from giliran.offices import queries as offices
from giliran.turns.actions.rounds import KINDS

if TYPE_CHECKING:
    from giliran.capacity.models import Offer
    from giliran.offices.models import Office, Region, Service
    from giliran.turns.applications import Estimate, Inclusion, Stage
    from giliran.turns.models import Application, Round, Turn
    from giliran.turns.promises import Promised


def service_shape(service: Service) -> dict[str, Any]:
    return {
        "code": service.code,
        "letter": service.letter,
        "name": service.name,
        "name_en": service.name_en,
    }


def office_shape(office: Office) -> dict[str, Any]:
    return {
        "slug": office.slug,
        "name": office.name,
        "kind": office.kind,
        "region": office.region.name,
        "address": office.address,
        "latitude": float(office.latitude),
        "longitude": float(office.longitude),
        "time_zone": office.time_zone,
        "seats": office.seats,
        "is_demo": office.is_demo,
    }


def whole_office(office: Office) -> dict[str, Any]:
    served = offices.services(office_id=office.id)
    codes = {service.id: service.code for service in served}
    return {
        **office_shape(office),
        "services": [service_shape(service) for service in served],
        "counters": [
            {"id": c.id, "label": c.label, "services": sorted(codes[s] for s in c.service_ids)}
            for c in offices.counters(office.id)
        ],
    }


def window_shape(offer: Offer) -> dict[str, Any]:
    return {
        "id": offer.id,
        "from": offer.starts_at.isoformat(),
        "till": offer.ends_at.isoformat(),
        "free": offer.left,
    }


def turn_shape(turn: Turn) -> dict[str, Any]:
    """Return a turn as whoever holds its code may see it: no name, no NIK, no phone."""
    return {
        "code": turn.code,
        "state": turn.state,
        "kind": turn.kind,
        "office": turn.office.slug,
        "service": turn.service.code,
        "number": turn.number,
        "counter": turn.counter.label if turn.counter else None,
        "is_priority": turn.is_priority,
        "from": turn.window_from.isoformat() if turn.window_from else None,
        "till": turn.window_till.isoformat() if turn.window_till else None,
        "arrived_at": turn.arrived_at.isoformat() if turn.arrived_at else None,
        "called_at": turn.called_at.isoformat() if turn.called_at else None,
    }


def iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def promise_shape(
    promised: Promised | None, *, come_at: datetime | None = None
) -> dict[str, str | None]:
    """Return from when till when somebody is called, since when that is promised, when to come."""
    return {
        "promised_from": iso(promised.begins) if promised else None,
        "promised_till": iso(promised.ends) if promised else None,
        "promised_at": iso(promised.made_at) if promised else None,
        "come_at": iso(come_at),
    }


def estimate_of_line_shape(minutes: tuple[int, int] | None) -> dict[str, int] | None:
    """Return what somebody waits who takes a number now, in minutes."""
    return None if minutes is None else {"minutes_from": minutes[0], "minutes_till": minutes[1]}


def seat_shape(seat: Seat) -> dict[str, Any]:
    return {"counter": seat.counter_id, "label": seat.label, "since": seat.opened_at.isoformat()}


def application_shape(
    application: Application, office_slugs: Sequence[str], *, known_by: datetime | None
) -> dict[str, Any]:
    """Return an application as whoever holds its code may see it: no name, NIK, phone or home."""
    return {
        "code": application.code,
        "state": application.state,
        "known_by": known_by and _local(known_by, application.region),
        "region": application.region.slug,
        "service": application.service.code,
        "offices": list(office_slugs),
        "any_near": application.any_near,
        "halves": application.halves,
        "time_first": application.prefers == application.Prefers.TIME,
        "is_priority": application.is_priority,
        "shown_by": application.shown_by,
        "needs": application.needs,
        "stands_by": application.stands_by,
        "notice_hours": application.notice_hours,
        "is_broad": application.is_broad,
        "credit": application.credit,
        "asked_at": _local(application.asked_at, application.region),
    }


def stage_shape(stage: Stage) -> dict[str, Any]:
    """Return one round that an application was in; ``won`` is null where it won nothing."""
    won = stage.won
    return {
        "serial": stage.round.serial,
        "closes_at": _local(stage.round.closes_at, stage.round.region),
        "state": stage.round.state,
        "credit": stage.credit,
        "won": won
        and {
            "office": won.office.slug,
            "from": _local(won.starts_at, stage.round.region),
            "till": _local(won.ends_at, stage.round.region),
        },
    }


def estimate_shape(estimate: Estimate) -> dict[str, Any]:
    return {
        "ahead": estimate.ahead,
        "places_each_round": estimate.places_each_round,
        "rounds": estimate.rounds,
        "drawn_by": estimate.drawn_by.isoformat(),
        "served_by": estimate.served_by.date().isoformat(),
    }


def inclusion_shape(proof: Inclusion) -> dict[str, Any]:
    """Return the proof that an application stands in a sealed list, all hashes in hex."""
    return {
        "serial": proof.round.serial,
        "id": proof.id,
        "salt": proof.salt,
        "leaf": proof.leaf,
        "leaves": proof.leaves,
        "path": proof.path,
        "root": proof.root,
    }


def region_shape(region: Region, *, next_closing: datetime) -> dict[str, Any]:
    """Return how a region draws; reserves are percent of each day's places, in their order."""
    return {
        "slug": region.slug,
        "name": region.name,
        "time_zone": region.time_zone,
        "draw_at": region.draw_at and region.draw_at.isoformat("minutes"),
        "next_closing": _local(next_closing, region),
        "days_ahead": region.draw_days_ahead,
        "beacon": region.draw_beacon,
        "rule": region.draw_rule,
        "reserves": [
            {"kind": kind, "percent": percent}
            for kind, percent in zip(KINDS, RULES[region.draw_rule].percents, strict=True)
        ],
        "near_km": region.near_km,
        "far_km": region.far_km,
    }


def round_shape(found: Round) -> dict[str, Any]:
    region = found.region
    return {
        "region": region.slug,
        "serial": found.serial,
        "state": found.state,
        "opened_at": _local(found.opened_at, region),
        "closes_at": _local(found.closes_at, region),
        "sealed_at": found.sealed_at and _local(found.sealed_at, region),
        "drawn_at": found.drawn_at and _local(found.drawn_at, region),
        "first_day": found.first_day and found.first_day.isoformat(),
        "last_day": found.last_day and found.last_day.isoformat(),
        "rule": found.rule,
        "beacon": found.beacon,
        "root": found.root or None,
        "applications": found.applications,
        "places": found.places,
        "placed": found.placed,
    }


def _local(moment: datetime, region: Region) -> str:
    return moment.astimezone(ZoneInfo(region.time_zone)).isoformat()
