"""A turn without a race: from the application to the draw, and what gets free afterwards."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from giliran.capacity import actions as capacity
from giliran.capacity.models import Offer
from giliran.core import draw_file
from giliran.core.recount import differences
from giliran.core.refusal import BadInput
from giliran.core.seats import Wish
from giliran.offices.models import HomeArea, Office
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.models import Application, Round, Turn
from giliran.turns.refusals import (
    AlreadyApplied,
    AlreadyHasTurn,
    CardNotChecked,
    DrawIsRunning,
    NoDrawHere,
    NoPlaceLeft,
    NothingToDecline,
    NotOpenAnyMore,
    ShowCardFirst,
    TooManyNiksForPhone,
    WrongPerson,
)
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
    a_nik,
    a_service,
    an_application,
    an_office,
    at,
    at_counter,
    draw_now,
    somebody,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


def places(office, day=TUESDAY):
    return {
        offer.starts_at.astimezone(at("08:00").tzinfo).strftime("%H:%M"): offer
        for offer in Offer.objects.filter(office=office, day=day, kind="window")
    }


def test_who_applies_is_drawn_a_turn_and_the_public_file_proves_it():
    office = a_drawing_office(places=2)
    siti = an_application(office)
    assert applications.next_closing(office.region, now=at("09:00")) == at("17:00")

    drawn = draw_now(office.region)

    siti.refresh_from_db()
    assert drawn.state == "drawn"
    assert siti.state == "placed"
    assert siti.turn.day == TUESDAY
    assert siti.turn.state == "booked"
    assert siti.turn.office_id == office.id
    file = json.loads(applications.public_file(drawn))
    assert differences(file, root=drawn.root) == []
    assert "Siti" not in json.dumps(file)


def test_with_fewer_places_than_people_the_others_stay_in_with_credit():
    office = a_drawing_office(places=2, windows=("09:00",))
    asked = [an_application(office, any_near=True) for _ in range(5)]

    draw_now(office.region)

    found = list(Application.objects.filter(id__in=[a.id for a in asked]))
    won = [a for a in found if a.state == "placed"]
    lost = [a for a in found if a.state == "open"]
    assert (len(won), len(lost)) == (2, 3)
    assert {a.credit for a in lost} == {1}
    assert Offer.objects.get(office=office, day=TUESDAY, kind="window").taken == 2


def test_who_lost_yesterday_comes_before_everybody_who_asks_today():
    office = a_drawing_office(places=1, windows=("09:00",), days=2)
    asked = [an_application(office, any_near=True) for _ in range(2)]
    office.region.draw_days_ahead = 1
    office.region.save()
    draw_now(office.region)
    loser = Application.objects.get(state="open")
    for _ in range(6):
        an_application(office, any_near=True, now=at("18:00"))

    draw_now(office.region, day=TUESDAY)

    loser.refresh_from_db()
    assert loser.id in {a.id for a in asked}
    assert loser.state == "placed"
    assert Application.objects.filter(state="placed").count() == 2


def test_a_short_list_earns_no_credit():
    office = a_drawing_office(places=1, windows=("09:00",))
    for _ in range(3):
        an_application(office, halves=("tue-am",))

    draw_now(office.region)

    assert set(Application.objects.filter(state="open").values_list("credit", flat=True)) == {0}


def test_places_are_not_on_sale_before_the_draw_and_what_nobody_wants_is_afterwards():
    office = a_drawing_office(places=1, windows=("09:00", "13:00"))
    morning, afternoon = places(office).values()
    with pytest.raises(NoPlaceLeft):
        a_booking(afternoon)
    an_application(office, halves=("tue-am",))

    draw_now(office.region)

    booked = a_booking(afternoon, now=at("18:00"))
    assert booked.window_from == afternoon.starts_at
    morning.refresh_from_db()
    assert (morning.taken, morning.left) == (1, 0)


def test_a_cancelled_place_goes_to_somebody_standing_by_and_never_back_on_sale():
    office = a_drawing_office(places=1, windows=("13:00",))
    for _ in range(3):
        an_application(office, any_near=True, stands_by=True)
    draw_now(office.region)
    winner = Application.objects.get(state="placed")
    [window] = places(office).values()

    turns.cancel(winner.turn_id, actor="citizen", now=at("18:00"))

    with pytest.raises(NoPlaceLeft):
        a_booking(window, now=at("18:01"))
    assert turns.fill_held(office.id, now=at("18:02")) == 1
    window.refresh_from_db()
    assert (window.taken, window.held) == (1, 0)
    assert Turn.objects.filter(state="booked", offer=window).count() == 1
    assert Application.objects.filter(state="placed").count() == 2


def test_who_came_with_somebody_and_is_alone_now_can_stand_by():
    office = a_drawing_office(places=1, windows=("13:00",))
    an_application(office)
    draw_now(office.region)
    won = Application.objects.get(state="placed")
    mother = an_application(office, stands_by=True, now=at("18:00"))
    party = turns.start_party(mother.id, uuid4(), actor="citizen", now=at("18:00"))
    child = an_application(office, party=party, stands_by=True, now=at("18:00"))
    turns.cancel(won.turn_id, actor="citizen", now=at("18:05"))
    assert turns.fill_held(office.id, now=at("18:06")) == 0

    turns.withdraw(child.id, actor="citizen", now=at("18:07"))

    assert turns.fill_held(office.id, now=at("18:08")) == 1
    mother.refresh_from_db()
    assert mother.state == "placed"


def test_who_stands_by_needs_their_notice():
    office = a_drawing_office(places=1, windows=("13:00",))
    an_application(office, any_near=True)
    draw_now(office.region)
    an_application(office, any_near=True, stands_by=True, notice_hours=6, now=at("18:00"))
    won = Application.objects.get(state="placed")

    turns.cancel(won.turn_id, actor="citizen", now=at("08:00", TUESDAY))

    assert turns.fill_held(office.id, now=at("08:01", TUESDAY)) == 0


def test_a_place_nobody_standing_by_can_take_goes_to_the_door_an_hour_before():
    office = a_drawing_office(places=1, windows=("13:00",))
    door = walk_in_places(office, places=5, day=TUESDAY)
    an_application(office)
    draw_now(office.region)
    turns.cancel(Application.objects.get().turn_id, actor="citizen", now=at("08:00", TUESDAY))

    turns.fill_held(office.id, now=at("11:30", TUESDAY))
    door.refresh_from_db()
    assert door.places == 5

    turns.fill_held(office.id, now=at("12:10", TUESDAY))
    door.refresh_from_db()
    [window] = places(office).values()
    assert (door.places, window.places, window.held) == (6, 0, 0)


def test_new_places_in_a_drawn_window_go_to_those_standing_by():
    office = a_drawing_office(places=1, windows=("13:00",))
    for _ in range(2):
        an_application(office, any_near=True, stands_by=True)
    draw_now(office.region)
    [window] = places(office).values()

    capacity.set_places(window.id, 2, office_id=office.id, now=at("18:00"), actor="officer:1")

    window.refresh_from_db()
    assert (window.left, window.held) == (0, 1)
    assert turns.fill_held(office.id, now=at("18:01")) == 1
    assert not Application.objects.filter(state="open").exists()


def test_one_does_not_suit_once_without_losing_credit_and_the_second_time_with():
    office = a_drawing_office(places=1, windows=("09:00",), days=4)
    won = an_application(office, any_near=True)
    Application.objects.filter(id=won.id).update(credit=3)
    draw_now(office.region)

    back = turns.decline(won.id, actor="citizen", now=at("18:00"))
    assert (back.state, back.credit, back.turn) == ("open", 3, None)

    draw_now(office.region, day=TUESDAY)
    again = turns.decline(won.id, actor="citizen", now=at("18:00", TUESDAY))
    assert (again.state, again.credit) == ("open", 0)
    with pytest.raises(NothingToDecline):
        turns.decline(won.id, actor="citizen", now=at("18:01", TUESDAY))


@pytest.mark.parametrize(
    ("ending", "credit"), [("served", 0), ("missed", 0), ("cancelled", 4), ("sent_home", 4)]
)
def test_credit_ends_with_service_and_no_show_and_outlives_being_sent_home(ending, credit):
    office = a_drawing_office(places=1, windows=("09:00",))
    first = an_application(office, any_near=True, nik=a_nik(77))
    Application.objects.filter(id=first.id).update(credit=4)
    draw_now(office.region)
    first.refresh_from_db()
    state = {
        "served": "finished",
        "missed": "no_show",
        "cancelled": "cancelled",
        "sent_home": "left",
    }[ending]
    Turn.objects.filter(id=first.turn_id).update(state=state, number="A001")

    again = an_application(office, any_near=True, nik=a_nik(77), now=at("16:00", TUESDAY))

    assert again.credit == credit


def test_one_open_application_per_person_and_service_over_all_channels():
    office = a_drawing_office()
    an_application(office, nik=a_nik(5))

    with pytest.raises(AlreadyApplied):
        an_application(office, nik=a_nik(5), channel="clerk")
    an_application(office, nik=a_nik(5), service="jkm")


def test_who_has_a_turn_needs_no_draw():
    office = a_drawing_office()
    an_application(office, nik=a_nik(6))
    draw_now(office.region)

    with pytest.raises(AlreadyHasTurn):
        an_application(office, nik=a_nik(6), now=at("18:00"))


def test_the_same_form_sent_twice_is_one_application():
    office = a_drawing_office()
    key = uuid4()

    first = an_application(office, nik=a_nik(8), request_key=key)
    second = an_application(office, nik=a_nik(8), request_key=key)

    assert first.id == second.id
    assert Application.objects.count() == 1


def test_wishes_change_until_the_round_closes_and_not_while_it_is_drawn():
    office = a_drawing_office(beacon="drand")
    asked = an_application(office)
    terms = turns.Terms(Wish((office.id,), halves=("tue-pm",)))
    assert turns.change(asked.id, terms, actor="citizen", now=at("16:59")).halves == ["tue-pm"]

    with pytest.raises(DrawIsRunning):
        turns.change(asked.id, terms, actor="citizen", now=at("17:00"))
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    with pytest.raises(DrawIsRunning):
        turns.withdraw(asked.id, actor="citizen", now=at("17:01"))
    assert Round.objects.get(serial=1).state == "sealed"


def test_who_withdraws_is_in_no_draw_and_keeps_the_credit():
    office = a_drawing_office()
    asked = an_application(office, nik=a_nik(9))
    Application.objects.filter(id=asked.id).update(credit=2)

    turns.withdraw(asked.id, actor="citizen", now=at("10:00"))

    drawn = draw_now(office.region)
    assert drawn.applications == 0
    with pytest.raises(NotOpenAnyMore):
        turns.withdraw(asked.id, actor="citizen", now=at("18:00"))
    assert an_application(office, nik=a_nik(9), now=at("18:00")).credit == 2


def test_a_list_sealed_late_is_drawn_by_a_value_that_nobody_knows_yet():
    from giliran.beacon import appears_at

    office = a_drawing_office(beacon="drand")
    an_application(office)
    named = Round.objects.get().beacon["round"]

    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:30"))

    sealed = Round.objects.get(serial=1)
    assert sealed.beacon["round"] > named
    assert appears_at(sealed.beacon["round"]) > at("17:30")


def test_no_place_is_in_two_lists_while_a_round_waits_for_its_value(monkeypatch):
    from giliran import beacon

    office = a_drawing_office(places=1, windows=("13:00",), days=2, beacon="drand")
    an_application(office)
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    an_application(office, now=at("18:00"))

    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00", TUESDAY))
    assert list(Round.objects.order_by("serial").values_list("state", flat=True)) == [
        "sealed",
        "open",
    ]

    monkeypatch.setattr(beacon, "verified", lambda *_: "00" * 32)
    monkeypatch.setattr(draw_file, "randomness_from", lambda *_: bytes(32))
    turns.keep_rounds(office.region, fetch=lambda _: "ab" * 48, now=at("18:00", TUESDAY))

    assert set(Round.objects.filter(serial__lte=2).values_list("state", flat=True)) == {"drawn"}
    for offer in Offer.objects.filter(kind="window"):
        assert Turn.objects.filter(offer=offer).count() == offer.taken <= offer.places


def test_what_is_given_back_while_the_list_is_sealed_is_in_no_draw_and_not_on_sale():
    office = a_drawing_office(places=2, windows=("13:00",), beacon="reveal")
    first = an_application(office)
    Offer.objects.filter(kind="window").update(held=0)
    booked = a_booking(Offer.objects.get(kind="window"))
    opened = Round.objects.get()
    turns.seal_round(opened.id, now=at("17:00"))
    turns.cancel(booked.id, actor="citizen", now=at("17:00"))

    turns.draw_round(opened.id, fetch=lambda _: None, now=at("17:01"))

    first.refresh_from_db()
    [window] = places(office).values()
    assert first.state == "placed"
    assert (window.taken, window.held, window.left) == (1, 1, 0)


def test_a_window_cut_while_the_list_is_sealed_keeps_what_was_promised():
    office = a_drawing_office(places=2, windows=("13:00",))
    for _ in range(2):
        an_application(office)
    opened = Round.objects.get()
    turns.seal_round(opened.id, now=at("17:00"))
    [window] = places(office).values()
    capacity.set_places(window.id, 1, office_id=office.id, now=at("17:00"), actor="officer:1")

    turns.draw_round(opened.id, fetch=lambda _: None, now=at("17:01"))

    window.refresh_from_db()
    assert (window.places, window.taken, window.held) == (2, 2, 0)


def test_a_round_waits_for_its_random_value_and_believes_no_wrong_one():
    from giliran.beacon import WrongSignature

    office = a_drawing_office(beacon="drand")
    an_application(office)
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    waiting = Round.objects.get(serial=1)
    assert waiting.beacon["kind"] == "drand"
    assert waiting.root

    with pytest.raises(WrongSignature):
        turns.keep_rounds(office.region, fetch=lambda _: "ab" * 48, now=at("17:02"))
    waiting.refresh_from_db()
    assert waiting.state == "sealed"


def test_the_ombudsman_and_the_public_add_their_chance():
    from giliran.core.lottery import commitment
    from giliran.turns.actions.rounds import BadCommitment, TooEarlyToReveal, TooLateToCommit

    office = a_drawing_office()
    an_application(office)
    opened = turns.open_round(office.region, now=at("08:00"))
    secret = bytes(range(32))
    digest = commitment("ombudsman", secret).hex()
    turns.commit(opened.id, party="ombudsman", digest=digest, actor="officer:1", now=at("09:00"))
    with pytest.raises(TooEarlyToReveal):
        turns.reveal(
            opened.id, party="ombudsman", secret=secret.hex(), actor="officer:1", now=at("10:00")
        )

    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    opened.refresh_from_db()
    assert opened.state == "sealed"
    with pytest.raises(TooLateToCommit):
        turns.commit(opened.id, party="public", digest=digest, actor="officer:1", now=at("17:01"))
    with pytest.raises(BadCommitment):
        turns.reveal(
            opened.id, party="ombudsman", secret="00" * 32, actor="officer:1", now=at("17:01")
        )
    turns.reveal(
        opened.id, party="ombudsman", secret=secret.hex(), actor="officer:1", now=at("17:02")
    )
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:03"))

    opened.refresh_from_db()
    file = json.loads(applications.public_file(opened))
    assert [one["name"] for one in file["randomness"]["secrets"]] == ["agency", "ombudsman"]
    assert differences(file) == []


def test_who_never_reveals_is_left_out_after_a_quarter_of_an_hour_and_everybody_sees_it():
    from giliran.core.lottery import commitment

    office = a_drawing_office()
    an_application(office)
    opened = turns.open_round(office.region, now=at("08:00"))
    digest = commitment("public", bytes(32)).hex()
    turns.commit(opened.id, party="public", digest=digest, actor="officer:1", now=at("09:00"))

    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:14"))
    assert Round.objects.get(serial=1).state == "sealed"
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:15"))

    file = json.loads(applications.public_file(Round.objects.get(serial=1)))
    assert file["randomness"]["secrets"][1] == {"name": "public", "secret": None}
    assert differences(file) == []


def test_a_person_finds_themselves_in_the_sealed_list():
    from giliran.core import lottery

    office = a_drawing_office()
    asked = [an_application(office, nik=a_nik(n)) for n in range(20, 25)]
    draw_now(office.region)

    for n, one in enumerate(asked):
        proof = applications.inclusion(one, 1)
        file = json.loads(applications.public_file(proof.round))
        listed = file["applications"][proof.leaf - 1]
        assert listed["id"] == proof.id
        salt = bytes.fromhex(proof.salt)
        assert lottery.pseudonym(salt, a_nik(20 + n), "jht").hex() == proof.id
        assert lottery.proof_holds(
            lottery.leaf_hash(lottery.canonical(listed)),
            proof.leaf,
            proof.leaves,
            [bytes.fromhex(node) for node in proof.path],
            bytes.fromhex(proof.root),
        )


def test_a_family_is_drawn_together_or_stays_in_together():
    office = a_drawing_office(places=2, windows=("09:00",))
    mother = an_application(office, nik=a_nik(31))
    party = turns.start_party(mother.id, uuid4(), actor="citizen", now=at("09:00"))
    for n in (32, 33):
        an_application(office, nik=a_nik(n), party=party)

    draw_now(office.region)

    assert set(Application.objects.values_list("state", flat=True)) == {"open"}

    a_drawing_office("cilegon", places=3, windows=("09:00",), days=2)
    for one in Application.objects.all():
        office_ids = [
            *one.office_ids,
            *Office.objects.filter(slug="cilegon").values_list("id", flat=True),
        ]
        Application.objects.filter(id=one.id).update(office_ids=office_ids)
    draw_now(office.region, day=TUESDAY)
    assert Turn.objects.filter(office__slug="cilegon", state="booked").count() == 3


def test_an_heir_with_two_services_comes_once():
    office = a_drawing_office(places=3, windows=("09:00", "13:00"))
    one = an_application(office, nik=a_nik(40))
    party = turns.start_party(one.id, uuid4(), actor="citizen", now=at("09:00"))
    an_application(office, nik=a_nik(40), service="jkm", party=party)

    draw_now(office.region)

    drawn = Turn.objects.filter(state="booked").values_list("window_from", flat=True)
    assert len(drawn) == 2
    assert len({moment.hour < 5 for moment in drawn}) == 1


def test_reserves_give_priority_people_their_share():
    office = a_drawing_office(places=10, windows=("09:00", "10:00"))
    for _ in range(30):
        an_application(office, any_near=True)
    Application.objects.update(credit=5)
    for _ in range(6):
        an_application(office, any_near=True, is_priority=True)

    draw_now(office.region)

    won = Application.objects.filter(state="placed", is_priority=True).count()
    assert won == 3  # 15 percent of 20 places


def test_people_from_far_away_are_known_by_their_district():
    office = a_drawing_office()
    home = HomeArea.objects.create(
        region=office.region,
        code="36-01-31",
        name="Sumur",
        latitude=Decimal("-6.65"),
        longitude=Decimal("105.58"),
    )

    asked = an_application(office, home_id=home.id)

    assert asked.is_far


def test_only_offices_of_one_region_that_draws_can_be_asked_for():
    quiet = an_office("tanpa-undian")
    with pytest.raises(NoDrawHere):
        an_application(quiet)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(()),
        Wish((1, 1)),
        Wish((10**9,)),
        Wish((1, 2, 3, 4, 5, 6)),
    ],
)
def test_a_wish_that_names_no_office_is_refused(wish):
    with pytest.raises(BadInput):
        turns.apply(
            somebody(),
            turns.Terms(wish),
            service_id=a_service().id,
            request_key=uuid4(),
            channel="web",
            actor="citizen",
            now=at("09:00"),
        )
    assert Application.objects.count() == 0


def test_one_telephone_applies_for_a_family_and_not_for_a_village():
    office = a_drawing_office()
    for _ in range(5):
        an_application(office, phone="0812 3456 7890")
    with pytest.raises(TooManyNiksForPhone):
        an_application(office, phone="+62 812-3456-7890")
    an_application(
        office, phone="0812 3456 7890", channel="clerk"
    )  # an officer sees who stands there


def test_a_nik_that_nobody_ever_saw_shows_its_card_after_two_missed_turns():
    office = a_drawing_office(days=4)
    for day in (MONDAY, TUESDAY):
        an_application(office, nik=a_nik(70), now=at("09:00", day))
        draw_now(office.region, day=day)
        turns.close_day(office.id, day + timedelta(days=4), now=at("18:00", day))

    with pytest.raises(ShowCardFirst):
        an_application(office, nik=a_nik(70), now=at("19:00", TUESDAY))
    an_application(office, nik=a_nik(70), channel="clerk", now=at("19:00", TUESDAY))


def test_many_people_of_one_telephone_are_reported_to_the_auditor():
    office = a_drawing_office()
    for _ in range(5):
        an_application(office, phone="0812 3456 7890")

    [cluster] = applications.suspicious(office.region)

    assert (cluster.kind, cluster.size) == ("phone", 5)


def test_the_estimate_is_computed_and_kept():
    office = a_drawing_office(places=5, windows=("09:00",), days=9)
    region = office.region
    region.draw_days_ahead = 1
    region.save()
    for _ in range(9):
        an_application(office, any_near=True)
    last = an_application(office, any_near=True)

    said = applications.estimate(last, now=at("10:00"))

    assert said is not None
    assert (said.ahead, said.places_each_round, said.rounds) == (9, 3, 4)
    day = MONDAY
    for _ in range(said.rounds):
        draw_now(region, day=day)
        day += timedelta(days=1)
    assert not Application.objects.filter(state="open").exists()


def test_a_short_list_gets_no_date():
    office = a_drawing_office()
    asked = an_application(office, halves=("mon-am",))
    assert applications.estimate(asked, now=at("10:00")) is None


def test_a_won_place_is_served_only_to_the_card_it_was_won_with():
    office = a_drawing_office()
    walk_in_places(office, day=TUESDAY)
    an_application(office, nik=a_nik(61))
    draw_now(office.region)
    turn = Application.objects.get().turn
    turns.check_in(turn.id, actor="kiosk:1", now=at("08:50", TUESDAY))
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("09:00", TUESDAY))

    with pytest.raises(CardNotChecked):
        turns.start(officer_id=officer.id, now=at("09:01", TUESDAY))
    with pytest.raises(WrongPerson):
        turns.identify(
            turn.id, somebody(a_nik(62)), actor="x", office_id=office.id, now=at("09:01", TUESDAY)
        )
    turns.park(officer_id=officer.id, now=at("09:02", TUESDAY))
    with pytest.raises(CardNotChecked):
        turns.take_back(turn.id, officer_id=officer.id, now=at("09:03", TUESDAY))

    turns.identify(
        turn.id, somebody(a_nik(61)), actor="x", office_id=office.id, now=at("09:04", TUESDAY)
    )
    served = turns.take_back(turn.id, officer_id=officer.id, now=at("09:05", TUESDAY))
    assert served.state == "serving"


def test_what_people_stated_is_erased_long_after_their_application_ended():
    office = a_drawing_office()
    won = an_application(office, phone="0812 3456 7890")
    waits = an_application(office, halves=("sat-am",), phone="0812 3456 7891")
    draw_now(office.region)
    Turn.objects.update(state="finished", number="A001")

    turns.erase_statements(before=TUESDAY + timedelta(days=90))

    won.refresh_from_db()
    waits.refresh_from_db()
    assert not any((won.name_sealed, won.phone_sealed, won.phone_index, won.address_index))
    assert waits.name_sealed


def test_rounds_close_on_working_days_only():
    office = a_drawing_office()
    friday = MONDAY + timedelta(days=4)
    region = office.region
    region.draw_at = time(17)
    closes = applications.next_closing(region, now=at("17:00", friday))
    assert closes.date() == date(2026, 11, 30)
