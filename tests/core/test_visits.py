from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.lab import warsaw
from giliran.lab.serang import CLAIMS, OPENS_AT, PLACES, serang_day
from giliran.lab.visits import DAY, HEADER, HOUR, BadRecordError, Kind, Visit
from giliran.lab.visits import read_visits as read
from giliran.lab.visits import write_visits as write

SLICE = Path(__file__).parents[1] / "data" / "warsaw_slice.csv.xz"
BEMOWO = ("UD_Bemowo", date(2020, 1, 3))
SANDOMIERSKA = ("USC_Sandomierska", date(2020, 1, 15))
URSUS = ("UD_Ursus", date(2020, 1, 3))

times = st.integers(0, DAY - 1)
minutes = st.floats(0.01, 600)
anybody = {
    "arrives_at": times,
    "service": st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1),
    "service_minutes": minutes,
    "patience_minutes": st.none() | st.just(0.0) | minutes,
    "is_priority": st.booleans(),
}
windows = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])
walk_ins = st.fixed_dictionaries(anybody).map(lambda values: Visit(**values))
appointments = st.builds(
    lambda visit, window: visit._replace(
        kind=Kind.APPOINTMENT, window_starts_at=window[0], window_ends_at=window[1]
    ),
    walk_ins,
    windows,
)


def a_row(**changes):
    row = dict.fromkeys(HEADER, "") | {
        "arrives_at": "07:45:00",
        "service": "JHT",
        "service_minutes": "12.5",
        "is_priority": "no",
        "kind": "walk_in",
    }
    return ",".join((row | changes).values())


def a_file(tmp_path, *rows, header=HEADER):
    path = tmp_path / "visits.csv"
    path.write_text("\n".join((",".join(header), *rows)) + "\n", encoding="utf-8")
    return path


def a_service(*seen, letter="A", every=5, opens=8 * 60):
    """Each snapshot is (counters, waiting, ticket)."""
    return warsaw.Service(
        letter,
        letter,
        [
            warsaw.Seen(counters, waiting, ticket, 10, (opens + every * index) * 60)
            for index, (counters, waiting, ticket) in enumerate(seen)
        ],
    )


@given(st.lists(walk_ins | appointments, max_size=8))
def test_a_record_reads_back_as_it_was_written(tmp_path_factory, visits):
    path = tmp_path_factory.mktemp("visits") / "visits.csv"
    write(path, visits)
    assert read(path) == sorted(visits, key=lambda visit: visit.arrives_at)


def test_a_row_is_read_with_its_units(tmp_path):
    row = a_row(
        patience_minutes="90",
        is_priority="yes",
        kind="appointment",
        window_starts_at="08:00:00",
        window_ends_at="08:30:00",
    )
    assert read(a_file(tmp_path, row)) == [
        Visit(
            7 * HOUR + 45 * 60, "JHT", 12.5, 90, True, Kind.APPOINTMENT, 8 * HOUR, 8 * HOUR + 1800
        )
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (a_row(arrives_at="7:45"), "arrives_at is a time"),
        (a_row(arrives_at="24:00:00"), "arrives_at is a time"),
        (a_row(service=" "), "service is missing"),
        (a_row(service_minutes="0"), "service_minutes is a number"),
        (a_row(service_minutes="inf"), "service_minutes is a number"),
        (a_row(patience_minutes="-1"), "patience_minutes is a number"),
        (a_row(patience_minutes="long"), "patience_minutes is a number"),
        (a_row(is_priority="1"), "is_priority is yes or no"),
        (a_row(kind="phone"), "kind is walk_in or appointment"),
        (a_row(kind="appointment"), "has a window"),
        (a_row(window_starts_at="08:00:00"), "a walk-in has none"),
        (a_row() + ",x", "8 values"),
        ("07:45:00,JHT", "8 values"),
    ],
)
def test_a_bad_row_is_named_by_line_and_reason_and_nothing_is_read(tmp_path, row, reason):
    with pytest.raises(BadRecordError, match=reason) as refusal:
        read(a_file(tmp_path, a_row(), row, a_row()))
    assert [line for line, _ in refusal.value.problems] == [3]


