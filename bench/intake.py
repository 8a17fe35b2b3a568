"""How many applications a second, and does anybody get lost in the last minute before closing?

Clients in a process of their own apply over HTTP at `giliran serve` with its defaults, for places
in twenty offices; before that 64 of them rush, two for each person. Then ten thousand people come
one after the other in the last minute before the round closes, each at a moment of their own,
whether or not the others have been answered, and the round is sealed and drawn. What one waited
counts from their moment. Wrong are: a person in the draw twice, an acknowledged application that
isn't there or isn't in the round that it was promised, one that nobody was told of, one without
its history, an answer that isn't "we have it".

Then pgbench sends the bare inserts of one application (person, application, journal), over as
many connections, in the same minute.

    python -m bench.intake [--quick] [--json]
"""

import argparse
import os
import sys
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from bench.booking import ask_clients
from bench.measure import percentile, say_result
from bench.server import CONNECTIONS, MONDAY_MORNING, Running, running

CLIENTS = 64
OFFICES = 20
PEOPLE_IN_THE_LAST_MINUTE = 10_000
CLOSING = MONDAY_MORNING.replace(hour=10, minute=0)  # 17.00 WIB


def run(*, rounds: int, seconds: float, last_seconds: float) -> dict[str, Any]:
    """Measure `rounds` times `seconds` of HTTP and as much of plain SQL, by turns.

    Then the last minute, or as much of it as `last_seconds`, at the same pace.
    """
    # Behind a proxy, as in a real installation: it says which address each person has.
    os.environ["GILIRAN_TLS"] = "1"
    with running() as server:
        offices, for_sql = prepare()
        from bench import statements

        sent = statements.one_application(for_sql)
        script = statements.script(sent)
        doubled = apply(server, offices, seconds=1.0, repeated=2)
        told, plain, failed = [], [], 0
        took = {"python": 0.0, "postgres": 0.0, "postgres_for_sql": 0.0}
        for turn in range(rounds):
            before = server.cpu_seconds()
            told.append(apply(server, offices, seconds=seconds, first=1_000_000 * (turn + 1)))
            between = server.cpu_seconds()
            speed, wrong = statements.run(
                [script],
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
        people = round(PEOPLE_IN_THE_LAST_MINUTE * last_seconds / 60)
        last, draw_seconds = in_the_last_minute(server, offices, people, last_seconds)
        wrong_results, lost = count_wrong(doubled, [*told, last])
    applied = sum(len(each["answers"]) for each in told)
    latencies = [ms for each in told for *_, ms in each["answers"]]
    waited = [ms for *_, ms in last["answers"]]
    per_second = applied / sum(each["seconds"] for each in told)
    sql_per_second = sum(plain) / rounds
    return {
        "per_second": per_second,
        "p99_ms": percentile(latencies, 0.99),
        "wrong_results": wrong_results + failed,
        "lost": lost,
        "ten_thousand_p99_ms": percentile(waited, 0.99),
        "ten_thousand_seconds": last["seconds"],
        "ten_thousand_slowest_ms": max(waited),
        "last_minute_people": people,
        "seal_and_draw_seconds": draw_seconds,
        "sql_per_second": sql_per_second,
        "ratio_to_sql": per_second / sql_per_second,
        "p50_ms": percentile(latencies, 0.5),
        "applied": applied,
        "python_us": took["python"] / applied * 1e6,
        "postgres_us": took["postgres"] / applied * 1e6,
        "client_us": sum(each["cpu_seconds"] for each in told) / applied * 1e6,
        "postgres_us_for_sql": took["postgres_for_sql"] / (sum(plain) * seconds) * 1e6,
        "clients": CLIENTS,
        "connections": CONNECTIONS,
        "load_average": os.getloadavg()[0],
    }


def prepare() -> tuple[list[str], str]:
    """Return the addresses of offices that draw tomorrow's places, and of one for plain SQL."""
    from giliran.offices.models import Region
    from giliran.turns import actions as turns
    from tests.builders import a_drawing_office

    offices = [a_drawing_office(f"kantor-{n}", places=10) for n in range(OFFICES)]
    elsewhere = Region.objects.create(slug="sql", name="Wilayah SQL")
    for_sql = a_drawing_office("kantor-sql", region=elsewhere)
    for office in (offices[0], for_sql):
        turns.open_round(office.region, now=MONDAY_MORNING)
    return [office.slug for office in offices], for_sql.slug


def apply(
    server: Running, offices: list[str], *, seconds: float, first: int = 0, repeated: int = 1
) -> dict[str, Any]:
    """Let the clients apply for people numbered from `first`, each `repeated` times."""
    plan = {"port": server.port, "clients": CLIENTS, "offices": offices}
    return ask_clients("apply", {**plan, "seconds": seconds, "first": first, "repeated": repeated})


def in_the_last_minute(
    server: Running, offices: list[str], people: int, seconds: float
) -> tuple[dict[str, Any], float]:
    """Let people come until the round closes, and close it; say how long sealing and drawing took.

    The clockwork of another process would do it at the full minute, as the thread does here.
    """
    from giliran import clock

    plan = {
        "port": server.port,
        "clients": 4 * CLIENTS,
        "offices": offices,
        "seconds": seconds,
        "people": people,
        "first": 20_000_000,
    }
    # The clients need some time to connect before the first of them comes.
    clock.set_simulation(CLOSING - timedelta(seconds=seconds + 1), speed=1)
    took: list[float] = []
    keeper = threading.Thread(target=close_the_round, args=(took,))
    keeper.start()
    told = ask_clients("apply_paced", plan)
    keeper.join()
    [draw_seconds] = took
    return told, draw_seconds


def close_the_round(took: list[float]) -> None:
    from django.db import connections

    from giliran import clock
    from giliran.offices import queries as offices
    from giliran.turns import actions as turns

    time.sleep(max(0.0, (CLOSING - clock.now()).total_seconds()))
    began = time.monotonic()
    turns.keep_rounds(offices.region("banten"), fetch=lambda _: None, now=clock.now())
    took.append(time.monotonic() - began)
    connections.close_all()


def count_wrong(doubled: dict[str, Any], told: list[dict[str, Any]]) -> tuple[int, int]:
    """Count what is wrong in the database and in what the clients were told; and who was lost."""
    from django.db.models import Count

    from giliran.journal.models import Event
    from giliran.turns.models import Application, Entry, Round

    answers = [tuple(answer) for each in told for answer in each["answers"]]
    every = [*answers, *map(tuple, doubled["answers"])]
    acknowledged = {
        code: datetime.fromisoformat(by) for _, status, code, by, _ in every if status == 201
    }
    here = Application.objects.filter(region__slug="banten")
    stored = set(here.values_list("code", flat=True))
    first = Round.objects.filter(region__slug="banten").order_by("serial").first()
    listed = set(Entry.objects.filter(round=first).values_list("application__code", flat=True))
    promised = {code for code, by in acknowledged.items() if by == first.closes_at}
    histories = Event.objects.filter(kind="application.apply", subject_id__in=here.values("id"))
    people = {nik for nik, *_ in every}
    lost = len(acknowledged.keys() - stored) + len(promised - listed)
    found = {
        "acknowledged and lost, or not in the round": lost,
        "refused or broken": sum(status != 201 for _, status, *_ in answers)
        + sum(status not in (201, 409) for _, status, *_ in doubled["answers"]),
        "acknowledged twice": sum(status == 201 for _, status, *_ in every) - len(acknowledged),
        "person without an application, or with two": abs(len(people) - len(acknowledged)),
        "doubled in the database": here.values("citizen", "service")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
        .count(),
        "stored and told to nobody": len(stored - acknowledged.keys()),
        "in the round without being promised it": len(listed - promised),
        "without history": abs(here.count() - histories.count()),
    }
    for what, times in found.items():
        if times:
            print(f"{times} {what}", file=sys.stderr)
    return sum(found.values()), lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="half a minute at most")
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    given = parser.parse_args()
    if given.quick:
        result = run(rounds=1, seconds=3, last_seconds=6)
    else:
        result = run(rounds=4, seconds=5, last_seconds=60)
    if not given.json:
        for key, value in result.items():
            print(f"{key:>24}  {value:,.1f}")
    say_result(result)


if __name__ == "__main__":
    main()
