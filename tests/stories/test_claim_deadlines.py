"""Deadlines of claims: by program, with pauses, over the year's end, and who is warned when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.claims import actions as claims
from giliran.claims import deadlines, queries, worklists
from giliran.claims.models import Claim, Paper, Pause, Warned
from giliran.core.deadline import Calendar, Clock
from giliran.journal.queries import happened
from giliran.rules import calendar
from tests.builders import (
    PHK,
    WIB,
    a_complete_claim,
    a_submitted_claim,
    an_approved_claim,
    an_office,
    an_officer,
    at,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db

# The law's lengths, written down here a second time: (days, do only working days count).
LENGTHS = {
    "JHT": (5, True),
    "JKK": (7, True),
    "JKM": (3, True),
    "JKP": (3, True),
    "JP": (15, False),
}
KINDS = {
    "JHT": "jht/dismissed",
    "JKK": "jkk/accident",
    "JKM": "jkm/death",
    "JKP": "jkp/first_month",
    "JP": "jp/old_age",
}
YEARS = (2025, 2026, 2027)


def decreed(part: str) -> np.ndarray:
    """The days of the decrees, read from their files without the program's own loader."""
    days = []
    for year in YEARS:
        text = Path(f"giliran/rules/calendar/{year}.yaml").read_text(encoding="utf-8")
        days += [row["day"] for row in yaml.safe_load(text)[part]]
    return np.array(days, dtype="datetime64[D]")


HOLIDAYS, LEAVE = decreed("holidays"), decreed("collective_leave")


def last_day(day0: date, program: str, stops: list[tuple[date, date]], *, leave_works: bool):
    """The last day in time, counted over arrays of days; no line of it is the program's."""
    length, only_working = LENGTHS[program]
    days = np.arange(np.datetime64(day0) + 1, np.datetime64(day0) + 200)
    off = HOLIDAYS if leave_works else np.concatenate([HOLIDAYS, LEAVE])
    counts = np.is_busday(days, holidays=off) if only_working else np.ones(len(days), dtype=bool)
    for stopped, resumed in stops:
        counts &= (days <= np.datetime64(stopped)) | (days > np.datetime64(resumed))
    return days[np.searchsorted(np.cumsum(counts), length)].astype(date)


@st.composite
def courses(draw):
    """A day 0 and days on which the clock stopped and went on, in order, while it still ran."""
    day0 = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
    stops, day = [], day0
    for _ in range(draw(st.integers(0, 4))):
        stopped = day + timedelta(days=draw(st.integers(0, 6)))
        resumed = stopped + timedelta(days=draw(st.integers(0, 20)))
        stops.append((stopped, resumed))
        day = resumed
    return day0, stops


@settings(max_examples=examples(67))
@given(course=courses(), program=st.sampled_from(sorted(LENGTHS)), leave_works=st.booleans())
def test_the_clock_agrees_with_a_count_over_arrays(course, program, leave_works):
    day0, stops = course
    length, only_working = LENGTHS[program]
    clock = Clock(day0, length, "working_days" if only_working else "days")
    for stopped, resumed in stops:
        clock = clock.stop(stopped).go_on(resumed)
    days = calendar().with_collective_leave_working(leave_works)
    assert clock.due(days) == last_day(day0, program, stops, leave_works=leave_works)


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    course=courses().filter(lambda course: course[0] >= date(2025, 3, 1)),
    program=st.sampled_from(sorted(LENGTHS)),
    closes=st.booleans(),
)
def test_a_claim_that_goes_back_and_forth_is_due_on_the_day_that_arrays_count(
    course, program, closes
):
    day0, stops = course
    with transaction.atomic():
        office = an_office(closes_on_collective_leave=closes)
        officer = an_officer(office)
        claim = a_complete_claim(
            office,
            program=program,
            kind=KINDS[program],
            situation={},
            officer=officer,
            now=noon(day0),
        )
        for stopped, resumed in stops:
            go_back_and_forth(claim, officer, stopped, resumed)
        claim.refresh_from_db()
        expected = last_day(day0, program, stops, leave_works=not closes)
        assert claim.due_on == expected
        transaction.set_rollback(True)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=WIB)


def go_back_and_forth(claim: Claim, officer, stopped: date, resumed: date) -> None:
    paper = Paper.objects.filter(claim=claim).first()
    claims.check_paper(
        paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=noon(stopped)
    )
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=noon(stopped))
    Paper.objects.filter(id=paper.id).update(state=Paper.State.SENT)
    claims.submit(claim.id, actor="citizen", now=noon(resumed))
    claims.check_paper(paper.id, verdict="good", officer_id=officer.id, now=noon(resumed))
    claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=noon(resumed))


