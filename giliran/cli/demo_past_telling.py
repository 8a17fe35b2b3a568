"""Writing lived days down in bulk: turns with their histories, promises, openings, the sent home.

A history is told as the table's trigger tells it, which is off for that long: rows come with the
state in which they ended, and their events in the order of the moments. `giliran journal check`
rebuilds each row from them. Nothing here needs more rights than those of the tables' owner.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from giliran.encryption import blind_index, seal


class Visited(NamedTuple):
    """One person's turn and how it ended; a row of the statements below."""

    turn_id: int
    is_new: bool
    """False: drawn, so its row and its beginning are there."""
    code: str
    request_key: UUID
    office_id: int
    service_id: int
    offer_id: int
    citizen_id: int | None
    kind: str
    channel: str
    day: date
    window_from: datetime | None
    window_till: datetime | None
    number: str | None
    is_priority: bool
    asked_at: datetime
    arrived_at: datetime | None
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime
    fate: str
    """finished, missed, left, sent_home, absent, cancelled"""
    counter_id: int | None
    officer_id: int | None
    at_the_door: str
    """Who gave the number: kiosk:3"""


class Away(NamedTuple):
    """Somebody who was sent home at the door."""

    at: datetime
    actor: str
    office_id: int
    service_id: int


class Sat(NamedTuple):
    """An officer at a counter, from a moment until another."""

    office_id: int
    counter_id: int
    officer_id: int
    opened_at: datetime
    closed_at: datetime


class Told(NamedTuple):
    """The first window that somebody was told on arrival, settled."""

    turn_id: int
    office_id: int
    made_at: datetime
    begins: datetime
    ends: datetime
    hour: int
    group: str
    low: float
    middle: float
    high: float
    called_at: datetime | None
    kept: bool | None
    settled_at: datetime


class Days(NamedTuple):
    """All that is written down at once."""

    visits: list[Visited]
    away: list[Away]
    sat: list[Sat]
    told: list[Told]


_STAGES: Final = """
CREATE TEMPORARY TABLE past_visit (
    turn_id bigint, is_new boolean, code text, request_key uuid, office_id bigint,
    service_id bigint, offer_id bigint, citizen_id bigint, kind text, channel text, day date,
    window_from timestamptz, window_till timestamptz, number text, is_priority boolean,
    asked_at timestamptz, arrived_at timestamptz, called_at timestamptz, started_at timestamptz,
    ended_at timestamptz, fate text, counter_id bigint, officer_id bigint, at_the_door text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE past_away (
    at timestamptz, actor text, office_id bigint, service_id bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE past_sat (
    office_id bigint, counter_id bigint, officer_id bigint, opened_at timestamptz,
    closed_at timestamptz
) ON COMMIT DROP;
CREATE TEMPORARY TABLE past_told (
    turn_id bigint, office_id bigint, made_at timestamptz, begins timestamptz, ends timestamptz,
    hour smallint, calling_class text, low float8, middle float8, high float8,
    called_at timestamptz, kept boolean, settled_at timestamptz
) ON COMMIT DROP;
"""
_DROP: Final = "DROP TABLE past_visit, past_away, past_sat, past_told"

_LAST_MOVES: Final = """
(VALUES ('finished', 'finish', 'finished', true), ('missed', 'no_show', 'no_show', true),
        ('left', 'leave', 'left', false), ('sent_home', 'leave', 'left', false),
        ('absent', 'no_show', 'no_show', false), ('cancelled', 'cancel', 'cancelled', false))
AS last (fate, move, state, is_officers)
"""
_BY: Final = """
CASE WHEN last.is_officers THEN 'officer:' || v.officer_id
     WHEN v.fate IN ('sent_home', 'absent') THEN 'system' ELSE 'citizen' END
"""
_TIMES_CALLED: Final = "CASE v.fate WHEN 'missed' THEN 2 ELSE (v.called_at IS NOT NULL)::int END"

