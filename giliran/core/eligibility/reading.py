"""Read plain JSON values field by field; say which field is wrong, what it needs, and show one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from giliran.core.eligibility.words import Words, plain_word
from giliran.core.refusal import BadInput, gettext_noop

YES = frozenset({"true", "yes", "y", "ya", "iya", "sudah", "ada", "1", "aktif", "active"})
NO = frozenset({"false", "no", "n", "tidak", "belum", "bukan", "0", "nonaktif", "inactive"})
UNKNOWN = frozenset({"", "unknown", "tidak tahu", "tidak_tahu", "belum tahu", "?"})
HIGHEST_AGE = 120
MOST = 20
MOST_RUPIAH = 10**15
EARLIEST_YEAR = 1900
LATEST_YEAR = 2200


class UnreadableField(BadInput):
    """Kolom ini tidak dapat dibaca."""

    code = "unreadable_field"
    sentence = gettext_noop(
        "Kolom %(at)s tidak dapat dibaca: tertulis %(found)s. Isi dengan %(expected)s, "
        "contoh: %(example)s."
    )

    def __init__(self, field: str, *, found: str, expected: str, example: str) -> None:
        super().__init__(field, at=field, found=found, expected=expected, example=example)


class UnreadableSituation(BadInput):
    """One or more fields can't be read; `problems` has a refusal for each."""

    code = "unreadable_situation"
    sentence = gettext_noop("%(count)s kolom tidak dapat dibaca. %(all)s")

    def __init__(self, problems: tuple[UnreadableField, ...]) -> None:
        self.problems = problems
        sentences = " ".join(str(one) for one in problems)
        super().__init__(problems[0].field, count=len(problems), all=sentences)


@dataclass(frozen=True, slots=True)
class UnreadField:
    """A field that the schema doesn't know, and the known one it resembles."""

    field: str
    nearest: str


class Log:
    """What went wrong while reading, shared by a reader and its parts."""

    def __init__(self) -> None:
        self.problems: list[UnreadableField] = []
        self.unread: list[UnreadField] = []


