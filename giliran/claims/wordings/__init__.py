"""What a message about a claim says, read from how things stand when it is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from giliran.claims.wordings.facts import READERS, Known, known
from giliran.messages import queries as messages
from giliran.messages.site import site
from giliran.messages.wording import Wording, filled, in_its_language, letter

KINDS = frozenset(READERS)


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return a message in a language ("id" or "en"), or None when it is no longer true."""
    message = messages.message(message_id)
    found = known(message)
    return worded(found, language) if found else None


def worded(found: Known, language: str) -> Wording:
    """Return what is known in the lengths and forms that the channels need."""
    form, values = found.form, found.values
    page = f"{site()}{values.get('page', '/')}"
    more = _("Halaman berkas: %(url)s") % {"url": page}
    return filled(form, values, language, letter=letter(form, values, language, more=more))
