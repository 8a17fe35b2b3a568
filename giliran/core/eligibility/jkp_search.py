"""What JKP asks from the second month on: looking for work."""

from __future__ import annotations

from decimal import Decimal

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.refusal import gettext_noop

_ = gettext_noop
LAST_MONTH = 6
HUNDRED = Decimal(100)


def refuse_idle(case: Case) -> Answer | None:
    """Give the refusal (or the questions) of a later month; None if that month is due."""
    month = case.facts.job_loss.month or 1
    if month == 1 or not case.holds("jkp/active_search"):
        return None
    asked = case.rule("jkp/active_search")
    applications = int(asked["applications_per_month"])
    interviews = int(asked["or_interview_calls"])
    attendance = Decimal(asked["training_attendance"]) * HUNDRED
    case.say(
        _(
            "Mulai bulan kedua: paling sedikit %(applications)s lamaran atau %(interviews)s "
            "panggilan wawancara dalam bulan sebelumnya."
        ),
        applications=applications,
        interviews=interviews,
    )
    _ask(case, month)
    if case.blocked:
        return case.need_facts()
    lost = case.facts.job_loss
    looked = (lost.applications or 0) >= applications or (lost.interviews or 0) >= interviews
    trained = not lost.in_training or (lost.training_percent or Decimal(0)) >= attendance
    reported = month < LAST_MONTH or lost.status_form is True
    if looked and trained and reported:
        return None
    case.change(
        _("Bapak/Ibu mengirim lamaran, hadir di pelatihan, dan mengisi laporan yang diminta.")
    )
    return case.answer(
        Decision.NOT_YET,
        "search_not_shown",
        _("Belum dibayar untuk bulan ini, karena bukti mencari kerja belum lengkap."),
    )


def _ask(case: Case, month: int) -> None:
    lost = case.facts.job_loss
    if lost.applications is None and lost.interviews is None:
        case.ask(
            "job_loss.applications",
            _("Berapa lamaran kerja Bapak/Ibu kirim bulan lalu?"),
            5,
        )
    if lost.in_training and lost.training_percent is None:
        case.ask(
            "job_loss.training_percent", _("Berapa persen kehadiran Bapak/Ibu di pelatihan?"), 90
        )
    if month == LAST_MONTH and lost.status_form is None:
        case.ask(
            "job_loss.status_form",
            _("Apakah laporan status kerja sudah diisi di SIAPkerja?"),
            example=True,
        )
