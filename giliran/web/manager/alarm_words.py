"""What an alarm says: what is wrong, and what to do, each in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext, gettext_noop

from giliran.figures.alarms import AlarmView
from giliran.offices import queries as offices
from giliran.web.templatetags.giliran import clock, hour

TITLES = {
    "early_crowd": gettext_noop("Orang menunggu sebelum kantor buka"),
    "quota_gone": gettext_noop("Tempat habis dalam beberapa menit"),
    "counter_empty": gettext_noop("Loket kosong saat orang menunggu"),
    "promise_broken": gettext_noop("Janji waktu meleset"),
    "deadline": gettext_noop("Batas waktu terancam"),
    "channel_down": gettext_noop("Saluran pesan tidak jalan"),
}
_CHANNELS = {"whatsapp": "WhatsApp", "sms": "SMS", "email": gettext_noop("surel")}


class Said(NamedTuple):
    """An alarm in words; ``link`` leads to where it can be mended, empty where nowhere."""

    alarm: AlarmView
    place: str
    title: str
    sentence: str
    do: str
    link: str
    since: str


def said(alarm: AlarmView, *, office: Any = None, region: Any = None) -> Said:
    """Put an alarm into words, in the reader's language."""
    sentence, do, link = _WORDS[alarm.kind](alarm, office, region)
    return Said(
        alarm,
        office.name if office else region.name if region else gettext("Kantor pusat"),
        gettext(TITLES[alarm.kind]),
        sentence,
        do,
        link,
        clock(alarm.raised_at, office) if office else _moment(alarm.raised_at, region),
    )


def _moment(moment: datetime, region: Any) -> str:
    zone = region.time_zone if region else "Asia/Jakarta"
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%H.%M} {offices.ZONE_NAMES[zone]}"


Words = tuple[str, str, str]


def _early_crowd(alarm: AlarmView, office: Any, region: Any) -> Words:
    opens = datetime.fromisoformat(alarm.data["opens"])
    told = {"people": alarm.data["people"], "opens": hour(opens, office)}
    sentence = (
        gettext(
            "%(people)s orang menunggu, dan ada yang datang sebelum pukul 06.00. Kantor buka pukul "
            "%(opens)s."
        )
        if alarm.data["before_six"]
        else gettext("%(people)s orang sudah menunggu. Kantor buka pukul %(opens)s.")
    )
    do = gettext("Buka ruang tunggu dan beri nomor sekarang, supaya mereka tahu jam panggilannya.")
    return sentence % told, do, reverse("door", args=[office.slug])


def _quota_gone(alarm: AlarmView, office: Any, region: Any) -> Words:
    data = alarm.data
    day = formats.date_format(date.fromisoformat(data["day"]), "l, j F Y")
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
    link = f"{reverse('manager', args=[office.slug])}?hari={data['day']}#jam"
    return sentence % told, do, link


def _counter_empty(alarm: AlarmView, office: Any, region: Any) -> Words:
    data, link = alarm.data, reverse("manager", args=[office.slug])
    if alarm.about == "all":
        sentence = gettext("Tidak ada loket yang buka, padahal %(people)s orang menunggu.")
        return sentence % data, gettext("Buka satu loket sekarang."), link
    if alarm.about == "shift":
        sentence = gettext(
            "%(missing)s petugas yang dijadwalkan tidak ada di loket, padahal sudah ada yang "
            "menunggu %(minutes)s menit."
        )
        do = gettext("Minta mereka membuka loket, atau catat izinnya supaya janji dihitung ulang.")
        return sentence % data, do, link
    sentence = gettext(
        "Loket %(label)s terbuka, tetapi sudah %(minutes)s menit tidak memanggil, padahal "
        "%(people)s orang menunggu."
    )
    do = gettext("Panggil orang berikutnya, atau tutup loket itu dan buka yang lain.")
    return sentence % data, do, link


def _promise_broken(alarm: AlarmView, office: Any, region: Any) -> Words:
    sentence = gettext(
        "Hari ini %(kept)s dari %(of)s orang dipanggil pada jam yang disebut saat datang; yang "
        "kita janjikan %(target)s dari 100."
    )
    do = gettext("Buka loket yang masih tutup, dan ikuti saran panggilan di layar loket.")
    return sentence % alarm.data, do, reverse("manager", args=[office.slug])


def _deadline(alarm: AlarmView, office: Any, region: Any) -> Words:
    is_claims = alarm.about == "claims"
    if is_claims:
        sentence = gettext(
            "%(late)s klaim lewat batas waktunya; %(near)s lagi habis waktunya paling lambat hari "
            "kerja berikutnya."
        )
        do = gettext("Kerjakan yang paling atas dulu di daftar klaim.")
    else:
        sentence = gettext(
            "%(late)s pengaduan belum dijawab dan lewat batas waktunya; %(near)s lagi habis "
            "waktunya paling lambat hari kerja berikutnya."
        )
        do = gettext("Jawab yang paling atas dulu di daftar pengaduan.")
    return sentence % alarm.data, do, (_claims_of if is_claims else _complaints_of)(office, region)


def _complaints_of(office: Any, region: Any) -> str:
    if office:
        return reverse("complaint_work", args=[office.slug])
    if region:
        return reverse("region_complaints", args=[region.slug])
    return reverse("complaints_regions")


def _claims_of(office: Any, region: Any) -> str:
    if office:
        return f"{reverse('claim_work', args=[office.slug])}?daftar=kantor"
    return reverse("region_claims", args=[region.slug]) if region else reverse("claims_regions")


def _channel_down(alarm: AlarmView, office: Any, region: Any) -> Words:
    name = _CHANNELS.get(alarm.about, alarm.about)
    told: Mapping[str, Any] = {"channel": gettext(name), **alarm.data}
    sentence = gettext("Pesan lewat %(channel)s tidak sampai: %(failed)s percobaan terakhir gagal.")
    do = gettext("Hubungi penyedianya. Sementara itu pesan dicoba lewat saluran lain.")
    return sentence % told, do, ""


_WORDS = {
    "early_crowd": _early_crowd,
    "quota_gone": _quota_gone,
    "counter_empty": _counter_empty,
    "promise_broken": _promise_broken,
    "deadline": _deadline,
    "channel_down": _channel_down,
}
