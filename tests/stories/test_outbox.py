"""Up by post: what is asked of the worker stands and falls with the change behind it."""

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from giliran.outbox import post

pytestmark = pytest.mark.django_db


def waiting(key):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = %s", [key])
        return cursor.fetchone()[0]


@pytest.fixture
def in_a_worker():
    """Let the app write as it does while a worker runs: on connections of its own."""
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector):
        yield
    assert connector.get_sync_connector()._pool is None, "written outside of Django's connection"


def test_what_a_job_asks_for_is_in_the_transaction_of_what_it_did(in_a_worker):
    """A hearing asked for its answer to be sent before the answer was there to be seen.

    So the sender found nothing, and a person waited up to a minute for what they had asked.
    """
    with transaction.atomic():
        post("messages.send", key="test/kept")
        assert waiting("test/kept") == 1
    with transaction.atomic():
        post("messages.send", key="test/undone")
        transaction.set_rollback(True)
    assert waiting("test/kept") == 1
    assert waiting("test/undone") == 0


def test_a_request_for_later_waits_and_is_made_once():
    post("messages.send", key="test/soon", after_seconds=90)
    post("messages.send", key="test/soon", after_seconds=90)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at - now() FROM procrastinate_jobs WHERE queueing_lock = %s",
            ["test/soon"],
        )
        (wait,) = cursor.fetchone()
        assert cursor.fetchone() is None
    assert 80 < wait.total_seconds() <= 90
