"""The paper ticket: its bytes for an ESC/POS printer, and the way to the printer.

python-escpos is loaded with the first ticket: it reads a list of all printers, which would cost
each process that never prints a fifth of its start.
"""

from __future__ import annotations

import socket
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from giliran.core.refusal import Refusal

if TYPE_CHECKING:
    from escpos.printer import Dummy

#: Raw printing, which every network ticket printer listens on.
PRINTER_PORT = 9100

_PAPERS = {58: (32, 6), 80: (42, 8)}  # mm: characters in a line, dots in one QR module
_CODE_PAGE = "CP437"  # the one page that every ESC/POS printer has
_LARGEST_LETTER = 6
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # hours east of Greenwich
_LIKENESSES = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."}
    | {"•": "*", "×": "x", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
)
# A printer that took everything and closes says so at once; one that keeps the line open
# would make the person at the kiosk wait.
_LAST_WORD_S = 0.5


@dataclass(frozen=True)
class Ticket:
    """What stands on the paper; `arrived_at` is aware and in the office's own time zone."""

    office: str
    number: str
    service: str
    arrived_at: datetime
    people_before: int
    turn_url: str
    priority: bool = False
    window: str = ""  # from when till when they are called ("09.30-10.00 WIB"); empty: not said
    paper_mm: Literal[58, 80] = 80


@dataclass(frozen=True)
class Receipt:
    """What somebody takes home who applied at the door; `known_by` is in the office's time."""

    office: str
    code: str  # as people read it: K7QM-3XPA
    service: str
    known_by: datetime
    application_url: str
    has_phone: bool = False
    paper_mm: Literal[58, 80] = 80


class PrinterUnreachable(Refusal):
    """The ticket did not get to the printer, or perhaps not whole; the turn itself stands."""

    code = "printer_unreachable"
    sentence = gettext_noop(
        "Printer tiket di %(printer)s tidak menjawab. Pastikan printer menyala dan kabel "
        "jaringannya terpasang, lalu cetak ulang. Nomor antrean tetap berlaku."
    )


class PrinterRefused(PrinterUnreachable):
    """Something answers at the address, but takes no prints."""

    code = "printer_refused"
    sentence = gettext_noop(
        "Printer tiket di %(printer)s menolak cetakan. Tunggu printer selesai menyala atau "
        "periksa alamatnya, lalu cetak ulang. Nomor antrean tetap berlaku."
    )


class PrinterBrokeOff(PrinterUnreachable):
    """The printer closed the line before it had read the whole ticket."""

    code = "printer_broke_off"
    sentence = gettext_noop(
        "Printer tiket di %(printer)s berhenti di tengah cetakan. Periksa kertas dan tutupnya, "
        "lalu cetak ulang. Nomor antrean tetap berlaku."
    )


class PrinterAddressUnknown(PrinterUnreachable):
    """The address is no address, or no such host is known."""

    code = "printer_address_unknown"
    sentence = gettext_noop(
        "Alamat printer tiket %(printer)s tidak dikenal. Tulis alamatnya seperti "
        "192.168.1.50:9100 di pengaturan kantor. Nomor antrean tetap berlaku."
    )


def ticket_bytes(ticket: Ticket) -> bytes:
    """ESC/POS commands (python-escpos, profile "default") that print `ticket` and cut it.

    Texts are in the active language. Characters that code page 437 lacks become their plain
    likeness (č: c, –: -) or "?", and control characters are left out, so no name can give the
    printer commands.
    """
    columns, _module = _PAPERS[ticket.paper_mm]
    paper = _begun(ticket.office, _("Nomor antrean"), columns)
    _write_large(paper, ticket.number, columns)

    paper.set(bold=True, double_height=True)
    if ticket.priority:
        paper.set(invert=True)
        _write(paper, _("PRIORITAS"), columns)
        paper.set(invert=False)
    _write(paper, ticket.service, columns)
    paper.set(bold=False, normal_textsize=True)

    for line in _facts(ticket):
        _write(paper, line, columns)
    said = _("Pindai untuk melihat antrean di ponsel.")
    _write_code(paper, ticket.turn_url, said, ticket.paper_mm)
    paper.set(bold=True)
    _write(paper, _("Simpan tiket ini sampai dipanggil"), columns)
    paper.set(bold=False)
    paper.cut()
    return bytes(paper.output)


def receipt_bytes(receipt: Receipt) -> bytes:
    """ESC/POS commands that print what an applicant takes home; as `ticket_bytes` otherwise."""
    columns, _module = _PAPERS[receipt.paper_mm]
    paper = _begun(receipt.office, _("Kode permohonan"), columns)
    _write_large(paper, receipt.code, columns)
    paper.set(bold=True, double_height=True)
    _write(paper, receipt.service, columns)
    paper.set(bold=False, normal_textsize=True)
    paper.ln()
    when = f"{receipt.known_by:%H.%M} {_zone_name(receipt.known_by)}"
    known_by = {"day": date_format(receipt.known_by, "l, j F Y"), "when": when}
    for line in (
        _("Diundi %(day)s pukul %(when)s.") % known_by,
        _("Datang lagi hanya kalau mendapat giliran."),
        _("Petugas akan menelepon, atau tanyakan di sini.")
        if receipt.has_phone
        else _("Tanyakan hasilnya di sini dengan kode ini atau KTP."),
    ):
        _write(paper, line, columns)
    said = _("Pindai untuk melihat hasil di ponsel.")
    _write_code(paper, receipt.application_url, said, receipt.paper_mm)
    _write(paper, _("Gratis. Terikat NIK, tidak bisa dijual."), columns)
    paper.cut()
    return bytes(paper.output)


