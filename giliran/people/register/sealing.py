"""Sealing and indexing a million texts, each as ``giliran.encryption`` does one.

The hash's two beginnings, which depend on the key alone, are worked out once (RFC 2104): that
makes a blind index in less than half the time. ``giliran.encryption`` opens and finds the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from giliran.encryption import derived_key

_BLOCK_BYTES = 64
_NONCE_BYTES = 12


def sealer() -> Callable[[str], str]:
    """Return what ``encryption.seal`` is, but giving hexadecimal digits."""
    encrypt = AESGCM(derived_key("people at rest")).encrypt
    random = os.urandom

    def seal(text: str) -> str:
        if not text:
            return ""
        nonce = random(_NONCE_BYTES)
        return (nonce + encrypt(nonce, text.encode(), None)).hex()

    return seal


def indexer() -> Callable[[str], str]:
    """Return what ``encryption.blind_index`` is, but giving hexadecimal digits."""
    key = derived_key("blind index").ljust(_BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key)).copy

    def index(text: str) -> str:
        first = inner()
        first.update(text.encode())
        second = outer()
        second.update(first.digest())
        return second.hexdigest()

    return index
