"""How turns, days and offices are worded in a conversation; in the language switched on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from giliran.conversations.world import World
from giliran.core.identifiers import written_code
from giliran.core.refusal import Refusal
from giliran.core.turn import MoveNotAllowed, State
from giliran.turns import promises
from giliran.turns.wordings import spoken

if TYPE_CHECKING:
    from giliran.capacity.models import Offer
    from giliran.offices.models import Office, Service
    from giliran.turns.models import Turn

_STATES: Mapping[str, str] = {
    State.WAITING: "Menunggu",
    State.CALLED: "Dipanggil",
    State.SERVING: "Sedang dilayani",
    State.PARKED: "Ditunda sebentar",
    State.FINISHED: "Selesai",
    State.NO_SHOW: "Tidak hadir",
    State.CANCELLED: "Dibatalkan",
    State.LEFT: "Pulang sebelum dilayani",
}  # as every screen names them; translated there


_MOVED_ON = _("Giliran ini %(state)s, jadi tidak bisa diubah lagi. Tanyakan ke petugas atau 175.")


def worded(refusal: Refusal) -> str:
    """Return a refusal as one sentence in the language switched on."""
    if isinstance(refusal, MoveNotAllowed):
        state = gettext(_STATES.get(refusal.state, "Selesai")).lower()
        return gettext(_MOVED_ON) % {"state": state}
    readable = {
        name: spoken.day(value) if isinstance(value, date) else value
        for name, value in refusal.params.items()
    }
    return gettext(refusal.sentence) % readable


def service_name(service: Service) -> str:
    """Return a service's name in the reader's language."""
    return service.name if (get_language() or "id") == "id" else service.name_en


def office_words(office: Office) -> dict[str, str]:
    """Return an office's names, whole and short."""
    return {"office_label": office.name, "office_short": spoken.place(office.name)}


def when(begins: datetime, ends: datetime, office: Office) -> dict[str, str]:
    """Return a window, whole and short."""
    window = spoken.window(begins, ends, office)
    day = spoken.local_day(begins, office)
    return {
        "when": f"{spoken.day(day)}, {window}",
        "when_short": f"{spoken.brief_day(day)} {window}",
    }


def of_offer(offer: Offer, office: Office) -> dict[str, str]:
    return when(offer.starts_at, offer.ends_at, office)


def half_name(day: date, half: str) -> str:
    """Return Sel 24 Nov pagi."""
    part = gettext("pagi") if half == "am" else gettext("siang")
    return f"{spoken.brief_day(day)} {part}"


def turn_fill(world: World, turn: Turn, language: str) -> dict[str, str]:
    """Return everything that a sentence may say of a turn; never a name or a NIK."""
    office = turn.office
    fill = {
        "code": written_code(turn.code),
        "service": service_name(turn.service),
        "link": world.page(reverse("turn", args=[turn.code])),
        **office_words(office),
    }
    if turn.window_from and turn.window_till:
        fill |= when(turn.window_from, turn.window_till, office)
    else:
        day = spoken.day(turn.day)
        fill |= {"when": day, "when_short": spoken.brief_day(turn.day)}
    if turn.state != State.BOOKED:
        fill["state"] = f"{gettext(_STATES[turn.state])}."
    promised = promises.promise_of(turn.id)
    if promised is not None and promised.ends > world.now:
        span = spoken.window(promised.begins, promised.ends, office)
        fill["promise"] = " " + world.say("promise", language, span=span)
        fill["promise_short"] = f" ({span})"
    comes = promises.come_at(turn, now=world.now)
    if comes is not None and turn.window_till and turn.window_till > world.now:
        said = world.say("come_at", language, time=spoken.clock(comes, office))
        fill["promise"] = f"{fill.get('promise', '')} {said}"
    return fill


def turn_words(world: World, turn: Turn, language: str) -> dict[str, str]:
    """Return a turn as whole sentences, as ``turn`` and ``turn_short``."""
    fill = turn_fill(world, turn, language)
    said = world.say("turn", language, **fill)
    return {**fill, "turn": said, "turn_short": said}
