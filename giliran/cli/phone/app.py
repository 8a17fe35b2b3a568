"""The stand-in as one WSGI program: the provider's API towards giliran, telephones towards people.

GILIRAN_WHATSAPP_*      as giliran has them: token, number, secrets
GILIRAN_KANNEL_*        the same for short messages
GILIRAN_USSD_SECRET     the same for menus by *175#
GILIRAN_PHONE_SERVES    giliran's own address, to hand over to
GILIRAN_PHONE_TEMPLATES file with the registered templates, as `giliran whatsapp templates` prints
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import httpx

from giliran import clock
from giliran.cli.phone import pages
from giliran.cli.phone.checks import ApiError, registered
from giliran.cli.phone.hooks import Hooks, keep_asking
from giliran.cli.phone.people import Person, people
from giliran.cli.phone.provider import Provider
from giliran.cli.phone.sms import Operator, asked
from giliran.cli.phone.ussd import LETTERS, Gateway

VERSION = "v26.0"
LARGEST_BODY = 256 * 1024
_PLACES = (
    [[], ["percakapan"], ["sms"], ["sms", "percakapan"], ["ussd"]],
    [["tulis"], ["tempat"], ["foto"], ["pilih"], ["sms", "tulis"], ["ussd"]],
)
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Answer(Exception):
    """What is answered to one request."""

    def __init__(
        self, status: int, content: bytes = b"", mime: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        self.status = HTTPStatus(status)
        self.content = content
        self.headers = {**headers, **({"Content-Type": mime} if mime else {})}
        super().__init__(str(status))


class App:
    """One provider with its telephones."""

    def __init__(
        self,
        provider: Provider,
        *,
        token: str,
        operator: Operator | None = None,
        gateway: Gateway | None = None,
    ) -> None:
        self.provider = provider
        self.token = token
        self.operator = operator
        self.gateway = gateway or Gateway(lambda _: "")

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer one request (WSGI)."""
        try:
            answer = self._answer(environ)
        except Answer as given:
            answer = given
        except ApiError as refusal:
            answer = _refused(refusal)
        status = f"{answer.status.value} {answer.status.phrase}"
        length = {"Content-Length": str(len(answer.content))}
        start_response(status, list({**answer.headers, **length}.items()))
        return [answer.content]

    def _answer(self, environ: Mapping[str, Any]) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        parts = [part for part in path.split("/") if part]
        if parts[:1] == [VERSION]:
            self._need_token(environ)
            return self._api(method, parts[1:], environ)
        if parts[:1] == ["media"] and len(parts) > 1:
            self._need_token(environ)
            stored = self.provider.media_at(parts[1])
            return Answer(200, stored.content, stored.mime) if stored else Answer(404)
        if parts == ["cgi-bin", "sendsms"] and self.operator is not None:
            status, said = self.operator.send(asked(environ), _body(environ).decode())
            return Answer(status, said.encode(), "text/plain; charset=utf-8")
        if parts[:1] and parts[0].startswith("v") and parts[0][1:].replace(".", "").isdigit():
            raise ApiError(2635, f"This version is not served here, only {VERSION}")
        return self._page(method, parts, environ)

    # -- towards giliran -------------------------------------------------------------------------

    def _need_token(self, environ: Mapping[str, Any]) -> None:
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {self.token}":
            raise ApiError(190, "Invalid OAuth access token", status=401)

    def _api(self, method: str, parts: list[str], environ: Mapping[str, Any]) -> Answer:
        if (method, parts[1:]) == ("POST", ["messages"]):
            if parts[0] != self.provider.phone_id:
                raise ApiError(33, "The business phone number has been deleted")
            try:
                message = json.loads(_body(environ))
                return _json(self.provider.send(message))
            except (ValueError, AttributeError, TypeError, KeyError, IndexError) as error:
                raise ApiError(100, f"Invalid parameter: {error}") from error
        if method == "GET" and len(parts) == 1:
            base = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
            return _json(self.provider.media_address(parts[0], base))
        raise ApiError(100, "Unsupported request", status=404)

    # -- towards people --------------------------------------------------------------------------

    def _page(self, method: str, parts: list[str], environ: Mapping[str, Any]) -> Answer:
        if not parts:
            return _html(pages.shelf(self.provider.people.values()))
        if parts == ["phone.css"]:
            return Answer(200, pages.STYLE.encode(), "text/css; charset=utf-8")
        person = self.provider.people.get(parts[0])
        if person is None or parts[1:] not in _PLACES[method == "POST"]:
            return Answer(404)
        if method == "POST":
            return self._act(person, parts[1:], parse_qs(_body(environ).decode()))
        return _html(self._view(person, parts[1:]))

    def _view(self, person: Person, parts: list[str]) -> str:
        if parts == ["ussd"]:
            return pages.ussd(person, self.gateway.session(person))
        if parts[:1] == ["sms"]:
            return pages.sms_thread(person) if parts[1:] else pages.sms(person)
        if not parts:
            return pages.phone(person)
        self.provider.see(person)
        return pages.thread(person)

    def _act(self, person: Person, parts: list[str], form: dict[str, list[str]]) -> Answer:
        said = form.get("tulis", [""])[0].strip()
        if parts == ["ussd"]:
            if said:
                self.gateway.key_in(person, said[:LETTERS])
            else:
                self.gateway.dial(person)
            return _back(f"/{quote(person.slug)}/ussd")
        if parts == ["sms", "tulis"]:
            if said and self.operator is not None:
                self.operator.write(person, said[:480])
            return _back(f"/{quote(person.slug)}/sms")
        if parts == ["tulis"] and said:
            self.provider.write(person, said[:4096])
        elif parts == ["tempat"]:
            self.provider.be_at(person, *person.place)
        elif parts == ["foto"]:
            self.provider.send_file(person, pages.photo(), "image/png", "Foto contoh")
        elif parts == ["pilih"]:
            try:
                self.provider.press(person, form["pesan"][0], form["pilihan"][0])
            except (KeyError, StopIteration):
                return Answer(404)
            return _back(f"/{quote(person.slug)}/percakapan")
        return _back(f"/{quote(person.slug)}/")


