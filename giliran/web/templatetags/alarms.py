"""The banner of what is wrong now, on every page about an office."""

from __future__ import annotations

from typing import Any

from django import template

from giliran.web.manager import alarms

register = template.Library()


@register.inclusion_tag("staff/alarms.html", takes_context=True)
def alarms_here(context: dict[str, Any]) -> dict[str, Any]:
    """Show what rings at the page's office to whom it concerns.

    On a page about none: only whether somebody is left who would raise an alarm.
    """
    office, user = context.get("office"), context.get("user")
    if user is None or not user.is_authenticated:
        return {}
    if not getattr(office, "slug", ""):
        return alarms.standing_above(int(user.pk or 0))
    return alarms.shown(int(user.pk or 0), office)
