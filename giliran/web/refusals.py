"""Saying "no" in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext, gettext_noop

from giliran.core.life import MoveRefused
from giliran.core.refusal import Refusal
from giliran.web.templatetags.giliran import state_name

MOVES = {
    "check_in": gettext_noop("lapor hadir"),
    "reschedule": gettext_noop("pindah jam"),
    "call": gettext_noop("panggil"),
    "call_again": gettext_noop("panggil lagi"),
    "start": gettext_noop("mulai"),
    "finish": gettext_noop("selesai"),
    "transfer": gettext_noop("pindahkan"),
    "park": gettext_noop("tunda sebentar"),
    "take_back": gettext_noop("layani lagi"),
    "rejoin": gettext_noop("kembali ke antrean"),
    "no_show": gettext_noop("tidak hadir"),
    "cancel": gettext_noop("batalkan"),
    "leave": gettext_noop("pulang"),
    "identify": gettext_noop("periksa identitas"),
    "book": gettext_noop("ambil janji"),
    "take_number": gettext_noop("ambil nomor"),
}


def sentence(refusal: Refusal) -> str:
    """Return a refusal as one sentence in the language of the request."""
    params = refusal.params
    if isinstance(refusal, MoveRefused):
        words = refusal.move_words or MOVES
        params = {
            "move": gettext(words[refusal.move]),
            "state": gettext(refusal.state_words[refusal.state])
            if refusal.state_words
            else state_name(refusal.state),
            "possible": ", ".join(gettext(words[move]) for move in refusal.allowed)
            or gettext("tidak ada"),
        }
    readable = {
        name: formats.date_format(value, "l, j F Y") if isinstance(value, date) else value
        for name, value in params.items()
    }
    return gettext(refusal.sentence) % readable
