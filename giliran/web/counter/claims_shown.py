"""What a claim's file shows at the desk; every look at the claimant is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from giliran.claims import faults, queries, worklists
from giliran.claims.checklists import answer_for
from giliran.claims.dialogue import Done
from giliran.claims.wordings.facts import said
from giliran.core.claim import OPEN, Move
from giliran.core.eligibility.reading import UnreadableSituation
from giliran.core.identifiers import masked_nik
from giliran.messages.queries import subscriptions
from giliran.offices import queries as offices
from giliran.people.queries import nik_of
from giliran.people.register import queries as register
from giliran.web.citizen.rights_answer import Shown, shown_answers
from giliran.web.counter.claims_findings import Finding, findings
from giliran.web.counter.claims_intake_form import bank_choices
from giliran.web.counter.claims_reach import Asked, frame
from giliran.web.counter.claims_words import (
    CHANNELS,
    HAPPENED,
    PAPER_STATES,
    PAPER_TAGS,
    TAGS,
    kind_name,
    left,
    state_name,
)
from giliran.web.templatetags.rights import OWNERS, spoken

FAULT_NAMES = {
    "blurred": gettext_noop("Buram"),
    "too_dark": gettext_noop("Terlalu gelap"),
    "empty": gettext_noop("Halaman kosong"),
    "cut_off": gettext_noop("Terpotong"),
    "wrong_paper": gettext_noop("Bukan dokumen yang diminta"),
    "name_differs": gettext_noop("Nama berbeda"),
    "nik_differs": gettext_noop("NIK berbeda"),
    "expired": gettext_noop("Sudah tidak berlaku"),
    "not_signed": gettext_noop("Belum ditandatangani"),
    "not_stamped": gettext_noop("Belum bercap atau bermeterai"),
    "pages_missing": gettext_noop("Ada halaman yang kurang"),
    "unreadable": gettext_noop("Tidak terbaca"),
    "other": gettext_noop("Lainnya, tulis di keterangan"),
}
RELATIONS = {
    "spouse": gettext_noop("suami atau istri"),
    "child": gettext_noop("anak"),
    "parent": gettext_noop("orang tua"),
    "sibling": gettext_noop("saudara kandung"),
    "other": gettext_noop("keluarga lain"),
}
JUDGED = frozenset({"submitted", "complete", "returned", "drafted", "verified"})
TAKEN_IN = frozenset({"drafted", "returned", "submitted", "complete"})


class ShownDocument(NamedTuple):
    """One file of a paper: where it is shown, and what the machine saw."""

    view: Any
    address: str
    said: list[Finding]

    @property
    def is_photo(self) -> bool:
        return str(self.view.kind).startswith("image/")


class PaperRow(NamedTuple):
    """One paper of the file, with what may be done about it."""

    paper: Any
    name: str
    state: str
    tag: str
    fault: str
    why: str
    documents: list[ShownDocument]


class Line(NamedTuple):
    """One line of a claim's history."""

    said: str
    at: datetime
    who: str


def papers(asked: Asked) -> list[PaperRow]:
    """Return the claim's papers in the order of the checklist."""
    return [
        PaperRow(
            one,
            _name(one),
            gettext(PAPER_STATES[one.state]),
            PAPER_TAGS[one.state],
            faults.sentence(one.fault, text=one.fault_text) if one.state == "wrong" else "",
            spoken(one.why),
            [_shown_document(asked, each) for each in one.documents],
        )
        for one in queries.papers(asked.claim.id)
    ]


def _shown_document(asked: Asked, view: Any) -> ShownDocument:
    where = [asked.office.slug, asked.claim.code, view.id]
    return ShownDocument(view, reverse("claim_document", args=where), findings(view.findings))


def _name(paper: Any) -> str:
    owner = gettext(OWNERS[paper.of]) if paper.of in OWNERS else ""
    return f"{paper.name}, {owner}" if owner else str(paper.name)


def wanted(rows: list[PaperRow]) -> list[str]:
    """Return the sentences that the claimant gets if papers are asked for now."""
    return [said(row.paper) for row in rows if row.paper.is_lacking]


