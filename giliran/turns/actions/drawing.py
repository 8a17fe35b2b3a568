"""When chance has spoken: the draw itself, and places that get free between draws."""

from __future__ import annotations

import gzip
import hmac
import json
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from django.db import connection, transaction
from django.db.models import Count, F

from giliran import beacon
from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.capacity.models import Offer
from giliran.core import draw_file
from giliran.core.lottery import canonical
from giliran.core.seats import bundle_of
from giliran.core.turn import OPEN, Move, State
from giliran.encryption import derived_key, new_code, unseal
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office, Region
from giliran.people.models import Citizen
from giliran.turns.actions.rounds import (
    AGENCY,
    Near,
    locked,
    open_round,
    seal_round,
    wish_of,
)
from giliran.turns.actions.sharing import share_the_round
from giliran.turns.actions.telling import round_drawn, turn_placed
from giliran.turns.models import Application, Entry, Round, Secret, Turn

REVEAL_WITHIN = timedelta(minutes=15)
TO_THE_DOOR = timedelta(hours=1)

Fetch = Callable[[int], str | None]
"""Returns the signature (hex) of a drand round, or None while it isn't there."""


def keep_rounds(region: Region, *, fetch: Fetch, now: datetime) -> None:
    """Do what is due in a region: seal a round that closes, open the next, draw, fill places.

    Raises what ``draw_round`` raises; then the round stays sealed, and is tried again.
    """
    waiting = Round.objects.filter(region=region, state=Round.State.SEALED).first()
    if waiting is not None:
        waiting = draw_round(waiting.id, fetch=fetch, now=now)
    current = open_round(region, now=now)
    # The places of a round that still waits for its chance can't be promised in another.
    is_free = waiting is None or waiting.state == Round.State.DRAWN
    if is_free and now >= current.closes_at:
        seal_round(current.id, now=now)
        open_round(region, now=now)
        draw_round(current.id, fetch=fetch, now=now)
    for office in offices.offices(region_id=region.id):
        fill_held(office.id, now=now)


def draw_round(round_id: int, *, fetch: Fetch, now: datetime) -> Round:
    """Draw a sealed round once its named chance is there; until then nothing happens.

    With commit and reveal, who hasn't revealed a quarter of an hour after closing is left out,
    and the file says so. Winners get their turn, the others stay in, and places that nobody
    asked for go on sale. Raises ``beacon.WrongSignature`` or ``beacon.CannotVerify``.
    """
    found = Round.objects.select_related("region").get(id=round_id)
    if found.state != Round.State.SEALED:
        return found
    randomness = _randomness(found, fetch=fetch, now=now)
    if randomness is None:
        return found
    file = draw_file.finished(read_file(found), randomness)
    with transaction.atomic():
        found = locked(round_id)
        if found.state != Round.State.SEALED:
            return found
        found.placed = _give_turns(found, file, now=now)
        found.state = Round.State.DRAWN
        found.drawn_at = now
        found.file = gzip.compress(canonical(file), mtime=0)
        found.save()
        record(
            "round.draw",
            at=now,
            actor="system",
            subject_id=found.id,
            region=found.region_id,
            placed=found.placed,
        )
        round_drawn(found.id)
    return found


def read_file(found: Round) -> dict[str, Any]:
    """Return a sealed or drawn round's public file."""
    file: dict[str, Any] = json.loads(gzip.decompress(bytes(found.file)))
    return file


def _randomness(found: Round, *, fetch: Fetch, now: datetime) -> dict[str, Any] | None:
    if found.beacon["kind"] == "drand":
        signature = fetch(found.beacon["round"])
        if signature is None:
            return None
        value = beacon.verified(found.beacon["round"], signature)
        return {"value": value, "signature": signature}
    return _revealed(found, now=now)


def _revealed(found: Round, *, now: datetime) -> dict[str, Any] | None:
    """Return the randomness of commit and reveal; the agency's own secret is opened last."""
    promised = {s.party: s for s in Secret.objects.filter(round=found)}
    others = [s for party, s in promised.items() if party != AGENCY]
    is_late = now >= found.closes_at + REVEAL_WITHIN
    if not is_late and any(not s.revealed for s in others):
        return None
    opened = {party: s.revealed or None for party, s in promised.items()}
    opened[AGENCY] = unseal(promised[AGENCY].sealed)
    listed = [
        {"name": party["name"], "secret": opened[party["name"]]}
        for party in found.beacon["parties"]
    ]
    randomness: dict[str, Any] = {"secrets": listed}
    value = draw_file.randomness_from(found.beacon, randomness).hex()
    return {"value": value, **randomness}


