"""An officer is lent for a day: the neighbour says yes or no, and nobody is in two places."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.capacity import actions as capacity
from giliran.capacity import leave, loans, needs, remedies
from giliran.capacity.models import Leave, Loan, Offer, Shift, Skill
from giliran.core.refusal import NotFound, Refusal
from giliran.journal.models import Event
from giliran.offices.models import Office
from tests.builders import MONDAY, a_service, an_office, an_officer, at
from tests.examples import examples
from tests.stories.test_leave import EARLY, TUESDAY, a_team, advice_for, ill, put_down

pytestmark = pytest.mark.django_db


def a_pair(slug="serang", other="cilegon", *, here: int = 1, there: int = 4):
    """Return a short office and its neighbour, 22 minutes away, with the teams of both."""
    office = an_office(slug, counters=3)
    neighbour = an_office(other, counters=3, longitude=Decimal("106.06"))
    return office, a_team(office, here, [MONDAY]), neighbour, a_team(neighbour, there, [MONDAY])


def asked(officer, to, *, now=EARLY, day=MONDAY) -> Loan:
    head = an_officer(to, "manager")
    return capacity.ask_loan(officer.id, to_id=to.id, day=day, asked_by_id=head.id, now=now)


def head_of(office, now=EARLY):
    return {"office_id": office.id, "officer_id": an_officer(office, "manager").id, "now": now}


def on_duty(officer) -> list[tuple[str, int]]:
    found = Shift.objects.filter(officer=officer, is_draft=False, cancelled_at__isnull=True)
    return [(one.day.isoformat(), one.office_id) for one in found.order_by("day")]


def test_a_neighbour_that_can_spare_somebody_is_proposed_with_way_and_its_own_need():
    office, [officer, *_], neighbour, team = a_pair(here=2)
    one = ill(officer, office)
    found = advice_for(one)
    lent = next(each for each in found.proposals if each.kind == "loan")
    assert lent.fields["officer"] in {str(each.id) for each in team}
    assert neighbour.name in lent.what
    assert "menit sekali jalan" in lent.cost
    assert lent.after.missing < found.effect.after.missing


def test_a_neighbour_that_needs_everybody_is_not_asked_and_that_is_said():
    office, [officer, *_], _neighbour, _ = a_pair(here=4, there=1)
    found = advice_for(ill(officer, office))
    assert "loan" not in {each.kind for each in found.proposals}
    assert next(each.why for each in found.skipped if each.kind == "loan")


def test_an_office_an_hour_away_is_too_far():
    office, [officer], neighbour, _ = a_pair()
    Office.objects.filter(id=neighbour.id).update(longitude=Decimal("107.00"))
    found = advice_for(ill(officer, office))
    why = next(each.why for each in found.skipped if each.kind == "loan")
    assert why == "Tidak ada kantor lain yang bisa dicapai dalam satu jam."


def test_who_knows_the_service_that_is_lacking_is_asked_rather_than_who_does_not():
    office, [officer, colleague], _neighbour, team = a_pair(here=2)
    Skill.objects.create(officer=colleague, service=a_service("jht"))
    for each in team:
        Skill.objects.create(officer=each, service=a_service("jht"))
    for each in team[2:]:
        Skill.objects.create(officer=each, service=a_service("jkm"))
    ill(officer, office)
    found = loans.candidates(office, MONDAY, now=EARLY)
    assert found[0].officer_id in {each.id for each in team[2:]}


def test_accepted_the_officer_works_there_and_not_at_home_and_both_days_are_counted_anew():
    office, _, neighbour, team = a_pair()
    for one in (office, neighbour):
        capacity.offer_day(one, MONDAY)
    lent = team[0]
    loan = asked(lent, office)
    assert on_duty(lent) == [("2026-11-23", neighbour.id)]

    done = capacity.accept_loan(loan.id, **head_of(neighbour, now=at("07:12")))

    assert done.answered_by_id
    assert on_duty(lent) == [("2026-11-23", office.id)]
    shift = Shift.objects.get(officer=lent, office=office)
    assert shift.begins_at == at("08:00")
    assert needs.staff_of(office, MONDAY)[0].officers == 2
    assert Event.objects.filter(kind="loan.accept").count() == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'office_id' FROM procrastinate_jobs WHERE task_name = 'capacity.replan'"
        )
        assert {int(row[0]) for row in cursor.fetchall()} == {office.id, neighbour.id}


def test_who_is_asked_late_comes_only_after_the_way():
    office, _, neighbour, team = a_pair()
    loan = asked(team[0], office, now=at("09:00"))
    capacity.accept_loan(loan.id, **head_of(neighbour, now=at("09:10")))
    shift = Shift.objects.get(officer=team[0], office=office)
    assert shift.begins_at == at("09:10") + timedelta(minutes=loan.travel_minutes)
    with pytest.raises(capacity.LoanOver):
        asked(team[1], office, now=at("14:50"))


def test_a_refusal_leaves_everything_and_the_same_person_is_not_proposed_again():
    office, [officer, *_], neighbour, team = a_pair(here=2)
    ill(officer, office)
    first = loans.candidates(office, MONDAY, now=EARLY)[0].officer_id
    loan = asked(next(one for one in team if one.id == first), office)
    capacity.refuse_loan(loan.id, **head_of(neighbour))
    assert on_duty(loan.officer) == [("2026-11-23", neighbour.id)]
    again = loans.candidates(office, MONDAY, now=EARLY)
    assert first not in {one.officer_id for one in again}


def test_only_the_office_that_lends_answers_and_only_the_one_that_asked_withdraws():
    office, _, neighbour, team = a_pair()
    loan = asked(team[0], office)
    with pytest.raises(NotFound):
        capacity.accept_loan(loan.id, **head_of(office))
    with pytest.raises(NotFound):
        capacity.withdraw_loan(loan.id, **head_of(neighbour))
    capacity.withdraw_loan(loan.id, **head_of(office))
    with pytest.raises(capacity.LoanAnswered):
        capacity.accept_loan(loan.id, **head_of(neighbour))


def test_withdrawn_after_it_was_agreed_the_officer_works_at_home_again():
    office, _, neighbour, team = a_pair()
    loan = asked(team[0], office)
    capacity.accept_loan(loan.id, **head_of(neighbour))
    capacity.withdraw_loan(loan.id, **head_of(office))
    assert on_duty(team[0]) == [("2026-11-23", neighbour.id)]
    loan.refresh_from_db()
    assert loan.state == "withdrawn"


def test_who_is_ill_or_on_leave_is_not_lent_and_who_falls_ill_is_lent_no_more():
    office, _, neighbour, team = a_pair()
    ill(team[0], neighbour)
    with pytest.raises(capacity.AwayThatDay):
        asked(team[0], office)
    loan = asked(team[1], office)
    capacity.accept_loan(loan.id, **head_of(neighbour))
    ill(team[1], neighbour)
    loan.refresh_from_db()
    assert loan.state == "withdrawn"
    assert not Shift.objects.filter(office=office, officer=team[1], cancelled_at=None).exists()


def test_leave_given_between_asking_and_answering_stands():
    office, _, neighbour, team = a_pair()
    loan = asked(team[0], office)
    Leave.objects.create(
        request_key=uuid4(),
        officer=team[0],
        office=neighbour,
        kind="annual",
        first_day=MONDAY,
        last_day=MONDAY,
        state="approved",
        asked_at=EARLY,
        asked_by="officer:1",
    )
    with pytest.raises(capacity.AwayThatDay):
        capacity.accept_loan(loan.id, **head_of(neighbour))


def test_nobody_is_asked_for_twice_on_a_day_and_asking_again_is_the_same_question():
    office, _, _neighbour, team = a_pair()
    third = an_office("pandeglang", counters=2)
    first = asked(team[0], office)
    assert asked(team[0], office).id == first.id
    with pytest.raises(capacity.LentAlready):
        asked(team[0], third)
    with pytest.raises(capacity.NotPutDown):
        asked(team[0], office, day=TUESDAY)


def test_the_branch_takes_somebody_of_its_own_booth_without_asking_another_head():
    office = an_office("serang", counters=3)
    booth = an_office(
        "mpp", counters=1, kind=Office.Kind.MPP_BOOTH, parent=office, longitude=Decimal("106.16")
    )
    [officer] = a_team(office, 1, [MONDAY])
    steward, other = a_team(booth, 2, [MONDAY])
    found = advice_for(ill(officer, office))
    taken = next(each for each in found.proposals if each.kind == "booth")
    assert int(taken.fields["officer"]) in {steward.id, other.id}
    head = an_officer(office, "manager")
    terms = {"to_id": office.id, "day": MONDAY, "officer_deciding_id": head.id, "now": EARLY}
    loan = capacity.take_from_booth(steward.id, **terms)
    assert (loan.state, loan.answered_by_id) == ("accepted", head.id)
    neighbour = an_office("cilegon")
    [stranger] = a_team(neighbour, 1, [MONDAY])
    with pytest.raises(NotFound):
        capacity.take_from_booth(stranger.id, **terms)
    assert not Loan.objects.filter(officer=stranger).exists()


def test_a_lent_officer_works_there_on_that_day_alone():
    office, _, neighbour, team = a_pair()
    loan = asked(team[0], office)
    assert not loans.works_at(team[0].id, office.id, MONDAY)
    capacity.accept_loan(loan.id, **head_of(neighbour))
    assert loans.works_at(team[0].id, office.id, MONDAY)
    assert not loans.works_at(team[0].id, office.id, TUESDAY)
    assert loans.lent_today(team[0].id, now=at("09:00")) == [office]
    assert loans.lent_today(team[0].id, now=at("09:00", TUESDAY)) == []


def test_two_offices_ask_for_two_officers_of_one_neighbour():
    office, [officer, *_], neighbour, team = a_pair(here=2)
    advice = advice_for(ill(officer, office))
    assert advice.proposals
    assert remedies.KINDS.index("loan") < remedies.KINDS.index("people")
    for one in team[:2]:
        capacity.accept_loan(asked(one, office).id, **head_of(neighbour))
    [effect] = leave.effect_of(Leave.objects.get(), now=EARLY)
    assert effect.after.missing < advice.effect.after.missing


@settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_is_asked_answered_and_withdrawn_everybody_has_one_shift_and_keeps_promises(data):
    n = Office.objects.count()
    region = [an_office(f"kantor-{n + k}", counters=2) for k in range(3)]
    team = [one for office in region for one in a_team(office, 2, [MONDAY])]
    home = {one.id: on_duty(one)[0][1] for one in team}
    heads = {one.id: an_officer(one, "manager").id for one in region}
    for office in region:
        capacity.offer_day(office, MONDAY)
    promised = {}
    for offer in Offer.objects.filter(office__in=region):
        promised[offer.id] = data.draw(st.integers(0, offer.places))
        Offer.objects.filter(id=offer.id).update(taken=promised[offer.id])
    for _ in range(data.draw(st.integers(2, 8))):
        what = data.draw(st.sampled_from(["ask", "accept", "refuse", "withdraw", "ill"]))
        officer = data.draw(st.sampled_from(team))
        office = data.draw(st.sampled_from(region))
        loan = Loan.objects.filter(officer=officer).order_by("-id").first()
        try:
            if what == "ask":
                capacity.ask_loan(
                    officer.id,
                    to_id=office.id,
                    day=MONDAY,
                    asked_by_id=heads[office.id],
                    now=EARLY,
                )
            elif what == "ill":
                capacity.call_sick(
                    officer.id,
                    office_id=home[officer.id],
                    request_key=uuid4(),
                    actor="x",
                    now=EARLY,
                )
            elif loan is not None:
                deed, whose = {
                    "accept": (capacity.accept_loan, loan.home_id),
                    "refuse": (capacity.refuse_loan, loan.home_id),
                    "withdraw": (capacity.withdraw_loan, loan.to_id),
                }[what]
                deed(loan.id, office_id=whose, officer_id=heads[whose], now=EARLY)
        except Refusal:
            pass
    for one in team:
        [(_, where)] = on_duty(one)
        agreed = Loan.objects.filter(officer=one, state="accepted").first()
        assert where == (agreed.to_id if agreed else home[one.id])
        assert not (agreed and leave.is_away(one.id, MONDAY))
    for office in region:
        capacity.replan(office.id, MONDAY, now=EARLY)
    for offer in Offer.objects.filter(office__in=region):
        assert offer.places >= offer.taken == promised[offer.id]


def test_a_shift_that_was_lent_stays_one_of_the_roster():
    office, _, neighbour, team = a_pair()
    put_down(team[0], neighbour, TUESDAY)
    loan = asked(team[0], office)
    capacity.accept_loan(loan.id, **head_of(neighbour))
    assert on_duty(team[0]) == [("2026-11-23", office.id), ("2026-11-24", neighbour.id)]
