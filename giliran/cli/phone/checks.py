"""What a message must look like, by Meta's documentation of the Cloud API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

ROWS = 10
REFERENCE = 512
TOP = {
    *("messaging_product", "recipient_type", "to", "recipient", "type", "context"),
    *("text", "interactive", "template", "biz_opaque_callback_data"),
}


class ApiError(Exception):
    """The provider refuses a request, with its code, words and HTTP status."""

    def __init__(self, code: int, details: str, *, status: int = 400) -> None:
        self.code = code
        self.details = details
        self.status = status
        super().__init__(f"({code}) {details}")


class Template(NamedTuple):
    """An approved template: its text with places {{1}}, {{2}} and so on, and its buttons."""

    text: str
    buttons: tuple[str, ...] = ()
    category: str = "utility"

    @property
    def places(self) -> int:
        return len(set(re.findall(r"\{\{\d+\}\}", self.text)))


Templates = Mapping[tuple[str, str], Template]


def registered(stated: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Template]:
    """Return templates as they are stated when they are registered with the provider."""
    templates = {}
    for one in stated:
        parts = {component["type"]: component for component in one["components"]}
        category = one["category"].lower()
        if category == "authentication":
            template = Template(_CODE_IS[one["language"]], category=category)
        else:
            buttons = parts.get("BUTTONS", {}).get("buttons", [])
            titles = tuple(button["text"] for button in buttons)
            template = Template(parts["BODY"]["text"], titles, category)
        templates[one["name"], one["language"]] = template
    return templates


_CODE_IS = {
    "id": "{{1}} adalah kode verifikasi Anda. Demi keamanan, jangan bagikan kode ini.",
    "en": "{{1}} is your verification code. For your security, do not share this code.",
}


REQUEST = ("request_contact_info", "Bagikan info kontak", "")
"""The provider's own button, as a phone shows it."""


class Shown(NamedTuple):
    """A message as it appears on a phone. ``choices`` are (id, title, description)."""

    text: str
    choices: tuple[tuple[str, str, str], ...] = ()
    list_button: str = ""
    category: str = "service"


