"""What the code of a conversation's receipt is answered with, on the page and at the hot line."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from giliran.conversations.queries import Receipt, receipt
from giliran.turns.wordings import spoken


def receipt_told(code: str, *, now: datetime) -> str:
    """Say by when an office answers; raises ``NotFound`` where the code is no receipt's."""
    found: Receipt = receipt(code)
    day = spoken.day(spoken.local_day(found.answer_by, found.office))
    words = {
        "office": found.office.name,
        "when": f"{day}, {spoken.clock(found.answer_by, found.office)}",
    }
    if found.is_answered:
        said = _(
            "Kode ini tanda terima percakapan dengan %(office)s. Petugas sudah menjawab. "
            "Jawabannya ada di percakapan itu."
        )
    elif found.answer_by < now:
        said = _(
            "Kode ini tanda terima percakapan dengan %(office)s. Jawabannya terlambat: "
            "seharusnya paling lambat %(when)s. Mohon maaf. Telepon 175."
        )
    else:
        said = _(
            "Kode ini tanda terima percakapan dengan %(office)s. Petugas menjawab di percakapan "
            "itu, paling lambat %(when)s."
        )
    return said % words
