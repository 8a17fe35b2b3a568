"""giliran's draw, a round a day: applications are collected, drawn, bound to the identity.

Scalpers apply with every name that they have, each day, and go on although they may earn
nothing: the worst case for wasted places. A name that won and did not come starts again without
credit, as the rule says, and may apply again after `Setting.pause` rounds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from giliran.core import draw as core
from giliran.lab.market import setting as assume
from giliran.lab.market.setting import HALVES
from giliran.lab.market.town import NEVER, WAITING, Bools, Chance, Ints, Run, Town, ranked_wishes

KINDS = 3


class Names(NamedTuple):
    """Identities of scalpers, real and made up: they want any place at all and claim everything."""

    wishes: Ints
    credit: Ints
    applies_from: Ints  # day
    made_up: Bools

    @classmethod
    def of(cls, people: Town) -> Names:
        setting = people.setting
        count = setting.scalpers * setting.names_of_a_scalper(limited=True)
        each = np.arange(count)
        return cls(
            wishes=ranked_wishes(
                each % setting.offices, each % HALVES, np.zeros(count, bool), setting.offices
            ),
            credit=np.zeros(count, np.int64),
            applies_from=np.zeros(count, np.int64),
            made_up=each >= setting.scalpers * setting.accomplices,
        )


class Round(NamedTuple):
    """What a draw decided: who won a place, by index of people and of names."""

    winners: Ints
    cells: Ints  # of the winners
    losers: Ints  # in order of rank: the order in which they stand by
    names: Ints
    open_cells: Ints  # places left of each cell


def drawn_days(run: Run, *, credit_first: bool) -> None:
    """Play every day; without `credit_first` everybody has equal credit: a plain daily lottery."""
    people = run.town
    names = Names.of(people)
    earns = np.where(people.narrow, people.setting.narrow_credit, 1.0)
    credit = np.zeros(len(people.arrived))
    applies_from = np.zeros(len(people.arrived), np.int64)
    for day in range(people.setting.days):
        chance = people.chances(day)
        honest = run.waiting(day)
        honest = honest[applies_from[honest] <= day]
        drawn = _draw(run, names, honest, credit.astype(np.int64), chance, day)
        missed = _day(run, names, drawn, chance, day)
        if credit_first:
            credit[drawn.losers] += earns[drawn.losers]
            credit[missed] = 0
            names.credit[names.applies_from <= day] += 1
            names.credit[drawn.names] = 0
        _sit_out(people, names, drawn, applies_from, missed, day)


def _sit_out(
    people: Town, names: Names, drawn: Round, applies_from: Ints, missed: Ints, day: int
) -> None:
    """Say from which day whoever won and did not come may apply again."""
    setting = people.setting
    rounds = max(setting.pause, assume.ROUNDS_TO_BE_SEEN) if setting.seen_first else setting.pause
    applies_from[missed] = names.applies_from[drawn.names] = day + 1 + rounds
    if setting.seen_first:
        names.applies_from[drawn.names[names.made_up[drawn.names]]] = setting.days


def _draw(run: Run, names: Names, honest: Ints, credit: Ints, chance: Chance, day: int) -> Round:
    people = run.town
    false = np.flatnonzero(names.applies_from <= day)
    wishes = np.concatenate([people.wishes[honest], names.wishes[false]])
    wished = wishes != NEVER
    places = people.places()
    cells = len(places)
    count = len(honest) + len(false)
    market = core.Market(
        places=places.astype(np.int32),
        reserves=_reserves(places),
        bundle_of=np.arange(cells, dtype=np.int32),
        wish_starts=np.concatenate([[0], np.cumsum(wished.sum(axis=1))]).astype(np.int64),
        wishes=wishes[wished].astype(np.int32),
        kinds=np.concatenate(
            [people.kinds[honest], np.full(len(false), assume.FALSE_KINDS)]
        ).astype(np.uint8),
        credit=np.concatenate([credit[honest], names.credit[false]]).astype(np.int32),
        number=np.concatenate(
            [chance.number[honest], people.numbers_of_names(day, len(names.credit))[false]]
        ),
        party=np.full(count, -1, np.int32),
    )
    cell = core.draw(market).cell
    run.violations += core.audit(market, cell).violations
    won = cell[: len(honest)] >= 0
    losers = honest[~won]
    rank = np.lexsort((chance.number[losers], -credit[losers]))
    return Round(
        winners=honest[won],
        cells=cell[: len(honest)][won].astype(np.int64),
        losers=losers[rank],
        names=false[cell[len(honest) :] >= 0],
        open_cells=places - np.bincount(cell[cell >= 0], minlength=cells),
    )


def _reserves(places: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """Spread each office's minimum guarantees over its windows; int32[cells, kinds]."""
    rule = core.RULES[max(core.RULES)]
    reserves = np.zeros((len(places), KINDS), np.int32)
    for kind, percent in enumerate(rule.percents):
        for start in range(0, len(places), HALVES):
            office = slice(start, start + HALVES)
            reserves[office, kind] = core.spread(places[office].tolist(), percent)
    return reserves


