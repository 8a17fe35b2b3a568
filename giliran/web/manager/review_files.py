"""A review as files for spreadsheets: CSV to reckon on with, XLSX to look at.

What somebody typed never becomes a formula: in CSV such a cell begins with an apostrophe, in XLSX
every text is written as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext

from giliran.figures.judging import Reading
from giliran.figures.measures import MEASURES
from giliran.figures.reviews import ReviewView
from giliran.web.manager.review_words import headline, label_of, turned

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = ("measure", "label", "kind", "period", "value", "n", "usual_low", "usual_high", "verdict")


def as_csv(review: ReviewView) -> bytes:
    """Return a line for each figure and period; UTF-8 with the mark by which Excel knows it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in _lines(review):
        writer.writerow([safe(cell) for cell in line])
    return file.getvalue().encode("utf-8-sig")


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def as_xlsx(review: ReviewView, *, title: str, offices: dict[int, str]) -> bytes:
    """Return a workbook: what changed, all figures by period, the offices, what was agreed."""
    from xlsxwriter import Workbook  # a fifth of a second to load, and only here

    file = io.BytesIO()
    book = Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    _sheet(
        book,
        gettext("Ringkasan"),
        [gettext("Angka"), gettext("Nilai"), "n", gettext("Biasanya dari"), gettext("sampai"), ""],
        [
            [
                label_of(one.key),
                one.now.value,
                one.now.n,
                one.now.low,
                one.now.high,
                turned(one) or one.verdict,
            ]
            for one in review.content.readings
        ],
        above=[title, headline(review.content, review.span), review.comment],
    )
    _sheet(book, gettext("Deret"), COLUMNS, _lines(review))
    _sheet(
        book,
        gettext("Kantor"),
        [
            gettext("Angka"),
            gettext("Kantor"),
            gettext("Nilai"),
            "n",
            gettext("dari"),
            gettext("sampai"),
        ],
        [
            [label_of(one.key), offices.get(at.office_id, "?"), at.value, at.n, at.low, at.high]
            for one in review.content.funnels
            for at in one.offices
        ],
    )
    _sheet(
        book,
        gettext("Kesepakatan"),
        [gettext("Apa"), gettext("Siapa"), gettext("Paling lambat"), gettext("Keadaan")],
        [
            [one.what, one.who, one.due_on.isoformat(), one.state]
            for one in (*review.carried, *review.agreed)
        ],
    )
    book.close()
    return file.getvalue()


def _sheet(
    book: Any,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]] | Iterator[Sequence[Any]],
    above: Sequence[str] = (),
) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
    sheet.set_column(0, 1, 36)
    at = 0
    for text in filter(None, above):
        sheet.write_string(at, 0, text, bold if at == 0 else None)
        at += 1
    at += bool(at)
    for column, text in enumerate(header):
        sheet.write_string(at, column, text, bold)
    sheet.freeze_panes(at + 1, 1)
    for line, row in enumerate(rows, at + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif cell is not None:
                sheet.write_number(line, column, cell)


def _lines(review: ReviewView) -> Iterator[list[Any]]:
    for one in review.content.readings:
        yield from _of_reading(one)


def _of_reading(one: Reading) -> Iterator[list[Any]]:
    kind = MEASURES[one.key].kind if one.key in MEASURES else "share"
    for point in one.points:
        verdict = one.verdict if point is one.now else ""
        told = [point.first, point.value, point.n, point.low, point.high, verdict]
        yield [one.key, label_of(one.key), kind, *told]
