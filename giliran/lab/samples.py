"""What a play says of many people in one figure; nan where there was nobody."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64] | NDArray[np.bool_]


def mean_of(values: Values) -> float:
    return float(np.mean(values)) if len(values) else math.nan


def percentile_of(values: NDArray[np.float64], share: float) -> float:
    """Nearest rank; `share` from 0 to 1."""
    if not len(values):
        return math.nan
    return float(np.sort(values)[max(0, math.ceil(share * len(values)) - 1)])
