"""How fast is the journal added up, does it agree with a recount, and how fast is it read?

    python -m bench.figures [--quick] [--json]

Synthetic journals of turns, told as the tables' own triggers tell them: six events a visit, 100
offices of 60 visits a working day, growing in steps from 10^5 events to 10^7 (``--quick``: to
10^5, one step). At each step all is counted anew, which is what a database of before would do, and
another 40 visits come one by one while somebody looks.

- ``recount_differences``: the numbers in which the cells differ from a recount, over all steps,
  after the new visits were counted as they came.
- ``refresh_lag_ms``: from the commit of a visit's step until the figures tell it (median).
- ``slowest_screen_ms``: the slowest of the readings that pages make, each three times: an office by
  day and hour over a year, a region of 25 offices by week over two years, all offices by month over
  all that there is; each as waits (nine of ten), the costliest of the figures.

The limit that this is measured against is of the same run and the same events: ``select_ms``, a
plain ``SELECT office_id, kind, count(*) GROUP BY`` over the journal, without which nobody could
count anything anew. ``ratio_to_select`` is how many times faster the slowest screen is;
``recount_to_select`` how many times longer a recount takes, which reads each event's story.

``country_*`` are 10^8 events, five years of a national network. They are extrapolated from the last
two steps' growth and not measured; ``--quick`` has one step and says nothing of them.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from bench.database import database
from bench.measure import percentile, say_result

FIRST = date(2021, 1, 4)
OFFICES, VISITS_A_DAY, EVENTS_A_VISIT = 100, 60, 6
COUNTRY = 10**8
NEW_VISITS = 40
AT_ONCE = 60_000
"""Visits put in by one statement: ten working days."""

# Most come within half an hour before their window's end; one in twelve doesn't; waits are
# exponential with a mean of twelve minutes. All moments follow from the visit's number.
VISITS = """
SELECT n AS turn, (%(offices)s::bigint[])[1 + n %% %(count)s] AS office, day, r, w,
       w - interval '1 day' AS asked, w + (r[1] * 60 - 40) * interval '1 minute' AS come,
       GREATEST(w, w + (r[1] * 60 - 40) * interval '1 minute')
           + -12 * ln(1 - r[2]) * interval '1 minute' AS called
FROM (
    SELECT n, day, r, (day + time '08:00' + floor(r[3] * 13) * interval '30 minutes')
           AT TIME ZONE 'Asia/Jakarta' AS w
    FROM (
        SELECT n, (%(first)s::date + ((n / %(a_day)s / 5) * 7 + (n / %(a_day)s) %% 5)::int) AS day,
               ARRAY[hashint8(n) & 65535, hashint8(n + 7919) & 65535, hashint8(n + 104729) & 65535,
                     hashint8(n + 1299709) & 65535]::float8[] AS raw
        FROM generate_series(%(since)s::bigint, %(until)s::bigint - 1) n
    ) a CROSS JOIN LATERAL (SELECT array_agg(x / 65536) AS r FROM unnest(raw) x) b
) c
"""
EVENTS = f"""
INSERT INTO journal_event (at, actor, kind, office_id, subject, subject_id, data)
SELECT s.at, 'bench', 'turn.' || s.move, v.office, 'turn', v.turn, jsonb_build_object(
        'move', s.move, 'state', s.state, 'moved_at', s.at) || s.data
