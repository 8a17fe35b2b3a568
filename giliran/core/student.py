"""How far from the middle a figure may lie when its deviation is itself an estimate."""
# ruff: noqa: PLR2004 -- the numbers are the algorithm's

from __future__ import annotations

from math import exp, pi, sqrt
from statistics import NormalDist


def student(two_tailed: float, freedom: float) -> float:
    """Return how many estimated deviations only the share ``two_tailed`` lies beyond, both sides.

    Student's quantile, with ``freedom`` of 2 and more, not only whole. By Hill's algorithm 396
    (Communications of the ACM 13, 1970), within a thousandth. Raises ``ValueError`` below that.
    """
    if freedom < 2 or not 0 < two_tailed <= 1:
        raise ValueError(f"No quantile for {two_tailed} with {freedom} degrees of freedom.")
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * freedom
    y = (d * two_tailed) ** (2 / freedom)
    if y > 0.05 + a:
        y = _from_the_normal(two_tailed, freedom, a, b, c, d)
    else:
        y = _of_a_long_tail(y, freedom, d)
    return sqrt(freedom * y)


def _from_the_normal(
    two_tailed: float, freedom: float, a: float, b: float, c: float, d: float
) -> float:
    x = NormalDist().inv_cdf(two_tailed / 2)
    y = x**2
    if freedom < 5:
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = a * y**2
    return exp(y) - 1 if y > 0.002 else y**2 / 2 + y


def _of_a_long_tail(y: float, freedom: float, d: float) -> float:
    steep = 1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3)
    return ((steep + 0.5 / (freedom + 4)) * y - 1) * (freedom + 1) / (freedom + 2) + 1 / y
