"""Going on with what is due, without keeping others from their turn."""

from __future__ import annotations

import time
from collections.abc import Callable

from giliran import clock
from giliran.messages import actions as messages

TURN_SECONDS = 1.0
"""After so long a job makes room for others; several then go on behind it."""


def work_off(do_next: Callable[[], bool]) -> bool:
    """Do what is due until nothing is left, or a while is over and jobs are posted for the rest.

    ``do_next`` returns whether there was something to do. Returns whether nothing is left.
    """
    until = time.monotonic() + TURN_SECONDS
    while do_next():
        if time.monotonic() > until:
            messages.post_due(now=clock.now())
            return False
    return True
