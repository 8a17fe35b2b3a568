"""The border to providers: what goes out, what they answer, and which one serves a channel."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, Protocol

from giliran.messages.wording import Wording


class Outgoing(NamedTuple):
    address: str
    wording: Wording
    language: str
    in_window: bool
    """Whether they wrote to us within the last 24 hours (WhatsApp: free text is allowed)."""
    reference: str
    """Our attempt's id: comes back in the provider's reports."""


class Sent(NamedTuple):
    provider_id: str
    cost: Decimal | None = None
    """In rupiah, where it is known at once."""


class Policy(Enum):
    """What to do after a refusal. RETRY, WAIT and NEXT_CHANNEL say: surely nothing was sent."""

    RETRY = "retry"
    """It may pass: again on this channel, later and later, then the next channel."""
    NEXT_CHANNEL = "next_channel"
    """It won't pass for this address."""
    STOP = "stop"
    """The contact has opted out or blocked us: nothing more to them; next channel."""
    WAIT = "wait"
    """Too fast: again on this channel after ``seconds``; doesn't count as a try."""
    UNKNOWN = "unknown"
    """It may have been sent (no answer came back): never again on this channel."""


class Refused(Exception):
    """A provider did not take a message. ``code`` is theirs, ``sentence`` for the log."""

    def __init__(self, code: str, sentence: str, policy: Policy, *, seconds: int = 0) -> None:
        self.code = code
        self.sentence = sentence
        self.policy = policy
        self.seconds = seconds
        super().__init__(f"{code}: {sentence}")


class Port(Protocol):
    """A provider of one channel."""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand over one message; raises ``Refused``. Anything else raised counts as UNKNOWN."""


def port(channel: str) -> Port | None:
    """Return the provider of a channel as the environment names it, or None if it names none."""
    make = PORTS.get(channel)
    return make() if make else None


def _sms() -> Port | None:
    from giliran.messages import kannel

    return kannel.from_environment()


def _email() -> Port | None:
    from giliran.messages import email

    return email.from_environment()


def _whatsapp() -> Port | None:
    names = ("URL", "TOKEN", "PHONE_ID")
    return _whatsapp_at(*(os.environ.get(f"GILIRAN_WHATSAPP_{name}", "") for name in names))


@lru_cache
def _whatsapp_at(url: str, token: str, phone_id: str) -> Port | None:
    """Keep one for each environment, and with it its open connections."""
    from giliran.messages.whatsapp import port as whatsapp

    return whatsapp.from_environment()


PORTS: dict[str, Callable[[], Port | None]] = {
    "whatsapp": _whatsapp,
    "sms": _sms,
    "email": _email,
}
"""Which provider serves a channel; imported only when something is to be sent by it."""
