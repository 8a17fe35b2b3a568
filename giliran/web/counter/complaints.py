"""The staff's lists of complaints: what is due first stands first. No names stand in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.voices import access, deadlines, worklists
from giliran.web.counter.claims_words import Left
from giliran.web.counter.complaints_words import CATEGORIES, LEVELS, STATES, TAGS, left, named
from giliran.web.staff import COMPLAINTS, at_office, may_open, roles_here

LISTS = {
    "baru": gettext_noop("Baru"),
    "jawab": gettext_noop("Perlu dijawab"),
    "saya": gettext_noop("Saya tangani"),
    "naik": gettext_noop("Diingatkan atau dinaikkan"),
    "dijawab": gettext_noop("Menunggu pelapor"),
    "selesai": gettext_noop("Selesai, 30 hari"),
}
_BEGIN_WITH = ("baru", "jawab")


class Row(NamedTuple):
    """One complaint of a list."""

    complaint: Any
    category: str
    state: str
    tag: str
    level: str
    left: Left


@at_office(*COMPLAINTS)
@require_safe
@never_cache
def work(request: HttpRequest, office: Any) -> HttpResponse:
    """Show one list of an office, or lead to the complaint whose code was typed or scanned."""
    who, now = access.reader(int(request.user.pk or 0)), clock.now()
    typed = request.GET.get("kode", "").strip()[:120]
    found = worklists.by_code(typed, who) if typed else None
    if found is not None:
        return redirect("complaint_file", found.reference)
    roles = roles_here(request, office)
    context = {
        "office": office,
        "may": may_open(roles),
        **listed(request, who, office_id=office.id, now=now),
        "typed": typed,
        "not_found": bool(typed),
        "sees_region": bool(roles & {"regional", "auditor", "administrator"}),
    }
    return render(request, "staff/complaint_list.html", context, status=404 if typed else 200)


def listed(
    request: HttpRequest,
    who: access.Reader,
    *,
    office_id: int | None = None,
    region_id: int | None = None,
    level: str = "",
    now: datetime,
) -> dict[str, Any]:
    """Return what ``staff/complaint_table.html`` shows: the lists with their sums, and one page."""
    place = {"office_id": office_id, "region_id": region_id}
    counts = worklists.counts(who, **place, level=level, now=now)
    asked = request.GET.get("daftar", "")
    which = asked if asked in LISTS else next((one for one in _BEGIN_WITH if counts[one]), "jawab")
    number = request.GET.get("halaman", "")
    page = worklists.work(
        which,
        who,
        **place,
        level=level,
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,  # noqa: PLR2004
        now=now,
    )
    return {
        "lists": [(code, gettext(name), counts[code]) for code, name in LISTS.items()],
        "which": which,
        "title": gettext(LISTS[which]),
        "slice": page,
        "rows": [row(one, now) for one in page.complaints],
    }


def row(complaint: Any, now: datetime) -> Row:
    """Return a complaint as a line of a list."""
    today = deadlines.local_day(complaint.office, complaint.region, now)
    return Row(
        complaint,
        named(CATEGORIES, complaint.category),
        named(STATES, complaint.state),
        TAGS[complaint.state],
        named(LEVELS, complaint.level),
        left(complaint.due_on, today, complaint.office),
    )
