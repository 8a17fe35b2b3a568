"""Knowing that a delivery comes from the provider: its signature and its handshake."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Hub-Signature-256"
_PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """Return the header that the provider sends with this body: HMAC-SHA256 over its raw bytes."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Return whether the header signs exactly these bytes; never without a secret.

    The comparison takes the same time wherever the first difference is.
    """
    if not secret:
        return False
    return hmac.compare_digest(sign(body, secret).encode(), header.encode("utf-8", "replace"))


def is_same(given: str, expected: str) -> bool:
    """Return whether a stated token is the one expected, in constant time; an empty one never."""
    if not expected:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