def test_every_bad_row_is_reported_at_once(tmp_path):
    with pytest.raises(BadRecordError) as refusal:
        read(a_file(tmp_path, a_row(kind="x"), a_row(), a_row(service="")))
    assert [line for line, _ in refusal.value.problems] == [2, 4]
    assert str(refusal.value).startswith("Line 2: ")


def test_a_file_with_another_header_is_refused(tmp_path):
    with pytest.raises(BadRecordError, match="header must be"):
        read(a_file(tmp_path, header=("time", "service")))


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = a_file(tmp_path, a_row())
    path.write_bytes(path.read_bytes() + b"\xff\xfe\n")
    with pytest.raises(BadRecordError, match="not UTF-8"):
        read(path)


def test_a_quote_that_never_ends_is_refused(tmp_path):
    with pytest.raises(BadRecordError, match="not CSV"):
        read(a_file(tmp_path, a_row(service='"JHT')))


@given(st.integers(0, 2**32 - 1))
def test_at_serang_far_more_people_than_places_come_and_most_before_opening(seed):
    day = serang_day(seed)
    arrivals = [visit.arrives_at for visit in day]
    assert 135 <= len(day) <= 145
    assert len(day) > 2 * PLACES
    assert sum(at < OPENS_AT for at in arrivals) > len(day) / 2
    assert 2 * HOUR <= arrivals[0] <= 2 * HOUR + 20 * 60
    assert all(one <= other for one, other in pairwise(arrivals))
    assert {visit.kind for visit in day} == set(Kind)
    assert {visit.service for visit in day} <= set(CLAIMS)
    # Nobody who came before opening leaves before the door was ever open.
    assert all(visit.arrives_at + visit.patience_minutes * 60 >= OPENS_AT for visit in day)


def test_the_same_seed_gives_the_same_serang_day_and_another_seed_another():
    assert serang_day(7) == serang_day(7)
    assert serang_day(7) != serang_day(8)


def test_a_season_at_serang_has_the_stated_services_lengths_and_priorities():
    season = [visit for seed in range(60) for visit in serang_day(seed)]
    lengths = np.array([visit.service_minutes for visit in season])
    assert lengths.mean() == pytest.approx(12, abs=0.4)
    assert lengths.var() / lengths.mean() ** 2 == pytest.approx(0.5, abs=0.06)
    assert np.mean([visit.is_priority for visit in season]) == pytest.approx(0.2, abs=0.02)
    share = np.mean([visit.service == "JHT" for visit in season])
    assert share == pytest.approx(CLAIMS["JHT"] / sum(CLAIMS.values()), abs=0.02)


def test_a_serang_record_survives_the_file(tmp_path):
    write(tmp_path / "serang.csv", serang_day(1))
    assert read(tmp_path / "serang.csv") == serang_day(1)


def test_people_are_those_called_and_those_waiting():
    service = a_service((1, 2, ""), (1, 3, "A001"), (1, 1, "A003"), (1, 0, "A004"))
    assert warsaw.tickets_called(service) == [0, 1, 3, 4]
    assert warsaw.tickets_issued(service) == [2, 4, 4, 4]


def test_a_ticket_called_late_or_of_another_letter_takes_nobody_away():
    service = a_service(
        (1, 0, "A004"), (1, 0, "A003"), (1, 0, "K077"), (1, 0, ""), (1, 0, "A005"), (0, 0, "A005")
    )
    assert warsaw.tickets_called(service) == [4, 4, 4, 4, 5, 5]


def test_a_roll_that_begins_again_is_counted_on():
    service = a_service(
        (2, 0, "E401"), (2, 0, "E450"), (2, 0, "E499"), (2, 0, "E401"), (2, 0, "E403"), letter="E"
    )
    assert warsaw.tickets_called(service) == [1, 50, 99, 100, 102]


