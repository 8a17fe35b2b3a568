"""Whether all that serves an office is alive: for monitors, and for whoever can start it again."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran.figures.pulse import Life, Pulse, pulse
from giliran.offices.queries import ZONE_NAMES

KEPT_SECONDS: Final = 5.0
"""However many ask, the database is asked so often by each process."""
_OK, _UNAVAILABLE = 200, 503


class _Looks:
    """The last look of this process; one asks at a time, the others take what is there."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._last: tuple[float, Pulse | None] | None = None

    def look(self) -> Pulse | None:
        if (last := self._last) and monotonic() - last[0] < KEPT_SECONDS:
            return last[1]
        if not self._asking.acquire(blocking=last is None):
            return last[1] if last else None
        try:
            if self._last is last:
                self._last = (monotonic(), _asked())
            return self._last[1] if self._last else None
        finally:
            self._asking.release()


def _asked() -> Pulse | None:
    try:
        return pulse()
    except Error:
        return None


_looks = _Looks()


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Say in JSON how the database, the worker and the live streams are; 503 if any isn't well."""
    found = _looks.look()
    if found is None:
        told = {"database": "silent", "worker": "unknown", "live": "unknown"}
        return JsonResponse(told, status=_UNAVAILABLE)
    # Boards live without streams, by asking: where none ever ran, none is missing.
    is_well = found.worker is Life.OK and found.live is not Life.SILENT
    told = {"database": "ok", "worker": str(found.worker), "live": str(found.live)}
    return JsonResponse(told, status=_OK if is_well else _UNAVAILABLE)


@require_safe
@never_cache
def pages_health(request: HttpRequest) -> HttpResponse:
    """Say whether this process can serve pages: 503 without a database, whatever else stands still.

    For load balancers: were the worker's trouble told here, they would take all pages away.
    """
    is_well = _looks.look() is not None
    told = {"database": "ok" if is_well else "silent"}
    return JsonResponse(told, status=_OK if is_well else _UNAVAILABLE)


class Standing(NamedTuple):
    """What a banner says of the worker, who would raise every other alarm."""

    title: str
    sentence: str
    do: str
    mark: str
    """Changes when what is said does."""


def worker_stands(zone: str) -> Standing | None:
    """Return what is to be said where the worker stands still or is far behind; None: it works.

    ``zone`` is the reader's (an IANA name).
    """
    found = _looks.look()
    since = found.worker_stands_since if found else None
    if found is None or since is None:
        return None
    told, mark = {"since": _clock(since, found.at, zone)}, f"{found.worker}{since:%d%H%M}"
    if found.worker is Life.SILENT:
        return Standing(
            gettext("Proses latar tidak berjalan"),
            gettext("Sejak %(since)s pesan, undian, dan semua peringatan lain berhenti.") % told,
            gettext("Minta administrator menjalankannya lagi: giliran worker."),
            mark,
        )
    return Standing(
        gettext("Proses latar tertinggal"),
        gettext(
            "Pekerjaan paling lama menunggu sejak %(since)s. Pesan dan peringatan datang terlambat."
        )
        % told,
        gettext("Minta administrator memeriksanya: giliran worker."),
        mark,
    )


def _clock(moment: datetime, now: datetime, zone: str) -> str:
    here = moment.astimezone(ZoneInfo(zone))
    day = "" if here.date() == now.astimezone(ZoneInfo(zone)).date() else f"{here:%d/%m} "
    return f"{day}{here:%H.%M} {ZONE_NAMES[zone]}"
