"""A rule's value in words: money, rates, times; and what changed about a rule."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import get_language, ngettext_lazy

from giliran.core.eligibility.sentence import percent_text, rupiah_text
from giliran.core.parameters import Change, Dated, LawOn, Parameter

UNITS = {
    "age_years": ngettext_lazy("%(n)s tahun", "%(n)s tahun", "count"),
    "years": ngettext_lazy("%(n)s tahun", "%(n)s tahun", "count"),
    "months": ngettext_lazy("%(n)s bulan", "%(n)s bulan", "count"),
    "days": ngettext_lazy("%(n)s hari kalender", "%(n)s hari kalender", "count"),
    "working_days": ngettext_lazy("%(n)s hari kerja", "%(n)s hari kerja", "count"),
    "hours": ngettext_lazy("%(n)s jam", "%(n)s jam", "count"),
    "times": ngettext_lazy("%(n)s kali", "%(n)s kali", "count"),
    "people": ngettext_lazy("%(n)s orang", "%(n)s orang", "count"),
    "multiple_of_wage": ngettext_lazy("%(n)s kali upah", "%(n)s kali upah", "count"),
    "day_of_month": ngettext_lazy("tanggal %(n)s", "tanggal %(n)s", "count"),
}


class Changed(NamedTuple):
    """One change: `before` and `after` in words, or names of papers.

    `eased` papers are still listed, but asked for otherwise than before.
    """

    change: Change
    label: str
    before: str
    after: str
    added: list[str]
    removed: list[str]
    eased: list[str]


def indonesian() -> bool:
    """Say whether the reader reads Indonesian."""
    return not (get_language() or "id").startswith("en")


def label_of(parameter: Parameter) -> str:
    """Name a rule in the reader's language."""
    return parameter.label_id if indonesian() else parameter.label_en


def value_text(value: Any, unit: str) -> str:
    """Write a number, or a list of numbers, with its unit; "" for a table or a coded word."""
    if isinstance(value, list):
        parts = [value_text(one, unit) for one in value]
        if not parts or "" in parts:
            return ""
        return parts[0] if len(set(parts)) == 1 else ", ".join(parts)
    if isinstance(value, Decimal) and unit == "rupiah":
        return rupiah_text(value)
    if isinstance(value, Decimal) and unit == "rate":
        return percent_text(value)
    if isinstance(value, int | Decimal) and unit in UNITS:
        number = format(value, "f") if isinstance(value, Decimal) else str(value)
        return str(UNITS[unit] % {"n": number, "count": 1 if value == 1 else 2})
    return ""


def rows_text(value: Any) -> list[tuple[str, str]]:
    """Give the rows of a table that name themselves: (name, rate or rupiah)."""
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return []
    label = "label_id" if indonesian() else "label_en"
    found = []
    for row in value:
        if label not in row:
            return []
        rate, most, amount = row.get("rate"), row.get("rate_at_most"), row.get("amount")
        if amount is not None:
            text = rupiah_text(amount)
        elif rate is not None:
            text = percent_text(rate)
            text += f"–{percent_text(most)}" if most not in {None, rate} else ""
        else:
            return []
        found.append((row[label], text))
    return found


def changed(change: Change, law: LawOn) -> Changed:
    """Put a change into words; papers are compared one by one."""
    one = change.parameter
    before, after = _codes(change.before, one), _codes(change.after, one)
    names: Any = law.law["documents/catalogue"].values[-1].value
    return Changed(
        change,
        label_of(one),
        _words(change.before, one.unit),
        _words(change.after, one.unit),
        [_name(code, names) for code in after if code not in before] if before else [],
        [_name(code, names) for code in before if code not in after] if after else [],
        [_name(code, names) for code in after if before.get(code, after[code]) != after[code]],
    )


def _words(dated: Dated | None, unit: str) -> str:
    return value_text(dated.value, unit) if dated else ""


def _codes(dated: Dated | None, one: Parameter) -> dict[str, str]:
    """Give each paper's code and when it is needed."""
    if dated is None or one.unit != "documents" or not isinstance(dated.value, list):
        return {}
    return {row["doc"]: row["need"] for row in dated.value}


def _name(code: str, names: Mapping[str, Any]) -> str:
    row = names.get(code, {})
    return str(row.get("id" if indonesian() else "en", code))
