"""Saying "no" in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext, gettext_noop

from giliran.core import claim, complaint
from giliran.core.claim import ClaimMoveNotAllowed
from giliran.core.complaint import ComplaintMoveNotAllowed
from giliran.core.refusal import Refusal
from giliran.core.turn import MoveNotAllowed
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
    if isinstance(refusal, MoveNotAllowed):
        from giliran.core.turn import possible

        params = {
            "move": gettext(MOVES[refusal.move]),
            "state": state_name(refusal.state),
            "possible": ", ".join(gettext(MOVES[m]) for m in possible(refusal.state))
            or gettext("tidak ada"),
        }
    elif isinstance(refusal, ClaimMoveNotAllowed):
        can = claim.possible(refusal.state)
        params = {
            "move": gettext(claim.MOVE_WORDS[refusal.move]),
            "state": gettext(claim.STATE_WORDS[refusal.state]),
            "possible": ", ".join(gettext(claim.MOVE_WORDS[m]) for m in can)
            or gettext("tidak ada"),
        }
    elif isinstance(refusal, ComplaintMoveNotAllowed):
        left = complaint.possible(refusal.state)
        params = {
            "move": gettext(complaint.MOVE_WORDS[refusal.move]),
            "state": gettext(complaint.STATE_WORDS[refusal.state]),
            "possible": ", ".join(gettext(complaint.MOVE_WORDS[m]) for m in left)
            or gettext("tidak ada"),
        }
    readable = {
        name: formats.date_format(value, "l, j F Y") if isinstance(value, date) else value
        for name, value in params.items()
    }
    return gettext(refusal.sentence) % readable
