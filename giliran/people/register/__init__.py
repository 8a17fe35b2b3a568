"""The register: cards, spells of work, contributions and heirs, as the agency's files tell them.

``files`` opens a file, ``cells`` and ``columns`` read it, ``members``, ``work``,
``contributions`` and ``heirs`` each know one kind, ``importing`` takes a whole file or nothing.
Who asks about a person asks here.
"""

from giliran.people.register.queries import (
    CardView,
    HeirView,
    Months,
    SpellView,
    card,
    cards_of,
    contribution_months,
    heirs_of,
    spells,
)
from giliran.people.register.situation import situation_from_register

__all__ = [
    "CardView",
    "HeirView",
    "Months",
    "SpellView",
    "card",
    "cards_of",
    "contribution_months",
    "heirs_of",
    "situation_from_register",
    "spells",
]
