"""What a message about a complaint says now, or that it is no longer true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.translation import get_language

from giliran.core.complaint import State
from giliran.encryption import unseal
from giliran.messages import spoken
from giliran.messages.forms import Both, Form
from giliran.messages.queries import MessageView
from giliran.voices.models import Complaint, Remark
from giliran.voices.wordings import forms

ANSWER_LETTERS = 600  # WhatsApp takes 1,024 for the whole message
BRIEF_LETTERS = 60  # an SMS has 160
LEVELS = {
    "office": Both("kantor cabang", "branch office"),
    "region": Both("kantor wilayah", "regional office"),
    "centre": Both("kantor pusat", "head office"),
}


class Known(NamedTuple):
    """A message's sentences and what fills them; ``page`` goes into e-mails only."""

    form: Form
    values: dict[str, str]


Reader = Callable[[Complaint], Known | None]


def known(message: MessageView) -> Known | None:
    """Return what a message says now, or None when it is no longer true."""
    found = Complaint.objects.select_related("office", "region")
    complaint = found.filter(id=message.subject_id).first()
    return READERS[message.kind](complaint) if complaint else None


def _received(complaint: Complaint) -> Known | None:
    if complaint.state != State.RECEIVED or complaint.due_on is None:
        return None
    return Known(forms.RECEIVED, _of(complaint) | _due(complaint.due_on))


def _in_hand(complaint: Complaint) -> Known | None:
    if complaint.state not in {State.ACKNOWLEDGED, State.CLASSIFIED} or complaint.due_on is None:
        return None
    return Known(forms.IN_HAND, _of(complaint) | _due(complaint.due_on))


def _answered(complaint: Complaint) -> Known | None:
    given = Remark.objects.filter(complaint=complaint, kind=Remark.Kind.ANSWER)
    last = given.order_by("-id").first()
    if complaint.state != State.ANSWERED or complaint.confirm_by is None or last is None:
        return None
    until = {
        "confirm": spoken.day(complaint.confirm_by),
        "confirm_date": spoken.brief_day(complaint.confirm_by),
    }
    if complaint.is_protected:
        return Known(forms.ANSWERED_PROTECTED, _of(complaint) | until)
    text = " ".join(unseal(last.text_sealed).split())
    words = {"answer": shortened(text, ANSWER_LETTERS), "brief": shortened(text, BRIEF_LETTERS)}
    return Known(forms.ANSWERED, _of(complaint) | until | words)


def shortened(text: str, most: int) -> str:
    """Return a text of at most ``most`` letters, cut between words."""
    if len(text) <= most:
        return text
    return f"{text[: most - 3].rsplit(' ', 1)[0]}..."


def _disputed(complaint: Complaint) -> Known | None:
    if complaint.state != State.DISPUTED or complaint.due_on is None:
        return None
    return Known(forms.DISPUTED, _of(complaint) | _due(complaint.due_on))


def _escalated(complaint: Complaint) -> Known | None:
    if complaint.due_on is None:
        return None
    return Known(forms.ESCALATED, _of(complaint) | _due(complaint.due_on))


def _forwarded(complaint: Complaint) -> Known | None:
    if complaint.state != State.FORWARDED:
        return None
    return Known(forms.FORWARDED, _of(complaint) | {"agency": complaint.forwarded_to})


def _lapsed(complaint: Complaint) -> Known | None:
    return Known(forms.LAPSED, _of(complaint)) if complaint.state == State.CLOSED else None


def _of(complaint: Complaint) -> dict[str, str]:
    return {
        "tail": spoken.tail(complaint.code),
        "level": LEVELS[complaint.level].spoken(get_language() or "id"),
        "page": f"/a/{complaint.code}/",
    }


def _due(due_on: date) -> dict[str, str]:
    return {"due": spoken.day(due_on), "due_date": spoken.brief_day(due_on)}


READERS: dict[str, Reader] = {
    "complaint_received": _received,
    "complaint_in_hand": _in_hand,
    "complaint_answered": _answered,
    "complaint_disputed": _disputed,
    "complaint_escalated": _escalated,
    "complaint_forwarded": _forwarded,
    "complaint_lapsed": _lapsed,
}
"""Every kind of message; ``actions.telling`` makes no other."""
