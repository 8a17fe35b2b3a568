"""What a message about a claim says now, or that it is no longer true.

Each reader looks at the claim as it is when the message is sent: news of a claim that has moved on
die unsent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from giliran.claims import faults, files
from giliran.claims.deadlines import RULES, length_of
from giliran.claims.files import ClaimView, PaperView
from giliran.claims.wordings import forms
from giliran.core.claim import State
from giliran.core.refusal import NotFound
from giliran.messages import spoken
from giliran.messages.forms import Form
from giliran.messages.queries import MessageView

PAPERS_LETTERS = 700  # WhatsApp takes 1,024 for the whole message
BEFORE_A_DECISION = frozenset({State.COMPLETE, State.VERIFIED})


class Known(NamedTuple):
    """A message's sentences and what fills them; ``page`` goes into e-mails only."""

    form: Form
    values: dict[str, str]


Reader = Callable[[ClaimView, MessageView], Known | None]


def known(message: MessageView) -> Known | None:
    """Return what a message says now, or None when it is no longer true."""
    try:
        claim = files.claim(message.subject_id)
    except NotFound:
        return None
    return READERS[message.kind](claim, message)


def _received(claim: ClaimView, message: MessageView) -> Known | None:
    if claim.state is not State.SUBMITTED or claim.submitted_at is None:
        return None
    day = spoken.day_at(claim.submitted_at, claim.time_zone)
    values = {"day": spoken.day(day), "date": spoken.brief_day(day)}
    return Known(forms.RECEIVED, _of(claim) | values)


def _papers_wanted(claim: ClaimView, message: MessageView) -> Known | None:
    lacking = [one for one in files.papers(claim.id) if one.is_lacking]
    if claim.state is not State.RETURNED or not lacking:
        return None
    values = {"count": str(len(lacking)), "wanted": _fitting(lacking)}
    return Known(forms.PAPERS_WANTED, _of(claim) | values)


def said(paper: PaperView) -> str:
    """Return what is asked for in a sentence: the paper, and what is wrong with it or missing."""
    if paper.state == "wrong":
        return f"{paper.name}: {faults.sentence(paper.fault, text=paper.fault_text)}"
    return _("%(paper)s: belum ada.") % {"paper": paper.name}


def _visit_wanted(claim: ClaimView, message: MessageView) -> Known | None:
    to_show = [one for one in files.papers(claim.id) if one.state == "brought"]
    if claim.state is not State.COMPLETE or not to_show:
        return None
    values = {"count": str(len(to_show)), "wanted": _names(to_show)}
    return Known(forms.VISIT_WANTED, _of(claim) | values)


def _complete(claim: ClaimView, message: MessageView) -> Known | None:
    if claim.state not in BEFORE_A_DECISION or claim.complete_on is None:
        return None
    if not _is_still_due(claim, message):
        return None
    since = {"since": spoken.day(claim.complete_on)}
    if claim.due_on is not None:
        form = forms.COMPLETE_VISIT if claim.needs_visit else forms.COMPLETE
        return Known(form, _of(claim) | since | _due(claim.due_on))
    length = length_of(RULES[claim.program], claim.complete_on)
    if not length:
        return None
    return Known(forms.COMPLETE_UNKNOWN, _of(claim) | since | {"length": length})


def _is_still_due(claim: ClaimView, message: MessageView) -> bool:
    """Say whether the day that a message was made for is still the one that holds."""
    return bool(message.data["due_on"] == (claim.due_on.isoformat() if claim.due_on else ""))


def _decided_yes(claim: ClaimView, message: MessageView) -> Known | None:
    if claim.state is not State.APPROVED or not _is_still_due(claim, message):
        return None
    if claim.due_on is None:
        return Known(forms.DECIDED_YES_UNKNOWN, _of(claim))
    return Known(forms.DECIDED_YES, _of(claim) | _due(claim.due_on))


def _decided_no(claim: ClaimView, message: MessageView) -> Known | None:
    if claim.state not in {State.REFUSED, State.CLOSED} or not claim.article:
        return None
    day = spoken.day_at(claim.decided_at or claim.moved_at, claim.time_zone)
    answer = length_of("complaints/bpjs_handles", day)
    return Known(forms.DECIDED_NO, _of(claim) | {"article": claim.article, "answer": answer})


def _paid(claim: ClaimView, message: MessageView) -> Known | None:
    if claim.paid_on is None or claim.state not in {State.PAID, State.CLOSED}:
        return None
    paid = {"paid": spoken.day(claim.paid_on), "paid_date": spoken.brief_day(claim.paid_on)}
    return Known(forms.PAID, _of(claim) | paid)


def _bounced(claim: ClaimView, message: MessageView) -> Known | None:
    return Known(forms.BOUNCED, _of(claim)) if claim.state is State.BOUNCED else None


def _of(claim: ClaimView) -> dict[str, str]:
    return {"tail": spoken.tail(claim.code), "page": f"/k/{claim.code}/"}


def _due(due_on: date) -> dict[str, str]:
    return {"due": spoken.day(due_on), "due_date": spoken.brief_day(due_on)}


def _fitting(lacking: list[PaperView]) -> str:
    """Return what is asked for, as fully as a message holds it.

    A sentence for each paper; where that is too long, the sentences without officers' own words;
    else the names, and how many more there are.
    """
    for sentences in (
        [said(paper) for paper in lacking],
        [said(paper._replace(fault_text="")) for paper in lacking],
    ):
        if len(text := " ".join(sentences)) <= PAPERS_LETTERS:
            return text
    return _names(lacking)


def _names(papers: list[PaperView]) -> str:
    kept, left = "", 0
    for paper in papers:
        longer = f"{kept}; {paper.name}" if kept else paper.name
        if left or len(longer) > PAPERS_LETTERS:
            left += 1
        else:
            kept = longer
    more = _("Dan %(left)s lagi.") % {"left": left}
    return f"{kept}. {more}" if left else f"{kept}."


READERS: dict[str, Reader] = {
    "claim_received": _received,
    "claim_papers_wanted": _papers_wanted,
    "claim_visit_wanted": _visit_wanted,
    "claim_complete": _complete,
    "claim_decided_yes": _decided_yes,
    "claim_decided_no": _decided_no,
    "claim_paid": _paid,
    "claim_bounced": _bounced,
}
"""Every kind of message; ``actions.telling`` makes no other."""
