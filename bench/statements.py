"""The very SQL of a request, written down while Django runs it, and repeated by pgbench."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client

from giliran.capacity.models import Offer
from giliran.cli import embedded
from giliran.encryption import blind_index
from giliran.offices.models import Office

# Ids that stand nowhere else in the text, so that they can be told from other numbers.
OFFICE, WINDOW, CITIZEN = 920_000_001, 930_000_001, 910_000_001
APPLICATION = 940_000_001
NIK = "3604011708850001"
PHONE, PHONE_AS_KEPT = "081234567890", "+6281234567890"


def one_booking(like: Offer) -> list[tuple[bool, str]]:
    """Book once through the whole server, in this process; return each statement as it was sent.

    The flag says whether it ran within a transaction.
    """
    office = Office.objects.get(id=like.office_id)
    counters = list(office.counters.all())
    office.id, office.slug = OFFICE, "one-booking"
    office.save(force_insert=True)
    for counter in counters:
        services = list(counter.services.all())
        counter.id, counter.office_id = None, OFFICE
        counter.save(force_insert=True)
        counter.services.set(services)
    like.id, like.office_id = WINDOW, OFFICE
    like.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE people_citizen_id_seq RESTART WITH %s", [CITIZEN])
    body = {"window": WINDOW, "service": "jht", "nik": NIK, "name": "Peserta Contoh"}
    return sent_for("turns", {**body, "phone": PHONE})


def one_application(slug: str) -> list[tuple[bool, str]]:
    """Apply once at an office through the whole server; return what it inserts, and nothing else.

    That is the person, the application and its line in the journal: the least that has to be
    written before somebody may be told "we have it".
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE people_citizen_id_seq RESTART WITH %s", [CITIZEN])
        cursor.execute("ALTER SEQUENCE turns_application_id_seq RESTART WITH %s", [APPLICATION])
    body = {"service": "jht", "nik": NIK, "name": "Peserta Contoh", "phone": PHONE}
    sent = sent_for("applications", {**body, "offices": [slug], "any_near": True})
    return [(inside, text) for inside, text in sent if text.startswith("INSERT")]


def sent_for(path: str, body: dict[str, Any]) -> list[tuple[bool, str]]:
    """Send one request and return each statement with whether it ran within a transaction."""
    sent: list[tuple[bool, str]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((connection.in_atomic_block, connection.ops.compose_sql(sql, params).strip()))
        return execute(sql, params, many, context)

    key = str(uuid4())
    with connection.execute_wrapper(note):
        answer = Client(SERVER_NAME="localhost").post(
            f"/api/v1/{path}", {**body, "request_key": key}, content_type="application/json"
        )
    assert answer.status_code == 201, answer.content
    return [(inside, generic(text, key, answer.json()["code"])) for inside, text in sent]


def generic(statement: str, key: str, code: str) -> str:
    """Put pgbench's variables where a statement names this one request."""
    places = {
        f"'\\x{blind_index(NIK).hex()}'": "sha256(int8send(:n))",
        f"'\\x{blind_index(PHONE_AS_KEPT).hex()}'": "sha256(int8send(-:n))",
        f"'{key}'": "md5(:n::text)",
        f"'{key.replace('-', '')}'": "md5(:n::text)",
        f"'{code}'": "lpad(:n::text, 8, '0')",
        str(WINDOW): ":window",
        str(CITIZEN): ":citizen_id",
        str(APPLICATION): ":application_id",
        str(OFFICE): ":window_office_id",
    }
    for literal, variable in places.items():
        statement = statement.replace(literal, variable)
    return re.sub(r"\s+", " ", statement).strip()


def script(statements: list[tuple[bool, str]], window: str = "0") -> str:
    """Return a pgbench script that does as the server does.

    `window` is a pgbench expression for where to book.
    """
    lines = [
        "\\set i :i + 1",
        "\\set n :base + :client_id * 100000 + :i",
        f"\\set window {window}",
    ]
    was_inside = False
    for inside, statement in statements:
        if inside != was_inside:
            lines.append("BEGIN;" if inside else "COMMIT;")
        was_inside = inside
        # What later statements need of an answer is read back, as the server reads it.
        if "INTO people_citizen" in statement:
            lines.append(f"{statement} \\gset citizen_")
        elif 'INTO "turns_application"' in statement:
            lines.append(f"{statement} \\gset application_")
        elif "UPDATE capacity_offer" in statement:
            lines.append(f"{statement} \\gset window_")
        else:
            lines.append(f"{statement};")
    return "\n".join([*lines, "COMMIT;" if was_inside else "", ""])


def run(
    scripts: list[str], *, url: str, connections: int, seconds: float, base: int
) -> tuple[float, int]:
    """Let the wheel's own pgbench run scripts by turns of chance; return (per second, failed).

    `base` keeps apart what several runs on one database book.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, text in enumerate(scripts):
            path = Path(folder) / f"{number}.sql"
            path.write_text(text)
            files += ["-f", str(path)]
        command = [str(embedded.binaries() / "pgbench"), "--no-vacuum", *files]
        command += [f"--client={connections}", "--jobs=2", f"--time={seconds:.0f}"]
        command += ["--define=i=0", f"--define=base={base}", url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
    speed = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    if speed is None or failed is None:
        raise RuntimeError(f"pgbench said something else: {done.stdout}")
    return float(speed[1]), int(failed[1])
