"""The sentences of all messages about a claim, in both languages, as WhatsApp registers them.

None holds a name, a NIK, a sum, the program or the word for what it is: others may read over the
shoulder, so a claim is called a file (berkas). Only who is asked for papers is told which ones,
for they can't be sent otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

from giliran.messages.forms import Both, Form

_TITLE = Both("Kabar berkas Bapak/Ibu", "News of your file")
_ASKED = Both("Ada yang perlu Bapak/Ibu kirim", "Something is needed from you")
_STOP = Both("Berhenti dikabari: STOP.", "No more messages: STOP.")
_ASK = Both("Tanya: 175.", "Help: 175.")
_FREE = Both("Semua layanan gratis.", "All services are free.")

RECEIVED = Form(
    "berkas_diterima",
    Both(
        "Berkas %(tail)s sudah kami terima pada %(day)s dan sedang diperiksa. Kalau ada yang "
        "kurang, kami kabari di sini.",
        "We received file %(tail)s on %(day)s and are checking it. If anything is missing, we'll "
        "tell you here.",
    ),
    (
        Both(
            "Berkas %(tail)s diterima %(date)s dan sedang diperiksa.",
            "File %(tail)s was received on %(date)s and is being checked.",
        ),
        _FREE,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
PAPERS_WANTED = Form(
    "berkas_perlu_dilengkapi",
    Both(
        "Berkas %(tail)s perlu dilengkapi, sebanyak %(count)s: %(wanted)s Kirim lewat halaman "
        "berkas Bapak/Ibu, dari ponsel juga bisa.",
        "File %(tail)s needs more papers, %(count)s in all: %(wanted)s Send them on the page of "
        "your file, a phone will do.",
    ),
    (
        Both(
            "Berkas %(tail)s: %(count)s dokumen perlu dikirim atau diperbaiki.",
            "File %(tail)s: %(count)s papers to send or to mend.",
        ),
        Both("Lihat halaman berkas Bapak/Ibu.", "See the page of your file."),
        _ASK,
        _STOP,
    ),
    title=_ASKED,
    answers=(_STOP,),
)
VISIT_WANTED = Form(
    "berkas_tunjukkan_asli",
    Both(
        "Berkas %(tail)s sudah diperiksa. Tinggal menunjukkan yang asli di loket: %(wanted)s "
        "Ambil giliran lewat halaman berkas Bapak/Ibu.",
        "File %(tail)s is checked. Only originals are still to be shown at the counter: "
        "%(wanted)s Take a turn on the page of your file.",
    ),
    (
        Both(
            "Berkas %(tail)s sudah diperiksa. Bawa %(count)s dokumen asli ke loket.",
            "File %(tail)s is checked. Bring %(count)s originals to the counter.",
        ),
        Both("Ambil giliran dulu.", "Take a turn first."),
        _FREE,
    ),
    title=_ASKED,
    answers=(_STOP,),
)
COMPLETE = Form(
    "berkas_lengkap",
    Both(
        "Berkas %(tail)s sudah lengkap dan benar sejak %(since)s. Uangnya dibayar paling lambat "
        "%(due)s.",
        "File %(tail)s is complete and correct since %(since)s. You'll be paid by %(due)s at the "
        "latest.",
    ),
    (
        Both(
            "Berkas %(tail)s lengkap. Dibayar paling lambat %(due_date)s.",
            "File %(tail)s is complete. Paid by %(due_date)s at the latest.",
        ),
        Both("Kabar berikutnya di sini.", "More news here."),
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
COMPLETE_VISIT = Form(
    "berkas_lengkap_perlihatkan_asli",
    Both(
        "Berkas %(tail)s sudah lengkap dan benar sejak %(since)s. Uangnya dibayar paling lambat "
        "%(due)s. Sebelum itu, perlihatkan dokumen aslinya di loket: ambil giliran lewat halaman "
        "berkas Bapak/Ibu.",
        "File %(tail)s is complete and correct since %(since)s. You'll be paid by %(due)s at the "
        "latest. Before that, show the originals at the counter: take a turn on the page of your "
        "file.",
    ),
    (
        Both(
            "Berkas %(tail)s lengkap. Dibayar paling lambat %(due_date)s.",
            "File %(tail)s is complete. Paid by %(due_date)s at the latest.",
        ),
        Both("Perlihatkan dulu aslinya di loket.", "Show the originals at a counter first."),
        _STOP,
    ),
    title=_ASKED,
    answers=(_STOP,),
)
COMPLETE_UNKNOWN = Form(
    "berkas_lengkap_tanpa_tanggal",
    Both(
        "Berkas %(tail)s sudah lengkap dan benar sejak %(since)s. Dibayar paling lama %(length)s "
        "sesudahnya. Tanggal pastinya kami kabari setelah hari libur tahun depan ditetapkan.",
        "File %(tail)s is complete and correct since %(since)s. You'll be paid within %(length)s "
        "of that. We'll tell you the day once next year's holidays are decreed.",
    ),
    (
        Both(
            "Berkas %(tail)s lengkap. Dibayar paling lama %(length)s.",
            "File %(tail)s is complete. Paid within %(length)s.",
        ),
        Both("Tanggalnya menyusul.", "The day follows."),
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
DECIDED_YES = Form(
    "berkas_disetujui",
    Both(
        "Berkas %(tail)s disetujui. Uangnya dikirim ke rekening yang Bapak/Ibu tulis, paling "
        "lambat %(due)s.",
        "File %(tail)s is approved. The money goes to the account that you gave, by %(due)s at "
        "the latest.",
    ),
    (
        Both(
            "Berkas %(tail)s disetujui. Dibayar paling lambat %(due_date)s.",
            "File %(tail)s is approved. Paid by %(due_date)s at the latest.",
        ),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
DECIDED_YES_UNKNOWN = Form(
    "berkas_disetujui_tanpa_tanggal",
    Both(
        "Berkas %(tail)s disetujui. Uangnya dikirim ke rekening yang Bapak/Ibu tulis. Kami kabari "
        "begitu dikirim.",
        "File %(tail)s is approved. The money goes to the account that you gave. We'll tell you "
        "when it is sent.",
    ),
    (
        Both(
            "Berkas %(tail)s disetujui. Kami kabari begitu uangnya dikirim.",
            "File %(tail)s is approved. We'll tell you when the money is sent.",
        ),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
DECIDED_NO = Form(
    "berkas_ditolak",
    Both(
        "Berkas %(tail)s tidak dapat disetujui, menurut %(article)s. Alasannya ada di surat pada "
        "halaman berkas Bapak/Ibu. Tidak setuju? Ajukan keberatan ke kantor cabang atau telepon "
        "175, gratis; jawabannya paling lama %(answer)s.",
        "File %(tail)s can't be approved, by %(article)s. The reason is in the letter on the page "
        "of your file. You don't agree? Object at the branch or call 175, free of charge; you'll "
        "be answered within %(answer)s.",
    ),
    (
        Both("Berkas %(tail)s tidak dapat disetujui.", "File %(tail)s can't be approved."),
        Both("Alasannya di halaman berkas.", "The reason is on its page."),
        Both("Keberatan: kantor cabang atau 175, gratis.", "To object: the branch or 175, free."),
    ),
    title=_TITLE,
    answers=(_STOP,),
)
PAID = Form(
    "berkas_dibayar",
    Both(
        "Uang untuk berkas %(tail)s sudah masuk ke rekening Bapak/Ibu pada %(paid)s. Ada yang "
        "tidak cocok? Telepon 175, gratis.",
        "The money for file %(tail)s reached your account on %(paid)s. Something is wrong? Call "
        "175, free of charge.",
    ),
    (
        Both(
            "Uang untuk berkas %(tail)s sudah masuk %(paid_date)s.",
            "The money for file %(tail)s arrived on %(paid_date)s.",
        ),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
BOUNCED = Form(
    "berkas_rekening_ditolak",
    Both(
        "Bank mengembalikan uang untuk berkas %(tail)s. Periksa rekening Bapak/Ibu di halaman "
        "berkas dan tulis yang benar; setelah itu uangnya dikirim lagi. Kami tidak pernah meminta "
        "PIN atau kode.",
        "The bank returned the money for file %(tail)s. Check your account on the page of your "
        "file and write the right one; then the money is sent again. We never ask for a PIN or "
        "a code.",
    ),
    (
        Both(
            "Bank mengembalikan uang untuk berkas %(tail)s.",
            "The bank returned the money for file %(tail)s.",
        ),
        Both("Perbaiki rekening di halaman berkas.", "Mend the account on its page."),
        Both("Jangan beri PIN.", "Give no PIN."),
    ),
    title=_ASKED,
    answers=(_STOP,),
)

FORMS = (
    *(RECEIVED, PAPERS_WANTED, VISIT_WANTED, COMPLETE, COMPLETE_VISIT),
    COMPLETE_UNKNOWN,
    *(DECIDED_YES, DECIDED_YES_UNKNOWN, DECIDED_NO, PAID, BOUNCED),
)

EXAMPLES: Mapping[str, str] = {
    "tail": "3XPA",
    "day": "Rabu, 25 November 2026",
    "date": "Rab 25 Nov",
    "since": "Rabu, 25 November 2026",
    "due": "Rabu, 2 Desember 2026",
    "due_date": "Rab 2 Des",
    "paid": "Selasa, 1 Desember 2026",
    "paid_date": "Sel 1 Des",
    "length": "5 hari kerja",
    "answer": "5 hari kerja",
    "article": "PP 46/2015 Pasal 26",
    "count": "2",
    "wanted": "KTP-el: Fotonya buram. Kartu Keluarga: belum ada.",
}
"""What the provider asks for when a template is registered: one example for each place."""
