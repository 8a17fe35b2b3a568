"""A flood is stopped whichever process takes it, and nothing tells afterwards whence it came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from giliran.voices import actions as voices
from giliran.voices.floods import AT_MOST, TooManyComplaints, check_flood
from giliran.voices.models import Flood
from tests.builders import at

pytestmark = pytest.mark.django_db
HERE, NOW = "203.0.113.7", at("09:00")


def passes(times: int, *, address: str = HERE, now=NOW) -> int:
    """Return how many of so many complaints are let through."""
    let = 0
    for _ in range(times):
        try:
            check_flood(address, now=now)
        except TooManyComplaints:
            continue
        let += 1
    return let


def test_twenty_of_an_hour_pass_and_another_address_has_its_own_twenty():
    assert passes(AT_MOST + 5) == AT_MOST
    assert passes(AT_MOST + 5, address="203.0.113.8") == AT_MOST
    assert passes(AT_MOST + 5, address="") == AT_MOST + 5


def test_the_turn_of_the_hour_gives_no_second_twenty_at_once():
    assert passes(AT_MOST, now=at("09:59")) == AT_MOST
    assert passes(AT_MOST, now=at("10:01")) <= 1
    assert passes(AT_MOST, now=at("11:59")) > 0


def test_an_hour_later_nothing_of_it_is_left():
    passes(3)
    assert HERE not in str(list(Flood.objects.values_list()))
    assert voices.forget_floods(now=NOW + timedelta(minutes=59)) == 0
    assert voices.forget_floods(now=NOW + timedelta(hours=2)) == 1
    assert not Flood.objects.exists()


def test_the_database_writes_no_log_of_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'voices_flood'")
        assert cursor.fetchone() == ("u",)
