"""What somebody complains about, on its way from page to page, bad input included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext_noop

from giliran.claims import queries as claims
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import BadInput, NotFound
from giliran.offices import queries as offices
from giliran.people.actions import parse_phone
from giliran.people.names import parse_name
from giliran.turns import queries as turns
from giliran.voices.actions.moving import MOST_LETTERS, parse_text
from giliran.voices.categories import categories
from giliran.web.refusals import sentence
from giliran.web.typed import key_in

if TYPE_CHECKING:
    from giliran.offices.models import Office

NAMED, PROTECTED, ANONYMOUS = "nama", "lindungi", "tanpa"
WAYS: Mapping[str, tuple[str, str]] = {
    NAMED: (
        gettext_noop("Sebut nama saya"),
        gettext_noop("Kantor yang menangani melihat nama dan nomor Bapak/Ibu."),
    ),
    PROTECTED: (
        gettext_noop("Lindungi nama saya"),
        gettext_noop(
            "Hanya unit pengaduan kantor wilayah yang melihat nama Bapak/Ibu, dan setiap kali "
            "dilihat dicatat. Cocok untuk pungutan, calo, atau sikap petugas."
        ),
    ),
    ANONYMOUS: (
        gettext_noop("Tanpa nama"),
        gettext_noop("Nama dan nomor tidak disimpan. Jawabannya dibaca dengan kode aduan."),
    ),
}
"""How much of themselves somebody tells, and what becomes of it."""
CAME_BY: Mapping[str, str] = {"pintu": "door", "gerai": "booth"}
"""What a QR code adds to the address, and the channel that it stands for."""
_LONGEST = 200
T = TypeVar("T")


class UnknownOffice(BadInput):
    """No office has this name."""

    code = "unknown_office"
    sentence = gettext_noop("Kantor itu tidak dikenal. Pilih dari daftar, atau kosongkan.")


class UnknownCode(BadInput):
    """Neither a turn nor a claim has this code."""

    code = "unknown_turn_or_claim"
    sentence = gettext_noop(
        "Kode itu tidak dikenal. Periksa lagi: 8 huruf dan angka, misalnya K7QM-3XPA. Boleh juga "
        "dikosongkan."
    )


class NoWay(BadInput):
    """How much of themselves they tell wasn't chosen."""

    code = "no_way_of_naming"
    sentence = gettext_noop("Pilih dulu bagaimana nama Bapak/Ibu diperlakukan.")


@dataclass(frozen=True)
class Stated:
    """A complaint as it was typed."""

    text: str = ""
    office: str = ""
    category: str = ""
    code: str = ""
    way: str = ""
    name: str = ""
    phone: str = ""
    is_proxy: bool = False
    via: str = ""
    form: str = ""

    @property
    def channel(self) -> str:
        return CAME_BY.get(self.via, "web")

    @property
    def key(self) -> UUID | None:
        return key_in({"request_key": self.form})

    def kept(self) -> dict[str, str]:
        """Return the fields of the page, as they are carried to the next."""
        return {
            "text": self.text,
            "kantor": self.office,
            "category": self.category,
            "kode": self.code,
            "cara": self.way,
            "name": self.name,
            "phone": self.phone,
            "dari": self.via,
            "request_key": self.form,
            **({"mewakili": "1"} if self.is_proxy else {}),
        }


def read(typed: QueryDict, *, way: str = "") -> Stated:
    """Read the form; ``way`` is what holds where nothing was chosen yet."""
    short = {name: typed.get(name, "").strip()[:_LONGEST] for name in _SHORT}
    return Stated(
        text=typed.get("text", "")[: MOST_LETTERS + 1],
        office=short["kantor"],
        category=short["category"],
        code=short["kode"],
        way=short["cara"] or way,
        name=short["name"],
        phone=short["phone"],
        is_proxy=typed.get("mewakili") == "1",
        via=short["dari"] if short["dari"] in CAME_BY else "",
        form=short["request_key"] or str(uuid4()),
    )


_SHORT = ("kantor", "category", "kode", "cara", "name", "phone", "dari", "request_key")


class Checked(NamedTuple):
    """What ``voices.actions.complain`` needs of a form that can be read."""

    text: str
    office: Office | None
    category: str
    turn_code: str
    claim_code: str
    name: str
    phone: str


def check(stated: Stated) -> tuple[Checked, dict[str, str]]:
    """Return what was typed in its tidy form, and what is wrong with each field."""
    wrong: dict[str, str] = {}

    def tidy(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except BadInput as refusal:
            wrong[refusal.field] = sentence(refusal)
            return otherwise

    text = tidy(lambda: parse_text(stated.text), "")
    office = tidy(lambda: _office(stated.office), None)
    turn_code, claim_code = tidy(lambda: codes(stated.code), ("", ""))
    if stated.way not in WAYS:
        wrong["cara"] = sentence(NoWay("cara"))
    name = phone = ""
    if stated.way != ANONYMOUS:
        name = tidy(lambda: parse_name(stated.name), "") if stated.name else ""
        phone = tidy(lambda: parse_phone(stated.phone), "")
    known = {code for code, _name in categories()}
    category = stated.category if stated.category in known else "other"
    return Checked(text, office, category, turn_code, claim_code, name, phone), wrong


def _office(slug: str) -> Office | None:
    if not slug:
        return None
    if "\x00" in slug:  # no column holds one
        raise UnknownOffice("kantor")
    try:
        return offices.office(slug)
    except NotFound:
        raise UnknownOffice("kantor") from None


def codes(typed: str) -> tuple[str, str]:
    """Return a typed code as that of a turn, or as that of a claim; empty where none was typed.

    Raises ``UnknownCode``.
    """
    if not typed:
        return "", ""
    try:
        code = parse_code(typed)
    except BadCode:
        raise UnknownCode("kode") from None
    for found, pair in ((turns.by_code, (code, "")), (claims.by_code, ("", code))):
        try:
            found(code)
        except NotFound:
            continue
        return pair
    raise UnknownCode("kode")
