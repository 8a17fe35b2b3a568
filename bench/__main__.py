"""Run every bench and write what they say to docs/benchmarks.md.

python -m bench [--quick]
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "benchmarks.md"
LOAD_OF_A_QUIET_MACHINE = 0.5
"""Processes that want a core, for each core; above it the speeds say little."""

NAMES = {
    "booking": "Bookings over HTTP",
    "calling": "Officers' steps over HTTP",
    "boards": "Live boards and phones",
    "rights": "Answers to “may I claim?”",
    "draw": "The draw and its audit",
    "market": "What a scalper could earn",
    "intake": "Applications over HTTP, and the last minute before closing",
    "promise": "Promised windows",
    "lab": "The laboratory",
    "coming": "Telling each next person when to come",
    "messages": "Messages in and out",
    "import": "Files of the register",
    "loans": "Officers lent between offices",
    "roster": "A week's roster of a region",
    "matching": "Cards of one person found",
    "figures": "Figures of years, added up from the journal",
}
AIMS = {
    "booking": "no wrong result; half of what the same SQL does alone (`ratio_to_sql` 0.5)",
    "calling": "no wrong result; 1,000 steps a second",
    "boards": "no wrong result; 10,000 streams, each told within a second",
    "rights": "no wrong result; 2 ms an answer",
    "draw": "no violation; twice the time of the bare lottery (`ratio_to_sort` 2) at a million",
    "market": "nothing earned at any share of false names once the door checks",
    "intake": "nobody lost; 10,000 in the last minute, each answered within a second",
    "promise": "90 % windows hold in each class and hour; 0.6 of the best peer's width",
    "lab": "agrees with theory and Ciw; 5 million people a second",
    "coming": "nobody outside their window; the published gain of 18 to 33 % over any fixed plan",
    "messages": "none lost, none doubled, whatever is killed",
    "import": "no wrong result; half of a bare COPY's speed (`ratio_to_copy` 0.5)",
    "loans": "no impossible loan; 39 % of what absences cost is recovered",
    "roster": "no broken limit; first in seconds, within 2 % of the bound in two minutes",
    "figures": "no difference from a recount; a screen of all that there is in 200 ms",
    "matching": "nine in ten split identities found, nine in ten found ones right",
}
PEERS = """
## Other systems

Measured earlier on such a machine with two cores, with clients that ask at the same moment:

| System | What came out | Speed |
|---|---|---|
| A Canadian province's queue system | 26 to 32 bookings into 5 places; 160 tickets, 100 numbers | \
16 to 20 bookings/s |
| Another queue system | 731 tickets, 512 numbers; 54 of 622 people called twice | 25 tickets/s |
| pretix | exact | 6 to 7 orders/s |
| Django on granian, nothing around it | not counted | 1,130 bookings/s, 0.2 of the plain SQL |
"""


def benches() -> list[str]:
    """Return the benches that there are: those of the names above whose file is in the folder."""
    return [name for name in NAMES if (FOLDER / f"{name}.py").exists()]


def run(name: str, *, quick: bool) -> dict[str, Any]:
    """Run one bench; what it says ends with one JSON object. A failure is kept as its reason."""
    command = [sys.executable, "-m", f"bench.{name}", "--json", *(["--quick"] if quick else [])]
    load = os.getloadavg()[0]
    done = subprocess.run(
        command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True, check=False
    )
    lines = done.stdout.splitlines()
    try:
        result = json.loads(lines[-1])
    except (IndexError, ValueError):
        result = {"failed": f"ended with {done.returncode} and no result"}
    return {"load_before": round(load, 2), **result}


def table(name: str, result: dict[str, Any]) -> str:
    """Return one bench as Markdown, wrong results first."""
    first = {key: result[key] for key in ("failed", "wrong_results") if key in result}
    rows = [f"| `{key}` | {shown(value)} |" for key, value in {**first, **result}.items()]
    head = [f"## {NAMES[name]}", "", f"`python -m bench.{name}`. Aim: {AIMS[name]}.", ""]
    return "\n".join([*head, "| | |", "|---|---:|", *rows, ""])


def shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def page(results: dict[str, dict[str, Any]], *, quick: bool, load: float) -> str:
    cores = os.cpu_count() or 1
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=FOLDER.parent,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    facts = [
        "# Benchmarks",
        "",
        (
            "Written by `make bench`: don't edit. Every bench counts wrong results first, and "
            "speed second. Clients, Python and PostgreSQL share the cores."
        ),
        "",
        (
            f"- {datetime.now(UTC):%d %B %Y, %H:%M} UTC, commit {commit or 'unknown'}"
            f"{', quick' if quick else ''}"
        ),
        (
            f"- {cores} cores, {platform.machine()}, {platform.system()}, "
            f"Python {platform.python_version()}"
        ),
        f"- load before: {load:.2f}",
    ]
    if load > LOAD_OF_A_QUIET_MACHINE * cores:
        facts.append(
            "- **The machine was busy with other work: the counts of wrong results hold, the "
            "speeds are too low.**"
        )
    tables = [table(name, result) for name, result in results.items()]
    return "\n".join([*facts, "", *tables]).rstrip() + "\n" + PEERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="half a minute at most for each")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    results = {}
    for name in benches():
        print(f"bench.{name} ...", flush=True)
        results[name] = run(name, quick=given.quick)
        print(json.dumps(results[name]), flush=True)
        # After each, so that a run that is stopped keeps what it knows.
        PAGE.write_text(page(results, quick=given.quick, load=load))
    print(f"Written to {PAGE.relative_to(FOLDER.parent)}")
    if any(result.get("wrong_results", 1) for result in results.values()):
        sys.exit("There are wrong results, or a bench failed.")


if __name__ == "__main__":
    main()
