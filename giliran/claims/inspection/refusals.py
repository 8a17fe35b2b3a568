"""Why a file isn't taken, each with what to do instead."""

from __future__ import annotations

from typing import Any

from giliran.core.refusal import BadInput, gettext_noop

FIELD = "document"


class FileRefused(BadInput):
    """This file can't be kept."""

    code = "file_refused"
    sentence = gettext_noop("Berkas ini tidak bisa diterima. Kirim foto JPG atau PNG, atau PDF.")

    def __init__(self, **params: Any) -> None:
        super().__init__(FIELD, **params)


class HardToRead(FileRefused):
    """A machine can't read it; a person may insist that it can be read."""


class NothingInFile(FileRefused):
    code = "nothing_in_file"
    sentence = gettext_noop(
        "Berkas ini kosong (0 byte), mungkin terputus saat dikirim. Pilih lagi berkasnya, lalu "
        "kirim ulang."
    )


class FileTooLarge(FileRefused):
    code = "file_too_large"
    sentence = gettext_noop(
        "Berkas terlalu besar. Paling besar %(most)s MB. Kecilkan ukuran fotonya, atau foto ulang "
        "satu halaman saja."
    )


class KindNotTaken(FileRefused):
    """Neither photo nor PDF, whatever its name says."""

    code = "kind_not_taken"
    sentence = gettext_noop(
        "Isi berkas ini bukan foto JPG, PNG, atau PDF, walaupun namanya bisa begitu. Foto "
        "dokumennya dengan kamera ponsel, lalu kirim fotonya."
    )


class HeicNotTaken(KindNotTaken):
    code = "heic_not_taken"
    sentence = gettext_noop(
        "Foto ini berformat HEIC atau AVIF, yang tidak bisa dibuka di semua kantor. Di iPhone: "
        "buka Pengaturan, Kamera, Format, pilih “Paling Kompatibel”, lalu foto ulang. Bisa juga "
        "kirim tangkapan layar foto itu."
    )


class OfficeFileNotTaken(KindNotTaken):
    code = "office_file_not_taken"
    sentence = gettext_noop(
        "Berkas Word atau Excel tidak bisa diterima. Buka berkasnya, pilih “Simpan sebagai PDF”, "
        "lalu kirim PDF-nya."
    )


class ArchiveNotTaken(KindNotTaken):
    code = "archive_not_taken"
    sentence = gettext_noop(
        "Berkas ZIP atau RAR tidak bisa diterima. Buka dulu isinya, lalu kirim foto atau PDF-nya "
        "satu per satu."
    )


class PageNotTaken(KindNotTaken):
    code = "page_not_taken"
    sentence = gettext_noop(
        "Halaman web atau gambar SVG tidak bisa diterima. Kirim tangkapan layarnya (JPG atau PNG), "
        "atau cetak halaman itu ke PDF."
    )


class OtherImageNotTaken(KindNotTaken):
    code = "other_image_not_taken"
    sentence = gettext_noop(
        "Gambar GIF, WebP, TIFF, atau BMP tidak bisa diterima. Simpan gambarnya sebagai JPG atau "
        "PNG, atau kirim tangkapan layarnya."
    )


class ImageBroken(FileRefused):
    code = "image_broken"
    sentence = gettext_noop(
        "Foto ini rusak atau tidak terkirim utuh. Buka dulu di galeri: bila tampil lengkap, kirim "
        "lagi. Bila tidak, foto ulang."
    )


class TooManyPixels(FileRefused):
    code = "too_many_pixels"
    sentence = gettext_noop(
        "Ukuran gambar terlalu besar: paling besar %(most)s megapiksel. Foto ulang dengan "
        "pengaturan kamera biasa, atau kirim tangkapan layarnya."
    )


class SomethingHidden(FileRefused):
    """Another file stands inside: an archive, a page with a script, a program."""

    code = "something_hidden"
    sentence = gettext_noop(
        "Di dalam berkas ini ada berkas lain yang bisa membahayakan. Foto ulang dokumennya dengan "
        "kamera, lalu kirim foto yang baru."
    )


class PdfBroken(FileRefused):
    code = "pdf_broken"
    sentence = gettext_noop(
        "PDF ini rusak atau tidak terkirim utuh. Unduh atau pindai ulang, pastikan bisa dibuka, "
        "lalu kirim lagi. Foto tiap halamannya juga boleh."
    )


class PdfLocked(FileRefused):
    code = "pdf_locked"
    sentence = gettext_noop(
        "PDF ini terkunci kata sandi. Buka dengan kata sandinya, pilih “Cetak ke PDF”, lalu kirim "
        "PDF yang baru. Jangan kirim kata sandinya."
    )


class PdfWithoutPages(FileRefused):
    code = "pdf_without_pages"
    sentence = gettext_noop(
        "PDF ini tidak punya halaman. Pindai ulang dokumennya, atau kirim fotonya."
    )


class TooManyPages(FileRefused):
    code = "too_many_pages"
    sentence = gettext_noop(
        "PDF ini %(pages)s halaman, paling banyak %(most)s. Kirim halaman yang diminta saja, atau "
        "bagi menjadi beberapa PDF."
    )


class PdfDoesThings(FileRefused):
    """It runs a script, starts a program, or carries files."""

    code = "pdf_does_things"
    sentence = gettext_noop(
        "PDF ini berisi perintah atau lampiran, jadi tidak bisa diterima. Buka PDF-nya, pilih "
        "“Cetak ke PDF”, lalu kirim hasilnya. Foto tiap halamannya juga boleh."
    )


class TooMuchWork(FileRefused):
    """Reading it takes more time or memory than any honest file."""

    code = "too_much_work"
    sentence = gettext_noop(
        "Berkas ini terlalu rumit untuk diperiksa. Foto ulang dokumennya dengan kamera, lalu kirim "
        "fotonya."
    )


class TooSmall(FileRefused):
    """No letter can be told from another in so few pixels."""

    code = "too_small"
    sentence = gettext_noop(
        "Gambar ini terlalu kecil (%(width)s × %(height)s piksel). Kirim foto aslinya dari kamera, "
        "bukan gambar mini."
    )


class Blurred(HardToRead):
    code = "blurred"
    sentence = gettext_noop(
        "Fotonya buram, tulisannya tidak terbaca. Foto ulang di tempat terang, pegang ponsel "
        "dengan kedua tangan, dan tunggu sampai tulisannya tajam."
    )


class TooDark(HardToRead):
    code = "too_dark"
    sentence = gettext_noop(
        "Fotonya terlalu gelap. Foto ulang di dekat jendela atau lampu, tanpa bayangan tangan."
    )


class NothingOnIt(HardToRead):
    code = "empty"
    sentence = gettext_noop(
        "Halamannya kosong, tidak ada tulisan yang terlihat. Foto ulang sisi yang ada tulisannya."
    )


class Unreadable(HardToRead):
    code = "unreadable"
    sentence = gettext_noop(
        "Gambarnya kecil (%(width)s × %(height)s piksel), tulisannya tidak terbaca. Foto ulang "
        "lebih dekat sampai dokumen memenuhi layar."
    )


def _with_all_below(kind: type[FileRefused]) -> list[type[FileRefused]]:
    return [kind, *(found for one in kind.__subclasses__() for found in _with_all_below(one))]


BY_CODE = {one.code: one for one in _with_all_below(FileRefused)}
