"""The end of an office's day: nothing stays open overnight."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.deadline import CalendarMissing
from giliran.core.refusal import Refusal, gettext_noop
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import queries
from giliran.web.manager.frame import frame
from giliran.web.refusals import sentence
from giliran.web.staff import MANAGE, actor, at_office


class DayNotOver(Refusal):
    """The office is still open: who waits may still be served."""

    code = "day_not_over"
    sentence = gettext_noop(
        "Kantor buka sampai %(closes)s. Hari baru bisa diakhiri setelah itu, supaya yang "
        "menunggu masih dilayani."
    )


@at_office(*MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def end_day(request: HttpRequest, office: Any) -> HttpResponse:
    """Say what ending the day does, or end it."""
    now = clock.now()
    today = offices.local_day(office, now)
    context = {**frame(request, office), "today": queries.today(office.id, now=now), "day": today}
    try:
        _check_over(office, now)
    except DayNotOver as refusal:
        context["refused"] = sentence(refusal)
        status = 409 if request.method == "POST" else 200
        return render(request, "manager/end_day.html", context, status=status)
    if request.method != "POST":
        return render(request, "manager/end_day.html", context)
    ended = turns.close_day(office.id, today, now=now, actor=actor(request))
    said = ngettext(
        "Hari ini diakhiri. %(n)s giliran yang masih terbuka ditutup.",
        "Hari ini diakhiri. %(n)s giliran yang masih terbuka ditutup.",
        ended,
    )
    messages.success(request, said % {"n": ended} if ended else gettext("Semua sudah selesai."))
    return redirect("manager", office.slug)


def _check_over(office: Any, now: datetime) -> None:
    try:
        moments = offices.opening_moments(office, offices.local_day(office, now))
    except CalendarMissing:
        return
    if moments is not None and now < moments[1]:
        closes = moments[1].astimezone(offices.zone(office))
        raise DayNotOver(closes=f"{closes:%H.%M}")
