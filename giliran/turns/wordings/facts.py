"""What a message says now, or that it is no longer true.

Each reader looks at the turn or application as it is when the message is sent: a turn that has
moved on since makes its old reminder die unsent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from giliran.core.deadline import CalendarMissing
from giliran.core.refusal import NotFound
from giliran.core.turn import State
from giliran.messages.queries import MessageView
from giliran.turns import applications, consents, promises, queries
from giliran.turns.models import Application, Turn
from giliran.turns.wordings import forms, spoken
from giliran.turns.wordings.entry import calendar_entry
from giliran.turns.wordings.forms import Form


class Known(NamedTuple):
    """A message's sentences, what fills them, and the calendar's file where it has one.

    Of the values ``page`` is where one sees more; it goes into e-mails only, for it holds the code.
    """

    form: Form
    values: dict[str, str]
    calendar: bytes = b""


def moment(message: MessageView, name: str) -> datetime:
    """Return a moment of a message's data."""
    return datetime.fromisoformat(message.data[name])


def _turn(message: MessageView) -> Turn | None:
    try:
        return queries.by_id(message.subject_id)
    except NotFound:
        return None


def _booked(message: MessageView) -> Turn | None:
    """Return a message's turn if it is still to come, when and where the message says."""
    turn = _turn(message)
    is_true = (
        turn is not None
        and turn.state == State.BOOKED
        and turn.window_from == moment(message, "begins")
        and turn.office_id == message.data["office"]
    )
    return turn if is_true else None


def _application(message: MessageView) -> Application | None:
    number = message.data.get("application")
    return Application.objects.filter(id=number).first() if number else None


def _facts(turn: Turn) -> dict[str, str]:
    """Return what most messages say of a booked turn."""
    if turn.window_from is None or turn.window_till is None:
        raise ValueError(f"Turn {turn.id} has no window.")
    return {
        **_where(turn),
        "day": spoken.day(turn.day),
        "date": spoken.brief_day(turn.day),
        "window": spoken.window(turn.window_from, turn.window_till, turn.office),
        "papers": spoken.papers(turn.service.code),
    }


def _where(turn: Turn) -> dict[str, str]:
    name = turn.office.name
    return {
        "tail": spoken.tail(turn.code),
        "page": f"/g/{turn.code}/",
        "office": name,
        "place": spoken.place(name),
    }


def _with_calendar(form: Form) -> Callable[[MessageView], Known | None]:
    def read(message: MessageView) -> Known | None:
        turn = _booked(message)
        if turn is None:
            return None
        entry = calendar_entry(turn, stated_at=message.made_at)
        return Known(form, _facts(turn) | _asked(message), entry)

    return read


def _asked(message: MessageView) -> dict[str, str]:
    application = _application(message)
    return {"asked": spoken.tail(application.code)} if application else {}


def _question(form: Form) -> Callable[[MessageView], Known | None]:
    """Read a reminder that asks whether they come; who said yes isn't asked."""

    def read(message: MessageView) -> Known | None:
        turn = _booked(message)
        if turn is None or queries.said_yes(turn):
            return None
        facts = _facts(turn)
        comes = promises.come_at(turn, now=message.made_at) or turn.window_from
        if comes is not None:
            facts["come"] = spoken.clock(comes, turn.office)
        return Known(form, facts)

    return read


def _cancelled(message: MessageView) -> Known | None:
    turn = _turn(message)
    if turn is None or turn.state != State.CANCELLED:
        return None
    application = _application(message)
    entry = calendar_entry(turn, stated_at=message.made_at) if turn.window_from else b""
    if application is not None and application.state == Application.State.OPEN:
        values = _where(turn) | {"asked": spoken.tail(application.code)}
        return Known(forms.GIVEN_BACK, values, entry)
    return Known(forms.CANCELLED, _where(turn), entry)


def _closed(message: MessageView) -> Known | None:
    turn = _turn(message)
    if turn is None or turn.state != State.LEFT:
        return None
    return Known(forms.CLOSED, _where(turn))


