"""Every message that leaves the house: which room words it, and what providers are told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from giliran.capacity import notices as staffing
from giliran.claims import notices as deadlines
from giliran.claims import wordings as claims
from giliran.claims.wordings import forms as claim_forms
from giliran.figures import notices as alarms
from giliran.messages import trial
from giliran.messages.forms import Form
from giliran.messages.wording import Wording
from giliran.turns import wordings as turns
from giliran.turns.wordings import facts as turn_facts
from giliran.turns.wordings import forms as turn_forms
from giliran.voices import notices as complaint_notices
from giliran.voices import opinion_message
from giliran.voices import wordings as voices
from giliran.voices.wordings import forms as complaint_forms


class Room(NamedTuple):
    """What one room says: the kinds of its messages, their forms, and how one is worded.

    ``examples`` say for each place of a form what may stand there.
    """

    kinds: frozenset[str]
    forms: tuple[Form, ...]
    examples: Mapping[str, str]
    word: Callable[[int, str], Wording | None]


def _room(module: Any) -> Room:
    return Room(module.KINDS, module.FORMS, module.EXAMPLES, module.word)


ROOMS: Final = (
    Room(frozenset(turn_facts.READERS), turn_forms.FORMS, turn_forms.EXAMPLES, turns.word),
    Room(claims.KINDS, claim_forms.FORMS, claim_forms.EXAMPLES, claims.word),
    Room(voices.KINDS, complaint_forms.FORMS, complaint_forms.EXAMPLES, voices.word),
    *(
        _room(module)
        for module in (opinion_message, staffing, deadlines, complaint_notices, alarms, trial)
    ),
)
"""The only list: a room whose messages aren't in it isn't heard, and its forms aren't registered.

A module with ``KINDS``, ``FORMS``, ``EXAMPLES`` and ``word`` stands in its last lines by name.
"""

WORD: Final = {kind: room.word for room in ROOMS for kind in room.kinds}
