"""How many steps can officers do a second, after counting whether each of them is right?

Twenty officers in each of twenty offices call the next person, start and finish, over HTTP and
without a pause, until nobody waits; each such click that was answered counts as one. Wrong are: a
person called twice, never, or not finished; "nobody waits" said to an officer before another was
given somebody who had waited all along; a history that tells otherwise; any other answer.

    python -m bench.calling [--quick] [--json]
"""

import argparse
import os
import sys
from collections import Counter as Tally
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bench.booking import ask_clients
from bench.measure import percentile, say_result
from bench.server import MONDAY_MORNING, running

OFFICES = 20
OFFICERS_OF_AN_OFFICE = 20


def run(*, people_of_an_office: int) -> dict[str, Any]:
    with running() as server:
        from django.db import transaction

        with transaction.atomic():
            desks = [
                desk
                for n in range(OFFICES)
                for desk in an_office_that_waits(n, people_of_an_office)
            ]
        before = server.cpu_seconds()
        told = ask_clients("call", {"port": server.port, "desks": desks})
        after = server.cpu_seconds()
        answers = [tuple(answer) for answer in told["answers"]]
        wrong_results = count_wrong(answers)
    latencies = [(got - sent) * 1000 for *_, sent, got in answers]
    calls = [(got - sent) * 1000 for _, verb, *_, sent, got in answers if verb == "next"]
    return {
        "per_second": len(answers) / told["seconds"],
        "p99_ms": percentile(latencies, 0.99),
        "wrong_results": wrong_results,
        "p50_ms": percentile(latencies, 0.5),
        "call_next_p99_ms": percentile(calls, 0.99),
        "steps": len(answers),
        "officers": len(desks),
        "people": OFFICES * people_of_an_office,
        "python_us": (after["python"] - before["python"]) / len(answers) * 1e6,
        "postgres_us": (after["postgres"] - before["postgres"]) / len(answers) * 1e6,
        "client_us": told["cpu_seconds"] / len(answers) * 1e6,
        "load_average": os.getloadavg()[0],
    }


def an_office_that_waits(number: int, people: int) -> list[dict[str, Any]]:
    """Make an office with its officers at open counters and people in the line.

    Returns for each counter its office, its id and the session of its officer.
    """
    from giliran.capacity.models import CounterOpening
    from giliran.offices.models import Counter, Post, Service
    from giliran.people.models import Officer
    from giliran.turns.models import Turn
    from tests.builders import an_office, walk_in_places

    office = an_office(f"kantor-{number}", counters=OFFICERS_OF_AN_OFFICE)
    offer = walk_in_places(office, places=people)
    service = Service.objects.get(code="jht")
    Turn.objects.bulk_create(
        Turn(
            code=f"{number:03}{place:05}",
            request_key=uuid4(),
            office=office,
            service=service,
            offer=offer,
            kind="walk_in",
            channel="kiosk",
            day=MONDAY_MORNING.date(),
            number=f"A{place:03}",
            is_priority=place % 6 == 0,
            state="waiting",
            asked_at=came,
            arrived_at=came,
            move="take_number",
            moved_at=came,
            moved_by="kiosk:1",
        )
        for place in range(1, people + 1)
        for came in [MONDAY_MORNING - timedelta(seconds=30 * (people - place))]
    )
    counters = list(Counter.objects.filter(office=office).order_by("id"))
    officers = Officer.objects.bulk_create(
        Officer(username=f"petugas-{counter.id}") for counter in counters
    )
    Post.objects.bulk_create(
        Post(officer=officer, role="officer", office=office) for officer in officers
    )
    CounterOpening.objects.bulk_create(
        CounterOpening(counter=counter, officer=officer, opened_at=MONDAY_MORNING)
        for counter, officer in zip(counters, officers, strict=True)
    )
    return [
        {"office": office.id, "counter": counter.id, "session": session_of(officer)}
        for counter, officer in zip(counters, officers, strict=True)
    ]


def session_of(officer: Any) -> str:
    """Return the key of a session as after a log-in; hashing 400 passwords would take a minute."""
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[auth.SESSION_KEY] = str(officer.pk)
    session[auth.BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[auth.HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session.create()
    return session.session_key


def count_wrong(answers: list[tuple[Any, ...]]) -> int:
    """Count what is wrong in the database, and in what the officers were told of it."""
    from giliran.journal.models import Event
    from giliran.turns import queries
    from giliran.turns.models import Turn

    turns = dict(Turn.objects.values_list("id", "code"))
    events = Event.objects.filter(kind="turn.call").values_list("subject_id", flat=True)
    calls = Tally(turns[turn_id] for turn_id in events)
    told = Tally(code for _, verb, _, code, *_ in answers if verb == "next" and code)
    empty_since: dict[int, float] = {}
    for office, verb, status, code, _, got in answers:
        if verb == "next" and status == 200 and code is None:
            empty_since[office] = min(got, empty_since.get(office, got))
    found = {
        "other answers": sum(status != 200 for _, _, status, *_ in answers),
        "called twice": sum(times - 1 for times in calls.values()),
        "never called": len(turns) - len(calls),
        "told otherwise than called": (told - calls).total() + (calls - told).total(),
        "not finished": Turn.objects.exclude(state="finished").count(),
        # Nobody joined the line, so whoever asked after it was empty can't have got anybody.
        "told that nobody waits": sum(
            sent > empty_since.get(office, sent)
            for office, verb, _, code, sent, _ in answers
            if verb == "next" and code
        ),
        "history tells otherwise": sum(
            bool(said) for _, said in queries.differences_from_history()
        ),
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
    result = run(people_of_an_office=40 if given.quick else 200)
    if not given.json:
        for key, value in result.items():
            print(f"{key:>22}  {value:,.1f}")
    say_result(result)


if __name__ == "__main__":
    main()
