"""Starting the telephones beside a demonstration, with keys made up for it."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING

from giliran.cli.database import home
from giliran.cli.whatsapp import stated_templates

if TYPE_CHECKING:
    from giliran.cli.processes import Processes


def start_phone(processes: Processes, *, host: str, port: int, serves: str) -> str:
    """Start the telephones, and let whatever is started next send and hear by them.

    ``serves`` is giliran's own address. Returns that of the telephones.
    """
    own = f"http://{host}:{port}"
    templates = home() / "templates.json"
    templates.write_text(json.dumps(stated_templates()))
    os.environ |= {
        "GILIRAN_ORIGINS": serves,  # where links in messages lead
        "GILIRAN_WHATSAPP_URL": f"{own}/v26.0",
        "GILIRAN_WHATSAPP_TOKEN": secrets.token_hex(16),
        "GILIRAN_WHATSAPP_PHONE_ID": "106540352242922",
        "GILIRAN_WHATSAPP_SECRET": secrets.token_hex(16),
        "GILIRAN_WHATSAPP_VERIFY": secrets.token_hex(16),
        "GILIRAN_USSD_SECRET": secrets.token_hex(16),
        "GILIRAN_KANNEL_URL": f"{own}/cgi-bin/sendsms",
        "GILIRAN_KANNEL_USER": "giliran",
        "GILIRAN_KANNEL_PASSWORD": secrets.token_hex(16),
        "GILIRAN_KANNEL_SECRET": secrets.token_hex(16),
        "GILIRAN_KANNEL_REPORTS": f"{serves}/chat/sms/laporan/",
    }
    processes.start(
        "phone",
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        "--workers=1",  # what was written lives in its memory
        "--blocking-threads=4",
        "--no-ws",
        "--log-level=error",
        "giliran.cli.phone.app:application",
        env={"GILIRAN_PHONE_SERVES": serves, "GILIRAN_PHONE_TEMPLATES": str(templates)},
    )
    return own
