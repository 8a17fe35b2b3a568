"""The SQL behind the alarms: what is wrong at all offices now, one statement for each kind."""

# Who waits at each office, by its own day.
WAITING = """
SELECT o.id, count(*), min(t.arrived_at)
FROM offices_office o JOIN turns_turn t ON t.office_id = o.id
WHERE t.state = 'waiting' AND t.day = (%(now)s AT TIME ZONE o.time_zone)::date
GROUP BY o.id ORDER BY o.id
"""

# A counter where somebody sits and nobody stands, though somebody waits whom it serves. Whoever
# does something in the system meanwhile (a claim, a call) isn't away.
EMPTY = """
SELECT c.office_id, c.id, c.label, could.waiting, floor(EXTRACT(EPOCH FROM
    %(now)s - GREATEST(o.opened_at, could.since, did.at)) / 60)::int
FROM capacity_counteropening o
JOIN offices_counter c ON c.id = o.counter_id
CROSS JOIN LATERAL (
    SELECT count(*) AS waiting, min(COALESCE(t.place_since, t.arrived_at)) AS since
    FROM turns_turn t
    WHERE t.office_id = c.office_id AND t.state = 'waiting' AND (t.counter_id = c.id
        OR t.counter_id IS NULL AND EXISTS (SELECT FROM offices_counter_services s
            WHERE s.counter_id = c.id AND s.service_id = t.service_id))
) could
CROSS JOIN LATERAL (
    SELECT max(e.at) AS at FROM journal_event e
    WHERE e.office_id = c.office_id AND e.at >= o.opened_at AND e.at <= %(now)s
      AND e.actor = 'officer:' || o.officer_id
) did
WHERE o.closed_at IS NULL AND could.waiting > 0 AND NOT EXISTS (
    SELECT FROM turns_turn t WHERE t.counter_id = c.id AND t.state IN ('called', 'serving'))
ORDER BY c.office_id, c.id
"""

# Counters of each of these offices: open ones, all, and when the last one closed.
COUNTERS = """
SELECT c.office_id, count(DISTINCT c.id) FILTER (WHERE o.id IS NOT NULL AND o.closed_at IS NULL),
       count(DISTINCT c.id), max(o.closed_at)
FROM offices_counter c LEFT JOIN capacity_counteropening o ON o.counter_id = c.id
    AND (o.closed_at IS NULL OR o.closed_at > %(now)s - interval '1 day')
WHERE c.office_id = ANY(%(offices)s)
GROUP BY 1
"""

# Who should be there by the roster since a quarter of an hour, and sits at no counter.
AWAY = """
SELECT s.office_id, count(*) FROM capacity_shift s
WHERE s.office_id = ANY(%(offices)s) AND NOT s.is_draft AND s.cancelled_at IS NULL
  AND s.begins_at <= %(now)s - interval '15 minutes' AND s.ends_at > %(now)s
  AND NOT EXISTS (SELECT FROM capacity_counteropening o
                  WHERE o.officer_id = s.officer_id AND o.closed_at IS NULL)
GROUP BY 1
"""

# Places that are all taken, and how long it took to give away nine tenths of them. What was drawn
# isn't a rush.
GONE = """
WITH full_days AS (
    SELECT office_id, kind, day, sum(places) AS places, array_agg(id) AS offers
    FROM capacity_offer
    WHERE day >= (%(now)s - interval '1 day')::date AND ends_at > %(now)s AND is_open
    GROUP BY 1, 2, 3
    HAVING sum(places - taken - held) <= 0 AND sum(places) >= %(least)s AND sum(held) = 0
)
SELECT f.office_id, f.kind, f.day, count(*), max(t.asked_at), ceil(EXTRACT(EPOCH FROM
    max(t.asked_at) - percentile_disc(0.1) WITHIN GROUP (ORDER BY t.asked_at)) / 60)::int
FROM full_days f JOIN turns_turn t ON t.offer_id = ANY(f.offers)
WHERE NOT EXISTS (SELECT FROM turns_application a WHERE a.turn_id = t.id)
GROUP BY 1, 2, 3
HAVING count(*) >= %(least)s
"""

