"""What somebody may be told "no" to when they confirm an address."""

from __future__ import annotations

from giliran.core.refusal import BadInput, Refusal, gettext_noop


class WrongCode(Refusal):
    """The code is another one; ``left`` more tries."""

    code = "wrong_code"
    sentence = gettext_noop("Kode salah. Masih bisa dicoba %(left)s kali.")


class CodeExpired(Refusal):
    """The code's ten minutes are over, or none was asked for."""

    code = "code_expired"
    sentence = gettext_noop("Kode sudah tidak berlaku. Silakan minta kode baru.")


class TooManyTries(Refusal):
    """Too many wrong codes, or too many codes asked for."""

    code = "too_many_tries"
    sentence = gettext_noop("Sudah terlalu sering dicoba. Silakan coba lagi satu jam kemudian.")


class BadAddress(BadInput):
    """No e-mail address looks like this."""

    code = "bad_address"
    sentence = gettext_noop("Alamat email tidak dikenali. Tulis seperti nama@contoh.id.")


class ChannelNotHere(Refusal):
    """This installation has no provider for the channel."""

    code = "channel_not_here"
    sentence = gettext_noop("Kabar lewat cara ini belum tersedia. Silakan pilih cara lain.")


class NotConfirmed(Refusal):
    """Nothing is told to an address whose owner isn't known to read it."""

    code = "not_confirmed"
    sentence = gettext_noop("Nomor atau alamat ini belum dipastikan dengan kode.")


class NoAddressYet(Refusal):
    """There is no address at which somebody wants to be told."""

    code = "no_address_yet"
    sentence = gettext_noop(
        "Belum ada nomor atau alamat yang bisa dikabari. Tambahkan satu lebih dahulu."
    )
