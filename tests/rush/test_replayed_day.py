"""A whole day over HTTP: far more people than places, and no wrong state."""

import os

import pytest
from click.testing import CliRunner

from giliran import clock
from giliran.cli.replay import replay
from giliran.turns.models import Turn
from tests.builders import (
    MONDAY,
    PASSWORD,
    a_kiosk,
    a_window,
    an_office,
    an_officer,
    at,
    walk_in_places,
)

pytestmark = [pytest.mark.rush, pytest.mark.alone]


@pytest.fixture
def db():
    """Asks for the test database to be made, without a transaction around the test."""


@pytest.fixture(scope="module")
def demo_mode():
    """Lets an administrator set the clock of the server that is started next."""
    os.environ["GILIRAN_DEMO"] = "1"
    yield
    del os.environ["GILIRAN_DEMO"]


def test_the_serang_day_is_played_with_no_wrong_state(db, demo_mode, server):
    office = an_office(counters=3)
    for hour in (8, 9, 10, 11, 13, 14):
        for minute in ("00", "30"):
            a_window(office, f"{hour:02}:{minute}", places=3)
    walk_in_places(office, places=24)
    kiosk = a_kiosk(office)
    staff = [an_officer(office) for _ in range(3)]
    administrator = an_officer(None, "administrator")
    clock.set_simulation(at("06:00"), speed=1)
    done = CliRunner().invoke(
        replay,
        [
            "serang",
            f"--server={server.url}",
            "--speed=1800",
            f"--on={MONDAY}",
            "--until=11:00",
            f"--kiosk={kiosk.token}",
            f"--administrator={administrator.username}:{PASSWORD}",
            *(f"--officer={one.username}:{PASSWORD}" for one in staff),
        ],
    )
    assert done.exit_code == 0, done.output
    turns = Turn.objects.filter(office=office, day=MONDAY)
    assert 40 <= turns.exclude(number="").count() <= 60
    assert turns.filter(state="finished").count() > 10
    assert "no_walk_in_place_left" in done.output
