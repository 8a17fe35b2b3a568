"""The messages about alarms, for who answers for an office and isn't at its pages.

They name an office, a counter and figures, never a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from giliran.capacity import heads
from giliran.core.conversation.rendering import SMS_LETTERS, gsm
from giliran.figures import alarms
from giliran.figures.alarm_words import words
from giliran.messages import queries as messages
from giliran.messages import spoken
from giliran.messages.forms import Both, Form
from giliran.messages.site import site
from giliran.messages.wording import Wording, filled, in_its_language, letter

SUBJECT: Final = "alarm"
RINGING: Final = "alarm_ringing"
UNATTENDED: Final = "alarm_unattended"

_TITLE = Both("Peringatan dari kantor", "An alarm from an office")
_FIRST = Both("%(place)s %(time)s: %(brief)s", "%(place)s %(time)s: %(brief)s")
_OPEN = Both("Buka %(url)s", "Open %(url)s")
_FORMS: Final[Mapping[str, Form]] = {
    RINGING: Form(
        "peringatan_kantor",
        Both(
            "Peringatan dari %(office)s sejak %(time)s: %(title)s. %(sentence)s Yang perlu "
            "dilakukan: %(do)s Buka %(url)s lalu tekan Saya tangani.",
            "Alarm from %(office)s since %(time)s: %(title)s. %(sentence)s What to do: %(do)s Open "
            "%(url)s and press Mine to handle.",
        ),
        (_FIRST, _OPEN),
        title=_TITLE,
    ),
    UNATTENDED: Form(
        "peringatan_belum_ditangani",
        Both(
            "Belum ada yang menangani peringatan dari %(office)s sejak %(time)s: %(title)s. "
            "%(sentence)s Yang perlu dilakukan: %(do)s Hubungi kantor itu, atau buka %(url)s lalu "
            "tekan Saya tangani.",
            "Nobody is handling the alarm from %(office)s since %(time)s: %(title)s. %(sentence)s "
            "What to do: %(do)s Call that office, or open %(url)s and press Mine to handle.",
        ),
        (_FIRST, Both("Belum ada yang menangani.", "Nobody is handling it."), _OPEN),
        title=_TITLE,
    ),
}
KINDS: Final = frozenset(_FORMS)
FORMS: Final = tuple(_FORMS.values())
EXAMPLES: Final[Mapping[str, str]] = {
    "office": "Kantor Cabang Serang",
    "time": "09.20 WIB",
    "title": "Loket kosong saat orang menunggu",
    "sentence": "Tidak ada loket yang buka, padahal 12 orang menunggu.",
    "do": "Buka satu loket sekarang.",
    "url": "https://antrean.example.go.id/kepala/serang/peringatan/",
}
"""What the provider asks for when a template is registered: one example for each place."""


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return an alarm's message in a language ("id" or "en").

    None once it is over or somebody has it in hand: then nobody needs to be called any more. None
    also to who has another post by now.
    """
    message = messages.message(message_id)
    found = alarms.alarm(message.subject_id)
    if found is None or found.over_at is not None or found.seen_at is not None:
        return None
    if not _answers_for(int(message.data["officer"]), found):
        return None
    values = _values(found)
    form = _FORMS[message.kind]
    more = _("Siapa dikabari, dan lewat apa: %(url)s") % {"url": f"{site()}/petugas/kabar/"}
    return filled(form, values, language, letter=letter(form, values, language, more=more))


def _answers_for(officer_id: int, found: alarms.AlarmView) -> bool:
    if found.office_id is not None:
        return heads.answers_for(officer_id, alarms.place(found))
    if found.region_id is not None:
        return officer_id in heads.of_region(found.region_id)
    return officer_id in heads.of_centre()


def _values(found: alarms.AlarmView) -> dict[str, str]:
    where = alarms.place(found)
    said = words(found, office=where if found.office_id else None)
    name = where.name or _("Kantor pusat")
    place, time = spoken.place(name), spoken.clock(found.raised_at, where)
    left = SMS_LETTERS - len(f"{place} {time}: ")
    return {
        "office": name,
        "place": place,
        "time": time,
        "title": said.title,
        "sentence": said.sentence,
        "do": said.do,
        # A screen may have a long name: then its kind of alarm says enough.
        "brief": said.brief if len(gsm(said.brief)) <= left else f"{said.title}.",
        "url": f"{site()}{_page(found, where)}",
    }


def _page(found: alarms.AlarmView, where: Any) -> str:
    if found.office_id is not None:
        return f"/kepala/{where.slug}/peringatan/"
    if found.region_id is not None:
        return f"/kepala/wilayah/{where.slug}/peringatan/"
    return "/kepala/peringatan/"
