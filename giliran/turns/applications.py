"""Reading applications and rounds: a person's page, the public's page, the auditor's report."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import datetime
from typing import LiteralString, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from giliran import rules
from giliran.capacity.models import Offer
from giliran.core import lottery
from giliran.core.deadline import add_working_days
from giliran.core.draw import RULES, rounds_at_most
from giliran.core.draw_file import leaves_of
from giliran.core.refusal import NotFound
from giliran.core.seats import WHOLE
from giliran.encryption import unseal
from giliran.messages.models import Message
from giliran.offices import queries as offices
from giliran.offices.models import Office, Region
from giliran.people import queries as people
from giliran.turns.actions.drawing import read_file
from giliran.turns.actions.rounds import PARTIES, closing_after
from giliran.turns.models import Application, Entry, Round, Secret

_ALL = ("region", "service", "home", "turn__office__region", "turn__service", "turn__offer")


def by_code(code: str) -> Application:
    """Return an application by its code, or raise ``NotFound``."""
    try:
        return Application.objects.select_related(*_ALL).get(code=code)
    except Application.DoesNotExist:
        raise NotFound from None


def by_id(application_id: int) -> Application:
    """Return an application, or raise ``NotFound``."""
    try:
        return Application.objects.select_related(*_ALL).get(id=application_id)
    except Application.DoesNotExist:
        raise NotFound from None


def of_nik(nik: str) -> list[Application]:
    """Return the applications of the person with exactly this NIK that still count, by service.

    Those that are open, and those whose turn is still to come.
    """
    citizen_id = people.citizen_with(nik)
    if citizen_id is None:
        return []
    found = Application.objects.filter(
        Q(state=Application.State.OPEN) | Q(turn__state="booked"), citizen_id=citizen_id
    )
    return list(found.select_related(*_ALL).order_by("service", "id"))


def of_turn(turn_id: int) -> Application | None:
    """Return the application that won a turn, or None if it wasn't drawn."""
    return Application.objects.select_related(*_ALL).filter(turn_id=turn_id).first()


def open_for(claim_id: int) -> Application | None:
    """Return the application that waits to be drawn for a claim's visit, None if there is none."""
    found = Application.objects.filter(claim_id=claim_id, state=Application.State.OPEN)
    return found.order_by("id").first()


def companions(application: Application) -> list[Application]:
    """Return the open applications that are drawn together with one, itself included, by age."""
    if application.party is None:
        return [application]
    found = Application.objects.select_related(*_ALL).filter(party=application.party)
    return list(found.exclude(state=Application.State.WITHDRAWN).order_by("id"))


def chosen_offices(application: Application) -> list[Office]:
    """Return the offices that an application names, in its order."""
    found = Office.objects.select_related("region").in_bulk(application.office_ids)
    return [found[office_id] for office_id in application.office_ids]


def stated_name(application: Application) -> str:
    """Return the name that was stated, in clear; whoever shows it records the look."""
    return unseal(application.name_sealed)


def stated_phone(application: Application) -> str:
    """Return the phone that was stated, in clear; whoever shows it records the look."""
    return unseal(application.phone_sealed)


def next_closing(region: Region, *, now: datetime) -> datetime:
    """Return when the round closes that an application made now is in."""
    latest = Round.objects.filter(region=region).order_by("-serial").first()
    if latest is None:
        return closing_after(region, now)
    if latest.state == Round.State.OPEN and latest.closes_at > now:
        return latest.closes_at
    return closing_after(region, max(now, latest.closes_at))


def first_result(application: Application, *, now: datetime) -> datetime:
    """Return when the first round closes that an application is in, as it is told on asking.

    Exact also when that round was closed while the person was being answered.
    """
    return _closing(application, is_told="true", now=now)