FROM ({VISITS}) v CROSS JOIN LATERAL (
    SELECT v.asked AS at, 'book' AS move, 'booked' AS state, jsonb_build_object(
        'id', v.turn, 'code', lpad(v.turn::text, 8, '0'), 'office_id', v.office,
        'service_id', 1 + v.turn %% 5, 'offer_id', 1, 'citizen_id', v.turn, 'claim_id', NULL,
        'kind', 'appointment', 'channel', (ARRAY['web', 'kiosk', 'clerk', 'whatsapp'])[
            1 + floor(v.r[4] * 4)::int], 'day', v.day, 'window_from', v.w,
        'window_till', v.w + interval '30 minutes', 'number', NULL,
        'is_priority', v.r[4] < 0.08, 'needs', '[]'::jsonb, 'asked_at', v.asked,
        'arrived_at', NULL, 'ended_at', NULL, 'moved_by', 'citizen') AS data
    UNION ALL SELECT v.w + interval '7 hours', 'no_show', 'no_show',
        jsonb_build_object('ended_at', v.w + interval '7 hours') WHERE v.r[1] < 1.0 / 12
    UNION ALL SELECT come.* FROM (VALUES
        (v.come, 'check_in', 'waiting', jsonb_build_object('arrived_at', v.come)),
        (v.called, 'call', 'called', jsonb_build_object('called_at', v.called)),
        (v.called + interval '30 seconds', 'call_again', 'called', '{{"times_called": 2}}'),
        (v.called + interval '1 minute', 'start', 'serving', '{{"officer_id": 1}}'),
        (v.called + (4 + v.r[4] * 16) * interval '1 minute', 'finish', 'finished',
         jsonb_build_object('ended_at', v.called + (4 + v.r[4] * 16) * interval '1 minute'))
    ) come WHERE v.r[1] >= 1.0 / 12
) s ORDER BY s.at
"""  # noqa: S608 -- our own statement
SELECT_ALL = "SELECT office_id, kind, count(*) FROM journal_event GROUP BY 1, 2"


class Step(NamedTuple):
    """What was measured at one size of the journal."""

    events: int
    differences: int
    insert_seconds: float
    select_ms: float
    recount_seconds: float
    lags_ms: list[float]
    screens_ms: dict[str, float]
    cells: int

    @property
    def slowest_ms(self) -> float:
        return max(self.screens_ms.values())


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(statement: str, given: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall()) if cursor.description else []


def an_office(number: int) -> int:
    from giliran.offices.models import Office, Region, WeeklyHours

    region, _ = Region.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    office = Office.objects.create(
        region=region,
        slug=f"bench-{number}",
        name=f"Bench {number}",
        kind=Office.Kind.BRANCH,
        address="Jalan",
        latitude=-6,
        longitude=106,
        time_zone="Asia/Jakarta",
        seats=40,
    )
    for weekday in range(5):
        WeeklyHours.objects.create(
            office=office, weekday=weekday, opens="08:00", closes="15:00", since=FIRST
        )
    return office.id


class Network:
    """Offices whose journal grows by visits, and what pages read of it."""

    def __init__(self) -> None:
        self.office_ids = [an_office(number) for number in range(OFFICES)]
        self.visits = 0

    @property
    def last(self) -> date:
        working_day = self.visits // (OFFICES * VISITS_A_DAY)
        return FIRST + timedelta(days=working_day // 5 * 7 + working_day % 5)

    def grow_to(self, events: int) -> float:
        """Put visits in as they would have been told; returns the seconds."""
        began = time.perf_counter()
        # The triggers would only write down what the recount counts anyway.
        run("SET session_replication_role = replica")
        while self.visits * EVENTS_A_VISIT * 11 / 12 < events:
            left = math.ceil(events / EVENTS_A_VISIT / 11 * 12) - self.visits
            self.come(min(AT_ONCE, max(left, 1000)))
        run("SET session_replication_role = origin")
        run("VACUUM (ANALYZE) journal_event")
        return time.perf_counter() - began

    def come(self, visits: int) -> None:
        given = {
            "offices": self.office_ids,
            "count": OFFICES,
            "a_day": OFFICES * VISITS_A_DAY,
            "first": FIRST,
            "since": self.visits + 1,
            "until": self.visits + 1 + visits,
        }
        run(EVENTS, given)
        self.visits += visits

    def screens(self) -> dict[str, Callable[[], Any]]:
        from giliran.figures import series

        def read(by: str, offices: int, days: int | None, split: str | None) -> Callable[[], Any]:
            first = FIRST if days is None else max(FIRST, self.last - timedelta(days=days))
            chosen = self.office_ids[:offices]
            return lambda: series.of(
                "wait_p90", offices=chosen, first=first, last=self.last, by=by, split=split
            )

        return {
            "office_by_day": read("day", 1, 365, None),
            "office_by_day_and_hour": read("day", 1, 365, "hour"),
            "region_by_week": read("week", 25, 730, None),
            "region_by_week_and_channel": read("week", 25, 730, "channel"),
            "all_by_month": read("month", OFFICES, None, None),
            "all_by_month_and_service": read("month", OFFICES, None, "service"),
        }

    def lag(self) -> float:
        """Return the milliseconds from a visit's commit until the figures tell it."""
        from giliran.figures import series

        before = series.value("asked", self.office_ids, FIRST, self.last + timedelta(days=14)).value
        self.come(1)
        began = time.perf_counter()
        after = series.value("asked", self.office_ids, FIRST, self.last + timedelta(days=14)).value
        if after != (before or 0) + 1:
            raise RuntimeError(f"{before} visits and one more were told as {after}")
        return 1000 * (time.perf_counter() - began)


