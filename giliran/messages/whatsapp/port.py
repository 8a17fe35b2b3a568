"""Sending by the Cloud API: one request for one message, its answer or refusal, no more."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

import httpx

from giliran.messages.ports import Outgoing, Policy, Refused, Sent
from giliran.messages.whatsapp import errors, parsing
from giliran.messages.whatsapp.payloads import payload

log = logging.getLogger(__name__)

GRAPH = "https://graph.facebook.com/v26.0"  # in force since 29 July 2026
TIMEOUT = httpx.Timeout(15, connect=5)
# Before these nothing of the message has left us, so that it may safely be tried again.
_NOTHING_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
SERVER_FAULT = 500


class CloudApi:
    """Our number at the provider."""

    def __init__(
        self, url: str, *, token: str, phone_id: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self.phone_id = phone_id
        self.http = httpx.Client(
            headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT, transport=transport
        )

    def send(self, outgoing: Outgoing) -> Sent:
        """Send one message, and never a second time by itself; raises ``Refused``.

        An answer that didn't come or makes no sense has policy UNKNOWN: it may have been sent.
        """
        body = payload(outgoing)
        if body is None:
            raise Refused(
                "131047", "The window is closed and there is no template", Policy.NEXT_CHANNEL
            )
        try:
            answer = self.http.post(f"{self.url}/{self.phone_id}/messages", json=body)
        except _NOTHING_LEFT as error:
            raise Refused("unreachable", type(error).__name__, Policy.RETRY) from error
        except httpx.HTTPError as error:
            raise Refused("no_answer", type(error).__name__, Policy.UNKNOWN) from error
        said = said_by(answer)
        if answer.is_success:
            return Sent(provider_id=parsing.opaque(_message_id(said)))
        raise refusal(answer, said)


def from_environment(environment: Mapping[str, str] = os.environ) -> CloudApi | None:
    """Return our number as the environment names it, None where it names none.

    GILIRAN_WHATSAPP_TOKEN and GILIRAN_WHATSAPP_PHONE_ID are the provider's;
    GILIRAN_WHATSAPP_URL is the API with its version.
    """
    token = environment.get("GILIRAN_WHATSAPP_TOKEN", "")
    phone_id = environment.get("GILIRAN_WHATSAPP_PHONE_ID", "")
    if not token or not phone_id:
        return None
    url = environment.get("GILIRAN_WHATSAPP_URL") or GRAPH
    return CloudApi(url, token=token, phone_id=phone_id)


def refusal(answer: httpx.Response, said: Any) -> Refused:
    """Return what a refusal of the provider means, and log it where somebody must act."""
    stated = said.get("error") if isinstance(said, dict) else None
    code = stated.get("code") if isinstance(stated, dict) else None
    if not isinstance(stated, dict) or not isinstance(code, int):
        # Something between us and them answered: it may or may not have handed it on.
        policy = Policy.UNKNOWN if answer.status_code >= SERVER_FAULT else Policy.NEXT_CHANNEL
        return Refused(f"http {answer.status_code}", "An answer without an error code", policy)
    data = stated.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    handling = errors.handling(code)
    sentence = errors.words(str(details or stated.get("message") or handling.meaning))
    if handling.alarm:
        log.error("WhatsApp refuses with %s: %s (%s)", code, handling.meaning, sentence)
    return Refused(str(code), sentence, handling.policy, seconds=handling.seconds)


def said_by(answer: httpx.Response) -> Any:
    """Return the JSON of an answer, None where it has none."""
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _message_id(said: Any) -> str:
    try:
        message_id = said["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        message_id = None
    if not isinstance(message_id, str) or not message_id:
        raise Refused("no_id", "Taken, but without an id", Policy.UNKNOWN)
    return message_id
