"""What the tests see is what an office installs."""

import re
from pathlib import Path


def pins(name: str) -> dict[str, str]:
    text = Path("requirements", f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_the_tests_run_on_the_versions_that_an_office_installs():
    tested = pins("test")

    assert {k: v for k, v in pins("runtime").items() if tested.get(k) != v} == {}
