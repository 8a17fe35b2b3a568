"""Being told by WhatsApp, SMS or email, as pages show it: an address by its end, a code to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy

from giliran.core.refusal import BadInput, NotFound, gettext_noop
from giliran.messages import actions as messages
from giliran.messages import queries as told
from giliran.messages.ports import port
from giliran.people.actions import parse_phone
from giliran.web.staff import actor, remote_address

CHANNELS: Mapping[str, Any] = {
    "whatsapp": "WhatsApp",
    "sms": "SMS",
    "email": gettext_lazy("Email"),
}


class NoChannel(BadInput):
    """No way was chosen."""

    code = "no_channel"
    sentence = gettext_noop("Pilih dulu lewat apa kabar dikirim.")


class NoAddress(BadInput):
    """There is nowhere to send the code."""

    code = "no_address"
    sentence = gettext_noop("Tulis dulu nomor ponsel atau alamat email.")


class Told(NamedTuple):
    """One channel on its page; the address only by its end."""

    token: str
    name: Any
    masked: str
    is_first: bool
    is_stopped: bool


class Channels(NamedTuple):
    """Where one subject is told of, on one page.

    ``salt`` signs what stands for an address in this page's forms, so that no other page's serve.
    """

    subject: str
    subject_id: int
    salt: str

    def told(self) -> list[Told]:
        """Return the addresses that are told, in the order in which they are tried."""
        found = told.subscriptions(self.subject, self.subject_id)
        return [
            Told(
                self.token(one.contact.id),
                CHANNELS[one.contact.channel],
                masked(one.contact.channel, told.address(one.contact.id)),
                place == 0,
                one.contact.is_opted_out,
            )
            for place, one in enumerate(found)
        ]

    def send_code(
        self,
        request: HttpRequest,
        typed: Mapping[str, str],
        *,
        stated: Callable[[], str] = str,
        now: datetime,
    ) -> str:
        """Send a code to the ``channel`` and ``address`` of a form; returns the address's token.

        An empty address means the phone that was ``stated``. Raises ``NoChannel``, ``NoAddress``
        and what ``messages.start_confirming`` raises.
        """
        channel = typed.get("channel", "")
        if channel not in CHANNELS:
            raise NoChannel("channel")
        address = _address(channel, typed.get("address", ""), stated)
        return self._start(request, channel, address, now=now)

    def send_again(self, request: HttpRequest, token: str, *, now: datetime) -> str:
        """Send another code to a token's address; raises as ``send_code``, and ``NotFound``."""
        contact_id = self.contact(token)
        channel, address = told.contact(contact_id).channel, told.address(contact_id)
        return self._start(request, channel, address, now=now)

    def _start(self, request: HttpRequest, channel: str, address: str, *, now: datetime) -> str:
        contact_id = messages.start_confirming(
            channel,
            address,
            subject=self.subject,
            subject_id=self.subject_id,
            language=get_language() or "id",
            net_address=remote_address(request),
            actor=actor(request),
            now=now,
        )
        return self.token(contact_id)

    def shown(self, token: str) -> dict[str, Any]:
        """Return what a page about one address says: its token, its channel and its end."""
        contact_id = self.contact(token)
        channel = told.contact(contact_id).channel
        return {
            "token": token,
            "channel": CHANNELS[channel],
            "masked": masked(channel, told.address(contact_id)),
        }

    def token(self, contact_id: int) -> str:
        """Return a contact's id signed, so that nobody looks at others by counting on."""
        return signing.dumps(contact_id, salt=self.salt)

    def contact(self, token: str) -> int:
        """Return the contact of a token; ``NotFound`` if no page gave it or it was forgotten."""
        try:
            contact_id = int(signing.loads(token, salt=self.salt))
        except signing.BadSignature:
            raise NotFound from None
        if not told.address(contact_id):
            raise NotFound
        return contact_id


def _address(channel: str, typed: str, stated: Callable[[], str]) -> str:
    """Return the address as its channel knows it."""
    if channel == "email":
        if not typed.strip():
            raise NoAddress("address")
        return typed
    phone = parse_phone(typed) or stated()
    if not phone:
        raise NoAddress("address")
    return phone.removeprefix("+") if channel == "whatsapp" else phone


def offered() -> list[tuple[str, Any]]:
    """Return the channels that this installation has, with their names."""
    return [(code, name) for code, name in CHANNELS.items() if port(code) is not None]


def masked(channel: str, address: str) -> str:
    """Return enough of an address to know one's own: •••890, s•••@contoh.id."""
    if channel == "email":
        name, _at, host = address.partition("@")
        return f"{name[:1]}•••@{host}"
    return f"•••{address[-3:]}"
