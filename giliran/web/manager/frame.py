"""What every page about one office knows: whose page it is, and what its reader may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from giliran.web.staff import MANAGE, roles_here

SEES_MANY = frozenset({"regional", "auditor", "administrator"})


def frame(request: HttpRequest, office: Any) -> dict[str, Any]:
    """Return the office, whether the reader may change it, and whether they have others."""
    roles = roles_here(request, office)
    return {
        "office": office,
        "may_act": bool(roles & MANAGE),
        "sees_many": bool(roles & SEES_MANY),
    }
