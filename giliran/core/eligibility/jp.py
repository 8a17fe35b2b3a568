"""JP: pension at the age of the year, for disability, and for those left behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from giliran.core.eligibility import jp_heirs, two_cards
from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import deadline, monthly_penalty, online_or_branch, papers
from giliran.core.eligibility.days import add_months, birthday, first_of_next_month
from giliran.core.eligibility.jp_amounts import months_paid, owe_lump_sum, owe_monthly
from giliran.core.parameters import Law
from giliran.core.refusal import gettext_noop

_ = gettext_noop

HUNDRED = Decimal(100)


def reaches_pension_age(born: date, law: Law) -> date:
    """Give the first day on which somebody is as old as the pension age of that day asks."""
    last = born
    for dated in law["jp/retirement_age"].values:
        last = max(birthday(born, int(str(dated.value))), dated.since)
        if dated.until is None or last <= dated.until:
            break
    return last


def jp(case: Case) -> Answer:
    """Decide on JP."""
    facts = case.facts
    if not case.holds("jp/retirement_age"):
        return case.answer(
            Decision.NOT_ENTITLED,
            "program_not_yet_in_force",
            _("Jaminan Pensiun baru ada sejak 1 Juli 2015."),
        )
    if not facts.segment:
        case.ask(
            "segment",
            _("Bekerja sebagai apa: karyawan, pekerja mandiri, migran, atau konstruksi?"),
            "PU",
        )
        return case.need_facts()
    if facts.segment != "PU" or months_paid(case) == 0:
        case.rule("segments/coverage")
        case.say(_("Jaminan Pensiun adalah untuk karyawan perusahaan menengah dan besar."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "no_pension_membership",
            _("Tidak ada pensiun, karena tidak ikut Jaminan Pensiun."),
        )
    if case.reason == "death":
        answer = jp_heirs.survivors(case)
    elif case.reason == "total_permanent_disability":
        answer = _by_disability(case)
    else:
        answer = _by_age(case)
    return answer


def close(case: Case, kind: str, start: date) -> None:
    """Add papers, channel and deadline."""
    papers(case, f"jp/{kind}", child_has_id_card=None)
    case.channel = online_or_branch(case)
    deadline(case, "deadlines/jp_first", start)
    monthly_penalty(case, "deadlines/jp_late_penalty_per_month")


def ask_months(case: Case) -> int | None:
    """Give the contribution months, or ask for them."""
    months = months_paid(case)
    if months is None:
        case.ask("pension.months", _("Berapa bulan iuran pensiun sudah dibayar?"), 120)
    return months


def _by_age(case: Case) -> Answer:
    born = two_cards.birth_dates(case.facts)
    if not born:
        case.ask("birth_date", _("Kapan tanggal lahir Bapak/Ibu?"), "1967-05-17")
        return case.need_facts()
    reached = {reaches_pension_age(one, case.law) for one in born}
    if len(reached) > 1 and len({first_of_next_month(one) <= case.day for one in reached}) > 1:
        case.rule("jp/retirement_age", on=min(reached))
        case.say(_("Tanggal lahir di kartu dan di KTP berbeda, dan keputusan tergantung padanya."))
        two_cards.advise(case)
        case.change(_("Data tanggal lahir dibetulkan sesuai KTP."))
        return case.answer(
            Decision.OFFICER_DECIDES,
            "birth_dates_disagree",
            _("Belum dapat diputuskan di sini, karena tanggal lahirnya berbeda-beda."),
        )
    day = max(reached)
    age = int(case.rule("jp/retirement_age", on=day))
    case.rule("jp/benefit/starts", on=day)
    start = first_of_next_month(day)
    case.say(
        _("Usia pensiun Bapak/Ibu %(age)s tahun, tercapai %(day)s. Pensiun mulai %(start)s."),
        age=age,
        day=day,
        start=start,
    )
    if case.day < start:
        case.change(_("Bapak/Ibu mencapai usia pensiun %(age)s tahun."), age=age)
        if case.reason not in {"age", "old_card"}:
            case.say(_("Berhenti bekerja tidak membuat pensiun dibayar lebih cepat."))
        _owe_by_months(case, months_paid(case), start)
        return case.answer(
            Decision.NOT_YET,
            "pension_age_not_reached" if case.day < day else "starts_next_month",
            _("Belum bisa sekarang. Hak pensiun mulai %(start)s."),
            start,
            start=start,
        )
    months = ask_months(case)
    if months is None:
        return case.need_facts()
    if case.facts.employment.working:
        years = int(case.rule("jp/postponement_max_years", on=day))
        case.say(_("Bila masih bekerja, boleh ditunda paling lama %(years)s tahun."), years=years)
        case.offer(
            "postpone",
            _("Tunda pensiun selama masih bekerja, paling lama %(years)s tahun."),
            years=years,
        )
    code = _owe_by_months(case, months, start)
    two_cards.advise(case)
    close(case, "old_age", start)
    text = (
        _("Bapak/Ibu berhak menerima pensiun setiap bulan.")
        if code == "monthly_pension"
        else _("Bapak/Ibu berhak menerima seluruh iuran pensiun dan hasilnya, sekaligus.")
    )
    return case.answer(Decision.ENTITLED, code, text, start)


def _owe_by_months(case: Case, months: int | None, start: date) -> str:
    least = int(case.rule("jp/benefit/min_months", on=start))
    if months is not None and months >= least:
        case.say(
            _("Iuran %(months)s bulan, paling sedikit %(least)s: dibayar setiap bulan."),
            months=months,
            least=least,
        )
        owe_monthly(case, months, start)
        return "monthly_pension"
    if months is None:
        case.say(_("Iuran kurang dari %(least)s bulan dibayar sekaligus."), least=least)
        return "lump_sum"
    case.rule("jp/benefit/lump_sum", on=start)
    case.say(
        _("Iuran %(months)s bulan, kurang dari %(least)s: dibayar sekaligus."),
        months=months,
        least=least,
    )
    owe_lump_sum(case, case.facts.pension.wages)
    return "lump_sum"


def _ask_about_disability(case: Case, least: int) -> int | None:
    facts = case.facts
    if facts.event_date is None:
        case.ask(
            "event_date", _("Tanggal berapa dokter menetapkan cacat total tetap?"), "2026-10-05"
        )
    if not two_cards.birth_dates(facts):
        case.ask("birth_date", _("Kapan tanggal lahir Bapak/Ibu?"), "1980-05-17")
    months = ask_months(case)
    if months is not None and months < least:
        if facts.pension.density_percent is None:
            case.ask(
                "pension.density_percent",
                _("Berapa persen bulan yang iurannya dibayar sejak menjadi peserta?"),
                92,
            )
        if facts.pension.enrolled_on is None:
            case.ask("pension.enrolled_on", _("Sejak kapan ikut Jaminan Pensiun?"), "2019-04-01")
    return months


def _by_disability(case: Case) -> Answer:
    event = case.facts.event_date
    least = int(case.glance("jp/benefit/min_months"))
    months = _ask_about_disability(case, least)
    if case.blocked or event is None or months is None:
        return case.need_facts()
    born = two_cards.birth_dates(case.facts)
    if reaches_pension_age(max(born), case.law) <= event:
        return _by_age(case)
    start = first_of_next_month(event)
    case.rule("jp/benefit/starts", on=event)
    case.say(_("Pensiun cacat mulai tanggal 1 bulan berikutnya: %(start)s."), start=start)
    if months < int(case.rule("jp/benefit/min_months", on=event)):
        refused = _too_thin(case, event)
        if refused:
            return refused
        deemed = 12 * int(case.rule("jp/disability/deemed_years", on=event))
        case.say(_("Masa iuran dianggap %(months)s bulan (15 tahun)."), months=deemed)
        months = max(months, deemed)
    owe_monthly(case, months, start)
    close(case, "total_permanent_disability", start)
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
        "disability_pension",
        _("Bapak/Ibu berhak menerima pensiun cacat setiap bulan."),
        start,
    )


def _too_thin(case: Case, event: date) -> Answer | None:
    pension = case.facts.pension
    density = Decimal(case.rule("jp/disability/min_density", on=event)) * HUNDRED
    after = int(case.rule("jp/disability/min_months_since_enrolment", on=event))
    case.say(
        _("Syarat: iuran dibayar paling sedikit %(density)s%% bulan, dan %(after)s bulan peserta."),
        density=str(int(density)),
        after=after,
    )
    early = pension.enrolled_on is not None and event < add_months(pension.enrolled_on, after)
    if early or (pension.density_percent or Decimal(0)) < density:
        case.offer("lump_sum", _("Tanyakan apakah seluruh iuran dan hasilnya dibayar sekaligus."))
        return case.answer(
            Decision.OFFICER_DECIDES,
            "contributions_too_thin",
            _("Syarat pensiun cacat belum terpenuhi. Petugas memutuskan apa yang dibayar."),
        )
    return None
