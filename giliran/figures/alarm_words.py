"""What an alarm says: what is wrong, and what to do, each in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext, gettext_noop

from giliran.messages import spoken

if TYPE_CHECKING:
    from giliran.figures.alarms import AlarmView

TITLES: Final[Mapping[str, str]] = {
    "early_crowd": gettext_noop("Orang menunggu sebelum kantor buka"),
    "quota_gone": gettext_noop("Tempat habis dalam beberapa menit"),
    "counter_empty": gettext_noop("Loket kosong saat orang menunggu"),
    "promise_broken": gettext_noop("Janji waktu meleset"),
    "deadline": gettext_noop("Batas waktu terancam"),
    "channel_down": gettext_noop("Saluran pesan tidak jalan"),
}
_CHANNELS = {"whatsapp": "WhatsApp", "sms": "SMS", "email": gettext_noop("surel")}


class Words(NamedTuple):
    """An alarm in words: its name, what is wrong, and what to do."""

    title: str
    sentence: str
    do: str


def words(alarm: AlarmView, *, office: Any = None) -> Words:
    """Put an alarm into words, in the language that is switched on.

    ``office`` is where it rings, None where it rings for a region or the centre.
    """
    sentence, do = _WORDS[alarm.kind](alarm, office)
    return Words(gettext(TITLES[alarm.kind]), sentence, do)


Said = tuple[str, str]


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
    return sentence % told, do


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
    return sentence % told, do


def _counter_empty(alarm: AlarmView, office: Any) -> Said:
    data = alarm.data
    if alarm.about == "all":
        sentence = gettext("Tidak ada loket yang buka, padahal %(people)s orang menunggu.")
        return sentence % data, gettext("Buka satu loket sekarang.")
    if alarm.about == "shift":
        sentence = gettext(
            "%(missing)s petugas yang dijadwalkan tidak ada di loket, padahal sudah ada yang "
            "menunggu %(minutes)s menit."
        )
        do = gettext("Minta mereka membuka loket, atau catat izinnya supaya janji dihitung ulang.")
        return sentence % data, do
    sentence = gettext(
        "Loket %(label)s terbuka, tetapi sudah %(minutes)s menit tidak memanggil, padahal "
        "%(people)s orang menunggu."
    )
    do = gettext("Panggil orang berikutnya, atau tutup loket itu dan buka yang lain.")
    return sentence % data, do


def _promise_broken(alarm: AlarmView, office: Any) -> Said:
    sentence = gettext(
        "Hari ini %(kept)s dari %(of)s orang dipanggil pada jam yang disebut saat datang; yang "
        "kita janjikan %(target)s dari 100."
    )
    do = gettext("Buka loket yang masih tutup, dan ikuti saran panggilan di layar loket.")
    return sentence % alarm.data, do


def _deadline(alarm: AlarmView, office: Any) -> Said:
    if alarm.about == "claims":
        sentence = gettext(
            "%(late)s klaim lewat batas waktunya; %(near)s lagi habis waktunya paling lambat hari "
            "kerja berikutnya."
        )
        return sentence % alarm.data, gettext("Kerjakan yang paling atas dulu di daftar klaim.")
    sentence = gettext(
        "%(late)s pengaduan belum dijawab dan lewat batas waktunya; %(near)s lagi habis "
        "waktunya paling lambat hari kerja berikutnya."
    )
    return sentence % alarm.data, gettext("Jawab yang paling atas dulu di daftar pengaduan.")


def _channel_down(alarm: AlarmView, office: Any) -> Said:
    name = _CHANNELS.get(alarm.about, alarm.about)
    told: Mapping[str, Any] = {"channel": gettext(name), **alarm.data}
    sentence = gettext("Pesan lewat %(channel)s tidak sampai: %(failed)s percobaan terakhir gagal.")
    do = gettext("Hubungi penyedianya. Sementara itu pesan dicoba lewat saluran lain.")
    return sentence % told, do


_WORDS: Final[Mapping[str, Callable[[AlarmView, Any], Said]]] = {
    "early_crowd": _early_crowd,
    "quota_gone": _quota_gone,
    "counter_empty": _counter_empty,
    "promise_broken": _promise_broken,
    "deadline": _deadline,
    "channel_down": _channel_down,
}
