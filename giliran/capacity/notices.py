"""What a message to officers about leave, loans or shifts says when it is sent; see the forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from giliran.capacity import duties, heads, leave, loans
from giliran.capacity import notice_forms as forms
from giliran.capacity.models import Leave, Loan, Roster, Shift
from giliran.core.refusal import NotFound
from giliran.messages import queries as messages
from giliran.messages import spoken
from giliran.messages.forms import Form
from giliran.messages.queries import MessageView
from giliran.messages.wording import Known, Wording, in_its_language, linked
from giliran.offices.models import Office

FORMS = forms.FORMS
EXAMPLES = forms.EXAMPLES
_DAYS_SAID: Final = 5
_OWN_ROSTER: Final = "/petugas/jadwal/"


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return a message in a language ("id" or "en"), or None when it is no longer true."""
    message = messages.message(message_id)
    try:
        found = READERS[message.kind](message, language)
    except NotFound:
        return None
    return linked(found, language) if found else None


def _sick(message: MessageView, language: str) -> Known | None:
    one = leave.leave(message.subject_id)
    if one.state != Leave.State.APPROVED:
        return None
    return _with_effect(forms.SICK, one, message, language)


def _leave_asked(message: MessageView, language: str) -> Known | None:
    one = leave.leave(message.subject_id)
    if one.state != Leave.State.ASKED:
        return None
    return _with_effect(forms.LEAVE_ASKED, one, message, language)


def _with_effect(form: Form, one: Leave, message: MessageView, language: str) -> Known | None:
    if not heads.answers_for(int(message.data["officer"]), one.office):
        return None
    values = _days(one, language) | {
        "office": one.office.name,
        "place": spoken.place(one.office.name),
        "effect": _effect(one, message.made_at, language),
    }
    return Known(form, values, f"/kepala/{one.office.slug}/cuti/{one.id}/")


def _effect(one: Leave, now: datetime, language: str) -> str:
    """Say how many officers are missing without somebody, and how many people that touches."""
    found = leave.effect_of(one, now=now)
    if not any(day.is_planned for day in found):
        return forms.NO_ROSTER.spoken(language)
    felt = [day.after for day in found if day.is_felt]
    missing = max((each.missing for day in felt for each in day.gaps), default=0)
    people = sum(day.people for day in felt)
    said = []
    if missing:
        said.append(forms.SHORT.spoken(language) % {"missing": missing})
    if people:
        said.append(forms.TOUCHED.spoken(language) % {"people": people})
    return ", ".join(said) or forms.ENOUGH.spoken(language)


def _leave_decided(message: MessageView, language: str) -> Known | None:
    one = leave.leave(message.subject_id)
    decided = {
        "leave_approved": (Leave.State.APPROVED, forms.LEAVE_APPROVED),
        "leave_refused": (Leave.State.REFUSED, forms.LEAVE_REFUSED),
    }
    state, form = decided[message.kind]
    return Known(form, _days(one, language), "/petugas/cuti/") if one.state == state else None


def _leave_suggested(message: MessageView, language: str) -> Known | None:
    one = leave.leave(message.subject_id)
    day = one.suggested_day
    if one.state != Leave.State.ASKED or day is None or day.isoformat() != message.data["day"]:
        return None
    suggested = {"suggested": spoken.day(day), "suggested_brief": spoken.brief_day(day)}
    return Known(forms.LEAVE_SUGGESTED, _days(one, language) | suggested, "/petugas/cuti/")


def _days(one: Leave, language: str) -> dict[str, str]:
    def told(write: Callable[[date], str]) -> str:
        if one.first_day == one.last_day:
            return write(one.first_day)
        both = {"first": write(one.first_day), "last": write(one.last_day)}
        return forms.UNTIL.spoken(language) % both

    return {"days": told(spoken.day), "brief": told(spoken.brief_day)}


def _loan_asked(message: MessageView, language: str) -> Known | None:
    return _loan(message, forms.LOAN_ASKED, Loan.State.ASKED)


def _loan_accepted(message: MessageView, language: str) -> Known | None:
    return _loan(message, forms.LOAN_ACCEPTED, Loan.State.ACCEPTED)


