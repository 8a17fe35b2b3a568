"""Workers die, many work at once, deliveries come twice: nothing is lost and nothing is doubled."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import psycopg
import pytest
from django.db import connection, transaction

from giliran import clock
from giliran.core.refusal import Refusal
from giliran.messages import actions as messages
from giliran.messages import ports
from giliran.messages.models import Inbound, Message
from tests.builders import at
from tests.servers import KNOWN_TO_ALL

pytestmark = [pytest.mark.rush, pytest.mark.alone]

MESSAGES = 400


class Sink(BaseHTTPRequestHandler):
    """A smsbox that remembers what it accepted, a little slower than memory."""

    protocol_version = "HTTP/1.1"
    accepted: list[str] = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(0.002)
        self.accepted.append(self.headers["X-Kannel-To"])
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said):
        pass


@pytest.fixture
def sink(monkeypatch):
    class Told(Sink):
        accepted: list[str] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("GILIRAN_KANNEL_URL", f"http://127.0.0.1:{server.server_port}/sendsms")
    yield Told.accepted
    server.shutdown()
    server.server_close()


@pytest.fixture
def worker():
    """Start workers one after the other; each is killed at the end at the latest."""
    running = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "giliran", "worker"],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        kill(process)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(is_so, what, *, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.02)


def states():
    return Tally(Message.objects.values_list("state", flat=True))


def test_of_400_messages_in_flight_when_workers_die_none_is_lost_and_none_doubled(
    server, sink, worker
):
    clock.set_simulation(at("09:00"), speed=1)
    for serial in range(MESSAGES):
        contact_id = messages.heard_from("sms", f"+62812{serial:07}", now=at("09:00"))
        messages.reply(contact_id, text="Baik.", key=f"rush:{serial}", now=at("09:00"))
    for share in (0.25, 0.5):
        dying = worker()
        wait_until(lambda share=share: len(sink) > share * MESSAGES, f"{share} of all at the sink")
        kill(dying)
    worker()
    # The minute passes for the sweep, which finds what hangs and posts what nobody works on.
    clock.set_simulation(at("09:04"), speed=1)
    messages.sweep(now=clock.now())
    wait_until(lambda: not states()["waiting"], "the rest")
    clock.set_simulation(at("09:07"), speed=1)
    messages.sweep(now=clock.now())
    messages.sweep(now=clock.now() + timedelta(minutes=2))
    wait_until(lambda: not states()["waiting"] + states()["sending"], "the end")

    arrived = Tally(sink)
    sent = set(numbers("sent"))
    unsent = set(numbers("unsent"))
    assert max(arrived.values()) == 1
    assert sent | unsent == {f"+62812{serial:07}" for serial in range(MESSAGES)}
    assert sent <= set(arrived)
    # Each of two deaths hits at most what the worker's four jobs had in their hands.
    assert len(unsent) <= 8
    assert not set(arrived) - sent - unsent


def numbers(state):
    from giliran.encryption import unseal

    found = Message.objects.filter(state=state).values_list("contact__address_sealed", flat=True)
    return [unseal(each) for each in found]


def test_what_is_told_in_16_transactions_at_once_is_sent_once_each(server, sink, worker):
    clock.set_simulation(at("10:00"), speed=1)
    contact_id = messages.heard_from("sms", "+628999000001", now=at("10:00"))
    messages.subscribe(contact_id, subject="turn", subject_id=1, now=at("10:00"))

    def tell(serial):
        try:
            # Each piece of news twice, at the same time.
            return messages.tell(
                "test",
                subject="turn",
                subject_id=1,
                key=f"at-once:{serial // 2}",
                urgency=messages.Urgency.NOW,
                expires_at=at("12:00"),
                now=at("10:00"),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(tell, range(160)))

    assert len(set(ids)) == 80
    assert Message.objects.filter(key__startswith="at-once:").count() == 80
    sent = []
    lock = threading.Lock()

    def work(_):
        def word(message_id, language):
            with lock:
                sent.append(message_id)

        try:
            while messages.send_next(word=word, now=at("10:00")):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert sorted(sent) == sorted(set(ids))


def test_a_job_that_waits_is_not_taken_before_it_can_see_what_is_told(server):
    with connection.cursor() as cursor:  # what the stories before left behind
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    contact_id = messages.heard_from("sms", "+628999000003", now=at("10:00"))
    messages.reply(contact_id, text="Satu.", key="bell:1", now=at("10:00"))
    with psycopg.connect(server.database_url, autocommit=True) as worker:

        def can_be_taken():
            jobs = worker.execute(
                "SELECT id FROM procrastinate_jobs WHERE status = 'todo' "
                "AND task_name = 'messages.send' FOR UPDATE SKIP LOCKED"
            )
            return len(jobs.fetchall())

        assert can_be_taken() == 1
        with transaction.atomic():
            messages.reply(contact_id, text="Dua.", key="bell:2", now=at("10:00"))
            assert can_be_taken() == 0
        assert can_be_taken() == 1
    # Nobody shall wait for what this test leaves behind.
    Message.objects.filter(key__startswith="bell:").update(state="stale")


def test_of_64_guesses_at_a_code_at_once_five_are_looked_at(server, monkeypatch):
    monkeypatch.setitem(ports.PORTS, "sms", object)
    whose = {"subject": "turn", "subject_id": 2}
    contact_id = messages.start_confirming(
        "sms", "+628999000002", **whose, language="id", now=at("10:00")
    )

    def guess(serial):
        try:
            messages.confirm(contact_id, f"{serial:06}", **whose, now=at("10:01"))
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        told = Tally(pool.map(guess, range(64)))

    # The fifth wrong one is told that it was the last.
    assert told == {"wrong_code": 4, "too_many_tries": 60}


def test_the_same_sms_delivered_32_times_at_once_is_kept_once(server):
    said = {
        "rahasia": KNOWN_TO_ALL["GILIRAN_KANNEL_SECRET"],
        "dari": "+6281234567890",
        "isi": "halo",
        "huruf": "UTF-8",
    }

    async def deliver():
        async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
            return await asyncio.gather(
                *(
                    client.get("/chat/sms/masuk/", params={**said, "id": f"m{serial % 4}"})
                    for serial in range(32)
                )
            )

    answers = asyncio.run(deliver())

    assert {each.status_code for each in answers} == {200}
    kept = Inbound.objects.filter(external_id__in=["m0", "m1", "m2", "m3"])
    assert kept.count() == 4
