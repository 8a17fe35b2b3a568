"""A PDF is kept byte for byte, or its electronic signature would be worth nothing.

So whatever could act is refused: nothing is mended here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PasswordType, PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from giliran.claims.inspection import images
from giliran.claims.inspection.kinds import JPEG
from giliran.claims.inspection.readability import Readability
from giliran.claims.inspection.refusals import (
    FileRefused,
    PdfBroken,
    PdfDoesThings,
    PdfLocked,
    PdfWithoutPages,
    SomethingHidden,
    TooManyPages,
    TooMuchWork,
)

MOST_PAGES = 50
MOST_OBJECTS = 50_000
_DEEPEST = 40
_PAGES_MEASURED = 5
_END = b"%%EOF"
_NOTHING = b"\0\t\n\x0c\r \x1a"

_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition"}
    | {"/RichMediaExecute", "/GoTo3DView"}
)
_CARRIERS = frozenset(
    {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/EmbeddedFile"}
)
_KEYS = frozenset({"/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent"})
_DRAWS = re.compile(rb"(?<![A-Za-z/])(?:Tj|TJ|Do|f\*?|F|S|s|B\*?|b\*?|sh|EI|['\"])(?![A-Za-z])")
_WRITES = re.compile(rb"(?<![A-Za-z/])(?:Tj|TJ)(?![A-Za-z])")
# In plain sight, where a reader that mends a broken table of objects would find it.
_IN_PLAIN_SIGHT = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a PDF: pages, which of them show nothing, and its photos' readability."""

    pages: int
    empty_pages: list[int] = field(default_factory=list)
    readability: Readability | None = None
    codes: tuple[dict[str, str], ...] = ()


def looked_at_pdf(content: bytes) -> Seen:
    """Return what a PDF holds.

    Raises ``PdfBroken``, ``PdfLocked``, ``PdfWithoutPages``, ``TooManyPages``, ``PdfDoesThings``,
    ``SomethingHidden`` or ``TooMuchWork``.
    """
    end = content.rfind(_END)
    if end < 0:
        raise PdfBroken
    if content[end + len(_END) :].strip(_NOTHING):
        raise SomethingHidden
    if _IN_PLAIN_SIGHT.search(_with_plain_names(content)):
        raise PdfDoesThings
    try:
        return _read(content)
    except FileRefused:
        raise
    except (RecursionError, MemoryError, LimitReachedError):
        raise TooMuchWork from None
    except Exception as trouble:  # a stranger's file trips a reader in every way there is
        raise PdfBroken from trouble


def _with_plain_names(content: bytes) -> bytes:
    """Return the bytes with #4a in names read as J (ISO 32000-1, 7.3.5)."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found.group(1), 16)]), content)


def _read(content: bytes) -> Seen:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise PdfLocked
    _check_objects(reader)
    pages = len(reader.pages)
    if not pages:
        raise PdfWithoutPages
    if pages > MOST_PAGES:
        raise TooManyPages(pages=pages, most=MOST_PAGES)
    empty: list[int] = []
    looks: list[Readability] = []
    codes: list[dict[str, str]] = []
    for number, page in enumerate(reader.pages, 1):
        photos, drawn = _photos(page), _drawn(page)
        if not photos and not _DRAWS.search(drawn):
            empty.append(number)
        if number <= _PAGES_MEASURED and len(photos) == 1 and not _WRITES.search(drawn):
            seen = _scan(photos[0])
            if seen is not None:
                looks.append(seen.readability)
                codes += seen.codes
    worst = min(looks, key=lambda one: one.sharpness) if looks else None
    return Seen(pages, empty, worst, tuple(codes))


def _scan(photo: bytes | None) -> images.Seen | None:
    """Return what a page's only photo shows; None where that can't be told: no objection."""
    try:
        return images.looked_at(photo, JPEG) if photo is not None else None
    except FileRefused:
        return None


def _check_objects(reader: PdfReader) -> None:
    """Look at every object, also at those that no page leads to."""
    numbers = [
        (number, generation) for generation, row in reader.xref.items() for number in row
    ] + [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise TooMuchWork
    _check(reader.trailer)
    for number, generation in numbers:
        _check(reader.get_object(IndirectObject(number, generation, reader)))


def _check(thing: Any) -> None:
    for found in within(thing):
        link = str(found.get("/URI", "")).strip().lower()
        if _KEYS & found.keys() or link.startswith(("javascript:", "file:")):
            raise PdfDoesThings
        if {str(found.get(key)) for key in ("/S", "/Subtype", "/Type")} & (_ACTIONS | _CARRIERS):
            # "/S /Movie" and the like; a font's or picture's /Subtype is never one of these.
            raise PdfDoesThings


def within(thing: Any, depth: int = 0) -> Iterator[DictionaryObject]:
    """Yield the dictionaries that stand directly in an object; those referred to come by number."""
    if depth > _DEEPEST:
        raise TooMuchWork
    if isinstance(thing, DictionaryObject):
        yield thing
        for part in thing.values():
            yield from within(part, depth + 1)
    elif isinstance(thing, ArrayObject):
        for part in thing:
            yield from within(part, depth + 1)


def _photos(page: Any) -> list[bytes | None]:
    """Return the JPEGs drawn on a page; None for a picture of another kind."""
    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else {}
    drawn = resources.get("/XObject")
    drawn = drawn.get_object() if drawn is not None else {}
    found: list[bytes | None] = []
    for one in drawn.values():
        thing = one.get_object()
        if isinstance(thing, StreamObject) and thing.get("/Subtype") == "/Image":
            is_jpeg = thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"])
            found.append(thing._data if is_jpeg else None)  # noqa: SLF001 -- as sent, undecoded
        elif isinstance(thing, StreamObject):
            found.append(None)  # a form that draws something
    return found


def _drawn(page: Any) -> bytes:
    contents = page.get_contents()
    return contents.get_data() if contents is not None else b""