class Reader:
    """One JSON object. A missing or empty field reads as None: unknown, to be asked for."""

    def __init__(self, values: Mapping[str, Any], *, path: str = "", log: Log) -> None:
        self._values = {str(key).strip().lower(): value for key, value in values.items()}
        self._path = path
        self._known: set[str] = set()
        self.log = log

    def __bool__(self) -> bool:
        return bool(self._values)

    def _take(self, *names: str) -> tuple[str, Any]:
        self._known.update(names)
        for name in names:
            value = self._values.get(name)
            if value is not None and not (
                isinstance(value, str) and value.strip().lower() in UNKNOWN
            ):
                return self._at(name), value
        return self._at(names[0]), None

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _refuse(self, field: str, found: Any, expected: str, example: str) -> None:
        if any(one.field == field for one in self.log.problems):
            return
        shown = repr(found) if not isinstance(found, str) else f'"{found}"'
        self.log.problems.append(
            UnreadableField(field, found=shown[:60], expected=expected, example=example)
        )

    def day(self, *names: str) -> date | None:
        """Read YYYY-MM-DD, YYYY-MM (its first day) or DD-MM-YYYY."""
        field, value = self._take(*names)
        if value is None or (isinstance(value, date)):
            return value
        found = day_of(str(value))
        if found is None:
            self._refuse(field, value, "tanggal tahun-bulan-hari", '"2026-11-21"')
        return found

    def money(self, *names: str) -> Decimal | None:
        """Read rupiah: a number, or text such as "Rp42.000.000"; never below zero."""
        field, value = self._take(*names)
        if value is None:
            return None
        amount = money_of(value)
        if amount is None or not 0 <= amount <= MOST_RUPIAH:
            self._refuse(field, value, "jumlah rupiah, tidak kurang dari 0", "42000000")
            return None
        return amount

    def number(self, *names: str, highest: int = 10**6) -> Decimal | None:
        """Read a number from 0 to `highest`, fractions allowed."""
        field, value = self._take(*names)
        if value is None:
            return None
        try:
            found = None if isinstance(value, bool) else Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or not 0 <= found <= highest:
            self._refuse(field, value, f"angka dari 0 sampai {highest}", "12")
            return None
        return found

    def whole(self, *names: str, highest: int = 10**6) -> int | None:
        """Read a whole number from 0 to `highest`."""
        field, value = self._take(*names)
        if value is None:
            return None
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}(\.0+)?", text):
            self._refuse(field, value, f"bilangan bulat dari 0 sampai {highest}", "12")
            return None
        found = int(float(text))
        if found > highest:
            self._refuse(field, value, f"bilangan bulat dari 0 sampai {highest}", "12")
            return None
        return found

    def flag(self, *names: str) -> bool | None:
        """Read true or false (also "ya" and "tidak")."""
        field, value = self._take(*names)
        if value is None or isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        if text in YES or text in NO:
            return text in YES
        self._refuse(field, value, "true atau false (ya atau tidak)", "true")
        return None

    def text(self, *names: str) -> str:
        """Read text; empty when missing."""
        _, value = self._take(*names)
        return "" if value is None else str(value).strip()

    def word(self, *names: str, words: Words) -> str:
        """Read one of a list of words or of their other spellings; empty when missing."""
        field, value = self._take(*names)
        if value is None:
            return ""
        found = words.find(str(value))
        if found is None:
            near = difflib.get_close_matches(plain_word(str(value)), words.spellings, n=1)
            example = near[0] if near else words.names[0]
            self._refuse(field, value, "salah satu dari " + ", ".join(words), f'"{example}"')
        return found or ""

    def words(self, *names: str, words: Words) -> tuple[str, ...]:
        """Read a list of such words; a single word counts as a list of one."""
        field, value = self._take(*names)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        one_by_one = [
            Reader({"one": one}, path=f"{field}[{place}]", log=self.log).word("one", words=words)
            for place, one in enumerate(listed)
        ]
        return tuple(one for one in one_by_one if one)

    def part(self, *names: str) -> Reader:
        """Read an object inside; a missing one reads as empty."""
        field, value = self._take(*names)
        if value is not None and not isinstance(value, Mapping):
            self._refuse(field, value, "objek JSON dengan kurung kurawal", "{}")
            value = None
        return Reader(value or {}, path=field, log=self.log)

    def holds_object(self, name: str) -> bool:
        return isinstance(self._values.get(name), Mapping)

    def parts(self, *names: str) -> tuple[Reader, ...] | None:
        """Read a list of objects; None when it is missing (an empty list is an answer)."""
        field, value = self._take(*names)
        if value is None:
            return None
        listed = [value] if isinstance(value, Mapping) else value
        if not isinstance(listed, list):
            self._refuse(field, value, "daftar JSON dengan kurung siku", "[]")
            return None
        readers = []
        for place, one in enumerate(listed):
            if isinstance(one, Mapping):
                readers.append(Reader(one, path=f"{field}[{place}]", log=self.log))
            else:
                self._refuse(f"{field}[{place}]", one, "objek JSON", "{}")
        return tuple(readers)

    def count_instead_of_list(self, *names: str) -> int | None:
        """Read a bare number where a list belongs ("children": 2); None if it is none."""
        for name in names:
            value = self._values.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST:
                self._known.update(names)
                return value
        return None

    def close(self) -> None:
        """Note every field that nobody asked for."""
        for name in self._values:
            if name not in self._known and not name.startswith(("_", "$")):
                near = difflib.get_close_matches(name, sorted(self._known), n=1, cutoff=0.6)
                self.log.unread.append(UnreadField(self._at(name), near[0] if near else ""))


def day_of(text: str) -> date | None:
    """Read a day; None if it isn't one."""
    text = text.strip()[:10] if re.match(r"\d{4}-\d\d-\d\dT", text.strip()) else text.strip()
    shapes = (
        (r"(?P<y>\d{4})[-/](?P<m>\d{1,2})(?:[-/](?P<d>\d{1,2}))?"),
        (r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})"),
    )
    for shape in shapes:
        match = re.fullmatch(shape, text)
        if match:
            try:
                found = date(int(match["y"]), int(match["m"]), int(match["d"] or 1))
            except ValueError:
                return None
            return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None
    return None


def money_of(value: Any) -> Decimal | None:
    """Read whole rupiah; None if it isn't an amount."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(round(value)) if abs(value) <= MOST_RUPIAH else None
    text = re.sub(r"(?i)^\s*(rp\.?|idr)\s*|\s+", "", str(value))
    text = re.sub(r",(00?|-)$", "", text)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        text = re.sub(r"[.,]", "", text)
    return Decimal(text) if re.fullmatch(r"-?\d{1,18}", text) else None
