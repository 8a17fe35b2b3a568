"""Short messages without an operator: takes them as Kannel's smsbox does, and hands over to it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

from giliran.cli.phone.checks import Shown
from giliran.cli.phone.people import Entry, Person

Get = Callable[[str], None]
"""Asks for an address, soon, until it is answered 200."""
SINGLE, JOINED = {"0": 160, "2": 70}, {"0": 153, "2": 67}


class Operator:
    """One short number. ``get`` calls giliran; ``inbound`` is where it listens."""

    def __init__(
        self,
        people: Iterable[Person],
        *,
        get: Get,
        inbound: str,
        secret: str,
        password: str,
        now: Callable[[], datetime],
    ) -> None:
        self.people = {f"+{person.phone}": person for person in people}
        self.get = get
        self.inbound = inbound
        self.secret = secret
        self.password = password
        self.now = now
        self._serial = itertools.count(1)

    def write(self, person: Person, text: str) -> None:
        """Let a person send a text to our number."""
        serial = next(self._serial)
        person.sms.append(Entry(str(serial), self.now(), ours=False, shown=Shown(text)))
        asked = {
            "dari": f"+{person.phone}",
            "ke": "175",
            "id": f"{self.now():%Y%m%d%H%M%S}-{serial}",
            "huruf": "UTF-8",
            "rahasia": self.secret,
        }
        self.get(f"{self.inbound}?{urlencode(asked)}&isi={quote_from_bytes(text.encode())}")

    def send(self, headers: Mapping[str, str], text: str) -> tuple[int, str]:
        """Take a text from giliran; returns HTTP status and words, as smsbox does."""
        if headers.get("HTTP_X_KANNEL_PASSWORD") != self.password:
            return 403, "Authorization failed for sendsms"
        to = headers.get("HTTP_X_KANNEL_TO", "")
        if not re.fullmatch(r"\+\d{6,15}", to):
            return 400, "Empty receiver number not allowed, rejected"
        person = self.people.get(to)
        report = headers.get("HTTP_X_KANNEL_DLR_URL", "")
        if person is not None:
            note = f"{_parts(text, headers.get('HTTP_X_KANNEL_CODING', '0'))} SMS"
            serial = str(next(self._serial))
            entry = Entry(serial, self.now(), ours=True, shown=Shown(text), note=note)
            person.sms.append(entry)
        if report:
            status = "1" if person is not None else "2"
            self.get(report.replace("%d", status).replace("%A", ""))
        return 202, "0: Accepted for delivery"


def _parts(text: str, coding: str) -> int:
    """Return how many parts a text needs: GSM-7 letters (some count twice), or UCS-2 units."""
    if coding == "2":
        units = len(text.encode("utf-16-le")) // 2
    else:
        units = len(text) + sum(text.count(letter) for letter in "^{}\\[~]|€")
    return 1 if units <= SINGLE[coding] else -(-units // JOINED[coding])


def asked(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a request to smsbox."""
    return {key: str(value) for key, value in environ.items() if key.startswith("HTTP_X_KANNEL")}
