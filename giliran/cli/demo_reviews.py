"""The demonstration's reviews: last week's, made as each Monday makes it, with one thing agreed on.

The demo has two weeks of history, so its reviews say that there is too little to compare with: that
is what an office's first reviews say.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from giliran.figures import actions as figures
from giliran.figures.reviews import last_over
from giliran.offices import queries as offices
from giliran.people import queries as people


def load(*, today: date, until: datetime) -> None:
    """Make the reviews of Serang, its region and the centre, and agree on one thing at Serang."""
    serang = offices.office("serang")
    monday = last_over("week", today)
    places = (figures.Place(serang), figures.Place(region=serang.region), figures.Place())
    made = [figures.make(place, "week", monday, now=until) for place in places]
    if made[0] is None:
        return
    figures.agree(
        made[0].id,
        request_key=UUID(int=20_261_116),
        what="Buka ruang tunggu pukul 07.00 dan beri nomor sejak itu",
        who="Koordinator pelayanan",
        due_on=today + timedelta(days=11),
        officer_id=people.officer_id("kepala"),
        now=until,
    )
