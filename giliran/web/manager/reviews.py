"""Reviews of an office, a region or all: read, agreed on, signed, printed and taken along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.claims.letters.printing import can_make_pdf, font_faces, tagged_pdf
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.figures import actions as figures
from giliran.figures import reviews
from giliran.figures.alarm_words import TITLES
from giliran.figures.reviews import ReviewView, Span
from giliran.offices import queries as offices
from giliran.web.manager import review_files, review_words
from giliran.web.manager.claims import SEES, SEES_ALL
from giliran.web.manager.frame import frame
from giliran.web.refusals import sentence
from giliran.web.staff import LOOK, at_office
from giliran.web.typed import key_of

SPANS: dict[str, Span] = {"pekan": "week", "bulan": "month"}
NAMES = {span: name for name, span in SPANS.items()}
STATES = {
    "open": gettext_noop("belum"),
    "done": gettext_noop("selesai"),
    "dropped": gettext_noop("tidak jadi"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Whose(NamedTuple):
    """Whose reviews a page is about, and how its addresses are made."""

    place: figures.Place
    name: str
    prefix: str
    args: tuple[str, ...]
    context: dict[str, Any]
    officer_id: int

    def address(self, page: str, *rest: str) -> str:
        return reverse(f"{self.prefix}_{page}", args=[*self.args, *rest])

    @property
    def may_sign(self) -> bool:
        return figures.may_sign(self.place, self.officer_id)


def _of_office(request: HttpRequest, office: Any) -> Whose:
    context = {**frame(request, office), "base": "manager/base.html"}
    place = figures.Place(office=office)
    return Whose(place, office.name, "office", (office.slug,), context, int(request.user.pk or 0))


def _of_region(request: HttpRequest, slug: str) -> Whose:
    officer_id = int(request.user.pk or 0)
    try:
        region = offices.region(slug)
    except NotFound as refusal:
        raise Http404 from refusal
    if not offices.region_roles(officer_id, region) & SEES:
        raise PermissionDenied
    context = {"base": "manager/region_base.html", "region": region}
    return Whose(figures.Place(region=region), region.name, "region", (slug,), context, officer_id)


def _of_all(request: HttpRequest) -> Whose:
    officer_id = int(request.user.pk or 0)
    roles: set[str] = set()
    for _, mine in offices.offices_and_roles(officer_id):
        roles |= mine
    if not roles & SEES_ALL:
        raise PermissionDenied
    context = {"base": "manager/centre_base.html"}
    return Whose(figures.Place(), gettext("Kantor pusat"), "all", (), context, officer_id)


@at_office(*LOOK)
@require_safe
@never_cache
def office_reviews(request: HttpRequest, office: Any) -> HttpResponse:
    """List an office's reviews."""
    return _list(request, _of_office(request, office))


@login_required
@require_safe
@never_cache
def region_reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """List a region's reviews."""
    return _list(request, _of_region(request, slug))


@login_required
@require_safe
@never_cache
def all_reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews of all offices together."""
    return _list(request, _of_all(request))


@at_office(*LOOK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def office_review(request: HttpRequest, office: Any, which: str) -> HttpResponse:
    """Show an office's review, or do what its head asks."""
    return _one(request, _of_office(request, office), which)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def region_review(request: HttpRequest, slug: str, which: str) -> HttpResponse:
    """Show a region's review."""
    return _one(request, _of_region(request, slug), which)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def all_review(request: HttpRequest, which: str) -> HttpResponse:
    """Show the review of all offices together."""
    return _one(request, _of_all(request), which)


@at_office(*LOOK)
@require_safe
def office_file(request: HttpRequest, office: Any, which: str, kind: str) -> HttpResponse:
    """Hand out an office's review as a file."""
    return _file(_of_office(request, office), which, kind)


@login_required
@require_safe
def region_file(request: HttpRequest, slug: str, which: str, kind: str) -> HttpResponse:
    """Hand out a region's review as a file."""
    return _file(_of_region(request, slug), which, kind)


@login_required
@require_safe
def all_file(request: HttpRequest, which: str, kind: str) -> HttpResponse:
    """Hand out the centre's review as a file."""
    return _file(_of_all(request), which, kind)


def _list(request: HttpRequest, whose: Whose) -> HttpResponse:
    found = [
        (
            one,
            review_words.named_span(_span(one.span), one.first_day, one.last_day),
            whose.address("review", _which(_span(one.span), one.first_day)),
        )
        for one in reviews.reviews(office=whose.place.office, region=whose.place.region)
    ]
    return render(request, "manager/reviews.html", {**whose.context, "reviews": found})


