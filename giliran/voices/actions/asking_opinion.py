"""Asking once after a visit how it was, and taking the answer.

One question by one channel: whoever saw it on the page of their turn gets no message. The answer
says nothing of who served, and nobody below reads it but as sums (``giliran.voices.opinions``).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from giliran.core.opinion_words import group_of
from giliran.core.refusal import NotFound
from giliran.core.satisfaction import ELEMENTS, HIGHEST, LOWEST, elements_for
from giliran.core.turn import State
from giliran.encryption import seal
from giliran.messages import actions as messages
from giliran.messages.actions import Urgency
from giliran.messages.models import Subscription
from giliran.turns.models import Application, Turn
from giliran.voices.models import Opinion
from giliran.voices.opinion_refusals import NoScore, NotServedYet, TooLateToRate

ASKED_FOR = timedelta(days=7)  # after the visit; later it is remembered otherwise than it was
ANSWERED_FOR = timedelta(days=30)
MESSAGE_AFTER = timedelta(hours=1)
MESSAGE_WITHIN = timedelta(days=1)
MESSAGE_LIVES = timedelta(days=2)
LONGEST_WORDS = 1000
KIND = "opinion.asked"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,22}", re.ASCII)


def ask(turn_id: int, *, channel: str, now: datetime) -> str:
    """Ask whoever had this turn how it was; returns the token of the question's page.

    Asked again, by whichever channel, it is the same question and counts once. Raises
    ``NotServedYet``, ``TooLateToRate`` or ``NotFound``.
    """
    asked = Opinion.objects.filter(turn_id=turn_id).values_list("token", flat=True).first()
    if asked is not None:
        return asked
    turn = Turn.objects.filter(id=turn_id).first()
    if turn is None:
        raise NotFound
    if turn.state != State.FINISHED or turn.ended_at is None:
        raise NotServedYet
    if now - turn.ended_at > ASKED_FOR:
        raise TooLateToRate
    return _put(turn, channel=channel, now=now).token


def _put(turn: Turn, *, channel: str, now: datetime) -> Opinion:
    opinion, _is_new = Opinion.objects.get_or_create(
        turn=turn,
        defaults={
            "token": secrets.token_urlsafe(16),
            "office_id": turn.office_id,
            "service_id": turn.service_id,
            "day": turn.day,
            "channel": channel,
            "asked_at": now,
            "asked_elements": list(elements_for(turn.id)),
        },
    )
    return opinion


def ask_due(*, now: datetime) -> int:
    """Ask by message, an hour after they were served, those who allowed messages; returns how many.

    In quiet hours the message waits for the morning. Asked twice in a minute, the second time asks
    nobody.
    """
    served = Turn.objects.filter(
        state=State.FINISHED,
        ended_at__lte=now - MESSAGE_AFTER,
        ended_at__gt=now - MESSAGE_WITHIN,
        opinion__isnull=True,
    ).filter(_is_told())
    return sum(_ask_by_message(turn, now=now) for turn in served.select_related("office"))


def _is_told() -> Q:
    """Return the condition that somebody is told of a turn, of what won it, or of its claim."""
    told = Subscription.objects.all()
    return Q(
        Exists(told.filter(subject="turn", subject_id=OuterRef("pk")))
        | Exists(told.filter(subject="application", subject_id=OuterRef("application__id")))
        | Exists(told.filter(subject="claim", subject_id=OuterRef("claim_id")))
    )


def _ask_by_message(turn: Turn, *, now: datetime) -> bool:
    about = [("turn", turn.id)]
    won = Application.objects.filter(turn=turn).values_list("id", flat=True).first()
    about += [("application", won)] if won else []
    about += [("claim", turn.claim_id)] if turn.claim_id else []
    with transaction.atomic():
        opinion = _put(turn, channel="message", now=now)
        if opinion.channel != "message":
            return False  # the page was looked at in this very moment
        messages.tell(
            KIND,
            subject="turn",
            subject_id=turn.id,
            about=about,
            key=f"{KIND}:{turn.id}",
            urgency=Urgency.NEWS,
            expires_at=now + MESSAGE_LIVES,
            zone=turn.office.time_zone,
            now=now,
        )
    return True


def rate(token: str, score: int, *, channel: str, now: datetime) -> None:
    """Take the answer, from 1 (bad) to 4 (very good); the first one stands.

    Raises ``NoScore``, ``TooLateToRate`` or ``NotFound``.
    """
    if not LOWEST <= score <= HIGHEST:
        raise NoScore("nilai")
    with transaction.atomic():
        opinion = _hold(token, now=now)
        if opinion.score is None:
            opinion.score, opinion.replied_at, opinion.replied_by = score, now, channel
            opinion.save(update_fields=["score", "replied_at", "replied_by"])


def rate_more(token: str, elements: Mapping[str, int], words: str, *, now: datetime) -> None:
    """Take what may be said beyond the one answer: two elements, and free words.

    Elements that weren't asked about are left out, empty words change nothing. Raises ``NoScore``
    where the first question wasn't answered, ``TooLateToRate`` or ``NotFound``.
    """
    with transaction.atomic():
        opinion = _hold(token, now=now)
        if opinion.score is None:
            raise NoScore("nilai")
        said = {
            name: score
            for name, score in elements.items()
            if name in opinion.asked_elements and name in ELEMENTS and LOWEST <= score <= HIGHEST
        }
        clean = words.strip()[:LONGEST_WORDS]
        opinion.elements = {**opinion.elements, **said}
        opinion.replied_at = now
        if clean:
            opinion.words_sealed, opinion.words_group = seal(clean), group_of(clean)
        opinion.save(update_fields=["elements", "replied_at", "words_sealed", "words_group"])


def known(token: str) -> QuerySet[Opinion]:
    """Return the opinion of a token as an address gives it, or none; it may hold anything."""
    return Opinion.objects.filter(token=token if _TOKEN.fullmatch(token) else "")


def _hold(token: str, *, now: datetime) -> Opinion:
    opinion = known(token).select_for_update(no_key=True).first()
    if opinion is None:
        raise NotFound
    if now - opinion.asked_at > ANSWERED_FOR:
        raise TooLateToRate
    return opinion


def forget_words(*, before: date) -> int:
    """Erase the free words of visits before a day; their group stays. Returns of how many."""
    old = Opinion.objects.filter(day__lt=before).exclude(words_sealed=b"")
    return old.update(words_sealed=b"")
