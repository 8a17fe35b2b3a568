"""What a citizen wishes for in a draw, on its way from page to page, bad input included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from giliran.core.offers import nearest
from giliran.core.seats import DAYS, HALVES, OFFICES_AT_MOST, Wish
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns.actions.applying import (
    NOTICE_HOURS_AT_MOST,
    BadHalves,
    BadNotice,
    BadShownBy,
    BadWish,
)
from giliran.web.refusals import sentence

if TYPE_CHECKING:
    from giliran.offices.models import HomeArea, Office, Region, Service
    from giliran.turns.models import Application

WORKING_DAYS = 5
NOTICES = (1, 2, 3, 6, 12, 24, 48)  # hours
DAY_NAMES: Mapping[str, str] = {
    "mon": gettext_noop("Senin"),
    "tue": gettext_noop("Selasa"),
    "wed": gettext_noop("Rabu"),
    "thu": gettext_noop("Kamis"),
    "fri": gettext_noop("Jumat"),
    "sat": gettext_noop("Sabtu"),
    "sun": gettext_noop("Minggu"),
}
SHOWN_BY: Mapping[str, str] = {
    "card": gettext_noop("Ya, usia 60 tahun ke atas: terbaca di KTP"),
    "sight": gettext_noop("Ya, petugas melihatnya sendiri"),
    "letter": gettext_noop("Ya, ditunjukkan dengan kartu atau surat"),
}
SHOWN_BY_HINTS: Mapping[str, str] = {
    "card": "",
    "sight": gettext_noop("Misalnya hamil, membawa anak kecil, atau memakai kursi roda."),
    "letter": gettext_noop("Misalnya kartu penyandang disabilitas. Nama penyakit tidak ditanya."),
}


def half_name(code: str) -> str:
    """Name a half-day in the reader's language: Senin pagi."""
    day, half = code.split("-")
    name = _(DAY_NAMES[day])
    return _("%(day)s pagi") % {"day": name} if half == "am" else _("%(day)s siang") % {"day": name}