def _begun(office: str, title: str, columns: int) -> Dummy:
    """Return a paper with the office on top and a title for what stands large below."""
    from escpos.printer import Dummy

    paper = Dummy(profile="default")
    paper.hw("INIT")
    paper.charcode(_CODE_PAGE)
    paper.set(align="center", bold=True, double_width=True, double_height=True)
    _write(paper, office, columns // 2)
    paper.set(bold=False, normal_textsize=True)
    _write(paper, title, columns)
    return paper


def _write_large(paper: Dummy, text: str, columns: int) -> None:
    """Write a number or a code as large as it fits on one line."""
    text = _printable(text)
    size = max(1, min(_LARGEST_LETTER, columns // max(1, len(text))))
    paper.set(bold=True, custom_size=True, width=size, height=size)
    _write(paper, text, columns // size)


def _write_code(paper: Dummy, url: str, said: str, paper_mm: int) -> None:
    from escpos.constants import QR_ECLEVEL_M

    columns, qr_module = _PAPERS[paper_mm]
    paper.ln()
    paper.qr(url, ec=QR_ECLEVEL_M, size=qr_module, native=True)
    paper.ln()
    _write(paper, said, columns)


def send(ticket: bytes, printer: str, timeout_s: float = 3) -> None:
    """Hand `ticket` to the printer at "host:port" (port 9100 where none is given).

    Raises PrinterUnreachable, whose text says what to do, if there is no such printer, it
    does not answer or take the ticket within `timeout_s` seconds each, or breaks off. Raw
    printing has no receipt: returning means that the printer took the bytes.
    """
    host, port = _address(printer)
    try:
        line = socket.create_connection((host, port), timeout=timeout_s)
    except ConnectionRefusedError as error:
        raise PrinterRefused(printer=printer) from error
    except (socket.gaierror, UnicodeError) as error:
        raise PrinterAddressUnknown(printer=printer) from error
    except OSError as error:
        raise PrinterUnreachable(printer=printer) from error
    with line:
        try:
            line.sendall(ticket)
            line.shutdown(socket.SHUT_WR)
            line.settimeout(min(_LAST_WORD_S, timeout_s))
            _wait_for_close(line)
        except TimeoutError as error:
            raise PrinterUnreachable(printer=printer) from error
        except OSError as error:
            raise PrinterBrokeOff(printer=printer) from error


def _wait_for_close(line: socket.socket) -> None:
    """Read what the printer may still say; a line reset meanwhile raises OSError."""
    try:
        while line.recv(256):
            pass
    except TimeoutError:
        return


def _address(printer: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{printer.strip()}")
        host, port = parts.hostname, parts.port or PRINTER_PORT
    except ValueError as error:
        raise PrinterAddressUnknown(printer=printer) from error
    if not host:
        raise PrinterAddressUnknown(printer=printer)
    return host, port


def _facts(ticket: Ticket) -> list[str]:
    facts = [
        _("Datang: %(when)s")
        % {
            "when": f"{date_format(ticket.arrived_at, 'j F Y')}, "
            f"{ticket.arrived_at:%H.%M} {_zone_name(ticket.arrived_at)}"
        }
    ]
    if ticket.window:
        facts.append(_("Dipanggil pukul %(window)s") % {"window": ticket.window})
        facts.append(_("(janji untuk 9 dari 10 orang)"))
    if ticket.people_before:
        facts.append(
            ngettext(
                "%(people)d orang sebelum Bapak/Ibu",
                "%(people)d orang sebelum Bapak/Ibu",
                ticket.people_before,
            )
            % {"people": ticket.people_before}
        )
    else:
        facts.append(_("Bapak/Ibu berikutnya"))
    return facts


def _zone_name(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("arrived_at needs a time zone: the office's own.")
    return _ZONES.get(offset // timedelta(hours=1), moment.tzname() or "")


def _write(paper: Dummy, text: str, columns: int) -> None:
    for line in wrap(_printable(text), columns):
        paper.textln(line)


def _printable(text: str) -> str:
    return "".join(_on_code_page(character) for character in text.translate(_LIKENESSES))


def _on_code_page(character: str) -> str:
    """Return `character`, or what code page 437 has nearest to it; a space for a control."""
    if unicodedata.category(character).startswith(("C", "Z")):
        return " " if character.isspace() else ""
    for candidate in (character, unicodedata.normalize("NFKD", character)):
        plain = "".join(part for part in candidate if not unicodedata.combining(part))
        try:
            plain.encode(_CODE_PAGE)
        except UnicodeEncodeError:
            continue
        return plain
    return "?"
