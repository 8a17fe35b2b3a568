"""The demonstration's past is made up in bulk, and stands as if each step had been taken."""

from datetime import date, timedelta

import pytest

from giliran.cli import demo_load, demo_opinions, demo_past, demo_reviews
from giliran.core.turn import OPEN
from giliran.figures import recounting, series
from giliran.figures.models import Review
from giliran.journal.models import Event
from giliran.offices import queries as offices
from giliran.turns.models import Promise, Round, Turn
from giliran.turns.queries import differences_from_history
from tests.builders import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_five_weeks")]
MONDAY = date(2026, 11, 23)
EVE = date(2026, 11, 20)
SPAN = demo_past.Span(MONDAY, EVE)


@pytest.fixture(scope="module")
def _five_weeks(kept_rows):
    """Live the weeks once for all tests: one before and one with draws, and three for reviews."""
    with pytest.MonkeyPatch.context() as patch, kept_rows.unblock():
        patch.setattr(demo_past, "WEEKS", 5)
        patch.setattr(demo_past, "WEEKS_DRAWN", 1)
        patch.setattr(demo_past, "APPLYING", 12)
        demo_load.open_offices()
        demo_past.load(SPAN, MONDAY, without={("serang", EVE)})
        demo_opinions.load(today_begins=at("00:00", MONDAY))
        recounting.recount()


def total(measure, first, days=5, *, of="serang"):
    office_id = offices.office(of).id
    last = first + timedelta(days=days - 1)
    return series.value(measure, [office_id], first, last).value


def test_turns_and_their_histories_agree_and_the_triggers_tell_again():
    assert [said for _, said in differences_from_history() if said] == []
    assert not Turn.objects.filter(state__in=OPEN, day__lt=EVE).exists()
    assert Turn.objects.filter(moved_by="system", state="no_show").exists()

    turn = Turn.objects.filter(state="left").first()
    before = Event.objects.filter(subject="turn", subject_id=turn.id).count()
    Turn.objects.filter(id=turn.id).update(times_called=5, moved_by="somebody")

    assert Event.objects.filter(subject="turn", subject_id=turn.id).count() == before + 1


def test_figures_are_those_of_a_recount_and_fewer_are_sent_home_since_places_are_drawn():
    before, after = MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=1)

    assert list(recounting.compare()) == []
    assert total("early_people", before) > 0
    assert total("turned_away_share", before) > 0.4
    assert total("turned_away_share", after, 4) < 0.3
    assert total("drawn", before) == 0
    assert total("drawn", after, 4) > 0
    assert Round.objects.filter(state="drawn").count() == 5
    assert 0.8 < total("told_kept", before) < 1
    assert not Promise.objects.filter(settled_at=None).exists()


def test_a_day_that_is_left_out_is_not_lived_there_but_at_the_other_offices():
    of_eve = Turn.objects.filter(day=EVE).exclude(state="booked")
    assert not of_eve.filter(office__slug="serang").exists()
    assert of_eve.filter(office__slug="cilegon").exists()


def test_opinions_are_told_like_those_given_one_by_one():
    first = MONDAY - timedelta(weeks=2)
    assert Event.objects.filter(kind="opinion.reply").exists()
    assert 25 <= total("satisfaction", first, of="tangerang-selatan") <= 100
    assert 0 < total("reply_rate", first, of="tangerang-selatan") < 1


def test_reviews_of_the_last_weeks_are_made_and_what_was_agreed_stands_below():
    demo_reviews.load(today=MONDAY + timedelta(days=1), until=at("09:10", MONDAY))

    signed = Review.objects.exclude(signed_at=None)
    assert signed.count() == len(demo_reviews.SIGNED)
    assert Review.objects.filter(signed_at=None, office__slug="serang", span="week").exists()
