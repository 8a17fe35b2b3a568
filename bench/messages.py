"""How many messages a second come in and go out, after counting whether any is lost or doubled?

In: deliveries of ten events (and of one) are kept by `receive`, every fifth delivery twice. Out: a
`giliran worker` with its defaults sends answers to a smsbox of ours, a process that speaks
Kannel's sendsms and counts what it accepts. Before that a worker is killed with messages in its
hands and another one takes over: each must be at the smsbox once, or be told as unsent.

Then pgbench writes the bare rows of one message (insert it, claim it with its attempt, end both),
over as many connections as the worker has jobs, in the same minute.

    python -m bench.messages [--quick] [--json]
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.measure import free_port, say_result
from bench.server import MONDAY_MORNING, running

JOBS_OF_A_WORKER = 4  # its default
EVENTS_OF_A_DELIVERY = 10
IN_FLIGHT_WHEN_KILLED = 240
SQL_OF_ONE_MESSAGE = """
\\set i :i + 1
\\set n :base + :client_id * 100000 + :i
INSERT INTO giliran_messages_message (key, kind, subject, subject_id, about, data, body_sealed,
    contact_id, urgency, zone, due_at, expires_at, state, made_at)
VALUES ('sql:' || :n, 'reply', 'contact', :contact, '[]', '{}', '', :contact, 0, 'Asia/Jakarta',
    now(), now() + interval '1 hour', 'waiting', now()) RETURNING id AS message_id \\gset
BEGIN;
UPDATE giliran_messages_message SET state = 'sending' WHERE id = :message_id;
INSERT INTO giliran_messages_attempt (message_id, contact_id, channel, state, provider_id, error,
    tries, started_at)
