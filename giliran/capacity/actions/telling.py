"""What officers are told of leave, loans and shifts, each by who may do something about it.

Each call stands in the transaction of the change that it tells of. What a message says is read when
it is sent (``giliran.capacity.notices``), so here stand only ids and days. Whoever made the change
isn't told of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from giliran.capacity.heads import heads
from giliran.capacity.models import Leave, Loan, Roster, Shift
from giliran.messages import queries
from giliran.messages.actions import Urgency, notify, withdraw_notices
from giliran.messages.models import Message, Muted
from giliran.offices import queries as offices
from giliran.offices.models import Office

_ONE_DAY: Final = timedelta(days=1)
_TO_SUNDAY: Final = timedelta(days=6)
_NOT_TOLD: Final = {Message.State.WAITING, Message.State.STALE}


def sick(one: Leave, *, now: datetime) -> None:
    """Tell who heads the office at once that somebody isn't there today."""
    today = offices.local_day(one.office, now)
    told = heads(one.office, today, but=[one.officer_id]) - _who(one.asked_by)
    _of_leave("staff_sick", one, told, urgency=Urgency.NOW, until=today, now=now)


def leave_asked(one: Leave, *, now: datetime) -> None:
    """Tell who heads the office that somebody waits for an answer."""
    today = offices.local_day(one.office, now)
    told = heads(one.office, today, but=[one.officer_id]) - _who(one.asked_by)
    _of_leave("leave_asked", one, told, until=one.last_day, now=now)


def leave_decided(one: Leave, *, by: int, now: datetime) -> None:
    """Tell an officer that their leave was approved or refused."""
    leave_ended(one, now=now)
    kind = "leave_approved" if one.state == Leave.State.APPROVED else "leave_refused"
    _of_leave(kind, one, {one.officer_id} - {by}, until=one.last_day, now=now)


def leave_suggested(one: Leave, *, by: int, now: datetime) -> None:
    """Tell an officer which other day the head suggests for their leave."""
    day = one.suggested_day.isoformat() if one.suggested_day else ""
    told = {one.officer_id} - {by}
    _of_leave("leave_suggested", one, told, once=day, until=one.last_day, now=now, day=day)


def leave_ended(one: Leave, *, now: datetime) -> None:
    """Let what waits to be told of a leave's asking die: it was decided or taken back."""
    for kind in ("staff_sick", "leave_asked", "leave_suggested"):
        withdraw_notices(kind, subject="leave", subject_id=one.id, now=now)


def loan_asked(one: Loan, *, now: datetime) -> None:
    """Tell who heads the office that is asked to lend; never whom it would lend."""
    told = heads(one.home, one.day, but=[one.officer_id]) - {one.asked_by_id}
    _of_loan("loan_asked", one, told, one.home, now=now)


def loan_answered(one: Loan, *, by: int, now: datetime) -> None:
    """Tell who asked, and who is lent, what the answer is."""
    withdraw_notices("loan_asked", subject="loan", subject_id=one.id, now=now)
    is_yes = one.state == Loan.State.ACCEPTED
    kind = "loan_accepted" if is_yes else "loan_refused"
    _of_loan(kind, one, heads(one.to, one.day) - {by, one.officer_id}, one.to, now=now)
    if is_yes:
        _of_loan("own_loan", one, {one.officer_id} - {by}, one.to, now=now)


def loan_ended(one: Loan, *, was_accepted: bool, actor: str, now: datetime) -> None:
    """Tell everybody who counts on a loan, or was asked for it, that it is withdrawn."""
    asked = {
        int(told.data["officer"])
        for told in queries.messages_about("loan", one.id)
        if told.kind == "loan_asked" and told.state not in _NOT_TOLD
    }
    for kind in ("loan_asked", "loan_accepted", "loan_kept", "own_loan"):
        withdraw_notices(kind, subject="loan", subject_id=one.id, now=now)
    by = _who(actor)
    if not was_accepted:
        _of_loan("loan_ended", one, asked - by, one.home, now=now)
        return
    at_home = heads(one.home, one.day) - {one.officer_id} - by
    there = heads(one.to, one.day) - {one.officer_id} - by - at_home
    _of_loan("loan_ended", one, at_home, one.home, now=now)
    _of_loan("loan_ended", one, there, one.to, now=now)
    _of_loan("own_loan_ended", one, {one.officer_id} - by, one.to, now=now)


