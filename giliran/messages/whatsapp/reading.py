"""What one event of the inbox means: somebody said something, a message arrived, a wish, a notice.

Pure and total: every event that ``parsing`` made can be read, whatever is in it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from giliran.messages.whatsapp import errors, parsing
from giliran.messages.whatsapp.meanings import (
    File,
    Heard,
    Ignored,
    Meaning,
    Moved,
    Notice,
    Person,
    Preference,
    Status,
)
from giliran.messages.whatsapp.pricing import pricing

__all__ = [
    "File",
    "Heard",
    "Ignored",
    "Meaning",
    "Moved",
    "Notice",
    "Person",
    "Preference",
    "Status",
    "read",
]

STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read"}
_MEDIA = frozenset({"image", "document", "video", "audio", "sticker"})
_NO_TURN_TO_ANSWER = frozenset({"reaction", "edit", "revoke"})
_BAD_NOTICES = {
    *("REJECTED", "PAUSED", "DISABLED", "FLAGGED", "DOWNGRADE", "RESTRICTED"),
    *("DISABLED_UPDATE", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "ACCOUNT_DELETED"),
    *("LOW", "RED", "MARKETING"),  # a reminder counted as marketing costs more and may be held
}


class Received(Protocol):
    """An event as the inbox hands it out."""

    @property
    def external_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> str: ...


def read(event: Received) -> Meaning:
    """Return what an event means; never raises for one that ``parsing.parse`` returned."""
    try:
        content = json.loads(event.body)
    except RecursionError:
        return Ignored("nested too deeply")
    if event.external_id.startswith("message:"):
        return _message(event.kind, content)
    if event.kind == parsing.STATUS:
        return _status(content)
    if event.kind == parsing.PREFERENCE:
        return _preference(content)
    if event.kind == parsing.NOTICE:
        return _notice(content)
    return Ignored("unknown")


def _message(kind: str, content: Any) -> Heard | Moved | Ignored:
    message = _object(content, "message")
    person = _person(content)
    if kind == "system":
        return _moved(message)
    if kind in _NO_TURN_TO_ANSWER:
        return Ignored(kind)
    if person is None:
        return Ignored("nobody")
    if _text(message, "group_id"):
        return Ignored("group")
    heard = Heard(person, _moment(message), kind, message_id=_text(message, "id"))
    return _READERS.get(kind, _as_it_is)(heard, message)


def _as_it_is(heard: Heard, message: Any) -> Heard:
    """Return what can't be read: they wrote, and are told what we understand."""
    return heard


def _written(heard: Heard, message: Any) -> Heard:
    return heard._replace(text=_text(_object(message, "text"), "body"))


def _pressed(heard: Heard, message: Any) -> Heard:
    """Read a button below a template; its payload is the id that we gave when we sent it."""
    button = _object(message, "button")
    return heard._replace(text=_text(button, "text"), choice=_text(button, "payload"))


def _chosen(heard: Heard, message: Any) -> Heard:
    said = _object(message, "interactive")
    for kind in ("button_reply", "list_reply"):
        if reply := _object(said, kind):
            return heard._replace(text=_text(reply, "title"), choice=_text(reply, "id"))
    filled = _text(_object(said, "nfm_reply"), "response_json")
    try:
        form = json.loads(filled) if filled else None
    except (ValueError, RecursionError):
        form = None
    return heard._replace(form=form) if isinstance(form, dict) else heard


def _with_file(heard: Heard, message: Any) -> Heard:
    stated = _object(message, heard.kind)
    media_id = _text(stated, "id")
    if not media_id:
        return heard
    file = File(
        media_id, _text(stated, "mime_type"), _text(stated, "sha256"), _text(stated, "filename")
    )
    return heard._replace(file=file, text=_text(stated, "caption"))


def _there(heard: Heard, message: Any) -> Heard:
    return heard._replace(place=_place(_object(message, "location")))


def _shared(heard: Heard, message: Any) -> Heard:
    return heard._replace(shared_phone=_shared_phone(message))


