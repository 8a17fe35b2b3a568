"""The sentences of all messages about a complaint, in both languages, as WhatsApp registers them.

None holds a name, an office or what it is about: others may read over the shoulder. Only the
answer itself goes out where the complaint came in, and never to who asked for protection.
"""

from __future__ import annotations

from collections.abc import Mapping

from giliran.messages.forms import Both, Form

_TITLE = Both("Kabar aduan Bapak/Ibu", "News of your complaint")
_STOP = Both("Berhenti dikabari: STOP.", "No more messages: STOP.")
_ASK = Both("Tanya: 175.", "Help: 175.")
_PAGE = Both("Lihat halaman aduan.", "See its page.")

RECEIVED = Form(
    "aduan_diterima",
    Both(
        "Aduan %(tail)s sudah kami terima. Jawabannya paling lambat %(due)s. Simpan tanda terima: "
        "kodenya membuka halaman aduan.",
        "We received complaint %(tail)s. You'll be answered by %(due)s at the latest. Keep your "
        "receipt: its code opens the page.",
    ),
    (
        Both(
            "Aduan %(tail)s diterima. Dijawab paling lambat %(due_date)s.",
            "Complaint %(tail)s received. Answer by %(due_date)s at the latest.",
        ),
        Both("Simpan kodenya.", "Keep its code."),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
IN_HAND = Form(
    "aduan_dipelajari",
    Both(
        "Aduan %(tail)s sedang kami pelajari. Jawabannya paling lambat %(due)s.",
        "We are looking into complaint %(tail)s. You'll be answered by %(due)s at the latest.",
    ),
    (
        Both(
            "Aduan %(tail)s sedang dipelajari. Dijawab paling lambat %(due_date)s.",
            "Complaint %(tail)s is in hand. Answer by %(due_date)s at the latest.",
        ),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
ANSWERED = Form(
    "aduan_dijawab",
    Both(
        "Aduan %(tail)s sudah dijawab: “%(answer)s” Kalau belum menyelesaikan masalah, sanggah "
        "di halaman aduan paling lambat %(confirm)s.",
        "Complaint %(tail)s was answered: “%(answer)s” If that doesn't settle it, dispute it on "
        "its page by %(confirm)s.",
    ),
    (
        Both("Aduan %(tail)s sudah dijawab.", "Complaint %(tail)s was answered."),
        Both('"%(brief)s"', '"%(brief)s"'),
        Both("Sanggah sampai %(confirm_date)s.", "Dispute it by %(confirm_date)s."),
        _PAGE,
        _ASK,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
ANSWERED_PROTECTED = Form(
    "aduan_dijawab_tertutup",
    Both(
        "Aduan %(tail)s sudah dijawab. Baca di halaman aduan. Kalau belum menyelesaikan masalah, "
        "sanggah di sana paling lambat %(confirm)s.",
        "Complaint %(tail)s was answered. Read it on its page. If that doesn't settle it, dispute "
        "it there by %(confirm)s.",
    ),
    (
        Both("Aduan %(tail)s sudah dijawab.", "Complaint %(tail)s was answered."),
        Both("Baca di halaman aduan.", "Read it on its page."),
        Both("Sanggah sampai %(confirm_date)s.", "Dispute it by %(confirm_date)s."),
        _ASK,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
DISPUTED = Form(
    "aduan_disanggah",
    Both(
        "Sanggahan untuk aduan %(tail)s sudah kami terima. Sekarang ditangani %(level)s, dan "
        "dijawab paling lambat %(due)s.",
        "We received your objection on complaint %(tail)s. It is now with the %(level)s, and is "
        "answered by %(due)s at the latest.",
    ),
    (
        Both(
            "Aduan %(tail)s sekarang di %(level)s. Dijawab paling lambat %(due_date)s.",
            "Complaint %(tail)s is now with the %(level)s. Answer by %(due_date)s.",
        ),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
ESCALATED = Form(
    "aduan_dinaikkan",
    Both(
        "Aduan %(tail)s belum dijawab sampai batas waktunya, %(due)s. Sekarang juga ada di meja "
        "%(level)s. Mohon maaf atas keterlambatan ini.",
        "Complaint %(tail)s wasn't answered by its date, %(due)s. It now stands before the "
        "%(level)s, too. We are sorry for the delay.",
    ),
    (
        Both(
            "Aduan %(tail)s terlambat dijawab dan sekarang di %(level)s.",
            "Complaint %(tail)s is late and now with the %(level)s.",
        ),
        Both("Mohon maaf.", "We are sorry."),
        _ASK,
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
FORWARDED = Form(
    "aduan_diteruskan",
    Both(
        "Aduan %(tail)s bukan wewenang kami dan sudah diteruskan ke %(agency)s. Alasannya ada di "
        "halaman aduan.",
        "Complaint %(tail)s isn't ours to decide and was forwarded to %(agency)s. Why, stands on "
        "its page.",
    ),
    (
        Both(
            "Aduan %(tail)s diteruskan ke instansi lain.",
            "Complaint %(tail)s was forwarded to another agency.",
        ),
        Both("Ke %(agency)s.", "To %(agency)s."),
        _PAGE,
        _ASK,
    ),
    title=_TITLE,
    answers=(_STOP,),
)
LAPSED = Form(
    "aduan_ditutup",
    Both(
        "Aduan %(tail)s kami tutup karena jawabannya tidak disanggah. Kalau masalahnya masih ada, "
        "buat aduan baru atau hubungi Ombudsman RI di 137.",
        "We closed complaint %(tail)s as nobody disputed the answer. If the trouble goes on, "
        "complain anew or call the Ombudsman at 137.",
    ),
    (
        Both("Aduan %(tail)s sudah ditutup.", "Complaint %(tail)s is closed."),
        Both("Masih ada masalah? Buat aduan baru.", "Still trouble? Complain anew."),
        Both("Ombudsman: 137.", "Ombudsman: 137."),
        _STOP,
    ),
    title=_TITLE,
    answers=(_STOP,),
)

FORMS = (
    *(RECEIVED, IN_HAND, ANSWERED, ANSWERED_PROTECTED),
    *(DISPUTED, ESCALATED, FORWARDED, LAPSED),
)

EXAMPLES: Mapping[str, str] = {
    "tail": "3XPA",
    "due": "Rabu, 2 Desember 2026",
    "due_date": "Rab 2 Des",
    "confirm": "Rabu, 16 Desember 2026",
    "confirm_date": "Rab 16 Des",
    "answer": "Mesin antrean sudah diperbaiki dan kuota pagi ditambah.",
    "brief": "Mesin antrean sudah diperbaiki dan kuota pagi ditambah.",
    "level": "kantor wilayah",
    "agency": "Dinas Tenaga Kerja Kota Serang",
}
"""What the provider asks for when a template is registered: one example for each place."""
