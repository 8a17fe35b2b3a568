"""One complaint's file as the staff read it: what was said, its dates with their law."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from giliran.core.complaint import Move, State, possible
from giliran.encryption import unseal
from giliran.journal.models import Event
from giliran.offices.models import Post
from giliran.people.models import Officer
from giliran.voices import access, deadlines, worklists
from giliran.voices.access import Reader
from giliran.voices.actions.handling import heads
from giliran.voices.complaints import (
    Said,
    acknowledge_law,
    confirm_law,
    day0_of,
    due_of,
    officer_of,
    said_in,
)
from giliran.voices.models import Complaint


class Told(NamedTuple):
    """One thing said, with the officer's name where one said it."""

    said: Said
    who: str


class ClassDue(NamedTuple):
    """What a class would make of the date: which day, and which law's."""

    weight: str
    name: str
    due: deadlines.Due


class Happened(NamedTuple):
    """One event of a complaint's life."""

    move: str
    at: datetime
    who: str
    level: str


class File(NamedTuple):
    """A complaint as an officer who may see it reads it; who complained isn't in it.

    ``turn_code`` and ``claim_code`` are empty where they would tell a name that is not shown.
    """

    complaint: Complaint
    state: State
    possible: tuple[Move, ...]
    may_handle: bool
    may_know_name: bool
    is_head: bool
    text: str
    has_name: bool
    has_phone: bool
    told: tuple[Told, ...]
    due: deadlines.Due | None
    day0: date
    acknowledge_law: str
    confirm_law: str
    classes: tuple[ClassDue, ...]
    turn_code: str
    claim_code: str
    alike: list[Complaint]
    alike_to_answer: int
    history: list[Happened]


def file_of(code: str, who: Reader) -> File | None:
    """Return a complaint's file, None where there is none for this officer."""
    complaint = worklists.by_code(code, who)
    if complaint is None:
        return None
    state = State(complaint.state)
    knows = access.may_know_name(who, complaint)
    shows_links = knows and not complaint.is_anonymous  # a turn tells whose it is
    said = said_in(complaint, with_notes=True)
    names = _names(one.officer_id for one in said)
    alike = worklists.group_of(complaint, who)
    day0 = day0_of(complaint)
    return File(
        complaint,
        state,
        possible(state),
        access.may_handle(who, complaint),
        knows,
        heads(who, complaint),
        unseal(complaint.text_sealed),
        bool(complaint.name_sealed),
        bool(complaint.phone_sealed),
        tuple(Told(one, names.get(one.officer_id or 0, "")) for one in said),
        due_of(complaint) if complaint.due_on else None,
        day0,
        acknowledge_law(complaint),
        confirm_law(complaint),
        tuple(
            ClassDue(
                weight.value,
                weight.label,
                deadlines.answer_due(
                    day0,
                    weight=weight.value,
                    channel=complaint.channel,
                    office=complaint.office,
                ),
            )
            for weight in Complaint.Weight
        ),
        complaint.turn.code if complaint.turn and shows_links else "",
        complaint.claim.code if complaint.claim and shows_links else "",
        alike,
        sum(one.due_on is not None for one in alike),
        _history(complaint.id),
    )


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [one for one in ids if one is not None]
    return {one.id: one.full_name for one in Officer.objects.filter(id__in=wanted)}


def _history(complaint_id: int) -> list[Happened]:
    """Return what became of a complaint, oldest first; looks at it are not part of it."""
    events = list(
        Event.objects.filter(subject="complaint", subject_id=complaint_id, data__has_key="move")
        .order_by("id")
        .values_list("kind", "at", "actor", "data")
    )
    ids = {actor: officer_of(actor) for _, _, actor, _ in events}
    names = _names(ids.values())
    return [
        Happened(
            kind.partition(".")[2],
            at,
            names.get(ids[actor] or 0, ""),
            str(data.get("level", "")),
        )
        for kind, at, actor, data in events
    ]


class Colleague(NamedTuple):
    """An officer who may be named or chosen on a page."""

    id: int
    name: str


def handlers(complaint: Complaint) -> list[Colleague]:
    """Return who may answer a complaint, by name: at its office, its region and the centre."""
    chosen, found = copy(complaint), []
    for one in _around(complaint):
        chosen.handler_id = one.id
        if access.may_handle(access.reader(one.id), chosen):
            found.append(one)
    return found


def could_be_about(complaint: Complaint) -> list[Colleague]:
    """Return the officers of a complaint's office, among whom the one it is about may be named."""
    if complaint.office is None:
        return []
    return _posted(Post.objects.filter(office=complaint.office))


def _around(complaint: Complaint) -> list[Colleague]:
    posts = Post.objects.none()
    if complaint.office_id and complaint.lowest == Complaint.Level.OFFICE:
        posts |= Post.objects.filter(office_id=complaint.office_id, role__in=["officer", "manager"])
    if complaint.region_id and complaint.lowest != Complaint.Level.CENTRE:
        posts |= Post.objects.filter(region_id=complaint.region_id, role="regional")
    if complaint.level == Complaint.Level.CENTRE:
        posts |= Post.objects.filter(role="administrator")
    return _posted(posts)


def _posted(posts: QuerySet[Post]) -> list[Colleague]:
    found = Officer.objects.filter(posts__in=posts, is_active=True).distinct()
    return [Colleague(one.id, one.full_name) for one in found.order_by("full_name")]
