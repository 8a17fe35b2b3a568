"""Reading rosters: a region's weeks, who works where, and what can't be met, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from giliran.capacity import needs
from giliran.capacity.models import Leave, Roster, Shift
from giliran.capacity.roster_setting import Week, limits_of
from giliran.core.refusal import NotFound
from giliran.lab.roster import Assigned, faults
from giliran.lab.roster.checking import present
from giliran.offices import queries as offices
from giliran.offices.models import Office, Service


class Row(NamedTuple):
    """One officer's shift in a roster."""

    officer_id: int
    officer: str
    office_id: int
    office: str
    day: date
    kind: str
    begins_at: datetime
    ends_at: datetime
    is_lent: bool


class Lack(NamedTuple):
    """Half-hours in a row in which an office misses as many officers; JSON in Roster.shorts."""

    office_id: int
    day: date
    begins: datetime
    ends: datetime
    needed: int
    missing: int
    why: str
    """officers, counters, or the service (by id) that nobody free can serve."""

    def as_json(self) -> dict[str, Any]:
        return {
            "office_id": self.office_id,
            "day": self.day.isoformat(),
            "begins": self.begins.isoformat(),
            "ends": self.ends.isoformat(),
            "needed": self.needed,
            "missing": self.missing,
            "why": self.why,
        }


def roster(roster_id: int) -> Roster:
    """Return a roster with its region, or raise ``NotFound``."""
    try:
        return Roster.objects.select_related("region").get(id=roster_id)
    except Roster.DoesNotExist:
        raise NotFound from None


def latest(region_id: int, monday: date) -> Roster | None:
    """Return the newest roster of a week that was made, in force or not, or None."""
    found = Roster.objects.filter(region_id=region_id, monday=monday)
    return found.select_related("region").order_by("-id").first()


def in_force(region_id: int, monday: date) -> Roster | None:
    """Return the roster of a week that was published, or None."""
    found = Roster.objects.filter(region_id=region_id, monday=monday)
    return found.select_related("region").filter(state=Roster.State.PUBLISHED).first()


def gap(found: Roster) -> float | None:
    """Return the share of the cost that a better roster could still save, at most; or None."""
    if found.cost is None or found.bound is None:
        return None
    return max(0.0, found.cost - found.bound) / max(abs(found.cost), 1.0)


def rows(roster_id: int) -> list[Row]:
    """Return a roster's shifts by office, officer and day, in each office's own time."""
    found = (
        Shift.objects.filter(roster_id=roster_id, cancelled_at__isnull=True)
        .select_related("officer", "office")
        .order_by("office__name", "officer__full_name", "officer_id", "day")
    )
    at: dict[int, list[int]] = {}
    for office_id in {one.office_id for one in found}:
        at[office_id] = offices.staff_ids(office_id)
    return [
        Row(
            one.officer_id,
            one.officer.full_name,
            one.office_id,
            one.office.name,
            one.day,
            one.kind,
            one.begins_at.astimezone(ZoneInfo(one.office.time_zone)),
            one.ends_at.astimezone(ZoneInfo(one.office.time_zone)),
            one.officer_id not in at[one.office_id],
        )
        for one in found
    ]


def sentences(found: Roster) -> list[str]:
    """Say what a roster couldn't meet: office, day, hours, how many or what skill, and why."""
    office = {one.id: one for one in offices.offices()}  # some may belong elsewhere by now
    service = dict(Service.objects.values_list("id", "name"))
    return [
        _sentence(lack, office[lack["office_id"]], service)
        for lack in found.shorts
        if lack["office_id"] in office
    ]


def _sentence(lack: Mapping[str, Any], office: Office, services: Mapping[int, str]) -> str:
    zone = ZoneInfo(office.time_zone)
    day = date.fromisoformat(lack["day"])
    begins, ends = (
        datetime.fromisoformat(lack[key]).astimezone(zone) for key in ("begins", "ends")
    )
    told = {
        "office": office.name,
        "day": date_format(day, "l, j F Y"),
        "begins": f"{begins:%H.%M}",
        "ends": f"{ends:%H.%M} {offices.ZONE_NAMES[office.time_zone]}",
        "needed": lack["needed"],
        "missing": lack["missing"],
    }
    when = _("%(office)s, %(day)s, %(begins)s–%(ends)s:") % told
    if lack["why"] == "counters":
        what = _("butuh %(needed)s petugas, kurang %(missing)s, karena loketnya tidak cukup.")
    elif lack["why"] == "officers":
        what = _("butuh %(needed)s petugas, kurang %(missing)s.")
    else:
        told["service"] = services.get(int(lack["why"]), "")
        what = _("kurang %(missing)s petugas yang bisa melayani %(service)s.")
    away = _away(office, day)
    because = "" if not away else " " + _("%(away)s petugas cuti hari itu.") % {"away": away}
    return f"{when} {what % told}{because}"


