"""How a complaint is spoken of among the staff: states, moves, classes, days left."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from giliran.claims.actions.warning import working_days
from giliran.voices import deadlines
from giliran.web.counter.claims_words import Left

STATES = {
    "received": gettext_noop("Baru diterima"),
    "acknowledged": gettext_noop("Sedang dipelajari"),
    "classified": gettext_noop("Sedang ditangani"),
    "answered": gettext_noop("Sudah dijawab"),
    "disputed": gettext_noop("Jawaban disanggah"),
    "closed": gettext_noop("Selesai"),
    "forwarded": gettext_noop("Diteruskan"),
    "withdrawn": gettext_noop("Ditarik pelapor"),
}
# The colours of a turn's states, which every officer knows; the word says it.
TAGS = {
    "received": "waiting",
    "acknowledged": "called",
    "classified": "called",
    "answered": "booked",
    "disputed": "no-show",
    "closed": "finished",
    "forwarded": "parked",
    "withdrawn": "parked",
}
CATEGORIES = {
    "queue": gettext_noop("Antrean atau kuota"),
    "staff_away": gettext_noop("Petugas tidak ada"),
    "papers": gettext_noop("Berkas ditolak"),
    "data": gettext_noop("Data tidak sesuai"),
    "employer": gettext_noop("Perusahaan belum menonaktifkan"),
    "late_claim": gettext_noop("Klaim melewati batas waktu"),
    "balance": gettext_noop("Saldo atau KPJ ganda"),
    "bribe": gettext_noop("Pungutan atau calo"),
    "access": gettext_noop("Aksesibilitas"),
    "app": gettext_noop("Aplikasi atau JMO"),
    "leak": gettext_noop("Kebocoran data"),
    "conduct": gettext_noop("Sikap petugas"),
    "other": gettext_noop("Lainnya"),
}
WEIGHTS = {
    "light": gettext_noop("Ringan"),
    "normative": gettext_noop("Normatif"),
    "not_supervision": gettext_noop("Tidak berkadar pengawasan"),
    "supervision": gettext_noop("Berkadar pengawasan"),
}
LEVELS = {
    "office": gettext_noop("Kantor cabang"),
    "region": gettext_noop("Kantor wilayah"),
    "centre": gettext_noop("Kantor pusat"),
}
CHANNELS = {
    "web": gettext_noop("web"),
    "door": gettext_noop("kode QR di pintu"),
    "booth": gettext_noop("kios atau gerai MPP"),
    "clerk": gettext_noop("loket atau pintu, ditulis petugas"),
    "phone": gettext_noop("telepon"),
    "whatsapp": gettext_noop("WhatsApp"),
    "sms": gettext_noop("SMS"),
    "ussd": gettext_noop("USSD"),
    "api": gettext_noop("aplikasi lain"),
    "lapor": gettext_noop("SP4N-LAPOR!"),
}
HAPPENED = {
    "receive": gettext_noop("Aduan diterima"),
    "add": gettext_noop("Pelapor menambah keterangan"),
    "acknowledge": gettext_noop("Mulai dipelajari"),
    "classify": gettext_noop("Jenis ditentukan"),
    "route": gettext_noop("Dialihkan ke kantor lain"),
    "assign": gettext_noop("Penangan ditunjuk"),
    "escalate": gettext_noop("Diingatkan atau dinaikkan"),
    "answer": gettext_noop("Dijawab"),
    "dispute": gettext_noop("Jawaban disanggah"),
    "confirm": gettext_noop("Pelapor menyatakan selesai"),
    "lapse": gettext_noop("Ditutup karena tidak disanggah"),
    "forward": gettext_noop("Diteruskan ke instansi lain"),
    "withdraw": gettext_noop("Ditarik pelapor"),
}


def named(words: dict[str, str], key: str) -> str:
    """Name something in the reader's language; what is unknown here by its own name."""
    return gettext(words[key]) if key in words else key


def left(due_on: date | None, today: date, office: Any) -> Left:
    """Say how many working days are left until an answer is owed; today isn't counted."""
    if due_on is None:
        return Left("", "none")
    calendar = deadlines.calendar_of(office)
    if due_on < today:
        late = working_days(due_on, today, calendar)
        words = ngettext("terlambat %(n)s hari kerja", "terlambat %(n)s hari kerja", late)
        return Left(words % {"n": late}, "late")
    if due_on == today:
        return Left(gettext("hari ini terakhir"), "today")
    ahead = working_days(today, due_on, calendar)
    words = ngettext("%(n)s hari kerja lagi", "%(n)s hari kerja lagi", ahead) % {"n": ahead}
    return Left(words, "soon" if ahead <= 1 else "far")


def length(due: deadlines.Due) -> str:
    """Return the time that a law gives, as people read it: "5 hari kerja"."""
    if due.unit == "working_days":
        return gettext("%(days)s hari kerja") % {"days": due.length}
    return gettext("%(days)s hari") % {"days": due.length}
