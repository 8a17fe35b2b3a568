"""Fetching what people sent: at once, whole, unchanged, and only what we can use.

The id in a message lives seven days, the address that it leads to five minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from giliran.core.refusal import Refusal, gettext_noop
from giliran.messages.whatsapp.port import CloudApi, from_environment, said_by

# What counters take, see rules/documents/upload.yaml. WhatsApp itself makes 5 MB of a photo.
TYPES = frozenset({"image/jpeg", "image/png", "application/pdf"})
LARGEST_BYTES = 6 * 1024 * 1024
_OF_THE_PROVIDER = (".fbsbx.com", ".facebook.com", ".whatsapp.net")
_BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
}


class Media(NamedTuple):
    """A file as it was sent; ``sha256`` in hexadecimal."""

    content: bytes
    mime: str
    sha256: str


class WrongType(Refusal):
    """They sent a film, a voice message or another file that can't be read at a counter."""

    code = "media_type"
    sentence = gettext_noop("Berkas ini tidak dapat dibaca. Kirim foto (JPG, PNG) atau PDF.")


class TooLarge(Refusal):
    """The file is larger than may be kept."""

    code = "media_size"
    sentence = gettext_noop("Berkas terlalu besar. Kirim foto atau PDF paling besar 6 MB.")


class NotFetched(Refusal):
    """The file isn't there any more, came incomplete, or the provider didn't answer."""

    code = "media_lost"
    sentence = gettext_noop("Berkas tidak sampai dengan utuh. Mohon kirim sekali lagi.")


def fetch_media(media_id: str, *, sha256: str = "", api: CloudApi | None = None) -> Media:
    """Return a file that somebody sent.

    ``sha256`` is the one that came with the message (``reading.File``), in base64 or hexadecimal;
    that of the provider's own answer is checked in any case. Raises ``WrongType``, ``TooLarge`` or
    ``NotFetched``, whose sentences may be told to the sender.
    """
    api = api or from_environment()
    if api is None or not (media_id.isascii() and media_id.isalnum()):
        raise NotFetched
    try:
        answer = api.http.get(f"{api.url}/{media_id}", params={"phone_number_id": api.phone_id})
        stated = said_by(answer)
        if not answer.is_success or not isinstance(stated, dict):
            raise NotFetched
        mime = _allowed_type(stated)
        content = _download(api, str(stated.get("url", "")))
    except httpx.HTTPError as error:
        raise NotFetched from error
    digest = hashlib.sha256(content)
    expected = [hash_ for hash_ in (sha256, stated.get("sha256")) if isinstance(hash_, str)]
    if not all(_is_hash(digest, hash_) for hash_ in expected if hash_):
        raise NotFetched
    if not content.startswith(_BEGINNINGS[mime]):
        raise WrongType
    return Media(content, mime, digest.hexdigest())


def _allowed_type(stated: dict[str, Any]) -> str:
    mime = str(stated.get("mime_type", "")).partition(";")[0].strip().lower()
    if mime not in TYPES:
        raise WrongType
    size = stated.get("file_size")
    if isinstance(size, int) and size > LARGEST_BYTES:
        raise TooLarge
    return mime


def _download(api: CloudApi, address: str) -> bytes:
    """Return what is at an address of the provider; our token goes to nobody else."""
    there, ours = urlsplit(address), urlsplit(api.url)
    is_theirs = there.scheme == "https" and f".{there.hostname}".endswith(_OF_THE_PROVIDER)
    if not is_theirs and (there.scheme, there.netloc) != (ours.scheme, ours.netloc):
        raise NotFetched
    content = bytearray()
    with api.http.stream("GET", address) as answer:
        if not answer.is_success:
            raise NotFetched
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > LARGEST_BYTES:
                raise TooLarge
    return bytes(content)


def _is_hash(digest: Any, stated: str) -> bool:
    """Return whether a stated hash is this one: webhooks give base64, the API hexadecimal."""
    written = (digest.hexdigest(), base64.b64encode(digest.digest()).decode())
    return any(
        hmac.compare_digest(way.encode(), stated.encode("utf-8", "replace")) for way in written
    )
