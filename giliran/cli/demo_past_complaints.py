"""Complaints of the demonstration's last months, all ended: most answered in time, some late.

Made by the screens' actions, each text another, so that few are taken for the same.
"""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Final

from giliran.cli.demo_complaints import Play, Story

FIRST, LAST = 68, 16
"""Working days ago: beside those of the last weeks, which stand in every state."""
_BY: Final = {"serang": "rina", "tangerang-selatan": "maya", "cilegon": "fajar"} | {
    "banjarmasin": "yusuf"
}
_WHERE: Final = tuple(_BY)
_WEIGHTS: Final = (11, 4, 2, 3)
_TEXTS: Final = (
    ("queue", "Berangkat pukul tiga dari {place} dan tetap tidak kebagian nomor."),
    ("queue", "Nomor saya {n} baru dipanggil lewat tengah hari."),
    ("queue", "Orang yang datang setelah saya dari {place} dipanggil lebih dulu."),
    ("staff_away", "Loket {n} kosong hampir satu jam, tidak ada yang memberi tahu."),
    ("papers", "Surat keterangan kerja dari pabrik di {place} ditolak tanpa alasan tertulis."),
    ("papers", "Diminta fotokopi {n} lembar yang tidak ada di daftar syarat."),
    ("data", "Tanggal lahir di kartu berbeda dengan KTP; sudah diurus sejak {n} minggu lalu."),
    ("employer", "Iuran {n} bulan dari perusahaan di {place} belum tercatat."),
    ("balance", "Saldo di aplikasi berkurang setelah kartu dari {place} digabung."),
    ("late_claim", "Sudah {n} hari kerja klaim JHT belum ada kabar."),
    ("access", "Jalan masuk dari parkir {place} terlalu curam untuk kursi roda."),
    ("app", "Kode masuk aplikasi tidak terkirim {n} kali berturut-turut."),
    ("other", "Penjelasan di loket {n} tergesa-gesa dan tidak menjawab pertanyaan."),
)
_PLACES: Final = (
    *("Pandeglang", "Ciruas", "Anyar", "Labuan", "Rangkasbitung", "Cikande", "Serpong"),
    *("Kragilan", "Malingping", "Pulomerak", "Menes", "Baros", "Ciputat", "Martapura"),
)
_ANSWERS: Final = (
    "Terima kasih. Sudah kami periksa hari ini dan diperbaiki; penanggung jawabnya kami beri tahu.",
    "Keluhan ini benar. Cara kerjanya kami ubah, dan hasilnya kami pantau tiap pekan.",
    "Datanya sudah dibetulkan. Bapak/Ibu tidak perlu datang lagi untuk hal ini.",
)
_LATE, _LIGHT, _CONFIRMED = 0.2, 0.4, 0.6
_MOST: Final = 40


def load(*, today: date, until: datetime) -> None:
    """Live them in the order of their moments, with the clockwork of each day."""
    play = Play(today, until, days=FIRST + 1)
    for number, story in enumerate(_stories()):
        play.plan(story, 1000 + number)
    play.run(until_ago=LAST - 14)


def _stories() -> list[Story]:
    chance = random.Random(57)  # noqa: S311 -- made-up people
    found = []
    for number in range(_MOST):
        category, text = _TEXTS[number % len(_TEXTS)]
        where = chance.choices(_WHERE, _WEIGHTS)[0]
        is_late, is_light = chance.random() < _LATE, chance.random() < _LIGHT
        in_time = 1 if is_light else chance.randint(1, 4)
        found.append(
            Story(
                text.format(place=chance.choice(_PLACES), n=chance.randint(2, 40)),
                category,
                chance.randint(LAST, FIRST),
                office=where,
                channel=chance.choice(("web", "web", "door", "whatsapp", "clerk")),
                answered=chance.randint(6, 9) if is_late else in_time,
                weight="light" if is_light else "normative",
                answer=chance.choice(_ANSWERS),
                ends="confirmed" if chance.random() < _CONFIRMED else "",
                by=_BY[where],
            )
        )
    return found