def next_result(application: Application, *, now: datetime) -> datetime | None:
    """Return when the round closes whose result an open application waits for, else None.

    A round that is closed and not yet drawn counts as long as the application stands in it.
    """
    if application.state != Application.State.OPEN:
        return None
    return _closing(application, is_told="r.state = 'sealed'", now=now)


def _closing(application: Application, *, is_told: LiteralString, now: datetime) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.closes_at FROM turns_round AS r
            WHERE r.region_id = %s AND r.closes_at > %s AND (r.state = 'open' OR {is_told} AND
                EXISTS (SELECT FROM turns_entry WHERE round_id = r.id AND application_id = %s))
            ORDER BY r.serial LIMIT 1
            """,  # noqa: S608 -- one of the two conditions above
            [application.region_id, application.asked_at, application.id],
        )
        found: tuple[datetime] | None = cursor.fetchone()
    return found[0] if found else next_closing(application.region, now=now)


def rounds(region: Region, *, at_most: int = 30) -> list[Round]:
    """Return a region's rounds without their files, the newest first."""
    found = Round.objects.filter(region=region).select_related("region").defer("file")
    return list(found.order_by("-serial")[:at_most])


def round_of(region: Region, serial: int) -> Round:
    """Return a round of a region, its file read when it is used, or raise ``NotFound``."""
    try:
        of_region = Round.objects.select_related("region").defer("file")
        return of_region.get(region=region, serial=serial)
    except Round.DoesNotExist:
        raise NotFound from None


def public_file(found: Round) -> bytes:
    """Return a sealed or drawn round's public file as JSON; raises ``NotFound`` before."""
    return gzip.decompress(packed_file(found))


def packed_file(found: Round) -> bytes:
    """Return a sealed or drawn round's public file as gzip; raises ``NotFound`` before."""
    if not found.file:
        raise NotFound
    return bytes(found.file)


class Promise(NamedTuple):
    """What a party committed itself to for a round, and whether it has revealed its secret."""

    party: str
    commitment: str
    has_revealed: bool


def promises(found: Round) -> list[Promise]:
    """Return the commitments of a round whose chance comes from several parties, in its order."""
    order = {party: place for place, party in enumerate(PARTIES)}
    rows = Secret.objects.filter(round=found).values_list("party", "commitment", "revealed")
    promised = [Promise(party, digest, bool(revealed)) for party, digest, revealed in rows]
    return sorted(promised, key=lambda one: order[one.party])


class Stage(NamedTuple):
    """One round in which an application took part."""

    round: Round
    credit: int
    won: Offer | None


def stages(application: Application) -> list[Stage]:
    """Return the rounds in which an application was, the newest first."""
    found = Entry.objects.filter(application=application).select_related(
        "round__region", "offer__office"
    )
    entries = found.defer("round__file").order_by("-round__serial")
    return [Stage(entry.round, entry.credit, entry.offer) for entry in entries]


def last_serial(application: Application) -> int:
    """Return the serial of the last round in which an application was; 0 before its first."""
    found = Entry.objects.filter(application=application).aggregate(last=Max("round__serial"))
    return found["last"] or 0


class Inclusion(NamedTuple):
    """What proves that an application stands in a sealed list (RFC 6962, 2.1.1); all in hex."""

    round: Round
    id: str
    salt: str
    leaf: int
    leaves: int
    path: list[str]
    root: str


def inclusion(application: Application, serial: int) -> Inclusion:
    """Return the proof for one round, or raise ``NotFound``."""
    entry = (
        Entry.objects.filter(application=application, round__serial=serial)
        .select_related("round__region")
        .first()
    )
    if entry is None:
        raise NotFound
    file = read_file(entry.round)
    leaves = leaves_of(file)
    leaf = entry.position + 1
    return Inclusion(
        round=entry.round,
        id=file["applications"][entry.position]["id"],
        salt=bytes(entry.salt).hex(),
        leaf=leaf,
        leaves=len(leaves),
        path=[node.hex() for node in lottery.proof_of(leaves, leaf)],
        root=file["root"],
    )


