"""A letter's code and the fingerprint of what stands in it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from giliran.core.identifiers import CODE_LETTERS

CODE_LENGTH = 12
FINGERPRINT_LENGTH = 16


def new_code() -> str:
    """Return a code that can't be guessed: 30^12 of them, so a million letters hide well.

    Whoever tries a thousand a second meets one of a million letters once in eleven years, and
    learns no more than what the letter's holder may show anybody. So no tries are counted.
    """
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """Return the code in what was typed or scanned; empty if it can't be one."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    code = "".join(last.split()).replace("-", "").upper()
    readable = len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS)
    return code if readable else ""


def grouped(code: str) -> str:
    """Return the code as people read it: groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def packed(content: Mapping[str, Any]) -> str:
    """Return the content as the one JSON text that is hashed and sealed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """Return SHA-256 of a packed content, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
