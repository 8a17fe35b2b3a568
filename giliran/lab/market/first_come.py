"""First come, first served: a day's places are released at one moment, and the quickest win."""

from __future__ import annotations

import numpy as np

from giliran.lab.market import setting as assume
from giliran.lab.market.town import NEVER, WAITING, Chance, Floats, Ints, Run

_SCALPER = -1


def first_come_days(run: Run) -> None:
    """Play every day: the rush, changes of mind, resale, and who comes."""
    for day in range(run.town.setting.days):
        _day(run, day)


def _day(run: Run, day: int) -> None:
    setting = run.town.setting
    waiting = run.waiting(day)
    chance = run.town.chances(day)
    holders, held, idle = _rush(run, waiting, chance)
    declined = chance.declines[holders] < setting.declines
    freed = int(declined.sum())
    holders = holders[~declined]
    losers = np.setdiff1d(waiting, holders, assume_unique=True)
    # A cancelled place is on sale again at once. A program that watches always sees it first.
    if setting.scalpers and setting.bots:
        watched = min(freed, _room(run, waiting) - held)
        held, freed = held + watched, freed - watched
    late = _whoever_looks(losers, chance)
    taken = round(freed * setting.refill)
    holders = np.concatenate([holders, late[:taken]])
    idle += freed - len(late[:taken])
    run.scalped += held
    losers = np.setdiff1d(losers, holders, assume_unique=True)
    _resell(run, losers, held, chance, day)
    stays_away = chance.no_show[holders] < setting.no_show
    run.serve(holders[~stays_away], day)
    run.lose(int(stays_away.sum()), _still(run, losers, chance), day)
    run.idle += idle


def _rush(run: Run, waiting: Ints, chance: Chance) -> tuple[Ints, int, int]:
    """Let everybody grab in order of seconds: who holds a place, how many scalpers do, idle."""
    people = run.town
    there = waiting[chance.online[waiting] < np.array(assume.ONLINE_THEN)[people.channel[waiting]]]
    seconds = people.seconds[there] * np.exp(assume.DAY_SIGMA * chance.noise[there])
    grabs = _grabs(run, waiting)
    at = np.concatenate([seconds, grabs])
    who = np.concatenate([there, np.full(len(grabs), _SCALPER)])
    left = people.places().tolist()
    open_places = sum(left)
    holders: list[int] = []
    held = 0
    for one in who[np.argsort(at, kind="stable")].tolist():
        if not open_places:
            break
        if one == _SCALPER:
            cell = left.index(max(left))
            held += 1
        else:
            cell = next(
                (wish for wish in people.wishes[one] if wish != NEVER and left[wish]), NEVER
            )
            if cell == NEVER:
                continue
            holders.append(one)
        left[cell] -= 1
        open_places -= 1
    return np.array(holders, dtype=np.int64), held, open_places


def _room(run: Run, waiting: Ints) -> int:
    """Count what scalpers can hold (a name each) and care to (a buyer each)."""
    setting = run.town.setting
    names = setting.scalpers * setting.names_of_a_scalper(limited=False)
    return min(names, len(run.buyers(waiting)))


def _grabs(run: Run, waiting: Ints) -> Floats:
    """Give the seconds at which scalpers book, by programs and by hand."""
    setting = run.town.setting
    room = _room(run, waiting) if setting.scalpers else 0
    if not room:
        return np.zeros(0)
    turns = np.arange(1, room + 1)
    by_bots = np.tile(turns * assume.SECONDS_PER_BOOKING_BOT, (setting.bots, 1))
    by_hand = np.tile(turns * assume.SECONDS_PER_BOOKING_HAND, (setting.scalpers, 1))
    return np.sort(np.concatenate([by_bots.ravel(), by_hand.ravel()]))[:room]


def _resell(run: Run, losers: Ints, held: int, chance: Chance, day: int) -> None:
    """Sell to those who would pay most; the name is swapped by cancelling and booking again.

    Where nobody looks at the door the swap isn't needed. A place that slips away in a swap goes
    to whoever looks at that moment.
    """
    setting = run.town.setting
    buyers = run.buyers(losers)[:held]
    works = max(assume.SWAP_SUCCESS, 1 - setting.door_check)
    swapped = chance.luck[buyers] < works
    run.sell(buyers[swapped], day)
    slipped = int((~swapped).sum())
    lucky = _still(run, losers, chance)[:slipped]
    run.serve(lucky, day)
    run.idle += slipped - len(lucky)
    unsold = held - len(buyers)
    given_back = _still(run, losers, chance)[: round(unsold * setting.returned)]
    run.serve(given_back, day)
    run.lose(unsold - len(given_back), _still(run, losers, chance), day)


def _whoever_looks(losers: Ints, chance: Chance) -> Ints:
    return losers[np.argsort(chance.turn[losers], kind="stable")]


def _still(run: Run, losers: Ints, chance: Chance) -> Ints:
    return _whoever_looks(losers[run.status[losers] == WAITING], chance)