# A promise whose window is over while the person still waits is broken, though not settled.
PROMISES = """
SELECT p.office_id, count(*) FILTER (WHERE p.kept), count(*)
FROM turns_promise p JOIN turns_turn t ON t.id = p.turn_id
JOIN offices_office o ON o.id = p.office_id
WHERE p.is_first AND p.stage = 'here' AND p.made_at > %(now)s - interval '1 day'
  AND t.day = (%(now)s AT TIME ZONE o.time_zone)::date
  AND (p.kept IS NOT NULL OR p.ends < %(now)s AND t.state = 'waiting' AND t.times_called = 0)
GROUP BY 1
"""

CLAIMS = """
SELECT c.office_id, o.region_id,
       count(*) FILTER (WHERE c.due_on < (%(now)s AT TIME ZONE o.time_zone)::date), count(*)
FROM claims_claim c JOIN offices_office o ON o.id = c.office_id
WHERE c.state = ANY(%(states)s) AND c.due_on <= %(until)s
GROUP BY 1, 2
"""

# No office learns, not even as a number, of what isn't for it. What was put before a level above
# rings there too.
COMPLAINTS = """
WITH due AS (
    SELECT office_id, region_id, lowest, level, due_on < %(today)s AS is_late
    FROM voices_complaint WHERE state = ANY(%(states)s) AND due_on <= %(until)s
)
SELECT office_id, NULL, count(*) FILTER (WHERE is_late), count(*) FROM due
WHERE lowest = 'office' AND office_id IS NOT NULL GROUP BY 1
UNION ALL
SELECT NULL, region_id, count(*) FILTER (WHERE is_late), count(*) FROM due
WHERE lowest <> 'centre' AND region_id IS NOT NULL
  AND (level <> 'office' OR lowest = 'region' OR office_id IS NULL) GROUP BY 2
UNION ALL
SELECT NULL, NULL, count(*) FILTER (WHERE is_late), count(*) FROM due
WHERE lowest = 'centre' OR level = 'centre' OR region_id IS NULL HAVING count(*) > 0
"""

# What waits to be tried again has failed at least once; what is still under way after two minutes
# got no answer.
CHANNELS = """
SELECT channel, count(*) FILTER (WHERE state IN ('sent', 'delivered', 'read')),
       count(*) FILTER (WHERE state IN ('failed', 'unknown', 'waiting')
           OR state = 'sending' AND started_at < %(now)s - interval '2 minutes'),
       count(DISTINCT contact_id)
FROM giliran_messages_attempt
WHERE COALESCE(ended_at, started_at) >= %(since)s AND started_at <= %(now)s
GROUP BY 1
"""

# Screens that hang for good: some day before this one they were alive already. Real time, as they
# live in it; an office for show has none that anybody would miss.
SCREENS = """
WITH screens AS (
    SELECT 'kiosk' AS what, id, office_id, label, first_seen_at, seen_at, retired_at
    FROM offices_kiosk
    UNION ALL
    SELECT 'board', id, office_id, label, first_seen_at, seen_at, retired_at FROM offices_board
)
SELECT s.office_id, s.what || ':' || s.id, s.label, s.seen_at, now() - s.seen_at
FROM screens s JOIN offices_office o ON o.id = s.office_id
WHERE s.retired_at IS NULL AND NOT o.is_demo AND (s.first_seen_at AT TIME ZONE o.time_zone)::date
    < (now() AT TIME ZONE o.time_zone)::date
ORDER BY s.office_id, 2
"""

LIVE = """
SELECT seen_at FROM figures_pulse WHERE name = 'live' AND seen_at < now() - interval '2 minutes'
"""
