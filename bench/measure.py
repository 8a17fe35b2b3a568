"""What every bench needs: a free port, a file limit, percentiles, and the last line."""

import json
import math
import resource
import socket
from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest-rank percentile; `share` from 0 to 1; nan when nothing was measured."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def raise_file_limit(wanted: int) -> int:
    """Raise the soft limit on open files as far as allowed; returns what it now is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def say_result(result: dict[str, Any]) -> None:
    """Print the result as the last line: one JSON object, numbers with three digits."""
    rounded = {
        key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()
    }
    print(json.dumps(rounded), flush=True)
