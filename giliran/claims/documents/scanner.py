"""The virus scanner, if this installation has one: clamd's INSTREAM over a socket."""

from __future__ import annotations

import socket
import struct
from contextlib import closing

from django.conf import settings

from giliran.claims.documents.refusals import Infected, ScannerNotReached

_SECONDS = 20.0
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


def check_for_viruses(content: bytes) -> None:
    """Ask clamd at ``GILIRAN_CLAMD`` (a socket's path, or host:port); without one, nothing.

    Raises ``Infected``, or ``ScannerNotReached`` when there is no clear answer: who configured a
    scanner wants nothing kept unscanned.
    """
    address: str = settings.GILIRAN_CLAMD
    if not address:
        return
    try:
        answer = _asked(address, content)
    except (OSError, ValueError):
        raise ScannerNotReached from None
    if answer.endswith(b" FOUND"):
        raise Infected
    if answer != b"stream: OK":
        raise ScannerNotReached


def _asked(address: str, content: bytes) -> bytes:
    with closing(_connected(address)) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            part = line.recv(_LONGEST_ANSWER)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)