@dataclass(frozen=True)
class Wishes:
    """Where, when and on which terms, as typed; offices by slug, home by the district's code."""

    region: str = ""
    home: str = ""
    offices: tuple[str, ...] = ()
    any_near: bool = True
    is_any_time: bool = True
    halves: tuple[str, ...] = ()
    best_half: str = ""
    time_first: bool = False
    stands_by: bool = False
    notice: str = "3"
    shown_by: str = ""
    together: str = ""
    claim: str = ""

    def fields(self, *, without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """Return the fields that carry all this on, except those that a page asks itself."""
        carried = [("wilayah", self.region), ("rumah", self.home), ("bersama", self.together)]
        carried += [("kantor", slug) for slug in self.offices]
        carried.append(("dekat", "1" if self.any_near else "0"))
        carried.append(("waktu", "" if self.is_any_time else "pilih"))
        carried += [("paruh", code) for code in self.halves]
        carried += [("terbaik", self.best_half), ("utama", "waktu" if self.time_first else "")]
        carried += [("siap", "1" if self.stands_by else ""), ("persiapan", self.notice)]
        carried += [("didahulukan", self.shown_by), ("klaim", self.claim)]
        return [(name, value) for name, value in carried if value and name not in without]

    @property
    def ranked_halves(self) -> tuple[str, ...]:
        """The half-days in the person's order: the best one, then the others by the week."""
        if self.is_any_time:
            return ()
        first = (self.best_half,) if self.best_half else ()
        return first + tuple(code for code in self.halves if code != self.best_half)


def read_wishes(sent: QueryDict) -> Wishes:
    """Read what the pages so far have sent."""
    named = [slug for slug in sent.getlist("kantor") if slug]
    return Wishes(
        region=sent.get("wilayah", ""),
        home=sent.get("rumah", ""),
        # The same office twice says nothing that once doesn't.
        offices=tuple(dict.fromkeys(named)),
        # A box without its tick sends nothing: a hidden 0 stands before it.
        any_near=sent.get("dekat", "1") == "1",
        is_any_time=sent.get("waktu", "") != "pilih",
        halves=tuple(dict.fromkeys(sent.getlist("paruh"))),
        best_half=sent.get("terbaik", ""),
        time_first=sent.get("utama", "") == "waktu",
        stands_by=sent.get("siap", "") == "1",
        notice=sent.get("persiapan", "3"),
        shown_by=sent.get("didahulukan", ""),
        together=sent.get("bersama", ""),
        claim=sent.get("klaim", ""),
    )


class Choice(NamedTuple):
    """An office as a choice; km from home as the crow flies, None where home isn't known."""

    office: Office
    km: float | None


class NearHome(NamedTuple):
    """How many offices are near, and how far the farthest of them is, as the crow flies."""

    offices: int
    farthest_km: float


class Choices:
    """What can be chosen from in a region: its districts, and its offices, the nearest first."""

    def __init__(self, region: Region, service: Service, wishes: Wishes) -> None:
        self.region = region
        self.homes: list[HomeArea] = offices.home_areas(region.id)
        self.home = next((area for area in self.homes if area.code == wishes.home), None)
        serving = [o for o in offices.offices_serving(service.id) if o.region_id == region.id]
        self.by_slug = {office.slug: office for office in serving}
        self.offices = _nearest_first(serving, self.home)
        self.service = service

    def near_home(self) -> NearHome:
        """Return what "any office near my home" means: where nothing is near, the nearest few."""
        found = offices.near(self.region, self.service.id, home=self.home)
        return NearHome(len(found), max((km for _, km in found), default=0.0))

    def nearest(self) -> str:
        """Return the office to suggest: the nearest, or none where home isn't known."""
        return self.offices[0].office.slug if self.home and self.offices else ""

    def wrong_home(self, wishes: Wishes) -> dict[str, str]:
        if wishes.home and self.home is None:
            return {"home": _("Pilih kecamatan dari daftar, atau kosongkan.")}
        return {}

    def wrong_offices(self, wishes: Wishes) -> dict[str, str]:
        named = wishes.offices
        if 1 <= len(named) <= OFFICES_AT_MOST and all(slug in self.by_slug for slug in named):
            return {}
        return {"offices": sentence(BadWish("offices"))}


def _nearest_first(serving: list[Office], home: HomeArea | None) -> list[Choice]:
    if home is None:
        return [Choice(office, None) for office in serving]
    by_id = {office.id: office for office in serving}
    places = [(o.id, float(o.latitude), float(o.longitude)) for o in serving]
    ordered = nearest(places, float(home.latitude), float(home.longitude), len(places))
    return [Choice(by_id[office_id], km) for office_id, km in ordered]


def wrong_time(wishes: Wishes) -> dict[str, str]:
    """Return one sentence for every field about time that can't be used."""
    wrong = {}
    typed = {*wishes.halves, *([wishes.best_half] if wishes.best_half else [])}
    if not typed <= set(HALVES):
        wrong["halves"] = sentence(BadHalves("halves"))
    elif wishes.is_any_time and wishes.halves:
        wrong["halves"] = _(
            "Bapak/Ibu memilih hari dan jam apa pun, tetapi juga mencentang waktu. "
            "Pilih salah satu, atau hapus centangnya."
        )
    elif not wishes.is_any_time and not typed:
        wrong["halves"] = _("Centang paling sedikit satu waktu, atau pilih hari dan jam apa pun.")
    if _hours(wishes.notice) is None:
        wrong["notice_hours"] = sentence(BadNotice("notice_hours"))
    return wrong


def _hours(typed: str) -> int | None:
    """Return the hours of notice that were sent, or None if they are none."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len("48")
    hours = int(typed) if is_number else 0
    return hours if 1 <= hours <= NOTICE_HOURS_AT_MOST else None


def wrong_priority(wishes: Wishes) -> dict[str, str]:
    """Return a sentence if the way to show a priority isn't one of the list."""
    if wishes.shown_by and wishes.shown_by not in SHOWN_BY:
        return {"shown_by": sentence(BadShownBy("shown_by"))}
    return {}


def terms_from(wishes: Wishes, choices: Choices, *, needs: tuple[str, ...]) -> turns.Terms:
    """Return wishes that were found good as the action takes them."""
    return turns.Terms(
        Wish(
            tuple(choices.by_slug[slug].id for slug in wishes.offices),
            any_near=wishes.any_near,
            halves=wishes.ranked_halves,
            time_first=wishes.time_first and not wishes.is_any_time,
        ),
        home_id=choices.home.id if choices.home else None,
        is_priority=bool(wishes.shown_by),
        shown_by=wishes.shown_by,
        needs=needs,
        stands_by=wishes.stands_by,
        notice_hours=int(wishes.notice),
    )


def terms_of(application: Application) -> turns.Terms:
    """Return what an application asks for, to change a part of it or to share it."""
    return turns.Terms(
        Wish(
            tuple(application.office_ids),
            any_near=application.any_near,
            halves=tuple(application.halves),
            time_first=application.prefers == "time",
        ),
        home_id=application.home_id,
        is_priority=application.is_priority,
        shown_by=application.shown_by,
        needs=tuple(application.needs),
        stands_by=application.stands_by,
        notice_hours=application.notice_hours,
    )


def wishes_of(application: Application, named: list[Office]) -> Wishes:
    """Return an application's wishes as the form shows them; ``named`` are its offices."""
    halves = tuple(application.halves)
    by_week = tuple(code for code in HALVES if code in halves)
    return Wishes(
        region=application.region.slug,
        home=application.home.code if application.home else "",
        offices=tuple(office.slug for office in named),
        any_near=application.any_near,
        is_any_time=not halves,
        halves=by_week,
        best_half=halves[0] if halves != by_week else "",
        time_first=application.prefers == "time",
        stands_by=application.stands_by,
        notice=str(application.notice_hours),
        shown_by=application.shown_by,
    )


def week(wishes: Wishes) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Return the week as the form shows it: days with (code, name, is ticked) of each half."""
    chosen = set(wishes.halves)
    shown = [d for d in DAYS if d in DAYS[:WORKING_DAYS] or {f"{d}-am", f"{d}-pm"} & chosen]
    return [
        (
            _(DAY_NAMES[day]),
            [(code, half_name(code), code in chosen) for code in (f"{day}-am", f"{day}-pm")],
        )
        for day in shown
    ]


def asked(wishes: Wishes, choices: Choices) -> dict[str, Any]:
    """Return what the templates of the questions need to know."""
    named = list(wishes.offices) + [""] * OFFICES_AT_MOST
    return {
        "wishes": wishes,
        "region": choices.region,
        "homes": choices.homes,
        "home": choices.home,
        "choices": choices.offices,
        # Called by the one page that says it.
        "near_home": choices.near_home,
        "first_choice": named[0] or choices.nearest(),
        "other_choices": list(enumerate(named[1:OFFICES_AT_MOST], start=2)),
        "has_others": len(wishes.offices) > 1,
        "week": week(wishes),
        # A clerk may have typed another number.
        "notices": sorted({*NOTICES, _hours(wishes.notice) or NOTICES[0]}),
        "ways_to_show": [
            (code, _(label), _(SHOWN_BY_HINTS[code]) if SHOWN_BY_HINTS[code] else "")
            for code, label in SHOWN_BY.items()
        ],
    }


def said(terms: turns.Terms, named: list[Office], home: HomeArea | None) -> dict[str, Any]:
    """Return terms as a summary reads them: offices in order, half-days by name, and so on."""
    return {
        "said_offices": named,
        "said_any_near": terms.wish.any_near,
        "said_halves": [half_name(code) for code in terms.wish.halves],
        "said_time_first": terms.wish.time_first,
        "said_home": home,
        "said_stands_by": terms.stands_by,
        "said_notice": terms.notice_hours,
        "said_shown_by": _(SHOWN_BY[terms.shown_by]) if terms.shown_by else "",
    }
