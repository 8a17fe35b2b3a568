"""One file looked at from all sides: what it is, whether it hides anything, how it reads."""

from __future__ import annotations

from typing import Any

from giliran.claims.inspection.images import looked_at
from giliran.claims.inspection.kinds import PDF, check_nothing_hidden, kind_of
from giliran.claims.inspection.pdfs import looked_at_pdf
from giliran.claims.inspection.plain_pdfs import written_anew
from giliran.claims.inspection.readability import Readability
from giliran.claims.inspection.refusals import Blurred, NothingOnIt, TooDark, Unreadable

_SHORT_SIDE, _LONG_SIDE = 300, 480  # pixels: a card's letters are then 8 pixels high


def inspected(content: bytes, *, is_plain: bool = False) -> tuple[dict[str, Any], bytes]:
    """Return what was seen, for JSON, and what to keep instead (no bytes: keep what was sent).

    A photo is always written anew, a PDF only with ``is_plain``.

    `kind`, `pages`; `warning` and `params`, the refusal of a file that a machine can't read and
    that a person may insist on, or no such key; `doubts`, codes of faults; `figures`; `codes`, the
    QR codes that were read. Raises a ``FileRefused`` for what is never kept.
    """
    kind = kind_of(content)
    check_nothing_hidden(content, kind)
    if kind == PDF:
        return _inspected_pdf(content), written_anew(content) if is_plain else b""
    seen = looked_at(content, kind)
    answer = {
        "kind": kind,
        "pages": 1,
        "figures": _figures(seen.readability) | {"width": seen.size[0], "height": seen.size[1]},
        "codes": seen.codes,
        "doubts": seen.readability.doubts,
        "turned": seen.is_turned,
    }
    width, height = seen.size
    if min(width, height) < _SHORT_SIDE or max(width, height) < _LONG_SIDE:
        answer |= {"warning": Unreadable.code, "params": {"width": width, "height": height}}
    else:
        answer |= _warning(seen.readability)
    return answer, seen.content


def _inspected_pdf(content: bytes) -> dict[str, Any]:
    seen = looked_at_pdf(content)
    answer: dict[str, Any] = {
        "kind": PDF,
        "pages": seen.pages,
        "figures": {},
        "codes": seen.codes,
        "doubts": (),
    }
    if seen.empty_pages:
        answer |= {"empty_pages": seen.empty_pages, "doubts": ("pages_missing",)}
    if len(seen.empty_pages) == seen.pages:
        return answer | {"warning": NothingOnIt.code, "doubts": ("empty",)}
    if seen.readability is not None:
        answer["figures"] = _figures(seen.readability)
        answer["doubts"] += seen.readability.doubts
        answer |= _warning(seen.readability)
    return answer


def _warning(readability: Readability) -> dict[str, str]:
    if readability.is_too_dark:
        return {"warning": TooDark.code}
    if readability.is_empty:
        return {"warning": NothingOnIt.code}
    return {"warning": Blurred.code} if readability.is_blurred else {}


def _figures(readability: Readability) -> dict[str, float]:
    return {
        "sharpness": round(readability.sharpness, 4),
        "brightness": round(readability.brightness, 1),
        "ink": round(readability.ink, 4),
    }
