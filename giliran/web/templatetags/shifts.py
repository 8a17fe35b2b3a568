"""How shifts and hours are written on every screen."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

register = template.Library()

KINDS = {
    "full": gettext_noop("Sehari penuh"),
    "early": gettext_noop("Masuk pagi"),
    "late": gettext_noop("Masuk siang"),
    "am": gettext_noop("Pagi saja"),
    "pm": gettext_noop("Siang saja"),
}


@register.filter
def kind_name(kind: str) -> str:
    """Name a kind of shift; one that was agreed on by hand has only its hours."""
    return gettext(KINDS[kind]) if kind in KINDS else gettext("Jam khusus")


@register.simple_tag
def hours(begins: datetime, ends: datetime) -> str:
    """Write from when till when, both in the office's own time: 08.00–15.00."""
    return f"{begins:%H.%M}–{ends:%H.%M}"


@register.filter
def amount(value: float) -> str:
    """Write a number of hours as it is written here: 7, 7,5."""
    return str(number_format(value, 0 if float(value).is_integer() else 1))