def _away(office: Office, day: date) -> int:
    approved = Leave.objects.filter(
        office=office, state=Leave.State.APPROVED, first_day__lte=day, last_day__gte=day
    )
    return approved.values("officer_id").distinct().count()


def lacks_of(week: Week, shifts: Iterable[Shift], assigned: Assigned) -> list[Lack]:
    """Return what a solved roster leaves short, counted as its offices will see it in force."""
    by_day: dict[tuple[int, date], list[Shift]] = {}
    for one in shifts:
        by_day.setdefault((one.office_id, one.day), []).append(one)
    found: list[Lack] = []
    for (office_id, day), halves in week.needs.items():
        office = offices.office_by_id(office_id)
        staffed = needs.staff_with(office, day, by_day.get((office_id, day), []))
        told = [
            (half.begins, half.officers, staff.officers)
            for half, staff in zip(halves, staffed, strict=True)
        ]
        found += _lacks(office_id, day, told, week.counters[office_id])
    return found + _without_skill(week, assigned)


def _lacks(
    office_id: int, day: date, told: Iterable[tuple[datetime, int, int]], seats: int
) -> list[Lack]:
    short = [
        Lack(
            office_id,
            day,
            begins,
            begins + needs.HALF_HOUR,
            needed,
            needed - staff,
            "counters" if staff >= seats else "officers",
        )
        for begins, needed, staff in told
        if staff < needed
    ]
    return list(_joined(short))


def _without_skill(week: Week, assigned: Assigned) -> list[Lack]:
    found = []
    for cover, count in present(week.setting, assigned):
        if cover.skill and count < cover.wanted:
            office_id, begins = cover.key.split()[:2]
            at = datetime.fromisoformat(begins)
            short = (cover.wanted, cover.wanted - count, cover.skill)
            found.append(Lack(int(office_id), at.date(), at, at + needs.HALF_HOUR, *short))
    return list(_joined(sorted(found, key=lambda one: (one.office_id, one.why, one.begins))))


def _joined(short: Sequence[Lack]) -> Iterator[Lack]:
    """Join neighbouring half-hours that lack the same."""
    held: Lack | None = None
    for one in short:
        if (
            held is not None
            and held._replace(begins=one.begins, ends=one.ends) == one
            and (held.ends == one.begins)
        ):
            held = held._replace(ends=one.ends)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def assigned_in(
    shifts: Iterable[Shift], week: Week
) -> tuple[dict[tuple[str, int], str], list[str]]:
    """Return shifts as the checker reads them, and those that are no duty of the week (any more).

    Where an officer rests isn't kept with a shift; each way to rest keeps the same limits.
    """
    ways: dict[tuple[int, date, str, datetime, datetime], list[str]] = {}
    for key, duty in week.duties.items():
        what = (duty.office_id, duty.day, duty.kind, duty.begins_at, duty.ends_at)
        ways.setdefault(what, []).append(key)
    may = {worker.key: worker.may for worker in week.setting.workers}
    found: dict[tuple[str, int], str] = {}
    strange: list[str] = []
    for one in shifts:
        who = str(one.officer_id)
        keys = ways.get((one.office_id, one.day, one.kind, one.begins_at, one.ends_at))
        if keys is None or who not in may:
            strange.append(f"{who}: {one.kind} on {one.day} is no duty of this week any more")
        else:
            allowed = [key for key in keys if key in may[who]]
            found[who, (one.day - week.monday).days] = (allowed or keys)[0]
    return found, strange


def broken_rules(week: Week, shifts: Iterable[Shift]) -> list[str]:
    """Name every rule that shifts break as things stand now, each after the id of its officer."""
    assigned, strange = assigned_in(shifts, week)
    return strange + faults(week.setting, assigned)


def broken_now(roster_id: int, *, today: date) -> list[str]:
    """Name every rule that a roster breaks from today on, as things stand now."""
    found = roster(roster_id)
    shifts = Shift.objects.filter(roster=found, cancelled_at__isnull=True, day__gte=today)
    return broken_rules(limits_of(found.region_id, found.monday, today=today), shifts)
