"""Why cards can't be joined, or not in this way."""

from __future__ import annotations

from giliran.core.refusal import BadInput, Refusal, gettext_noop


class AlreadyDecided(Refusal):
    """A colleague was faster."""

    code = "already_decided"
    sentence = gettext_noop(
        "Pasangan kartu ini sudah diputuskan oleh %(officer)s. Keputusan Anda tidak disimpan; "
        "lihat dulu keputusan yang ada."
    )


class AlreadyTogether(Refusal):
    """Both cards were joined by way of a third one."""

    code = "already_together"
    sentence = gettext_noop("Kedua kartu ini sudah tergabung. Tidak ada yang perlu diputuskan.")


class DecidedApart(Refusal):
    """Joining would put two cards together that were decided to be of two people."""

    code = "decided_apart"
    sentence = gettext_noop(
        "Kartu %(first)s dan %(second)s pernah diputuskan milik orang berbeda, dan akan ikut "
        "tergabung. Batalkan dulu keputusan itu kalau memang keliru."
    )


class UndoLaterFirst(Refusal):
    """Cards were joined to these since; what was before can only be restored step by step."""

    code = "undo_later_first"
    sentence = gettext_noop(
        "Kartu %(card)s digabung ke kelompok ini sesudahnya. Batalkan dulu penggabungan itu."
    )


class NothingToUndo(Refusal):
    """The match is open: nothing was decided, or it was undone by now."""

    code = "nothing_to_undo"
    sentence = gettext_noop("Keputusan ini sudah dibatalkan. Pasangan kartu menunggu diputuskan.")


class BadReason(BadInput):
    """A decision needs a reason that can be read later."""

    code = "bad_reason"
    sentence = gettext_noop("Tulis alasannya, 5 sampai 200 huruf. Jangan tulis NIK.")


class BadChoice(BadInput):
    """Neither of the two on the screen was chosen."""

    code = "bad_choice"
    sentence = gettext_noop("Pilih salah satu dari dua kartu.")


class BadKpj(BadInput):
    """A card number has eleven letters and digits."""

    code = "bad_kpj"
    sentence = gettext_noop("Nomor kartu (KPJ) terdiri dari 11 huruf atau angka. Periksa lagi.")


class UnknownCard(BadInput):
    """The register has no card with this number."""

    code = "unknown_card"
    sentence = gettext_noop(
        "Nomor kartu (KPJ) ini tidak ada di data kepesertaan. Periksa lagi di kartunya."
    )


class SameCard(BadInput):
    """One card was typed twice."""

    code = "same_card"
    sentence = gettext_noop("Ini nomor kartu yang sama. Tulis nomor kartu yang lain.")
