"""The finding at Serang, rehearsed: its two figures before and after the draw and the loans.

The ombudsman of Banten asked in May 2025 that nobody waits through the night for one of sixty
numbers, and that nobody is sent away without one. A made-up town office of sixty places a day
stands for Serang, among four neighbours. Loans give back 0.39 of what absences cost, as
`bench.loans` measured for made-up regions; here so many absences fewer are felt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from giliran.lab.network.days import play_network
from giliran.lab.network.figures import figures_of, together
from giliran.lab.network.setting import Network, Way, five_branches
from giliran.lab.office import estimate

OFFICE: Final = five_branches()[0].name
DAYS: Final = 30
ABSENT: Final = 0.1
RECOVERED: Final = 0.39
FIGURES: Final = (
    "before_six_a_day",
    "turned_away_a_day",
    "turned_away_share",
    "visits_mean",
    "days_mean",
    "wait_p90_minutes",
    "served_a_day",
)
PEOPLE: Final = 0.68
"""Times as many as in `five_branches`: the town office is asked for about as much as it can serve,
and those who come again make the crowd. Nobody publishes how many come; 140 were assumed before."""
_LENT: Final = round(ABSENT * (1 - RECOVERED), 3)


def _network(way: Way, leave: float, at_the_door: float) -> Network:
    return Network(
        five_branches(PEOPLE),
        way=way,
        days=DAYS,
        backlog_days=1.0,
        leave=leave,
        at_the_door=at_the_door,
    )


SCENARIOS: Final[dict[str, Network]] = {
    "dawn": _network("first_come", ABSENT, 0.2),
    "draw": _network("draw", ABSENT, 0.2),
    "loans": _network("draw", _LENT, 0.2),
    "known": _network("draw", _LENT, 0.05),
}
"""In the last, 95 of 100 know that one can ask from home; in the two before, 80 of 100."""


def rehearse(
    replications: int, *, seed: int, tell: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Play every scenario and return its figures at the town office: means, half intervals (95 %).

    ``tell`` is called after each replication. The same arguments give the same answer.
    """
    found: dict[str, Any] = {"replications": replications, "seed": seed, "days": DAYS}
    for name, network in SCENARIOS.items():
        runs = []
        for replication in range(replications):
            runs.append(figures_of(play_network(network, seed=seed, replication=replication)))
            tell()
        values = together(runs)
        found[name] = {}
        for figure in FIGURES:
            one = estimate(values[f"{figure}.{OFFICE}"])
            found[name][figure] = [round(one.mean, 4), round(one.half, 4)]
    return found
