"""Reading turns: the line, a person's page, the desk, the board."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from giliran.capacity import queries as capacity
from giliran.core.calling import POLICIES, Waiting, order
from giliran.core.refusal import NotFound
from giliran.core.turn import IN_THE_ROOM, OPEN, Move, State, rebuild
from giliran.encryption import seal, unseal
from giliran.journal.queries import count, differences, happened
from giliran.offices import queries as offices
from giliran.people import queries as people
from giliran.turns.models import Turn

STATED = ("name_sealed", "phone_sealed")
"""What people stated: columns that are erased some day, and so never stood in the journal."""
_LINE = (
    "id",
    "is_priority",
    "window_from",
    "window_till",
    "arrived_at",
    "place_since",
    "service_id",
    "counter_id",
)


def line(office_id: int) -> list[Waiting]:
    """Return who waits at an office, in no order: the calling function makes it."""
    rows = Turn.objects.filter(office_id=office_id, state=State.WAITING).values_list(*_LINE)
    return [Waiting(*row) for row in rows]


def as_waiting(turn: Turn) -> Waiting:
    """Return one turn as the calling function sees it."""
    return Waiting(*(getattr(turn, field) for field in _LINE))


def by_code(code: str) -> Turn:
    """Return a turn by its code, or raise ``NotFound``."""
    try:
        return Turn.objects.select_related("office__region", "service", "counter", "offer").get(
            code=code
        )
    except Turn.DoesNotExist:
        raise NotFound from None


def by_id(turn_id: int) -> Turn:
    """Return a turn, or raise ``NotFound``."""
    try:
        return Turn.objects.select_related("office__region", "service", "counter").get(id=turn_id)
    except Turn.DoesNotExist:
        raise NotFound from None


def statement(who: Any) -> dict[str, bytes]:
    """Return what a person stated of themselves, sealed, as columns of a turn."""
    return {"name_sealed": seal(who.name), "phone_sealed": seal(who.phone)}


def stated_name(turn: Turn) -> str:
    """Return the name that the person stated, in clear; whoever shows it records the look."""
    return unseal(turn.name_sealed)


def stated_phone(turn: Turn) -> str:
    """Return the phone that the person stated, in clear; whoever shows it records the look."""
    return unseal(turn.phone_sealed)


def is_identified(turn: Turn) -> bool:
    """Return whether somebody's card was held against this turn."""
    return turn.move == Move.IDENTIFY or happened("turn.identify", subject_id=turn.id)


def said_yes(turn: Turn) -> bool:
    """Return whether the person said that they come to the window that the turn has now."""
    return happened("attendance.yes", subject_id=turn.id, offer=turn.offer_id)


def order_of_line(office_id: int, *, now: datetime) -> list[int]:
    """Return the ids of who waits, in the order in which the open counters would call them."""
    policy = POLICIES[offices.office_by_id(office_id).calling_policy]
    waiting = line(office_id)
    is_open = {seat.counter_id for seat in capacity.open_seats(office_id)}
    served = {
        service_id
        for counter in offices.counters(office_id)
        if counter.id in is_open
        for service_id in counter.service_ids
    }
    ranked: list[int] = []
    # Whoever no open counter may call comes after all others, however long they have waited.
    for callable_now in (True, False):
        # As seen by one counter that serves everything; who waits for a certain one counts too.
        group = [
            person._replace(counter_id=None)
            for person in waiting
            if callable_now
            == (person.counter_id in is_open if person.counter_id else person.service_id in served)
        ]
        services = {person.service_id for person in group}
        ranked += order(group, now=now, policy=policy, counter_id=0, service_ids=services)
    return ranked


def people_ahead(turn: Turn, *, now: datetime) -> int | None:
    """Return how many would be called before this person now, or None if they don't wait."""
    if turn.state != State.WAITING:
        return None
    ranked = order_of_line(turn.office_id, now=now)
    # Called since the turn was read: then nobody is ahead any more.
    return ranked.index(turn.id) if turn.id in ranked else None


def in_the_line(office_id: int, *, now: datetime) -> list[Turn]:
    """Return who waits, in the order in which they would be called."""
    ranked = order_of_line(office_id, now=now)
    found = Turn.objects.select_related("service", "counter").in_bulk(ranked)
    return [found[turn_id] for turn_id in ranked if turn_id in found]


def waiting_for(
    office_id: int, *, counter_id: int, service_ids: Collection[int], now: datetime
) -> list[Turn]:
    """Return who waits for one counter, in the order in which it would call them."""
    ranked = order(
        line(office_id),
        now=now,
        policy=POLICIES[offices.office_by_id(office_id).calling_policy],
        counter_id=counter_id,
        service_ids=service_ids,
    )
    found = Turn.objects.select_related("service", "counter").in_bulk(ranked)
    return [found[turn_id] for turn_id in ranked if turn_id in found]


