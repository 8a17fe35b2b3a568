"""The telephones as pages: plain HTML that works without scripts and with a screen reader."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from giliran.cli.phone.people import Entry, Person
from giliran.cli.phone.ussd import CODE, Session

WIB = ZoneInfo("Asia/Jakarta")
SOON, LATER = 2, 15  # seconds until the chat is read anew: while an answer is due, and else

STYLE = """
:root { color-scheme: light; --green: #075e54; --mine: #d9fdd3; --line: #c9cfcd; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.45 system-ui, sans-serif; color: #111b21; background: #e9edef; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.3rem; margin: 0 0 .5rem; }
a { color: #05473f; }
.phone { display: grid; grid-template-rows: auto 1fr auto; height: 100vh; height: 100dvh;
  max-width: 26rem; margin: 0 auto; padding: 0; background: #fff; border: solid var(--line);
  border-width: 0 1px; }
header { background: var(--green); color: #fff; padding: .6rem 1rem; }
header h1 { margin: 0; font-size: 1.1rem; }
header p { margin: 0; font-size: .85rem; }
header a { color: #fff; }
iframe { width: 100%; height: 100%; border: 0; background: #efeae2; }
.write { display: grid; gap: .5rem; padding: .6rem; border-top: 1px solid var(--line); }
.write > div { display: flex; gap: .5rem; }
.write form { display: flex; gap: .5rem; flex: 1; margin: 0; }
input { flex: 1; min-width: 0; font: inherit; padding: .6rem; border: 1px solid #6b7672;
  border-radius: .5rem; }
button { font: inherit; padding: .6rem .9rem; border: 1px solid var(--green); border-radius: .5rem;
  background: #fff; color: #05473f; cursor: pointer; min-height: 44px; }
button.go { background: var(--green); color: #fff; }
:focus-visible { outline: 3px solid #b34700; outline-offset: 2px; }
.scroll { height: 100vh; overflow-y: auto; display: flex; flex-direction: column-reverse; }
ol { list-style: none; margin: 0; padding: .8rem; display: grid; gap: .5rem; }
li { max-width: 85%; padding: .5rem .7rem; border-radius: .6rem; background: #fff;
  white-space: pre-line; overflow-wrap: anywhere; justify-self: start; }
li.mine { justify-self: end; background: var(--mine); }
li form { margin: .4rem 0 0; }
li form button { width: 100%; text-align: left; }
li small, .row small { display: block; color: #47545b; font-size: .8rem; }
.people { list-style: none; padding: 0; display: block; }
.people li { max-width: none; margin: 0 0 .6rem; padding: .8rem; white-space: normal; }
.people a { display: inline-block; padding: .5rem 0; }
.screen { white-space: pre-line; overflow-wrap: anywhere; font: 1.05rem/1.5 ui-monospace, monospace;
  background: #fff; border: 2px solid #6b7672; border-radius: .5rem; padding: .8rem; }
.empty { background: none; color: #47545b; justify-self: center; text-align: center; }
"""


def shelf(everybody: Iterable[Person]) -> str:
    """Return the page with all telephones to choose from."""
    rows = "".join(_row(person) for person in everybody)
    return _page(
        "Telepon contoh",
        "<main><h1>Telepon contoh</h1><p>Tulis sebagai warga lewat WhatsApp atau SMS, dan baca "
        "jawaban giliran. Orang dan nomornya rekaan; tidak ada pesan yang keluar dari komputer "
        f'ini.</p><ul class="people">{rows}</ul></main>',
    )


def _row(person: Person) -> str:
    here = f"/{quote(person.slug)}"
    number = "nomor disembunyikan" if person.hides_number else f"+{person.phone}"
    note = number if person.has_whatsapp else f"{number}, tanpa WhatsApp"
    chat = f'<a href="{here}/">WhatsApp</a> · ' if person.has_whatsapp else ""
    others = f'<a href="{here}/sms">SMS</a> · <a href="{here}/ussd">{CODE}</a>'
    return f"<li>{escape(person.name)}<small>{note}</small>{chat}{others}</li>"


def phone(person: Person) -> str:
    """Return one telephone: its chat in a frame that refreshes itself, and where to write."""
    here = f"/{quote(person.slug)}"
    return _telephone(
        person,
        "WhatsApp: BPJS Ketenagakerjaan",
        here,
        f'<div><form method="post" action="{here}/tempat"><button>Kirim lokasi</button></form>'
        f'<form method="post" action="{here}/foto"><button>Kirim foto contoh</button></form></div>',
    )


def sms(person: Person) -> str:
    """Return one telephone with its short messages."""
    return _telephone(person, "SMS: 175", f"/{quote(person.slug)}/sms", "")


def ussd(person: Person, session: Session) -> str:
    """Return one telephone with the menu that it shows, and where to answer."""
    here = f"/{quote(person.slug)}/ussd"
    shown = escape(session.screen)
    screen = f'<p class="screen" role="status">{shown}</p>' if shown else ""
    answer = (
        f'<form method="post" action="{here}"><input name="tulis" aria-label="Jawaban" '
        'autocomplete="off" required autofocus><button class="go">Kirim</button></form>'
        if session.is_open
        else ""
    )
    return _page(
        f"{CODE}, telepon {person.name}",
        f"<main><h1>Menu {CODE}</h1><p>Telepon {escape(person.name)} (rekaan) · "
        f'<a href="/">ganti telepon</a></p>{screen}<div class="write">{answer}'
        f'<form method="post" action="{here}"><button>Panggil {CODE}</button></form></div></main>',
    )


def _telephone(person: Person, title: str, here: str, more: str) -> str:
    return _page(
        f"{title}, telepon {person.name}",
        f'<main class="phone"><header><h1>{escape(title)}</h1>'
        f'<p>Telepon {escape(person.name)} (rekaan) · <a href="/">ganti telepon</a></p></header>'
        f'<iframe src="{here}/percakapan" title="Percakapan"></iframe>'
        f'<div class="write"><div><form method="post" action="{here}/tulis">'
        '<input name="tulis" aria-label="Pesan" maxlength="4096" autocomplete="off" required '
        'autofocus placeholder="Tulis pesan"><button class="go">Kirim</button></form></div>'
        f"{more}</div></main>",
    )


def sms_thread(person: Person) -> str:
    """Return the short messages, the newest at the bottom."""
    entries = "".join(_entry(person, entry, is_newest=False) for entry in person.sms)
    return _chat(entries, awaits=_awaits(person.sms))


def thread(person: Person) -> str:
    """Return the chat, the newest at the bottom and in view; read anew every few seconds."""
    newest = next((entry.id for entry in reversed(person.thread) if entry.ours), "")
    entries = "".join(
        _entry(person, entry, is_newest=entry.id == newest) for entry in person.thread
    )
    return _chat(entries, awaits=_awaits(person.thread))


def _awaits(chat: list[Entry]) -> bool:
    return bool(chat) and not chat[-1].ours


def _chat(entries: str, *, awaits: bool) -> str:
    empty = '<li class="empty">Belum ada pesan. Tulis misalnya: halo</li>'
    return _page(
        "Percakapan",
        '<div class="scroll" tabindex="0" role="region" aria-label="Percakapan">'
        f"<ol>{entries or empty}</ol></div>",
        # A page that is read anew loses the place of whoever walks through it by keyboard.
        head=f'<meta http-equiv="refresh" content="{SOON if awaits else LATER}">',
    )


def _entry(person: Person, entry: Entry, *, is_newest: bool) -> str:
    who = "giliran" if entry.ours else person.name
    parts = f", {escape(entry.note)}" if entry.ours and entry.note.endswith(" SMS") else ""
    text = f"{escape(entry.shown.text)}<small>{escape(who)}, {_hour(entry.at)}{parts}</small>"
    buttons = "".join(
        f'<button name="pilihan" value="{escape(choice_id)}">{escape(title)}'
        f"{f'<small>{escape(description)}</small>' if description else ''}</button>"
        for choice_id, title, description in entry.shown.choices
    )
    if buttons and is_newest:
        buttons = (
            f'<form method="post" action="/{quote(person.slug)}/pilih">'
            f'<input type="hidden" name="pesan" value="{escape(entry.id)}">{buttons}</form>'
        )
    else:
        buttons = "".join(f"<small>▸ {escape(c[1])}</small>" for c in entry.shown.choices)
    return f'<li class="{"theirs" if entry.ours else "mine"}">{text}{buttons}</li>'


def _hour(at: datetime) -> str:
    return f"{at.astimezone(WIB):%H.%M} WIB"


def _page(title: str, body: str, *, head: str = "") -> str:
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/phone.css">{head}</head>'
        f"<body>{body}</body></html>"
    )


def photo() -> bytes:
    """Return a small PNG, grey like a photographed sheet of paper."""
    width, height = 64, 48
    rows = b"".join(b"\x00" + bytes([230 - y]) * width for y in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
