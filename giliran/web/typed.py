"""Reading what a form sent: nobody's letters or keys can trip what they are handed to."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from giliran.core.refusal import NotFound


def typed(post: Mapping[str, str], field: str) -> str:
    """Return what was typed, without the letter that no column of PostgreSQL holds."""
    return (post.get(field) or "").replace("\x00", "")


def key_in(post: Mapping[str, str], field: str = "request_key") -> UUID | None:
    """Return the key under which a form is done once, None for one that can't be read."""
    try:
        return UUID(post.get(field) or "")
    except ValueError:
        return None


def key_of(post: Mapping[str, str], field: str = "request_key") -> UUID:
    """Return the key of a form that none of our pages sends without; raises ``NotFound``."""
    key = key_in(post, field)
    if key is None:
        raise NotFound
    return key
