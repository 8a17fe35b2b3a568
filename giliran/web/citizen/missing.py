"""What isn't there answers 404, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from giliran.core.refusal import NotFound

View = Callable[..., HttpResponse]


def missing_is_404(view: View) -> View:
    """Turn ``NotFound`` into the page that helps to find it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as refusal:
            raise Http404 from refusal

    return answered
