"""A complaint in a conversation: made with its receipt, looked at, and settled or disputed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid5

from giliran.conversations.complaining import complaint_of, link, my_complaints
from giliran.conversations.deeds.photographing import PHOTOS, give_photos
from giliran.conversations.holdings import KEPT_COMPLAINTS, with_kept
from giliran.conversations.words import worded
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.core.identifiers import CODE_LENGTH, written_code
from giliran.core.refusal import Refusal
from giliran.messages import actions as messages
from giliran.messages import spoken
from giliran.offices import queries as offices
from giliran.voices import actions as voices
from giliran.voices import complaints
from giliran.voices.actions.moving import parse_text
from giliran.voices.floods import check_flood

Known = Mapping[str, str]

NOWHERE = "nowhere"


def hear_complaint(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Check what happened before anybody is asked where; raises ``BadText``."""
    parse_text(known["complaint"], field="complaint")
    return Outcome("done")


def how_named(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Ask what becomes of the number, where the channel knows one."""
    return Outcome("ask" if world.phone else "done")


def complain(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Take the complaint and say its code; its news come to who wrote."""
    check_flood(came_from(world), now=world.now)
    naming = known.get("naming", "open")
    slug = known.get("office", NOWHERE)
    view = voices.complain(
        request_key=world.request_key(),
        channel=world.conversation.channel,
        text=known["complaint"],
        office=None if slug == NOWHERE else offices.office(slug),
        phone=world.phone,
        is_anonymous=naming == "anonymous",
        is_protected=naming == "protected",
        language=language,
        actor=world.actor,
        now=world.now,
    )
    contact_id = world.conversation.contact_id
    if contact_id is not None:  # after the receipt, which the answer here already is
        messages.subscribe(contact_id, subject="complaint", subject_id=view.id, now=world.now)
    fill = _dates(view) | {
        "code": written_code(view.code),
        "law": view.due_law,
        "told": world.say(
            "complaint_answer_code" if contact_id is None else "complaint_answer_here", language
        ),
        "link": link(world, view),
    }
    kept = with_kept(known, KEPT_COMPLAINTS, view.id)
    said_of_photos = give_photos(world, known, view.code, language)
    is_asked = not (said_of_photos or world.mouth.is_short)
    return Outcome(
        "photo" if is_asked else "done",
        (world.say("complained", language, **fill), *said_of_photos),
        {KEPT_COMPLAINTS: kept, "complaint_seen": str(view.id), "complaint": None, PHOTOS: None},
    )


def came_from(world: World) -> str:
    """Return by what somebody who tries codes out is known: a net address, or a number."""
    return world.speaker.address or f"{world.speaker.channel} {world.speaker.key}"


def _dates(view: complaints.View) -> dict[str, str]:
    if view.due_on is None:
        return {}
    return {"due": spoken.day(view.due_on), "due_short": spoken.brief_day(view.due_on)}


def find_complaint(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Find what a code names: a whole one any complaint, its last four one of the person's own."""
    code = known.get("code", "").upper()
    mine = my_complaints(world, known)
    if len(code) == CODE_LENGTH:
        try:
            found = complaints.view(code, address=came_from(world), now=world.now)
        except Refusal as refusal:
            return Outcome("none", (worded(refusal),), {"code": None})
        return Outcome("one", known={"complaint_seen": str(found.id), "code": None})
    if code:
        mine = [one for one in mine if one.code.endswith(code)]
    if len(mine) == 1:
        return Outcome("one", known={"complaint_seen": str(mine[0].id), "code": None})
    return Outcome("several" if mine else "none", known={"code": None})


def settle_complaint(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Let the person say that the answer suffices."""
    view = complaint_of(known)
    try:
        voices.confirm(view.code, actor=world.actor, now=world.now)
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    code = written_code(view.code)
    return Outcome("done", (world.say("complaint_settled", language, code=code),))


def dispute_complaint(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Take an objection: the next level answers; raises ``BadText``."""
    view = voices.dispute(
        complaint_of(known).code,
        parse_text(known["objection"], field="objection"),
        request_key=uuid5(world.request_key(), "objection"),
        actor=world.actor,
        now=world.now,
    )
    fill = {"code": written_code(view.code), **_dates(view)}
    return Outcome("done", (world.say("complaint_disputed", language, **fill),))


def add_to_complaint(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Add what the person says; raises ``BadText``."""
    view = voices.add(
        complaint_of(known).code,
        known["addition"],
        request_key=uuid5(world.request_key(), "addition"),
        actor=world.actor,
        now=world.now,
    )
    code = written_code(view.code)
    return Outcome("done", (world.say("complaint_added", language, code=code),))
