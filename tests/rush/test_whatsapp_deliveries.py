"""A provider that repeats itself and tells things in any order, against a real server."""

import json
import random
from pathlib import Path

import httpx
import pytest

from giliran.cli.phone.hooks import Hooks
from giliran.messages.models import Inbound
from giliran.messages.whatsapp.parsing import parse
from tests.servers import KNOWN_TO_ALL

pytestmark = pytest.mark.rush


def test_each_event_is_kept_once_however_often_and_wherever_it_comes(server):
    http = httpx.Client()

    def post(body, headers):
        address = f"{server.url}/chat/whatsapp/"
        return http.post(address, content=body, headers=headers).status_code

    both = [
        Hooks(
            post,
            secret=KNOWN_TO_ALL["GILIRAN_WHATSAPP_SECRET"],
            copies=3,
            batch=20,
            shuffle=random.Random(seed),
        )
        for seed in (1, 2)
    ]
    delivery = json.loads(Path("tests/data/whatsapp/text.json").read_bytes())
    value = delivery["entry"][0]["changes"][0]["value"]
    (message,) = value["messages"]
    told = [{**value, "messages": [{**message, "id": f"wamid.{n}"}]} for n in range(200)]
    for hooks in both:  # two of the provider's machines at once
        for each in told:
            hooks.tell(each, "messages")
    for hooks in both:
        hooks.drain()

    expected = {
        event.external_id
        for each in told
        for event in parse(
            json.dumps({"entry": [{"changes": [{"field": "messages", "value": each}]}]}).encode()
        )
    }
    assert set(Inbound.objects.values_list("external_id", flat=True)) == expected
    assert Inbound.objects.count() == 200
    assert [hooks.failures for hooks in both] == [[], []]
