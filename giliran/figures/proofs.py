"""Whether the figure moved that a corrective action was to move."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db import connection
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from giliran.figures import series
from giliran.figures.measures import MEASURES, Measure
from giliran.offices import queries as offices
from giliran.voices.findings import ActionView, FindingView

SPAN: Final = timedelta(days=28)


class Proof(NamedTuple):
    """A figure of before and of the last 28 days, as text, with what it says."""

    label: str
    before_of: str
    """What ``before`` is of: the days before the finding, or the first that are on record."""
    before: str
    after: str
    target: str
    is_reached: bool | None
    """None: too little is known since the finding."""
    said: str
    note: str


def offices_of(of: FindingView) -> list[int]:
    """Return the offices whose figures count for a finding."""
    if of.office_id is not None:
        return [of.office_id]
    return [one.id for one in offices.offices(region_id=of.region_id)]


def proof_of(
    action: ActionView, office_ids: list[int], *, received_on: date, today: date
) -> Proof | None:
    """Return the action's figure, measured by the house itself; None where none was named.

    Before: the 28 days before the report came, or, for a report that is older than the records, the
    first 28 days on record. After: the last 28 whole days, at the earliest from the day on which it
    came. A count is told per day, so that a short span isn't a small number.
    """
    measure = MEASURES.get(action.measure)
    if measure is None or action.target is None:
        return None
    before = _value(measure, office_ids, received_on - SPAN, received_on - _DAY)
    before_of, first = gettext("Sebelum temuan"), max(received_on, today - SPAN)
    begins = _first_on_record(office_ids) if before.value is None else None
    if begins is not None and received_on <= begins <= first - SPAN:
        before = _value(measure, office_ids, begins, begins + SPAN - _DAY)
        before_of = gettext("28 hari pertama, sejak %(day)s") % {"day": _day(begins)}
    after = _value(measure, office_ids, first, today - _DAY) if first < today else _NOTHING
    target = float(action.target)
    reached: bool | None = None
    if after.value is not None:
        is_at_most = action.direction == "at_most"
        reached = after.value <= target if is_at_most else after.value >= target
    return Proof(
        gettext(measure.label),
        before_of,
        _text(measure, before.value),
        _text(measure, after.value),
        f"{'≤' if action.direction == 'at_most' else '≥'} {_text(measure, target)}",
        reached,
        _said(before.value, after.value, is_reached=reached, better=measure.better),
        _note(measure, after, is_older=before.value is None or begins is not None),
    )


class _Per(NamedTuple):
    value: float | None
    n: int


_DAY: Final = timedelta(days=1)
_NOTHING: Final = _Per(None, 0)


def _value(measure: Measure, ids: list[int], first: date, last: date) -> _Per:
    found = series.value(measure.key, ids, first, last)
    if found.value is None:
        return _NOTHING
    if measure.kind == "count":
        # Nothing was counted where nobody was there to be counted.
        came = series.value("came", ids, first, last).value
        if not came and not found.value:
            return _NOTHING
        return _Per(found.value / ((last - first).days + 1), found.n)
    return _Per(found.value, found.n)


def _first_on_record(office_ids: list[int]) -> date | None:
    """Return the first day on which somebody came to one of these offices."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(first) FROM figures_cell WHERE span = 'day' AND split = 'all' "
            "AND office_id = ANY(%s) AND counts ? 'came'",
            [office_ids],
        )
        found: date | None = cursor.fetchone()[0]
    return found


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _text(measure: Measure, value: float | None) -> str:
    if value is None:
        return "–"
    number = round(100 * value if measure.kind == "share" else value, 1)
    text = number_format(number, 0 if number == int(number) else 1)
    if measure.kind == "share":
        return f"{text}%"
    return gettext("%(n)s sehari") % {"n": text} if measure.kind == "count" else str(text)


def _said(
    before: float | None, after: float | None, *, is_reached: bool | None, better: str
) -> str:
    if after is None:
        return gettext("Sejak temuan ini belum ada yang tercatat.")
    if is_reached:
        return gettext("Target tercapai dalam 28 hari terakhir.")
    if before is None:
        return gettext("Target belum tercapai. Dari sebelum temuan tidak ada catatan.")
    if after == before:
        return gettext("Angkanya belum bergerak.")
    if (after < before) == (better == "down"):
        return gettext("Angkanya membaik, tetapi target belum tercapai.")
    return gettext("Angkanya memburuk.")


def _note(measure: Measure, after: _Per, *, is_older: bool) -> str:
    parts = []
    if is_older:
        parts.append(gettext("Sebelum temuan belum ada catatan di sistem ini."))
    if after.value is not None and measure.kind != "count":
        parts.append(gettext("Dari %(n)s catatan.") % {"n": after.n})
    return " ".join(parts)
