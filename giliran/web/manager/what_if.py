"""What if: one more counter, half the files checked before? Asked here, played by the worker."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import NotFound, Refusal
from giliran.figures import rehearsals
from giliran.figures.rehearsals import Answer, Change
from giliran.lab.office import Estimate
from giliran.web.manager.frame import frame
from giliran.web.refusals import sentence
from giliran.web.staff import MANAGE, at_office

COUNTERS: Final = (-2, -1, 0, 1, 2, 3)
PRECHECKED: Final = (0, 25, 50, 75, 100)
FEWER_NO_SHOWS: Final = (0, 5, 10, 15)
_LONG: Final = 9


class Row(NamedTuple):
    """One figure as it is, as it would be, and how far apart; each with its interval."""

    name: str
    unit: str
    base: str
    changed: str
    difference: str
    is_sure: bool
    """Whether the interval of the difference leaves out zero."""


class Bar(NamedTuple):
    """One bar of the picture of 320 units; the interval is drawn across its end."""

    y: int
    width: int
    least: int
    most: int
    is_changed: bool
    text: str


class Group(NamedTuple):
    name: str
    y: int
    bars: tuple[Bar, ...]


class Picture(NamedTuple):
    groups: tuple[Group, ...]
    height: int
    said: str


def _rounded(value: float, digits: int = 1) -> str:
    """Write a number as it is written here; ``number_format`` alone cuts digits off."""
    return str(number_format(round(value, digits), digits))


def _percent(value: float) -> str:
    return _rounded(100 * value)


_SHOWN: Final[tuple[tuple[str, str, str, Callable[[float], str]], ...]] = (
    (
        "wait_p50_minutes.all",
        gettext_noop("Separuh orang menunggu paling lama"),
        gettext_noop("menit"),
        _rounded,
    ),
    (
        "wait_p90_minutes.all",
        gettext_noop("9 dari 10 orang menunggu paling lama"),
        gettext_noop("menit"),
        _rounded,
    ),
    (
        "in_window_share",
        gettext_noop("Janji yang dipanggil sebelum jamnya lewat"),
        gettext_noop("%"),
        _percent,
    ),
    (
        "served_a_day.all",
        gettext_noop("Dilayani sehari"),
        gettext_noop("orang"),
        _rounded,
    ),
    (
        "unserved_a_day.all",
        gettext_noop("Belum dilayani saat kantor tutup"),
        gettext_noop("orang"),
        _rounded,
    ),
    ("idle_share", gettext_noop("Waktu loket tanpa orang"), gettext_noop("%"), _percent),
    (
        "overtime_minutes_a_day",
        gettext_noop("Kerja lewat jam, semua loket"),
        gettext_noop("menit"),
        _rounded,
    ),
)
_DRAWN: Final = (
    ("wait_p50_minutes.all", gettext_noop("Separuh orang, paling lama")),
    ("wait_p90_minutes.all", gettext_noop("9 dari 10 orang, paling lama")),
)


@at_office(*MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest, office: Any) -> HttpResponse:
    """Ask, or show what was found (``?coba=``); ``&bagian=hasil`` gives the answer alone."""
    here = reverse("manager_what_if", args=[office.slug])
    if request.method == "POST":
        change = _change(request)
        try:
            rehearsal_id = rehearsals.ask(office, change, now=clock.now())
        except Refusal as refusal:
            context = _form(request, office, change) | {"wrong": sentence(refusal)}
            return render(request, "manager/what_if.html", context, status=422)
        return redirect(f"{here}?coba={rehearsal_id}#hasil")
    sent = request.GET.get("coba", "")
    if not sent:
        return render(request, "manager/what_if.html", _form(request, office, Change(1)))
    context = _found(office, sent)
    if request.GET.get("bagian") == "hasil":
        return render(request, "manager/what_if_result.html", {"office": office, **context})
    context = _form(request, office, context["asked"].change) | context
    return render(request, "manager/what_if.html", context)


def _change(request: HttpRequest) -> Change:
    """Read the form; what it doesn't offer is no form of ours."""

    def chosen(name: str, among: tuple[int, ...]) -> int:
        sent = request.POST.get(name, "")
        found = next((one for one in among if str(one) == sent), None)
        if found is None:
            raise Http404
        return found

    return Change(
        chosen("loket", COUNTERS),
        chosen("berkas", PRECHECKED),
        chosen("hadir", FEWER_NO_SHOWS),
    )


