"""What one story adds to the figures, and that sums of stories are sums."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.figures import (
    Event,
    Hours,
    Places,
    add_longer,
    changed,
    facts,
    mean_of_marks,
    percentile,
    share,
    spread,
)
from tests import random_stories
from tests.builders import MONDAY, at

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


def eight_to_three(office_id: int, day: date) -> Hours:
    zone = PLACES.zones[office_id]
    return Hours(at("08:00", day, zone), at("15:00", day, zone))


PLACES = Places({1: WIB, 2: WIT}, WIB, eight_to_three)
CLOSED = Places({1: WIB}, WIB, lambda *_: None)


def counted(subject: str, story: list[Event], places: Places = PLACES) -> Counter[str]:
    """Return what a story adds, all days together."""
    found: Counter[str] = Counter()
    for fact in facts(subject, story, places):
        found[fact.key] += fact.n
    return found


def a_visit(
    *steps: tuple[str, str, str], office_id: int = 1, zone: ZoneInfo = WIB, **fields
) -> list[Event]:
    """Return a walk-in's events: ``("08:20", "call", "called")`` after each other."""
    arrived = at("08:00", zone=zone)
    birth = {
        "office_id": office_id,
        "service_id": 1,
        "claim_id": None,
        "kind": "walk_in",
        "channel": "kiosk",
        "day": MONDAY.isoformat(),
        "window_from": None,
        "window_till": None,
        "is_priority": False,
        "arrived_at": arrived.isoformat(),
        "ended_at": None,
        "state": "waiting",
        "move": "take_number",
        "moved_by": "kiosk:1",
    } | fields
    events = [Event(arrived, "turn.take_number", office_id, birth)]
    for clock, move, state in steps:
        moment = at(clock, zone=zone)
        ended = {"ended_at": moment.isoformat()} if state == "finished" else {}
        data = {"move": move, "state": state, **ended}
        events.append(Event(moment, f"turn.{move}", office_id, data))
    return events


SERVED = (
    ("08:20", "call", "called"),
    ("08:21", "start", "serving"),
    ("08:40", "finish", "finished"),
)


# Sums.


@given(st.data(), st.lists(random_stories.anything(), max_size=6))
def test_however_stories_grow_the_changes_add_up_to_the_whole(data, told):
    """What a piece of a story changes, taken and added again and again, ends at the whole story."""
    kept: dict = {}
    for subject, story in told:
        seen = 0
        while seen < len(story):
            grown = data.draw(st.integers(seen + 1, len(story)))
            change: dict = {}
            spread(facts(subject, story[:seen], PLACES), change, sign=-1)
            spread(facts(subject, story[:grown], PLACES), change)
            add_longer(change)
            for cell, counts in change.items():
                kept[cell] = changed(kept.get(cell, {}), counts)
            seen = grown
    whole: dict = {}
    for subject, story in told:
        spread(facts(subject, story, PLACES), whole)
    add_longer(whole)

    assert {cell: counts for cell, counts in kept.items() if counts} == {
        cell: changed(counts, {}) for cell, counts in whole.items() if any(counts.values())
    }


@given(st.lists(random_stories.turns(), max_size=5))
def test_parts_weeks_and_months_add_up_to_the_whole(told):
    cells: dict = {}
    for subject, story in told:
        spread(facts(subject, story, PLACES), cells)
    add_longer(cells)
    sums: dict[tuple[str, str], Counter] = {}
    for cell, counts in cells.items():
        sums.setdefault((cell.span, cell.split), Counter()).update(counts)

    for split in ("service", "class", "channel"):
        assert sums.get(("day", split)) == sums.get(("day", "all"))
    assert sums.get(("month", "all")) == sums.get(("day", "all"))
    assert sums.get(("week", "all")) == sums.get(("day", "all"))


@given(random_stories.turns())
def test_a_turn_is_asked_once_and_has_one_end(told):
    found = counted(*told)

    assert found["asked"] == 1
    ends = ("served", "no_shows", "missed_calls", "left", "cancelled", "still_open")
    assert sum(found[end] for end in ends) == 1
    assert found["promises_kept"] <= found["promises"] <= found["came"]


@given(random_stories.anything())
def test_a_story_without_its_beginning_is_no_fault(told):
    subject, story = told
    for cut in range(len(story) + 1):
        facts(subject, story[cut:], PLACES)


# Visits.


def test_a_wait_is_counted_in_whole_minutes_rounded_up():
    steps = (("08:20", "call", "called"),)
    exact = a_visit(*steps)
    late = [*exact[:-1], exact[-1]._replace(at=exact[-1].at + timedelta(seconds=1))]

    assert counted("turn", exact)["20s"] == 1
    assert counted("turn", late)["21s"] == 1
    assert counted("turn", a_visit(*steps, is_priority=True))["20p"] == 1


