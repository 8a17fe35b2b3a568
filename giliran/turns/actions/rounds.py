"""A region's rounds: opening one, committing to chance, sealing the list when it closes."""

from __future__ import annotations

import gzip
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from giliran import beacon, rules
from giliran.capacity import actions as capacity
from giliran.capacity.models import Offer
from giliran.core import draw_file
from giliran.core.deadline import add_working_days, is_working_day
from giliran.core.draw import RULES
from giliran.core.lottery import SALT_BYTES, SECRET_BYTES, canonical, commitment, pseudonym
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.core.seats import Bundle, Wish, bundle_of, ranked, reserves
from giliran.core.turn import OPEN
from giliran.encryption import seal as seal_text
from giliran.encryption import unseal
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office, Region
from giliran.turns.actions.sharing import hold_the_round
from giliran.turns.models import Application, Entry, Round, Secret, Turn

KINDS = ("priority", "far", "offline")
OFFLINE = frozenset({"clerk", "booth", "sms", "kiosk"})
AGENCY = "agency"
PARTIES = (AGENCY, "ombudsman", "public")


class BadCommitment(BadInput):
    """A commitment isn't 64 hexadecimal digits, or a secret doesn't fit its commitment."""

    code = "bad_commitment"
    sentence = gettext_noop(
        "Komitmen dan rahasia adalah 64 angka heksadesimal, dan rahasia harus cocok dengan "
        "komitmennya."
    )


class TooLateToCommit(Refusal):
    """The round is closed: whoever commits now might know the list."""

    code = "too_late_to_commit"
    sentence = gettext_noop("Putaran sudah ditutup. Komitmen hanya diterima sebelum penutupan.")


class TooEarlyToReveal(Refusal):
    """The round is still open: a known secret would be no chance any more."""

    code = "too_early_to_reveal"
    sentence = gettext_noop("Putaran belum ditutup. Rahasia dibuka setelah penutupan.")


def closing_after(region: Region, now: datetime) -> datetime:
    """Return the next moment at which the region's round closes: on a working day, later than now.

    Raises ``ValueError`` for a region that doesn't draw, ``CalendarMissing`` for unknown years.
    """
    if region.draw_at is None:
        raise ValueError(f"{region} doesn't draw.")
    calendar, zone = rules.calendar(), ZoneInfo(region.time_zone)
    day = now.astimezone(zone).date()
    while True:
        closes_at = datetime.combine(day, region.draw_at, tzinfo=zone)
        if closes_at > now and is_working_day(day, calendar):
            return closes_at
        day += timedelta(days=1)


def open_round(region: Region, *, now: datetime) -> Round:
    """Return the region's open round, or open the next: its chance is named from the beginning."""
    found = Round.objects.filter(region=region, state=Round.State.OPEN).first()
    if found is not None:
        return found
    with transaction.atomic():
        hold_the_round(region)
        found = Round.objects.filter(region=region, state=Round.State.OPEN).first()
        if found is not None:
            return found
        before = Round.objects.filter(region=region).aggregate(
            serial=Max("serial"), closes_at=Max("closes_at")
        )
        # Whoever asks may have looked at the clock just before the last round was sealed.
        closes_at = closing_after(region, max(now, before["closes_at"] or now))
        opened = Round.objects.create(
            region=region,
            serial=(before["serial"] or 0) + 1,
            opened_at=now,
            closes_at=closes_at,
            beacon=_named_chance(region, closes_at),
            rule=region.draw_rule,
        )
        if region.draw_beacon == Region.Beacon.REVEAL:
            secret = secrets.token_bytes(SECRET_BYTES)
            Secret.objects.create(
                round=opened,
                party=AGENCY,
                commitment=commitment(AGENCY, secret).hex(),
                sealed=seal_text(secret.hex()),
            )
        record("round.open", at=now, actor="system", subject_id=opened.id, region=region.id)
        return opened


def _named_chance(region: Region, closes_at: datetime) -> dict[str, Any]:
    if region.draw_beacon == Region.Beacon.REVEAL:
        return {"kind": "reveal"}
    return {
        "kind": "drand",
        "chain": beacon.CHAIN,
        "round": beacon.round_after(closes_at),
    }


