"""The one place where an existing turn changes its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from giliran.core.refusal import NotFound
from giliran.core.turn import Move, State, after, sources
from giliran.turns.models import Turn


def move(
    turn_id: int,
    move: Move,
    *,
    now: datetime,
    actor: str,
    only_if: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Turn:
    """Make one move and return the turn as it is now.

    A single statement checks the state and changes it; of two at once, one wins and the other
    reads the state that it lost to. ``changes`` are further columns, ``only_if`` those
    that the turn must have, such as the counter that it must be at.

    Raises ``MoveNotAllowed`` or ``NotFound``.
    """
    demanded = only_if or {}
    states = sources(move)
    # All moves lead to one state but IDENTIFY, which leaves it alone.
    targets = {after(state, move) for state in states}
    if len(targets) == 1:
        changes["state"] = targets.pop()
    found = Turn.objects.filter(id=turn_id, state__in=states, **demanded)
    if not found.update(move=move, moved_at=now, moved_by=actor, **changes):
        current = Turn.objects.filter(id=turn_id, **demanded).first()
        if current is None:
            raise NotFound
        after(State(current.state), move)
        raise NotFound  # it changed between the two statements; the page shows what it is now
    return Turn.objects.select_related("office", "service", "counter").get(id=turn_id)
