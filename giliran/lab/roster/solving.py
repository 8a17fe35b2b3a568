"""Solving a roster: a good answer in seconds, a proven one when there is time.

HiGHS by measurement: of the first four instances of schedulingbenchmarks.org it proves each best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import highspy
import numpy as np

from giliran.lab.roster.checking import Assigned, present
from giliran.lab.roster.model import Program, modelled
from giliran.lab.roster.setting import Setting

Progress = Callable[[float, float, float], None]
"""Told the best cost so far, the bound, and the seconds gone."""


@dataclass(frozen=True, slots=True)
class Short:
    """A cover with too few people, by how many."""

    cover: str
    missing: int


@dataclass(frozen=True, slots=True)
class Roster:
    """The best roster found. Nothing cheaper than ``bound`` exists; ``gap`` is the share between.

    ``seconds_to_first`` is None if even the empty roster had to do. ``shorts`` says what couldn't
    be met, and ``unpaid_minutes`` whose hours stayed under what they are owed.
    """

    assigned: Assigned
    cost: float
    bound: float
    seconds: float
    seconds_to_first: float | None
    shorts: tuple[Short, ...]
    unpaid_minutes: dict[str, int]

    @property
    def gap(self) -> float:
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / max(abs(self.cost), 1)


def solve(
    setting: Setting, *, seconds: float = 60.0, gap: float = 0.0, progress: Progress | None = None
) -> Roster:
    """Return the best roster found in ``seconds``, or as soon as it is proven within ``gap``.

    What can't be met is told as a shortage: there is always an answer, at worst an empty roster.
    """
    model = modelled(setting)
    solver = _loaded(model.program)
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("mip_rel_gap", gap)
    first: list[float] = []

    def improved(event: Any) -> None:
        found = event.data_out
        first.append(found.running_time)
        if progress:
            progress(found.objective_function_value, found.mip_dual_bound, found.running_time)

    solver.cbMipImprovingSolution += improved
    solver.run()
    info = solver.getInfo()
    solution = solver.getSolution()
    if solution.value_valid:
        x = np.asarray(solution.col_value)
        assigned, cost = model.assigned(x, setting), info.objective_function_value
    else:
        assigned, cost = {}, inf
    return Roster(
        assigned,
        cost,
        info.mip_dual_bound,
        solver.getRunTime(),
        first[0] if first else None,
        _shorts(setting, assigned),
        _unpaid(setting, assigned),
    )


def _loaded(program: Program) -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.low)
    lp.col_cost_ = np.array(program.cost, float)
    lp.col_lower_ = np.zeros(len(program.cost))
    lp.col_upper_ = np.array(program.top, float)
    lp.row_lower_, lp.row_upper_ = np.array(program.low), np.array(program.high)
    lp.offset_ = program.constant
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(program.starts)
    lp.a_matrix_.index_ = np.array(program.columns)
    lp.a_matrix_.value_ = np.array(program.values, float)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in program.whole]
    solver.passModel(lp)
    return solver


def _shorts(setting: Setting, assigned: Assigned) -> tuple[Short, ...]:
    return tuple(
        Short(cover.key, cover.wanted - there)
        for cover, there in present(setting, assigned)
        if there < cover.wanted
    )


def _unpaid(setting: Setting, assigned: Assigned) -> dict[str, int]:
    minutes = {duty.key: duty.minutes for duty in setting.duties}
    worked = dict.fromkeys((worker.key for worker in setting.workers), 0)
    for (who, _), key in assigned.items():
        worked[who] += minutes[key]
    return {
        worker.key: worker.least_minutes - worked[worker.key]
        for worker in setting.workers
        if worked[worker.key] < worker.least_minutes
    }
