"""Cards that may belong to one person: what an officer decides, and what is joined after it.

A merger joins cards, never money: contributions and spells of employment stay on their card, and
whoever adds up asks for all cards that are joined. A joined card points at the one that stays
(``merged_into``); that one may later be joined to another, and those under it move along.
"""

from giliran.people.merging.asking import ask, parse_kpj
from giliran.people.merging.deciding import keep_apart, merge, note_look, undo
from giliran.people.merging.lists import Listed, decided, matches_of, open_matches
from giliran.people.merging.reading import (
    CardShown,
    JoinedCard,
    PairShown,
    Sums,
    cards_joined,
    pair,
    sums,
)
from giliran.people.merging.refusals import (
    AlreadyDecided,
    AlreadyTogether,
    BadChoice,
    BadKpj,
    BadReason,
    DecidedApart,
    NothingToUndo,
    UndoLaterFirst,
    UnknownCard,
)

__all__ = [
    "AlreadyDecided",
    "AlreadyTogether",
    "BadChoice",
    "BadKpj",
    "BadReason",
    "CardShown",
    "DecidedApart",
    "JoinedCard",
    "Listed",
    "NothingToUndo",
    "PairShown",
    "Sums",
    "UndoLaterFirst",
    "UnknownCard",
    "ask",
    "cards_joined",
    "decided",
    "keep_apart",
    "matches_of",
    "merge",
    "note_look",
    "open_matches",
    "pair",
    "parse_kpj",
    "sums",
    "undo",
]
