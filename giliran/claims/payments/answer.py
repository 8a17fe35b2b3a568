"""A bank's answer to an order: ISO 20022 pain.002, versions 03 to 14, read from untrusted bytes.

Only what is understood whole is used: a field of another name, a declaration of entities, a second
word about the same payment, and the answer is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple
from xml.parsers import expat

from xsdata.exceptions import ConverterWarning, ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from giliran.claims.payments.order import CURRENCY
from giliran.core.refusal import Refusal, gettext_noop

MAX_BYTES = 20 * 1024 * 1024  # 10,000 payments take about 8 MB
MAX_DEPTH = 40  # the schema goes 14 deep
VERSIONS = range(3, 15)
_MESSAGE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001."
_VERSION = re.compile(r"[0-9]{2}")
_CODE = re.compile(r"[A-Z0-9]{4}")
NARRATIVE = "NARR"  # the bank gave words instead of a code


class AnswerTooLarge(Refusal):
    """More than any answer to one of our orders could be."""

    code = "answer_too_large"
    sentence = gettext_noop(
        "Berkas ini lebih dari %(megabytes)s MB, terlalu besar untuk jawaban bank. "
        "Pastikan berkasnya benar."
    )


class AnswerUnreadable(Refusal):
    """It isn't an answer of a bank, or not one that can be understood whole."""

    code = "answer_unreadable"
    sentence = gettext_noop(
        "Berkas ini bukan jawaban bank yang bisa dibaca (XML pain.002). "
        "Minta bank mengirim ulang. Tidak ada yang diubah."
    )


class AnswerForbidden(Refusal):
    """It declares entities or a document type, which no bank's answer does."""

    code = "answer_forbidden"
    sentence = gettext_noop(
        "Berkas ini memuat bagian yang tidak aman (DOCTYPE). Jangan dibuka lagi; "
        "laporkan ke administrator. Tidak ada yang diubah."
    )


class AnswerVersionUnknown(Refusal):
    """A pain.002 of a version that this program doesn't know."""

    code = "answer_version_unknown"
    sentence = gettext_noop(
        "Jawaban bank ini memakai versi pain.002.001.%(version)s. Yang bisa dibaca: "
        "versi 03 sampai 14. Minta bank memakai salah satunya."
    )


class AnswerContradicts(Refusal):
    """The same payment is named twice with different fates."""

    code = "answer_contradicts"
    sentence = gettext_noop(
        "Jawaban bank menyebut pembayaran %(end_to_end)s dua kali dengan hasil berbeda. "
        "Tanyakan ke bank. Tidak ada yang diubah."
    )


class Fate(StrEnum):
    """What a status means for the person who waits."""

    PAID = "paid"
    PENDING = "pending"
    REJECTED = "rejected"


# ExternalPaymentTransactionStatus1Code and ExternalPaymentGroupStatus1Code. Accepted isn't paid:
# only a settlement is. PART says nothing of any one payment.
_FATES = {
    "ACSC": Fate.PAID,
    "ACCC": Fate.PAID,
    "RJCT": Fate.REJECTED,
    "CANC": Fate.REJECTED,
    "BLCK": Fate.REJECTED,
}
_PENDING = frozenset(
    {"ACCP", "ACFC", "ACIS", "ACPD", "ACSP", "ACTC", "ACWC", "ACWP", "PART", "PATC", "PDNG", "PRES"}
    | {"RCVD"}
)


