"""Dates of complaints against a count of its own, made from the decree files over arrays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.voices import actions as voices
from giliran.voices import complaints, deadlines
from giliran.voices.actions.warning import levels
from giliran.voices.models import Escalation
from tests.builders import WIB, an_office, an_officer
from tests.examples import examples

# The law's times, written down here a second time: (days, do only working days count).
CLASSES = {"": None, "light": 2, "normative": 5, "not_supervision": 14, "supervision": 60}
HANDLES, FOLLOWS_UP, SILENCE = 5, 5, 10
ANSWERS, DECIDES = 14, 60  # days of the calendar
YEARS = (2025, 2026, 2027)


def decreed(part: str) -> np.ndarray:
    """The days of the decrees, read from their files without the program's own loader."""
    days = []
    for year in YEARS:
        text = Path(f"giliran/rules/calendar/{year}.yaml").read_text(encoding="utf-8")
        days += [row["day"] for row in yaml.safe_load(text)[part]]
    return np.array(days, dtype="datetime64[D]")


HOLIDAYS, LEAVE = decreed("holidays"), decreed("collective_leave")


def working(day0: date, length: int, *, leave_works: bool) -> date:
    off = HOLIDAYS if leave_works else np.concatenate([HOLIDAYS, LEAVE])
    start = np.datetime64(day0)
    return np.busday_offset(start, length, roll="backward", holidays=off).astype(date)


def expected(day0: date, weight: str, channel: str, *, leave_works: bool) -> date:
    lengths = [HANDLES] + ([CLASSES[weight]] if weight else [])
    lengths += [FOLLOWS_UP] if channel == "lapor" else []
    counted = [working(day0, each, leave_works=leave_works) for each in lengths]
    return min(*counted, day0 + timedelta(days=DECIDES))


days0 = st.dates(date(2025, 1, 2), date(2027, 9, 1))


class Branch:
    """As much of an office as decides its calendar."""

    def __init__(self, *, leave_works: bool) -> None:
        self.closes_on_collective_leave = not leave_works


@settings(max_examples=examples(133))
@given(
    day0=days0,
    weight=st.sampled_from(sorted(CLASSES)),
    channel=st.sampled_from(["web", "lapor"]),
    leave_works=st.booleans(),
)
def test_the_shortest_law_counts_as_arrays_count_it(day0, weight, channel, leave_works):
    office = Branch(leave_works=leave_works)
    due = deadlines.answer_due(day0, weight=weight, channel=channel, office=office)
    assert due.on == expected(day0, weight, channel, leave_works=leave_works)
    assert due.is_known
    first = deadlines.acknowledge_due(day0, channel=channel, office=office)
    bound = min(expected(day0, "", channel, leave_works=leave_works), day0 + timedelta(ANSWERS))
    assert first.on == bound
    ends = deadlines.silence_ends(day0, office=office)
    assert ends.on == working(day0, SILENCE, leave_works=leave_works)


def test_fourteen_days_press_where_a_long_holiday_stretches_the_working_days():
    """Around Lebaran 2026 five working days are more than a week; never more than fourteen days."""
    office = Branch(leave_works=False)
    spans = [
        (
            deadlines.answer_due(date(2026, 1, 1) + timedelta(n), office=office).on
            - (date(2026, 1, 1) + timedelta(n))
        ).days
        for n in range(365)
    ]
    assert max(spans) > 7
    firsts = [
        (
            deadlines.acknowledge_due(date(2026, 1, 1) + timedelta(n), office=office).on
            - (date(2026, 1, 1) + timedelta(n))
        ).days
        for n in range(365)
    ]
    assert max(firsts) <= ANSWERS


def test_a_year_without_a_decree_gives_an_earlier_day_and_says_so():
    due = deadlines.answer_due(date(2027, 12, 29))
    assert (due.on, due.is_known) == (date(2028, 1, 5), False)


@given(
    day0=days0, ahead=st.integers(-20, 30), lowest=st.sampled_from(["office", "region", "centre"])
)
def test_levels_are_reached_in_their_order_and_stay_reached(day0, ahead, lowest):
    office = Branch(leave_works=False)
    due_on, calendar = deadlines.answer_due(day0, office=office).on, deadlines.calendar_of(office)
    today = due_on + timedelta(days=ahead)
    reached = [str(level) for level in levels(lowest, due_on, today, calendar)]
    ladder = ["office", "region", "centre"][["office", "region", "centre"].index(lowest) :]
    assert reached == ladder[: len(reached)]
    after = [str(one) for one in levels(lowest, due_on, today + timedelta(days=1), calendar)]
    assert after[: len(reached)] == reached
    assert (today > due_on) <= (len(reached) >= min(2, len(ladder)))


@pytest.mark.django_db
@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    day0=st.dates(date(2025, 3, 1), date(2027, 8, 1)),
    weight=st.sampled_from([one for one in CLASSES if one]),
    disputed_after=st.integers(0, 12),
    closes=st.booleans(),
)
def test_a_complaint_is_due_on_the_day_that_arrays_count_also_after_a_dispute(
    day0, weight, disputed_after, closes
):
    with transaction.atomic():
        office = an_office(closes_on_collective_leave=closes)
        clerk, region = an_officer(office), an_officer(office, "regional")
        noon = datetime.combine(day0, time(12), tzinfo=WIB)
        view = voices.complain(
            request_key=uuid4(), channel="web", text="Kuota habis terus.", office=office, now=noon
        )
        assert view.due_on == expected(day0, "", "web", leave_works=not closes)
        found = voices.classify(
            view.id, weight=weight, category="queue", officer_id=clerk.id, now=noon
        )
        assert found.due_on == expected(day0, weight, "web", leave_works=not closes)
        said = {"request_key": uuid4(), "officer_id": clerk.id, "now": noon}
        answered = voices.answer(view.id, "Kuota ditambah besok.", **said)
        assert answered.answered_in_time
        later = noon + timedelta(days=disputed_after)
        again = voices.dispute(view.code, "Kuota tetap habis.", request_key=uuid4(), now=later)
        assert again.due_on == expected(later.date(), weight, "web", leave_works=not closes)
        late = datetime.combine(again.due_on, time(23, 59), tzinfo=WIB)
        said = {"request_key": uuid4(), "officer_id": region.id, "now": late}
        voices.answer(view.id, "Kuota benar ditambah.", **said)
        assert complaints.find(view.code).answered_in_time  # the first answer is what counts
        assert not Escalation.objects.exists()
        transaction.set_rollback(True)
