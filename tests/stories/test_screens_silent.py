"""Screens that hang in an office are missed when they go dark, by whoever can mend it.

A device lives in real time, so it is moved by the database's clock; the office's hours follow the
clock of the test.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.postgres.functions import TransactionNow as Now
from django.test import Client

from giliran.core.refusal import NotFound
from giliran.figures import actions as figures
from giliran.figures import alarms
from giliran.figures.alarm_words import words
from giliran.figures.models import Alarm, Pulse
from giliran.offices import actions, queries
from giliran.offices.models import Board, Kiosk, Office, Screen
from tests.builders import MONDAY, an_office, at

pytestmark = pytest.mark.django_db
DAYS_AGO = timedelta(days=3)


def an_office_with_a_kiosk(slug: str = "serang") -> tuple[Office, Kiosk]:
    office = an_office(slug, is_demo=False)
    return office, actions.register_kiosk(office, "pintu utama")


def seen(screen: Screen, ago: timedelta, *, first: timedelta = DAYS_AGO) -> None:
    type(screen).objects.filter(id=screen.id).update(
        seen_at=Now() - ago, first_seen_at=Now() - max(first, ago)
    )


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def watch(clock: str, day: date = MONDAY) -> tuple[int, int]:
    return figures.watch(now=at(clock, day))


def ringing() -> list[tuple[str, str, int | None]]:
    found = Alarm.objects.filter(over_at__isnull=True).order_by("id")
    return [(one.kind, one.about, one.office_id) for one in found]


class TestSigns:
    def test_a_kiosk_that_shows_its_first_page_has_been_seen(self):
        _, kiosk = an_office_with_a_kiosk()

        Client().get(f"/kios/{kiosk.token}/")

        kiosk.refresh_from_db()
        assert kiosk.seen_at == kiosk.first_seen_at is not None

    def test_it_is_written_once_a_minute_at_most(self, django_assert_num_queries):
        _, kiosk = an_office_with_a_kiosk()
        for ago, is_written in ((minutes(0.9), False), (minutes(1), True)):
            seen(kiosk, ago)
            before = Kiosk.objects.get().seen_at
            with django_assert_num_queries(1):
                actions.note_alive(kiosk)
            assert (Kiosk.objects.get().seen_at != before) == is_written
        assert Kiosk.objects.get().first_seen_at < Kiosk.objects.get().seen_at - minutes(60)

    def test_only_the_waiting_rooms_own_screen_counts_as_the_board(self):
        office = an_office(is_demo=False)
        board = actions.register_board(office, "ruang tunggu")
        other = actions.register_board(an_office("cilegon"), "ruang tunggu")
        visitor = Client()
        for query in ("", "?layar=salah", "?layar=%00", f"?layar={other.token}"):
            page = visitor.get(f"/papan/serang/{query}")
            assert b"layar" not in page.content
            visitor.get(f"/papan/serang/isi/{query}")
        assert not Board.objects.filter(seen_at__isnull=False).exists()

        page = visitor.get(f"/papan/serang/?layar={board.token}")

        assert f"/papan/serang/isi/?layar={board.token}" in page.content.decode()
        assert Board.objects.get(id=board.id).seen_at
        Board.objects.update(seen_at=None)
        visitor.get(f"/papan/serang/isi/?layar={board.token}")
        assert Board.objects.get(id=board.id).seen_at


class TestSilentScreen:
    def test_five_minutes_of_silence_ring_at_the_office_until_the_kiosk_is_heard_again(self):
        office, kiosk = an_office_with_a_kiosk()
        seen(kiosk, minutes(4.9))
        assert watch("09:00") == (0, 0)
        seen(kiosk, minutes(5.1))

        assert watch("09:01") == (1, 0)
        assert watch("09:02") == (0, 0)
        assert ringing() == [("screen_silent", f"kiosk:{kiosk.id}", office.id)]
        actions.note_alive(kiosk)
        assert watch("09:03") == (0, 1)

    def test_the_head_and_the_door_hear_of_it_with_what_to_do(self):
        office, kiosk = an_office_with_a_kiosk()
        seen(kiosk, minutes(12))
        watch("09:00")

        assert not alarms.ringing(office.id, {"officer"})
        (shown,) = alarms.ringing(office.id, {"door"})
        assert alarms.ringing(office.id, {"manager"}) == [shown]
        said = words(shown, office=office)
        assert "pintu utama" in said.sentence
        assert "beri nomor di meja" in said.do

    @pytest.mark.parametrize(
        ("clock", "day", "rings"),
        [
            ("07:29", MONDAY, False),
            ("07:30", MONDAY, True),
            ("12:30", MONDAY, True),
            ("14:59", MONDAY, True),
            ("15:00", MONDAY, False),
            ("09:00", MONDAY - timedelta(days=1), False),
        ],
    )
    def test_it_is_missed_from_half_an_hour_before_opening_until_closing(self, clock, day, rings):
        _, kiosk = an_office_with_a_kiosk()
        seen(kiosk, timedelta(hours=16))

        assert watch(clock, day) == (int(rings), 0)

    def test_what_rings_at_closing_is_not_over_until_it_lives(self):
        _, kiosk = an_office_with_a_kiosk()
        seen(kiosk, minutes(30))
        watch("14:50")

        assert watch("15:10") == (0, 0)
        seen(kiosk, minutes(0))
        assert watch("15:20") == (0, 1)

    def test_a_kiosk_that_was_first_opened_today_is_still_being_tried_out(self):
        _, kiosk = an_office_with_a_kiosk()
        seen(kiosk, minutes(0))
        assert Kiosk.objects.filter(first_seen_at__isnull=False).exists()
        Kiosk.objects.update(first_seen_at=Now(), seen_at=Now() - minutes(9))

        assert watch("09:00") == (0, 0)

    def test_a_kiosk_that_nobody_ever_opened_is_not_missed(self):
        an_office_with_a_kiosk()
        assert watch("09:00") == (0, 0)

    def test_an_office_for_show_has_nobody_who_would_look_for_the_plug(self):
        office, kiosk = an_office_with_a_kiosk()
        Office.objects.filter(id=office.id).update(is_demo=True)
        seen(kiosk, minutes(30))

        assert watch("09:00") == (0, 0)

    def test_a_board_is_missed_too_and_says_what_to_do_without_one(self):
        office = an_office(is_demo=False)
        board = actions.register_board(office, "ruang tunggu")
        seen(board, timedelta(days=1))

        assert watch("09:00") == (1, 0)
        (shown,) = alarms.ringing(office.id, {"door"})
        said = words(shown, office=office)
        assert shown.about == f"board:{board.id}"
        assert "suara" in said.do
        assert "WIB" in said.sentence


class TestTakenDown:
    def test_a_kiosk_taken_down_rings_no_more_and_its_address_opens_nothing(self):
        office, kiosk = an_office_with_a_kiosk()
        seen(kiosk, minutes(30))
        watch("09:00")

        actions.retire_kiosk(office, "pintu utama")

        assert watch("09:01") == (0, 1)
        assert Client().get(f"/kios/{kiosk.token}/").status_code == 404
        assert queries.kiosks(office.id) == []

    def test_put_up_again_it_has_a_new_address_and_is_new(self):
        office, kiosk = an_office_with_a_kiosk()
        seen(kiosk, minutes(30))
        actions.retire_kiosk(office, "pintu utama")

        again = actions.register_kiosk(office, "pintu utama")

        assert again.id == kiosk.id
        assert again.token != kiosk.token
        assert watch("09:00") == (0, 0)
        assert actions.register_kiosk(office, "pintu utama").token == again.token

    def test_what_was_never_put_up_is_not_taken_down(self):
        office = an_office()
        with pytest.raises(NotFound):
            actions.retire_board(office, "ruang tunggu")


class TestAllAtOnce:
    def three(self, ago: timedelta) -> list[Kiosk]:
        kiosks = [an_office_with_a_kiosk(slug)[1] for slug in ("serang", "cilegon", "lebak")]
        for kiosk in kiosks:
            seen(kiosk, ago)
        return kiosks

    def test_where_no_screen_anywhere_is_heard_the_centre_looks_at_the_server_and_no_office_rings(
        self,
    ):
        kiosks = self.three(minutes(3.5))
        assert watch("09:00") == (1, 0)
        for kiosk in kiosks:
            seen(kiosk, minutes(30))
        assert watch("09:27") == (0, 0)

        assert ringing() == [("channel_down", "pages", None)]
        shown = Alarm.objects.get()
        assert (
            "server halaman"
            in words(alarms.told(since=shown.raised_at, office_ids=[], above=[None])[0]).do
        )
        seen(kiosks[0], minutes(0))
        assert watch("09:28") == (2, 1)
        assert [kind for kind, _, _ in ringing()] == ["screen_silent"] * 2

    def test_a_morning_on_which_nobody_has_switched_anything_on_is_no_broken_server(self):
        self.three(timedelta(hours=16))

        assert watch("07:31") == (3, 0)
        assert {kind for kind, _, _ in ringing()} == {"screen_silent"}


class TestLiveStreams:
    def beat(self, ago: timedelta) -> None:
        Pulse.objects.update_or_create(name="live", defaults={"seen_at": Now() - ago})

    def test_streams_that_fell_silent_ring_at_the_centre_until_they_live(self):
        assert watch("09:00") == (0, 0)
        self.beat(minutes(1.9))
        assert watch("09:00") == (0, 0)
        self.beat(minutes(2.1))

        assert watch("09:01") == (1, 0)
        assert ringing() == [("channel_down", "live", None)]
        said = words(alarms.told(since=at("09:00"), office_ids=[], above=[None])[0])
        assert "Siaran langsung" in said.sentence
        self.beat(minutes(0))
        assert watch("09:02") == (0, 1)


def test_every_brief_fits_its_sms():
    office = an_office("jayapura", time_zone="Asia/Jayapura")
    since = (at("15:02") - timedelta(days=2)).isoformat()
    for kind, about, where in (
        ("screen_silent", "kiosk:123456", office),
        ("screen_silent", "board:123456", office),
        ("channel_down", "live", None),
        ("channel_down", "pages", None),
    ):
        Alarm.objects.create(
            kind=kind,
            about=about,
            office=where,
            data={"label": "W" * 20, "since": since},
            raised_at=at("09:00"),
        )
    found = alarms.told(since=at("08:00"), office_ids=[office.id], above=[None])
    assert len(found) == 4
    for one in found:
        assert len(words(one, office=office if one.office_id else None).brief) <= 105
