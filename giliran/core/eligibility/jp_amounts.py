"""The pension formula, and what is known of the wages that go into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from giliran.core.eligibility.answer import Tax
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.sentence import Sentence, percent_text
from giliran.core.eligibility.situation import WageYear
from giliran.core.eligibility.tax import bracket_tax, whole_rupiah
from giliran.core.refusal import gettext_noop

_ = gettext_noop
FIRST_DAY = date(2015, 7, 1)
MONTHS_A_YEAR = 12


class Average(NamedTuple):
    """The mean monthly wage over the contribution months; rupiah, not rounded."""

    wage: Fraction
    exact: bool


def months_paid(case: Case) -> int | None:
    """Give the contribution months, told or counted from the wages."""
    pension = case.facts.pension
    if pension.months is not None:
        return pension.months
    return sum(year.months for year in pension.wages) if pension.wages else None


def average(case: Case) -> Average | None:
    """Give the mean wage; raw wages are capped at the ceiling of their year. None: unknown."""
    pension = case.facts.pension
    if pension.average_wage is not None:
        return Average(Fraction(pension.average_wage), exact=True)
    months = sum(year.months for year in pension.wages)
    if not months:
        case.ask(
            "pension.average_indexed_wage",
            _(
                "Berapa rata-rata upah sebulan selama membayar iuran, sudah disesuaikan dengan "
                "kenaikan harga? Tanyakan ke BPJS, atau isi upah setiap tahun."
            ),
            5000000,
            blocks=False,
        )
        return None
    total = sum((_counted(case, year) * year.months for year in pension.wages), Decimal(0))
    indexed = all(year.indexed for year in pension.wages)
    if not indexed:
        case.notice(
            _("Upah belum disesuaikan dengan kenaikan harga, jadi pensiun sebenarnya lebih besar.")
        )
    return Average(Fraction(total) / months, exact=indexed)


def _counted(case: Case, year: WageYear) -> Decimal:
    if year.indexed:
        return year.wage
    middle = max(FIRST_DAY, date(year.year, 3, 1))
    ceiling = Decimal(case.glance("jp/contribution/wage_ceiling", on=middle))
    if year.wage <= ceiling:
        return year.wage
    case.rule("jp/contribution/wage_ceiling", on=middle)
    case.say(
        _("Upah %(year)s dihitung paling banyak %(ceiling)s."),
        year=str(year.year),
        ceiling=ceiling,
    )
    return ceiling


def monthly(rate: Decimal, months: int, average_wage: Fraction) -> Fraction:
    """Give rate x (months / 12) x mean wage, in rupiah and not yet rounded (PP 45/2015 art. 17)."""
    return Fraction(rate) * months * average_wage / MONTHS_A_YEAR


def owe_monthly(
    case: Case, months: int, start: date, *, share_key: str = "", in_payment: Decimal | None = None
) -> None:
    """Add the monthly pension: the formula (or a share of it), within minimum and maximum."""
    label = _("Pensiun setiap bulan")
    lines: list[Sentence] = []
    exact = True
    if in_payment is None:
        rate = Decimal(case.rule("jp/benefit/accrual_rate", on=start))
        case.say(
            _("Rumus: %(rate)s × masa iuran dalam tahun × rata-rata upah sebulan."),
            rate=percent_text(rate),
        )
        mean = average(case)
        if mean is None:
            case.owe("jp_monthly", label, None, per="month")
            return
        formula, exact = monthly(rate, months, mean.wage), mean.exact
        lines.append(
            Sentence(
                _("%(rate)s × %(months)s/12 × %(wage)s = %(pension)s"),
                {
                    "rate": percent_text(rate),
                    "months": months,
                    "wage": whole_rupiah(mean.wage),
                    "pension": whole_rupiah(formula),
                },
            )
        )
    else:
        formula = Fraction(in_payment)
        lines.append(
            Sentence(_("Pensiun yang sudah berjalan: %(pension)s"), {"pension": in_payment})
        )
    if share_key:
        share = Decimal(case.rule(share_key, on=start))
        case.say(_("Bagian ahli waris: %(share)s."), share=percent_text(share))
        formula *= Fraction(share)
        lines.append(
            Sentence(
                _("%(share)s dari itu = %(pension)s"),
                {"share": percent_text(share), "pension": whole_rupiah(formula)},
            )
        )
    least = Decimal(case.rule("jp/benefit/minimum", on=start))
    most = Decimal(case.rule("jp/benefit/maximum", on=start))
    case.say(
        _("Pensiun sebulan paling sedikit %(least)s dan paling banyak %(most)s."),
        least=least,
        most=most,
    )
    amount = whole_rupiah(min(max(formula, Fraction(least)), Fraction(most)))
    if amount != whole_rupiah(formula):
        lines.append(Sentence(_("Setelah batas tahun itu: %(pension)s"), {"pension": amount}))
        if share_key:
            case.notice(
                _("Cara memakai batas pada pensiun ahli waris belum kami periksa. Tanya petugas.")
            )
    kind = "exact" if exact else "at_least"
    case.owe("jp_monthly", label, amount, *lines, per="month", kind=kind)
    case.rule("jp/confirmation_every_months", on=start)
    case.say(
        _("Penerima pensiun memberi kabar ke BPJS setiap %(months)s bulan."),
        months=int(case.rule("jp/confirmation_every_months", on=start)),
    )
    case.tax = Tax("unverified", None, None)


def owe_lump_sum(case: Case, wages: Sequence[WageYear]) -> None:
    """Add all contributions plus returns, and the final tax on them."""
    balance = case.facts.pension.balance
    label = _("Seluruh iuran pensiun dan hasilnya, sekaligus")
    if balance is not None:
        case.owe("jp_lump_sum", label, balance)
        _tax_lump_sum(case, balance)
        return
    case.ask(
        "pension.balance",
        _("Berapa jumlah iuran pensiun dan hasilnya? Lihat di aplikasi JMO."),
        18000000,
        blocks=False,
    )
    if not wages or any(year.indexed for year in wages):
        case.owe("jp_lump_sum", label, None)
        return
    counted = sum((_counted(case, year) * year.months for year in wages), Decimal(0))
    rate = Decimal(case.rule("jp/contribution/total_rate"))
    paid = whole_rupiah(counted * rate)
    case.say(
        _("Iuran pensiun %(rate)s dari upah; jumlah iuran %(paid)s, ditambah hasilnya."),
        rate=percent_text(rate),
        paid=paid,
    )
    case.owe("jp_lump_sum", label, paid, kind="at_least")


def _tax_lump_sum(case: Case, gross: Decimal) -> None:
    brackets = case.rule("tax/jht/final_brackets")
    tax = whole_rupiah(bracket_tax(gross, brackets))
    case.say(_("Pajaknya PPh 21 final: pajak %(tax)s, diterima %(net)s."), tax=tax, net=gross - tax)
    case.tax = Tax("final", tax, gross - tax)
