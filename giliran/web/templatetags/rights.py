"""How an answer about a right is put into words: sentences, money, papers, articles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import get_language, gettext, gettext_noop

from giliran.claims.steps import Text
from giliran.core.checklist import Paper
from giliran.core.eligibility.answer import Amount
from giliran.core.eligibility.sentence import Param, Sentence, rupiah_text

register = template.Library()

PROGRAMS = {
    "JHT": gettext_noop("Jaminan Hari Tua (JHT)"),
    "JKK": gettext_noop("Jaminan Kecelakaan Kerja (JKK)"),
    "JKM": gettext_noop("Jaminan Kematian (JKM)"),
    "JP": gettext_noop("Jaminan Pensiun (JP)"),
    "JKP": gettext_noop("Jaminan Kehilangan Pekerjaan (JKP)"),
}
DECISIONS = {
    "entitled": gettext_noop("Ya, berhak"),
    "not_yet": gettext_noop("Belum"),
    "not_entitled": gettext_noop("Tidak"),
    "need_facts": gettext_noop("Belum pasti"),
    "officer_decides": gettext_noop("Petugas yang memutuskan"),
}
WAYS = {
    "jmo": gettext_noop("Aplikasi JMO di ponsel"),
    "lapak_asik": gettext_noop("Lapak Asik daring (lapakasik.bpjsketenagakerjaan.go.id)"),
    "branch": gettext_noop("Kantor cabang"),
    "siapkerja": gettext_noop("Situs SIAPkerja (siapkerja.kemnaker.go.id)"),
    "plkk": gettext_noop("Rumah sakit atau klinik mitra (PLKK)"),
    "employer": gettext_noop("Perusahaan"),
    "bank": gettext_noop("Bank pemberi kredit"),
}
PER = {
    "month": gettext_noop("sebulan"),
    "year": gettext_noop("setahun"),
    "day": gettext_noop("sehari"),
    "in_total": gettext_noop("seluruhnya"),
}
KINDS = {"at_least": gettext_noop("paling sedikit"), "at_most": gettext_noop("paling banyak")}
PAYEES = {
    "employer": gettext_noop("dibayarkan kepada perusahaan"),
    "provider": gettext_noop("dibayarkan kepada rumah sakit atau klinik"),
}
FORMS = {
    "copy": gettext_noop("fotokopi; bawa juga aslinya"),
    "original": gettext_noop("asli"),
    "only_copy": gettext_noop("fotokopi"),
}
OWNERS = {
    "heir": gettext_noop("milik ahli waris"),
    "participant_and_heir": gettext_noop("milik peserta dan ahli waris"),
    "proxy": gettext_noop("milik wakil"),
}


@register.filter
def spoken(sentence: Sentence | Text | str | None) -> str:
    """Say a sentence of the core or the dialogue in the reader's language."""
    if isinstance(sentence, Text):
        return sentence.spoken(get_language() or "id")
    if not sentence:
        return ""
    if isinstance(sentence, str):
        return gettext(sentence)
    # Msgids are "%"-formats even where nothing fills them: "10%%".
    filled = {name: _param(value) for name, value in sentence.params.items()}
    return gettext(sentence.text) % filled


def _param(value: Param) -> str:
    if isinstance(value, Sentence):
        return spoken(value)
    if isinstance(value, Decimal):
        return rupiah_text(value)
    return formats.date_format(value, "j F Y") if isinstance(value, date) else str(value)


@register.filter
def rupiah(amount: Decimal) -> str:
    """Write money: Rp42.000.000."""
    return rupiah_text(amount)


@register.filter
def plain_day(day: date) -> str:
    """Write a day: 12 November 2026."""
    return formats.date_format(day, "j F Y")


@register.filter
def program_name(program: str) -> str:
    """Name a program in full."""
    return gettext(PROGRAMS.get(program, program))


@register.filter
def decision_name(decision: str) -> str:
    """Say a decision in two words."""
    return gettext(DECISIONS[decision])


@register.filter
def way_name(way: str) -> str:
    """Name a way to claim."""
    return gettext(WAYS.get(way, way))


@register.filter
def sum_text(amount: Amount) -> str:
    """Write an amount with what bounds and repeats it: "paling banyak Rp9.600.000 setahun"."""
    if amount.rupiah is None:
        return gettext("belum bisa dihitung")
    parts = (KINDS.get(amount.kind, ""), rupiah_text(amount.rupiah), PER.get(amount.per, ""))
    return " ".join(spoken(part) for part in parts if part)


@register.filter
def payee_text(amount: Amount) -> str:
    """Say who is paid, where it's not the claimant."""
    return spoken(PAYEES.get(amount.payee, ""))


@register.filter
def paper_name(paper: Paper) -> str:
    """Name a paper and whose it is."""
    name = paper.name if _indonesian() else paper.name_en
    owner = spoken(OWNERS.get(paper.of, ""))
    return (
        f"{gettext(name) if paper.code == 'SURAT_KUASA' else name}{f', {owner}' if owner else ''}"
    )


@register.filter
def paper_form(paper: Paper) -> str:
    """Say whether the original or a copy is needed."""
    return gettext(FORMS[paper.form])


@register.filter
def paper_why(paper: Paper) -> str:
    """Say why, or when, a paper is needed."""
    why = paper.why_en if paper.why_en and not _indonesian() else spoken(paper.why)
    return why if why.endswith(".") else f"{why}."


@register.filter
def paper_issuer(paper: Paper) -> str:
    """Say who issues a paper, and whether that is free."""
    name = paper.issuer if _indonesian() else paper.issuer_en or spoken(paper.issuer)
    if not name:
        return ""
    text = gettext("Gratis di: %(where)s.") if paper.free_at else gettext("Dari: %(where)s.")
    return text % {"where": name}


def _indonesian() -> bool:
    return not (get_language() or "id").startswith("en")
