"""Why a document isn't taken though the file itself is in order."""

from __future__ import annotations

from typing import Any

from giliran.claims.inspection.refusals import FIELD, FileRefused, HardToRead
from giliran.core.refusal import BadInput, Refusal, gettext_noop

__all__ = ["FileRefused", "HardToRead"]


class Infected(FileRefused):
    code = "infected"
    sentence = gettext_noop(
        "Pemindai virus menemukan virus di berkas ini. Foto ulang dokumennya dengan kamera ponsel "
        "lain, atau bawa dokumennya ke kantor atau gerai terdekat."
    )


class NotNow(FileRefused):
    """Nothing is wrong with the file: the same one may be taken in a minute."""


class ScannerNotReached(NotNow):
    """A scanner was asked for and doesn't answer: nothing is taken unscanned."""

    code = "scanner_not_reached"
    sentence = gettext_noop(
        "Berkas belum bisa diperiksa karena pemindai virus sedang tidak menjawab. Bukan salah "
        "Anda. Coba lagi beberapa menit kemudian."
    )


class StoreNotReached(NotNow):
    """A full disk, or a store elsewhere that doesn't answer."""

    code = "store_not_reached"
    sentence = gettext_noop(
        "Berkas belum bisa disimpan karena penyimpanan sedang bermasalah. Bukan salah Anda. Coba "
        "lagi beberapa menit kemudian."
    )


class InspectionBusy(NotNow):
    code = "inspection_busy"
    sentence = gettext_noop(
        "Banyak berkas sedang diperiksa. Tunggu satu menit, lalu kirim lagi berkas ini."
    )


class TooManyFiles(FileRefused):
    code = "too_many_files"
    sentence = gettext_noop(
        "Klaim ini sudah punya %(most)s berkas. Hapus yang tidak diperlukan, atau gabungkan "
        "beberapa halaman menjadi satu PDF."
    )


class TooMuchForClaim(FileRefused):
    code = "too_much_for_claim"
    sentence = gettext_noop(
        "Semua berkas klaim ini bersama-sama sudah lebih dari %(most)s MB. Hapus yang tidak "
        "diperlukan, atau bawa sisanya ke kantor atau gerai terdekat."
    )


class TooManyToday(FileRefused):
    code = "too_many_files_today"
    sentence = gettext_noop(
        "Hari ini sudah %(most)s kali berkas dikirim untuk klaim ini. Coba lagi besok, atau bawa "
        "dokumennya ke kantor atau gerai terdekat."
    )


class DocumentLost(Refusal):
    """The store hasn't got it, or it was changed there."""

    code = "document_lost"
    sentence = gettext_noop(
        "Berkas ini tidak bisa dibuka dari penyimpanan. Hubungi administrator, dan bila perlu "
        "minta dokumennya dikirim lagi."
    )


class PaperNotOpen(BadInput):
    """The claim is past the point where papers change."""

    code = "paper_not_open"
    sentence = gettext_noop(
        "Dokumen klaim ini tidak bisa diubah lagi karena klaim sudah diperiksa atau selesai. Lihat "
        "keadaan klaim, atau tanyakan ke kantor."
    )

    def __init__(self, **params: Any) -> None:
        super().__init__(FIELD, **params)


class PaperAlreadyChecked(PaperNotOpen):
    code = "paper_already_checked"
    sentence = gettext_noop(
        "Dokumen ini sudah diterima petugas, jadi tidak perlu dikirim atau diubah lagi."
    )


class UploadOutOfStep(Refusal):
    """A piece begins elsewhere than where the last one ended; ``received`` bytes are here."""

    code = "upload_out_of_step"
    sentence = gettext_noop(
        "Kiriman terputus. Lanjutkan dari byte ke-%(received)s, atau kirim ulang berkasnya."
    )

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(received=received)


class PieceTooLarge(FileRefused):
    code = "piece_too_large"
    sentence = gettext_noop(
        "Satu potongan kiriman paling besar %(most)s KB. Muat ulang halaman ini, lalu kirim lagi."
    )


class UploadUnlikeAnnounced(FileRefused):
    """More came than was announced, or the same token announces another file."""

    code = "upload_unlike_announced"
    sentence = gettext_noop(
        "Kiriman tidak cocok dengan ukuran berkasnya. Pilih lagi berkasnya, lalu kirim ulang."
    )


class TooManyUploads(FileRefused):
    code = "too_many_uploads"
    sentence = gettext_noop(
        "Masih ada %(most)s kiriman yang belum selesai. Selesaikan dulu, atau coba lagi besok."
    )
