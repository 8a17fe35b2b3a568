"""A part of JHT while still working: 10 % for old age, or 30 % for a house."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from giliran.core.eligibility import two_cards
from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import close_jht
from giliran.core.eligibility.days import add_months
from giliran.core.eligibility.sentence import Sentence, percent_text
from giliran.core.eligibility.tax import warn_before_partial, whole_rupiah
from giliran.core.refusal import gettext_noop

_ = gettext_noop

RATES = {
    "partial_other": "jht/partial/other_rate",
    "partial_housing": "jht/partial/housing_rate",
}
PARTIAL = frozenset(RATES)


def partial(case: Case) -> Answer:
    """Decide on one of the two partial payments."""
    facts = case.facts
    taken = _taken(case)
    active = is_active(case)
    longest = two_cards.months_on_longest_card(facts)
    together = two_cards.months_together(facts)
    if active is None:
        case.ask("cards[0].active", _("Apakah kartu Bapak/Ibu masih aktif?"), example=True)
    if active is not False and not taken:
        if facts.withdrawals is None:
            case.ask(
                "earlier_withdrawals",
                _("Apakah sebagian JHT pernah diambil (10%% atau 30%%)?"),
                [],
            )
        if together is None:
            case.ask(
                "cards[0].since", _("Sejak kapan Bapak/Ibu menjadi peserta JHT?"), "2012-03-01"
            )
    if taken:
        return _refuse_second(case)
    if active is False:
        return _refuse_inactive(case)
    if case.blocked or together is None:
        return case.need_facts()
    years = int(case.rule("jht/partial/min_membership_years"))
    if together < 12 * years:
        return _too_short(case, years, together)
    if max(longest or 0, facts.membership_months or 0) < 12 * years and facts.merged is not True:
        case.say(
            _(
                "Masa peserta %(years)s tahun baru tercapai bila beberapa kartu dijumlahkan. "
                "Menurut kami boleh, tetapi belum pasti."
            ),
            years=years,
        )
        case.change(_("Kartu digabung lebih dulu."))
        _owe_part(case)
        two_cards.advise(case)
        close_jht(case, None)
        return case.answer(
            Decision.OFFICER_DECIDES,
            "years_on_several_cards",
            _("Gabungkan kartu dulu, lalu petugas memutuskan apakah masa peserta dijumlahkan."),
        )
    case.say(_("Bapak/Ibu sudah menjadi peserta paling sedikit %(years)s tahun."), years=years)
    case.rule("jht/partial/times_allowed")
    case.say(
        _("Pengambilan sebagian hanya boleh satu kali: 10%% atau 30%%. Bapak/Ibu belum pernah.")
    )
    _owe_part(case)
    warn_before_partial(case)
    two_cards.advise(case)
    close_jht(case, None)
    case.offer(
        "other_part",
        _("Pilihan lain yang juga hanya sekali: 10%% untuk apa saja, atau 30%% untuk rumah."),
    )
    return case.answer(
        Decision.ENTITLED,
        case.reason,
        _("Bapak/Ibu berhak mengambil sebagian JHT, satu kali."),
        _since_when(case, years),
    )


def is_active(case: Case) -> bool | None:
    """Say whether the person is an active member now; None if nobody said."""
    states = {card.active for card in case.facts.cards}
    if True in states:
        return True
    if states == {False}:
        return False
    return case.facts.employment.jht


def _taken(case: Case) -> bool:
    return any(one.kind in PARTIAL for one in case.facts.withdrawals or ())


def _since_when(case: Case, years: int) -> date | None:
    starts = [card.since for card in case.facts.cards if card.since]
    if len(case.facts.cards) == 1 and starts:
        return add_months(starts[0], 12 * years)
    return None


def _refuse_second(case: Case) -> Answer:
    case.rule("jht/partial/times_allowed")
    case.say(_("JHT sebagian hanya boleh diambil satu kali, dan Bapak/Ibu sudah mengambilnya."))
    case.offer("full", _("Sisanya diambil penuh saat berhenti bekerja atau usia 56 tahun."))
    two_cards.advise(case)
    return case.answer(
        Decision.NOT_ENTITLED,
        "partial_already_taken",
        _("Tidak bisa lagi, karena JHT sebagian sudah pernah diambil."),
    )


def _refuse_inactive(case: Case) -> Answer:
    case.rule("jht/partial/min_membership_years")
    case.say(_("JHT sebagian adalah untuk peserta yang masih aktif bekerja."))
    case.offer("full", _("Karena sudah tidak aktif, lihat hak mengambil seluruh JHT."))
    two_cards.advise(case)
    return case.answer(
        Decision.NOT_ENTITLED,
        "partial_needs_active",
        _("Tidak bisa, karena kartu Bapak/Ibu sudah tidak aktif."),
    )


def _too_short(case: Case, years: int, months: int) -> Answer:
    earliest = _since_when(case, years) or add_months(case.day, 12 * years - months)
    case.say(
        _("Syaratnya peserta paling sedikit %(years)s tahun. Bapak/Ibu baru %(months)s bulan."),
        years=years,
        months=months,
    )
    case.change(_("Bapak/Ibu tetap menjadi peserta sampai %(years)s tahun."), years=years)
    case.change(_("Kartu lain dengan masa peserta lebih lama digabungkan."))
    two_cards.advise(case)
    return case.answer(
        Decision.NOT_YET,
        "membership_too_short",
        _("Belum bisa. Paling cepat %(earliest)s bila Bapak/Ibu tetap menjadi peserta."),
        earliest,
    )


def _owe_part(case: Case) -> None:
    rate = Decimal(case.rule(RATES[case.reason]))
    balance = case.facts.balance
    label = (
        _("JHT sebagian untuk rumah")
        if case.reason == "partial_housing"
        else _("JHT sebagian untuk persiapan hari tua")
    )
    if balance is None:
        case.ask(
            "cards[0].balance",
            _("Berapa saldo JHT Bapak/Ibu? Lihat di aplikasi JMO."),
            80000000,
            blocks=False,
        )
        case.say(_("Paling banyak %(rate)s dari saldo."), rate=percent_text(rate))
        case.owe(f"jht_{case.reason}", label, None)
        return
    part = whole_rupiah(balance * rate)
    sum_shown = Sentence(
        _("%(rate)s × %(balance)s = %(part)s (pecahan rupiah dibuang)"),
        {"rate": percent_text(rate), "balance": balance, "part": part},
    )
    case.say(_("Paling banyak %(rate)s dari saldo: %(part)s."), rate=percent_text(rate), part=part)
    case.owe(f"jht_{case.reason}", label, part, sum_shown, kind="at_most")


def offer_partial(case: Case) -> None:
    """Offer 10 % or 30 % to somebody who works and can't take everything."""
    facts = case.facts
    if _taken(case):
        return
    years = int(case.rule("jht/partial/min_membership_years"))
    months = two_cards.months_together(facts)
    case.say(
        _("Sambil bekerja, sebagian JHT boleh diambil satu kali setelah %(years)s tahun peserta."),
        years=years,
    )
    text = _(
        "Ambil sebagian sambil bekerja: 10%% untuk apa saja, atau 30%% untuk rumah. Syarat: "
        "%(years)s tahun menjadi peserta dan belum pernah."
    )
    if months is not None and months < 12 * years:
        case.offer("partial", text, add_months(case.day, 12 * years - months), years=years)
    else:
        case.offer("partial", text, case.day if months is not None else None, years=years)
