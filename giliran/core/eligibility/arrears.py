"""What unpaid contributions do to JKK and JKM."""

from __future__ import annotations

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.refusal import gettext_noop

_ = gettext_noop

EMPLOYED = "arrears/jkk_jkm_employed_months"
SELF_EMPLOYED = "arrears/jkk_jkm_self_employed_months"


def refuse_for_arrears(case: Case) -> Answer | None:
    """Give the refusal of a self-employed member too long in arrears; else explain."""
    months, segment = case.facts.arrears_months, case.facts.segment
    if months is None:
        case.ask(
            "arrears_months",
            _("Apakah iuran menunggak? Berapa bulan berturut-turut?"),
            0,
            blocks=False,
        )
        return None
    if not months or segment not in {"PU", "BPU"}:
        return None
    if segment == "PU":
        limit = int(case.rule(EMPLOYED))
        if months <= limit:
            case.say(
                _("Perusahaan menunggak %(months)s bulan; BPJS tetap membayar."), months=months
            )
        else:
            case.say(
                _("Perusahaan menunggak lebih dari %(limit)s bulan: perusahaan membayar dulu."),
                limit=limit,
            )
            case.notice(
                _("Minta perusahaan membayar. Bila menolak, lapor ke pengawas tenaga kerja.")
            )
        return None
    limit = int(case.rule(SELF_EMPLOYED))
    if months > limit:
        case.say(_("Iuran menunggak lebih dari %(limit)s bulan berturut-turut."), limit=limit)
        return case.answer(
            Decision.NOT_ENTITLED,
            "arrears_too_long",
            _("Tidak ada hak, karena iuran menunggak terlalu lama sebelum kejadian."),
        )
    case.say(
        _(
            "Iuran menunggak %(months)s bulan. Uangnya dibayar setelah tunggakan dilunasi; biaya "
            "pemakaman dan perawatan didahulukan."
        ),
        months=months,
    )
    case.change(_("Tunggakan iuran dilunasi."))
    return None


def employer_pays_first(case: Case) -> bool:
    """Say whether the employer must pay before BPJS does."""
    months = case.facts.arrears_months
    return bool(
        months
        and case.facts.segment == "PU"
        and case.holds(EMPLOYED)
        and months > int(case.rule(EMPLOYED))
    )
