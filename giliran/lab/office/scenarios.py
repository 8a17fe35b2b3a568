"""What if: one office changed in one thing."""

from __future__ import annotations

from dataclasses import replace

from giliran.lab.office.setting import Office


def with_more_counters(office: Office, more: int) -> Office:
    """Open counters like the last one, or close the last ones (below zero).

    What was booked and the numbers for walk-ins stay: the promises of the day were given before.
    Raises ValueError if no counter would be left.
    """
    left = len(office.counters) + more
    if left < 1:
        raise ValueError(f"There would be {left} counters.")
    more_of_the_last = (office.counters[-1],) * max(0, more)
    return replace(office, counters=(*office.counters[:left], *more_of_the_last))


def with_prechecked(office: Office, share: float, *, factor: float | None = None) -> Office:
    """Check this share of the files before their owners come; `factor` is the length left."""
    return replace(
        office,
        services=tuple(
            replace(
                one,
                prechecked=share,
                prechecked_factor=one.prechecked_factor if factor is None else factor,
            )
            for one in office.services
        ),
    )


def with_fewer_shows(office: Office, less: float) -> Office:
    """Let this much more of the booked (0.1: ten in a hundred) stay away."""
    return replace(office, show_up=min(1.0, max(0.0, office.show_up - less)))
