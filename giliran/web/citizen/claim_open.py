"""Who may look at a claim: the session that began it, or one that knows code and birth date.

Who only knows these sees how it stands and may send papers. What would harm in wrong hands (the
account, the decision with its sum, taking the claim back) asks once for the claimant's NIK as well.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from giliran.claims import queries
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import NotFound
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.turn import unlisted

_KEPT = "claims"
KNOWN, PROVEN = "known", "proven"
_MOST = 12  # claims that one browser has open at once

View = Callable[..., HttpResponse]


def remember_begun(request: HttpRequest, code: str) -> None:
    """Keep open, in this session, a claim that was begun here, or whose claimant typed a NIK."""
    _keep(request, code, PROVEN)


def remember_known(request: HttpRequest, code: str) -> None:
    """Keep open a claim whose code and birth date were typed."""
    _keep(request, code, level(request, code) or KNOWN)


def forget(request: HttpRequest, code: str) -> None:
    """Close a claim in this session: the next one at this phone sees nothing."""
    kept = dict(request.session.get(_KEPT, {}))
    kept.pop(code, None)
    request.session[_KEPT] = kept


def level(request: HttpRequest, code: str) -> str:
    """Return how far a claim is open in this session: KNOWN, PROVEN, or "" for not at all."""
    return str(request.session.get(_KEPT, {}).get(code, ""))


def _keep(request: HttpRequest, code: str, how: str) -> None:
    kept = {**request.session.get(_KEPT, {}), code: how}
    request.session[_KEPT] = dict(list(kept.items())[-_MOST:])


def claim_of(code: str) -> queries.ClaimView:
    """Return the claim with this code, or raise ``NotFound``, also for what is no code."""
    try:
        return queries.by_code(parse_code(code))
    except BadCode as refusal:
        raise NotFound from refusal


def opened(view: View) -> View:
    """Let a view show a claim only where it is open; elsewhere ask for the birth date first."""

    @wraps(view)
    @never_cache
    @missing_is_404
    def answered(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not level(request, code):
            # The same for a code that is nobody's: who tries codes learns nothing.
            return redirect(f"{reverse('claim_find')}?{urlencode({'kode': code[:40]})}")
        return unlisted(view(request, claim_of(code), *args, **kwargs))

    return answered


def proven(view: View) -> View:
    """Let a view of an opened claim ask for the claimant's NIK first, once in a session."""

    @opened
    @wraps(view)
    def answered(
        request: HttpRequest, claim: queries.ClaimView, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if level(request, claim.code) != PROVEN:
            back = urlencode({"lalu": request.path})
            return redirect(f"{reverse('claim_prove', args=[claim.code])}?{back}")
        return view(request, claim, *args, **kwargs)

    return answered