class Estimate(NamedTuple):
    """By when somebody is served at the latest, with today's demand and places.

    ``ahead`` others have at least as much credit; ``places_each_round`` are added at each draw in
    the offices that the person accepts, without those reserved for others.
    """

    ahead: int
    places_each_round: int
    rounds: int
    drawn_by: datetime
    served_by: datetime


def estimate(application: Application, *, now: datetime) -> Estimate | None:
    """Return the honest latest date, or None where none can be said.

    None for a short list, which earns no credit and so has no end that can be computed, and where
    the offices have no places. Counts everybody with at least this credit who could want the same
    offices; for somebody without credit also as many newcomers as the last round had.
    """
    if not application.is_broad or application.state != Application.State.OPEN:
        return None
    region = application.region
    wanted = set(application.office_ids)
    if application.any_near:
        first = Office.objects.select_related("region").get(id=application.office_ids[0])
        near = offices.near(region, application.service_id, home=application.home, first=first)
        wanted |= {office.id for office, _ in near}
    rivals = Application.objects.filter(
        Q(office_ids__overlap=sorted(wanted)) | Q(any_near=True),
        region=region,
        state=Application.State.OPEN,
        credit__gte=application.credit,
    ).exclude(id=application.id)
    ahead = rivals.count()
    if application.credit == 0:
        last = Round.objects.filter(region=region, state=Round.State.DRAWN).order_by("-serial")
        before = last.values_list("applications", flat=True).first() or 0
        ahead = max(ahead, before)
    places = _places_each_round(wanted, region)
    count = rounds_at_most(ahead, places)
    if count is None:
        return None
    drawn_by = now
    for turn in range(count):
        drawn_by = next_closing(region, now=now) if turn == 0 else closing_after(region, drawn_by)
    calendar = rules.calendar()
    last_day = add_working_days(drawn_by.date(), region.draw_days_ahead, calendar)
    return Estimate(
        ahead,
        places,
        count,
        drawn_by,
        drawn_by.replace(year=last_day.year, month=last_day.month, day=last_day.day),
    )


