"""A provider's machines that hand over the same events at once, each in an order of its own."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from giliran.messages import actions as messages
from giliran.messages.models import Inbound
from tests.builders import at

pytestmark = [pytest.mark.rush, pytest.mark.usefixtures("server")]
HANDS, EVENTS, TIMES = 6, 40, 4


def deliver(order: list[str]) -> int:
    events = [(name, "message", "{}", "6281200000001") for name in order]
    try:
        return messages.receive("whatsapp", events, now=at("09:00"))
    finally:
        connection.close()


def test_none_waits_for_another_who_waits_for_it():
    for serial in range(TIMES):
        names = [f"wamid.{uuid4().hex}" for _ in range(EVENTS)]
        chance = random.Random(serial)
        orders = [chance.sample(names, EVENTS) for _ in range(HANDS)]

        with ThreadPoolExecutor(HANDS) as pool:
            new = list(pool.map(deliver, orders))

        assert sum(new) == EVENTS
        assert Inbound.objects.filter(external_id__in=names).count() == EVENTS


def test_a_delivery_is_kept_in_its_own_order():
    names = [f"wamid.{uuid4().hex}" for _ in range(EVENTS)]

    deliver(names)

    kept = Inbound.objects.filter(external_id__in=names).order_by("id")
    assert list(kept.values_list("external_id", flat=True)) == names
