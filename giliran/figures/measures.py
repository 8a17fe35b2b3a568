"""What is measured, and how each figure follows from whole numbers that can be added up.

    MEASURES: dict[str, Measure]      every measure by its key, in the order of pages
    Measure(key, label, unit, kind, better, means, splits, ...)
    named(key) -> Measure             raises NoSuchMeasure

``kind`` is

    count    how many; no interval
    share    from 0 to 1, with Wilson's interval
    minutes  a percentile of waits (whole minutes, rounded up), or a mean
    ratio    of two sums, such as served per hour of an officer
    score    a mean of marks

``better`` says which way is better: ``up``, ``down``, or nothing where neither is. Labels and
``means`` are Indonesian msgids (``gettext`` where they are shown); docs/figures.md says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from giliran.core.refusal import Refusal, gettext_noop

SPLITS: Final = ("service", "class", "channel", "hour")
Kind = Literal["count", "share", "minutes", "ratio", "score"]


class NotSplit(Refusal):
    """A figure isn't known by that."""

    code = "not_split"
    sentence = gettext_noop("Angka “%(key)s” tidak bisa dirinci menurut “%(split)s”.")


class NoSuchMeasure(Refusal):
    """Nothing is measured under this key."""

    code = "no_such_measure"
    sentence = gettext_noop("Angka “%(key)s” tidak dikenal.")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``top`` over ``bottom`` are counts of cells; see ``core.figures``."""

    key: str
    label: str
    unit: str
    """In Indonesian as well: orang, menit, klaim; for a share: what it is a share of."""
    kind: Kind
    better: Literal["up", "down", ""]
    means: str
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    scale: float = 1
    """What top over bottom is multiplied by, or a count divided into its unit."""
    percentile: float | None = None
    classes: str = "sp"
    """Of a percentile: whose waits, s(tandard) and p(riority)."""

    splits: tuple[str, ...] = SPLITS
    """By what it can be split: nobody sits at a counter for one service alone."""


_ALL: Final = (
    Measure(
        "asked",
        gettext_noop("Giliran diminta"),
        gettext_noop("giliran"),
        "count",
        "",
        gettext_noop("Giliran untuk hari itu, dengan janji atau datang langsung."),
        ("asked",),
    ),
    Measure(
        "drawn",
        gettext_noop("Giliran dari undian"),
        gettext_noop("giliran"),
        "count",
        "",
        gettext_noop("Giliran untuk hari itu yang diperoleh lewat undian."),
        ("drawn",),
    ),
    Measure(
        "waited_rounds",
        gettext_noop("Undian kalah sebelum dapat giliran"),
        gettext_noop("undian"),
        "ratio",
        "down",
        gettext_noop("Rata-rata undian yang kalah, dari yang mendapat giliran pada hari itu."),
        ("rounds_lost",),
        ("placed",),
        splits=("service", "class", "channel"),
    ),
    Measure(
        "turned_away",
        gettext_noop("Ditolak di pintu"),
        gettext_noop("orang"),
        "count",
        "down",
        gettext_noop("Orang yang dicatat petugas pintu pulang tanpa giliran."),
        ("turned_away",),
        splits=("service", "hour"),
    ),
    Measure(
        "turned_away_share",
        gettext_noop("Bagian yang ditolak di pintu"),
        gettext_noop("yang datang"),
        "share",
        "down",
        gettext_noop("Yang ditolak, dari semua yang datang ke kantor atau ditolak di pintu."),
        ("turned_away",),
        ("came", "turned_away"),
        splits=("service", "hour"),
    ),
    Measure(
        "came",
        gettext_noop("Datang"),
        gettext_noop("orang"),
        "count",
        "",
        gettext_noop("Orang yang giliran hari itunya dimulai dengan datang ke kantor."),
        ("came",),
    ),
    Measure(
        "before_opening",
        gettext_noop("Datang sebelum kantor buka"),
        gettext_noop("orang"),
        "count",
        "down",
        gettext_noop("Yang tercatat datang, atau ditolak di pintu, sebelum jam buka hari itu."),
        ("early",),
        splits=("service", "hour"),
    ),
    Measure(
        "early_people",
        gettext_noop("Datang sebelum pukul 06.00"),
        gettext_noop("orang"),
        "count",
        "down",
        gettext_noop("Yang tercatat datang, atau ditolak di pintu, sebelum pukul 06.00 setempat."),
        ("before_six",),
        splits=("service", "hour"),
    ),
    Measure(
        "served",
        gettext_noop("Dilayani"),
        gettext_noop("orang"),
        "count",
        "up",
        gettext_noop("Giliran hari itu yang selesai dilayani."),
        ("served",),
    ),
    Measure(
        "no_show_share",
        gettext_noop("Tidak datang"),
        gettext_noop("yang berjanji"),
        "share",
        "down",
        gettext_noop("Yang berjanji dan tidak datang, dari semua janji yang tidak dibatalkan."),
        ("no_shows",),
        ("expected",),
    ),
    Measure(
        "missed_calls",
        gettext_noop("Tidak menjawab panggilan"),
        gettext_noop("orang"),
        "count",
        "down",
        gettext_noop("Datang, dipanggil, dan tidak menjawab."),
        ("missed_calls",),
    ),
    Measure(
        "left_unserved",
        gettext_noop("Pulang sebelum dilayani"),
        gettext_noop("orang"),
        "count",
        "down",
        gettext_noop("Datang, menunggu, dan pulang tanpa dilayani."),
        ("left",),
    ),
    Measure(
        "cancelled",
        gettext_noop("Dibatalkan"),
        gettext_noop("giliran"),
        "count",
        "",
        gettext_noop("Giliran untuk hari itu yang dibatalkan."),
        ("cancelled",),
    ),
    Measure(
        "wait_p50",
        gettext_noop("Lama menunggu, nilai tengah"),
        gettext_noop("menit"),
        "minutes",
        "down",
        gettext_noop(
            "Separuh menunggu paling lama sekian menit, sejak datang atau sejak awal jam janji "
            "bila datang lebih awal, sampai panggilan pertama."
        ),
        percentile=0.5,
    ),
    Measure(
        "wait_p90",
        gettext_noop("Lama menunggu, 9 dari 10"),
        gettext_noop("menit"),
        "minutes",
        "down",
        gettext_noop("Sembilan dari sepuluh orang menunggu paling lama sekian menit."),
        percentile=0.9,
    ),
    Measure(
        "priority_wait_p90",
        gettext_noop("Lama menunggu prioritas, 9 dari 10"),
        gettext_noop("menit"),
        "minutes",
        "down",
        gettext_noop("Sembilan dari sepuluh orang prioritas menunggu paling lama sekian menit."),
        percentile=0.9,
        classes="p",
    ),
    Measure(
        "other_wait_p90",
        gettext_noop("Lama menunggu bukan prioritas, 9 dari 10"),
        gettext_noop("menit"),
        "minutes",
        "down",
        gettext_noop("Sembilan dari sepuluh orang lain menunggu paling lama sekian menit."),
        percentile=0.9,
        classes="s",
    ),
    Measure(
        "promise_kept",
        gettext_noop("Janji jam ditepati"),
        gettext_noop("janji"),
        "share",
        "up",
        gettext_noop(
            "Dipanggil paling lambat 10 menit setelah jam janji berakhir, dari yang datang sebelum "
            "jam itu berakhir dan dipanggil, atau pulang tanpa dilayani."
        ),
        ("promises_kept",),
        ("promises",),
    ),
    Measure(
        "told_kept",
        gettext_noop("Perkiraan saat datang ditepati"),
        gettext_noop("perkiraan"),
        "share",
        "up",
        gettext_noop("Dipanggil dalam jam yang disebut saat datang, dari yang sudah diketahui."),
        ("told_kept",),
        ("told_settled",),
        splits=("class", "hour"),
    ),
    Measure(
        "promise_width",
        gettext_noop("Lebar perkiraan saat datang"),
        gettext_noop("menit"),
        "minutes",
        "down",
        gettext_noop("Rata-rata menit antara awal dan akhir jam yang disebut saat datang."),
        ("told_s",),
        ("told",),
        scale=1 / 60,
        splits=("class", "hour"),
    ),
    Measure(
        "served_per_officer_hour",
        gettext_noop("Dilayani per jam petugas"),
        gettext_noop("orang per jam"),
        "ratio",
        "up",
        gettext_noop("Yang dilayani, dibagi jam loket dibuka petugas."),
        ("served",),
        ("counter_s",),
        scale=3600,
        splits=("hour",),
    ),
    Measure(
        "idle_minutes",
        gettext_noop("Loket buka tanpa orang"),
        gettext_noop("menit"),
        "count",
        "",
        gettext_noop("Menit loket dibuka, dikurangi menit orang dipanggil atau dilayani di loket."),
        ("counter_s", "-busy_s"),
        scale=1 / 60,
        splits=("hour",),
    ),
    Measure(
        "absences",
        gettext_noop("Hari petugas tidak masuk"),
        gettext_noop("hari petugas"),
        "count",
        "down",
        gettext_noop("Hari Senin sampai Jumat yang tercakup cuti atau izin yang disetujui."),
        ("absences",),
        splits=(),
    ),
    Measure(
        "loans",
        gettext_noop("Hari petugas pinjaman"),
        gettext_noop("hari petugas"),
        "count",
        "",
        gettext_noop("Hari petugas kantor lain membantu di sini atas persetujuan kantornya."),
        ("loans",),
        splits=(),
    ),
    Measure(
        "first_visit_complete",
        gettext_noop("Berkas lengkap sejak pemeriksaan pertama"),
        gettext_noop("klaim yang diperiksa"),
        "share",
        "up",
        gettext_noop("Klaim yang pertama kali diperiksa hari itu dan langsung dinyatakan lengkap."),
        ("complete_at_once",),
        ("checked",),
        splits=("channel",),
    ),
    Measure(
        "visits_per_claim",
        gettext_noop("Kunjungan per klaim"),
        gettext_noop("kunjungan per klaim"),
        "ratio",
        "down",
        gettext_noop("Kunjungan untuk klaim yang dilayani, dibagi klaim yang diputus."),
        ("visits",),
        ("decided",),
        splits=("channel",),
    ),
    Measure(
        "claims_in_time",
        gettext_noop("Klaim selesai pada batas waktunya"),
        gettext_noop("klaim yang jatuh tempo"),
        "share",
        "up",
        gettext_noop("Dibayar atau diputus paling lambat pada batas waktu yang jatuh hari itu."),
        ("claims_in_time",),
        ("claims_due",),
        splits=("channel",),
    ),
    Measure(
        "complaints",
        gettext_noop("Pengaduan diterima"),
        gettext_noop("pengaduan"),
        "count",
        "",
        gettext_noop("Pengaduan tentang kantor ini yang diterima pada hari itu."),
        ("complaints",),
        splits=("channel",),
    ),
    Measure(
        "complaints_in_time",
        gettext_noop("Pengaduan dijawab pada batas waktunya"),
        gettext_noop("pengaduan yang jatuh tempo"),
        "share",
        "up",
        gettext_noop("Pertama dijawab paling lambat pada batas waktu yang jatuh hari itu."),
        ("complaints_in_time",),
        ("complaints_due",),
        splits=("channel",),
    ),
    Measure(
        "satisfaction",
        gettext_noop("Kepuasan setelah dilayani"),
        gettext_noop("dari 25 sampai 100"),
        "score",
        "up",
        gettext_noop("Rata-rata nilai 1 sampai 4 dari yang menjawab, dikali 25."),
        scale=25,
        bottom=("score_1", "score_2", "score_3", "score_4"),
        splits=("service", "channel"),
    ),
    Measure(
        "reply_rate",
        gettext_noop("Menjawab pertanyaan kepuasan"),
        gettext_noop("yang ditanya"),
        "share",
        "up",
        gettext_noop("Yang memberi nilai, dari semua yang ditanya setelah dilayani."),
        ("score_1", "score_2", "score_3", "score_4"),
        ("opinions_asked",),
        splits=("service", "channel"),
    ),
)
MEASURES: Final[Mapping[str, Measure]] = {measure.key: measure for measure in _ALL}


def named(key: str) -> Measure:
    """Return a measure by its key. Raises ``NoSuchMeasure``."""
    try:
        return MEASURES[key]
    except KeyError:
        raise NoSuchMeasure(key=key) from None
