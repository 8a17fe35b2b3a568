"""The life of a complaint: which move follows which, and how a history adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.complaint import (
    MOVE_WORDS,
    OPEN,
    STATE_WORDS,
    TO_ANSWER,
    ComplaintMoveNotAllowed,
    Move,
    State,
    after,
    possible,
    rebuild,
)

ENDED = {State.CLOSED, State.FORWARDED, State.WITHDRAWN}


@given(choices=st.lists(st.integers(0, 11), max_size=40))
def test_any_row_of_possible_moves_rebuilds_to_where_it_ended(choices):
    state = State.RECEIVED
    events = [{"move": "receive", "state": "received", "code": "K7QM3XPA"}]
    for choice in choices:
        moves = possible(state)
        if not moves:
            break
        move = moves[choice % len(moves)]
        state = after(state, move)
        events.append({"move": move.value, "state": state.value})
    assert rebuild(events) == {"move": events[-1]["move"], "state": state, "code": "K7QM3XPA"}


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_allows_nothing(state):
    assert possible(state) == ()
    assert state not in OPEN


@pytest.mark.parametrize("state", sorted(OPEN))
def test_whoever_complained_may_always_say_more_or_take_it_back(state):
    assert {Move.ADD, Move.WITHDRAW} <= set(possible(state))


def test_an_answer_is_owed_in_every_open_state_but_the_answered_one():
    assert {State.ANSWERED} == OPEN - TO_ANSWER
    assert all(Move.ESCALATE in possible(state) for state in TO_ANSWER)
    assert Move.ESCALATE not in possible(State.ANSWERED)


def test_nothing_is_answered_before_its_class_is_known():
    assert Move.ANSWER not in possible(State.RECEIVED)
    assert Move.ANSWER not in possible(State.ACKNOWLEDGED)
    with pytest.raises(ComplaintMoveNotAllowed, match="Yang bisa sekarang"):
        after(State.RECEIVED, Move.ANSWER)


@pytest.mark.parametrize(
    "forged",
    [
        [{"move": "answer", "state": "answered"}],
        [{"move": "receive", "state": "closed"}],
        [{"move": "receive", "state": "received"}, {"move": "confirm", "state": "closed"}],
        [{"move": "receive", "state": "received"}, {"move": "add", "state": "answered"}],
    ],
)
def test_a_forged_history_is_found(forged):
    with pytest.raises(ComplaintMoveNotAllowed):
        rebuild(forged)


def test_every_state_and_move_has_words():
    assert set(STATE_WORDS) == set(State)
    assert set(MOVE_WORDS) == set(Move)
