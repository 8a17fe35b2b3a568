"""JKP: cash for up to six months after losing a job."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from giliran.core.eligibility import jkp_conditions, jkp_search
from giliran.core.eligibility.answer import Answer, Channel, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import deadline, papers
from giliran.core.eligibility.sentence import Sentence, percent_text
from giliran.core.eligibility.tax import leave_tax_to_officer, whole_rupiah
from giliran.core.eligibility.wage import monthly_wage
from giliran.core.refusal import gettext_noop

_ = gettext_noop

EXCLUDED = {
    "resigned": "resigned",
    "total_permanent_disability": "total_permanent_disability",
    "age": "pension",
    "death": "death",
    "contract_end": "contract_end",
}


def jkp(case: Case) -> Answer:
    """Decide on JKP."""
    facts = case.facts
    if not case.holds("jkp/cash_rates"):
        return case.answer(
            Decision.NOT_ENTITLED,
            "program_not_yet_in_force",
            _("Jaminan Kehilangan Pekerjaan baru ada sejak 2 Februari 2021."),
        )
    refused = _refuse_reason(case)
    if refused:
        return refused
    if facts.job_loss.enrolled is False:
        return _not_enrolled(case)
    _ask(case)
    refused = jkp_conditions.refuse_person(case)
    if refused:
        return refused
    if case.blocked or facts.event_date is None:
        return case.need_facts()
    refused = (
        _refuse_early(case, facts.event_date)
        or jkp_conditions.refuse_late(case, facts.event_date)
        or jkp_conditions.refuse_contributions(case)
        or jkp_conditions.refuse_again(case)
        or jkp_search.refuse_idle(case)
    )
    return refused or _entitled(case, facts.event_date)


def _refuse_reason(case: Case) -> Answer | None:
    facts = case.facts
    if facts.segment and facts.segment != "PU":
        case.rule("segments/coverage")
        case.say(_("JKP hanya untuk karyawan yang didaftarkan perusahaan."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "segment_without_jkp",
            _("Tidak ada JKP untuk jenis kepesertaan ini."),
        )
    reason = case.reason
    if reason == "contract_end":
        early = facts.job_loss.ended_before_term
        if early is None:
            case.ask(
                "job_loss.ended_before_term",
                _("Apakah perusahaan mengakhiri kontrak sebelum waktunya?"),
                example=True,
            )
            return None
        if early:
            reason = "dismissed"
    if reason == "dismissed":
        return None
    case.rule("jkp/excluded_reasons")
    case.say(
        _(
            "JKP tidak dibayar karena mengundurkan diri, cacat total tetap, pensiun, meninggal, "
            "atau kontrak yang selesai pada waktunya."
        )
    )
    code = EXCLUDED.get(reason, "not_dismissed")
    return case.answer(
        Decision.NOT_ENTITLED,
        f"excluded_{code}" if code != "not_dismissed" else code,
        _("Tidak ada JKP, karena Bapak/Ibu tidak di-PHK."),
    )


def _refuse_early(case: Case, event: date) -> Answer | None:
    if event <= case.day:
        return None
    case.rule("jkp/claim_deadline_months")
    case.say(_("JKP dapat diajukan sejak hari PHK."))
    return case.answer(
        Decision.NOT_YET,
        "not_dismissed_yet",
        _("Belum bisa sekarang. Ajukan mulai %(earliest)s."),
        event,
    )


def _not_enrolled(case: Case) -> Answer:
    case.rule("jkp/not_enrolled")
    case.say(_("Perusahaan yang tidak mendaftarkan pekerja membayar sendiri uang tunai JKP."))
    if case.facts.employer_size == "micro":
        return case.answer(
            Decision.OFFICER_DECIDES,
            "micro_employer_exempt",
            _("Usaha mikro dikecualikan. Tanyakan ke Dinas Tenaga Kerja."),
        )
    case.offer(
        "employer", _("Minta perusahaan membayar; bila menolak, lapor ke Dinas Tenaga Kerja.")
    )
    return case.answer(
        Decision.NOT_ENTITLED,
        "employer_pays",
        _("Bukan BPJS yang membayar, melainkan perusahaan yang tidak mendaftarkan Bapak/Ibu."),
    )


def _ask(case: Case) -> None:
    facts, lost = case.facts, case.facts.job_loss
    if not facts.segment:
        case.ask("segment", _("Apakah Bapak/Ibu karyawan perusahaan?"), "PU")
    if facts.event_date is None:
        case.ask("event_date", _("Tanggal berapa Bapak/Ibu di-PHK?"), "2026-10-01")
    if not facts.citizenship:
        case.ask("citizenship", _("Apakah Bapak/Ibu warga negara Indonesia?"), "WNI")
    if facts.employment.working is None:
        case.ask("employment.working", _("Apakah Bapak/Ibu sekarang bekerja?"), example=False)
    if lost.willing is None:
        case.ask("job_loss.willing", _("Apakah Bapak/Ibu bersedia bekerja lagi?"), example=True)
    if lost.months_paid_of_last_24 is None:
        case.ask(
            "job_loss.months_paid_of_last_24",
            _("Berapa bulan iuran dibayar dalam 24 bulan terakhir sebelum PHK?"),
            18,
        )
    if case.glance("jkp/min_consecutive_months") and (lost.longest_run_months is None):
        case.ask(
            "job_loss.longest_run_months",
            _("Berapa bulan iuran dibayar berturut-turut sebelum PHK?"),
            8,
        )
    if lost.times_before is None:
        case.ask("job_loss.times_before", _("Sudah berapa kali Bapak/Ibu menerima JKP?"), 0)
    _ask_enrolment(case)


def _ask_enrolment(case: Case) -> None:
    facts, lost = case.facts, case.facts.job_loss
    if lost.enrolled:
        return
    if not facts.birth_date:
        case.ask("birth_date", _("Kapan tanggal lahir Bapak/Ibu?"), "1990-05-17")
    if lost.enrolled_on is None:
        case.ask("job_loss.enrolled_on", _("Sejak kapan Bapak/Ibu terdaftar?"), "2021-02-01")
    if lost.all_programs is None and case.holds("jkp/programmes_required"):
        case.ask(
            "job_loss.all_programs",
            _(
                "Apakah perusahaan mendaftarkan Bapak/Ibu ke JKK, JKM, JHT, dan JKN (perusahaan "
                "menengah dan besar juga JP)?"
            ),
            example=True,
        )


def _entitled(case: Case, event: date) -> Answer:
    month = case.facts.job_loss.month or 1
    case.rule("jkp/lost_when")
    case.say(_("Bapak/Ibu di-PHK, belum bekerja lagi, dan bersedia bekerja."))
    if event < case.began("jkp/cash_rates") and case.holds("jkp/transition_2025"):
        case.rule("jkp/transition_2025")
        case.say(
            _("Bapak/Ibu di-PHK sebelum aturan baru; pembayaran sekarang memakai aturan baru.")
        )
    _owe(case, event, month)
    leave_tax_to_officer(case)
    papers(case, "jkp/first_month" if month == 1 else "jkp/later_months")
    case.rule("jkp/channel")
    case.say(_("JKP diajukan di siapkerja.kemnaker.go.id, tidak perlu antre di kantor cabang."))
    case.channel = Channel(
        ("siapkerja",),
        must_come=False,
        why=Sentence(_("Ajukan dari rumah di siapkerja.kemnaker.go.id.")),
    )
    deadline(case, "deadlines/jkp_pay")
    code = _who_pays(case)
    return case.answer(
        Decision.ENTITLED, code, _("Bapak/Ibu berhak menerima uang tunai JKP."), case.day
    )


def _owe(case: Case, event: date, month: int) -> None:
    ceiling = Decimal(case.rule("jkp/wage_ceiling"))
    rates = [Decimal(rate) for rate in case.rule("jkp/cash_rates")]
    case.say(
        _("Uang tunai paling lama %(months)s bulan, dari upah paling banyak %(ceiling)s."),
        months=len(rates),
        ceiling=ceiling,
    )
    wage = monthly_wage(case, on=event)
    claimed = range(1, len(rates) + 1) if month == 1 else (month,)
    for one in claimed:
        label = _("Uang tunai JKP sebulan")
        if wage is None:
            case.owe(f"jkp_month_{one}", label, None)
            continue
        base, rate = min(wage, ceiling), rates[one - 1]
        amount = whole_rupiah(base * rate)
        line = Sentence(
            _("Bulan ke-%(month)s: %(rate)s × %(base)s = %(amount)s"),
            {"month": one, "rate": percent_text(rate), "base": base, "amount": amount},
        )
        kind = "exact" if one == month else "at_most"
        case.owe(f"jkp_month_{one}", label, amount, line, kind=kind)
    if month == 1:
        case.notice(
            _("Bulan ke-2 sampai ke-6 dibayar bila Bapak/Ibu mencari kerja dan belum bekerja.")
        )


def _who_pays(case: Case) -> str:
    facts, key = case.facts, "jkp/arrears_months_bpjs_pays"
    if facts.arrears_months is None:
        case.ask(
            "arrears_months",
            _("Apakah perusahaan menunggak iuran? Berapa bulan berturut-turut?"),
            0,
            blocks=False,
        )
    if not facts.arrears_months or not case.holds(key):
        return "dismissed"
    limit = int(case.rule(key))
    closed = bool(facts.job_loss.bankrupt or "company_closed" in facts.papers)
    if closed:
        limit = int(case.rule("jkp/arrears_months_closed_company"))
    case.say(_("BPJS membayar bila tunggakan paling lama %(limit)s bulan."), limit=limit)
    if facts.arrears_months <= limit:
        return "dismissed"
    case.notice(_("Perusahaan membayar dulu, karena iurannya menunggak terlalu lama."))
    return "employer_pays_first"
