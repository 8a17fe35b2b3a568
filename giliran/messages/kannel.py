"""SMS through Kannel's smsbox: its sendsms address, by POST so that no log holds a number.

GILIRAN_KANNEL_URL, _USER, _PASSWORD: the address and a sendsms-user of kannel.conf.
GILIRAN_KANNEL_REPORTS: where Kannel reaches /chat/sms/laporan/ of this server; empty: no reports.
GILIRAN_KANNEL_PRICE: rupiah for one part of a message (default 0).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from decimal import Decimal
from functools import lru_cache

import httpx

from giliran.core import sms
from giliran.encryption import derived_key
from giliran.messages.ports import Outgoing, Policy, Refused, Sent

TIMEOUT = httpx.Timeout(20, connect=5)
REPORTS_WANTED = "31"  # delivered, failed, queued, accepted, rejected (user guide, dlr-mask)


class Kannel:
    """One smsbox. Keeps a connection open; may be shared by threads."""

    def __init__(
        self, url: str, *, user: str, password: str, reports: str = "", price: Decimal = Decimal(0)
    ) -> None:
        self._url = url
        self._user = user
        self._password = password
        self._reports = reports
        self._price = price
        self._client = httpx.Client(timeout=TIMEOUT, trust_env=False)

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand a text to smsbox; the cost is that of its parts. Raises ``Refused``."""
        text = words(outgoing)
        size = sms.size(text)
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self._user,
            "X-Kannel-Password": self._password,
            "X-Kannel-To": outgoing.address,
            "X-Kannel-Coding": "2" if size.coding == "ucs2" else "0",
        }
        if self._reports:
            headers["X-Kannel-DLR-Mask"] = REPORTS_WANTED
            headers["X-Kannel-DLR-Url"] = self._report_url(outgoing.reference)
        try:
            answer = self._client.post(self._url, content=text.encode(), headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Refused("unreachable", type(error).__name__, Policy.RETRY) from None
        except httpx.HTTPError as error:
            raise Refused("no_answer", type(error).__name__, Policy.UNKNOWN) from None
        if answer.status_code == httpx.codes.ACCEPTED:
            return Sent("", self._price * size.parts)
        sentence = answer.text.strip()[:150]
        raise Refused(str(answer.status_code), sentence, _policy(answer.status_code))

    def _report_url(self, reference: str) -> str:
        signed = f"tanda={reference}.{signature(reference)}"
        return f"{self._reports}?{signed}&hasil=%d&ket=%A"


def _policy(status: int) -> Policy:
    if status == httpx.codes.BAD_REQUEST:
        return Policy.NEXT_CHANNEL  # this number can't be sent to
    # Overloaded, shutting down, a wrong password, a wrong address: none of them took the message.
    return Policy.RETRY


def words(outgoing: Outgoing) -> str:
    """Return what the SMS says, in the network's letters; choices that it lacks as lines."""
    wording = outgoing.wording
    said = wording.short or wording.text
    lines = [f"{place}. {label}" for place, (_, label) in enumerate(wording.choices, 1)]
    # A short wording may name its choices itself: "Balas 1 ya, 2 batal".
    if wording.short and wording.short != wording.text:
        lines = []
    return sms.fold("\n".join([said, *lines]))


def signature(reference: str) -> str:
    """Return what proves that a report's address was made here."""
    made = hmac.new(derived_key("sms reports"), reference.encode(), hashlib.sha256)
    return made.hexdigest()[:32]


def reference_of(signed: str) -> str | None:
    """Return the reference of a signed one, or None if it isn't ours."""
    reference, _, claimed = signed.partition(".")
    is_ours = hmac.compare_digest(claimed.encode(), signature(reference).encode())
    return reference if is_ours else None


def from_environment() -> Kannel | None:
    """Return the smsbox that the environment names, or None."""
    url = os.environ.get("GILIRAN_KANNEL_URL", "")
    if not url:
        return None
    return _kannel(
        url,
        os.environ.get("GILIRAN_KANNEL_USER", ""),
        os.environ.get("GILIRAN_KANNEL_PASSWORD", ""),
        os.environ.get("GILIRAN_KANNEL_REPORTS", ""),
        os.environ.get("GILIRAN_KANNEL_PRICE", "0"),
    )


@lru_cache
def _kannel(url: str, user: str, password: str, reports: str, price: str) -> Kannel:
    return Kannel(url, user=user, password=password, reports=reports, price=Decimal(price))
