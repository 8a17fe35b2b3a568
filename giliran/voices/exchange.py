"""Files to and from the national complaint system, SP4N-LAPOR!, as CSV or JSON.

No official schema of such files was found, so the columns are ours, named as the forms of
lapor.go.id name things; docs/guides/complaints.md lists them. A file is taken whole or not at all,
and once.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count

from giliran.core.refusal import NotFound, Refusal
from giliran.encryption import blind_name, unseal
from giliran.offices import queries as offices
from giliran.voices.actions.complaining import complain
from giliran.voices.deadlines import FROM_LAPOR, ZONE
from giliran.voices.models import Complaint, Exchange, Remark
from giliran.voices.refusals import BadFile

TAKEN = (
    *("id_laporan", "tanggal", "isi", "kategori", "kantor", "wilayah"),
    *("nama", "telepon", "anonim", "rahasia"),
)
NEEDED = ("id_laporan", "tanggal", "isi")
GIVEN = (
    *("id_laporan", "kode", "status", "diterima", "batas", "dijawab", "jawaban", "instansi"),
    "lampiran",
)
FORMATS = ("csv", "json")
ID_LETTERS = 40
FIRST_YEAR = 2014  # UU 24/2011: BPJS began
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # no column of PostgreSQL holds them
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # also as East Asian keyboards write
_YES = frozenset({"ya", "true", "1"})


class Taken(NamedTuple):
    """How many complaints of a file were new, and how many were known already."""

    new: int
    known: int


def take(content: bytes, *, kind: str, actor: str, now: datetime) -> Taken:
    """Take a file of reports that SP4N-LAPOR! handed to us; the same file again changes nothing.

    ``kind`` is csv or json. A report that is known by its ``id_laporan`` stays as it is. Raises
    ``BadFile`` with the first line that can't be read; then nothing was taken.
    """
    digest = hashlib.sha256(content).hexdigest()
    rows = list(_rows(content, kind))
    new = 0
    with transaction.atomic():
        with connection.cursor() as cursor:  # one file at a time: two may hold the same report
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('files of complaints'))")
        earlier = Exchange.objects.filter(sha256=digest).first()
        if earlier is not None:
            return Taken(0, earlier.taken + earlier.known)
        for line, row in rows:
            new += _take(row, line, actor=actor, now=now)
        Exchange.objects.create(
            sha256=digest, format=kind, taken=new, known=len(rows) - new, at=now, by=actor
        )
    return Taken(new, len(rows) - new)


def _rows(content: bytes, kind: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line (CSV) or place (JSON), from 1."""
    try:
        text = content.decode("utf-8-sig")
        if kind == "json":
            data = json.loads(text)
            found: list[Mapping[str, Any]] = data["laporan"] if isinstance(data, dict) else data
            numbered = list(enumerate(found, start=1))
        else:
            reader = csv.DictReader(io.StringIO(text), strict=True)
            _check_head(list(reader.fieldnames or ()))
            numbered = [(reader.line_num, row) for row in reader]
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error) as error:
        raise BadFile("file", line=1, why=f"{type(error).__name__}: {error}") from None
    for line, row in numbered:
        if not isinstance(row, Mapping):
            raise BadFile("file", line=line, why="bukan baris data")
        unknown = [str(name) for name in row if name not in TAKEN]
        if unknown:
            raise BadFile("file", line=line, why=f"kolom tidak dikenal: {', '.join(unknown)}")
        cells = {name: _text(row.get(name)) for name in TAKEN}
        unreadable = [name for name, text in cells.items() if _UNWRITABLE.search(text)]
        if unreadable:
            raise BadFile("file", line=line, why=f"huruf tak terbaca: {', '.join(unreadable)}")
        yield line, cells


def _check_head(names: list[str]) -> None:
    """Check the first line of a CSV file: each column ours and there once, and those needed."""
    missing = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in TAKEN]
    for what, wrong in (("tidak dikenal", unknown), ("tidak ada", missing)):
        if wrong:
            raise BadFile("file", line=1, why=f"kolom {what}: {', '.join(wrong)}")
    if len(set(names)) < len(names):
        raise BadFile("file", line=1, why="satu kolom ada dua kali")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else ""
    return "" if value is None else str(value).strip()


