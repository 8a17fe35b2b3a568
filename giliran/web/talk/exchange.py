"""One turn of a conversation on a page: what was sent, said to the dialogue, shown again.

Citizens and the clerk who speaks for somebody use the same form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from giliran import clock
from giliran.conversations import actions, queries
from giliran.conversations.actions import Said, Speaker
from giliran.conversations.documents import LARGEST_BYTES
from giliran.core.conversation import Document
from giliran.web.typed import key_in, typed

if TYPE_CHECKING:
    from giliran.core.conversation import Say

LONGEST = 1000
FILE = "berkas"


def hear(request: HttpRequest, speaker: Speaker, response: HttpResponse) -> None:
    """Say what a form sent; the same form sent twice counts once.

    Whoever writes "english" turns the whole page, as the switch does.
    """
    key = str(key_in(request.POST, "kunci") or uuid4())
    actions.hear(speaker, _said(request), key=key, now=clock.now())
    stand = queries.stand(speaker, at_most=0)
    if stand is not None and stand.language != speaker.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, stand.language)


def _said(request: HttpRequest) -> Said:
    text = typed(request.POST, "kata")[:LONGEST]
    # Several ticked boxes are one answer.
    pressed = ",".join(request.POST.getlist("pilih"))[:LONGEST]
    sent = request.FILES.get(FILE)
    document = None
    if sent is not None and not isinstance(sent, list):
        # A byte more than may be kept is enough to refuse it.
        document = Document(sent.content_type or "", sent.read(LARGEST_BYTES + 1), "")
    return Said(text="" if pressed else text, choice=pressed, document=document)


def language() -> str:
    return get_language() or "id"


def shown(speaker: Speaker) -> dict[str, Any]:
    """Return what the page shows: what was said, and the question that is open."""
    stand = queries.stand(speaker)
    if stand is not None and stand.asked is not None and stand.language != speaker.language:
        # The switch was pressed: the open question is asked again in the other language.
        actions.hear(speaker, Said(), now=clock.now())
        stand = queries.stand(speaker)
    asked: Say | None = queries.opening(speaker.language) if stand is None else stand.asked
    spoken = stand.spoken if stand else []
    turns = [(one.said, _without(one.answers, asked, one is spoken[-1])) for one in spoken]
    return {
        "turns": turns,
        "asked": asked,
        "is_several": stand is not None and stand.is_several,
        "takes_files": stand is not None and stand.takes_files,
        "key": str(uuid4()),
    }


def _without(answers: list[str], asked: Say | None, is_last: bool) -> list[str]:
    """Leave out the open question: it stands below with its answers."""
    if is_last and asked is not None and answers and answers[-1] == asked.text:
        return answers[:-1]
    return answers
