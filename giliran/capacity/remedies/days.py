"""Another day for the leave, or another window for those who were promised one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from giliran.capacity import changes, leave, span
from giliran.capacity import queries as capacity
from giliran.capacity.leave import DayEffect
from giliran.capacity.models import Leave
from giliran.capacity.remedies.case import (
    CannotHelp,
    Case,
    Proposal,
)
from giliran.capacity.span import Span
from giliran.capacity.standing import Standing
from giliran.offices import queries as offices

_WEEKS_AHEAD: Final = 4


def other_days(case: Case) -> list[Proposal]:
    """Return later days for the whole leave, as long as this one, on which less falls short."""
    one, today = case.leave, offices.local_day(case.office, case.now)
    if one.kind == Leave.Kind.SICK:
        raise CannotHelp(_("Sakit tidak bisa dipindahkan."))
    if one.state != Leave.State.ASKED:
        raise CannotHelp(_("Cuti ini sudah disetujui. Yang bisa menariknya hanya petugasnya."))
    begins = max(today, one.first_day)
    ends = one.last_day + timedelta(weeks=_WEEKS_AHEAD)
    here = span.read(case.office, leave.days_between(begins, ends))
    lost = _lost(_weighed(case, here, one.first_day))
    found: list[Proposal] = []
    for offset in range(1, 7 * _WEEKS_AHEAD):
        first = one.first_day + timedelta(days=offset)
        days = _weighed(case, here, first) if first > today else []
        if not days:
            continue
        if not all(each.is_planned for each in days):
            break  # no roster reaches that far
        # Not a day on which they are off anyway, unless the leave has days of work besides.
        if not any(each.is_away for each in days) or _lost(days) >= lost:
            continue
        found.append(_suggested(case, first, _lost(days)))
        if not _lost(days):
            break
    if not found:
        raise CannotHelp(
            _("Tidak ada tanggal lain dalam jadwal yang berlaku dengan kekurangan lebih kecil.")
        )
    return found


def _suggested(case: Case, first: date, lost: int) -> Proposal:
    told = {"day": changes.in_words(first), "lost": lost}
    cost = _("Petugas harus setuju dengan tanggal itu.")
    if lost:
        cost += " " + _("Di sana kurang %(lost)s setengah jam petugas lebih banyak.") % told
    return Proposal(
        "move",
        _("Usulkan cuti mulai %(day)s.") % told,
        case.effect.before,
        cost,
        lost,
        {"do": "suggest", "day": first.isoformat()},
    )


def _lost(days: list[DayEffect]) -> int:
    return sum(each.after.missing - each.before.missing for each in days)


def _weighed(case: Case, here: Span, first: date) -> list[DayEffect]:
    today = offices.local_day(case.office, case.now)
    days = leave.days_between(first, first + (case.leave.last_day - case.leave.first_day))
    coming = [day for day in days if day >= today]
    return leave.effect_in(here, coming, officer_id=case.leave.officer_id, now=case.now)


def other_windows(case: Case) -> list[Proposal]:
    """Offer other windows to the last of those who can't be served in theirs."""
    people = case.effect.after.people
    if not people:
        raise CannotHelp(_("Semua yang sudah dijanjikan masih bisa dilayani."))
    free = sum(
        one.left
        for one in capacity.free_windows(case.office.id, now=case.now)
        if one.id not in {each.offer_id for each in case.effect.after.touched}
    )
    if not free:
        raise CannotHelp(_("Tidak ada jam lain yang masih kosong."))
    moved = min(people, free)
    return [
        Proposal(
            "people",
            _("Tawarkan jam lain kepada %(n)s orang. Yang tidak setuju tetap pada jamnya.")
            % {"n": moved},
            _with_fewer(case.effect.after, moved),
            _("%(n)s orang dikirimi tawaran. Hasilnya tergantung jawaban mereka.") % {"n": moved},
            0,
            {"do": "people"},
        )
    ]


def _with_fewer(one: Standing, moved: int) -> Standing:
    left, rest = moved, []
    for each in one.touched:
        gone = min(left, each.people)
        left -= gone
        if each.people > gone:
            rest.append(each._replace(people=each.people - gone))
    return one._replace(touched=tuple(rest))
