"""Posts of officers, and days on which an office is shut."""

from __future__ import annotations

from datetime import date

from giliran.offices.models import Closure, Office, Post, Region


def give_post(
    officer_id: int, role: str, *, office: Office | None = None, region: Region | None = None
) -> None:
    """Let an officer do a role at an office, in a region, or everywhere; twice changes nothing."""
    Post.objects.get_or_create(officer_id=officer_id, role=role, office=office, region=region)


def close_on(office: Office, day: date, *, reason: str) -> None:
    """Shut an office for a day; who has a turn on it keeps it until it is moved."""
    Closure.objects.update_or_create(office=office, day=day, defaults={"reason": reason})
