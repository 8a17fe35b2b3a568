"""What anybody may know of an office: pages, files, the map and the frame; never a few people."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from pyarrow import parquet

from giliran import clock
from giliran.figures import open_data
from giliran.turns import actions as turns
from tests.builders import MONDAY, a_walk_in, an_office, at, at_counter, walk_in_places

pytestmark = pytest.mark.django_db

NEXT_WEEK = MONDAY + timedelta(days=8)


@pytest.fixture(autouse=True)
def next_week(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("10:00", NEXT_WEEK))


def a_day(office, people: int) -> None:
    """Let so many come and be served, each after ten minutes."""
    walk_in_places(office)
    officer, counter_id = at_counter(office)
    for _ in range(people):
        a_walk_in(office)
    for k in range(people):
        now = at(f"08:{20 + k:02d}")
        turns.call_next(counter_id, officer_id=officer.pk, now=now)
        turns.start(officer_id=officer.pk, now=now)
        turns.finish(officer_id=officer.pk, now=now + timedelta(seconds=30))


def rows_of(client) -> dict[str, dict[str, str]]:
    text = b"".join(client.get(f"/data/angka-{MONDAY:%Y-%m}.csv").streaming_content).decode()
    return {row["measure"]: row for row in csv.DictReader(StringIO(text))}


def test_a_week_of_many_people_is_told(client):
    a_day(an_office(), 12)

    rows = rows_of(client)

    assert rows["served"]["value"] == "12"
    assert rows["served"]["is_withheld"] == "false"
    assert rows["came"]["monday"] == MONDAY.isoformat()
    assert float(rows["wait_p50"]["value"]) >= 10


def test_a_figure_of_few_people_is_withheld_everywhere(client):
    a_day(an_office(), 9)

    rows = rows_of(client)
    page = client.get("/kantor/serang/angka/").content.decode()

    assert rows["served"]["value"] == ""
    assert rows["served"]["people"] == ""
    assert rows["served"]["is_withheld"] == "true"
    assert rows["wait_p90"]["value"] == ""
    assert "terlalu sedikit" in page
    assert ">9<" not in page


def test_how_many_the_few_were_does_not_follow_from_the_others(client):
    office = an_office()
    a_day(office, 12)
    half_past_nine = at("09:30")
    officer, counter_id = at_counter(office, "2", "09:00")
    for _ in range(3):
        a_walk_in(office, "09:00", is_priority=True)
        turns.call_next(counter_id, officer_id=officer.pk, now=half_past_nine)
        turns.start(officer_id=officer.pk, now=half_past_nine)
        turns.finish(officer_id=officer.pk, now=half_past_nine)

    rows = rows_of(client)

    assert rows["wait_p90"]["people"] == "15"
    assert rows["priority_wait_p90"]["is_withheld"] == "true"
    assert rows["other_wait_p90"]["is_withheld"] == "true"


def test_nothing_is_not_withheld_but_none(client):
    a_day(an_office(), 12)

    early = rows_of(client)["early_people"]

    assert (early["value"], early["is_withheld"]) == ("0.0", "false")


def test_the_running_week_belongs_to_no_file(client, monkeypatch):
    a_day(an_office(), 12)
    monkeypatch.setattr(clock, "now", lambda: at("23:59", MONDAY + timedelta(days=6)))

    assert rows_of(client) == {}


def test_parquet_says_the_same_as_csv(client):
    a_day(an_office(), 12)

    content = client.get(f"/data/angka-{MONDAY:%Y-%m}.parquet").content
    table = parquet.read_table(BytesIO(content)).to_pylist()

    assert {row["measure"] for row in table} == set(open_data.PUBLIC)
    told = {row["measure"]: row for row in table}
    for measure, row in rows_of(client).items():
        assert (float(row["value"]) if row["value"] else None) == told[measure]["value"]
        assert (row["is_withheld"] == "true") == told[measure]["is_withheld"]


def test_a_month_without_any_week_is_an_empty_file_with_its_columns(client):
    an_office()

    text = b"".join(client.get("/data/angka-2026-01.csv").streaming_content).decode()
    table = parquet.read_table(BytesIO(client.get("/data/angka-2026-01.parquet").content))

    assert text.strip() == ",".join(open_data.Figure._fields)
    assert (table.num_rows, table.column_names) == (0, list(open_data.Figure._fields))


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "2099-01", "x", "2026-1", "٢٠٢٦-٠١"])
def test_no_month_of_ours_is_not_found(client, month):
    an_office()

    assert client.get(f"/data/angka-{month}.csv").status_code == 404
    assert client.get(f"/data/angka-{month}.parquet").status_code == 404


def test_the_package_names_every_column_and_an_existing_file(client):
    an_office()

    package = json.loads(client.get("/data/datapackage.json").content)

    months = [one for one in package["resources"] if one["name"].startswith("angka")]
    assert [f["name"] for f in months[0]["schema"]["fields"]] == list(open_data.Figure._fields)
    assert client.get(months[0]["path"].removeprefix("http://testserver")).status_code == 200
    places = package["resources"][-1]
    assert [f["name"] for f in places["schema"]["fields"]] == list(open_data.Place._fields)
    assert client.get("/data/kantor.csv").content.decode().splitlines()[0] == ",".join(
        open_data.Place._fields
    )


def test_weeks_of_all_months_are_told_once(client):
    """A week belongs to the month of its Monday: none is in two files, none is in no file."""
    today = MONDAY + timedelta(days=400)
    spans = [open_data.mondays_of(m, today=today) for m in open_data.months(today=today)]

    mondays = [
        first + n * timedelta(days=7)
        for first, until in spans
        for n in range((until - first).days // 7)
    ]

    assert len(mondays) == len(set(mondays))
    newest = max(mondays)
    assert newest == today - timedelta(days=today.weekday() + 7)
    assert sorted(mondays) == [
        newest - n * timedelta(days=7) for n in reversed(range(len(mondays)))
    ]


def test_the_map_shows_each_office_with_its_number(client):
    an_office()
    an_office("tangerang", latitude="-6.1783", longitude="106.6319")

    page = client.get("/kantor/peta/").content.decode()

    assert page.count('class="dot__number') == 2
    assert "loket tutup" in page


def test_a_frame_may_stand_on_any_page_but_no_other_page_may(client):
    office = an_office()

    frame = client.get(f"/papan/{office.slug}/sematan/")
    board = client.get(f"/papan/{office.slug}/")

    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert not frame.cookies
    assert "<form" not in frame.content.decode()
    assert "frame-ancestors 'none'" in board["Content-Security-Policy"]
    assert board["X-Frame-Options"] == "DENY"


def test_pages_of_an_office_that_is_not_there_are_not_found(client):
    for path in ("/kantor/tiada/angka/", "/papan/tiada/sematan/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/data/", "/kantor/peta/", "/kantor/serang/angka/"])
def test_public_pages_are_light(client, path):
    a_day(an_office(), 12)

    assert len(client.get(path).content) < 50_000
