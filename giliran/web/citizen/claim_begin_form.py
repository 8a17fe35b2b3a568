"""What a claimant typed to begin a claim, on its way from page to page in hidden fields only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.utils.translation import gettext

from giliran.claims import actions as claims
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import BadInput, NotFound
from giliran.offices import queries as offices
from giliran.web.refusals import sentence
from giliran.web.typed import key_in, typed

# In the order of the page; each stands in for a bad answer while the others are checked.
_GOOD = {"name": "Siti", "nik": "3604014101900001", "birth": "1990-01-01", "phone": ""}
_LONGEST = 160


@dataclass(frozen=True)
class Begun:
    """The form as it was typed, bad input included. `participant` is the NIK that heirs add."""

    name: str = ""
    nik: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    phone: str = ""
    participant: str = ""
    kpj: str = ""
    office: str = ""
    form: str = ""

    @property
    def birth(self) -> str:
        """Give the birth date as ISO text, "" where none was typed; it may be impossible."""
        return iso_day(self.day, self.month, self.year)

    @property
    def nik_in_fours(self) -> str:
        """The NIK as it is compared with the card."""
        return in_fours(self.nik)

    @property
    def participant_in_fours(self) -> str:
        """The NIK of whom an heir claims for, as it is compared with the family card."""
        return in_fours(self.participant)

    def request_key(self, program: str) -> UUID:
        """Name the request: the same form, person and program, the same claim."""
        return uuid5(UUID(self.form), f"{_digits(self.nik)} {program}")

    def fields(self) -> dict[str, str]:
        """Give every field, to carry it on."""
        return {
            "name": self.name,
            "nik": self.nik,
            "hari": self.day,
            "bulan": self.month,
            "tahun": self.year,
            "phone": self.phone,
            "participant": self.participant,
            "kpj": self.kpj,
            "office": self.office,
            "request_key": self.form,
        }


def in_fours(text: str) -> str:
    """Write the digits of a NIK in groups of four."""
    digits = _digits(text)
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def iso_day(day: str, month: str, year: str) -> str:
    """Put three typed numbers together as an ISO date, which may be none; "" if none was typed."""
    parts = [part.strip() for part in (year, month, day)]
    if not any(parts):
        return ""
    return f"{parts[0]:0>4}-{parts[1]:0>2}-{parts[2]:0>2}"


def read(post: QueryDict) -> Begun:
    """Read the fields of a form; a form without a usable name of its own is given one."""
    form = str(key_in(post) or uuid4())
    stated = {
        name: " ".join(typed(post, name).split())[:_LONGEST]
        for name in ("name", "nik", "phone", "participant", "kpj", "office")
    }
    day, month, year = (post.get(name, "").strip()[:4] for name in ("hari", "bulan", "tahun"))
    return Begun(**stated, day=day, month=month, year=year, form=form)


def claimant_of(begun: Begun) -> tuple[claims.Claimant | None, dict[str, str]]:
    """Return who claims, or None and one sentence for every field that can't be read."""
    fields = {name: getattr(begun, name) for name in _GOOD}
    wrong: dict[str, str] = {}
    for _ in _GOOD:
        try:
            who = claims.claimant(**fields)
        except BadInput as refusal:
            wrong[refusal.field] = sentence(refusal)
            fields[refusal.field] = _GOOD[refusal.field]
        else:
            return (None if wrong else who), {f: wrong[f] for f in _GOOD if f in wrong}
    return None, {f: wrong[f] for f in _GOOD if f in wrong}


def wrong_about_participant(begun: Begun) -> dict[str, str]:
    """Return what is wrong about whom an heir claims for."""
    try:
        nik = parse_nik(begun.participant)
    except BadInput as refusal:
        # Its own words in the summary on top, where the heir's NIK may be wrong as well.
        return {"participant": gettext("NIK peserta: %(wrong)s") % {"wrong": sentence(refusal)}}
    if nik == _digits(begun.nik):
        return {
            "participant": gettext(
                "Ini NIK yang sama dengan NIK Bapak/Ibu. Tulis NIK peserta yang meninggal."
            )
        }
    return {}


def wrong_about_card(begun: Begun) -> dict[str, str]:
    """Return what is wrong about the card and the office."""
    wrong = {}
    try:
        claims.parse_kpj(begun.kpj)
    except BadInput as refusal:
        wrong["kpj"] = sentence(refusal)
    try:
        offices.office(begun.office)
    except (NotFound, ValueError):
        wrong["office"] = gettext("Pilih dulu kantor yang memeriksa berkas.")
    return wrong
