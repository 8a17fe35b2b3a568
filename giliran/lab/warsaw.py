"""Real days of Warsaw's city offices as visits: who must have come for these snapshots to be true.

The city publishes every five minutes, for each service: open counters, people waiting and the
ticket called last. Whoever took a ticket was called or is waiting, so

    tickets issued so far = tickets called so far + people waiting,

and its rise between two snapshots is the people who arrived in between. They are spread evenly
at random (seeded) over the interval; people already there at the first snapshot over the half
hour before it.

Known faults and what is done about them:
- `status` is empty for half the rows: it is not used.
- The same snapshot can repeat under a later time: it is dropped, and the next change is spread
  over the longer interval.
- Called tickets may fall (somebody called late, a waiting person transferred): the highest number
  counts. A fall of more than 50 that stays is a new roll of numbers (499, then 401).
- A service shows tickets of another letter (the cash desk calls whoever comes from elsewhere):
  these people are counted where they took their ticket.
- Numbers in the 900s between ordinary ones are a roll of their own.
- Many services begin at 101, 201, ...; some go on from the day before: the day's first number
  tells which, by how many could have been called until then.
- A service that never shows a ticket of its own: rises in the number of waiting people, which
  misses all who did not wait through a snapshot.

Limits: who gave up and took no part in `waiting` is not seen, and people who leave make `waiting`
fall without a trace; both are arrivals whose patience is not known, so `patience_minutes` is None.
Transferred people count twice where the second service counts them as waiting. Priority and
appointments are not in the record: everybody is an ordinary walk-in.

Service time: while people wait, each open counter works, so its mean is counter-minutes per call,
drawn towards the office's own `service_minutes` (10 where it gives none) as by five earlier calls
and kept within a third and three times of it, because counters shared by several services are
reported by each of them. Durations vary by a gamma distribution with SCV 0.5 (an assumption).
"""

from __future__ import annotations

import csv
import lzma
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from giliran.lab.visits import HOUR, Visit

SERVICE_SCV: Final = 0.5
PRIOR_MINUTES: Final = 10.0
PRIOR_CALLS: Final = 5
NEW_ROLL_FALL: Final = 50
SIDE_ROLL: Final = 900
BEFORE_FIRST_SNAPSHOT: Final = HOUR // 2
_COLUMNS = {
    "office",
    "day",
    "time",
    "service_id",
    "letter",
    "service_minutes",
    "open_counters",
    "waiting",
    "current_ticket",
}


class OfficeDayMissingError(LookupError):
    """The file has no snapshot of this office on this day; the message says what it has."""


class Staffing(NamedTuple):
    """Open counters from `at` (seconds from midnight) on, by service.

    A counter that serves several services is reported by each, so the sum is an upper bound.
    """

    at: int
    counters: dict[str, int]


class Seen(NamedTuple):
    """What a snapshot says of one service; `at` is in seconds from midnight."""

    counters: int
    waiting: int
    ticket: str
    service_minutes: float
    at: int = 0


class Service(NamedTuple):
    name: str
    letter: str
    seen: list[Seen]


def office_day(path: Path, office: str, day: date, *, seed: int = 0) -> list[Visit]:
    """Rebuild the visits of an office's day from its snapshots (CSV, also .xz), by arrival.

    `Visit.service` is the service's letter, or letter and id where two services share a letter.
    Raises OfficeDayMissingError, and ValueError for a file that is not such a record.
    """
    rng = np.random.default_rng(seed)
    visits = []
    for service in services_of(path, office, day):
        mean = mean_service_minutes(service)
        before, at_before = 0, service.seen[0].at - BEFORE_FIRST_SNAPSHOT
        for seen, issued in zip(service.seen, tickets_issued(service), strict=True):
            for at in rng.integers(at_before, seen.at, size=issued - before):
                minutes = max(0.5, rng.gamma(1 / SERVICE_SCV, mean * SERVICE_SCV))
                visits.append(Visit(int(at), service.name, round(float(minutes), 2)))
            before, at_before = issued, seen.at
    return sorted(visits, key=lambda visit: visit.arrives_at)


def open_counters_through_day(path: Path, office: str, day: date) -> list[Staffing]:
    """Give the open counters by service, one entry for each moment at which they changed."""
    services = services_of(path, office, day)
    changes: list[Staffing] = []
    for together in zip(*(service.seen for service in services), strict=True):
        counters = {
            service.name: seen.counters for service, seen in zip(services, together, strict=True)
        }
        if not changes or changes[-1].counters != counters:
            changes.append(Staffing(together[0].at, counters))
    return changes


