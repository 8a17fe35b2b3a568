"""Bringing offices and services in from CSV: the whole file or nothing, every fault named."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from giliran.core.calling import POLICIES
from giliran.offices.actions import reading
from giliran.offices.models import Break, Counter, Office, Region, Service, WeeklyHours

GIVEN_SHOWN = 60
SINCE_EVER = date(2020, 1, 1)
ZONES = frozenset({"Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"})
OFFICE_COLUMNS = (
    "slug",
    "name",
    "kind",
    "region",
    "region_name",
    "parent",
    "address",
    "latitude",
    "longitude",
    "time_zone",
    "seats",
    "counters",
    "hours",
    "breaks",
    "calling_policy",
    "window_minutes",
    "walk_in_percent",
    "is_demo",
)
SERVICE_COLUMNS = ("code", "letter", "name", "name_en", "hint", "hint_en", "typical_minutes")


class RowFault(NamedTuple):
    """What is wrong where: line 1 is the header."""

    line: int
    column: str
    given: str
    expected: str

    def __str__(self) -> str:
        # A terminal obeys control characters, and a cell may hold megabytes.
        given = "".join(c if c.isprintable() else "�" for c in self.given[:GIVEN_SHOWN])
        more = "…" if len(self.given) > GIVEN_SHOWN else ""
        column = f", kolom {self.column}" if self.column else ""
        return f"baris {self.line}{column}: “{given}{more}”; {self.expected}"


class BadRows(Exception):
    """The file was not imported, and nothing was changed; ``faults`` names every bad cell."""

    def __init__(self, faults: list[RowFault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class Rows:
    """The rows of a file, and the faults found in them so far."""

    def __init__(self, content: str, columns: tuple[str, ...]) -> None:
        self.faults: list[RowFault] = []
        self.rows: list[tuple[int, dict[str, str]]] = []
        reader = csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""))
        try:
            header = [name.strip() for name in next(reader, [])]
            self._check_header(header, columns)
            # Rows are counted as the spreadsheet counts them: with empty rows and the header.
            for line, cells in enumerate(reader, start=2):
                if any(cell.strip() for cell in cells):
                    self._add(line, header, cells)
        except csv.Error as error:
            where = len(self.rows) + 1
            raise BadRows([RowFault(where, "", "", f"bukan CSV: {error}")]) from None
        if not self.rows and not self.faults:
            self.faults.append(RowFault(2, columns[0], "", "paling sedikit satu baris"))

    def _check_header(self, header: list[str], columns: tuple[str, ...]) -> None:
        missing = [c for c in columns if c not in header]
        if missing:
            raise BadRows([RowFault(1, ", ".join(missing), "", "kolom ini harus ada")])
        twice = [c for c in columns if header.count(c) > 1]
        if twice:
            raise BadRows([RowFault(1, c, c, "kolom ini ditulis dua kali") for c in twice])

    def _add(self, line: int, header: list[str], cells: list[str]) -> None:
        surplus = [cell for cell in cells[len(header) :] if cell.strip()]
        if surplus:
            expected = f"paling banyak {len(header)} sel; beri tanda kutip pada sel yang berkoma"
            self.faults.append(RowFault(line, "", surplus[0], expected))
            return
        cells += [""] * (len(header) - len(cells))
        self.rows.append((line, dict(zip(header, cells, strict=False))))

    def read(self, how: dict[str, Callable[[str], Any]]) -> list[dict[str, Any]]:
        """Return every row with each column read as it must be, None where that failed."""
        return [
            {column: self._cell(line, column, row[column], how[column]) for column in how}
            for line, row in self.rows
        ]

    def _cell(self, line: int, column: str, cell: str, how: Callable[[str], Any]) -> Any:
        try:
            return how(reading.storable(cell))
        except reading.BadCell as fault:
            self.faults.append(RowFault(line, column, cell, str(fault)))
            return None

    def once(self, column: str) -> None:
        """Note every repeated value of a column that must not repeat."""
        seen: dict[str, int] = {}
        for line, row in self.rows:
            value = row[column].strip()
            if value in seen:
                already = f"sudah ada di baris {seen[value]}"
                self.faults.append(RowFault(line, column, value, already))
            seen.setdefault(value, line)

    def done(self) -> None:
        if self.faults:
            raise BadRows(sorted(self.faults))


def import_services(content: str) -> int:
    """Create or change services from CSV with ``SERVICE_COLUMNS``; returns how many rows.

    Raises ``BadRows``; then nothing has changed.
    """
    file = Rows(content, SERVICE_COLUMNS)
    file.once("code")
    file.once("letter")
    how: dict[str, Callable[[str], Any]] = {
        "code": reading.slug,
        "letter": lambda c: reading.one_of(c, frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
        "name": lambda c: reading.text(c, most=reading.NAME_AT_MOST),
        "name_en": lambda c: reading.text(c, most=reading.NAME_AT_MOST),
        "hint": lambda c: reading.text(c, most=reading.HINT_AT_MOST, least=0),
        "hint_en": lambda c: reading.text(c, most=reading.HINT_AT_MOST, least=0),
        "typical_minutes": lambda c: reading.whole(c, least=1, most=240),
    }
    fresh = file.read(how)
    _check_letters(file, fresh)
    file.done()
    with transaction.atomic():
        for position, fields in enumerate(fresh):
            code = fields.pop("code")
            Service.objects.update_or_create(code=code, defaults={**fields, "position": position})
    return len(fresh)


def _check_letters(file: Rows, fresh: list[dict[str, Any]]) -> None:
    """Note every letter that another service has: two services would share queue numbers.

    Services can't swap letters in one file either: today's numbers already begin with them.
    """
    owners = dict(Service.objects.values_list("letter", "code"))
    for (line, _), fields in zip(file.rows, fresh, strict=True):
        owner = owners.get(fields["letter"])
        if fields["code"] and owner not in {None, fields["code"]}:
            expected = f"huruf ini milik layanan {owner}"
            file.faults.append(RowFault(line, "letter", fields["letter"], expected))


def import_offices(content: str) -> int:
    """Create or change offices from CSV with ``OFFICE_COLUMNS``; returns how many rows.

    Counters that the file no longer names stay: turns were served at them. Hours and breaks are
    replaced. Raises ``BadRows``; then nothing has changed.
    """
    file = Rows(content, OFFICE_COLUMNS)
    file.once("slug")
    services = {service.code: service for service in Service.objects.all()}
    known = {row["slug"].strip() for _, row in file.rows} | set(
        Office.objects.values_list("slug", flat=True)
    )
    fresh = file.read(_office_cells(frozenset(services), frozenset(known)))
    for (line, row), fields in zip(file.rows, fresh, strict=True):
        if fields["parent"] and fields["parent"] == fields["slug"]:
            file.faults.append(RowFault(line, "parent", row["parent"], "kantor lain"))
    file.done()
    with transaction.atomic():
        # A parent may stand below its booth in the file, so parents are linked last.
        parents = {fields["slug"]: fields.pop("parent") for fields in fresh}
        for fields in fresh:
            _keep(fields, services)
        for slug, parent in parents.items():
            above = Office.objects.get(slug=parent) if parent else None
            Office.objects.filter(slug=slug).update(parent=above)
    return len(fresh)


def _office_cells(
    services: frozenset[str], offices: frozenset[str]
) -> dict[str, Callable[[str], Any]]:
    kinds = frozenset(str(kind) for kind in Office.Kind.values)
    return {
        "slug": reading.slug,
        "name": lambda c: reading.text(c, most=reading.NAME_AT_MOST),
        "kind": lambda c: reading.one_of(c, kinds),
        "region": reading.slug,
        "region_name": lambda c: reading.text(c, most=reading.NAME_AT_MOST),
        "parent": lambda c: reading.one_of(c, offices) if c.strip() else "",
        "address": lambda c: reading.text(c, most=reading.ADDRESS_AT_MOST),
        "latitude": lambda c: reading.degrees(c, most=90),
        "longitude": lambda c: reading.degrees(c, most=180),
        "time_zone": lambda c: reading.one_of(c, ZONES),
        "seats": lambda c: reading.whole(c, least=0, most=5000),
        "counters": lambda c: reading.counters(c, services),
        "hours": reading.opening_hours,
        "breaks": reading.spans,
        "calling_policy": lambda c: reading.one_of(c, frozenset(POLICIES)),
        "window_minutes": lambda c: reading.whole(c, least=5, most=240),
        "walk_in_percent": lambda c: reading.whole(c, least=0, most=100),
        "is_demo": lambda c: reading.one_of(c, frozenset({"ya", "tidak"})) == "ya",
    }


def _keep(fields: dict[str, Any], services: dict[str, Service]) -> None:
    region, _ = Region.objects.update_or_create(
        slug=fields.pop("region"), defaults={"name": fields.pop("region_name")}
    )
    counters, hours, breaks = (fields.pop(name) for name in ("counters", "hours", "breaks"))
    office, _ = Office.objects.update_or_create(
        slug=fields.pop("slug"), defaults={**fields, "region": region}
    )
    for label, codes in counters.items():
        counter, _ = Counter.objects.get_or_create(office=office, label=label)
        counter.services.set([services[code] for code in codes])
    WeeklyHours.objects.filter(office=office).delete()
    Break.objects.filter(office=office).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            office=office, weekday=s.weekday, opens=s.begins, closes=s.ends, since=SINCE_EVER
        )
        for s in hours
    )
    Break.objects.bulk_create(
        Break(
            office=office,
            weekday=s.weekday,
            starts=s.begins,
            ends=s.ends,
            reason=s.reason,
            since=SINCE_EVER,
        )
        for s in breaks
    )
