"""A letter on paper: the same page as PDF/UA, or for the browser's printer where none is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.template import Context, Engine
from django.utils import formats, translation
from django.utils.safestring import SafeString

from giliran.claims.letters import codes, contents
from giliran.claims.letters.finding import TITLES, opened
from giliran.claims.models import Letter
from giliran.core.eligibility.sentence import rupiah_text
from giliran.core.rupiah import rupiah_in_words
from giliran.offices.queries import ZONE_NAMES

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = {"DejaVuSans.ttf": "normal", "DejaVuSans-Bold.ttf": "bold"}
_NUMBERS = {"receipt": "TT", "decision": "KEP", "refusal": "TLK", "merger": "GAB"}
_BRANCH = ("Kantor Cabang Perintis ", "Kantor Cabang ", "Gerai MPP ", "Kantor Wilayah ")


class OnlyOurFonts(Exception):
    """A letter asked for something from elsewhere; nothing is fetched for it."""


@cache
def can_make_pdf() -> bool:
    """Return whether this machine makes PDFs: WeasyPrint needs the system's Pango."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def pdf(letter_id: int) -> bytes:
    """Return the letter as PDF/UA-1: A4, tagged, in Indonesian, its fonts inside.

    Only where ``can_make_pdf``; elsewhere ``page`` is printed by the browser.
    """
    found = _found(letter_id)
    return tagged_pdf(_html(found, is_paper=True), identifier=found.sha256.encode())


def tagged_pdf(html: str, *, identifier: bytes) -> bytes:
    """Return any of our pages as PDF/UA-1; the same page and identifier give the same bytes.

    The page brings its style with it, on ``font_faces``: nothing is fetched. Only where
    ``can_make_pdf``. Raises ``OnlyOurFonts`` if the page asks for anything else.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    document = HTML(string=html, url_fetcher=_fetcher())
    try:
        made: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=identifier, custom_metadata=True
        )
    except FatalURLFetchingError as refused:  # no Exception of Python's: it would end the server
        raise OnlyOurFonts(str(refused)) from refused
    return made


def page(letter_id: int, *, style: str) -> str:
    """Return the letter as an HTML page to print. ``style`` is the address of its style sheet."""
    return _html(_found(letter_id), is_paper=False, style=style)


def _found(letter_id: int) -> Letter:
    return Letter.objects.select_related("office").get(id=letter_id)


def _html(found: Letter, *, is_paper: bool, style: str = "") -> str:
    stated = opened(found)
    # A letter of an agency is in Indonesian, whoever asks for it (UU 24/2009 Pasal 27).
    with translation.override("id"):
        values = _values(found, stated)
        values |= {"is_paper": is_paper, "style": style}
        if is_paper:
            values["css"] = SafeString(font_faces() + style_sheet())
        written: str = _engine().get_template(f"{found.kind}.html").render(Context(values))
        return written


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_TEMPLATES)])


@cache
def style_sheet() -> str:
    """Return the CSS of a letter, on screen and on paper."""
    return (_TEMPLATES / "letter.css").read_text(encoding="utf-8")


def _values(found: Letter, stated: Mapping[str, Any]) -> dict[str, Any]:
    on = date.fromisoformat(stated["on"])
    address = f"{site()}/periksa/{found.code}/"
    zone = ZoneInfo(found.office.time_zone)
    values: dict[str, Any] = {
        **stated,
        "title": TITLES[found.kind],
        "number": f"{_NUMBERS[found.kind]}/{found.id:05d}/{on:%m%Y}",
        "place": _place(stated["office"]["name"]),
        "day": formats.date_format(on, "j F Y"),
        "code": codes.grouped(found.code),
        "claim_code": codes.grouped(stated.get("claim_code", "")),
        "fingerprint": codes.grouped(found.sha256[: codes.FINGERPRINT_LENGTH].upper()),
        "address": address,
        "shown_address": address.partition("://")[2],
        "site": site().partition("://")[2],
        "qr": _qr(address),
        "pay_by_day": _day(date.fromisoformat(stated["pay_by"])) if stated.get("pay_by") else "",
        "received": [
            (one["name"], _moment(one["at"], zone, found.office.time_zone))
            for one in stated.get("papers", ())
        ],
    }
    if found.kind == "decision":
        amount = contents.amount_of(stated)
        values["figures"] = rupiah_text(amount)
        values["in_words"] = rupiah_in_words(amount)
    return values


def _day(day: date) -> str:
    return formats.date_format(day, "l, j F Y")


def _moment(text: str, zone: ZoneInfo, zone_name: str) -> str:
    if not text:
        return ""
    local = datetime.fromisoformat(text).astimezone(zone)
    return f"{formats.date_format(local, 'j F Y')}, {local:%H.%M} {ZONE_NAMES[zone_name]}"


def _place(office: str) -> str:
    return next((office.removeprefix(kind) for kind in _BRANCH if office.startswith(kind)), office)


def site() -> str:
    """Return the address of these pages, without a slash at its end."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return origins[0].rstrip("/") if origins else f"http://{settings.ALLOWED_HOSTS[0]}"


def _qr(address: str) -> SafeString:
    svg: str = segno.make_qr(address, error="m").svg_inline(
        omitsize=True, border=4, light="#fff", title="Kode QR untuk memeriksa surat ini"
    )
    return SafeString(svg.replace("<svg ", '<svg role="img" aria-label="Kode QR" ', 1))


def font_faces() -> str:
    """Return the CSS that names the two fonts which every paper of ours carries inside."""
    face = '@font-face {{ font-family: "DejaVu Sans"; src: url("font:{}"); font-weight: {}; }}'
    return "\n".join(face.format(name, weight) for name, weight in _FONTS.items())


@cache
def _font(name: str) -> bytes:
    import matplotlib as mpl  # its DejaVu fonts: no other font is sure to be on a server

    return Path(mpl.get_data_path(), "fonts", "ttf", name).read_bytes()


@cache
def _fetcher() -> Any:
    """Return who hands WeasyPrint our two fonts and stops the letter at anything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFonts(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme != "font" or name not in _FONTS:
                raise OnlyOurFonts(url)
            return URLFetcherResponse(url, _font(name), {"Content-Type": "font/ttf"})

    return OurFonts(fail_on_errors=True)
