"""A turn as a calendar entry: given on its page, and attached to e-mails."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vGeo, vText, vUri

_EVE_HOUR = time(18)
_LEAVE_HOME = timedelta(minutes=90)


@dataclass(frozen=True)
class Visit:
    """A booked turn as a calendar knows it. Moments are aware, in any zone.

    `changes` counts the moves and the cancellation since the turn was asked for: calendars
    only replace an entry by one with a higher count. `stated_at` is the moment of this file.
    """

    turn_code: str
    changes: int
    stated_at: datetime
    starts_at: datetime
    ends_at: datetime
    office_zone: ZoneInfo
    office: str
    address: str
    latitude: float | None
    longitude: float | None
    service: str
    turn_url: str


def calendar_file(visit: Visit) -> bytes:
    """Return the .ics file (RFC 5545, UTF-8) that enters the visit or moves it.

    Opened again after a move it replaces the earlier entry, by the same UID and a higher
    SEQUENCE. Reminds at 18.00 of the office's time on the day before and 90 minutes before
    the window; a reminder whose moment has passed is left out.
    """
    event = _event(visit)
    event.add("STATUS", "CONFIRMED")
    for moment in _reminders(visit):
        event.add_component(_alarm(visit, moment))
    return _calendar("PUBLISH", event)


def cancelled_calendar_file(visit: Visit) -> bytes:
    """Return the .ics file (RFC 5546 CANCEL) that takes the visit out of the calendar."""
    event = _event(visit)
    event.add("STATUS", "CANCELLED")
    return _calendar("CANCEL", event)


def _calendar(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", "-//giliran//antrean//ID")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(visit: Visit) -> Event:
    event = Event()
    event.add("UID", f"{visit.turn_code}@giliran")
    event.add("SEQUENCE", visit.changes)
    event.add("DTSTAMP", visit.stated_at.astimezone(UTC))
    # UTC, because Indonesia's zones never shift: no VTIMEZONE that a phone could misread.
    event.add("DTSTART", visit.starts_at.astimezone(UTC))
    event.add("DTEND", visit.ends_at.astimezone(UTC))
    event.add("SUMMARY", _summary(visit))
    event.add(
        "DESCRIPTION",
        _(
            "Datanglah sebelum pukul %(time)s waktu setempat dan bawa KTP asli.\n"
            "Kode antrean: %(code)s\n"
            "Lihat, pindahkan, atau batalkan antrean: %(url)s"
        )
        % {
            "time": visit.starts_at.astimezone(visit.office_zone).strftime("%H.%M"),
            "code": visit.turn_code,
            "url": visit.turn_url,
        },
    )
    event.add("LOCATION", f"{visit.office}, {visit.address}")
    if visit.latitude is not None and visit.longitude is not None:
        event.add("GEO", vGeo((visit.latitude, visit.longitude)))
    event.add("URL", vUri(visit.turn_url))
    event.add("ORGANIZER", _organizer(visit))
    return event


def _organizer(visit: Visit) -> vCalAddress:
    """Name the office; RFC 5546 wants an organizer, and this site is the address it has."""
    site = urlsplit(visit.turn_url)
    organizer = vCalAddress(f"{site.scheme}://{site.netloc}/")
    organizer.params["CN"] = vText(visit.office)
    return organizer


def _summary(visit: Visit) -> str:
    return _("Antrean %(service)s di %(office)s") % {
        "service": visit.service,
        "office": visit.office,
    }


def _reminders(visit: Visit) -> list[datetime]:
    day = visit.starts_at.astimezone(visit.office_zone).date()
    eve = datetime.combine(day - timedelta(days=1), _EVE_HOUR, visit.office_zone)
    return [moment for moment in (eve, visit.starts_at - _LEAVE_HOME) if moment > visit.stated_at]


def _alarm(visit: Visit, moment: datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", _summary(visit))
    # As time before the start, for some calendars ignore a reminder set to a moment.
    alarm.add("TRIGGER", vDuration(moment - visit.starts_at))
    return alarm
