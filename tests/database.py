"""A pytest plugin: a real PostgreSQL for every test run, before Django reads its settings.

TEST_DATABASE_URL names a server to use instead of the embedded one.
"""

import os
import tempfile
from pathlib import Path

from giliran.cli import embedded

_HOME = Path("var/test").resolve()
_HOME.mkdir(parents=True, exist_ok=True)
os.environ["GILIRAN_HOME"] = tempfile.mkdtemp(prefix="giliran-")
os.environ["GILIRAN_SECRET"] = "only-for-tests-and-therefore-known-to-everybody"
os.environ["DATABASE_POOL"] = "0"
os.environ.pop("GILIRAN_CLOCK", None)

if "TEST_DATABASE_URL" in os.environ:
    SERVER_URL = os.environ["TEST_DATABASE_URL"]
else:
    _server = embedded.start(_HOME / "postgres")
    SERVER_URL = embedded.url(_server, "postgres")
os.environ["DATABASE_URL"] = SERVER_URL