def _loan_refused(message: MessageView, language: str) -> Known | None:
    return _loan(message, forms.LOAN_REFUSED, Loan.State.REFUSED)


def _loan_ended(message: MessageView, language: str) -> Known | None:
    return _loan(message, forms.LOAN_ENDED, Loan.State.WITHDRAWN)


def _loan_kept(message: MessageView, language: str) -> Known | None:
    return _loan(message, forms.LOAN_KEPT, Loan.State.ACCEPTED)


def _loan(message: MessageView, form: Form, state: str) -> Known | None:
    one = loans.loan(message.subject_id)
    if one.state != state:
        return None
    where = Office.objects.filter(id=message.data["at"]).values_list("slug", flat=True)
    return Known(form, _of(one), f"/kepala/{where[0]}/pinjaman/")


def _own_loan(message: MessageView, language: str) -> Known | None:
    one = loans.loan(message.subject_id)
    shift = Shift.objects.filter(
        loan=one, office=one.to, is_draft=False, cancelled_at__isnull=True
    ).first()
    if one.state != Loan.State.ACCEPTED or shift is None:
        return None
    hours = spoken.window(shift.begins_at, shift.ends_at, one.to)
    return Known(forms.OWN_LOAN, _of(one) | {"hours": hours}, _OWN_ROSTER)


def _own_loan_ended(message: MessageView, language: str) -> Known | None:
    one = loans.loan(message.subject_id)
    if one.state != Loan.State.WITHDRAWN or leave.is_away(one.officer_id, one.day):
        return None
    return Known(forms.OWN_LOAN_ENDED, _of(one), _OWN_ROSTER)


def _of(one: Loan) -> dict[str, str]:
    return {
        "office": one.home.name,
        "place": spoken.place(one.home.name),
        "to": one.to.name,
        "to_place": spoken.place(one.to.name),
        "day": spoken.day(one.day),
        "date": spoken.brief_day(one.day),
    }


def _roster(message: MessageView, language: str) -> Known | None:
    found = Roster.objects.filter(id=message.subject_id, state=Roster.State.PUBLISHED).first()
    if found is None:
        return None
    values = {"day": spoken.day(found.monday), "date": spoken.brief_day(found.monday)}
    return Known(forms.ROSTER, values, _OWN_ROSTER)


def _shifts(message: MessageView, language: str) -> Known | None:
    """Say how the days stand now, each once; days of leave are left out."""
    officer_id = message.data["officer"]
    days = [date.fromisoformat(one) for one in message.data["days"]]
    here = duties.own_shifts(officer_id, min(days), max(days))
    said = []
    for day in days:
        own = next((one for one in here if one.day == day), None)
        values = {"date": spoken.brief_day(day)}
        if own is not None:
            values |= {"hours": _hours(own), "place": spoken.place(own.office)}
            said.append(forms.ON_DUTY.spoken(language) % values)
        elif not leave.is_away(officer_id, day):
            said.append(forms.OFF.spoken(language) % values)
    if not said:
        return None
    told = {"shifts": _and_more(said, _DAYS_SAID, language), "first": _and_more(said, 1, language)}
    return Known(forms.SHIFTS, told, _OWN_ROSTER)


def _hours(own: duties.OwnShift) -> str:
    return f"{own.begins_at:%H.%M}-{own.ends_at:%H.%M}"


def _and_more(said: list[str], most: int, language: str) -> str:
    first, left = ", ".join(said[:most]), len(said) - most
    return forms.MORE.spoken(language) % {"first": first, "n": left} if left > 0 else first


READERS: Mapping[str, Callable[[MessageView, str], Known | None]] = {
    "staff_sick": _sick,
    "leave_asked": _leave_asked,
    "leave_approved": _leave_decided,
    "leave_refused": _leave_decided,
    "leave_suggested": _leave_suggested,
    "loan_asked": _loan_asked,
    "loan_accepted": _loan_accepted,
    "loan_refused": _loan_refused,
    "loan_ended": _loan_ended,
    "loan_kept": _loan_kept,
    "own_loan": _own_loan,
    "own_loan_ended": _own_loan_ended,
    "roster_published": _roster,
    "shifts_changed": _shifts,
}
"""Every kind of message; ``actions.telling`` makes no other."""
KINDS = frozenset(READERS)
