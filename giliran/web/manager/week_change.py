"""A change of shifts as a form or a drag asks for it, and what it does in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext

from giliran.capacity import actions as capacity
from giliran.capacity import changes, effects
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.web.templatetags.shifts import KINDS


class Wanted(NamedTuple):
    """What a form, a link or a drag asks for: ``how`` is put, swap, cancel, add or nothing yet."""

    how: str = ""
    shift_id: int = 0
    other_id: int = 0
    officer_id: int = 0
    day: date | None = None
    kind: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """Return this as the form sends it again."""
        named = {
            "mau": self.how,
            "dinas": self.shift_id,
            "dengan": self.other_id,
            "petugas": self.officer_id,
            "hari": self.day.isoformat() if self.day else "",
            "jenis": self.kind,
        }
        return {name: str(value) for name, value in named.items() if value}


class Stretch(NamedTuple):
    """Half-hours in a row in which the same changes."""

    day: date
    begins: datetime
    ends: datetime
    need: int
    before: int
    after: int

    @property
    def missing(self) -> int:
        return max(0, self.need - self.after)


HOW: Final = {"ganti", "tukar", "batal", "tambah"}


def meant(office: Any, wanted: Wanted, *, now: datetime) -> changes.Change:
    """Return the change that is asked for. Raises a refusal of ``capacity.changes``."""
    if wanted.how == "tukar":
        return changes.to_swap(office, wanted.shift_id, wanted.other_id, now=now)
    if wanted.how == "batal":
        return changes.to_cancel(office, wanted.shift_id, now=now)
    if wanted.day is None:
        raise NotFound
    where: dict[str, Any] = {
        "officer_id": wanted.officer_id,
        "day": wanted.day,
        "kind": wanted.kind,
    }
    if wanted.how == "tambah":
        return changes.to_add(office, **where, now=now)
    if wanted.how == "ganti":
        return changes.to_put(office, wanted.shift_id, **where, now=now)
    raise NotFound


def make(office: Any, wanted: Wanted, *, actor: str, now: datetime) -> None:
    """Change the shifts. Raises a refusal of ``capacity``."""
    by: dict[str, Any] = {"actor": actor, "now": now}
    where: dict[str, Any] = {
        "officer_id": wanted.officer_id,
        "day": wanted.day,
        "kind": wanted.kind,
    }
    if wanted.how == "tukar":
        capacity.swap_shifts(office, wanted.shift_id, wanted.other_id, **by)
    elif wanted.how == "batal":
        capacity.cancel_shift(office, wanted.shift_id, **by)
    elif wanted.how == "tambah" and wanted.day:
        capacity.add_shift(office, **where, **by)
    elif wanted.how == "ganti" and wanted.day:
        capacity.put_shift(office, wanted.shift_id, **where, **by)
    else:
        raise NotFound


def told(change: changes.Change) -> list[str]:
    """Say what goes and what comes, officer by officer."""
    zone = offices.zone(change.office)

    def when(shift: Any) -> str:
        begins, ends = (at.astimezone(zone) for at in (shift.begins_at, shift.ends_at))
        return f"{changes.in_words(shift.day).partition(',')[0]} {span(begins, ends)}"

    gone = {one.officer_id: one for one in change.gone}
    fresh = {one.officer_id: one for one in change.fresh}
    names = {one.officer_id: one.officer.full_name for one in (*change.gone, *change.fresh)}
    found = []
    for officer_id, name in names.items():
        said = {
            "who": name,
            "gone": when(gone[officer_id]) if officer_id in gone else "",
            "fresh": when(fresh[officer_id]) if officer_id in fresh else "",
        }
        if not said["fresh"]:
            found.append(gettext("%(who)s: %(gone)s dibatalkan") % said)
        elif not said["gone"]:
            found.append(gettext("%(who)s: bertugas %(fresh)s") % said)
        else:
            found.append(gettext("%(who)s: %(gone)s menjadi %(fresh)s") % said)
    return found


def stretches(effect: effects.Effect) -> Iterator[Stretch]:
    """Join neighbouring half-hours in which the same changes."""
    held: Stretch | None = None
    for day in effect.days:
        for one in day.half_hours:
            fresh = Stretch(day.day, one.begins, one.begins + timedelta(minutes=30), *one[1:])
            if not one.is_changed:
                continue
            if held and held.ends == one.begins and held[3:] == fresh[3:]:
                held = held._replace(ends=fresh.ends)
                continue
            if held:
                yield held
            held = fresh
    if held:
        yield held


def in_one_line(effect: effects.Effect, found: list[Stretch]) -> str:
    """Say the worst of an effect in one line: rules first, then promises, then what is short."""
    if effect.broken:
        return effect.broken[0]
    told = [
        gettext("%(when)s: %(before)s menjadi %(after)s, butuh %(need)s")
        % {
            "when": f"{date_format(one.day, 'D')} {span(one.begins, one.ends)}",
            "before": one.before,
            "after": one.after,
            "need": one.need,
        }
        for one in sorted(found, key=lambda one: one.after - one.need)[:2]
    ]
    if effect.touched > 0:
        told.insert(0, gettext("%(n)s janji tidak tepat waktu") % {"n": effect.touched})
    return "; ".join(told) or gettext("Jumlah petugas tetap sama.")


def marks(effect: effects.Effect) -> Iterator[str]:
    """Name the changed cells of the heat map with what they would show: 23-0900:2/3."""
    for day in effect.days:
        for one in day.half_hours:
            if one.is_changed:
                yield f"h{day.day:%d}-{one.begins:%H%M}:{one.after}/{one.need}"


def read(sent: Mapping[str, str]) -> Wanted:
    """Return what was sent; raises ``Http404`` for what no form of ours sends."""
    how = sent.get("mau", "")
    if how and how not in HOW:
        raise Http404
    day = sent.get("hari", "")
    found = Wanted(
        how,
        as_id(sent.get("dinas", "")),
        as_id(sent.get("dengan", "")),
        as_id(sent.get("petugas", "")),
        as_day(day) if day else None,
        sent.get("jenis", ""),
    )
    if (day and found.day is None) or (found.kind and found.kind not in KINDS):
        raise Http404
    return found


def as_id(text: str) -> int:
    """Return an id, or 0 where none was sent; raises ``Http404`` for what is none."""
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):  # noqa: PLR2004 -- bigint
        raise Http404
    return int(text)


def as_day(text: str) -> date | None:
    """Return a day written as 2026-11-23, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def span(begins: datetime, ends: datetime) -> str:
    """Write hours: 08.00–15.00."""
    return f"{begins:%H.%M}–{ends:%H.%M}"
