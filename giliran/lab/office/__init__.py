"""An office day, and a whole network of offices, played with people who don't exist.

Walk-ins come at a rate for each half-hour (before opening: the dawn queue), the booked around
their windows or not at all; people lose patience; services have a mean and a spread of their own;
counters open, close, pause and are on leave. Who is called next is the rule of `core.calling`,
whose order the tests hold this one to; what is booked comes from `core.offers`.

The same seed gives the same figures bit for bit, on any number of cores. Two scenarios with one
seed have the same people with the same chances (common random numbers), so that their difference
is told far better than by two separate runs. See docs/guides/lab.md.

numba is loaded by the first day that is played, never by importing this package.
"""

from giliran.lab.office.base import serang_office
from giliran.lab.office.figures import (
    CLASSES,
    Estimate,
    difference,
    estimate,
    figures,
    together,
)
from giliran.lab.office.own import own_office
from giliran.lab.office.packed import packed
from giliran.lab.office.play import (
    Comers,
    Ends,
    Fate,
    Run,
    Seen,
    joined,
    play,
    play_comers,
    play_visits,
)
from giliran.lab.office.scenarios import (
    with_fewer_shows,
    with_more_counters,
    with_prechecked,
)
from giliran.lab.office.setting import Booked, Counter, Office, Patience, Service, booked_by

__all__ = [
    "CLASSES",
    "Booked",
    "Comers",
    "Counter",
    "Ends",
    "Estimate",
    "Fate",
    "Office",
    "Patience",
    "Run",
    "Seen",
    "Service",
    "booked_by",
    "difference",
    "estimate",
    "figures",
    "joined",
    "own_office",
    "packed",
    "play",
    "play_comers",
    "play_visits",
    "serang_office",
    "together",
    "with_fewer_shows",
    "with_more_counters",
    "with_prechecked",
]
