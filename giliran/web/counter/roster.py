"""An officer's own weeks on the phone: shifts, wishes, and the address for a calendar."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import duties, rosters
from giliran.core.deadline import CalendarMissing
from giliran.core.refusal import NotFound, Refusal
from giliran.offices import queries as offices
from giliran.web.refusals import sentence

WEEKS: Final = 5
FEED_BACK, FEED_AHEAD = timedelta(days=14), timedelta(days=90)
WISHES: Final = {
    "": gettext_noop("Terserah"),
    "early": gettext_noop("Masuk pagi"),
    "late": gettext_noop("Masuk siang"),
    "full": gettext_noop("Sehari penuh"),
    "off": gettext_noop("Libur"),
}


class Wish(NamedTuple):
    """A day for which an officer may wish something, with what they wished."""

    day: date
    kind: str

    @property
    def field(self) -> str:
        return f"ingin-{self.day.isoformat()}"


class OwnWeek(NamedTuple):
    """A week: shifts where the roster is out, days to wish for where it isn't."""

    monday: date
    sunday: date
    shifts: list[duties.OwnShift]
    wishes: list[Wish]
    is_out: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_roster(request: HttpRequest) -> HttpResponse:
    """Show an officer's own coming weeks; take wishes, or make a new calendar address."""
    officer_id, now = int(request.user.pk or 0), clock.now()
    home = _home(officer_id)
    today = offices.local_day(home, now) if home else now.date()
    weeks = _weeks(officer_id, home, today) if home else []
    refused = ""
    if request.method == "POST":
        try:
            said = _do(request, officer_id, weeks, today=today, now=now)
        except Refusal as refusal:
            refused = sentence(refusal)
        else:
            messages.success(request, said)
            return redirect("own_roster")
    token = duties.feed_token(officer_id)
    context = {
        "home_office": home,
        "weeks": weeks,
        "today": today,
        "kinds": [(kind, gettext(name)) for kind, name in WISHES.items()],
        "may_wish": any(week.wishes for week in weeks),
        "feed": request.build_absolute_uri(f"/jadwal/{token}.ics") if token else "",
        "refused": refused,
    }
    return render(request, "staff/roster.html", context, status=422 if refused else 200)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give an officer's shifts to their calendar; who asks again is told when nothing changed."""
    try:
        officer_id = duties.officer_of(token)
    except NotFound as refusal:
        raise Http404 from refusal
    now = clock.now()
    # By the day of UTC: what lies a fortnight back may come a few hours early or late.
    shifts = duties.own_shifts(officer_id, now.date() - FEED_BACK, now.date() + FEED_AHEAD)
    etag = quote_etag(hashlib.sha256(repr(shifts).encode()).hexdigest()[:32])
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(
            duties.calendar_file(shifts, now=now), content_type="text/calendar; charset=utf-8"
        )
        response["Content-Disposition"] = 'inline; filename="jadwal.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _do(
    request: HttpRequest, officer_id: int, weeks: list[OwnWeek], *, today: date, now: datetime
) -> str:
    if request.POST.get("action") == "address":
        capacity.new_feed(officer_id, secrets.token_urlsafe(32), now=now)
        return gettext("Alamat baru dibuat. Alamat lama tidak berlaku lagi.")
    if request.POST.get("action") != "wish":
        raise NotFound
    asked = [wish for week in weeks for wish in week.wishes]
    wanted = {wish.day: request.POST[wish.field] for wish in asked if wish.field in request.POST}
    changed = capacity.wish(officer_id, wanted, today=today, now=now)
    if not changed:
        return gettext("Tidak ada yang berubah.")
    text = ngettext("%(n)s keinginan disimpan.", "%(n)s keinginan disimpan.", changed)
    return text % {"n": changed}


def _home(officer_id: int) -> Any:
    """Return the office at whose counters an officer works first, or None."""
    mine = offices.offices_and_roles(officer_id)
    return next((office for office, roles in mine if "officer" in roles), None)


def _weeks(officer_id: int, home: Any, today: date) -> list[OwnWeek]:
    this = today - timedelta(days=today.weekday())
    last = this + timedelta(days=7 * WEEKS - 1)
    shifts = duties.own_shifts(officer_id, today, last)
    wished = duties.wishes(officer_id, today, last)
    found = []
    for number in range(WEEKS):
        monday = this + timedelta(days=7 * number)
        sunday = monday + timedelta(days=6)
        mine = [one for one in shifts if monday <= one.day <= sunday]
        is_out = bool(mine) or rosters.in_force(home.region_id, monday) is not None
        days = [] if is_out else _open_days(home, monday, today)
        wishes = [Wish(day, wished.get(day, "")) for day in days]
        found.append(OwnWeek(monday, sunday, mine, wishes, is_out))
    return found


def _open_days(home: Any, monday: date, today: date) -> list[date]:
    """Return a week's days after today on which the office is open, as far as that is known."""
    days = (monday + timedelta(days=n) for n in range(7))
    try:
        return [day for day in days if day > today and offices.hours(home, day) is not None]
    except CalendarMissing:
        return []