def _give_turns(found: Round, file: Mapping[str, Any], *, now: datetime) -> int:
    """Write the result: turns for who won, credit for who lost; returns how many were placed."""
    offers = _offers_of(file["header"]["cells"])
    # Locked before the windows, as everybody does who books: who is drawn takes no turn meanwhile.
    drawn = Citizen.objects.filter(applications__entries__round=found).order_by("id")
    list(drawn.select_for_update(no_key=True, of=("self",)).values_list("id"))
    entries = list(
        Entry.objects.filter(round=found).select_related("application").order_by("position")
    )
    have_turn = set(
        Turn.objects.filter(
            state__in=OPEN, citizen__in=[e.application.citizen_id for e in entries]
        ).values_list("citizen_id", "service_id")
    )
    won, freed = Tally[int](), Tally[int]()
    turns, placed, lost = [], [], []
    for entry, cell in zip(entries, file["result"], strict=True):
        application = entry.application
        if cell is None:
            lost.append(application.id)
            continue
        offer = entry.offer = offers[cell]
        if (application.citizen_id, application.service_id) in have_turn:
            # Took a turn elsewhere since the list was sealed; the place is free for others.
            freed[offer.id] += 1
            continue
        won[offer.id] += 1
        turns.append(_turn_for(application, offer, actor=f"draw:{found.serial}", now=now))
        placed.append(application.id)
    cells = file["header"]["cells"]
    sealed = {offer.id: cell["places"] for offer, cell in zip(offers, cells, strict=True)}
    capacity.give_drawn_places(sealed, won=won, freed=freed)
    Turn.objects.bulk_create(turns)
    drawn_ids = [entry.application_id for entry in entries]
    Application.objects.filter(id__in=drawn_ids).update(told_at=None)
    Application.objects.filter(id__in=lost).update(rounds_lost=F("rounds_lost") + 1)
    Application.objects.filter(id__in=lost, is_broad=True).update(credit=F("credit") + 1)
    # One statement for all: bulk_update took five milliseconds a person.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE turns_application AS a
            SET turn_id = given.turn_id, state = %s, ended_at = %s
            FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, turn_id) WHERE a.id = given.id
            """,
            [Application.State.PLACED, now, placed, [turn.id for turn in turns]],
        )
        winners = [entry for entry in entries if entry.offer_id is not None]
        cursor.execute(
            """
            UPDATE turns_entry AS e SET offer_id = given.offer_id
            FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, offer_id) WHERE e.id = given.id
            """,
            [[entry.id for entry in winners], [entry.offer_id for entry in winners]],
        )
    return len(turns)


def _offers_of(cells: Sequence[Mapping[str, Any]]) -> list[Offer]:
    """Return the windows that a file's cells name, with their office."""
    named = Offer.objects.filter(
        kind=Offer.Kind.WINDOW,
        office__slug__in={cell["office"] for cell in cells},
        starts_at__in={datetime.fromisoformat(cell["starts_at"]) for cell in cells},
    ).select_related("office__region")
    found = {(offer.office.slug, offer.starts_at): offer for offer in named}
    return [found[cell["office"], datetime.fromisoformat(cell["starts_at"])] for cell in cells]


def _turn_for(application: Application, offer: Offer, *, actor: str, now: datetime) -> Turn:
    return Turn(
        code=new_code(),
        # A second turn of the same application, after a declined one, is another request.
        request_key=uuid5(application.request_key, f"{actor} {offer.id} {application.declined}"),
        office_id=offer.office_id,
        service_id=application.service_id,
        offer_id=offer.id,
        citizen_id=application.citizen_id,
        name_sealed=application.name_sealed,
        phone_sealed=application.phone_sealed,
        kind=Turn.Kind.APPOINTMENT,
        channel=application.channel,
        day=offer.day,
        window_from=offer.starts_at,
        window_till=offer.ends_at,
        is_priority=application.is_priority,
        needs=application.needs,
        claim_id=application.claim_id,
        state=State.BOOKED,
        asked_at=application.asked_at,
        move=Move.BOOK,
        moved_at=now,
        moved_by=actor,
    )


