"""The form of an application as a clerk fills it in, and what the person asks for by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from giliran.core.refusal import NotFound
from giliran.core.seats import DAYS, HALVES, OFFICES_AT_MOST, Wish
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns.actions.applying import NOTICE_HOURS_AT_MOST
from giliran.web.counter import needs
from giliran.web.counter.asked import NothingChosen

if TYPE_CHECKING:
    from giliran.turns.models import Application

SHOWN_BY = {
    "card": gettext_noop("KTP (usia)"),
    "sight": gettext_noop("Terlihat langsung"),
    "letter": gettext_noop("Kartu atau surat"),
}
DAY_NAMES = {
    "mon": gettext_noop("Senin"),
    "tue": gettext_noop("Selasa"),
    "wed": gettext_noop("Rabu"),
    "thu": gettext_noop("Kamis"),
    "fri": gettext_noop("Jumat"),
    "sat": gettext_noop("Sabtu"),
    "sun": gettext_noop("Minggu"),
}
NOTICE_HOURS = ("1", "2", "3", "6", "12", "24", "48")
_HOURS = frozenset(str(hours) for hours in range(1, NOTICE_HOURS_AT_MOST + 1))
WORKDAYS = DAYS[:5]


@dataclass(frozen=True)
class Typed:
    """A form as it was typed, bad input included; ``also`` are the offices after the first."""

    service: str = ""
    name: str = ""
    nik: str = ""
    phone: str = ""
    is_priority: bool = False
    shown_by: str = ""
    needs: tuple[str, ...] = ()
    home: str = ""
    first: str = ""
    also: tuple[str, ...] = ()
    any_near: bool = True
    halves: tuple[str, ...] = ()
    time_first: bool = False
    stands_by: bool = False
    notice_hours: str = "3"
    form: str = ""

    @property
    def request_key(self) -> UUID:
        """Name the request: the same form and person, the same application.

        The next person on the same form is another request. Raises ``NotFound``.
        """
        digits = "".join(c for c in self.nik if c.isdigit())
        try:
            return uuid5(UUID(self.form), f"{digits} {self.service}")
        except ValueError:
            raise NotFound from None

    def terms(self, office: Any) -> turns.Terms:
        """Return what is asked for, in offices of this one's region.

        Raises ``NothingChosen`` for what no list of the form holds.
        """
        known = {str(o.id): o.id for o in offices.offices(region_id=office.region_id)}
        homes = {str(h.id): h.id for h in offices.home_areas(office.region_id)}
        chosen = [self.first, *(other for other in self.also if other)]
        if not set(chosen) <= set(known):
            raise NothingChosen("offices")
        if self.home and self.home not in homes:
            raise NothingChosen("home")
        if self.notice_hours not in _HOURS:
            raise NothingChosen("notice_hours")
        wish = Wish(
            tuple(known[one] for one in chosen),
            any_near=self.any_near,
            halves=self.halves,
            time_first=self.time_first,
        )
        return turns.Terms(
            wish,
            home_id=homes.get(self.home),
            is_priority=self.is_priority,
            shown_by=self.shown_by,
            needs=self.needs,
            stands_by=self.stands_by,
            notice_hours=int(self.notice_hours),
        )


def begun(office: Any, sent: QueryDict) -> Typed:
    """Return a new form: this office first, and what another page already knows of the person."""
    return Typed(
        service=sent.get("service", ""),
        name=sent.get("name", ""),
        nik=sent.get("nik", ""),
        first=str(office.id),
        form=str(uuid4()),
    )


def read(post: QueryDict) -> Typed:
    """Return a form as it was sent."""
    return Typed(
        service=post.get("service", ""),
        name=post.get("name", ""),
        nik=post.get("nik", ""),
        phone=post.get("phone", ""),
        is_priority=post.get("is_priority") == "1",
        shown_by=post.get("shown_by", ""),
        needs=tuple(needs.ticked(post.getlist("needs"))),
        home=post.get("home", ""),
        first=post.get("first", ""),
        also=tuple(post.getlist("also")),
        any_near=post.get("any_near") == "1",
        halves=tuple(post.getlist("halves")),
        time_first=post.get("prefers") == "time",
        stands_by=post.get("stands_by") == "1",
        notice_hours=post.get("notice_hours", "3"),
        form=post.get("request_key", ""),
    )


def of(application: Application) -> Typed:
    """Return the form that would make this application; without the person, who stays."""
    first, *also = (str(office_id) for office_id in application.office_ids)
    return Typed(
        service=str(application.service_id),
        is_priority=application.is_priority,
        shown_by=application.shown_by,
        needs=tuple(application.needs),
        home=str(application.home_id or ""),
        first=first,
        also=tuple(also),
        any_near=application.any_near,
        halves=tuple(application.halves),
        time_first=application.prefers == "time",
        stands_by=application.stands_by,
        notice_hours=str(application.notice_hours),
    )


def choices(office: Any, typed: Typed) -> dict[str, Any]:
    """Return what the form offers to choose from."""
    also = [*typed.also, *[""] * OFFICES_AT_MOST][: OFFICES_AT_MOST - 1]
    hours = {*NOTICE_HOURS, typed.notice_hours} & _HOURS
    return {
        "typed": typed,
        # A booth also registers for what only the branch serves.
        "services": offices.services(),
        "offices": offices.offices(region_id=office.region_id),
        "also": list(enumerate(also, start=2)),
        "homes": offices.home_areas(office.region_id),
        "needs": needs.choices(),
        "ticked": typed.needs,
        "shown_by": [(code, gettext(name)) for code, name in SHOWN_BY.items()],
        "half_days": _half_days(typed.halves),
        "hours": sorted(hours, key=int),
    }


def _half_days(ticked: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (day, its halves as code and name): workdays, and others that were chosen before."""
    days = [day for day in DAYS if day in WORKDAYS or {f"{day}-am", f"{day}-pm"} & set(ticked)]
    names = {"am": gettext("pagi"), "pm": gettext("siang")}
    return [
        (gettext(DAY_NAMES[day]), [(f"{day}-{half}", name) for half, name in names.items()])
        for day in days
    ]


def in_order(sent: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    """Return ticked half-days with those that were ranked before in their old order, first."""
    ticked = set(sent)
    kept = [code for code in before if code in ticked]
    return (*kept, *(code for code in HALVES if code in ticked and code not in kept))


def how_shown(application: Application) -> str:
    """Return how the person said that they would show their priority; empty without one."""
    return gettext(SHOWN_BY[application.shown_by]) if application.shown_by else ""
