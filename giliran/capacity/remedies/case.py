"""What a remedy is, and the absence that it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from giliran.capacity import leave
from giliran.capacity.changes import Change
from giliran.capacity.effects import rules_broken
from giliran.capacity.leave import DayEffect
from giliran.capacity.models import Leave, Shift
from giliran.capacity.span import Span
from giliran.capacity.standing import Standing, stands
from giliran.core.deadline import CalendarMissing
from giliran.core.refusal import Refusal
from giliran.offices.models import Office

_TRIED: Final = 6


class Proposal(NamedTuple):
    """One thing to do, how the day then stands, and what it costs."""

    kind: str
    what: str
    after: Standing
    cost: str
    minutes: int
    """Of officers' time, to tell the cheaper of two."""
    fields: dict[str, str]
    """What the button sends."""


class Case(NamedTuple):
    leave: Leave
    office: Office
    effect: DayEffect
    here: Span
    now: datetime

    @property
    def day(self) -> date:
        return self.effect.day

    def own(self) -> Shift | None:
        return self.here.own(self.leave.officer_id, self.day)

    def there(self) -> list[Shift]:
        return self.here.there(self.day, without={self.leave.officer_id})

    def standing(self, shifts: Iterable[Shift]) -> Standing:
        staff = self.here.staff_with(self.day, shifts)
        return stands(self.here, self.day, staff, now=self.now)


class CannotHelp(Exception):
    """A kind of remedy isn't there; the sentence says why."""


def some(offered: Iterator[Proposal], why: str) -> list[Proposal]:
    """Return the first few that can be made; each costs a check of the whole week."""
    found = [one for one, _n in zip(offered, range(_TRIED), strict=False)]
    if not found:
        raise CannotHelp(why)
    return found


def lawful(meant: Callable[[], Change], now: datetime) -> Change | None:
    """Return a change that could be made, or None where a rule stands against it."""
    try:
        change = meant()
        return None if rules_broken(change, now=now) else change
    except (Refusal, CalendarMissing):
        return None


def is_free(officer_id: int, day: date) -> bool:
    put_down = Shift.objects.filter(
        officer_id=officer_id, day=day, is_draft=False, cancelled_at__isnull=True
    )
    return not put_down.exists() and not leave.is_away(officer_id, day)


def minutes_of(shift: Shift) -> int:
    return (shift.ends_at - shift.begins_at) // timedelta(minutes=1)


def not_put_down() -> str:
    return _("Petugas ini tidak dijadwalkan pada hari itu.")
