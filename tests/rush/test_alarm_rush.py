"""Many workers that look at the same minute: each head is told once, and the region once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from giliran.figures import actions as figures
from giliran.figures.models import Alarm
from giliran.messages import actions as messages
from giliran.messages.models import Message
from tests.builders import a_walk_in, an_office, an_officer, at, at_counter, walk_in_places

pytestmark = [pytest.mark.rush, pytest.mark.usefixtures("server")]
HANDS = 8


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
