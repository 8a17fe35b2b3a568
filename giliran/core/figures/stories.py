"""Which subjects of the journal count, and who tells the story of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from giliran.core.figures.cases import claim, complaint, opinion
from giliran.core.figures.facts import Fact, Story
from giliran.core.figures.places import Places
from giliran.core.figures.staff import counter_day, leave, loan
from giliran.core.figures.visits import away, placed, promise, visit

_TELLERS: Mapping[str, Callable[[Story, Places], list[Fact]]] = {
    "turn": visit,
    "door": away,
    "application": placed,
    "promise": promise,
    "claim": claim,
    "complaint": complaint,
    "opinion": opinion,
    "counter": counter_day,
    "absence": leave,
    "lending": loan,
}
SUBJECTS = tuple(_TELLERS)


def facts(subject: str, story: Story, places: Places) -> list[Fact]:
    """Return what a story adds; nothing where its beginning is missing."""
    return _TELLERS[subject](story, places)
