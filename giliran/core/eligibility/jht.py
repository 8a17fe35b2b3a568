"""JHT in full: age, stopping work, disability, death, leaving Indonesia."""

from __future__ import annotations

from collections.abc import Callable

from giliran.core.eligibility import jht_partial
from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.days import first_of_next_month
from giliran.core.eligibility.heirs import ask_for_heir, refuse_farther_heir
from giliran.core.eligibility.jht_age import by_age
from giliran.core.eligibility.jht_shared import entitled, not_yet
from giliran.core.eligibility.jht_stopped import old_card, stopped
from giliran.core.refusal import gettext_noop

_ = gettext_noop


def jht(case: Case) -> Answer:
    """Decide on JHT for whatever happened."""
    facts = case.facts
    if not case.holds("jht/full/age"):
        return case.answer(
            Decision.OFFICER_DECIDES,
            "law_of_that_day_unknown",
            _("Aturan sebelum 1 Juli 2015 tidak tersimpan di sini. Petugas yang memutuskan."),
        )
    if facts.segment == "JAKON" and not facts.cards:
        case.rule("segments/coverage")
        case.say(_("Pekerja jasa konstruksi dilindungi JKK dan JKM, tidak ada tabungan JHT."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "segment_without_jht",
            _("Tidak ada JHT dari kepesertaan jasa konstruksi."),
        )
    if case.reason in jht_partial.RATES:
        return jht_partial.partial(case)
    return _BY_REASON.get(case.reason, stopped)(case)


def _by_disability(case: Case) -> Answer:
    event = case.facts.event_date
    if event is None:
        case.ask(
            "event_date",
            _("Tanggal berapa dokter menetapkan cacat total tetap?"),
            "2026-10-05",
        )
        return case.need_facts()
    case.rule("jht/full/disability_right_starts")
    earliest = first_of_next_month(event)
    case.say(
        _("Hak JHT karena cacat total tetap mulai tanggal 1 bulan berikutnya: %(start)s."),
        start=earliest,
    )
    if case.day < earliest:
        return not_yet(
            case,
            "starts_next_month",
            _("Belum bisa sekarang. Hak Bapak/Ibu mulai %(earliest)s."),
            earliest,
        )
    return entitled(
        case, "total_permanent_disability", _("Bapak/Ibu berhak mengambil seluruh JHT."), earliest
    )


def _by_death(case: Case) -> Answer:
    ask_for_heir(case)
    if case.blocked:
        return case.need_facts()
    refused = refuse_farther_heir(case)
    if refused:
        return refused
    if case.facts.claimant.heir == "none":
        case.rule("heirs/without")
        case.say(_("Bila tidak ada ahli waris, JHT diserahkan ke Balai Harta Peninggalan."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "no_heir",
            _("JHT tidak dapat dibayar kepada orang di luar ahli waris dan wasiat."),
        )
    case.rule("jht/full/reasons")
    case.say(_("JHT peserta yang meninggal dibayar penuh kepada ahli warisnya, tanpa menunggu."))
    return entitled(
        case,
        "member_died",
        _("Ahli waris berhak menerima seluruh JHT."),
        case.facts.event_date,
    )


def _by_leaving(case: Case) -> Answer:
    citizenship = case.facts.citizenship
    if not citizenship:
        case.ask("citizenship", _("Apakah peserta warga negara Indonesia atau asing?"), "WNA")
        return case.need_facts()
    case.rule("jht/full/reasons")
    if citizenship == "WNI":
        case.say(_("Alasan ini hanya untuk warga negara asing yang meninggalkan Indonesia."))
        case.offer(
            "stop_working",
            _("Bila Bapak/Ibu berhenti bekerja, ajukan dengan alasan berhenti bekerja."),
        )
        case.offer(
            "officer", _("Bila Bapak/Ibu pindah kewarganegaraan, tanyakan ke kantor cabang.")
        )
        return case.answer(
            Decision.NOT_ENTITLED,
            "leaving_is_for_foreigners",
            _("Tidak bisa dengan alasan ini, karena Bapak/Ibu warga negara Indonesia."),
        )
    case.say(_("Warga negara asing yang meninggalkan Indonesia selamanya menerima JHT penuh."))
    return entitled(case, "leaves_indonesia", _("Bapak/Ibu berhak mengambil seluruh JHT."))


_BY_REASON: dict[str, Callable[[Case], Answer]] = {
    "age": by_age,
    "total_permanent_disability": _by_disability,
    "death": _by_death,
    "leaving_indonesia": _by_leaving,
    "old_card": old_card,
}
