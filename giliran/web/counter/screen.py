"""What the desk shows: who waits, who sits here, who went to fetch a paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from giliran.capacity import queries as capacity
from giliran.claims import worklists
from giliran.core.identifiers import masked_nik
from giliran.offices import queries as offices
from giliran.people import actions as people
from giliran.people.queries import nik_of
from giliran.turns import applications, queries
from giliran.web.counter import needs, wishes
from giliran.web.counter.claims_words import kind_name
from giliran.web.counter.rescuing import suggestion_for

LINE_SHOWN = 30
EXPECTED_SHOWN = 40


class Row(NamedTuple):
    """One line of a list: a turn, and the minutes since its person came, or was put aside."""

    turn: Any
    minutes: int
    needs: list[str]


class Person(NamedTuple):
    """Whoever is at the counter, as the officer sees them.

    ``must_show_card``: the turn was drawn and the card not yet held against it, which is what
    makes a won place worthless to anybody else. ``shown_by``: how a priority is to be shown.
    """

    turn: Any
    name: str
    nik: str
    nik_is_masked: bool
    minutes: int
    needs: list[str]
    is_drawn: bool
    must_show_card: bool
    shown_by: str
    claims: list[tuple[Any, str]]


def minutes_between(since: datetime | None, now: datetime) -> int:
    """Return whole minutes, never negative; 0 where nothing began."""
    return max(0, int((now - since).total_seconds() // 60)) if since else 0


def mark(turn: Any) -> str:
    """Return what a page shows of a counter, to be compared with what it is now."""
    return f"{turn.id}.{turn.state}" if turn else "-"


def whole(office: Any, *, officer_id: int, now: datetime, shows_nik: bool) -> dict[str, Any]:
    """Return everything on the desk's screen; a look at a person is recorded."""
    seat = capacity.seat_of(officer_id)
    if seat is None or seat.office_id != office.id:
        return {"office": office, "elsewhere": seat, **_places_to_sit(office.id)}
    turn = queries.at_counter(seat.counter_id)
    counters = offices.counters(office.id)
    return {
        "office": office,
        "seat": seat,
        "mark": mark(turn),
        "person": _person(turn, actor=f"officer:{officer_id}", now=now, shows_nik=shows_nik)
        if turn
        else None,
        "services": offices.services(office_id=office.id),
        "other_counters": [c for c in counters if c.id != seat.counter_id],
        **line(office, seat, now=now),
    }


def line(office: Any, seat: capacity.Seat, *, now: datetime) -> dict[str, Any]:
    """Return the left side: the line of this counter, and who else may come back or arrive."""
    serves = next(c.service_ids for c in offices.counters(office.id) if c.id == seat.counter_id)
    waiting = queries.waiting_for(
        office.id, counter_id=seat.counter_id, service_ids=serves, now=now
    )
    everybody = len(queries.line(office.id))
    day = offices.local_day(office, now)
    expected = queries.expected(office.id, day=day)
    return {
        "waiting": [_row(t, t.arrived_at, now) for t in waiting[:LINE_SHOWN]],
        "waiting_count": len(waiting),
        "not_shown": max(0, len(waiting) - LINE_SHOWN),
        "elsewhere_count": everybody - len(waiting),
        "longest": max((minutes_between(t.arrived_at, now) for t in waiting), default=0),
        "parked": _rows(queries.parked(office.id), now),
        "missed": _rows(queries.missed(office.id, day=day), now),
        "expected": expected[:EXPECTED_SHOWN],
        "expected_count": len(expected),
        "suggestion": suggestion_for(seat, now=now),
        "counter_busy": queries.at_counter(seat.counter_id) is not None,
        "now": now,
    }


def _rows(turns: Iterable[Any], now: datetime) -> list[Row]:
    return [_row(turn, turn.moved_at, now) for turn in turns]


def _row(turn: Any, since: datetime | None, now: datetime) -> Row:
    return Row(turn, minutes_between(since, now), needs.named(turn.needs))


def _places_to_sit(office_id: int) -> dict[str, Any]:
    taken = {seat.counter_id: seat.officer_name for seat in capacity.open_seats(office_id)}
    names = {service.id: service for service in offices.services(office_id=office_id)}
    return {
        "counters": [
            (c, [names[s] for s in c.service_ids if s in names], taken.get(c.id))
            for c in offices.counters(office_id)
        ]
    }


def _person(turn: Any, *, actor: str, now: datetime, shows_nik: bool) -> Person:
    name, nik = queries.stated_name(turn), ""
    if turn.citizen_id is not None:
        nik = nik_of(turn.citizen_id)
        people.note_look(
            turn.citizen_id,
            what="nik" if shows_nik else "name",
            turn_id=turn.id,
            office_id=turn.office_id,
            actor=actor,
            now=now,
        )
    application = applications.of_turn(turn.id)
    return Person(
        turn=turn,
        name=name,
        nik=_grouped(nik if shows_nik else masked_nik(nik)) if nik else "",
        nik_is_masked=not shows_nik,
        minutes=minutes_between(turn.arrived_at, turn.called_at or now),
        needs=needs.named(turn.needs),
        is_drawn=application is not None,
        must_show_card=application is not None and not queries.is_identified(turn),
        shown_by=wishes.how_shown(application) if application else "",
        claims=_claims_of(turn),
    )


def _claims_of(turn: Any) -> list[tuple[Any, str]]:
    """Return the open claims of this region of whoever is at the counter, the turn's own first."""
    found = worklists.open_of(turn.citizen_id, region_id=turn.office.region_id)
    ordered = sorted(found, key=lambda one: one.id != turn.claim_id)
    return [(one, kind_name(one.kind)) for one in ordered]


def _grouped(nik: str) -> str:
    return " ".join(nik[i : i + 4] for i in range(0, len(nik), 4))
