"""A delivery of the provider, cut into events: nothing is lost and nothing raises.

One POST may hold up to 1,000 messages, statuses and notices, over several entries and changes.
What we don't know (a new field, another nesting, broken JSON) becomes an event too: it is kept
and counted, not dropped. Names of people are taken out before anything is stored: a profile name
identifies nobody, and anybody may call themselves anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

UNSUPPORTED = "unsupported"
MESSAGE_KINDS = frozenset(
    {
        *("text", "interactive", "button", "image", "document", "video", "audio", "sticker"),
        *("location", "contacts", "reaction", "order", "system", "edit", "revoke"),
    }
)
STATUS = "status"
PREFERENCE = "preference"
NOTICE = "notice"
NOTICE_FIELDS = frozenset(
    {
        *("account_update", "account_alerts", "account_review_update", "security"),
        *("phone_number_quality_update", "phone_number_name_update"),
        *("business_capability_update", "message_template_status_update"),
        *("message_template_quality_update", "template_category_update"),
    }
)
_EVENT_LISTS = ("messages", "statuses", "user_preferences", "errors")
_KNOWN_IN_VALUE = {"messaging_product", "metadata", "contacts", *_EVENT_LISTS}
_LONGEST_ID = 512  # a wamid has about 60 characters; anything can stand where one is expected


class Event(NamedTuple):
    """One thing that happened.

    ``external_id`` is the same each time the provider tells of it, ``kind`` one of the constants
    above, ``body`` JSON in plain ASCII, and ``speaker`` whoever wrote or chose.
    """

    external_id: str
    kind: str
    body: str
    speaker: str = ""


def parse(body: bytes) -> list[Event]:
    """Return the events of a delivery, in its order; ``[]`` only for no bytes at all.

    Never raises. Statuses have ids of their own, for the same message is sent, delivered and read.
    """
    if not body.strip():
        return []
    try:
        delivery = json.loads(body)
        events = [
            event
            for entry in _objects(delivery, "entry")
            for change in _changes(entry)
            for event in _of_change(change, entry)
        ]
        return events or [_unknown("delivery", delivery)]
    except (ValueError, RecursionError):  # no JSON, or nested deeper than anybody can read
        return [_unknown("unreadable", body.decode("utf-8", "replace"))]


def opaque(message_id: str) -> str:
    """Return the provider's message id in a form that says nothing of anybody.

    A wamid has the phone number in it, in base64 for everybody to read. It has random bytes as
    well, so that its hash can't be guessed from a number.
    """
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:40]


def _of_change(change: Any, entry: Any) -> Iterator[Event]:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict):
        yield _notice(change, entry)
        return
    for message in _list(value.get("messages")):
        yield _of_message(message, value)
    for status in _list(value.get("statuses")):
        yield _of_status(status, value)
    for preference in _list(value.get("user_preferences")):
        who = _contact_of(preference, value)
        kept = {"preference": _without_names(preference), **who}
        yield _event("preference", preference, PREFERENCE, kept)._replace(speaker=_speaker(who))
    for error in _list(value.get("errors")):
        seen = {"error": error, "at": _plain(entry, "time")}
        yield _event("error", seen, NOTICE, {"field": "errors", "value": error})
    rest = {key: part for key, part in value.items() if key not in _KNOWN_IN_VALUE}
    if rest or not any(_list(value.get(key)) for key in _EVENT_LISTS):
        yield _notice({**change, "value": rest}, entry)


def _of_message(message: Any, value: dict[str, Any]) -> Event:
    kind = _plain(message, "type")
    kind = kind if kind in MESSAGE_KINDS else UNSUPPORTED
    who = _contact_of(message, value)
    to = _plain(value.get("metadata"), "phone_number_id")
    kept = {"message": _without_names(message), "to": to, **who}
    event = _event("message", message, kind, kept)._replace(speaker=_speaker(who))
    message_id = _plain(message, "id")
    if message_id and len(message_id) <= _LONGEST_ID:
        return event._replace(external_id=f"message:{opaque(message_id)}")
    return event


def _of_status(status: Any, value: dict[str, Any]) -> Event:
    message_id, name = _plain(status, "id"), _plain(status, "status")
    kept = {"status": _without_names(status), **_contact_of(status, value)}
    if message_id and name and len(message_id) + len(name) <= _LONGEST_ID:
        # Told to a group, each of its members has a status of this message.
        who = _plain(status, "recipient_participant_user_id") or _plain(
            status, "recipient_participant_id"
        )
        return Event(f"status:{opaque(f'{message_id} {name} {who}')}", STATUS, _json(kept))
    return _event("status", status, STATUS, kept)


def _notice(change: Any, entry: Any) -> Event:
    kind = NOTICE if _plain(change, "field") in NOTICE_FIELDS else UNSUPPORTED
    # With the time of the entry: a number may be flagged today and again next month.
    seen = {"change": change, "id": _plain(entry, "id"), "at": _plain(entry, "time")}
    return _event("change", seen, kind, change)


def _contact_of(part: Any, value: dict[str, Any]) -> dict[str, str]:
    """Return the ids of the person whom a message, status or preference is about."""
    user_id = _first(part, "from_user_id", "recipient_user_id", "user_id")
    wa_id = _first(part, "from", "recipient_id", "wa_id")
    contacts = [c for c in _list(value.get("contacts")) if isinstance(c, dict)]
    for contact in contacts:
        theirs, number = _plain(contact, "user_id"), _plain(contact, "wa_id")
        is_theirs = (user_id and theirs == user_id) or (wa_id and number == wa_id)
        if is_theirs or (len(contacts) == 1 and not user_id and not wa_id):
            return {"user_id": user_id or theirs, "wa_id": wa_id or number}
    return {"user_id": user_id, "wa_id": wa_id}


def _speaker(who: dict[str, str]) -> str:
    name = (who["user_id"] or who["wa_id"]).encode("utf-8", "replace").decode()
    return name.replace("\x00", "")


def _without_names(part: Any) -> Any:
    """Return a part without the names in it: profiles, and the prose of a system message."""
    if not isinstance(part, dict):
        return part
    kept = {k: v for k, v in part.items() if k not in {"profile", "username", "referral"}}
    if isinstance(kept.get("system"), dict):
        kept["system"] = {k: v for k, v in kept["system"].items() if k != "body"}
    if isinstance(kept.get("contacts"), list):
        kept["contacts"] = [
            {k: v for k, v in c.items() if k in {"origin", "phones"}}
            for c in kept["contacts"]
            if isinstance(c, dict)
        ]
    return kept


def _changes(entry: Any) -> list[Any]:
    """Return an entry's changes; an entry of another shape is its own one change."""
    changes = _list(entry.get("changes")) if isinstance(entry, dict) else []
    return changes or [entry]


def _objects(delivery: Any, key: str) -> list[Any]:
    return _list(delivery.get(key)) if isinstance(delivery, dict) else []


def _list(part: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty one, and anything else as its only member."""
    if part is None:
        return []
    return part if isinstance(part, list) else [part]


def _first(part: Any, *keys: str) -> str:
    return next((found for key in keys if (found := _plain(part, key))), "")


def _plain(part: Any, key: str) -> str:
    """Return a text or whole number of an object as text, "" for anything else."""
    found = part.get(key) if isinstance(part, dict) else None
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return ""
    return str(found)


def _event(what: str, identity: Any, kind: str, kept: Any) -> Event:
    """Return an event that the provider gave no id: named after what it says."""
    digest = hashlib.sha256(_json(identity).encode()).hexdigest()[:40]
    return Event(f"{what}:{digest}", kind, _json(kept))


def _unknown(what: str, content: Any) -> Event:
    return _event(what, content, UNSUPPORTED, content)


def _json(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
