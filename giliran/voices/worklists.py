"""What is to be answered, by what is due first: of an office, a region, all. No names in here.

Nobody finds a complaint about themselves here, nor in a sum: every statement goes through
``access.seen_by``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from giliran.core.complaint import OPEN, TO_ANSWER, State
from giliran.core.identifiers import BadCode, parse_code
from giliran.voices.access import Reader, seen_by
from giliran.voices.models import Complaint, Escalation

PAGE = 50
WINDOW_DAYS = 30
WHICH = ("baru", "jawab", "saya", "naik", "dijawab", "selesai")
_REFERENCE = re.compile(r"no-(\d{1,18})", re.ASCII | re.IGNORECASE)
_HANDED_UP = ("region", "centre")


class Slice(NamedTuple):
    """One page of a list: its complaints, how many there are in all, and which page this is."""

    complaints: list[Complaint]
    total: int
    page: int
    pages: int


def seen(who: Reader) -> QuerySet[Complaint]:
    """Return all that somebody may see."""
    return Complaint.objects.filter(seen_by(who))


def _of(which: str, who: Reader, *, since: datetime) -> Q:
    to_answer = Q(state__in=sorted(TO_ANSWER))
    return {
        "baru": Q(state=State.RECEIVED),
        "jawab": to_answer & ~Q(state=State.RECEIVED),
        "saya": to_answer & Q(handler_id=who.officer_id),
        "naik": to_answer & Q(escalations__isnull=False) | to_answer & Q(level__in=_HANDED_UP),
        "dijawab": Q(state=State.ANSWERED),
        "selesai": Q(ended_at__gte=since),
    }[which]


def _at(
    who: Reader, *, office_id: int | None, region_id: int | None, level: str
) -> QuerySet[Complaint]:
    found = seen(who)
    if office_id is not None:
        found = found.filter(office_id=office_id)
    if region_id is not None:
        found = found.filter(region_id=region_id)
    if level:
        found = found.filter(level=level)
    return found


def work(
    which: str,
    who: Reader,
    *,
    office_id: int | None = None,
    region_id: int | None = None,
    level: str = "",
    page: int = 1,
    now: datetime,
) -> Slice:
    """Return one page of a list named in ``WHICH``, what is due first at the top.

    ``level`` keeps what stands before that level. A page that there isn't gives the last one.
    """
    here = _at(who, office_id=office_id, region_id=region_id, level=level)
    since = now - timedelta(days=WINDOW_DAYS)
    found = here.filter(_of(which, who, since=since)).distinct()
    total = found.count()
    pages = max(1, -(-total // PAGE))
    at = min(max(1, page), pages)
    ordered = found.select_related("office", "region", "handler").order_by(
        F("due_on").asc(nulls_last=True), F("ended_at").desc(nulls_first=True), "id"
    )
    return Slice(list(ordered[(at - 1) * PAGE : at * PAGE]), total, at, pages)


def counts(
    who: Reader,
    *,
    office_id: int | None = None,
    region_id: int | None = None,
    level: str = "",
    now: datetime,
) -> dict[str, int]:
    """Return how many complaints each list of ``WHICH`` holds."""
    here = _at(who, office_id=office_id, region_id=region_id, level=level)
    since = now - timedelta(days=WINDOW_DAYS)
    return here.aggregate(
        **{
            which: Count("id", filter=_of(which, who, since=since), distinct=True)
            for which in WHICH
        }
    )


class PlaceWork(NamedTuple):
    """How an office or a region stands. ``in_time`` of ``answered`` were so by their day."""

    place_id: int | None
    open: int
    received: int
    due_today: int
    at_risk: int
    overdue: int
    answered: int
    in_time: int

    @property
    def percent(self) -> int | None:
        """Return the share answered in time; None where nothing was answered."""
        return round(100 * self.in_time / self.answered) if self.answered else None


def by_place(
    place: str,
    who: Reader,
    *,
    region_ids: Collection[int] | None = None,
    today: date,
    risk_until: date,
    now: datetime,
) -> dict[int | None, PlaceWork]:
    """Count the complaints of each ``place``: ``office`` or ``region``; None is no place.

    At risk is what is due after ``today`` and not after ``risk_until``; answered are those of 30
    days, by their first answer.
    """
    here = seen(who)
    if region_ids is not None:
        here = here.filter(region_id__in=list(region_ids))
    owed = Q(state__in=sorted(TO_ANSWER))
    recent = Q(answered_at__gte=now - timedelta(days=WINDOW_DAYS), answered_in_time__isnull=False)
    rows = here.values(f"{place}_id").annotate(
        open=Count("id", filter=Q(state__in=sorted(OPEN))),
        received=Count("id", filter=Q(state=State.RECEIVED)),
        due_today=Count("id", filter=owed & Q(due_on=today)),
        at_risk=Count("id", filter=owed & Q(due_on__gt=today, due_on__lte=risk_until)),
        overdue=Count("id", filter=owed & Q(due_on__lt=today)),
        answered=Count("id", filter=recent),
        in_time=Count("id", filter=recent & Q(answered_in_time=True)),
    )
    return {row[f"{place}_id"]: PlaceWork(row.pop(f"{place}_id"), **row) for row in rows.order_by()}


class Raised(NamedTuple):
    """An escalation that is still to be answered: each complaint at its highest level."""

    complaint: Complaint
    level: str
    due_on: date
    at: datetime


def raised(who: Reader, *, region_id: int | None = None, at_most: int = 100) -> list[Raised]:
    """Return what was put before somebody and is still to be answered, the oldest date first."""
    here = _at(who, office_id=None, region_id=region_id, level="")
    ids = here.filter(state__in=sorted(TO_ANSWER)).values("id")
    order = list(Complaint.Level.values)
    found: dict[int, Escalation] = {}
    for one in Escalation.objects.filter(complaint__in=ids).select_related(
        "complaint__office", "complaint__region"
    ):
        kept = found.get(one.complaint_id)
        if kept is None or (one.due_on, order.index(one.level)) > (
            kept.due_on,
            order.index(kept.level),
        ):
            found[one.complaint_id] = one
    ranked = sorted(found.values(), key=lambda one: (one.due_on, one.complaint_id))
    return [Raised(one.complaint, one.level, one.due_on, one.at) for one in ranked[:at_most]]


def group_of(complaint: Complaint, who: Reader) -> list[Complaint]:
    """Return the others of a complaint's group that somebody may see, oldest first."""
    first = complaint.group_id or complaint.id
    same = seen(who).filter(Q(id=first) | Q(group_id=first)).exclude(id=complaint.id)
    return list(same.select_related("office").order_by("id"))


def by_code(typed: str, who: Reader) -> Complaint | None:
    """Return the complaint of a code that was typed or scanned, if this officer may see it.

    The staff's own name for one (``Complaint.reference``) is found, too.
    """
    number = _REFERENCE.fullmatch(typed)
    try:
        wanted = Q(id=int(number[1])) if number else Q(code=parse_code(typed))
    except BadCode:
        return None
    known = seen(who).select_related(
        "office__region", "region", "turn", "claim", "handler", "officer"
    )
    return known.filter(wanted).first()
