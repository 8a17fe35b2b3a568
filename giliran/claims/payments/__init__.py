"""Paying what was approved: an order to the bank, and its answer.

``order`` writes pain.001 and CSV, ``answer`` reads pain.002, both without a database; ``making``
and ``taking`` are the actions; ``banks`` and ``reasons`` are lists.
"""

from giliran.claims.payments.making import csv, fetch, file, make_batch, note_sent, take_back
from giliran.claims.payments.queries import batch, batches, doubts, due, payments, stuck
from giliran.claims.payments.refusals import (
    AmountDiffers,
    AnswerOfNobody,
    BatchMoved,
    CountDiffers,
    HeldByDoubt,
    NothingToPay,
    NotInDoubt,
    NotReleased,
    NotReleasedByApprover,
    PaidByAnother,
    PayerMissing,
    PaymentUnknown,
)
from giliran.claims.payments.taking import ask_for_account, settle, take_report

__all__ = [
    "AmountDiffers",
    "AnswerOfNobody",
    "BatchMoved",
    "CountDiffers",
    "HeldByDoubt",
    "NotInDoubt",
    "NotReleased",
    "NotReleasedByApprover",
    "NothingToPay",
    "PaidByAnother",
    "PayerMissing",
    "PaymentUnknown",
    "ask_for_account",
    "batch",
    "batches",
    "csv",
    "doubts",
    "due",
    "fetch",
    "file",
    "make_batch",
    "note_sent",
    "payments",
    "settle",
    "stuck",
    "take_back",
    "take_report",
]
