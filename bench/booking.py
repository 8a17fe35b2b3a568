"""How many bookings a second, after counting whether each of them is right?

Clients in a process of their own book over HTTP at `giliran serve` with its defaults: half of
them spread over the windows of twenty offices, half at one window. Before that 64 of them rush at
a few places, two for each person. Wrong are: an offer overbooked or counted wrongly, a person
with two turns, an acknowledged booking that isn't there, a booking that nobody was told of, a
turn without its history, an answer that is neither a turn nor a refusal.

Then pgbench sends the very SQL of one booking, over as many connections, in the same minute.

    python -m bench.booking [--quick] [--json]
"""

import argparse
import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measure import percentile, say_result
from bench.server import CONNECTIONS, MONDAY_MORNING, Running, running

CLIENTS = 64
OFFICES = 20
WINDOWS_OF_AN_OFFICE = 14
ROOT = Path(__file__).parent.parent


def run(*, rounds: int, seconds: float) -> dict[str, Any]:
    """Measure `rounds` times `seconds` of HTTP and as much of plain SQL, by turns."""
    with running() as server:
        from django.db import transaction

        with transaction.atomic():
            spread, rushed, spread_sql, rushed_sql, tight = prepare()
        told = [book(server, seconds=1.5, windows=tight[1:], rushed=tight[0], people=CLIENTS // 2)]
        from bench import statements

        sent = statements.one_booking(an_offer(rushed_sql))
        first = f"random({spread_sql[0]}, {spread_sql[-1]})"
        scripts = [statements.script(sent, where) for where in (first, str(rushed_sql))]
        plain, failed = [], 0
        took = {"python": 0.0, "postgres": 0.0, "postgres_for_sql": 0.0}
        for turn in range(rounds):
            before = server.cpu_seconds()
            told.append(
                book(
                    server,
                    seconds=seconds,
                    windows=spread,
                    rushed=rushed,
                    first=1_000_000 * (turn + 1),
                )
            )
            between = server.cpu_seconds()
            speed, wrong = statements.run(
                scripts,
                url=server.database_url,
                connections=CONNECTIONS,
                seconds=seconds,
                base=2_000_000 * turn,
            )
            plain.append(speed)
            failed += wrong
            took["python"] += between["python"] - before["python"]
            took["postgres"] += between["postgres"] - before["postgres"]
            took["postgres_for_sql"] += server.cpu_seconds()["postgres"] - between["postgres"]
        wrong_results = count_wrong(told, [*spread, rushed, *tight]) + failed
    booked = [sum(status == 201 for _, _, status, *_ in each["answers"]) for each in told[1:]]
    lasted = sum(each["seconds"] for each in told[1:])
    latencies = [ms for each in told[1:] for *_, ms in each["answers"]]
    per_second, sql_per_second = sum(booked) / lasted, sum(plain) / rounds
    return {
        "per_second": per_second,
        "p99_ms": percentile(latencies, 0.99),
        "wrong_results": wrong_results,
        "sql_per_second": sql_per_second,
        "ratio_to_sql": per_second / sql_per_second,
        "p50_ms": percentile(latencies, 0.5),
        "booked": sum(booked),
        "statements": len(sent),
        "python_us": took["python"] / sum(booked) * 1e6,
        "postgres_us": took["postgres"] / sum(booked) * 1e6,
        "client_us": sum(each["cpu_seconds"] for each in told[1:]) / sum(booked) * 1e6,
        "postgres_us_for_sql": took["postgres_for_sql"] / (sum(plain) * seconds) * 1e6,
        "clients": CLIENTS,
        "connections": CONNECTIONS,
        "load_average": os.getloadavg()[0],
    }


def prepare() -> tuple[list[int], int, list[int], int, list[int]]:
    """Make the offices and their windows.

    Returns the ids of windows with room for all, of one that half will want, the same again for
    plain SQL, and of five with ten places each.
    """
    from giliran.capacity.models import Offer
    from tests.builders import an_office

    offices = [an_office(f"kantor-{number}") for number in range(OFFICES)]

    def windows(day: date, offices: list[Any], n: int, places: int) -> list[int]:
        starts = [
            datetime.combine(day, MONDAY_MORNING.timetz()) + timedelta(minutes=30 * number)
            for number in range(n)
        ]
        made = Offer.objects.bulk_create(
            Offer(
                office=office,
                kind="window",
                day=day,
                starts_at=start,
                ends_at=start + timedelta(minutes=30),
                places=places,
            )
            for office in offices
            for start in starts
        )
        return [offer.id for offer in made]

    days = [(MONDAY_MORNING + timedelta(days=n)).date() for n in range(1, 5)]
    spread = windows(days[0], offices, WINDOWS_OF_AN_OFFICE, 30_000)
    spread_sql = windows(days[1], offices, WINDOWS_OF_AN_OFFICE, 30_000)
    rushed, rushed_sql = windows(days[2], offices[:1], 2, 30_000)
    return spread, rushed, spread_sql, rushed_sql, windows(days[3], offices[:1], 5, 10)


def an_offer(offer_id: int) -> Any:
    from giliran.capacity.models import Offer

    return Offer.objects.get(id=offer_id)


def book(
    server: Running,
    *,
    seconds: float,
    windows: list[int],
    rushed: int,
    people: int = 1_000_000,
    first: int = 0,
) -> dict[str, Any]:
    """Let the clients book; `people` come by turns, numbered from `first`."""
    plan = {
        "port": server.port,
        "clients": CLIENTS,
        "seconds": seconds,
        "windows": windows,
        "rushed": rushed,
        "people": people,
        "first": first,
    }
    return ask_clients("book", plan)


def ask_clients(story: str, plan: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.clients", story],
        cwd=ROOT,
        input=json.dumps(plan),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def count_wrong(told: list[dict[str, Any]], offer_ids: list[int]) -> int:
    """Count what is wrong in the database, and in what the clients were told of it."""
    from django.db.models import Count

    from giliran.capacity.models import Offer
    from giliran.core.turn import OPEN
    from giliran.journal.models import Event
    from giliran.turns.models import Turn

    answers = [tuple(answer) for each in told for answer in each["answers"]]
    turns = Turn.objects.filter(offer__in=offer_ids)
    stored = list(turns.values_list("code", "offer_id"))
    acknowledged = [(code, window) for window, _, status, code, _ in answers if status == 201]
    offers = Offer.objects.filter(id__in=offer_ids).annotate(holders=Count("turns"))
    doubled = (
        turns.filter(state__in=OPEN)
        .values("citizen", "service")
        .annotate(turns_held=Count("id"))
        .filter(turns_held__gt=1)
    )
    histories = Event.objects.filter(kind="turn.book", subject_id__in=turns.values("id"))
    found = {
        "neither a turn nor a refusal": sum(
            status not in (201, 409) for _, _, status, *_ in answers
        ),
        "acknowledged twice": len(acknowledged) - len(set(acknowledged)),
        "acknowledged and lost": len(set(acknowledged) - set(stored)),
        "stored and told to nobody": len(set(stored) - set(acknowledged)),
        "overbooked or counted wrongly": sum(
            not offer.taken == offer.holders <= offer.places for offer in offers
        ),
        "doubled": doubled.count(),
        "without history": abs(turns.count() - histories.count()),
    }
    for what, times in found.items():
        if times:
            print(f"{times} {what}", file=sys.stderr)
    return sum(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="half a minute at most")
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    given = parser.parse_args()
    result = run(rounds=2, seconds=4) if given.quick else run(rounds=5, seconds=6)
    if not given.json:
        for key, value in result.items():
            print(f"{key:>22}  {value:,.1f}")
    say_result(result)


if __name__ == "__main__":
    main()
