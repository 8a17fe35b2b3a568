"""When somebody with a booked window should come: their place in the window's plan.

A plan spreads the places of a window over it, by what the office learned (giliran/lab/office/
offsets.py). It is worked out for a window when somebody first asks, not while booking, and kept:
what the office learns tomorrow, or who cancels, moves nobody's time. During the day itself the
promise at home tells another one, if it is worth a message.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
from django.db import connection

from giliran.core.calling import POLICIES
from giliran.core.promise.learned import SERVICE_SCV, Learned
from giliran.core.turn import State
from giliran.lab.office.offsets import STEP_MINUTES, offsets
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns import learning
from giliran.turns.models import Turn

USUAL_MINUTES: Final = 12.0
NEARLY_ALL: Final = 0.975
"""So many come early enough to keep their place, if they are as late as people are usually."""

_MINUTE = timedelta(minutes=1)

# Of two at once who plan the same window, the first one's times stand.
_KEEP = """
INSERT INTO turns_planned AS p (turn_id, offer_id, come_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[])
ON CONFLICT (turn_id) DO UPDATE SET offer_id = excluded.offer_id, come_at = excluded.come_at
WHERE p.offer_id <> excluded.offer_id
"""


class _Booked(NamedTuple):
    """Somebody of a window, and the time that was planned for them in whatever window."""

    turn_id: int
    state: str
    begins: datetime
    ends: datetime
    places: int
    planned_in: int | None
    come_at: datetime | None


def come_at(turn: Turn, *, now: datetime) -> datetime | None:
    """Return when somebody was told first to come; None unless they are booked."""
    if turn.state != State.BOOKED or turn.window_from is None:
        return None
    return _times([turn.offer_id], turn.office, now=now).get(turn.id)


def of_day(office: Office, day: date, *, now: datetime) -> dict[int, datetime]:
    """Return the same for everybody booked on a day, by turn_id."""
    booked = Turn.objects.filter(office=office, day=day, state=State.BOOKED)
    offer_ids = booked.filter(window_from__isnull=False).values_list("offer_id", flat=True)
    return _times(list(offer_ids.distinct()), office, now=now)


def _times(offer_ids: Sequence[int], office: Office, *, now: datetime) -> dict[int, datetime]:
    """Return the times of those booked in windows, and keep those that are new."""
    found: dict[int, datetime] = {}
    fresh: list[tuple[int, int, datetime]] = []
    for offer_id, people in _people(offer_ids).items():
        known = {
            one.turn_id: one.come_at
            for one in people
            if one.come_at is not None and one.planned_in == offer_id
        }
        booked = [one.turn_id for one in people if one.state == State.BOOKED]
        missing = [turn_id for turn_id in booked if turn_id not in known]
        if missing:
            free = _free(people, known.values(), learning.last_learned(office, now=now), office)
            known |= zip(missing, free, strict=False)
            fresh += [(turn_id, offer_id, known[turn_id]) for turn_id in missing]
        found |= {turn_id: known[turn_id] for turn_id in booked}
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(column) for column in zip(*fresh, strict=True)])
    return found


def _people(offer_ids: Sequence[int]) -> dict[int, list[_Booked]]:
    """Return who has a place in these windows, by window and in the order of booking."""
    rows = (
        Turn.objects.filter(offer_id__in=offer_ids, window_from__isnull=False)
        .exclude(state__in=[State.CANCELLED, State.NO_SHOW])
        .order_by("offer_id", "id")
        .values_list(
            *("offer_id", "id", "state", "window_from", "window_till"),
            *("offer__places", "planned__offer_id", "planned__come_at"),
        )
    )
    people: dict[int, list[_Booked]] = defaultdict(list)
    for offer_id, *one in rows:
        people[offer_id].append(_Booked(*one))
    return people


def _free(
    people: Sequence[_Booked], taken: Collection[datetime], known: Learned, office: Office
) -> list[datetime]:
    """Return the times of a window's plan that nobody has, earliest first; enough for everybody."""
    begins, ends = people[0].begins, people[0].ends
    after = _plan(max(people[0].places, len(people)), (ends - begins) // _MINUTE, known, office)
    # Who usually comes late is told so early that they keep their place.
    late = _MINUTE * float(np.quantile(known.lateness, NEARLY_ALL))
    last = min(ends, ends + POLICIES[office.calling_policy].late_grace - late)
    latest = max(0, (last - begins) // (STEP_MINUTES * _MINUTE)) * STEP_MINUTES
    times = [begins + _MINUTE * min(minutes, latest) for minutes in after]
    return sorted((Tally(times) - Tally(taken)).elements())


def _plan(places: int, window_minutes: int, known: Learned, office: Office) -> tuple[int, ...]:
    """Return after how many minutes of a window each place should come.

    The figures are rounded, so that windows and days with nearly the same share one plan.
    """
    if window_minutes < STEP_MINUTES:
        return (0,) * places
    mean, scv = _service(known)
    return offsets(
        places,
        window_minutes=window_minutes,
        counters=max(1, len(known.counters) or len(offices.counters(office.id))),
        mean_minutes=max(1.0, round(mean)),
        scv=round(scv, 1),
        show_up=min(1.0, max(0.05, round(20 * known.show_up) / 20)),
    )


def _service(known: Learned) -> tuple[float, float]:
    """Return the mean of a service in minutes and variance / mean squared, over all services."""
    if not known.minutes:
        return USUAL_MINUTES, SERVICE_SCV
    seen = [max(known.people.get(one, 0), 1e-6) for one in known.minutes]
    lengths = [np.array(one) for one in known.minutes.values()]
    mean = float(np.average([one.mean() for one in lengths], weights=seen))
    square = float(np.average([(one**2).mean() for one in lengths], weights=seen))
    return mean, max(0.0, square / mean**2 - 1) if mean > 0 else SERVICE_SCV
