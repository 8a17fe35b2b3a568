"""The life of something that moves from state to state: what it may do, and its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from giliran.core.refusal import Refusal

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Life(Generic[S, M]):
    """Which move leads from which state to which.

    ``births`` are the moves that begin it, with the state that follows; ``end`` is a state that
    allows nothing, named where something that isn't there yet is moved. ``refuse`` makes the
    refusal of a move.
    """

    steps: Mapping[M, Mapping[S, S]]
    births: Mapping[M, S]
    end: S
    refuse: Callable[[M, S], Refusal]

    def possible(self, state: S) -> tuple[M, ...]:
        """Return the moves that a state allows, in the order of the moves' names."""
        moves = type(next(iter(self.births)))
        return tuple(move for move in moves if state in self.steps.get(move, {}))

    def sources(self, move: M) -> tuple[S, ...]:
        """Return the states from which a move starts; empty for one that begins a life."""
        return tuple(self.steps.get(move, {}))

    def after(self, state: S, move: M) -> S:
        """Return the state that follows, or raise the refusal."""
        try:
            return self.steps[move][state]
        except KeyError:
            raise self.refuse(move, state) from None

    def rebuild(self, events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Return what a history adds up to: each event's changed columns, in order.

        ``events`` are the ``data`` of the journal's events, oldest first. The move named in each is
        checked against the state before it, so a forged or missing event is found: raises the
        refusal.
        """
        moves, states = type(next(iter(self.births))), type(self.end)
        found: dict[str, Any] = {}
        for data in events:
            move = moves(data["move"])
            if found:
                expected = self.after(states(found["state"]), move)
            elif move in self.births:
                expected = self.births[move]
            else:
                raise self.refuse(move, self.end)
            found.update(data)
            if found["state"] != expected:
                raise self.refuse(move, states(found["state"]))
        return found
