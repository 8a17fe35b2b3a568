"""How a claim is spoken of at the desk: states, moves, kinds, days left."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop, ngettext

from giliran.claims.actions.warning import working_days
from giliran.claims.deadlines import ClockState, calendar_of
from giliran.core.claim import ClaimMoveNotAllowed
from giliran.core.refusal import Refusal
from giliran.web.refusals import sentence

STATES = {
    "drafted": gettext_noop("Belum dikirim"),
    "submitted": gettext_noop("Menunggu pemeriksaan"),
    "returned": gettext_noop("Dokumen diminta lagi"),
    "complete": gettext_noop("Lengkap"),
    "verified": gettext_noop("Menunggu keputusan"),
    "approved": gettext_noop("Disetujui"),
    "refused": gettext_noop("Ditolak"),
    "bounced": gettext_noop("Rekening ditolak bank"),
    "paid": gettext_noop("Dibayar"),
    "closed": gettext_noop("Selesai"),
    "withdrawn": gettext_noop("Ditarik"),
}
# The colours of a turn's states, which every officer knows; the word says it.
TAGS = {
    "drafted": "parked",
    "submitted": "waiting",
    "returned": "parked",
    "complete": "booked",
    "verified": "called",
    "approved": "finished",
    "refused": "cancelled",
    "bounced": "no-show",
    "paid": "finished",
    "closed": "finished",
    "withdrawn": "cancelled",
}
MOVES = {
    "begin": gettext_noop("mulai"),
    "fill": gettext_noop("ubah isian"),
    "submit": gettext_noop("kirim untuk diperiksa"),
    "return": gettext_noop("minta dokumen"),
    "complete": gettext_noop("nyatakan lengkap"),
    "verify": gettext_noop("verifikasi"),
    "send_back": gettext_noop("kembalikan ke pemeriksa"),
    "approve": gettext_noop("setujui"),
    "refuse": gettext_noop("tolak"),
    "pay": gettext_noop("catat pembayaran"),
    "bounce": gettext_noop("catat penolakan bank"),
    "mend": gettext_noop("ganti rekening"),
    "close": gettext_noop("tutup"),
    "withdraw": gettext_noop("tarik"),
    "reckon": gettext_noop("hitung ulang batas waktu"),
}
HAPPENED = {
    "begin": gettext_noop("Klaim dimulai"),
    "submit": gettext_noop("Berkas dikirim untuk diperiksa"),
    "return": gettext_noop("Dokumen diminta; batas waktu berhenti"),
    "complete": gettext_noop("Dinyatakan lengkap; batas waktu berjalan"),
    "verify": gettext_noop("Diverifikasi"),
    "send_back": gettext_noop("Dikembalikan ke pemeriksa"),
    "approve": gettext_noop("Disetujui"),
    "refuse": gettext_noop("Ditolak"),
    "pay": gettext_noop("Dibayar"),
    "bounce": gettext_noop("Bank menolak rekeningnya"),
    "mend": gettext_noop("Rekening diganti"),
    "close": gettext_noop("Selesai"),
    "withdraw": gettext_noop("Ditarik oleh pemohon"),
    "reckon": gettext_noop("Batas waktu dihitung ulang"),
}
PAPER_STATES = {
    "missing": gettext_noop("Belum ada"),
    "sent": gettext_noop("Perlu diperiksa"),
    "brought": gettext_noop("Asli dibawa ke loket"),
    "good": gettext_noop("Baik"),
    "wrong": gettext_noop("Perlu diperbaiki"),
    "seen": gettext_noop("Asli sudah dilihat"),
    "waived": gettext_noop("Tidak diperlukan"),
}
PAPER_TAGS = {
    "missing": "parked",
    "sent": "waiting",
    "brought": "called",
    "good": "finished",
    "wrong": "no-show",
    "seen": "finished",
    "waived": "booked",
}
KINDS = {
    "jht/age": gettext_noop("JHT: usia pensiun"),
    "jht/resigned": gettext_noop("JHT: mengundurkan diri"),
    "jht/dismissed": gettext_noop("JHT: kena PHK"),
    "jht/contract_end": gettext_noop("JHT: kontrak selesai"),
    "jht/self_employed_stopped": gettext_noop("JHT: usaha berhenti (BPU)"),
    "jht/migrant_contract_end": gettext_noop("JHT: pekerja migran pulang"),
    "jht/leaving_indonesia": gettext_noop("JHT: meninggalkan Indonesia"),
    "jht/total_permanent_disability": gettext_noop("JHT: cacat total tetap"),
    "jht/death": gettext_noop("JHT: peserta meninggal"),
    "jht/partial_other": gettext_noop("JHT: sebagian 10 persen"),
    "jht/partial_housing_cash": gettext_noop("JHT: sebagian untuk rumah, tunai"),
    "jht/partial_housing_credit": gettext_noop("JHT: sebagian untuk rumah, kredit"),
    "jkm/death": gettext_noop("JKM: peserta meninggal"),
    "jkm/death_construction": gettext_noop("JKM: pekerja konstruksi meninggal"),
    "jkm/death_migrant": gettext_noop("JKM: pekerja migran meninggal"),
    "jkk/accident": gettext_noop("JKK: kecelakaan atau penyakit karena kerja"),
    "jkk/death": gettext_noop("JKK: meninggal karena kerja"),
    "jp/old_age": gettext_noop("JP: pensiun hari tua"),
    "jp/spouse": gettext_noop("JP: pensiun janda atau duda"),
    "jp/child": gettext_noop("JP: pensiun anak"),
    "jp/parent": gettext_noop("JP: pensiun orang tua"),
    "jp/total_permanent_disability": gettext_noop("JP: pensiun cacat"),
    "jkp/first_month": gettext_noop("JKP: bulan pertama"),
    "jkp/later_months": gettext_noop("JKP: bulan berikutnya"),
}
LEVELS = {
    "office": gettext_noop("Kepala cabang"),
    "region": gettext_noop("Kantor wilayah"),
    "centre": gettext_noop("Kantor pusat"),
}
CHANNELS = {
    "web": gettext_noop("web"),
    "booth": gettext_noop("gerai MPP"),
    "clerk": gettext_noop("loket"),
    "whatsapp": gettext_noop("WhatsApp"),
    "sms": gettext_noop("SMS"),
}


class Left(NamedTuple):
    """How long an office still has, in words, and how near that is: late, today, soon, far."""

    words: str
    nearness: str


def state_name(state: str) -> str:
    return gettext(STATES[state])


def kind_name(kind: str) -> str:
    """Name a claim's kind; one that was written here later stands by its own name."""
    return gettext(KINDS[kind]) if kind in KINDS else kind


