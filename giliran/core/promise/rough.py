"""From the line as it stands to the time in which somebody will be called."""

from __future__ import annotations

from math import ceil, floor, sqrt

# Services at a counter vary less than chance alone would make them: variance / mean squared.
SERVICE_SCV = 0.5
DEVIATIONS = 1.3
STEP_MINUTES = 5


def rough_range(people_ahead: int, counters_open: int, service_minutes: float) -> tuple[int, int]:
    """Return from how many to how many minutes somebody probably still waits.

    ``service_minutes`` is the mean length of one service. The wait is taken as the time in which
    the open counters finish one service more than there are people ahead: the mean, 1.3 standard
    deviations to either side (services one after another, squared coefficient of variation 0.5),
    rounded outwards to five minutes. A first, rough answer: how often it holds is not measured;
    the promise with a calibrated coverage comes later. Raises ValueError without a counter, for
    services without length, or for fewer than no people.
    """
    if people_ahead < 0:
        raise ValueError(f"There cannot be {people_ahead} people ahead.")
    if counters_open < 1:
        raise ValueError(f"Nobody is called by {counters_open} counters.")
    if not service_minutes > 0:
        raise ValueError(f"A service takes more than no time, got {service_minutes} minutes.")
    services = people_ahead + 1
    minutes_each = service_minutes / counters_open
    mean = services * minutes_each
    spread = DEVIATIONS * sqrt(services * SERVICE_SCV) * minutes_each
    return (
        floor(max(0.0, mean - spread) / STEP_MINUTES) * STEP_MINUTES,
        ceil((mean + spread) / STEP_MINUTES) * STEP_MINUTES,
    )
