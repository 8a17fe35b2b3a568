"""Many workers that look at the same minute: each head is told once, and the region once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from giliran import clock
from giliran.figures import actions as figures
from giliran.figures.models import Alarm
from giliran.messages import actions as messages
from giliran.messages.models import Message
from giliran.outbox import post
from tests.builders import a_walk_in, an_office, an_officer, at, at_counter, walk_in_places
from tests.rush.test_messages_rush import sink, wait_until, worker  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.rush, pytest.mark.usefixtures("server")]
HANDS = 8
STARTS_WITHIN, LEAVES_WITHIN = 15, 5  # seconds: a worker's start, and from a look to the gateway


def reached(officer) -> int:
    contact_id = messages.heard_from("email", f"{uuid4().hex}@contoh.id", now=at("07:00"))
    messages.subscribe(contact_id, subject=messages.OFFICER, subject_id=officer.id, now=at("07:00"))
    return officer.id


def look(when: str) -> None:
    def once(_: int) -> None:
        try:
            figures.watch(now=at(when))
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(once, range(HANDS)))


def test_however_many_look_at_once_everybody_is_told_once():
    office = an_office(f"kantor-{uuid4().hex[:8]}")
    walk_in_places(office)
    at_counter(office)
    a_walk_in(office, "08:10")
    heads = {reached(an_officer(office, "manager")) for _ in range(2)}
    region = reached(an_officer(office, "regional"))

    look("08:15")
    alarm = Alarm.objects.get(office=office, over_at__isnull=True)
    told = Message.objects.filter(subject="alarm", subject_id=alarm.id)
    assert sorted(one.data["officer"] for one in told) == sorted(heads)

    for when in ("08:30", "08:31"):
        look(when)
    above = told.filter(kind="alarm_unattended")
    assert region in {one.data["officer"] for one in above}
    who = [one.data["officer"] for one in told]
    assert len(who) == len(set(who))


def test_a_real_worker_has_it_at_the_gateway_within_a_minute_and_only_once(sink, worker):  # noqa: F811
    office = an_office(f"kantor-{uuid4().hex[:8]}")
    walk_in_places(office)
    at_counter(office)
    a_walk_in(office, "08:10")
    head, phone = an_officer(office, "manager"), f"+62813{uuid4().int % 10**7:07}"
    contact_id = messages.heard_from("sms", phone, now=at("07:00"))
    messages.subscribe(contact_id, subject=messages.OFFICER, subject_id=head.id, now=at("07:00"))
    clock.set_simulation(at("08:15"), speed=1)

    worker()
    began = time.monotonic()  # the clockwork looks at the next full minute of the machine
    wait_until(lambda: phone in sink, "the head's message", seconds=90)
    seconds = time.monotonic() - began
    post("figures.watch", timestamp=0)
    wait_until(lambda: not has_jobs(), "the worker has nothing left to do")

    assert seconds < STARTS_WITHIN + 60 + LEAVES_WITHIN
    assert sink.count(phone) == 1


def has_jobs() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
            "AND task_name IN ('figures.watch', 'messages.send') "
            "AND (scheduled_at IS NULL OR scheduled_at <= now())"
        )
        return cursor.fetchone() is not None
