"""The sentences of all messages, in both languages, as WhatsApp's operators register them.

What is registered with a provider may not change with a translator's next edit, so both languages
stand here side by side. None holds a name, a NIK or the service: others may read over the shoulder.
"""

from __future__ import annotations

from collections.abc import Mapping

from giliran.messages.forms import PLACE, Both, Form

__all__ = ["CHOICES", "EXAMPLES", "FORMS", "PLACE", "Both", "Form"]

CHOICES: dict[str, Both] = {
    "ya": Both("Ya, saya datang", "Yes, I'm coming"),
    "batal": Both("Tidak bisa datang", "I can't come"),
    "pindah": Both("Pilih jam lain", "Choose another time"),
}
_REMINDER = Both("Pengingat giliran", "Reminder of your turn")
_KTP = Both("Bawa KTP asli.", "Bring your KTP.")
_CANCEL = Both("Tidak jadi? Balas BATAL.", "Can't come? Reply BATAL.")
_YES_NO = Both("Balas YA atau BATAL.", "Reply YA (yes) or BATAL (cancel).")
_COME = Both("Datang pukul %(come)s.", "Come at %(come)s.")
_STOP = Both("Berhenti dikabari: STOP.", "No more messages: STOP.")
_FREE = Both("Giliran baru gratis.", "A new turn is free.")
_HELP = Both("Tanya: 175.", "Help: 175.")

