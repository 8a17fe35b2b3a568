"""The player against a tiny office that is honest, or lies in one way."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clocktime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import httpx
import pytest
from click.testing import CliRunner

from giliran.cli.player import Day, Desk, Fate, people_of
from giliran.cli.remote import Pace, Server
from giliran.cli.replay import match_services, replay
from giliran.lab.visits import HOUR, Kind, Visit, write_visits

JAKARTA = ZoneInfo("Asia/Jakarta")
MORNING = datetime(2026, 11, 12, 7, 55, tzinfo=JAKARTA)
SPEED = 3600.0  # an hour of the office in a second


class Office:
    """Gives numbers and calls first come, first served."""

    def __init__(self, places=99, counters=2):
        self.since = time.monotonic()
        self.places = places
        self.counters = [
            {"id": n, "label": str(n), "services": ["jht", "jkm"]} for n in range(1, counters + 1)
        ]
        self.turns = {}
        self.turned_away = 0
        self.at = {}
        self.lock = threading.Lock()

    def answer(self, path, body):
        with self.lock:
            match path.removeprefix("/api/v1/").split("/"):
                case ["clock"]:
                    now = MORNING + timedelta(seconds=(time.monotonic() - self.since) * SPEED)
                    found = 200, {"now": now.astimezone(UTC).isoformat(), "speed": SPEED}
                case ["session"]:
                    found = (200, {}) if body["password"] == "rahasia" else (403, {})
                case ["offices", "serang"]:
                    found = (
                        200,
                        {
                            "counters": self.counters,
                            "services": [{"code": "jht"}, {"code": "jkm"}],
                            "time_zone": "Asia/Jakarta",
                        },
                    )
                case ["offices", "serang", "line"]:
                    found = 200, {"today": self.counts()}
                case ["offices", "serang", "tickets"]:
                    found = self.take_number(body)
                case ["offices", "serang", "windows"]:
                    starts = MORNING.replace(hour=9, minute=0).isoformat()
                    found = 200, {"windows": [{"id": 7, "from": starts}]}
                case ["turns"]:
                    self.turns["B7"] = "booked"
                    found = 201, {"code": "B7"}
                case ["turns", code, "leave"]:
                    found = self.leave(code)
                case ["turns", code, "check-in"]:
                    self.turns[code] = "waiting"
                    found = 200, {"code": code, "number": code, "state": "waiting"}
                case ["counters", counter, verb]:
                    found = getattr(self, verb)(int(counter))
                case _:
                    found = 404, {}
            return found

    def counts(self):
        states = list(self.turns.values())
        named = ("finished", "left", "waiting", "called", "serving")
        return {state: states.count(state) for state in named} | {"turned_away": self.turned_away}

    def take_number(self, body):
        if len(self.turns) >= self.places:
            self.turned_away += 1
            return 409, {"refusal": "no_walk_in_place_left", "sentence": "Nomor sudah habis."}
        code = f"K{len(self.turns) + 1:03}"
        self.turns[code] = "waiting"
        return 201, {"code": code, "number": self.number(code), "state": "waiting"}

    def number(self, code):
        return code

    def leave(self, code):
        if self.turns[code] not in {"waiting", "called"}:
            return 409, {"refusal": "move_not_allowed"}
        self.turns[code] = "left"
        return 200, {}

    def open(self, counter):
        return 200, {}

    def close(self, counter):
        return 200, {}

    def choose(self):
        return next((code for code, state in self.turns.items() if state == "waiting"), None)

    def next(self, counter):
        code = self.choose()
        if code is None:
            return 200, {"turn": None}
        self.turns[code] = "called"
        self.at[counter] = code
        return 200, {"turn": {"code": code, "number": code}}

    def start(self, counter):
        self.turns[self.at[counter]] = "serving"
        return 200, {}

    def finish(self, counter):
        self.turns[self.at[counter]] = "finished"
        return 200, {}


class GivesANumberTwice(Office):
    def number(self, code):
        return "K001"


class SaysNobodyWaits(Office):
    def choose(self):
        return None


class CallsOnePersonToTwoCounters(Office):
    def choose(self):
        return next((code for code, s in self.turns.items() if s in {"waiting", "called"}), None)


class CallsStrangers(Office):
    def choose(self):
        return "K999" if "K999" not in self.turns else super().choose()


class ForgetsWhomItServed(Office):
    def finish(self, counter):
        del self.turns[self.at[counter]]
        return 200, {}


class Breaks(Office):
    def start(self, counter):
        return 500, {}


def a_visit(minute=0, **changes):
    return Visit(
        **{"arrives_at": 8 * HOUR + minute * 60, "service": "jht", "service_minutes": 6.0} | changes
    )


def played(office, visits, *, until="12:00"):
    async def play():
        def handle(request):
            status, found = office.answer(request.url.path, json.loads(request.content or "null"))
            return httpx.Response(status, json=found)

        transport = httpx.MockTransport(handle)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            server = Server(client, "serang")

            def at(clock):
                return datetime.combine(MORNING, clocktime.fromisoformat(clock), tzinfo=JAKARTA)

            day = Day(
                await Pace.of(server),
                server,
                people_of(
                    visits,
                    midnight=at("00:00"),
                    services={"jht": "jht", "jkm": "jkm"},
                ),
                [
                    Desk(counter["id"], counter["label"], frozenset(counter["services"]), server)
                    for counter in office.counters
                ],
                doors_at=at("08:00"),
                opens_at=at("08:05"),
                until=at(until),
            )
            await day.book()
            await day.play()
            return day

    return asyncio.run(play())


def test_an_honest_office_serves_everybody_and_no_state_is_wrong():
    day = played(Office(), [a_visit(minute) for minute in range(-30, 30, 4)])
    assert day.wrong == []
    assert day.count(Fate.SERVED) == 15
    # Nobody got a number before the doors opened, and no one was called before the officers came.
    assert all(person.waits_since >= day.doors_at for person in day.people)
    assert all(person.called_at >= day.opens_at for person in day.people)


def test_service_takes_its_minutes_of_office_time():
    day = played(Office(counters=1), [a_visit(service_minutes=30.0), a_visit(1)])
    first, second = day.people
    assert second.called_at - first.called_at >= timedelta(minutes=30)


def test_who_runs_out_of_patience_leaves_and_the_books_agree():
    people = [a_visit(service_minutes=60.0), a_visit(1, patience_minutes=20.0), a_visit(2)]
    day = played(Office(counters=1), people)
    assert [person.fate for person in day.people] == [Fate.SERVED, Fate.LEFT, Fate.SERVED]
    assert day.wrong == []


def test_who_finds_no_place_is_turned_away_with_the_reason():
    day = played(Office(places=2), [a_visit(minute) for minute in range(5)])
    assert (day.count(Fate.SERVED), day.count(Fate.TURNED_AWAY)) == (2, 3)
    assert day.refusals == {"no_walk_in_place_left": 3}
    assert day.wrong == []


def test_an_appointment_checks_in_with_its_booked_code():
    booked = {"kind": Kind.APPOINTMENT, "window_starts_at": 28800, "window_ends_at": 30600}
    day = played(Office(), [a_visit(**booked), a_visit(1)])
    assert [(p.code, p.group) for p in day.people] == [("B7", "appointment"), ("K002", "walk-in")]
    assert day.count(Fate.SERVED) == 2


def test_who_still_waits_at_closing_is_neither_served_nor_wrong():
    people = [a_visit(minute, service_minutes=60.0) for minute in range(3)]
    day = played(Office(counters=1), people, until="08:50")
    assert (day.count(Fate.SERVED), day.count(Fate.WAITING)) == (1, 2)
    assert day.wrong == []


@pytest.mark.parametrize(
    ("office", "found"),
    [
        (GivesANumberTwice, "was given twice"),
        (SaysNobodyWaits, 'was told "nobody waits" while K001 waited'),
        (CallsOnePersonToTwoCounters, "was given K001, who is "),
        (CallsStrangers, "was given K999, who is not in the hall"),
        (ForgetsWhomItServed, "the server counts 0 finished, the player 4"),
        (Breaks, "answered 500"),
    ],
)
def test_an_office_that_does_wrong_is_found_out(office, found):
    day = played(office(), [a_visit(minute) for minute in range(4)], until="09:00")
    assert any(found in what for what in day.wrong), day.wrong


def test_services_are_matched_by_name_or_else_in_turn():
    visits = [a_visit(service=name) for name in ("A", "A", "A", "B", "B", "C")]
    assert match_services(visits, ["jht", "jkm"]) == {"A": "jht", "B": "jkm", "C": "jht"}
    serang = [a_visit(service="JKM"), a_visit(service="JHT")]
    assert match_services(serang, ["jht", "jkm"]) == {"JKM": "jkm", "JHT": "jht"}


@pytest.fixture
def address():
    office = Office()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or "null")
            status, answer = office.answer(self.path, body)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET  # noqa: N815  the name is the library's

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run(tmp_path, *options):
    path = tmp_path / "visits.csv"
    write_visits(path, [a_visit(), a_visit(3, is_priority=True)])
    return CliRunner().invoke(replay, [str(path), *options])


def test_the_command_plays_a_file_and_prints_the_days_figures(tmp_path, address):
    done = run(tmp_path, "--server", address, "--speed", "3600", "--officer", "sari:rahasia")
    assert done.exit_code == 0, done.output
    assert "served" in done.output
    assert "wait of priority (1)" in done.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--speed", "60", "--officer", "a:rahasia"], "runs at speed 3600, not 60"),
        (["--speed", "3600"], "Name one --officer"),
        (["--speed", "3600", "--officer", "a:rahasia", "--until", "07:00"], "past the end"),
        (["--speed", "3600", "--officer", "a:lupa"], "403"),
    ],
)
def test_the_command_says_why_it_cannot_begin(tmp_path, address, options, sentence):
    done = run(tmp_path, "--server", address, *options)
    assert done.exit_code == 1
    assert sentence in done.output


def test_without_a_server_the_command_says_how_to_start_one(tmp_path):
    done = run(tmp_path)
    assert done.exit_code == 0
    assert "--speed 60 --server" in done.output


def test_a_file_that_cannot_be_read_is_refused_with_the_line(tmp_path):
    path = tmp_path / "bad.csv"
    write_visits(path, [a_visit()])
    path.write_text(path.read_text().replace("walk_in", "telepon"))
    done = CliRunner().invoke(replay, [str(path), "--server", "http://127.0.0.1:9"])
    assert (done.exit_code, "Line 2: kind is" in done.output) == (1, True)
