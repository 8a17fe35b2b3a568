"""A value of the law and the days on which it was in force.

The core knows no files: `giliran.rules` reads them and hands over a `Law`. An answer asks
`law.on(day)` for what it needs, and that `LawOn` remembers every key that was read, so an
explanation can name each rule that was used and no other.
"""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

ONE_DAY = timedelta(days=1)

Value = Decimal | int | str | list[Any] | dict[str, Any]


class NotInForce(LookupError):
    """The rule exists, but no value of it was in force on that day."""


class UnknownRule(KeyError):
    """No rule has that key."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Dated:
    """One value with its first and last day in force, its law and how sure we are of it.

    `since` and `until` are inclusive days; `until` None means still in force. `sources` are
    addresses that a reader can open, or a title where the source has no public address.
    `confidence` is confirmed (two sources or more), single (one) or general (none: from memory).
    """

    value: Value
    since: date
    until: date | None
    law: str
    article: str
    sources: tuple[str, ...]
    confidence: str
    best_source: str = ""
    note: str = ""
    unverified: str = ""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def citation(self) -> str:
        """Give law and article in one line, as an officer would quote them."""
        return f"{self.law} {self.article}".strip()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One rule through time. `values` stand in order of time and never overlap.

    `changes_yearly_on` is a month and day ("03-01") for a value that the law moves every year.
    """

    key: str
    unit: str
    label_id: str
    label_en: str
    values: tuple[Dated, ...]
    last_value_still_valid_on: date
    note: str = ""
    changes_yearly_on: str = ""

    def at(self, day: date) -> Dated:
        """Give the value of `day`.

        Raises:
            NotInForce: the day lies before the first value, after the last, or between two.

        """
        place = bisect_right([dated.since for dated in self.values], day)
        if place and self.values[place - 1].holds_on(day):
            return self.values[place - 1]
        raise NotInForce(self._why_not(day, place))

    def _why_not(self, day: date, place: int) -> str:
        sentence = f"{self.key} was not in force on {day}"
        if place == 0:
            return f"{sentence}; the first value starts {self.values[0].since}"
        ended = self.values[place - 1].until
        if place < len(self.values):
            return f"{sentence}; it ended {ended} and starts again {self.values[place].since}"
        return f"{sentence}; the last value ended {ended}"

    @property
    def changes(self) -> tuple[date, ...]:
        """Give the days on which a new value starts, the first one included."""
        return tuple(dated.since for dated in self.values)


@dataclass(frozen=True, slots=True)
class Law:
    """Every rule, by key, through all of its time."""

    parameters: dict[str, Parameter]

    @classmethod
    def of(cls, parameters: Iterable[Parameter]) -> Law:
        return cls({parameter.key: parameter for parameter in parameters})

    def on(self, day: date) -> LawOn:
        """Give the law as it stood on `day`, with an empty record of what was read."""
        return LawOn(self, day)

    def __getitem__(self, key: str) -> Parameter:
        try:
            return self.parameters[key]
        except KeyError:
            near = difflib.get_close_matches(key, self.parameters, n=3, cutoff=0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise UnknownRule(f"There is no rule with the key {key!r}.{hint}") from None

    def __contains__(self, key: object) -> bool:
        return key in self.parameters

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters.values())

    def under(self, folder: str) -> tuple[Parameter, ...]:
        """Give the rules of a folder and its subfolders, e.g. "jht" or "documents/jkm"."""
        start = folder.rstrip("/") + "/"
        return tuple(one for key, one in self.parameters.items() if key.startswith(start))

    def changes_between(self, first: date, last: date) -> tuple[Change, ...]:
        """Give what began or ended from `first` to `last` (both included), in order of time."""
        found = []
        for parameter in self:
            before = [None, *parameter.values]
            for old, new in zip(before, parameter.values, strict=False):
                if first <= new.since <= last:
                    found.append(Change(new.since, parameter, old, new))
            ended = parameter.values[-1].until
            if ended is not None and first <= ended + ONE_DAY <= last:
                found.append(Change(ended + ONE_DAY, parameter, parameter.values[-1], None))
        return tuple(sorted(found, key=lambda change: (change.day, change.parameter.key)))


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule was until the day before, and what it is from `day` on; None: not in force."""

    day: date
    parameter: Parameter
    before: Dated | None
    after: Dated | None


@dataclass(slots=True)
class LawOn:
    """The law of one day. Reading leaves a trace in `used`: ordered, without duplicates."""

    law: Law
    day: date
    _used: dict[str, Dated] = field(default_factory=dict)

    def cite(self, key: str) -> Dated:
        """Give the dated value with its law and article, and record that `key` was used.

        Raises:
            UnknownRule: there is no such rule.
            NotInForce: the rule had no value on this day; nothing is recorded then.

        """
        if key not in self._used:
            self._used[key] = self.law[key].at(self.day)
        return self._used[key]

    def value(self, key: str) -> Any:
        """Give the bare value (rupiah and rates as Decimal), and record that `key` was used."""
        return self.cite(key).value

    def is_in_force(self, key: str) -> bool:
        """Say whether `key` has a value on this day, without recording a use.

        Raises:
            UnknownRule: there is no such rule.

        """
        return any(dated.holds_on(self.day) for dated in self.law[key].values)

    @property
    def used(self) -> tuple[str, ...]:
        return tuple(self._used)

    @property
    def citations(self) -> tuple[tuple[str, Dated], ...]:
        """Give key and dated value of everything that was read, in the order of reading."""
        return tuple(self._used.items())