def _take(row: Mapping[str, str], line: int, *, actor: str, now: datetime) -> bool:
    """Take one report; returns whether it is new."""
    missing = [name for name in NEEDED if not row[name]]
    if missing:
        raise BadFile("file", line=line, why=f"kosong: {', '.join(missing)}")
    number = row["id_laporan"]
    if len(number) > ID_LETTERS:
        raise BadFile("file", line=line, why="id_laporan lebih dari 40 huruf")
    if Complaint.objects.filter(external_id=number).exists():
        return False
    try:
        office = offices.office(row["kantor"]) if row["kantor"] else None
        region = offices.region(row["wilayah"]) if row["wilayah"] else None
    except NotFound:
        raise BadFile("file", line=line, why="kantor atau wilayah tidak dikenal") from None
    try:
        complain(
            # Keyed: who knew it from the number alone would open the receipt with it.
            request_key=UUID(blind_name("report of SP4N-LAPOR!", number)[:32]),
            channel=FROM_LAPOR,
            text=row["isi"],
            office=office,
            region=region,
            category=_category(row["kategori"]),
            name=row["nama"],
            phone=row["telepon"],
            is_anonymous=row["anonim"].lower() in _YES or not (row["nama"] or row["telepon"]),
            is_protected=row["rahasia"].lower() in _YES,
            external_id=number,
            received_at=_moment(row["tanggal"], office or region, line, now=now),
            actor=actor,
            now=now,
        )
    except BadFile:
        raise
    except Refusal as refusal:
        raise BadFile("file", line=line, why=str(refusal)) from None
    return True


def _category(named: str) -> str:
    """Return our category for a name or a code of one; LAPOR's many others are "other"."""
    known = {label.lower(): value for value, label in Complaint.Category.choices}
    wanted = named.lower()
    return known.get(wanted, wanted if wanted in Complaint.Category.values else "other")


def _moment(text: str, place: Any, line: int, *, now: datetime) -> datetime:
    """Return when a report reached us: an ISO moment, or the noon of an ISO day."""
    zone = ZoneInfo(place.time_zone if place else ZONE)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadFile("file", line=line, why="tanggal bukan tahun-bulan-hari") from None
    if len(text) == len("2026-11-23"):
        moment = moment.replace(hour=12)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    today = now.astimezone(zone).date()
    if moment.year < FIRST_YEAR:
        raise BadFile("file", line=line, why=f"tanggal sebelum {FIRST_YEAR}")
    if moment.year > today.year + 1 or moment.astimezone(zone).date() > today:
        raise BadFile("file", line=line, why="tanggal belum terjadi")
    return min(moment, now)


def rows_to_give(*, since: date | None = None) -> list[dict[str, str]]:
    """Return how the reports of SP4N-LAPOR! stand, oldest first; of those moved ``since`` a day.

    No name, telephone or officer stands in it. ``jawaban`` is the last answer, ``lampiran`` how
    many photos there are.
    """
    found = Complaint.objects.exclude(external_id="").order_by("id")
    found = found.annotate(files=Count("attachments"))
    if since is not None:
        found = found.filter(moved_at__date__gte=since)
    return [
        {
            "id_laporan": one.external_id,
            "kode": one.code,
            "status": one.state,
            "diterima": one.received_at.isoformat(),
            "batas": one.due_on.isoformat() if one.due_on else "",
            "dijawab": one.answered_at.isoformat() if one.answered_at else "",
            "jawaban": _answer(one),
            "instansi": one.forwarded_to,
            "lampiran": str(one.files),
        }
        for one in found
    ]


def _answer(complaint: Complaint) -> str:
    last = Remark.objects.filter(complaint=complaint, kind=Remark.Kind.ANSWER).order_by("-id")
    found = last.first()
    return unseal(found.text_sealed) if found else ""


def written(rows: list[dict[str, str]], *, kind: str) -> str:
    """Return rows as a CSV file with a head, or as JSON: ``{"laporan": [...]}``."""
    if kind == "json":
        return json.dumps({"laporan": rows}, ensure_ascii=False, indent=2) + "\n"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, GIVEN, lineterminator="\r\n")
    writer.writeheader()
    # A cell that begins like a formula would be one where the file is opened.
    writer.writerows({name: _plain(text) for name, text in row.items()} for row in rows)
    return out.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA else text
