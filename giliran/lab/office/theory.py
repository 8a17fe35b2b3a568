"""What theory says exactly, to hold the laboratory to. Rates are a unit of time; waits, that unit.

Recursions, not factorials: they hold for a thousand counters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple


def erlang_b(servers: int, load: float) -> float:
    """Give the share turned away in M/G/c/c (Erlang 1917). `load` is arrivals times mean service.

    Raises ValueError for fewer than no servers or a negative load.
    """
    _check_line(servers, load)
    lost = 1.0
    for server in range(1, servers + 1):
        lost = load * lost / (server + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """Give the share who must wait in M/M/c; 1 where the load is not below the servers."""
    _check_line(servers, load)
    if load >= servers:
        return 1.0
    lost = erlang_b(servers, load)
    return servers * lost / (servers - load * (1 - lost))


def wait_erlang_c(servers: int, arrivals: float, mean_service: float) -> float:
    """Give the mean wait before service in M/M/c; infinite where the load is too high."""
    load = arrivals * mean_service
    if load >= servers:
        return math.inf
    return erlang_c(servers, load) * mean_service / (servers - load)


class ErlangA(NamedTuple):
    """M/M/c+M: everybody leaves after an exponential patience, unless they are served."""

    must_wait: float
    leave: float
    mean_wait: float
    """Of all, whether they were served or left."""


def erlang_a(servers: int, arrivals: float, mean_service: float, mean_patience: float) -> ErlangA:
    """Give the shares who wait and who leave, and the mean wait. Palm (1957).

    The states above the servers are added until they no longer change the sum: death rates grow
    without bound, so they fall faster than any geometric series.
    """
    load = arrivals * mean_service
    _check_line(servers, load)
    if servers < 1 or mean_patience <= 0:
        raise ValueError("Erlang A needs a server and a patience above zero.")
    # Relative to the state in which all servers are busy and nobody waits.
    blocked = erlang_b(servers, load)
    below = (1 - blocked) / blocked if blocked > 0 else math.inf
    weight, waiting, at_least_one, queue = 1.0, 0, 1.0, 0.0
    peak = (arrivals - servers / mean_service) * mean_patience
    while waiting < peak or weight > at_least_one * 1e-18:
        waiting += 1
        weight *= arrivals / (servers / mean_service + waiting / mean_patience)
        at_least_one += weight
        queue += waiting * weight
    everything = below + at_least_one
    mean_wait = queue / everything / arrivals if arrivals else 0.0
    return ErlangA(at_least_one / everything, mean_wait / mean_patience, mean_wait)


def waits_priority(
    servers: int, arrivals: Sequence[float], mean_service: float, scv: float = 1.0
) -> list[float]:
    """Give the mean wait of each class, the first served before all others, none interrupted.

    Cobham (1954); for one server also with services that aren't exponential (Kleinrock 1976,
    section 3.5). Raises ValueError for several servers with another variation than 1, which no
    formula covers.
    """
    loads = [rate * mean_service for rate in arrivals]
    rest = _rest(servers, sum(loads), mean_service, scv)
    heaped = list(accumulate((load / servers for load in loads), initial=0.0))
    return [rest / ((1 - above) * (1 - upto)) for above, upto in pairwise(heaped)]


def waits_accumulating(
    servers: int,
    arrivals: Sequence[float],
    growth: Sequence[float],
    mean_service: float,
    scv: float = 1.0,
) -> list[float]:
    """Give the mean wait of each class where claims grow at the rates `growth`, falling.

    Kleinrock (1964), "A delay dependent queue discipline"; the means of the accumulating priority
    queue of Stanford, Taylor & Ziedins (2014), and of Sharif, Stanford, Taylor & Ziedins (2014) for
    several exponential servers. Raises ValueError for a growth that rises.
    """
    if any(two > one for one, two in pairwise(growth)) or min(growth) <= 0:
        raise ValueError("The growth of the claims falls from class to class and is above zero.")
    shares = [rate * mean_service / servers for rate in arrivals]
    rho = sum(shares)
    rest = _rest(servers, rho * servers, mean_service, scv)
    waits = [0.0] * len(shares)
    for one in reversed(range(len(shares))):
        later = range(one + 1, len(shares))
        passed = sum(shares[two] * waits[two] * (1 - growth[two] / growth[one]) for two in later)
        ahead = sum(shares[two] * (1 - growth[one] / growth[two]) for two in range(one))
        waits[one] = (rest / (1 - rho) - passed) / (1 - ahead)
    return waits


def _rest(servers: int, load: float, mean_service: float, scv: float) -> float:
    """Mean time until a counter falls free, with whom nobody waits counted as no time."""
    _check_line(servers, load)
    if load >= servers:
        raise ValueError("More work comes than can be done; there are no mean waits.")
    if servers == 1:
        return load * mean_service * (1 + scv) / 2
    if scv != 1.0:
        raise ValueError("With several servers only exponential services (scv 1) have a formula.")
    return erlang_c(servers, load) * mean_service / servers


def _check_line(servers: int, load: float) -> None:
    if servers < 0 or load < 0:
        raise ValueError(f"There are no lines with {servers} servers and a load of {load}.")
