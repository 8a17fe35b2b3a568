"""Letters for whoever holds one: is it ours and unchanged, and the paper itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran.claims import letters

KIND_NAMES = {
    "receipt": gettext_noop("Tanda terima berkas klaim"),
    "decision": gettext_noop("Keputusan: klaim disetujui"),
    "refusal": gettext_noop("Keputusan: klaim ditolak"),
    "merger": gettext_noop("Penggabungan kartu peserta"),
}


@require_safe
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a letter's code; a code in the address (``?kode=``) leads to its answer."""
    typed = request.GET.get("kode", "").strip()
    code = letters.typed_code(typed)
    if code:
        return redirect("letter_checked", code=code)
    return _page(request, {"typed": typed, "is_unreadable": bool(typed)}, 422 if typed else 200)


@require_safe
@never_cache
def checked(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the letter with this code is. No tries are counted: see ``letters.codes``."""
    found = letters.check(code)
    if found is None:
        return _page(request, {"typed": code, "is_unknown": True}, 404)
    return _page(request, {"found": found, "kind_name": KIND_NAMES[found.kind]}, 200)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Send the style sheet of a letter that the browser prints."""
    return HttpResponse(letters.style_sheet(), content_type="text/css; charset=utf-8")


def letter_as_file(letter: letters.LetterView) -> HttpResponse:
    """Send a letter to whoever may read it, which the caller has made sure of.

    A PDF; where this machine can't make one, a page to print that says so.
    """
    if letters.can_make_pdf():
        response = HttpResponse(letters.pdf(letter.id), content_type="application/pdf")
        name = f"{letter.kind}-{letter.code}.pdf"
        response["Content-Disposition"] = f'inline; filename="{name}"'
    else:
        response = HttpResponse(letters.page(letter.id, style=reverse("letter_style")))
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, "public/letter.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
