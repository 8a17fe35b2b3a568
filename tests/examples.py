"""How often a rule is tried with random cases: a little in every run, much when somebody asks.

Each run draws new cases, so many short runs see as much as a few long ones; what once failed is
tried again first. GILIRAN_DEEP=10 tries ten times as many cases of everything, for a rule that was
just changed or for a night in which nobody waits.
"""

import os
from typing import Final

TIMES: Final = int(os.environ.get("GILIRAN_DEEP", "1"))
USUAL: Final = 30


def examples(n: int = USUAL) -> int:
    """Return how many cases to try of a rule that takes ``n`` in an ordinary run."""
    return n * TIMES
