"""What every answer ends with: papers, where to ask, and how long the payer may take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from giliran.core.checklist import Bringer, checklist
from giliran.core.deadline import CalendarMissing, due
from giliran.core.eligibility import tax
from giliran.core.eligibility.answer import Channel, Deadline
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.sentence import Sentence, percent_text
from giliran.core.eligibility.two_cards import differences
from giliran.core.refusal import gettext_noop

_ = gettext_noop

CHANNELS = "service/channels"
JMO_LIMIT = "jht/online/jmo_balance_limit"
NPWP_LIMIT = "tax/jht/npwp_asked_above"
HOUSING = {"cash": "partial_housing_cash", "credit": "partial_housing_credit"}
MINOR = 18


def close_jht(case: Case, earliest: date | None, *, like: str = "") -> None:
    """Add tax, papers, channel and deadline of a JHT claim."""
    paid = case.amounts[-1].rupiah if case.amounts else None
    tax.tax_on_jht(case, paid)
    _papers(
        case,
        f"jht/{like}" if like else _jht_list(case),
        {"npwp_limit_or_partial_before": _npwp_is_asked(case)},
    )
    case.channel = _jht_channel(case)
    deadline(case, "deadlines/jht_pay", earliest)
    _warn_of_year_end(case)


def _jht_list(case: Case) -> str:
    if case.reason == "partial_housing":
        if not case.facts.home:
            case.ask(
                "home",
                _("Rumah dibeli tunai atau dengan kredit bank (KPR)?"),
                "credit",
                blocks=False,
            )
        return f"jht/{HOUSING.get(case.facts.home, 'partial_housing_cash')}"
    return f"jht/{case.reason}"


def over_npwp_limit(case: Case) -> bool | None:
    """Say whether the JHT balance is one for which NPWP is asked; None: not known."""
    balance = case.facts.balance
    if balance is None or not case.holds(NPWP_LIMIT):
        return None
    return balance > Decimal(case.rule(NPWP_LIMIT))


def _npwp_is_asked(case: Case) -> bool | None:
    over = over_npwp_limit(case)
    if over or (case.facts.withdrawals and case.holds(NPWP_LIMIT)):
        return True
    return None if over is None or case.facts.withdrawals is None else False


def _papers(case: Case, kind: str, conditions: Mapping[str, bool | None]) -> None:
    facts = case.facts
    heir, age = facts.claimant.heir, facts.claimant.age_on(facts.day)
    differing = {f"{field}_differs" for field, _place in differences(facts)}
    bringer = Bringer(
        conditions={
            "heir_is_child": heir == "child" if heir else None,
            "heir_is_spouse": heir == "spouse" if heir else None,
            "heir_named_in_will": heir == "named_in_will" if heir else None,
            "heir_is_minor": _is_minor(heir, age),
            **conditions,
        },
        papers=facts.papers | differing,
        by_proxy=facts.claimant.proxy,
        cards=max(1, len(facts.cards)),
    )
    found = checklist(kind, case, bringer)
    if found is None:
        case.notice(_("Daftar dokumen pada hari itu tidak tersimpan di sini. Tanyakan ke petugas."))
        return
    listed = {(one.code, one.of) for one in found}
    case.documents = found + tuple(
        one for one in case.documents if (one.code, one.of) not in listed
    )
    if kind == "scholarship":
        case.say(_("Dokumen untuk beasiswa ada di daftar."))
    else:
        case.say(_("Dokumen yang perlu dibawa ada di daftar."))


def _is_minor(heir: str, age: int | None) -> bool | None:
    if heir in {"spouse", "parent", "grandparent", "parent_in_law"}:
        return False
    return None if age is None else age < MINOR


def papers(case: Case, kind: str, **conditions: bool | None) -> None:
    """Add the papers of a list under documents/."""
    _papers(case, kind, conditions)


def deadline(case: Case, key: str, earliest: date | None = None) -> None:
    """Add the legal deadline, counted from when the papers are complete (at the earliest)."""
    if not case.holds(key):
        return
    dated = case.cite(key)
    days, unit = int(case.rule(key)), case.law[key].unit
    complete = max(case.day, earliest or case.day)
    try:
        last = due(complete, days, unit, (), case.calendar)
    except CalendarMissing:
        last = None
    case.deadline = Deadline(days, unit, complete, last, dated.citation)
    if unit == "working_days":
        text = _("Dibayar paling lama %(days)s hari kerja setelah dokumen lengkap dan benar.")
    else:
        text = _("Dibayar paling lama %(days)s hari setelah dokumen lengkap dan benar.")
    case.say(text, days=days)


def penalty(case: Case, key: str) -> None:
    """Say what the payer owes for each day that it is late."""
    if case.holds(key):
        rate = percent_text(Decimal(case.rule(key)))
        case.say(
            _("Bila terlambat, Bapak/Ibu menerima tambahan %(rate)s untuk setiap hari."), rate=rate
        )


def monthly_penalty(case: Case, key: str) -> None:
    """Say what the payer owes for each month that it is late."""
    if case.holds(key):
        rate = percent_text(Decimal(case.rule(key)))
        case.say(_("Bila terlambat, Bapak/Ibu menerima tambahan %(rate)s setiap bulan."), rate=rate)


def _warn_of_year_end(case: Case) -> None:
    """Warn when the tax window ends on 31 December and the payer may pay in January."""
    paid_by = case.deadline.paid_by if case.deadline else None
    dates = [one.day for one in case.facts.withdrawals or () if one.day]
    if not paid_by or not dates or paid_by.year == case.day.year or not case.tax:
        return
    if case.tax.method == "final" and min(dates).year < case.day.year:
        case.notice(
            _("Ajukan secepatnya. Bila dibayar pada Januari %(year)s, pajaknya menjadi progresif."),
            year=str(paid_by.year),
        )


def _jht_channel(case: Case) -> Channel:
    return _special_channel(case) or _channel_by_balance(case)


def _special_channel(case: Case) -> Channel | None:
    facts = case.facts
    if case.reason == "partial_housing" and facts.home == "credit":
        text = _(
            "Datang dulu ke kantor cabang untuk surat keterangan hak 30%%, lalu ke bank pemberi "
            "kredit."
        )
        return Channel(("branch", "bank"), must_come=True, why=Sentence(text))
    if not case.holds(CHANNELS):
        return Channel(("branch",), must_come=True, why=Sentence(_("Datang ke kantor cabang.")))
    if facts.claimant.proxy:
        text = _("Wakil datang ke kantor cabang membawa surat kuasa.")
        return Channel(("branch",), must_come=True, why=Sentence(text))
    if differences(facts):
        text = _("Data yang berbeda dibetulkan di kantor cabang.")
        return Channel(("branch",), must_come=True, why=Sentence(text))
    by_another_way = (
        case.reason == "death"
        or case.reason.startswith("partial")
        or facts.citizenship == "WNA"  # JMO recognises a face by the NIK, which they lack
    )
    if by_another_way or not case.holds(JMO_LIMIT):
        return online_or_branch(case)
    return None


def online_or_branch(case: Case) -> Channel:
    """Give Lapak Asik online or the branch; before Lapak Asik the branch alone."""
    if not case.holds(CHANNELS):
        return Channel(("branch",), must_come=True, why=Sentence(_("Datang ke kantor cabang.")))
    case.rule(CHANNELS)
    case.say(_("Pengajuan bisa daring lewat Lapak Asik, atau di kantor cabang."))
    text = _("Ajukan lewat Lapak Asik daring, atau datang ke kantor cabang.")
    return Channel(("lapak_asik", "branch"), must_come=False, why=Sentence(text))


def _channel_by_balance(case: Case) -> Channel:
    balance, limit = case.facts.balance, Decimal(case.rule(JMO_LIMIT))
    case.rule(CHANNELS)
    case.say(_("Klaim lewat aplikasi JMO untuk saldo sampai %(limit)s."), limit=limit)
    if balance is None:
        text = _("Saldo sampai %(limit)s: aplikasi JMO. Lebih: Lapak Asik atau kantor cabang.")
        why = Sentence(text, {"limit": limit})
        return Channel(("jmo", "lapak_asik", "branch"), must_come=None, why=why)
    if balance > limit:
        text = _(
            "Saldo di atas %(limit)s tidak bisa lewat JMO. Ajukan lewat Lapak Asik daring, atau "
            "datang ke kantor cabang."
        )
        why = Sentence(text, {"limit": limit})
        return Channel(("lapak_asik", "branch"), must_come=False, why=why)
    if balance == limit:
        case.notice(_("Saldo Bapak/Ibu tepat di batas JMO. Bila ditolak, pakai Lapak Asik."))
    why = Sentence(_("Tidak perlu datang: ajukan dari rumah lewat aplikasi JMO."))
    return Channel(("jmo", "lapak_asik", "branch"), must_come=False, why=why)
