"""Where our pages are, for messages and letters that lead there."""

from __future__ import annotations

from django.conf import settings


def site() -> str:
    """Return the address of these pages, without a slash at its end."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return origins[0].rstrip("/") if origins else f"http://{settings.ALLOWED_HOSTS[0]}"
