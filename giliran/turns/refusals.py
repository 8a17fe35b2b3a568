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
        "Nomor untuk hari ini sudah habis. Silakan ambil giliran untuk hari lain. Gratis."
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


class NoDrawHere(Refusal):
    """The region doesn't draw, or the offices are of more than one region."""

    code = "no_draw_here"
    sentence = gettext_noop(
        "Undian hanya untuk kantor-kantor dalam satu wilayah yang memakai undian. "
        "Pilih kantor dari satu wilayah, atau ambil giliran langsung."
    )


class AlreadyApplied(Refusal):
    """One person has at most one open application per service, across all channels."""

    code = "already_applied"
    sentence = gettext_noop(
        "NIK ini sudah punya permohonan untuk layanan ini dan ikut setiap undian. Gunakan kode "
        "permohonan yang sudah diterima untuk melihat, mengubah, atau menariknya."
    )


class DrawIsRunning(Refusal):
    """The round is closed and not yet drawn: its list is fixed."""

    code = "draw_is_running"
    sentence = gettext_noop(
        "Undian sedang berlangsung, jadi permohonan tidak bisa diubah. Tunggu hasilnya sebentar, "
        "lalu buka lagi halaman ini."
    )


class NotOpenAnyMore(Refusal):
    """The application has won a turn or was withdrawn."""

    code = "not_open_any_more"
    sentence = gettext_noop(
        "Permohonan ini sudah selesai, jadi tidak bisa diubah lagi. Ajukan permohonan baru bila "
        "masih perlu."
    )


class NothingToDecline(Refusal):
    """No turn was won, or its window is over or has begun to be used."""

    code = "nothing_to_decline"
    sentence = gettext_noop("Tidak ada giliran yang bisa dikembalikan untuk permohonan ini.")


class PartyIsFull(Refusal):
    """More people want to come together than a draw can seat."""

    code = "party_is_full"
    sentence = gettext_noop(
        "Paling banyak %(most)s permohonan bisa diundi bersama. Ajukan yang lain sendiri."
    )


class TooManyNiksForPhone(Refusal):
    """One telephone applies for more people than a family has."""

    code = "too_many_niks_for_phone"
    sentence = gettext_noop(
        "Nomor telepon ini sudah dipakai untuk %(most)s orang. Pakai nomor lain, kosongkan, atau "
        "minta bantuan petugas di kantor atau gerai terdekat."
    )


class TooManyPhones(Refusal):
    """One NIK applies with ever new telephones."""

    code = "too_many_phones"
    sentence = gettext_noop(
        "NIK ini sudah memakai %(most)s nomor telepon dalam 30 hari. Pakai salah satu nomor itu, "
        "atau minta bantuan petugas di kantor atau gerai terdekat."
    )


class TooManyFromHere(Refusal):
    """One net address sends very many applications."""

    code = "too_many_from_here"
    sentence = gettext_noop(
        "Terlalu banyak permohonan dari jaringan internet ini. Coba dari jaringan lain, atau minta "
        "bantuan petugas di kantor atau gerai terdekat. Semua layanan gratis."
    )


class CardNotChecked(Refusal):
    """A drawn turn is about to be served and nobody has held a card against it."""

    code = "card_not_checked"
    sentence = gettext_noop(
        "Giliran ini dari undian dan terikat pada satu orang. Cocokkan dulu nama dan NIK di KTP, "
        "lalu mulai melayani."
    )


class ShowCardFirst(Refusal):
    """A NIK won places, never came, and nobody has ever seen its card."""

    code = "show_card_first"
    sentence = gettext_noop(
        "NIK ini sudah %(times)s kali mendapat giliran dan tidak datang. Untuk mengajukan lagi, "
        "tunjukkan KTP kepada petugas di kantor atau gerai terdekat. Gratis."
    )


class NothingToConfirm(Refusal):
    """Somebody says that they come, and the turn isn't one that is still to come."""

    code = "nothing_to_confirm"
    sentence = gettext_noop(
        "Giliran ini tidak menunggu kedatangan lagi. Lihat keadaannya di halaman giliran."
    )
