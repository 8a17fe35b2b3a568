"""Many ask for the same officer at once: nobody is in two places, and nobody ill is lent."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from giliran.capacity import actions as capacity
from giliran.capacity.models import Loan
from giliran.core.refusal import Refusal
from tests.builders import MONDAY, an_office, an_officer
from tests.stories.test_leave import EARLY, ill, put_down
from tests.stories.test_lending import a_pair, asked, head_of, on_duty

pytestmark = pytest.mark.rush


def test_of_many_who_want_the_same_officer_at_once_nobody_gets_them_twice(
    server,
):
    office, _, neighbour, team = a_pair("satu", "dua")
    third = an_office("pandeglang", counters=2)
    put_down(an_officer(third), third)
    wanted = team[0]
    heads = {one.id: an_officer(one, "manager").id for one in (office, third, neighbour)}
    asking = [(one, n) for n in range(4) for one in (office, third)]
    gate = Barrier(len(asking) + 1)

    def ask(case):
        one, _n = case
        gate.wait(10)
        try:
            return capacity.ask_loan(
                wanted.id, to_id=one.id, day=MONDAY, asked_by_id=heads[one.id], now=EARLY
            ).id
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    def fall_ill():
        gate.wait(10)
        try:
            return ill(wanted, neighbour).state
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asking) + 1) as pool:
        sick = pool.submit(fall_ill)
        answers = list(pool.map(ask, asking))
        assert sick.result() == "approved"
    assert {one for one in answers if isinstance(one, str)} <= {"lent_already", "away_that_day"}
    assert len({one for one in answers if isinstance(one, int)}) <= 1
    assert not Loan.objects.filter(officer=wanted, state__in=["asked", "accepted"]).exists()


def test_accepted_refused_and_withdrawn_at_once_is_one_of_them(server):
    office, _, neighbour, team = a_pair("tiga", "empat")
    loan = asked(team[0], office)
    theirs, ours = head_of(neighbour), head_of(office)
    deeds = [
        (capacity.accept_loan, theirs),
        (capacity.refuse_loan, theirs),
        (capacity.withdraw_loan, ours),
    ] * 3
    gate = Barrier(len(deeds))

    def do(deed):
        action, terms = deed
        gate.wait(10)
        try:
            return action(loan.id, **terms).state
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(do, deeds))
    loan.refresh_from_db()
    there = office.id if loan.state == "accepted" else neighbour.id
    assert on_duty(team[0]) == [("2026-11-23", there)]
