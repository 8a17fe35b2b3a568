"""Working off the inbox: what people wrote is heard by the conversation, and answered."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from giliran import clock
from giliran.conversations.actions import Said, Speaker, hear
from giliran.core.conversation.saying import Document
from giliran.core.refusal import Refusal
from giliran.jobs.working import work_off
from giliran.messages import actions as messages
from giliran.messages import queries
from giliran.messages.ports import Policy
from giliran.messages.whatsapp import media, pricing, reading
from giliran.people.actions import BadPhone

log = logging.getLogger(__name__)

ANSWERS_AN_HOUR = 60
"""To one contact. Two machines that answer each other would go on for ever, and each SMS costs."""


@app.task(name="messages.handle")
def handle() -> None:
    """Handle what came in, oldest first; one person's messages one after the other."""
    work_off(lambda: handle_next(now=clock.now()))


def handle_next(*, now: datetime) -> bool:
    """Handle one event in one transaction, exactly once; returns False when none is due.

    What fails is undone whole and tried again later, five times in all.
    """
    inbound_id = 0
    try:
        with transaction.atomic():
            taken = messages.take_next(now=now)
            if taken is None:
                return False
            inbound_id = taken.inbound_id
            _HANDLERS[taken.channel](taken, now)
            messages.handled(inbound_id, now=now)
    except messages.Unreadable as unreadable:
        log.error("%s", unreadable)  # noqa: TRY400 -- its sentence says it all
        messages.give_up(unreadable.inbound_id, error="Unreadable", now=now)
    except Exception as error:
        log.exception("Event %s can't be handled.", inbound_id)
        messages.give_up(inbound_id, error=type(error).__name__, now=now)
    return True


def _sms(taken: messages.Taken, now: datetime) -> None:
    said = json.loads(taken.event.body)
    try:
        contact_id = messages.heard_from("sms", said["from"], now=now)
    except BadPhone:
        return  # an operator's advertisement, or a short code: nobody who could be answered
    _converse(taken, contact_id, now, text=said["text"])


def _whatsapp(taken: messages.Taken, now: datetime) -> None:
    meaning = reading.read(taken.event)
    match meaning:
        case reading.Heard():
            _hear_whatsapp(taken, meaning, now)
        case reading.Status():
            _note_status(meaning, now)
        case reading.Preference():
            # "Go on" is said of advertising, which we have none of; a "stop" is honoured for all.
            if not meaning.wants:
                messages.opt_out(_contact(meaning.person, now), now=now)
        case reading.Moved():
            _move(meaning, now)
        case reading.Notice():
            level = logging.ERROR if meaning.alarm else logging.INFO
            log.log(level, "WhatsApp says of %s: %s", meaning.field, meaning.summary)
        case reading.Ignored():
            return


def _contact(person: reading.Person, now: datetime) -> int:
    """Return the one contact of a person whom pages know by number and WhatsApp by an id."""
    number = person.phone.removeprefix("+")
    if number and number != person.address:
        return messages.is_same("whatsapp", person.address, number, now=now)
    return messages.know("whatsapp", person.address, now=now)


def _move(moved: reading.Moved, now: datetime) -> None:
    """Let id follow id and number follow number, whichever of them we know."""
    person = moved.person
    number, number_before = (each.removeprefix("+") for each in (person.phone, moved.before_phone))
    for before, after in ((moved.before, person.address), (number_before, number)):
        if before and after:
            messages.moved("whatsapp", before, after, phone=person.phone, now=now)
    _contact(person, now)


def _hear_whatsapp(taken: messages.Taken, heard: reading.Heard, now: datetime) -> None:
    phone = heard.shared_phone or heard.person.phone
    _contact(heard.person._replace(phone=phone), now)
    contact_id = messages.heard_from("whatsapp", heard.person.address, phone=phone, now=now)
    document = None
    if heard.file is not None:
        try:
            found = media.fetch_media(heard.file.media_id, sha256=heard.file.sha256)
        except Refusal as refusal:
            messages.reply(
                contact_id, text=str(refusal), key=f"answer:{taken.inbound_id}:file", now=now
            )
            return
        document = Document(found.mime, found.content, heard.file.name)
    _converse(
        taken,
        contact_id,
        now,
        text=heard.text,
        choice=heard.choice,
        place=heard.place,
        document=document,
    )


def _note_status(status: reading.Status, now: datetime) -> None:
    if status.handling is not None and status.handling.alarm:
        log.error("WhatsApp refused message %s: %s.", status.reference, status.handling.meaning)
    if status.person is not None:
        _contact(status.person, now)
    error = f"{status.code}: {status.error}" if status.status == "failed" else ""
    messages.note_status(
        "whatsapp",
        status.provider_id,
        status.status,
        at=status.at or now,
        error=error,
        cost=pricing.cost(status.pricing, pricing.rates()),
        reference=status.reference,
        is_refused=status.handling is not None and status.handling.policy is Policy.STOP,
        now=now,
    )


def _converse(
    taken: messages.Taken,
    contact_id: int,
    now: datetime,
    *,
    text: str = "",
    choice: str = "",
    place: tuple[float, float] | None = None,
    document: Document | None = None,
) -> None:
    if queries.answers(contact_id, since=now - timedelta(hours=1)) >= ANSWERS_AN_HOUR:
        log.warning("Contact %s writes too often to be a person; not answered.", contact_id)
        return
    speaker = Speaker(
        taken.channel,
        f"contact:{contact_id}",
        contact_id=contact_id,
        language=queries.contact(contact_id).language,
        phone=queries.phone(contact_id),
    )
    said = Said(text=text, choice=choice, place=place, document=document)
    says = hear(speaker, said, key=f"inbound:{taken.inbound_id}", now=now)
    for place_in_line, say in enumerate(says):
        messages.reply(
            contact_id,
            text=say.text,
            choices=say.choices,
            key=f"answer:{taken.inbound_id}:{place_in_line}",
            now=now,
        )


_HANDLERS = {"sms": _sms, "whatsapp": _whatsapp}
