"""The SQL behind the figures; most statements stand on the visits of one office's day."""
# ruff: noqa: S608 -- the statements are put together from constants of this file only

# One row per turn of the day. The first call and the minutes at counters come from the journal,
# because a transfer or a return clears the turn's own columns. GREATEST ignores a missing window.
_VISIT = """
WITH visit AS (
    SELECT t.id, t.kind, t.channel, t.service_id, t.state, t.is_priority, t.arrived_at, t.ended_at,
           t.window_till, told.called_at,
           CASE WHEN told.called_at IS NOT NULL THEN GREATEST(0, EXTRACT(EPOCH FROM
               told.called_at - GREATEST(t.arrived_at, t.window_from))) / 60 END AS wait,
           CASE WHEN t.state = 'finished' AND t.moved_by = 'officer:' || t.officer_id
               THEN EXTRACT(EPOCH FROM told.served) / 60 END AS minutes
    FROM turns_turn t
    CROSS JOIN LATERAL (
        SELECT min(e.at) FILTER (WHERE e.kind = 'turn.call') AS called_at,
               sum(e.until - e.at) FILTER (WHERE e.state = 'serving') AS served
        FROM (
            SELECT at, kind, data ->> 'state' AS state, lead(at) OVER (ORDER BY id) AS until
            FROM journal_event WHERE subject = 'turn' AND subject_id = t.id
        ) e
    ) told
    WHERE t.office_id = %(office)s AND t.day = %(day)s
)
"""

TOTALS = (
    _VISIT
    + """
SELECT count(*) FILTER (WHERE kind = 'appointment'),
       count(*) FILTER (WHERE kind = 'walk_in'),
       count(*) FILTER (WHERE arrived_at IS NOT NULL),
       count(*) FILTER (WHERE state = 'finished'),
       count(*) FILTER (WHERE state = 'no_show' AND arrived_at IS NULL),
       count(*) FILTER (WHERE state = 'no_show' AND arrived_at IS NOT NULL),
       count(*) FILTER (WHERE state = 'left'),
       count(*) FILTER (WHERE state = 'cancelled'),
       count(*) FILTER (WHERE state IN ('booked', 'waiting', 'called', 'serving', 'parked')),
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY minutes)::float[],
       count(*) FILTER (WHERE arrived_at <= window_till
                        AND (called_at IS NOT NULL OR state = 'left')),
       count(*) FILTER (WHERE arrived_at <= window_till
                        AND called_at <= window_till + interval '10 minutes')
FROM visit
"""
)

WAITS = (
    _VISIT
    + """
SELECT is_priority, kind, count(wait),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY wait)::float,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY wait)::float,
       max(wait)::float
FROM visit WHERE wait IS NOT NULL
GROUP BY GROUPING SETS ((is_priority, kind), ())
HAVING count(wait) > 0
ORDER BY is_priority DESC NULLS FIRST, kind
"""
)

PARTS = (
    _VISIT
    + """
SELECT channel, service_id, count(*), count(arrived_at),
       count(*) FILTER (WHERE state = 'finished'),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY wait)::float
FROM visit
GROUP BY GROUPING SETS ((channel), (service_id))
ORDER BY count(*) DESC, channel, service_id
"""
)

HOURS = (
    _VISIT
    + """
SELECT EXTRACT(HOUR FROM moment AT TIME ZONE %(zone)s)::int AS hour,
       count(*) FILTER (WHERE NOT is_end), count(*) FILTER (WHERE is_end)
FROM (
    SELECT arrived_at AS moment, false AS is_end FROM visit WHERE arrived_at IS NOT NULL
    UNION ALL
    SELECT ended_at, true FROM visit WHERE state = 'finished'
) happened
GROUP BY hour ORDER BY hour
"""
)

