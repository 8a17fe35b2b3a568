"""Who would raise the alarms if the worker is dead? The pages themselves, and a monitor outside."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.contrib.postgres.functions import TransactionNow as Now
from django.db import Error, connection
from django.test import Client

from giliran import clock
from giliran.figures import pulse
from giliran.figures.models import Pulse
from giliran.live.listen import LIVES
from giliran.offices.models import Office
from giliran.outbox import post
from giliran.web import health
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db
NOTHING = timedelta(0)


@pytest.fixture(autouse=True)
def _asks_each_time(monkeypatch):
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(health, "_looks", health._Looks())


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def a_worker(ago: timedelta) -> None:
    ask("DELETE FROM procrastinate_workers")
    ask("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s)", ago)


def streams(ago: timedelta) -> None:
    Pulse.objects.update_or_create(name="live", defaults={"seen_at": Now() - ago})


def ask(statement: str, *told: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, told or None)


def answer(path: str = "/sehat/") -> tuple[int, dict[str, str]]:
    found = Client().get(path)
    assert "no-store" in found.headers["Cache-Control"]
    return found.status_code, found.json()


class TestMonitor:
    def test_where_all_live_it_says_so_without_a_log_in(self):
        a_worker(minutes(0.1))
        streams(minutes(0.2))

        assert answer() == (200, {"database": "ok", "worker": "ok", "live": "ok"})

    def test_a_worker_whose_heart_stopped_two_minutes_ago_is_silent(self):
        a_worker(minutes(1.9))
        assert answer()[0] == 200
        a_worker(minutes(2.1))
        assert answer() == (503, {"database": "ok", "worker": "silent", "live": "never"})

    def test_a_worker_that_was_stopped_is_missed_by_the_last_tick_of_its_clockwork(self):
        ask(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp)"
            " VALUES ('figures.watch', EXTRACT(EPOCH FROM now() - %s))",
            minutes(1),
        )
        assert answer()[1]["worker"] == "ok"
        ask("UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - 90")
        assert answer()[1]["worker"] == "silent"

    def test_a_heart_that_beats_over_work_undone_for_five_minutes_is_not_well(self):
        a_worker(NOTHING)
        post("messages.sweep")
        ask("UPDATE procrastinate_events SET at = now() - %s", minutes(4.9))
        assert answer()[0] == 200
        ask("UPDATE procrastinate_events SET at = now() - %s", minutes(5.1))
        assert answer() == (503, {"database": "ok", "worker": "late", "live": "never"})

    def test_work_that_is_asked_for_later_is_not_late(self):
        a_worker(NOTHING)
        post("messages.sweep", after_seconds=600)
        ask("UPDATE procrastinate_events SET at = now() - %s", minutes(60))

        assert answer()[0] == 200
        ask("UPDATE procrastinate_jobs SET scheduled_at = now() - %s", minutes(6))
        assert answer()[1]["worker"] == "late"

    def test_where_no_worker_ever_lived_it_is_not_well_and_where_no_streams_did_it_may_be(self):
        assert answer() == (503, {"database": "ok", "worker": "never", "live": "never"})
        a_worker(NOTHING)
        assert answer()[0] == 200

    def test_streams_that_fell_silent_are_told(self):
        a_worker(NOTHING)
        streams(minutes(2.1))
        assert answer() == (503, {"database": "ok", "worker": "ok", "live": "silent"})

    def test_the_streams_tell_it_in_the_words_that_are_read_here(self):
        for _ in range(2):
            ask(LIVES)
            assert answer()[1]["live"] == "ok"
        streams(minutes(9))
        ask(LIVES)
        assert answer()[1]["live"] == "ok"

    def test_real_time_counts_also_where_the_office_runs_on_a_simulated_clock(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("GILIRAN_CLOCK", os.fspath(tmp_path / "clock.json"))
        clock.set_simulation(at("09:00") + timedelta(days=400), speed=20)
        a_worker(minutes(1))

        assert answer()[1]["worker"] == "ok"

    def test_a_load_balancer_keeps_pages_whose_worker_is_dead_and_leaves_out_those_without_database(
        self, monkeypatch
    ):
        a_worker(minutes(60))
        assert answer("/sehat/halaman/") == (200, {"database": "ok"})

        def silent():
            raise Error

        monkeypatch.setattr(health, "pulse", silent)
        assert answer("/sehat/halaman/") == (503, {"database": "silent"})
        assert answer() == (503, {"database": "silent", "worker": "unknown", "live": "unknown"})

    def test_however_many_ask_the_database_is_asked_once(
        self, monkeypatch, django_assert_num_queries
    ):
        monkeypatch.setattr(health, "KEPT_SECONDS", 60.0)
        with django_assert_num_queries(4):  # a savepoint, its end, the limit and the question
            for _ in range(20):
                answer()


class TestBanner:
    def page(self, role: str, path: str) -> str:
        office = Office.objects.first() or an_office()
        reader = Client()
        reader.force_login(an_officer(office, role))
        return reader.get(path).content.decode()

    def test_the_head_reads_since_when_the_worker_stands(self):
        a_worker(minutes(60))
        stood = pulse.pulse().worker_seen_at
        said = self.page("manager", "/kepala/serang/")

        assert "Proses latar tidak berjalan" in said
        assert f"{stood.astimezone(clock.now().tzinfo):%M} WIB" in said

    @pytest.mark.parametrize("path", ["/kepala/peringatan/", "/kepala/tinjauan/"])
    def test_the_centre_reads_it_too(self, path):
        a_worker(minutes(60))
        assert "Proses latar tidak berjalan" in self.page("administrator", path)

    @pytest.mark.parametrize(
        ("role", "path"),
        [
            ("officer", "/petugas/serang/loket/"),
            ("auditor", "/kepala/serang/"),
            ("auditor", "/kepala/tinjauan/"),
        ],
    )
    def test_who_can_do_nothing_about_it_works_on(self, role, path):
        a_worker(minutes(60))
        assert "Proses latar" not in self.page(role, path)

    def test_a_list_of_alarms_that_nobody_keeps_says_so_to_every_reader(self):
        a_worker(minutes(60))
        assert "Proses latar tidak berjalan" in self.page("auditor", "/kepala/peringatan/")

    def test_it_comes_to_an_open_page_and_goes_by_itself(self):
        office = an_office()
        reader = Client()
        reader.force_login(an_officer(office, "manager"))
        banner = "/kepala/serang/peringatan/spanduk/?tanda="
        a_worker(NOTHING)
        assert reader.get(banner).status_code == 204
        a_worker(minutes(3))
        told = reader.get(banner)
        assert "Proses latar tidak berjalan" in told.content.decode()
        mark = told.context["mark"]
        assert reader.get(f"{banner}{mark}").status_code == 204
        a_worker(NOTHING)
        assert "Proses latar" not in reader.get(f"{banner}{mark}").content.decode()


class TestLoggedOut:
    def test_a_part_of_a_page_whose_reader_was_logged_out_has_the_page_come_anew(self):
        an_office()
        reader = Client(headers={"HX-Request": "true"})
        for path in ("/kepala/serang/peringatan/spanduk/", "/petugas/serang/loket/", "/kepala/"):
            found = reader.get(path, follow=True)
            assert found.redirect_chain[0][0].startswith("/petugas/masuk/")
            assert (found.status_code, found.content) == (204, b"")
            assert found.headers["HX-Refresh"] == "true"

    def test_a_reader_who_comes_by_the_window_is_asked_to_log_in(self):
        found = Client().get("/petugas/serang/loket/", follow=True)
        assert (found.status_code, "HX-Refresh" in found.headers) == (200, False)
