"""What is too large to be anything that a page here takes is refused before any of it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

MEGABYTE = 1024 * 1024
LARGEST = 24 * MEGABYTE  # several photos in one plain form, or a bank's answer
LARGEST_OF_STAFF = 128 * MEGABYTE  # all scans of a claim at once, taken in without a script
_STAFF = "/petugas/"


class SmallBodies:
    """Refuse by the announced length.

    The check of the CSRF token reads a form with its files to the end, and writes them to the disk,
    before anybody knows who sends them. A view that ``refuses_large_bodies`` itself answers with
    words of its own. Without an announced length nothing is read at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponse | None:
        """Return the refusal, or None."""
        most = LARGEST_OF_STAFF if request.path.startswith(_STAFF) else LARGEST
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_small = length.isdecimal() and int(length) <= most
        if is_small or getattr(view, "refuses_large_bodies", False):
            return None
        said = gettext("Kiriman ini terlalu besar. Paling besar %(most)s MB.")
        return HttpResponse(
            said % {"most": most // MEGABYTE},
            content_type="text/plain; charset=utf-8",
            status=413,
        )
