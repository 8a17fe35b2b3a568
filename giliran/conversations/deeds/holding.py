"""A turn or an application that there is: finding, seeing, moving, giving back, saying yes."""

from __future__ import annotations

from collections.abc import Mapping

from giliran.conversations.deeds.complaining import came_from
from giliran.conversations.holdings import (
    KEPT_APPLICATIONS,
    KEPT_TURNS,
    application_of,
    my_applications,
    my_turns,
    turn_of,
    with_kept,
)
from giliran.conversations.words import office_words, turn_fill, worded
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.core.identifiers import CODE_LENGTH, BadCode, parse_code, written_code
from giliran.core.refusal import NotFound, Refusal
from giliran.core.turn import State
from giliran.turns import actions as turns
from giliran.turns import applications, promises, queries
from giliran.turns.actions.promising import note_travel
from giliran.turns.actions.telling import will_come
from giliran.turns.refusals import NoPlaceLeft
from giliran.turns.wordings import spoken
from giliran.voices import complaints

Known = Mapping[str, str]


def find_mine(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Find what this conversation may speak of without a code."""
    return _choose(world, known) or Outcome("none", known={"code": None})


def _choose(world: World, known: Known) -> Outcome | None:
    mine = my_turns(world, known)
    if len(mine) == 1:
        return Outcome("one", known={"turn": str(mine[0].id), "code": None})
    if mine:
        return Outcome("several", known={"code": None})
    waiting = my_applications(world, known)
    if waiting:
        return Outcome("application", known={"application": str(waiting[0].id), "code": None})
    return None


def find_named(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Find what a code names: a whole one any turn, its last four one of the person's own."""
    code = known.get("code", "").upper()
    if not code:
        return find_mine(world, known, said, language)
    if len(code) == CODE_LENGTH:
        return _by_code(world, code) or _not_found(world, known, language)
    mine = [turn for turn in my_turns(world, known) if turn.code.endswith(code)]
    if len(mine) == 1:
        return Outcome("one", known={"turn": str(mine[0].id), "code": None})
    asked = [one for one in my_applications(world, known) if one.code.endswith(code)]
    if len(asked) == 1 and not mine:
        return Outcome("application", known={"application": str(asked[0].id), "code": None})
    return _not_found(world, known, language)


def _by_code(world: World, typed: str) -> Outcome | None:
    """Find by a whole code; whoever has it may know what its page tells."""
    try:
        code = parse_code(typed)
    except BadCode:
        return None
    try:
        return Outcome("one", known={"turn": str(queries.by_code(code).id), "code": None})
    except NotFound:
        pass
    try:
        application = applications.by_code(code)
    except NotFound:
        try:  # counted: nobody tries codes of complaints out here
            complaint = complaints.view(code, address=came_from(world), now=world.now)
        except Refusal:
            return None
        return Outcome("complaint", known={"complaint_seen": str(complaint.id), "code": None})
    return Outcome("application", known={"application": str(application.id), "code": None})


def _not_found(world: World, known: Known, language: str) -> Outcome:
    sorry = world.say("earlier_found", language)
    mine = _choose(world, known)
    # "Batal saja": the last word only looks like a code, and the person has a turn.
    return mine._replace(says=(sorry,)) if mine else Outcome("none", (sorry,), {"code": None})


def find_to_confirm(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Find the turn that "yes" is about: the coming one, or the one that is named."""
    code = known.get("code", "").upper()
    for turn in my_turns(world, known):
        if turn.state == State.BOOKED and (not code or turn.code.endswith(code)):
            return Outcome("one", known={"turn": str(turn.id), "code": None})
    return Outcome("none", (world.say("nothing_to_confirm", language),), {"code": None})


def act(world: World, known: Known, said: Said, language: str) -> Outcome:
    return Outcome(known["act"])


def tell_leaving(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Note how long the way is, and say when to leave home."""
    turn = turn_of(world, known)
    note_travel(turn.id, int(known["minutes"]), now=world.now)
    leave = promises.leave_by(turn.id, now=world.now)
    if leave is None:
        fill = turn_fill(world, turn, language)
        return Outcome("done", (world.say("no_leaving", language, **fill),))
    time = spoken.clock(leave, turn.office)
    return Outcome("done", (world.say("leave_at", language, time=time),))


def confirm(world: World, known: Known, said: Said, language: str) -> Outcome:
    try:
        turn = will_come(turn_of(world, known).id, actor=world.actor, now=world.now)
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    fill = turn_fill(world, queries.by_id(turn.id), language)
    return Outcome("done", (world.say("confirmed", language, **fill),))


def move(world: World, known: Known, said: Said, language: str) -> Outcome:
    turn = turn_of(world, known)
    try:
        turns.reschedule(
            turn.id, offer_id=int(known.get("offer", "0")), actor=world.actor, now=world.now
        )
    except NoPlaceLeft as refusal:
        return Outcome("gone", (worded(refusal),))
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    fill = turn_fill(world, queries.by_id(turn.id), language)
    kept = with_kept(known, KEPT_TURNS, turn.id)
    return Outcome("moved", (world.say("moved", language, **fill),), {KEPT_TURNS: kept})


def say_no_window(world: World, known: Known, said: Said, language: str) -> Outcome:
    fill = office_words(turn_of(world, known).office)
    return Outcome("done", (world.say("no_window", language, **fill),))


def cancel(world: World, known: Known, said: Said, language: str) -> Outcome:
    turn = turn_of(world, known)
    try:
        turns.cancel(turn.id, actor=world.actor, now=world.now)
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    return Outcome("done", (world.say("cancelled", language, code=written_code(turn.code)),))


def withdraw(world: World, known: Known, said: Said, language: str) -> Outcome:
    application = application_of(world, known)
    try:
        turns.withdraw(application.id, actor=world.actor, now=world.now)
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    kept = with_kept(known, KEPT_APPLICATIONS, application.id)
    code = written_code(application.code)
    return Outcome(
        "done", (world.say("withdrawn", language, code=code),), {KEPT_APPLICATIONS: kept}
    )


def say_kept(world: World, known: Known, said: Said, language: str) -> Outcome:
    return Outcome("done", (world.say("kept", language),))
