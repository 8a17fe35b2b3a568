"""Who works when and where: limits kept, wishes weighed, what can't be met said."""

from giliran.lab.roster.checking import Assigned, Fault, broken, cost, faults
from giliran.lab.roster.region import clusters_near, solve_region
from giliran.lab.roster.setting import Cover, Duty, Setting, Wish, Worker
from giliran.lab.roster.solving import Roster, Short, solve

__all__ = [
    "Assigned",
    "Cover",
    "Duty",
    "Fault",
    "Roster",
    "Setting",
    "Short",
    "Wish",
    "Worker",
    "broken",
    "clusters_near",
    "cost",
    "faults",
    "solve",
    "solve_region",
]