# Who forgot to close a counter is counted until the office closed, and not through the night.
OPEN_MINUTES = """
SELECT COALESCE(sum(GREATEST(0, EXTRACT(EPOCH FROM
    CASE WHEN o.closed_at < %(ends)s THEN o.closed_at ELSE %(unclosed)s END
    - CASE WHEN o.opened_at < %(begins)s THEN %(opens)s ELSE o.opened_at END))), 0)::float / 60
FROM capacity_counteropening o JOIN offices_counter c ON c.id = o.counter_id
WHERE c.office_id = %(office)s AND o.opened_at < %(ends)s
  AND (o.closed_at IS NULL OR o.closed_at > %(begins)s)
"""

TURNED_AWAY = """
SELECT COALESCE(data ->> 'why', ''), count(*) FROM journal_event
WHERE kind = 'door.turned_away' AND office_id = %(office)s
  AND at >= %(begins)s AND at < %(ends)s
GROUP BY 1 ORDER BY 2 DESC, 1
"""

# By the day of each office.
TURNED_AWAY_BY_DAY = """
SELECT e.office_id, (e.at AT TIME ZONE o.time_zone)::date, count(*)
FROM journal_event e JOIN offices_office o ON o.id = e.office_id
WHERE e.kind = 'door.turned_away' AND e.office_id = ANY(%(offices)s)
  AND e.at >= %(since)s AND e.at < %(until)s
GROUP BY 1, 2
"""

# Every office has its own day: the same moment is already tomorrow further east.
NOW = """
WITH here AS (
    SELECT id, seats, (%(now)s AT TIME ZONE time_zone)::date AS day,
           (%(now)s AT TIME ZONE time_zone)::date::timestamp AT TIME ZONE time_zone AS begins
    FROM offices_office WHERE id = ANY(%(offices)s)
)
SELECT here.id,
       line.waiting, line.priority, COALESCE(line.longest, 0), line.seats_taken, here.seats,
       day.serving, day.expected, day.finished, counters.open, counters.all_of_them, door.away
FROM here
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
           count(*) FILTER (WHERE state = 'waiting' AND is_priority) AS priority,
           count(*) FILTER (WHERE state IN ('waiting', 'called', 'serving')) AS seats_taken,
           floor(EXTRACT(EPOCH FROM %(now)s - min(arrived_at) FILTER (WHERE state = 'waiting'))
                 / 60)::int AS longest
    FROM turns_turn WHERE office_id = here.id
      AND state IN ('waiting', 'called', 'serving', 'parked')
) line
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state IN ('called', 'serving')) AS serving,
           count(*) FILTER (WHERE state = 'booked') AS expected,
           count(*) FILTER (WHERE state = 'finished') AS finished
    FROM turns_turn WHERE office_id = here.id AND day = here.day
) day
CROSS JOIN LATERAL (
    SELECT count(*) AS all_of_them,
           count(*) FILTER (WHERE EXISTS (SELECT FROM capacity_counteropening o
               WHERE o.counter_id = c.id AND o.closed_at IS NULL)) AS open
    FROM offices_counter c WHERE c.office_id = here.id
) counters
CROSS JOIN LATERAL (
    SELECT count(*) AS away FROM journal_event e
    WHERE e.office_id = here.id AND e.kind = 'door.turned_away'
      AND e.at >= here.begins AND e.at < here.begins + interval '1 day'
) door
ORDER BY line.longest DESC NULLS LAST, line.waiting DESC, here.id
"""

HISTORY = """
SELECT e.id, e.at, e.kind, e.actor, e.subject_id, e.data, t.number, c.label,
       w.kind, w.starts_at, w.ends_at
FROM journal_event e
LEFT JOIN turns_turn t ON e.subject = 'turn' AND t.id = e.subject_id
LEFT JOIN offices_counter c ON c.id = CASE WHEN e.subject = 'counter' THEN e.subject_id
    ELSE (e.data ->> 'counter_id')::bigint END
LEFT JOIN capacity_offer w ON e.subject = 'offer' AND w.id = e.subject_id
WHERE e.office_id = %(office)s AND e.at >= %(begins)s AND e.at < %(ends)s
  -- A complaint is not told to whom it is about.
  AND e.subject <> 'complaint'
ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""

HISTORY_LENGTH = """
SELECT count(*) FROM journal_event
WHERE office_id = %(office)s AND at >= %(begins)s AND at < %(ends)s AND subject <> 'complaint'
"""
