"""What a story doesn't tell of itself: an office's clock, and when it was open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple


class Hours(NamedTuple):
    """An office's hours on a day, aware."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """Offices as stories need them.

    ``zone`` is that of events of no office, and of an office that isn't known. ``hours`` says when
    an office was open on a day (None: it was shut, or nobody knows) and says the same ever after.
    """

    zones: Mapping[int, tzinfo]
    zone: tzinfo
    hours: Callable[[int, date], Hours | None]

    def local(self, office_id: int, moment: datetime) -> datetime:
        """Return a moment by an office's clock."""
        return moment.astimezone(self.zones.get(office_id, self.zone))