_NEW_TURNS: Final = f"""
INSERT INTO turns_turn (id, code, request_key, office_id, service_id, offer_id, citizen_id,
    name_sealed, phone_sealed, kind, channel, day, window_from, window_till, number, is_priority,
    needs, state, asked_at, arrived_at, called_at, times_called, started_at, ended_at, counter_id,
    officer_id, move, moved_at, moved_by)
SELECT v.turn_id, v.code, v.request_key, v.office_id, v.service_id, v.offer_id, v.citizen_id,
    '', '', v.kind, v.channel, v.day, v.window_from, v.window_till, v.number, v.is_priority,
    '{{}}', last.state, v.asked_at, v.arrived_at, v.called_at, {_TIMES_CALLED}, v.started_at,
    v.ended_at, v.counter_id, v.officer_id, last.move, v.ended_at, {_BY}
FROM past_visit v JOIN {_LAST_MOVES} USING (fate) WHERE v.is_new
"""  # noqa: S608 -- our own statements
_DRAWN_TURNS: Final = f"""
UPDATE turns_turn t SET number = v.number, state = last.state, arrived_at = v.arrived_at,
    called_at = v.called_at, times_called = {_TIMES_CALLED}, started_at = v.started_at,
    ended_at = v.ended_at, counter_id = v.counter_id, officer_id = v.officer_id,
    move = last.move, moved_at = v.ended_at, moved_by = {_BY}
FROM past_visit v JOIN {_LAST_MOVES} USING (fate) WHERE t.id = v.turn_id AND NOT v.is_new
"""  # noqa: S608 -- our own statements
_EVENTS: Final = f"""
INSERT INTO journal_event (at, actor, kind, office_id, subject, subject_id, data)
SELECT at, actor, kind, office_id, subject, subject_id, data FROM (
    SELECT s.at, s.actor, 'turn.' || s.move AS kind, v.office_id, 'turn' AS subject,
           v.turn_id AS subject_id, s.data || jsonb_build_object(
               'move', s.move, 'state', s.state, 'moved_at', s.at, 'moved_by', s.actor) AS data,
           s.step
    FROM past_visit v JOIN turns_turn t ON t.id = v.turn_id JOIN {_LAST_MOVES} USING (fate)
    CROSS JOIN LATERAL (
        SELECT 1 AS step, v.asked_at AS at, birth.actor, birth.move, birth.state,
               to_jsonb(t) - ARRAY['name_sealed', 'phone_sealed'] || jsonb_build_object(
                   'number', birth.number, 'arrived_at', birth.arrived_at, 'called_at', NULL,
                   'times_called', 0, 'started_at', NULL, 'ended_at', NULL, 'counter_id', NULL,
                   'officer_id', NULL) AS data
        FROM (SELECT 'citizen' AS actor, 'book' AS move, 'booked' AS state, NULL AS number,
                     NULL::timestamptz AS arrived_at WHERE v.kind = 'appointment'
              UNION ALL SELECT v.at_the_door, 'take_number', 'waiting', v.number, v.arrived_at
              WHERE v.kind = 'walk_in') birth
        WHERE v.is_new
        UNION ALL
        SELECT 2, v.arrived_at, v.at_the_door, 'check_in', 'waiting',
               jsonb_build_object('number', v.number, 'arrived_at', v.arrived_at)
        WHERE v.kind = 'appointment' AND v.arrived_at IS NOT NULL
        UNION ALL
        SELECT 3, v.called_at, 'officer:' || v.officer_id, 'call', 'called', jsonb_build_object(
            'called_at', v.called_at, 'times_called', 1, 'counter_id', v.counter_id,
            'officer_id', v.officer_id)
        WHERE v.called_at IS NOT NULL
        UNION ALL
        SELECT 4, v.called_at + interval '2 minutes', 'officer:' || v.officer_id, 'call_again',
               'called', '{{"times_called": 2}}'
        WHERE v.fate = 'missed'
        UNION ALL  -- nobody starts what was drawn before the card was held against it
        SELECT 5, v.started_at, 'officer:' || v.officer_id, 'identify', 'called', '{{}}'
        WHERE v.started_at IS NOT NULL AND NOT v.is_new
        UNION ALL
        SELECT 6, v.started_at, 'officer:' || v.officer_id, 'start', 'serving',
               jsonb_build_object('started_at', v.started_at)
        WHERE v.started_at IS NOT NULL
        UNION ALL
        SELECT 7, v.ended_at, {_BY}, last.move, last.state,
               jsonb_build_object('ended_at', v.ended_at)
    ) s
    UNION ALL
    SELECT a.at, a.actor, 'door.turned_away', a.office_id, 'door', NULL, jsonb_build_object(
        'service_id', a.service_id, 'why', 'no_walk_in_place_left'), 0
    FROM past_away a
    UNION ALL
    SELECT c.opened_at, 'officer:' || c.officer_id, 'counter.open', c.office_id, 'counter',
           c.counter_id, '{{}}'::jsonb, 0 FROM past_sat c
    UNION ALL
    SELECT c.closed_at, 'officer:' || c.officer_id, 'counter.close', c.office_id, 'counter',
           c.counter_id, '{{}}'::jsonb, 9 FROM past_sat c
) e ORDER BY at, step, subject_id
"""  # noqa: S608 -- our own statements
_OPENINGS: Final = """
INSERT INTO capacity_counteropening (counter_id, officer_id, opened_at, closed_at)
SELECT counter_id, officer_id, opened_at, closed_at FROM past_sat ORDER BY opened_at, counter_id
"""
_PROMISES: Final = """
INSERT INTO turns_promise (turn_id, office_id, stage, made_at, begins, ends, is_first, hour,
    "group", low, middle, high, from_minutes, till_minutes, called_at, kept, settled_at)
SELECT turn_id, office_id, 'here', made_at, begins, ends, true, hour, calling_class, low, middle,
    high, low, high, called_at, kept, settled_at
FROM past_told ORDER BY made_at, turn_id
"""
_TAKEN: Final = """
UPDATE capacity_offer o SET taken = n, places = greatest(o.places, n), held = 0
FROM (SELECT t.offer_id, count(*) FILTER (WHERE t.state <> 'cancelled') AS n
      FROM turns_turn t JOIN past_visit v ON v.offer_id = t.offer_id AND v.turn_id = t.id
      GROUP BY t.offer_id) c
WHERE o.id = c.offer_id
"""
_NOTHING_HELD: Final = """
UPDATE capacity_offer SET held = 0
WHERE held > 0 AND (office_id, day) IN (SELECT DISTINCT office_id, day FROM past_visit)
"""
_TRIGGERS: Final = (("turns_turn", "turns_history"), ("journal_event", "journal_uncounted"))
"""What writes an event for each change of a turn, and each event down to be counted."""


