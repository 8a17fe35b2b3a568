"""One complaint's file: what was said, by when the law wants an answer, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.messages import queries as messages_known
from giliran.offices import queries as offices
from giliran.voices import access, attachments, deadends, deadlines, files
from giliran.voices import actions as voices
from giliran.web.counter.complaints_words import (
    CATEGORIES,
    CHANNELS,
    HAPPENED,
    LEVELS,
    STATES,
    TAGS,
    WEIGHTS,
    left,
    length,
    named,
)
from giliran.web.refusals import sentence
from giliran.web.typed import key_in, typed

UNREADABLE, CONFLICT = 422, 409
# What a form's field is called on the page, where an action names it otherwise.
FIELDS = {"text": "kata", "to": "instansi", "weight": "jenis", "category": "pokok", "about": "soal"}


class ComplaintIsOld(Refusal):
    """The page shows a complaint as it isn't any more."""

    code = "complaint_is_old"
    sentence = gettext_noop(
        "Aduan ini sudah berubah sejak halaman dibuka, jadi tidak ada yang dilakukan. Lihat "
        "keadaannya sekarang, lalu coba lagi."
    )


class Zone(NamedTuple):
    """Whose clock a complaint's times are shown by."""

    time_zone: str


class Asked(NamedTuple):
    """What a page about one complaint asks for."""

    request: HttpRequest
    file: files.File
    officer_id: int
    now: datetime

    @property
    def id(self) -> int:
        return int(self.file.complaint.id)

    def typed(self, field: str) -> str:
        return typed(self.request.POST, field)

    def number(self, field: str) -> int | None:
        sent = self.typed(field)
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else None  # noqa: PLR2004

    @property
    def key(self) -> UUID:
        return key_in(self.request.POST, "kunci") or uuid4()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def file(request: HttpRequest, code: str) -> HttpResponse:
    """Show a complaint to who may see it, recording the look, or do what a button asks."""
    who = access.reader(int(request.user.pk or 0))
    found = files.file_of(code, who)
    if found is None:
        raise Http404
    asked = Asked(request, found, who.officer_id, clock.now())
    if request.method != "POST":
        return _show(asked)
    if request.POST.get("langkah") == "nama":
        return _show_name(asked)
    return _do(asked, request.POST.get("langkah", ""))


def _do(asked: Asked, step: str) -> HttpResponse:
    """Do what a button asks, once, and lead back to the file or home."""
    act, reference = ACTIONS.get(step), asked.file.complaint.reference
    if act is None:
        return _show(asked, status=400, refused=sentence(NotFound()))
    try:
        # What is sent twice under one key is done once, also if the page is old by then.
        if step not in KEYED and asked.typed("terlihat") != mark(asked.file):
            raise ComplaintIsOld
        said = act(asked)
    except BadInput as refusal:
        wrong = {FIELDS.get(refusal.field, refusal.field): sentence(refusal)}
        return _show(asked, status=UNREADABLE, wrong=wrong, step=step)
    except Refusal as refusal:
        return _show(asked, status=CONFLICT, refused=sentence(refusal))
    messages.success(asked.request, said)
    if files.file_of(reference, access.reader(asked.officer_id)) is None:
        messages.info(asked.request, gettext("Aduan itu sekarang ditangani tingkat lain."))
        return redirect("staff_home")
    return redirect("complaint_file", reference)


def mark(found: files.File) -> str:
    """Return what a page shows of a complaint's state, to be compared with what it is now."""
    complaint = found.complaint
    return f"{complaint.state}.{complaint.moved_at.timestamp():.6f}"


def _show_name(asked: Asked) -> HttpResponse:
    """Show who complained, once; the look is kept."""
    try:
        named_ = voices.look_at_name(asked.id, officer_id=asked.officer_id, now=asked.now)
    except Refusal as refusal:
        return _show(asked, status=CONFLICT, refused=sentence(refusal))
    return _show(asked, who=named_)


