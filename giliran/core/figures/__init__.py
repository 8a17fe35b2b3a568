"""What one history adds to the figures: whole numbers only, so that sums are exact.

A story is the events of one subject, oldest first: of a turn, a claim, a complaint, a counter's
day. ``facts`` says what it adds, whatever part of it is there; ``spread`` adds facts up into cells.
The figures are sums over stories: what a new event changes is the story's facts with it less its
facts before it, and a recount adds the same facts up anew.
"""

from giliran.core.figures.adding import Cell, Cells, add_longer, changed, spread
from giliran.core.figures.facts import Event, Fact, Story, Where
from giliran.core.figures.places import Hours, Places
from giliran.core.figures.reckoning import NOTHING, Value, mean_of_marks, percentile, share
from giliran.core.figures.stories import SUBJECTS, facts

__all__ = [
    "NOTHING",
    "SUBJECTS",
    "Cell",
    "Cells",
    "Event",
    "Fact",
    "Hours",
    "Places",
    "Story",
    "Value",
    "Where",
    "add_longer",
    "changed",
    "facts",
    "mean_of_marks",
    "percentile",
    "share",
    "spread",
]
