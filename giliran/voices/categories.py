"""What a complaint may be about, for those who choose it."""

from __future__ import annotations

from giliran.voices.models import Complaint


def categories() -> tuple[tuple[str, str], ...]:
    """Return every category's code and Indonesian name, in the order in which they are offered."""
    return tuple((one.value, str(one.label)) for one in Complaint.Category)