def _other_window(message: MessageView) -> Known | None:
    turn = _turn(message)
    question = consents.open_question(turn, now=message.made_at) if turn else None
    if turn is None or question is None or question.id != message.data["question"]:
        return None
    to = question.to_offer
    values = _where(turn) | {
        "new_day": spoken.day(to.day),
        "new_date": spoken.brief_day(to.day),
        "new_window": spoken.window(to.starts_at, to.ends_at, turn.office),
    }
    return Known(forms.OTHER_WINDOW, values)


def _promise(message: MessageView) -> Known | None:
    turn = _turn(message)
    if turn is None or turn.state != message.data["state"]:
        return None
    begins, ends = moment(message, "begins"), moment(message, "ends")
    values = _where(turn) | {
        "span": spoken.window(begins, ends, turn.office),
        "minutes": str(abs(message.data["minutes"])),
    }
    is_earlier = message.data["minutes"] < 0
    if message.data["come_at"]:
        values["time"] = spoken.clock(moment(message, "come_at"), turn.office)
        return Known(forms.COME_EARLIER if is_earlier else forms.COME_LATER, values)
    if not message.data["minutes"]:
        return Known(forms.EXPECTED, values)
    return Known(forms.EARLIER if is_earlier else forms.LATER, values)


def _leave(message: MessageView) -> Known | None:
    turn = _booked(message)
    if turn is None:
        return None
    at = spoken.clock(moment(message, "leave"), turn.office)
    return Known(forms.LEAVE, _where(turn) | {"time": at})


def _soon(message: MessageView) -> Known | None:
    turn = _turn(message)
    if turn is None or turn.state != State.WAITING:
        return None
    ahead = message.data["ahead"]
    values = _where(turn) | {"number": turn.number or "", "ahead": str(ahead)}
    return Known(forms.SOON if ahead else forms.NEXT, values)


def _called(message: MessageView) -> Known | None:
    turn = _turn(message)
    if turn is None or turn.state != State.CALLED or turn.called_at != moment(message, "called"):
        return None
    label = turn.counter.label if turn.counter else ""
    return Known(forms.CALLED, _where(turn) | {"number": turn.number or "", "counter": label})


def _draws(message: MessageView) -> tuple[Application, dict[str, str]] | None:
    """Return an application that still waits, and what is told of its next draw."""
    try:
        application = applications.by_id(message.subject_id)
    except NotFound:
        return None
    due = applications.next_result(application, now=message.made_at)
    if due is None:
        return None
    region = application.region
    day = spoken.local_day(due, region)
    values = {
        "tail": spoken.tail(application.code),
        "page": f"/p/{application.code}/",
        "day": spoken.day(day),
        "date": spoken.brief_day(day),
        "time": spoken.clock(due, region),
    }
    try:
        latest = applications.estimate(application, now=message.made_at)
    except CalendarMissing:
        latest = None
    if latest is not None:
        served_by = spoken.local_day(latest.served_by, region)
        values |= {"latest": spoken.day(served_by), "latest_date": spoken.brief_day(served_by)}
    return application, values


def _received(message: MessageView) -> Known | None:
    found = _draws(message)
    if found is None:
        return None
    form = forms.RECEIVED_LATEST if "latest" in found[1] else forms.RECEIVED
    return Known(form, found[1])


def _lost(message: MessageView) -> Known | None:
    found = _draws(message)
    if found is None or applications.last_serial(found[0]) != message.data["serial"]:
        return None
    form = forms.LOST_LATEST if "latest" in found[1] else forms.LOST
    return Known(form, found[1])


READERS: dict[str, Callable[[MessageView], Known | None]] = {
    "turn.booked": _with_calendar(forms.BOOKED),
    "turn.won": _with_calendar(forms.WON),
    "turn.placed": _with_calendar(forms.PLACED),
    "turn.moved": _with_calendar(forms.MOVED),
    "turn.other_window": _other_window,
    "turn.cancelled": _cancelled,
    "turn.closed": _closed,
    "turn.tomorrow": _question(forms.TOMORROW),
    "turn.today": _question(forms.TODAY),
    "turn.promise": _promise,
    "turn.leave": _leave,
    "turn.soon": _soon,
    "turn.called": _called,
    "application.received": _received,
    "application.lost": _lost,
}
"""Every kind of message; ``telling`` makes no other."""
