"""What a claimant or an officer may be told "no" to, and what they can do instead."""

from __future__ import annotations

from giliran.core.refusal import BadInput, Refusal, gettext_noop


class BadBirth(BadInput):
    """A birth date can't be read, lies in the future or before 1900."""

    code = "bad_birth"
    sentence = gettext_noop(
        "Tanggal lahir tidak terbaca. Tulis tanggal, bulan, dan tahun, misalnya 17-08-1985."
    )


class BadKpj(BadInput):
    """A membership number has 11 digits or letters."""

    code = "bad_kpj"
    sentence = gettext_noop(
        "Nomor kartu (KPJ) terdiri dari 11 angka atau huruf. Periksa lagi di kartu atau di JMO."
    )


class UnknownKind(BadInput):
    """No checklist of that day has this name."""

    code = "unknown_kind"
    sentence = gettext_noop(
        "Jenis klaim itu tidak dikenal. Pilih alasan klaim dari daftar, atau tanyakan ke petugas."
    )


class BadAccount(BadInput):
    """No account can have this number."""

    code = "bad_account"
    sentence = gettext_noop(
        "Tulis nomor rekening dengan angka saja, seperti di buku tabungan, misalnya 001234567890."
    )


class HolderDiffers(BadInput):
    """Benefits go to an account of the one who is entitled (Permenaker 4/2023 Pasal 57)."""

    code = "holder_differs"
    sentence = gettext_noop(
        "Nama pemilik rekening berbeda dari nama penerima manfaat. Uang hanya bisa dikirim ke "
        "rekening atas nama sendiri; untuk anak, boleh nama wali QQ nama anak. Tulis nama seperti "
        "di buku tabungan, atau pakai rekening lain."
    )


class BadAmount(BadInput):
    """Rupiah, zero or more; more than zero to be approved."""

    code = "bad_amount"
    sentence = gettext_noop("Tulis jumlah dalam rupiah, angka saja, misalnya 42000000.")


class BadRefusal(BadInput):
    """A refusal names its article and its reason."""

    code = "bad_refusal"
    sentence = gettext_noop(
        "Penolakan harus menyebut pasal dan alasan yang bisa dipahami. Isi keduanya."
    )


class AlreadyClaimed(Refusal):
    """One person has at most one open claim of a kind on a card; says nothing private."""

    code = "already_claimed"
    sentence = gettext_noop(
        "Klaim yang sama sudah diajukan dan belum selesai. Buka dengan kode klaim dan tanggal "
        "lahir, atau tanyakan ke petugas dengan KTP."
    )


class PapersMissing(Refusal):
    """Papers that are needed haven't been sent, or must be sent anew."""

    code = "papers_missing"
    sentence = gettext_noop("Berkas belum lengkap. Yang masih kurang: %(papers)s.")


class PapersNotChecked(Refusal):
    """A needed paper hasn't been accepted yet."""

    code = "papers_not_checked"
    sentence = gettext_noop(
        "Masih ada berkas yang belum diterima: %(papers)s. Periksa dulu satu per satu."
    )


class NothingToAskFor(Refusal):
    """All papers are there and right, so there is nothing to ask for."""

    code = "nothing_to_ask_for"
    sentence = gettext_noop(
        "Tidak ada berkas yang kurang atau salah. Tandai dulu berkas yang perlu diperbaiki, lalu "
        "kembalikan."
    )


class AccountMissing(Refusal):
    """Nobody can be paid without an account."""

    code = "account_missing"
    sentence = gettext_noop("Isi dulu rekening untuk menerima uang, lalu kirim klaimnya.")


class PapersFixed(Refusal):
    """The claim is decided or ended; its papers stay as they are."""

    code = "papers_fixed"
    sentence = gettext_noop("Klaim ini sudah diputuskan, jadi berkasnya tidak bisa diubah lagi.")


class FaultMissing(BadInput):
    """Who sends a paper back says what is wrong with it."""

    code = "fault_missing"
    sentence = gettext_noop("Pilih apa yang salah pada berkas ini, supaya bisa diperbaiki.")


class NotByTheSameOfficer(Refusal):
    """Who verifies doesn't decide: four eyes."""

    code = "not_by_the_same_officer"
    sentence = gettext_noop(
        "Bapak/Ibu sudah memverifikasi klaim ini, jadi keputusan harus dibuat petugas lain."
    )


class DecidedBefore(Refusal):
    """The same benefit of the same person was approved in another claim."""

    code = "decided_before"
    sentence = gettext_noop(
        "Manfaat yang sama untuk peserta ini sudah disetujui dalam klaim %(code)s. Satu manfaat "
        "tidak dibayar dua kali. Bandingkan kedua berkas, lalu tolak atau kembalikan klaim ini."
    )


class NotYours(Refusal):
    """Code and birth date don't belong together, or no such claim exists: the same words."""

    code = "claim_not_found"
    sentence = gettext_noop(
        "Kode klaim atau tanggal lahir tidak cocok. Periksa lagi di tanda terima, lalu coba lagi."
    )


class NikDiffers(Refusal):
    """This isn't the NIK of who claims."""

    code = "nik_differs"
    sentence = gettext_noop(
        "NIK ini bukan milik orang yang mengajukan klaim. Periksa lagi di KTP, lalu coba lagi."
    )


class TooManyLooks(Refusal):
    """Somebody guesses at codes or birth dates."""

    code = "too_many_looks"
    sentence = gettext_noop(
        "Terlalu banyak percobaan. Tunggu %(minutes)s menit, lalu coba lagi, atau tanyakan ke "
        "petugas dengan KTP."
    )


class ClaimIsOver(Refusal):
    """A visit is asked for a claim that was taken back, closed or decided to its end."""

    code = "claim_is_over"
    sentence = gettext_noop(
        "Klaim ini sudah ditarik atau selesai, jadi tidak perlu giliran lagi. Lihat keadaannya di "
        "halaman klaim."
    )
