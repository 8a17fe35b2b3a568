"""PPh 21 on JHT and on a pension that is paid at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from giliran.core.eligibility.answer import Tax
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.sentence import Sentence, percent_text
from giliran.core.eligibility.situation import Withdrawal
from giliran.core.refusal import gettext_noop

_ = gettext_noop
ZERO = Decimal(0)


def whole_rupiah(amount: Decimal | Fraction) -> Decimal:
    """Drop the fraction of a rupiah. Thirds and twelfths come as Fraction, so none is lost."""
    if isinstance(amount, Fraction):
        return Decimal(int(amount))
    return amount.quantize(Decimal(1), rounding=ROUND_DOWN)


def bracket_tax(gross: Decimal, brackets: Sequence[Any]) -> Decimal:
    """Sum each bracket's rate over the part of `gross` that lies in it; rupiah, not rounded."""
    tax, below = ZERO, ZERO
    for row in brackets:
        ceiling = gross if row["up_to"] is None else min(gross, Decimal(row["up_to"]))
        if ceiling > below:
            tax += (ceiling - below) * Decimal(row["rate"])
            below = ceiling
    return tax


def tax_on_jht(case: Case, gross: Decimal | None) -> None:
    """Set the tax of a JHT payment: final within the two calendar years, progressive after."""
    facts = case.facts
    unsure = facts.reason == "death" or facts.citizenship == "WNA"
    if unsure:
        leave_tax_to_officer(case)
        return
    earlier = facts.withdrawals
    if earlier is None:
        case.ask(
            "earlier_withdrawals",
            _("Apakah sebagian JHT pernah diambil (10%% atau 30%%)? Kapan, dan berapa?"),
            [],
            blocks=False,
        )
        earlier = ()
    if gross is None:
        return
    dates = [one.day for one in earlier if one.day]
    if len(dates) < len(earlier):
        case.ask(
            "earlier_withdrawals[0].date",
            _("Kapan pengambilan JHT yang dulu dibayar? Tahunnya menentukan pajak."),
            "2024-03-15",
            blocks=False,
        )
        case.say(_("Pajak belum dapat dihitung, karena tanggal pengambilan dulu belum diketahui."))
        case.tax = Tax("unverified", None, None)
        return
    years = int(case.rule("tax/jht/at_once_calendar_years"))
    first_year = min((day.year for day in dates), default=case.day.year)
    if case.day.year < first_year + years:
        _final(case, gross, earlier, last_year=first_year + years - 1)
    elif any(one.kind == "full" for one in earlier):
        case.say(
            _(
                "JHT pernah dibayar penuh pada %(year)s. Cara menghitung pajak pembayaran yang "
                "baru belum dapat dipastikan di sini. Petugas yang menghitungnya."
            ),
            year=str(first_year),
        )
        case.tax = Tax("unverified", None, None)
    else:
        _progressive(case, gross, first_year)


def leave_tax_to_officer(case: Case) -> None:
    """Say that nobody checked this tax."""
    case.rule("tax/not_decided")
    case.say(_("Pajak untuk pembayaran ini belum dapat dipastikan di sini. Tanyakan ke petugas."))
    case.tax = Tax("unverified", None, None)


