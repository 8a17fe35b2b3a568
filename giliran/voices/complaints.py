"""Reading one complaint: how it stands to who complained, and to who handles it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from giliran.core.complaint import Move, State, possible
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import Refusal, gettext_noop
from giliran.encryption import blind_index, unseal
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.voices import access, deadlines
from giliran.voices.models import Complaint, Remark
from giliran.voices.refusals import UnknownComplaint

WRONG_CODES = 20  # from one address, in so many minutes; codes can't be guessed, so this is ample
WRONG_MINUTES = 10
THEIR_MOVES = frozenset({Move.ADD, Move.CONFIRM, Move.DISPUTE, Move.WITHDRAW})


class TooManyWrongCodes(Refusal):
    """Somebody tries codes out."""

    code = "too_many_codes"
    sentence = gettext_noop("Terlalu banyak percobaan. Tunggu %(minutes)s menit, lalu coba lagi.")


class Said(NamedTuple):
    """One thing that was said in a complaint. ``kind``: said (by who complained), answer, note."""

    kind: str
    text: str
    at: datetime
    officer_id: int | None


class View(NamedTuple):
    """A complaint as whoever has its code may see it; no name, telephone or officer in it.

    ``due_on`` is None while no answer is owed. ``due_law`` names the law of ``due_on``,
    ``confirm_by`` the last day to dispute an answer. ``text`` and ``said`` are empty once they were
    erased.
    """

    id: int
    code: str
    channel: str
    state: State
    possible: tuple[Move, ...]
    level: str
    office: str
    office_slug: str
    region: str
    time_zone: str
    category: str
    category_name: str
    is_anonymous: bool
    is_protected: bool
    has_phone: bool
    language: str
    received_at: datetime
    acknowledge_by: date
    acknowledge_law: str
    acknowledged_at: datetime | None
    due_on: date | None
    due_law: str
    answered_at: datetime | None
    confirm_by: date | None
    confirm_law: str
    forwarded_to: str
    times_disputed: int
    ended_at: datetime | None
    text: str
    said: tuple[Said, ...]
    next_level: str
    """Which level would answer what is disputed now."""


def find(code: str) -> Complaint | None:
    """Return the complaint with a code as it is typed or scanned, None for none."""
    try:
        clean = parse_code(code)
    except BadCode:
        return None
    known = Complaint.objects.select_related("office__region", "region", "turn", "claim")
    return known.filter(code=clean).first()


def view(code: str, *, address: str = "", now: datetime) -> View:
    """Return a complaint to whoever has its code; that is printed on the receipt and secret.

    A wrong code is written down, and after 20 from one net ``address`` in 10 minutes nobody there
    is answered until they are over. Never call it inside a transaction, or a wrong try isn't
    counted. Raises ``UnknownComplaint`` or ``TooManyWrongCodes``.
    """
    try_code(address, is_wrong=False, now=now)
    found = find(code)
    if found is None:
        try_code(address, is_wrong=True, now=now)
        raise UnknownComplaint
    return view_of(found)


def try_code(address: str, *, is_wrong: bool, now: datetime) -> None:
    """Count a try of a code that turned out wrong, from a net address; empty is nobody.

    A right one is tried, too, before anything is said of it, so that nobody learns while they are
    stopped that it is right. Never call it inside a transaction. Raises ``TooManyWrongCodes``.
    """
    if not address:
        return
    trace = blind_index(address).hex()[:32]
    with transaction.atomic():
        _check_guessing(trace, now=now)
        if is_wrong:
            record("complaint_code.failed", at=now, actor="visitor", address=trace)


def _check_guessing(trace: str, *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"complaint codes {trace}"])
    since = now - timedelta(minutes=WRONG_MINUTES)
    failed = moments("complaint_code.failed", after=since, address=trace)
    if len(failed) >= WRONG_CODES:
        left = failed[WRONG_CODES - 1] + timedelta(minutes=WRONG_MINUTES) - now
        raise TooManyWrongCodes(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def view_of(complaint: Complaint) -> View:
    """Return a complaint as whoever complained sees it; notes among the staff aside."""
    state = State(complaint.state)
    return View(
        complaint.id,
        complaint.code,
        complaint.channel,
        state,
        tuple(move for move in possible(state) if move in THEIR_MOVES),
        complaint.level,
        complaint.office.name if complaint.office else "",
        complaint.office.slug if complaint.office else "",
        complaint.region.name if complaint.region else "",
        deadlines.zone_of(complaint.office, complaint.region),
        complaint.category,
        Complaint.Category(complaint.category).label,
        complaint.is_anonymous,
        complaint.is_protected,
        bool(complaint.phone_sealed),
        complaint.language,
        complaint.received_at,
        complaint.acknowledge_by,
        acknowledge_law(complaint),
        complaint.acknowledged_at,
        complaint.due_on,
        due_law(complaint),
        complaint.answered_at,
        complaint.confirm_by,
        confirm_law(complaint),
        complaint.forwarded_to,
        complaint.times_disputed,
        complaint.ended_at,
        unseal(complaint.text_sealed),
        said_in(complaint, with_notes=False),
        answers_next(complaint),
    )


def answers_next(complaint: Complaint) -> Complaint.Level:
    """Return the level that answers what is disputed: above who had it, and at the centre again."""
    above = access.above(complaint.lowest) if complaint.region_id is not None else None
    return above or Complaint.Level.CENTRE


def said_in(complaint: Complaint, *, with_notes: bool) -> tuple[Said, ...]:
    """Return what was said after the complaint itself, oldest first."""
    found = Remark.objects.filter(complaint=complaint).order_by("id")
    if not with_notes:
        found = found.exclude(kind=Remark.Kind.NOTE)
    return tuple(
        Said(one.kind, unseal(one.text_sealed), one.at, officer_of(one.by)) for one in found
    )


def officer_of(actor: str) -> int | None:
    """Return the id of the officer whom a journal's actor names, None for anybody else."""
    kind, _, number = actor.partition(":")
    return int(number) if kind == "officer" and number.isdecimal() else None


def day0_of(complaint: Complaint) -> date:
    """Return the day from which the answer's date counts: of receipt, or of the last dispute."""
    since = complaint.received_at
    if complaint.times_disputed and complaint.disputed_at is not None:
        since = complaint.disputed_at
    return deadlines.local_day(complaint.office, complaint.region, since)


def due_of(complaint: Complaint) -> deadlines.Due:
    """Return the answer's legal date with its law."""
    return deadlines.answer_due(
        day0_of(complaint),
        weight=complaint.weight,
        channel=complaint.channel,
        office=complaint.office,
    )


def due_law(complaint: Complaint) -> str:
    """Return the law of the date that holds now, empty while no answer is owed."""
    return due_of(complaint).citation if complaint.due_on else ""


def acknowledge_law(complaint: Complaint) -> str:
    """Return the law of the day by which it is acknowledged."""
    day = deadlines.local_day(complaint.office, complaint.region, complaint.received_at)
    due = deadlines.acknowledge_due(day, channel=complaint.channel, office=complaint.office)
    return due.citation


def confirm_law(complaint: Complaint) -> str:
    """Return the rule by which silence closes an answered complaint; empty where it doesn't."""
    if complaint.confirm_by is None or complaint.answered_at is None:
        return ""
    day = deadlines.local_day(complaint.office, complaint.region, complaint.answered_at)
    return deadlines.silence_ends(day, office=complaint.office).citation
