"""Where an officer is told what waits for them: own addresses, what about, and a test message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.messages import actions as messages
from giliran.messages import queries as told
from giliran.messages.refusals import WrongCode
from giliran.offices import queries as offices
from giliran.web.channels import Channels, NoChannel, offered
from giliran.web.refusals import sentence
from giliran.web.staff import actor

CONFLICT, UNREADABLE = 409, 422
TOPICS: Final[Mapping[str, tuple[str, str]]] = {
    "alarms": (
        gettext_noop("Peringatan keadaan kantor"),
        gettext_noop("Loket kosong, orang menunggu sebelum buka, layar mati."),
    ),
    "staffing": (
        gettext_noop("Izin, pinjaman petugas, jadwal"),
        gettext_noop("Yang menunggu keputusan Anda, dan yang berubah bagi Anda."),
    ),
    "claims": (
        gettext_noop("Batas waktu klaim"),
        gettext_noop("Klaim yang hampir atau sudah lewat batas waktunya."),
    ),
    "complaints": (
        gettext_noop("Pengaduan dan temuan"),
        gettext_noop("Aduan dan temuan Ombudsman yang menunggu jawaban."),
    ),
}
_CAME_OF_IT: Final[Mapping[str, str]] = {
    "waiting": gettext_noop("menunggu dikirim"),
    "sending": gettext_noop("sedang dikirim"),
    "sent": gettext_noop("terkirim"),
    "delivered": gettext_noop("sampai"),
    "read": gettext_noop("sudah dibaca"),
    "stale": gettext_noop("tidak dikirim"),
    "failed": gettext_noop("gagal dikirim"),
    "unknown": gettext_noop("belum pasti sampai"),
    "unsent": gettext_noop("gagal dikirim"),
}


class Page(NamedTuple):
    """Whose page it is; nobody sees another one's."""

    request: HttpRequest
    officer_id: int
    now: datetime

    @property
    def channels(self) -> Channels:
        salt = f"a contact of officer {self.officer_id}"
        return Channels(messages.OFFICER, self.officer_id, salt)

    def token(self) -> str:
        return self.request.POST.get("kontak", "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reached(request: HttpRequest) -> HttpResponse:
    """Show where an officer is told, and do what a button asks."""
    page = Page(request, int(request.user.pk or 0), clock.now())
    try:
        if request.method != "POST":
            token = request.GET.get("kontak")
            return _show(page) if token is None else _show_code(page, token)
        return STEPS.get(request.POST.get("langkah", ""), _unknown)(page)
    except NotFound as refusal:
        raise Http404 from refusal


def _send(page: Page) -> HttpResponse:
    """Send a code to the address that was typed."""
    typed = page.request.POST
    try:
        token = page.channels.send_code(page.request, typed, now=page.now)
    except BadInput as refusal:
        field = "channel" if isinstance(refusal, NoChannel) else "address"
        return _show(page, typed=typed, wrong={field: sentence(refusal)}, status=UNREADABLE)
    except Refusal as refusal:
        return _show(page, typed=typed, wrong={"channel": sentence(refusal)}, status=CONFLICT)
    return _to_code(token)


def _send_again(page: Page) -> HttpResponse:
    try:
        token = page.channels.send_again(page.request, page.token(), now=page.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show_code(page, page.token(), sentence(refusal), status=CONFLICT)
    notices.success(page.request, gettext("Kode baru sudah dikirim."))
    return _to_code(token)


def _to_code(token: str) -> HttpResponse:
    return redirect(f"{reverse('reached')}?kontak={token}")


def _confirm(page: Page) -> HttpResponse:
    """Check the code that came to the address."""
    contact_id = page.channels.contact(page.token())
    try:
        messages.confirm_last(
            contact_id,
            "".join(page.request.POST.get("code", "").split()),
            subject=messages.OFFICER,
            subject_id=page.officer_id,
            actor=actor(page.request),
            now=page.now,
        )
    except Refusal as refusal:
        status = UNREADABLE if isinstance(refusal, WrongCode) else CONFLICT
        return _show_code(page, page.token(), sentence(refusal), status=status)
    notices.success(page.request, gettext("Kabar untuk Anda sekarang dikirim ke sana."))
    return redirect("reached")


def _put_first(page: Page) -> HttpResponse:
    messages.put_first(
        page.channels.contact(page.token()),
        subject=messages.OFFICER,
        subject_id=page.officer_id,
        now=page.now,
    )
    return redirect("reached")


def _remove(page: Page) -> HttpResponse:
    shown = page.channels.shown(page.token())
    messages.stop_telling(
        page.channels.contact(page.token()),
        subject=messages.OFFICER,
        subject_id=page.officer_id,
        now=page.now,
    )
    text = gettext("%(channel)s %(masked)s dihapus. Kabar tidak lagi dikirim ke sana.")
    notices.success(page.request, text % shown)
    return redirect("reached")


def _choose(page: Page) -> HttpResponse:
    """Keep what the officer wants to hear about."""
    wanted = set(page.request.POST.getlist("topik"))
    messages.mute(page.officer_id, [topic for topic in TOPICS if topic not in wanted])
    notices.success(page.request, gettext("Pilihan Anda disimpan."))
    return redirect("reached")


def _try_out(page: Page) -> HttpResponse:
    try:
        messages.try_out(page.officer_id, now=page.now)
    except Refusal as refusal:
        return _show(page, refused=sentence(refusal), status=CONFLICT)
    text = gettext("Kabar percobaan dikirim. Biasanya sampai dalam satu menit.")
    notices.success(page.request, text)
    return redirect("reached")


STEPS: Final[Mapping[str, Callable[[Page], HttpResponse]]] = {
    "kirim": _send,
    "lagi": _send_again,
    "kode": _confirm,
    "dahulu": _put_first,
    "hapus": _remove,
    "topik": _choose,
    "percobaan": _try_out,
}


def _unknown(page: Page) -> HttpResponse:
    raise NotFound


def _show(page: Page, *, status: int = 200, **more: Any) -> HttpResponse:
    muted = told.muted(page.officer_id)
    trial = told.last_trial(page.officer_id)
    known = {
        "here": reverse("reached"),
        "told": page.channels.told(),
        "channels": offered(),
        "topics": [
            (code, gettext(name), gettext(hint), code not in muted)
            for code, (name, hint) in TOPICS.items()
        ],
        "trial": trial,
        "came_of_it": gettext(_CAME_OF_IT[trial.state]) if trial else "",
        "place": next(iter(offices.offices_of(page.officer_id)), None),
        **more,
    }
    return render(page.request, "staff/reached.html", known, status=status)


def _show_code(page: Page, token: str, wrong: str = "", *, status: int = 200) -> HttpResponse:
    known = page.channels.shown(token) | {"here": reverse("reached")}
    known["wrong"] = {"code": wrong} if wrong else {}
    return render(page.request, "staff/reached_code.html", known, status=status)
