"""What a citizen or an officer may be told "no" to, and what they can do instead."""

from __future__ import annotations

from giliran.core.refusal import Refusal, gettext_noop


class NoPlaceLeft(Refusal):
    """The window or the day's walk-in places are gone."""

    code = "no_place_left"
    sentence = gettext_noop("Tempat pada jam ini sudah habis. Silakan pilih jam lain.")


class NoWalkInPlaceLeft(Refusal):
    """No number can be given at the door any more today."""

    code = "no_walk_in_place_left"
    sentence = gettext_noop(
        "Nomor untuk hari ini sudah habis. Silakan ambil janji untuk hari lain; tempatnya pasti."
    )


class OfficeShut(Refusal):
    """Numbers are given only while the doors are open."""

    code = "office_shut"
    sentence = gettext_noop("Kantor sedang tutup, jadi nomor belum bisa diambil.")


class ServiceNotHere(Refusal):
    """No counter of this office serves what was asked for."""

    code = "service_not_here"
    sentence = gettext_noop("Kantor ini tidak melayani keperluan itu. Silakan pilih kantor lain.")


class AlreadyHasTurn(Refusal):
    """One person holds at most one open turn per service."""

    code = "already_has_turn"
    sentence = gettext_noop(
        "NIK ini sudah punya giliran untuk layanan ini. Gunakan kode giliran yang sudah "
        "diterima untuk melihat, memindahkan, atau membatalkannya."
    )


class NotToday(Refusal):
    """Somebody checks in on another day than their turn's."""

    code = "not_today"
    sentence = gettext_noop("Giliran ini untuk tanggal %(day)s, bukan hari ini.")


class NotAtThisOffice(Refusal):
    """Somebody checks in at another office than their turn's."""

    code = "not_at_this_office"
    sentence = gettext_noop("Giliran ini di %(office)s, bukan di kantor ini.")


class TooLateToMove(Refusal):
    """The window is over; the place can't be exchanged any more."""

    code = "too_late_to_move"
    sentence = gettext_noop(
        "Jam giliran ini sudah lewat, jadi tidak bisa dipindahkan. Silakan ambil giliran baru."
    )


class CounterNotOpen(Refusal):
    """An officer calls from a counter that they haven't opened."""

    code = "counter_not_open"
    sentence = gettext_noop("Anda belum membuka loket. Buka loket dulu, lalu panggil.")


class CounterBusy(Refusal):
    """Somebody is still at this counter."""

    code = "counter_busy"
    sentence = gettext_noop(
        "Nomor %(number)s masih di loket Anda. Selesaikan, tunda, atau pindahkan dulu."
    )


class NobodyAtCounter(Refusal):
    """The action needs somebody at the counter."""

    code = "nobody_at_counter"
    sentence = gettext_noop("Belum ada orang di loket Anda. Panggil nomor berikutnya dulu.")


class WrongPerson(Refusal):
    """The turn is bound to another NIK: a place can't be handed on."""

    code = "wrong_person"
    sentence = gettext_noop(
        "Giliran ini atas NIK lain dan tidak dapat dialihkan. "
        "Bantu orang ini mengambil giliran baru atas namanya sendiri."
    )
