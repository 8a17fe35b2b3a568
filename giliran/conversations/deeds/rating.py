"""Taking the answer to the question after a visit, and two more where they cost nothing."""

from __future__ import annotations

from collections.abc import Mapping

from giliran.conversations.rating import TOKEN, elements_left
from giliran.conversations.words import worded
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.core.refusal import Refusal
from giliran.voices.actions import asking_opinion

Known = Mapping[str, str]


def rate(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Take the one answer; by SMS nothing more is asked, for each message costs its sender."""
    try:
        asking_opinion.rate(
            known.get(TOKEN, ""),
            int(known["score"]),
            channel=world.conversation.channel,
            now=world.now,
        )
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    thanks = (world.say("rated", language),)
    return Outcome("done" if world.mouth.is_short else "more", thanks, {"score": None})


def rate_element(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Take an answer about one element, or leave it out, and go on to the next."""
    left = elements_left(world, known)
    if not left:
        return Outcome("done")
    if known["score"].isdecimal():
        try:
            asking_opinion.rate_more(
                known.get(TOKEN, ""), {left[0]: int(known["score"])}, "", now=world.now
            )
        except Refusal as refusal:
            return Outcome("refused", (worded(refusal),))
    skipped = ",".join([*known.get("skipped", "").split(","), left[0]])
    is_last = len(left) == 1
    thanks = (world.say("rated", language),) if is_last else ()
    return Outcome("done" if is_last else "more", thanks, {"score": None, "skipped": skipped})
