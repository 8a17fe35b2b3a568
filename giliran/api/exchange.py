"""Translating between JSON and actions."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.csrf import csrf_exempt

from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.people.actions import TooManyTries
from giliran.web.refusals import sentence

if TYPE_CHECKING:
    from giliran.offices.models import Office

Answer = dict[str, Any]

# JSON can carry what PostgreSQL can't: numbers beyond eight bytes, a zero byte, half a character.
_LARGEST = 2**63 - 1
_NOT_TEXT = frozenset(chr(c) for c in (0, *range(0xD800, 0xE000)))


class BadField(BadInput):
    """A field of the JSON body is missing or of another kind."""

    code = "bad_field"
    sentence = gettext_noop("Isian “%(field)s” belum benar: yang diharapkan %(expected)s.")

    def __init__(self, field: str, expected: str) -> None:
        self.field = field
        Refusal.__init__(self, field=field, expected=expected)


class BadBody(Refusal):
    code = "bad_body"
    sentence = gettext_noop("Isi permintaan harus objek JSON.")


class NotAllowedHere(Refusal):
    code = "not_allowed"
    sentence = gettext_noop("Anda belum masuk, atau tidak bertugas di kantor ini.")


class MethodNotKnown(Refusal):
    code = "method_not_known"
    sentence = gettext_noop("Alamat ini hanya menerima %(method)s.")


class Body:
    """A JSON object whose fields are read with their kind, or refused by name."""

    def __init__(self, request: HttpRequest) -> None:
        try:
            content = json.loads(request.body or b"{}")
        except (ValueError, RecursionError, RequestDataTooBig):
            raise BadBody from None
        if not isinstance(content, dict):
            raise BadBody
        self._content: dict[str, Any] = content

    def text(self, field: str, default: str | None = None) -> str:
        value = self._content.get(field, default)
        if not isinstance(value, str) or not _NOT_TEXT.isdisjoint(value):
            raise BadField(field, gettext("teks"))
        return value

    def whole(self, field: str) -> int:
        value = self._content.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
            raise BadField(field, gettext("bilangan bulat"))
        return value

    def has(self, field: str) -> bool:
        return self._content.get(field) is not None

    def truth(self, field: str) -> bool:
        value = self._content.get(field, False)
        if not isinstance(value, bool):
            raise BadField(field, gettext("true atau false"))
        return value

    def number(self, field: str) -> float:
        value = self._content.get(field)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise BadField(field, gettext("bilangan"))
        return float(value)

    def texts(self, field: str) -> list[str]:
        value = self._content.get(field, [])
        if not isinstance(value, list) or not all(
            isinstance(v, str) and _NOT_TEXT.isdisjoint(v) for v in value
        ):
            raise BadField(field, gettext("daftar teks"))
        return value

    def key(self, field: str) -> UUID:
        try:
            return UUID(self.text(field))
        except ValueError:
            raise BadField(field, gettext("UUID")) from None


def endpoint(method: str, *, status: int = 200) -> Callable[..., Callable[..., HttpResponse]]:
    """Make a JSON endpoint of a function that returns what to answer.

    Refusals become 409, bad input 422, unknown things 404, missing rights 403, all as
    ``{"refusal": code, "sentence": text in the reader's language, "field": name or null}``.
    Nothing here trusts a cookie alone: a session counts only with the header
    ``X-Requested-With: giliran``, which a foreign page can't send.
    """

    def decorate(view: Callable[..., Answer | HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method != method:
                    raise MethodNotKnown(method=method)
                answer = view(request, *args, **kwargs)
                if isinstance(answer, HttpResponse):
                    return answer  # a file, as it was stored
                return JsonResponse(answer, status=status)
            except Refusal as refusal:
                return _refused(refusal)

        return answered

    return decorate


def by_method(**views: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let one address serve several methods."""

    @csrf_exempt
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = views.get((request.method or "").lower())
        if view is None:
            return _refused(MethodNotKnown(method=", ".join(views).upper()))
        return view(request, *args, **kwargs)

    return chosen


def _refused(refusal: Refusal) -> HttpResponse:
    kinds: list[tuple[type[Refusal], int]] = [
        (BadInput, 422),
        (BadBody, 400),
        (NotFound, 404),
        (NotAllowedHere, 403),
        (MethodNotKnown, 405),
        (TooManyTries, 429),
    ]
    status = next((status for kind, status in kinds if isinstance(refusal, kind)), 409)
    return JsonResponse(
        {
            "refusal": refusal.code,
            "sentence": sentence(refusal),
            "field": getattr(refusal, "field", None),
        },
        status=status,
    )


def officer_id(request: HttpRequest) -> int:
    """Return who is logged in, or raise ``NotAllowedHere``."""
    if request.headers.get("X-Requested-With") != "giliran" or not request.user.is_authenticated:
        raise NotAllowedHere
    return int(request.user.pk)


def staff_at(request: HttpRequest, office: Office, roles: frozenset[str]) -> str:
    """Return the actor's name if an officer with one of these roles asks, or refuse."""
    officer = officer_id(request)
    if not offices.roles(officer, office) & roles:
        raise NotAllowedHere
    return f"officer:{officer}"


def at_the_door(request: HttpRequest, office: Office, roles: frozenset[str]) -> str:
    """Return the actor if the office's own kiosk or its staff asks, or refuse."""
    token = request.headers.get("X-Kiosk-Token")
    if token:
        kiosk = offices.kiosk(token)
        if kiosk.office_id != office.id:
            raise NotAllowedHere
        return f"kiosk:{kiosk.id}"
    return staff_at(request, office, roles)