BOOKED = Form(
    "giliran_tercatat",
    Both(
        "Giliran %(tail)s tercatat: %(day)s pukul %(window)s di %(office)s. Bawa %(papers)s. "
        "Daftar lengkapnya ada di halaman giliran.",
        "Turn %(tail)s is noted: %(day)s, %(window)s, at %(office)s. Bring %(papers)s. "
        "The full list is on the page of your turn.",
    ),
    (
        Both(
            "Giliran %(tail)s: %(date)s %(window)s, %(place)s.",
            "Turn %(tail)s: %(date)s %(window)s, %(place)s.",
        ),
        _KTP,
        _CANCEL,
        _STOP,
    ),
    answers=(_CANCEL, _STOP),
)
RECEIVED = Form(
    "permohonan_tercatat",
    Both(
        "Permohonan %(tail)s ikut undian %(day)s pukul %(time)s. Hasilnya dikabarkan ke sini.",
        "Application %(tail)s is in the draw on %(day)s at %(time)s. We'll tell you the result "
        "here.",
    ),
    (
        Both(
            "Permohonan %(tail)s ikut undian %(date)s %(time)s.",
            "Application %(tail)s is in the draw on %(date)s %(time)s.",
        ),
        Both("Hasilnya dikabarkan ke sini.", "We'll tell you the result here."),
        _STOP,
    ),
    answers=(_STOP,),
)
RECEIVED_LATEST = Form(
    "permohonan_tercatat_batas",
    Both(
        "Permohonan %(tail)s ikut undian %(day)s pukul %(time)s. Dengan permintaan seperti "
        "sekarang, Bapak/Ibu dilayani paling lambat %(latest)s.",
        "Application %(tail)s is in the draw on %(day)s at %(time)s. As demand is now, you'll be "
        "served on %(latest)s at the latest.",
    ),
    (
        Both(
            "Permohonan %(tail)s ikut undian %(date)s %(time)s.",
            "Application %(tail)s is in the draw on %(date)s %(time)s.",
        ),
        Both(
            "Menurut keadaan kini, dilayani paling lambat %(latest_date)s.",
            "As things are now, you're served by %(latest_date)s.",
        ),
        _STOP,
    ),
    answers=(_STOP,),
)
WON = Form(
    "dapat_giliran",
    Both(
        "Permohonan %(asked)s mendapat giliran: %(day)s pukul %(window)s di %(office)s. Bawa "
        "%(papers)s. Kode giliran berakhir %(tail)s, ada di halaman permohonan.",
        "Application %(asked)s has won a turn: %(day)s, %(window)s, at %(office)s. Bring "
        "%(papers)s. Its code ends in %(tail)s and is on the page of your application.",
    ),
    (
        Both(
            "Permohonan %(asked)s dapat giliran: %(date)s %(window)s, %(place)s.",
            "Application %(asked)s has won a turn: %(date)s %(window)s, %(place)s.",
        ),
        _KTP,
        _CANCEL,
    ),
    ("batal",),
    answers=(_CANCEL,),
)
PLACED = Form(
    "tempat_kosong",
    Both(
        "Ada tempat kosong, dan menjadi milik permohonan %(asked)s: %(day)s pukul %(window)s di "
        "%(office)s. Bawa %(papers)s. Kode giliran berakhir %(tail)s. Bisa datang?",
        "A place got free and belongs to application %(asked)s: %(day)s, %(window)s, at "
        "%(office)s. Bring %(papers)s. Its code ends in %(tail)s. Can you come?",
    ),
    (
        Both(
            "Ada tempat kosong untuk permohonan %(asked)s: %(date)s %(window)s, %(place)s.",
            "A place got free for application %(asked)s: %(date)s %(window)s, %(place)s.",
        ),
        _YES_NO,
        _KTP,
    ),
    ("ya", "batal"),
    answers=(_YES_NO,),
)
LOST = Form(
    "belum_dapat",
    Both(
        "Permohonan %(tail)s belum mendapat giliran dan ikut lagi undian %(day)s. Bapak/Ibu tidak "
        "perlu mengajukan lagi.",
        "Application %(tail)s hasn't won a turn yet and is in the draw again on %(day)s. You "
        "needn't apply again.",
    ),
    (
        Both(
            "Permohonan %(tail)s belum dapat giliran, ikut lagi undian %(date)s.",
            "Application %(tail)s hasn't won a turn yet and is drawn again on %(date)s.",
        ),
        Both("Tidak perlu mengajukan lagi.", "You needn't apply again."),
    ),
)
LOST_LATEST = Form(
    "belum_dapat_batas",
    Both(
        "Permohonan %(tail)s belum mendapat giliran dan ikut lagi undian %(day)s. Dengan "
        "permintaan seperti sekarang, Bapak/Ibu dilayani paling lambat %(latest)s. Tidak perlu "
        "mengajukan lagi.",
        "Application %(tail)s hasn't won a turn yet and is in the draw again on %(day)s. As demand "
        "is now, you'll be served on %(latest)s at the latest. You needn't apply again.",
    ),
    (
        Both(
            "Permohonan %(tail)s belum dapat giliran, ikut lagi undian %(date)s.",
            "Application %(tail)s hasn't won a turn yet and is drawn again on %(date)s.",
        ),
        Both(
            "Menurut keadaan kini, dilayani paling lambat %(latest_date)s.",
            "As things are now, you're served by %(latest_date)s.",
        ),
    ),
)
MOVED = Form(
    "giliran_pindah",
    Both(
        "Giliran %(tail)s pindah ke %(day)s pukul %(window)s di %(office)s. Waktu yang lama tidak "
        "berlaku lagi.",
        "Turn %(tail)s has moved to %(day)s, %(window)s, at %(office)s. The old time no longer "
        "holds.",
    ),
    (
        Both(
            "Giliran %(tail)s pindah: %(date)s %(window)s, %(place)s.",
            "Turn %(tail)s has moved: %(date)s %(window)s, %(place)s.",
        ),
        Both("Waktu lama tidak berlaku.", "The old time no longer holds."),
        _CANCEL,
    ),
    ("batal",),
    answers=(_CANCEL,),
)
_MOVE = Both("Pilih sendiri: balas PINDAH.", "Choose yourself: reply PINDAH.")
OTHER_WINDOW = Form(
    "giliran_tawaran",
    Both(
        "Petugas kami kurang pada jam giliran %(tail)s. Bersediakah pindah ke %(new_day)s pukul "
        "%(new_window)s di %(office)s? Jawab di halaman giliran. Tanpa jawaban, jam yang lama "
        "tetap milik Bapak/Ibu.",
        "We are short of officers at the time of turn %(tail)s. Would you move to %(new_day)s, "
        "%(new_window)s, at %(office)s? Answer on the page of your turn. Without an answer the old "
        "time stays yours.",
    ),
    (
        Both(
            "Giliran %(tail)s: bersedia pindah ke %(new_date)s %(new_window)s?",
            "Turn %(tail)s: would you move to %(new_date)s %(new_window)s?",
        ),
        Both("Tanpa jawaban, jam lama tetap.", "No answer: the old time stays."),
        _MOVE,
    ),
    ("pindah",),
    answers=(_MOVE,),
)
CANCELLED = Form(
    "giliran_batal",
    Both(
        "Giliran %(tail)s sudah dibatalkan. Jika bukan Bapak/Ibu yang meminta, hubungi 175. "
        "Giliran baru selalu gratis.",
        "Turn %(tail)s has been cancelled. If you didn't ask for that, call 175. A new turn is "
        "always free.",
    ),
    (
        Both("Giliran %(tail)s sudah dibatalkan.", "Turn %(tail)s has been cancelled."),
        Both("Bukan Bapak/Ibu yang meminta? Hubungi 175.", "Wasn't it you? Call 175."),
        _FREE,
    ),
)
GIVEN_BACK = Form(
    "giliran_kembali",
    Both(
        "Giliran %(tail)s sudah dikembalikan, dan permohonan %(asked)s tetap ikut undian. Jika "
        "bukan Bapak/Ibu yang meminta, hubungi 175.",
        "Turn %(tail)s has been given back, and application %(asked)s stays in the draws. If you "
        "didn't ask for that, call 175.",
    ),
    (
        Both(
            "Giliran %(tail)s sudah dikembalikan. Permohonan %(asked)s tetap ikut undian.",
            "Turn %(tail)s is given back. Application %(asked)s stays in the draws.",
        ),
        Both("Bukan Bapak/Ibu yang meminta? Hubungi 175.", "Wasn't it you? Call 175."),
    ),
)
CLOSED = Form(
    "belum_terlayani",
    Both(
        "Mohon maaf, giliran %(tail)s belum terlayani: %(office)s sudah menutup layanan hari ini. "
        "Silakan ambil giliran baru, gratis, atau hubungi 175.",
        "We are sorry: turn %(tail)s wasn't served, and %(office)s has ended its service today. "
        "Please take a new turn, free of charge, or call 175.",
    ),
    (
        Both(
            "Mohon maaf, giliran %(tail)s belum terlayani: %(place)s sudah tutup hari ini.",
            "We are sorry: turn %(tail)s wasn't served, %(place)s has closed for today.",
        ),
        _FREE,
        _HELP,
    ),
)
TOMORROW = Form(
    "giliran_besok",
    Both(
        "Besok, %(day)s pukul %(window)s, giliran %(tail)s di %(office)s. Datanglah pukul "
        "%(come)s. Bawa %(papers)s. Daftar lengkapnya ada di halaman giliran. Jadi datang?",
        "Tomorrow, %(day)s, %(window)s: turn %(tail)s at %(office)s. Please come at %(come)s. "
        "Bring %(papers)s. The full list is on the page of your turn. Are you coming?",
    ),
    (
        Both(
            "Besok %(date)s %(window)s giliran %(tail)s di %(place)s.",
            "Tomorrow %(date)s %(window)s: turn %(tail)s at %(place)s.",
        ),
        _COME,
        _YES_NO,
        _KTP,
    ),
    ("ya", "batal"),
    _REMINDER,
    answers=(_YES_NO,),
)
TODAY = Form(
    "giliran_hari_ini",
    Both(
        "Hari ini pukul %(window)s giliran %(tail)s di %(office)s. Datanglah pukul %(come)s. Bawa "
        "%(papers)s. Jadi datang?",
        "Today, %(window)s: turn %(tail)s at %(office)s. Please come at %(come)s. Bring "
        "%(papers)s. Are you coming?",
    ),
    (
        Both(
            "Hari ini %(window)s giliran %(tail)s di %(place)s.",
            "Today %(window)s: turn %(tail)s at %(place)s.",
        ),
        _COME,
        _YES_NO,
        _KTP,
    ),
    ("ya", "batal"),
    _REMINDER,
    answers=(_YES_NO,),
)
COME_EARLIER = Form(
    "datang_lebih_awal",
    Both(
        "Giliran %(tail)s maju %(minutes)s menit: datanglah pukul %(time)s ke %(office)s. Tidak "
        "sempat? Datang pada jam semula tetap boleh.",
        "Turn %(tail)s is %(minutes)s minutes earlier: please come at %(time)s to %(office)s. If "
        "you can't make it, the time you were given still holds.",
    ),
    (
        Both(
            "Giliran %(tail)s maju %(minutes)s menit: datang pukul %(time)s, %(place)s.",
            "Turn %(tail)s is %(minutes)s min earlier: come at %(time)s, %(place)s.",
        ),
        Both("Jam semula tetap berlaku.", "Your old time still holds."),
    ),
    title=_REMINDER,
)
COME_LATER = Form(
    "datang_lebih_lambat",
    Both(
        "Giliran %(tail)s mundur %(minutes)s menit: cukup datang pukul %(time)s ke %(office)s. "
        "Tempat Bapak/Ibu tetap aman.",
        "Turn %(tail)s is %(minutes)s minutes later: coming at %(time)s to %(office)s is early "
        "enough. Your place is safe.",
    ),
    (
        Both(
            "Giliran %(tail)s mundur %(minutes)s menit: cukup datang pukul %(time)s, %(place)s.",
            "Turn %(tail)s is %(minutes)s min later: come at %(time)s, %(place)s.",
        ),
        Both("Tempat tetap aman.", "Your place is safe."),
    ),
    title=_REMINDER,
)
EARLIER = Form(
    "panggilan_maju",
    Both(
        "Giliran %(tail)s maju %(minutes)s menit: diperkirakan dipanggil pukul %(span)s di "
        "%(office)s. Kami kabari lagi bila berubah.",
        "Turn %(tail)s is %(minutes)s minutes earlier: you'll probably be called between %(span)s "
        "at %(office)s. We'll tell you if that changes.",
    ),
    (
        Both(
            "Giliran %(tail)s maju %(minutes)s menit: dipanggil kira-kira %(span)s, %(place)s.",
            "Turn %(tail)s is %(minutes)s min earlier: called about %(span)s, %(place)s.",
        ),
    ),
    title=_REMINDER,
)
LATER = Form(
    "panggilan_mundur",
    Both(
        "Giliran %(tail)s mundur %(minutes)s menit: diperkirakan dipanggil pukul %(span)s di "
        "%(office)s. Kami kabari lagi bila berubah.",
        "Turn %(tail)s is %(minutes)s minutes later: you'll probably be called between %(span)s "
        "at %(office)s. We'll tell you if that changes.",
    ),
    (
        Both(
            "Giliran %(tail)s mundur %(minutes)s menit: dipanggil kira-kira %(span)s, %(place)s.",
            "Turn %(tail)s is %(minutes)s min later: called about %(span)s, %(place)s.",
        ),
    ),
    title=_REMINDER,
)
EXPECTED = Form(
    "perkiraan_panggilan",
    Both(
        "Giliran %(tail)s diperkirakan dipanggil pukul %(span)s di %(office)s. Kami kabari bila "
        "berubah.",
        "Turn %(tail)s will probably be called between %(span)s at %(office)s. We'll tell you if "
        "that changes.",
    ),
    (
        Both(
            "Giliran %(tail)s dipanggil kira-kira %(span)s, %(place)s.",
            "Turn %(tail)s: called about %(span)s, %(place)s.",
        ),
        Both("Kami kabari bila berubah.", "We'll tell you if that changes."),
    ),
    title=_REMINDER,
)
LEAVE = Form(
    "saatnya_berangkat",
    Both(
        "Untuk giliran %(tail)s, berangkatlah pukul %(time)s ke %(office)s. Bawa KTP asli.",
        "For turn %(tail)s, please leave at %(time)s for %(office)s. Bring your KTP.",
    ),
    (
        Both(
            "Giliran %(tail)s: berangkat pukul %(time)s ke %(place)s.",
            "Turn %(tail)s: leave at %(time)s for %(place)s.",
        ),
        _KTP,
    ),
    title=_REMINDER,
)
SOON = Form(
    "segera_dipanggil",
    Both(
        "Nomor %(number)s: %(ahead)s orang lagi. Silakan kembali ke ruang tunggu %(office)s "
        "sekarang.",
        "Number %(number)s: %(ahead)s more to go. Please come back in at %(office)s now.",
    ),
    (
        Both(
            "Nomor %(number)s: %(ahead)s orang lagi. Silakan masuk ke ruang tunggu, %(place)s.",
            "Number %(number)s: %(ahead)s more to go. Please come back in, %(place)s.",
        ),
    ),
    title=_REMINDER,
)
NEXT = Form(
    "giliran_berikutnya",
    Both(
        "Nomor %(number)s adalah giliran berikutnya. Silakan kembali ke ruang tunggu %(office)s "
        "sekarang.",
        "Number %(number)s is next. Please come back in at %(office)s now.",
    ),
    (
        Both(
            "Nomor %(number)s giliran berikutnya. Silakan masuk ke ruang tunggu, %(place)s.",
            "Number %(number)s is next. Please come back in, %(place)s.",
        ),
    ),
    title=_REMINDER,
)
CALLED = Form(
    "nomor_dipanggil",
    Both(
        "Nomor %(number)s, silakan ke loket %(counter)s sekarang.",
        "Number %(number)s, please go to counter %(counter)s now.",
    ),
    (
        Both(
            "Nomor %(number)s, silakan ke loket %(counter)s sekarang.",
            "Number %(number)s, please go to counter %(counter)s now.",
        ),
    ),
)

