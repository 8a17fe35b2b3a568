"""What it costs to set places against the count, shown before the reason is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext

from giliran.capacity import actions as capacity


class Line(NamedTuple):
    """One figure as counted, and with the places set by hand."""

    label: str
    counted: str
    by_hand: str


class Weighing(NamedTuple):
    """What the manager wants, and what follows from it."""

    offer_id: int
    computed: int
    places: int
    lines: list[Line]
    reason: str

    @property
    def field(self) -> str:
        """Return what the field for the reason is called after."""
        return str(self.offer_id)


def weigh(office: Any, offer_id: int, places: int, *, reason: str = "") -> Weighing:
    """Return what other places would cost. Raises as ``capacity.cost_of`` does."""
    cost = capacity.cost_of(offer_id, places, office_id=office.id)
    return Weighing(offer_id, cost.computed, places, list(_lines(cost)), reason)


def _lines(cost: capacity.Cost) -> Iterator[Line]:
    if cost.counted is None or cost.by_hand is None:
        return
    pairs = zip(cost.counted, cost.by_hand, strict=True)
    names = (
        gettext("Janji ditepati: dipanggil paling lambat 20 menit sesudah jamnya"),
        gettext("Datang langsung: dipanggil dalam 1 jam"),
        gettext("Rata-rata menunggu"),
        gettext("Waktu petugas tanpa orang yang dilayani"),
    )
    for k, (name, pair) in enumerate(zip(names, pairs, strict=True)):
        yield Line(name, *(_share(one) if k < 2 else _minutes(one) for one in pair))  # noqa: PLR2004


def _share(one: float) -> str:
    return gettext("%(n)s persen") % {"n": round(100 * one)}


def _minutes(one: float) -> str:
    return gettext("%(n)s menit") % {"n": round(one)}
