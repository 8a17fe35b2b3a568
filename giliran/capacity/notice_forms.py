"""What officers are told of leave, loans and shifts, in both languages.

Nobody is named: others may see it on a lock screen. Who it is about, the page says.
"""

from __future__ import annotations

from collections.abc import Mapping

from giliran.messages.forms import Both, Form

_TITLE = Both("Kabar untuk petugas", "News for staff")
_OPEN = Both("Buka %(url)s", "Open %(url)s")

SICK = Form(
    "staf_sakit",
    Both(
        "Seorang petugas %(office)s sakit: %(days)s. %(effect)s. Buka %(url)s untuk melihat apa "
        "yang bisa dilakukan.",
        "An officer of %(office)s is ill: %(days)s. %(effect)s. Open %(url)s to see what can be "
        "done.",
    ),
    (
        Both(
            "%(place)s: seorang petugas sakit, %(brief)s.",
            "%(place)s: an officer is ill, %(brief)s.",
        ),
        Both("%(effect)s.", "%(effect)s."),
        _OPEN,
    ),
    title=_TITLE,
)
LEAVE_ASKED = Form(
    "staf_izin_diminta",
    Both(
        "Seorang petugas %(office)s meminta izin: %(days)s. %(effect)s. Buka %(url)s untuk "
        "memutuskan.",
        "An officer of %(office)s asks for leave: %(days)s. %(effect)s. Open %(url)s to decide.",
    ),
    (
        Both(
            "%(place)s: seorang petugas meminta izin, %(brief)s.",
            "%(place)s: an officer asks for leave, %(brief)s.",
        ),
        Both("%(effect)s.", "%(effect)s."),
        _OPEN,
    ),
    title=_TITLE,
)
LEAVE_APPROVED = Form(
    "staf_izin_disetujui",
    Both(
        "Izin Bapak/Ibu disetujui: %(days)s. Lihat %(url)s bila ada yang berubah.",
        "Your leave is approved: %(days)s. See %(url)s if anything changes.",
    ),
    (
        Both("Izin Bapak/Ibu disetujui: %(brief)s.", "Your leave is approved: %(brief)s."),
        _OPEN,
    ),
    title=_TITLE,
)
LEAVE_REFUSED = Form(
    "staf_izin_ditolak",
    Both(
        "Izin Bapak/Ibu ditolak: %(days)s. Alasannya ada di %(url)s dan bisa ditanyakan kepada "
        "kepala kantor.",
        "Your leave is refused: %(days)s. The reason stands at %(url)s and your head can explain "
        "it.",
    ),
    (
        Both("Izin Bapak/Ibu ditolak: %(brief)s.", "Your leave is refused: %(brief)s."),
        _OPEN,
    ),
    title=_TITLE,
)
LEAVE_SUGGESTED = Form(
    "staf_izin_tanggal_lain",
    Both(
        "Untuk izin Bapak/Ibu (%(days)s) kepala kantor mengusulkan mulai %(suggested)s. Jawab di "
        "%(url)s supaya diputuskan.",
        "For your leave (%(days)s) the head suggests beginning on %(suggested)s. Answer at "
        "%(url)s to have it decided.",
    ),
    (
        Both(
            "Izin %(brief)s: kepala kantor mengusulkan mulai %(suggested_brief)s.",
            "Leave %(brief)s: the head suggests from %(suggested_brief)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
LOAN_ASKED = Form(
    "staf_pinjam_diminta",
    Both(
        "Pinjaman diminta: %(to)s memerlukan seorang petugas %(office)s pada %(day)s. Jawab di "
        "%(url)s secepatnya.",
        "A loan is asked for: %(to)s needs an officer of %(office)s on %(day)s. Answer at %(url)s "
        "soon.",
    ),
    (
        Both(
            "%(to_place)s meminta pinjaman petugas %(place)s, %(date)s.",
            "%(to_place)s asks to borrow an officer of %(place)s, %(date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
LOAN_ACCEPTED = Form(
    "staf_pinjam_disetujui",
    Both(
        "Pinjaman disetujui: seorang petugas %(office)s bekerja di %(to)s pada %(day)s. Lihat di "
        "%(url)s siapa.",
        "The loan is agreed: an officer of %(office)s works at %(to)s on %(day)s. See at %(url)s "
        "who it is.",
    ),
    (
        Both(
            "%(place)s meminjamkan petugas ke %(to_place)s, %(date)s.",
            "%(place)s lends an officer to %(to_place)s, %(date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
LOAN_REFUSED = Form(
    "staf_pinjam_ditolak",
    Both(
        "Pinjaman ditolak: %(office)s tidak bisa meminjamkan petugas ke %(to)s pada %(day)s. Cari "
        "jalan lain di %(url)s bila masih kurang.",
        "The loan is refused: %(office)s can't lend an officer to %(to)s on %(day)s. Look for "
        "another way at %(url)s if you are still short.",
    ),
    (
        Both(
            "%(place)s tidak bisa meminjamkan petugas ke %(to_place)s, %(date)s.",
            "%(place)s can't lend an officer to %(to_place)s, %(date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
LOAN_ENDED = Form(
    "staf_pinjam_ditarik",
    Both(
        "Pinjaman petugas %(office)s ke %(to)s pada %(day)s ditarik. Lihat %(url)s untuk keadaan "
        "sekarang.",
        "The loan of an officer of %(office)s to %(to)s on %(day)s is withdrawn. See %(url)s for "
        "how it stands now.",
    ),
    (
        Both(
            "Pinjaman petugas %(place)s ke %(to_place)s, %(date)s, ditarik.",
            "The loan from %(place)s to %(to_place)s, %(date)s, is withdrawn.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
LOAN_KEPT = Form(
    "staf_pinjam_tetap",
    Both(
        "Izin yang membuat %(to)s meminjam petugas %(office)s pada %(day)s tidak jadi, tetapi "
        "pinjamannya tetap berlaku. Tarik di %(url)s bila tidak perlu lagi.",
        "The leave for which %(to)s borrows an officer of %(office)s on %(day)s isn't taken, but "
        "the loan stands. Withdraw it at %(url)s if it isn't needed any more.",
    ),
    (
        Both(
            "Pinjaman dari %(place)s, %(date)s, masih berlaku, izinnya tidak jadi.",
            "The loan from %(place)s, %(date)s, still stands; the leave isn't taken.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
OWN_LOAN = Form(
    "staf_dipinjam",
    Both(
        "Bapak/Ibu dipinjam ke %(to)s pada %(day)s, pukul %(hours)s. Jadwal lengkap ada di "
        "%(url)s setiap saat.",
        "You are lent to %(to)s on %(day)s, %(hours)s. Your whole roster is at %(url)s at any "
        "time.",
    ),
    (
        Both(
            "Bapak/Ibu dipinjam ke %(to_place)s, %(date)s %(hours)s.",
            "You are lent to %(to_place)s, %(date)s %(hours)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
OWN_LOAN_ENDED = Form(
    "staf_tidak_jadi_dipinjam",
    Both(
        "Bapak/Ibu tidak jadi dipinjam ke %(to)s pada %(day)s. Lihat jadwal hari itu di %(url)s "
        "sekarang.",
        "You aren't lent to %(to)s on %(day)s any more. See your roster of that day at %(url)s "
        "now.",
    ),
    (
        Both(
            "Bapak/Ibu tidak jadi dipinjam ke %(to_place)s, %(date)s.",
            "You aren't lent to %(to_place)s, %(date)s, any more.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
ROSTER = Form(
    "staf_jadwal_pekan",
    Both(
        "Jadwal dinas pekan mulai %(day)s sudah berlaku, dan dinas Bapak/Ibu ada yang berubah. "
        "Lihat di %(url)s hari apa saja.",
        "The roster of the week from %(day)s is in force, and some of your shifts have changed. "
        "See at %(url)s which.",
    ),
    (
        Both(
            "Jadwal pekan mulai %(date)s berlaku, dinas Bapak/Ibu ada yang berubah.",
            "The roster from %(date)s is in force; some of your shifts have changed.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
SHIFTS = Form(
    "staf_dinas_berubah",
    Both(
        "Dinas Bapak/Ibu berubah: %(shifts)s. Jadwal lengkap ada di %(url)s setiap saat.",
        "Your shifts have changed: %(shifts)s. Your whole roster is at %(url)s at any time.",
    ),
    (
        Both("Dinas Bapak/Ibu berubah: %(first)s.", "Your shifts have changed: %(first)s."),
        _OPEN,
    ),
    title=_TITLE,
)
FORMS = (
    *(SICK, LEAVE_ASKED, LEAVE_APPROVED, LEAVE_REFUSED, LEAVE_SUGGESTED),
    *(LOAN_ASKED, LOAN_ACCEPTED, LOAN_REFUSED, LOAN_ENDED, LOAN_KEPT, OWN_LOAN, OWN_LOAN_ENDED),
    *(ROSTER, SHIFTS),
)

UNTIL = Both("%(first)s sampai %(last)s", "%(first)s to %(last)s")
NO_ROSTER = Both("Jadwal hari itu belum ada", "There is no roster for it yet")
ENOUGH = Both("Petugas yang ada masih cukup", "The others are enough")
SHORT = Both(
    "Tanpa dia kurang sampai %(missing)s petugas",
    "Without them up to %(missing)s officers are missing",
)
TOUCHED = Both(
    "%(people)s orang yang sudah dijanjikan bisa terlambat",
    "%(people)s people with a promise may be late",
)
ON_DUTY = Both("%(date)s %(hours)s di %(place)s", "%(date)s %(hours)s at %(place)s")
OFF = Both("%(date)s libur", "%(date)s off")
MORE = Both("%(first)s dan %(n)s hari lain", "%(first)s and %(n)s other days")

EXAMPLES: Mapping[str, str] = {
    "office": "Kantor Cabang Serang",
    "place": "KC Serang",
    "to": "Kantor Cabang Cilegon",
    "to_place": "KC Cilegon",
    "days": "Rabu, 25 November 2026 sampai Jumat, 27 November 2026",
    "brief": "Rab 25 Nov sampai Jum 27 Nov",
    "day": "Rabu, 25 November 2026",
    "date": "Rab 25 Nov",
    "suggested": "Rabu, 2 Desember 2026",
    "suggested_brief": "Rab 2 Des",
    "effect": "Tanpa dia kurang sampai 2 petugas, 14 orang yang sudah dijanjikan bisa terlambat",
    "hours": "08.00-15.00 WIB",
    "shifts": "Rab 25 Nov 08.00-15.00 WIB di KC Serang, Kam 26 Nov libur",
    "first": "Rab 25 Nov 08.00-15.00 WIB di KC Serang dan 3 hari lain",
    "url": "https://giliran.example/kepala/serang/cuti/",
}
"""What the provider asks for when a template is registered: one example for each place."""
