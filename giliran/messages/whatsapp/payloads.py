"""A wording as the provider wants it: text, buttons, a list, or a template.

Limits of the Cloud API, each checked by the stand-in as well: a text has at most 4,096 characters;
with buttons or a list 1,024; 3 buttons of 20 characters; 10 rows of 24 with a description of 72.
What doesn't fit is written out as numbered lines, which everybody can answer with a number.
"""

from __future__ import annotations

import re
from typing import Any

from giliran.messages.ports import Outgoing
from giliran.messages.wording import Wording

TEXT, BODY = 4096, 1024
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_DESCRIPTION, ROW_ID, LIST_BUTTON = 10, 24, 72, 200, 20
PARAMETER = 1024
REFERENCE = 512
CODE_TEMPLATE = "code"  # of category authentication: the provider's own words, and a copy button
SHARE_PHONE = "share_phone"
"""The id of a choice that asks for the telephone number: alone, it is the provider's own button."""
_LIST_BUTTON_LABEL = {"id": "Pilih", "en": "Choose"}
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def is_user_id(address: str) -> bool:
    """Return whether an address is a business-scoped user id rather than a number."""
    return _USER_ID.fullmatch(address) is not None


def payload(outgoing: Outgoing) -> dict[str, Any] | None:
    """Return the JSON body of one message, or None if nothing may be sent: the window is closed.

    Outside the 24 hours only a template may go, so a wording without one has no payload.
    """
    wording = outgoing.wording
    if outgoing.in_window:
        content = free(wording, outgoing.language)
    elif wording.template:
        content = {"type": "template", "template": _template(wording, outgoing.language)}
    else:
        return None
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(outgoing.address),
        **content,
        "biz_opaque_callback_data": outgoing.reference[:REFERENCE],
    }


def recipient(address: str) -> dict[str, str]:
    """Return the field that names the recipient.

    A user id in ``to`` is answered 200 and never delivered: the provider reads its digits as a
    number.
    """
    if is_user_id(address):
        return {"recipient": address}
    return {"to": address.removeprefix("+")}


def free(wording: Wording, language: str) -> dict[str, Any]:
    """Return a free message: plain, with buttons or with a list, whatever its choices fit in."""
    choices = wording.choices
    if [choice_id for choice_id, _ in choices] == [SHARE_PHONE] and len(wording.text) <= BODY:
        return _interactive("request_contact_info", wording.text, {"name": "request_contact_info"})
    if choices and len(wording.text) <= BODY and _are_told_apart(choices):
        if len(choices) <= BUTTONS and all(_fits_button(*choice) for choice in choices):
            return _interactive("button", wording.text, _buttons(choices))
        if len(choices) <= ROWS and all(_fits_row(*choice) for choice in choices):
            return _interactive("list", wording.text, _rows(choices, language))
    return {"type": "text", "text": {"body": numbered(wording)[:TEXT], "preview_url": False}}


def numbered(wording: Wording) -> str:
    """Return the text with its choices as numbered lines below."""
    lines = [f"{number}. {label}" for number, (_, label) in enumerate(wording.choices, 1)]
    return "\n".join([wording.text, "", *lines]) if lines else wording.text


def _interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": text}, "action": action},
    }


def _buttons(choices: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    replies = [{"id": choice_id, "title": label} for choice_id, label in choices]
    return {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}


def _rows(choices: tuple[tuple[str, str], ...], language: str) -> dict[str, Any]:
    rows = [{"id": choice_id, **_titled(label)} for choice_id, label in choices]
    label = _LIST_BUTTON_LABEL.get(language, _LIST_BUTTON_LABEL["id"])
    return {"button": label, "sections": [{"rows": rows}]}


def _titled(label: str) -> dict[str, str]:
    """Return a row's title, and below it how the label goes on where it has no room for it."""
    if len(label) <= ROW_TITLE:
        return {"title": label}
    bracket = label.find(" (")
    space = bracket if 0 < bracket <= ROW_TITLE else label.rfind(" ", 0, ROW_TITLE + 1)
    if len(label[:space].split()) > 1:
        return {"title": label[:space].rstrip(), "description": label[space:].strip()}
    return {"title": label[: ROW_TITLE - 1] + "…", "description": label}


def _fits_button(choice_id: str, label: str) -> bool:
    return bool(label.strip()) and len(label) <= BUTTON_TITLE and 0 < len(choice_id) <= BUTTON_ID


def _fits_row(choice_id: str, label: str) -> bool:
    return bool(label.strip()) and len(label) <= ROW_DESCRIPTION and 0 < len(choice_id) <= ROW_ID


def _are_told_apart(choices: tuple[tuple[str, str], ...]) -> bool:
    """Return whether no two choices look or answer the same: the provider refuses those."""
    ids, titles = {i for i, _ in choices}, {_titled(label)["title"] for _, label in choices}
    return len(ids) == len(titles) == len(choices)


def _template(wording: Wording, language: str) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    if wording.parameters:
        filled = [{"type": "text", "text": parameter(p)} for p in wording.parameters]
        components.append({"type": "body", "parameters": filled})
    if wording.template == CODE_TEMPLATE:
        code = {"type": "text", "text": wording.parameters[0]}
        components.append(_button_component("url", 0, code))
    for index, (choice_id, _) in enumerate(wording.choices):
        payload_ = {"type": "payload", "payload": choice_id}
        components.append(_button_component("quick_reply", index, payload_))
    stated: dict[str, Any] = {"name": wording.template, "language": {"code": language}}
    return {**stated, "components": components} if components else stated


def _button_component(kind: str, index: int, parameter_: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "button",
        "sub_type": kind,
        "index": str(index),
        "parameters": [parameter_],
    }


def parameter(text: str) -> str:
    """Return a text that may fill a template's place: one line, never empty, single spaces."""
    return " ".join(text.split())[:PARAMETER] or "-"