FORMS = (
    *(BOOKED, RECEIVED, RECEIVED_LATEST, WON, PLACED, LOST, LOST_LATEST),
    *(MOVED, OTHER_WINDOW, CANCELLED, GIVEN_BACK, CLOSED, TOMORROW, TODAY),
    *(COME_EARLIER, COME_LATER, EARLIER, LATER, EXPECTED, LEAVE, SOON, NEXT, CALLED),
)

EXAMPLES: Mapping[str, str] = {
    "tail": "3XPA",
    "asked": "9KQM",
    "day": "Rabu, 25 November 2026",
    "date": "Rab 25 Nov",
    "latest": "Senin, 14 Desember 2026",
    "latest_date": "Sen 14 Des",
    "window": "09.30-10.00 WIB",
    "new_day": "Kamis, 26 November 2026",
    "new_date": "Kam 26 Nov",
    "new_window": "10.00-10.30 WIB",
    "span": "09.40-10.05 WIB",
    "time": "09.20 WIB",
    "come": "09.40 WIB",
    "office": "Kantor Cabang Serang",
    "place": "KC Serang",
    "papers": "KTP asli, kartu peserta (fisik atau digital) atau nomor KPJ",
    "minutes": "20",
    "number": "A014",
    "counter": "3",
    "ahead": "3",
}
"""What the provider asks for when a template is registered: one example for each place."""
