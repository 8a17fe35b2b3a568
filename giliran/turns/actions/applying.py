"""Asking for a turn that is drawn: applying, changing one's mind, declining what was won."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from giliran.claims import actions as claims
from giliran.claims.models import Claim
from giliran.claims.refusals import ClaimIsOver
from giliran.core.refusal import BadInput, NotFound, gettext_noop
from giliran.core.seats import HALVES, OFFICES_AT_MOST, Wish, is_broad
from giliran.core.turn import OPEN, State
from giliran.encryption import blind_index, new_code, seal
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import HomeArea, Office, Region
from giliran.people import actions as people
from giliran.turns.actions.asking import Asker, cancel
from giliran.turns.actions.rounds import open_round
from giliran.turns.actions.sharing import share_the_round
from giliran.turns.models import Application, Round
from giliran.turns.refusals import (
    AlreadyApplied,
    AlreadyHasTurn,
    DrawIsRunning,
    NoDrawHere,
    NothingToDecline,
    NotOpenAnyMore,
    PartyIsFull,
    ServiceNotHere,
    ShowCardFirst,
    TooManyFromHere,
    TooManyNiksForPhone,
    TooManyPhones,
)

NIKS_OF_A_PHONE = 5  # a family around one telephone
PHONES_OF_A_NIK = 3
PHONES_SINCE = timedelta(days=30)
OF_AN_ADDRESS = 200  # a whole village may share a mobile network's address
MISSED_UNSEEN = 2  # a made-up NIK wastes two places at most; see docs/guides/market.md
NOTICE_HOURS_AT_MOST = 48
PARTY_AT_MOST = 5
# Where a member of staff types, the net address is the office's.
OWN_ADDRESS = frozenset({"web", "api", "whatsapp", "sms", "ussd"})


class BadWish(BadInput):
    """No office was chosen, or too many, or one twice."""

    code = "bad_wish"
    sentence = gettext_noop("Pilih satu sampai lima kantor, masing-masing sekali.")


class BadHalves(BadInput):
    """A half-day that doesn't exist, or one twice."""

    code = "bad_halves"
    sentence = gettext_noop("Pilih hari dan waktu dari daftar, masing-masing sekali.")


class BadNotice(BadInput):
    """How long before the window the person must know."""

    code = "bad_notice"
    sentence = gettext_noop("Waktu persiapan 1 sampai 48 jam.")


class BadShownBy(BadInput):
    """A person with priority doesn't say how they will show it at the door."""

    code = "bad_shown_by"
    sentence = gettext_noop(
        "Pilih bagaimana prioritas ditunjukkan di pintu: KTP, terlihat, atau kartu/surat."
    )


class Terms(NamedTuple):
    """All that a person can say of the turn they ask for, besides who they are.

    ``home_id`` is a district of the region, ``shown_by`` how a priority will be shown at the door
    (card, sight, letter), ``notice_hours`` what somebody standing by needs to get there.
    """

    wish: Wish
    home_id: int | None = None
    is_priority: bool = False
    shown_by: str = ""
    needs: tuple[str, ...] = ()
    stands_by: bool = False
    notice_hours: int = 3


