"""A review in words that need no statistics: usual ups and downs, or no chance."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

from django.utils import formats
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from giliran.core.control import Verdict
from giliran.figures.judging import Funnel, OfficePoint, Reading
from giliran.figures.measures import MEASURES
from giliran.figures.reviews import Content, Span
from giliran.web.manager.numbers import CHANNELS, named
from giliran.web.manager.review_plots import Chart, FunnelChart, chart, funnel_chart

_UP = {Verdict.HIGH, Verdict.HIGHER_SINCE}


class Row(NamedTuple):
    """One figure as a reader sees it."""

    key: str
    label: str
    means: str
    now: str
    n: int
    usual: str
    """The range in which it moves as usual; empty where that isn't known."""
    turned: str
    """membaik, memburuk, naik, turun; empty if nothing changed."""
    is_bad: bool
    is_good: bool
    sentence: str
    chart: Chart | None


class FunnelRow(NamedTuple):
    office: str
    value: str
    n: int
    mark: str
    """Its letter in the picture, empty within the funnel."""
    side: str


class FunnelShown(NamedTuple):
    key: str
    label: str
    sentence: str
    chart: FunnelChart
    rows: tuple[FunnelRow, ...]


def label_of(key: str) -> str:
    """Name a figure in the reader's language."""
    if key.startswith("channel:"):
        name = named(CHANNELS, key.partition(":")[2])
        return gettext("Bagian yang minta giliran lewat: %(channel)s") % {"channel": name}
    return gettext(MEASURES[key].label)


def amount(key: str, value: float | None, *, with_unit: bool = True) -> str:
    """Write a figure with its unit: 87,5%, 31 menit, 12 orang."""
    if value is None:
        return "–"
    kind = MEASURES[key].kind if key in MEASURES else "share"
    if kind == "share":
        return f"{_number(100 * value, 1)}%"
    text = _number(value, 0 if kind == "count" else 1)
    unit = gettext(MEASURES[key].unit) if with_unit and kind in {"count", "minutes"} else ""
    return f"{text} {unit}".strip()


def _number(value: float, digits: int) -> str:
    value = round(value, digits)
    return str(number_format(value, 0 if value == int(value) else digits))


def headline(content: Content, span: Span) -> str:
    """Say in one sentence how the week or month was."""
    unusual = content.unusual
    if not content.compared:
        return (
            gettext("Belum cukup pekan untuk dibandingkan; angka pekan ini ditulis apa adanya.")
            if span == "week"
            else gettext(
                "Belum cukup bulan untuk dibandingkan; angka bulan ini ditulis apa adanya."
            )
        )
    if not unusual:
        return (
            gettext("Pekan ini berjalan seperti biasa: semua angka naik-turun biasa.")
            if span == "week"
            else gettext("Bulan ini berjalan seperti biasa: semua angka naik-turun biasa.")
        )
    worse = [label_of(one.key) for one in unusual if turned(one) == "memburuk"]
    told = {"n": len(unusual), "of": len(content.compared)}
    text = ngettext(
        "%(n)s dari %(of)s angka berubah, dan ini bukan kebetulan.",
        "%(n)s dari %(of)s angka berubah, dan ini bukan kebetulan.",
        len(unusual),
    )
    if worse:
        named = gettext("Memburuk: %(names)s.") % {"names": ", ".join(worse)}
        return f"{text % told} {named}"
    return text % told


def turned(one: Reading) -> str:
    """Return which way an unusual figure went, better or worse where that can be said."""
    if not one.is_unusual:
        return ""
    is_up = one.verdict in _UP
    better = MEASURES[one.key].better if one.key in MEASURES else ""
    if not better:
        return "naik" if is_up else "turun"
    return "membaik" if is_up == (better == "up") else "memburuk"


def rows(content: Content, span: Span) -> list[Row]:
    """Return a review's figures for its page, those that changed first."""
    shown = [_row(one, span) for one in content.readings]
    return sorted(shown, key=lambda row: not row.turned)


def _row(one: Reading, span: Span) -> Row:
    now, way = one.now, turned(one)
    usual = ""
    if now.low is not None and one.verdict != Verdict.FEW:
        low, high = _whole(one, now.low, now.high)
        least, most = amount(one.key, low, with_unit=False), amount(one.key, high)
        is_one = least == amount(one.key, high, with_unit=False)
        usual = most if is_one else f"{least}–{most}"
    sentence = _sentence(one, span, usual)
    label = label_of(one.key)
    enough = sum(point.value is not None for point in one.points) > 1
    described = f"{label}. {sentence} {_told(one)}"
    return Row(
        one.key,
        label,
        gettext(MEASURES[one.key].means) if one.key in MEASURES else "",
        amount(one.key, now.value),
        now.n,
        usual,
        {
            "membaik": gettext("membaik"),
            "memburuk": gettext("memburuk"),
            "naik": gettext("naik"),
            "turun": gettext("turun"),
        }.get(way, ""),
        way == "memburuk",
        way == "membaik",
        sentence,
        chart(
            one,
            described,
            written=lambda value: amount(one.key, value, with_unit=False),
            dated=lambda first: period(date.fromisoformat(first)),
        )
        if enough
        else None,
    )


