"""What visitors said of their visits, by service: sums of ten or more, of a region's offices.

What an office doesn't show can't be reckoned from its own sum nor from the region's: both come from
one table of the region (``core.disclosure``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from giliran.core.disclosure import Cell, Withheld, left_out, withheld
from giliran.core.satisfaction import FEWEST, HIGHEST, LOWEST, Mean, mean
from giliran.voices.models import Opinion


class ServiceOpinion(NamedTuple):
    """How visitors of one service found it, from 1 to 4; None: not told."""

    code: str
    name: str
    overall: Mean | None


class _Table(NamedTuple):
    said: Mapping[Cell, Counter[int]]
    names: Mapping[int, tuple[str, str]]

    @property
    def left_out(self) -> frozenset[int]:
        """Return the offices that the region's own sum doesn't hold either."""
        totals: Counter[int] = Counter()
        for (office, _), scores in self.said.items():
            totals[office] += scores.total()
        return left_out(totals, fewest=FEWEST)

    @property
    def summed(self) -> dict[Cell, Counter[int]]:
        out = self.left_out
        return {cell: scores for cell, scores in self.said.items() if cell[0] not in out}

    @property
    def withheld(self) -> Withheld:
        counts = {cell: scores.total() for cell, scores in self.summed.items()}
        return withheld(counts, fewest=FEWEST)


def of_office(
    office_id: int, among: Collection[int], first: date, last: date
) -> list[ServiceOpinion]:
    """Return what was said at one office, service by service; ``among`` are its region's offices.

    Services of which nobody said anything are left out. Days are both included.
    """
    table = _table({office_id, *among}, first, last)
    here = {cell[1]: scores for cell, scores in table.said.items() if cell[0] == office_id}
    if office_id in table.left_out:
        return _told(table, here, set(here))
    cells = table.withheld.cells
    return _told(table, here, {service for office, service in cells if office == office_id})


def of_offices(among: Collection[int], first: date, last: date) -> list[ServiceOpinion]:
    """Return what was said at all offices of a region together, service by service."""
    table = _table(among, first, last)
    sums: dict[int, Counter[int]] = {}
    for (_, service), scores in table.summed.items():
        sums[service] = sums.get(service, Counter()) + scores
    return _told(table, sums, table.withheld.sums)


def _table(office_ids: Collection[int], first: date, last: date) -> _Table:
    replied = Opinion.objects.filter(
        office_id__in=office_ids, day__range=(first, last), score__isnull=False
    )
    rows = replied.values_list(
        "office_id", "service_id", "service__code", "service__name", "score"
    ).annotate(n=Count("id"))
    said: dict[Cell, Counter[int]] = {}
    names = {}
    for office, service, code, name, score, n in rows.order_by():
        said.setdefault((office, service), Counter())[score or 0] += n
        names[service] = code, name
    return _Table(said, names)


def _told(
    table: _Table, said: Mapping[int, Counter[int]], kept_back: Collection[int]
) -> list[ServiceOpinion]:
    found = [
        ServiceOpinion(*table.names[service], None if service in kept_back else _mean(scores))
        for service, scores in said.items()
    ]
    return sorted(found, key=lambda one: one.name)


def _mean(scores: Counter[int]) -> Mean | None:
    return mean([scores[score] for score in range(LOWEST, HIGHEST + 1)])
