"""What a file is, by its first bytes: a name that came with it proves nothing."""

from __future__ import annotations

import io
import re
import zipfile

from giliran.claims.inspection.refusals import (
    ArchiveNotTaken,
    FileRefused,
    HeicNotTaken,
    KindNotTaken,
    NothingInFile,
    OfficeFileNotTaken,
    OtherImageNotTaken,
    PageNotTaken,
    SomethingHidden,
)

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
_TAKEN = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF}
_OTHER_IMAGES = (b"GIF8", b"II*\0", b"MM\0*", b"BM", b"\x00\x00\x01\x00", b"\xff\x0a", b"8BPS")
_ARCHIVES = (b"PK", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_MARKUP = (b"<?xml", b"<svg", b"<!doctype", b"<html", b"<script", b"<body", b"<!--")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_START = 1024

# What a browser, a server or an unpacker would take for its own, wherever in a file it stands.
_FOREIGN = re.compile(
    rb"<(?:script|iframe|html)[\s>]|<\?php\s|<!doctype\s+html|javascript:", re.IGNORECASE
)
_UNPACKED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c\x00")


def kind_of(content: bytes) -> str:
    """Return a file's media type by its first bytes; raises ``KindNotTaken`` or a kind of it."""
    if not content:
        raise NothingInFile
    for beginning, kind in _TAKEN.items():
        if content.startswith(beginning):
            return kind
    raise _objection_to(content)


def _objection_to(content: bytes) -> FileRefused:
    start = content[:_START]
    if start[4:8] == b"ftyp" and start[8:12] in {
        *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
        *(b"avif", b"avis"),
    }:
        return HeicNotTaken()
    if start.startswith((_OLD_OFFICE, _RTF)) or (start.startswith(b"PK") and _is_office(content)):
        return OfficeFileNotTaken()
    if start.startswith(_ARCHIVES):
        return ArchiveNotTaken()
    if start.startswith(_OTHER_IMAGES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return OtherImageNotTaken()
    if start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower().startswith(_MARKUP):
        return PageNotTaken()
    return KindNotTaken()


def _is_office(content: bytes) -> bool:
    return b"[Content_Types].xml" in content or b"mimetypeapplication/vnd." in content


def check_nothing_hidden(content: bytes, kind: str) -> None:
    """Raise ``SomethingHidden`` if a photo or PDF is something else as well.

    What hangs after the end of a phone's photo (a moving picture, a depth map) is no objection:
    it is gone once the photo is written anew.
    """
    if _FOREIGN.search(content) or any(sign in content for sign in _UNPACKED):
        raise SomethingHidden
    if _is_archive(content) or (kind != PDF and b"%PDF-" in content):
        raise SomethingHidden


def _is_archive(content: bytes) -> bool:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        # An end without a beginning comes about by chance in four of a billion photos.
        return False
