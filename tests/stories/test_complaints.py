"""A complaint from the receipt to its end, as whoever complained and the staff live it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from giliran.core.complaint import ComplaintMoveNotAllowed, State
from giliran.core.refusal import NotFound
from giliran.jobs.sending import word
from giliran.journal.models import Event
from giliran.messages import actions as messages
from giliran.messages.models import Message
from giliran.voices import access, complaints, queries
from giliran.voices import actions as voices
from giliran.voices.models import Complaint, Escalation
from giliran.voices.refusals import (
    BadText,
    NameProtected,
    NotTheirs,
    UnknownComplaint,
    UnknownTurn,
)
from tests.builders import MONDAY, an_office, an_officer, at

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


def a_clerk_and_a_head(office):
    return an_officer(office), an_officer(office, "manager")


def classify(code, officer, *, weight="normative", category="queue", now=None, **fields):
    return voices.classify(
        complaints.find(code).id,
        weight=weight,
        category=category,
        officer_id=officer.id,
        now=now or at("10:00"),
        **fields,
    )


def answer(code, officer, text="Kuota pagi ditambah mulai besok.", *, now=None, key=None):
    return voices.answer(
        complaints.find(code).id,
        text,
        request_key=key or uuid4(),
        officer_id=officer.id,
        now=now or at("11:00"),
    )


def test_it_is_taken_in_hand_classified_answered_and_confirmed():
    office = an_office()
    clerk, _ = a_clerk_and_a_head(office)
    code = complain(office=office, category="queue").code
    voices.acknowledge(complaints.find(code).id, officer_id=clerk.id, now=at("09:30"))
    classified = classify(code, clerk, weight="light")
    assert classified.due_on == date(2026, 11, 25)  # two working days for a light one
    key = uuid4()
    for _ in range(2):
        answered = answer(code, clerk, key=key)
    assert (answered.state, answered.answered_in_time, answered.due_on) == ("answered", True, None)
    assert answered.confirm_by == date(2026, 12, 7)
    view = complaints.view(code, now=at("12:00"))
    assert [(one.kind, one.text) for one in view.said] == [
        ("answer", "Kuota pagi ditambah mulai besok.")
    ]
    assert voices.confirm(code, now=at("12:30")).state == State.CLOSED
    assert differences() == []


def differences():
    return [why for _, why in queries.differences_from_history() if why]


def test_a_dispute_is_answered_by_the_next_level_and_not_by_who_answered():
    office = an_office()
    clerk, head = a_clerk_and_a_head(office)
    region = an_officer(office, "regional")
    code = complain(office=office, category="queue").code
    classify(code, clerk)
    answer(code, clerk)
    view = voices.dispute(code, "Kuota tetap habis.", request_key=uuid4(), now=at("12:00"))
    assert (view.state, view.level, view.due_on) == (State.DISPUTED, "region", date(2026, 11, 30))
    for officer in (clerk, head):
        with pytest.raises(NotFound):
            answer(code, officer)
    answer(code, region)
    assert voices.confirm(code, now=at("13:00")).state == State.CLOSED
    assert differences() == []


def test_whoever_is_complained_about_neither_sees_nor_handles_it():
    office = an_office()
    clerk, head = a_clerk_and_a_head(office)
    other = an_officer(office)
    code = complain(office=office, officer_id=clerk.id, category="staff_away").code
    complaint = complaints.find(code)
    assert not access.may_see(access.reader(clerk.id), complaint)
    assert not access.may_see(access.reader(other.id), complaint)  # a colleague: the head's
    assert access.may_see(access.reader(head.id), complaint)
    for refused in (clerk, other):
        with pytest.raises(NotFound):
            voices.acknowledge(complaint.id, officer_id=refused.id, now=at("10:00"))
    voices.acknowledge(complaint.id, officer_id=head.id, now=at("10:00"))
    with pytest.raises(NotTheirs):
        voices.assign(complaint.id, handler_id=clerk.id, officer_id=head.id, now=at("10:10"))
    voices.assign(complaint.id, handler_id=other.id, officer_id=head.id, now=at("10:20"))
    assert access.may_handle(access.reader(other.id), complaints.find(code))


@pytest.mark.parametrize(
    ("role", "level"), [("officer", "office"), ("manager", "region"), ("regional", "centre")]
)
def test_a_complaint_about_a_head_is_the_regions_and_about_the_region_the_centres(role, level):
    office = an_office()
    about = an_officer(office, role)
    view = complain(office=office, officer_id=about.id)
    assert view.level == level


def test_money_asked_for_at_an_office_goes_to_the_region_until_it_is_known_by_whom():
    office = an_office()
    clerk, head = a_clerk_and_a_head(office)
    region = an_officer(office, "regional")
    code = complain(office=office, category="bribe").code
    assert not access.may_see(access.reader(head.id), complaints.find(code))
    classify(code, region, category="bribe", about_id=clerk.id)
    assert not access.may_see(access.reader(head.id), complaints.find(code))
    voices.route(complaints.find(code).id, office=office, officer_id=region.id, now=at("10:30"))
    assert access.may_see(access.reader(head.id), complaints.find(code))
    assert not access.may_see(access.reader(clerk.id), complaints.find(code))
    assert differences() == []


def test_a_protected_name_is_the_regions_alone_and_each_look_is_kept():
    office = an_office()
    region, centre = an_officer(office, "regional"), an_officer(None, "administrator")
    auditor = an_officer(None, "auditor")
    code = complain(office=office, name="Siti Aminah", phone="081234567890", is_protected=True).code
    number = complaints.find(code).id
    for _ in range(2):
        named = voices.look_at_name(number, officer_id=region.id, now=at("10:00"))
    assert named == ("Siti Aminah", "+6281234567890")
    looks = Event.objects.filter(kind="complaint.seen", subject_id=number)
    assert list(looks.values_list("actor", flat=True)) == [f"officer:{region.id}"] * 2
    for refused in (centre, auditor):
        with pytest.raises(NameProtected):
            voices.look_at_name(number, officer_id=refused.id, now=at("10:00"))


def test_a_date_that_nears_brings_it_before_head_region_and_centre_once_each():
    office = an_office()
    code = complain(office=office, category="queue").code  # Monday 23, due on Monday 30
    seen = []
    for day in range(23, 28):
        voices.escalate_due(now=at("08:00", date(2026, 11, day)))
        seen.append(levels_of(code))
    assert seen == [[], [], [], [], ["office"]]
    for day in (1, 1, 2):
        voices.escalate_due(now=at("08:00", date(2026, 12, day)))
    assert levels_of(code) == ["office", "region", "centre"]
    assert complaints.find(code).level == "centre"
    assert differences() == []


def levels_of(code):
    return list(
        Escalation.objects.filter(complaint__code=code)
        .order_by("id")
        .values_list("level", flat=True)
    )


def test_an_answered_one_is_not_escalated_and_silence_closes_it():
    office = an_office()
    clerk, _ = a_clerk_and_a_head(office)
    code = complain(office=office).code
    classify(code, clerk)
    answer(code, clerk)
    assert voices.escalate_due(now=at("08:00", date(2026, 12, 7))) == 0
    assert voices.lapse_silent(now=at("23:00", date(2026, 12, 7))) == 0
    assert voices.lapse_silent(now=at("00:10", date(2026, 12, 8))) == 1
    assert complaints.view(code, now=at("09:00")).state == State.CLOSED


def test_similar_ones_of_an_office_are_grouped_and_answered_at_once():
    office, other = an_office(), an_office("cilegon")
    clerk, _ = a_clerk_and_a_head(office)
    first = complain(office=office, category="queue")
    like = complain(
        "Kuota antrian sdh habis jam lima pagi pdhl loket baru buka",
        office=office,
        category="queue",
    )
    complain("Toilet kantor rusak dan tidak ada kursi roda.", office=office, category="access")
    complain(office=other, category="queue")
    assert complaints.find(like.code).group_id == first.id
    assert Complaint.objects.filter(group__isnull=False).count() == 1
    answered = voices.answer_group(
        first.id,
        "Kuota pagi ditambah.",
        request_key=uuid4(),
        weight="light",
        officer_id=clerk.id,
        now=at("10:00"),
    )
    assert answered == 2
    assert Complaint.objects.filter(state="answered").count() == 2


def test_what_was_stated_is_erased_ninety_days_after_its_end():
    office = an_office()
    code = complain(office=office, name="Siti Aminah").code
    voices.add(code, "Nomor 12 pun habis.", request_key=uuid4(), now=at("10:00"))
    voices.withdraw(code, now=at("11:00"))
    assert voices.erase_statements(before=MONDAY) == 0
    assert voices.erase_statements(before=date(2026, 11, 24)) == 1
    view = complaints.view(code, now=at("12:00"))
    assert (view.text, [one.text for one in view.said]) == ("", [""])
    assert differences() == []


def test_who_writes_to_us_is_answered_where_they_wrote():
    office = an_office()
    clerk, _ = a_clerk_and_a_head(office)
    contact = messages.heard_from("whatsapp", "ID.1234", now=at("08:00"))
    code = complain(office=office, channel="whatsapp", subscriber=contact).code
    classify(code, clerk)
    answer(code, clerk)
    told = list(Message.objects.order_by("id").values_list("kind", flat=True))
    assert told == ["complaint_received", "complaint_in_hand", "complaint_answered"]
    words = word(Message.objects.get(kind="complaint_answered").id, "id")
    assert "Kuota pagi ditambah mulai besok." in words.text
    assert "Senin, 7 Desember 2026" in words.text
    assert word(Message.objects.get(kind="complaint_received").id, "id") is None
    assert code not in words.text + words.short


def test_guessing_codes_from_one_address_ends_after_twenty():
    for _ in range(20):
        with pytest.raises(UnknownComplaint):
            complaints.view("ZZZZ-ZZZZ", address="10.0.0.9", now=at("09:00"))
    code = complain().code
    with pytest.raises(complaints.TooManyWrongCodes):
        complaints.view(code, address="10.0.0.9", now=at("09:05"))
    assert complaints.view(code, address="10.0.0.8", now=at("09:05")).code == code
    assert complaints.view(code, address="10.0.0.9", now=at("09:11")).code == code
