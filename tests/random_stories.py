"""Random histories as the journal would tell them, for whoever adds them up."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from giliran.core import claim, complaint, turn
from giliran.core.figures import Event
from tests.builders import MONDAY, at

OFFICES = (1, 2)
minutes = st.integers(0, 90)
channels = st.sampled_from(["web", "kiosk", "whatsapp"])
offices = st.sampled_from(OFFICES)
days = st.integers(0, 40).map(lambda n: MONDAY + timedelta(days=n))


def _written(moment: datetime | None) -> str | None:
    """Return a moment as to_jsonb writes it in a session of another time zone."""
    return moment and moment.astimezone(ZoneInfo("UTC")).isoformat()


@st.composite
def turns(draw, office_ids=offices):
    """Return the events of one turn: any moves that its life allows."""
    day, office_id = draw(days), draw(office_ids)
    now = at("05:30", day) + timedelta(minutes=draw(st.integers(0, 300)))
    birth = draw(st.sampled_from(sorted(turn.BIRTHS)))
    is_booked = birth == turn.Move.BOOK
    window = now + timedelta(minutes=draw(minutes)) if is_booked else None
    row = {
        "office_id": office_id,
        "service_id": draw(st.integers(1, 2)),
        "claim_id": draw(st.none() | st.integers(1, 3)),
        "kind": "appointment" if is_booked else "walk_in",
        "channel": draw(channels),
        "day": day.isoformat(),
        "window_from": _written(window),
        "window_till": _written(window and window + timedelta(minutes=30)),
        "is_priority": draw(st.booleans()),
        "arrived_at": None if is_booked else _written(now),
        "ended_at": None,
        "state": turn.BIRTHS[birth].value,
        "move": birth.value,
        "moved_by": draw(st.sampled_from(["citizen", "draw:7", "kiosk:1"])),
    }
    events = [Event(now, f"turn.{birth}", office_id, row)]
    state = turn.BIRTHS[birth]
    for _ in range(draw(st.integers(0, 8))):
        allowed = turn.possible(state)
        if not allowed:
            break
        move = draw(st.sampled_from(allowed))
        state = turn.after(state, move)
        now += timedelta(minutes=draw(minutes), seconds=draw(st.integers(0, 59)))
        data = {"state": state.value, "move": move.value}
        if move == turn.Move.CHECK_IN:
            data["arrived_at"] = _written(now)
        if move == turn.Move.TRANSFER:
            data["service_id"] = draw(st.integers(1, 2))
        if move == turn.Move.RESCHEDULE:
            office_id, moved_to = draw(office_ids), draw(days)
            opens = at("09:00", moved_to)
            data |= {
                "office_id": office_id,
                "day": moved_to.isoformat(),
                "window_from": _written(opens),
                "window_till": _written(opens + timedelta(minutes=30)),
            }
        if state not in turn.OPEN:
            data["ended_at"] = _written(now)
        elif move == turn.Move.REJOIN:
            data["ended_at"] = None
        events.append(Event(now, f"turn.{move}", office_id, data))
    return "turn", events


@st.composite
def cases(draw, of, office_ids=offices):
    """Return the events of one claim or one complaint, with dates that come, move and go."""
    life, birth = (
        (claim, claim.Move.BEGIN) if of == "claim" else (complaint, complaint.Move.RECEIVE)
    )
    state = claim.State.DRAFTED if of == "claim" else complaint.State.RECEIVED
    nowhere = st.none() if of == "complaint" else st.nothing()
    office_id = draw(office_ids | nowhere)
    now = at("07:30", draw(days))
    row = {
        "office_id": office_id,
        "channel": draw(channels),
        "due_on": None,
        "state": state.value,
        "move": birth.value,
    }
    events = [Event(now, f"{of}.{birth}", office_id, row)]
    for _ in range(draw(st.integers(0, 10))):
        allowed = life.possible(state)
        if not allowed:
            break
        move = draw(st.sampled_from(allowed))
        state = life.after(state, move)
        now += timedelta(hours=draw(st.integers(0, 60)))
        data = {"state": state.value, "move": move.value}
        data |= draw(st.fixed_dictionaries({}, optional={"due_on": st.none() | _dates}))
        if move == "pay":
            data["paid_on"] = draw(_dates)
        if move == "bounce":
            data["paid_on"] = None
        if move in {"fill", "route"}:
            office_id = data["office_id"] = draw(office_ids)
        events.append(Event(now, f"{of}.{move}", office_id, data))
    return of, events


_dates = days.map(date.isoformat)


@st.composite
def counters(draw, office_ids=offices):
    """Return the events of one counter over some days, closed or forgotten."""
    office_id, now = draw(office_ids), at("07:00", draw(days))
    events = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["counter.open", "counter.close"]))
        events.append(Event(now, kind, office_id, {}))
        now += timedelta(minutes=draw(st.integers(1, 2000)))
    return "counter", events


@st.composite
def at_the_door(draw, office_ids=offices):
    data = {"service_id": draw(st.none() | st.integers(1, 2)), "why": "no_number"}
    moment = at("05:00", draw(days)) + timedelta(minutes=draw(st.integers(0, 600)))
    return "door", [Event(moment, "door.turned_away", draw(office_ids), data)]


@st.composite
def opinions(draw, office_ids=offices):
    row = {
        "office_id": draw(office_ids),
        "service_id": draw(st.integers(1, 2)),
        "day": draw(_dates),
        "channel": draw(channels),
    }
    marks = draw(st.lists(st.integers(1, 4), max_size=2))
    said = [Event(at("16:00"), "opinion.reply", None, {**row, "score": mark}) for mark in marks]
    return "opinion", [Event(at("15:00"), "opinion.ask", None, row), *said]


@st.composite
def of_the_staff(draw, office_ids=offices):
    """Return a leave or a loan and what became of it."""
    if draw(st.booleans()):
        first, length = draw(days), draw(st.integers(0, 9))
        row = {
            "office_id": draw(office_ids),
            "first_day": first.isoformat(),
            "last_day": (first + timedelta(days=length)).isoformat(),
        }
        what, states = "absence", ["asked", "approved", "refused", "withdrawn"]
    else:
        row = {"home": draw(office_ids), "to": draw(office_ids), "day": draw(_dates)}
        what, states = "lending", ["asked", "accepted", "refused", "withdrawn"]
    told = draw(st.lists(st.sampled_from(states), min_size=1, max_size=3))
    return what, [Event(at("08:00"), f"{what}.state", None, {**row, "state": s}) for s in told]


@st.composite
def promises(draw, office_ids=offices):
    made = at("08:00", draw(days)) + timedelta(minutes=draw(minutes))
    row = {
        "office_id": draw(office_ids),
        "made_at": _written(made),
        "begins": _written(made + timedelta(minutes=10)),
        "ends": _written(made + timedelta(minutes=10 + 5 * draw(st.integers(1, 9)))),
        "calling_class": draw(st.sampled_from(["priority", "standard"])),
        "kept": None,
    }
    events = [Event(made, "promise.made", None, row)]
    if draw(st.booleans()):
        settled = {**row, "kept": draw(st.booleans())}
        events.append(Event(made + timedelta(hours=1), "promise.settled", None, settled))
    return "promise", events


@st.composite
def drawn(draw, office_ids=offices):
    row = {
        "office_id": draw(office_ids),
        "service_id": draw(st.integers(1, 2)),
        "channel": draw(channels),
        "is_priority": draw(st.booleans()),
        "rounds_lost": draw(st.integers(0, 4)),
    }
    moment = at("17:00", draw(days))
    return "application", [Event(moment, "application.placed", None, row)]


def anything(office_ids=offices):
    """Return a strategy of ``(subject, events)``: one story of any kind."""
    return st.one_of(
        turns(office_ids),
        turns(office_ids),
        cases("claim", office_ids),
        cases("complaint", office_ids),
        counters(office_ids),
        at_the_door(office_ids),
        opinions(office_ids),
        of_the_staff(office_ids),
        promises(office_ids),
        drawn(office_ids),
    )
