"""JKK: work accidents and occupational diseases."""

from __future__ import annotations

from datetime import date

from giliran.core.eligibility import jkk_amounts
from giliran.core.eligibility.answer import Answer, Channel, Decision
from giliran.core.eligibility.arrears import employer_pays_first, refuse_for_arrears
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import deadline, papers, penalty
from giliran.core.eligibility.days import add_months
from giliran.core.eligibility.heirs import ask_for_heir, refuse_farther_heir
from giliran.core.eligibility.sentence import Sentence
from giliran.core.eligibility.tax import leave_tax_to_officer
from giliran.core.refusal import gettext_noop

_ = gettext_noop

COVERED = {
    "work_accident": "accident_at_work",
    "commute": "accident_on_the_way",
    "occupational_disease": "occupational_disease",
    "violence": "violence_or_rape_at_work",
}
ABOUT_ACCIDENTS = {
    "work_accident",
    "occupational_disease",
    "death",
    "total_permanent_disability",
    "scholarship",
}


def kind_of(case: Case) -> str:
    """Give what happened: work_accident, commute, occupational_disease, violence, or else."""
    if case.facts.accident.kind:
        return case.facts.accident.kind
    return "occupational_disease" if case.reason == "occupational_disease" else "work_accident"


def outcome_of(case: Case) -> str:
    """Give how it ended, as far as the reason or the facts say."""
    if case.reason in {"death", "total_permanent_disability"}:
        return case.reason
    return case.facts.accident.outcome


def jkk(case: Case) -> Answer:
    """Decide on JKK."""
    facts = case.facts
    _ask(case)
    other = facts.cause == "other" or kind_of(case) == "not_work_related"
    if other or case.reason not in ABOUT_ACCIDENTS:
        return _not_by_work(case)
    event = facts.event_date
    if case.blocked or event is None:
        return case.need_facts()
    if not case.holds("jkk/covered_events", on=event):
        return case.answer(
            Decision.OFFICER_DECIDES,
            "law_of_that_day_unknown",
            _("Aturan sebelum 1 Juli 2015 tidak tersimpan di sini. Petugas yang memutuskan."),
        )
    return (
        _refuse_inactive(case, event)
        or _refuse_kind(case, event)
        or _refuse_late(case, event)
        or (refuse_farther_heir(case) if outcome_of(case) == "death" else None)
        or refuse_for_arrears(case)
        or _entitled(case, event)
    )


def _ask(case: Case) -> None:
    facts = case.facts
    if facts.event_date is None:
        case.ask("event_date", _("Tanggal berapa kecelakaan atau diagnosisnya?"), "2026-10-05")
    if case.reason in {"death", "total_permanent_disability", "scholarship"} and not (
        facts.cause or facts.accident.kind
    ):
        case.ask("cause", _("Apakah penyebabnya kecelakaan kerja?"), "work_accident")
    if not facts.segment:
        case.ask(
            "segment",
            _("Bekerja sebagai apa: karyawan, pekerja mandiri, migran, atau konstruksi?"),
            "PU",
        )
    if facts.was_active is None and not _left_earlier(case):
        case.ask(
            "active_on_event",
            _("Apakah kepesertaannya aktif saat kejadian?"),
            example=True,
        )
    if outcome_of(case) == "death":
        ask_for_heir(case)
    elif not outcome_of(case):
        case.ask(
            "accident.outcome",
            _("Bagaimana keadaannya: masih dirawat, sembuh, cacat, atau meninggal?"),
            "in_treatment",
            blocks=False,
        )


def _left_earlier(case: Case) -> bool:
    return bool(case.facts.accident.employment_ended) and kind_of(case) == "occupational_disease"


def _not_by_work(case: Case) -> Answer:
    event = case.facts.event_date or case.day
    if case.holds("jkk/covered_events", on=event):
        case.rule("jkk/covered_events", on=event)
    case.say(_("JKK adalah untuk kecelakaan kerja dan penyakit akibat kerja."))
    if outcome_of(case) == "death":
        case.offer("jkm", _("Ajukan JKM, santunan untuk peserta yang meninggal."))
    else:
        case.offer("jkn", _("Biaya berobat bukan kecelakaan kerja ditanggung BPJS Kesehatan."))
    return case.answer(
        Decision.NOT_ENTITLED,
        "not_work_related",
        _("Bukan JKK, karena penyebabnya bukan pekerjaan."),
    )


def _refuse_inactive(case: Case, event: date) -> Answer | None:
    if case.facts.was_active is not False or _left_earlier(case):
        return None
    case.rule("jkk/covered_events", on=event)
    case.say(_("JKK melindungi peserta yang aktif saat kecelakaan terjadi."))
    case.offer(
        "employer",
        _(
            "Bila Bapak/Ibu karyawan dan perusahaan tidak mendaftarkan Bapak/Ibu, perusahaan yang "
            "harus membayar. Lapor ke pengawas tenaga kerja."
        ),
    )
    return case.answer(
        Decision.NOT_ENTITLED,
        "not_active",
        _("Tidak ada JKK, karena kepesertaan tidak aktif saat kejadian."),
    )


