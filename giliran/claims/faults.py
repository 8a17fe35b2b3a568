"""What can be wrong with a paper, as a sentence for the person that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext, gettext_noop

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "blurred": gettext_noop(
            "Fotonya buram. Foto ulang di tempat terang, pegang ponsel dengan kedua tangan, dan "
            "tunggu sampai tulisannya tajam."
        ),
        "too_dark": gettext_noop(
            "Fotonya terlalu gelap. Foto ulang di dekat jendela atau lampu, tanpa bayangan tangan."
        ),
        "empty": gettext_noop(
            "Halamannya kosong. Kirim foto sisi yang ada tulisannya, satu halaman penuh."
        ),
        "cut_off": gettext_noop(
            "Ada bagian dokumen yang terpotong. Foto ulang sampai keempat sudutnya terlihat."
        ),
        "wrong_paper": gettext_noop(
            "Ini bukan dokumen yang diminta. Kirim dokumen yang sesuai dengan namanya."
        ),
        "name_differs": gettext_noop(
            "Nama di dokumen berbeda dari nama di KTP. Kirim juga surat keterangan dari kelurahan "
            "atau Dukcapil bahwa kedua nama itu orang yang sama."
        ),
        "nik_differs": gettext_noop(
            "NIK di dokumen berbeda dari NIK yang diketik. Periksa NIK, atau kirim dokumen milik "
            "orang yang benar."
        ),
        "expired": gettext_noop(
            "Masa berlaku dokumen sudah lewat. Kirim dokumen yang masih berlaku."
        ),
        "not_signed": gettext_noop(
            "Dokumen belum ditandatangani. Minta tanda tangan, lalu kirim lagi."
        ),
        "not_stamped": gettext_noop(
            "Dokumen belum bercap atau bermeterai. Lengkapi dulu, lalu kirim lagi."
        ),
        "pages_missing": gettext_noop(
            "Ada halaman yang belum dikirim. Kirim semua halaman dokumen ini."
        ),
        "unreadable": gettext_noop(
            "Tulisannya terlalu kecil untuk dibaca. Foto ulang lebih dekat sampai dokumen memenuhi "
            "layar."
        ),
        "other": gettext_noop(
            "Ada yang perlu diperbaiki. Baca catatan petugas, lalu kirim lagi dokumennya."
        ),
    }
)


def sentence(code: str, *, text: str = "") -> str:
    """Return a fault in the reader's language, with an officer's own words after it.

    An unknown or empty ``code`` reads as ``other``: what an officer objected to is never silent.
    """
    said = gettext(FAULTS.get(code, FAULTS["other"]))
    return f"{said} {text.strip()}" if text.strip() else said
