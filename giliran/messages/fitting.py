"""Making a message fit one SMS."""

from __future__ import annotations

from collections.abc import Iterable

from giliran.core.conversation.rendering import SMS_LETTERS, gsm


def fitted(sentences: Iterable[str]) -> str:
    """Return the first sentence and as many of the others, in their order, as fit one SMS."""
    first, *others = (gsm(sentence) for sentence in sentences)
    for other in others:
        longer = f"{first} {other}"
        if len(longer) <= SMS_LETTERS:
            first = longer
    return first
