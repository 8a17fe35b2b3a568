"""The figures of years: kept piece by piece, and the same as if they were counted anew."""

from datetime import date, time, timedelta
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from giliran.capacity import actions as capacity
from giliran.capacity.models import Offer
from giliran.claims import actions as claims
from giliran.cli.figures import figures as command
from giliran.core.figures import Cell, add_longer, changed, facts, spread
from giliran.figures import measures, models, recounting, series
from giliran.figures import queries as figures
from giliran.figures.folding import behind, fold, refresh
from giliran.figures.hours import KnownHours
from giliran.journal.models import Event
from giliran.offices.models import WeeklyHours
from giliran.turns import actions as turns
from tests import random_stories
from tests.builders import (
    MONDAY,
    a_booking,
    a_walk_in,
    a_window,
    an_approved_claim,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.examples import examples
from tests.rush.test_random_histories import OfficeDays

pytestmark = pytest.mark.django_db
EVENING = at("18:00")


def an_open_office(slug: str = "serang", **fields):
    office = an_office(slug, **fields)
    walk_in_places(office)
    return office


def serve(officer, counter_id, called: str, started: str, done: str) -> None:
    turns.call_next(counter_id, officer_id=officer.id, now=at(called))
    turns.start(officer_id=officer.id, now=at(started))
    turns.finish(officer_id=officer.id, now=at(done))


def a_full_day(office):
    """Let a day pass at an office: served, missed, away, early, with and without a window."""
    officer, counter_id = at_counter(office)
    window = a_window(office, "09:30")
    a_walk_in(office, "07:10")
    a_walk_in(office, "08:20", is_priority=True)
    a_walk_in(office, "08:21", service="jkm")
    for clock in ("09:20", "09:40"):
        turns.check_in(a_booking(window).id, actor="kiosk:1", now=at(clock))
    a_booking(window)
    turns.cancel(a_booking(window).id, actor="citizen", now=at("07:30"))
    serve(officer, counter_id, "08:25", "08:26", "08:40")
    serve(officer, counter_id, "08:41", "08:42", "09:10")
    serve(officer, counter_id, "09:50", "09:51", "10:00")
    turns.call_next(counter_id, officer_id=officer.id, now=at("10:20"))
    turns.no_show(officer_id=officer.id, now=at("10:25"))
    for clock in ("05:40", "09:00"):
        turns.turn_away(
            office_id=office.id, service_id=None, why="no_number", actor="x", now=at(clock)
        )
    capacity.close_counter(counter_id, officer_id=officer.id, now=at("15:10"))
    turns.close_day(office.id, MONDAY, actor="system", now=EVENING)
    return officer, counter_id


def monday(measure: str, office, **options):
    return series.value(measure, [office.id], MONDAY, MONDAY, **options)


def test_a_day_of_the_cells_is_the_day_in_figures():
    office = an_open_office()
    a_full_day(office)

    day = figures.day(office.id, MONDAY, now=EVENING)

    for measure, expected in {
        "asked": day.asked,
        "came": day.came,
        "served": day.served,
        "turned_away": day.turned_away,
        "missed_calls": day.missed_calls,
        "left_unserved": day.left_unserved,
        "cancelled": day.cancelled,
        "promise_kept": day.in_window_share,
        "served_per_officer_hour": day.served_per_counter_hour,
    }.items():
        assert monday(measure, office).value == expected, measure
    assert monday("no_show_share", office).value == day.no_shows / 3
    assert monday("promise_kept", office).n == day.promises
    assert abs(monday("wait_p50", office).value - day.all_waits.p50) < 1
    assert abs(monday("wait_p90", office).value - day.all_waits.p90) < 1
    assert behind() == (0, None)


def test_parts_of_a_day_are_those_of_the_day_in_figures():
    office = an_open_office()
    a_full_day(office)
    day = figures.day(office.id, MONDAY, now=EVENING)

    def by(split, measure):
        rows = series.of(measure, offices=[office.id], first=MONDAY, last=MONDAY, split=split)
        return {row.part: row.value for row in rows if row.value}

    assert by("channel", "asked") == {part.channel: part.asked for part in day.by_channel}
    assert by("service", "asked") == {str(part.service_id): part.asked for part in day.by_service}
    came, served = by("hour", "came"), by("hour", "served")
    for hour in day.by_hour:
        assert came.get(f"{hour.hour:02d}", 0) == hour.arrived
        assert served.get(f"{hour.hour:02d}", 0) == hour.served
    waits = {wait.calling_class: wait.p50 for wait in day.waits if wait.kind == "walk_in"}
    assert abs(monday("priority_wait_p90", office).value - waits["priority"]) < 1


# The same as a recount.


def tell(subject: str, subject_id: int, event) -> None:
    """Write an event into the journal as a trigger would."""
    Event.objects.create(
        at=event.at,
        actor="test",
        kind=event.kind,
        office_id=event.office_id,
        subject=subject,
        subject_id=None if subject == "door" else subject_id,
        data=event.data,
    )


def added_up_here(told, places):
    """Return the cells of whole stories, added up without the database."""
    cells = {}
    for subject, story in told:
        days = (
            groupby(story, lambda event: places.local(event.office_id, event.at).date())
            if subject == "counter"
            else [(None, story)]
        )
        for _, piece in days:
            spread(facts(subject, list(piece), places), cells)
    add_longer(cells)
    return {cell: changed(counts, {}) for cell, counts in cells.items() if any(counts.values())}


def held() -> dict:
    return {
        Cell(c.office_id, c.span, c.first, c.split, c.part): c.counts | c.waits
        for c in models.Cell.objects.all()
    }


@hypothesis_settings(
    max_examples=examples(7),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(data=st.data())
def test_however_the_journal_grows_the_cells_are_what_a_recount_finds(data):
    """Stories of every kind, their events mixed, counted now and then and a few at a time."""
    with transaction.atomic():
        # Ids that are the same each time, or a failing example couldn't be played again.
        west = an_office("barat", id=900_001)
        east = an_office("timur", id=900_002, time_zone="Asia/Jayapura")
        here = st.sampled_from([west.id, east.id])
        told = data.draw(st.lists(random_stories.anything(here), min_size=1, max_size=8))
        left = [(n, list(story)) for n, (_, story) in enumerate(told)]
        while left:
            which, story = left[data.draw(st.integers(0, len(left) - 1))]
            tell(told[which][0], which + 1, story.pop(0))
            left = [one for one in left if one[1]]
            if data.draw(st.integers(0, 3)) == 0:
                fold(data.draw(st.integers(1, 3)))
                assert list(recounting.compare()) == []
        refresh(60)

        assert behind().events == 0
        assert list(recounting.compare()) == []
        assert held() == added_up_here(told, KnownHours().places())
        counted = held()
        recounting.recount()
        assert held() == counted
        transaction.set_rollback(True)


class CountedDays(OfficeDays):
    """Contrary people and officers, while somebody counts now and then."""

    @rule(at_once=st.integers(1, 20))
    def some_events_are_counted(self, at_once):
        fold(at_once)

    @invariant()
    def the_cells_are_what_a_recount_finds(self):
        assert list(recounting.compare()) == []

    def teardown(self):
        refresh(60)
        assert list(recounting.compare()) == []
        for office in self.offices:
            day = figures.day(office, MONDAY, now=self.now)
            assert series.value("asked", [office], MONDAY, MONDAY).value == day.asked
            assert series.value("served", [office], MONDAY, MONDAY).value == day.served
            kept = series.value("promise_kept", [office], MONDAY, MONDAY)
            assert (kept.n, kept.value) == (day.promises, day.in_window_share)
            waits = series.value("wait_p50", [office], MONDAY, MONDAY)
            assert waits.n == (day.all_waits.people if day.all_waits else 0)
            if day.all_waits:
                assert abs(waits.value - day.all_waits.p50) < 1
        super().teardown()


def test_whatever_people_and_officers_do_the_cells_are_what_a_recount_finds():
    first, second = an_office("serang", counters=2), an_office("cilegon", counters=1)
    for office in (first, second):
        a_window(office, "09:30", places=2)
        an_officer(office)
    walk_in_places(first, places=4)
    run_state_machine_as_test(
        CountedDays,
        settings=hypothesis_settings(
            max_examples=examples(3),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate],
        ),
    )


def test_a_number_that_somebody_changed_by_hand_is_found_and_mended():
    office = an_open_office()
    a_walk_in(office)
    refresh(60)
    models.Cell.objects.filter(split="all", span="day").update(counts={"asked": 7, "came": 1})

    found = list(recounting.compare())
    recounting.recount()

    assert [(one.key, one.held, one.counted) for one in found] == [
        ("asked", 7, 1),
        ("still_open", 0, 1),
    ]
    assert list(recounting.compare()) == []
    assert monday("asked", office).value == 1


def test_the_command_compares_tells_by_its_exit_code_and_mends():
    office = an_open_office()
    a_walk_in(office)
    refresh(60)
    run = CliRunner().invoke

    assert run(command, ["recount", "--check"]).exit_code == 0
    models.Cell.objects.filter(split="all", span="month").update(counts={"asked": 7})
    told = run(command, ["recount", "--check"])
    assert told.exit_code == 1
    assert f"month 2026-11-01 office {office.id} all  asked: stands 7, counted 1" in told.output
    assert run(command, ["recount"]).exit_code == 0
    assert run(command, ["recount", "--check"]).exit_code == 0


def test_what_was_in_the_journal_before_is_counted_too():
    """A database of before had a journal and no cells: what it tells is written down once."""
    office = an_open_office()
    a_full_day(office)
    refresh(60)
    counted = held()
    models.Cell.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO figures_uncounted SELECT id FROM journal_event WHERE subject IN "
            "('turn', 'door', 'counter')"
        )

    refresh(60)

    assert held() == counted


