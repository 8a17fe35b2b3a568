"""The one message that asks how a visit was, in both languages; it names no service."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from giliran.messages import queries as messages
from giliran.messages import spoken
from giliran.messages.forms import Both, Form
from giliran.messages.site import site
from giliran.messages.wording import Wording, filled, in_its_language
from giliran.voices.actions.asking_opinion import KIND
from giliran.voices.models import Opinion

KINDS = frozenset({KIND})
_STOP = Both("Berhenti dikabari: STOP.", "No more messages: STOP.")

ASKED = Form(
    "kunjungan_dinilai",
    Both(
        "Terima kasih sudah datang ke %(office)s pada %(day)s. Bagaimana layanan kami? Balas "
        "angka: 1 tidak baik, 2 kurang baik, 3 baik, 4 sangat baik. Petugas tidak melihat siapa "
        "yang menjawab.",
        "Thank you for coming to %(office)s on %(day)s. How did we serve you? Reply with a number: "
        "1 bad, 2 not so good, 3 good, 4 very good. Our officers don't see who answered.",
    ),
    (
        Both(
            "Layanan kami di %(place)s %(date)s: balas 1 tidak baik, 2 kurang, 3 baik, 4 sangat "
            "baik.",
            "How did we serve you at %(place)s %(date)s? Reply 1 bad, 2 not so good, 3 good, 4 "
            "very good.",
        ),
        Both("Gratis.", "Free."),
        _STOP,
    ),
    title=Both("Bagaimana kunjungan Bapak/Ibu?", "How was your visit?"),
    answers=(_STOP,),
)
FORMS = (ASKED,)
EXAMPLES: Mapping[str, str] = {
    "office": "Kantor Cabang Serang",
    "day": "Rabu, 25 November 2026",
}
"""What the provider asks for when a template is registered: one example for each place."""


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return the question in a language ("id" or "en"), or None once it was answered."""
    message = messages.message(message_id)
    asked = Opinion.objects.select_related("office").filter(
        turn_id=message.subject_id, score__isnull=True
    )
    opinion = asked.first()
    if opinion is None:
        return None
    return _worded(opinion, language)


def _worded(opinion: Opinion, language: str) -> Wording:
    values = {
        "office": opinion.office.name,
        "place": spoken.place(opinion.office.name),
        "day": spoken.day(opinion.day),
        "date": spoken.brief_day(opinion.day),
    }
    page = f"{site()}/nilai/{opinion.token}/"
    letter = [
        _("Terima kasih sudah datang ke %(office)s pada %(day)s.") % values,
        "",
        _("Bagaimana layanan kami? Jawab di sini: %(url)s") % {"url": page},
    ]
    return filled(ASKED, values, language, letter="\n".join(letter))
