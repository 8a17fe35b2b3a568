"""Hearing somebody out, and an officer's part in it; one action, one transaction."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from giliran.conversations.house import ConversationHouse
from giliran.conversations.models import Conversation, Document, Exchange, Handover, Line
from giliran.conversations.rating import asked_meanwhile
from giliran.conversations.refusals import AlreadyClosed, ConsentNeeded, NothingWritten
from giliran.conversations.world import Speaker, World, script
from giliran.core.conversation import Choice, Said, Say, State, reply
from giliran.core.refusal import NotFound
from giliran.encryption import blind_index, seal, unseal
from giliran.journal.actions import record
from giliran.messages import actions as messages

__all__ = [
    "Heard",
    "Said",
    "Say",
    "Speaker",
    "answer",
    "assist",
    "close",
    "converse",
    "forget",
    "hear",
    "look_at",
]

SILENCE = timedelta(minutes=30)
HOME = ZoneInfo("Asia/Jakarta")  # "besok" of somebody whose office isn't known yet
LONGEST_ANSWER = 1000
PAGES = frozenset({"web", "clerk"})  # the page's own switch says which language is spoken
_NIK = re.compile(r"(?<!\d)(\d[\s.\-]?){12}((?:\d[\s.\-]?){4})(?!\d)", re.ASCII)


class Heard(NamedTuple):
    """What is answered, as it fits the channel; ``is_over``: nothing is asked."""

    says: list[Say]
    is_over: bool
    conversation_id: int


def hear(speaker: Speaker, said: Said, *, key: str = "", now: datetime) -> list[Say]:
    """Answer one message, exactly once, and return what to say, fit for the speaker's channel.

    One transaction; a person's messages are taken one after the other. ``key`` is the inbound
    message's id: heard again, the same is answered and nothing is done. On SMS and USSD the
    numbered choices stand in the text; on WhatsApp there are three of at most 20 letters, or ten
    of at most 72.
    The text may be empty of says: then there is nothing to answer.
    """
    return converse(speaker, said, key=key, now=now).says


def converse(speaker: Speaker, said: Said, *, key: str = "", now: datetime) -> Heard:
    """Answer as ``hear`` does; also say whether something is asked."""
    with transaction.atomic():
        conversation = _locked(speaker, now=now)
        key = key or f"{conversation.heard + 1}-{now.isoformat()}"
        before = Exchange.objects.filter(conversation=conversation, key=key).first()
        if before is not None:
            return _heard_before(before)
        state = _state(conversation)
        if speaker.channel in PAGES:
            state = replace(state, language=speaker.language)
        is_stale = conversation.heard > 0 and now - conversation.heard_at > SILENCE
        conversation.heard += 1
        world = World(conversation, speaker, now)
        asked = asked_meanwhile(world, state, said)
        is_stale, state = is_stale and asked is state, asked
        found = reply(
            script(),
            state,
            said,
            ConversationHouse(world),
            mouth=world.mouth,
            today=now.astimezone(HOME).date(),
            is_stale=is_stale,
            news=_untold(world, state.language),
        )
        says = list(found.says)
        conversation.state_sealed = seal(json.dumps(found.state.to_json()))
        conversation.language = found.state.language
        conversation.heard_at = max(now, conversation.heard_at)
        conversation.save()
        Exchange.objects.create(
            conversation=conversation,
            key=key,
            said_sealed=seal(_shown(said, state)),
            answer_sealed=seal(json.dumps([[list(say) for say in says], found.is_over])),
            at=now,
        )
        return Heard(says, found.is_over, conversation.id)


def _locked(speaker: Speaker, *, now: datetime) -> Conversation:
    """Return a speaker's conversation, begun now or earlier, locked until the transaction ends."""
    found, _is_new = Conversation.objects.get_or_create(
        channel=speaker.channel,
        key_index=blind_index(f"{speaker.channel} {speaker.key}"),
        defaults={
            "language": speaker.language,
            "officer_id": speaker.officer_id,
            "made_at": now,
            "heard_at": now,
        },
    )
    conversation = (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .get(id=found.id)
    )
    if speaker.contact_id is not None:
        conversation.contact_id = speaker.contact_id
    if speaker.address:
        conversation.address_index = blind_index(speaker.address)
    return conversation


def _state(conversation: Conversation) -> State:
    kept = unseal(conversation.state_sealed)
    return State.from_json(json.loads(kept)) if kept else State(language=conversation.language)


def _heard_before(before: Exchange) -> Heard:
    says, is_over = json.loads(unseal(before.answer_sealed))
    told = [Say(text, tuple(Choice(*one) for one in choices)) for text, choices in says]
    return Heard(told, is_over, before.conversation_id)


def _shown(said: Said, state: State) -> str:
    """Return what was said as it may be shown again: of a NIK only the last four digits."""
    text = _NIK.sub(lambda found: f"... {found[2]}", said.text)
    if said.choice and not text:
        first = script().steps[script().first]
        named = {one.id: one.label.spoken(state.language) for one in first.options}
        named |= {one.id: one.label for one in (state.asked.choices if state.asked else ())}
        text = ", ".join(named.get(one, one) for one in said.choice.split(","))
    return text or ("[berkas]" if said.document else "[lokasi]" if said.place else "")


