"""The demonstration's reviews: those of the last weeks and of last month, and last week's.

Each as its Monday or first of the month made it; some were signed, with what was agreed on and what
came of it. Last week's are still to be signed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from giliran import rules
from giliran.core.deadline import next_working_day
from giliran.figures import actions as figures
from giliran.figures.actions.reviewing import places
from giliran.figures.models import Review
from giliran.figures.reviews import Span, content, last_day, last_over
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.people import queries as people

WEEKS: Final = 3
_MADE: Final = time(5, 10)
_SIGNED: Final = time(9, 40)
_DAY: Final = timedelta(days=1)
_KEY: Final = 20_261_100


class Signed(NamedTuple):
    """What a head wrote below a review: ``weeks`` before this one, 0 for last month's."""

    place: str
    weeks: int
    by: str
    comment: str
    what: str = ""
    who: str = ""
    within: int = 10
    """Days until it is due."""
    done: bool = False


SIGNED: Final = (
    Signed(
        "serang",
        4,
        "kepala",
        "Pekan pertama dengan undian. Yang pulang tanpa nomor jauh berkurang, dan tidak ada lagi "
        "yang tercatat datang sebelum pukul 06.00. Kita tunggu apakah bertahan.",
        "Tunjuk pengganti untuk setiap loket bila petugasnya cuti",
        "Koordinator pelayanan",
        14,
        done=True,
    ),
    Signed(
        "serang",
        2,
        "kepala",
        "Membaik. Yang masih datang pagi umumnya belum tahu giliran bisa diminta dari rumah.",
        "Pasang pengumuman undian di kelurahan Serang dan Kasemen",
        "Humas cabang",
        20,
    ),
    Signed(
        "banten",
        2,
        "wilayah",
        "Tangerang Selatan makin lambat sejak Oktober; kantor lain seperti biasa.",
        "Cari sebab loket Tangerang Selatan terlambat dibuka",
        "Kepala Cabang Tangerang Selatan",
        12,
    ),
    Signed(
        "serang",
        0,
        "kepala",
        "Oktober masih bulan antrean subuh. Undian baru dimulai pada pekan terakhir.",
    ),
)


def load(*, today: date, until: datetime) -> None:
    """Make the reviews from figures that are counted already, and sign some of them."""
    serang = offices.office("serang")
    known = {"serang": figures.Place(serang), "banten": figures.Place(region=serang.region)}
    monday = today - timedelta(days=today.weekday())
    for place in places():
        # Of the first week with a draw, the office that it was made for has one as well.
        weeks = (*range(1, WEEKS + 1), *((4,) if place == known["serang"] else ()))
        for back in weeks:
            week = monday - timedelta(weeks=back)
            _make(place, "week", week, _on(week + timedelta(days=7), _MADE, until))
        month = last_over("month", today)
        _make(place, "month", month, _on(last_day("month", month) + _DAY, _MADE, until))
    for number, one in enumerate(SIGNED):
        _sign(one, known[one.place], number, today, until)
    _agree_now(known["serang"], monday, today, until)


def _make(place: figures.Place, span: Span, first: date, now: datetime) -> None:
    """Make a review as its own day would have; what it says of capacity is asked for by hand."""
    found = content(span, first, place.office_ids())
    if found is None:
        return
    review = Review.objects.create(
        office=place.office,
        region=place.region,
        span=span,
        first_day=first,
        last_day=last_day(span, first),
        made_at=now,
        figures=found._asdict(),
    )
    record(
        "review.made",
        at=now,
        actor="system",
        office_id=review.office_id,
        subject_id=review.id,
        span=span,
        first_day=first.isoformat(),
    )


def _sign(one: Signed, place: figures.Place, number: int, today: date, until: datetime) -> None:
    """Write down what was agreed on, and sign, on the morning when the review was made."""
    span: Span = "week" if one.weeks else "month"
    monday = today - timedelta(days=today.weekday(), weeks=one.weeks)
    first = monday if one.weeks else last_over("month", today)
    review = Review.objects.get(
        office=place.office, region=place.region, span=span, first_day=first
    )
    officer_id = people.officer_id(one.by)
    now = _on(next_working_day(review.last_day + _DAY, rules.calendar()), _SIGNED, until)
    if one.what:
        agreed = figures.agree(
            review.id,
            request_key=UUID(int=_KEY + number),
            what=one.what,
            who=one.who,
            due_on=now.date() + timedelta(days=one.within),
            officer_id=officer_id,
            now=now,
        )
        if one.done:
            done = now + timedelta(days=one.within - 3)
            figures.settle(agreed.id, "done", officer_id=officer_id, now=done)
    figures.sign(review.id, comment=one.comment, officer_id=officer_id, now=now)


def _agree_now(place: figures.Place, monday: date, today: date, until: datetime) -> None:
    last = Review.objects.get(office=place.office, span="week", first_day=monday - 7 * _DAY)
    figures.agree(
        last.id,
        request_key=UUID(int=_KEY + len(SIGNED)),
        what="Buka ruang tunggu pukul 07.00 dan beri nomor sejak itu",
        who="Koordinator pelayanan",
        due_on=today + timedelta(days=11),
        officer_id=people.officer_id("kepala"),
        now=until,
    )


def _on(day: date, clock: time, like: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=like.tzinfo)
