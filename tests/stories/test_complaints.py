"""A complaint from the receipt to its end, as whoever complained and the staff live it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from giliran.core.complaint import ComplaintMoveNotAllowed, State
from giliran.voices import actions as voices
from giliran.voices import complaints
from giliran.voices.models import Complaint
from giliran.voices.refusals import BadText, UnknownComplaint, UnknownTurn
from tests.builders import MONDAY, an_office, at

pytestmark = pytest.mark.django_db

QUEUE = "Sudah datang jam lima pagi, kuota antrean habis padahal loket baru buka."


def complain(text=QUEUE, **fields):
    defaults = {"request_key": uuid4(), "channel": "web", "now": at("09:00")}
    return voices.complain(text=text, **{**defaults, **fields})


def test_a_receipt_with_code_and_legal_date_comes_at_once():
    view = complain(office=an_office(), category="queue")
    assert (len(view.code), view.state) == (8, State.RECEIVED)
    assert view.due_on == date(2026, 11, 30)
    assert view.due_law == "UU 24/2011 Pasal 48 ayat (2)"
    assert complaints.view(view.code, now=at("09:01")) == view


def test_the_same_form_twice_complains_once():
    office, key = an_office(), uuid4()
    first = complain(office=office, request_key=key)
    assert complain(office=office, request_key=key) == first
    assert Complaint.objects.count() == 1


def test_what_was_stated_is_kept_sealed_and_without_a_name_if_asked():
    complain(office=an_office(), name="Siti Aminah", phone="0812 3456 7890", is_anonymous=True)
    kept = Complaint.objects.get()
    assert (bytes(kept.name_sealed), bytes(kept.phone_sealed)) == (b"", b"")
    assert QUEUE.encode() not in bytes(kept.text_sealed)


def test_an_unknown_turn_or_too_few_words_are_pointed_out():
    with pytest.raises(UnknownTurn):
        complain(turn_code="ZZZZ-ZZZZ")
    with pytest.raises(BadText):
        complain("buruk")
    with pytest.raises(UnknownComplaint):
        complaints.view("ZZZZ-ZZZZ", address="10.0.0.1", now=at("09:00"))


def test_more_may_be_said_while_it_is_open_and_nothing_after_it_was_withdrawn():
    code = complain(office=an_office()).code
    key = uuid4()
    for _ in range(2):
        view = voices.add(code, "Nomor 12 pun habis.", request_key=key, now=at("10:00"))
    assert [one.text for one in view.said] == ["Nomor 12 pun habis."]
    for _ in range(2):
        ended = voices.withdraw(code, now=at("11:00"))
    assert (ended.state, ended.due_on) == (State.WITHDRAWN, None)
    with pytest.raises(ComplaintMoveNotAllowed):
        voices.add(code, "Satu lagi.", request_key=uuid4(), now=at("12:00"))


def test_a_complaint_about_no_place_is_the_centres():
    view = complain(now=at("09:00", MONDAY))
    assert (view.level, view.office, view.region) == ("centre", "", "")