def _untold(world: World, language: str) -> tuple[str, ...]:
    """Return what officers answered where nothing could be sent, and note that it was told."""
    if world.conversation.contact_id is not None:
        return ()
    lines = Line.objects.filter(
        handover__conversation=world.conversation, officer__isnull=False, told_at__isnull=True
    ).order_by("id")
    found = list(lines)
    lines.update(told_at=world.now)
    return tuple(
        world.say("officer_says", language, text=unseal(line.text_sealed)) for line in found
    )


def assist(
    office_id: int, *, officer_id: int, has_consent: bool, language: str = "id", now: datetime
) -> str:
    """Begin a conversation that an officer holds for somebody; returns the speaker's key.

    Raises ``ConsentNeeded``.
    """
    if not has_consent:
        raise ConsentNeeded("consent")
    key = secrets.token_urlsafe(12)
    with transaction.atomic():
        made = Conversation.objects.create(
            channel="clerk",
            key_index=blind_index(f"clerk {key}"),
            officer_id=officer_id,
            office_id=office_id,
            language=language,
            made_at=now,
            heard_at=now,
        )
        record(
            "conversation.consented",
            at=now,
            actor=f"officer:{officer_id}",
            office_id=office_id,
            subject_id=made.id,
        )
    return key


def look_at(handover_id: int, *, office_id: int, officer_id: int, now: datetime) -> None:
    """Record that an officer reads what somebody wrote (UU 27/2022). Raises ``NotFound``."""
    handover = Handover.objects.filter(id=handover_id, office_id=office_id).first()
    if handover is None:
        raise NotFound
    record(
        "conversation.seen",
        at=now,
        actor=f"officer:{officer_id}",
        office_id=office_id,
        subject_id=handover.conversation_id,
        handover=handover_id,
    )


def answer(handover_id: int, text: str, *, officer_id: int, key: str, now: datetime) -> None:
    """Let an officer answer, on the channel on which the person wrote.

    Where nothing can be sent (web, USSD) they get it when they come back. The same ``key`` again
    changes nothing. Raises ``NothingWritten``, ``AlreadyClosed`` or ``NotFound``.
    """
    clean = text.strip()[:LONGEST_ANSWER]
    if not clean:
        raise NothingWritten("text")
    with transaction.atomic():
        handover = _open_handover(handover_id)
        conversation = handover.conversation
        is_sent = conversation.contact_id is not None
        line, is_new = Line.objects.get_or_create(
            handover=handover,
            key=key,
            defaults={
                "officer_id": officer_id,
                "text_sealed": seal(clean),
                "at": now,
                "told_at": now if is_sent else None,
            },
        )
        if not is_new:
            return
        if handover.answered_at is None:
            Handover.objects.filter(id=handover_id).update(answered_at=now)
        _tell(conversation, "officer_says", key=f"line:{line.id}", now=now, text=clean)
        _note("conversation.answered", handover, officer_id, now)


def close(handover_id: int, *, officer_id: int, now: datetime) -> None:
    """End what an officer was asked; the person is back in the dialogue.

    Raises ``AlreadyClosed`` or ``NotFound``.
    """
    with transaction.atomic():
        handover = _open_handover(handover_id)
        Handover.objects.filter(id=handover_id).update(closed_at=now, closed_by_id=officer_id)
        if handover.kind == Handover.Kind.TALK:
            conversation = Conversation.objects.select_for_update(no_key=True).get(
                id=handover.conversation_id
            )
            state = _state(conversation)
            if state.step in {"talk", "talk_on"}:
                kept = {k: v for k, v in state.known.items() if k.startswith("kept.")}
                at_rest = State(language=state.language, known=kept)
                conversation.state_sealed = seal(json.dumps(at_rest.to_json()))
                conversation.save(update_fields=["state_sealed"])
            _tell(conversation, "talk_closed", key=f"closed:{handover_id}", now=now)
        _note("conversation.closed", handover, officer_id, now)


def _open_handover(handover_id: int) -> Handover:
    handover = (
        Handover.objects.select_for_update(no_key=True, of=("self",))
        .select_related("conversation")
        .filter(id=handover_id)
        .first()
    )
    if handover is None:
        raise NotFound
    if handover.closed_at is not None:
        raise AlreadyClosed
    return handover


def _tell(conversation: Conversation, name: str, *, key: str, now: datetime, **fill: str) -> None:
    if conversation.contact_id is None:
        return
    world = World(conversation, Speaker(conversation.channel, ""), now)
    messages.reply(
        conversation.contact_id,
        text=world.say(name, conversation.language, **fill),
        key=f"conversation:{key}",
        now=now,
    )


def _note(kind: str, handover: Handover, officer_id: int, now: datetime) -> None:
    record(
        kind,
        at=now,
        actor=f"officer:{officer_id}",
        office_id=handover.office_id,
        subject_id=handover.conversation_id,
        handover=handover.id,
    )


def forget(*, before: date) -> int:
    """Erase conversations that fell silent before a day, with all in them; returns how many.

    Of those that go on, what is older goes too. What an officer hasn't ended yet is kept. UU
    27/2022 Pasal 43: data is erased when it is no longer needed.
    """
    waiting = Handover.objects.filter(closed_at__isnull=True)
    silent = Conversation.objects.filter(heard_at__date__lt=before).exclude(
        id__in=waiting.values("conversation_id")
    )
    ids = list(silent.values_list("id", flat=True))
    with transaction.atomic():
        Conversation.objects.filter(id__in=ids).delete()
        Exchange.objects.filter(at__date__lt=before).delete()
        Handover.objects.filter(closed_at__date__lt=before).delete()
        Document.objects.filter(at__date__lt=before, line__isnull=True).delete()
    return len(ids)
