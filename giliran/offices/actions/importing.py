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
        return f"baris {self.line}, kolom {self.column}: “{self.given}”; {self.expected}"


class BadRows(Exception):
    """The file was not imported, and nothing was changed; ``faults`` names every bad cell."""

    def __init__(self, faults: list[RowFault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class _Rows:
    """The rows of a file, and the faults found in them so far."""

    def __init__(self, content: str, columns: tuple[str, ...]) -> None:
        reader = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))
        missing = [c for c in columns if c not in (reader.fieldnames or ())]
        if missing:
            raise BadRows([RowFault(1, ", ".join(missing), "", "kolom ini harus ada")])
        try:
            self.rows = list(reader)
        except csv.Error as error:
            raise BadRows([RowFault(reader.line_num, "", "", f"bukan CSV: {error}")]) from None
        self.faults: list[RowFault] = []
        if not self.rows:
            self.faults.append(RowFault(2, columns[0], "", "paling sedikit satu baris"))

    def read(self, line: int, column: str, cell: str | None, how: Callable[[str], Any]) -> Any:
        try:
            return how(cell or "")
        except reading.BadCell as fault:
            self.faults.append(RowFault(line, column, cell or "", str(fault)))
            return None

    def once(self, column: str) -> None:
        """Note every repeated value of a column that must not repeat."""
        seen: dict[str, int] = {}
        for line, row in enumerate(self.rows, start=2):
            value = (row[column] or "").strip()
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
    file = _Rows(content, SERVICE_COLUMNS)
    file.once("code")
    file.once("letter")
    fresh = []
    for line, row in enumerate(file.rows, start=2):
        how: dict[str, Callable[[str], Any]] = {
            "code": reading.slug,
            "letter": lambda c: reading.one_of(c, frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
            "name": reading.text,
            "name_en": reading.text,
            "hint": str.strip,
            "hint_en": str.strip,
            "typical_minutes": lambda c: reading.whole(c, least=1, most=240),
        }
        fresh.append({column: file.read(line, column, row[column], how[column]) for column in how})
    file.done()
    with transaction.atomic():
        for position, fields in enumerate(fresh):
            code = fields.pop("code")
            Service.objects.update_or_create(code=code, defaults={**fields, "position": position})
    return len(fresh)


def import_offices(content: str) -> int:
    """Create or change offices from CSV with ``OFFICE_COLUMNS``; returns how many rows.

    Counters that the file no longer names stay: turns were served at them. Hours and breaks are
    replaced. Raises ``BadRows``; then nothing has changed.
    """
    file = _Rows(content, OFFICE_COLUMNS)
    file.once("slug")
    services = {service.code: service for service in Service.objects.all()}
    known = {(row["slug"] or "").strip() for row in file.rows} | set(
        Office.objects.values_list("slug", flat=True)
    )
    how = _office_cells(frozenset(services), frozenset(known))
    fresh = [
        {column: file.read(line, column, row[column], how[column]) for column in OFFICE_COLUMNS}
        for line, row in enumerate(file.rows, start=2)
    ]
    file.done()
    with transaction.atomic():
        # A parent may stand below its booth in the file, so parents are linked last.
        parents = {fields["slug"]: fields.pop("parent") for fields in fresh}
        for fields in fresh:
            _keep(fields, services)
        for slug, parent in parents.items():
            if parent:
                Office.objects.filter(slug=slug).update(parent=Office.objects.get(slug=parent))
    return len(fresh)


def _office_cells(
    services: frozenset[str], offices: frozenset[str]
) -> dict[str, Callable[[str], Any]]:
    kinds = frozenset(str(kind) for kind in Office.Kind.values)
    return {
        "slug": reading.slug,
        "name": reading.text,
        "kind": lambda c: reading.one_of(c, kinds),
        "region": reading.slug,
        "region_name": reading.text,
        "parent": lambda c: reading.one_of(c, offices) if c.strip() else "",
        "address": reading.text,
        "latitude": lambda c: reading.degrees(c, most=90),
        "longitude": lambda c: reading.degrees(c, most=180),
        "time_zone": lambda c: reading.one_of(c, ZONES),
        "seats": lambda c: reading.whole(c, least=0, most=5000),
        "counters": lambda c: reading.counters(c, services),
        "hours": lambda c: reading.spans(reading.text(c)),
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
