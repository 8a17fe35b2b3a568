"""A person's facts on a day, as far as they are known. None and "" mean: not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from giliran.core.eligibility.days import age_on, whole_months
from giliran.core.eligibility.reading import UnreadField


@dataclass(frozen=True, slots=True)
class Card:
    """A membership card: whose employer, when, whether still active, and what is on it."""

    kpj: str = ""
    employer: str = ""
    since: date | None = None
    until: date | None = None
    active: bool | None = None
    balance: Decimal | None = None
    programs: tuple[str, ...] = ()
    name: str = ""
    nik: str = ""
    birth_date: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether the card was surely active on `day`."""
        if self.since and day < self.since:
            return False
        if self.until:
            return self.since is not None and day <= self.until
        return self.active is True

    def months_on(self, day: date) -> int | None:
        """Count whole months of membership up to `day`; None if the start is unknown."""
        if self.since is None:
            return None
        return whole_months(self.since, min(self.until or day, day))


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who asks: the member (self), an heir by rank, the employer; perhaps through a proxy."""

    kind: str = ""
    heir: str = ""
    proxy: bool | None = None
    nearer_heirs: bool | None = None
    birth_date: date | None = None
    age: int | None = None
    working: bool | None = None
    married: bool | None = None
    remarried: bool | None = None

    def age_on(self, day: date) -> int | None:
        return age_on(self.birth_date, day) if self.birth_date else self.age


@dataclass(frozen=True, slots=True)
class Employment:
    """Work today: whether, since when, for whom, and whether that work enrols in JHT."""

    working: bool | None = None
    jht: bool | None = None
    segment: str = ""
    employer: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """JHT taken earlier: partial_other, partial_housing or full."""

    day: date | None
    kind: str
    gross: Decimal | None


@dataclass(frozen=True, slots=True)
class Injury:
    """One row of the annex: the lost part, how often, and how much of its function is lost."""

    part: str
    count: int = 1
    function_lost: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Accident:
    """A work accident or occupational disease and what followed."""

    kind: str = ""
    employment_ended: date | None = None
    months_unable: Fraction | None = None
    outcome: str = ""
    left_handed: bool | None = None
    injuries: tuple[Injury, ...] = ()
    transport: Mapping[str, Decimal | None] | None = None
    aids: Mapping[str, Decimal | None] | None = None


@dataclass(frozen=True, slots=True)
class WageYear:
    """Months with contributions in a year and the monthly wage; indexed means with inflation."""

    year: int
    months: int
    wage: Decimal
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Pension:
    """Facts for JP."""

    enrolled_on: date | None = None
    months: int | None = None
    density_percent: Decimal | None = None
    average_wage: Decimal | None = None
    wages: tuple[WageYear, ...] = ()
    balance: Decimal | None = None
    in_payment: Decimal | None = None


@dataclass(frozen=True, slots=True)
class JobLoss:
    """Facts for JKP."""

    enrolled_on: date | None = None
    months_paid_of_last_24: int | None = None
    longest_run_months: int | None = None
    ended_before_term: bool | None = None
    willing: bool | None = None
    month: int | None = None
    applications: int | None = None
    interviews: int | None = None
    training_percent: Decimal | None = None
    in_training: bool | None = None
    times_before: int | None = None
    months_paid_since_last: int | None = None
    all_programs: bool | None = None
    enrolled: bool | None = None
    bankrupt: bool | None = None
    status_form: bool | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the member, for scholarships and the child's pension."""

    birth_date: date | None = None
    age: int | None = None
    school: str = ""
    years_left: int | None = None
    married: bool | None = None
    working: bool | None = None

    def age_on(self, day: date) -> int | None:
        return age_on(self.birth_date, day) if self.birth_date else self.age


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands on the KTP."""

    name: str = ""
    nik: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that an answer may need; documented field by field in docs/rights.md."""

    day: date
    reason: str
    program: str = ""
    event_date: date | None = None
    segment: str = ""
    birth_date: date | None = None
    age: int | None = None
    gender: str = ""
    citizenship: str = ""
    agreed_pension_age: int | None = None
    wage: Decimal | None = None
    daily_wage: Decimal | None = None
    income: Decimal | None = None
    membership_months: int | None = None
    contribution_months: int | None = None
    active_on_event: bool | None = None
    arrears_months: int | None = None
    cause: str = ""
    merged: bool | None = None
    npwp: bool | None = None
    employer_size: str = ""
    home: str = ""
    on_leave: bool | None = None
    claimant: Claimant = Claimant()
    employment: Employment = Employment()
    identity: Identity = Identity()
    cards: tuple[Card, ...] = ()
    withdrawals: tuple[Withdrawal, ...] | None = None
    accident: Accident = Accident()
    pension: Pension = Pension()
    job_loss: JobLoss = JobLoss()
    children: tuple[Child, ...] | None = None
    papers: frozenset[str] = frozenset()
    total_balance: Decimal | None = None
    unread: tuple[UnreadField, ...] = ()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Situation:
        """Read a situation as docs/rights.md describes it.

        Raises:
            UnreadableSituation: a field can't be read, or date or reason is missing; the
                refusal names every such field, what it expects, and an example.

        """
        from giliran.core.eligibility.situation_json import read_situation

        return read_situation(values)

    @property
    def age_today(self) -> int | None:
        return self.age_on(self.day)

    def age_on(self, day: date) -> int | None:
        """Give the age on `day`; a bare `age` is that of the situation's own day only."""
        if self.birth_date:
            return age_on(self.birth_date, day)
        return self.age if day == self.day else None

    @property
    def was_active(self) -> bool | None:
        """Say whether the member was active on the day of the event, told or read off the cards."""
        event = self.event_date
        if self.active_on_event is not None or event is None:
            return self.active_on_event
        if any(card.covers(event) for card in self.cards):
            return True
        ended = [card.until for card in self.cards if card.until and card.active is not True]
        gone = self.cards and len(ended) == len(self.cards) and max(ended) < event
        return False if gone else None

    @property
    def balance(self) -> Decimal | None:
        """Sum the JHT of all cards (or the total told); None when it isn't known."""
        known = [card.balance for card in self.cards if card.balance is not None]
        whole = self.cards and len(known) == len(self.cards)
        return sum(known, Decimal(0)) if whole else self.total_balance
