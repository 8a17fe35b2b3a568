"""JKM: a member died, and not by a work accident."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.arrears import employer_pays_first, refuse_for_arrears
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import (
    deadline,
    online_or_branch,
    over_npwp_limit,
    papers,
    penalty,
)
from giliran.core.eligibility.heirs import ask_for_heir, refuse_farther_heir
from giliran.core.eligibility.scholarship import owe_scholarships
from giliran.core.eligibility.tax import leave_tax_to_officer
from giliran.core.refusal import gettext_noop

_ = gettext_noop

LISTS = {"JAKON": "jkm/death_construction", "PMI": "jkm/death_migrant"}


def ask_about_death(case: Case) -> None:
    """Ask what every claim after a death needs."""
    facts = case.facts
    if facts.event_date is None:
        case.ask("event_date", _("Tanggal berapa peserta meninggal?"), "2026-10-05")
    if not facts.segment:
        case.ask(
            "segment",
            _("Peserta bekerja sebagai apa: karyawan, pekerja mandiri, migran, atau konstruksi?"),
            "PU",
        )
    if facts.was_active is None:
        case.ask(
            "active_on_event",
            _("Apakah kepesertaannya masih aktif saat kejadian?"),
            example=True,
        )


def jkm(case: Case) -> Answer:
    """Decide on JKM."""
    facts = case.facts
    if case.reason not in {"death", "scholarship"}:
        if case.holds("jkm/condition"):
            case.rule("jkm/condition")
        return case.answer(
            Decision.NOT_ENTITLED,
            "only_after_death",
            _("JKM hanya dibayar bila peserta meninggal."),
        )
    ask_about_death(case)
    if not facts.cause:
        case.ask("cause", _("Apakah peserta meninggal karena kecelakaan kerja?"), "other")
    ask_for_heir(case)
    young = facts.segment == "BPU" and facts.was_active
    if young and facts.contribution_months is None:
        case.ask("contribution_months", _("Berapa bulan iuran sudah dibayar?"), 14)
    event = facts.event_date
    if facts.cause == "work_accident":
        return _by_accident(case)
    if facts.was_active is False:
        return _not_active(case)
    if case.blocked or event is None:
        return case.need_facts()
    if not case.holds("jkm/condition", on=event):
        return case.answer(
            Decision.OFFICER_DECIDES,
            "law_of_that_day_unknown",
            _("Aturan sebelum 1 Juli 2015 tidak tersimpan di sini. Petugas yang memutuskan."),
        )
    case.rule("jkm/condition", on=event)
    case.say(_("Peserta meninggal saat kepesertaannya aktif, bukan karena kecelakaan kerja."))
    refused = refuse_farther_heir(case) or refuse_for_arrears(case)
    return refused or _entitled(case, event)


def _by_accident(case: Case) -> Answer:
    if case.facts.event_date and case.holds("jkm/condition", on=case.facts.event_date):
        case.rule("jkm/condition", on=case.facts.event_date)
    case.say(_("Karena kecelakaan kerja, yang dibayar adalah JKK, bukan JKM."))
    case.offer("jkk", _("Ajukan JKK karena kecelakaan kerja; jumlahnya lebih besar."))
    return case.answer(
        Decision.NOT_ENTITLED,
        "died_of_work_accident",
        _("Bukan JKM. Haknya adalah JKK karena kecelakaan kerja."),
    )


def _not_active(case: Case) -> Answer:
    case.rule("jkm/condition", on=case.facts.event_date)
    case.say(_("JKM dibayar bila peserta meninggal saat kepesertaannya masih aktif."))
    case.offer("jht", _("Saldo JHT tetap menjadi hak ahli waris, walau kartu tidak aktif."))
    return case.answer(
        Decision.NOT_ENTITLED,
        "not_active",
        _("Tidak ada JKM, karena kepesertaan sudah tidak aktif saat peserta meninggal."),
    )


def _entitled(case: Case, event: date) -> Answer:
    facts = case.facts
    if facts.segment == "PMI":
        case.rule("segments/coverage")
        if case.holds("pmi/benefits"):
            case.rule("pmi/benefits")
        case.say(_("Pekerja migran dilindungi JKM. Besarnya belum kami periksa."))
        case.owe("jkm", _("Santunan kematian pekerja migran"), None)
    elif facts.claimant.heir == "none":
        case.rule("heirs/without", on=event)
        funeral = Decimal(case.rule("jkm/funeral", on=event))
        case.say(_("Tanpa ahli waris, biaya pemakaman dibayar kepada yang memakamkan."))
        case.owe("jkm_funeral", _("Biaya pemakaman"), funeral)
    elif _new_self_employed(case, event):
        total = Decimal(case.rule("jkm/self_employed_under_3_months_total", on=event))
        case.say(
            _("Iuran baru %(months)s bulan, jadi dibayar %(total)s."),
            months=facts.contribution_months or 0,
            total=total,
        )
        case.owe("jkm_under_3_months", _("Santunan peserta baru"), total)
    else:
        _owe_full(case, event)
        _owe_scholarship(case, event)
    leave_tax_to_officer(case)
    papers(
        case,
        LISTS.get(facts.segment, "jkm/death"),
        died_on_leave_in_indonesia=facts.on_leave,
        jht_claimed_together_over_npwp_limit=over_npwp_limit(case),
    )
    case.channel = online_or_branch(case)
    if facts.segment != "PMI":
        deadline(case, "deadlines/jkm_pay")
        penalty(case, "deadlines/jkm_late_penalty_per_day")
    code = "employer_pays_first" if employer_pays_first(case) else "member_died"
    return case.answer(
        Decision.ENTITLED,
        code,
        _("Keluarga berhak menerima JKM."),
        event,
    )


def _new_self_employed(case: Case, event: date) -> bool:
    key = "jkm/self_employed_full_after_months"
    if case.facts.segment != "BPU" or not case.holds(key, on=event):
        return False
    return (case.facts.contribution_months or 0) < int(case.rule(key, on=event))


def _owe_full(case: Case, event: date) -> None:
    parts = (
        ("jkm_lump_sum", _("Santunan kematian"), "jkm/lump_sum"),
        ("jkm_periodic", _("Santunan berkala 24 bulan, dibayar sekaligus"), "jkm/periodic_at_once"),
        ("jkm_funeral", _("Biaya pemakaman"), "jkm/funeral"),
    )
    sums = []
    for code, label, key in parts:
        sums.append(Decimal(case.rule(key, on=event)))
        case.owe(code, label, sums[-1])
    case.say(
        _("Santunan %(lump)s + berkala %(periodic)s + pemakaman %(funeral)s = %(total)s."),
        lump=sums[0],
        periodic=sums[1],
        funeral=sums[2],
        total=sum(sums, Decimal(0)),
    )


def _owe_scholarship(case: Case, event: date) -> None:
    years = int(case.rule("jkm/scholarship/min_contribution_years", on=event))
    case.say(_("Beasiswa anak perlu iuran paling sedikit %(years)s tahun."), years=years)
    months = case.facts.contribution_months
    if months is None:
        case.ask(
            "contribution_months",
            _("Berapa bulan iuran sudah dibayar?"),
            40,
            blocks=False,
        )
    elif months >= 12 * years:
        owe_scholarships(case, event)
