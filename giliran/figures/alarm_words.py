"""What an alarm says: what is wrong, and what to do, each in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext, gettext_noop

from giliran.figures import alarms
from giliran.figures.watching import LIVE, PAGES
from giliran.messages import spoken

if TYPE_CHECKING:
    from giliran.figures.alarms import AlarmView

TITLES: Final[Mapping[str, str]] = {
    "early_crowd": gettext_noop("Orang menunggu sebelum kantor buka"),
    "quota_gone": gettext_noop("Tempat habis dalam beberapa menit"),
    "counter_empty": gettext_noop("Loket kosong saat orang menunggu"),
    "promise_broken": gettext_noop("Janji waktu meleset"),
    "deadline": gettext_noop("Batas waktu terancam"),
    "channel_down": gettext_noop("Saluran tidak jalan"),
    "screen_silent": gettext_noop("Layar kantor tidak tersambung"),
}
_CHANNELS = {"whatsapp": "WhatsApp", "sms": "SMS", "email": gettext_noop("surel")}


class Words(NamedTuple):
    """An alarm in words: its name, what is wrong, what to do, and both as briefly as SMS wants.

    ``brief`` has at most 105 letters, so that an office and a time stand before it in one SMS.
    """

    title: str
    sentence: str
    do: str
    brief: str


def words(alarm: AlarmView, *, office: Any = None) -> Words:
    """Put an alarm into words, in the language that is switched on.

    ``office`` is where it rings, None where it rings for a region or the centre.
    """
    return Words(gettext(TITLES[alarm.kind]), *_WORDS[alarm.kind](alarm, office))


Said = tuple[str, str, str]


def _early_crowd(alarm: AlarmView, office: Any) -> Said:
    opens = datetime.fromisoformat(alarm.data["opens"])
    told = {"people": alarm.data["people"], "opens": spoken.hour(opens, office)}
    sentence = (
        gettext(
            "%(people)s orang menunggu, dan ada yang datang sebelum pukul 06.00. Kantor buka pukul "
            "%(opens)s."
        )
        if alarm.data["before_six"]
        else gettext("%(people)s orang sudah menunggu. Kantor buka pukul %(opens)s.")
    )
    do = gettext("Buka ruang tunggu dan beri nomor sekarang, supaya mereka tahu jam panggilannya.")
    brief = gettext(
        "%(people)s orang menunggu sebelum buka. Buka ruang tunggu dan beri nomor sekarang."
    )
    return sentence % told, do, brief % told


def _quota_gone(alarm: AlarmView, office: Any) -> Said:
    data = alarm.data
    day = spoken.day(date.fromisoformat(data["day"]))
    told = {"places": data["places"], "minutes": data["minutes"], "day": day}
    sentence = (
        gettext("%(places)s nomor di pintu, %(day)s, habis dalam %(minutes)s menit.")
        if data["offer"] == "walk_in"
        else gettext("%(places)s tempat untuk %(day)s habis dalam %(minutes)s menit.")
    )
    do = gettext(
        "Lihat apakah tempat bisa ditambah atau petugas dipinjam, dan tawarkan hari lain kepada "
        "yang belum dapat."
    )
    brief = gettext(
        "%(places)s tempat habis dalam %(minutes)s menit. Tambah tempat, atau tawarkan hari lain."
    )
    return sentence % told, do, brief % told


def _counter_empty(alarm: AlarmView, office: Any) -> Said:
    data = alarm.data
    if alarm.about == "all":
        sentence = gettext("Tidak ada loket yang buka, padahal %(people)s orang menunggu.")
        do = gettext("Buka satu loket sekarang.")
        brief = gettext("Tidak ada loket buka, %(people)s orang menunggu. Buka satu sekarang.")
        return sentence % data, do, brief % data
    if alarm.about == "shift":
        sentence = gettext(
            "%(missing)s petugas yang dijadwalkan tidak ada di loket, padahal sudah ada yang "
            "menunggu %(minutes)s menit."
        )
        do = gettext("Minta mereka membuka loket, atau catat izinnya supaya janji dihitung ulang.")
        brief = gettext(
            "%(missing)s petugas terjadwal tidak di loket. Minta mereka membukanya, atau catat "
            "izinnya."
        )
        return sentence % data, do, brief % data
    sentence = gettext(
        "Loket %(label)s terbuka, tetapi sudah %(minutes)s menit tidak memanggil, padahal "
        "%(people)s orang menunggu."
    )
    do = gettext("Panggil orang berikutnya, atau tutup loket itu dan buka yang lain.")
    brief = gettext(
        "Loket %(label)s %(minutes)s menit tidak memanggil, %(people)s orang menunggu. Panggil, "
        "atau buka yang lain."
    )
    return sentence % data, do, brief % data


def _promise_broken(alarm: AlarmView, office: Any) -> Said:
    sentence = gettext(
        "Hari ini %(kept)s dari %(of)s orang dipanggil pada jam yang disebut saat datang; yang "
        "kita janjikan %(target)s dari 100."
    )
    do = gettext("Buka loket yang masih tutup, dan ikuti saran panggilan di layar loket.")
    brief = gettext(
        "Baru %(kept)s dari %(of)s dipanggil tepat janji. Buka loket lain, ikuti saran di layarnya."
    )
    return sentence % alarm.data, do, brief % alarm.data


def _deadline(alarm: AlarmView, office: Any) -> Said:
    if alarm.about == "claims":
        sentence = gettext(
            "%(late)s klaim lewat batas waktunya; %(near)s lagi habis waktunya paling lambat hari "
            "kerja berikutnya."
        )
        do = gettext("Kerjakan yang paling atas dulu di daftar klaim.")
        brief = gettext(
            "%(late)s klaim lewat batas waktu, %(near)s hampir. Kerjakan yang teratas di daftarnya."
        )
    else:
        sentence = gettext(
            "%(late)s pengaduan belum dijawab dan lewat batas waktunya; %(near)s lagi habis "
            "waktunya paling lambat hari kerja berikutnya."
        )
        do = gettext("Jawab yang paling atas dulu di daftar pengaduan.")
        brief = gettext(
            "%(late)s pengaduan lewat batas waktu, %(near)s hampir. Jawab yang teratas di "
            "daftarnya."
        )
    return sentence % alarm.data, do, brief % alarm.data


def _channel_down(alarm: AlarmView, office: Any) -> Said:
    if alarm.about == LIVE:
        told = {"since": _since(alarm, alarms.Centre())}
        sentence = gettext(
            "Siaran langsung ke papan dan ponsel putus sejak %(since)s. Angkanya masih diperbarui "
            "tiap 20 detik, tetapi papan tidak menyebut panggilan."
        )
        do = gettext("Jalankan lagi proses siaran, dan periksa sambungannya ke basis data.")
        brief = gettext("Siaran ke papan putus sejak %(since)s. Jalankan lagi proses siaran.")
        return sentence % told, do, brief % told
    if alarm.about == PAGES:
        told = {"since": _since(alarm, alarms.Centre())}
        sentence = gettext(
            "Tidak ada kios atau papan yang tersambung, di kantor mana pun, sejak %(since)s."
        )
        do = gettext(
            "Periksa server halaman dan jaringannya. Sementara itu kantor memberi nomor di meja."
        )
        brief = gettext("Semua kios dan papan putus sejak %(since)s. Periksa server halaman.")
        return sentence % told, do, brief % told
    return _messages_down(alarm)


def _messages_down(alarm: AlarmView) -> Said:
    name = _CHANNELS.get(alarm.about, alarm.about)
    told: Mapping[str, Any] = {"channel": gettext(name), **alarm.data}
    sentence = gettext("Pesan lewat %(channel)s tidak sampai: %(failed)s percobaan terakhir gagal.")
    do = gettext("Hubungi penyedianya. Sementara itu pesan dicoba lewat saluran lain.")
    brief = gettext("Pesan %(channel)s tidak sampai, %(failed)s gagal. Hubungi penyedianya.")
    return sentence % told, do, brief % told


def _screen_silent(alarm: AlarmView, office: Any) -> Said:
    told = {"label": alarm.data["label"], "since": _since(alarm, office)}
    if alarm.about.startswith("kiosk:"):
        sentence = gettext("Kios “%(label)s” tidak tersambung sejak %(since)s.")
        do = gettext("Periksa listrik dan jaringannya. Sementara itu beri nomor di meja.")
        brief = gettext(
            "Kios %(label)s putus sejak %(since)s. Cek listrik, jaringan; beri nomor di meja."
        )
    else:
        sentence = gettext("Papan antrean “%(label)s” tidak tersambung sejak %(since)s.")
        do = gettext(
            "Periksa listrik dan jaringannya. Sementara itu sebut nomor yang dipanggil dengan "
            "suara."
        )
        brief = gettext(
            "Papan %(label)s putus sejak %(since)s. Cek listrik, jaringan; panggil lisan."
        )
    return sentence % told, do, brief % told


def _since(alarm: AlarmView, where: Any) -> str:
    """Return 09.30 WIB, with its day where that isn't the alarm's own."""
    since = datetime.fromisoformat(alarm.data["since"])
    said, day = spoken.clock(since, where), spoken.local_day(since, where)
    same = day == spoken.local_day(alarm.raised_at, where)
    return said if same else f"{spoken.brief_day(day)} {said}"


_WORDS: Final[Mapping[str, Callable[[AlarmView, Any], Said]]] = {
    "early_crowd": _early_crowd,
    "quota_gone": _quota_gone,
    "counter_empty": _counter_empty,
    "promise_broken": _promise_broken,
    "deadline": _deadline,
    "channel_down": _channel_down,
    "screen_silent": _screen_silent,
}
