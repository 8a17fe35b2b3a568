"""The telephones of the demonstration's heads, so that one sees what an alarm tells them."""

from __future__ import annotations

from datetime import datetime, timedelta

from giliran.cli.demo_staff import STAFF
from giliran.cli.phone.people import people as telephones
from giliran.messages import actions as messages
from giliran.people import queries as people

_WROTE_BEFORE = timedelta(days=2)  # too long ago for free text: they get the templates


def load(*, until: datetime) -> None:
    """Let each of the staff who has a telephone be told there of what happens from now on."""
    then = until - _WROTE_BEFORE
    for one in telephones():
        if one.slug in STAFF:
            contact_id = messages.heard_from("whatsapp", one.phone, now=then)
            officer_id = people.officer_id(one.slug)
            messages.subscribe(
                contact_id, subject=messages.OFFICER, subject_id=officer_id, now=then
            )
