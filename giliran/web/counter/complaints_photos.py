"""A complaint's photos, shown one at a time to who may see the complaint; looks are kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.core.refusal import Refusal
from giliran.voices import access, worklists
from giliran.voices import actions as voices
from giliran.web.strangers import shown_alone


@login_required
@require_safe
@never_cache
def photo(request: HttpRequest, code: str, attachment_id: int) -> HttpResponse:
    """Show one photo or PDF; never to whom the complaint is about."""
    who = access.reader(int(request.user.pk or 0))
    complaint = worklists.by_code(code, who)
    if complaint is None:
        raise Http404
    try:
        kind, content = voices.look_at_attachment(
            complaint.id, attachment_id, officer_id=who.officer_id, now=clock.now()
        )
    except Refusal as refusal:
        raise Http404 from refusal
    return shown_alone(kind, content, name=f"aduan-{complaint.id}-{attachment_id}")
