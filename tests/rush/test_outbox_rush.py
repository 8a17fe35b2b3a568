"""Two who ask for the same work at once: it waits once, and doesn't begin too early."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran.outbox import post

pytestmark = pytest.mark.rush
AT_ONCE, ROUNDS = 6, 20


@pytest.fixture
def db():
    """Asks for the test database to be made, without a transaction around the test."""


def waiting(key):
    return ProcrastinateJob.objects.filter(queueing_lock=key, status="todo")


def test_of_many_who_ask_at_once_one_request_waits(db, server):
    gate = Barrier(AT_ONCE)

    def ask(_):
        try:
            for n in range(ROUNDS):
                gate.wait()
                with transaction.atomic():
                    post("turns.keep_promises", key=f"rush:{n}", office_id=n)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, range(AT_ONCE)))

    assert [waiting(f"rush:{n}").count() for n in range(ROUNDS)] == [1] * ROUNDS


def test_a_worker_leaves_a_request_until_whoever_counts_on_it_is_done(db, server):
    post("turns.keep_promises", key="counted-on", office_id=1)
    with psycopg.connect(server.database_url, autocommit=True) as worker:

        def taken():
            rows = worker.execute(
                "SELECT id FROM procrastinate_jobs WHERE queueing_lock = 'counted-on'"
                " AND status = 'todo' FOR UPDATE SKIP LOCKED"
            )
            return len(rows.fetchall())

        assert taken() == 1
        with transaction.atomic():
            post("turns.keep_promises", key="counted-on", office_id=1)
            assert taken() == 0
        assert taken() == 1


def test_a_request_that_a_worker_is_taking_up_is_made_anew(db, server):
    post("turns.keep_promises", key="taken-up", office_id=1)
    with psycopg.connect(server.database_url) as worker, ThreadPoolExecutor(1) as pool:
        worker.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE queueing_lock = 'taken-up'"
        )

        def ask():
            try:
                post("turns.keep_promises", key="taken-up", office_id=1)
            finally:
                connection.close()

        asked = pool.submit(ask)
        worker.commit()
        asked.result(timeout=30)

    assert waiting("taken-up").count() == 1
