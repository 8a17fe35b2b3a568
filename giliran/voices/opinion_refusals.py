"""What somebody may be told "no" to who says how a visit was."""

from __future__ import annotations

from giliran.core.refusal import BadInput, Refusal, gettext_noop


class NoScore(BadInput):
    """None of the four answers was chosen."""

    code = "no_score"
    sentence = gettext_noop("Pilih dulu salah satu: tidak baik, kurang baik, baik, sangat baik.")


class TooLateToRate(Refusal):
    """The visit was too long ago for an answer to be counted with it."""

    code = "too_late_to_rate"
    sentence = gettext_noop(
        "Waktu menilai kunjungan ini sudah lewat. Ada keluhan? Sampaikan lewat halaman pengaduan "
        "atau Layanan Masyarakat 175."
    )


class NotServedYet(Refusal):
    """Nobody is asked before they were served."""

    code = "not_served_yet"
    sentence = gettext_noop("Kunjungan ini belum selesai. Nilailah sesudah Bapak/Ibu dilayani.")
