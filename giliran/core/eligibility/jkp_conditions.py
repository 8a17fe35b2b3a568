"""Who may have JKP: person, enrolment, time limit, contributions, how often."""

from __future__ import annotations

from datetime import date

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.days import add_months, age_on
from giliran.core.refusal import gettext_noop

_ = gettext_noop


def refuse_person(case: Case) -> Answer | None:
    """Give the refusal of who works, is foreign or unwilling, or was enrolled too late."""
    facts, lost = case.facts, case.facts.job_loss
    if facts.citizenship == "WNA":
        return _no(case, "jkp/enrol_before_age", "foreigner", _("JKP hanya untuk warga Indonesia."))
    if facts.employment.working:
        case.rule("jkp/lost_when")
        case.say(_("JKP berhenti bila sudah mendapat pekerjaan."))
        if facts.employment.segment in {"BPU", "JAKON"}:
            return case.answer(
                Decision.OFFICER_DECIDES,
                "works_without_employer",
                _("Bapak/Ibu bekerja, tetapi bukan sebagai karyawan. Petugas yang memutuskan."),
            )
        return case.answer(
            Decision.NOT_ENTITLED,
            "works_again",
            _("Tidak ada JKP, karena Bapak/Ibu sudah bekerja lagi."),
        )
    if lost.willing is False:
        return _no(
            case,
            "jkp/enrol_before_age",
            "not_willing",
            _("Tidak ada JKP bila tidak bersedia bekerja lagi."),
        )
    return _refuse_enrolment(case)


def _refuse_enrolment(case: Case) -> Answer | None:
    facts, lost = case.facts, case.facts.job_loss
    if lost.enrolled or not facts.birth_date or not lost.enrolled_on:
        return None
    limit = int(case.rule("jkp/enrol_before_age"))
    case.say(_("Syarat: belum berusia %(age)s tahun saat didaftarkan."), age=limit)
    if age_on(facts.birth_date, lost.enrolled_on) >= limit:
        return case.answer(
            Decision.NOT_ENTITLED,
            "enrolled_too_old",
            _("Tidak ada JKP, karena usia Bapak/Ibu sudah lewat saat didaftarkan."),
        )
    if lost.all_programs is False and case.holds("jkp/programmes_required"):
        return _no(
            case,
            "jkp/programmes_required",
            "programs_missing",
            _("JKP perlu ikut semua program yang diwajibkan untuk perusahaan Bapak/Ibu."),
        )
    return None


def _no(case: Case, key: str, code: str, text: str) -> Answer:
    case.rule(key)
    case.say(text)
    return case.answer(Decision.NOT_ENTITLED, code, text)


def refuse_late(case: Case, event: date) -> Answer | None:
    """Give the refusal of a first claim after its last day."""
    if (case.facts.job_loss.month or 1) > 1:
        return None
    months = int(case.rule("jkp/claim_deadline_months"))
    last = add_months(event, months)
    case.say(
        _("JKP diajukan paling lambat %(months)s bulan setelah PHK, yaitu %(last)s."),
        months=months,
        last=last,
    )
    if case.day > last:
        return case.answer(
            Decision.NOT_ENTITLED,
            "claimed_too_late",
            _("Tidak ada JKP lagi, karena batas waktunya sudah lewat."),
        )
    changed = case.began("jkp/claim_deadline_months")
    if case.holds("jkp/claim_deadline_months", on=event):
        old = int(case.glance("jkp/claim_deadline_months", on=event))
        if add_months(event, old) < changed:
            case.rule("jkp/claim_deadline_months", on=event)
            return case.answer(
                Decision.OFFICER_DECIDES,
                "lapsed_under_old_law",
                _(
                    "Menurut aturan lama haknya sudah lewat, menurut aturan baru belum. Petugas "
                    "yang memutuskan."
                ),
            )
        if old != months:
            case.rule("jkp/claim_deadline_months", on=event)
            case.say(_("Batas waktu itu belum lewat saat aturan sekarang mulai berlaku."))
    return None


def refuse_contributions(case: Case) -> Answer | None:
    """Give the refusal of somebody with too few contribution months."""
    lost = case.facts.job_loss
    least = int(case.rule("jkp/min_contribution_months"))
    within = int(case.rule("jkp/within_months"))
    run = int(case.rule("jkp/min_consecutive_months"))
    if run:
        case.say(
            _("Iuran paling sedikit %(least)s dari %(within)s bulan, %(run)s berturut-turut."),
            least=least,
            within=within,
            run=run,
        )
    else:
        case.say(
            _("Iuran paling sedikit %(least)s dari %(within)s bulan terakhir sebelum PHK."),
            least=least,
            within=within,
        )
    enough = (lost.months_paid_of_last_24 or 0) >= least
    if enough and (not run or (lost.longest_run_months or 0) >= run):
        return None
    return case.answer(
        Decision.NOT_ENTITLED,
        "too_few_contributions",
        _("Tidak ada JKP, karena iuran yang dibayar kurang."),
    )


def refuse_again(case: Case) -> Answer | None:
    """Give the refusal (or the question) of somebody who had JKP before."""
    lost = case.facts.job_loss
    if not lost.times_before:
        return None
    most = int(case.rule("jkp/max_times"))
    case.say(_("JKP paling banyak %(count)s kali selama bekerja."), count=most)
    if lost.times_before >= most:
        return case.answer(
            Decision.NOT_ENTITLED, "all_times_used", _("JKP sudah dipakai sebanyak yang boleh.")
        )
    years = int(case.rule("jkp/years_between_times"))
    case.say(_("JKP berikutnya perlu iuran %(years)s tahun sejak yang terakhir."), years=years)
    if lost.months_paid_since_last is None:
        case.ask(
            "job_loss.months_paid_since_last",
            _("Berapa bulan iuran dibayar sejak JKP yang terakhir?"),
            64,
        )
        return case.need_facts()
    if lost.months_paid_since_last < 12 * years:
        return case.answer(
            Decision.NOT_ENTITLED,
            "too_soon_after_last",
            _("Belum bisa lagi, karena iuran sejak JKP yang terakhir belum cukup."),
        )
    return None
