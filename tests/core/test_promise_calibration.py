"""Windows hold as often as they say, also when the forecast is wrong."""

import json
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.promise import Calibration, Cell, Forecast, Window, told
from tests.examples import examples

CELL = Cell("serang", 9, "standard")
WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 23, 9, 2, tzinfo=WIB)
minutes = st.floats(0, 300)
forecasts = st.tuples(minutes, minutes, minutes).map(lambda given: Forecast(*sorted(given)))


def follow(calibration, rng, people, *, wrong, cells=(CELL,)):
    """Promise, see and learn; `wrong` says by what factor calls differ from the forecast."""
    kept = []
    for n in range(people):
        middle = rng.uniform(10, 60)
        actual = middle * np.exp(0.2 * rng.standard_normal()) * wrong(n)
        raw = Forecast(middle * 0.8, middle, middle * 1.25)  # about 75 of 100 even when right
        window = calibration.window(cells[n % len(cells)], raw)
        kept.append(window.begins <= actual <= window.ends)
        calibration.observe(cells[n % len(cells)], raw, actual, given=window)
    return kept


@pytest.mark.parametrize("wrong", [0.8, 1.0, 1.3])
@pytest.mark.parametrize("seed", range(2))
def test_nine_in_ten_windows_hold_however_wrong_the_forecast_is(wrong, seed):
    kept = follow(Calibration(), np.random.default_rng(seed), 1000, wrong=lambda _: wrong)
    # Four standard deviations of 800 tosses.
    assert abs(np.mean(kept[200:]) - 0.9) < 4 * (0.9 * 0.1 / 800) ** 0.5


def test_after_a_sudden_change_windows_hold_again():
    def changing(n):
        return 1.0 if n < 600 else 1.5

    kept = follow(Calibration(), np.random.default_rng(4), 1600, wrong=changing)
    assert np.mean(kept[600:620]) < 0.8
    assert np.mean(kept[750:]) > 0.87


def test_a_cell_without_errors_of_its_own_learns_from_its_office():
    calibration = Calibration()
    follow(calibration, np.random.default_rng(1), 500, wrong=lambda _: 1.6)
    raw = Forecast(24, 30, 37)
    beside = calibration.window(CELL._replace(hour=14), raw)
    elsewhere = calibration.window(Cell("cilegon", 9, "standard"), raw)
    nowhere = Calibration().window(CELL, raw)
    assert nowhere.ends < elsewhere.ends <= beside.ends
    assert beside.ends > 48


def test_without_errors_the_window_is_about_the_forecast():
    window = Calibration().window(CELL, Forecast(20, 30, 42))
    assert 12 <= window.begins <= 22
    assert 40 <= window.ends <= 48


@given(forecasts, st.lists(st.tuples(forecasts, minutes), max_size=30))
def test_no_window_ends_before_it_begins_or_begins_in_the_past(raw, seen):
    calibration = Calibration()
    for forecast, actual in seen:
        calibration.observe(CELL, forecast, actual)
    window = calibration.window(CELL, raw)
    assert 0 <= window.begins <= window.ends


@settings(max_examples=examples(10), deadline=None)
@given(forecasts, st.lists(st.tuples(forecasts, minutes), max_size=60))
def test_what_was_learned_survives_being_stored(raw, seen):
    calibration = Calibration()
    for forecast, actual in seen:
        calibration.observe(CELL, forecast, actual)
    stored = json.dumps(calibration.to_json())
    again = Calibration.from_json(json.loads(stored))
    assert again.window(CELL, raw) == calibration.window(CELL, raw)
    assert json.dumps(again.to_json()) == stored


def test_what_cannot_be_is_refused():
    never = Forecast(np.inf, np.inf, np.inf, 0.0)
    with pytest.raises(ValueError, match="no window"):
        Calibration().window(CELL, never)
    with pytest.raises(ValueError, match="finite time"):
        Calibration().observe(CELL, Forecast(1, 2, 3), np.inf)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Calibration(1.0)
    with pytest.raises(ValueError, match="can't be told"):
        told(AT, 5, np.inf)
    with pytest.raises(TypeError, match="no time zone"):
        told(AT.replace(tzinfo=None), 5, 9)


def test_a_person_reads_whole_five_minutes_that_contain_the_window():
    assert told(AT, 11, 27) == (
        datetime(2026, 11, 23, 9, 10, tzinfo=WIB),
        datetime(2026, 11, 23, 9, 30, tzinfo=WIB),
    )


@given(st.datetimes(timezones=st.sampled_from([UTC, WIB])), minutes, minutes)
def test_rounding_goes_outward_and_by_less_than_five_minutes_a_side(made_at, begins, length):
    window = Window(begins, begins + length)
    if made_at.year > 9000:
        return
    first, last = told(made_at, *window)
    exact = [made_at + timedelta(minutes=one) for one in window]
    assert timedelta(0) <= exact[0] - first < timedelta(minutes=5)
    assert timedelta(0) <= last - exact[1] <= timedelta(minutes=5)
    assert first.minute % 5 == last.minute % 5 == first.second == last.second == 0
    assert first < last