class Word(NamedTuple):
    """What the bank says of one payment, or of a whole order; ``reason`` is four letters or ""."""

    fate: Fate
    reason: str = ""
    amount: Decimal | None = None
    on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A bank's answer. ``words`` are by EndToEndId; ``rest`` holds for payments it doesn't name."""

    code: str
    order_code: str
    made_at: datetime
    words: Mapping[str, Word]
    rest: Word
    count: int | None = None
    total: Decimal | None = None


def read(content: bytes) -> Answer:
    """Return what a pain.002 says.

    Raises ``AnswerTooLarge``, ``AnswerForbidden``, ``AnswerUnreadable``, ``AnswerVersionUnknown``
    or ``AnswerContradicts``.
    """
    if len(content) > MAX_BYTES:
        raise AnswerTooLarge(megabytes=MAX_BYTES // 1024 // 1024)
    version = look(content, _MESSAGE)
    if version not in VERSIONS:
        raise AnswerVersionUnknown(version=f"{version:02d}")
    name = f"pain_002_001_{version:02d}"
    model = import_module(f"pyiso20022.pain.{name}.{name}")
    parser = XmlParser(config=ParserConfig(fail_on_converter_warnings=True))
    try:
        report = parser.from_bytes(content, model.Document).cstmr_pmt_sts_rpt
        return _answer(report)
    except (ParserError, ConverterWarning, ValueError, TypeError, ArithmeticError):
        raise AnswerUnreadable from None


def look(content: bytes, message: str) -> int:
    """Return the version of a message after looking through it for what must not be there.

    ``message`` is its namespace up to the version. Nothing is expanded or fetched: the first sign
    of a DOCTYPE ends it. Raises ``AnswerForbidden`` or ``AnswerUnreadable``.
    """
    found: list[int] = []
    depth = 0

    def forbidden(*_: Any) -> None:
        raise AnswerForbidden

    def start(name: str, _: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise AnswerUnreadable
        if not found:
            space, _, local = name.rpartition(" ")
            version = space.removeprefix(message)
            if local != "Document" or not _VERSION.fullmatch(version):
                raise AnswerUnreadable
            found.append(int(version))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):  # an unknown encoding is one of these
        raise AnswerUnreadable from None
    return found[0]


def _answer(report: Any) -> Answer:
    header, original = report.grp_hdr, report.orgnl_grp_inf_and_sts
    if isinstance(original, list):  # version 02's shape; later ones have exactly one
        raise AnswerUnreadable
    group = _word(original.grp_sts, original.sts_rsn_inf)
    words: dict[str, Word] = {}
    rest: Word | None = group
    for payment in report.orgnl_pmt_inf_and_sts:
        whole = _word(payment.pmt_inf_sts, payment.sts_rsn_inf)
        # Our orders have one PmtInf, so what is said of it is said of the order.
        rest = whole or rest
        for transaction in payment.tx_inf_and_sts:
            end_to_end = transaction.orgnl_end_to_end_id or transaction.orgnl_instr_id
            if not end_to_end:
                raise AnswerUnreadable
            word = _word(transaction.tx_sts, transaction.sts_rsn_inf) or whole or group
            if word is None:
                raise AnswerUnreadable
            word = word._replace(
                amount=_amount(transaction.orgnl_tx_ref), on=_moment(transaction.accptnc_dt_tm)
            )
            known = words.setdefault(end_to_end, word)
            if known.fate is not word.fate or known.amount != word.amount:
                raise AnswerContradicts(end_to_end=end_to_end)
    if rest is None and not words:
        raise AnswerUnreadable
    made_at = _moment(header.cre_dt_tm)
    if made_at is None:
        raise AnswerUnreadable
    return Answer(
        code=header.msg_id,
        order_code=original.orgnl_msg_id,
        made_at=made_at,
        words=words,
        rest=rest or Word(Fate.PENDING),
        count=int(original.orgnl_nb_of_txs) if original.orgnl_nb_of_txs else None,
        total=original.orgnl_ctrl_sum,
    )


def _word(status: Any, reasons: Any) -> Word | None:
    """Return what a status says; None where none is given. Versions 03 and 04 give an enum."""
    code = str(getattr(status, "value", status) or "")
    if not code:
        return None
    if code not in _FATES and code not in _PENDING:
        raise AnswerUnreadable
    return Word(_FATES.get(code, Fate.PENDING), next(_reason_codes(reasons), ""))


def _reason_codes(reasons: Any) -> Iterator[str]:
    """Give the codes first, then NARR for words without one."""
    given = [one.rsn for one in reasons if one.rsn is not None]
    texts = (str(getattr(rsn.cd, "value", rsn.cd) or rsn.prtry or "").upper() for rsn in given)
    codes = [text for text in texts if _CODE.fullmatch(text)]
    return chain(codes, [NARRATIVE] if reasons and not codes else [])


def _amount(reference: Any) -> Decimal | None:
    """Return the amount that the bank says it was asked to pay; None where it doesn't say."""
    if reference is None or reference.amt is None:
        return None
    amount = reference.amt.instd_amt
    if amount is None or amount.ccy != CURRENCY:
        raise AnswerUnreadable
    return Decimal(amount.value)


def _moment(value: Any) -> datetime | None:
    return None if value is None else value.to_datetime()
