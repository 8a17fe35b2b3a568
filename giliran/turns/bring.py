"""What to bring, in a few lines; the exact list depends on the reason and is asked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

_ALWAYS = (
    gettext_noop("KTP asli"),
    gettext_noop("Kartu peserta (fisik atau digital) atau nomor KPJ"),
)
_ACCOUNT = gettext_noop("Buku tabungan atas nama penerima")
_HEIR = (
    gettext_noop("KTP asli ahli waris"),
    gettext_noop("Kartu peserta atau nomor KPJ almarhum/almarhumah"),
    gettext_noop("Kartu Keluarga"),
    gettext_noop("Akta atau surat keterangan kematian"),
    gettext_noop("Surat keterangan ahli waris"),
    gettext_noop("Buku tabungan atas nama ahli waris"),
)
_BY_SERVICE: Mapping[str, tuple[str, ...]] = {
    "jht": (
        *_ALWAYS,
        _ACCOUNT,
        gettext_noop("Surat berhenti bekerja, bukti PHK, atau kontrak yang sudah selesai"),
        gettext_noop("NPWP, jika ada"),
    ),
    "jkm": _HEIR,
    "jkk": (*_ALWAYS, gettext_noop("Laporan kecelakaan kerja dan kuitansi asli, jika ada")),
    "jp": (*_ALWAYS, gettext_noop("Kartu Keluarga"), _ACCOUNT),
    "jkp": (*_ALWAYS, gettext_noop("Bukti PHK"), _ACCOUNT),
}


# What may be read over somebody's shoulder: none of these tells of a death, an accident or a job
# that was lost.
_NEUTRAL = (_ALWAYS[1], _ACCOUNT, gettext_noop("Kartu Keluarga"))


def what_to_bring(service_code: str) -> list[str]:
    """Return the papers that nearly everybody needs for a service, in the reader's language."""
    return [gettext(paper) for paper in _BY_SERVICE.get(service_code, _ALWAYS)]


def papers_that_tell_nothing(service_code: str) -> list[str]:
    """Return those of ``what_to_bring`` that a message may name on a locked phone's screen.

    The card that everybody brings comes first, an heir's like anybody's.
    """
    papers = _BY_SERVICE.get(service_code, _ALWAYS)
    return [gettext(paper) for paper in (_ALWAYS[0], *(p for p in papers if p in _NEUTRAL))]
