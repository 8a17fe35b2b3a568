"""How long people wait at some counters, exactly: Erlang's B, C and A.

Offices are small, so nothing here rounds by a square root. Rates are per minute, times in minutes.

B and C: A. K. Erlang 1917. A: C. Palm 1957, people lose patience after an exponential time; the
wait's distribution as in Zeltyn, Mandelbaum, "Call centers with impatient customers: many-server
asymptotics of the M/M/n+G queue", Queueing Systems 51, 2005, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, expm1, inf, isfinite, log, sqrt

import numpy as np

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_PIECES = 8
_NEGLIGIBLE = 45.0  # e^-45 is below a double's last digit


@dataclass(frozen=True, slots=True)
class Line:
    """A line in balance: people come at ``arrivals`` a minute, one takes ``service`` minutes.

    ``patience`` is the mean of minutes after which somebody leaves; infinite: nobody does.
    Raises ``ValueError`` where a number makes no line.
    """

    arrivals: float
    service: float
    officers: int
    patience: float = inf

    def __post_init__(self) -> None:
        """Refuse what is no line."""
        if not (isfinite(self.arrivals) and self.arrivals >= 0):
            raise ValueError(f"People can't come {self.arrivals} times a minute.")
        if not (isfinite(self.service) and self.service > 0 and self.patience > 0):
            raise ValueError("Service and patience take a positive number of minutes.")
        if self.officers < 0:
            raise ValueError(f"There can't be {self.officers} officers.")

    @property
    def load(self) -> float:
        """Return how many officers are busy on average if nobody has to wait (erlangs)."""
        return self.arrivals * self.service

    @property
    def is_stable(self) -> bool:
        """Say whether the line stays finite: always where people may leave."""
        return isfinite(self.patience) or self.load < self.officers


def blocked(load: float, officers: int) -> float:
    """Return the share that finds every officer busy where nobody may wait (Erlang B)."""
    share = 1.0
    for busy in range(1, officers + 1):
        share = load * share / (busy + load * share)
    return share


def must_wait(line: Line) -> float:
    """Return the share of those who come that finds every officer busy (Erlang C or A)."""
    if line.arrivals == 0:
        return 0.0
    if not line.is_stable:
        return 1.0
    b = blocked(line.load, line.officers)
    if not isfinite(line.patience):
        return b / (1 - (1 - b) * line.load / line.officers)
    nobody, waiting, _ = _line_states(line)
    return b * waiting / ((1 - b) * nobody + b * waiting)


def would_wait_longer(line: Line, minutes: float) -> float:
    """Return the share of those who come who'd be called later than ``minutes`` if they stayed.

    What an office promises is judged by this: who gives up and goes home was not served in time.
    """
    if minutes < 0:
        return 1.0
    if line.arrivals == 0 or line.officers == 0 or not line.is_stable:
        return must_wait(line)
    if not isfinite(line.patience):
        spare = line.officers / line.service - line.arrivals
        return must_wait(line) * exp(-spare * minutes)
    return must_wait(line) * _offered_tail(line, minutes)


def waits_longer(line: Line, minutes: float) -> float:
    """Return the share that waits longer than ``minutes``, whether then served or gone."""
    stays = exp(-max(0.0, minutes) / line.patience)
    return would_wait_longer(line, minutes) * stays


def mean_wait(line: Line) -> float:
    """Return the mean minutes from coming until called or gone; infinite if the line only grows."""
    if line.arrivals == 0:
        return 0.0
    if not line.is_stable:
        return inf
    if not isfinite(line.patience):
        return must_wait(line) / (line.officers / line.service - line.arrivals)
    nobody, waiting, in_line = _line_states(line)
    b = blocked(line.load, line.officers)
    return b * in_line / ((1 - b) * nobody + b * waiting) / line.arrivals  # Little's law


def leaves(line: Line) -> float:
    """Return the share of those who come that leaves before being called."""
    return mean_wait(line) / line.patience if isfinite(line.patience) else 0.0


def _line_states(line: Line) -> tuple[float, float, float]:
    """Return how likely it is that all are busy, with nobody in line and with a line of any length.

    Then the mean length of the line, all three to one scale: an impatient crowd overflows doubles.
    """
    rate = line.officers / line.service
    # Each step beyond the longest likely line makes it less likely by this ratio or more.
    top = max(0.0, (line.arrivals - rate) * line.patience)
    reach = int(top + 12 * sqrt(top + line.arrivals * line.patience) + 4 * _NEGLIGIBLE)
    lengths = np.arange(1, reach + 1)
    likely = np.concatenate(
        ([0.0], np.cumsum(log(line.arrivals) - np.log(rate + lengths / line.patience)))
    )
    likely = np.exp(likely - likely.max())
    return float(likely[0]), float(likely.sum()), float(likely[1:] @ lengths)


def _offered_tail(line: Line, minutes: float) -> float:
    """Return the share of those who find everybody busy whose turn comes after ``minutes``."""
    rate = line.officers / line.service
    patience, arrivals = line.patience, line.arrivals

    def exponent(v: float) -> float:
        return -arrivals * patience * expm1(-v / patience) - rate * v

    top = max(0.0, patience * log(arrivals / rate))
    peak = exponent(top)
    end = top + 1 / rate
    while exponent(end) > peak - _NEGLIGIBLE:
        end = top + 2 * (end - top)

    def density(low: float, high: float) -> float:
        half = (high - low) / 2 / _PIECES
        starts = low + 2 * half * np.arange(_PIECES)[:, None]
        v = starts + half * (_NODES + 1)
        values = np.exp(-arrivals * patience * np.expm1(-v / patience) - rate * v - peak)
        return float(half * (values @ _WEIGHTS).sum())

    def between(low: float, high: float) -> float:
        # The top splits the way, so that a narrow peak isn't stepped over.
        split = min(max(low, top), high)
        return density(low, split) + density(split, high)

    cut = min(minutes, end)
    after = between(cut, end)
    return after / (after + between(0.0, cut))