def test_only_the_first_call_ends_a_wait():
    again = (
        *SERVED[:2],
        ("08:30", "park", "parked"),
        ("09:30", "rejoin", "waiting"),
        ("09:50", "call", "called"),
    )

    found = counted("turn", a_visit(*again))

    assert found["20s"] == 1
    assert found["busy_s"] == 10 * 60


def test_a_day_begins_at_the_midnight_of_its_office():
    """At five to midnight in Jayapura it is still the evening before in Jakarta."""
    here = a_visit(office_id=2, zone=WIT)
    away = Event(datetime(2026, 11, 23, 15, 30, tzinfo=ZoneInfo("UTC")), "door.turned_away", 2, {})

    (asked, *_) = facts("turn", here, PLACES)
    assert (asked.where.day, asked.where.hour) == (MONDAY, "08")
    assert facts("door", [away], PLACES)[0].where.day == MONDAY + timedelta(days=1)
    elsewhere = away._replace(office_id=1)
    assert facts("door", [elsewhere], PLACES)[0].where.day == MONDAY


@pytest.mark.parametrize(
    ("clock", "keys"),
    [("05:59", {"early", "before_six"}), ("06:00", {"early"}), ("07:59", {"early"}), ("08:00", ())],
)
def test_who_comes_before_opening_is_counted_at_the_door_and_inside(clock, keys):
    arrived = a_visit(arrived_at=at(clock).isoformat())
    away = [Event(at(clock), "door.turned_away", 1, {"service_id": None, "why": "no_number"})]

    for subject, story in (("turn", arrived), ("door", away)):
        assert set(counted(subject, story)) & {"early", "before_six"} == set(keys)


def test_nobody_is_early_where_nobody_knows_when_it_opens():
    early = a_visit(arrived_at=at("05:00").isoformat())

    assert set(counted("turn", early, CLOSED)) & {"early", "before_six"} == {"before_six"}


def test_time_at_counters_is_divided_at_full_hours():
    steps = (
        ("08:50", "call", "called"),
        ("08:55", "start", "serving"),
        ("09:05", "finish", "finished"),
    )

    found = [f for f in facts("turn", a_visit(*steps), PLACES) if f.key == "busy_s"]

    by_hour: Counter[str] = Counter()
    for fact in found:
        by_hour[fact.where.hour] += fact.n
    assert by_hour == {"08": 600, "09": 300}


# Counters.


def openings(*told: tuple[str, str]) -> int:
    story = [Event(at(clock), f"counter.{kind}", 1, {}) for clock, kind in told]
    return counted("counter", story)["counter_s"] // 60


def test_a_counter_counts_while_somebody_sits_there():
    assert (
        openings(("08:00", "open"), ("10:00", "close"), ("10:30", "open"), ("11:00", "close"))
        == 150
    )
    assert openings(("14:00", "open")) == 60, "whoever forgot to close it went home at three"
    assert openings(("09:00", "close")) == 60, "somebody sat there from the evening before"
    assert openings(("16:00", "open")) == 0


# Claims and complaints.


def a_case(subject: str, *told: tuple[int, str, str, dict]) -> list[Event]:
    """Return events on days after Monday: ``(1, "complete", "complete", {...})``."""
    return [
        Event(
            at("09:00", MONDAY + timedelta(days=n)),
            f"{subject}.{move}",
            1,
            {"office_id": 1, "channel": "web", "move": move, "state": state, **data},
        )
        for n, move, state, data in told
    ]


def on(n: int) -> str:
    return (MONDAY + timedelta(days=n)).isoformat()


HANDED_IN = ((0, "begin", "drafted", {}), (0, "submit", "submitted", {}))
COMPLETE = (1, "complete", "complete", {"due_on": on(8)})
APPROVED = ((2, "verify", "verified", {}), (3, "approve", "approved", {}))


@pytest.mark.parametrize(("paid", "in_time"), [(8, 1), (9, 0)])
def test_a_claim_is_in_time_when_it_is_paid_by_its_date(paid, in_time):
    story = a_case(
        "claim",
        *HANDED_IN,
        COMPLETE,
        *APPROVED,
        (9, "pay", "paid", {"paid_on": on(paid), "due_on": None}),
    )

    found = facts("claim", story, PLACES)

    assert sum(f.key == "claims_in_time" for f in found) == in_time
    assert {f.where.day for f in found if f.key == "claims_due"} == {MONDAY + timedelta(days=8)}
    assert counted("claim", story)["complete_at_once"] == 1


def test_what_nobody_has_paid_yet_is_due_all_the_same():
    found = counted("claim", a_case("claim", *HANDED_IN, COMPLETE))

    assert (found["claims_due"], found["claims_in_time"]) == (1, 0)