def _day(run: Run, names: Names, drawn: Round, chance: Chance, day: int) -> Ints:
    """Play what follows the draw; returns who won and did not come."""
    setting = run.town.setting
    declined = chance.declines[drawn.winners] < setting.declines
    freed = drawn.cells[declined]
    comes = drawn.winners[~declined]
    standing_by = drawn.losers
    if not setting.order_known:
        standing_by = standing_by[np.argsort(chance.turn[standing_by], kind="stable")]
    held = len(drawn.names)
    run.scalped += held
    if setting.order_known:
        held -= _ransom(run, standing_by, held, day)
    # Given back in time is like declined. A name wished every cell, so it may be any.
    back = round(held * setting.returned)
    held -= back
    freed = np.concatenate([freed, np.arange(back) % len(drawn.open_cells)])
    refilled = _refill(run, standing_by, freed, chance)
    run.idle += len(freed) - len(refilled) + int(drawn.open_cells.sum())
    comes = np.concatenate([comes, refilled])
    losers = np.setdiff1d(drawn.losers, comes, assume_unique=True)
    losers = losers[run.status[losers] == WAITING]  # without those who paid a ransom
    _resell(run, losers, held, chance, day)
    away = chance.no_show[comes] < setting.no_show
    run.serve(comes[~away], day)
    still = losers[run.status[losers] == WAITING]
    run.lose(int(away.sum()), still[np.argsort(chance.turn[still], kind="stable")], day)
    return comes[away]


def _refill(run: Run, standing_by: Ints, freed: Ints, chance: Chance) -> Ints:
    """Give each freed place to the first standing by who wished it, if they take it."""
    waiting = standing_by[run.status[standing_by] == WAITING]
    taken: list[int] = []
    free: Bools = np.ones(len(waiting), bool)
    for cell in freed.tolist():
        fits = np.flatnonzero(free & (run.town.wishes[waiting] == cell).any(axis=1))
        for one in fits[:1].tolist():
            free[one] = False
            if chance.luck[waiting[one]] < run.town.setting.refill:
                taken.append(int(waiting[one]))
    return np.array(taken, dtype=np.int64)


def _resell(run: Run, losers: Ints, held: int, chance: Chance, day: int) -> None:
    """Sell won places: the buyer comes under another's name and pays once he has passed.

    Who is found waits on (a new application); the place is lost, as is every place that wasn't
    sold. Swapping by cancelling isn't played: a freed place reaches a buyer who paid no likelier
    than anybody else standing by, so the payment buys nothing (see _ransom for the exception).
    """
    buyers = run.buyers(losers)[:held]
    passes = chance.luck[buyers] >= run.town.setting.door_check
    run.sell(buyers[passes], day)
    still = losers[run.status[losers] == WAITING]
    still = still[np.argsort(chance.turn[still], kind="stable")]
    run.lose(held - int(passes.sum()), still, day)


def _ransom(run: Run, standing_by: Ints, held: int, day: int) -> int:
    """Where the order is known, those next in it may pay for a release; returns places released.

    They would wait only some rounds more, so they pay that part of the price of a place now which
    one round has in the whole wait (people waiting / places a day).
    """
    rounds = max(1.0, len(standing_by) / run.town.setting.places)
    first = standing_by[:held]
    offers = run.town.price[first] / rounds
    pays = offers >= assume.PRICE_LEAST
    run.serve(first[pays], day)
    paid = float(offers[pays].sum())
    run.ransom += paid
    run.income += paid
    return int(pays.sum())
