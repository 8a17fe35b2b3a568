"""A PDF written anew without what tells who made it: who complains in secret may send one.

Its text and pictures stay. Its author, its programs' notes and earlier versions go, and so do the
place and time in the photos that it holds; an electronic signature is worth nothing afterwards.
"""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter
from pypdf.errors import LimitReachedError
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

from giliran.claims.inspection.pdfs import within
from giliran.claims.inspection.refusals import PdfBroken, TooMuchWork

_TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Info", "/T", "/M", "/CreationDate")
_APPLICATION = frozenset(range(0xE1, 0xEE)) | {0xEF, 0xFE}
"""JPEG's segments for EXIF, XMP and comments; 0xEE says how colours are to be read."""
_SCAN, _MARK = 0xDA, 0xFF


def written_anew(content: bytes) -> bytes:
    """Return a PDF that ``pdfs.looked_at_pdf`` has passed, without its maker's traces.

    Raises ``PdfBroken`` or ``TooMuchWork``.
    """
    target = io.BytesIO()
    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content), strict=False))
        writer.metadata = None
        for thing in writer._objects:  # noqa: SLF001 -- pypdf has no other list
            for found in within(thing):
                _without_traces(found)
        writer.write(target)
        return target.getvalue()
    except (RecursionError, MemoryError, LimitReachedError):
        raise TooMuchWork from None
    except Exception as trouble:  # a stranger's file trips a reader in every way there is
        raise PdfBroken from trouble


def _without_traces(thing: DictionaryObject) -> None:
    for key in _TELLING:
        thing.pop(NameObject(key), None)
    is_photo = thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"])
    if isinstance(thing, StreamObject) and is_photo:
        thing._data = plain_jpeg(thing._data)  # noqa: SLF001 -- as sent, undecoded
        thing[NameObject("/Length")] = NumberObject(len(thing._data))  # noqa: SLF001


def plain_jpeg(photo: bytes) -> bytes:
    """Return a JPEG without its notes; one that can't be followed stays as it is."""
    kept, at = bytearray(photo[:2]), 2
    while at + 4 <= len(photo) and photo[at] == _MARK:
        mark, length = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4])
        if mark == _SCAN:
            return bytes(kept + photo[at:])
        if mark not in _APPLICATION:
            kept += photo[at : at + 2 + length]
        at += 2 + length
    return photo
