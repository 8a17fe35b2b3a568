"""Whether the history of complaints adds up to how they stand."""

from __future__ import annotations

from collections.abc import Iterator

from giliran.core.complaint import rebuild
from giliran.journal.queries import differences

STATED = ("name_sealed", "phone_sealed", "text_sealed", "text_trigrams")
"""What people stated: columns that are erased some day, and so never stood in the journal."""


def differences_from_history() -> Iterator[tuple[int, str]]:
    """Yield (id, difference) for every complaint; empty where history and state agree."""
    return differences("voices_complaint", "complaint", aside=STATED, rebuild=rebuild)
