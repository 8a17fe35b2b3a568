"""Who is away and who asks to be, and what an absence does to half-hours and promised people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db.models import Q

from giliran.capacity import span
from giliran.capacity.models import Leave, Shift
from giliran.capacity.span import Span
from giliran.capacity.standing import Standing, stands
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.offices.models import Office, Post
from giliran.people.models import Officer

IN_FORCE = (Leave.State.ASKED, Leave.State.APPROVED)
DAYS_SHOWN = 10
"""So many days of a long leave are weighed in a page: two weeks of work."""


class DayEffect(NamedTuple):
    """A day with somebody there, and without them. Not planned: there is no roster for it."""

    day: date
    is_planned: bool
    is_away: bool
    """They were put down for this day, so that their absence changes it."""
    before: Standing
    after: Standing

    @property
    def is_felt(self) -> bool:
        """Say whether the absence makes more half-hours short or touches more people."""
        return self.after.missing > self.before.missing or self.after.people > self.before.people


class Away(NamedTuple):
    """Somebody who isn't there on a day, or asks not to be."""

    leave_id: int
    officer: str
    kind: str
    is_approved: bool


def leave(leave_id: int) -> Leave:
    """Return a leave with its officer and office, or raise ``NotFound``."""
    found = Leave.objects.select_related("officer", "office__region", "decided_by")
    one = found.filter(id=leave_id).first()
    if one is None:
        raise NotFound
    return one


def leaves_of(officer_id: int, *, since: date) -> list[Leave]:
    """Return an officer's leaves that end on a day or later, the nearest first."""
    found = Leave.objects.select_related("office", "decided_by").filter(
        officer_id=officer_id, last_day__gte=since
    )
    return list(found.order_by("first_day", "id"))


def asked_at(office_id: int, *, today: date) -> list[Leave]:
    """Return the leaves that wait for the head of an office, the nearest first."""
    found = Leave.objects.select_related("officer").filter(
        office_id=office_id, state=Leave.State.ASKED, last_day__gte=today
    )
    return list(found.order_by("first_day", "id"))


def approved_at(office_id: int, *, first: date, last: date) -> list[Leave]:
    """Return the approved leaves that touch some days of an office, the nearest first."""
    found = Leave.objects.select_related("officer").filter(
        office_id=office_id, state=Leave.State.APPROVED, first_day__lte=last, last_day__gte=first
    )
    return list(found.order_by("first_day", "id"))


def away(office_id: int, *, first: date, last: date) -> dict[date, list[Away]]:
    """Return who of an office is away or asks to be, by day; days with nobody are left out."""
    rows = (
        Leave.objects.select_related("officer")
        .filter(
            Q(office_id=office_id, state__in=IN_FORCE), first_day__lte=last, last_day__gte=first
        )
        .order_by("officer__full_name", "id")
    )
    found: dict[date, list[Away]] = {}
    for row in rows:
        for day in days_between(max(first, row.first_day), min(last, row.last_day)):
            is_approved = row.state == Leave.State.APPROVED
            found.setdefault(day, []).append(
                Away(row.id, row.officer.full_name, row.get_kind_display(), is_approved)
            )
    return dict(sorted(found.items()))


def officers_of(office_id: int) -> list[Officer]:
    """Return the officers with a post of their own at an office, by name."""
    ids = Post.objects.filter(office_id=office_id).values("officer_id")
    return list(Officer.objects.filter(id__in=ids, is_active=True).order_by("full_name", "id"))


def workplaces(officer_id: int) -> list[Office]:
    """Return the offices where an officer has a post of their own: there they ask for leave."""
    own = Post.objects.filter(officer_id=officer_id, office__isnull=False).order_by("id")
    found = {post.office_id: post.office for post in own.select_related("office__region")}
    return [office for office in found.values() if office is not None]


def is_away(officer_id: int, day: date) -> bool:
    """Say whether an officer has an approved leave on a day."""
    return Leave.objects.filter(
        officer_id=officer_id,
        state=Leave.State.APPROVED,
        first_day__lte=day,
        last_day__gte=day,
    ).exists()


def effect(
    office: Office, days: Iterable[date], *, officer_id: int, now: datetime
) -> list[DayEffect]:
    """Return what an officer's absence does to each open day of an office, at most ten; no write.

    Counted as if they were there before, also where the leave is approved already.
    """
    coming = _coming(office, days, now)
    return effect_in(span.read(office, coming), coming, officer_id=officer_id, now=now)


def effect_in(
    here: Span, days: Iterable[date], *, officer_id: int, now: datetime
) -> list[DayEffect]:
    """Return as ``effect`` does what an absence does, on days from today on that were read."""
    is_open = (day for day in days if here.is_open(day))
    return [_day_effect(here, day, officer_id, now) for day in islice(is_open, DAYS_SHOWN)]


def effect_of(one: Leave, *, now: datetime) -> list[DayEffect]:
    """Return what a leave does to its days; see ``effect``."""
    return effects_of(one.office, [one], now=now)[0]


def effects_of(office: Office, leaves: Sequence[Leave], *, now: datetime) -> list[list[DayEffect]]:
    """Return what each of an office's leaves does, the office's days read once for all of them."""
    days = [_coming(office, days_between(one.first_day, one.last_day), now) for one in leaves]
    here = span.read(office, [day for each in days for day in each])
    return [
        effect_in(here, each, officer_id=one.officer_id, now=now)
        for one, each in zip(leaves, days, strict=True)
    ]


def shift_of(office_id: int, officer_id: int, day: date) -> Shift | None:
    """Return the shift for which an officer is put down at an office, were they ill by now."""
    return Shift.objects.filter(
        office_id=office_id,
        officer_id=officer_id,
        day=day,
        is_draft=False,
        cancelled_at__isnull=True,
    ).first()


def owner_of(shift_id: int, *, office_id: int, day: date) -> int:
    """Return whose shift this is, of an office and a day; raises ``NotFound``."""
    found = Shift.objects.filter(id=shift_id, office_id=office_id, day=day, is_draft=False)
    officer_id = found.values_list("officer_id", flat=True).first()
    if officer_id is None:
        raise NotFound
    return officer_id


def days_between(first: date, last: date) -> Iterator[date]:
    """Give every day from one to another, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _coming(office: Office, days: Iterable[date], now: datetime) -> list[date]:
    today = offices.local_day(office, now)
    return [day for day in days if day >= today]


def _day_effect(here: Span, day: date, officer_id: int, now: datetime) -> DayEffect:
    own, is_planned = here.own(officer_id, day), here.is_planned(day)
    if not is_planned or own is None:
        after = stands(here, day, here.staff(day, without={officer_id}), now=now)
        return DayEffect(day, is_planned, False, after, after)
    others = here.there(day, without={officer_id})
    before, after = (
        stands(here, day, here.staff_with(day, shifts), now=now)
        for shifts in ([*others, own], others)
    )
    return DayEffect(day, is_planned, True, before, after)
