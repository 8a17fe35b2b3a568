"""The question after a visit in a conversation: when a number answers it, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext

from giliran.conversations.world import World, script
from giliran.core.conversation import Choice, Offered, Said, Say, State
from giliran.core.refusal import NotFound
from giliran.core.satisfaction import ANSWERS, QUESTIONS
from giliran.voices import opinions
from giliran.voices.actions.asking_opinion import ANSWERED_FOR

Known = Mapping[str, str]

STEP, TOKEN = "opinion", "opinion"


def asked_meanwhile(world: World, state: State, said: Said) -> State:
    """Return the state in which a number answers the question about a visit.

    That question went out as a message, so no step asked it. If it was the last thing that this
    contact was asked, "4" means its fourth answer, whatever stood open before; anything else is
    heard as if it hadn't been asked.
    """
    contact_id = world.conversation.contact_id
    if contact_id is None or said.text.strip() not in {str(score) for score in ANSWERS}:
        return state
    has_spoken = world.conversation.heard > 1  # this message is counted already
    since = world.conversation.heard_at if has_spoken else world.now - ANSWERED_FOR
    token = opinions.asked_since(contact_id, since=since, now=world.now)
    if token is None:
        return state
    step = script().steps[script().on_visit]
    choices = tuple(Choice(one.id, one.label.spoken(state.language)) for one in step.options)
    known = {name: value for name, value in state.known.items() if name.startswith("kept.")}
    return replace(
        state,
        step=step.id,
        known={**known, TOKEN: token},
        trail=(),
        asked=Say("", choices),
        page=0,
        misses=0,
    )


def element(world: World, known: Known, language: str) -> Offered:
    """Ask about the next of the two elements."""
    left = elements_left(world, known)
    return Offered(fill={"question": gettext(QUESTIONS[left[0]]) if left else ""})


def elements_left(world: World, known: Known) -> list[str]:
    """Return the elements that are asked about and weren't yet, here."""
    try:
        found = opinions.question(known.get(TOKEN, ""), now=world.now)
    except NotFound:
        return []
    skipped = known.get("skipped", "").split(",")
    return [one for one in found.asked if one not in found.answered and one not in skipped]
