"""Screens that belong to the office speak Indonesian, however the device's browser is set."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

View = Callable[..., HttpResponse]


def indonesian_unless_chosen(view: View) -> View:
    """Answer in Indonesian, unless somebody touched the switch on this screen."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        # Not undone afterwards: the middleware writes this language into the answer's headers.
        translation.activate(settings.LANGUAGE_CODE)
        return view(request, *args, **kwargs)

    return answered
