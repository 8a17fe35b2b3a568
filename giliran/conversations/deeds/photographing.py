"""Photos with a complaint that is told in a conversation: before it is made, after it, any time."""

from __future__ import annotations

import json
from collections.abc import Mapping

from giliran.conversations.complaining import complaint_of
from giliran.conversations.deeds.claiming import taken
from giliran.conversations.refusals import NotADocument
from giliran.conversations.words import worded
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.core.refusal import Refusal
from giliran.encryption import unseal
from giliran.voices import actions as voices
from giliran.voices.attachments import MOST_FILES, attachments_of

Known = Mapping[str, str]

ASKED_BEFORE = frozenset({"complaint", "complaint_office", "complaint_naming"})
PHOTOS = "photos"
"""What was sent before the complaint was made: numbers of the conversation's files."""


def with_photo(known: Known, document_id: str) -> dict[str, str | None]:
    """Return what to remember of one more file that goes with the complaint."""
    ids = [*known.get(PHOTOS, "").split(","), document_id]
    return {PHOTOS: ",".join(dict.fromkeys(filter(None, ids))), "document": None}


def is_amid_complaint(world: World) -> bool:
    """Return whether a complaint is just being told, by what was asked before this message."""
    before = json.loads(unseal(world.conversation.state_sealed) or "{}")
    return before.get("step") in ASKED_BEFORE


def photo_first(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Put a file that was sent before anything else with the complaint that is told next."""
    return Outcome("done", known=with_photo(known, known.get("document", "")))


def give_photos(world: World, known: Known, code: str, language: str) -> tuple[str, ...]:
    """Keep what was sent before with the complaint that was made; returns what became of each."""
    return tuple(
        _given(world, code, one, language)
        for one in known.get(PHOTOS, "").split(",")
        if one.isdecimal()
    )


def give_photo(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Keep a photo that is sent with a complaint there is."""
    if said.document is None:
        raise NotADocument
    view = complaint_of(known)
    try:
        _keep(world, view.code, said.document.content)
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    is_full = len(attachments_of(view.id)) >= MOST_FILES
    kept = world.say("complaint_photo_kept", language)
    return Outcome("done" if is_full else "more", (kept,))


def _given(world: World, code: str, document_id: str, language: str) -> str:
    try:
        _keep(world, code, taken(world, document_id).content)
    except Refusal as refusal:
        return worded(refusal)
    return world.say("complaint_photo_kept", language)


def _keep(world: World, code: str, content: bytes) -> None:
    voices.attach(code, content, actor=world.actor, now=world.now)
