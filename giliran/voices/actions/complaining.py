"""Complaining, from a page, a conversation, a door, a booth or a telephone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from giliran.claims.models import Claim
from giliran.core.complaint import Move, State
from giliran.core.identifiers import BadCode, parse_code
from giliran.encryption import new_code, seal
from giliran.messages import actions as messages
from giliran.offices.models import Office, Region
from giliran.people.actions import parse_phone
from giliran.people.models import Officer
from giliran.people.names import parse_name
from giliran.turns.models import Turn
from giliran.voices import access, deadlines, likeness
from giliran.voices.access import DELICATE
from giliran.voices.actions import noticing, telling
from giliran.voices.actions.moving import parse_text
from giliran.voices.complaints import View, view_of
from giliran.voices.models import Complaint
from giliran.voices.refusals import BadCategory, UnknownClaim, UnknownOfficer, UnknownTurn

SAME_WEEK = timedelta(days=7)
SUBJECT = "complaint"


def complain(
    *,
    request_key: UUID,
    channel: str,
    text: str,
    office: Office | None = None,
    region: Region | None = None,
    category: str = Complaint.Category.OTHER,
    turn_code: str = "",
    claim_code: str = "",
    officer_id: int | None = None,
    is_about_officer: bool = False,
    name: str = "",
    phone: str = "",
    is_anonymous: bool = False,
    is_protected: bool = False,
    is_proxy: bool = False,
    language: str = "id",
    subscriber: int | None = None,
    external_id: str = "",
    received_at: datetime | None = None,
    actor: str = "citizen",
    now: datetime,
) -> View:
    """Take a complaint and give its receipt at once; the same ``request_key`` again returns it.

    Where it is about is told by ``office``, else by the turn's or the claim's office, else by
    ``region``; about no place, the centre has it. ``officer_id`` is whom it is about; with
    ``is_about_officer`` it is who served the turn. Anonymous, name and phone are dropped; a name
    or phone may be missing otherwise, too. ``subscriber`` is a contact that reads what we say of
    it. ``received_at`` is when it reached us, where that was before ``now``: from then its dates
    count. Raises ``BadText``, ``BadCategory``, ``BadName``, ``BadPhone``, ``UnknownTurn``,
    ``UnknownClaim``, ``UnknownOfficer`` or ``NotConfirmed``.
    """
    earlier = _made_before(request_key)
    if earlier is not None:
        return view_of(earlier)
    clean = parse_text(text)
    if category not in Complaint.Category.values:
        raise BadCategory("category")
    turn = _turn(turn_code)
    claim = _claim(claim_code)
    if office is None:
        office = turn.office if turn else claim.office if claim else None
    if office is not None:
        region = office.region
    if officer_id is not None and not Officer.objects.filter(id=officer_id).exists():
        raise UnknownOfficer("officer")
    if officer_id is None and turn and (is_about_officer or category in DELICATE):
        officer_id = turn.officer_id
    given_name = "" if is_anonymous or not name.strip() else parse_name(name)
    given_phone = "" if is_anonymous else parse_phone(phone)
    lowest = access.lowest_for(
        office_id=office.id if office else None,
        region_id=region.id if region else None,
        officer_id=officer_id,
        category=category,
        is_protected=is_protected,
    )
    since = received_at or now
    day0 = deadlines.local_day(office, region, since)
    complaint = Complaint(
        code=new_code(),
        request_key=request_key,
        channel=channel,
        office=office,
        region=region,
        level=lowest,
        lowest=lowest,
        category=category,
        turn=turn,
        claim=claim,
        officer_id=officer_id,
        external_id=external_id,
        is_anonymous=is_anonymous,
        is_protected=is_protected,
        is_proxy=is_proxy,
        language=language,
        name_sealed=seal(given_name),
        phone_sealed=seal(given_phone),
        text_sealed=seal(clean),
        text_trigrams=likeness.hashed(clean),
        state=State.RECEIVED,
        received_at=since,
        acknowledge_by=deadlines.acknowledge_due(day0, channel=channel, office=office).on,
        due_on=deadlines.answer_due(day0, channel=channel, office=office).on,
        move=Move.RECEIVE,
        moved_at=now,
        moved_by=actor,
    )
    try:
        with transaction.atomic():
            complaint.group = _first_like(complaint)
            complaint.save(force_insert=True)
            if subscriber is not None:
                messages.subscribe(
                    subscriber, subject=SUBJECT, subject_id=complaint.id, actor=actor, now=now
                )
            telling.received(complaint, now=now)
            noticing.arrived(complaint, now=now)
    except IntegrityError:
        # A double click: the first one made it meanwhile.
        earlier = _made_before(request_key)
        if earlier is None:
            raise
        return view_of(earlier)
    return view_of(complaint)


def _made_before(request_key: UUID) -> Complaint | None:
    known = Complaint.objects.select_related("office__region", "region", "turn", "claim")
    return known.filter(request_key=request_key).first()


def _turn(code: str) -> Turn | None:
    if not code.strip():
        return None
    try:
        return Turn.objects.select_related("office__region").get(code=parse_code(code))
    except (BadCode, Turn.DoesNotExist):
        raise UnknownTurn("turn_code") from None


def _claim(code: str) -> Claim | None:
    if not code.strip():
        return None
    try:
        return Claim.objects.select_related("office__region").get(code=parse_code(code))
    except (BadCode, Claim.DoesNotExist):
        raise UnknownClaim("claim_code") from None


def _first_like(complaint: Complaint) -> Complaint | None:
    """Return the first of those like it at its office in the week before, None for none.

    Only what everybody at an office may see is grouped: a group would tell that there is more. Two
    that come at once wait for each other here, so that the second finds the first.
    """
    is_open_to_all = complaint.lowest == Complaint.Level.OFFICE and complaint.officer_id is None
    if complaint.office is None or not is_open_to_all or not complaint.text_trigrams:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"complaints of {complaint.office.id}"]
        )
    recent = Complaint.objects.filter(
        office=complaint.office,
        lowest=Complaint.Level.OFFICE,
        officer__isnull=True,
        received_at__gt=complaint.received_at - SAME_WEEK,
    ).select_related("group")
    best, at_best = None, 0.0
    for one in recent.order_by("-id")[:500]:
        share = likeness.shared(one.text_trigrams, complaint.text_trigrams)
        enough = (
            likeness.ALIKE_IN_CATEGORY
            if one.category == complaint.category != Complaint.Category.OTHER
            else likeness.ALIKE
        )
        if share >= enough and share > at_best:
            best, at_best = one, share
    return (best.group or best) if best else None