def _refuse_kind(case: Case, event: date) -> Answer | None:
    kind = kind_of(case)
    covered = case.rule("jkk/covered_events", on=event)
    if COVERED[kind] not in covered:
        return case.answer(
            Decision.OFFICER_DECIDES,
            "kind_not_named_then",
            _("Aturan hari itu belum menyebut kejadian seperti ini. Petugas yang memutuskan."),
        )
    case.say(_("Kejadian ini termasuk kecelakaan kerja atau penyakit akibat kerja."))
    ended = case.facts.accident.employment_ended
    if kind == "occupational_disease" and ended:
        years = int(case.rule("jkk/disease_after_leaving_years", on=event))
        case.say(
            _("Penyakit akibat kerja masih dilindungi %(years)s tahun setelah berhenti bekerja."),
            years=years,
        )
        if event > add_months(ended, 12 * years):
            return case.answer(
                Decision.NOT_ENTITLED,
                "disease_too_long_after_leaving",
                _("Tidak ada hak, karena penyakit timbul terlalu lama setelah berhenti bekerja."),
            )
    return None


def _refuse_late(case: Case, event: date) -> Answer | None:
    years = int(case.rule("jkk/claim_window_years"))
    last = add_months(event, 12 * years)
    case.say(
        _("Hak JKK hilang bila lewat %(years)s tahun sejak kejadian, yaitu setelah %(last)s."),
        years=years,
        last=last,
    )
    if case.day > last:
        return case.answer(
            Decision.NOT_ENTITLED,
            "claim_window_passed",
            _("Tidak ada hak lagi, karena batas waktunya sudah lewat."),
        )
    old_years = int(case.glance("jkk/claim_window_years", on=event))
    if old_years != years:
        case.rule("jkk/claim_window_years", on=event)
    changed = case.began("jkk/claim_window_years")
    if add_months(event, 12 * old_years) < min(changed, case.day):
        return case.answer(
            Decision.OFFICER_DECIDES,
            "window_passed_under_old_law",
            _(
                "Menurut aturan lama haknya sudah lewat, menurut aturan baru belum. Petugas yang "
                "memutuskan."
            ),
        )
    if old_years != years:
        case.say(_("Saat aturan baru mulai, hak Bapak/Ibu belum lewat."))
    return None


def _entitled(case: Case, event: date) -> Answer:
    facts, outcome = case.facts, outcome_of(case)
    _explain_reporting(case, event)
    if facts.segment == "PMI":
        case.rule("segments/coverage")
        if case.holds("pmi/benefits"):
            case.rule("pmi/benefits")
        case.say(_("Pekerja migran dilindungi JKK. Besarnya belum kami periksa."))
        case.owe("jkk", _("Santunan kecelakaan kerja pekerja migran"), None)
    else:
        jkk_amounts.owe(case, event, outcome)
    leave_tax_to_officer(case)
    transport = bool(facts.accident.transport and any(facts.accident.transport.values()))
    papers(
        case,
        "jkk/death" if outcome == "death" else "jkk/accident",
        transport_cost_claimed=transport,
        treated_outside_plkk="treated_outside_plkk" in facts.papers,
    )
    case.channel = Channel(
        ("plkk", "employer", "branch"),
        must_come=False,
        why=Sentence(
            _(
                "Berobat di rumah sakit mitra (PLKK) tanpa membayar. Perusahaan yang melapor ke "
                "kantor cabang; pekerja mandiri melapor sendiri."
            )
        ),
    )
    deadline(case, "deadlines/jkk_pay")
    penalty(case, "deadlines/jkk_late_penalty_per_day")
    case.offer(
        "dispute",
        _("Bila tidak setuju tentang kecelakaan, cacat, atau jumlah: minta pengawas tenaga kerja."),
    )
    code = "employer_pays_first" if employer_pays_first(case) else outcome or "work_accident"
    text = _("Ada hak JKK: perawatan sampai sembuh dan santunan.")
    if outcome == "death":
        text = _("Keluarga berhak menerima santunan JKK.")
    return case.answer(Decision.ENTITLED, code, text, event)


def _explain_reporting(case: Case, event: date) -> None:
    case.rule("jkk/report_hours", on=event)
    case.say(_("Kecelakaan dilaporkan paling lambat 2 × 24 jam, dan sekali lagi setelah sembuh."))
    case.say(_("Biaya berobat ditanggung sesuai kebutuhan medis, tanpa batas biaya."))
    if case.facts.segment == "PU" and outcome_of(case) in {"in_treatment", ""}:
        case.rule("jkk/no_dismissal", on=event)
        case.say(_("Selama dirawat, pekerja tidak boleh di-PHK."))
