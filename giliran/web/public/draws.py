"""How places are drawn, and every draw with all that is needed to check it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from giliran import beacon, clock
from giliran.core.deadline import CalendarMissing
from giliran.core.draw import RULES
from giliran.offices import queries as offices
from giliran.turns import applications
from giliran.web.citizen.missing import missing_is_404
from giliran.web.public import files, shares

LATE_AFTER = timedelta(minutes=20)  # the beacon appears within two, secrets within fifteen
SHOWN = 60  # rounds: about three months of working days
PARTY_NAMES = {
    "agency": gettext_noop("Penyelenggara (BPJS Ketenagakerjaan)"),
    "ombudsman": gettext_noop("Ombudsman"),
    "public": gettext_noop("Wakil masyarakat"),
}
STATE_NAMES = {
    "open": gettext_noop("Menerima permohonan"),
    "sealed": gettext_noop("Daftar terkunci, menunggu angka acak"),
    "drawn": gettext_noop("Sudah diundi"),
}


class RegionRow(NamedTuple):
    """A region that draws, and when its round closes that takes applications now."""

    region: Any
    closes_at: datetime | None
    closes_on: date | None


class KindRow(NamedTuple):
    """A group of applicants by name, with its share of the places in percent."""

    name: str
    percent: int


class RoundRow(NamedTuple):
    """One round of a region; its day is that of the region's own clock."""

    round: Any
    day: date
    state: str


class PartyRow(NamedTuple):
    """What one party added to a round's chance."""

    name: str
    commitment: str
    secret: str
    has_revealed: bool


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Explain the draw to somebody who has no reason to trust an office."""
    now = clock.now()
    rows = [RegionRow(region, *_closing(region, now)) for region in offices.regions_that_draw()]
    newest = max(RULES)
    context = {
        "rows": rows,
        "rule": newest,
        "kinds": _kinds(newest),
        "chances": {row.region.draw_beacon for row in rows},
    }
    return render(request, "public/draws.html", context)


@require_safe
@missing_is_404
def draws_of_region(request: HttpRequest, region: str) -> HttpResponse:
    """List a region's last rounds, the newest first."""
    found = offices.region(region)
    closes_at, closes_on = _closing(found, clock.now())
    context = {
        "region": found,
        "closes_at": closes_at,
        "closes_on": closes_on,
        "rounds": [_row(one) for one in applications.rounds(found, at_most=SHOWN)],
    }
    return render(request, "public/region.html", context)


@require_safe
@missing_is_404
def one_draw(request: HttpRequest, region: str, serial: int) -> HttpResponse:
    """Show one round: what was published before chance spoke, what came out, how to check it."""
    found = applications.round_of(offices.region(region), serial)
    counted = shares.of_round(found) if found.root else None
    script = files.script()
    chance = found.beacon
    context = {
        "region": found.region,
        "round": found,
        "row": _row(found),
        "counted": counted,
        "kinds": [
            (gettext(shares.KIND_NAMES[share.kind]), share)
            for share in (counted.by_kind if counted else ())
        ],
        "rule_kinds": _kinds(found.rule),
        "appears_at": beacon.appears_at(chance["round"]) if chance["kind"] == "drand" else None,
        "beacon_address": _beacon_address(chance),
        "parties": _parties(found, counted) if chance["kind"] == "reveal" else [],
        "elsewhere": counted.placed - found.placed if counted else 0,
        "left_over": found.places - counted.placed if counted else 0,
        "is_late": clock.now() > found.closes_at + LATE_AFTER,
        "file_name": files.file_name(found.region.slug, serial),
        "script_name": files.SCRIPT_NAME,
        "script_sha256": sha256(script).hexdigest(),
    }
    return render(request, "public/draw.html", context)


def _closing(region: Any, now: datetime) -> tuple[datetime | None, date | None]:
    """Return when the round closes that takes applications now, and the region's day of it.

    Nothing without draws, and for a year whose holidays aren't known yet.
    """
    if region.draw_at is None:
        return None, None
    try:
        closes_at = applications.next_closing(region, now=now)
    except CalendarMissing:
        return None, None
    return closes_at, _day(region, closes_at)


def _day(region: Any, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(region.time_zone)).date()


def _kinds(rule: str) -> list[KindRow]:
    known = RULES.get(rule)
    if known is None:
        return []
    return [
        KindRow(gettext(name), percent)
        for name, percent in zip(shares.KIND_NAMES.values(), known.percents, strict=True)
    ]


def _row(found: Any) -> RoundRow:
    day = _day(found.region, found.closes_at)
    return RoundRow(found, day, gettext(STATE_NAMES[found.state]))


def _beacon_address(chance: dict[str, Any]) -> str:
    if chance["kind"] != "drand":
        return ""
    return f"{beacon.URLS[0]}/{chance['chain']}/public/{chance['round']}"


def _parties(found: Any, counted: shares.Counted | None) -> list[PartyRow]:
    """Return who takes part in the chance; a secret is shown only once all are known.

    Whoever hasn't revealed yet could otherwise choose between the results with and without
    their own secret.
    """
    revealed = (counted.randomness if counted else {}).get("secrets", [])
    secrets = {one["name"]: one["secret"] or "" for one in revealed}
    return [
        PartyRow(
            gettext(PARTY_NAMES[one.party]) if one.party in PARTY_NAMES else one.party,
            one.commitment,
            secrets.get(one.party, ""),
            one.has_revealed,
        )
        for one in applications.promises(found)
    ]
