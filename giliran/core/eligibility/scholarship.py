"""Scholarships for the children of members who died or are totally disabled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import online_or_branch, papers
from giliran.core.eligibility.sentence import Sentence
from giliran.core.eligibility.situation import Child
from giliran.core.eligibility.tax import leave_tax_to_officer
from giliran.core.refusal import gettext_noop

_ = gettext_noop

LEVELS = {
    "before_school": "kindergarten_primary",
    "primary": "kindergarten_primary",
    "lower_secondary": "junior_secondary",
    "upper_secondary": "senior_secondary",
    "higher": "higher",
}


def scholarship(case: Case) -> Answer:
    """Decide on a scholarship asked for by itself, for instance in a later year."""
    event = _ask(case)
    if case.blocked or event is None:
        return case.need_facts()
    if not case.holds("jkm/scholarship/min_contribution_years", on=event):
        return case.answer(
            Decision.OFFICER_DECIDES,
            "law_of_that_day_unknown",
            _("Aturan sebelum 1 Juli 2015 tidak tersimpan di sini. Petugas yang memutuskan."),
        )
    if case.facts.cause == "other":
        refused = _refuse_short_membership(case, event)
        if refused:
            return refused
    elif case.holds("scholarship/reasons", on=event):
        case.rule("scholarship/reasons", on=event)
        case.say(_("Karena kecelakaan kerja, beasiswa tidak perlu masa iuran tertentu."))
    owe_scholarships(case, event)
    if not case.amounts:
        return case.answer(
            Decision.NOT_ENTITLED,
            "no_child_eligible",
            _("Tidak ada beasiswa, karena tidak ada anak yang memenuhi syarat."),
        )
    leave_tax_to_officer(case)
    case.channel = online_or_branch(case)
    return case.answer(
        Decision.ENTITLED, "scholarship", _("Anak peserta berhak atas beasiswa."), event
    )


def _ask(case: Case) -> date | None:
    facts = case.facts
    if facts.event_date is None:
        case.ask("event_date", _("Tanggal berapa peserta meninggal atau cacat?"), "2026-10-05")
    if not facts.cause:
        case.ask("cause", _("Apakah penyebabnya kecelakaan kerja?"), "work_accident")
    if facts.was_active is None:
        case.ask(
            "active_on_event",
            _("Apakah kepesertaannya masih aktif saat kejadian?"),
            example=True,
        )
    if facts.cause == "other" and facts.contribution_months is None:
        case.ask("contribution_months", _("Berapa bulan iuran sudah dibayar?"), 40)
    if facts.children is None:
        case.ask(
            "children",
            _("Berapa anak peserta? Umur, sekolah, sudah menikah, sudah bekerja?"),
            [{"birth_date": "2014-06-01", "school": "primary", "married": False}],
        )
    for place, child in enumerate(facts.children or ()):
        if child.age_on(case.day) is None:
            case.ask(f"children[{place}].birth_date", _("Kapan tanggal lahir anak?"), "2014-06-01")
        if not child.school:
            case.ask(
                f"children[{place}].school", _("Di jenjang apa anak sekarang sekolah?"), "primary"
            )
    return facts.event_date


def _refuse_short_membership(case: Case, event: date) -> Answer | None:
    years = int(case.rule("jkm/scholarship/min_contribution_years", on=event))
    case.say(_("Beasiswa anak perlu iuran paling sedikit %(years)s tahun."), years=years)
    if (case.facts.contribution_months or 0) >= 12 * years and case.facts.was_active:
        return None
    return case.answer(
        Decision.NOT_ENTITLED,
        "contributions_too_short",
        _("Tidak ada beasiswa, karena masa iuran kurang atau kepesertaan tidak aktif."),
    )


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
