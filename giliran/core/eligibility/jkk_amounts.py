"""The money of JKK: incapacity, disability, death, transport, aids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from giliran.core.eligibility.case import Case
from giliran.core.eligibility.days import add_months
from giliran.core.eligibility.scholarship import owe_scholarships
from giliran.core.eligibility.sentence import Sentence, percent_text
from giliran.core.eligibility.situation import Injury
from giliran.core.eligibility.tax import whole_rupiah
from giliran.core.eligibility.wage import monthly_wage
from giliran.core.refusal import gettext_noop

_ = gettext_noop
HUNDRED = Decimal(100)
MODES = {
    "land": ("land_river_lake", _("Angkutan darat, sungai, atau danau")),
    "sea": ("sea", _("Angkutan laut")),
    "air": ("air", _("Angkutan udara")),
}
AIDS = {
    "dentures": ("jkk/dentures_max", _("Gigi tiruan")),
    "hearing_aid": ("jkk/hearing_aid_max", _("Alat bantu dengar")),
    "home_care": ("jkk/home_care_max", _("Perawatan di rumah")),
}
SWAPPED = {"left": "right", "right": "left"}


def owe(case: Case, event: date, outcome: str) -> None:
    """Add everything that this outcome brings."""
    _owe_transport(case, event)
    _owe_aids(case, event)
    accident = case.facts.accident
    needs_wage = outcome not in {"", "recovered", "in_treatment"} or accident.months_unable
    wage = monthly_wage(case, on=event) if needs_wage else None
    if accident.months_unable:
        _owe_incapacity(case, event, wage, accident.months_unable)
    elif outcome in {"in_treatment", "recovered", ""}:
        case.ask(
            "accident.months_unable",
            _("Berapa bulan tidak mampu bekerja?"),
            3,
            blocks=False,
        )
    if outcome == "death":
        _owe_death(case, event, wage)
    elif outcome == "total_permanent_disability":
        _owe_total(case, event, wage)
    elif outcome.startswith("partial") or accident.injuries:
        _owe_partial(case, event, wage, outcome)


def _owe_transport(case: Case, event: date) -> None:
    spent = {mode: cost for mode, cost in (case.facts.accident.transport or {}).items() if cost}
    if not spent:
        return
    limits = case.rule("jkk/transport_max", on=event)
    for mode, cost in spent.items():
        key, label = MODES[mode]
        limit = Decimal(limits[key])
        line = Sentence(
            _("Biaya %(cost)s, paling banyak %(limit)s"), {"cost": cost, "limit": limit}
        )
        case.owe(f"jkk_transport_{mode}", label, min(cost, limit), line)
    case.say(_("Biaya angkutan diganti menurut kuitansi, sampai batas setiap jenis angkutan."))


def _owe_aids(case: Case, event: date) -> None:
    for aid, cost in (case.facts.accident.aids or {}).items():
        if not cost:
            continue
        if aid not in AIDS:
            case.rule("jkk/orthosis_prosthesis", on=event)
            case.say(_("Alat bantu dan alat ganti diganti menurut harga rumah sakit pemerintah."))
            case.owe("jkk_prosthesis", _("Alat bantu dan alat ganti"), None)
            continue
        key, label = AIDS[aid]
        if not case.holds(key, on=event):
            case.owe(f"jkk_{aid}", label, None)
            continue
        limit = Decimal(case.rule(key, on=event))
        case.say(_("%(name)s: paling banyak %(limit)s."), name=Sentence(label), limit=limit)
        case.owe(f"jkk_{aid}", label, min(cost, limit))


def incapacity(
    wage: Decimal, months: Fraction, steps: Sequence[Mapping[str, Any]]
) -> list[tuple[Fraction, Decimal, Decimal]]:
    """Split months unable to work over the steps: (months, rate, whole rupiah) of each."""
    left, parts = months, []
    for step in steps:
        length = left if step["months"] is None else min(left, Fraction(step["months"]))
        if length > 0:
            rate = Decimal(step["rate"])
            parts.append((length, rate, whole_rupiah(Fraction(wage * rate) * length)))
        left -= length
    return parts


def _owe_incapacity(case: Case, event: date, wage: Decimal | None, months: Fraction) -> None:
    steps = case.rule("jkk/temporary_incapacity/steps", on=event)
    case.say(_("Selama tidak mampu bekerja ada santunan sementara (STMB)."))
    label, payee = _("Santunan sementara tidak mampu bekerja (STMB)"), "claimant"
    if case.facts.segment == "PU":
        case.rule("jkk/temporary_incapacity/payee", on=event)
        case.say(
            _("STMB dibayar kepada perusahaan yang tetap membayar upah. Lebihnya untuk Bapak/Ibu.")
        )
        payee = "employer_who_kept_paying_wage"
    if wage is None:
        case.owe("jkk_stmb", label, None, payee=payee)
        return
    parts = incapacity(wage, months, steps)
    lines = [
        Sentence(
            _("%(months)s bulan × %(rate)s × %(wage)s = %(part)s"),
            {
                "months": _number(length),
                "rate": percent_text(rate),
                "wage": wage,
                "part": part,
            },
        )
        for length, rate, part in parts
    ]
    kind = "exact"
    last_whole_month = add_months(event, int(months))
    if case.glance("jkk/temporary_incapacity/steps", on=last_whole_month) != steps:
        kind = "at_least"
        case.notice(
            _(
                "Aturan berubah saat Bapak/Ibu masih tidak mampu bekerja. Ini dihitung dengan "
                "aturan lama; petugas memeriksa apakah Bapak/Ibu mendapat lebih."
            )
        )
    total = sum((part for _length, _rate, part in parts), Decimal(0))
    case.owe("jkk_stmb", label, total, *lines, kind=kind, payee=payee)


def _number(value: Fraction) -> str:
    shown = Decimal(value.numerator) / value.denominator
    return format(shown.quantize(Decimal("0.01")).normalize(), "f").replace(".", ",")


def _owe_death(case: Case, event: date, wage: Decimal | None) -> None:
    least = Decimal(case.rule("jkk/death/minimum", on=event))
    multiple = Decimal(case.rule("jkk/death/multiple_of_wage", on=event))
    case.say(
        _("Santunan kematian %(multiple)s kali upah, paling sedikit %(least)s."),
        multiple=int(multiple),
        least=least,
    )
    label = _("Santunan kematian karena kecelakaan kerja")
    if wage is None:
        case.owe("jkk_death", label, least, kind="at_least")
    else:
        line = Sentence(
            _("%(multiple)s × %(wage)s = %(product)s"),
            {"multiple": int(multiple), "wage": wage, "product": wage * multiple},
        )
        case.owe("jkk_death", label, max(least, whole_rupiah(wage * multiple)), line)
    _owe_once(case, event, "jkk_periodic", _("Santunan berkala"), "jkk/periodic_at_once")
    _owe_once(case, event, "jkk_funeral", _("Biaya pemakaman"), "jkk/funeral")
    owe_scholarships(case, event)


def _owe_once(case: Case, event: date, code: str, label: str, key: str) -> None:
    amount = Decimal(case.rule(key, on=event))
    case.say(_("%(name)s: %(amount)s."), name=Sentence(label), amount=amount)
    case.owe(code, label, amount)


def _owe_total(case: Case, event: date, wage: Decimal | None) -> None:
    multiple = Decimal(case.rule("jkk/disability/total_multiple_of_wage", on=event))
    case.say(_("Cacat total tetap: %(multiple)s kali upah."), multiple=int(multiple))
    amount = None if wage is None else whole_rupiah(wage * multiple)
    lines = []
    if wage is not None and amount is not None:
        lines.append(
            Sentence(
                _("%(multiple)s × %(wage)s = %(product)s"),
                {"multiple": int(multiple), "wage": wage, "product": amount},
            )
        )
    case.owe("jkk_total_disability", _("Santunan cacat total tetap"), amount, *lines)
    _owe_once(case, event, "jkk_periodic", _("Santunan berkala"), "jkk/periodic_at_once")
    owe_scholarships(case, event)


def _owe_partial(case: Case, event: date, wage: Decimal | None, outcome: str) -> None:
    injuries = case.facts.accident.injuries
    label = _("Santunan cacat sebagian")
    if not injuries:
        case.ask(
            "accident.injuries",
            _("Bagian tubuh mana yang cacat, menurut surat dokter?"),
            [{"part": "left_thumb"}],
            blocks=False,
        )
        case.owe("jkk_partial_disability", label, None)
        return
    table = case.rule("jkk/disability/partial_rates", on=event)
    multiple = Decimal(case.rule("jkk/disability/base_multiple", on=event))
    case.say(
        _("Cacat sebagian: persen menurut tabel × %(multiple)s × upah sebulan."),
        multiple=int(multiple),
    )
    rates, lines = [], []
    for place, injury in enumerate(injuries):
        row = find_part(table, injury.part, left_handed=bool(case.facts.accident.left_handed))
        rate = _rate(case, place, injury, row, outcome)
        if rate is None or row is None:
            case.owe("jkk_partial_disability", label, None)
            return
        rates.append(rate)
        lines.append(
            Sentence(
                _("%(part)s: %(rate)s"),
                {"part": Sentence(row["label_id"]), "rate": percent_text(rate)},
            )
        )
    whole = sum(rates, Decimal(0))
    total_multiple = Decimal(case.glance("jkk/disability/total_multiple_of_wage", on=event))
    if whole * multiple > total_multiple:
        case.rule("jkk/disability/total_multiple_of_wage", on=event)
        case.say(
            _("Jumlah persennya melebihi cacat total tetap. Petugas yang menentukan santunannya.")
        )
        case.owe("jkk_partial_disability", label, None)
        return
    if wage is None:
        case.owe("jkk_partial_disability", label, None, *lines)
        return
    amount = whole_rupiah(whole * multiple * wage)
    lines.append(
        Sentence(
            _("%(rate)s × %(multiple)s × %(wage)s = %(amount)s"),
            {
                "rate": percent_text(whole),
                "multiple": int(multiple),
                "wage": wage,
                "amount": amount,
            },
        )
    )
    case.owe("jkk_partial_disability", label, amount, *lines)


def _rate(
    case: Case, place: int, injury: Injury, row: Mapping[str, Any] | None, outcome: str
) -> Decimal | None:
    at = f"accident.injuries[{place}]"
    if row is None:
        case.ask(
            f"{at}.part",
            _("Bagian tubuh ini tidak ada di tabel. Tulis seperti di tabel cacat."),
            "left_thumb",
            blocks=False,
        )
        return None
    rate, at_most = Decimal(row["rate"]), Decimal(row["rate_at_most"])
    if rate != at_most:
        told = None if injury.percent is None else injury.percent / HUNDRED
        if told is None or not rate <= told <= at_most:
            case.ask(
                f"{at}.percent",
                _("Berapa persen menurut dokter? Untuk bagian ini 10 sampai 30 persen."),
                20,
                blocks=False,
            )
            return None
        rate = told
    if injury.function_lost is None and outcome == "partial_functional":
        case.ask(
            f"{at}.function_lost_percent",
            _("Berapa persen fungsinya berkurang menurut dokter?"),
            50,
            blocks=False,
        )
        return None
    lost = Decimal(1) if injury.function_lost is None else injury.function_lost / HUNDRED
    return rate * injury.count * lost


def find_part(
    table: Sequence[Mapping[str, Any]], part: str, *, left_handed: bool = False
) -> Mapping[str, Any] | None:
    """Find the row of the annex by code or name; right and left swap for the left-handed."""
    wanted = _plain(part)
    row = next(
        (
            row
            for row in table
            if wanted in {_plain(row["part"]), _plain(row["label_id"]), _plain(row["label_en"])}
        ),
        None,
    )
    if row is None or not left_handed:
        return row
    words = [SWAPPED.get(word, word) for word in row["part"].split("_")]
    return next((one for one in table if one["part"] == "_".join(words)), row)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
