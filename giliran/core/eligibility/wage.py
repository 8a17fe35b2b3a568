"""The monthly wage that a benefit is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.core.eligibility.case import Case
from giliran.core.refusal import gettext_noop

_ = gettext_noop


def monthly_wage(case: Case, *, on: date) -> Decimal | None:
    """Give the wage (BPU: the base of the declared income) in rupiah; ask if nobody said."""
    facts = case.facts
    if facts.segment == "BPU":
        return _base_of_income(case, on)
    if facts.wage is not None:
        return facts.wage
    if facts.daily_wage is not None:
        multiple = int(case.rule("wage/daily_multiple", on=on))
        wage = facts.daily_wage * multiple
        case.say(
            _("Upah sebulan: upah harian %(daily)s × %(days)s = %(wage)s."),
            daily=facts.daily_wage,
            days=multiple,
            wage=wage,
        )
        return wage
    case.ask(
        "wage",
        _("Berapa upah sebulan yang dilaporkan ke BPJS (upah pokok dan tunjangan tetap)?"),
        5000000,
        blocks=False,
    )
    return None


def _base_of_income(case: Case, on: date) -> Decimal | None:
    income = case.facts.income if case.facts.income is not None else case.facts.wage
    if income is None:
        case.ask(
            "income",
            _("Berapa penghasilan sebulan yang didaftarkan ke BPJS?"),
            2000000,
            blocks=False,
        )
        return None
    table: Sequence[Mapping[str, Any]] = case.rule("jkk/contribution/self_employed_table", on=on)
    rows = [
        row for row in table if row["income_from"] is None or Decimal(row["income_from"]) <= income
    ]
    base = Decimal(rows[-1]["benefit_base"])
    case.say(
        _("Penghasilan %(income)s: santunan dihitung dari dasar %(base)s sebulan."),
        income=income,
        base=base,
    )
    return base
