"""What the free words of an opinion are about: rules of words, nothing that was learned.

The first group wins whose words occur. What comes first is what must not be lost among the rest: a
bribe is a bribe, also where the wait was long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from giliran.core.refusal import gettext_noop

GROUPS: Mapping[str, str] = {
    "money": gettext_noop("Pungutan atau calo"),
    "access": gettext_noop("Lansia, difabel, ibu dan anak"),
    "wait": gettext_noop("Lama menunggu"),
    "queue": gettext_noop("Nomor, kuota, dan undian"),
    "papers": gettext_noop("Syarat dan berkas"),
    "staff": gettext_noop("Petugas"),
    "place": gettext_noop("Tempat dan fasilitas"),
    "app": gettext_noop("Aplikasi dan ponsel"),
    "praise": gettext_noop("Terima kasih"),
    "other": gettext_noop("Lainnya"),
}
"""Every group and its name."""

_STEMS: Mapping[str, str] = {
    "money": "calo pungli pungut sogok suap imbalan minta_uang dimintai uang_rokok minta_bayar "
    "bribe tout",
    "access": "lansia difabel disabilitas kursi_roda hamil menyusui tuli tunanetra ramp wheelchair "
    "elderly disab",
    "wait": "lama tunggu menunggu nunggu lambat telat molor cepat jam menit wait slow long quick "
    "fast late",
    "queue": "antre antri antrean antrian nomor kuota giliran undi janji panggil queue number "
    "quota draw",
    "papers": "syarat berkas dokumen surat formulir fotokopi ktp paklaring ditolak document paper "
    "form",
    "staff": "petugas pegawai satpam security ramah judes galak sopan kasar senyum jutek "
    "penjelasan jelas staff officer friendly rude kind",
    "place": "ruang kursi panas ac toilet wc parkir kotor bersih sempit gedung tempat kantor air "
    "musala mushola room seat toilet parking dirty clean",
    "app": "aplikasi jmo web situs hp ponsel error login online daring sinyal app website phone",
    "praise": "terima_kasih terimakasih makasih bagus baik puas mantap hebat sukses thank good "
    "great satisfied",
}
# Short words stand alone; longer ones are stems: "antre" is also in "antrean", not "ac" in "acara".
_WHOLE_AT_MOST = 4


def _pattern(stems: str) -> re.Pattern[str]:
    parts = []
    for stem in stems.split():
        words = re.escape(stem.replace("_", " "))
        ends = r"(?:nya)?\b" if len(stem) <= _WHOLE_AT_MOST else ""
        parts.append(rf"\b(?:di|me|mem|men|meng|pe|ter|ke)?{words}{ends}")
    return re.compile("|".join(parts))


_PATTERNS = {group: _pattern(stems) for group, stems in _STEMS.items()}


def group_of(text: str) -> str:
    """Return the group of what somebody wrote in Indonesian or English; "" for nothing."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    if not words:
        return ""
    return next((group for group, found in _PATTERNS.items() if found.search(words)), "other")
