"""What a conversation says of a claim: how it stands, its papers, and where one is begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from giliran.claims import queries as claims
from giliran.claims.faults import sentence
from giliran.claims.queries import PaperView, Tracked
from giliran.conversations.world import World
from giliran.core.claim import OPEN, State
from giliran.core.conversation import Choice, Offered
from giliran.core.identifiers import written_code
from giliran.core.refusal import NotFound
from giliran.messages import queries as messages
from giliran.messages import spoken

Known = Mapping[str, str]

PAPERS_AT_ONCE = 8
PAPER_LETTERS = 40
# What an officer does with a complete file is one thing to the person who waits for it.
_SAID_AS = {State.VERIFIED: "claim_complete"}
_ON_THE_PAGE = frozenset({State.DRAFTED, State.RETURNED, State.BOUNCED, State.REFUSED})
_CAN_BE_HANDED_IN = frozenset({State.DRAFTED, State.RETURNED})


def my_claims(world: World) -> list[claims.ClaimView]:
    """Return the open claims whose news this contact is told: it may ask for them as well."""
    contact_id = world.conversation.contact_id
    ids = messages.subjects(contact_id, "claim") if contact_id else []
    return [one for one in map(claims.claim, ids) if one.state in OPEN]


def claim_of(known: Known) -> claims.ClaimView:
    """Return the claim that somebody has shown to be theirs; raises ``NotFound``."""
    if not known.get("claim_id", "").isdecimal():
        raise NotFound
    return claims.claim(int(known["claim_id"]))


def which(world: World, known: Known, language: str) -> Offered:
    return Offered(
        tuple(
            Choice(str(one.id), f"{one.program} {written_code(one.code)}")
            for one in my_claims(world)
        )
    )


def told(world: World, known: Known, language: str) -> Offered:
    """Say how a claim stands as its page does, and offer what is possible with it here."""
    view = claim_of(known)
    shown = claims.shown(view)
    # Originals that were never sent must be shown before the clock starts.
    waits = shown.state == State.COMPLETE and view.complete_on is None
    acts = []
    if shown.lacking and not world.mouth.is_short:  # photos can't be sent by SMS
        acts.append("send")
    if shown.state in _CAN_BE_HANDED_IN and not shown.lacking:
        acts.append("submit")
    names = {
        "send": gettext("Kirim dokumen"),
        "submit": gettext("Kirim ke petugas"),
        "human": gettext("Petugas"),
        "menu": gettext("Menu"),
    }
    choices = tuple(Choice(act, names[act]) for act in (*acts, "human", "menu"))
    return Offered(choices, fill={"claim_told": _sentence(world, shown, language, waits=waits)})


def _sentence(world: World, shown: Tracked, language: str, *, waits: bool) -> str:
    state = "claim_visit" if waits else _SAID_AS.get(shown.state, f"claim_{shown.state}")
    fill = {
        "code": written_code(shown.code),
        "state": world.say(state, language, paid=_day(world, shown.paid_on)),
    }
    if shown.due_on:
        fill["due"] = " " + world.say("claim_due", language, day=_day(world, shown.due_on))
    if shown.lacking:
        fill["lacking"] = _lacking(world, shown.lacking, language)
    if shown.state in _ON_THE_PAGE and not world.mouth.is_short:
        fill["link"] = f"\n{world.page(reverse('claim', args=[shown.code]))}"
    return world.say("claim_told", language, **fill)


def _lacking(world: World, papers: tuple[PaperView, ...], language: str) -> str:
    if world.mouth.is_short:
        return " " + world.say("claim_lacking", language, count=str(len(papers)))
    lines = "".join(f"\n- {one.name}{_fault(one)}" for one in papers)
    return "\n" + world.say("claim_lacking", language, papers=lines)


def _fault(paper: PaperView) -> str:
    if paper.state != "wrong":
        return ""
    return f": {sentence(paper.fault, text=paper.fault_text)}"


def _day(world: World, day: date | None) -> str:
    if day is None:
        return ""
    return spoken.brief_day(day) if world.mouth.is_short else spoken.day(day)


def papers(world: World, known: Known, language: str) -> Offered:
    """Offer the papers that are still needed, those that were sent back first."""
    lacking = claims.shown(claim_of(known)).lacking
    ordered = sorted(lacking, key=lambda one: one.state != "wrong")[:PAPERS_AT_ONCE]
    return Offered(tuple(Choice(str(one.id), paper_label(one)) for one in ordered))


def paper_label(paper: PaperView) -> str:
    """Return a paper's name without its explanations: "Kartu Peserta BPJS Ketenagakerjaan"."""
    name = paper.name
    for explains in (" (", " / ", " atau "):
        name = name.partition(explains)[0]
    return name if len(name) <= PAPER_LETTERS else f"{name[: PAPER_LETTERS - 1]}…"


def begin_link(world: World, answers: Mapping[str, str], program: str) -> str:
    """Return the address where a claim is begun with the answers that were given."""
    return world.page(f"{reverse('claim_begin')}?{urlencode({**answers, 'untuk': program})}")