def test_a_database_of_before_gets_its_weeks_from_its_days():
    office = an_open_office()
    a_full_day(office)
    refresh(60)
    models.Cell.objects.filter(span="week").delete()
    assert list(recounting.compare()) != []

    spans = import_module("giliran.figures.migrations.0007_spans")
    with connection.cursor() as cursor:
        cursor.execute(spans.WEEKS)

    assert list(recounting.compare()) == []


def test_what_people_stated_is_erased_and_the_figures_stay():
    office = an_open_office()
    a_full_day(office)
    refresh(60)
    counted = held()

    turns.erase_statements(before=MONDAY + timedelta(days=100))

    refresh(60)
    assert held() == counted
    assert list(recounting.compare()) == []


def test_who_moves_to_another_day_and_office_is_counted_there():
    here, there = an_open_office(), an_open_office("cilegon")
    tuesday = MONDAY + timedelta(days=1)
    turn = a_booking(a_window(here, "09:30"))
    assert monday("asked", here).value == 1
    later = at("09:00", tuesday)
    offer = a_window(there, "09:00")
    Offer.objects.filter(id=offer.id).update(
        day=tuesday, starts_at=later, ends_at=later + timedelta(minutes=30)
    )

    turns.reschedule(turn.id, offer_id=offer.id, actor="citizen", now=at("07:30"))

    assert monday("asked", here).value == 0
    assert series.value("asked", [there.id], tuesday, tuesday).value == 1
    assert list(recounting.compare()) == []


