"""Kiosks and boards: putting them up, taking them down, and noting that they live."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from giliran.core.refusal import NotFound
from giliran.offices.models import Board, Kiosk, Office, Screen

# One statement, which writes once a minute and never waits: not even for whoever takes the screen
# down at this moment.
_LIVES: Final = """
UPDATE {table} SET seen_at = now(), first_seen_at = COALESCE(first_seen_at, now())
WHERE id = (
    SELECT id FROM {table}
    WHERE id = %s AND (seen_at IS NULL OR seen_at <= now() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED
)
"""

_TABLES: Final[Mapping[type[Screen], str]] = {Kiosk: "offices_kiosk", Board: "offices_board"}


def register_kiosk(office: Office, label: str, *, printer: str = "", paper_mm: int = 80) -> Kiosk:
    """Give a touch screen at an office's door its own token, or return the one it has.

    One that was taken down gets a new token: the old one may be known to whoever had the device.
    """
    kiosk, _ = Kiosk.objects.get_or_create(
        office=office,
        label=label,
        defaults={"token": _token(), "printer": printer, "paper_mm": paper_mm},
    )
    _put_up_again(kiosk)
    return kiosk


def register_board(office: Office, label: str) -> Board:
    """Give a screen in an office's waiting room its own token, as ``register_kiosk`` does."""
    board, _ = Board.objects.get_or_create(office=office, label=label, defaults={"token": _token()})
    _put_up_again(board)
    return board


def retire_kiosk(office: Office, label: str) -> None:
    """Take a touch screen down: its address opens nothing. Raises NotFound."""
    _retire(Kiosk.objects.filter(office=office, label=label))


def retire_board(office: Office, label: str) -> None:
    """Take a board down: nobody is told that it is dark. Raises NotFound."""
    _retire(Board.objects.filter(office=office, label=label))


def note_alive(screen: Screen) -> None:
    """Note that a screen asks for something now; at most once a minute is anything written."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVES.format(table=_TABLES[type(screen)]), [screen.pk])


def _put_up_again(screen: Screen) -> None:
    if screen.retired_at is None:
        return
    screen.token, screen.retired_at = _token(), None
    screen.first_seen_at = screen.seen_at = None
    screen.save()


def _retire(found: QuerySet[Kiosk] | QuerySet[Board]) -> None:
    if not found.update(retired_at=Now()):
        raise NotFound


def _token() -> str:
    return secrets.token_urlsafe(24)
