"""Why a bank didn't pay: ISO 20022 codes (ExternalStatusReason1Code) as sentences.

Each is told to the person whom it concerns. Only where the account is at fault is the claimant
asked for another one; asking a grieving widow for a new account because our own balance was short
would be wrong twice.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from giliran.core.refusal import gettext_noop


class Whose(StrEnum):
    """Who can do something about it."""

    ACCOUNT = "account"  # the claimant gives another account
    OURS = "ours"  # we mend it and pay the same account again
    DOUBT = "doubt"  # the money may have arrived: an officer asks the bank first


class Reason(NamedTuple):
    """A code with its sentence (a gettext msgid)."""

    whose: Whose
    sentence: str


NOT_FOUND = gettext_noop("Nomor rekening tidak ditemukan di bank ini. Periksa lagi nomornya.")
CLOSED = gettext_noop("Rekening ini sudah ditutup. Pakai rekening lain yang masih aktif.")
BLOCKED = gettext_noop("Rekening ini diblokir bank. Hubungi bank, atau pakai rekening lain.")
NAME = gettext_noop("Nama pemilik rekening di bank tidak sama dengan nama penerima klaim.")
KIND = gettext_noop("Rekening jenis ini tidak bisa menerima transfer. Pakai rekening tabungan.")
LIMIT = gettext_noop("Jumlahnya melebihi batas rekening ini. Pakai rekening lain.")
BANK = gettext_noop("Bank penerima tidak dikenali. Pilih lagi nama banknya.")
DIED = gettext_noop(
    "Bank mencatat pemilik rekening ini sudah meninggal. Pakai rekening lain atas nama penerima."
)
REFUSED = gettext_noop("Bank menolak transfer ke rekening ini. Periksa lagi data rekening.")
SHORT = gettext_noop("Saldo rekening pembayar tidak cukup. Isi saldo, lalu bayar lagi.")
OUR_ACCOUNT = gettext_noop("Bank menolak rekening pembayar. Periksa rekening kantor, lalu ulangi.")
OUR_FILE = gettext_noop("Bank tidak bisa mengolah berkas pembayaran. Hubungi bank, lalu ulangi.")
DUPLICATE = gettext_noop("Bank menganggap ini pembayaran kembar. Tanyakan ke bank sebelum ulang.")

_CODES = {
    "AC01": Reason(Whose.ACCOUNT, NOT_FOUND),
    "AC02": Reason(Whose.OURS, OUR_ACCOUNT),
    "AC03": Reason(Whose.ACCOUNT, NOT_FOUND),
    "AC04": Reason(Whose.ACCOUNT, CLOSED),
    "AC05": Reason(Whose.OURS, OUR_ACCOUNT),
    "AC06": Reason(Whose.ACCOUNT, BLOCKED),
    "AC07": Reason(Whose.ACCOUNT, CLOSED),
    "AC14": Reason(Whose.ACCOUNT, KIND),
    "AC16": Reason(Whose.ACCOUNT, BLOCKED),
    "AG01": Reason(Whose.ACCOUNT, KIND),
    "AG03": Reason(Whose.ACCOUNT, KIND),
    "AM02": Reason(Whose.ACCOUNT, LIMIT),
    "AM04": Reason(Whose.OURS, SHORT),
    "AM05": Reason(Whose.DOUBT, DUPLICATE),
    "AM10": Reason(Whose.OURS, OUR_FILE),
    "AM14": Reason(Whose.ACCOUNT, LIMIT),
    "AM21": Reason(Whose.ACCOUNT, LIMIT),
    "BE01": Reason(Whose.ACCOUNT, NAME),
    "BE05": Reason(Whose.OURS, OUR_ACCOUNT),
    "BE06": Reason(Whose.ACCOUNT, NOT_FOUND),
    "CNOR": Reason(Whose.ACCOUNT, BANK),
    "DT01": Reason(Whose.OURS, OUR_FILE),
    "DU01": Reason(Whose.DOUBT, DUPLICATE),
    "DU02": Reason(Whose.DOUBT, DUPLICATE),
    "DU03": Reason(Whose.DOUBT, DUPLICATE),
    "DU04": Reason(Whose.DOUBT, DUPLICATE),
    "DU05": Reason(Whose.DOUBT, DUPLICATE),
    "FF01": Reason(Whose.OURS, OUR_FILE),
    "MD07": Reason(Whose.ACCOUNT, DIED),
    "MS03": Reason(Whose.ACCOUNT, REFUSED),
    "RC01": Reason(Whose.ACCOUNT, BANK),
    "RC04": Reason(Whose.ACCOUNT, BANK),
    "TM01": Reason(Whose.OURS, OUR_FILE),
}
# A code that nobody listed tells nothing about the account, yet the account is all that we can ask
# about: the claimant looks at it again.
_OTHER = Reason(Whose.ACCOUNT, REFUSED)


def reason(code: str) -> Reason:
    """Return who can mend it, and the sentence; an unknown code is a refusal without detail."""
    return _CODES.get(code, _OTHER)
