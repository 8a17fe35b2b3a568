"""How many more may book than can be served, since some of them won't come."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log1p

import numpy as np


def places_by(
    promised: Sequence[int],
    served: Sequence[int],
    *,
    no_show: float,
    seats: int | None = None,
    risk: float = 0.05,
) -> list[int]:
    """Give each window's places: what is `promised`, and for those who stay away some more.

    `served[k]` can be served in the k-th window if walk-ins wait. Two things stay true of what
    is added, each but for a chance of at most `risk`: of all who booked up to a window no more come
    than were to be promised by then, so that walk-ins lose nothing; and at a window's end nobody
    who booked is left for the next. No window gets more than `seats`. Raises ValueError for shares
    that aren't between 0 and 1.
    """
    if not (0 <= no_show < 1 and 0 < risk < 1):
        raise ValueError(f"Neither {no_show} nor {risk} is a share that leaves somebody.")
    given: list[int] = []
    by_then = bookable = added = 0
    waiting = np.ones(1)
    for own, there in zip(promised, served, strict=True):
        by_then += own
        bookable = _bookable(bookable + own, by_then, no_show, risk)
        most = own + max(0, bookable - by_then - added) if own else 0
        if seats is not None:
            most = min(most, seats)
        while most > own and 1 - left_over(waiting, most, there, no_show)[0] > risk:
            most -= 1
        added += max(0, most - own)
        # What is promised can be served: rounding gave the window before one service too many.
        waiting = left_over(waiting, most, max(there, min(own, most)), no_show)
        given.append(most)
    return given


def too_many_come(booked: int, served: int, no_show: float) -> float:
    """Return the chance that of those who booked more come than can be served."""
    return float(who_come(booked, no_show)[served + 1 :].sum())


def left_over(waiting: np.ndarray, booked: int, served: int, no_show: float) -> np.ndarray:
    """Return the chances that 0, 1, 2, ... are left over after a window, from those before it."""
    there = np.convolve(waiting, who_come(booked, no_show))
    return np.concatenate(([there[: served + 1].sum()], there[served + 1 :]))


def who_come(booked: int, no_show: float) -> np.ndarray:
    """Return the chances that 0, 1, ... `booked` of those who booked come, each by themselves."""
    come = np.arange(booked + 1)
    if not no_show:
        everybody: np.ndarray = (come == booked).astype(float)
        return everybody
    # By logarithms: the ways to choose 500 of 1000 overflow a double.
    orders = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, booked + 1)))))
    ways = orders[-1] - orders - orders[::-1]
    chances: np.ndarray = np.exp(ways + come * log1p(-no_show) + (booked - come) * log(no_show))
    return chances


def _bookable(least: int, served: int, no_show: float, risk: float) -> int:
    """Return the most who may book, where `least` may: one served more lets one more book."""
    booked = least
    while served and no_show and too_many_come(booked + 1, served, no_show) <= risk:
        booked += 1
    return booked