def check(message: Any, templates: Templates) -> Shown:
    """Return how a message will look; raises ``ApiError`` for anything but a correct one."""
    need(isinstance(message, dict), "The body must be a JSON object")
    unknown = sorted(set(message) - TOP)
    need(not unknown, f"Unexpected key {unknown[0] if unknown else ''!r}")
    need(message.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp")
    need(message.get("recipient_type", "individual") == "individual", "recipient_type is wrong")
    note = message.get("biz_opaque_callback_data", "")
    need(isinstance(note, str) and len(note) <= REFERENCE, "biz_opaque_callback_data: 512")
    kind = message.get("type", "text")
    if kind not in {"text", "interactive", "template"}:
        raise ApiError(131051, f"Unsupported message type {kind!r}")
    content = message.get(kind)
    if not isinstance(content, dict):
        raise ApiError(131008, f"Parameter {kind} is required")
    if kind == "text":
        need(set(content) <= {"body", "preview_url"}, "text has body and preview_url")
        return Shown(words(content, "body", 4096))
    return _interactive(content) if kind == "interactive" else _template(content, templates)


def need(holds: bool, details: str) -> None:
    """Raise error 100, the wrong parameter, unless a condition holds."""
    if not holds:
        raise ApiError(100, details)


def words(part: Any, key: str, at_most: int) -> str:
    """Return a required text of limited length."""
    found = part.get(key) if isinstance(part, dict) else None
    if not isinstance(found, str) or not found.strip():
        raise ApiError(131008, f"{key} is required")
    need(len(found) <= at_most, f"{key} has {len(found)} characters, at most {at_most}")
    return found


def _interactive(content: dict[str, Any]) -> Shown:
    kind, action = content.get("type"), content.get("action")
    text = words(content.get("body"), "text", 1024)
    if kind == "request_contact_info":
        need(action == {"name": "request_contact_info"}, "action.name is wrong")
        return Shown(text, (REQUEST,))
    if kind == "button":
        choices = [_button(button) for button in _members(action, "buttons", 3)]
        _told_apart(choices)
        return Shown(text, tuple(choices))
    if kind == "list":
        label = words(action, "button", 20)
        sections = _members(action, "sections", ROWS)
        for section in sections:
            if len(sections) > 1:
                words(section, "title", 24)
        choices = [_row(row) for section in sections for row in _members(section, "rows", ROWS)]
        need(len(choices) <= ROWS, f"{len(choices)} rows, at most {ROWS} in all sections")
        _told_apart(choices)
        return Shown(text, tuple(choices), label)
    raise ApiError(100, f"interactive.type {kind!r} is not one of button, list")


def _button(button: Any) -> tuple[str, str, str]:
    need(isinstance(button, dict) and button.get("type") == "reply", "button.type must be reply")
    reply = button.get("reply")
    return words(reply, "id", 256), words(reply, "title", 20), ""


def _row(row: Any) -> tuple[str, str, str]:
    need(isinstance(row, dict), "a row must be an object")
    need(set(row) <= {"id", "title", "description"}, "a row has id, title and description")
    description = words(row, "description", 72) if "description" in row else ""
    return words(row, "id", 200), words(row, "title", 24), description


def _members(part: Any, key: str, at_most: int) -> list[Any]:
    found = part.get(key) if isinstance(part, dict) else None
    if not isinstance(found, list) or not found:
        raise ApiError(131008, f"{key} is required")
    need(len(found) <= at_most, f"{key} has {len(found)} members, at most {at_most}")
    return found


def _told_apart(choices: list[tuple[str, str, str]]) -> None:
    ids, titles = {c[0] for c in choices}, {c[1] for c in choices}
    need(len(ids) == len(choices), "ids must be unique")
    need(len(titles) == len(choices), "titles must be unique")


def _template(content: dict[str, Any], templates: Templates) -> Shown:
    name = content.get("name")
    language = content.get("language")
    code = language.get("code") if isinstance(language, dict) else None
    template = templates.get((str(name), str(code)))
    if template is None:
        raise ApiError(132001, f"template name ({name}) does not exist in {code}", status=404)
    text, ids = template.text, list(template.buttons)
    filled: list[str] = []
    for component in content.get("components", []):
        kind = component.get("type") if isinstance(component, dict) else None
        if kind == "body":
            filled = [_parameter(parameter) for parameter in component.get("parameters", [])]
        elif kind == "button":
            _fill_button(component, template, ids, filled)
        else:
            raise ApiError(100, f"component type {kind!r} is not known here")
    if len(filled) != template.places:
        raise ApiError(
            132000, f"body: {len(filled)} parameters, the template expects {template.places}"
        )
    if template.category == "authentication":
        need(filled[0].startswith("*"), "the copy button is missing")
    for place, value in enumerate(filled, 1):
        text = text.replace(f"{{{{{place}}}}}", value)
    choices = tuple((i, title, "") for i, title in zip(ids, template.buttons, strict=True))
    return Shown(text, choices, category=template.category)


def _fill_button(
    component: dict[str, Any], template: Template, ids: list[str], filled: list[str]
) -> None:
    index = int(component.get("index", -1))
    (given,) = component["parameters"]
    if template.category == "authentication":
        need((component.get("sub_type"), index) == ("url", 0), "a code has one button of kind url")
        need(words(given, "text", 15) == filled[0], "the button must copy the code of the text")
        filled[0] = f"*{filled[0]}*"
        return
    need(component.get("sub_type") == "quick_reply", "sub_type must be quick_reply")
    need(0 <= index < len(ids), f"the template has no button {index}")
    ids[index] = words(given, "payload", 256)


def _parameter(parameter: Any) -> str:
    need(isinstance(parameter, dict) and parameter.get("type") == "text", "only text parameters")
    value = words(parameter, "text", 1024)
    if re.search(r"[\n\t]| {5}", value):
        raise ApiError(132012, "A parameter has no line breaks, tabs or more than 4 spaces")
    return value
