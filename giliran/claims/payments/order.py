"""A payment order as a file for the bank: ISO 20022 pain.001.001.09, and the same as CSV.

Amounts are whole rupiah without a decimal point: there is no coin of a sen, and a bank that reads
the point as a mark of thousands would pay a hundredfold.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from io import StringIO
from typing import NamedTuple

from pyiso20022.pain.pain_001_001_09 import pain_001_001_09 as pain
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDate, XmlDateTime

from giliran.claims.payments.banks import Bank
from giliran.claims.payments.latin import latin

CURRENCY = "IDR"
# ExternalPurpose1Code and ExternalCategoryPurpose1Code: social security benefit.
PURPOSE = "SSBE"
_MARKS_OF_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Party(NamedTuple):
    """An account and whose it is."""

    bank: Bank
    number: str
    holder: str


class Transfer(NamedTuple):
    """One payment of an order; ``end_to_end`` travels through all banks and comes back."""

    end_to_end: str
    amount: Decimal
    to: Party
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """Transfers that leave together. ``code`` (at most 35 letters) is the MsgId."""

    code: str
    made_at: datetime
    execute_on: date
    payer: Party
    transfers: Sequence[Transfer]

    @property
    def total(self) -> Decimal:
        """Return the control sum, rupiah."""
        return sum((transfer.amount for transfer in self.transfers), Decimal(0))


def whole_rupiah(amount: Decimal) -> Decimal:
    """Return an amount as it is paid: a broken rupiah is rounded up, in the person's favour."""
    return amount.to_integral_value(ROUND_CEILING)


def xml(order: Order) -> bytes:
    """Return the order as pain.001.001.09, valid against its schema, UTF-8."""
    count, total = str(len(order.transfers)), order.total
    payer = latin(order.payer.holder)
    document = pain.Document(
        cstmr_cdt_trf_initn=pain.CustomerCreditTransferInitiationV09(
            grp_hdr=pain.GroupHeader85(
                msg_id=order.code,
                cre_dt_tm=XmlDateTime.from_datetime(order.made_at.replace(microsecond=0)),
                nb_of_txs=count,
                ctrl_sum=total,
                initg_pty=pain.PartyIdentification135(nm=payer),
            ),
            pmt_inf=[
                pain.PaymentInstruction30(
                    pmt_inf_id=order.code,
                    pmt_mtd=pain.PaymentMethod3Code.TRF,
                    btch_bookg=True,
                    nb_of_txs=count,
                    ctrl_sum=total,
                    pmt_tp_inf=pain.PaymentTypeInformation26(
                        ctgy_purp=pain.CategoryPurpose1Choice(cd=PURPOSE)
                    ),
                    reqd_exctn_dt=pain.DateAndDateTime2Choice(
                        dt=XmlDate.from_date(order.execute_on)
                    ),
                    dbtr=pain.PartyIdentification135(nm=payer),
                    dbtr_acct=_account(order.payer.number),
                    dbtr_agt=_agent(order.payer.bank),
                    # Whoever waited for the money gets all of it: we bear every bank's charge.
                    chrg_br=pain.ChargeBearerType1Code.DEBT,
                    cdt_trf_tx_inf=[_transfer(transfer) for transfer in order.transfers],
                )
            ],
        )
    )
    return XmlSerializer().render(document, ns_map={"": pain.__NAMESPACE__}).encode()


def _transfer(transfer: Transfer) -> pain.CreditTransferTransaction34:
    return pain.CreditTransferTransaction34(
        pmt_id=pain.PaymentIdentification6(
            instr_id=transfer.end_to_end, end_to_end_id=transfer.end_to_end
        ),
        amt=pain.AmountType4Choice(
            instd_amt=pain.ActiveOrHistoricCurrencyAndAmount(value=transfer.amount, ccy=CURRENCY)
        ),
        cdtr_agt=_agent(transfer.to.bank),
        cdtr=pain.PartyIdentification135(nm=latin(transfer.to.holder)),
        cdtr_acct=_account(transfer.to.number),
        purp=pain.Purpose2Choice(cd=PURPOSE),
        rmt_inf=pain.RemittanceInformation16(ustrd=[latin(transfer.text)]),
    )


def _agent(bank: Bank) -> pain.BranchAndFinancialInstitutionIdentification6:
    return pain.BranchAndFinancialInstitutionIdentification6(
        fin_instn_id=pain.FinancialInstitutionIdentification18(bicfi=bank.bic)
    )


def _account(number: str) -> pain.CashAccount38:
    return pain.CashAccount38(
        id=pain.AccountIdentification4Choice(othr=pain.GenericAccountIdentification1(id=number)),
        ccy=CURRENCY,
    )


def table(order: Order) -> bytes:
    """Return the order as CSV with a header and the sum below, UTF-8 with a mark for Excel."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["nomor", "kode_bank", "bic", "rekening", "nama_pemilik", "jumlah_rupiah", "keterangan"]
    )
    for transfer in order.transfers:
        row = [
            transfer.end_to_end,
            transfer.to.bank.clearing,
            transfer.to.bank.bic,
            transfer.to.number,
            latin(transfer.to.holder),
            str(transfer.amount),
            latin(transfer.text),
        ]
        writer.writerow([_harmless(cell) for cell in row])
    writer.writerow([_harmless(order.code), len(order.transfers), "", "", "", order.total, ""])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows and doesn't run."""
    return f"'{cell}" if cell.startswith(_MARKS_OF_A_FORMULA) else cell
