"""The parts of a situation that only one program needs: accident, pension, job loss, children."""

from __future__ import annotations

from fractions import Fraction

from giliran.core.eligibility import words
from giliran.core.eligibility.days import add_months, whole_months
from giliran.core.eligibility.reading import HIGHEST_AGE, Reader
from giliran.core.eligibility.situation import Accident, Child, Injury, JobLoss, Pension, WageYear

DAYS_A_MONTH = 30


def read_accident(one: Reader) -> Accident:
    """Read what happened at work and what followed."""
    if not one:
        return Accident()
    one.day("date", "accident_date", "tanggal")
    transport = one.part("transport", "angkutan")
    aids = one.part("aids", "alat_bantu")
    accident = Accident(
        kind=one.word("kind", "type", "jenis", words=words.ACCIDENTS),
        employment_ended=one.day("employment_ended"),
        months_unable=_months_unable(one),
        outcome=one.word("outcome", "hasil", words=words.OUTCOMES),
        left_handed=one.flag("left_handed", "kidal"),
        injuries=_injuries(one),
        transport={mode: transport.money(mode) for mode in words.TRANSPORT},
        aids={aid: aids.money(aid) for aid in words.AIDS},
    )
    transport.close()
    aids.close()
    one.close()
    return accident


def _months_unable(one: Reader) -> Fraction | None:
    """Read months; days count 30 to a month. A Fraction, so that a third of a month stays one."""
    months = one.number("months_unable", "months_unable_to_work", highest=600)
    days = one.number("days_unable", "days_unable_to_work", highest=20000)
    since, until = one.day("unable_from"), one.day("unable_until")
    if months is not None:
        return Fraction(months)
    if days is not None:
        return Fraction(days) / DAYS_A_MONTH
    if since and until and since <= until:
        whole = whole_months(since, until)
        return whole + Fraction((until - add_months(since, whole)).days, DAYS_A_MONTH)
    return None


def _injuries(one: Reader) -> tuple[Injury, ...]:
    listed = one.parts("injuries", "disability", "cacat")
    found = []
    for row in listed or ():
        found.append(
            Injury(
                part=row.text("part", "bagian", "entry"),
                count=row.whole("count", "jumlah", highest=20) or 1,
                function_lost=row.number("function_lost_percent", "function_lost", highest=100),
                percent=row.number("percent", "pct", highest=100),
            )
        )
        row.close()
    return tuple(found)


def read_pension(one: Reader) -> Pension:
    """Read the facts for JP."""
    if not one:
        return Pension()
    wages = []
    for row in one.parts("wages", "upah") or ():
        year = row.whole("year", "tahun", highest=2200)
        months = row.whole("months", "bulan", highest=12)
        indexed = row.money("indexed_wage", "upah_tertimbang")
        wage = row.money("wage", "upah")
        paid = wage if indexed is None else indexed
        if year is not None and paid is not None:
            full_year = 12 if months is None else months
            wages.append(WageYear(year, full_year, paid, indexed is not None))
        row.close()
    pension = Pension(
        enrolled_on=one.day("enrolled_on", "sejak"),
        months=_months_of(one),
        density_percent=one.number("density_percent", "density", highest=100),
        average_wage=one.money("average_indexed_wage", "average_wage"),
        wages=tuple(wages),
        balance=one.money("balance", "contributions_and_returns", "saldo"),
        in_payment=one.money("in_payment", "pension_in_payment"),
    )
    one.close()
    return pension


def _months_of(one: Reader) -> int | None:
    months = one.whole("months", "contribution_months", "bulan_iuran", highest=1200)
    years = one.number("years", "contribution_years", highest=100)
    return months if months is not None or years is None else int(years * 12)


def read_job_loss(one: Reader) -> JobLoss:
    """Read the facts for JKP."""
    if not one:
        return JobLoss()
    one.day("date", "dismissed_on", "phk_date", "tanggal")
    job_loss = JobLoss(
        enrolled_on=one.day("enrolled_on"),
        months_paid_of_last_24=one.whole("months_paid_of_last_24", "months_paid", highest=24),
        longest_run_months=one.whole("longest_run_months", "consecutive_months", highest=24),
        ended_before_term=one.flag("ended_before_term"),
        willing=one.flag("willing", "willing_to_work", "bersedia_bekerja"),
        month=one.whole("month", "bulan_ke", highest=6),
        applications=one.whole("applications", "lamaran", highest=1000),
        interviews=one.whole("interviews", "wawancara", highest=1000),
        training_percent=one.number("training_percent", highest=100),
        in_training=one.flag("in_training", "ikut_pelatihan"),
        times_before=one.whole("times_before", "pernah_berapa_kali", highest=20),
        months_paid_since_last=one.whole("months_paid_since_last", highest=600),
        all_programs=one.flag("all_programs", "ikut_semua_program"),
        enrolled=one.flag("enrolled", "didaftarkan"),
        bankrupt=one.flag("bankrupt", "bangkrut"),
        status_form=one.flag("status_form"),
    )
    one.close()
    return job_loss


def read_children(top: Reader) -> tuple[Child, ...] | None:
    """Read the children; None if nobody said whether there are any."""
    count = top.count_instead_of_list("children", "anak")
    if count is not None:
        return (Child(),) * count
    listed = top.parts("children", "anak")
    if listed is None:
        return None
    found = []
    for one in listed:
        found.append(
            Child(
                birth_date=one.day("birth_date", "tanggal_lahir"),
                age=one.whole("age", "usia", highest=HIGHEST_AGE),
                school=one.word("school", "level", "sekolah", words=words.SCHOOLS),
                years_left=one.whole("years_left", "sisa_tahun", highest=20),
                married=one.flag("married", "menikah"),
                working=one.flag("working", "bekerja"),
            )
        )
        one.close()
    return tuple(found)
