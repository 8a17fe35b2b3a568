"""What things look like in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from giliran.capacity.queries import Seat
from giliran.offices import queries as offices

if TYPE_CHECKING:
    from giliran.capacity.models import Offer
    from giliran.offices.models import Office, Service
    from giliran.turns.models import Turn


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


def seat_shape(seat: Seat) -> dict[str, Any]:
    return {"counter": seat.counter_id, "label": seat.label, "since": seat.opened_at.isoformat()}
