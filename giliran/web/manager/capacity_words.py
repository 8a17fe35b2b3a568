"""A capacity check in words: one sentence first, then each remedy and what was assumed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_noop, ngettext

from giliran.figures.capacity_answer import Answer, RemedyFound
from giliran.lab.month import (
    BOOKED_MINUTES,
    FEWER_NO_SHOWS,
    PLAYS,
    PRECHECKED,
    TO_BOOTH,
    WALK_IN_MINUTES,
    Interval,
)

ENOUGH: Final = 0.05
"""Officers full-time: less is nobody."""
_TEN: Final = 10
NAMES: Final = {
    "prechecked": gettext_noop("Periksa berkas sebelum orangnya datang"),
    "booths": gettext_noop("Ajak ke gerai MPP terdekat"),
    "reminders": gettext_noop("Ingatkan pemegang janji"),
    "hours": gettext_noop("Buka satu jam lebih lama"),
    "loans": gettext_noop("Pinjam petugas kantor tetangga"),
    "hiring": gettext_noop("Tambah petugas"),
}
WHY_NOT: Final = {
    "prechecked": gettext_noop("Sudah dilakukan: 8 dari 10 berkas atau lebih diperiksa dulu."),
    "booths": gettext_noop(
        "Tidak ada gerai MPP dalam 45 menit perjalanan yang buka pada bulan ini dan tercatat."
    ),
    "reminders": gettext_noop("Tidak ada pemegang janji yang tidak datang."),
    "hours": gettext_noop("Jam kerja seminggu sudah 40 jam."),
    "loans": gettext_noop(
        "Tidak ada kantor tetangga yang tercatat dan bisa melepas petugas tanpa antreannya "
        "bertambah, atau semua loket di sini sudah terisi."
    ),
    "hiring": gettext_noop("Semua loket sudah terisi: butuh loket lagi, bukan hanya petugas."),
}


class RemedyRow(NamedTuple):
    """One remedy as its table and its bar tell it."""

    kind: str
    name: str
    note: str
    more: Interval
    shown: str
    possible: bool
    is_sure: bool
    """Whether its interval leaves out zero."""


def number(value: float, digits: int = 0) -> str:
    """Write a number as it is written here; ``number_format`` alone cuts digits off."""
    rounded = round(value, digits) + 0.0
    written = str(number_format(abs(rounded), digits, use_l10n=True, force_grouping=True))
    return f"−{written}" if rounded < 0 else written


def between(one: Interval, digits: int = 0) -> str:
    """Write the ends of an interval."""
    return gettext("%(low)s sampai %(high)s") % {
        "low": number(one.low, digits),
        "high": number(one.high, digits),
    }


def month_name(month: date) -> str:
    return str(date_format(month, "F Y"))


def finding(answer: Answer | None, where: str, month: date, *, is_over: bool) -> str:
    """Return the one sentence that stands first."""
    told = {"month": month_name(month), "where": where}
    if answer is None:
        if is_over:
            return (
                gettext(
                    "%(where)s tidak punya catatan untuk %(month)s: tidak seorang pun tercatat "
                    "datang, jadi kapasitasnya tidak bisa diperiksa."
                )
                % told
            )
        return gettext("%(where)s tidak buka pada %(month)s, jadi tidak ada yang diperiksa.") % told
    told |= {
        "officers": number(answer.lacking.mean, 1),
        "between": between(answer.lacking, 1),
        "high": number(answer.lacking.high, 1),
        "people": number(answer.expected.mean),
        "late": number(answer.not_in_time.mean),
        "percent": number(_percent(answer.not_in_time.mean, answer.expected.mean)),
    }
    return _sentence(answer, is_over=is_over) % told


def _sentence(answer: Answer, *, is_over: bool) -> str:
    if answer.lacking.mean >= ENOUGH:
        if is_over:
            return gettext(
                "Pada %(month)s, %(where)s kekurangan setara %(officers)s petugas penuh waktu "
                "(%(between)s): dari sekitar %(people)s orang yang datang atau meminta, sekitar "
                "%(late)s (%(percent)s%%) tidak terlayani tepat waktu."
            )
        return gettext(
            "Pada %(month)s, %(where)s diperkirakan kekurangan setara %(officers)s petugas penuh "
            "waktu (%(between)s): dari sekitar %(people)s orang, sekitar %(late)s (%(percent)s%%) "
            "tidak akan terlayani tepat waktu."
        )
    if answer.lacking.high >= ENOUGH:
        return gettext(
            "Pada %(month)s, petugas %(where)s kemungkinan besar cukup; paling buruk kurang setara "
            "%(high)s petugas. Dari sekitar %(people)s orang, sekitar %(late)s (%(percent)s%%) "
            "tidak terlayani tepat waktu."
        )
    return gettext(
        "Pada %(month)s, petugas %(where)s cukup: dari sekitar %(people)s orang, sekitar %(late)s "
        "(%(percent)s%%) tidak terlayani tepat waktu."
    )


def best(rows: list[RemedyRow]) -> str:
    """Return the sentence about what helps most without money; empty where nothing does."""
    first = rows[0] if rows else None
    if first is None or not (first.possible and first.is_sure) or first.kind == "hiring":
        return ""
    return gettext(
        "Yang paling membantu tanpa biaya: %(name)s, sekitar %(n)s orang lagi terlayani tepat "
        "waktu."
    ) % {"name": first.name[0].lower() + first.name[1:], "n": number(first.more.mean)}


def rows_of(answer: Answer) -> list[RemedyRow]:
    """Return the remedies in the order of their effect, hiring last."""
    return [
        RemedyRow(
            one.kind,
            gettext(NAMES[one.kind]),
            _note(one) if one.possible else gettext(WHY_NOT[one.kind]),
            one.more,
            _more(one.more) if one.possible else "–",
            one.possible,
            one.more.low > 0 or one.more.high < 0,
        )
        for one in answer.remedies
    ]


def _more(one: Interval) -> str:
    return gettext("%(n)s orang (%(between)s)") % {
        "n": f"+{number(one.mean)}" if round(one.mean) > 0 else number(one.mean),
        "between": between(one),
    }


def _note(one: RemedyFound) -> str:
    if one.kind == "prechecked":
        return gettext("%(n)s dari 10 berkas diperiksa sebelum orangnya datang.") % {
            "n": number(_TEN * PRECHECKED)
        }
    if one.kind == "booths":
        return gettext("%(n)s dari 10 orang tanpa janji dilayani gerai MPP terdekat.") % {
            "n": number(_TEN * TO_BOOTH)
        }
    if one.kind == "reminders":
        return gettext(
            "%(n)s dari 100 pemegang janji yang biasanya tidak datang menjadi datang, atau melepas "
            "tempatnya untuk orang lain."
        ) % {"n": number(100 * FEWER_NO_SHOWS)}
    if one.kind == "hours":
        return gettext("Setelah jam tutup, untuk orang yang hari itu belum mendapat tempat.")
    if one.kind == "loans":
        return ngettext(
            "%(n)s hari petugas dalam sebulan; yang meminjamkan ikut dihitung.",
            "%(n)s hari petugas dalam sebulan; yang meminjamkan ikut dihitung.",
            one.amount,
        ) % {"n": one.amount}
    return ngettext(
        "%(n)s petugas di loket yang sekarang kosong. Ini butuh biaya, jadi terakhir.",
        "%(n)s petugas di loket yang sekarang kosong. Ini butuh biaya, jadi terakhir.",
        one.amount,
    ) % {"n": one.amount}


def assumed(answer: Answer) -> list[str]:
    """Say what was assumed and where it comes from, the weakest point first."""
    return [one for one in (*_data(answer), *_model()) if one]


def _data(answer: Answer) -> list[str]:
    told: dict[str, Any] = {
        "days": number(answer.days_counted),
        "services": number(answer.services_counted),
        "first": date_format(date.fromisoformat(answer.counted_from), "j F Y"),
        "until": date_format(date.fromisoformat(answer.counted_until), "j F Y"),
        "prior": number(100 * answer.usual),
        "unseen": number(answer.days_over - answer.days_seen),
        "over": number(answer.days_over),
        "rostered": number(answer.days_rostered),
        "coming": number(answer.days_open - answer.days_over),
        "unknown": number(answer.days_unknown),
        "left_out": number(answer.left_out),
    }
    if answer.days_counted:
        work = gettext(
            "Jam kedatangan dan lama layanan ditaksir dari %(days)s hari kantor dan %(services)s "
            "layanan, %(first)s sampai %(until)s. Sekitar %(prior)s%% dari taksiran kedatangan "
            "masih angka lazim, bukan catatan."
        )
    else:
        work = gettext(
            "Belum ada hari yang tercatat. Semua angka kedatangan dan lama layanan adalah angka "
            "lazim, bukan catatan kantor: pakai hasil ini hanya sebagai perkiraan kasar."
        )
    found = [work]
    if answer.left_out and answer.days_counted:
        found.append(
            gettext("%(left_out)s kantor tanpa catatan tidak masuk dalam jumlah dan pinjaman.")
        )
    if answer.days_over > answer.days_seen:
        found.append(
            gettext(
                "%(unseen)s dari %(over)s hari buka yang sudah lewat tidak punya catatan dan tidak "
                "dihitung."
            )
        )
    if answer.days_seen:
        found.append(
            gettext("Hari yang sudah lewat: petugas dihitung dari loket yang benar-benar dibuka.")
        )
    if answer.days_open > answer.days_over:
        found.append(
            gettext(
                "Hari yang akan datang: %(rostered)s dari %(coming)s hari kantor sudah punya "
                "jadwal petugas. Untuk hari lain, semua loket dianggap terisi."
            )
        )
    if answer.days_unknown:
        found.append(
            gettext("%(unknown)s hari tidak dihitung karena hari liburnya belum ditetapkan.")
        )
    return [one % told for one in found]


def _model() -> list[str]:
    told = {
        "booked": BOOKED_MINUTES,
        "walk_in": WALK_IN_MINUTES,
        "plays": PLAYS,
        "percent": number(100 * FEWER_NO_SHOWS),
    }
    found = [
        gettext(
            "Tepat waktu: pemegang janji dipanggil paling lambat %(booked)s menit sejak jamnya, "
            "orang lain paling lambat %(walk_in)s menit sejak datang. Yang tidak bisa dipanggil "
            "dalam %(walk_in)s menit dianggap tidak diterima."
        ),
        gettext(
            "Petugas penuh waktu: duduk di loket pada semua jam buka. Kebutuhannya dihitung per "
            "setengah jam dengan rumus Erlang, supaya 9 dari 10 orang tepat waktu."
        ),
        gettext(
            "Bulan ini dimainkan %(plays)s kali di komputer, tiap kali dengan kedatangan dan lama "
            "layanan lain yang masih cocok dengan catatan. Semua cara memakai orang yang sama."
        ),
        gettext(
            "Kisaran memuat 9 dari 10 permainan: karena angkanya hanya ditaksir dan karena "
            "kebetulan dari hari ke hari. Kisaran tidak memuat bulan yang luar biasa, dan tidak "
            "memuat anggapan di bawah ini."
        ),
        gettext(
            "Kebutuhan di sini memasukkan juga orang yang ditolak di pintu dan yang belum mendapat "
            "undian. Layar jadwal petugas hanya menghitung orang yang masuk, jadi bisa terlihat "
            "cukup di sana dan kurang di sini."
        ),
        gettext(
            "Orang yang ditolak di pintu bisa datang dua kali dan terhitung dua kali. Orang yang "
            "belum mendapat tempat dalam undian dihitung sekali, di kantor pilihan pertamanya."
        ),
        gettext(
            "Bagian berkas yang bisa diperiksa dulu dan bagian orang yang mau ke gerai adalah "
            "anggapan kami, belum diukur."
        ),
        gettext(
            "Pengingat otomatis: %(percent)s%% lebih sedikit janji yang tidak ditepati, rata-rata "
            "tertimbang dalam tinjauan 29 penelitian di rumah sakit (Hasvold dan Wootton, Journal "
            "of Telemedicine and Telecare 17, 2011). Kantor yang sudah mengingatkan mendapat "
            "lebih sedikit."
        ),
        gettext(
            "Buka lebih lama hanya dihitung bila jam kerja seminggu tetap paling banyak 40 jam "
            "(UU 13/2003 Pasal 77 jo. UU 6/2023)."
        ),
    ]
    return [one % told for one in found]


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0