def test_while_papers_are_asked_for_nothing_is_due():
    story = a_case("claim", *HANDED_IN, COMPLETE, (2, "return", "returned", {"due_on": None}))

    assert counted("claim", story)["claims_due"] == 0
    assert counted("claim", story)["complete_at_once"] == 1, "it was complete at the first look"


def test_a_refusal_by_the_date_is_in_time_and_a_bounced_payment_is_not_done():
    refused = a_case(
        "claim", *HANDED_IN, COMPLETE, APPROVED[0], (8, "refuse", "refused", {"due_on": None})
    )
    bounced = a_case(
        "claim",
        *HANDED_IN,
        COMPLETE,
        *APPROVED,
        (4, "pay", "paid", {"paid_on": on(4), "due_on": None}),
        (6, "bounce", "bounced", {"paid_on": None}),
        (7, "mend", "approved", {"due_on": on(10)}),
    )

    assert counted("claim", refused)["claims_in_time"] == 1
    assert counted("claim", bounced)["claims_in_time"] == 0
    assert counted("claim", bounced)["claims_due"] == 1


def test_the_first_answer_decides_whether_a_complaint_was_answered_in_time():
    received = (0, "receive", "received", {"due_on": on(5)})
    classified = (1, "classify", "classified", {"due_on": on(3)})
    answered = (3, "answer", "answered", {"due_on": None})
    disputed = (4, "dispute", "disputed", {"due_on": on(6)})
    late = (9, "answer", "answered", {"due_on": None})

    twice = counted(
        "complaint", a_case("complaint", received, classified, answered, disputed, late)
    )
    never = counted("complaint", a_case("complaint", received, classified))
    gone = counted("complaint", a_case("complaint", received, (1, "withdraw", "withdrawn", {})))

    assert (twice["complaints"], twice["complaints_due"], twice["complaints_in_time"]) == (1, 1, 1)
    assert (never["complaints_due"], never["complaints_in_time"]) == (1, 0)
    assert (gone["complaints"], gone["complaints_due"]) == (1, 0)


def test_the_last_word_of_an_opinion_counts():
    row = {"office_id": 1, "service_id": 1, "day": on(0), "channel": "web"}
    story = [
        Event(at("15:00"), "opinion.ask", None, row),
        Event(at("16:00"), "opinion.reply", None, {**row, "score": 1}),
        Event(at("16:01"), "opinion.reply", None, {**row, "score": 4}),
    ]

    assert counted("opinion", story) == {"opinions_asked": 1, "score_4": 1}


def test_leave_counts_weekdays_and_only_once_approved():
    row = {"office_id": 1, "first_day": on(4), "last_day": on(8)}
    told = [
        Event(at("08:00"), "absence.state", None, {**row, "state": s})
        for s in ("asked", "approved")
    ]

    assert counted("absence", told[:1]) == {}
    assert counted("absence", told) == {"absences": 3}, "Friday, Monday, Tuesday"


# Values.


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60), st.sampled_from([0.5, 0.9]))
def test_a_percentile_of_a_histogram_is_that_of_the_waits(waits, level):
    found = percentile(Counter(waits), level)
    ordered, place = sorted(waits), level * (len(waits) - 1)
    below = ordered[int(place)]
    above = ordered[min(int(place) + 1, len(waits) - 1)]

    assert found.value == pytest.approx(below + (above - below) * (place - int(place)))
    assert min(waits) <= (found.value if found.low is None else found.low) <= found.value
    assert found.value <= (found.value if found.high is None else found.high) <= max(waits)


def test_of_a_few_people_nobody_knows_how_long_nine_of_ten_wait():
    assert percentile({10: 20}, 0.9)[2:] == (10, None)
    assert percentile({10: 60}, 0.9)[2:] == (10, 10)
    assert percentile({10: 1}, 0.5)[2:] == (None, None)


def test_an_interval_of_a_percentile_holds_the_true_one_nineteen_times_of_twenty():
    chance, held = random.Random(4), 0
    for _ in range(1000):
        waits = Counter(chance.randrange(1000) for _ in range(100))
        found = percentile(waits, 0.9)
        held += found.low <= 899 <= found.high
    assert held >= 935


@given(st.integers(1, 200), st.data())
def test_an_interval_of_a_share_holds_the_share_and_stays_between_none_and_all(of, data):
    found = share(data.draw(st.integers(0, of)), of)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0


def test_an_interval_of_a_share_is_wilsons():
    """Brown, Cai and DasGupta (2001): no success of ten lies between 0 and 27.8 percent."""
    found = share(0, 10)

    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(0.2775, abs=1e-4)


def test_nothing_is_said_of_nobody_and_no_interval_of_one():
    assert share(0, 0).value is percentile({}, 0.5).value is mean_of_marks({4: 0}, 25).value is None
    assert mean_of_marks({3: 1}, 25) == (75, 1, None, None)
