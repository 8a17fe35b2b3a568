"""What the staff do with a complaint until it is answered; never whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from giliran.core.complaint import TO_ANSWER, Move, State
from giliran.core.refusal import NotFound, Refusal
from giliran.offices.models import Office
from giliran.people.models import Officer
from giliran.voices import access, deadlines
from giliran.voices.access import Reader
from giliran.voices.actions import noticing, telling
from giliran.voices.actions.moving import hold, hold_for, move, once, parse_text, say
from giliran.voices.complaints import due_of
from giliran.voices.models import Complaint, Escalation, Remark
from giliran.voices.refusals import (
    BadCategory,
    BadWeight,
    NoHigherLevel,
    NotTheirs,
    UnknownAgency,
    UnknownOfficer,
)

AGENCY_LETTERS = 120


def acknowledge(complaint_id: int, *, officer_id: int, now: datetime) -> Complaint:
    """Take a complaint in hand, and tell whoever complained.

    Raises ``ComplaintMoveNotAllowed``, ``NotTheirs`` or ``NotFound``, as all of these do.
    """
    with transaction.atomic():
        complaint, _who = hold_for(complaint_id, officer_id)
        return _acknowledge(complaint, officer_id=officer_id, now=now)


def _acknowledge(complaint: Complaint, *, officer_id: int, now: datetime) -> Complaint:
    handler_id = complaint.handler_id or officer_id
    move(
        complaint,
        Move.ACKNOWLEDGE,
        actor=f"officer:{officer_id}",
        now=now,
        acknowledged_at=now,
        handler_id=handler_id,
    )
    telling.acknowledged(complaint, now=now)
    return complaint


def classify(
    complaint_id: int,
    *,
    weight: str,
    category: str,
    about_id: int | None = None,
    officer_id: int,
    now: datetime,
) -> Complaint:
    """Say of which class and about what a complaint is; from then its class's time counts, too.

    One that nobody took in hand yet is taken in hand by it. ``about_id`` names the officer whom it
    turned out to be about; None changes nothing. Where that makes it another level's, this level
    doesn't see it any more. Who was named before sees it once somebody else is named, so only who
    leads names another: ``NotTheirs``. Raises ``BadWeight``, ``BadCategory`` or ``UnknownOfficer``.
    """
    if weight not in Complaint.Weight.values:
        raise BadWeight("weight")
    if category not in Complaint.Category.values:
        raise BadCategory("category")
    if about_id is not None and not Officer.objects.filter(id=about_id).exists():
        raise UnknownOfficer("about")
    with transaction.atomic():
        complaint, who = hold_for(complaint_id, officer_id)
        about_id = complaint.officer_id if about_id is None else about_id
        was_named = complaint.officer_id is not None
        if was_named and about_id != complaint.officer_id and not heads(who, complaint):
            raise NotTheirs
        if complaint.state == State.RECEIVED:
            _acknowledge(complaint, officer_id=officer_id, now=now)
        return _classify(
            complaint,
            weight=weight,
            category=category,
            about_id=about_id,
            officer_id=officer_id,
            now=now,
        )


def _classify(
    complaint: Complaint,
    *,
    weight: str,
    category: str,
    about_id: int | None,
    officer_id: int,
    now: datetime,
) -> Complaint:
    needed = access.lowest_for(
        office_id=complaint.office_id,
        region_id=complaint.region_id,
        officer_id=about_id,
        category=category,
        is_protected=complaint.is_protected,
    )
    before, lowest = complaint.lowest, access.higher(complaint.lowest, needed)
    move(
        complaint,
        Move.CLASSIFY,
        actor=f"officer:{officer_id}",
        now=now,
        weight=weight,
        category=category,
        officer_id=about_id,
        lowest=lowest,
        level=access.higher(complaint.level, lowest),
        handler_id=_still_theirs(complaint, about_id=about_id, lowest=lowest),
        classified_at=now,
    )
    if lowest != before or complaint.handler_id is None:
        noticing.handed_over(complaint, by=officer_id, now=now)
    return complaint


def _still_theirs(complaint: Complaint, *, about_id: int | None, lowest: str) -> int | None:
    """Return the handler if they may go on with it as it becomes, else None."""
    if complaint.handler_id is None:
        return None
    complaint.officer_id, complaint.lowest = about_id, lowest
    who = access.reader(complaint.handler_id)
    return complaint.handler_id if access.may_handle(who, complaint) else None


def route(complaint_id: int, *, office: Office, officer_id: int, now: datetime) -> Complaint:
    """Hand a complaint to the office that it is about; its date stays.

    Who leads those who handle it may, else what is unpleasant would go away: ``NotTheirs``. The
    region may hand down so what an office may have: not one about its head, nor a protected or a
    disputed one.
    """
    with transaction.atomic():
        complaint, who = hold_for(complaint_id, officer_id)
        if not heads(who, complaint):
            raise NotTheirs
        complaint.office, complaint.region = office, office.region
        lowest = access.lowest_for(
            office_id=office.id,
            region_id=office.region_id,
            officer_id=complaint.officer_id,
            category=complaint.category,
            is_protected=complaint.is_protected,
        )
        if complaint.times_disputed:
            lowest = access.higher(complaint.lowest, lowest)
        was_escalated = Escalation.objects.filter(complaint=complaint).exists()
        level = access.higher(complaint.level, lowest) if was_escalated else lowest
        move(
            complaint,
            Move.ROUTE,
            actor=f"officer:{officer_id}",
            now=now,
            office=office,
            region=office.region,
            lowest=lowest,
            level=level,
            group=None,
            handler=None,
        )
        noticing.handed_over(complaint, by=officer_id, now=now)
        return complaint


def assign(complaint_id: int, *, handler_id: int, officer_id: int, now: datetime) -> Complaint:
    """Say who answers it; who works at a desk may only take it themselves.

    Raises ``NotTheirs`` for somebody who was part of it, or who doesn't stand where it is handled.
    """
    with transaction.atomic():
        complaint, who = hold_for(complaint_id, officer_id)
        if handler_id != officer_id and not heads(who, complaint):
            raise NotTheirs
        complaint.handler_id = handler_id
        if not access.may_handle(access.reader(handler_id), complaint):
            raise NotTheirs
        actor = f"officer:{officer_id}"
        move(complaint, Move.ASSIGN, actor=actor, now=now, handler_id=handler_id)
        noticing.given(complaint, by=officer_id, now=now)
        return complaint


def heads(who: Reader, complaint: Complaint) -> bool:
    """Return whether somebody leads those who handle a complaint."""
    return complaint.office_id in who.headed or complaint.region_id in who.regions or who.is_centre


def escalate(complaint_id: int, *, officer_id: int, now: datetime) -> Complaint:
    """Put a complaint before the next level by hand; it stays in hand where it is.

    Raises ``NoHigherLevel`` at the centre.
    """
    with transaction.atomic():
        complaint, _who = _hold_to_raise(complaint_id, officer_id)
        level = access.above(complaint.level)
        if level is None:
            raise NoHigherLevel
        move(complaint, Move.ESCALATE, actor=f"officer:{officer_id}", now=now, level=level)
        noticing.raised(complaint, by=officer_id, now=now)
        return complaint


def _hold_to_raise(complaint_id: int, officer_id: int) -> tuple[Complaint, Reader]:
    """Return a complaint for who may read it where it is handled, also if they took part in it."""
    complaint, who = hold(complaint_id), access.reader(officer_id)
    if not access.may_see(who, complaint) or access.stands_at(who, complaint) is None:
        raise NotFound
    return complaint, who


def answer(
    complaint_id: int, text: str, *, request_key: UUID, officer_id: int, now: datetime
) -> Complaint:
    """Answer a complaint, by the channel from which it came; the same key again answers once.

    From now whoever complained has until ``confirm_by`` to say that it doesn't settle it. Raises
    ``BadText``.
    """
    clean = parse_text(text)
    return once(
        request_key,
        complaint_id,
        lambda: _answer(
            *hold_for(complaint_id, officer_id), clean, request_key=request_key, now=now
        ),
    )


def _answer(
    complaint: Complaint, who: Reader, text: str, *, request_key: UUID, now: datetime
) -> Complaint:
    actor = f"officer:{who.officer_id}"
    today = deadlines.local_day(complaint.office, complaint.region, now)
    in_time = complaint.answered_in_time
    move(
        complaint,
        Move.ANSWER,
        actor=actor,
        now=now,
        handler_id=who.officer_id,
        answered_at=now,
        answered_in_time=today <= due_of(complaint).on if in_time is None else in_time,
        confirm_by=deadlines.silence_ends(today, office=complaint.office).on,
    )
    say(complaint, Remark.Kind.ANSWER, text, request_key=request_key, actor=actor, now=now)
    telling.answered(complaint, now=now)
    return complaint


def answer_group(
    first_id: int,
    text: str,
    *,
    request_key: UUID,
    weight: str,
    only: frozenset[int] | None = None,
    officer_id: int,
    now: datetime,
) -> int:
    """Answer all of a group that are still to be answered with one text; returns how many.

    Each is taken in hand and classified like the first one where it wasn't yet. ``only`` are the
    ids of those that were chosen. What this officer may not handle is left to who may; so is what
    somebody else moved on meanwhile. Raises ``BadText`` or ``BadWeight``.
    """
    clean = parse_text(text)
    if weight not in Complaint.Weight.values:
        raise BadWeight("weight")
    members = Complaint.objects.filter(id=first_id) | Complaint.objects.filter(group_id=first_id)
    chosen = members.filter(state__in=sorted(TO_ANSWER)).order_by("id")
    if only is not None:
        chosen = chosen.filter(id__in=only)
    done = 0
    for complaint_id in list(chosen.values_list("id", flat=True)):
        key = uuid5(request_key, str(complaint_id))
        try:
            once(
                key, complaint_id, _one_of_group(complaint_id, clean, key, weight, officer_id, now)
            )
        except Refusal:
            continue
        done += 1
    return done


def _one_of_group(
    complaint_id: int, text: str, key: UUID, weight: str, officer_id: int, now: datetime
) -> Callable[[], Complaint]:
    def act() -> Complaint:
        complaint, who = hold_for(complaint_id, officer_id)
        if complaint.state == State.RECEIVED:
            _acknowledge(complaint, officer_id=officer_id, now=now)
        if complaint.state == State.ACKNOWLEDGED:
            _classify(
                complaint,
                weight=weight,
                category=complaint.category,
                about_id=complaint.officer_id,
                officer_id=officer_id,
                now=now,
            )
        return _answer(complaint, who, text, request_key=key, now=now)

    return act


def note(
    complaint_id: int, text: str, *, request_key: UUID, officer_id: int, now: datetime
) -> Complaint:
    """Keep a note among the staff; whoever complained doesn't read it. Raises ``BadText``."""
    clean = parse_text(text, least=1)

    def noted() -> Complaint:
        complaint, who = hold_for(complaint_id, officer_id)
        actor = f"officer:{who.officer_id}"
        say(complaint, Remark.Kind.NOTE, clean, request_key=request_key, actor=actor, now=now)
        return complaint

    return once(request_key, complaint_id, noted)


def forward(
    complaint_id: int, *, to: str, text: str, request_key: UUID, officer_id: int, now: datetime
) -> Complaint:
    """End a complaint that isn't ours by saying whose it is, and why.

    Raises ``UnknownAgency`` where ``to`` is empty or longer than 120 letters, or ``BadText``.
    """
    agency, clean = " ".join(to.split()), parse_text(text)
    if not (agency and agency.isprintable() and len(agency) <= AGENCY_LETTERS):
        raise UnknownAgency("to")

    def forwarded() -> Complaint:
        complaint, who = hold_for(complaint_id, officer_id)
        actor = f"officer:{who.officer_id}"
        move(complaint, Move.FORWARD, actor=actor, now=now, forwarded_to=agency, ended_at=now)
        say(complaint, Remark.Kind.ANSWER, clean, request_key=request_key, actor=actor, now=now)
        telling.forwarded(complaint, now=now)
        return complaint

    return once(request_key, complaint_id, forwarded)
