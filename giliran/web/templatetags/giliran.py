"""How times, days and codes are written on every screen."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats
from django.utils.translation import get_language, gettext, gettext_noop

from giliran.core.identifiers import written_code
from giliran.offices.queries import ZONE_NAMES

if TYPE_CHECKING:
    from giliran.offices.models import Office, Service

register = template.Library()


@register.filter
def code(value: str) -> str:
    """Write a turn's code in two groups: K7QM-3XPA."""
    return written_code(value)


@register.filter
def clock(moment: datetime, office: Office) -> str:
    """Write a moment as the office's clock shows it: 08.00 WIB."""
    local = moment.astimezone(ZoneInfo(office.time_zone))
    return f"{local:%H.%M} {ZONE_NAMES[office.time_zone]}"


@register.filter
def hour(moment: datetime, office: Office) -> str:
    """Write a moment as the office's clock shows it, without the zone: 08.00."""
    return f"{moment.astimezone(ZoneInfo(office.time_zone)):%H.%M}"


@register.filter
def day(value: date) -> str:
    """Write a day in full: Senin, 23 November 2026."""
    return formats.date_format(value, "l, j F Y")


@register.simple_tag
def window(starts: datetime, ends: datetime, office: Office) -> str:
    """Write a window: 09.30-10.00 WIB."""
    return f"{hour(starts, office)}–{clock(ends, office)}"


@register.filter
def service_name(service: Service) -> str:
    """Name a service in the reader's language."""
    return service.name if get_language() == "id" else service.name_en


@register.filter
def service_hint(service: Service) -> str:
    """Explain a service in the reader's language."""
    return service.hint if get_language() == "id" else service.hint_en


STATES = {
    "booked": gettext_noop("Janji dicatat"),
    "waiting": gettext_noop("Menunggu"),
    "called": gettext_noop("Dipanggil"),
    "serving": gettext_noop("Sedang dilayani"),
    "parked": gettext_noop("Ditunda sebentar"),
    "finished": gettext_noop("Selesai"),
    "no_show": gettext_noop("Tidak hadir"),
    "cancelled": gettext_noop("Dibatalkan"),
    "left": gettext_noop("Pulang sebelum dilayani"),
}


@register.filter
def state_name(state: str) -> str:
    """Name a turn's state in the reader's language."""
    return gettext(STATES[state])
