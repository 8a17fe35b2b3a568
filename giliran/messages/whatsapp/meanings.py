"""What an event of the inbox can mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from giliran.messages.whatsapp.errors import Handling
from giliran.messages.whatsapp.pricing import Pricing


class Person(NamedTuple):
    """Somebody on WhatsApp.

    ``address`` is their business-scoped user id where the provider tells it, else their WhatsApp
    number: by it they are known and written to. ``phone`` is E.164, or "" where they hide it.
    """

    address: str
    phone: str = ""


class File(NamedTuple):
    """A file they sent, to be fetched at once: see ``client.fetch_media``."""

    media_id: str
    mime: str = ""
    sha256: str = ""
    name: str = ""


class Heard(NamedTuple):
    """What somebody said.

    ``choice`` is the id of a button or row that we offered, ``place`` latitude and longitude,
    ``form`` what they filled in, and ``shared_phone`` E.164 where they pressed "share contact"
    (the provider vouches for that one, not for a card that anybody may forward). All are empty
    when it was something that can't be read: then they are told so.
    """

    person: Person
    at: datetime | None
    kind: str
    text: str = ""
    choice: str = ""
    place: tuple[float, float] | None = None
    file: File | None = None
    form: Mapping[str, Any] | None = None
    shared_phone: str = ""
    message_id: str = ""


class Status(NamedTuple):
    """How far a message of ours came: sent, delivered, read or failed.

    ``provider_id`` is what ``client.send`` returned, ``reference`` what we gave along. ``person``
    tells the user id that belongs to a phone number we wrote to.
    """

    provider_id: str
    status: str
    at: datetime | None
    person: Person | None = None
    reference: str = ""
    code: int = 0
    error: str = ""
    handling: Handling | None = None
    pricing: Pricing | None = None


class Preference(NamedTuple):
    """Somebody stopped or resumed a category of messages (so far only marketing)."""

    person: Person
    category: str
    wants: bool
    at: datetime | None


class Moved(NamedTuple):
    """Somebody has another number or user id now; the provider vouches that they are the same."""

    before: str
    before_phone: str
    person: Person
    at: datetime | None


class Notice(NamedTuple):
    """Something about our account, number or templates; ``alarm`` when somebody must act."""

    field: str
    alarm: bool
    summary: str


class Ignored(NamedTuple):
    """An event that asks nothing of us, with the reason."""

    reason: str


Meaning = Heard | Status | Preference | Moved | Notice | Ignored