def test_a_roll_that_goes_on_from_yesterday_begins_with_todays_first_number():
    assert warsaw.tickets_called(a_service((1, 0, "K069"), (1, 0, "K071"), letter="K")) == [1, 3]


def test_numbers_in_the_nine_hundreds_are_a_roll_beside_the_ordinary_one():
    service = a_service((1, 0, "H001"), (1, 0, "H002"), (1, 0, "H902"), (1, 0, "H003"), letter="H")
    assert warsaw.tickets_called(service) == [1, 2, 4, 5]


def test_a_service_without_tickets_counts_the_rises_of_its_line():
    service = a_service((1, 1, ""), (1, 3, ""), (1, 0, ""), (1, 2, "X009"))
    assert warsaw.tickets_issued(service) == [1, 3, 3, 5]


def test_service_minutes_come_from_calls_made_while_people_waited():
    busy = a_service(*((2, 9, f"A{2 * n + 1:03}") for n in range(61)), every=5)
    assert warsaw.mean_service_minutes(busy) == pytest.approx(5.2, abs=0.1)
    idle = a_service(*((2, 0, f"A{n + 1:03}") for n in range(61)))
    assert warsaw.mean_service_minutes(idle) == 10


@pytest.mark.parametrize(("office", "day"), [BEMOWO, SANDOMIERSKA, URSUS])
def test_arrivals_match_the_tickets_called_by_the_end_of_the_day(office, day):
    """Stated tolerance: 5 percent of the people of an office-day."""
    visits = warsaw.office_day(SLICE, office, day)
    called = sum(warsaw.tickets_called(one)[-1] for one in warsaw.services_of(SLICE, office, day))
    assert called <= len(visits) <= 1.05 * called


@pytest.mark.parametrize(
    ("office_and_day", "service", "last_number"),
    [
        (BEMOWO, "P", 168),  # to P168
        (BEMOWO, "L", 83),  # to L083
        (SANDOMIERSKA, "A", 99 + 26),  # over A99 to A26
        (SANDOMIERSKA, "F", 63),  # F501 to F563
    ],
)
def test_a_service_has_as_many_arrivals_as_tickets(office_and_day, service, last_number):
    visits = warsaw.office_day(SLICE, *office_and_day)
    arrivals = sum(visit.service == service for visit in visits)
    assert arrivals == pytest.approx(last_number, abs=2)


def test_the_same_seed_rebuilds_the_same_warsaw_day():
    day = warsaw.office_day(SLICE, *BEMOWO, seed=3)
    assert day == warsaw.office_day(SLICE, *BEMOWO, seed=3)
    assert day != warsaw.office_day(SLICE, *BEMOWO, seed=4)
    assert day == sorted(day, key=lambda visit: visit.arrives_at)
    assert all(7 * HOUR <= visit.arrives_at < 16 * HOUR + 300 for visit in day)


def test_counters_of_a_real_day_open_and_close():
    staffing = warsaw.open_counters_through_day(SLICE, *BEMOWO)
    assert staffing[0].counters["P"] == 1
    assert max(moment.counters["L"] for moment in staffing) == 6
    assert set(staffing[-1].counters.values()) == {0}
    assert all(one.at < other.at for one, other in pairwise(staffing))


def test_a_day_that_is_not_in_the_file_is_refused_with_those_that_are():
    with pytest.raises(warsaw.OfficeDayMissingError, match="2020-01-03"):
        warsaw.office_day(SLICE, "UD_Bemowo", date(2020, 1, 4))
    with pytest.raises(warsaw.OfficeDayMissingError, match="USC_Sandomierska"):
        warsaw.office_day(SLICE, "Serang", date(2020, 1, 3))


def test_a_file_that_is_no_record_of_snapshots_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("office,day\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column current_ticket"):
        warsaw.office_day(path, *BEMOWO)
