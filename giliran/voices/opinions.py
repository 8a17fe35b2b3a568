"""What visitors said of their visits: sums for those who work there, never one person's answer.

Nothing here is told of fewer than ten replies, and nothing by officer: who served isn't read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.db.models import Count, Q, QuerySet

from giliran.core.disclosure import left_out
from giliran.core.opinion_words import GROUPS
from giliran.core.refusal import NotFound
from giliran.core.satisfaction import (
    ELEMENTS,
    FEWEST,
    HIGHEST,
    LOWEST,
    Index,
    Mean,
    index,
    mean,
    reply_share,
    sample_needed,
)
from giliran.core.turn import State
from giliran.messages import queries as messages
from giliran.messages.models import Message
from giliran.turns.models import Application, Turn
from giliran.voices.actions.asking_opinion import ANSWERED_FOR, KIND, known
from giliran.voices.models import Opinion

if TYPE_CHECKING:
    from giliran.offices.models import Office

Said = TypeVar("Said", int, str)


class Question(NamedTuple):
    """One visit's question, as its own page shows it."""

    token: str
    office: Office
    day: date
    score: int | None
    asked: tuple[str, ...]
    """The elements that are asked about as well, u1 to u9."""
    answered: Mapping[str, int]
    has_words: bool
    is_over: bool


class Element(NamedTuple):
    """One of the nine elements: its name, its mean where ten or more answered, and how many did."""

    code: str
    name: str
    mean: Mean | None
    n: int


class Asked(NamedTuple):
    """How many were asked by one channel, and how many of these replied."""

    channel: str
    asked: int
    replied: int


class Summary(NamedTuple):
    """What visitors of some offices said of their visits on some days.

    Means are from 1 to 4. What rests on fewer than ten replies is None, ``words`` then is empty.
    """

    served: int
    asked: int
    replied: int
    share: tuple[float, float, float] | None
    """Replied of asked, and its interval, from 0 to 1."""
    wanted: int
    """How many replies PermenPANRB 14/2017 wants of so many served."""
    overall: Mean | None
    elements: tuple[Element, ...]
    survey: Index | None
    """None until every one of the nine elements has ten answers."""
    words: tuple[tuple[str, int], ...]
    """Groups of free words and how many wrote of each, the largest first."""
    channels: tuple[Asked, ...]


def summary(office_ids: Iterable[int], first: date, last: date) -> Summary:
    """Return what visitors of these offices said of their visits from ``first`` to ``last``.

    The means of several offices leave out those whose few replies could be reckoned from them.
    """
    ids = list(office_ids)
    found = Opinion.objects.filter(office_id__in=ids, day__range=(first, last))
    served = Turn.objects.filter(
        office_id__in=ids, day__range=(first, last), state=State.FINISHED
    ).count()
    channels = tuple(
        Asked(*row)
        for row in found.values_list("channel")
        .annotate(asked=Count("id"), replied=Count("id", filter=Q(score__isnull=False)))
        .order_by("channel")
    )
    asked, replied = sum(one.asked for one in channels), sum(one.replied for one in channels)
    elements = _elements(found)
    return Summary(
        served=served,
        asked=asked,
        replied=replied,
        share=reply_share(replied, asked),
        wanted=sample_needed(served),
        overall=_overall(found),
        elements=elements,
        survey=index({one.code: one.mean for one in elements if one.mean}),
        words=_words(found),
        channels=channels,
    )


def _overall(found: QuerySet[Opinion]) -> Mean | None:
    rows = found.filter(score__isnull=False).values_list("office_id", "score")
    said: dict[int, Counter[int]] = defaultdict(Counter)
    for office, score, n in rows.annotate(n=Count("id")).order_by():
        said[office][score or 0] += n
    return _enough(_together(said))


def _elements(found: QuerySet[Opinion]) -> tuple[Element, ...]:
    said: dict[str, dict[int, Counter[int]]] = {code: defaultdict(Counter) for code in ELEMENTS}
    answers = found.exclude(elements={}).values_list("office_id", "elements")
    for office, each in answers.iterator():
        for code, score in each.items():
            if code in said:
                said[code][office][score] += 1
    return tuple(_element(code, name, said[code]) for code, name in ELEMENTS.items())


def _element(code: str, name: str, said: Mapping[int, Counter[int]]) -> Element:
    told = _enough(_together(said))
    return Element(code, name, told, told.n if told else sum(map(Counter.total, said.values())))


def _together(said: Mapping[int, Counter[Said]]) -> Counter[Said]:
    """Add up what was said at some offices.

    Without the few of one that tells nothing by itself: from this sum and the others' they could
    be reckoned.
    """
    out = left_out({office: each.total() for office, each in said.items()}, fewest=FEWEST)
    return sum((each for office, each in said.items() if office not in out), Counter[Said]())


def _enough(said: Counter[int]) -> Mean | None:
    if said.total() < FEWEST:
        return None
    return mean([said[score] for score in range(LOWEST, HIGHEST + 1)])


def _words(found: QuerySet[Opinion]) -> tuple[tuple[str, int], ...]:
    rows = found.filter(words_group__in=GROUPS).values_list("office_id", "words_group")
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for office, group, n in rows.annotate(n=Count("id")).order_by():
        said[office][group] += n
    told = _together(said)
    if told.total() < FEWEST:
        return ()
    return tuple(sorted(told.items(), key=lambda one: (-one[1], one[0])))


def question(token: str, *, now: datetime) -> Question:
    """Return the question that a token opens, or raise ``NotFound``."""
    one = known(token).select_related("office").first()
    if one is None:
        raise NotFound
    return Question(
        token=one.token,
        office=one.office,
        day=one.day,
        score=one.score,
        asked=tuple(one.asked_elements),
        answered=one.elements,
        has_words=bool(one.words_group),
        is_over=now - one.asked_at > ANSWERED_FOR,
    )


def asked_since(contact_id: int, *, since: datetime, now: datetime) -> str | None:
    """Return the token of the question that a contact was sent after ``since`` and hasn't answered.

    The latest, if there are several; None if there is none.
    """
    turns = Turn.objects.filter(
        Q(id__in=messages.subjects(contact_id, "turn"))
        | Q(id__in=_won(messages.subjects(contact_id, "application")))
        | Q(claim_id__in=messages.subjects(contact_id, "claim"))
    )
    sent = Message.objects.filter(
        kind=KIND,
        subject="turn",
        subject_id__in=turns.values("id"),
        attempts__contact_id=contact_id,
        attempts__started_at__gt=since,
    )
    waiting = Opinion.objects.filter(
        turn_id__in=sent.values("subject_id"),
        score__isnull=True,
        asked_at__gt=now - ANSWERED_FOR,
    )
    return waiting.order_by("-asked_at").values_list("token", flat=True).first()


def _won(application_ids: list[int]) -> QuerySet[Application, int | None]:
    found = Application.objects.filter(id__in=application_ids, turn__isnull=False)
    return found.values_list("turn_id", flat=True)
