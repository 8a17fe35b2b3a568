"""What the offices of the demonstration went through in its past, and who complained."""

from datetime import date, timedelta

import pytest

from giliran.cli import demo_load, demo_past, demo_past_complaints, demo_past_lived
from giliran.core.complaint import State as ComplaintState
from giliran.core.control import Verdict
from giliran.figures import recounting, series
from giliran.figures.judging import judged
from giliran.figures.measures import MEASURES
from giliran.offices import queries as offices
from giliran.voices import queries as voices
from giliran.voices.models import Complaint
from tests.builders import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_offices")]
MONDAY = date(2026, 11, 23)
EVE = date(2026, 11, 20)
SPAN = demo_past.Span(MONDAY, EVE)


@pytest.fixture(scope="module")
def _offices(kept_rows):
    with kept_rows.unblock():
        demo_load.open_offices()


def test_complaints_of_before_have_ended_most_in_time_and_some_late():
    demo_past_complaints.load(today=MONDAY + timedelta(days=1), until=at("09:10", MONDAY))

    found = Complaint.objects.all()
    assert [why for _, why in voices.differences_from_history() if why] == []
    assert not found.exclude(state=ComplaintState.CLOSED).exists()
    late = found.filter(answered_in_time=False).count()
    assert 0 < late < found.filter(answered_in_time=True).count()


def test_the_office_that_opens_later_and_later_is_flagged_in_its_last_week(monkeypatch):
    slow = offices.office("tangerang-selatan")
    monkeypatch.setattr(demo_past_lived.offices, "offices", lambda **_: [slow])
    demo_past.put_on_offer(SPAN, MONDAY)
    demo_past.live(SPAN, SPAN.days)
    recounting.recount()

    first = MONDAY - timedelta(weeks=demo_past.WEEKS)
    rows = series.of("wait_p90", offices=[slow.id], first=first, last=EVE, by="week")
    reading = judged(
        MEASURES["wait_p90"], [row.first for row in rows], [row.figure for row in rows], [5.0] * 14
    )
    assert reading.verdict == Verdict.HIGH
