"""Scholarships for the children of members who died or are totally disabled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.core.eligibility.answer import Sentence
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import papers
from giliran.core.eligibility.situation import Child
from giliran.core.refusal import gettext_noop

_ = gettext_noop

LEVELS = {
    "before_school": "kindergarten_primary",
    "primary": "kindergarten_primary",
    "lower_secondary": "junior_secondary",
    "upper_secondary": "senior_secondary",
    "higher": "higher",
}


def owe_scholarships(case: Case, event: date) -> None:
    """Add what the children get for an event of that day, once the right itself is decided."""
    children = case.facts.children
    if case.holds("scholarship/before_2019_12_02", on=event):
        _at_once(case, event)
        return
    if children is None:
        case.ask(
            "children",
            _("Berapa anak peserta? Umur, sekolah, sudah menikah, sudah bekerja?"),
            [{"birth_date": "2014-06-01", "school": "primary", "married": False}],
            blocks=False,
        )
        limit = Decimal(case.rule("scholarship/max_total", on=event))
        case.say(_("Ada beasiswa untuk anak, seluruhnya paling banyak %(limit)s."), limit=limit)
        return
    if not children:
        return
    until = int(case.rule("scholarship/until_age", on=event))
    case.rule("scholarship/ends_when")
    eligible = [
        (place, child)
        for place, child in enumerate(children, start=1)
        if _may(case, place, child, until)
    ]
    case.say(
        _("Beasiswa untuk anak di bawah %(until)s tahun yang belum menikah dan belum bekerja."),
        until=until,
    )
    at_most = int(case.rule("scholarship/max_children", on=event))
    case.say(_("Paling banyak %(count)s anak."), count=at_most)
    if not eligible:
        return
    ladder = case.rule("scholarship/ladder", on=event)
    case.rule("scholarship/claim_every", on=event)
    case.say(_("Besarnya menurut jenjang sekolah, diajukan sekali setahun."))
    for place, child in eligible[:at_most]:
        _owe_child(case, place, child, ladder)
    papers(case, "scholarship")


def _at_once(case: Case, event: date) -> None:
    if not case.facts.children:
        return
    amount = Decimal(case.rule("scholarship/before_2019_12_02", on=event))
    case.owe("scholarship", _("Beasiswa anak, sekaligus"), amount)
    case.say(
        _("Menurut aturan hari itu ada beasiswa %(amount)s, dibayar sekaligus."), amount=amount
    )


def _may(case: Case, place: int, child: Child, until: int) -> bool:
    age = child.age_on(case.day)
    if age is None:
        case.ask(
            f"children[{place - 1}].birth_date",
            _("Kapan tanggal lahir anak?"),
            "2014-06-01",
            blocks=False,
        )
        return False
    if age >= until or child.married or child.school == "none":
        return False
    if child.working:
        case.notice(
            _(
                "Anak yang bekerja sambil sekolah kadang tetap mendapat beasiswa. Petugas yang "
                "memutuskan."
            )
        )
        return False
    return True


def _owe_child(case: Case, place: int, child: Child, ladder: Sequence[Mapping[str, Any]]) -> None:
    if not child.school:
        case.ask(
            f"children[{place - 1}].school",
            _("Di jenjang apa anak sekarang sekolah?"),
            "primary",
            blocks=False,
        )
        return
    start = next(n for n, row in enumerate(ladder) if row["level"] == LEVELS[child.school])
    first = ladder[start]
    yearly = Decimal(first["amount"])
    if child.school == "before_school":
        case.notice(_("Beasiswa dibayar mulai anak masuk sekolah."))
    else:
        case.owe(
            f"scholarship_child_{place}",
            _("Beasiswa anak per tahun"),
            yearly,
            Sentence(_("%(level)s: %(amount)s setahun"), _level(first)),
            per="year",
        )
    years = min(child.years_left or int(first["max_years"]), int(first["max_years"]))
    total, lines = Decimal(0), []
    for number, row in enumerate(ladder[start:]):
        count = years if number == 0 else int(row["max_years"])
        part = Decimal(row["amount"]) * count
        total += part
        lines.append(
            Sentence(
                _("%(level)s: %(amount)s × %(years)s tahun = %(part)s"),
                {**_level(row), "years": count, "part": part},
            )
        )
    case.owe(
        f"scholarship_child_{place}_to_the_end",
        _("Beasiswa anak sampai selesai"),
        total,
        *lines,
        per="in_total",
        kind="at_most",
    )


def _level(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"level": Sentence(row["label_id"]), "amount": Decimal(row["amount"])}
