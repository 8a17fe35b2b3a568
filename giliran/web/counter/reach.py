"""Which applications an office's staff may touch; every look at one is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from giliran.core.refusal import NotFound
from giliran.people import actions as people
from giliran.turns import applications
from giliran.web.staff import actor

if TYPE_CHECKING:
    from giliran.turns.models import Application
    from giliran.web.counter.asked import Asked


def draws(office: Any) -> bool:
    """Return whether places in this office's windows are drawn."""
    return office.region.draw_at is not None


def of_region(asked: Asked, sent: str) -> Application:
    """Return the application that a page names by its id, or raise ``NotFound``."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 19):  # noqa: PLR2004 -- 2^63
        raise NotFound
    application = applications.by_id(int(sent))
    if application.region_id != asked.office.region_id:
        raise NotFound
    return application


def look_at(application: Application, asked: Asked, *, what: str) -> None:
    """Record that this officer looks at what somebody stated."""
    people.note_look(
        application.citizen_id,
        what=what,
        application_id=application.id,
        office_id=asked.office.id,
        actor=actor(asked.request),
        now=asked.now,
    )
