"""Whose claims an office's staff may touch, what they may do with them, and that it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import queries
from giliran.core.identifiers import parse_code
from giliran.core.refusal import BadInput, NotFound
from giliran.encryption import derived_key
from giliran.offices import queries as offices
from giliran.web.staff import CLAIMS, DESK, DOOR, View, actor, at_office, may_open, roles_here

# Who decides sits above who checks; an auditor reads, and each look is kept.
DECIDE = frozenset({"manager", "regional"})
WORK = DOOR | {"regional"}
READ = CLAIMS


class Asked(NamedTuple):
    """What a page about one claim asks for. ``roles`` are those at the claim's own office."""

    request: HttpRequest
    office: Any
    claim: Any
    roles: frozenset[str]
    here: frozenset[str]
    officer_id: int
    now: datetime

    @property
    def may_check(self) -> bool:
        """Say whether papers may be judged: by any officer of the region."""
        return bool(self.here & (DESK | {"regional"}))

    @property
    def may_verify(self) -> bool:
        """Say whether the file may be verified: by the office that answers for it."""
        return bool(self.roles & DESK)

    @property
    def may_decide(self) -> bool:
        """Say whether the claim may be decided: by its own head or the region, not who verified."""
        return bool(self.roles & DECIDE) and self.claim.verified_by_id != self.officer_id

    @property
    def may_take_in(self) -> bool:
        """Say whether papers may be added and the file handed in."""
        return bool(self.here & WORK)

    def looks(self, what: str) -> None:
        """Keep that this officer saw something of the claimant."""
        claims.note_look(
            self.claim.id,
            what=what,
            office_id=self.office.id,
            actor=actor(self.request),
            now=self.now,
        )


def of_region(*roles: str) -> Callable[[Callable[..., HttpResponse]], View]:
    """Open a view ``(asked, ...)`` of one claim to officers of the region that it belongs to.

    The address names an office where the officer has one of these roles, and the claim by its
    ``code``. A claim of another region is 403, an unknown one 404.
    """

    def decorate(view: Callable[..., HttpResponse]) -> View:
        @at_office(*roles)
        @wraps(view)
        def checked(
            request: HttpRequest, office: Any, code: str, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            try:
                claim = queries.by_code(parse_code(code))
            except (BadInput, NotFound) as refusal:
                raise Http404 from refusal
            if claim.region_id != office.region_id:
                raise PermissionDenied
            is_own = claim.office_id == office.id
            its_own = office if is_own else offices.office_by_id(claim.office_id)
            asked = Asked(
                request,
                office,
                claim,
                roles=roles_here(request, its_own),
                here=roles_here(request, office),
                officer_id=int(request.user.pk or 0),
                now=clock.now(),
            )
            return view(asked, *args, **kwargs)

        return checked

    return decorate


def frame(request: HttpRequest, office: Any) -> dict[str, Any]:
    """Return what the bar above each of these pages needs."""
    return {
        "office": office,
        "may": may_open(roles_here(request, office)),
        # Opens what this officer's browser keeps of an intake; another log-in gets another key.
        "keep_key": derived_key(f"intake kept in a browser of officer {request.user.pk}").hex(),
    }
