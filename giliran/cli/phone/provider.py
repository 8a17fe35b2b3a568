"""The provider's memory and rules: who may be written to, when and how often."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from giliran.cli.phone.checks import REQUEST, ApiError, Shown, Templates, check
from giliran.cli.phone.people import Entry, Person

WINDOW = timedelta(hours=24)
SECONDS_BETWEEN = 6.0  # one message to one person, in the long run
BURST = 45  # as many at once, paid back by silence
PER_SECOND = 80
ADDRESS_LIVES = timedelta(minutes=5)
FREE = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service"}
CHARGED = {"billable": True, "pricing_model": "PMP", "type": "regular"}


@dataclass
class StoredMedia:
    content: bytes
    mime: str


Tell = Callable[[dict[str, Any], str], None]


class Provider:
    """One business number and the people who may write to it.

    ``tell(value, field)`` takes what goes to the webhook, ``now`` is the provider's clock.
    """

    def __init__(
        self,
        people: Iterable[Person],
        *,
        templates: Templates,
        tell: Tell,
        now: Callable[[], datetime],
        phone_id: str,
        burst: int = BURST,
    ) -> None:
        self.people = {person.slug: person for person in people}
        self.templates = templates
        self.tell = tell
        self.now = now
        self.phone_id = phone_id
        self.burst = burst
        self.lock = threading.RLock()
        self.media: dict[str, StoredMedia] = {}
        self.addresses: dict[str, tuple[str, datetime]] = {}
        self.refusals: list[ApiError] = []
        self._recent: deque[float] = deque()
        self._serial = itertools.count(1)

    # -- giliran sends ---------------------------------------------------------------------------

    def send(self, message: Any) -> dict[str, Any]:
        """Take a message from giliran and return the API's answer; raises ``ApiError``."""
        with self.lock:
            try:
                shown = check(message, self.templates)
                person, address = self._recipient(message, shown)
                self._keep_pace(person)
            except ApiError as refusal:
                self.refusals.append(refusal)
                raise
            entry = Entry(
                self._wamid(address),
                self.now(),
                ours=True,
                shown=shown,
                note=message.get("biz_opaque_callback_data", ""),
                to_user_id="to" not in message,
            )
            self._deliver(person, address, entry, is_template=message.get("type") == "template")
        key = "user_id" if entry.to_user_id else "wa_id"
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": address, key: address.removeprefix("+")}],
            "messages": [{"id": entry.id}],
        }

    def _recipient(self, message: dict[str, Any], shown: Shown) -> tuple[Person | None, str]:
        to, user_id = message.get("to"), message.get("recipient")
        address = to or user_id
        if not isinstance(address, str) or not address:
            raise ApiError(131008, "to or recipient is required")
        if to and not address.removeprefix("+").isdigit():
            # The real one answers 200 and never delivers. Nobody needs that twice.
            raise ApiError(100, "to must be a phone number; a user id goes in recipient")
        if not to and shown.category == "authentication":
            raise ApiError(131062, "An authentication template needs a phone number")
        wanted = address.removeprefix("+")
        for person in self.people.values():
            if wanted == (person.phone if to else person.user_id):
                return person, address
        return None, address

    def _keep_pace(self, person: Person | None) -> None:
        moment = self.now().timestamp()
        while self._recent and self._recent[0] <= moment - 1:
            self._recent.popleft()
        if len(self._recent) >= PER_SECOND:
            raise ApiError(130429, "Cloud API message throughput has been reached", status=429)
        if person is not None:
            slot = max(person.next_slot, moment)
            if slot - moment > (self.burst - 1) * SECONDS_BETWEEN:
                raise ApiError(131056, "Too many messages to the same person in a short time")
            person.next_slot = slot + SECONDS_BETWEEN
        self._recent.append(moment)

    def _deliver(
        self, person: Person | None, address: str, entry: Entry, *, is_template: bool
    ) -> None:
        is_open = person is not None and self.is_open(person)
        if person is None or not person.has_whatsapp:
            self._fail(person, address, entry, 131026, "Message undeliverable")
        elif not is_template and not is_open:
            details = "More than 24 hours have passed since the recipient last replied"
            self._fail(person, address, entry, 131047, details)
        elif person.stopped and entry.shown.category == "marketing":
            self._fail(person, address, entry, 131050, "Recipient stopped marketing messages")
        else:
            free = entry.shown.category == "service" or is_open
            entry.price = {**(FREE if free else CHARGED), "category": entry.shown.category}
            person.thread.append(entry)
            for status in ("sent", "delivered"):
                self._report(person, entry, status)

    def is_open(self, person: Person) -> bool:
        """Return whether a person wrote within the last 24 hours."""
        return person.heard_at is not None and self.now() - person.heard_at < WINDOW

    def see(self, person: Person) -> None:
        """Let a person look at their chat: what is new counts as read."""
        with self.lock:
            for entry in person.thread:
                if entry.ours and entry.status == "delivered":
                    self._report(person, entry, "read")

    def _report(self, person: Person, entry: Entry, status: str) -> None:
        entry.status = status
        told = {
            "id": entry.id,
            "status": status,
            "timestamp": self._stamp(),
            "recipient_user_id": person.user_id,
            "pricing": entry.price,
        }
        contact = {"user_id": person.user_id}
        if not (entry.to_user_id and person.hides_number):
            told["recipient_id"] = contact["wa_id"] = person.phone
        if entry.note:
            told["biz_opaque_callback_data"] = entry.note
        self.tell({**self._about(), "contacts": [contact], "statuses": [told]}, "messages")

    def _fail(
        self, person: Person | None, address: str, entry: Entry, code: int, details: str
    ) -> None:
        key = "recipient_user_id" if entry.to_user_id else "recipient_id"
        told = {
            "id": entry.id,
            "status": "failed",
            "timestamp": self._stamp(),
            key: address.removeprefix("+"),
            "errors": [{"code": code, "title": details, "error_data": {"details": details}}],
        }
        if entry.note:
            told["biz_opaque_callback_data"] = entry.note
        self.tell({**self._about(), "statuses": [told]}, "messages")

    # -- people write ----------------------------------------------------------------------------

    def write(self, person: Person, text: str) -> None:
        """Let a person write a text."""
        self._say(person, "text", {"body": text}, Shown(text))

    def press(self, person: Person, entry_id: str, choice: str) -> None:
        """Let a person press a button or choose a row below a message that they got."""
        with self.lock:
            entry = next(e for e in person.thread if e.id == entry_id)
            choice_id, title, description = next(c for c in entry.shown.choices if c[0] == choice)
            if choice_id == REQUEST[0]:
                self.share_contact(person)
                return
            context = {"context": {"from": self.phone_id, "id": entry.id}}
            if entry.shown.category != "service":
                content: dict[str, Any] = {"payload": choice_id, "text": title}
                self._say(person, "button", content, Shown(title), **context)
                return
            kind = "list_reply" if entry.shown.list_button else "button_reply"
            reply = {"id": choice_id, "title": title}
            if description:
                reply["description"] = description
            said = {"type": kind, kind: reply}
            self._say(person, "interactive", said, Shown(title), **context)

    def be_at(self, person: Person, latitude: float, longitude: float, name: str) -> None:
        """Let a person send where they are."""
        place = {"latitude": latitude, "longitude": longitude, "name": name}
        self._say(person, "location", place, Shown(name))

    def send_file(self, person: Person, content: bytes, mime: str, caption: str = "") -> str:
        """Let a person send a photo or document; returns its media id."""
        media_id = str(secrets.randbelow(9 * 10**15) + 10**15)
        self.media[media_id] = StoredMedia(content, mime)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        said = {"id": media_id, "mime_type": mime, "sha256": digest}
        if caption:
            said["caption"] = caption
        kind = mime.partition("/")[0] if mime.startswith(("image", "audio", "video")) else ""
        self._say(person, kind or "document", said, Shown(caption or mime))
        return media_id

    def share_contact(self, person: Person, *, was_asked: bool = True) -> None:
        """Let a person press "share contact", or send their own card from the menu."""
        card = {
            "name": {"formatted_name": person.name},
            "phones": [{"phone": f"+{person.phone}", "wa_id": person.phone, "type": "CELL"}],
            "origin": "contact_request" if was_asked else "other",
        }
        self._say(person, "contacts", [card], Shown(f"+{person.phone}"))

    def change_number(self, person: Person, phone: str, user_id: str) -> None:
        """Let a person move to another number: their user id changes with it."""
        with self.lock:
            system = {
                "body": f"User {person.name} changed from {person.phone} to {phone}",
                "type": "user_changed_number",
                "wa_id": phone,
                "user_id": user_id,
                "previous_user_id": person.user_id,
            }
            message = {"from": person.phone, "type": "system", "system": system, **self._new()}
            person.phone, person.user_id = phone, user_id
        self.tell({**self._about(), "messages": [message]}, "messages")

    def prefer(self, person: Person, value: str) -> None:
        """Let a person ``stop`` or ``resume`` marketing messages."""
        person.stopped = value == "stop"
        told = {
            **self._ids(person, "wa_id", "user_id"),
            "category": "marketing_messages",
            "value": value,
            "timestamp": int(self._stamp()),
        }
        about = {**self._about(), "contacts": [self._contact(person)]}
        self.tell({**about, "user_preferences": [told]}, "user_preferences")

    def _say(self, person: Person, kind: str, said: Any, shown: Shown, **more: Any) -> None:
        with self.lock:
            person.heard_at = self.now()
            message = {
                **self._ids(person, "from", "from_user_id"),
                **self._new(person.phone),
                "type": kind,
                kind: said,
                **more,
            }
            person.thread.append(Entry(message["id"], self.now(), ours=False, shown=shown))
            contact = self._contact(person)
            self.tell({**self._about(), "contacts": [contact], "messages": [message]}, "messages")

    # -- media -----------------------------------------------------------------------------------

    def media_address(self, media_id: str, base: str) -> dict[str, Any]:
        """Return where a file can be fetched for five minutes; raises ``ApiError``."""
        stored = self.media.get(media_id)
        if stored is None:
            raise ApiError(100, "Unsupported get request: no object with this id")
        key = secrets.token_urlsafe(16)
        self.addresses[key] = (media_id, self.now() + ADDRESS_LIVES)
        return {
            "messaging_product": "whatsapp",
            "url": f"{base}/media/{key}",
            "mime_type": stored.mime,
            "sha256": hashlib.sha256(stored.content).hexdigest(),
            "file_size": len(stored.content),
            "id": media_id,
        }

    def media_at(self, key: str) -> StoredMedia | None:
        """Return the file at an address, None once its five minutes are over."""
        media_id, until = self.addresses.get(key, ("", None))
        return self.media[media_id] if until is not None and self.now() < until else None

    # -- pieces ----------------------------------------------------------------------------------

    def _about(self) -> dict[str, Any]:
        metadata = {"display_phone_number": "622150081500", "phone_number_id": self.phone_id}
        return {"messaging_product": "whatsapp", "metadata": metadata}

    def _contact(self, person: Person) -> dict[str, Any]:
        return {"profile": {"name": person.name}, **self._ids(person, "wa_id", "user_id")}

    def _ids(self, person: Person, number: str, user_id: str) -> dict[str, str]:
        ids = {user_id: person.user_id}
        return ids if person.hides_number else {number: person.phone, **ids}

    def _new(self, phone: str = "") -> dict[str, str]:
        return {"id": self._wamid(phone), "timestamp": self._stamp()}

    def _stamp(self) -> str:
        return str(int(self.now().timestamp()))

    def _wamid(self, address: str) -> str:
        inside = f"{address} {next(self._serial)} {secrets.token_hex(8)}"
        return "wamid." + base64.b64encode(inside.encode()).decode()