def fill_held(office_id: int, *, now: datetime) -> int:
    """Give places that got free since the draw to those standing by; returns how many.

    By credit, then in an order drawn anew for each place. What nobody standing by can take is
    left for the next draw, or, an hour before it begins, for people at the door.
    """
    office = offices.office_by_id(office_id)
    last = Round.objects.filter(region=office.region).exclude(state=Round.State.OPEN)
    newest = last.defer("file").order_by("-serial").first()
    if newest is None or newest.state != Round.State.DRAWN or newest.last_day is None:
        return 0
    filled = 0
    for offer in capacity_now.held_windows(office_id, now=now, until=newest.last_day):
        for _ in range(offer.held):
            if not _fill_one(office, offer, now=now):
                break
            filled += 1
    capacity.open_held_to_the_door(office_id, before=now + TO_THE_DOOR, now=now)
    return filled


def _fill_one(office: Office, offer: Offer, *, now: datetime) -> bool:
    """Give one held place to the first person standing by who can come; False if nobody can."""
    for application_id in _standing_by(office, offer, now=now):
        with transaction.atomic():
            share_the_round(office.region)
            if Round.objects.filter(region=office.region, state=Round.State.SEALED).exists():
                return False  # since then the place belongs to the draw
            application = (
                Application.objects.select_for_update(no_key=True, of=("self", "citizen"))
                .select_related("citizen")
                .filter(id=application_id, state=Application.State.OPEN, stands_by=True)
                .first()
            )
            if (
                application is None
                or Turn.objects.filter(
                    citizen_id=application.citizen_id,
                    service_id=application.service_id,
                    state__in=OPEN,
                ).exists()
            ):
                continue
            taken = capacity.take_held_place(offer.id, now=now)
            if taken is None:
                return False
            turn = _turn_for(application, taken, actor="standby", now=now)
            turn.save(force_insert=True)
            Application.objects.filter(id=application.id).update(
                turn=turn, state=Application.State.PLACED, ended_at=now, told_at=None
            )
            record(
                "application.stood_by",
                at=now,
                actor="system",
                office_id=office.id,
                subject_id=application.id,
                turn=turn.id,
            )
            turn_placed(application, turn, now=now)
            return True
    return False


def _standing_by(office: Office, offer: Offer, *, now: datetime) -> list[int]:
    """Return who could take a place, the first in line first."""
    starts_at = offer.starts_at.astimezone(offices.zone(office))
    half_day = bundle_of(office.id, starts_at).code
    served = {service.id for service in offices.services(office_id=office.id)}
    waiting = list(
        Application.objects.filter(
            region=office.region,
            state=Application.State.OPEN,
            stands_by=True,
            service_id__in=served,
        )
        .exclude(party__in=_parties_of_several(office.region_id))
        .select_related("home")
    )
    near = Near(waiting)
    able = []
    for one in waiting:
        wish = wish_of(one)
        if now + timedelta(hours=one.notice_hours) > offer.starts_at:
            continue
        if wish.halves and half_day not in wish.halves:
            continue
        if office.id in wish.office_ids or office.id in near.of(one):
            able.append(one)
    return _drawn_order(able, f"{offer.id} {now.isoformat()}")


def _parties_of_several(region_id: int) -> list[Any]:
    """Return the parties that need more than one place; a single one may have lost the others."""
    together = Application.objects.filter(
        region_id=region_id, state=Application.State.OPEN, party__isnull=False
    )
    sizes = together.values("party").annotate(people=Count("id")).filter(people__gt=1)
    return list(sizes.values_list("party", flat=True))


def _drawn_order(able: Sequence[Application], seed: str) -> list[int]:
    """Return the ids by credit, and within equal credit in an order drawn for this one place.

    Had it been known beforehand who is next, whoever holds a place could sell them its release.
    """
    key = hmac.digest(derived_key("order of those standing by"), seed.encode(), "sha256")

    def place(one: Application) -> tuple[int, bytes]:
        return -one.credit, hmac.digest(key, one.code.encode(), "sha256")

    return [one.id for one in sorted(able, key=place)]
