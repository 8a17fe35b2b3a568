"""Alarms: each raised by what really happens, once, for whoever can mend it, until it is over."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from giliran.capacity import actions as capacity
from giliran.capacity.models import CounterOpening, Offer, Shift
from giliran.figures import actions as figures
from giliran.figures import alarms
from giliran.figures.models import Alarm
from giliran.journal.models import Event
from giliran.messages.models import Attempt, Contact, Message
from giliran.turns import actions as turns
from giliran.turns.models import Promise
from giliran.voices.actions import complain
from tests.builders import (
    MONDAY,
    a_complete_claim,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    somebody,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
SITUATIONS = [
    (
        "early_crowd",
        "",
        {"people": 12, "opens": "2026-11-23T08:00:00+07:00", "before_six": True},
    ),
    (
        "quota_gone",
        "window:2026-11-24",
        {"offer": "window", "day": "2026-11-24", "places": 40, "minutes": 3},
    ),
    (
        "quota_gone",
        "walk_in:2026-11-23",
        {"offer": "walk_in", "day": "2026-11-23", "places": 40, "minutes": 3},
    ),
    ("counter_empty", "counter:3", {"label": "3", "people": 4, "minutes": 6}),
    ("counter_empty", "all", {"people": 4, "minutes": 6}),
    ("counter_empty", "shift", {"people": 4, "minutes": 40, "missing": 2}),
    ("promise_broken", "", {"kept": 6, "of": 12, "target": 90}),
    ("deadline", "claims", {"late": 1, "near": 2}),
    ("deadline", "complaints", {"late": 1, "near": 2}),
    ("channel_down", "sms", {"failed": 7}),
]


def an_open_office(slug: str = "serang", **fields):
    office = an_office(slug, **fields)
    walk_in_places(office, places=90)
    return office


def ringing(kind: str | None = None) -> list[Alarm]:
    found = Alarm.objects.filter(over_at__isnull=True).order_by("id")
    return list(found.filter(kind=kind) if kind else found)


def watch(clock: str, day: date = MONDAY) -> tuple[int, int]:
    return figures.watch(now=at(clock, day))


def test_where_nothing_is_wrong_nothing_rings():
    office = an_open_office()
    a_walk_in(office, "08:10")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:11"))

    assert watch("08:12") == (0, 0)


class TestEarlyCrowd:
    def test_ten_people_before_opening_ring_until_the_office_opens(self):
        office = an_open_office()
        for minute in range(9):
            a_walk_in(office, f"07:0{minute}")
        assert watch("07:10") == (0, 0)
        a_walk_in(office, "07:11")

        assert watch("07:12") == (1, 0)
        assert watch("07:13") == (0, 0)
        (alarm,) = ringing()
        assert (alarm.kind, alarm.office_id, alarm.data["people"]) == ("early_crowd", office.id, 10)
        assert watch("08:00") == (0, 1)

    def test_before_six_one_person_is_too_many(self):
        office = an_office()
        walk_in_places(office)
        Offer.objects.update(starts_at=at("05:00"))
        office.doors_open_minutes_before = 180
        office.save()
        a_walk_in(office, "05:30")

        assert watch("05:31") == (1, 0)
        assert ringing()[0].data["before_six"]

    def test_one_more_or_less_rings_no_second_time(self):
        office = an_open_office()
        people = [a_walk_in(office, "07:05") for _ in range(10)]
        watch("07:06")
        turns.leave(people[0].id, actor="citizen", now=at("07:07"))
        assert watch("07:08") == (0, 0)
        a_walk_in(office, "07:09")
        assert watch("07:10") == (0, 0)
        assert len(Event.objects.filter(kind="alarm.raised")) == 1


class TestQuotaGone:
    def test_windows_that_were_gone_in_minutes_ring_until_a_place_is_free_again(self):
        office = an_office()
        window = a_window(office, "13:00", places=12)
        for minute in range(12):
            booked(window, f"07:{minute:02d}")

        assert watch("07:15") == (1, 0)
        (alarm,) = ringing()
        assert alarm.kind == "quota_gone"
        assert alarm.data["places"] == 12
        assert alarm.data["minutes"] <= 12
        capacity.set_places(window.id, 20, office_id=office.id, now=at("07:20"), actor="officer:1")
        assert watch("07:21") == (0, 1)

    def test_windows_that_filled_over_hours_are_no_alarm(self):
        office = an_office()
        window = a_window(office, "14:00", places=12)
        for n in range(12):
            booked(window, f"{7 + n // 3:02d}:{n % 3 * 20:02d}")

        assert watch("10:45") == (0, 0)

    def test_the_news_is_old_after_two_hours(self):
        office = an_office()
        window = a_window(office, "14:00", places=12)
        for minute in range(12):
            booked(window, f"07:{minute:02d}")
        watch("07:15")

        assert watch("09:12") == (0, 1)


def booked(window: Offer, clock: str) -> None:
    turns.book(
        somebody(),
        offer_id=window.id,
        service_id=a_service().id,
        request_key=uuid4(),
        is_priority=False,
        channel="web",
        actor="citizen",
        now=at(clock),
    )


class TestCounterEmpty:
    def test_an_officer_who_calls_nobody_rings_by_the_counter_until_somebody_is_called(self):
        office = an_open_office()
        officer, counter_id = at_counter(office, "2", "08:00")
        a_walk_in(office, "08:10")

        assert watch("08:14") == (0, 0)
        assert watch("08:15") == (1, 0)
        (alarm,) = ringing()
        assert alarm.about == f"counter:{counter_id}"
        assert alarm.data == {"label": "2", "people": 1, "minutes": 5}
        turns.call_next(counter_id, officer_id=officer.id, now=at("08:16"))
        assert watch("08:17") == (0, 1)

    def test_who_waits_for_what_this_counter_does_not_serve_is_not_its_fault(self):
        office = an_open_office()
        _, counter_id = at_counter(office, "1")
        office.counters.get(id=counter_id).services.set([a_service("jkm", "B")])
        _, other = at_counter(office, "2")
        serving = a_walk_in(office, "08:05")
        officer_id = CounterOpening.objects.get(counter_id=other).officer_id
        turns.call_next(other, officer_id=officer_id, now=at("08:06"))
        a_walk_in(office, "08:10")

        assert serving.id
        assert watch("08:30") == (0, 0)

    def test_no_open_counter_at_all_rings_but_not_during_the_friday_prayer(self):
        office = an_office()
        friday = MONDAY + timedelta(days=4)
        walk_in_places(office, day=friday)
        turns.take_number(
            office_id=office.id,
            service_id=a_service().id,
            request_key=uuid4(),
            is_priority=False,
            channel="kiosk",
            actor="kiosk:1",
            now=at("11:20", friday),
        )

        assert watch("11:24", friday) == (0, 0)
        assert watch("11:26", friday) == (1, 0)
        assert ringing()[0].about == "all"
        assert watch("11:40", friday) == (0, 1)
        assert watch("13:01", friday) == (1, 0)

    def test_people_on_the_roster_who_are_at_no_counter_ring_once_waits_are_long(self):
        office = an_open_office()
        busy, counter_id = at_counter(office, "1")
        missing = an_officer(office)
        Shift.objects.create(
            officer=missing,
            office=office,
            day=MONDAY,
            kind="full",
            begins_at=at("08:00"),
            ends_at=at("15:00"),
        )
        a_walk_in(office, "08:05")
        turns.call_next(counter_id, officer_id=busy.id, now=at("08:06"))
        a_walk_in(office, "08:10")

        assert watch("08:39") == (0, 0)
        assert watch("08:40") == (1, 0)
        assert ringing()[0].data == {"people": 1, "minutes": 30, "missing": 1}
        second = office.counters.get(label="2")
        capacity.open_counter(second.id, officer_id=missing.id, now=at("08:41"))
        assert watch("08:42") == (0, 1)


class TestPromiseBroken:
    def test_fewer_kept_than_chance_allows_ring_until_enough_are_kept_again(self):
        office = an_open_office()
        for n in range(12):
            a_promise(office, f"08:{n:02d}", kept=n < 6)

        assert watch("10:00") == (1, 0)
        assert ringing()[0].data == {"kept": 6, "of": 12, "target": 90}
        for _ in range(60):
            a_promise(office, "09:00", kept=True)
        assert watch("11:00") == (0, 1)

    def test_one_in_ten_broken_is_what_was_said_beforehand(self):
        office = an_open_office()
        for n in range(20):
            a_promise(office, f"08:{n:02d}", kept=n != 3)

        assert watch("10:00") == (0, 0)

    def test_whoever_waits_beyond_their_window_counts_as_broken_at_once(self):
        office = an_open_office()
        at_counter(office)
        for n in range(10):
            a_promise(office, f"08:{n:02d}", kept=None)

        watch("09:00")
        assert [one.data for one in ringing("promise_broken")] == [
            {"kept": 0, "of": 10, "target": 90}
        ]


def a_promise(office, clock: str, *, kept: bool | None) -> None:
    turn = a_walk_in(office, clock)
    if kept is not None:
        turns.leave(turn.id, actor="citizen", now=at(clock) + timedelta(minutes=50))
    Promise.objects.filter(turn=turn).delete()
    made = at(clock)
    Promise.objects.create(
        turn=turn,
        office=office,
        stage="here",
        made_at=made,
        begins=made,
        ends=made + timedelta(minutes=20),
        is_first=True,
        hour=8,
        group="standard",
        low=5,
        middle=10,
        high=15,
        from_minutes=0,
        till_minutes=20,
        kept=kept,
        settled_at=made if kept is not None else None,
    )


class TestDeadline:
    def test_a_claim_that_is_due_tomorrow_rings_at_its_office_and_a_late_one_in_the_region(self):
        office = an_office()
        claim = a_complete_claim(office, now=at("09:00"))
        due = claim.due_on

        assert watch("09:00", due - timedelta(days=4)) == (0, 0)
        watch("09:00", due - timedelta(days=1))
        (alarm,) = ringing("deadline")
        assert (alarm.office_id, alarm.about, alarm.data) == (
            office.id,
            "claims",
            {"late": 0, "near": 1},
        )
        watch("09:00", due + timedelta(days=1))
        here, above = ringing("deadline")
        assert here.data == {"late": 1, "near": 0}
        assert (above.office_id, above.region_id) == (None, office.region_id)

    def test_a_complaint_rings_where_it_may_be_seen_and_nowhere_below(self):
        office = an_office()
        head = an_officer(office, "manager")
        for about in (None, head.id):
            complain(
                request_key=uuid4(),
                channel="web",
                text="Tidak ada petugas di loket tiga.",
                office=office,
                officer_id=about,
                category="queue",
                now=at("09:00"),
            )

        watch("09:00", MONDAY + timedelta(days=11))
        found = {(one.office_id, one.region_id): one.data for one in ringing("deadline")}
        assert found[office.id, None]["late"] == 1
        assert found[None, office.region_id]["late"] >= 1
        assert sum(found[office.id, None].values()) == 1


class TestChannelDown:
    def test_five_failures_to_three_people_ring_at_the_centre_until_something_comes_through(self):
        for n in range(5):
            an_attempt(n % 3, "failed", f"09:0{n}")

        assert watch("09:06") == (1, 0)
        (alarm,) = ringing()
        assert (alarm.kind, alarm.about, alarm.office_id) == ("channel_down", "sms", None)
        assert watch("09:40") == (0, 0), "silence mends nothing"
        an_attempt(4, "delivered", "09:50")
        assert watch("09:51") == (0, 1)

    def test_one_wrong_number_or_a_provider_that_answers_others_is_no_alarm(self):
        for _ in range(6):
            an_attempt(1, "failed", "09:00")
        assert watch("09:01") == (0, 0)
        for n in range(5):
            an_attempt(n, "failed", "09:02")
        an_attempt(9, "sent", "09:03")
        assert watch("09:04") == (0, 0)


def an_attempt(person: int, state: str, clock: str) -> None:
    contact, _ = Contact.objects.get_or_create(
        channel="sms", address_index=bytes([person]), defaults={"made_at": at("07:00")}
    )
    message = Message.objects.create(
        key=str(uuid4()),
        kind="turn.called",
        subject="turn",
        subject_id=1,
        urgency=0,
        due_at=at(clock),
        expires_at=at(clock) + timedelta(hours=1),
        state="sending",
        made_at=at(clock),
    )
    Attempt.objects.create(
        message=message,
        contact=contact,
        channel="sms",
        state=state,
        started_at=at(clock),
        ended_at=at(clock),
    )


class TestWhoHears:
    def test_an_officer_hears_of_the_counter_but_not_of_deadlines(self):
        office = an_office()
        for kind in ("counter_empty", "deadline", "quota_gone"):
            Alarm.objects.create(kind=kind, office=office, raised_at=at("09:00"))

        def hears(*roles):
            return [one.kind for one in alarms.ringing(office.id, roles)]

        assert hears("officer") == ["counter_empty"]
        assert hears("manager") == ["counter_empty", "deadline", "quota_gone"]
        assert hears("auditor") == []

    def test_who_takes_it_first_is_named_and_nobody_takes_what_is_over(self):
        office = an_office()
        first, second = an_officer(office, "manager"), an_officer(office, "manager")
        alarm = Alarm.objects.create(kind="quota_gone", office=office, raised_at=at("09:00"))

        figures.take(alarm.id, officer_id=first.id, now=at("09:01"))
        figures.take(alarm.id, officer_id=second.id, now=at("09:02"))

        (shown,) = alarms.ringing(office.id, {"manager"})
        assert (shown.seen_by, shown.seen_at) == (first.full_name, at("09:01"))
        over = Alarm.objects.create(
            kind="deadline", office=office, raised_at=at("09:00"), over_at=at("09:05")
        )
        with pytest.raises(figures.AlarmOver):
            figures.take(over.id, officer_id=first.id, now=at("09:06"))

    def test_the_office_screens_hear_the_bell_when_it_rings_and_when_it_is_over(self):
        office = an_open_office()
        at_counter(office)
        a_walk_in(office, "08:10")
        watch("08:15")
        kinds = (
            Event.objects.filter(subject="alarm").order_by("id").values_list("kind", "office_id")
        )
        assert list(kinds) == [("alarm.raised", office.id)]


class TestScreens:
    def test_a_head_reads_what_is_wrong_and_takes_it_in_hand(self, client):
        office = an_open_office()
        head = an_officer(office, "manager")
        at_counter(office, "2")
        a_walk_in(office, "08:10")
        watch("08:20")
        client.force_login(head)

        page = client.get("/kepala/serang/peringatan/").content.decode()
        assert "Loket 2 terbuka, tetapi sudah 10 menit tidak memanggil" in page
        alarm = Alarm.objects.get()
        answer = client.post("/kepala/serang/peringatan/", {"alarm": alarm.id}, follow=True)
        assert f"Ditangani {head.full_name}" in answer.content.decode()
        assert Alarm.objects.get().seen_by_id == head.id

    def test_the_banner_stands_on_the_desk_and_is_sent_again_only_when_it_changes(self, client):
        office = an_open_office()
        officer, _ = at_counter(office, "1")
        a_walk_in(office, "08:10")
        client.force_login(officer)
        assert (
            "Panggil orang berikutnya" not in client.get("/petugas/serang/loket/").content.decode()
        )
        watch("08:20")

        assert "Panggil orang berikutnya" in client.get("/petugas/serang/loket/").content.decode()
        address = "/kepala/serang/peringatan/spanduk/"
        shown = Alarm.objects.get().id
        assert client.get(address).status_code == 200
        assert client.get(address, {"tanda": str(shown)}).status_code == 204

    def test_a_banner_says_two_at_most_and_grows_quiet_once_somebody_has_it_in_hand(self, client):
        office, data = an_office(), {"late": 1, "near": 0}
        head = an_officer(office, "manager")
        for n, about in enumerate(("claims", "complaints")):
            Alarm.objects.create(
                kind="deadline", about=about, office=office, data=data, raised_at=at(f"09:0{n}")
            )
        latest = Alarm.objects.create(
            kind="counter_empty",
            about="all",
            office=office,
            data={"people": 3, "minutes": 9},
            raised_at=at("09:05"),
        )
        client.force_login(head)
        address = "/kepala/serang/peringatan/spanduk/"
        page = client.get(address).content.decode()
        assert page.count("notice__title") == 2
        assert page.index("Tidak ada loket yang buka") < page.index("pengaduan")
        assert "1 peringatan lain" in page
        figures.take(latest.id, officer_id=head.id, now=at("09:06"))
        assert "Tidak ada loket yang buka" not in client.get(address).content.decode()

    def test_nobody_takes_another_offices_alarm_and_a_clerk_takes_none(self, client):
        here, there = an_office(), an_office("cilegon")
        alarm = Alarm.objects.create(
            kind="deadline",
            about="claims",
            office=there,
            data={"late": 1, "near": 0},
            raised_at=at("09:00"),
        )
        client.force_login(an_officer(here, "manager"))
        assert client.post("/kepala/serang/peringatan/", {"alarm": alarm.id}).status_code == 404
        assert client.get("/kepala/cilegon/peringatan/").status_code == 403
        client.force_login(an_officer(there))
        assert client.get("/kepala/cilegon/peringatan/").status_code == 403
        assert client.get("/kepala/peringatan/").status_code == 403

    @pytest.mark.parametrize(("kind", "about", "data"), SITUATIONS)
    def test_each_kind_says_what_to_do_at_the_office_the_region_or_the_centre(
        self, client, kind, about, data
    ):
        office = an_office()
        place = {"office": None if kind == "channel_down" else office}
        Alarm.objects.create(kind=kind, about=about, data=data, raised_at=at("07:30"), **place)
        client.force_login(an_officer(office, "administrator"))

        for address in ("/kepala/peringatan/", "/kepala/wilayah/banten/peringatan/"):
            page = client.get(address)
            assert page.status_code == 200
            if place["office"] or address == "/kepala/peringatan/":
                assert "Sejak 07.30 WIB" in page.content.decode()


def test_looking_at_many_offices_takes_few_statements(django_assert_max_num_queries):
    for n in range(5):
        an_office(f"kantor-{n}")
    with django_assert_max_num_queries(16):
        watch("09:00")
