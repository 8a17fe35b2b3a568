"""JP for those left behind: widow or widower, children, parents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import deadline, monthly_penalty, online_or_branch, papers
from giliran.core.eligibility.days import add_months, first_of_next_month
from giliran.core.eligibility.heirs import ask_for_heir
from giliran.core.eligibility.jp_amounts import months_paid, owe_monthly
from giliran.core.refusal import gettext_noop

_ = gettext_noop

SHARES = {
    "spouse": "jp/survivor/spouse_rate",
    "child": "jp/survivor/child_rate",
    "parent": "jp/survivor/parent_rate",
}
HUNDRED = Decimal(100)


def survivors(case: Case) -> Answer:
    """Decide on the pension after a member's death."""
    _ask(case)
    heir = case.facts.claimant.heir
    if heir and heir not in SHARES:
        return _no_pension_heir(case)
    if case.blocked or case.facts.event_date is None:
        return case.need_facts()
    event = case.facts.event_date
    refused = _refuse_heir(case, event)
    if refused:
        return refused
    in_payment = case.facts.pension.in_payment
    months = months_paid(case) or 0
    if in_payment is None:
        refused, months = _months_that_count(case, event, months)
        if refused:
            return refused
    case.rule("jp/benefit/starts", on=event)
    start = first_of_next_month(event)
    case.say(_("Hak pensiun mulai tanggal 1 bulan berikutnya: %(start)s."), start=start)
    owe_monthly(case, months, start, share_key=SHARES[heir], in_payment=in_payment)
    papers(case, f"jp/{heir}", child_has_id_card=None)
    case.channel = online_or_branch(case)
    deadline(case, "deadlines/jp_first", start)
    monthly_penalty(case, "deadlines/jp_late_penalty_per_month")
    if case.day < start:
        return case.answer(
            Decision.NOT_YET,
            "starts_next_month",
            _("Belum bisa sekarang. Hak pensiun mulai %(start)s."),
            start,
            start=start,
        )
    return case.answer(
        Decision.ENTITLED,
        f"{heir}_pension",
        _("Bapak/Ibu berhak menerima pensiun ahli waris setiap bulan."),
        start,
    )


def _ask(case: Case) -> None:
    facts, claimant = case.facts, case.facts.claimant
    if facts.event_date is None:
        case.ask("event_date", _("Tanggal berapa peserta meninggal?"), "2026-10-05")
    ask_for_heir(case)
    if claimant.heir == "spouse" and claimant.remarried is None:
        case.ask("claimant.remarried", _("Apakah Bapak/Ibu sudah menikah lagi?"), example=False)
    if claimant.heir == "child":
        _ask_child(case)
    if facts.pension.in_payment is not None:
        return
    months = months_paid(case)
    if months is None:
        case.ask("pension.months", _("Berapa bulan iuran pensiun sudah dibayar?"), 120)
    elif months < int(case.glance("jp/benefit/min_months")):
        if facts.pension.density_percent is None:
            case.ask(
                "pension.density_percent",
                _("Berapa persen bulan yang iurannya dibayar sejak menjadi peserta?"),
                92,
            )
        if facts.pension.enrolled_on is None:
            case.ask(
                "pension.enrolled_on",
                _("Sejak kapan peserta ikut Jaminan Pensiun?"),
                "2019-04-01",
            )


def _ask_child(case: Case) -> None:
    claimant = case.facts.claimant
    if claimant.nearer_heirs is None:
        case.ask(
            "claimant.nearer_heirs",
            _("Apakah istri atau suami peserta masih ada dan belum menikah lagi?"),
            example=False,
        )
    if claimant.age_on(case.day) is None:
        case.ask("claimant.birth_date", _("Kapan tanggal lahir anak?"), "2012-06-01")
    if claimant.working is None:
        case.ask("claimant.working", _("Apakah anak sudah bekerja?"), example=False)
    if claimant.married is None:
        case.ask("claimant.married", _("Apakah anak sudah menikah?"), example=False)


def _no_pension_heir(case: Case) -> Answer:
    for key in SHARES.values():
        case.rule(key)
    case.say(_("Pensiun ahli waris hanya untuk istri atau suami, anak, dan orang tua."))
    case.offer("lump_sum", _("Tanyakan ke petugas apakah iuran dan hasilnya dibayar sekaligus."))
    return case.answer(
        Decision.NOT_ENTITLED,
        "not_a_pension_heir",
        _("Tidak ada pensiun bulanan untuk hubungan keluarga ini."),
    )


def _refuse_heir(case: Case, event: date) -> Answer | None:
    claimant = case.facts.claimant
    if claimant.heir != "spouse" and claimant.nearer_heirs:
        case.rule(SHARES[claimant.heir], on=event)
        case.say(_("Istri atau suami didahulukan; lalu anak; lalu orang tua."))
        case.change(_("Istri atau suami peserta meninggal atau menikah lagi."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "nearer_heir_first",
            _("Belum menjadi hak Bapak/Ibu: masih ada yang lebih dekat."),
        )
    if claimant.heir == "spouse" and claimant.remarried:
        case.rule(SHARES["spouse"], on=event)
        case.say(_("Pensiun janda atau duda berakhir bila menikah lagi."))
        case.offer("child", _("Anak peserta di bawah 23 tahun mungkin berhak atas pensiun anak."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "remarried",
            _("Tidak ada pensiun janda atau duda setelah menikah lagi."),
        )
    if claimant.heir != "child":
        return None
    until = int(case.rule("jp/survivor/child_until_age", on=event))
    case.say(
        _("Pensiun anak sampai usia %(until)s tahun, selama belum bekerja dan belum menikah."),
        until=until,
    )
    age = claimant.age_on(case.day) or 0
    if age >= until or claimant.working or claimant.married:
        return case.answer(
            Decision.NOT_ENTITLED,
            "child_no_longer_dependent",
            _("Tidak ada pensiun anak, karena anak sudah dewasa, bekerja, atau menikah."),
        )
    most = int(case.rule("jp/survivor/max_children", on=event))
    case.say(_("Paling banyak %(count)s anak."), count=most)
    return None


def _months_that_count(case: Case, event: date, months: int) -> tuple[Answer | None, int]:
    least = int(case.rule("jp/benefit/min_months", on=event))
    if months >= least:
        case.say(_("Iuran %(months)s bulan, cukup untuk pensiun bulanan."), months=months)
        return None, months
    pension = case.facts.pension
    years = int(case.rule("jp/survivor/min_member_years", on=event))
    density = Decimal(case.rule("jp/survivor/min_density", on=event)) * HUNDRED
    case.say(
        _(
            "Iuran kurang dari %(least)s bulan tetap dianggap 15 tahun bila sudah %(years)s tahun "
            "peserta dan %(density)s%% bulan dibayar."
        ),
        least=least,
        years=years,
        density=str(int(density)),
    )
    new = pension.enrolled_on is not None and event < add_months(pension.enrolled_on, 12 * years)
    if new or (pension.density_percent or Decimal(0)) < density:
        case.offer("lump_sum", _("Tanyakan apakah seluruh iuran dan hasilnya dibayar sekaligus."))
        return (
            case.answer(
                Decision.OFFICER_DECIDES,
                "contributions_too_thin",
                _("Syarat pensiun bulanan belum terpenuhi. Petugas memutuskan apa yang dibayar."),
            ),
            months,
        )
    deemed = 12 * int(case.rule("jp/survivor/deemed_years", on=event))
    case.say(_("Masa iuran dianggap %(months)s bulan."), months=deemed)
    return None, max(months, deemed)
