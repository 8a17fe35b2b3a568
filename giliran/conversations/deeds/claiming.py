"""A claim in a conversation: finding it, sending its papers, handing it in, beginning one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.urls import reverse

from giliran.claims import actions as claims
from giliran.claims import documents as claim_documents
from giliran.claims import queries
from giliran.claims.refusals import NotYours, TooManyLooks
from giliran.conversations import documents, rights
from giliran.conversations.claiming import begin_link, claim_of, my_claims, paper_label
from giliran.conversations.models import Document
from giliran.conversations.refusals import NoClaimCode, NotADocument
from giliran.conversations.words import worded
from giliran.conversations.world import World
from giliran.core.conversation import Document as Sent
from giliran.core.conversation import Outcome, Said
from giliran.core.identifiers import CODE_LENGTH, BadCode, parse_code
from giliran.core.refusal import NotFound, Refusal

Known = Mapping[str, str]

_LIKE_A_CODE = CODE_LENGTH + 2


def find_claims(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Find the claims that this contact hears of; anybody else says code and birth date."""
    mine = my_claims(world)
    if len(mine) == 1:
        return Outcome("one", known={"claim_id": str(mine[0].id)})
    return Outcome("several") if mine else Outcome("none")


def name_claim(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Read a code, or take words for what an officer is to look up."""
    text = known["claim"]
    try:
        return Outcome("code", known={"claim_code": parse_code(text), "claim": None})
    except BadCode:
        pass
    letters = re.sub(r"[\s\-]", "", text)
    if len(letters) <= _LIKE_A_CODE and any(one.isdigit() for one in letters):
        raise NoClaimCode("claim")
    return Outcome("words")


def track_claim(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Open a claim to who knows its code and the claimant's birth date."""
    address = world.speaker.address or f"{world.speaker.channel} {world.speaker.key}"
    try:
        found = queries.tracked(
            known["claim_code"],
            date.fromisoformat(known["birth"]),
            address=address,
            now=world.now,
        )
    except NotYours as refusal:
        return Outcome("wrong", (worded(refusal),), {"birth": None, "claim_code": None})
    except TooManyLooks as refusal:
        return Outcome("waits", (worded(refusal),))
    shown = {"claim_id": str(found.claim_id), "birth": None, "claim_code": None}
    return Outcome("found", known=shown)


def which_file(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Take the file that was sent before anybody was asked what it is, else ask for one."""
    return Outcome("kept" if known.get("document", "").isdecimal() else "ask")


def give_paper(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Keep a file with its paper; the machine's objections are said and it is asked for anew."""
    if said.document is None:
        raise NotADocument
    return _give(world, known, said.document, language)


def give_kept(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Move a file that the conversation kept to the claim's paper."""
    outcome = _give(world, known, taken(world, known.get("document", "")), language)
    return outcome._replace(known={**outcome.known, "document": None})


def insist_paper(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Send the file that a machine found hard to read; an officer sees the doubt."""
    sent = taken(world, known.get("doubted", ""))
    claim_documents.keep(
        _paper(known).id,
        sent.content,
        name=sent.name,
        insists=True,
        actor=world.actor,
        now=world.now,
    )
    return _sent(world, known, language)


def _give(world: World, known: Known, sent: Sent, language: str) -> Outcome:
    paper = _paper(known)
    try:
        claim_documents.keep(
            paper.id, sent.content, name=sent.name, actor=world.actor, now=world.now
        )
    except claim_documents.HardToRead as doubt:
        kept = documents.keep(world.conversation, sent, now=world.now)
        return Outcome("doubted", (worded(doubt),), {"doubted": str(kept.id)})
    except Refusal as refusal:
        return Outcome("refused", (worded(refusal),))
    return _sent(world, known, language)


def _sent(world: World, known: Known, language: str) -> Outcome:
    told = world.say("paper_sent", language, paper=paper_label(_paper(known)))
    return Outcome("sent", (told,), {"paper": None, "paper_label": None, "doubted": None})


def _paper(known: Known) -> queries.PaperView:
    papers = {str(one.id): one for one in queries.papers(claim_of(known).id)}
    if known.get("paper") not in papers:
        raise NotFound
    return papers[known["paper"]]


def taken(world: World, document_id: str) -> Sent:
    """Take a file out of the conversation: what is kept elsewhere needn't lie here as well."""
    mine = Document.objects.filter(conversation=world.conversation)
    kept = mine.filter(id=int(document_id or 0)).first()
    if kept is None:
        raise NotFound
    sent = Sent(kept.kind, documents.content(kept))
    kept.delete()
    return sent


def submit_claim(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Hand the claim in, now that nothing is lacking."""
    view = claim_of(known)
    try:
        claims.submit(view.id, actor=world.actor, now=world.now)
    except Refusal as refusal:
        link = world.page(reverse("claim", args=[view.code]))
        return Outcome("refused", (f"{worded(refusal)} {link}",))
    return Outcome("done", (world.say("claim_handed_in", language),))


def begin_claim(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Lead to the page where the claim is begun; by SMS and USSD, to people."""
    if world.mouth.is_short:
        return Outcome("here")
    answers = rights.answers_of(known)
    told = [
        world.say(
            "claim_begin", language, program=program, link=begin_link(world, answers, program)
        )
        for program in rights.claimable(world, answers)
    ]
    return Outcome("told", tuple(told))
