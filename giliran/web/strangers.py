"""Showing a stranger's file: whatever it is, it runs nothing, loads nothing, stands in no frame."""

from __future__ import annotations

from django.http import HttpResponse

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
ALONE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
SANDBOXED = f"{ALONE}; sandbox"


def shown_alone(kind: str, content: bytes, *, name: str) -> HttpResponse:
    """Return a file for the browser to show; of a kind that we don't know, to be kept instead.

    ``name`` is what it is saved as, without its ending.
    """
    ending = ENDINGS.get(kind)
    response = HttpResponse(content, content_type=kind if ending else "application/octet-stream")
    way = "inline" if ending else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{name}.{ending or "bin"}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = SANDBOXED
    return response