def commit(round_id: int, *, party: str, digest: str, actor: str, now: datetime) -> None:
    """Note what a party outside the agency promises to reveal after closing; the last one counts.

    ``digest`` is ``core.lottery.commitment(party, secret)`` in hex. Raises ``BadCommitment``,
    ``TooLateToCommit`` or ``NotFound``.
    """
    if party not in PARTIES[1:] or not _is_digest(digest):
        raise BadCommitment("digest")
    with transaction.atomic():
        found = locked(round_id)
        if found.state != Round.State.OPEN or now >= found.closes_at:
            raise TooLateToCommit
        if found.beacon["kind"] != "reveal":
            raise NotFound
        Secret.objects.update_or_create(
            round=found, party=party, defaults={"commitment": digest.lower()}
        )
        record("round.commit", at=now, actor=actor, subject_id=round_id, party=party)


def reveal(round_id: int, *, party: str, secret: str, actor: str, now: datetime) -> None:
    """Open a party's secret (64 hex digits) once the list is sealed.

    Raises ``BadCommitment`` if it isn't what was committed, ``TooEarlyToReveal`` or ``NotFound``.
    """
    with transaction.atomic():
        found = locked(round_id)
        promised = Secret.objects.filter(round=found, party=party).first()
        if promised is None or found.state == Round.State.DRAWN:
            raise NotFound
        if found.state == Round.State.OPEN:
            raise TooEarlyToReveal
        if not _is_digest(secret) or (
            commitment(party, bytes.fromhex(secret)).hex() != promised.commitment
        ):
            raise BadCommitment("secret")
        Secret.objects.filter(id=promised.id).update(revealed=secret.lower())
        record("round.reveal", at=now, actor=actor, subject_id=round_id, party=party)


def _is_digest(text: str) -> bool:
    return len(text) == 2 * SECRET_BYTES and set(text.lower()) <= set("0123456789abcdef")


def seal_round(round_id: int, *, now: datetime) -> Round:
    """Close a round: fix its list and its places, and bind both to one root.

    Waits for every application that is being answered, so that nobody who was told "we have it"
    is missing. Sealed twice, the second time changes nothing. Raises ``NotFound``.
    """
    with transaction.atomic():
        found = locked(round_id)
        hold_the_round(found.region)
        if found.state != Round.State.OPEN or now < found.closes_at:
            return found
        zone = ZoneInfo(found.region.time_zone)
        today = found.closes_at.astimezone(zone).date()
        last_day = add_working_days(today, found.region.draw_days_ahead, rules.calendar())
        days = [today + timedelta(days=n) for n in range(1, (last_day - today).days + 1)]
        windows = capacity.hold_places(found.region_id, days)
        cells, bundles, known = _cells(windows, RULES[found.rule].percents)
        asking = _asking(found)
        entries, listed = _listed(asking, known)
        header = {
            "region": found.region.slug,
            "round": found.serial,
            "closes_at": found.closes_at.astimezone(zone).isoformat(),
            "rule": found.rule,
            "kinds": list(KINDS),
            "sealed_at": now.astimezone(zone).isoformat(),
            "beacon": _chance_as_sealed(found, now=now),
            "cells": cells,
            "bundles": bundles,
        }
        file = draw_file.seal(header, listed)
        position = {one["id"]: index for index, one in enumerate(file["applications"])}
        Entry.objects.bulk_create(
            [
                Entry(
                    round=found,
                    application_id=application_id,
                    position=position[pseudonym_hex],
                    salt=salt,
                    credit=credit,
                )
                for application_id, pseudonym_hex, salt, credit in entries
            ]
        )
        found.state = Round.State.SEALED
        found.sealed_at = now
        found.first_day, found.last_day = days[0], last_day
        found.root = file["root"]
        found.beacon = header["beacon"]
        found.applications = len(listed)
        found.places = sum(cell["places"] for cell in cells)
        found.file = gzip.compress(canonical(file), mtime=0)
        found.save()
        record(
            "round.seal",
            at=now,
            actor="system",
            subject_id=found.id,
            region=found.region_id,
            root=found.root,
            applications=found.applications,
            places=found.places,
        )
        return found


def _chance_as_sealed(found: Round, *, now: datetime) -> dict[str, Any]:
    if found.beacon["kind"] == "drand":
        if beacon.appears_at(found.beacon["round"]) > now:
            return dict(found.beacon)
        # Sealed late: a value that is already known would let the list be chosen to fit it.
        later = beacon.round_after(now)
        record("round.later_chance", at=now, actor="system", subject_id=found.id, named=later)
        return {**found.beacon, "round": later}
    promised = {s.party: s.commitment for s in Secret.objects.filter(round=found)}
    parties = [{"name": p, "commitment": promised[p]} for p in PARTIES if p in promised]
    return {"kind": "reveal", "parties": parties}


