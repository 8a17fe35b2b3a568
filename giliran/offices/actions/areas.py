"""Bringing home districts in from CSV: the whole file or nothing, every fault named."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import transaction

from giliran.offices.actions import reading
from giliran.offices.actions.importing import RowFault, Rows
from giliran.offices.models import HomeArea, Region

AREA_COLUMNS = ("region", "code", "name", "latitude", "longitude")
NAME_AT_MOST = 80
# Province, city, district and village as the Ministry of Home Affairs counts them.
_CODE = re.compile(r"\d{2}-\d{2}(-\d{2}(-\d{4})?)?")


def import_areas(content: str) -> int:
    """Create or change home districts from CSV with ``AREA_COLUMNS``; returns how many rows.

    A district's code is that of Kemendagri, written with dots or hyphens. Districts that the file
    doesn't name stay: people said that they live there. Raises ``BadRows``; then nothing changed.
    """
    file = Rows(content, AREA_COLUMNS)
    regions = {region.slug: region for region in Region.objects.all()}
    how: dict[str, Callable[[str], Any]] = {
        "region": lambda c: reading.one_of(c, frozenset(regions)),
        "code": _code,
        "name": lambda c: reading.text(c, most=NAME_AT_MOST),
        "latitude": lambda c: reading.degrees(c, most=90),
        "longitude": lambda c: reading.degrees(c, most=180),
    }
    fresh = file.read(how)
    _check_once(file, fresh)
    file.done()
    with transaction.atomic():
        for fields in fresh:
            region = regions[fields.pop("region")]
            HomeArea.objects.update_or_create(
                code=fields.pop("code"), defaults={**fields, "region": region}
            )
    return len(fresh)


def _code(cell: str) -> str:
    code = cell.strip().replace(".", "-")
    if not _CODE.fullmatch(code):
        raise reading.BadCell("kode wilayah Kemendagri, misalnya 36.01.05")
    return code


def _check_once(file: Rows, fresh: list[dict[str, Any]]) -> None:
    """Note every repeated district, however its code is written."""
    seen: dict[str, int] = {}
    for (line, row), fields in zip(file.rows, fresh, strict=True):
        code = fields["code"]
        if code in seen:
            already = f"sudah ada di baris {seen[code]}"
            file.faults.append(RowFault(line, "code", row["code"], already))
        elif code is not None:
            seen[code] = line