def apply(
    who: Asker,
    terms: Terms,
    *,
    service_id: int,
    request_key: UUID,
    party: UUID | None = None,
    claim_id: int | None = None,
    channel: str,
    actor: str,
    address: str = "",
    now: datetime,
) -> Application:
    """Put a person into the region's draws until they are served or withdraw.

    ``party`` is that of an earlier application: who comes along is drawn with its list, all or
    none. ``claim_id`` is whose visit it is, left out where the claimant is somebody else than who
    comes, or the claim is over. ``address`` is the net address that asked. The same
    ``request_key`` again returns the application that it made. Raises ``BadWish``, ``BadHalves``,
    ``BadNotice``, ``BadShownBy``, ``NoDrawHere``, ``ServiceNotHere``, ``PartyIsFull``,
    ``AlreadyApplied``, ``AlreadyHasTurn``, ``TooManyNiksForPhone``, ``TooManyPhones``,
    ``TooManyFromHere`` or ``ShowCardFirst``; then nothing has changed.
    """
    where = _checked(terms, service_id)
    from_here = blind_index(address) if address and channel in OWN_ADDRESS else b""
    phone = blind_index(who.phone) if who.phone else b""
    try:
        with transaction.atomic():
            visited = None if claim_id is None else _visited(claim_id)
            share_the_round(where.region)
            citizen_id = people.know(who.nik, now=now)
            before = _known_before(
                citizen_id, service_id, phone, from_here, region_id=where.region.id, now=now
            )
            if before.request_key != request_key and channel in OWN_ADDRESS:
                before.check_limits()
            if before.has_turn and before.request_key != request_key:
                raise AlreadyHasTurn
            columns = _columns(terms, where)
            if party is not None:
                columns |= _shared_with(party, service_id)
            application = Application.objects.create(
                code=new_code(),
                request_key=request_key,
                region=where.region,
                service_id=service_id,
                citizen_id=citizen_id,
                party=party,
                # Whose card it is doesn't come for somebody else's claim.
                claim=visited if visited and visited.claimant_id == citizen_id else None,
                name_sealed=seal(who.name),
                phone_sealed=seal(who.phone),
                phone_index=phone,
                address_index=from_here,
                channel=channel,
                asked_by=actor,
                credit=before.credit,
                declined=before.declined,
                asked_at=now,
                changed_at=now,
                **columns,
            )
            _note("application.apply", application, actor=actor, now=now)
    except IntegrityError as error:
        earlier = Application.objects.filter(request_key=request_key).first()
        if earlier is not None:
            return earlier
        if "one_open_application" in str(error):
            raise AlreadyApplied from None
        raise
    # Also where no clockwork runs: what a person is told by when is a round that exists.
    if not before.has_open_round:
        open_round(where.region, now=now)
    return application


def _visited(claim_id: int) -> Claim | None:
    try:
        return claims.hold_for_visit(claim_id)
    except ClaimIsOver:
        return None


def change(application_id: int, terms: Terms, *, actor: str, now: datetime) -> Application:
    """Ask for something else until the round closes; who comes along changes too.

    Raises what ``apply`` raises of wishes, ``DrawIsRunning``, ``NotOpenAnyMore`` or ``NotFound``.
    """
    with transaction.atomic():
        application = _open_one(application_id, now=now)
        where = _checked(terms, application.service_id)
        if where.region.id != application.region_id:
            raise NoDrawHere
        columns = _columns(terms, where)
        Application.objects.filter(id=application.id).update(**columns, changed_at=now)
        _note("application.change", application, actor=actor, now=now)
        # People who come together are drawn with one list: what the others chose follows.
        for companion in _companions(application):
            if not offices.services_include(terms.wish.office_ids, companion.service_id):
                raise ServiceNotHere
            shared = {name: columns[name] for name in _SHARED}
            Application.objects.filter(id=companion.id).update(**shared, changed_at=now)
            _note("application.change", companion, actor=actor, now=now)
    return Application.objects.get(id=application_id)


def start_party(application_id: int, party: UUID, *, actor: str, now: datetime) -> UUID:
    """Let others come along with somebody who has applied; returns the party to apply with.

    An application that has one keeps it. Raises ``DrawIsRunning``, ``NotOpenAnyMore`` or
    ``NotFound``.
    """
    with transaction.atomic():
        application = _open_one(application_id, now=now)
        if application.party is not None:
            return application.party
        Application.objects.filter(id=application.id).update(party=party, changed_at=now)
        _note("application.change", application, actor=actor, now=now)
    return party


def withdraw(application_id: int, *, actor: str, now: datetime) -> Application:
    """Leave the draws; the credit stays for another time.

    Raises ``DrawIsRunning``, ``NotOpenAnyMore`` or ``NotFound``.
    """
    with transaction.atomic():
        application = _open_one(application_id, now=now)
        Application.objects.filter(id=application.id).update(
            state=Application.State.WITHDRAWN, ended_at=now, changed_at=now
        )
        _note("application.withdraw", application, actor=actor, now=now)
    return Application.objects.get(id=application_id)


