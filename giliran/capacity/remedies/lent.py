"""Who can come from elsewhere: a near office, or the branch's own booth."""

from __future__ import annotations

from django.utils.translation import gettext as _

from giliran.capacity import loans, needs
from giliran.capacity.models import Loan, Shift
from giliran.capacity.remedies.case import (
    CannotHelp,
    Case,
    Proposal,
    not_put_down,
)
from giliran.offices.models import Office


def loan(case: Case) -> list[Proposal]:
    """An officer of a near office: theirs to say yes or no."""
    if case.own() is None:
        raise CannotHelp(not_put_down())
    booths = {each.id for each in booths_of(case.office)}
    if not [each for each, _way in loans.neighbours(case.office) if each.id not in booths]:
        raise CannotHelp(_("Tidak ada kantor lain yang bisa dicapai dalam satu jam."))
    asked = Loan.objects.filter(to=case.office, day=case.day, state=Loan.State.ASKED)
    if asked.exists():
        raise CannotHelp(_("Pinjaman sudah diminta dan menunggu jawaban."))
    found = [
        _lent(case, each)
        for each in loans.candidates(case.office, case.day, now=case.now)
        if each.home.id not in booths
    ]
    if not found:
        raise CannotHelp(
            _("Kantor terdekat lebih membutuhkan petugasnya, atau perjalanannya terlalu jauh.")
        )
    return found


def _lent(case: Case, one: loans.Candidate) -> Proposal:
    own = case.own()
    fresh = Shift(
        officer_id=one.officer_id,
        office=case.office,
        day=case.day,
        kind=own.kind if own else "full",
        begins_at=one.begins,
        ends_at=one.ends,
    )
    told = {"who": one.officer, "office": one.home.name, "minutes": one.minutes}
    added = one.home_after.missing - one.home_before.missing
    cost = _("Perjalanan %(minutes)s menit sekali jalan.") % told
    if added:
        cost += " " + _("Di %(office)s kurang %(added)s setengah jam petugas lebih banyak.") % (
            told | {"added": added}
        )
    else:
        cost += " " + _("%(office)s tetap cukup.") % told
    return Proposal(
        "loan",
        _("Pinjam %(who)s dari %(office)s. Kepala kantor itu yang menjawab.") % told,
        case.standing([*case.there(), fresh]),
        cost,
        2 * one.minutes,
        {"do": "loan", "officer": str(one.officer_id)},
    )


def booth(case: Case) -> list[Proposal]:
    """An officer of the branch's own booth in a public service mall."""
    if case.own() is None:
        raise CannotHelp(not_put_down())
    booths = booths_of(case.office)
    if not booths:
        raise CannotHelp(_("Kantor ini tidak punya gerai Mal Pelayanan Publik."))
    ways = {each.id: minutes for each, minutes in loans.neighbours(case.office)}
    found = []
    for booth in booths:
        there = needs.shifts_there(booth, case.day)
        for shift in there:
            if booth.id not in ways or shift.loan_id is not None:
                continue
            begins, ends = loans.times_at(case.office, shift, ways[booth.id], now=case.now)
            before, after = loans.without_one(booth, shift, there, now=case.now)
            if begins < ends and after.people <= before.people:
                one = loans.Candidate(
                    shift.officer_id,
                    shift.officer.full_name,
                    booth,
                    ways[booth.id],
                    begins,
                    ends,
                    before,
                    after,
                    0.0,
                )
                found.append(
                    _lent(case, one)._replace(
                        kind="booth",
                        what=_("%(who)s dari %(office)s bekerja di kantor ini hari itu.")
                        % {"who": one.officer, "office": booth.name},
                        fields={"do": "booth", "officer": str(one.officer_id)},
                    )
                )
    if not found:
        raise CannotHelp(_("Di gerai kantor ini tidak ada petugas yang bisa dilepas hari itu."))
    return found


def booths_of(office: Office) -> list[Office]:
    return list(
        Office.objects.filter(parent=office, kind=Office.Kind.MPP_BOOTH)
        .select_related("region")
        .order_by("id")
    )