def _place(stated: Any) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(stated["latitude"]), float(stated["longitude"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004


def _shared_phone(message: Any) -> str:
    cards = message.get("contacts") if isinstance(message, dict) else None
    for card in cards if isinstance(cards, list) else []:
        if _text(card, "origin") != "contact_request":
            continue
        phones = card.get("phones")
        for phone in phones if isinstance(phones, list) else []:
            if number := _e164(_text(phone, "wa_id") or _text(phone, "phone")):
                return number
    return ""


_READERS: dict[str, Callable[[Heard, Any], Heard]] = {
    "text": _written,
    "button": _pressed,
    "interactive": _chosen,
    "location": _there,
    "contacts": _shared,
    **dict.fromkeys(_MEDIA, _with_file),
}


def _moved(message: Any) -> Moved | Ignored:
    system = _object(message, "system")
    if _text(system, "type") not in {"user_changed_number", "user_changed_user_id"}:
        return Ignored("system")
    was = _text(message, "from")
    before = _text(system, "previous_user_id") or was or _text(message, "from_user_id")
    # The number in force was called new_wa_id until version 12 of the API.
    number = _text(system, "wa_id") or _text(system, "new_wa_id")
    address = _text(system, "user_id") or number
    if not before or not address or before == address:
        return Ignored("system")
    return Moved(before, _e164(was), Person(address, _e164(number)), _moment(message))


def _status(content: Any) -> Status | Ignored:
    status = _object(content, "status")
    name, message_id = _text(status, "status"), _text(status, "id")
    if not message_id or name not in {*STATUSES, "failed"}:
        return Ignored("status")
    told = Status(
        provider_id=parsing.opaque(message_id),
        status=STATUSES.get(name, name),
        at=_moment(status),
        person=_person(content),
        reference=_text(status, "biz_opaque_callback_data"),
        pricing=pricing(status.get("pricing")),
    )
    if name != "failed":
        return told
    code, said = _first_error(status)
    return told._replace(code=code, error=said, handling=errors.handling(code))


def _first_error(part: Any) -> tuple[int, str]:
    """Return the code and the words of the first of a part's ``errors``; (-1, "") without one."""
    stated = part.get("errors") if isinstance(part, dict) else None
    for error in stated if isinstance(stated, list) else []:
        code = error.get("code") if isinstance(error, dict) else None
        if isinstance(code, int):
            details = _text(_object(error, "error_data"), "details")
            said = details or _text(error, "title") or _text(error, "message")
            return code, errors.words(said)
    return -1, ""


def _preference(content: Any) -> Preference | Ignored:
    stated = _object(content, "preference")
    person, value = _person(content), _text(stated, "value")
    if person is None or value not in {"stop", "resume"}:
        return Ignored("preference")
    return Preference(person, _text(stated, "category"), value == "resume", _moment(stated))


def _notice(content: Any) -> Notice:
    field, value = _text(content, "field"), _object(content, "value")
    words = [
        _text(value, key)
        for key in (
            *("event", "message_template_name", "message_template_language", "reason"),
            "new_category",
            *("current_limit", "new_quality_score", "alert_severity", "alert_type"),
            *("title", "message"),
        )
    ]
    code = value.get("code") if isinstance(value, dict) else None
    is_bad = bool(_BAD_NOTICES.intersection(words)) or field in {"account_alerts", "security"}
    if field == "errors":
        is_bad = errors.handling(code).alarm if isinstance(code, int) else True
        words.insert(0, str(code))
    return Notice(field, is_bad, " ".join(word for word in words if word))


def _person(content: Any) -> Person | None:
    user_id, wa_id = _text(content, "user_id"), _text(content, "wa_id")
    phone = _e164(wa_id)
    # With a user name, `from` may hold the user id instead of a number.
    address = user_id or wa_id
    return Person(address, phone) if address else None


def _e164(number: str) -> str:
    digits = number.removeprefix("+").replace(" ", "").replace("-", "")
    is_number = digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15  # noqa: PLR2004
    return f"+{digits}" if is_number else ""


def _moment(part: Any) -> datetime | None:
    """Return when it happened, in UTC; None where the provider states no sensible time."""
    try:
        return datetime.fromtimestamp(int(_text(part, "timestamp")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _object(part: Any, key: str) -> Any:
    found = part.get(key) if isinstance(part, dict) else None
    return found if isinstance(found, dict) else {}


def _text(part: Any, key: str) -> str:
    """Return a text or whole number as text that a database takes; "" for anything else."""
    found = part.get(key) if isinstance(part, dict) else None
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return ""
    # Half a surrogate pair and NUL can be written in JSON, but not in UTF-8 or PostgreSQL.
    whole = str(found).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")
