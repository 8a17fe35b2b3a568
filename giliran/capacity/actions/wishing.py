"""What officers wish of the roster, and the secret address of their calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from giliran.capacity.models import RosterFeed, ShiftWish
from giliran.core.refusal import Refusal, gettext_noop
from giliran.journal.actions import record

WISHES: Final = ("early", "late", "full", "off")


class BadWish(Refusal):
    """No such wish can be weighed."""

    code = "bad_wish"
    sentence = gettext_noop("Keinginan itu tidak dikenal, atau harinya sudah lewat. Pilih lagi.")


def wish(officer_id: int, wanted: Mapping[date, str], *, today: date, now: datetime) -> int:
    """Keep what an officer would like on some days; an empty wish takes one back.

    Returns how many wishes are other than before. Raises ``BadWish``; then none is kept.
    """
    if any(day <= today or kind not in {"", *WISHES} for day, kind in wanted.items()):
        raise BadWish
    with transaction.atomic():
        found = ShiftWish.objects.filter(officer_id=officer_id, day__in=list(wanted))
        before = dict(found.values_list("day", "kind"))
        fresh = {day: kind for day, kind in wanted.items() if kind != before.get(day, "")}
        if not fresh:
            return 0
        found.filter(day__in=[day for day, kind in fresh.items() if not kind]).delete()
        ShiftWish.objects.bulk_create(
            [
                ShiftWish(officer_id=officer_id, day=day, kind=kind)
                for day, kind in fresh.items()
                if kind
            ],
            update_conflicts=True,
            unique_fields=["officer", "day"],
            update_fields=["kind"],
        )
        record(
            "shift.wish",
            at=now,
            actor=f"officer:{officer_id}",
            subject_id=officer_id,
            days=len(fresh),
        )
        return len(fresh)


def new_feed(officer_id: int, token: str, *, now: datetime) -> None:
    """Give an officer's calendar a secret address; the one before stops to answer.

    ``token`` is 43 characters that nobody can guess.
    """
    with transaction.atomic():
        RosterFeed.objects.update_or_create(officer_id=officer_id, defaults={"token": token})
        record("roster.feed", at=now, actor=f"officer:{officer_id}", subject_id=officer_id)
