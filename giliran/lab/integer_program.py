"""Integer programs, built row by row and solved by HiGHS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

import highspy
import numpy as np

Progress = Callable[[float, float, float], None]
"""Told the best cost so far, the bound, and the seconds gone."""


@dataclass
class Program:
    """min cost @ x, low <= A x <= high, 0 <= x <= top; ``whole`` columns are integers."""

    cost: list[float] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    constant: float = 0.0

    def column(self, cost: float = 0.0, *, top: float = 1.0, whole: bool = True) -> int:
        self.cost.append(cost)
        self.top.append(top)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: dict[int, float], low: float = -inf, high: float = inf) -> None:
        if not terms:
            return
        self.columns += terms
        self.values += terms.values()
        self.starts.append(len(self.columns))
        self.low.append(low)
        self.high.append(high)


@dataclass(frozen=True, slots=True)
class Solution:
    """The best found. Nothing cheaper than ``bound`` exists; ``x`` is None if nothing was found."""

    x: np.ndarray | None
    cost: float
    bound: float
    seconds: float
    seconds_to_first: float | None


def solved(
    program: Program,
    *,
    seconds: float,
    gap: float = 0.0,
    progress: Progress | None = None,
    start: Mapping[int, float] | None = None,
) -> Solution:
    """Return the best solution found in ``seconds``, or as soon as it is proven within ``gap``.

    ``start`` gives some columns a value to begin from; the solver fills in the rest.
    """
    solver = _loaded(program)
    if start:
        columns = np.array(list(start), np.int32)
        solver.setSolution(len(start), columns, np.array(list(start.values()), float))
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
    info, solution = solver.getInfo(), solver.getSolution()
    return Solution(
        np.asarray(solution.col_value) if solution.value_valid else None,
        info.objective_function_value if solution.value_valid else inf,
        info.mip_dual_bound,
        solver.getRunTime(),
        first[0] if first else None,
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
