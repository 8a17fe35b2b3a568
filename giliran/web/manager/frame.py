"""What every page about one office knows: whose page it is, and what its reader may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from giliran.offices import queries as offices
from giliran.web.staff import MANAGE

SEES_MANY = frozenset({"regional", "auditor", "administrator"})


def frame(request: HttpRequest, office: Any) -> dict[str, Any]:
    """Return the office, whether the reader may change it, and whether they have others."""
    roles = offices.roles(int(request.user.pk or 0), office)
    return {
        "office": office,
        "may_act": bool(roles & MANAGE),
        "sees_many": bool(roles & SEES_MANY),
    }
