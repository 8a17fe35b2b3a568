"""The papers of a claim, as the law of the day lists them for one situation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from giliran.claims.refusals import UnknownKind
from giliran.claims.verdicts import law, verdict
from giliran.core.checklist import FOLDER, Bringer, Paper, checklist
from giliran.core.eligibility import UnreadableSituation
from giliran.core.eligibility.answer import Answer

CARD = "KARTU_PESERTA"
NUMBER_WRITTEN = "Foto kartu peserta (nomornya sudah ditulis)"
NUMBER_WRITTEN_EN = "Photo of the membership card (its number is given)"
SCHOLARSHIP = "scholarship"  # one list for two programs


def kind_of(answer: Answer) -> str:
    """Return the checklist that an answer read, such as "jht/dismissed"; empty if none."""
    kinds = (article.key.removeprefix(f"{FOLDER}/") for article in answer.articles)
    return next((kind for kind in kinds if _is_known(answer.program, kind)), "")


def answer_for(situation: Mapping[str, Any], *, program: str, today: date) -> Answer:
    """Answer a situation for one program under the law of ``today``.

    Raises ``UnreadableSituation``.
    """
    return verdict({**situation, "program": program, "date": today.isoformat()}, today)


def papers_for(
    situation: Mapping[str, Any], *, program: str, kind: str, today: date, kpj: str = ""
) -> tuple[Paper, ...]:
    """Return the papers to bring for a kind of claim: fewer, the more the situation tells.

    The law asks for the card or its number: who wrote the number (``kpj``) needn't show the card.
    Raises ``UnknownKind`` if no list of that name was in force, or ``UnreadableSituation``.
    """
    if not _is_known(program, kind):
        raise UnknownKind("kind")
    answer = answer_for(situation, program=program, today=today)
    if kind_of(answer) == kind and answer.documents:
        return _listed(answer.documents, situation, kpj)
    bare = checklist(kind, law().on(today), Bringer(conditions=_heir(situation)))
    if bare is None:
        raise UnknownKind("kind")
    return _listed(bare, situation, kpj)


def listed_again(
    situation: Mapping[str, Any], *, program: str, kind: str, day: date, kpj: str = ""
) -> tuple[Paper, ...]:
    """Return the papers with their reasons and issuers as they were listed on a day.

    Empty where the rules can't list them any more: a claim outlives its checklist.
    """
    try:
        return papers_for(situation, program=program, kind=kind, today=day, kpj=kpj)
    except (UnknownKind, UnreadableSituation):
        return ()


def _heir(situation: Mapping[str, Any]) -> dict[str, bool]:
    """Return what is known of a claimant who is an heir, though too little to decide is known."""
    claimant = situation.get("claimant")
    heir = claimant.get("heir") if isinstance(claimant, Mapping) else None
    if not heir:
        return {}
    return {
        "heir_is_spouse": heir == "spouse",
        "heir_is_child": heir == "child",
        "heir_named_in_will": heir == "named_in_will",
    }


def _is_known(program: str, kind: str) -> bool:
    if kind == SCHOLARSHIP:
        return program in {"JKK", "JKM"}
    return kind.startswith(f"{program.lower()}/") and f"{FOLDER}/{kind}" in law()


def _listed(papers: Iterable[Paper], situation: Mapping[str, Any], kpj: str) -> tuple[Paper, ...]:
    cards = situation.get("cards")
    # Of several cards one number says nothing of the others.
    if not kpj or (isinstance(cards, list) and len(cards) > 1):
        return tuple(_once(papers))
    return tuple(
        replace(paper, need="if_available", name=NUMBER_WRITTEN, name_en=NUMBER_WRITTEN_EN)
        if (paper.code, paper.of, paper.need) == (CARD, "", "yes")
        else paper
        for paper in _once(papers)
    )


def _once(papers: Iterable[Paper]) -> Iterator[Paper]:
    """Leave out a paper that a list and its extras both name; the first one is the stricter."""
    seen = set()
    for paper in papers:
        if (paper.code, paper.of) not in seen:
            seen.add((paper.code, paper.of))
            yield paper


def name_of_paper(code: str) -> str:
    """Return a paper's Indonesian name, in the catalogue as it is last known; else its code."""
    catalogue = law()[f"{FOLDER}/catalogue"].values[-1].value
    entry = catalogue.get(code) if isinstance(catalogue, dict) else None
    return str(entry["id"]) if entry else code
