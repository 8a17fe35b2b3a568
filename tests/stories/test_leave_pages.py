"""The pages for leave, sickness and loans: who may see what, and one click for each proposal."""

from __future__ import annotations

import pytest
from django.test import Client

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity.models import CounterOpening, Leave, Loan, Offer, Shift, Skill
from giliran.offices.models import Counter
from giliran.turns import consents
from giliran.turns.models import OtherWindow, Turn
from tests.builders import MONDAY, a_booking, a_service, an_office, an_officer, at
from tests.stories.test_leave import EARLY, TUESDAY, a_team, asks, ill, put_down
from tests.stories.test_lending import a_pair, asked, head_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_past_seven(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: EARLY)


def as_(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def text(response) -> str:
    return response.content.decode()


def test_an_officer_asks_for_leave_and_takes_it_back():
    office = an_office()
    [officer] = a_team(office, 1)
    client = as_(officer)
    fields = {"do": "ask", "office": office.id, "kind": "annual", "first_day": TUESDAY.isoformat()}
    assert client.post("/petugas/cuti/", fields).status_code == 302
    one = Leave.objects.get()
    assert (one.state, one.first_day, one.last_day) == ("asked", TUESDAY, TUESDAY)
    assert "Diajukan" in text(client.get("/petugas/cuti/"))
    client.post("/petugas/cuti/", {"do": "withdraw", "leave": one.id})
    one.refresh_from_db()
    assert one.state == "withdrawn"


def test_wrong_days_are_said_beside_the_field():
    office = an_office()
    client = as_(an_officer(office))
    fields = {"do": "ask", "office": office.id, "kind": "annual", "first_day": "kemarin"}
    answer = client.post("/petugas/cuti/", fields)
    assert answer.status_code == 422
    assert 'href="#first_day"' in text(answer)


def test_sick_today_is_one_button_without_a_reason():
    office = an_office()
    [officer] = a_team(office, 1)
    client = as_(officer)
    assert "reason" not in text(client.get("/petugas/cuti/"))
    client.post("/petugas/cuti/", {"do": "sick", "office": office.id})
    assert Leave.objects.get().state == "approved"
    assert "tercatat tidak masuk" in text(client.get("/petugas/cuti/"))


def test_officers_see_their_own_leave_and_nobody_elses():
    office = an_office()
    officer, other = a_team(office, 2)
    one = asks(officer, office)
    assert "Diajukan" not in text(as_(other).get("/petugas/cuti/"))
    for path in ("cuti/", f"cuti/{one.id}/", "sakit/", "pinjaman/"):
        assert as_(other).get(f"/kepala/{office.slug}/{path}").status_code == 403
    assert as_(other).post("/petugas/cuti/", {"do": "withdraw", "leave": one.id}).status_code == 404
    assert (
        as_(an_officer(an_office("lain"), "manager"))
        .get(f"/kepala/{office.slug}/cuti/{one.id}/")
        .status_code
        == 403
    )
    assert Client().get("/petugas/cuti/").status_code == 302


def test_the_leave_of_another_office_is_not_found_under_ones_own():
    office, other = an_office(), an_office("lain")
    one = asks(an_officer(office), office)
    head = as_(an_officer(other, "manager"))
    assert head.get(f"/kepala/{other.slug}/cuti/{one.id}/").status_code == 404


def test_a_head_sees_the_effect_then_decides():
    office = an_office(counters=3)
    officer, *_ = a_team(office)
    one = asks(officer, office)
    head = as_(an_officer(office, "manager"))
    assert officer.full_name in text(head.get(f"/kepala/{office.slug}/cuti/"))
    page = f"/kepala/{office.slug}/cuti/{one.id}/"
    shown = text(head.get(page))
    assert "kurang 1" in shown
    assert "Yang tidak bisa, dan sebabnya" in shown
    refused = head.post(page, {"do": "refuse", "reason": ""})
    assert refused.status_code == 422
    assert head.post(page, {"do": "approve"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "approved"
    assert head.post(page, {"do": "refuse", "reason": "Ramai"}).status_code == 409
    assert head.post(page, {"do": "nothing"}).status_code == 404


def test_a_head_enters_a_sick_call_and_is_led_to_what_it_does():
    office = an_office()
    officer, _ = a_team(office, 2)
    head = as_(an_officer(office, "manager"))
    page = f"/kepala/{office.slug}/sakit/"
    assert head.post(page, {"officer": ""}).status_code == 422
    answer = head.post(page, {"officer": officer.id}, follow=True)
    assert "Akibatnya" in text(answer)
    assert Leave.objects.get().kind == "sick"


def test_each_proposal_is_carried_out_by_its_own_button():
    office = an_office(counters=3)
    officer, *_ = a_team(office)
    guard = an_officer(office, "door")
    Skill.objects.create(officer=guard, service=a_service("jht"))
    one = ill(officer, office)
    head = as_(an_officer(office, "manager"))
    page = f"/kepala/{office.slug}/cuti/{one.id}/"
    fields = {"do": "substitute", "on": MONDAY.isoformat(), "officer": guard.id}
    assert head.post(page, fields | {"on": TUESDAY.isoformat()}).status_code == 404
    assert head.post(page, fields).status_code == 302
    assert Shift.objects.filter(officer=guard, office=office).count() == 1


def test_a_loan_is_asked_answered_and_seen_by_both_heads():
    office, [officer, *_], neighbour, _team = a_pair(here=2)
    one = ill(officer, office)
    ours, theirs = (as_(an_officer(each, "manager")) for each in (office, neighbour))
    page = f"/kepala/{office.slug}/cuti/{one.id}/"
    shown = text(ours.get(page))
    assert "Minta pinjaman" in shown
    wanted = Shift.objects.filter(office=neighbour).first()
    ours.post(page, {"do": "loan", "on": MONDAY.isoformat(), "officer": wanted.officer_id})
    loan = Loan.objects.get()
    assert "Pinjaman (1)" in text(theirs.get(f"/kepala/{neighbour.slug}/"))
    board = f"/kepala/{neighbour.slug}/pinjaman/"
    assert office.name in text(theirs.get(board))
    assert (
        ours.post(f"/kepala/{office.slug}/pinjaman/", {"do": "accept", "loan": loan.id}).status_code
        == 404
    )
    assert theirs.post(board, {"do": "accept", "loan": loan.id}).status_code == 302
    loan.refresh_from_db()
    assert loan.state == "accepted"
    assert "Disetujui" in text(ours.get(f"/kepala/{office.slug}/pinjaman/"))


def test_a_lent_officer_opens_a_counter_there_on_that_day_and_nothing_else(monkeypatch):
    office, _, neighbour, team = a_pair()
    lent = team[0]
    client = as_(lent)
    assert client.get(f"/petugas/{office.slug}/loket/").status_code == 403
    capacity.accept_loan(asked(lent, office).id, **head_of(neighbour))

    assert "Dipinjam hari ini" in text(client.get("/petugas/"))
    counter = Counter.objects.get(office=office, label="2")
    answer = client.post(
        f"/petugas/{office.slug}/loket/", {"action": "open", "counter": counter.id}, follow=True
    )
    assert answer.status_code == 200
    assert CounterOpening.objects.get(officer=lent).counter_id == counter.id
    for path in ("klaim/", "data/"):
        assert client.get(f"/petugas/{office.slug}/{path}").status_code == 403
    assert client.get(f"/kepala/{office.slug}/").status_code == 403

    monkeypatch.setattr(clock, "now", lambda: at("08:00", TUESDAY))
    assert client.get(f"/petugas/{office.slug}/loket/").status_code == 403
    assert "Dipinjam hari ini" not in text(client.get("/petugas/"))


def a_full_window(office):
    """Return the people of a full first window in an office where one of two is ill."""
    officer, _ = a_team(office, 2)
    capacity.offer_day(office, MONDAY)
    capacity.offer_day(office, TUESDAY)
    window = Offer.objects.filter(kind="window", day=MONDAY).order_by("starts_at")[0]
    bookings = [a_booking(window, now=at("06:30")) for _ in range(window.places)]
    return ill(officer, office), window, bookings


def test_people_are_moved_only_if_they_say_yes():
    office = an_office()
    one, window, bookings = a_full_window(office)
    head = as_(an_officer(office, "manager"))
    page = f"/kepala/{office.slug}/cuti/{one.id}/"
    assert "belum ditanya" in text(head.get(page))
    for _ in range(2):
        head.post(page, {"do": "people", "on": MONDAY.isoformat()})
    questions = list(OtherWindow.objects.order_by("id"))
    assert 0 < len(questions) < len(bookings)
    assert Turn.objects.filter(offer=window, state="booked").count() == len(bookings)

    asked_turn = questions[0].turn
    client = Client()
    shown = text(client.get(f"/g/{asked_turn.code}/"))
    assert "Bersediakah pindah jam?" in shown
    client.post(f"/g/{asked_turn.code}/tawaran/", {"jawaban": "ya"})
    asked_turn.refresh_from_db()
    assert asked_turn.offer_id == questions[0].to_offer_id
    assert "Bersediakah" not in text(client.get(f"/g/{asked_turn.code}/"))


def test_who_says_no_or_nothing_keeps_the_window_and_is_not_asked_again():
    office = an_office()
    one, window, _ = a_full_window(office)
    head = as_(an_officer(office, "manager"))
    page = f"/kepala/{office.slug}/cuti/{one.id}/"
    head.post(page, {"do": "people", "on": MONDAY.isoformat()})
    question = OtherWindow.objects.order_by("id")[0]
    client = Client()
    client.post(f"/g/{question.turn.code}/tawaran/", {"jawaban": "tidak"})
    client.post(f"/g/{question.turn.code}/tawaran/", {"jawaban": "ya"})
    question.turn.refresh_from_db()
    assert question.turn.offer_id == window.id
    asked_before = OtherWindow.objects.count()
    head.post(page, {"do": "people", "on": MONDAY.isoformat()})
    assert OtherWindow.objects.count() == asked_before


def test_who_is_too_late_for_the_other_window_keeps_their_own():
    office = an_office()
    one, window, _ = a_full_window(office)
    as_(an_officer(office, "manager")).post(
        f"/kepala/{office.slug}/cuti/{one.id}/", {"do": "people", "on": MONDAY.isoformat()}
    )
    question = OtherWindow.objects.order_by("id")[0]
    Offer.objects.filter(id=question.to_offer_id).update(taken=question.to_offer.places)
    Client().post(f"/g/{question.turn.code}/tawaran/", {"jawaban": "ya"})
    question.turn.refresh_from_db()
    assert question.turn.offer_id == window.id
    assert consents.open_question(question.turn, now=EARLY) is not None


def test_a_head_who_is_asked_for_themselves_reads_that_the_region_answers():
    office, _, neighbour, _team = a_pair()
    head, region = (an_officer(neighbour, role) for role in ("manager", "regional"))
    put_down(head, neighbour)
    loan = asked(head, office)
    board = f"/kepala/{neighbour.slug}/pinjaman/"
    shown = text(as_(head).get(board))
    assert "Kantor wilayah yang menjawab" in shown
    assert 'value="accept"' not in shown
    fields = {"do": "accept", "loan": loan.id}
    assert as_(head).post(board, fields).status_code == 409
    assert 'value="accept"' in text(as_(region).get(board))
    assert as_(region).post(board, fields).status_code == 302
