"""What who complains, or who answers, may be told "no" to, and what they can do instead."""

from __future__ import annotations

from giliran.claims.documents import FileRefused
from giliran.core.refusal import BadInput, Refusal, gettext_noop


class BadText(BadInput):
    """What is said is too short to be understood, or too long to be read."""

    code = "bad_text"
    sentence = gettext_noop(
        "Tulis apa yang terjadi, paling sedikit %(least)s huruf dan paling banyak %(most)s huruf."
    )


class BadCategory(BadInput):
    """No category has this name."""

    code = "bad_category"
    sentence = gettext_noop("Pilih pokok aduan dari daftar. Kalau ragu, pilih “Lainnya”.")


class BadWeight(BadInput):
    """No class of complaint has this name."""

    code = "bad_weight"
    sentence = gettext_noop("Pilih jenis aduan dari daftar: jenis menentukan batas waktunya.")


class UnknownTurn(BadInput):
    """No turn has this code."""

    code = "unknown_turn"
    sentence = gettext_noop(
        "Kode giliran itu tidak dikenal. Periksa lagi di tanda terima, atau kosongkan."
    )


class UnknownClaim(BadInput):
    """No claim has this code."""

    code = "unknown_claim"
    sentence = gettext_noop(
        "Kode klaim itu tidak dikenal. Periksa lagi di tanda terima, atau kosongkan."
    )


class UnknownOfficer(BadInput):
    """Nobody works here under this number."""

    code = "unknown_officer"
    sentence = gettext_noop("Petugas itu tidak dikenal. Pilih dari daftar, atau kosongkan.")


class UnknownAgency(BadInput):
    """Whom a complaint is forwarded to must be named."""

    code = "unknown_agency"
    sentence = gettext_noop("Tulis nama instansi yang berwenang, misalnya Dinas Tenaga Kerja.")


class UnknownComplaint(Refusal):
    """No complaint has this code."""

    code = "complaint_not_found"
    sentence = gettext_noop(
        "Kode aduan itu tidak dikenal. Periksa lagi di tanda terima, lalu coba lagi."
    )


class NotTheirs(Refusal):
    """Somebody who was named in it, or answered before, doesn't handle a complaint."""

    code = "not_theirs_to_handle"
    sentence = gettext_noop(
        "Petugas ini tidak bisa menangani aduan ini: ia terlibat di dalamnya, sudah menjawabnya, "
        "atau tidak bertugas di tingkat yang menanganinya. Pilih petugas lain, atau naikkan."
    )


class NoHigherLevel(Refusal):
    """The centre has it: there is nobody above."""

    code = "no_higher_level"
    sentence = gettext_noop("Aduan ini sudah di kantor pusat. Tidak ada tingkat di atasnya.")


class TooManyAttachments(FileRefused):
    """Three photos show enough; more would be a burden to look through."""

    code = "too_many_attachments"
    sentence = gettext_noop(
        "Aduan ini sudah punya %(most)s foto atau PDF. Hapus dulu salah satunya, atau gabungkan "
        "beberapa foto menjadi satu PDF."
    )


class TooManyTries(FileRefused):
    """Each try costs the machine a second."""

    code = "too_many_tries_today"
    sentence = gettext_noop(
        "Hari ini sudah %(most)s kali berkas dikirim untuk aduan ini. Coba lagi besok, atau "
        "tunjukkan fotonya kepada petugas."
    )


class BadFile(BadInput):
    """A file of the national complaint system can't be read."""

    code = "bad_complaint_file"
    sentence = gettext_noop("Berkas aduan tidak terbaca pada baris %(line)s: %(why)s")


class NameProtected(Refusal):
    """Who complained asked for protection: only the region's unit reads the name."""

    code = "name_protected"
    sentence = gettext_noop(
        "Nama pelapor dilindungi. Hanya unit pengaduan kantor wilayah yang boleh melihatnya, dan "
        "setiap kali dilihat dicatat."
    )