@pytest.mark.parametrize(
    ("program", "due_on"),
    [
        ("JHT", date(2026, 11, 30)),
        ("JKM", date(2026, 11, 26)),
        ("JKK", date(2026, 12, 2)),
        ("JKP", date(2026, 11, 26)),
        ("JP", date(2026, 12, 8)),
    ],
)
def test_each_program_has_the_length_of_its_law(program, due_on):
    """Complete on Monday 23 November 2026; a pension counts calendar days."""
    claim = a_complete_claim(program=program, kind=KINDS[program], situation={})
    assert (claim.complete_on, claim.due_on) == (date(2026, 11, 23), due_on)


def test_the_clock_begins_when_the_file_is_complete_and_not_when_it_was_sent():
    officer = an_officer(an_office())
    claim = a_submitted_claim(now=at("09:00", date(2026, 11, 16)))
    assert claim.due_on is None
    assert queries.claim(claim.id).clock == "not_begun"
    Paper.objects.filter(claim=claim).update(state=Paper.State.GOOD)
    claim = claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("15:30"))
    assert (claim.complete_on, claim.due_on) == (date(2026, 11, 23), date(2026, 11, 30))


def test_the_day_is_that_of_the_office_and_not_of_greenwich():
    office = an_office("jayapura", time_zone="Asia/Jayapura")
    late_on_sunday_in_greenwich = datetime(2026, 11, 22, 23, 30, tzinfo=WIB) - timedelta(hours=2)
    claim = a_complete_claim(office, now=late_on_sunday_in_greenwich)
    assert claim.complete_on == date(2026, 11, 22)
    claim = a_complete_claim(
        office, kpj="12345678902", now=datetime(2026, 11, 22, 23, 30, tzinfo=WIB)
    )
    assert claim.complete_on == date(2026, 11, 23)


def test_while_papers_are_asked_for_the_clock_stands_and_nothing_is_due():
    office = an_office()
    officer = an_officer(office)
    claim = a_complete_claim(office, officer=officer)
    paper = Paper.objects.filter(claim=claim).first()
    claims.check_paper(
        paper.id, verdict="wrong", fault="expired", officer_id=officer.id, now=at("10:00")
    )
    claim = claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:00"))
    assert claim.due_on is None
    assert queries.claim(claim.id).clock == "stands"
    assert Pause.objects.get().resumed_on is None
    assert claims.warn_due(now=at("10:00", date(2027, 3, 1))) == 0


def test_a_file_returned_twice_stands_still_from_the_first_time():
    office = an_office()
    officer = an_officer(office)
    claim = a_complete_claim(office, officer=officer, now=at("09:00", date(2026, 11, 23)))
    paper = Paper.objects.filter(claim=claim).first()
    for day in (date(2026, 11, 24), date(2026, 11, 26)):
        claims.check_paper(
            paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=noon(day)
        )
        claims.ask_for_papers(claim.id, officer_id=officer.id, now=noon(day))
        Paper.objects.filter(id=paper.id).update(state=Paper.State.SENT)
        claims.submit(claim.id, actor="citizen", now=noon(day))
    claims.check_paper(
        paper.id, verdict="good", officer_id=officer.id, now=noon(date(2026, 11, 27))
    )
    claim = claims.complete(
        claim.id, needs_visit=False, officer_id=officer.id, now=noon(date(2026, 11, 27))
    )
    pause = Pause.objects.get()
    assert (pause.stopped_on, pause.resumed_on) == (date(2026, 11, 24), date(2026, 11, 27))
    # Tuesday 24 counted; then Monday 30, and 1, 2, 3 December.
    assert claim.due_on == date(2026, 12, 3)


def test_collective_leave_counts_only_where_the_office_is_open_then():
    day = date(2026, 12, 21)  # collective leave on Thursday 24, Christmas on Friday 25
    shut = a_complete_claim(an_office("shut"), now=noon(day))
    is_open = a_complete_claim(an_office("open", closes_on_collective_leave=False), now=noon(day))
    assert (shut.due_on, is_open.due_on) == (date(2026, 12, 30), date(2026, 12, 29))


def test_over_the_year_that_is_not_decreed_yet_the_day_is_unknown_and_nothing_breaks():
    claim = a_complete_claim(now=noon(date(2027, 12, 30)))
    assert claim.due_on is None
    view = queries.claim(claim.id)
    assert view.clock == "unknown"


def test_an_unknown_day_is_warned_of_as_if_the_year_had_no_holidays():
    claim = a_complete_claim(now=noon(date(2027, 12, 30)))
    # Five weekdays after 30 December 2027: 31, then 3 to 6 January.
    assert claims.warn_due(now=noon(date(2028, 1, 4))) == 0
    assert claims.warn_due(now=noon(date(2028, 1, 5))) == 1
    assert claims.warn_due(now=noon(date(2028, 1, 5))) == 0
    claims.warn_due(now=noon(date(2028, 1, 7)))
    assert levels_of(claim) == ["office", "region"]
    shown = worklists.escalations([claim.office_id], today=date(2028, 1, 7))
    assert [(one.code, one.level, one.due_on, one.is_known) for one in shown] == [
        (claim.code, "region", date(2028, 1, 6), False)
    ]