def whole(asked: Asked) -> dict[str, Any]:
    """Return everything on the page; the claim is read again, and the looks are kept."""
    claim = queries.claim(asked.claim.id)
    asked = asked._replace(claim=claim)
    for what in ("name", "account", "situation", "register"):
        asked.looks(what)
    rows = papers(asked)
    office = offices.office_by_id(claim.office_id)
    today = offices.local_day(office, asked.now)
    nik, insured = nik_of(claim.claimant_id), claim.citizen_id != claim.claimant_id
    shown = _verdict(claim, office)
    total = shown.answer.total if shown else None
    possible = set(claim.possible)
    return {
        **frame(asked.request, asked.office),
        "asked": asked,
        "claim": claim,
        "of": office,
        "kind": kind_name(claim.kind),
        "state": state_name(claim.state),
        "tag": TAGS[claim.state],
        "left": left(claim.due_on, today, office, claim.clock),
        "mark": worklists.mark(claim),
        "name": queries.name_of(claim.id),
        "phone": queries.phone_of(claim.id),
        "nik": _grouped(masked_nik(nik)),
        "insured_nik": _grouped(masked_nik(nik_of(claim.citizen_id))) if insured else "",
        "channel": gettext(CHANNELS.get(claim.channel, claim.channel)),
        "account": queries.account_of(claim.id),
        "banks": bank_choices(),
        "reason": queries.reason_of(claim.id),
        "shown": shown,
        "answer": shown.answer if shown else None,
        "total": total,
        "articles": _articles(shown),
        "cards": register.cards_of(claim.citizen_id),
        "heir": _registered_heir(claim, nik) if insured else "",
        "rows": rows,
        "wanted": wanted(rows),
        "faults": [(code, gettext(FAULT_NAMES[code])) for code in faults.FAULTS],
        "is_untold": claim.state in OPEN and not is_told(claim.id),
        "history": _history(claim.id),
        "today": today,
        "judges": asked.may_check and claim.state in JUDGED,
        "takes_in": asked.may_take_in and claim.state in TAKEN_IN,
        "may_submit": asked.may_take_in and Move.SUBMIT in possible,
        "may_complete": asked.may_check and Move.COMPLETE in possible,
        "may_return": asked.may_check and Move.RETURN in possible,
        "may_verify": asked.may_verify and Move.VERIFY in possible,
        "may_decide": asked.may_decide and Move.APPROVE in possible,
        "is_verifier": claim.state == "verified" and claim.verified_by_id == asked.officer_id,
        "may_fill": asked.may_take_in and Move.FILL in possible,
        "may_book": asked.may_take_in and claim.needs_visit and claim.state == "complete",
    }


def _verdict(claim: Any, office: Any) -> Shown | None:
    """Return what the law of the day of asking says; None where nothing readable was told."""
    situation = queries.situation_of(claim.id)
    day: date = offices.local_day(office, claim.begun_on)
    try:
        answer = answer_for(situation, program=claim.program, today=day)
    except UnreadableSituation:
        return None
    return shown_answers(Done((), situation, answer), day)[0]


def _registered_heir(claim: Any, nik: str) -> str:
    """Return as whose relative the register knows the claimant, in words; empty if it doesn't."""
    relations = (one.relation for one in register.heirs_of(claim.citizen_id) if one.nik == nik)
    known = next(relations, None)
    return gettext(RELATIONS.get(known, RELATIONS["other"])) if known else ""


def is_told(claim_id: int) -> bool:
    """Say whether the claimant confirmed a channel on which news of the claim arrive."""
    return bool(subscriptions("claim", claim_id))


def _articles(shown: Shown | None) -> list[str]:
    """Return the articles on which a refusal may rest, each once."""
    return [one.citation for one in shown.articles] if shown else []


def _history(claim_id: int) -> list[Line]:
    return [
        Line(gettext(HAPPENED[one.move]), one.at, one.who)
        for one in worklists.history(claim_id)
        if one.move in HAPPENED
    ]


def _grouped(nik: str) -> str:
    return " ".join(nik[i : i + 4] for i in range(0, len(nik), 4))
