"""What anybody may download: a draw's file, and the program that recounts it."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from giliran.core import recount
from giliran.offices import queries as offices
from giliran.turns import applications
from giliran.web.citizen.missing import missing_is_404

SCRIPT_NAME = "hitung-ulang.py"
_A_YEAR = 365 * 24 * 60 * 60


def file_name(region: str, serial: int) -> str:
    """Return the name under which a draw's file is saved."""
    return f"undian-{region}-{serial}.json"


@require_safe
@missing_is_404
def draw_file(request: HttpRequest, region: str, serial: int) -> HttpResponse:
    """Send a sealed or drawn round's file, packed where the reader unpacks; 404 before sealing."""
    found = applications.round_of(offices.region(region), serial)
    packed = applications.packed_file(found)
    # The root binds the list, and with the random value that was named the result as well.
    tag = f'W/"{found.state}-{found.root[:40]}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        unpacks = "gzip" in request.headers.get("Accept-Encoding", "")
        content = packed if unpacks else applications.public_file(found)
        response = HttpResponse(content, content_type="application/json")
        # Said in both cases: packing anew what is megabytes long is left out.
        response["Content-Encoding"] = "gzip" if unpacks else "identity"
        response["Content-Disposition"] = f'attachment; filename="{file_name(region, serial)}"'
    response["ETag"] = tag
    is_final = found.state == "drawn"
    response["Cache-Control"] = (
        f"public, max-age={_A_YEAR}, immutable" if is_final else "public, no-cache"
    )
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
def recount_script(request: HttpRequest) -> HttpResponse:
    """Send the program that recounts a draw from its file, with nothing but Python."""
    response = HttpResponse(script(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{SCRIPT_NAME}"'
    return response


def script() -> bytes:
    """Return the recount program as it runs here."""
    return Path(recount.__file__).read_bytes()
