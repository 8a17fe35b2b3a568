"""Reading an ombudsman's findings: what is to be done, by when, and what was shown for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import Prefetch, Q, QuerySet

from giliran.core.refusal import NotFound
from giliran.voices.models import CorrectiveAction, Evidence, Finding

DAYS_TO_CORRECT = 30
"""What the ombudsman of Banten gave in its findings of 2022."""
STATES = CorrectiveAction.State
TO_DO = frozenset({STATES.OPEN, STATES.REJECTED})


class EvidenceView(NamedTuple):
    """What was shown, when and by whom (``officer:12``)."""

    text: str
    url: str
    at: datetime
    by: str


class ActionView(NamedTuple):
    """One corrective action. ``measure`` is a key of the house's figures, empty for none."""

    id: int
    finding_id: int
    position: int
    what: str
    who: str
    due_on: date
    state: str
    reported_at: datetime | None
    decided_at: datetime | None
    measure: str
    direction: str
    target: Decimal | None
    evidence: tuple[EvidenceView, ...]

    def is_late(self, today: date) -> bool:
        """Return whether it wasn't reported as done by its date; a report in time isn't late."""
        return self.state in TO_DO and self.due_on < today

    @property
    def is_done(self) -> bool:
        return self.state == STATES.ACCEPTED


class FindingView(NamedTuple):
    """A report and its corrective actions; ``office_id`` and ``region_id`` None: all offices."""

    id: int
    code: str
    source: str
    number: str
    received_on: date
    office_id: int | None
    region_id: int | None
    title: str
    summary: str
    url: str
    entered_by: str
    actions: tuple[ActionView, ...]

    def late(self, today: date) -> int:
        """Count the actions whose date has passed."""
        return sum(one.is_late(today) for one in self.actions)

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.actions)


def findings(*, office_ids: Iterable[int], region_ids: Iterable[int]) -> list[FindingView]:
    """Return the findings on these offices, these regions, or all offices; newest first."""
    here = (
        Q(office_id__in=list(office_ids))
        | Q(office__isnull=True, region_id__in=list(region_ids))
        | Q(office__isnull=True, region__isnull=True)
    )
    found = _with_actions().filter(here).order_by("-received_on", "-id")
    return [_view(one) for one in found]


def finding(code: str) -> FindingView:
    """Return the finding with this code, or raise ``NotFound``."""
    found = _with_actions().filter(code=code).first()
    if found is None:
        raise NotFound
    return _view(found)


def due_by_default(received_on: date) -> date:
    """Return the last day for a corrective action where the report names none."""
    return received_on + timedelta(days=DAYS_TO_CORRECT)


def is_web_address(text: str) -> bool:
    """Return whether a link leads to a page of the web, and not to a script or a file."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _with_actions() -> QuerySet[Finding]:
    evidence = Prefetch("evidence", Evidence.objects.order_by("at", "id"))
    actions = CorrectiveAction.objects.order_by("position").prefetch_related(evidence)
    return Finding.objects.prefetch_related(Prefetch("actions", actions))


def _view(of: Finding) -> FindingView:
    return FindingView(
        of.id,
        of.code,
        of.source,
        of.number,
        of.received_on,
        of.office_id,
        of.region_id,
        of.title,
        of.summary,
        of.url,
        of.entered_by,
        tuple(_action(one) for one in of.actions.all()),
    )


def _action(of: CorrectiveAction) -> ActionView:
    return ActionView(
        of.id,
        of.finding_id,
        of.position,
        of.what,
        of.who,
        of.due_on,
        of.state,
        of.reported_at,
        of.decided_at,
        of.measure,
        of.direction,
        of.target,
        tuple(EvidenceView(e.text, e.url, e.at, e.by) for e in of.evidence.all()),
    )
