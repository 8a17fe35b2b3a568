"""Open data: weekly figures of every office, to download, with what each column means."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.figures import open_data
from giliran.figures.measures import MEASURES
from giliran.offices import queries as offices

_R = TypeVar("_R", HttpResponse, StreamingHttpResponse)
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_FIRST_YEARS: Final = 24  # months
COLUMNS: Final = (
    ("office", "string", gettext_noop("Kantor, seperti di alamat halamannya.")),
    ("monday", "date", gettext_noop("Senin minggu itu, menurut jam kantor.")),
    ("measure", "string", gettext_noop("Angka yang mana; lihat daftar di bawah.")),
    (
        "value",
        "number",
        gettext_noop("Nilainya; bagian dari 0 sampai 1, waktu tunggu dalam menit penuh."),
    ),
    ("people", "integer", gettext_noop("Dari berapa orang, janji, klaim, atau jawaban.")),
    ("low", "number", gettext_noop("Batas bawah selang kepercayaan 95 %, bila ada.")),
    ("high", "number", gettext_noop("Batas atas selang kepercayaan 95 %, bila ada.")),
    (
        "is_withheld",
        "boolean",
        gettext_noop("Benar: ada, tetapi dari kurang dari sepuluh, jadi tidak disebut."),
    ),
)
_PLACE_COLUMNS: Final = (
    *((name, "string") for name in ("office", "name", "kind", "region", "address")),
    ("latitude", "number"),
    ("longitude", "number"),
    ("time_zone", "string"),
    ("services", "string"),
)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Say what can be downloaded, what it means, and what is left out."""
    context = {
        "months": open_data.months(today=_today(), at_most=_FIRST_YEARS),
        "columns": [(name, kind, gettext(means)) for name, kind, means in COLUMNS],
        "measures": [
            (key, gettext(MEASURES[key].label), gettext(MEASURES[key].means))
            for key in open_data.PUBLIC
        ],
        "few": open_data.FEW,
        "licence": open_data.LICENCE,
    }
    return render(request, "public/data.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def places_file(request: HttpRequest) -> HttpResponse:
    """Give every office with its place on the map as CSV."""
    text = "".join(open_data.as_csv(open_data.places(), open_data.Place))
    return _saved(HttpResponse(text, content_type="text/csv; charset=utf-8"), "kantor.csv")


@require_safe
@cache_control(public=True, max_age=3600)
def month_csv(request: HttpRequest, month: str) -> StreamingHttpResponse:
    """Give the weeks of a month as CSV."""
    lines = open_data.as_csv(_rows(month), open_data.Figure)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _saved(response, f"angka-{month}.csv")


@require_safe
@cache_control(public=True, max_age=3600)
def month_parquet(request: HttpRequest, month: str) -> HttpResponse:
    """Give the weeks of a month as Parquet."""
    content = open_data.as_parquet(iter(_rows(month)))
    response = HttpResponse(content, content_type="application/vnd.apache.parquet")
    return _saved(response, f"angka-{month}.parquet")


@require_safe
@cache_control(public=True, max_age=3600)
def datapackage(request: HttpRequest) -> JsonResponse:
    """Describe the files as a Data Package (datapackage.org), so that programs can read them."""
    fields: list[dict[str, Any]] = [
        {"name": n, "type": kind, "description": means} for n, kind, means in COLUMNS
    ]
    fields[2]["constraints"] = {"enum": list(open_data.PUBLIC)}
    months = open_data.months(today=_today(), at_most=_FIRST_YEARS)
    resources: list[dict[str, Any]] = [
        {
            "name": f"angka-{month:%Y-%m}",
            "path": request.build_absolute_uri(reverse("data_csv", args=[f"{month:%Y-%m}"])),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {"fields": fields, "primaryKey": ["office", "monday", "measure"]},
        }
        for month in months
    ]
    resources.append(
        {
            "name": "kantor",
            "path": request.build_absolute_uri(reverse("data_places")),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [{"name": name, "type": kind} for name, kind in _PLACE_COLUMNS],
                "primaryKey": "office",
            },
        }
    )
    package = {
        "name": "giliran",
        "title": "Weekly figures of offices",
        "licenses": [{"name": open_data.LICENCE}],
        "resources": resources,
    }
    return JsonResponse(package, json_dumps_params={"indent": 1})


def _rows(month: str) -> list[open_data.Figure]:
    """Return a month's figures; raises ``Http404`` for no month of ours."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise Http404
    today = _today()
    asked = date(int(found[1]), int(found[2]), 1)
    if asked > today:
        raise Http404
    first, until = open_data.mondays_of(asked, today=today)
    slugs = [office.slug for office in offices.offices()]
    return list(open_data.figures(slugs, first=first, until=until))


def _today() -> date:
    """Return the day of the westernmost clock: a week is over when it is over everywhere."""
    first = offices.offices()[:1]
    now = clock.now()
    return min((offices.local_day(one, now) for one in first), default=now.date())


def _saved(response: _R, name: str) -> _R:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
