"""What a deed or a source may know: whose conversation it is, when, and how to say something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import yaml

from giliran.conversations.models import Conversation
from giliran.core.conversation import MOUTHS, Mouth, Script, read_script
from giliran.encryption import blind_name
from giliran.messages import queries as messages
from giliran.messages.site import site
from giliran.rules.reading import YAML_LOADER

FILE = Path(__file__).with_name("dialogue.yaml")


@cache
def script() -> Script:
    """Give the conversation that ships with this program.

    Raises:
        ScriptError: something in the file is missing, unknown or leads nowhere.

    """
    found = yaml.load(FILE.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe one
    return read_script(found)


class Speaker(NamedTuple):
    """Who speaks. ``key`` is the address or session that names them on their channel.

    ``contact_id``: messages knows that they read what is sent there. ``officer_id``: an officer
    speaks for somebody. ``phone`` is E.164 where the channel knows it, ``address`` the net address
    of a browser, ``site`` where these pages are in it.
    """

    channel: str
    key: str
    contact_id: int | None = None
    officer_id: int | None = None
    language: str = "id"
    phone: str = ""
    address: str = ""
    site: str = ""


class World(NamedTuple):
    """One message's surroundings."""

    conversation: Conversation
    speaker: Speaker
    now: datetime

    @property
    def mouth(self) -> Mouth:
        return MOUTHS[self.conversation.channel]

    @property
    def actor(self) -> str:
        """Whoever acts, as the journal writes it."""
        officer_id = self.conversation.officer_id
        return f"officer:{officer_id}" if officer_id else "citizen"

    @property
    def phone(self) -> str:
        """The number that the channel itself vouches for; empty where it doesn't."""
        contact_id = self.conversation.contact_id
        if self.speaker.phone or contact_id is None:
            is_number = self.speaker.channel == "ussd"
            return self.speaker.phone or (self.speaker.key if is_number else "")
        return messages.phone(contact_id)

    def request_key(self) -> UUID:
        """Name what this message asks for: heard again, it asks for the same.

        Keyed: whoever reckoned the name from two numbers would be given what it made.
        """
        heard = f"{self.conversation.id} {self.conversation.heard}"
        return UUID(blind_name("requests of conversations", heard)[:32])

    def page(self, path: str) -> str:
        """Return the whole address of a page."""
        return f"{self.speaker.site.rstrip('/') or site()}{path}"

    def say(self, name: str, language: str, **fill: str) -> str:
        """Return a sentence of the definition, filled; the short one where letters cost money."""
        text = script().says[name].spoken(language, short=self.mouth.is_short)
        text = text.format_map(_Places(fill))
        # An empty place leaves its spaces behind.
        return text.replace("  ", " ").replace(" \n", "\n").strip()


class _Places(dict[str, str]):
    def __init__(self, fill: Mapping[str, str]) -> None:
        super().__init__(fill)

    def __missing__(self, key: str) -> str:
        return ""