def services_of(path: Path, office: str, day: date) -> list[Service]:
    """Give the services of one office and day, each with one `Seen` per changed snapshot."""
    snapshots: dict[int, dict[tuple[str, str], Seen]] = {}
    known: set[tuple[str, str]] = set()
    for row in _rows(path):
        known.add((row["office"], row["day"]))
        if (row["office"], row["day"]) == (office, day.isoformat()):
            hours, minutes = row["time"].split(":")
            at = int(hours) * HOUR + int(minutes) * 60
            snapshots.setdefault(at, {})[row["service_id"], row["letter"].strip()] = Seen(
                int(row["open_counters"]),
                int(row["waiting"]),
                row["current_ticket"],
                float(row["service_minutes"]),
            )
    if not snapshots:
        days = sorted(known_day for known_office, known_day in known if known_office == office)
        have = f"It has {', '.join(days)}." if days else f"Offices: {sorted({o for o, _ in known})}"
        raise OfficeDayMissingError(f"No snapshot of {office} on {day}. {have}")
    changed = _without_repeats([(at, snapshots[at]) for at in sorted(snapshots)])
    ids = sorted({key for _, snapshot in changed for key in snapshot})
    sharing = Counter(letter for _, letter in ids)
    return [
        Service(
            letter if letter and sharing[letter] == 1 else f"{letter}-{service_id}".strip("-"),
            letter,
            [
                snapshot.get((service_id, letter), Seen(0, 0, "", 0))._replace(at=at)
                for at, snapshot in changed
            ],
        )
        for service_id, letter in ids
    ]


def tickets_called(service: Service) -> list[int]:
    """Count the service's own tickets called since the morning, at each snapshot."""
    own = [
        int(seen.ticket[1:])
        if seen.ticket[:1] == service.letter and seen.ticket[1:].isdecimal()
        else None
        for seen in service.seen
    ]
    shown = [number for number in own if number is not None]
    if not shown:
        return [0] * len(own)
    is_side = [number is not None and number >= SIDE_ROLL > median(shown) for number in own]
    main = _called_of_roll(
        service, [None if aside else one for one, aside in zip(own, is_side, strict=True)]
    )
    side = _called_of_roll(
        service, [one if aside else None for one, aside in zip(own, is_side, strict=True)]
    )
    return [one + other for one, other in zip(main, side, strict=True)]


def tickets_issued(service: Service) -> list[int]:
    """Count the people who came since the morning, at each snapshot; it never falls."""
    called = tickets_called(service)
    issued, highest, waited, rises = [], 0, 0, 0
    for seen, so_far in zip(service.seen, called, strict=True):
        rises += max(0, seen.waiting - waited)
        waited = seen.waiting
        highest = max(highest, so_far + seen.waiting if called[-1] else rises)
        issued.append(highest)
    return issued


def mean_service_minutes(service: Service) -> float:
    """Estimate a service's mean length from calls made while people waited (see above)."""
    stated = [seen.service_minutes for seen in service.seen if seen.service_minutes > 0]
    prior = median(stated) if stated else PRIOR_MINUTES
    called = tickets_called(service)
    counter_minutes, calls = 0.0, 0
    for (seen, following), (done, done_then) in zip(
        pairwise(service.seen), pairwise(called), strict=True
    ):
        if min(seen.waiting, following.waiting, seen.counters, following.counters) > 0:
            counters = (seen.counters + following.counters) / 2
            counter_minutes += counters * (following.at - seen.at) / 60
            calls += done_then - done
    mean = (counter_minutes + PRIOR_CALLS * prior) / (calls + PRIOR_CALLS)
    return min(max(mean, prior / 3), prior * 3)


def _called_of_roll(service: Service, numbers: list[int | None]) -> list[int]:
    called: list[int] = []
    earlier_rolls, before_first, highest = 0, 0, 0
    for index, number in enumerate(numbers):
        if number is not None:
            following = next((one for one in numbers[index + 1 :] if one is not None), None)
            if highest == 0:
                before_first, highest = _number_before(number, service, index), number
            elif following is not None and max(number, following) < highest - NEW_ROLL_FALL:
                earlier_rolls += highest - before_first
                before_first, highest = number - 1, number
            highest = max(highest, number)
        called.append(earlier_rolls + highest - before_first)
    return called


def _number_before(first: int, service: Service, index: int) -> int:
    """Tell after which number the roll began, from the first number seen that day."""
    seen = service.seen[index]
    minutes_open = (seen.at - service.seen[0].at) / 60
    # A counter that calls more than one person in four minutes is not believed.
    believable = 5 + max(1, seen.counters) * minutes_open / 4
    if first % 100 <= believable:
        return min(first // 100 * 100, first - 1)
    return first - 1


def _without_repeats(
    snapshots: list[tuple[int, dict[tuple[str, str], Seen]]],
) -> list[tuple[int, dict[tuple[str, str], Seen]]]:
    kept = snapshots[:1]
    for at, snapshot in snapshots[1:]:
        if snapshot != kept[-1][1]:
            kept.append((at, snapshot))
    return kept


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with (
        lzma.open(path, "rt", encoding="utf-8", newline="")
        if path.suffix == ".xz"
        else path.open(encoding="utf-8", newline="")
    ) as file:
        reader = csv.DictReader(file)
        missing = _COLUMNS - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path.name} has no column {', '.join(sorted(missing))}.")
        yield from reader
