"""Reading conversations: what a page shows, and an office's inbox."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from giliran.conversations import documents
from giliran.conversations.holdings import (
    KEPT_APPLICATIONS,
    KEPT_COMPLAINTS,
    KEPT_TURNS,
    kept,
)
from giliran.conversations.models import Conversation, Document, Exchange, Handover, Line
from giliran.conversations.world import Speaker, script
from giliran.core.conversation import Choice, Say, State
from giliran.core.refusal import NotFound
from giliran.encryption import blind_index, unseal
from giliran.turns.models import Application, Turn
from giliran.voices.complaints import View, view_of
from giliran.voices.models import Complaint

if TYPE_CHECKING:
    from giliran.offices.models import Office

SHOWN_AT_MOST = 50


class Spoken(NamedTuple):
    """One message and its answer, as a page shows them again."""

    said: str
    answers: list[str]
    at: datetime


class Stand(NamedTuple):
    """Where a conversation stands: what was said so far, and the question that is open."""

    conversation_id: int
    spoken: list[Spoken]
    asked: Say | None
    is_several: bool
    takes_files: bool
    language: str


def opening(language: str) -> Say:
    """Return the first question, for whoever hasn't said anything yet."""
    first = script().steps[script().first]
    choices = tuple(Choice(one.id, one.label.spoken(language)) for one in first.options)
    return Say(first.ask.spoken(language) if first.ask else "", choices)


def stand(speaker: Speaker, *, at_most: int = 8) -> Stand | None:
    """Return where a speaker's conversation stands, or None if they never spoke."""
    index = blind_index(f"{speaker.channel} {speaker.key}")
    found = Conversation.objects.filter(channel=speaker.channel, key_index=index).first()
    if found is None:
        return None
    state = State.from_json(json.loads(unseal(found.state_sealed))) if found.state_sealed else None
    step = script().steps.get(state.step) if state else None
    latest = Exchange.objects.filter(conversation=found).order_by("-id")[:at_most]
    return Stand(
        found.id,
        [_spoken(one) for one in reversed(latest)],
        state.asked if state else None,
        step is not None and step.several,
        step is not None and (step.few_words or step.read == "document"),
        found.language,
    )


def _spoken(exchange: Exchange) -> Spoken:
    says, _is_over = json.loads(unseal(exchange.answer_sealed))
    return Spoken(unseal(exchange.said_sealed), [text for text, _choices in says], exchange.at)


class Waiting(NamedTuple):
    """Something in an office's inbox; nothing of what was written."""

    id: int
    code: str
    kind: str
    channel: str
    opened_at: datetime
    answer_by: datetime
    is_answered: bool
    lines: int
    is_late: bool


def inbox(office: Office, *, now: datetime) -> list[Waiting]:
    """Return what waits at an office, what must be answered first at the top; no words."""
    found = (
        Handover.objects.filter(office=office, closed_at__isnull=True)
        .select_related("conversation")
        .prefetch_related("lines")
        .order_by("answer_by", "id")[:SHOWN_AT_MOST]
    )
    return [
        Waiting(
            one.id,
            one.code,
            one.kind,
            one.conversation.channel,
            one.opened_at,
            one.answer_by,
            one.answered_at is not None,
            len(one.lines.all()),
            one.answered_at is None and one.answer_by < now,
        )
        for one in found
    ]


class Written(NamedTuple):
    """One line, in clear; whoever shows it records the look."""

    officer: str
    text: str
    document: Document | None
    at: datetime
    is_told: bool


def handover(handover_id: int, *, office: Office) -> Handover:
    """Return something handed to this office, or raise ``NotFound``."""
    found = Handover.objects.select_related("conversation", "office").filter(
        id=handover_id, office=office
    )
    one = found.first()
    if one is None:
        raise NotFound
    return one


class Receipt(NamedTuple):
    """What a receipt's code tells: by when an office answers, or that it has; no words."""

    office: Office
    answer_by: datetime
    is_answered: bool


def receipt(code: str) -> Receipt:
    """Return what stands behind a receipt's code, or raise ``NotFound``."""
    one = Handover.objects.select_related("office").filter(code=code).first()
    if one is None:
        raise NotFound
    is_answered = one.answered_at is not None or one.closed_at is not None
    return Receipt(one.office, one.answer_by, is_answered)


def lines(of: Handover) -> list[Written]:
    """Return all that was written about something, oldest first; whoever shows it records it."""
    found = Line.objects.filter(handover=of).select_related("officer", "document").order_by("id")
    return [
        Written(
            line.officer.full_name if line.officer else "",
            unseal(line.text_sealed),
            line.document,
            line.at,
            line.told_at is not None,
        )
        for line in found
    ]


def document(document_id: int, *, of: Handover) -> tuple[bytes, str]:
    """Return a file of something handed over and its media type; raises ``NotFound``."""
    line = Line.objects.filter(handover=of, document_id=document_id).first()
    if line is None or line.document is None:
        raise NotFound
    return documents.content(line.document), line.document.kind


class Assisted(NamedTuple):
    """A conversation that an officer holds for somebody, and what came of it: for the paper."""

    conversation_id: int
    begun_at: datetime
    turns: list[Turn]
    applications: list[Application]
    handed: list[Handover]
    complaints: list[View]


def assisted(key: str, *, officer_id: int, office: Office) -> Assisted:
    """Return a conversation that this officer began at this office, or raise ``NotFound``."""
    found = Conversation.objects.filter(
        channel="clerk",
        key_index=blind_index(f"clerk {key}"),
        officer_id=officer_id,
        office=office,
    ).first()
    if found is None:
        raise NotFound
    state = json.loads(unseal(found.state_sealed)) if found.state_sealed else {"known": {}}
    turn_ids = kept(state["known"], KEPT_TURNS)
    application_ids = kept(state["known"], KEPT_APPLICATIONS)
    made = Turn.objects.filter(id__in=turn_ids).select_related("office", "service")
    asked = Application.objects.filter(id__in=application_ids).select_related("region", "service")
    handed = Handover.objects.filter(conversation=found).select_related("office")
    complained = Complaint.objects.filter(id__in=kept(state["known"], KEPT_COMPLAINTS))
    return Assisted(
        found.id,
        found.made_at,
        list(made.order_by("day", "id")),
        list(asked.order_by("id")),
        list(handed.order_by("id")),
        [view_of(one) for one in complained.order_by("id")],
    )
