"""How times, offices and papers are written in a message; in the language that is switched on."""

from __future__ import annotations

from giliran.messages.spoken import (
    PLACE_LETTERS,
    brief_day,
    clock,
    day,
    hour,
    local_day,
    place,
    tail,
    window,
)
from giliran.turns.bring import papers_that_tell_nothing

__all__ = [
    "PLACE_LETTERS",
    "brief_day",
    "clock",
    "day",
    "hour",
    "local_day",
    "papers",
    "place",
    "tail",
    "window",
]


def papers(service_code: str) -> str:
    """Return what to bring in one line, without what would tell why somebody comes."""
    named = papers_that_tell_nothing(service_code)
    return ", ".join([named[0], *(_inside(paper) for paper in named[1:])])


def _inside(paper: str) -> str:
    """Write a paper in the middle of a sentence; KTP stays KTP."""
    return paper[0].lower() + paper[1:] if paper[1:2].islower() else paper