def decline(application_id: int, *, actor: str, now: datetime) -> Application:
    """Give back a place that doesn't suit, and stay in the draws.

    The first time the credit stays, the second time it is gone. Raises ``NothingToDecline`` when
    nothing was won, or the visit has begun, ``MoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(no_key=True, of=("self",))
            .select_related("turn", "region")
            .filter(id=application_id)
            .first()
        )
        if application is None:
            raise NotFound
        turn = application.turn
        is_to_come = (
            application.state == Application.State.PLACED
            and turn is not None
            and turn.state == State.BOOKED
            and turn.window_till is not None
            and turn.window_till > now
        )
        if turn is None or not is_to_come:
            raise NothingToDecline
        cancel(turn.id, actor=actor, now=now)
        Application.objects.filter(id=application_id).update(
            state=Application.State.OPEN,
            turn=None,
            credit=application.credit if application.declined == 0 else 0,
            declined=F("declined") + 1,
            changed_at=now,
        )
        _note("application.decline", application, actor=actor, now=now, turn=turn.id)
    return Application.objects.get(id=application_id)


def note_told(application_id: int, *, actor: str, now: datetime) -> None:
    """Note that a clerk told somebody without internet their last result."""
    with transaction.atomic():
        application = Application.objects.filter(id=application_id).first()
        if application is None:
            raise NotFound
        Application.objects.filter(id=application_id).update(told_at=now)
        _note("application.told", application, actor=actor, now=now)


class _Where(NamedTuple):
    region: Region
    home: HomeArea | None
    near: tuple[int, ...]
    is_far: bool


def _checked(terms: Terms, service_id: int) -> _Where:
    """Return where the wish leads, or raise what is wrong with it."""
    wish = terms.wish
    ids = wish.office_ids
    if not 1 <= len(ids) <= OFFICES_AT_MOST or len(set(ids)) < len(ids):
        raise BadWish("offices")
    if not set(wish.halves) <= set(HALVES) or len(set(wish.halves)) < len(wish.halves):
        raise BadHalves("halves")
    if not 1 <= terms.notice_hours <= NOTICE_HOURS_AT_MOST:
        raise BadNotice("notice_hours")
    if terms.is_priority and terms.shown_by not in Application.ShownBy:
        raise BadShownBy("shown_by")
    around = offices.around(ids[0], service_id)
    if around is None:
        raise BadWish("offices")
    region, here = around.region, around.places
    if not set(ids) <= here.keys():
        is_elsewhere = Office.objects.filter(id__in=ids).count() == len(ids)
        raise NoDrawHere if is_elsewhere else BadWish("offices")
    if region.draw_at is None:
        raise NoDrawHere
    home = offices.home_area(terms.home_id, region_id=region.id) if terms.home_id else None
    if not set(ids) <= {place.office_id for place in around.serving}:
        raise ServiceNotHere
    near = offices.near_ids(region, around.serving, home or here[ids[0]])
    is_far = home is not None and near[0][1] > region.far_km
    return _Where(region, home, tuple(office_id for office_id, _ in near), is_far)


def _columns(terms: Terms, where: _Where) -> dict[str, object]:
    return {
        "home": where.home,
        "is_far": where.is_far,
        "office_ids": list(terms.wish.office_ids),
        "any_near": terms.wish.any_near,
        "halves": list(terms.wish.halves),
        "prefers": "time" if terms.wish.time_first else "office",
        "is_broad": is_broad(terms.wish, near=where.near),
        "is_priority": terms.is_priority,
        "shown_by": terms.shown_by if terms.is_priority else "",
        "needs": list(terms.needs),
        "stands_by": terms.stands_by,
        "notice_hours": terms.notice_hours,
    }


_SHARED = ("home", "is_far", "office_ids", "any_near", "halves", "prefers", "is_broad")


class _Before(NamedTuple):
    """What is known of this person, telephone and address from before."""

    request_key: UUID | None
    has_turn: bool
    credit: int
    declined: int
    niks_of_phone: int
    phones_of_nik: int
    of_address: int
    has_open_round: bool
    missed_unseen: int

    def check_limits(self) -> None:
        if self.niks_of_phone >= NIKS_OF_A_PHONE:
            raise TooManyNiksForPhone(most=NIKS_OF_A_PHONE)
        if self.phones_of_nik >= PHONES_OF_A_NIK:
            raise TooManyPhones(most=PHONES_OF_A_NIK)
        if self.of_address >= OF_AN_ADDRESS:
            raise TooManyFromHere
        if self.missed_unseen >= MISSED_UNSEEN:
            raise ShowCardFirst(times=self.missed_unseen)


def _known_before(
    citizen_id: int,
    service_id: int,
    phone: bytes,
    address: bytes,
    *,
    region_id: int,
    now: datetime,
) -> _Before:
    """Read in one statement what the limits and the credit depend on, and if a round is open.

    The credit of an earlier application lives on if the person withdrew, went home unserved, or
    said once that a place doesn't suit; being served, not coming and declining again clear it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT last.request_key, coalesce(last.credit, 0), coalesce(last.declined, 0),
                last.state, last.turn_state,
                EXISTS (SELECT FROM turns_turn WHERE citizen_id = %(citizen)s
                    AND service_id = %(service)s AND state = ANY(%(open)s)),
                CASE WHEN %(phone)s = ''::bytea THEN 0 ELSE (SELECT count(DISTINCT citizen_id)
                    FROM turns_application WHERE state = 'open' AND phone_index = %(phone)s
                    AND citizen_id <> %(citizen)s) END,
                CASE WHEN %(phone)s = ''::bytea THEN 0 ELSE (SELECT count(DISTINCT phone_index)
                    FROM turns_application WHERE citizen_id = %(citizen)s AND asked_at > %(since)s
                    AND phone_index NOT IN (%(phone)s, ''::bytea)) END,
                CASE WHEN %(address)s = ''::bytea THEN 0 ELSE (SELECT count(*)
                    FROM turns_application WHERE state = 'open'
                    AND address_index = %(address)s) END,
                EXISTS (SELECT FROM turns_round WHERE region_id = %(region)s AND state = 'open'),
                (SELECT CASE WHEN bool_or(arrived_at IS NOT NULL) THEN 0
                    ELSE count(*) FILTER (WHERE state = 'no_show') END
                    FROM turns_turn WHERE citizen_id = %(citizen)s)
            FROM (SELECT 1) AS always LEFT JOIN (
                SELECT a.request_key, a.credit, a.declined, a.state, t.state AS turn_state
                FROM turns_application a LEFT JOIN turns_turn t ON t.id = a.turn_id
                WHERE a.citizen_id = %(citizen)s AND a.service_id = %(service)s
                ORDER BY a.id DESC LIMIT 1
            ) AS last ON true
            """,
            {
                "citizen": citizen_id,
                "service": service_id,
                "open": sorted(OPEN),
                "phone": phone,
                "address": address,
                "region": region_id,
                "since": now - PHONES_SINCE,
            },
        )
        row = cursor.fetchone()
    key, credit, declined, state, turn_state, has_turn, niks, phones, here, is_open, missed = row
    gave_back = turn_state == State.CANCELLED
    keeps = state in {"withdrawn", "open"} or turn_state == State.LEFT
    keeps = keeps or (gave_back and declined == 0)
    return _Before(
        request_key=key,
        has_turn=has_turn,
        credit=credit if keeps else 0,
        declined=declined + gave_back,
        niks_of_phone=niks,
        phones_of_nik=phones,
        of_address=here,
        has_open_round=is_open,
        missed_unseen=missed,
    )


def _open_one(application_id: int, *, now: datetime) -> Application:
    """Lock an application that may still be changed."""
    region = Region.objects.filter(applications=application_id).first()
    if region is None:
        raise NotFound
    share_the_round(region)
    application = (
        Application.objects.select_for_update(no_key=True, of=("self",))
        .select_related("region", "service")
        .get(id=application_id)
    )
    if application.state != Application.State.OPEN:
        raise NotOpenAnyMore
    being_drawn = Round.objects.filter(region=region).exclude(state=Round.State.DRAWN)
    for running in being_drawn:
        is_closed = running.closes_at <= now and application.asked_at < running.closes_at
        if is_closed:
            raise DrawIsRunning
    return application


def _shared_with(party: UUID, service_id: int) -> dict[str, object]:
    """Return the columns that who comes along takes over from the others."""
    others = list(
        Application.objects.select_for_update(no_key=True)
        .filter(party=party, state=Application.State.OPEN)
        .order_by("id")
    )
    if not others:
        raise NotFound
    if len(others) >= PARTY_AT_MOST:
        raise PartyIsFull(most=PARTY_AT_MOST)
    if not offices.services_include(others[0].office_ids, service_id):
        raise ServiceNotHere
    return {name: getattr(others[0], name) for name in _SHARED}


def _companions(application: Application) -> list[Application]:
    if application.party is None:
        return []
    found = Application.objects.select_for_update(no_key=True).filter(
        party=application.party, state=Application.State.OPEN
    )
    return list(found.exclude(id=application.id).order_by("id"))


def _note(kind: str, application: Application, *, actor: str, now: datetime, **data: int) -> None:
    """Record ids and choices, never a name."""
    record(
        kind,
        at=now,
        actor=actor,
        subject_id=application.id,
        region=application.region_id,
        service=application.service_id,
        channel=application.channel,
        **data,
    )
