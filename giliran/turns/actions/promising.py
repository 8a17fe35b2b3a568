"""Promising from when till when people will be called, and learning from how it went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction

from giliran.core.promise import Calibration, Newcomer, Windows, rescue
from giliran.core.promise.coming import LOOK_AHEAD, as_told, come_at
from giliran.core.promise.keeping import WORTH_TELLING, has_moved
from giliran.core.refusal import BadInput, NotFound, gettext_noop
from giliran.core.turn import State
from giliran.offices import queries as offices
from giliran.outbox import post
from giliran.turns import forecasts, promises
from giliran.turns.actions import telling
from giliran.turns.actions.settling import settle
from giliran.turns.forecasts import Told
from giliran.turns.lines import LineNow, line_now
from giliran.turns.models import Journey, OfficeCalibration, Promise, Turn
from giliran.turns.promises import Promised

LONGEST_TRAVEL = 600
RESCUED_EVERY: Final = timedelta(seconds=30)
_A_DAY = 24.0 * 60
_KEEPING = 7_474_003  # first half of the advisory lock's key; the second is the office's id


class BadTravel(BadInput):
    """The way to the office takes 0 to 600 minutes."""

    code = "bad_travel"
    sentence = gettext_noop("Tulis lama perjalanan dalam menit, dari 0 sampai 600.")


def promise(turn_id: int, *, now: datetime) -> Promised | None:
    """Record the first promise of somebody who just arrived, at once, and return it.

    Asked again, returns what they were promised last. None if nobody can promise them anything:
    no counter will serve them, or they don't wait.
    """
    turn = Turn.objects.select_related("office__region").filter(id=turn_id).first()
    if turn is None or turn.state != State.WAITING:
        return None
    if not _promised_on_arrival([turn_id]):
        at = line_now(turn.office, now=now)
        if at is None:
            return None
        at = promises.coming_as_told(at, now=now)
        found = forecasts.forecast(at, now=now, only=[turn_id])
        keeping = _Keeping(at, forecasts.calibration(turn.office), found, {}, {}, now)
        _write(_for_those_here(keeping))
    return promises.promise_of(turn_id)


def keep_promises(office_id: int, *, now: datetime) -> int:
    """Forecast an office's whole line and record what is new; returns how many promises.

    Settles the promises whose people were called or went, in order, and learns from each once;
    then first promises, and revisions of those whose window moved by more than ten minutes or
    can no longer hold; last the forecast for newcomers and whom to call to save promises. One
    worker at a time does this for an office.
    """
    office = offices.office_by_id(office_id)
    with transaction.atomic():
        _one_at_a_time(office_id)
        learned = forecasts.calibration(office)
        if settle(office_id, learned, now=now):
            OfficeCalibration.objects.bulk_create(
                [OfficeCalibration(office=office, data=learned.to_json(), updated_at=now)],
                update_conflicts=True,
                unique_fields=["office"],
                update_fields=["data", "updated_at"],
            )
        at = line_now(office, now=now)
        if at is None:
            return 0
        return _promise_all(at, learned, now)


def keep_soon(office_id: int) -> None:
    """Ask the worker to keep an office's promises, after somebody came, went or was called.

    Asked last in a transaction: whoever asks for the same office waits for its end.
    """
    post("turns.keep_promises", key=f"turns.keep_promises:{office_id}", office_id=office_id)


def note_travel(turn_id: int, minutes: int | None, *, now: datetime) -> None:
    """Note how long somebody needs to the office, in minutes; None forgets it.

    Raises ``BadTravel`` outside 0 to 600 and ``NotFound`` for an unknown turn.
    """
    if minutes is None:
        Journey.objects.filter(turn_id=turn_id).delete()
        return
    if not 0 <= minutes <= LONGEST_TRAVEL:
        raise BadTravel("travel_minutes")
    if not Turn.objects.filter(id=turn_id).exists():
        raise NotFound
    Journey.objects.update_or_create(turn_id=turn_id, defaults={"minutes": minutes})


def _one_at_a_time(office_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_KEEPING, office_id])


class _Keeping(NamedTuple):
    """One forecast, and what it is held against."""

    at: LineNow
    learned: Calibration
    found: Windows
    last: dict[int, Promised]
    """What everybody was told last, by turn_id."""
    times: dict[int, datetime]
    """When those at home should come, by turn_id."""
    now: datetime

    def window(self, turn_id: int, *, is_priority: bool, stage: str) -> Told | None:
        """Return what to tell somebody; None without a window, or if they know it already."""
        raw = self.found.people.get(turn_id)
        if raw is None:
            return None
        group = forecasts.group_of(is_priority=is_priority, stage=stage)
        told = forecasts.to_tell(self.at, self.learned, raw, group=group, now=self.now)
        known = self.last.get(turn_id)
        if told is None or known is None:
            return told
        is_moved = has_moved(
            (known.begins, known.ends),
            (told.begins, told.ends),
            now=self.now,
            earliest=self.now + timedelta(minutes=raw.low),
        )
        come_at = self.times.get(turn_id)
        comes_otherwise = come_at is not None and (
            known.come_at is None or abs(come_at - known.come_at) >= WORTH_TELLING
        )
        return told if is_moved or comes_otherwise else None

    def row(self, turn_id: int, told: Told, stage: str, *, is_first: bool) -> Promise:
        return Promise(
            turn_id=turn_id,
            office=self.at.office,
            stage=stage,
            made_at=self.now,
            begins=told.begins,
            ends=told.ends,
            come_at=self.times.get(turn_id) if stage == Promise.Stage.HOME else None,
            is_first=is_first,
            hour=told.cell.hour,
            group=told.cell.group,
            low=told.forecast.low,
            middle=told.forecast.middle,
            high=told.forecast.high,
            from_minutes=told.window.begins,
            till_minutes=told.window.ends,
        )


def _promise_all(at: LineNow, learned: Calibration, now: datetime) -> int:
    office = at.office
    last = promises.promises_of(office.id, now=now)
    told = promises.told_to_come(at, last, now=now)
    times = _times_to_come(at, told, now)
    # Who isn't in times can't be told anything any more, and comes as they were told last.
    at = at._replace(line=as_told(at.line, {**told, **times}))
    newcomers = [
        Newcomer(is_priority, service_id)
        for service_id in at.learned.people
        for is_priority in (False, True)
    ]
    asked = [one.turn_id for one in at.line.waiting]
    asked += [one.turn_id for one in at.line.to_come if one.window_from <= now + LOOK_AHEAD]
    found = forecasts.forecast(at, now=now, newcomers=newcomers, only=asked)
    keeping = _Keeping(at, learned, found, last, times, now)
    rows = _for_those_here(keeping) + _for_those_at_home(keeping)
    written = _write(rows)
    for row in rows:
        before = told.get(row.turn_id)
        comes_otherwise = row.come_at and before and abs(row.come_at - before) >= WORTH_TELLING
        # Who is here reads the first promise, and who comes as planned knows the time.
        if not row.is_first or comes_otherwise:
            telling.promise_moved(
                row.turn_id, begins=row.begins, ends=row.ends, come_at=row.come_at, now=now
            )
    forecasts.store(office.id, _outlook(keeping, newcomers))
    return written


def _times_to_come(at: LineNow, told: dict[int, datetime], now: datetime) -> dict[int, datetime]:
    """Return when each person still at home should come, by turn_id."""
    ids = [one.turn_id for one in at.line.to_come]
    if not ids or not at.line.counters:
        return {}
    travel = Journey.objects.filter(turn_id__in=ids).values_list("turn_id", "minutes")
    return come_at(
        at.line,
        now=now,
        seed=forecasts.seed_of(at.office, now),
        told=told,
        travel_minutes=dict(travel),
    )


def _for_those_here(keeping: _Keeping) -> list[Promise]:
    """Return the first promises and the moves of those who wait."""
    here = Promise.Stage.HERE
    waiting = keeping.at.line.waiting
    known = _promised_on_arrival(one.turn_id for one in waiting)
    return [
        keeping.row(one.turn_id, told, here, is_first=one.turn_id not in known)
        for one in waiting
        if (told := keeping.window(one.turn_id, is_priority=one.is_priority, stage=here))
    ]


def _promised_on_arrival(turn_ids: Iterable[int]) -> set[int]:
    found = Promise.objects.filter(
        turn_id__in=list(turn_ids), stage=Promise.Stage.HERE, is_first=True
    )
    return set(found.values_list("turn_id", flat=True))


def _for_those_at_home(keeping: _Keeping) -> list[Promise]:
    """Return the windows of those whose time to come is near, and the moves of the others."""
    home = Promise.Stage.HOME
    near = [one for one in keeping.at.line.to_come if one.turn_id in keeping.times]
    known = set(
        Promise.objects.filter(
            turn_id__in=[one.turn_id for one in near], stage=home, is_first=True
        ).values_list("turn_id", flat=True)
    )
    return [
        keeping.row(one.turn_id, told, home, is_first=one.turn_id not in known)
        for one in near
        if (told := keeping.window(one.turn_id, is_priority=one.is_priority, stage=home))
    ]


def _write(rows: list[Promise]) -> int:
    """Write promises; a first one that another worker wrote meanwhile stands."""
    Promise.objects.bulk_create([row for row in rows if row.is_first], ignore_conflicts=True)
    Promise.objects.bulk_create([row for row in rows if not row.is_first])
    return len(rows)


def _outlook(keeping: _Keeping, newcomers: list[Newcomer]) -> forecasts.Stored:
    now = keeping.now
    answers = []
    for asked, raw in zip(newcomers, keeping.found.newcomers, strict=True):
        group = forecasts.group_of(is_priority=asked.is_priority, stage=Promise.Stage.HERE)
        told = forecasts.to_tell(keeping.at, keeping.learned, raw, group=group, now=now)
        if told is not None:
            answers.append(
                forecasts.ForNewcomer(asked.service_id, asked.is_priority, told.begins, told.ends)
            )
    return _with_rescues(
        forecasts.Stored(now, tuple(answers), next(iter(keeping.at.learned.people), None)), keeping
    )


def _with_rescues(outlook: forecasts.Stored, keeping: _Keeping) -> forecasts.Stored:
    """Add whom to call next to save first promises; looked for every half a minute at most."""
    last = forecasts.stored(keeping.at.office.id)
    since = None if last is None or last.rescued_at is None else keeping.now - last.rescued_at
    if last is not None and since is not None and timedelta(0) <= since < RESCUED_EVERY:
        return outlook._replace(rescues=last.rescues, rescued_at=last.rescued_at)
    return outlook._replace(rescues=_rescues(keeping), rescued_at=keeping.now)


def _rescues(keeping: _Keeping) -> tuple[forecasts.StoredRescue, ...]:
    """Return whom to call next to save first promises; looked for only if one is in danger."""
    line, now = keeping.at.line, keeping.now
    held = Promise.objects.filter(
        turn_id__in=[one.turn_id for one in line.waiting],
        stage=Promise.Stage.HERE,
        is_first=True,
        settled_at__isnull=True,
        ends__gte=now,
    )
    till = dict(held.values_list("turn_id", "ends"))
    is_in_danger = any(
        now + timedelta(minutes=min(keeping.found.people[turn_id].high, _A_DAY)) > ends
        for turn_id, ends in till.items()
    )
    if not is_in_danger:
        return ()
    found = rescue(line, till, now, seed=forecasts.seed_of(keeping.at.office, now))
    return tuple(
        forecasts.StoredRescue(
            one.turn_id, one.promises_saved, one.odds_before, one.odds_after, one.harmed
        )
        for one in found.best_first
    )
