"""What it gains to tell each next person when to come only once the one before has come.

The setting of R. Mahes, M. Mandjes, M. Boon, P. Taylor, "Adaptive scheduling in service systems",
EJOR 312 (2024): one counter; at each arrival the next one's time is chosen, knowing how many are
there and how long the running service has lasted. The best cost by their dynamic program, and the
cost of the rule of `core.promise.coming` in the same setting. Nobody stays away or comes late.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from giliran.lab.office.packed import Floats
from giliran.lab.office.spacing import Phases

STEPS_PER_SERVICE: Final = 16
"""Points of the time grid in one mean service; the error falls with their square."""
_ELAPSED_SERVICES: Final = 4
"""A service that lasted longer is taken as one that lasted so long."""
_MOST_SERVICES_AHEAD: Final = 5
"""Nobody is told to come later than the mean of all those there, and this many services."""
_SMALL: Final = 1e-12


class _Grid(NamedTuple):
    step: float
    rest: Floats
    """(elapsed,): mean time left of a service that has lasted so long."""
    ends: NDArray[np.complex128]
    """(elapsed, ...): chance that the running service ends in each step from now, transformed."""
    goes_on: Floats
    """(elapsed, points): chance that it still goes on so many steps from now."""


def adaptive_cost(
    people: int,
    phases: Phases,
    *,
    idling_weight: float = 0.5,
    steps_per_service: int = STEPS_PER_SERVICE,
) -> float:
    """Give the least idling_weight * idling + (1 - idling_weight) * waiting, in units of time.

    Compare with `spacing.best_gaps`, the best plan that is made before the day. Raises ValueError
    for nobody, a weight outside 0 to 1, or people who stay away.
    """
    return _cost(people, phases, idling_weight, steps_per_service, None)


def quantile_cost(
    people: int,
    phases: Phases,
    *,
    idling_weight: float = 0.5,
    come_before: float = 0.5,
    steps_per_service: int = STEPS_PER_SERVICE,
) -> float:
    """Give the cost if each next person is asked for a quantile of when the counter is free.

    `come_before` is the chance with which the counter is free before they come.
    """
    return _cost(people, phases, idling_weight, steps_per_service, come_before)


def _cost(
    people: int,
    phases: Phases,
    weight: float,
    steps_per_service: int,
    come_before: float | None,
) -> float:
    """Go back from the last arrival; without `come_before` each time is the cheapest."""
    if people < 1 or not 0 < weight < 1:
        raise ValueError("A day has somebody, and a weight lies between 0 and 1.")
    if phases.show_up < 1:
        raise ValueError("The adaptive cost is only known for people who all come.")
    mean = phases.mean
    grid = _grid(phases, mean, people, steps_per_service)
    points = grid.goes_on.shape[1]
    # In rows: how many are ahead of who has just come. In columns: how long the service lasts.
    ahead_waits = (1 - weight) * (grid.rest + mean * np.arange(people - 1)[:, None])
    on_arrival = np.vstack([np.zeros(grid.rest.size), ahead_waits])
    idling = weight * grid.step * np.arange(points)
    until = np.minimum(np.arange(grid.rest.size)[:, None] + np.arange(points), grid.rest.size - 1)
    value = on_arrival
    for come in range(people - 1, 0, -1):
        best = np.empty((come, grid.rest.size))
        # Of a service that has just begun, by the time left until the next person comes.
        fresh, is_free = value[0, 0] + idling, np.ones(points)
        for ahead in range(come):
            costs = grid.goes_on * value[ahead + 1][until] + _after(grid, fresh)
            if come_before is None:
                best[ahead] = _least(costs)
            else:
                free = _after(grid, is_free)
                best[ahead] = _when(free, come_before, costs)
                is_free = free[0]
            fresh = costs[0]
        value = on_arrival[:come] + best
    return float(value[0, 0])


def _grid(phases: Phases, mean: float, people: int, steps_per_service: int) -> _Grid:
    step = mean / steps_per_service
    points = (people + _MOST_SERVICES_AHEAD) * steps_per_service
    elapsed = _ELAPSED_SERVICES * steps_per_service
    at = step * phases.rate * np.arange(points + elapsed)
    lasts, phases_left = np.zeros_like(at), np.zeros_like(at)
    chance = np.exp(-at)
    for done in range(phases.most):
        is_last = done == phases.most - 1
        unfinished = chance * (1 - phases.share if is_last else 1.0)
        lasts += unfinished
        phases_left += unfinished * (phases.most - done - (0.0 if is_last else phases.share))
        chance = chance * at / (done + 1)
    now = np.arange(elapsed)[:, None] + np.arange(points)
    so_far = lasts[:elapsed, None]
    return _Grid(
        step,
        phases_left[:elapsed] / lasts[:elapsed] / phases.rate,
        np.fft.rfft((lasts[now] - lasts[now + 1]) / so_far, 2 * points),
        lasts[now] / so_far,
    )


def _after(grid: _Grid, fresh: Floats) -> Floats:
    """Give (elapsed, points): the mean of `fresh` from when the service ends, 0 where it goes on.

    It ends in the middle of a step; the sum over the steps is a convolution.
    """
    size = 2 * len(fresh)
    middles = np.fft.rfft((fresh[1:] + fresh[:-1]) / 2, size)
    after = np.fft.irfft(grid.ends * middles, size)[:, : len(fresh) - 1]
    return np.hstack([np.zeros((len(after), 1)), after])


def _when(free: Floats, come_before: float, costs: Floats) -> Floats:
    """Give each row's cost at the time by which the counter is free with this chance."""
    rows = np.arange(len(costs))
    at = np.maximum(1, np.argmax(free >= come_before, axis=1))
    low, high = free[rows, at - 1], free[rows, at]
    part = np.clip((come_before - low) / np.maximum(high - low, _SMALL), 0, 1)
    cost: Floats = costs[rows, at - 1] * (1 - part) + costs[rows, at] * part
    return cost


def _least(costs: Floats) -> Floats:
    """Give each row's smallest cost, between the points by a parabola."""
    rows = np.arange(len(costs))
    at = np.clip(costs.argmin(axis=1), 1, costs.shape[1] - 2)
    low, middle, high = costs[rows, at - 1], costs[rows, at], costs[rows, at + 1]
    bend = np.maximum(low - 2 * middle + high, _SMALL)
    inner = middle - (high - low) ** 2 / (8 * bend)
    is_inner = (middle <= low) & (middle <= high)
    least: Floats = np.where(is_inner, inner, np.minimum(low, high))
    return least
