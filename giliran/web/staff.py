"""Who may open which screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from giliran import clock
from giliran.capacity import loans
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices

View = Callable[..., HttpResponse]

# Who may do an officer's work, and so on: a manager may also sit at a counter.
DESK = frozenset({"officer", "manager"})
DOOR = frozenset({"officer", "door", "manager"})
MANAGE = frozenset({"manager", "regional", "administrator"})
LOOK = MANAGE | {"auditor"}
# Whoever answers for an office reads what an ombudsman found of it, and so does the ombudsman.
READS_FINDINGS = LOOK | {"ombudsman"}
# Claims are checked by whoever serves people, decided by heads and the region; auditors read.
CLAIMS = DOOR | {"regional", "auditor"}
# Complaints are answered at the desk, by the head and above; who sees which is decided one by one.
COMPLAINTS = DESK | {"regional", "administrator", "auditor"}
# Cards of one person are looked at by whoever has them before them, decided on like claims.
DATA = frozenset({"officer", "manager", "regional", "auditor"})


def at_office(*roles: str) -> Callable[[View], View]:
    """Open a view ``(request, office, ...)`` to officers with one of these roles at its office.

    The address names the office by ``slug``. Anonymous visitors are sent to the log-in, others
    get 403; an unknown office is 404. Who is put down there today, lent or as a substitute, may
    open the desk and the door, and nothing else.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            from django.http import Http404

            try:
                office = offices.office(slug)
            except NotFound as refusal:
                raise Http404 from refusal
            officer_id = int(request.user.pk or 0)
            may = roles_here(request, office) & set(roles)
            if not may and not (set(roles) <= DOOR and works_here_today(officer_id, office)):
                raise PermissionDenied
            return view(request, office, *args, **kwargs)

        return checked

    return decorate


def roles_here(request: HttpRequest, office: Any) -> frozenset[str]:
    """Return what whoever is logged in may be at an office, asked once for the whole page."""
    known: dict[int, frozenset[str]] = vars(request).setdefault("_roles_by_office", {})
    if office.id not in known:
        known[office.id] = offices.roles(int(request.user.pk or 0), office)
    return known[office.id]


def works_here_today(officer_id: int, office: Any) -> bool:
    """Say whether somebody is put down at an office on this very day, wherever their post is."""
    return loans.works_at(officer_id, office.id, offices.local_day(office, clock.now()))


def may_open_at(officer_id: int, office: Any) -> dict[str, bool]:
    """Return which of an office's pages somebody may open now; see ``may_open``."""
    may = may_open(offices.roles(officer_id, office))
    if not may["desk"] and works_here_today(officer_id, office):
        may |= {"desk": True, "door": True}
    return may


def may_open(roles: frozenset[str]) -> dict[str, bool]:
    """Return which of an office's pages these roles open, for bars and lists of links."""
    return {
        "desk": bool(roles & DESK),
        "door": bool(roles & DOOR),
        "manage": bool(roles & LOOK),
        "claims": bool(roles & CLAIMS),
        "complaints": bool(roles & COMPLAINTS),
        "data": bool(roles & DATA),
    }


def actor(request: HttpRequest) -> str:
    """Name whoever is at the keyboard, as the journal writes it."""
    return f"officer:{request.user.pk}" if request.user.is_authenticated else "citizen"


def remote_address(request: HttpRequest) -> str:
    """Return where a request comes from: what the trusted proxy says, where there is one."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
