"""What a form at the door asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest

from giliran.core.refusal import BadInput, gettext_noop
from giliran.offices import queries as offices
from giliran.web.typed import key_of


class NothingChosen(BadInput):
    """A choice was left open."""

    code = "nothing_chosen"
    sentence = gettext_noop("Pilih salah satu dulu.")


class Asked(NamedTuple):
    """What a form at the door asks for."""

    request: HttpRequest
    office: Any
    now: datetime

    def service_id(self, field: str) -> int:
        """Return the service that a form's field names, or raise ``NothingChosen``."""
        sent = self.request.POST.get("service", "")
        here = {str(s.id): s.id for s in offices.services(office_id=self.office.id)}
        if sent not in here:
            raise NothingChosen(field)
        return here[sent]

    def request_key(self) -> UUID:
        """Return the key of the form that was sent, or raise ``NotFound``."""
        return key_of(self.request.POST)
