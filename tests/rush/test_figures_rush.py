"""Many write and many count at once, one commits late: no event is lost, and none counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from giliran.core.figures import Event
from giliran.figures import recounting, series
from giliran.figures.cells import LOCK
from giliran.figures.folding import behind, refresh
from tests.builders import MONDAY, an_office, at

pytestmark = [pytest.mark.rush, pytest.mark.usefixtures("server")]


def _arrived(office: int) -> Event:
    row = {
        "office_id": office,
        "service_id": 1,
        "claim_id": None,
        "kind": "walk_in",
        "channel": "kiosk",
        "day": MONDAY.isoformat(),
        "window_from": None,
        "window_till": None,
        "is_priority": False,
        "arrived_at": at("08:00").isoformat(),
        "ended_at": None,
        "state": "waiting",
        "move": "take_number",
        "moved_by": "kiosk:1",
    }
    return Event(at("08:00"), "turn.take_number", office, row)


def _moved(move: str, state: str) -> Callable[[int], Event]:
    data = {"move": move, "state": state, "ended_at": at("09:00").isoformat()}
    return lambda office: Event(at("08:30"), f"turn.{move}", office, data)


SERVED = (
    _arrived,
    _moved("call", "called"),
    _moved("start", "serving"),
    _moved("finish", "finished"),
)


def tell(writer: psycopg.Connection, subject: str, subject_id: int | None, event: Event) -> None:
    writer.execute(
        "INSERT INTO journal_event (at, actor, kind, office_id, subject, subject_id, data) "
        "VALUES (%s, 'test', %s, %s, %s, %s, %s)",
        [event.at, event.kind, event.office_id, subject, subject_id, Jsonb(event.data)],
    )


def send_away(writer: psycopg.Connection, office_id: int) -> None:
    tell(writer, "door", None, Event(at("10:00"), "door.turned_away", office_id, {}))


def away(office_id: int) -> float:
    return series.value("turned_away", [office_id], MONDAY, MONDAY).value


def another(server) -> psycopg.Connection:
    return psycopg.connect(server.database_url)


def test_who_commits_late_is_counted_late_and_once(server):
    """The late one has the older number of an event and of a transaction: a mark would be past."""
    office = an_office("terlambat").id
    with closing(another(server)) as late, closing(another(server)) as quick:
        send_away(late, office)
        send_away(quick, office)
        quick.commit()
        assert away(office) == 1
        send_away(quick, office)
        quick.commit()
        assert away(office) == 2
        assert list(recounting.compare()) == []

        late.commit()

        assert away(office) == 3
        assert list(recounting.compare()) == []
        assert behind().events == 0


def test_who_commits_while_all_is_recounted_is_counted_afterwards(server, monkeypatch):
    office = an_office("sementara").id
    with closing(another(server)) as writer:
        send_away(writer, office)
        writer.commit()

        count_all = recounting._count_all

        def count_slowly():
            send_away(writer, office)
            writer.commit()
            count_all()

        monkeypatch.setattr(recounting, "_count_all", count_slowly)
        recounting.recount()

    assert behind().events == 1
    assert away(office) == 2
    monkeypatch.undo()
    assert list(recounting.compare()) == []


def test_what_is_taken_back_is_never_counted(server):
    office = an_office("batal").id
    with closing(another(server)) as writer:
        send_away(writer, office)
        writer.rollback()

    assert away(office) == 0
    assert behind().events == 0


def test_a_page_waits_no_longer_than_it_said_for_somebody_who_counts(server):
    office = an_office("menunggu").id
    with closing(another(server)) as counter, closing(another(server)) as writer:
        counter.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        send_away(writer, office)
        writer.commit()

        found = refresh(0.1)

        assert (found.events, found.since) == (1, at("10:00"))
    assert away(office) == 1


def test_many_who_write_and_count_at_once_agree_with_a_recount(server):
    offices = [an_office(f"ramai-{n}").id for n in range(3)]

    def write(seed: int) -> None:
        with closing(another(server)) as writer:
            for n in range(40):
                turn = 1000 + (seed * 40 + n) // 4
                tell(writer, "turn", turn, SERVED[n % 4](offices[turn % 3]))
                if n % 3:
                    writer.commit()
            writer.commit()

    def keep_counting(_: int) -> None:
        for _ in range(15):
            refresh(0.05)
        connection.close()

    with ThreadPoolExecutor(5) as crowd:
        tasks = [crowd.submit(write, n) for n in range(3)]
        tasks += [crowd.submit(keep_counting, n) for n in range(2)]
        for task in tasks:
            task.result(timeout=60)

    refresh(60)
    with transaction.atomic():
        assert list(recounting.compare()) == []
    values = series.by_office("served", offices, MONDAY, MONDAY)
    assert sum(value.value for value in values.values()) == 30
