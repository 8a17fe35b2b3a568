"""What a conversation says of a complaint, and which ones it may speak of.

Those that it made itself, those whose news its contact is told, and those whose whole code was
typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from giliran.conversations.holdings import KEPT_COMPLAINTS, kept
from giliran.conversations.world import World
from giliran.core.complaint import OPEN, STATE_WORDS, Move, State
from giliran.core.conversation import Choice, Offered
from giliran.core.identifiers import written_code
from giliran.core.refusal import NotFound
from giliran.messages import queries as messages
from giliran.messages import spoken
from giliran.voices import complaints
from giliran.voices.models import Complaint

Known = Mapping[str, str]

ANSWER_LETTERS = 600
BRIEF_LETTERS = 60  # where a screen or an SMS is all there is
_ACTS: Mapping[Move, str] = {Move.CONFIRM: "confirm", Move.DISPUTE: "dispute", Move.ADD: "add"}


def my_complaints(world: World, known: Known) -> list[complaints.View]:
    """Return the open complaints that this conversation may speak of, newest first."""
    contact_id = world.conversation.contact_id
    ids = [*kept(known, KEPT_COMPLAINTS)]
    ids += messages.subjects(contact_id, "complaint") if contact_id else []
    found = Complaint.objects.filter(id__in=ids, state__in=sorted(OPEN)).order_by("-id")
    return [complaints.view_of(one) for one in found]


def complaint_of(known: Known) -> complaints.View:
    """Return the complaint that is spoken of; raises ``NotFound``."""
    number = known.get("complaint_seen", "")
    found = Complaint.objects.filter(id=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise NotFound
    return complaints.view_of(found)


def which(world: World, known: Known, language: str) -> Offered:
    return Offered(
        tuple(
            Choice(str(one.id), f"{written_code(one.code)} {gettext(STATE_WORDS[one.state])}")
            for one in my_complaints(world, known)
        )
    )


def told(world: World, known: Known, language: str) -> Offered:
    """Say how a complaint stands and what was answered, and offer what its owner can do."""
    view = complaint_of(known)
    names = {
        "confirm": gettext("Cukup, selesai"),
        "dispute": gettext("Belum cukup"),
        "add": gettext("Tambah keterangan"),
        "photo": gettext("Tambah foto"),
        "menu": gettext("Menu"),
    }
    acts = [act for move, act in _ACTS.items() if move in view.possible]
    if view.state == State.ANSWERED:
        acts.remove("add")  # what is still missing is an objection then
    elif Move.ADD in view.possible and not world.mouth.is_short:
        acts.append("photo")
    choices = tuple(Choice(act, names[act]) for act in (*acts, "menu"))
    return Offered(choices, fill={"complaint_told": _sentence(world, view, language)})


def _sentence(world: World, view: complaints.View, language: str) -> str:
    fill = {"code": written_code(view.code), "state": gettext(STATE_WORDS[view.state])}
    if view.due_on:
        fill["due"] = " " + world.say("complaint_due", language, day=day(world, view.due_on))
    elif view.state == State.ANSWERED and view.confirm_by:
        until = day(world, view.confirm_by)
        fill["due"] = " " + world.say("complaint_confirm_by", language, day=until)
    answers = [one.text for one in view.said if one.kind == "answer" and one.text]
    if answers:
        most = BRIEF_LETTERS if world.mouth.is_short else ANSWER_LETTERS
        said = world.say("complaint_answer", language, text=_brief(answers[-1], most))
        fill["answer"] = f" {said}" if world.mouth.is_short else f"\n{said}"
    if not world.mouth.is_short:
        fill["link"] = f"\n{link(world, view)}"
    return world.say("complaint_told", language, **fill)


def _brief(text: str, most: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 3].rsplit(' ', 1)[0]}..."


def day(world: World, value: date) -> str:
    """Return a day in the length that the channel bears."""
    return spoken.brief_day(value) if world.mouth.is_short else spoken.day(value)


def link(world: World, view: complaints.View) -> str:
    """Return the address of a complaint's page."""
    return world.page(reverse("complaint", args=[view.code]))
