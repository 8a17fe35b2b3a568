"""What is promised in public about a program (maklumat pelayanan), read off the rules of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop

from giliran.claims.queries import law as all_law
from giliran.core.checklist import Bringer, Paper, checklist
from giliran.core.parameters import Dated, LawOn, Parameter
from giliran.web.citizen.rights_values import (
    Changed,
    changed,
    indonesian,
    label_of,
    rows_text,
    value_text,
)

PROGRAMS = ("jht", "jkk", "jkm", "jp", "jkp")
SEGMENTS = {
    "pu_micro": gettext_noop("Karyawan usaha mikro"),
    "pu_small": gettext_noop("Karyawan usaha kecil"),
    "pu_medium_large": gettext_noop("Karyawan usaha menengah dan besar"),
    "bpu": gettext_noop("Pekerja mandiri"),
    "pmi": gettext_noop("Pekerja migran"),
    "jakon": gettext_noop("Pekerja proyek bangunan"),
}
IN_BRIEF = {
    "jht": gettext_noop("Tabungan hari tua. Dibayar saat usia 56, berhenti bekerja, atau wafat."),
    "jkk": gettext_noop("Untuk kecelakaan kerja dan sakit karena kerja: berobat dan santunan."),
    "jkm": gettext_noop("Santunan untuk keluarga bila peserta meninggal bukan karena kerja."),
    "jp": gettext_noop("Uang pensiun setiap bulan, juga untuk keluarga yang ditinggalkan."),
    "jkp": gettext_noop("Uang tunai dan pelatihan bagi karyawan yang kena PHK."),
}
# Figures of these folders belong to a program as well.
ALSO = {"jkk": ("scholarship",), "jkm": ("scholarship",), "jht": ("tax/jht",)}


class Figure(NamedTuple):
    """A rule with its value in words, or with its rows."""

    parameter: Parameter
    dated: Dated
    label: str
    text: str
    rows: list[tuple[str, str]]


class PaperList(NamedTuple):
    """What to bring for one reason."""

    label: str
    dated: Dated
    papers: tuple[Paper, ...]


class Rung(NamedTuple):
    """Where to complain, after whom, and how long it may take."""

    where: str
    law: str
    time: str


class Charter(NamedTuple):
    """Everything that is promised about one program on one day."""

    program: str
    brief: str
    compulsory: list[str]
    voluntary: list[str]
    figures: list[Figure]
    lists: list[PaperList]
    deadlines: list[Figure]
    ways: list[str]
    free: Dated
    ladder: list[Rung]
    beside: list[Rung]
    changes: list[Changed]


def charter(program: str, day: date, *, since: date) -> Charter:
    """Read the promises about a program off the rules of `day`, with what changed since then."""
    law = all_law()
    on = law.on(day)
    compulsory, voluntary = _covered(program, on)
    ladder, beside = _complaints(on)
    return Charter(
        program=program.upper(),
        brief=gettext(IN_BRIEF[program]),
        compulsory=compulsory,
        voluntary=voluntary,
        figures=[
            one
            for folder in (program, *ALSO.get(program, ()))
            for one in _figures(law.under(folder), on)
        ],
        lists=list(_lists(program, on)),
        deadlines=list(_figures(_deadlines(program), on)),
        ways=_ways(program, on),
        free=on.cite("service/free_of_charge"),
        ladder=ladder,
        beside=beside,
        changes=[
            changed(one, on)
            for one in reversed(law.changes_between(since, day))
            if one.after and _belongs(one.parameter.key, program)
        ],
    )


def _belongs(key: str, program: str) -> bool:
    parts = key.split("/")
    return program in parts[:2] or parts[-1].startswith(f"{program}_")


def _deadlines(program: str) -> list[Parameter]:
    return [one for one in all_law().under("deadlines") if _belongs(one.key, program)]


def _covered(program: str, on: LawOn) -> tuple[list[str], list[str]]:
    name = program.upper()
    named = {"JKP": "JP"}.get(name, name)  # who has JP may have JKP: the rule names no JKP
    must = [key for key, has in on.value("segments/coverage").items() if named in has]
    may = [key for key, has in on.value("segments/optional").items() if name in has]
    return [gettext(SEGMENTS[key]) for key in must], [gettext(SEGMENTS[key]) for key in may]


def _figures(rules: Any, on: LawOn) -> Iterator[Figure]:
    for one in rules:
        if on.is_in_force(one.key):
            dated = one.at(on.day)
            text, rows = value_text(dated.value, one.unit), rows_text(dated.value)
            if text or rows:
                yield Figure(one, dated, label_of(one), text, rows)


def _lists(program: str, on: LawOn) -> Iterator[PaperList]:
    folder = f"documents/{program}"
    for one in on.law.under(folder):
        found = checklist(one.key.removeprefix("documents/"), on, Bringer(conditions={}))
        if found:
            label = label_of(one).partition(": ")[2]
            yield PaperList(label[:1].upper() + label[1:], one.at(on.day), found)


def _ways(program: str, on: LawOn) -> list[str]:
    rows = on.value("service/channels").values()
    named = [row for row in rows if program.upper() in row["for_programs"].split(", ")]
    named += [row for row in rows if row["for_programs"] == "all"]
    return [row["id" if indonesian() else "en"] for row in named]


def _complaints(on: LawOn) -> tuple[list[Rung], list[Rung]]:
    found: tuple[list[Rung], list[Rung]] = ([], [])
    for row in on.value("complaints/ladder"):
        key = row.get("deadline")
        time = value_text(on.value(key), on.law[key].unit) if key else ""
        rung = Rung(row["id" if indonesian() else "en"], row["law"], time)
        found[1 if row["parallel"] else 0].append(rung)
    return found
