"""Reading one claim: how it stands, its papers, and what the claimant stated."""

from __future__ import annotations

import hmac
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from giliran.claims.accounts import Account
from giliran.claims.checklists import answer_for, listed_again, name_of_paper
from giliran.claims.deadlines import ClockState, clock_state
from giliran.claims.models import Claim, Document, Paper
from giliran.claims.statements import birth_trace
from giliran.core.claim import Move, State, possible
from giliran.core.refusal import NotFound
from giliran.encryption import unseal
from giliran.offices import queries as offices


class ClaimView(NamedTuple):
    """A claim as it stands, without what the claimant stated; ``amount`` in rupiah."""

    id: int
    code: str
    program: str
    kind: str
    state: State
    clock: ClockState
    possible: tuple[Move, ...]
    office_id: int
    office: str
    office_slug: str
    time_zone: str
    region_id: int
    begun_at_id: int | None
    channel: str
    kpj: str
    amount: Decimal | None
    needs_visit: bool
    has_account: bool
    begun_on: datetime
    submitted_at: datetime | None
    complete_on: date | None
    due_on: date | None
    verified_by_id: int | None
    decided_by_id: int | None
    decided_at: datetime | None
    article: str
    paid_on: date | None
    ended_at: datetime | None
    moved_at: datetime
    citizen_id: int
    claimant_id: int


class DocumentView(NamedTuple):
    """A file of a paper that is kept; ``size`` in bytes."""

    id: int
    kind: str
    size: int
    pages: int
    findings: dict[str, Any]
    sent_at: datetime


class PaperView(NamedTuple):
    """One line of a claim's checklist with what is known of it."""

    id: int
    code: str
    of: str
    name: str
    need: str
    form: str
    state: str
    fault: str
    fault_text: str
    why: str
    issuer: str
    free_at: str
    one_of: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    checked_at: datetime | None

    @property
    def is_needed(self) -> bool:
        return self.need == "yes"

    @property
    def is_lacking(self) -> bool:
        """Whether the claimant has to send it, or to send it anew."""
        return self.state == "wrong" or (self.is_needed and self.state == "missing")


def claim(claim_id: int) -> ClaimView:
    """Return a claim, or raise ``NotFound``."""
    return _one(Q(id=claim_id))


def by_code(code: str) -> ClaimView:
    """Return a claim by its code, or raise ``NotFound``."""
    return _one(Q(code=code))


def papers(claim_id: int) -> list[PaperView]:
    """Return a claim's checklist in its order, with the documents that are kept."""
    found = Claim.objects.select_related("office").filter(id=claim_id).first()
    if found is None:
        raise NotFound
    told = situation_of(claim_id)
    again = {
        (one.code, one.of): one
        for one in listed_again(
            told,
            program=found.program,
            kind=found.kind,
            day=offices.local_day(found.office, found.begun_on),
            kpj=found.kpj,
        )
    }
    documents: dict[int, list[DocumentView]] = {}
    kept = Document.objects.filter(paper__claim_id=claim_id, removed_at__isnull=True)
    for one in kept.order_by("id"):
        view = DocumentView(one.id, one.kind, one.size, one.pages, one.findings, one.sent_at)
        documents.setdefault(one.paper_id, []).append(view)
    views = []
    for paper in Paper.objects.filter(claim_id=claim_id).order_by("position"):
        listed = again.get((paper.code, paper.of))
        views.append(
            PaperView(
                id=paper.id,
                code=paper.code,
                of=paper.of,
                name=listed.name if listed else name_of_paper(paper.code),
                need=paper.need,
                form=paper.form,
                state=paper.state,
                fault=paper.fault,
                fault_text=paper.fault_text,
                why=listed.why if listed else "",
                issuer=listed.issuer if listed else "",
                free_at=listed.free_at if listed else "",
                one_of=listed.one_of if listed else (),
                documents=tuple(documents.get(paper.id, ())),
                checked_at=paper.checked_at,
            )
        )
    return views


def open_to(claim_id: int, birth: date) -> bool:
    """Say whether this is the claimant's birth date; never after it was erased."""
    kept = Claim.objects.values_list("birth_index", flat=True).filter(id=claim_id).first()
    return bool(kept) and hmac.compare_digest(bytes(kept or b""), birth_trace(birth))


def account_of(claim_id: int) -> Account | None:
    """Return the account in clear, None if there is none; whoever shows it records the look."""
    sealed = _sealed(claim_id, "account_sealed")
    return Account(**json.loads(sealed)) if sealed else None


def situation_of(claim_id: int) -> dict[str, Any]:
    """Return the facts that the claimant told, as docs/rights.md writes them; empty once erased."""
    told = _sealed(claim_id, "situation_sealed")
    return dict(json.loads(told)) if told else {}


def name_of(claim_id: int) -> str:
    """Return the claimant's name in clear; whoever shows it records the look."""
    return _sealed(claim_id, "name_sealed")


def phone_of(claim_id: int) -> str:
    """Return the claimant's telephone in clear; whoever shows it records the look."""
    return _sealed(claim_id, "phone_sealed")


def reason_of(claim_id: int) -> str:
    """Return why a claim was refused, in an officer's words."""
    return _sealed(claim_id, "reason_sealed")


def amount_expected(claim_id: int) -> Decimal | None:
    """Return what the rules of the day it began say is due, in rupiah; None where they don't."""
    found = Claim.objects.select_related("office").get(id=claim_id)
    told = situation_of(claim_id)
    if not told:
        return None
    day = offices.local_day(found.office, found.begun_on)
    return answer_for(told, program=found.program, today=day).total


def _sealed(claim_id: int, column: str) -> str:
    sealed = Claim.objects.values_list(column, flat=True).filter(id=claim_id).first()
    if sealed is None:
        raise NotFound
    return unseal(sealed)


def _one(which: Q) -> ClaimView:
    found = Claim.objects.select_related("office").filter(which).first()
    if found is None:
        raise NotFound
    return view_of(found)


def view_of(one: Claim) -> ClaimView:
    """Return a claim that was read with its office as pages see it."""
    return ClaimView(
        id=one.id,
        code=one.code,
        program=one.program,
        kind=one.kind,
        state=State(one.state),
        clock=clock_state(one),
        possible=possible(State(one.state)),
        office_id=one.office_id,
        office=one.office.name,
        office_slug=one.office.slug,
        time_zone=one.office.time_zone,
        region_id=one.office.region_id,
        begun_at_id=one.begun_at_id,
        channel=one.channel,
        kpj=one.kpj,
        amount=one.amount,
        needs_visit=one.needs_visit,
        has_account=bool(one.account_sealed),
        begun_on=one.begun_on,
        submitted_at=one.submitted_at,
        complete_on=one.complete_on,
        due_on=one.due_on,
        verified_by_id=one.verified_by_id,
        decided_by_id=one.decided_by_id,
        decided_at=one.decided_at,
        article=one.article,
        paid_on=one.paid_on,
        ended_at=one.ended_at,
        moved_at=one.moved_at,
        citizen_id=one.citizen_id,
        claimant_id=one.claimant_id,
    )