def _form(request: HttpRequest, office: Any, change: Change) -> dict[str, Any]:
    return {
        **frame(request, office),
        "change": change,
        "counters": [(n, _counters_said(n)) for n in COUNTERS],
        "prechecked": PRECHECKED,
        "fewer_no_shows": FEWER_NO_SHOWS,
    }


def _counters_said(more: int) -> str:
    if more == 0:
        return gettext("Tetap")
    many = abs(more)
    if more > 0:
        return ngettext("%(n)s loket lebih banyak", "%(n)s loket lebih banyak", many) % {"n": many}
    return ngettext("%(n)s loket lebih sedikit", "%(n)s loket lebih sedikit", many) % {"n": many}


def _found(office: Any, sent: str) -> dict[str, Any]:
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= _LONG):
        raise Http404
    try:
        asked = rehearsals.asked(office.id, int(sent))
    except NotFound as refusal:
        raise Http404 from refusal
    context: dict[str, Any] = {"asked": asked, "id": int(sent), "said": _said(asked.change)}
    if asked.answer is not None:
        context |= {
            "basis": asked.answer.basis,
            "absent_percent": round(100 * (1 - asked.answer.basis.show_up)),
            "rows": _rows(asked.answer),
            "picture": _picture(asked.answer),
            "days": rehearsals.DAYS,
            "replications": rehearsals.REPLICATIONS,
            "factor_percent": round(100 * rehearsals.PRECHECKED_FACTOR),
        }
    return context


def _said(change: Change) -> str:
    """Return the change in words: what was asked stays beside what was found."""
    parts = []
    if change.more_counters:
        parts.append(_counters_said(change.more_counters))
    if change.prechecked_percent:
        parts.append(gettext("%(n)s%% berkas diperiksa dulu") % {"n": change.prechecked_percent})
    if change.fewer_no_shows_percent:
        parts.append(
            gettext("%(n)s dari 100 janji lagi hadir") % {"n": change.fewer_no_shows_percent}
        )
    return ", ".join(parts)


def _rows(answer: Answer) -> list[Row]:
    rows = []
    for key, name, unit, shown in _SHOWN:
        base, changed, apart = answer.base[key], answer.changed[key], answer.difference[key]
        if math.isnan(base.mean) or math.isnan(changed.mean):
            continue
        rows.append(
            Row(
                gettext(name),
                gettext(unit),
                _with_interval(base, shown),
                _with_interval(changed, shown),
                _with_interval(apart, shown, sign=True),
                is_sure=abs(apart.mean) > apart.half,
            )
        )
    return rows


def _with_interval(one: Estimate, shown: Callable[[float], str], *, sign: bool = False) -> str:
    told = shown(abs(one.mean) if sign else one.mean)
    if sign and any(digit in told for digit in "123456789"):
        told = f"{'+' if one.mean > 0 else '−'}{told}"
    return told if math.isnan(one.half) else f"{told} ± {shown(one.half)}"


def _picture(answer: Answer) -> Picture | None:
    """Draw how long people wait, as it is and with the change, with the intervals."""
    drawn = [(gettext(name), answer.base[key], answer.changed[key]) for key, name in _DRAWN]
    ends = [one.mean + one.half for _, *both in drawn for one in both if not math.isnan(one.mean)]
    if len(ends) < 2 * len(drawn) or max(ends) <= 0:
        return None
    scale = 215 / max(ends)  # the rest is for the figure behind the longest bar
    groups, said, y = [], [], 0
    for name, *both in drawn:
        bars = []
        for place, one in enumerate(both):
            text = gettext("%(n)s menit") % {"n": _rounded(one.mean, 0)}
            bars.append(
                Bar(
                    y=y + 24 + 26 * place,
                    width=round(scale * one.mean),
                    least=max(0, round(scale * (one.mean - one.half))),
                    most=round(scale * (one.mean + one.half)),
                    is_changed=place == 1,
                    text=text,
                )
            )
        groups.append(Group(name, y + 16, tuple(bars)))
        said.append(
            gettext("%(name)s: sekarang %(base)s, dengan perubahan %(changed)s")
            % {"name": name, "base": bars[0].text, "changed": bars[1].text}
        )
        y += 86
    return Picture(tuple(groups), y, ". ".join(said))
