"""Sealing of people's data at rest, and blind indexes to find it again without opening it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from giliran.core.identifiers import CODE_LENGTH, CODE_LETTERS, code_from_number

_NONCE_BYTES = 12  # NIST SP 800-38D, 5.2.1.1


@lru_cache
def derived_key(purpose: str) -> bytes:
    """Return 32 bytes for one purpose, derived from the master secret (HKDF, RFC 5869)."""
    secret: str = settings.GILIRAN_SECRET
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())


@lru_cache
def _cipher() -> AESGCM:
    return AESGCM(derived_key("people at rest"))


def seal(text: str) -> bytes:
    """Return the text encrypted (AES-256-GCM, nonce first). An empty text gives no bytes."""
    if not text:
        return b""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, text.encode(), None)


def unseal(sealed: bytes | memoryview) -> str:
    """Return the text that was sealed; raises ``InvalidTag`` if it was tampered with."""
    raw = bytes(sealed)
    if not raw:
        return ""
    return _cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode()


@lru_cache
def _document_cipher() -> AESGCM:
    return AESGCM(derived_key("documents at rest"))


def seal_bytes(content: bytes, *, about: bytes) -> bytes:
    """Return a file encrypted (AES-256-GCM, nonce first), bound to what it is about.

    ``about`` isn't in the result: whoever opens it must know it, so that no sealed file can be
    passed off as another one.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _document_cipher().encrypt(nonce, content, about)


def unseal_bytes(sealed: bytes | memoryview, *, about: bytes) -> bytes:
    """Return what was sealed; raises ``InvalidTag`` if it was tampered with or is another's."""
    raw = bytes(sealed)
    return _document_cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about)


def blind_name(purpose: str, text: str) -> str:
    """Return 64 hex digits as a name for something: the same text, the same name, told by none."""
    return hmac.new(derived_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def blind_index(text: str) -> bytes:
    """Return 32 bytes by which the same text is found again, keyed so that it can't be guessed.

    A NIK has few enough values to try them all, so a plain hash would hide nothing.
    """
    return hmac.new(derived_key("blind index"), text.encode(), hashlib.sha256).digest()


def new_code() -> str:
    """Return a code for somebody's turn or claim that can't be guessed: 30^8 are 6.6e11."""
    return code_from_number(secrets.randbelow(len(CODE_LETTERS) ** CODE_LENGTH))
