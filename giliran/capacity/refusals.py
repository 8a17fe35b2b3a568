"""Why something about leave or a loan can't be done, and what is possible now."""

from __future__ import annotations

from giliran.core.refusal import BadInput, Refusal, gettext_noop


class BadDays(BadInput):
    """The days are over, in the wrong order, or too many."""

    code = "bad_days"
    sentence = gettext_noop(
        "Tanggalnya belum benar: mulai hari ini atau sesudahnya, selesai tidak sebelum mulai, "
        "paling lama tiga bulan."
    )


class BadKind(BadInput):
    """Sickness isn't asked for; it is told."""

    code = "bad_kind"
    sentence = gettext_noop("Pilih jenis cuti yang ada pada daftar.")


class RefusalWithoutReason(BadInput):
    """Whoever is told no is told why."""

    code = "refusal_without_reason"
    sentence = gettext_noop("Tulis alasannya, paling banyak %(most)s huruf.")


class AwayAlready(Refusal):
    """Two leaves of one officer would overlap."""

    code = "away_already"
    sentence = gettext_noop(
        "Sudah ada cuti mulai %(first)s. Tarik dulu yang lama, atau pilih tanggal lain."
    )


class LeaveDecided(Refusal):
    """Somebody else decided first, or the officer withdrew it."""

    code = "leave_decided"
    sentence = gettext_noop("Permintaan ini sudah %(state)s, jadi tidak bisa diubah lagi di sini.")


class NotOwnLeave(Refusal):
    """Nobody approves their own leave."""

    code = "not_own_leave"
    sentence = gettext_noop("Cuti sendiri diputuskan orang lain. Minta kantor wilayah.")


class NotStaffOfOffice(Refusal):
    """Somebody asks at an office where they have no post."""

    code = "not_staff_of_office"
    sentence = gettext_noop("Petugas ini tidak bertugas di kantor itu.")


class LoanOver(Refusal):
    """What is to be lent is over, or so late that they couldn't be there before it ends."""

    code = "loan_over"
    sentence = gettext_noop("Sudah terlambat untuk meminjam pada hari itu.")


class NotPutDown(Refusal):
    """Only who works that day can work elsewhere that day."""

    code = "not_put_down"
    sentence = gettext_noop("%(who)s tidak dijadwalkan pada hari itu. Pilih petugas lain.")


class AwayThatDay(Refusal):
    """Nobody on leave is lent."""

    code = "away_that_day"
    sentence = gettext_noop("%(who)s sedang cuti atau sakit pada hari itu. Pilih petugas lain.")


class LentAlready(Refusal):
    """One loan a day: asked for or agreed on."""

    code = "lent_already"
    sentence = gettext_noop("%(who)s sudah diminta atau dipinjam kantor lain pada hari itu.")


class TooFar(Refusal):
    """Officers are lent within their region."""

    code = "too_far"
    sentence = gettext_noop("Petugas hanya bisa dipinjam dari kantor lain dalam satu wilayah.")


class LoanAnswered(Refusal):
    """It was answered or withdrawn meanwhile."""

    code = "loan_answered"
    sentence = gettext_noop("Permintaan ini sudah %(state)s. Muat ulang untuk melihat keadaannya.")


class CannotSubstitute(Refusal):
    """Not somebody of this office, or not free that day."""

    code = "cannot_substitute"
    sentence = gettext_noop("%(who)s tidak bisa menggantikan pada hari itu. Pilih orang lain.")


class OwnLoan(Refusal):
    """Who heads an office doesn't answer whether they themselves are lent."""

    code = "own_loan"
    sentence = gettext_noop("Pinjaman diri sendiri dijawab oleh kantor wilayah, bukan di sini.")
