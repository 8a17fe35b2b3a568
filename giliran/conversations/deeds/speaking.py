"""Breaking off, and whether news may come here."""

from __future__ import annotations

from collections.abc import Mapping

from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.messages import actions as messages

Known = Mapping[str, str]


def break_off(world: World, known: Known, said: Said, language: str) -> Outcome:
    return Outcome("done", (world.say("broken_off", language),))


def opt_out(world: World, known: Known, said: Said, language: str) -> Outcome:
    contact_id = world.conversation.contact_id
    if contact_id is None:
        return Outcome("refused", (world.say("nothing_sent", language),))
    messages.opt_out(contact_id, now=world.now)
    return Outcome("done", (world.say("opted_out", language),))


def opt_in(world: World, known: Known, said: Said, language: str) -> Outcome:
    contact_id = world.conversation.contact_id
    if contact_id is None:
        return Outcome("refused")
    messages.opt_in(contact_id, now=world.now)
    return Outcome("done", (world.say("opted_in", language),))
