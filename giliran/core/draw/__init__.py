"""Who gets which place when more people ask than there are places: credit first, then chance.

`draw` gives the places, `audit` looks for broken guarantees in any result without knowing how it
was found. Nothing here draws a number of its own: the lottery numbers come with the market.
"""

from giliran.core.draw.audit import Audit, audit
from giliran.core.draw.market import Market
from giliran.core.draw.placing import Outcome, draw
from giliran.core.draw.rules import RULES, Rule, rounds_at_most, spread

__all__ = [
    "RULES",
    "Audit",
    "Market",
    "Outcome",
    "Rule",
    "audit",
    "draw",
    "rounds_at_most",
    "spread",
]
