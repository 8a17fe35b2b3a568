"""What of leave and loans waits for the head of an office, as the bar of links shows it."""

from __future__ import annotations

from typing import Any

from django import template

from giliran import clock
from giliran.capacity import leave, loans
from giliran.offices import queries as offices

register = template.Library()


@register.simple_tag
def waiting_for_head(office: Any) -> dict[str, int]:
    """Return how many leaves and loans wait for an answer."""
    today = offices.local_day(office, clock.now())
    return {
        "leaves": len(leave.asked_at(office.id, today=today)),
        "loans": loans.waiting(office.id, today=today),
    }


@register.filter
def named(names: dict[str, str], kind: str) -> str:
    """Return what a kind is called."""
    return names[kind]
