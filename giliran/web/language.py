"""Which language a page is in: Indonesian, unless somebody pressed the switch."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Follow the switch's cookie, never the browser's own setting.

    Many phones here are set to English by the shop that sold them; their owners read Indonesian.
    Other programs that call the API may ask by ``Accept-Language``.
    """
    known = dict(settings.LANGUAGES)

    def speak(request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.path.startswith("/api/"):
            asked = request.headers.get("Accept-Language", "")[:2]
        chosen = asked if asked in known else settings.LANGUAGE_CODE
        with translation.override(chosen):
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return speak