def loan_kept(one: Loan, *, now: datetime) -> None:
    """Tell who borrows that the leave behind a loan isn't taken, though the loan stands."""
    _of_loan("loan_kept", one, heads(one.to, one.day) - {one.officer_id}, one.to, now=now)


def roster_published(found: Roster, officer_ids: Collection[int], *, now: datetime) -> None:
    """Tell those whose shifts another roster changed, once for the whole week."""
    zone = found.region.time_zone
    notify(
        "roster_published",
        officer_ids=set(officer_ids) - _who(found.published_by),
        topic=Muted.Topic.STAFFING,
        subject="roster",
        subject_id=found.id,
        key=f"roster_published:{found.id}",
        urgency=Urgency.NEWS,
        expires_at=_midnight(found.monday + _TO_SUNDAY, zone),
        zone=zone,
        now=now,
    )


def shifts_changed(
    office: Office, days: Mapping[int, Iterable[date]], *, actor: str, now: datetime
) -> None:
    """Tell each officer on which days their shift is another one; what waits unsent joins it."""
    for officer_id in sorted(days.keys() - _who(actor)):
        waiting = [
            one
            for one in queries.messages_about("own_shifts", officer_id)
            if one.state == Message.State.WAITING
        ]
        withdraw_notices("shifts_changed", subject="own_shifts", subject_id=officer_id, now=now)
        before = {day for one in waiting for day in one.data["days"]}
        last = max((one.id for one in waiting), default=0)
        changed = sorted(before | {day.isoformat() for day in days[officer_id]})
        today = offices.local_day(office, now)
        notify(
            "shifts_changed",
            officer_ids=[officer_id],
            topic=Muted.Topic.STAFFING,
            subject="own_shifts",
            subject_id=officer_id,
            key=f"shifts_changed:{last}:{now.isoformat()}",
            data={"days": changed},
            urgency=Urgency.NOW if today.isoformat() in changed else Urgency.NEWS,
            expires_at=_midnight(date.fromisoformat(changed[-1]), office.time_zone),
            zone=office.time_zone,
            now=now,
        )


def days_of(shifts: Iterable[Shift]) -> dict[int, set[date]]:
    """Return the days of some shifts by their officer."""
    found: dict[int, set[date]] = {}
    for one in shifts:
        found.setdefault(one.officer_id, set()).add(one.day)
    return found


def _of_leave(
    kind: str,
    one: Leave,
    told: Collection[int],
    *,
    once: str = "",
    urgency: Urgency = Urgency.REMINDER,
    until: date,
    now: datetime,
    **data: Any,
) -> None:
    zone = one.office.time_zone
    notify(
        kind,
        officer_ids=told,
        topic=Muted.Topic.STAFFING,
        subject="leave",
        subject_id=one.id,
        key=f"{kind}:{one.id}:{once}" if once else f"{kind}:{one.id}",
        data=data,
        urgency=urgency,
        expires_at=_midnight(until, zone),
        zone=zone,
        now=now,
    )


def _of_loan(kind: str, one: Loan, told: Collection[int], at: Office, *, now: datetime) -> None:
    """Tell officers of a loan; ``at`` is the office whose page they are led to."""
    is_today = one.day <= offices.local_day(at, now)
    notify(
        kind,
        officer_ids=told,
        topic=Muted.Topic.STAFFING,
        subject="loan",
        subject_id=one.id,
        key=f"{kind}:{one.id}",
        data={"at": at.id},
        urgency=Urgency.NOW if is_today else Urgency.REMINDER,
        expires_at=_midnight(one.day, at.time_zone),
        zone=at.time_zone,
        now=now,
    )


def _midnight(day: date, zone: str) -> datetime:
    """Return when a day ends."""
    return datetime.combine(day + _ONE_DAY, time(), tzinfo=ZoneInfo(zone))


def _who(actor: str) -> set[int]:
    kind, _, number = actor.partition(":")
    return {int(number)} if kind == "officer" and number.isdecimal() else set()
