"""Complaints of the demonstration's last weeks, in every state, made by the screens' actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from giliran import rules
from giliran.core.deadline import is_working_day
from giliran.offices import queries as offices
from giliran.people import queries as people
from giliran.voices import actions as voices

_DAYS = 20
_RECEIVED, _CLASSIFIED, _ANSWERED, _ENDED = time(9, 20), time(10, 5), time(13, 40), time(15, 10)
_CLOCKWORK = (time(0, 25), time(8))


class Story(NamedTuple):
    """A complaint received so many working days ago, and what became of it by now.

    ``classified`` and ``answered`` count working days after that; None is not yet. ``ends`` is
    confirmed, disputed, withdrawn, forwarded or nothing.
    """

    text: str
    category: str
    ago: int
    office: str = "serang"
    channel: str = "web"
    classified: int | None = 0
    answered: int | None = None
    answer: str = ""
    weight: str = "normative"
    ends: str = ""
    said: str = ""
    by: str = "rina"
    about: str = ""
    name: str = ""
    is_protected: bool = False
    is_anonymous: bool = False


_QUEUE = (
    Story(
        "Datang jam setengah enam pagi, kuota antrean sudah habis padahal loket belum buka.",
        *("queue", 2),
    ),
    Story(
        "Kuota antrean habis jam enam pagi, loket belum dibuka. Saya sudah dua kali datang.",
        *("queue", 2),
        channel="door",
        classified=None,
    ),
    Story(
        "Antrian sudah habis sebelum loket buka, datang jam setengah enam pagi tetap tidak dapat.",
        *("queue", 1),
        channel="whatsapp",
        classified=None,
        is_anonymous=True,
    ),
    Story(
        "Kuota antrean pagi habis terus padahal loket belum buka, mohon ditambah.",
        *("queue", 0),
        channel="door",
        classified=None,
    ),
)
_OPEN = (
    Story(
        "Ada orang di parkiran yang menawarkan nomor antrean lima puluh ribu rupiah. Petugas "
        "tahu dan membiarkan. Tolong nama saya jangan sampai ke kantor.",
        *("bribe", 3),
        classified=None,
        name="Contoh Pelapor Satu",
        is_protected=True,
    ),
    Story(
        "Petugas di loket membentak ibu saya yang salah membawa berkas.",
        *("conduct", 2),
        channel="clerk",
        by="kepala",
        about="budi",
        name="Contoh Pelapor Dua",
    ),
    Story(
        "Kepala cabang berjanji menelepon tentang klaim kecelakaan kerja, sudah sebulan tidak ada.",
        *("staff_away", 2),
        by="wilayah",
        about="kepala",
        name="Contoh Pelapor Tiga",
    ),
    Story(
        "Perusahaan lama belum menonaktifkan kartu saya, klaim JHT jadi tertahan.",
        *("employer", 4),
        name="Contoh Pelapor Empat",
    ),
    Story(
        "Nama di kartu berbeda satu huruf dengan KTP, sudah dilaporkan dua kali belum diperbaiki.",
        *("data", 6),
        channel="booth",
        by="eko",
    ),
    Story(
        "Klaim kematian suami saya sudah lewat batas, tidak ada kabar sama sekali.",
        *("late_claim", 9),
        name="Contoh Pelapor Lima",
        is_anonymous=False,
    ),
    Story("Tidak ada kursi roda di pintu, ayah saya harus digendong.", *("access", 1), by="dewi"),
    Story("Aplikasi JMO menolak foto wajah saya berkali-kali.", *("app", 1), office=""),
    Story(
        "Loket tutup jam sebelas, padahal di pintu tertulis sampai jam tiga.",
        *("staff_away", 1),
        office="tangerang-selatan",
        by="maya",
        classified=None,
    ),
    Story(
        "Saldo di kartu lama tidak pindah ke kartu baru.",
        *("balance", 3),
        office="banjarmasin",
        by="yusuf",
    ),
)
_SETTLED = (
    Story(
        "Berkas klaim dikembalikan tanpa penjelasan apa yang salah.",
        *("papers", 8),
        answered=2,
        answer="Surat keterangan kerja belum bertanggal. Daftar yang perlu diperbaiki sudah kami "
        "kirim, dan petugas kini wajib menyebut alasannya.",
        ends="confirmed",
    ),
    Story(
        "Tidak ada tempat duduk untuk lansia di ruang tunggu.",
        *("access", 12),
        channel="door",
        answered=1,
        weight="light",
        answer="Delapan kursi dekat loket 1 kini khusus untuk lansia dan penyandang disabilitas.",
        ends="confirmed",
    ),
    Story(
        "Nomor antrean saya dilewati dua kali.",
        *("queue", 10),
        answered=3,
        answer="Nomor terlewat karena pengeras suara mati. Sudah diganti pada hari itu.",
        ends="confirmed",
        by="dewi",
    ),
    Story(
        "Ditolak mengurus JKM karena surat ahli waris dari desa lain.",
        *("papers", 5),
        answered=2,
        answer="Surat dari desa tempat tinggal terakhir memang diperlukan. Contohnya terlampir.",
        ends="disputed",
        said="Desa tempat tinggal terakhir sudah digusur, tidak ada yang bisa menandatangani.",
        name="Contoh Pelapor Enam",
    ),
    Story(
        "Jadwal buka loket pada hari Jumat tidak jelas.",
        *("queue", 4),
        answered=1,
        weight="light",
        answer="Jumat loket berhenti 11.30 sampai 13.00. Papan di pintu sudah diperbarui.",
    ),
    Story(
        "Data tanggal lahir salah di kartu.",
        *("data", 16),
        answered=2,
        answer="Tanggal lahir sudah dibetulkan sesuai KTP. Kartu baru bisa dicetak hari ini.",
    ),
    Story(
        "Majikan tidak mau membayar iuran tiga bulan terakhir.",
        *("employer", 7),
        ends="forwarded",
        said="Penagihan iuran perusahaan yang menolak membayar ditangani pengawas ketenagakerjaan.",
        name="Contoh Pelapor Tujuh",
    ),
    Story(
        "Petugas pintu tidak ada pagi ini.", *("staff_away", 3), classified=None, ends="withdrawn"
    ),
    Story(
        "Video wawancara klaim terputus tiga kali.",
        *("app", 6),
        office="tangerang-selatan",
        by="maya",
        answered=1,
        answer="Wawancara dijadwalkan ulang lewat telepon, dan sudah selesai hari itu juga.",
        ends="confirmed",
    ),
)


def load(*, today: date, until: datetime) -> None:
    """Live the complaints of the weeks before, in the order of their moments, until ``until``."""
    play = Play(today, until)
    for number, story in enumerate((*_QUEUE, *_OPEN, *_SETTLED)):
        play.plan(story, number)
    play.run()


class Play:
    """Complaints' lives, moment by moment, over so many working days until now."""

    def __init__(self, today: date, until: datetime, *, days: int = _DAYS) -> None:
        self.until = until
        self.days = _working_days_back(today, days)
        self.zone = until.tzinfo
        self.steps: list[tuple[datetime, int, Callable[[datetime], Any]]] = []

    def plan(self, story: Story, number: int) -> None:
        """Note the moments of a complaint's life; a quarter of an hour apart, story by story."""
        life = _Life(story, number)
        later = timedelta(minutes=number % 4 * 15)
        begins = self._at(story.ago, _RECEIVED)
        if story.ago == 0:
            begins = self.until - timedelta(minutes=20)
        self._note(begins + later * (story.ago > 0), life.complain)
        if story.classified is not None:
            self._note(self._at(story.ago - story.classified, _CLASSIFIED) + later, life.classify)
        if story.answered is not None:
            answered = story.ago - story.answered
            self._note(self._at(answered, _ANSWERED) + later, life.answer)
            if story.ends:
                self._note(self._at(answered - 1, _ENDED) + later, life.end)
        elif story.ends:
            self._note(self._at(story.ago - 1, _ENDED) + later, life.end)

    def run(self, *, until_ago: int = 0) -> None:
        """Live all that happened until now, and the clockwork of each night and morning.

        The clockwork's last day is so many working days ago.
        """
        for ago in range(until_ago, len(self.days)):
            night, morning = (self._at(ago, each) for each in _CLOCKWORK)
            self._note(night, lambda moment: voices.lapse_silent(now=moment))
            self._note(morning, lambda moment: voices.escalate_due(now=moment))
        for moment, _, act in sorted(self.steps, key=lambda step: step[:2]):
            if moment <= self.until:
                act(moment)

    def _note(self, moment: datetime, act: Callable[[datetime], Any]) -> None:
        self.steps.append((moment, len(self.steps), act))

    def _at(self, ago: int, clock: time) -> datetime:
        return datetime.combine(self.days[max(0, ago)], clock, tzinfo=self.zone)


