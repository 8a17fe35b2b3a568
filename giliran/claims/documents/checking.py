"""Looking at a file before it is kept anywhere: its size, viruses, and what stands in it."""

from __future__ import annotations

from typing import IO, Any

from giliran.claims.documents.inspector import inspect
from giliran.claims.documents.scanner import check_for_viruses
from giliran.claims.inspection.refusals import BY_CODE, FileTooLarge, HardToRead, NothingInFile

MEGABYTE = 1 << 20


def read_at_most(content: bytes | IO[bytes], most: int) -> bytes:
    """Return what came, read no further than one byte too many. Raises ``FileTooLarge``."""
    raw = content if isinstance(content, bytes) else content.read(most + 1)
    check_size(len(raw), most)
    return raw


def check_size(size: int, most: int) -> None:
    """Raise ``FileTooLarge`` or ``NothingInFile`` for a size in bytes, before any byte is read."""
    if size > most:
        raise FileTooLarge(most=most // MEGABYTE)
    if size <= 0:
        raise NothingInFile


def check_file(
    raw: bytes, *, insists: bool = False, is_plain: bool = False
) -> tuple[dict[str, Any], bytes]:
    """Return what was seen in a file, and the bytes to keep; a process of its own opens it.

    A photo is written anew, without place, time or maker of the camera. A PDF is kept byte for
    byte; with ``is_plain`` it is written anew, too, without its author, at the price of its
    electronic signature. Raises a ``FileRefused``; a ``HardToRead`` not with ``insists``: then the
    doubt stands in what was seen.
    """
    check_for_viruses(raw)
    answer, rewritten = inspect(raw, is_plain=is_plain)
    seen = dict(answer)
    warning = seen.pop("warning", None)
    if warning is not None:
        refusal = BY_CODE[warning](**seen.pop("params", {}))
        if not (insists and isinstance(refusal, HardToRead)):
            raise refusal
        seen["doubts"] = list(dict.fromkeys([warning, *seen["doubts"]]))
        seen["insisted"] = True
    return seen, rewritten or raw