def _places_each_round(office_ids: Iterable[int], region: Region) -> int:
    """Return the unreserved places of one day: a draw a day adds one new day of windows."""
    windows = Offer.objects.filter(
        office_id__in=list(office_ids), kind=Offer.Kind.WINDOW, is_open=True
    )
    newest = windows.aggregate(day=Max("day"))["day"]
    found = windows.filter(day=newest).aggregate(places=Sum("places"))["places"] or 0
    reserved = sum(RULES[region.draw_rule].percents)
    return int(found * (WHOLE - reserved) // WHOLE)


class Demand(NamedTuple):
    """A region's open applications in figures."""

    open: int
    broad: int
    priority: int
    offline: int
    standing_by: int
    longest_rounds: int
    oldest_asked_at: datetime | None


def demand(region: Region) -> Demand:
    """Return who waits for a draw in a region."""
    is_offline = Q(channel__in=["clerk", "booth", "sms", "kiosk"])
    found = Application.objects.filter(region=region, state=Application.State.OPEN).aggregate(
        open=Count("id"),
        broad=Count("id", filter=Q(is_broad=True)),
        priority=Count("id", filter=Q(is_priority=True)),
        offline=Count("id", filter=is_offline),
        standing_by=Count("id", filter=Q(stands_by=True)),
        longest=Max("rounds_lost"),
        oldest=Min("asked_at"),
    )
    return Demand(
        found["open"],
        found["broad"],
        found["priority"],
        found["offline"],
        found["standing_by"],
        found["longest"] or 0,
        found["oldest"],
    )


def first_choices(region: Region) -> dict[int, int]:
    """Return how many open applications name each office first, by its id."""
    waiting = Application.objects.filter(region=region, state=Application.State.OPEN)
    named = waiting.values_list("office_ids__0").annotate(n=Count("id"))
    return dict(named.order_by())


def to_tell(office: Office) -> list[Application]:
    """Return who applied with an office's staff and hasn't been told the last result yet.

    People without internet, and without a telephone that has received the result, oldest first:
    those who won, then those who stay in. They belong to the office that they named first, and to
    the one whose staff registered them: a booth's clerk may name the branch.
    """
    found = _untold(office).select_related(*_ALL)
    return sorted(found, key=lambda one: (one.turn_id is None, one.asked_at))


def count_to_tell(office: Office) -> int:
    """Return how many ``to_tell`` would list."""
    return _untold(office).count()


def _reached(state: Application.State) -> Exists:
    """Return the condition that a confirmed channel has brought the last result.

    Only what the telephone itself acknowledged counts; what was merely sent may be lost.
    """
    arrived = Message.objects.filter(state__in=[Message.State.DELIVERED, Message.State.READ])
    if state == Application.State.PLACED:
        won = arrived.filter(kind__in=["turn.won", "turn.placed"], subject="turn")
        return Exists(won.filter(subject_id=OuterRef("turn_id")))
    drawn = Round.objects.filter(region=OuterRef(OuterRef("region")), state=Round.State.DRAWN)
    last = drawn.order_by("-serial").values("drawn_at")[:1]
    lost = arrived.filter(kind="application.lost", subject="application")
    return Exists(lost.filter(subject_id=OuterRef("pk"), made_at__gte=Subquery(last)))


def _untold(office: Office) -> QuerySet[Application]:
    clerks = [f"officer:{officer_id}" for officer_id in offices.staff_ids(office.id)]
    return Application.objects.filter(
        Q(state=Application.State.OPEN, rounds_lost__gt=0) & ~_reached(Application.State.OPEN)
        | Q(state=Application.State.PLACED, turn__state="booked")
        & ~_reached(Application.State.PLACED),
        Q(office_ids__0=office.id) | Q(asked_by__in=clerks),
        region_id=office.region_id,
        channel__in=["clerk", "booth"],
        told_at__isnull=True,
    )


class Cluster(NamedTuple):
    """Applications that look as if one hand made them; ids only, an auditor looks closer."""

    kind: str
    size: int
    application_ids: list[int]
    first_at: datetime
    last_at: datetime


class Brief(NamedTuple):
    """An application without its person: what an auditor needs to see a pattern."""

    id: int
    state: str
    channel: str
    asked_at: datetime


def briefly(application_ids: Iterable[int]) -> dict[int, Brief]:
    """Return applications by id, without code, name or anything of the person."""
    rows = Application.objects.filter(id__in=list(application_ids))
    found = rows.values_list("id", "state", "channel", "asked_at")
    return {row[0]: Brief(*row) for row in found}


SUSPICIOUS_PHONE = 4
SUSPICIOUS_ADDRESS = 25


def suspicious(region: Region) -> list[Cluster]:
    """Return clusters among a region's open and placed applications, the largest first.

    Many NIKs with one telephone, very many from one net address. A large family or a village on
    one mobile network looks the same: a reason to look, never to refuse.
    """
    found = []
    for kind, column, least in (
        ("phone", "phone_index", SUSPICIOUS_PHONE),
        ("address", "address_index", SUSPICIOUS_ADDRESS),
    ):
        applied = Application.objects.filter(region=region).exclude(
            Q(**{column: b""}) | Q(state=Application.State.WITHDRAWN)
        )
        groups = (
            applied.values(column)
            .annotate(
                people=Count("citizen", distinct=True), first=Min("asked_at"), last=Max("asked_at")
            )
            .filter(people__gte=least)
        )
        for group in groups:
            ids = applied.filter(**{column: group[column]}).values_list("id", flat=True)
            found.append(Cluster(kind, group["people"], sorted(ids), group["first"], group["last"]))
    return sorted(found, key=lambda cluster: -cluster.size)