def _whole(one: Reading, low: float, high: float | None) -> tuple[float, float | None]:
    """Return the people between the limits: 0 isn't usual where the lower one is 0,4."""
    if high is None or one.key not in MEASURES or MEASURES[one.key].kind != "count":
        return low, high
    least, most = math.ceil(low), math.floor(high)
    return (least, most) if least <= most else (low, high)


def _sentence(one: Reading, span: Span, usual: str) -> str:
    told = {"usual": usual, "n": one.run, "before": one.before}
    if one.now.value is None:
        return gettext("Tidak ada yang bisa dihitung.")
    if one.verdict == Verdict.FEW:
        text = (
            gettext("Belum bisa dibandingkan: baru ada %(before)s pekan sebelumnya.")
            if span == "week"
            else gettext("Belum bisa dibandingkan: baru ada %(before)s bulan sebelumnya.")
        )
        return text % told
    if one.verdict == Verdict.USUAL:
        return gettext("Ini naik-turun biasa: biasanya %(usual)s.") % told
    if one.verdict == Verdict.HIGH:
        return gettext("Ini bukan kebetulan: lebih tinggi dari biasanya (%(usual)s).") % told
    if one.verdict == Verdict.LOW:
        return gettext("Ini bukan kebetulan: lebih rendah dari biasanya (%(usual)s).") % told
    above = one.verdict == Verdict.HIGHER_SINCE
    if span == "week":
        text = (
            gettext("Ini bukan kebetulan: sudah %(n)s pekan selalu di atas pekan-pekan sebelumnya.")
            if above
            else gettext(
                "Ini bukan kebetulan: sudah %(n)s pekan selalu di bawah pekan-pekan sebelumnya."
            )
        )
    else:
        text = (
            gettext("Ini bukan kebetulan: sudah %(n)s bulan selalu di atas bulan-bulan sebelumnya.")
            if above
            else gettext(
                "Ini bukan kebetulan: sudah %(n)s bulan selalu di bawah bulan-bulan sebelumnya."
            )
        )
    return text % told


def _told(one: Reading) -> str:
    """Return the last six periods as text, for whoever doesn't see the picture."""
    last = [point for point in one.points if point.value is not None][-6:]
    return ", ".join(
        f"{period(date.fromisoformat(point.first))}: "
        f"{amount(one.key, point.value, with_unit=False)}"
        for point in last
    )


def period(first: date) -> str:
    """Write a period's first day shortly: 16 Nov."""
    return formats.date_format(first, "j M")


def named_span(span: Span, first: date, last: date) -> str:
    """Write a review's days: 16–22 November 2026, or November 2026."""
    if span == "month":
        return formats.date_format(first, "F Y")
    if first.month == last.month:
        return f"{first.day}–{formats.date_format(last, 'j F Y')}"
    begins = formats.date_format(first, "j F" if first.year == last.year else "j F Y")
    return f"{begins} – {formats.date_format(last, 'j F Y')}"


def funnels(content: Content, names: dict[int, str]) -> list[FunnelShown]:
    """Return the pictures of offices by size, each with its table in the order of names."""
    return [_funnel(one, names) for one in content.funnels]


def _funnel(one: Funnel, names: dict[int, str]) -> FunnelShown:
    ordered = sorted(one.offices, key=lambda office: names.get(office.office_id, ""))
    outside = set(one.outside)
    letters = {each: _letter(n) for n, each in enumerate(e for e in ordered if e in outside)}
    sentence = (
        gettext("Semua kantor sama, sejauh kebetulan bisa menjelaskan: tidak ada yang menonjol.")
        if not outside
        else ngettext(
            "%(n)s kantor berbeda dari yang lain, dan ini bukan kebetulan: %(names)s.",
            "%(n)s kantor berbeda dari yang lain, dan ini bukan kebetulan: %(names)s.",
            len(outside),
        )
        % {
            "n": len(outside),
            "names": ", ".join(names.get(e.office_id, "?") for e in ordered if e in outside),
        }
    )
    label = label_of(one.key)
    return FunnelShown(
        one.key,
        label,
        sentence,
        funnel_chart(one, letters, f"{label}. {sentence}"),
        tuple(
            FunnelRow(
                names.get(each.office_id, "?"),
                amount(one.key, each.value),
                each.n,
                letters.get(each, ""),
                _side(each),
            )
            for each in ordered
        ),
    )


def _side(one: OfficePoint) -> str:
    if one.value > one.high:
        return gettext("lebih tinggi, bukan kebetulan")
    if one.value < one.low:
        return gettext("lebih rendah, bukan kebetulan")
    return gettext("seperti yang lain")


def _letter(n: int) -> str:
    return chr(ord("A") + n) if n < 26 else str(n + 1)  # noqa: PLR2004 -- the alphabet
