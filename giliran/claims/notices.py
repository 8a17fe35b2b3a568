"""The message to officers about claims whose legal date is near or missed: one for all of them.

It holds how many there are, where, and the earliest date; nobody's name and no claim's code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from giliran.capacity import heads
from giliran.claims import worklists
from giliran.claims.models import Claim, Warned
from giliran.messages import queries as messages
from giliran.messages import spoken
from giliran.messages.actions import Urgency, notify
from giliran.messages.forms import Both, Form
from giliran.messages.models import Muted
from giliran.messages.quiet import after_quiet_hours
from giliran.messages.wording import Known, Wording, in_its_language, linked
from giliran.offices import queries as offices
from giliran.offices.models import Office

KIND: Final = "claims_due"
KINDS: Final = frozenset({KIND})
LIVES: Final = timedelta(days=2)
ZONE: Final = "Asia/Jakarta"  # of the centre
MOST: Final = 1000

DUE = Form(
    "klaim_jatuh_tempo",
    Both(
        "Ada %(count)s klaim di %(place)s yang mendekati atau melewati batas waktu menurut aturan, "
        "yang paling awal %(due)s. Buka %(url)s untuk melihatnya.",
        "Claims near or past their legal date at %(place)s: %(count)s, the earliest %(due)s. Open "
        "%(url)s to see them.",
    ),
    (
        Both(
            "%(count)s klaim di %(brief)s mendekati atau melewati batas waktu, paling awal "
            "%(due_date)s.",
            "Claims near or past their date at %(brief)s: %(count)s, the earliest %(due_date)s.",
        ),
        Both("Buka %(url)s", "Open %(url)s"),
    ),
    title=Both("Batas waktu klaim", "Claims near their date"),
)
FORMS = (DUE,)
_EVERYWHERE = Both("semua wilayah", "all regions")
EXAMPLES: Mapping[str, str] = {
    "count": "5",
    "place": "Kantor Cabang Serang",
    "brief": "KC Serang",
    "due": "Rabu, 25 November 2026",
    "due_date": "Rab 25 Nov",
    "url": "https://giliran.example/petugas/serang/klaim/",
}
"""What the provider asks for when a template is registered: one example for each place."""


def warned(claim: Claim, level: str, *, now: datetime) -> None:
    """Tell who answers at a level, in the transaction of the warning.

    However many claims are warned of, an officer gets one message for all that is told at one time:
    after the night in the morning, by day at once.
    """
    zone = _zone(claim.office, level)
    notify(
        KIND,
        officer_ids=_at(claim.office, level, offices.local_day(claim.office, now)),
        topic=Muted.Topic.CLAIMS,
        subject="claim_deadline",
        subject_id=claim.id,
        key=f"{KIND}:{after_quiet_hours(now, zone).isoformat()}",
        urgency=Urgency.REMINDER,
        expires_at=now + LIVES,
        zone=zone,
        now=now,
    )


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return the message in a language ("id" or "en"), or None once nothing presses any more."""
    message = messages.message(message_id)
    found = _known(int(message.data["officer"]), message.made_at, language)
    return linked(found, language) if found else None


def _known(officer_id: int, made_at: datetime, language: str) -> Known | None:
    here = {one.id: one for one in offices.offices_of(officer_id)}
    today = spoken.day_at(made_at, ZONE)
    warned_of = worklists.escalations(list(here), today=today, at_most=MOST)
    # Who is away is known by each office's own day.
    days = {office_id: offices.local_day(one, made_at) for office_id, one in here.items()}
    is_told = {
        (office_id, level): officer_id in _told(here[office_id], level, days[office_id])
        for office_id, level in {(one.office_id, one.level) for one in warned_of}
    }
    found = [one for one in warned_of if is_told[one.office_id, one.level]]
    if not found:
        return None
    theirs = list({one.office_id: here[one.office_id] for one in found}.values())
    place = _place(theirs, language)
    due_on = min(one.due_on for one in found)
    values = {
        "count": str(len(found)),
        "place": place,
        "brief": spoken.place(place),
        "due": spoken.day(due_on),
        "due_date": spoken.brief_day(due_on),
    }
    return Known(DUE, values, _page(officer_id, theirs[0]))


def _told(office: Office, level: str, today: date) -> set[int]:
    """Return who hears of a claim: the level that it reached, and those below it."""
    reached = Warned.Level.values[: Warned.Level.values.index(level) + 1]
    return set().union(*(_at(office, each, today) for each in reached))


def _at(office: Office, level: str, today: date) -> set[int]:
    if level == Warned.Level.OFFICE:
        return heads.heads(office, today)
    if level == Warned.Level.REGION:
        return heads.of_region(office.region_id)
    return heads.of_centre()


def _place(here: Sequence[Office], language: str) -> str:
    """Return what to call some offices together."""
    if len(here) == 1:
        return here[0].name
    if len({one.region_id for one in here}) == 1:
        return here[0].region.name
    return _EVERYWHERE.spoken(language)


def _page(officer_id: int, first: Office) -> str:
    """Return the page on which an officer may see them all, or the first office's."""
    if officer_id in heads.of_centre():
        return "/kepala/klaim/"
    if officer_id in heads.of_region(first.region_id):
        return f"/kepala/wilayah/{first.region.slug}/klaim/"
    return f"/petugas/{first.slug}/klaim/"


def _zone(office: Office, level: str) -> str:
    """Return the time zone in which those who answer at a level sleep."""
    zones: Mapping[str, str] = {
        Warned.Level.OFFICE: office.time_zone,
        Warned.Level.REGION: office.region.time_zone,
    }
    return zones.get(level, ZONE)