def test_once_the_decree_is_there_an_unknown_day_is_counted_and_history_still_adds_up(monkeypatch):
    claim = a_complete_claim(now=noon(date(2027, 12, 30)))
    shipped = calendar()
    longer = Calendar(shipped.years | {2028}, shipped.holidays, shipped.collective_leave)
    monkeypatch.setattr(deadlines, "calendar", lambda: longer)
    claims.warn_due(now=noon(date(2027, 12, 31)))
    claim.refresh_from_db()
    # 31 December, then Monday 3 to Thursday 6 January: without a decree no holiday is known.
    assert claim.due_on == date(2028, 1, 6)
    assert claim.state == "complete"
    assert [difference for _, difference in queries.differences_from_history()] == [""]


def test_a_claim_before_its_rule_has_no_day_and_does_not_break():
    claim = a_submitted_claim()
    Claim.objects.filter(id=claim.id).update(complete_on=date(2024, 6, 3), program="JKP")
    claim.refresh_from_db()
    assert deadlines.clock_of(claim) is None
    assert deadlines.due_day(claim) is None


def levels_of(claim: Claim) -> list[str]:
    return list(Warned.objects.filter(claim=claim).order_by("id").values_list("level", flat=True))


def test_a_late_claim_climbs_from_branch_to_region_to_centre_once_each():
    claim = a_complete_claim()  # due on Monday 30 November
    assert claims.warn_due(now=noon(date(2026, 11, 26))) == 0
    assert claims.warn_due(now=noon(date(2026, 11, 27))) == 1
    assert levels_of(claim) == ["office"]
    assert claims.warn_due(now=noon(date(2026, 11, 30))) == 0
    claims.warn_due(now=noon(date(2026, 12, 1)))
    assert levels_of(claim) == ["office", "region"]
    claims.warn_due(now=noon(date(2026, 12, 2)))
    assert levels_of(claim) == ["office", "region", "centre"]
    for day in (date(2026, 12, 2), date(2026, 12, 20), date(2027, 2, 1)):
        assert claims.warn_due(now=noon(day)) == 0
    assert happened("deadline.warned", subject_id=claim.id, level="centre")


def test_a_claim_that_nobody_looked_at_for_weeks_is_put_before_all_three_at_once():
    claim = a_complete_claim()
    assert claims.warn_due(now=noon(date(2026, 12, 28))) == 3
    assert levels_of(claim) == ["office", "region", "centre"]


def test_on_a_weekend_a_claim_due_on_friday_is_overdue_for_the_region_but_not_the_centre():
    claim = a_complete_claim(now=noon(date(2026, 11, 20)))  # due on Friday 27
    claims.warn_due(now=noon(date(2026, 11, 29)))
    assert levels_of(claim) == ["office", "region"]


def test_what_is_settled_or_stands_still_warns_nobody():
    paid = an_approved_claim()
    claims.note_paid(paid.id, paid_on=date(2026, 11, 24), actor="bank", now=at("10:00"))
    bounced = an_approved_claim(kpj="12345678902")
    claims.note_bounced(bounced.id, reason="AC01", actor="bank", now=at("10:00"))
    assert claims.warn_due(now=noon(date(2026, 12, 28))) == 0
    assert not Warned.objects.exists()


def test_an_approved_claim_that_is_not_paid_is_late_too():
    claim = an_approved_claim()
    claims.warn_due(now=noon(date(2026, 12, 1)))
    assert levels_of(claim) == ["office", "region"]


def test_a_new_deadline_after_a_pause_is_warned_of_anew():
    office = an_office()
    officer = an_officer(office)
    claim = a_complete_claim(office, officer=officer)
    claims.warn_due(now=noon(date(2026, 11, 27)))
    go_back_and_forth(claim, officer, date(2026, 11, 27), date(2026, 12, 3))
    claim.refresh_from_db()
    assert claim.due_on == date(2026, 12, 4)
    claims.warn_due(now=noon(date(2026, 12, 3)))
    assert levels_of(claim) == ["office", "office"]
    assert Warned.objects.latest("id").due_on == date(2026, 12, 4)


def test_warned_over_a_year_that_is_not_decreed_weekdays_count():
    claim = a_complete_claim(now=noon(date(2027, 12, 20)))
    assert claim.due_on is not None
    claims.warn_due(now=noon(date(2028, 1, 10)))
    assert levels_of(claim) == ["office", "region", "centre"]


def test_the_amount_is_that_of_the_rules_on_the_day_it_began():
    assert queries.amount_expected(a_submitted_claim(situation=PHK).id) == 42_000_000
    assert queries.amount_expected(a_submitted_claim(situation={}, kpj="").id) is None
