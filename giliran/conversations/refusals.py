"""What somebody may be told "no" to in a conversation."""

from __future__ import annotations

from giliran.core.refusal import BadInput, Refusal, gettext_noop


class NotADocument(Refusal):
    """A film, a voice message, a program: nothing that can be read at a counter."""

    code = "not_a_document"
    sentence = gettext_noop("Berkas ini tidak dapat dibaca. Kirim foto (JPG, PNG) atau PDF.")


class DocumentTooLarge(Refusal):
    """The file is larger than may be kept."""

    code = "document_too_large"
    sentence = gettext_noop("Berkas terlalu besar. Kirim foto atau PDF paling besar 6 MB.")


class TooManyDocuments(Refusal):
    """Somebody sends more files in a day than a claim has papers."""

    code = "too_many_documents"
    sentence = gettext_noop(
        "Sudah %(most)s berkas hari ini. Kirim sisanya besok, atau bawa ke kantor."
    )


class TooManyRequests(Refusal):
    """Somebody opens ever new requests at an office's inbox."""

    code = "too_many_requests"
    sentence = gettext_noop(
        "Sudah ada %(most)s permintaan yang menunggu jawaban petugas. Tunggu jawabannya dulu, "
        "atau hubungi 175."
    )


class TooManyFromHere(Refusal):
    """One net address fills inboxes or the store of files, from ever new sessions."""

    code = "too_many_from_here"
    sentence = gettext_noop(
        "Dari jaringan ini terlalu banyak permintaan ke petugas. Coba lagi nanti, atau telepon 175."
    )


class NotMinutes(BadInput):
    """The way to the office is no number of minutes."""

    code = "not_minutes"
    sentence = gettext_noop("Tulis lama perjalanan dalam menit, dari 0 sampai 600.")


class NoClaimCode(BadInput):
    """What was written is neither a claim's code nor words about it."""

    code = "no_claim_code"
    sentence = gettext_noop(
        "Kode klaim terdiri dari 8 huruf dan angka, misalnya K7QM-3XPA. Periksa lagi di tanda "
        "terima."
    )


class NothingWritten(BadInput):
    """An officer's answer without a word."""

    code = "nothing_written"
    sentence = gettext_noop("Tulis dulu jawabannya.")


class AlreadyClosed(Refusal):
    """Another officer has ended this."""

    code = "already_closed"
    sentence = gettext_noop("Permintaan ini sudah selesai.")


class ConsentNeeded(BadInput):
    """An officer may speak for somebody only with their consent."""

    code = "consent_needed"
    sentence = gettext_noop("Tanyakan dulu persetujuan orangnya, lalu centang kotaknya.")
