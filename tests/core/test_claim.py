"""The life of a claim on paper: moves, dead ends, and histories that add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.claim import (
    CLOCK_RUNS,
    MOVE_WORDS,
    OPEN,
    STATE_WORDS,
    ClaimMoveNotAllowed,
    Move,
    State,
    after,
    possible,
    rebuild,
    sources,
)

ENDS = {State.CLOSED, State.WITHDRAWN}


def reachable(start: State) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        state = todo.pop()
        fresh = {after(state, move) for move in possible(state)} - seen
        seen |= fresh
        todo += fresh
    return seen


def test_every_state_can_be_reached_and_every_one_has_a_way_to_the_end():
    assert reachable(State.DRAFTED) == set(State)
    for state in State:
        assert reachable(state) & ENDS, state


def test_an_ended_claim_moves_no_more():
    assert {state for state in State if not possible(state)} == ENDS


def test_nobody_decides_what_was_not_verified():
    assert sources(Move.APPROVE) == (State.VERIFIED,)
    assert sources(Move.REFUSE) == (State.VERIFIED,)


def test_money_leaves_only_after_an_approval():
    assert sources(Move.PAY) == (State.APPROVED,)
    assert all(after(State.BOUNCED, move) is State.APPROVED for move in possible(State.BOUNCED))


def test_a_claim_is_taken_back_only_before_it_is_verified():
    assert set(sources(Move.WITHDRAW)) == {
        State.DRAFTED,
        State.SUBMITTED,
        State.RETURNED,
        State.COMPLETE,
    }


def test_counting_the_deadline_anew_changes_no_state():
    assert {after(state, Move.RECKON) for state in CLOCK_RUNS} == CLOCK_RUNS
    for state in sources(Move.RECKON):
        assert after(state, Move.RECKON) is state


def test_every_state_and_move_has_words_of_its_own():
    assert set(STATE_WORDS) == set(State)
    assert set(MOVE_WORDS) == set(Move)
    assert len(set(STATE_WORDS.values())) == len(State)
    assert len(set(MOVE_WORDS.values())) == len(Move)


def test_the_clock_runs_in_open_states_only():
    assert CLOCK_RUNS < OPEN


def test_a_wrong_move_names_what_is_possible():
    with pytest.raises(ClaimMoveNotAllowed) as refusal:
        after(State.RETURNED, Move.APPROVE)
    assert str(refusal.value) == (
        "Langkah “setujui” tidak bisa untuk klaim yang sedang “menunggu dokumen”. "
        "Yang bisa sekarang: ubah isian, kirim untuk diperiksa, tarik."
    )
    with pytest.raises(ClaimMoveNotAllowed, match="-"):
        after(State.CLOSED, Move.FILL)


@st.composite
def histories(draw):
    """A claim's changed columns, event by event, as a trigger would write them."""
    events = [{"id": 7, "move": "begin", "state": "drafted", "amount": None, "kpj": "A"}]
    state = State.DRAFTED
    for _ in range(draw(st.integers(0, 25))):
        moves = possible(state)
        if not moves:
            break
        move = draw(st.sampled_from(moves))
        state = after(state, move)
        changed = draw(
            st.dictionaries(st.sampled_from(["amount", "kpj"]), st.integers(0, 9), max_size=2)
        )
        events.append({"move": move.value, "state": state.value, **changed})
    return events


@given(histories())
def test_a_history_adds_up_to_the_last_value_of_every_column(events):
    rebuilt = rebuild(events)
    for column in ("id", "move", "state", "amount", "kpj"):
        last = [event[column] for event in events if column in event][-1]
        assert rebuilt[column] == last


@given(histories().filter(lambda events: len(events) > 2), st.data())
def test_a_history_with_a_step_left_out_is_noticed_or_still_a_possible_life(events, data):
    cut = data.draw(st.integers(1, len(events) - 2))
    left = events[:cut] + events[cut + 1 :]
    state, is_possible = State.DRAFTED, True
    for event in left[1:]:
        move = Move(event["move"])
        if move not in possible(state) or after(state, move) != event["state"]:
            is_possible = False
            break
        state = after(state, move)
    if is_possible:
        assert rebuild(left)["state"] == state
    else:
        with pytest.raises(ClaimMoveNotAllowed):
            rebuild(left)


def test_a_history_that_does_not_begin_is_impossible():
    with pytest.raises(ClaimMoveNotAllowed):
        rebuild([{"move": "submit", "state": "submitted"}])


def test_a_history_whose_state_was_forged_is_impossible():
    begun = {"move": "begin", "state": "drafted"}
    with pytest.raises(ClaimMoveNotAllowed):
        rebuild([begun, {"move": "submit", "state": "approved"}])
    with pytest.raises(ClaimMoveNotAllowed):
        rebuild([{"move": "begin", "state": "approved"}])
