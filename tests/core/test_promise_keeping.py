"""What counts as kept, and when somebody is told another time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from giliran.core.promise.keeping import WORTH_TELLING, has_moved, was_kept

BEGINS = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ENDS = BEGINS + timedelta(minutes=30)
minutes = st.integers(-120, 240).map(lambda n: timedelta(minutes=n))
windows = st.tuples(minutes, st.integers(1, 120)).map(
    lambda given: (BEGINS + given[0], BEGINS + given[0] + timedelta(minutes=given[1]))
)


@given(minutes)
def test_a_promise_is_kept_exactly_by_a_call_within_it(after):
    called_at = BEGINS + after
    assert was_kept(BEGINS, ENDS, called_at=called_at) is (BEGINS <= called_at <= ENDS)


@given(minutes, minutes, st.booleans())
def test_what_happens_after_the_call_changes_nothing(after, gone, by_office):
    called_at = BEGINS + after
    assert was_kept(
        BEGINS, ENDS, called_at=called_at, gone_at=called_at + abs(gone), ended_by_office=by_office
    ) is was_kept(BEGINS, ENDS, called_at=called_at)


@given(minutes)
def test_whoever_goes_uncalled_counts_only_once_the_window_is_over(after):
    gone_at = BEGINS + after
    assert was_kept(BEGINS, ENDS, called_at=None, gone_at=gone_at) is (
        False if gone_at > ENDS else None
    )
    assert was_kept(BEGINS, ENDS, called_at=None, gone_at=gone_at, ended_by_office=True) is False


def test_nobody_knows_about_those_who_still_wait():
    assert was_kept(BEGINS, ENDS, called_at=None) is None


@given(windows, windows)
def test_a_move_of_more_than_ten_minutes_is_always_told(told, found):
    moved = max(abs(told[0] - found[0]), abs(told[1] - found[1]))
    is_told = has_moved(told, found, now=told[0], earliest=told[0])
    assert is_told is (moved > WORTH_TELLING)


@given(windows, minutes)
def test_a_window_that_is_over_is_replaced_by_any_other(told, after):
    now = told[1] + abs(after) + timedelta(seconds=1)
    later = (told[0], told[1] + timedelta(minutes=5))
    assert has_moved(told, later, now=now, earliest=now)
    assert has_moved(told, later, now=told[0], earliest=now)
    assert not has_moved(told, told, now=now, earliest=now)
