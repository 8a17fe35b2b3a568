"""JHT by age: 56, or the pension age that the company agreed on."""

from __future__ import annotations

from giliran.core.eligibility import two_cards
from giliran.core.eligibility.answer import Answer
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.days import birthday
from giliran.core.eligibility.jht_shared import age_reached, born_on, entitled, not_yet, officer
from giliran.core.refusal import gettext_noop

_ = gettext_noop


def _disagreeing(case: Case) -> Answer:
    case.say(_("Tanggal lahir di kartu dan di KTP berbeda, dan keputusan tergantung padanya."))
    case.change(_("Data tanggal lahir dibetulkan sesuai KTP."))
    return officer(
        case,
        "birth_dates_disagree",
        _("Belum dapat diputuskan di sini, karena tanggal lahirnya berbeda-beda."),
    )


def by_age(case: Case) -> Answer:
    """Decide by the age of the law, then by the age that the company agreed on."""
    facts = case.facts
    years = int(case.rule("jht/full/age"))
    reached = age_reached(case, years)
    if reached is None and len(two_cards.birth_dates(facts)) > 1:
        return _disagreeing(case)
    if reached is None:
        case.ask("birth_date", _("Kapan tanggal lahir Bapak/Ibu?"), "1970-05-17")
        return case.need_facts()
    born = born_on(facts)
    earliest = birthday(born, years) if born else None
    if reached:
        case.say(_("JHT dibayar penuh sejak usia %(years)s tahun."), years=years)
        if facts.employment.working is not False:
            case.rule("jht/full/may_postpone")
            case.say(_("Boleh diambil walau masih bekerja, boleh juga ditunda."))
            case.offer("postpone", _("Biarkan saldo tumbuh dan ambil saat berhenti bekerja."))
        return entitled(
            case, "age_reached", _("Bapak/Ibu berhak mengambil seluruh JHT."), earliest, like="age"
        )
    if facts.agreed_pension_age and facts.agreed_pension_age < years:
        agreed = _by_agreed_age(case, facts.agreed_pension_age)
        if agreed:
            return agreed
    case.say(
        _("JHT karena usia dibayar mulai usia %(years)s tahun. Bapak/Ibu belum mencapainya."),
        years=years,
    )
    if born is None:
        case.ask("birth_date", _("Kapan tanggal lahir Bapak/Ibu?"), "1970-05-17", blocks=False)
    case.change(_("Bapak/Ibu mencapai usia %(years)s tahun."), years=years)
    case.change(_("Bapak/Ibu berhenti bekerja dan masa tunggunya lewat."))
    text = (
        _("Belum bisa sekarang. Paling cepat %(earliest)s, saat usia Bapak/Ibu cukup.")
        if earliest
        else _("Belum bisa sekarang, karena usia Bapak/Ibu belum cukup.")
    )
    return not_yet(case, "age_not_reached", text, earliest)


def _by_agreed_age(case: Case, agreed: int) -> Answer | None:
    """Decide by the pension age of the work agreement; None when that isn't reached either."""
    named = case.rule("jht/full/reasons")
    if not age_reached(case, agreed):
        return None
    if "contract_end" not in named:
        return officer(
            case,
            "agreed_age_before_2022",
            _("Petugas memutuskan apakah usia pensiun perusahaan berlaku pada hari itu."),
        )
    working = case.facts.employment.working
    if working is None:
        case.ask("employment.working", _("Apakah Bapak/Ibu sekarang bekerja?"), example=False)
        return case.need_facts()
    if working:
        return officer(
            case,
            "agreed_age_still_working",
            _(
                "Usia pensiun perusahaan sudah dicapai, tetapi Bapak/Ibu masih bekerja. Petugas "
                "yang memutuskan."
            ),
        )
    case.say(
        _("Usia pensiun di perjanjian kerja atau peraturan perusahaan (%(age)s) juga berlaku."),
        age=agreed,
    )
    born = born_on(case.facts)
    return entitled(
        case,
        "agreed_age_reached",
        _("Bapak/Ibu berhak mengambil seluruh JHT."),
        birthday(born, agreed) if born else None,
    )
