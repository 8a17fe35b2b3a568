import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st

from giliran.web.kiosk.printing import (
    PrinterAddressUnknown,
    PrinterBrokeOff,
    PrinterRefused,
    PrinterUnreachable,
    Ticket,
    send,
    ticket_bytes,
)

URL = "https://giliran.example/g/7KQ2MX"


def a_ticket(**said) -> Ticket:
    usual = {
        "office": "Kantor Cabang Serang",
        "number": "A014",
        "service": "Klaim JHT",
        "arrived_at": datetime(2026, 11, 12, 8, 5, tzinfo=ZoneInfo("Asia/Jakarta")),
        "people_before": 13,
        "turn_url": URL,
    }
    return Ticket(**(usual | said))


@pytest.fixture(autouse=True)
def _in_indonesian() -> Iterator[None]:
    with translation.override("id"):
        yield


def test_a_ticket_is_byte_for_byte_what_python_escpos_makes_of_it():
    sample = Dummy(profile="default")
    sample.hw("INIT")
    sample.charcode("CP437")
    sample.set(align="center", bold=True, double_height=True, double_width=True)
    sample.text("Kantor Cabang Serang\n")
    sample.set(normal_textsize=True, bold=False)
    sample.text("Nomor antrean\n")
    sample.set(custom_size=True, width=6, height=6, bold=True)
    sample.text("A014\n")
    sample.set(double_height=True, bold=True)
    sample.set(invert=True)
    sample.text("PRIORITAS\n")
    sample.set(invert=False)
    sample.text("Klaim JHT\n")
    sample.set(normal_textsize=True, bold=False)
    sample.text("Datang: 12 November 2026, 08.05 WIB\n")
    sample.text("Dipanggil pukul 09.30-10.00 WIB\n")
    sample.text("(janji untuk 9 dari 10 orang)\n")
    sample.text("13 orang sebelum Bapak/Ibu\n\n")
    sample.qr(URL, ec=1, size=8, native=True)
    sample.text("\nPindai untuk melihat antrean di ponsel.\n")
    sample.set(bold=True)
    sample.text("Simpan tiket ini sampai dipanggil\n")
    sample.set(bold=False)
    sample.cut()
    made = ticket_bytes(a_ticket(priority=True, window="09.30–10.00 WIB"))
    assert made == sample.output


def test_the_commands_are_those_of_the_printers_manual():
    made = ticket_bytes(a_ticket())
    assert made.startswith(b"\x1b@")
    assert b"\x1d!\x55" + b"\x1bE\x01" + b"A014\n" in made  # GS ! width and height times six
    assert b"\x1d(k" + bytes([len(URL) + 3, 0]) + b"1P0" + URL.encode() in made
    assert b"\x1d(k\x03\x001Q0" in made
    assert made.endswith(b"\x1dV\x00")


def test_narrow_paper_breaks_lines_that_wide_paper_holds():
    service = "Perubahan data peserta perseorangan"
    assert service.encode() in ticket_bytes(a_ticket(service=service, paper_mm=80))
    narrow = ticket_bytes(a_ticket(service=service, paper_mm=58))
    assert b"Perubahan data peserta\nperseorangan\n" in narrow


@pytest.mark.parametrize("paper_mm", [58, 80])
@given(number=st.text("ABCDEFGH0123456789-", min_size=1, max_size=12))
def test_the_number_is_printed_in_one_line_as_large_as_the_paper_allows(paper_mm, number):
    with translation.override("id"):
        made = ticket_bytes(a_ticket(number=number, paper_mm=paper_mm))
    before, _, _ = made.partition(b"\x1bE\x01" + number.encode() + b"\n")
    times = before[-1] // 0x11 + 1
    columns = {58: 32, 80: 42}[paper_mm]
    assert before[-3:-1] == b"\x1d!"
    assert times * len(number) <= columns
    assert times == 6 or (times + 1) * len(number) > columns


def test_the_first_in_line_is_told_so_and_no_window_means_no_line_for_it():
    made = ticket_bytes(a_ticket(people_before=0))
    assert b"Bapak/Ibu berikutnya" in made
    assert b"Dipanggil" not in made
    assert b"PRIORITAS" not in made


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "08.05 WIB"),
        ("Asia/Makassar", "08.05 WITA"),
        ("Asia/Jayapura", "08.05 WIT"),
    ],
)
def test_the_time_is_the_offices_own(zone: str, shown: str):
    arrived = datetime(2026, 11, 12, 8, 5, tzinfo=ZoneInfo(zone))
    assert f", {shown}\n".encode() in ticket_bytes(a_ticket(arrived_at=arrived))


@pytest.mark.parametrize(
    ("service", "printed"),
    [
        ("“Klaim” – JHT… • ×2", b'"Klaim" - JHT... * x2'),
        ("Café", b"Caf\x82"),
        ("Łódź Đorđe", b"L\xa2dz Dorde"),
        ("JHT 保険", b"JHT ??"),
        ("Klaim\x1b\x1dV\x00 JHT", b"Klaim V JHT"),
    ],
)
def test_what_the_printer_cannot_print_stays_readable_and_commands_nothing(service, printed):
    assert printed + b"\n" in ticket_bytes(a_ticket(service=service))


@given(office=st.text(max_size=60), service=st.text(max_size=60))
def test_no_text_breaks_a_ticket_or_cuts_it_twice(office: str, service: str):
    with translation.override("id"):
        made = ticket_bytes(a_ticket(office=office, service=service))
    assert made.count(b"\x1dV") == 1
    assert made.count(b"\x1b@") == 1


@contextmanager
def a_printer(behaves: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                behaves(line)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(timeout=5)


def read_all(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(4096), b""))


def test_a_printer_gets_the_whole_ticket():
    got = []
    with a_printer(lambda line: got.append(read_all(line))) as printer:
        send(ticket_bytes(a_ticket()), printer)
    assert got == [ticket_bytes(a_ticket())]


def test_a_printer_that_keeps_the_line_open_does_not_keep_the_kiosk_waiting():
    sent = threading.Event()
    with a_printer(lambda line: (read_all(line), sent.wait(5))) as printer:
        send(b"tiket", printer, timeout_s=0.2)
        sent.set()


def test_a_refusing_printer_is_named_with_what_to_do():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: the system refuses
        printer = f"127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(PrinterRefused, match=rf"{printer} menolak.*cetak ulang"):
            send(b"tiket", printer)


def test_a_printer_that_takes_nothing_is_given_up_after_the_timeout():
    done = threading.Event()
    with a_printer(lambda _: done.wait(5)) as printer:
        with pytest.raises(PrinterUnreachable, match=r"tidak menjawab.*tetap berlaku"):
            send(bytes(20_000_000), printer, timeout_s=0.2)
        done.set()


def test_a_printer_that_closes_half_way_is_not_taken_for_a_printed_ticket():
    with (
        a_printer(lambda line: line.recv(10)) as printer,
        pytest.raises(PrinterBrokeOff, match=r"di tengah cetakan.*Periksa kertas"),
    ):
        send(ticket_bytes(a_ticket()), printer)


@pytest.mark.parametrize("printer", ["", "printer:abc", ":9100", f"{'a' * 64}:9100", "[::1"])
def test_an_address_that_is_none_is_said_to_be_so(printer: str):
    with pytest.raises(PrinterAddressUnknown, match="Tulis alamatnya seperti"):
        send(b"tiket", printer)
