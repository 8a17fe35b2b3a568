"""From what a person wishes, and what the offices have, to the cells of a draw.

A cell is one window of one office. A bundle is an office's half-day: what a person can wish for,
and what people who come together share.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HALVES = tuple(f"{day}-{half}" for day in DAYS for half in ("am", "pm"))
NOON = time(12)
OFFICES_AT_MOST = 5
WHOLE = 100  # percent


class Wish(NamedTuple):
    """Where and when somebody can come, each ranked.

    ``halves`` holds codes of ``HALVES``; none means any day and any time. ``any_near`` adds every
    office near home behind those that were named. With ``time_first`` a better time is worth more
    than a better office.
    """

    office_ids: tuple[int, ...]
    any_near: bool = False
    halves: tuple[str, ...] = ()
    time_first: bool = False


class Bundle(NamedTuple):
    """One office's morning (before noon) or afternoon of a day."""

    office_id: int
    day: date
    half: str

    @property
    def code(self) -> str:
        """The code by which a wish names this half-day of any week."""
        return f"{DAYS[self.day.weekday()]}-{self.half}"


def bundle_of(office_id: int, starts_at: datetime) -> Bundle:
    """Return the half-day of a window; ``starts_at`` is in the office's own time zone."""
    half = "am" if starts_at.time() < NOON else "pm"
    return Bundle(office_id, starts_at.date(), half)


def ranked(wish: Wish, bundles: Sequence[Bundle], *, near: Sequence[int]) -> list[int]:
    """Return the indices of the bundles that a person would take, the best first.

    ``near`` are the offices near home that serve what the person needs, the nearest first. Among
    half-days that are equal to the person the earlier is better.
    """
    offices = list(wish.office_ids)
    if wish.any_near:
        offices += [office for office in near if office not in wish.office_ids]
    place_of = {office: rank for rank, office in enumerate(offices)}
    time_of = {code: rank for rank, code in enumerate(wish.halves)}

    def worth(index: int) -> tuple[int, int, date, str]:
        bundle = bundles[index]
        where, when = place_of[bundle.office_id], time_of.get(bundle.code, 0)
        first, second = (when, where) if wish.time_first else (where, when)
        return first, second, bundle.day, bundle.half

    acceptable = [
        index
        for index, bundle in enumerate(bundles)
        if bundle.office_id in place_of and (not time_of or bundle.code in time_of)
    ]
    return sorted(acceptable, key=worth)


def is_broad(wish: Wish, *, near: Collection[int]) -> bool:
    """Return whether nothing more could be asked of the person, so that a lost draw earns credit.

    Any office near home, any day, any time. A shorter list earns none, or people would ask for
    the most wanted hour until their credit was enough for it.
    """
    return not wish.halves and (wish.any_near or set(near) <= set(wish.office_ids))


def reserves(places: Sequence[int], percents: Sequence[int]) -> list[tuple[int, ...]]:
    """Spread each kind's share of a day's places over its windows.

    ``places`` are those of one office's windows in order of time, ``percents`` the share of each
    kind (together at most 100). Rounding carries on from window to window, so that a tenth of
    thirty places is three, also where every window has only three; a window never reserves more
    than it has, and no kind gets more than its share of the day. Raises ``ValueError``.
    """
    if sum(percents) > WHOLE or min(percents, default=0) < 0:
        raise ValueError(f"Shares are from 0 to 100 percent in all, got {tuple(percents)}.")
    given = [0] * len(percents)
    spread, so_far = [], 0
    for here in places:
        so_far += here
        window = [0] * len(percents)
        # The kind that is furthest behind its share of all places so far comes first.
        for _ in range(here):
            behind = [so_far * p - WHOLE * g for p, g in zip(percents, given, strict=True)]
            neediest = max(range(len(percents)), key=behind.__getitem__, default=None)
            if neediest is None or behind[neediest] < WHOLE:
                break
            window[neediest] += 1
            given[neediest] += 1
        spread.append(tuple(window))
    return spread
