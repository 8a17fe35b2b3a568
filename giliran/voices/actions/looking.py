"""Reading who complained, which leaves a trace each time."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from giliran.core.refusal import NotFound
from giliran.encryption import unseal
from giliran.journal.actions import record
from giliran.journal.queries import happened
from giliran.voices import access
from giliran.voices.actions.moving import hold
from giliran.voices.refusals import NameProtected


class Named(NamedTuple):
    """Who complained, and how to reach them; empty where they didn't say, or it was erased."""

    name: str
    phone: str


def look_at_name(complaint_id: int, *, officer_id: int, now: datetime) -> Named:
    """Return who complained, once the look is written down (UU 27/2022).

    Each look at a protected name is an event of its own, of others the first one of an officer.
    Raises ``NameProtected`` for who may read the complaint but not the name, or ``NotFound``.
    """
    with transaction.atomic():
        complaint, who = hold(complaint_id), access.reader(officer_id)
        if not access.may_see(who, complaint):
            raise NotFound
        if not access.may_know_name(who, complaint):
            raise NameProtected
        note_look(
            complaint_id,
            what="name",
            is_each_kept=complaint.is_protected,
            officer_id=officer_id,
            office_id=complaint.office_id,
            now=now,
        )
        return Named(unseal(complaint.name_sealed), unseal(complaint.phone_sealed))


def note_look(
    complaint_id: int,
    *,
    what: str,
    is_each_kept: bool = False,
    officer_id: int,
    office_id: int | None,
    now: datetime,
) -> None:
    """Record that an officer read the words (``text``), the name or a photo of a complaint."""
    actor = f"officer:{officer_id}"
    if is_each_kept or not happened(
        "complaint.seen", subject_id=complaint_id, actor=actor, what=what
    ):
        record(
            "complaint.seen",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=complaint_id,
            what=what,
        )
