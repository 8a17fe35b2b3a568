"""The life of something that moves from state to state: what it may do, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from giliran.core.refusal import Refusal

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


class MoveRefused(Refusal):
    """A state does not allow a move; says which moves it does allow.

    Its parameters are Indonesian words, where a life has some; ``move``, ``state`` and ``allowed``
    are kept for other languages.
    """

    move_words: ClassVar[Mapping[Any, str]] = {}
    state_words: ClassVar[Mapping[Any, str]] = {}

    def __init__(self, move: StrEnum, state: StrEnum, allowed: Iterable[StrEnum]) -> None:
        self.move = move
        self.state = state
        self.allowed = tuple(allowed)
        words = self.move_words
        super().__init__(
            move=words.get(move, move.value),
            state=self.state_words.get(state, state.value),
            possible=", ".join(words.get(one, one.value) for one in self.allowed) or "-",
        )


@dataclass(frozen=True, slots=True)
class Life(Generic[S, M]):
    """Which move leads from which state to which.

    ``births`` are the moves that begin it, with the state that follows; ``end`` is a state that
    allows nothing, named where something that isn't there yet is moved. ``refuse`` is the
    refusal of a move that it doesn't allow.
    """

    steps: Mapping[M, Mapping[S, S]]
    births: Mapping[M, S]
    end: S
    refuse: type[MoveRefused]

    def possible(self, state: S) -> tuple[M, ...]:
        """Return the moves that a state allows, in the order of the moves' names."""
        moves = type(next(iter(self.births)))
        return tuple(move for move in moves if state in self.steps.get(move, {}))

    def sources(self, move: M) -> tuple[S, ...]:
        """Return the states from which a move starts; empty for one that begins a life."""
        return tuple(self.steps.get(move, {}))

    def refused(self, move: M, state: S) -> MoveRefused:
        """Return the refusal of a move that a state doesn't allow."""
        return self.refuse(move, state, self.possible(state))

    def after(self, state: S, move: M) -> S:
        """Return the state that follows, or raise the refusal."""
        try:
            return self.steps[move][state]
        except KeyError:
            raise self.refused(move, state) from None

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
                raise self.refused(move, self.end)
            found.update(data)
            if found["state"] != expected:
                raise self.refused(move, states(found["state"]))
        return found
