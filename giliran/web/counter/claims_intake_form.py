"""What the intake at a booth or a counter was told: which claim, for whom, and what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext, gettext_noop

from giliran.claims import actions as claims
from giliran.claims.accounts import checked
from giliran.claims.checklists import kind_of, papers_for
from giliran.claims.dialogue import Done, next_step
from giliran.claims.payments.banks import banks
from giliran.core.checklist import Paper
from giliran.core.eligibility import Answer
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.web.citizen.claim_kinds import may_be_claimed
from giliran.web.counter.claims_words import KINDS, told
from giliran.web.typed import typed

KIND, HEIR = "untuk", "waris"
LONGEST, MOST_ANSWERS = 80, 60
FIELDS = ("participant", "nik", "name", "birth", "phone", "kpj", "office", "bank", "number")
HEIRS = {
    "spouse": gettext_noop("Suami atau istri"),
    "child": gettext_noop("Anak"),
    "parent": gettext_noop("Orang tua"),
    "sibling": gettext_noop("Saudara kandung"),
    "named_in_will": gettext_noop("Yang ditunjuk dalam wasiat"),
}
_DEATH = {"reason": "death", "claimant": {"kind": "heir"}}
# What an officer says by choosing a kind; all else stays unknown and is asked by the law.
SITUATIONS: dict[str, dict[str, Any]] = {
    "jht/partial_housing_cash": {"reason": "partial_housing", "home": "cash"},
    "jht/partial_housing_credit": {"reason": "partial_housing", "home": "credit"},
    "jht/death": _DEATH,
    "jkm/death": {**_DEATH, "segment": "PU"},
    "jkm/death_construction": {**_DEATH, "segment": "JAKON"},
    "jkm/death_migrant": {**_DEATH, "segment": "PMI"},
    "jkk/accident": {"reason": "work_accident"},
    "jkk/death": {**_DEATH, "cause": "work_accident"},
    "jp/old_age": {"reason": "age"},
    "jp/spouse": {"reason": "death", "claimant": {"kind": "heir", "heir": "spouse"}},
    "jp/child": {"reason": "death", "claimant": {"kind": "heir", "heir": "child"}},
    "jp/parent": {"reason": "death", "claimant": {"kind": "heir", "heir": "parent"}},
}


class ConsentMissing(BadInput):
    """Nothing of a person is kept before they agreed."""

    code = "consent_missing"
    sentence = gettext_noop("Minta dulu persetujuan pemohon, lalu centang kotaknya.")


class SamePerson(BadInput):
    """An heir claims for somebody else than themselves."""

    code = "same_person"
    sentence = gettext_noop("NIK peserta dan NIK pemohon sama. Tulis NIK peserta yang meninggal.")


class BadOffice(BadInput):
    """The office that is to answer for the claim was not chosen."""

    code = "bad_office"
    sentence = gettext_noop("Pilih kantor cabang yang mengurus klaim ini.")


class Wanted(NamedTuple):
    """Which claim: what is known, and the papers that it needs."""

    program: str
    kind: str
    situation: Mapping[str, Any]
    papers: tuple[Paper, ...]

    @property
    def by_heir(self) -> bool:
        """Say whether somebody else than the insured claims."""
        return bool(self.situation.get("claimant", {}).get("kind") == "heir")


def answers(request: HttpRequest) -> dict[str, str]:
    """Return what the conversation about rights was told, as the address carries it."""
    names = [name for name in request.GET if name not in {KIND, HEIR}][:MOST_ANSWERS]
    return {name: request.GET.get(name, "")[:LONGEST] for name in names}


def claimable(request: HttpRequest, today: date) -> list[tuple[str, Answer]]:
    """Return the kinds of claim that the answers lead to, with the answer of each."""
    done = next_step(answers(request), today=today)
    if not isinstance(done, Done) or done.answer is None:
        return []
    every = (done.answer, *done.answer.also)
    return [(kind_of(one), one) for one in every if may_be_claimed(one)]


def wanted(request: HttpRequest, today: date) -> Wanted | None:
    """Return the claim that the address asks for, None where it doesn't yet name one.

    Raises ``UnknownKind``.
    """
    kind, heir = request.GET.get(KIND, ""), request.GET.get(HEIR, "")
    if kind not in KINDS:
        return None
    program = kind.partition("/")[0].upper()
    done = next_step(answers(request), today=today) if answers(request) else None
    situation = dict(done.situation) if isinstance(done, Done) else _chosen(kind, heir)
    listed = papers_for(situation, program=program, kind=kind, today=today)
    return Wanted(program, kind, situation, listed)


def _chosen(kind: str, heir: str) -> dict[str, Any]:
    """Return what an officer said by choosing a kind, and who claims after a death."""
    situation = dict(SITUATIONS.get(kind, {"reason": kind.partition("/")[2]}))
    claimant = situation.get("claimant", {})
    if claimant.get("kind") == "heir" and "heir" not in claimant and heir in HEIRS:
        situation["claimant"] = {**claimant, "heir": heir}
    return situation


class Form(NamedTuple):
    """What was typed, readable or not."""

    post: QueryDict
    by_heir: bool
    region_id: int

    def text(self, name: str) -> str:
        """Return one field without what isn't written by hand."""
        return typed(self.post, name).strip()[:160]

    def claimant(self) -> claims.Claimant:
        """Return who claims and is paid. Raises a ``BadInput`` of one of the fields."""
        return claims.claimant(
            nik=self.text("nik"),
            name=self.text("name"),
            phone=self.text("phone"),
            birth=self.text("birth"),
        )

    def participant_nik(self) -> str:
        """Return the NIK of whom the claim is about, empty where it is the claimant.

        Raises ``BadNik`` (field ``participant``) or ``SamePerson``.
        """
        if not self.by_heir:
            return ""
        try:
            nik = parse_nik(self.text("participant"))
        except BadInput as refusal:
            refusal.field = "participant"
            raise
        if nik == "".join(c for c in self.text("nik") if c.isdigit()):
            raise SamePerson("participant")
        return nik

    def office_id(self) -> int:
        """Return the branch that answers for it, of this region. Raises ``BadOffice``."""
        try:
            office = offices.office(self.text("office"))
        except NotFound:
            raise BadOffice("office") from None
        if office.region_id != self.region_id:
            raise BadOffice("office")
        return int(office.id)

    def account(self) -> claims.Account | None:
        """Return the account, None where nothing of it was typed."""
        bank, number = self.text("bank"), self.text("number")
        if not (bank or number):
            return None
        # Uncle's account is refused anyway: the holder is who is paid, unless the book says it
        # otherwise.
        return claims.Account(bank, number, self.text("holder") or self.text("name"))

    def consent(self) -> None:
        """Raise ``ConsentMissing`` unless the person agreed."""
        if self.post.get("setuju") != "1":
            raise ConsentMissing("setuju")

    def wrong(self) -> dict[str, str]:
        """Return one sentence for each part of the form that can't be read."""
        found: dict[str, str] = {}
        for check in (self.participant_nik, self.claimant, self._card, self.office_id):
            for field, words in _tried(check):
                found.setdefault(field, words)
        for field, words in [*_tried(self._account_fits), *_tried(self.consent)]:
            found.setdefault(field, words)
        return found

    def _account_fits(self) -> None:
        """Check the account before anything is drafted, so that a mistake leaves no draft."""
        account = self.account()
        if account:
            checked(account, name=self.text("name"))

    def _card(self) -> None:
        claims.parse_kpj(self.text("kpj"))


def _tried(check: Any) -> Iterator[tuple[str, str]]:
    try:
        check()
    except BadInput as refusal:
        yield refusal.field, told(refusal)


def branches(office: Any) -> list[Any]:
    """Return the offices of the region that can answer for a claim: branches, not booths."""
    return [one for one in offices.offices(region_id=office.region_id) if one.kind != "mpp_booth"]


def usual_branch(office: Any) -> str:
    """Return the branch that a booth belongs to, or the office itself."""
    of = office.parent if office.kind == "mpp_booth" and office.parent else office
    return str(of.slug)


def bank_choices() -> list[tuple[str, str]]:
    """Return the banks as a form offers them."""
    return [(one.code, one.name) for one in banks()]


def heir_choices() -> list[tuple[str, str]]:
    """Return who may claim after a death, in words."""
    return [(code, gettext(name)) for code, name in HEIRS.items()]


def field_of(refusal: Refusal) -> str:
    """Return which field of the form a refusal is about, empty if none."""
    return refusal.field if isinstance(refusal, BadInput) else ""
