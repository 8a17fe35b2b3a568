"""What happened at an office on a day, for whoever must check: ids only, never a name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.figures import queries as figures
from giliran.offices import queries as offices
from giliran.web.manager.days import asked_day
from giliran.web.manager.frame import frame
from giliran.web.manager.numbers import CHANNELS, away_because, named
from giliran.web.staff import LOOK, at_office
from giliran.web.templatetags.giliran import hour

PER_PAGE = 50
SENTENCES = {
    "turn.book": gettext_noop("%(turn)s: janji dicatat (%(channel)s)."),
    "turn.take_number": gettext_noop("%(turn)s: nomor diberikan (%(channel)s)."),
    "turn.check_in": gettext_noop("%(turn)s: lapor hadir."),
    "turn.reschedule": gettext_noop("%(turn)s: jam janji dipindahkan."),
    "turn.call": gettext_noop("%(turn)s: dipanggil ke loket %(counter)s."),
    "turn.call_again": gettext_noop("%(turn)s: dipanggil lagi."),
    "turn.start": gettext_noop("%(turn)s: layanan dimulai."),
    "turn.finish": gettext_noop("%(turn)s: selesai dilayani."),
    "turn.transfer": gettext_noop("%(turn)s: dipindahkan ke layanan atau loket lain."),
    "turn.park": gettext_noop("%(turn)s: ditunda sebentar."),
    "turn.take_back": gettext_noop("%(turn)s: dilayani lagi di loket %(counter)s."),
    "turn.rejoin": gettext_noop("%(turn)s: kembali ke antrean."),
    "turn.no_show": gettext_noop("%(turn)s: tidak hadir."),
    "turn.cancel": gettext_noop("%(turn)s: dibatalkan."),
    "turn.leave": gettext_noop("%(turn)s: pulang sebelum dilayani."),
    "turn.identify": gettext_noop("%(turn)s: identitas diperiksa."),
    "person.seen": gettext_noop("Data orang %(id)s dilihat: %(what)s."),
    "counter.open": gettext_noop("Loket %(counter)s dibuka."),
    "counter.close": gettext_noop("Loket %(counter)s ditutup."),
    "counter.call_by_name": gettext_noop(
        "Loket %(counter)s memanggil nomor %(number)s mendahului urutan, supaya lebih banyak "
        "janji ditepati."
    ),
    "offer.open": gettext_noop("%(offer)s dibuka untuk janji baru."),
    "offer.close": gettext_noop("%(offer)s ditutup untuk janji baru."),
    "offer.places": gettext_noop("%(offer)s: jumlah tempat menjadi %(places)s."),
    "offer.to_the_door": gettext_noop("%(places)s tempat yang kosong dibuka untuk orang di pintu."),
    "application.stood_by": gettext_noop(
        "Permohonan %(id)s mendapat tempat yang kosong (siap menggantikan)."
    ),
    "door.turned_away": gettext_noop("Satu orang belum terlayani di pintu: %(why)s."),
}
SEEN = {
    "name": gettext_noop("nama"),
    "nik": gettext_noop("NIK lengkap"),
    "search": gettext_noop("dicari dengan NIK"),
    "contact": gettext_noop("nama dan telepon"),
}
ACTORS = {
    "citizen": gettext_noop("Warga"),
    "system": gettext_noop("Sistem"),
    "officer": gettext_noop("Petugas %(id)s"),
    "kiosk": gettext_noop("Kios %(id)s"),
    "draw": gettext_noop("Undian %(id)s"),
    "standby": gettext_noop("Siap menggantikan"),
}


@at_office(*LOOK)
@require_safe
def history(request: HttpRequest, office: Any) -> HttpResponse:
    """Show one page of a day's events, newest first."""
    today = offices.local_day(office, clock.now())
    day = asked_day(request, today)
    page = _page(request)
    events, length = figures.history(office.id, day, page=page, per_page=PER_PAGE)
    pages = max(1, -(-length // PER_PAGE))
    if page > pages:
        raise Http404
    context = {
        **frame(request, office),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "events": [(event, said(event, office), who(event.actor)) for event in events],
        "length": length,
        "page": page,
        "pages": pages,
        "newer": page - 1 if page > 1 else None,
        "older": page + 1 if page < pages else None,
    }
    return render(request, "manager/history.html", context)


def _page(request: HttpRequest) -> int:
    sent = request.GET.get("halaman", "1")
    if not (sent.isascii() and sent.isdecimal() and 0 < len(sent) < 7 and int(sent)):  # noqa: PLR2004
        raise Http404
    return int(sent)


def said(event: figures.Happened, office: Any) -> str:
    """Return an event as one sentence; one of a kind unknown here by its kind and id."""
    if event.kind not in SENTENCES:
        return f"{event.kind} {event.subject_id or ''}".strip()
    data = event.data
    return gettext(SENTENCES[event.kind]) % {
        "id": event.subject_id,
        "turn": _turn(event),
        "counter": event.counter or "?",
        "number": data.get("number", ""),
        "channel": named(CHANNELS, str(data.get("channel", ""))),
        "what": named(SEEN, str(data.get("what", ""))),
        "why": away_because(str(data.get("why", ""))),
        "places": data.get("places", ""),
        "offer": _offer(event, office),
    }


def _turn(event: figures.Happened) -> str:
    if event.number:
        return gettext("Nomor %(number)s") % {"number": event.number}
    return gettext("Giliran %(id)s") % {"id": event.subject_id}


def _offer(event: figures.Happened, office: Any) -> str:
    if event.starts_at is None or event.ends_at is None:
        return gettext("Jam %(id)s") % {"id": event.subject_id}
    if event.offer_kind == "walk_in":
        return gettext("Nomor di pintu")
    day = event.starts_at.astimezone(offices.zone(office)).date()
    return gettext("Jam %(from)s–%(till)s, %(day)s") % {
        "from": hour(event.starts_at, office),
        "till": hour(event.ends_at, office),
        "day": f"{day:%d.%m.%Y}",
    }


def who(actor: str) -> str:
    """Name whoever did it as the journal knows them: by role and id."""
    role, _, number = actor.partition(":")
    return gettext(ACTORS[role]) % {"id": number} if role in ACTORS else actor