def test_hours_that_are_corrected_later_change_nothing_until_somebody_looks_anew():
    office = an_open_office()
    a_walk_in(office, "07:30")
    assert monday("before_opening", office).value == 1
    WeeklyHours.objects.filter(office=office).update(opens=time(7))

    assert list(recounting.compare()) == []
    recounting.recount()
    assert monday("before_opening", office).value == 1
    recounting.recount(look_anew=True)
    assert monday("before_opening", office).value == 0


def test_a_claim_and_its_visit_are_counted():
    office = an_open_office()
    claim = an_approved_claim(office, now=at("09:00"))
    claims.note_paid(claim.id, paid_on=MONDAY, actor="bank", now=at("15:00"))
    (due,) = (
        row.first
        for row in series.of(
            "claims_in_time", offices=[office.id], first=MONDAY, last=MONDAY + timedelta(days=30)
        )
        if row.n
    )

    assert MONDAY < due < MONDAY + timedelta(days=15)
    assert series.value("claims_in_time", [office.id], due, due)[:2] == (1, 1)
    assert monday("first_visit_complete", office)[:2] == (1, 1)
    assert monday("visits_per_claim", office)[:2] == (0, 1)


# Reading.


def test_weeks_and_months_are_sums_of_their_days_and_parts_of_them_too():
    office = an_open_office()
    for n in (0, 1, 8, 40):
        day = MONDAY + timedelta(days=n)
        tell(
            "door",
            0,
            random_stories.Event(at("10:00", day), "door.turned_away", office.id, {}),
        )
    first, last = MONDAY + timedelta(days=1), MONDAY + timedelta(days=50)

    def by(span):
        rows = series.of("turned_away", offices=[office.id], first=first, last=last, by=span)
        return {row.first: row.value for row in rows if row.value}

    assert by("week") == {
        MONDAY: 1,
        MONDAY + timedelta(days=7): 1,
        MONDAY + timedelta(days=35): 1,
    }
    assert by("month") == {date(2026, 11, 1): 1, date(2026, 12, 1): 1, date(2027, 1, 1): 1}
    assert series.value("turned_away", [office.id], first, last).value == 3
    assert series.by_office("turned_away", [office.id, 0], first, last)[office.id].value == 3


def test_a_count_of_nothing_is_none_at_all_and_a_share_of_nobody_is_not_known():
    office = an_open_office()

    rows = series.of("turned_away", offices=[office.id], first=MONDAY, last=MONDAY)
    shares = series.of("promise_kept", offices=[office.id], first=MONDAY, last=MONDAY)

    assert [(row.first, row.value) for row in rows] == [(MONDAY, 0)]
    assert [(row.first, row.value, row.n) for row in shares] == [(MONDAY, None, 0)]


def test_a_figure_that_is_not_known_by_that_says_so():
    with pytest.raises(measures.NoSuchMeasure):
        series.value("happiness", [1], MONDAY, MONDAY)
    with pytest.raises(measures.NotSplit):
        series.of("idle_minutes", offices=[1], first=MONDAY, last=MONDAY, split="channel")


@pytest.mark.parametrize("key", measures.MEASURES)
def test_every_measure_can_be_read_by_all_that_it_names(key):
    office = an_open_office()
    a_full_day(office)
    for split in (None, *measures.MEASURES[key].splits):
        series.of(key, offices=[office.id], first=MONDAY, last=MONDAY, by="week", split=split)


def test_each_measure_is_defined_in_the_documentation_under_its_label():
    page = Path("docs/figures.md").read_text()
    for measure in measures.MEASURES.values():
        splits = ", ".join(measure.splits) or "none"
        assert f"| `{measure.key}` | {measure.label} |" in page
        assert (
            f"| {measure.kind} | {splits} |" in page.split(f"`{measure.key}` |")[1].split("\n")[0]
        )
