"""A kannel.conf that fits giliran: for operators to start from, and for the tests to run.

    python -m giliran.messages.kannel_config > /etc/kannel/kannel.conf

The smsc group is for Kannel's own fake SMSC: replace it by what your operator gives you (see
docs/guides/messages.md).
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

FAKE_SMSC = """\
group = smsc
smsc = fake
smsc-id = fake
port = {port}
connect-allow-ip = 127.0.0.1
"""


class Ports(NamedTuple):
    """Where Kannel's boxes listen, on this machine only."""

    admin: int = 13000
    smsbox: int = 13001
    sendsms: int = 13013
    fake_smsc: int = 13014


USUAL_PORTS = Ports()


def kannel_conf(
    *,
    giliran: str,
    user: str,
    password: str,
    secret: str,
    admin_password: str,
    sender: str = "1500910",
    ports: Ports = USUAL_PORTS,
    smsc: str = "",
) -> str:
    """Return the text of a kannel.conf for both boxes.

    ``giliran`` is where Kannel reaches the pages (http://127.0.0.1:8000), ``user`` and ``password``
    are GILIRAN_KANNEL_USER and _PASSWORD, ``secret`` is GILIRAN_KANNEL_SECRET, ``smsc`` the group
    of the connection to the operator.
    """
    get_url = f"{giliran}/chat/sms/masuk/?rahasia={secret}&id=%I&dari=%p&ke=%P&huruf=%C&isi=%b"
    return f"""\
group = core
admin-port = {ports.admin}
admin-password = {admin_password}
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = {ports.smsbox}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-level = 1
# Long texts of people, cut by their telephones, are put together again.
sms-combine-concatenated-mo = true

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {ports.smsbox}
sendsms-port = {ports.sendsms}
sendsms-interface = 127.0.0.1
global-sender = {sender}
log-level = 1
# While giliran is down, what people write and what is reported waits here: 1,440 times a minute.
http-request-retry = 1440
http-queue-delay = 60

group = sendsms-user
username = {user}
password = {password}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
get-url = "{get_url}"
# giliran answers by itself, later: what the address returns is never sent to anybody.
max-messages = 0
concatenation = true
assume-plain-text = true

{smsc or FAKE_SMSC.format(port=ports.fake_smsc)}"""


def main() -> None:
    """Print a kannel.conf with new passwords, and the environment of giliran that goes with it."""
    password, secret, admin = (secrets.token_urlsafe(18) for _ in range(3))
    print(  # noqa: T201
        kannel_conf(
            giliran="http://127.0.0.1:8000",
            user="giliran",
            password=password,
            secret=secret,
            admin_password=admin,
        )
    )
    print(  # noqa: T201
        "# For giliran's environment:\n"
        "# GILIRAN_KANNEL_URL=http://127.0.0.1:13013/cgi-bin/sendsms\n"
        "# GILIRAN_KANNEL_USER=giliran\n"
        f"# GILIRAN_KANNEL_PASSWORD={password}\n"
        f"# GILIRAN_KANNEL_SECRET={secret}\n"
        "# GILIRAN_KANNEL_REPORTS=http://127.0.0.1:8000/chat/sms/laporan/"
    )


if __name__ == "__main__":
    main()
