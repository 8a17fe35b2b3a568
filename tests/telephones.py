"""Officers who confirmed a telephone, and what they are told there."""

from __future__ import annotations

import itertools

from giliran.jobs.wordings import WORD
from giliran.messages import actions as messages
from giliran.messages.models import Message
from giliran.people.models import Officer
from tests.builders import at

_numbers = itertools.count(1)


def reached(officer: Officer) -> Officer:
    """Return the officer, who has a telephone for messages now."""
    contact = messages.heard_from("sms", f"+62812{next(_numbers):08d}", now=at("06:00"))
    messages.subscribe(contact, subject=messages.OFFICER, subject_id=officer.id, now=at("06:00"))
    return officer


def told(officer: Officer) -> list[str]:
    """Return the kinds of all messages that wait for an officer or went out, oldest first."""
    return [one.kind for one in _waiting(officer)]


def said(officer: Officer, language: str = "id") -> list[str]:
    """Return what an officer's waiting messages would say now; what isn't true any more is out."""
    worded = [WORD[one.kind](one.id, language) for one in _waiting(officer)]
    return [one.text for one in worded if one is not None]


def _waiting(officer: Officer) -> list[Message]:
    found = Message.objects.filter(data__officer=officer.id, state=Message.State.WAITING)
    return list(found.order_by("id"))
