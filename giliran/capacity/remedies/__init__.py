"""What can be done about an absence, best first, and why what can't help doesn't."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from giliran.capacity import span
from giliran.capacity.leave import DayEffect
from giliran.capacity.models import Leave
from giliran.capacity.remedies.case import CannotHelp, Case, Proposal
from giliran.capacity.remedies.days import other_days, other_windows
from giliran.capacity.remedies.lent import booth, loan
from giliran.capacity.remedies.own import longer_hours, substitute, swapped_shift

__all__ = ["KINDS", "Advice", "Proposal", "Skipped", "advice"]

KINDS: Final = ("move", "swap", "substitute", "loan", "booth", "longer", "people")
"""In the order in which they are proposed where two leave as little short."""
_EACH: Final = 2
"""So many of a kind are proposed: who decides at seven in the morning doesn't read lists."""


class Skipped(NamedTuple):
    """A kind of remedy that can't help here, and why."""

    kind: str
    why: str


class Advice(NamedTuple):
    """What can be done about one day, best first, and what can't."""

    effect: DayEffect
    proposals: list[Proposal]
    skipped: list[Skipped]


def advice(one: Leave, effect: DayEffect, *, now: datetime) -> Advice:
    """Return what can be done about a leave on one day that was weighed; writes nothing.

    Each proposal leaves less short or touches fewer people than doing nothing.
    """
    case = Case(one, one.office, effect, span.read(one.office, [effect.day]), now)
    found: list[Proposal] = []
    skipped: list[Skipped] = []
    for kind in KINDS:
        why = ""
        helpful: list[Proposal] = []
        try:
            offered = _WAYS[kind](case)
            helpful = [each for each in offered if _helps(each, effect)]
            why = "" if helpful else _("Yang ada tidak mengurangi kekurangan pada hari itu.")
        except CannotHelp as reason:
            why = str(reason)
        if helpful:
            found += sorted(helpful, key=_worth)[:_EACH]
        else:
            skipped.append(Skipped(kind, why))
    return Advice(effect, sorted(found, key=_worth), skipped)


def _helps(one: Proposal, effect: DayEffect) -> bool:
    return (one.after.people, one.after.missing) < (effect.after.people, effect.after.missing)


def _worth(one: Proposal) -> tuple[int, int, int, int]:
    return (one.after.people, one.after.missing, KINDS.index(one.kind), one.minutes)


_WAYS: Final[dict[str, Callable[[Case], list[Proposal]]]] = {
    "move": other_days,
    "swap": swapped_shift,
    "substitute": substitute,
    "loan": loan,
    "booth": booth,
    "longer": longer_hours,
    "people": other_windows,
}
