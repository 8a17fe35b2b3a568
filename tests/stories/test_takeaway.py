import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
import segno
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from giliran.turns.calendar import Visit, calendar_file, cancelled_calendar_file
from giliran.web.citizen.takeaway import qr_svg

JAKARTA, MAKASSAR = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar")
URL = "https://giliran.example/g/7KQ2MX"


def a_visit(**said) -> Visit:
    usual = {
        "turn_code": "7KQ2MX",
        "changes": 0,
        "stated_at": datetime(2026, 11, 5, 20, tzinfo=JAKARTA),
        "starts_at": datetime(2026, 11, 12, 9, 30, tzinfo=JAKARTA),
        "ends_at": datetime(2026, 11, 12, 10, tzinfo=JAKARTA),
        "office_zone": JAKARTA,
        "office": "Kantor Cabang Serang",
        "address": "Jl. Raya Pandeglang Km 3; Serang, Banten",
        "latitude": -6.1412,
        "longitude": 106.1503,
        "service": "Klaim JHT",
        "turn_url": URL,
    }
    return Visit(**(usual | said))


@pytest.fixture(autouse=True)
def _in_indonesian() -> Iterator[None]:
    with translation.override("id"):
        yield


def read(file: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(file)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def reminders(file: bytes) -> list[datetime]:
    _, event = read(file)
    return [event.start + alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]


def test_the_entry_says_when_where_and_how_to_get_back():
    calendar, event = read(calendar_file(a_visit()))
    assert calendar["METHOD"] == "PUBLISH"
    assert event["STATUS"] == "CONFIRMED"
    assert event.start == datetime(2026, 11, 12, 2, 30, tzinfo=UTC)
    assert event.end == datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
    assert event["SUMMARY"] == "Antrean Klaim JHT di Kantor Cabang Serang"
    assert event["LOCATION"] == "Kantor Cabang Serang, Jl. Raya Pandeglang Km 3; Serang, Banten"
    assert event["GEO"].to_ical() == "-6.1412;106.1503"
    assert event["URL"] == URL
    assert "sebelum pukul 09.30 waktu setempat" in event["DESCRIPTION"]
    assert f"batalkan antrean: {URL}" in event["DESCRIPTION"]
    assert event["ORGANIZER"] == "https://giliran.example/"


def test_an_office_without_a_place_on_the_map_has_no_geo():
    _, event = read(calendar_file(a_visit(latitude=None, longitude=None)))
    assert "GEO" not in event


def test_a_move_replaces_the_entry_of_the_same_turn():
    _, asked = read(calendar_file(a_visit()))
    _, moved = read(calendar_file(a_visit(changes=1, office="Gerai MPP Serang")))
    assert moved["UID"] == asked["UID"]
    assert moved["SEQUENCE"] > asked["SEQUENCE"]


def test_another_turn_is_another_entry():
    _, one = read(calendar_file(a_visit()))
    _, other = read(calendar_file(a_visit(turn_code="9XW4BD")))
    assert one["UID"] != other["UID"]


def test_a_cancelled_turn_leaves_the_calendar_and_rings_no_more():
    _, asked = read(calendar_file(a_visit()))
    calendar, event = read(cancelled_calendar_file(a_visit(changes=1)))
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == asked["UID"]
    assert event["SEQUENCE"] == 1
    assert event.walk("VALARM") == []


@pytest.mark.parametrize("zone", [JAKARTA, MAKASSAR])
def test_it_reminds_on_the_eve_at_18_office_time_and_90_minutes_before(zone: ZoneInfo):
    visit = a_visit(
        starts_at=datetime(2026, 11, 12, 8, tzinfo=zone).astimezone(UTC),
        ends_at=datetime(2026, 11, 12, 8, 30, tzinfo=zone).astimezone(UTC),
        office_zone=zone,
    )
    assert reminders(calendar_file(visit)) == [
        datetime(2026, 11, 11, 18, tzinfo=zone),
        datetime(2026, 11, 12, 6, 30, tzinfo=zone),
    ]


def test_a_reminder_that_would_come_too_late_is_not_set():
    evening = a_visit(stated_at=datetime(2026, 11, 11, 20, tzinfo=JAKARTA))
    assert reminders(calendar_file(evening)) == [datetime(2026, 11, 12, 8, tzinfo=JAKARTA)]
    same_morning = a_visit(stated_at=datetime(2026, 11, 12, 8, 30, tzinfo=JAKARTA))
    assert reminders(calendar_file(same_morning)) == []


@given(address=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=200))
def test_lines_are_folded_and_any_address_comes_back_whole(address: str):
    with translation.override("id"):
        file = calendar_file(a_visit(address=address))
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    _, event = read(file)
    assert event["LOCATION"] == f"Kantor Cabang Serang, {address}"


def test_the_same_visit_makes_the_same_file():
    assert calendar_file(a_visit()) == calendar_file(a_visit())


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """Walk the path that draws the dark modules: "m" moves, "h" draws to the right."""
    (path,) = re.findall(r'stroke="#000" d="([^"]+)"', svg)
    dark, x, y = set(), 0, 0.0
    for move, given_numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", given_numbers)]
        if move == "M":
            x, y = int(numbers[0]), numbers[1]
        elif move == "m":
            x, y = x + int(numbers[0]), y + numbers[1]
        else:
            dark |= {(int(y), x + step) for step in range(int(numbers[0]))}
            x += int(numbers[0])
    return dark


def test_the_picture_shows_the_code_with_its_quiet_zone():
    code = segno.make_qr(URL, error="m")
    expected = {
        (y + 4, x + 4)
        for y, row in enumerate(code.matrix)
        for x, module in enumerate(row)
        if module
    }
    assert dark_modules(qr_svg(URL)) == expected


def test_the_picture_is_small_named_and_at_home_in_a_strict_page():
    svg = qr_svg(URL)
    root = ET.fromstring(svg)  # noqa: S314 -- our own picture
    assert root.get("role") == "img"
    assert root.findtext("title") == "Kode QR halaman antrean Bapak/Ibu"
    assert len(svg) < 6_000
    assert "style" not in svg
    assert Template("{{ svg }}").render(Context({"svg": svg})) == svg