def _one(request: HttpRequest, whose: Whose, which: str) -> HttpResponse:
    review = _found(whose, which)
    if request.method != "POST":
        return _show(request, whose, review)
    if not whose.may_sign:
        raise PermissionDenied
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return _show(request, whose, review, status=400, refused=sentence(NotFound()))
    try:
        said = act(request, review, whose.officer_id)
    except BadInput as refusal:
        return _show(request, whose, review, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(request, whose, review, status=status, refused=sentence(refusal))
    messages.success(request, said)
    return redirect(f"{whose.address('review', which)}#kesepakatan")


def _agree(request: HttpRequest, review: ReviewView, officer_id: int) -> str:
    key = key_of(request.POST)
    try:
        due_on = date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError:
        due_on = date.min  # refused like any day before today, after what stands above it
    figures.agree(
        review.id,
        request_key=key,
        what=request.POST.get("what", ""),
        who=request.POST.get("who", ""),
        due_on=due_on,
        officer_id=officer_id,
        now=clock.now(),
    )
    return gettext("Kesepakatan dicatat.")


def _settle(request: HttpRequest, review: ReviewView, officer_id: int) -> str:
    sent = request.POST.get("agreed", "")
    known = {str(one.id) for one in (*review.carried, *review.agreed)}
    if sent not in known:
        raise NotFound
    state = request.POST.get("state", "")
    figures.settle(int(sent), state, officer_id=officer_id, now=clock.now())
    return gettext("Keadaan kesepakatan disimpan.")


def _sign(request: HttpRequest, review: ReviewView, officer_id: int) -> str:
    comment = request.POST.get("comment", "")
    figures.sign(review.id, comment=comment, officer_id=officer_id, now=clock.now())
    return gettext("Tinjauan ditandatangani. Isinya tidak berubah lagi.")


ACTIONS: dict[str, Callable[[HttpRequest, ReviewView, int], str]] = {
    "agree": _agree,
    "settle": _settle,
    "sign": _sign,
}


def _show(
    request: HttpRequest, whose: Whose, review: ReviewView, *, status: int = 200, **context: Any
) -> HttpResponse:
    which = _which(review.span, review.first_day)
    typed = request.POST if status != 200 else {}  # noqa: PLR2004 -- refused
    context = {
        **whose.context,
        **_told(whose, review),
        "may_sign": whose.may_sign,
        "may_change": whose.may_sign and review.signed_at is None,
        "wrong": {},
        "typed": typed,
        "request_key": typed.get("request_key") or uuid4(),
        "files": [
            (kind.upper(), whose.address("review_file", which, kind))
            for kind in ("pdf", "xlsx", "csv")
            if kind != "pdf" or can_make_pdf()
        ],
        "all": whose.address("reviews"),
    } | context
    return render(request, "manager/review.html", context, status=status)


def _told(whose: Whose, review: ReviewView) -> dict[str, Any]:
    """Return what a review says, on the page and on paper."""
    content = review.content
    shown = review_words.rows(content, review.span)
    names = {one.id: one.name for one in offices.offices()} if content.funnels else {}
    return {
        "review": review,
        "name": whose.name,
        "title": review_words.named_span(review.span, review.first_day, review.last_day),
        "is_week": review.span == "week",
        "headline": review_words.headline(content, review.span),
        "changed": [row for row in shown if row.turned],
        "usual": [row for row in shown if not row.turned],
        "compared": len(content.compared),
        "by_chance": round(100 * content.by_chance),
        "funnels": review_words.funnels(content, names),
        "alarms": [(gettext(TITLES[kind]), n) for kind, n in content.alarms if kind in TITLES],
        "carried": [(one, gettext(STATES[one.state])) for one in review.carried],
        "agreed": [(one, gettext(STATES[one.state])) for one in review.agreed],
        "states": [(code, gettext(text)) for code, text in STATES.items()],
        "cause": review.cause,
    }


def _file(whose: Whose, which: str, kind: str) -> HttpResponse:
    review = _found(whose, which)
    name = f"tinjauan-{'-'.join(whose.args) or 'pusat'}-{which}.{kind}"
    if kind == "csv":
        made, mime = review_files.as_csv(review), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        title = review_words.named_span(review.span, review.first_day, review.last_day)
        names = {one.id: one.name for one in offices.offices()}
        title = f"{whose.name}, {title}"
        made, mime = review_files.as_xlsx(review, title=title, offices=names), XLSX
    elif kind == "pdf" and can_make_pdf():
        made, mime = _pdf(whose, review), "application/pdf"
    else:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=mime, headers=headers)


def _pdf(whose: Whose, review: ReviewView) -> bytes:
    # A paper of an agency is in Indonesian, whoever asks for it (UU 24/2009 Pasal 27).
    with translation.override("id"):
        told = {**_told(whose, review), "is_paper": True, "fonts": SafeString(font_faces())}
        html = render_to_string("manager/review_paper.html", told)
    return tagged_pdf(html, identifier=f"review-{review.id}".encode())


def _found(whose: Whose, which: str) -> ReviewView:
    name, _, day = which.partition("-")
    try:
        first = date.fromisoformat(day)
        span = SPANS[name]
        return reviews.review(span, first, office=whose.place.office, region=whose.place.region)
    except (ValueError, KeyError, NotFound) as error:
        raise Http404 from error


def _which(span: Span, first: date) -> str:
    return f"{NAMES[span]}-{first.isoformat()}"


def _span(text: str) -> Span:
    return "week" if text == "week" else "month"
