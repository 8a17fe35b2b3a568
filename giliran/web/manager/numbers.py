"""One day of an office in figures."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.figures import queries as figures
from giliran.offices import queries as offices
from giliran.web.counter.door import WHY_AWAY
from giliran.web.manager import bars
from giliran.web.manager.days import asked_day, last_open_day
from giliran.web.manager.frame import frame
from giliran.web.staff import LOOK, at_office

CHANNELS = {
    "web": gettext_noop("Daring"),
    "kiosk": gettext_noop("Kios"),
    "clerk": gettext_noop("Petugas"),
    "booth": gettext_noop("Gerai"),
    "sms": gettext_noop("SMS"),
    "api": gettext_noop("Aplikasi lain"),
}
CLASSES = {"priority": gettext_noop("Prioritas"), "standard": gettext_noop("Umum")}
# The kiosk and the programs refuse a number by themselves, the door's officers choose a reason.
_SAME_REASON = {"no_walk_in_place_left": "no_number"}
KINDS = {"appointment": gettext_noop("Janji"), "walk_in": gettext_noop("Datang langsung")}


def named(names: dict[str, str], code: str) -> str:
    """Return a code's name in the reader's language; a code without one as it is."""
    return gettext(names[code]) if code in names else code


@at_office(*LOOK)
@require_safe
def day_in_figures(request: HttpRequest, office: Any) -> HttpResponse:
    """Show a day's figures, that of the last open day unless ``?hari=`` names another."""
    now = clock.now()
    today = offices.local_day(office, now)
    day = asked_day(request, last_open_day(office, today))
    found = figures.day(office.id, day, now=now)
    services = {service.id: service for service in offices.services()}
    context = {
        **frame(request, office),
        "found": found,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "is_running": day == today,
        "waits": [
            (wait, named(CLASSES, wait.calling_class), named(KINDS, wait.kind))
            for wait in found.waits
        ],
        "channels": [(named(CHANNELS, part.channel or ""), part) for part in found.by_channel],
        "services": [(services[part.service_id or 0], part) for part in found.by_service],
        "away": why_away(found.turned_away_why),
        "pictures": [bars.arrivals(found), bars.served(found)],
        "share_percent": percent(found.in_window_share),
        "counter_hours": found.counter_minutes / 60,
    }
    return render(request, "manager/figures.html", context)


def why_away(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return why people were sent home, in words, each reason once, the most frequent first."""
    people: Tally[str] = Tally()
    for why, n in counted:
        people[away_because(why)] += n
    return people.most_common()


def away_because(why: str) -> str:
    """Return in words why somebody was sent home, chosen by an officer or by a program."""
    return named(WHY_AWAY, _SAME_REASON.get(why, why))


def percent(share: float | None) -> int | None:
    """Return a share from 0 to 1 as whole percent, rounded down: 99.6 kept is not all kept."""
    return None if share is None else int(share * 100)