VALUES (:message_id, :contact, 'sms', 'sending', '', '', 1, now()) RETURNING id AS attempt_id \\gset
COMMIT;
BEGIN;
UPDATE giliran_messages_attempt SET state = 'sent', ended_at = now() WHERE id = :attempt_id;
UPDATE giliran_messages_message SET state = 'sent', ended_at = now() WHERE id = :message_id;
COMMIT;
"""


def run(*, outgoing: int, seconds: float) -> dict[str, Any]:
    """Measure `outgoing` messages out, and `seconds` of each kind in and of plain SQL."""
    with running() as server, smsbox() as box:
        from giliran.messages.models import Message

        lost_dead, doubled_dead, unsent = die_once(box)
        told_per_second = write(outgoing, "measured")
        with worker():
            wait_until(lambda: not Message.objects.filter(state__in=OPEN).exists())
        accepted, first, last = box.counted("measured")
        lost, doubled = differences(accepted, "measured")
        inbound, inbound_wrong = receive_for(seconds, events=EVENTS_OF_A_DELIVERY)
        one_by_one, one_wrong = receive_for(seconds, events=1)
        from bench import statements

        plain, failed = statements.run(
            [SQL_OF_ONE_MESSAGE.replace(":contact", str(a_contact(0)))],
            url=server.database_url,
            connections=JOBS_OF_A_WORKER,
            seconds=seconds,
            base=0,
        )
    per_second = (sum(accepted.values()) - 1) / (last - first)
    return {
        "inbound_per_second": inbound,
        "outbox_per_second": per_second,
        "ratio_to_sql": per_second / plain,
        "lost": lost + lost_dead,
        "doubled": doubled + doubled_dead,
        "wrong_results": lost
        + lost_dead
        + doubled
        + doubled_dead
        + inbound_wrong
        + one_wrong
        + failed,
        "unsent_after_a_kill": unsent,
        "in_flight_when_killed": IN_FLIGHT_WHEN_KILLED,
        "inbound_one_by_one_per_second": one_by_one,
        "written_per_second": told_per_second,
        "sql_per_second": plain,
        "outgoing": outgoing,
        "jobs": JOBS_OF_A_WORKER,
        "load_average": os.getloadavg()[0],
    }


OPEN = ["waiting", "sending"]


def a_contact(serial: int) -> int:
    from giliran.messages import actions as messages

    return messages.heard_from("sms", f"+62812{serial:07}", now=MONDAY_MORNING)


def write(count: int, name: str) -> float:
    """Write answers to as many people; returns how many a second."""
    from django.db import transaction

    from giliran import clock
    from giliran.messages import actions as messages

    with transaction.atomic():
        contacts = [a_contact(serial) for serial in range(count)]
    begun, now = time.monotonic(), clock.now()
    for serial, contact_id in enumerate(contacts):
        messages.reply(contact_id, text=f"{name} {serial}", key=f"{name}:{serial}", now=now)
    return count / (time.monotonic() - begun)


def die_once(box: "Smsbox") -> tuple[int, int, int]:
    """Kill a worker in the middle of its work; returns (lost, doubled, told as unsent)."""
    from giliran import clock
    from giliran.messages import actions as messages
    from giliran.messages.models import Message

    write(IN_FLIGHT_WHEN_KILLED, "killed")
    with worker():
        wait_until(lambda: sum(box.counted("killed")[0].values()) > IN_FLIGHT_WHEN_KILLED / 3)
    with worker():
        wait_until(lambda: not Message.objects.filter(state="waiting").exists())
    for minutes in (3, 15):
        messages.sweep(now=clock.now() + timedelta(minutes=minutes))
    later = clock.now() + timedelta(minutes=16)
    while messages.send_next(word=lambda *_: None, now=later):
        pass
    accepted, _, _ = box.counted("killed")
    lost, doubled = differences(accepted, "killed")
    return lost, doubled, Message.objects.filter(state="unsent").count()


def differences(accepted: Counter[str], name: str) -> tuple[int, int]:
    """Return how many neither arrived nor are told as unsent, and how many arrived twice."""
    from giliran.messages.models import Message

    lost = 0
    for key, state in Message.objects.filter(key__startswith=f"{name}:").values_list(
        "key", "state"
    ):
        arrived = accepted[key.replace(":", " ")]
        lost += not (arrived if state == "sent" else state == "unsent")
    return lost, sum(times - 1 for times in accepted.values() if times > 1)


def receive_for(seconds: float, *, events: int) -> tuple[float, int]:
    """Keep deliveries for a while, every fifth twice; returns (new a second, kept wrongly)."""
    from giliran.messages import actions as messages
    from giliran.messages.models import Inbound

    body = json.dumps({"from": "+6281234567890", "to": "1500910", "text": "BATAL 0412"})
    begun, serial, told = time.monotonic(), 0, 0
    while time.monotonic() < begun + seconds:
        delivery = [
            messages.Event(f"{events}.{serial}.{place}", "text", body, f"+62{serial % 997}")
            for place in range(events)
        ]
        for _ in range(2 if serial % 5 == 0 else 1):
            told += messages.receive("sms", delivery, now=MONDAY_MORNING)
        serial += 1
    took = time.monotonic() - begun
    kept = Inbound.objects.filter(external_id__startswith=f"{events}.").count()
    return told / took, abs(kept - serial * events) + abs(told - kept)


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """Run `giliran worker` until the block ends, then kill it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "giliran", "worker"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(is_so: Callable[[], bool], *, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("The worker didn't get done.")
        time.sleep(0.05)


class Smsbox:
    """The process that counts what it accepts."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def counted(self, name: str) -> tuple[Counter[str], float, float]:
        """Return how often each text was accepted, and when the first and the last one was."""
        texts: Counter[str] = Counter()
        moments = []
        for line in self._log.read_text().splitlines():
            moment, _, text = line.partition(" ")
            if text.startswith(f"{name} "):
                texts[text] += 1
                moments.append(float(moment))
        return texts, min(moments, default=0.0), max(moments, default=0.0)


@contextlib.contextmanager
def smsbox() -> Iterator[Smsbox]:
    """Run a smsbox until the block ends; from now on it is the one of the environment."""
    port = free_port()
    log = Path(os.environ["GILIRAN_HOME"]) / "smsbox.log"
    log.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.messages", "--smsbox", str(port), str(log)]
    )
    os.environ["GILIRAN_KANNEL_URL"] = f"http://127.0.0.1:{port}/cgi-bin/sendsms"
    try:
        yield Smsbox(log)
    finally:
        process.kill()
        process.wait()


async def serve(port: int, log: Path) -> None:
    """Accept what is sent, and write each text down before it is answered."""
    with log.open("a", buffering=1) as written:

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    head = (await reader.readuntil(b"\r\n\r\n")).lower()
                    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                    text = (await reader.readexactly(length)).decode()
                    written.write(f"{time.monotonic()} {text}\n")
                    writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", port)
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="half a minute")
    parser.add_argument("--json", action="store_true", help="only the result; it comes last anyway")
    parser.add_argument("--smsbox", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.smsbox:
        asyncio.run(serve(int(given.smsbox[0]), Path(given.smsbox[1])))
        return
    if given.quick:
        say_result(run(outgoing=500, seconds=2))
    else:
        say_result(run(outgoing=10_000, seconds=10))


if __name__ == "__main__":
    main()