@transaction.atomic
def tell(days: Days) -> None:
    """Write all of it down; whoever calls this recounts the figures afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGES)
        _copy_citizens(cursor, days.visits)
        _copy(cursor, "past_visit", days.visits)
        _copy(cursor, "past_away", days.away)
        _copy(cursor, "past_sat", days.sat)
        _copy(cursor, "past_told", days.told)
        cursor.execute("ANALYZE past_visit")
        with _told_by_hand(cursor):
            for statement in (_NEW_TURNS, _DRAWN_TURNS, _EVENTS):
                cursor.execute(statement)
        for statement in (_OPENINGS, _PROMISES, _TAKEN, _NOTHING_HELD, _DROP):
            cursor.execute(statement)


def next_ids(table: str) -> Iterator[int]:
    """Yield ids of a table's own sequence, a hundred taken at once."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, 100)",
                [table],
            )
            ids = [int(row[0]) for row in cursor.fetchall()]
        yield from ids


def _copy_citizens(cursor: Any, visits: Iterable[Visited]) -> None:
    """Write down who booked: with a NIK of Lebak that is nobody else's in the demonstration."""
    columns = "id, nik_index, nik_sealed, first_seen_at"
    with cursor.copy(f"COPY people_citizen ({columns}) FROM STDIN") as copy:
        for one in visits:
            if one.citizen_id is not None:
                nik = _nik(one.citizen_id)
                copy.write_row((one.citizen_id, blind_index(nik), seal(nik), one.asked_at))


def _nik(number: int) -> str:
    place, serial = divmod(number, 9999)
    return (
        f"3602{1 + place % 28:02d}{1 + number % 28:02d}{1 + number % 12:02d}{60 + number % 40:02d}"
        f"{1 + serial:04d}"
    )


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextlib.contextmanager
def _told_by_hand(cursor: Any) -> Iterator[None]:
    """Let nothing be told by the triggers; the tables are locked until the transaction ends."""
    # A table with checks to come can't be altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, trigger in _TRIGGERS:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    for table, trigger in _TRIGGERS:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
