"""Posts of officers, kiosks at doors, and days on which an office is shut."""

from __future__ import annotations

import secrets
from datetime import date

from giliran.offices.models import Closure, Kiosk, Office, Post, Region


def give_post(
    officer_id: int, role: str, *, office: Office | None = None, region: Region | None = None
) -> None:
    """Let an officer do a role at an office, in a region, or everywhere; twice changes nothing."""
    Post.objects.get_or_create(officer_id=officer_id, role=role, office=office, region=region)


def register_kiosk(office: Office, label: str, *, printer: str = "", paper_mm: int = 80) -> Kiosk:
    """Give a touch screen at an office's door its own token, or return the one it has."""
    kiosk, _ = Kiosk.objects.get_or_create(
        office=office,
        label=label,
        defaults={
            "token": secrets.token_urlsafe(24),
            "printer": printer,
            "paper_mm": paper_mm,
        },
    )
    return kiosk


def close_on(office: Office, day: date, *, reason: str) -> None:
    """Shut an office for a day; who has a turn on it keeps it until it is moved."""
    Closure.objects.update_or_create(office=office, day=day, defaults={"reason": reason})
