"""Which turns and applications a conversation may speak of.

Those that it made itself, those whose news its contact is told (proof: it wrote from there), and
those whose whole code was typed. A telephone number alone, or a web session, opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from giliran.conversations.world import World
from giliran.core.refusal import NotFound
from giliran.core.turn import OPEN
from giliran.messages import queries as messages
from giliran.turns import applications, queries
from giliran.turns.models import Application, Turn

KEPT_TURNS, KEPT_APPLICATIONS = "kept.turns", "kept.applications"
KEPT_COMPLAINTS = "kept.complaints"


def kept(known: Mapping[str, str], name: str) -> list[int]:
    """Return the ids that a conversation made itself."""
    return [int(one) for one in known.get(name, "").split(",") if one]


def with_kept(known: Mapping[str, str], name: str, new_id: int) -> str:
    """Return the ids that a conversation made itself, with one more."""
    return ",".join(str(one) for one in dict.fromkeys([*kept(known, name), new_id]))


def my_turns(world: World, known: Mapping[str, str]) -> list[Turn]:
    """Return the open turns that this conversation may speak of, by day."""
    ids = [*kept(known, KEPT_TURNS), *_subscribed(world, "turn")]
    won = Application.objects.filter(id__in=_my_application_ids(world, known))
    ids += [turn_id for turn_id in won.values_list("turn_id", flat=True) if turn_id]
    found = Turn.objects.filter(id__in=ids, state__in=OPEN)
    return list(found.select_related("office", "service").order_by("day", "id"))


def my_applications(world: World, known: Mapping[str, str]) -> list[Application]:
    """Return the open applications that this conversation may speak of."""
    found = Application.objects.filter(
        id__in=_my_application_ids(world, known), state=Application.State.OPEN
    )
    return list(found.order_by("id"))


def _my_application_ids(world: World, known: Mapping[str, str]) -> list[int]:
    return [*kept(known, KEPT_APPLICATIONS), *_subscribed(world, "application")]


def _subscribed(world: World, subject: str) -> list[int]:
    contact_id = world.conversation.contact_id
    return messages.subjects(contact_id, subject) if contact_id else []


def turn_of(world: World, known: Mapping[str, str]) -> Turn:
    """Return the turn that is spoken of; raises ``NotFound``."""
    if not known.get("turn", "").isdecimal():
        raise NotFound
    return queries.by_id(int(known["turn"]))


def application_of(world: World, known: Mapping[str, str]) -> Application:
    """Return the application that is spoken of; raises ``NotFound``."""
    if not known.get("application", "").isdecimal():
        raise NotFound
    return applications.by_id(int(known["application"]))
