"""A claim's papers and its state in a claimant's words: nothing is decided here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_noop

from giliran.claims import checklists, faults, queries
from giliran.claims.payments import banks
from giliran.core.checklist import Paper, named_papers
from giliran.core.claim import State
from giliran.web.templatetags.rights import paper_name

SENT = frozenset({"sent", "brought", "good", "seen"})
PAPER_STATES = {
    "missing": gettext_noop("Belum ada"),
    "sent": gettext_noop("Sudah dikirim"),
    "brought": gettext_noop("Dibawa ke kantor"),
    "good": gettext_noop("Diterima"),
    "wrong": gettext_noop("Perlu diperbaiki"),
    "seen": gettext_noop("Asli sudah dilihat"),
    "waived": gettext_noop("Tidak diperlukan"),
}
MAY_LACK = gettext_noop("Boleh tidak dikirim")
TAGS = {"missing": "parked", "wrong": "no-show", "sent": "booked", "brought": "booked"}
# The way of a claim as a person follows it; each step with the states that stand on it.
STEPS = (
    (gettext_noop("Surat dilengkapi"), {State.DRAFTED, State.RETURNED}),
    (gettext_noop("Berkas diperiksa"), {State.SUBMITTED}),
    (gettext_noop("Diputuskan"), {State.COMPLETE, State.VERIFIED, State.REFUSED}),
    (gettext_noop("Dibayar"), {State.APPROVED, State.BOUNCED, State.PAID}),
)
TITLES = {
    State.DRAFTED: gettext_noop("Klaim belum dikirim"),
    State.SUBMITTED: gettext_noop("Berkas sedang diperiksa"),
    State.RETURNED: gettext_noop("Ada surat yang perlu diperbaiki"),
    State.COMPLETE: gettext_noop("Berkas sudah lengkap"),
    State.VERIFIED: gettext_noop("Berkas sudah lengkap"),
    State.APPROVED: gettext_noop("Klaim disetujui"),
    State.REFUSED: gettext_noop("Klaim ditolak"),
    State.BOUNCED: gettext_noop("Uang belum bisa masuk"),
    State.PAID: gettext_noop("Uang sudah dibayarkan"),
    State.CLOSED: gettext_noop("Klaim sudah selesai"),
    State.WITHDRAWN: gettext_noop("Klaim ini sudah ditarik"),
}


class Line(NamedTuple):
    """One paper of the checklist as the page shows it."""

    view: queries.PaperView
    listed: Paper
    name: str
    state: str
    tag: str
    fault: str

    @property
    def id(self) -> int:
        return self.view.id

    @property
    def is_sent(self) -> bool:
        return self.view.state in SENT


class ShownAccount(NamedTuple):
    """An account of which its owner sees enough to know it."""

    bank: str
    masked: str


def lines(claim: queries.ClaimView) -> list[Line]:
    """Return the papers of a claim in the order of its checklist."""
    begun = _local_day(claim.begun_on, claim.time_zone)
    told = queries.situation_of(claim.id)
    listed = {
        (one.code, one.of): one
        for one in checklists.listed_again(
            told, program=claim.program, kind=claim.kind, day=begun, kpj=claim.kpj
        )
    }
    # What may be left out stands last: the first lines are what is really wanted.
    ordered = sorted(queries.papers(claim.id), key=lambda view: view.need == "if_available")
    return [_line(view, listed.get((view.code, view.of)), begun) for view in ordered]


def originals(claim: queries.ClaimView) -> list[str]:
    """Return what to bring to a visit for a claim: its papers, without those not needed."""
    kept = [line for line in lines(claim) if line.view.state not in {"missing", "waived"}]
    return [line.name for line in kept]


def _line(view: queries.PaperView, listed: Paper | None, day: date) -> Line:
    if listed is None:  # the rules don't list it any more: its name and issuer are still known
        bare = named_papers([view.code], queries.law().on(day))[0]
        listed = replace(bare, need=view.need, form=view.form, of=view.of)
    fault = ""
    if view.state == "wrong":
        fault = faults.sentence(view.fault, text=view.fault_text)
    is_free = (view.state, view.need) == ("missing", "if_available")
    return Line(
        view,
        listed,
        paper_name(listed),
        gettext(MAY_LACK if is_free else PAPER_STATES[view.state]),
        "finished" if is_free else TAGS.get(view.state, "finished"),
        fault,
    )


def account_shown(claim_id: int) -> ShownAccount | None:
    """Return the bank and the end of the account's number; None where none was told."""
    account = queries.account_of(claim_id)
    if account is None:
        return None
    known = next((one.name for one in banks.banks() if one.code == account.bank), account.bank)
    return ShownAccount(known, f"•••{account.number[-4:]}")


def title(claim: queries.ClaimView) -> str:
    """Say in a few words how a claim stands."""
    return gettext(TITLES[claim.state])


def steps(claim: queries.ClaimView) -> list[tuple[str, str]]:
    """Return the steps of a claim's way, each "done", "now" or ""; none once it was withdrawn."""
    at = next((n for n, (_name, states) in enumerate(STEPS) if claim.state in states), len(STEPS))
    if claim.state in {State.WITHDRAWN, State.CLOSED}:
        return []
    if claim.state == State.PAID:
        at = len(STEPS)
    return [
        (gettext(name), "done" if n < at else "now" if n == at else "")
        for n, (name, _states) in enumerate(STEPS)
    ]


def _local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
