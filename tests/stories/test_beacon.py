"""The public beacon: named before it exists, checked before it is believed."""

import importlib
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran import beacon

# Real rounds of quicknet: (round, signature, randomness).
ROUNDS = [
    (
        42,
        (
            "95a9f9f5b231b7714de1553105d8ffdf3dcda24cfdb1e689319bccf79a9c8ce4"
            "30a91b811fbfaf763900bc998b5d686a"
        ),
        "8ada64bae5c6c0f5540a6a13af56e663240edfbd2c76ac6a8f27671eb7259ce3",
    ),
    (
        1000,
        (
            "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
            "e342b73a8dd2bacbe47e4b6b63ed5e39"
        ),
        "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    ),
    (
        657413,
        (
            "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
            "41076862b98fad56e91a6b85b89cd97b"
        ),
        "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    ),
]

FIRST, LAST = datetime(2023, 9, 1), datetime(2100, 1, 1)  # noqa: DTZ001 -- zones are drawn


@pytest.fixture
def endpoint():
    """A drand endpoint on this machine; gives what the test tells it to."""
    started = []

    def start(status, body):
        asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}", asked

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("number", "signature", "randomness"), ROUNDS)
def test_a_real_round_is_believed(number, signature, randomness):
    assert beacon.verified(number, signature) == randomness


@pytest.mark.parametrize(("number", "signature", "randomness"), ROUNDS)
def test_a_tampered_round_is_not(number, signature, randomness):
    other = next(sign for _, sign, _ in ROUNDS if sign != signature)
    flipped = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    for tampered in (other, flipped, signature[:-2], signature.upper(), "", "zz" * 48):
        with pytest.raises(beacon.WrongSignature):
            beacon.verified(number, tampered)
    for wrong in (number + 1, number - 1, 0, -1, 2**64):
        with pytest.raises(beacon.WrongSignature):
            beacon.verified(wrong, signature)


def test_round_1000_appeared_when_drand_says():
    assert beacon.appears_at(1000) == datetime(2023, 8, 23, 15, 59, 24, tzinfo=UTC)


@given(st.datetimes(FIRST, LAST, timezones=st.timezones()))
def test_the_named_round_is_the_first_after_closing_and_the_margin(moment):
    named = beacon.round_after(moment)

    unknown_until = moment.astimezone(UTC) + beacon.MARGIN
    assert beacon.appears_at(named - 1) <= unknown_until < beacon.appears_at(named)


def test_a_round_that_appears_at_the_very_moment_is_not_after_it():
    at_genesis = beacon.GENESIS.astimezone(ZoneInfo("Asia/Jakarta"))

    assert beacon.round_after(at_genesis, margin=timedelta(0)) == 2
    assert beacon.round_after(at_genesis - timedelta(days=9)) == 1
    with pytest.raises(ValueError, match="time zone"):
        beacon.round_after(FIRST)


def test_endpoints_are_asked_until_one_gives_a_true_signature(endpoint):
    number, signature, _ = ROUNDS[1]
    down, _ = endpoint(500, {})
    odd, _ = endpoint(200, b"<html>")
    liar, _ = endpoint(200, {"round": number, "signature": ROUNDS[0][1]})
    strange, _ = endpoint(200, {"round": number, "signature": 7})
    honest, asked = endpoint(200, {"round": number, "signature": signature})
    last, unasked = endpoint(200, {"round": number, "signature": signature})

    found = beacon.fetch(number, urls=[down, odd, liar, strange, honest, last])

    assert found == signature
    assert asked == [f"/{beacon.CHAIN}/public/1000"]
    assert unasked == []


def test_a_round_that_is_not_there_yet_is_no_error(endpoint):
    early, _ = endpoint(425, {"error": "too early"})
    # Nobody listens at port 9 of this machine.
    assert beacon.fetch(10**9, urls=["http://127.0.0.1:9", early]) is None


def test_a_slow_endpoint_is_left_after_the_time_out():
    with_nobody_accepting = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    try:
        url = f"http://127.0.0.1:{with_nobody_accepting.server_address[1]}"
        assert beacon.fetch(1000, urls=[url], timeout_seconds=0.05) is None
    finally:
        with_nobody_accepting.server_close()


def test_without_the_library_the_way_on_is_named(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)

    with pytest.raises(beacon.CannotVerify, match=r"commit-and-reveal.*Python 3\.11 or 3\.12"):
        beacon.verified(*ROUNDS[0][:2])
    with pytest.raises(beacon.CannotVerify):
        beacon.fetch(1000, urls=[])
