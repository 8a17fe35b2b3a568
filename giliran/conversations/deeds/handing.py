"""Handing something to an officer: a talk, a document, a claim to look up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

from giliran.conversations import documents, rights
from giliran.conversations.answering import answer_by
from giliran.conversations.claiming import begin_link
from giliran.conversations.deeds.photographing import is_amid_complaint, with_photo
from giliran.conversations.models import Handover, Line
from giliran.conversations.refusals import NotADocument, TooManyFromHere, TooManyRequests
from giliran.conversations.sources import hours
from giliran.conversations.words import office_words
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.core.identifiers import written_code
from giliran.core.refusal import NotFound
from giliran.encryption import new_code, seal
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.turns.wordings import spoken

if TYPE_CHECKING:
    from giliran.offices.models import Office

Known = Mapping[str, str]

OPEN_AT_MOST = 5
# Of one net address, which a whole village may share: a browser's session is new at will.
FROM_AN_ADDRESS = ((timedelta(hours=1), 20), (timedelta(days=1), 100))


def take_document(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Check and keep a file before anybody is asked where it goes; amid a complaint it is known."""
    if said.document is None:
        raise NotADocument
    kept = documents.keep(world.conversation, said.document, now=world.now)
    if is_amid_complaint(world):
        told = world.say("complaint_photo_waits", language)
        return Outcome("complaint", (told,), with_photo(known, str(kept.id)))
    return Outcome("taken", known={"document": str(kept.id)})


def hand_document(world: World, known: Known, said: Said, language: str) -> Outcome:
    if not known.get("document", "").isdecimal():
        raise NotFound
    return _hand(world, known, language, Handover.Kind.DOCUMENT, "", int(known["document"]))


def hand_claim(world: World, known: Known, said: Said, language: str) -> Outcome:
    return _hand(world, known, language, Handover.Kind.CLAIM, known["claim"], None)


def hand_call(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Ask an office to call somebody who can't begin a claim on a page."""
    answers = rights.answers_of(known)
    program = (rights.claimable(world, answers) or [""])[0]
    link = begin_link(world, answers, program)
    text = world.say("claim_call", "id", program=program, link=link)
    return _hand(world, known, language, Handover.Kind.CLAIM, text, None)


def _hand(
    world: World, known: Known, language: str, kind: str, text: str, document_id: int | None
) -> Outcome:
    """Put something into an office's inbox, and say by when it is answered."""
    office = offices.office(known["office"])
    handover = _open(world, office, kind)
    _add(world, handover, text, document_id)
    fill = _fill(world, handover, office, language)
    return Outcome("done", (world.say("handed", language, **fill),))


def _open(world: World, office: Office, kind: str) -> Handover:
    mine = Handover.objects.filter(conversation=world.conversation, closed_at__isnull=True)
    if mine.count() >= OPEN_AT_MOST:
        raise TooManyRequests(most=OPEN_AT_MOST)
    here = bytes(world.conversation.address_index)
    near = Handover.objects.filter(conversation__address_index=here)
    for span, most in FROM_AN_ADDRESS:
        if here and near.filter(opened_at__gt=world.now - span).count() >= most:
            raise TooManyFromHere
    handover = Handover.objects.create(
        code=new_code(),
        conversation=world.conversation,
        office=office,
        kind=kind,
        opened_at=world.now,
        answer_by=answer_by(office, now=world.now),
    )
    record(
        "conversation.handed",
        at=world.now,
        actor=world.actor,
        office_id=office.id,
        subject_id=world.conversation.id,
        handover=handover.id,
        what=kind,
    )
    return handover


def _add(world: World, handover: Handover, text: str, document_id: int | None) -> None:
    Line.objects.create(
        handover=handover,
        key=str(uuid5(world.request_key(), "line")),
        text_sealed=seal(text),
        document_id=document_id,
        at=world.now,
    )


def _fill(world: World, handover: Handover, office: Office, language: str) -> dict[str, str]:
    by = handover.answer_by
    # Where nothing can be sent, the answer waits until the person comes back.
    is_sent = world.conversation.contact_id is not None
    return {
        **office_words(office),
        "code": written_code(handover.code),
        "hours": hours(world, office, language),
        "answer_by": _moment(by, office, is_brief=False),
        "answer_by_short": _moment(by, office, is_brief=True),
        "told": world.say("answered_here" if is_sent else "answered_when_back", language),
    }


def _moment(moment: datetime, office: Office, *, is_brief: bool) -> str:
    day = spoken.local_day(moment, office)
    clock = spoken.clock(moment, office)
    return f"{spoken.brief_day(day)} {clock}" if is_brief else f"{spoken.day(day)}, {clock}"


def open_talk_of(world: World) -> Handover | None:
    """Return the talk with an officer that stands open in a conversation, or None."""
    return Handover.objects.filter(
        conversation=world.conversation, kind=Handover.Kind.TALK, closed_at__isnull=True
    ).first()


def seek_human(world: World, known: Known, said: Said, language: str) -> Outcome:
    if open_talk_of(world) is not None:
        return Outcome("waiting")
    office = world.conversation.office
    return Outcome("here", known={"office": office.slug}) if office else Outcome("office")


def open_talk(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Call an officer of the chosen office; from now on all that is said reaches them."""
    office = offices.office(known["office"])
    handover = open_talk_of(world) or _open(world, office, Handover.Kind.TALK)
    fill = _fill(world, handover, handover.office, language)
    return Outcome("done", (world.say("talk_opened", language, **fill),))


def to_officer(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Pass on what was said."""
    handover = open_talk_of(world)
    if handover is None:
        return Outcome("closed", (world.say("talk_closed", language),))
    document_id = None
    if said.document is not None:
        document_id = documents.keep(world.conversation, said.document, now=world.now).id
    if said.text or document_id:
        _add(world, handover, said.text, document_id)
    return Outcome("said")
