"""The banner of what is wrong now, on every page about an office."""

from __future__ import annotations

from typing import Any

from django import template

from giliran.web.manager import alarms
from giliran.web.staff import roles_here

register = template.Library()


@register.inclusion_tag("staff/alarms.html", takes_context=True)
def alarms_here(context: dict[str, Any]) -> dict[str, Any]:
    """Show what rings at the page's office, in its region or at the centre, to whom it concerns.

    And whether somebody is left who would raise an alarm.
    """
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {}
    if getattr(office := context.get("office"), "slug", ""):
        return alarms.shown(roles_here(context["request"], office), office)
    region = context.get("region")
    return alarms.shown_above(int(user.pk or 0), region if getattr(region, "slug", "") else None)