# Why there is no day.
_WITHOUT_DAY = {
    ClockState.NOT_BEGUN: gettext_noop("belum berjalan"),
    ClockState.STANDS: gettext_noop("berhenti, menunggu pemohon"),
    ClockState.UNKNOWN: gettext_noop("berjalan, harinya belum bisa dihitung"),
    ClockState.OVER: gettext_noop("sudah selesai"),
}


def left(
    due_on: date | None, today: date, office: Any, clock: ClockState = ClockState.RUNS
) -> Left:
    """Say how many of its office's working days are left until a claim must be paid.

    Today isn't counted. Without a day the claim's ``clock`` says why there is none.
    """
    if due_on is None:
        return Left(gettext(_WITHOUT_DAY[clock]), "soon" if clock is ClockState.UNKNOWN else "none")
    late = working_days(due_on, today, calendar_of(office))
    ahead = working_days(today, due_on, calendar_of(office))
    if due_on < today:
        return Left(
            ngettext("terlambat %(n)s hari kerja", "terlambat %(n)s hari kerja", late)
            % {"n": late},
            "late",
        )
    if due_on == today:
        return Left(gettext("hari ini terakhir"), "today")
    words = ngettext("%(n)s hari kerja lagi", "%(n)s hari kerja lagi", ahead) % {"n": ahead}
    return Left(words, "soon" if ahead <= 1 else "far")


def told(refusal: Refusal) -> str:
    """Return a refusal as one sentence, with the moves of a claim in words."""
    if isinstance(refusal, ClaimMoveNotAllowed):
        return gettext(refusal.sentence) % {
            "move": gettext(MOVES[refusal.move]),
            "state": state_name(refusal.state),
            "possible": ", ".join(gettext(MOVES[move]) for move in refusal.allowed)
            or gettext("tidak ada"),
        }
    return sentence(refusal)
