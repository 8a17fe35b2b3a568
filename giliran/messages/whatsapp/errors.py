"""What we do about each of the provider's errors.

Codes and their meaning: developers.facebook.com/documentation/business-messaging/whatsapp/support/
error-codes (15 May 2026). Meta asks to go by the code, never by the title.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from giliran.messages.ports import Policy


class Handling(NamedTuple):
    """What to do about one error: with the message, and whether the operator must act."""

    policy: Policy
    seconds: int = 0
    alarm: bool = False
    """It will hit every message until somebody does something."""
    meaning: str = ""


_RETRY, _WAIT, _NEXT, _STOP = Policy.RETRY, Policy.WAIT, Policy.NEXT_CHANNEL, Policy.STOP

KNOWN: dict[int, Handling] = {
    # Who we are
    0: Handling(_NEXT, alarm=True, meaning="The access token is not valid"),
    3: Handling(_NEXT, alarm=True, meaning="The app lacks a capability"),
    10: Handling(_NEXT, alarm=True, meaning="A permission is missing or was taken back"),
    190: Handling(_NEXT, alarm=True, meaning="The access token has expired"),
    # How fast we may speak
    4: Handling(_WAIT, 60, alarm=True, meaning="The app called the API too often"),
    80007: Handling(_WAIT, 60, alarm=True, meaning="The account called the API too often"),
    130429: Handling(_WAIT, 2, meaning="More messages a second than the number may send"),
    131048: Handling(_NEXT, alarm=True, meaning="Held back as spam: people blocked or flagged us"),
    131056: Handling(_WAIT, 8, meaning="Too many messages to this one person: one in six seconds"),
    133016: Handling(_NEXT, alarm=True, meaning="The number was registered too often"),
    131057: Handling(_WAIT, 60, meaning="The number is in maintenance, as while it gets faster"),
    # Whether they may and want to be spoken to
    131026: Handling(_NEXT, meaning="It can't be delivered: no WhatsApp there, or an old one"),
    131047: Handling(_NEXT, meaning="24 hours after they wrote only a template may go"),
    131049: Handling(_NEXT, meaning="Meta held it back so that people don't get too much"),
    131050: Handling(_STOP, meaning="They stopped such messages from us"),
    131045: Handling(_NEXT, alarm=True, meaning="The number isn't registered"),
    131021: Handling(_NEXT, meaning="The recipient is our own number"),
    131030: Handling(_NEXT, alarm=True, meaning="A test number may only write to listed people"),
    131062: Handling(_NEXT, meaning="This kind of message needs a phone number, not a user id"),
    130472: Handling(_NEXT, meaning="They are in an experiment of Meta's: no such message"),
    130497: Handling(_NEXT, alarm=True, meaning="We may not write to people in this country"),
    # Whether the account is in order
    368: Handling(_NEXT, alarm=True, meaning="Blocked for a while for breaking a policy"),
    131031: Handling(_NEXT, alarm=True, meaning="The account is locked"),
    131037: Handling(_NEXT, alarm=True, meaning="The number's display name isn't approved"),
    131042: Handling(_NEXT, alarm=True, meaning="Payment for the account is not in order"),
    131005: Handling(_NEXT, alarm=True, meaning="Access denied: a permission is missing"),
    # Whether the message is well formed: our fault, and the same the next time
    33: Handling(_NEXT, alarm=True, meaning="The number's id is wrong or was deleted"),
    100: Handling(_NEXT, alarm=True, meaning="A field of the message is wrong"),
    131008: Handling(_NEXT, alarm=True, meaning="A field of the message is missing"),
    131009: Handling(_NEXT, alarm=True, meaning="A value in the message is wrong"),
    131051: Handling(_NEXT, alarm=True, meaning="There is no such kind of message"),
    131052: Handling(_NEXT, meaning="What they sent can't be fetched"),
    131053: Handling(_NEXT, meaning="The file can't be sent"),
    # Templates
    132000: Handling(_NEXT, alarm=True, meaning="The template has another number of parameters"),
    132001: Handling(_NEXT, alarm=True, meaning="There is no such template in that language"),
    132005: Handling(_NEXT, alarm=True, meaning="The template's text gets too long"),
    132007: Handling(_NEXT, alarm=True, meaning="The template breaks a policy"),
    132012: Handling(_NEXT, alarm=True, meaning="A parameter of the template has a wrong form"),
    132015: Handling(_NEXT, alarm=True, meaning="The template is paused: people disliked it"),
    132016: Handling(_NEXT, alarm=True, meaning="The template was paused too often and is closed"),
    132068: Handling(_NEXT, alarm=True, meaning="The form (flow) is blocked"),
    132069: Handling(_WAIT, 3600, alarm=True, meaning="The form (flow) is slowed down"),
    # Faults of theirs that pass
    1: Handling(_RETRY, meaning="An unknown fault of the API"),
    2: Handling(_RETRY, meaning="The service is down or overloaded"),
    131000: Handling(_RETRY, meaning="Something went wrong"),
    131016: Handling(_RETRY, meaning="The service is overloaded"),
    133004: Handling(_RETRY, meaning="The server can't be reached for a while"),
}


_NUMBER = re.compile(r"\+?\d{6,}|[A-Z]{2}\.(ENT\.)?\w{6,}")


def words(stated: str) -> str:
    """Return the provider's own words on an error, without the numbers and ids of people."""
    return _NUMBER.sub("…", " ".join(stated.split()))[:180]


def handling(code: int) -> Handling:
    """Return what to do about an error code; for an unknown one: another channel, and an alarm.

    A new code is rather a new refusal than a passing fault: what is tried again and again without
    need costs people's patience and our standing with the provider.
    """
    known = KNOWN.get(code)
    if known is not None:
        return known
    if 200 <= code <= 299:  # noqa: PLR2004 -- Graph's permissions
        return KNOWN[10]
    if 133000 <= code <= 133999:  # noqa: PLR2004 -- registration of the number
        return Handling(_NEXT, alarm=True, meaning="The number isn't registered as it should be")
    return Handling(_NEXT, alarm=True, meaning="An error that is new to us")