def _cells(
    windows: Sequence[Offer], percents: Sequence[int]
) -> tuple[list[dict[str, Any]], list[list[int]], list[Bundle]]:
    """Return the cells of the file, the bundles as lists of cells, and the bundles themselves."""
    cells: list[dict[str, Any]] = []
    members: dict[Bundle, list[int]] = {}
    of_day: dict[tuple[int, date], list[int]] = defaultdict(list)
    for index, offer in enumerate(windows):
        zone = offices.zone(offer.office)
        starts_at = offer.starts_at.astimezone(zone)
        cells.append(
            {
                "office": offer.office.slug,
                "starts_at": starts_at.isoformat(),
                "ends_at": offer.ends_at.astimezone(zone).isoformat(),
                "places": offer.held,
            }
        )
        members.setdefault(bundle_of(offer.office_id, starts_at), []).append(index)
        of_day[offer.office_id, offer.day].append(index)
    for indices in of_day.values():
        spread = reserves([cells[i]["places"] for i in indices], percents)
        for index, kept in zip(indices, spread, strict=True):
            cells[index]["reserves"] = list(kept)
    return cells, list(members.values()), list(members)


def _asking(found: Round) -> list[Application]:
    """Return who is in this round: open, asked before closing, without a turn by now."""
    have_turn = Turn.objects.filter(state__in=OPEN, citizen__isnull=False)
    taken = set(have_turn.values_list("citizen_id", "service_id"))
    asking = (
        Application.objects.filter(
            region=found.region, state=Application.State.OPEN, asked_at__lt=found.closes_at
        )
        .select_related("service", "home", "citizen")
        .order_by("id")
    )
    return [one for one in asking if (one.citizen_id, one.service_id) not in taken]


def _listed(
    asking: Sequence[Application], bundles: Sequence[Bundle]
) -> tuple[list[tuple[int, str, bytes, int]], list[dict[str, Any]]]:
    """Return the round's entries, and the applications as the public file lists them."""
    near = Near(asking)
    party_ids: dict[Any, str] = defaultdict(lambda: secrets.token_hex(32))
    sizes: dict[Any, int] = defaultdict(int)
    for one in asking:
        sizes[one.party] += 1
    entries, listed = [], []
    for one in asking:
        salt = secrets.token_bytes(SALT_BYTES)
        name = pseudonym(salt, unseal(one.citizen.nik_sealed), one.service.code).hex()
        kinds = [
            kind
            for kind, has in zip(
                KINDS, (one.is_priority, one.is_far, one.channel in OFFLINE), strict=True
            )
            if has
        ]
        wish = ranked(wish_of(one), bundles, near=near.of(one))
        line = {"id": name, "credit": one.credit, "kinds": kinds, "wishes": wish}
        if one.party is not None and sizes[one.party] > 1:
            line["party"] = party_ids[one.party]
        entries.append((one.id, name, salt, one.credit))
        listed.append(line)
    return entries, listed


def wish_of(application: Application) -> Wish:
    """Return where and when an application's person can come."""
    return Wish(
        tuple(application.office_ids),
        application.any_near,
        tuple(application.halves),
        application.prefers == Application.Prefers.TIME,
    )


class Near:
    """The offices near each application's home, each question asked once.

    Who comes together goes where all their services are served.
    """

    def __init__(self, asking: Sequence[Application]) -> None:
        self.services: dict[Any, set[int]] = defaultdict(set)
        for one in asking:
            if one.party is not None:
                self.services[one.party].add(one.service_id)
        self.known: dict[tuple[int, int | None, int], list[int]] = {}
        self.offices: Mapping[int, Office] = Office.objects.select_related("region").in_bulk(
            {one.office_ids[0] for one in asking}
        )

    def of(self, one: Application) -> list[int]:
        """Return the offices near, the nearest first; none for who didn't ask for them."""
        if not one.any_near:
            return []
        services = sorted(self.services.get(one.party, set()) | {one.service_id})
        first, *others = (self._serving(one, service_id) for service_id in services)
        return [office for office in first if all(office in other for other in others)]

    def _serving(self, one: Application, service_id: int) -> list[int]:
        first = self.offices[one.office_ids[0]]
        key = (service_id, one.home_id, 0 if one.home_id else first.id)
        if key not in self.known:
            found = offices.near(first.region, service_id, home=one.home, first=first)
            self.known[key] = [office.id for office, _ in found]
        return self.known[key]


def locked(round_id: int) -> Round:
    """Lock a round for this transaction, or raise ``NotFound``."""
    found = (
        Round.objects.select_for_update(no_key=True, of=("self",))
        .select_related("region")
        .filter(id=round_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
