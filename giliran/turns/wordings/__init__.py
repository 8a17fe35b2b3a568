"""What a message says, read from how things stand when it is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from giliran.messages import queries as messages
from giliran.messages.site import site
from giliran.messages.wording import Wording, filled, in_its_language
from giliran.turns.wordings.facts import READERS, Known
from giliran.turns.wordings.forms import CHOICES


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return a message in a language ("id" or "en"), or None when it is no longer true."""
    message = messages.message(message_id)
    known = READERS[message.kind](message)
    return worded(known, language) if known else None


def worded(known: Known, language: str) -> Wording:
    """Return what is known in the lengths and forms that the channels need."""
    form, values = known.form, known.values
    choices = tuple(
        (f"{answer}:{values['tail']}", CHOICES[answer].spoken(language)) for answer in form.choices
    )
    worded = filled(form, values, language, letter=_letter(known, language))
    return worded._replace(choices=choices, calendar=known.calendar)


def _letter(known: Known, language: str) -> str:
    """Return what an e-mail says: nobody reads an answer to it, so it leads to the page."""
    page = f"{site()}{known.values.get('page', '/')}"
    lines = [known.form.body.spoken(language) % known.values, ""]
    if known.form.choices:
        lines.append(_("Jawab di sini: %(url)s") % {"url": f"{page}pengingat/"})
    lines += [
        _("Lihat atau ubah: %(url)s") % {"url": page},
        _("Berhenti dikabari: %(url)s") % {"url": f"{page}pengingat/"},
    ]
    return "\n".join(lines)
