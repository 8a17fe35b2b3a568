"""The lottery's arithmetic: one root binds a list, one public random value numbers everybody.

Everything here is written down in public standards, so that anybody can repeat it: the tree is
that of RFC 6962 (Certificate Transparency), the key comes from HKDF (RFC 5869), a number from
HMAC-SHA256 (RFC 2104). Standard library only.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

KEY_INFO = b"giliran draw 1"
SALT_BYTES = 16
SECRET_BYTES = 32


def canonical(value: Any) -> bytes:
    """Return the one way to write a JSON value: keys sorted, no spaces, UTF-8.

    Raises ValueError for what JSON can't hold (NaN, half a surrogate pair), TypeError for what
    isn't JSON at all.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def leaf_hash(data: bytes) -> bytes:
    """Return a leaf's 32 bytes: SHA-256 over 0x00 and the data (RFC 6962, 2.1)."""
    return sha256(b"\x00" + data).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the tree's root over hashed leaves; raises ValueError when there are none."""
    *_, top = _levels(leaf_hashes)
    return top[0]


def proof_of(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of one leaf, from its neighbour up to below the root.

    Raises IndexError when the tree has no such leaf. Takes as many hashes as there are leaves.
    """
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"no leaf {index} in a tree of {len(leaf_hashes)}")
    path = []
    for level in _levels(leaf_hashes):
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        index >>= 1
    return path


def proof_holds(
    leaf_hash: bytes, index: int, count: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether a leaf stands at this index of the tree of `count` leaves with this root.

    The check of RFC 9162, 2.1.3.2: it needs only the leaf and its path.
    """
    if not 0 <= index < count:
        return False
    last = count - 1
    node = leaf_hash
    for neighbour in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = _parent(neighbour, node)
            # A node without a neighbour on its level is carried up unchanged.
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = _parent(node, neighbour)
        index, last = index >> 1, last >> 1
    return last == 0 and hmac.compare_digest(node, root)


def pseudonym(salt: bytes, nik: str, service_code: str) -> bytes:
    """Return the 32 bytes under which a person stands in one round's public list.

    The salt (16 random bytes, new for every application and round) is told only to the person:
    without it nobody can try all NIKs. Raises ValueError for a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(salt + nik.encode("ascii") + b" " + service_code.encode("ascii")).digest()


def lottery_key(randomness: bytes, root: bytes) -> bytes:
    """Return the draw's key of 32 bytes: HKDF-SHA256 of the randomness, salted with the root."""
    return _hkdf(randomness, salt=root, info=KEY_INFO, length=32)


def lottery_number(key: bytes, id: bytes) -> int:  # noqa: A002 -- the file's own word for it
    """Return the number of an application or party, 0 to 2**64 - 1; the lowest comes first."""
    return int.from_bytes(hmac.digest(key, id, "sha256")[:8], "big")


def commitment(name: str, secret: bytes) -> bytes:
    """Return what a party publishes before closing, so that it can't change its secret after.

    Raises ValueError unless the secret has 32 bytes: a shorter one could be guessed.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes, not {len(secret)}")
    return sha256(b"giliran reveal 1 " + name.encode() + b" " + secret).digest()


def combined(secrets: Sequence[bytes | None]) -> bytes:
    """Return the randomness from secrets in the header's order; None for who didn't reveal.

    Raises ValueError when nobody revealed.
    """
    revealed = [secret for secret in secrets if secret is not None]
    if not revealed:
        raise ValueError("nobody revealed a secret, so there is no randomness")
    return sha256(b"".join(revealed)).digest()


def _hkdf(ikm: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869: extract a key from uneven material, then expand it."""
    extracted = hmac.digest(salt or bytes(32), ikm, "sha256")
    block, out = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + info + bytes([counter]), "sha256")
        out += block
    return out[:length]


def _parent(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _levels(leaf_hashes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """From the leaves to the root. Carrying the odd one up gives RFC 6962's shape."""
    if not leaf_hashes:
        raise ValueError("a tree needs at least one leaf")
    level = leaf_hashes
    yield level
    while len(level) > 1:
        above = [_parent(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
        yield level
