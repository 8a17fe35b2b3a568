"""The demonstration's past is made up in bulk, and stands as if each step had been taken."""

from datetime import date, timedelta
from importlib.resources import files

import pytest

from giliran.cli import demo_load, demo_opinions, demo_past, demo_past_complaints, demo_past_lived
from giliran.core.complaint import State as ComplaintState
from giliran.core.control import Verdict
from giliran.core.turn import OPEN
from giliran.figures import recounting, series
from giliran.figures.judging import judged
from giliran.figures.measures import MEASURES
from giliran.journal.models import Event
from giliran.offices import actions as office_actions
from giliran.offices import queries as offices
from giliran.turns.models import Promise, Round, Turn
from giliran.turns.queries import differences_from_history
from giliran.voices import queries as voices
from giliran.voices.models import Complaint
from tests.builders import at

MONDAY = date(2026, 11, 23)
EVE = date(2026, 11, 20)
SPAN = demo_past.Span(MONDAY, EVE)


@pytest.fixture
def _offices(db):
    data = files("giliran.cli").joinpath("demo_data")
    office_actions.import_services(data.joinpath("services.csv").read_text(encoding="utf-8"))
    office_actions.import_offices(data.joinpath("offices.csv").read_text(encoding="utf-8"))
    office_actions.import_areas(data.joinpath("areas.csv").read_text(encoding="utf-8"))
    for office in offices.offices():
        office_actions.register_kiosk(office, "pintu utama")
    demo_load._hire()


@pytest.fixture
def _two_weeks(_offices, monkeypatch):
    monkeypatch.setattr(demo_past, "WEEKS", 2)
    monkeypatch.setattr(demo_past, "WEEKS_DRAWN", 1)
    monkeypatch.setattr(demo_past, "APPLYING", 12)
    demo_past.load(SPAN, MONDAY, without={("serang", EVE)})


def total(measure, first, days=5, *, of="serang"):
    office_id = offices.office(of).id
    last = first + timedelta(days=days - 1)
    return series.value(measure, [office_id], first, last).value


@pytest.mark.usefixtures("_two_weeks")
def test_turns_and_their_histories_agree_and_the_triggers_tell_again():
    assert [said for _, said in differences_from_history() if said] == []
    assert not Turn.objects.filter(state__in=OPEN, day__lt=EVE).exists()
    assert Turn.objects.filter(moved_by="system", state="no_show").exists()

    turn = Turn.objects.filter(state="left").first()
    before = Event.objects.filter(subject="turn", subject_id=turn.id).count()
    Turn.objects.filter(id=turn.id).update(times_called=5, moved_by="somebody")

    assert Event.objects.filter(subject="turn", subject_id=turn.id).count() == before + 1


@pytest.mark.usefixtures("_two_weeks")
def test_figures_are_those_of_a_recount_and_fewer_are_sent_home_since_places_are_drawn():
    recounting.recount()
    before, after = MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=1)

    assert list(recounting.compare()) == []
    assert total("early_people", before) > 0
    assert total("turned_away_share", before) > 0.4
    assert total("turned_away_share", after, 4) < 0.3
    assert total("drawn", before) == 0
    assert total("drawn", after, 4) > 0
    assert Round.objects.filter(state="drawn").count() == len(SPAN.draws) == 5
    assert 0.8 < total("told_kept", before) < 1
    assert not Promise.objects.filter(settled_at=None).exists()


@pytest.mark.usefixtures("_two_weeks")
def test_a_day_that_is_left_out_is_not_lived_there_but_at_the_other_offices():
    of_eve = Turn.objects.filter(day=EVE).exclude(state="booked")
    assert not of_eve.filter(office__slug="serang").exists()
    assert of_eve.filter(office__slug="cilegon").exists()


@pytest.mark.usefixtures("_two_weeks")
def test_opinions_are_told_like_those_given_one_by_one():
    demo_opinions.load(today_begins=at("00:00", MONDAY))
    recounting.recount()

    first = MONDAY - timedelta(weeks=2)
    assert Event.objects.filter(kind="opinion.reply").exists()
    assert 25 <= total("satisfaction", first, of="tangerang-selatan") <= 100
    assert 0 < total("reply_rate", first, of="tangerang-selatan") < 1


@pytest.mark.usefixtures("_offices")
def test_complaints_of_before_have_ended_most_in_time_and_some_late():
    demo_past_complaints.load(today=MONDAY + timedelta(days=1), until=at("09:10", MONDAY))

    found = Complaint.objects.all()
    assert [why for _, why in voices.differences_from_history() if why] == []
    assert not found.exclude(state=ComplaintState.CLOSED).exists()
    late = found.filter(answered_in_time=False).count()
    assert 0 < late < found.filter(answered_in_time=True).count()


@pytest.mark.usefixtures("_offices")
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
