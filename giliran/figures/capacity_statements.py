"""The SQL behind a capacity check: what was seen of one office's days, from ``first`` to ``end``.

``end`` is the day after the last; ``begins`` and ``ends`` are their first moments at the office.
"""

# What became of those who asked, by service.
SEEN = """
SELECT service_id, count(*), count(*) FILTER (WHERE kind = 'appointment'),
       count(arrived_at), count(*) FILTER (WHERE state = 'finished'),
       count(*) FILTER (WHERE state = 'no_show' AND arrived_at IS NULL),
       count(*) FILTER (WHERE state = 'left')
FROM turns_turn
WHERE office_id = %(office)s AND day >= %(first)s AND day < %(end)s AND state <> 'cancelled'
GROUP BY service_id ORDER BY service_id
"""

# A day without anybody is one on which the system wasn't used, or nobody came: it tells nothing.
DAYS_SEEN = """
SELECT DISTINCT day FROM turns_turn
WHERE office_id = %(office)s AND day >= %(first)s AND day < %(end)s AND arrived_at IS NOT NULL
"""

TURNED_AWAY = """
SELECT COALESCE(data ->> 'why', ''), (data ->> 'service_id')::bigint, count(*)
FROM journal_event
WHERE kind = 'door.turned_away' AND office_id = %(office)s AND at >= %(begins)s AND at < %(ends)s
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""

# Who was in a draw that closed then and had no turn by the end, at the office named first. Once,
# however many draws were lost.
NOT_DRAWN = """
SELECT a.service_id, count(DISTINCT a.id)
FROM turns_application a
JOIN turns_entry e ON e.application_id = a.id
JOIN turns_round r ON r.id = e.round_id AND r.drawn_at IS NOT NULL
WHERE a.office_ids[1] = %(office)s AND r.closes_at >= %(begins)s AND r.closes_at < %(ends)s
  AND (a.state = 'open' OR a.ended_at >= %(ends)s)
GROUP BY 1 ORDER BY 1
"""

OPENINGS = """
SELECT GREATEST(o.opened_at, %(begins)s), LEAST(o.closed_at, %(ends)s)
FROM capacity_counteropening o JOIN offices_counter c ON c.id = o.counter_id
WHERE c.office_id = %(office)s AND o.opened_at < %(ends)s
  AND (o.closed_at IS NULL OR o.closed_at > %(begins)s)
"""