def open_turns_of(nik: str) -> list[Turn]:
    """Return the open turns of the person with exactly this NIK, at any office, by day."""
    citizen_id = people.citizen_with(nik)
    if citizen_id is None:
        return []
    found = Turn.objects.filter(citizen_id=citizen_id, state__in=OPEN)
    return list(found.select_related("office", "service").order_by("day", "id"))


def open_turn_for(claim_id: int) -> Turn | None:
    """Return the open turn that was taken for a claim, None if there is none."""
    found = Turn.objects.select_related("office", "service")
    return found.filter(claim_id=claim_id, state__in=OPEN).order_by("id").first()


def at_counter(counter_id: int) -> Turn | None:
    """Return who is called to or served at a counter."""
    return (
        Turn.objects.select_related("service", "office", "counter")
        .filter(counter_id=counter_id, state__in=["called", "serving"])
        .first()
    )


def parked(office_id: int) -> list[Turn]:
    """Return who went to fetch a paper, longest first."""
    found = Turn.objects.filter(office_id=office_id, state=State.PARKED).select_related("service")
    return list(found.order_by("moved_at"))


def missed(office_id: int, *, day: date) -> list[Turn]:
    """Return who was called today and didn't come, latest first: they may still rejoin."""
    found = Turn.objects.filter(
        office_id=office_id, day=day, state=State.NO_SHOW, arrived_at__isnull=False
    ).select_related("service")
    return list(found.order_by("-moved_at")[:10])


def expected(office_id: int, *, day: date) -> list[Turn]:
    """Return who has a window today and hasn't come yet."""
    found = Turn.objects.filter(office_id=office_id, day=day, state=State.BOOKED)
    return list(found.select_related("service").order_by("window_from", "id"))


class Called(NamedTuple):
    """One line of the board: never a name."""

    number: str
    counter: str
    at: datetime
    is_serving: bool


def board(office_id: int, *, day: date) -> list[Called]:
    """Return what the board shows now: who is called, latest call first, then who is served.

    A repeated call counts as a call: ``at`` is when the number was last said.
    """
    rows = Turn.objects.filter(
        office_id=office_id, day=day, state__in=["called", "serving"]
    ).values_list("number", "counter__label", "called_at", "state", "move", "moved_at")
    found = [
        Called(
            number or "",
            label or "",
            moved_at if move == Move.CALL_AGAIN else called_at,
            state == State.SERVING,
        )
        for number, label, called_at, state, move, moved_at in rows
        if called_at is not None
    ]
    return sorted(found, key=lambda called: (not called.is_serving, called.at), reverse=True)


class Today(NamedTuple):
    """An office at this moment."""

    expected: int
    waiting: int
    waiting_priority: int
    called: int
    serving: int
    parked: int
    finished: int
    no_show: int
    left: int
    cancelled: int
    turned_away: int
    longest_wait_minutes: int
    seats: int
    seats_taken: int
    counters_open: int
    counters: int


def today(office_id: int, *, now: datetime) -> Today:
    """Return an office's day so far and its state now."""
    office = offices.office_by_id(office_id)
    day = offices.local_day(office, now)
    mine = Turn.objects.filter(office_id=office_id)
    states = Tally(mine.filter(day=day).values_list("state", flat=True))
    waiting = mine.filter(state=State.WAITING)
    first = waiting.order_by("arrived_at").values_list("arrived_at", flat=True).first()
    return Today(
        expected=states[State.BOOKED],
        waiting=waiting.count(),
        waiting_priority=waiting.filter(is_priority=True).count(),
        called=states[State.CALLED],
        serving=states[State.SERVING],
        parked=states[State.PARKED],
        finished=states[State.FINISHED],
        no_show=states[State.NO_SHOW],
        left=states[State.LEFT],
        cancelled=states[State.CANCELLED],
        turned_away=turned_away(office_id, day=day),
        longest_wait_minutes=int((now - first).total_seconds() // 60) if first else 0,
        seats=office.seats,
        seats_taken=mine.filter(state__in=sorted(IN_THE_ROOM)).count(),
        counters_open=len(capacity.open_seats(office_id)),
        counters=len(offices.counters(office_id)),
    )


def turned_away(office_id: int, *, day: date) -> int:
    """Return how many were sent home at the door on a day."""
    begins = datetime.combine(day, time(), tzinfo=offices.zone(offices.office_by_id(office_id)))
    return count(
        "door.turned_away", office_id=office_id, since=begins, until=begins + timedelta(days=1)
    )


def open_turns_of_day(office_id: int, *, day: date) -> list[Turn]:
    """Return the turns of a day with their service, for figures and checks."""
    found = Turn.objects.filter(Q(office_id=office_id) & Q(day=day))
    return list(found.select_related("service").order_by("id"))


def differences_from_history() -> Iterator[tuple[int, str]]:
    """Yield (id, difference) for every turn; empty where history and state agree."""
    return differences("turns_turn", "turn", aside=STATED, rebuild=rebuild)