def _show(asked: Asked, *, status: int = 200, step: str = "", **context: Any) -> HttpResponse:
    found = files.file_of(asked.file.complaint.reference, access.reader(asked.officer_id))
    if found is None:
        raise Http404
    complaint = found.complaint
    voices.note_look(
        complaint.id,
        what="text",
        officer_id=asked.officer_id,
        office_id=complaint.office_id,
        now=asked.now,
    )
    today = deadlines.local_day(complaint.office, complaint.region, asked.now)
    moves = {move.value for move in found.possible} if found.may_handle else set()
    context |= {
        "file": found,
        "complaint": complaint,
        "mark": mark(found),
        "key": str(uuid4()),
        "step": step,
        "state": named(STATES, complaint.state),
        "tag": TAGS[complaint.state],
        "category": named(CATEGORIES, complaint.category),
        "weight": named(WEIGHTS, complaint.weight),
        "level": named(LEVELS, complaint.level),
        "lowest": named(LEVELS, complaint.lowest),
        "channel": named(CHANNELS, complaint.channel),
        "left": left(complaint.due_on, today, complaint.office),
        "is_dead_end": deadends.nobody_may_answer(complaint),
        "length": length(found.due) if found.due else "",
        "may": moves,
        "may_raise": "escalate" in {m.value for m in found.possible}
        and complaint.level != "centre"
        and access.stands_at(access.reader(asked.officer_id), complaint) is not None,
        "classes": [
            (one.weight, named(WEIGHTS, one.weight), one.due, length(one.due), one.due.on < today)
            for one in found.classes
        ],
        "categories": [(code, gettext(name)) for code, name in CATEGORIES.items()],
        "could_be_about": files.could_be_about(complaint) if "classify" in moves else [],
        "handlers": files.handlers(complaint) if "assign" in moves and found.is_head else [],
        "offices": offices.offices() if "route" in moves and found.is_head else [],
        "is_told": bool(messages_known.subscriptions("complaint", complaint.id)),
        "photos": attachments.attachments_of(complaint.id),
        "alike": [(one, named(STATES, one.state)) for one in found.alike],
        "happened": [
            (one, named(HAPPENED, one.move), named(LEVELS, one.level) if one.level else "")
            for one in found.history
        ],
        "zone": Zone(deadlines.zone_of(complaint.office, complaint.region)),
        "typed": asked.request.POST if status != 200 else {},  # noqa: PLR2004
    }
    context.setdefault("wrong", {})
    return render(asked.request, "staff/complaint_file.html", context, status=status)


def _acknowledge(asked: Asked) -> str:
    voices.acknowledge(asked.id, officer_id=asked.officer_id, now=asked.now)
    return gettext("Dicatat: aduan ini Anda pelajari. Pelapor diberi tahu.")


def _classify(asked: Asked) -> str:
    found = voices.classify(
        asked.id,
        weight=asked.typed("jenis"),
        category=asked.typed("pokok"),
        about_id=asked.number("soal"),
        officer_id=asked.officer_id,
        now=asked.now,
    )
    if found.due_on is None:
        return gettext("Jenis ditentukan.")
    return gettext("Jenis ditentukan. Dijawab paling lambat %(day)s.") % {
        "day": f"{found.due_on:%d-%m-%Y}"
    }


def _answer(asked: Asked) -> str:
    voices.answer(
        asked.id,
        asked.typed("kata"),
        request_key=asked.key,
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return gettext("Jawaban dikirim lewat saluran yang dipakai pelapor.")


def _answer_group(asked: Asked) -> str:
    chosen = frozenset(
        int(one)
        for one in asked.request.POST.getlist("serupa")
        if one.isascii() and one.isdecimal() and len(one) < 10  # noqa: PLR2004
    )
    complaint = asked.file.complaint
    n = voices.answer_group(
        complaint.group_id or complaint.id,
        asked.typed("kata"),
        request_key=asked.key,
        weight=asked.typed("jenis") or complaint.weight,
        only=chosen | {complaint.id},
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return ngettext("%(n)s aduan dijawab.", "%(n)s aduan dijawab.", n) % {"n": n}


def _note(asked: Asked) -> str:
    voices.note(
        asked.id,
        asked.typed("kata"),
        request_key=asked.key,
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return gettext("Catatan disimpan. Pelapor tidak membacanya.")


def _forward(asked: Asked) -> str:
    voices.forward(
        asked.id,
        to=asked.typed("instansi"),
        text=asked.typed("kata"),
        request_key=asked.key,
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return gettext("Diteruskan. Pelapor diberi tahu ke mana dan mengapa.")


def _assign(asked: Asked) -> str:
    voices.assign(
        asked.id,
        handler_id=asked.number("penangan") or asked.officer_id,
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return gettext("Penangan ditunjuk.")


def _route(asked: Asked) -> str:
    office = offices.office(asked.typed("kantor"))
    voices.route(asked.id, office=office, officer_id=asked.officer_id, now=asked.now)
    return gettext("Dialihkan ke %(office)s. Batas waktunya tetap.") % {"office": office.name}


def _escalate(asked: Asked) -> str:
    voices.escalate(asked.id, officer_id=asked.officer_id, now=asked.now)
    return gettext("Dinaikkan ke tingkat di atasnya.")


ACTIONS: dict[str, Callable[[Asked], str]] = {
    "pelajari": _acknowledge,
    "jenis": _classify,
    "jawab": _answer,
    "jawab-serupa": _answer_group,
    "catat": _note,
    "teruskan": _forward,
    "tunjuk": _assign,
    "alihkan": _route,
    "naikkan": _escalate,
}
KEYED = frozenset({"jawab", "jawab-serupa", "catat", "teruskan"})