def _final(case: Case, gross: Decimal, earlier: Sequence[Withdrawal], *, last_year: int) -> None:
    brackets = case.rule("tax/jht/final_brackets")
    if any(one.gross is None for one in earlier):
        case.ask(
            "earlier_withdrawals[0].gross",
            _("Berapa rupiah JHT yang dulu dibayar, sebelum pajak?"),
            9000000,
            blocks=False,
        )
        lowest = whole_rupiah(bracket_tax(gross, brackets))
        highest = whole_rupiah(gross * Decimal(brackets[-1]["rate"]))
        case.tax = Tax("final", None, None, lowest=lowest, highest=highest)
        case.say(_("Pajak tergantung besar JHT yang dulu sudah dibayar."))
        return
    before = sum((one.gross for one in earlier if one.gross is not None), ZERO)
    tax = whole_rupiah(bracket_tax(before + gross, brackets) - bracket_tax(before, brackets))
    free, rate = Decimal(brackets[0]["up_to"]), Decimal(brackets[-1]["rate"])
    above = max(ZERO, before + gross - free) - max(ZERO, before - free)
    arithmetic = [
        Sentence(
            _("Bagian sampai %(free)s tidak kena pajak; di atasnya %(rate)s."),
            {"free": free, "rate": percent_text(rate)},
        ),
        Sentence(
            _("%(rate)s × %(above)s = %(tax)s (pecahan rupiah dibuang)."),
            {"rate": percent_text(rate), "above": above, "tax": tax},
        ),
    ]
    if before:
        arithmetic.insert(
            0,
            Sentence(
                _("Yang dulu sudah dibayar ikut dihitung: %(before)s + %(gross)s."),
                {"before": before, "gross": gross},
            ),
        )
    condition = None
    if case.facts.withdrawals is None:
        condition = Sentence(_("Berlaku jika JHT belum pernah diambil sebagian."))
    case.tax = Tax("final", tax, gross - tax, tuple(arithmetic), condition=condition)
    case.say(
        _(
            "Pajaknya PPh 21 final, karena JHT dibayar dalam dua tahun kalender (sampai akhir "
            "%(year)s): pajak %(tax)s, diterima %(net)s."
        ),
        year=str(last_year),
        tax=tax,
        net=gross - tax,
    )


def _progressive(case: Case, gross: Decimal, first_year: int) -> None:
    brackets = case.rule("tax/jht/progressive_brackets")
    base = bracket_tax(gross, brackets)
    tax = whole_rupiah(base)
    surcharge = ZERO
    if case.facts.npwp is not True:
        surcharge = Decimal(case.rule("tax/jht/no_npwp_surcharge"))
    dearer = whole_rupiah(base * (1 + surcharge))
    arithmetic = [*_lines(gross, brackets)]
    if surcharge:
        arithmetic.append(
            Sentence(
                _("Tanpa NPWP pajak bertambah %(rate)s: %(tax)s."),
                {"rate": percent_text(surcharge), "tax": dearer},
            )
        )
    if case.facts.npwp is None:
        case.ask("npwp", _("Apakah Bapak/Ibu punya NPWP?"), example=True, blocks=False)
        case.tax = Tax("progressive", None, None, tuple(arithmetic), lowest=tax, highest=dearer)
        case.say(
            _(
                "Sebagian JHT sudah diambil pada %(year)s. Ini tahun ketiga atau sesudahnya, jadi "
                "pajaknya progresif: %(tax)s dengan NPWP, %(dearer)s tanpa NPWP."
            ),
            year=str(first_year),
            tax=tax,
            dearer=dearer,
        )
        return
    due = dearer if surcharge else tax
    case.tax = Tax("progressive", due, gross - due, tuple(arithmetic))
    case.say(
        _(
            "Sebagian JHT sudah diambil pada %(year)s. Ini tahun ketiga atau sesudahnya, jadi "
            "pajaknya progresif: pajak %(tax)s, diterima %(net)s."
        ),
        year=str(first_year),
        tax=due,
        net=gross - due,
    )


def _lines(gross: Decimal, brackets: Sequence[Any]) -> list[Sentence]:
    below, lines = ZERO, []
    for row in brackets:
        ceiling = gross if row["up_to"] is None else min(gross, Decimal(row["up_to"]))
        if ceiling > below:
            part, rate = ceiling - below, Decimal(row["rate"])
            lines.append(
                Sentence(
                    _("%(rate)s × %(part)s = %(tax)s"),
                    {"rate": percent_text(rate), "part": part, "tax": whole_rupiah(part * rate)},
                )
            )
            below = ceiling
    return lines


def warn_before_partial(case: Case) -> None:
    """Tell what a partial payment does to the tax of the rest, before it is taken."""
    years = int(case.rule("tax/jht/at_once_calendar_years"))
    case.say(
        _(
            "Hati-hati: setelah mengambil sebagian, sisa JHT yang dibayar mulai tahun %(year)s "
            "kena pajak progresif yang lebih tinggi."
        ),
        year=str(case.day.year + years),
    )