def measure(network: Network, wanted: int) -> Step:
    from giliran.figures import recounting

    insert_seconds = network.grow_to(wanted)
    select_ms = 1000 * min(timed(lambda: run(SELECT_ALL)) for _ in range(2))
    recount_seconds = timed(recounting.recount)
    run("VACUUM (ANALYZE) figures_cell")
    lags = [network.lag() for _ in range(NEW_VISITS)]
    screens = {
        name: 1000 * statistics.median(timed(read) for _ in range(3))
        for name, read in network.screens().items()
    }
    differences = sum(1 for _ in recounting.compare())
    ((events,),) = run("SELECT count(*) FROM journal_event")
    ((cells,),) = run("SELECT count(*) FROM figures_cell")
    return Step(
        events, differences, insert_seconds, select_ms, recount_seconds, lags, screens, cells
    )


def extrapolated(steps: list[Step], of: Callable[[Step], float]) -> float:
    """Return what 10^8 events would take if it goes on growing as between the last two steps."""
    before, last = steps[-2:]
    power = math.log(of(last) / of(before)) / math.log(last.events / before.events)
    return of(last) * (COUNTRY / last.events) ** max(0.0, power)


def result(steps: list[Step]) -> dict[str, Any]:
    last = steps[-1]
    differences = sum(step.differences for step in steps)
    found: dict[str, Any] = {
        "wrong_results": differences,
        "events": last.events,
        "recount_differences": differences,
        "refresh_lag_ms": statistics.median(last.lags_ms),
        "refresh_lag_ms_p99": percentile(last.lags_ms, 0.99),
        "slowest_screen_ms": last.slowest_ms,
        "slowest_screen": max(last.screens_ms, key=lambda name: last.screens_ms[name]),
        "select_ms": last.select_ms,
        "ratio_to_select": last.select_ms / last.slowest_ms,
        "recount_seconds": last.recount_seconds,
        "recount_to_select": 1000 * last.recount_seconds / last.select_ms,
        "recounted_per_second": last.events / last.recount_seconds,
        "cells": last.cells,
    }
    if len(steps) > 1:
        found |= {
            "country_slowest_screen_ms": extrapolated(steps, lambda step: step.slowest_ms),
            "country_refresh_lag_ms": extrapolated(
                steps, lambda step: statistics.median(step.lags_ms)
            ),
            "country_recount_minutes": extrapolated(steps, lambda step: step.recount_seconds) / 60,
        }
    for step in steps[:-1]:
        at = f"at_{step.events}"
        found |= {
            f"slowest_screen_ms_{at}": step.slowest_ms,
            f"refresh_lag_ms_{at}": statistics.median(step.lags_ms),
            f"recount_seconds_{at}": step.recount_seconds,
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sizes = [10**5] if given.quick else [10**5, 10**6, 10**7]
    steps = []
    with database():
        network = Network()
        for size in sizes:
            steps.append(measure(network, size))
            if not given.json:
                print(steps[-1]._replace(lags_ms=[]), flush=True)
    if given.json:
        say_result(result(steps))
    else:
        print("\n".join(f"{key:32} {value}" for key, value in result(steps).items()))


if __name__ == "__main__":
    main()