def build(environment: Mapping[str, str] = os.environ) -> App:
    """Return the stand-in that an environment describes; hands over by HTTP."""
    serves = environment["GILIRAN_PHONE_SERVES"].rstrip("/")
    webhook = f"{serves}/chat/whatsapp/"
    http = httpx.Client(timeout=10, trust_env=False)

    def post(body: bytes, headers: dict[str, str]) -> int:
        try:
            return http.post(webhook, content=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0

    def get(address: str) -> int:
        try:
            return http.get(address).status_code
        except httpx.HTTPError:
            return 0

    hooks = Hooks(post, secret=environment["GILIRAN_WHATSAPP_SECRET"])
    file = environment.get("GILIRAN_PHONE_TEMPLATES")
    templates = registered(json.loads(Path(file).read_text())) if file else {}
    provider = Provider(
        people(),
        templates=templates,
        tell=hooks.tell,
        now=clock.now,
        phone_id=environment["GILIRAN_WHATSAPP_PHONE_ID"],
    )
    operator = Operator(
        provider.people.values(),
        get=keep_asking(get),
        inbound=f"{serves}/chat/sms/masuk/",
        secret=environment.get("GILIRAN_KANNEL_SECRET", ""),
        password=environment.get("GILIRAN_KANNEL_PASSWORD", ""),
        now=clock.now,
    )
    ussd = f"{serves}/chat/ussd/?rahasia={quote(environment.get('GILIRAN_USSD_SECRET', ''))}"

    def ask(form: dict[str, str]) -> str:
        try:
            answer = http.post(ussd, data=form)
        except httpx.HTTPError:
            return ""
        return answer.text if answer.is_success else ""

    return App(
        provider,
        token=environment["GILIRAN_WHATSAPP_TOKEN"],
        operator=operator,
        gateway=Gateway(ask),
    )


_app: list[App] = []


def application(environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Serve the stand-in that the environment of this process describes (WSGI)."""
    if not _app:
        _app.append(build())
    return _app[0](environ, start_response)


def _refused(refusal: ApiError) -> Answer:
    error = {
        "message": f"(#{refusal.code}) {refusal.details}",
        "type": "OAuthException",
        "code": refusal.code,
        "error_data": {"messaging_product": "whatsapp", "details": refusal.details},
        "fbtrace_id": "AStandIn",
    }
    return _json({"error": error}, status=refusal.status)


def _body(environ: Mapping[str, Any]) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_BODY:
        raise Answer(413)
    content: bytes = environ["wsgi.input"].read(length)
    return content


def _json(content: Any, *, status: int = 200) -> Answer:
    return Answer(status, json.dumps(content).encode(), "application/json")


def _html(page: str) -> Answer:
    return Answer(200, page.encode(), "text/html; charset=utf-8", {"Cache-Control": "no-store"})


def _back(path: str) -> Answer:
    return Answer(303, headers={"Location": path})
