"""However old an event is, it gets an answer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.eligibility import Decision, Situation, decide
from giliran.rules import calendar, load

LAW, CALENDAR = load(), calendar()
REASONS = (
    *("age", "resigned", "dismissed", "contract_end", "self_employed_stopped"),
    *("migrant_contract_end", "leaving_indonesia", "total_permanent_disability", "death"),
    *("partial_other", "partial_housing", "old_card", "work_accident", "occupational_disease"),
    "scholarship",
)


def test_a_death_before_the_kept_rules_goes_to_an_officer():
    """The command line once ended in a traceback here."""
    told = {
        "date": "2026-11-21",
        "reason": "death",
        "event_date": "1985-02-03",
        "active_on_event": False,
        "segment": "PU",
        "claimant": "heir",
    }

    answer = decide(Situation.from_json(told), LAW, CALENDAR)

    assert answer.decision is Decision.OFFICER_DECIDES
    assert answer.reason_code == "law_of_that_day_unknown"


@pytest.mark.parametrize("reason", REASONS)
@given(
    days_ago=st.integers(0, 20_000),
    segment=st.sampled_from(["PU", "BPU", "PMI", "Jakon"]),
    active=st.sampled_from([True, False, None]),
)
def test_every_event_of_any_day_gets_an_answer(reason, days_ago, segment, active):
    told = {
        "date": "2026-11-21",
        "reason": reason,
        "segment": segment,
        "event_date": (date(2026, 11, 21) - timedelta(days=days_ago)).isoformat(),
        "birth_date": "1950-01-01",
    }
    if active is not None:
        told["active_on_event"] = active

    answer = decide(Situation.from_json(told), LAW, CALENDAR)

    assert answer.decision in set(Decision)
    assert answer.to_json()["decision"]