class _Life:
    def __init__(self, story: Story, number: int) -> None:
        self.story, self.number = story, number
        self.code, self.id = "", 0
        self.officer_id = people.officer_id(story.by if story.office else "admin")

    def complain(self, moment: datetime) -> None:
        story = self.story
        view = voices.complain(
            request_key=uuid5(NAMESPACE_OID, f"demo complaint {self.number}"),
            channel=story.channel,
            text=story.text,
            office=offices.office(story.office) if story.office else None,
            category=story.category,
            officer_id=people.officer_id(story.about) if story.about else None,
            name=story.name,
            phone="0812 0000 0000" if story.name else "",
            is_anonymous=story.is_anonymous,
            is_protected=story.is_protected,
            now=moment,
        )
        self.code, self.id = view.code, view.id

    def classify(self, moment: datetime) -> None:
        voices.classify(
            self.id,
            weight=self.story.weight,
            category=self.story.category,
            officer_id=self.officer_id,
            now=moment,
        )

    def answer(self, moment: datetime) -> None:
        key = uuid5(NAMESPACE_OID, f"demo answer {self.number}")
        voices.answer(
            self.id, self.story.answer, request_key=key, officer_id=self.officer_id, now=moment
        )

    def end(self, moment: datetime) -> None:
        story, key = self.story, uuid5(NAMESPACE_OID, f"demo end {self.number}")
        if story.ends == "confirmed":
            voices.confirm(self.code, now=moment)
        elif story.ends == "disputed":
            voices.dispute(self.code, story.said, request_key=key, now=moment)
        elif story.ends == "withdrawn":
            voices.withdraw(self.code, now=moment)
        else:
            voices.forward(
                self.id,
                to="Dinas Tenaga Kerja Kota Serang",
                text=story.said,
                request_key=key,
                officer_id=self.officer_id,
                now=moment,
            )


def _working_days_back(today: date, n: int) -> list[date]:
    """Return today and the working days before it, newest first."""
    found, day = [today], today
    while len(found) < n:
        day -= timedelta(days=1)
        if is_working_day(day, rules.calendar()):
            found.append(day)
    return found
