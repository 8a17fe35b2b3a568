"""Leave, shifts, loans and a roster at once: each sees what the other did, nobody is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from giliran.capacity import actions as capacity
from giliran.capacity.models import Leave, Loan, Offer, Roster, Shift
from giliran.core.refusal import Refusal
from giliran.turns.models import Turn
from tests.builders import MONDAY, a_booking, a_window, an_officer
from tests.stories.test_leave import EARLY, TUESDAY, asks, ill
from tests.stories.test_lending import a_pair, asked, head_of

pytestmark = pytest.mark.rush


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Do everything in the same moment; a refusal counts by its code, an error is one."""
    gate = Barrier(len(deeds))

    def do(deed):
        gate.wait(10)
        try:
            return deed()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_asked_approved_and_ill_at_once_no_two_leaves_overlap(server):
    office, [officer], _, _ = a_pair("lima", "enam")
    holiday = asks(officer, office, MONDAY, TUESDAY)
    heads = [head_of(office) for _ in range(3)]
    friday = MONDAY + timedelta(days=4)
    at_once(
        [
            *(lambda head=head: capacity.approve_leave(holiday.id, **head) for head in heads),
            *(lambda: ill(officer, office) for _ in range(3)),
            *(lambda: ill(officer, office, last_day=friday) for _ in range(3)),
            lambda: capacity.withdraw_leave(holiday.id, officer_id=officer.id, now=EARLY),
        ]
    )
    approved = Leave.objects.filter(officer=officer, state="approved").order_by("first_day")
    assert all(one.last_day < other.first_day for one, other in pairwise(approved))
    assert approved.first().first_day == MONDAY


def test_one_form_sent_many_times_at_once_is_one_leave(server):
    office, [officer], _, _ = a_pair("tujuh", "delapan")
    key = uuid4()
    found = at_once([lambda: asks(officer, office, request_key=key).id] * 6)
    assert len(set(found)) == 1


def test_a_roster_published_while_everything_changes_leaves_one_order(server):
    office, [mine], neighbour, team = a_pair("sembilan", "sepuluh")
    window = a_window(office, "09:30", places=6)
    turns = [a_booking(window, now=EARLY) for _ in range(6)]
    region_head = an_officer(office, "regional").id
    draft = capacity.make_roster(office.region_id, MONDAY, actor="x", now=EARLY)
    capacity.solve_roster(draft.id, now=EARLY, seconds=0.5)
    loan = asked(team[0], office)
    theirs, heads = head_of(neighbour), head_of(office)
    leave = asks(mine, office)
    [shift] = Shift.objects.filter(officer=team[1], is_draft=False)
    at_once(
        [
            *(
                lambda: capacity.publish_roster(draft.id, officer_id=region_head, now=EARLY)
                for _ in range(3)
            ),
            lambda: capacity.accept_loan(loan.id, **theirs),
            lambda: capacity.approve_leave(leave.id, **heads),
            lambda: capacity.cancel_shift(neighbour, shift.id, actor="x", now=EARLY),
            lambda: ill(team[0], neighbour),
            lambda: capacity.replan(office.id, MONDAY, now=EARLY),
        ]
    )
    assert Roster.objects.filter(region=office.region, state="published").count() == 1
    in_force = Shift.objects.filter(is_draft=False, cancelled_at__isnull=True)
    days = list(in_force.filter(officer__in=[mine, *team]).values_list("officer", "day"))
    assert len(days) == len(set(days))
    assert not Loan.objects.filter(officer=team[0], state__in=["asked", "accepted"]).exists()
    for of in (office, neighbour):
        for day in (MONDAY, TUESDAY):
            capacity.replan(of.id, day, now=EARLY)
    window.refresh_from_db()
    assert window.taken == len(turns) <= window.places
    assert Turn.objects.filter(offer=window, state="waiting").count() <= len(turns)
    assert all(one.taken + one.held <= one.places for one in Offer.objects.filter(office=office))
