"""What every page knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def everywhere(request: HttpRequest) -> dict[str, object]:
    """Tell templates whether this is a demonstration and where the live streams are."""
    return {"is_demo": settings.GILIRAN_DEMO, "live_url": settings.GILIRAN_LIVE_URL}
