"""The calendar entry that an e-mail brings along."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from giliran.core.turn import State
from giliran.journal.queries import history
from giliran.messages.site import site
from giliran.offices import queries as offices
from giliran.turns.calendar import Visit, calendar_file, cancelled_calendar_file
from giliran.turns.models import Turn


def calendar_entry(turn: Turn, *, stated_at: datetime) -> bytes:
    """Return the .ics file of a turn with a window, or the one that takes it out again.

    The same entry as on the turn's page, but without the service: a calendar shows on the lock
    screen what it is about.
    """
    if turn.window_from is None or turn.window_till is None:
        raise ValueError(f"Turn {turn.id} has no window.")
    office = turn.office
    changes = [e for e in history("turn", turn.id) if e["move"] in {"reschedule", "cancel"}]
    visit = Visit(
        turn_code=turn.code,
        changes=len(changes),
        stated_at=stated_at,
        starts_at=turn.window_from,
        ends_at=turn.window_till,
        office_zone=offices.zone(office),
        office=office.name,
        address=office.address,
        latitude=float(office.latitude),
        longitude=float(office.longitude),
        service=gettext("layanan"),
        turn_url=f"{site()}/g/{turn.code}/",
    )
    write = cancelled_calendar_file if turn.state == State.CANCELLED else calendar_file
    return write(visit)
