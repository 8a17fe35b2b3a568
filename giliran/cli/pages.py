"""The process of the pages: reads the whole program once, and forks its workers from what it read.

Each worker would otherwise read it for itself: two seconds and forty megabytes more.
"""

from __future__ import annotations

import runpy

from django.urls import get_resolver

import giliran.wsgi  # noqa: F401 -- what granian's workers will ask for


def _read_every_page() -> None:
    """Read the modules of all pages; nothing is connected to, and no thread begun."""
    get_resolver().url_patterns  # noqa: B018 -- it reads them when it is looked at


if __name__ == "__main__":
    _read_every_page()
    runpy.run_module("granian", run_name="__main__", alter_sys=True)
