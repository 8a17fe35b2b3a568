"""A strict bank for practice: it pays or rejects by the last digits of an account.

For demonstrations and tests. It answers a pain.001.001.09 with a pain.002.001.12, as a bank would:
an order whose control sum is wrong is rejected whole, a bank that isn't known is rejected singly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from pyiso20022.pain.pain_001_001_09 import pain_001_001_09 as ordered
from pyiso20022.pain.pain_002_001_12 import pain_002_001_12 as pain
from xsdata.exceptions import ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDateTime

from giliran.claims.payments.answer import AnswerUnreadable, look
from giliran.claims.payments.banks import BankUnknown, bank

_ORDER = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."
# Last four digits of an account -> why it is rejected.
REJECTED = {
    "0001": "AC01",
    "0004": "AC04",
    "0006": "AC06",
    "0010": "BE01",
    "0404": "AM04",
    "0505": "AM05",
}
WAITS = "0909"
_Transfer: TypeAlias = ordered.CreditTransferTransaction34


def reply(
    content: bytes, *, code: str, now: datetime, says: Mapping[str, str] | None = None
) -> bytes:
    """Return the bank's answer to an order as pain.002.001.12.

    ``says`` gives the fate of single payments by EndToEndId, before all rules: a reason such as
    AC01, or ACSC, PDNG. ``code`` is the answer's MsgId. Raises ``AnswerForbidden`` or
    ``AnswerUnreadable`` for what isn't an order.
    """
    look(content, _ORDER)
    try:
        order = XmlParser().from_bytes(content, ordered.Document).cstmr_cdt_trf_initn
    except (ParserError, ValueError, TypeError):
        raise AnswerUnreadable from None
    transfers = [transfer for part in order.pmt_inf for transfer in part.cdt_trf_tx_inf]
    total = sum((_amount(transfer) for transfer in transfers), Decimal(0))
    header = order.grp_hdr
    if int(header.nb_of_txs) != len(transfers) or header.ctrl_sum != total:
        return _written(order, code, now, "RJCT", [], reason="AM10")
    fates = [(says or {}).get(_name(transfer)) or _fate(transfer) for transfer in transfers]
    told = {fate if fate in {"ACSC", "PDNG"} else "RJCT" for fate in fates}
    lines = [_line(*pair) for pair in zip(transfers, fates, strict=True)]
    return _written(order, code, now, told.pop() if len(told) == 1 else "PART", lines)


def _fate(transfer: _Transfer) -> str:
    """Return ACSC, PDNG or the reason of a rejection."""
    agent, account = transfer.cdtr_agt, transfer.cdtr_acct
    number = account.id.othr.id if account and account.id.othr else ""
    try:
        bank((agent.fin_instn_id.bicfi or "") if agent else "")
    except BankUnknown:
        return "RC01"
    if number.endswith(WAITS):
        return "PDNG"
    return REJECTED.get(number[-4:], "ACSC")


def _name(transfer: _Transfer) -> str:
    return str(transfer.pmt_id.end_to_end_id)


def _amount(transfer: _Transfer) -> Decimal:
    amount = transfer.amt.instd_amt
    if amount is None:
        raise AnswerUnreadable
    return Decimal(amount.value)


def _line(transfer: _Transfer, fate: str) -> pain.PaymentTransaction129:
    rejected = fate not in {"ACSC", "PDNG"}
    return pain.PaymentTransaction129(
        orgnl_instr_id=transfer.pmt_id.instr_id,
        orgnl_end_to_end_id=_name(transfer),
        tx_sts="RJCT" if rejected else fate,
        sts_rsn_inf=[_why(fate)] if rejected else [],
        orgnl_tx_ref=pain.OriginalTransactionReference35(
            amt=pain.AmountType4Choice(
                instd_amt=pain.ActiveOrHistoricCurrencyAndAmount(value=_amount(transfer), ccy="IDR")
            )
        ),
    )


def _why(reason: str) -> pain.StatusReasonInformation12:
    return pain.StatusReasonInformation12(rsn=pain.StatusReason6Choice(cd=reason))


def _written(
    order: ordered.CustomerCreditTransferInitiationV09,
    code: str,
    now: datetime,
    status: str,
    lines: list[pain.PaymentTransaction129],
    *,
    reason: str = "",
) -> bytes:
    header = order.grp_hdr
    document = pain.Document(
        cstmr_pmt_sts_rpt=pain.CustomerPaymentStatusReportV12(
            grp_hdr=pain.GroupHeader86(
                msg_id=code, cre_dt_tm=XmlDateTime.from_datetime(now.replace(microsecond=0))
            ),
            orgnl_grp_inf_and_sts=pain.OriginalGroupHeader17(
                orgnl_msg_id=header.msg_id,
                orgnl_msg_nm_id="pain.001.001.09",
                orgnl_nb_of_txs=header.nb_of_txs,
                orgnl_ctrl_sum=header.ctrl_sum,
                grp_sts=status,
                sts_rsn_inf=[_why(reason)] if reason else [],
            ),
            orgnl_pmt_inf_and_sts=[
                pain.OriginalPaymentInstruction40(
                    orgnl_pmt_inf_id=order.pmt_inf[0].pmt_inf_id, tx_inf_and_sts=lines
                )
            ]
            if lines
            else [],
        )
    )
    return XmlSerializer().render(document, ns_map={"": pain.__NAMESPACE__}).encode()
