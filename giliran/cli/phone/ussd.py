"""A gateway for *175#: menus of a session, for telephones that can do nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from giliran.cli.phone.people import Person

CODE = "*175#"
LETTERS = 182  # on one screen
NO_ANSWER = "END Layanan sedang tidak dapat dihubungi."
Ask = Callable[[dict[str, str]], str]
"""Posts a form to giliran and returns its answer, "" where there is none."""


@dataclass
class Session:
    """What a person sees now. ``typed`` is all that they keyed in so far."""

    session_id: str = ""
    typed: list[str] = field(default_factory=list)
    screen: str = ""
    is_open: bool = False


class Gateway:
    """Keeps a session for each telephone; giliran is told all that was typed, each time."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.sessions: dict[str, Session] = {}

    def session(self, person: Person) -> Session:
        """Return a person's session, a closed one where they never dialled."""
        return self.sessions.setdefault(person.slug, Session())

    def dial(self, person: Person) -> None:
        """Let a person dial our code."""
        self.sessions[person.slug] = Session(secrets.token_hex(8))
        self._show(person)

    def key_in(self, person: Person, text: str) -> None:
        """Let a person answer the screen, if the session still is open."""
        session = self.session(person)
        if session.is_open:
            session.typed.append(text.replace("*", " "))
            self._show(person)

    def _show(self, person: Person) -> None:
        session = self.session(person)
        form = {
            "sessionId": session.session_id,
            "phoneNumber": f"+{person.phone}",
            "serviceCode": CODE,
            "text": "*".join(session.typed),
        }
        answer = self.ask(form) or NO_ANSWER
        session.is_open = answer.startswith("CON ")
        session.screen = answer[len("CON ") :]
