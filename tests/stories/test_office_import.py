"""Offices from a sheet: the whole file or nothing, every bad cell named, whatever it holds."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from giliran.cli import office as command
from giliran.offices import queries as offices
from giliran.offices.actions import BadRows, import_offices, import_services
from giliran.offices.actions.importing import OFFICE_COLUMNS, SERVICE_COLUMNS
from giliran.offices.models import Break, Counter, Office, Region, Service, WeeklyHours
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db

SERVICES = {"code": "jht", "letter": "A", "name": "Klaim JHT", "name_en": "JHT claim"} | {
    "hint": "Berhenti bekerja",
    "hint_en": "Stopped working",
    "typical_minutes": "12",
}
OFFICE = {
    "slug": "serang",
    "name": "Kantor Cabang Serang",
    "kind": "branch",
    "region": "banten",
    "region_name": "Kanwil Banten",
    "parent": "",
    "address": "Jalan Contoh 1",
    "latitude": "-6.12010",
    "longitude": "106.15030",
    "time_zone": "Asia/Jakarta",
    "seats": "40",
    "counters": "1-3:jht+jkm; 4:jkm",
    "hours": "sen-jum 08:00-15:00",
    "breaks": "sen-kam 12:00-13:00 Istirahat; jum 11:30-13:00 Salat Jumat",
    "calling_policy": "accumulating",
    "window_minutes": "30",
    "walk_in_percent": "40",
    "is_demo": "ya",
}


@pytest.fixture(autouse=True)
def services():
    jkm = SERVICES | {"code": "jkm", "letter": "B", "name": "Klaim JKM"}
    import_services(sheet(SERVICES, jkm, columns=SERVICE_COLUMNS))


def sheet(*rows: dict[str, str], columns=OFFICE_COLUMNS) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def faults_of(content: str, bring=import_offices) -> list[tuple[int, str]]:
    """Return (line, column) of every fault, having checked that nothing was changed."""
    before = everything()
    with pytest.raises(BadRows) as refused:
        bring(content)
    assert everything() == before
    assert str(refused.value)
    return [(fault.line, fault.column) for fault in refused.value.faults]


def everything() -> list[list[dict[str, object]]]:
    """Return every row that an import could touch, ids of hours and breaks included."""
    return [
        list(table.objects.order_by("id").values())
        for table in (Region, Office, Service, Counter, WeeklyHours, Break)
    ] + [list(Counter.services.through.objects.order_by("id").values())]


def without_ids() -> list[list[tuple[object, ...]]]:
    return [
        sorted(table.objects.values_list("office__slug", "weekday", "since").order_by())
        for table in (WeeklyHours, Break)
    ] + [
        sorted(Counter.objects.values_list("office__slug", "label", "services__code")),
        sorted(Office.objects.values_list("slug", "name", "parent__slug", "region__slug")),
    ]


def test_a_good_file_makes_offices_with_counters_hours_and_breaks():
    assert import_offices(sheet(OFFICE)) == 1

    office = offices.office("serang")
    assert [c.label for c in offices.counters(office.id)] == ["1", "2", "3", "4"]
    assert len(offices.counters(office.id)[0].service_ids) == 2
    opening = offices.hours(office, MONDAY)
    assert opening is not None
    assert f"{opening.opens:%H:%M}-{opening.closes:%H:%M}" == "08:00-15:00"
    assert office.is_demo
    assert office.region.name == "Kanwil Banten"


def test_the_same_file_twice_changes_nothing():
    booth = OFFICE | {"slug": "gerai-serang", "kind": "mpp_booth", "parent": "serang"}
    content = sheet(booth, OFFICE)
    import_offices(content)
    ids, rows = list(Office.objects.order_by("id").values_list("id", flat=True)), without_ids()

    assert import_offices(content) == 2

    assert list(Office.objects.order_by("id").values_list("id", flat=True)) == ids
    assert without_ids() == rows


def test_a_changed_row_changes_its_office_and_keeps_counters_where_turns_were_served():
    import_offices(sheet(OFFICE))

    import_offices(
        sheet(OFFICE | {"name": "Serang Baru", "counters": "1:jht", "hours": "sen 09:00-12:00"})
    )

    office = offices.office("serang")
    assert office.name == "Serang Baru"
    assert [len(c.service_ids) for c in offices.counters(office.id)] == [1, 2, 2, 1]
    assert WeeklyHours.objects.filter(office=office).count() == 1


def test_a_booth_loses_the_parent_that_the_file_no_longer_names():
    booth = OFFICE | {"slug": "gerai", "kind": "mpp_booth", "parent": "serang"}
    import_offices(sheet(OFFICE, booth))

    import_offices(sheet(OFFICE, booth | {"parent": ""}))

    assert offices.office("gerai").parent is None


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("slug", ""),
        ("slug", "Serang"),
        ("slug", "serang/kota"),
        ("slug", "a" * 51),
        ("name", "   "),
        ("name", "K" * 121),
        ("kind", "cabang"),
        ("region", "Kanwil Banten"),
        ("region", "b" * 51),
        ("region_name", ""),
        ("region_name", "K" * 121),
        ("parent", "tidak-ada"),
        ("parent", "serang"),
        ("address", ""),
        ("address", "J" * 241),
        ("latitude", "enam"),
        ("latitude", "-90.1"),
        ("latitude", "NaN"),
        ("latitude", "6,12"),
        ("latitude", "1E999999999"),
        ("longitude", "181"),
        ("longitude", "Infinity"),
        ("time_zone", "WIB"),
        ("time_zone", "Europe/Warsaw"),
        ("seats", "empat puluh"),
        ("seats", "-1"),
        ("seats", "5001"),
        ("seats", "9" * 5000),
        ("seats", "²"),
        ("counters", ""),
        ("counters", "jht"),
        ("counters", "1:jp"),
        ("counters", "1:jht; 1:jkm"),
        ("counters", "3-1:jht"),
        ("counters", "1-x:jht"),
        ("counters", "1:"),
        ("counters", "1-999999999:jht"),
        ("counters", "3-1:jht; 4:jht"),
        ("counters", "10000:jht"),
        ("counters", "²:jht"),
        ("hours", ""),
        ("hours", "Senin 08:00-15:00"),
        ("hours", "sen-jum 8-15"),
        ("hours", "sen 25:00-26:00"),
        ("hours", "sen 15:00-08:00"),
        ("hours", "sen 08:00-08:00"),
        ("hours", "jum-sen 08:00-15:00"),
        ("hours", "sen 08:00-12:00; sen 11:00-15:00"),
        ("hours", "sen 08:00-12:00; sen 13:00-15:00"),
        ("breaks", "jum salat"),
        ("breaks", "jum 11:30-13:00 " + "S" * 81),
        ("calling_policy", "siapa cepat"),
        ("window_minutes", "4"),
        ("window_minutes", "241"),
        ("walk_in_percent", "101"),
        ("is_demo", "yes"),
    ],
    ids=lambda cell: cell[:24] if cell.isprintable() else None,
)
def test_a_bad_cell_is_named_with_its_line_and_column(column, cell):
    import_offices(sheet(OFFICE | {"slug": "tangerang"}))

    found = faults_of(sheet(OFFICE | {"slug": "cilegon"}, OFFICE | {column: cell}))

    assert found == [(3, column)]


def test_every_fault_of_a_file_is_named_at_once_and_in_order():
    bad = OFFICE | {"kind": "cabang", "seats": "x"}

    assert faults_of(sheet(bad, OFFICE, bad | {"slug": ""})) == [
        (2, "kind"),
        (2, "seats"),
        (3, "slug"),
        (4, "kind"),
        (4, "seats"),
        (4, "slug"),
    ]


def test_a_fault_says_what_was_given_and_what_is_expected():
    with pytest.raises(BadRows) as refused:
        import_offices(sheet(OFFICE | {"seats": "banyak"}))

    assert str(refused.value) == "baris 2, kolom seats: “banyak”; bilangan bulat dari 0 sampai 5000"


def test_a_cell_of_a_hundred_thousand_letters_is_not_repeated_in_full():
    with pytest.raises(BadRows) as refused:
        import_offices(sheet(OFFICE | {"seats": "9" * 100_000}))

    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize("content", ["", "\ufeff", "slug,name\nserang,Serang\n", "\n\n\n", "\x00"])
def test_missing_columns_are_named(content):
    [(line, columns)] = faults_of(content)

    assert line == 1
    assert "time_zone" in columns


def test_a_file_with_a_header_alone_says_that_a_row_is_missing():
    assert faults_of(sheet()) == [(2, "slug")]


def test_a_column_written_twice_is_refused():
    """The second would silently win: a sheet whose old column was left behind."""
    content = sheet(OFFICE)
    header, row = content.splitlines()

    assert faults_of(f"{header},name\r\n{row},Kantor Lain\r\n") == [(1, "name")]


def test_a_row_with_more_cells_than_columns_is_refused():
    """A comma without quotes in the address moves every cell after it."""
    content = sheet(OFFICE)
    header, row = content.splitlines()

    assert faults_of(f"{header}\r\n{row},lebih\r\n") == [(2, "")]


def test_a_row_with_fewer_cells_than_columns_names_what_is_missing():
    header = sheet(OFFICE).splitlines()[0]

    found = faults_of(f"{header}\r\nserang,Kantor Cabang Serang\r\n")

    assert (2, "kind") in found
    assert (2, "is_demo") in found
    assert {line for line, _ in found} == {2}


def test_a_byte_order_mark_from_a_spreadsheet_is_no_part_of_the_first_column():
    assert import_offices("\ufeff" + sheet(OFFICE)) == 1


def test_further_columns_of_the_sheet_are_left_alone():
    header, row = sheet(OFFICE).splitlines()

    assert import_offices(f"{header},catatan\r\n{row},telepon dulu\r\n") == 1


def test_rows_are_counted_as_the_spreadsheet_shows_them():
    """A line break in a cell makes no row, and an empty row does."""
    first = OFFICE | {"address": "Jalan Contoh 1\nSerang"}
    header, *rows = sheet(first, OFFICE | {"slug": "cilegon", "seats": "x"}).split("\r\n")

    assert faults_of("\r\n".join([header, *rows])) == [(3, "seats")]
    assert faults_of("\r\n".join([header, "", ",,,", *rows])) == [(5, "seats")]


def test_empty_rows_at_the_end_are_no_offices():
    assert import_offices(sheet(OFFICE) + ",,,,,,,,,,,,,,,,,\r\n\r\n") == 1


def test_what_a_terminal_would_obey_is_not_repeated():
    with pytest.raises(BadRows) as refused:
        import_offices(sheet(OFFICE | {"kind": "\x1b[2Jbranch"}))

    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("column", ["name", "address", "slug", "region_name", "breaks"])
def test_a_nul_byte_is_a_fault_and_no_crash(column):
    cell = OFFICE[column] + "\x00"

    found = faults_of(sheet(OFFICE).replace(OFFICE[column], cell, 1))

    assert found


@pytest.mark.parametrize(
    "cell", ["9" * 10_000_000, '"' + "x" * 10_000_000], ids=["bare", "never closed"]
)
def test_a_line_of_ten_megabytes_is_refused(cell):
    header = sheet(OFFICE).splitlines()[0]

    assert faults_of(f"{header}\r\n{cell}")


def test_the_same_slug_twice_is_refused_and_names_the_first():
    with pytest.raises(BadRows) as refused:
        import_offices(sheet(OFFICE, OFFICE))

    [fault] = refused.value.faults
    assert (fault.line, fault.column) == (3, "slug")
    assert "baris 2" in fault.expected


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("code", ""),
        ("code", "JHT baru"),
        ("letter", "a"),
        ("letter", "AB"),
        ("name", ""),
        ("name", "K" * 121),
        ("name_en", ""),
        ("hint", "h" * 201),
        ("hint_en", "h" * 201),
        ("typical_minutes", "0"),
        ("typical_minutes", "lama"),
    ],
)
def test_a_bad_cell_of_a_service_is_named(column, cell):
    content = sheet(SERVICES | {column: cell}, columns=SERVICE_COLUMNS)

    assert faults_of(content, import_services) == [(2, column)]


def test_a_letter_that_another_service_has_is_refused():
    """Numbers begin with the letter, so two services with one letter would share numbers."""
    fresh = SERVICES | {"code": "jkk", "letter": "B"}

    assert faults_of(sheet(fresh, columns=SERVICE_COLUMNS), import_services) == [(2, "letter")]


def test_services_cannot_swap_their_letters_because_todays_numbers_begin_with_them():
    swapped = sheet(
        SERVICES | {"letter": "B"},
        SERVICES | {"code": "jkm", "letter": "A", "name": "Klaim JKM"},
        columns=SERVICE_COLUMNS,
    )

    assert faults_of(swapped, import_services) == [(2, "letter"), (3, "letter")]


def test_the_same_services_twice_change_nothing():
    before = list(Service.objects.values())

    import_services(
        sheet(
            SERVICES,
            SERVICES | {"code": "jkm", "letter": "B", "name": "Klaim JKM"},
            columns=SERVICE_COLUMNS,
        )
    )

    assert list(Service.objects.values()) == before


def test_the_files_that_ship_with_the_demo_are_good():
    shipped = Path(command.__file__).parent / "demo_data"
    Service.objects.all().delete()

    assert import_services((shipped / "services.csv").read_text(encoding="utf-8")) > 0
    assert import_offices((shipped / "offices.csv").read_text(encoding="utf-8")) > 0
    assert set(Office.objects.values_list("is_demo", flat=True)) == {True}


@pytest.fixture
def bring(tmp_path, monkeypatch):
    """Return the command `giliran office import` as a function of the file's bytes."""
    monkeypatch.setattr(command, "connect", lambda: None)

    def run(content: bytes):
        file = tmp_path / "kantor.csv"
        file.write_bytes(content)
        return CliRunner().invoke(command.office, ["import", str(file)])

    return run


def test_the_command_says_how_many_offices_are_in(bring):
    answer = bring(("\ufeff" + sheet(OFFICE)).encode())

    assert answer.exit_code == 0
    assert "1 offices are in" in answer.output


def test_the_command_names_every_fault_and_ends_with_2(bring):
    answer = bring(sheet(OFFICE | {"seats": "x", "kind": "y"}).encode())

    assert answer.exit_code == 2
    assert "nothing was imported. 2 fault(s)" in answer.output
    assert "baris 2, kolom seats: “x”" in answer.output
    assert not Office.objects.exists()


def test_a_file_that_is_not_utf_8_is_refused_with_the_way_to_save_it(bring):
    answer = bring(sheet(OFFICE | {"name": "Café"}).encode("latin-1"))

    assert answer.exit_code == 2
    assert "Save the sheet as CSV UTF-8" in answer.output
