"""Officers sitting down at counters and getting up."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from giliran.capacity.models import CounterOpening
from giliran.core.refusal import Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Counter


class CounterTaken(Refusal):
    """Another officer sits there."""

    code = "counter_taken"
    sentence = gettext_noop(
        "Loket %(label)s sedang dibuka petugas lain. Pilih loket lain, atau minta rekan menutupnya."
    )


class OfficerSitsElsewhere(Refusal):
    """An officer has one counter at a time."""

    code = "officer_sits_elsewhere"
    sentence = gettext_noop("Anda masih membuka loket %(label)s. Tutup dulu loket itu.")


def open_counter(counter_id: int, *, officer_id: int, now: datetime) -> None:
    """Let an officer sit down at a counter; the same request twice changes nothing.

    Raises ``CounterTaken`` or ``OfficerSitsElsewhere``.
    """
    counter = offices.counter(counter_id)
    if CounterOpening.objects.filter(
        counter=counter, officer_id=officer_id, closed_at__isnull=True
    ).exists():
        return
    try:
        with transaction.atomic():
            CounterOpening.objects.create(counter=counter, officer_id=officer_id, opened_at=now)
            _tell_counter("counter.open", counter, officer_id=officer_id, now=now)
    except IntegrityError as error:
        if "officer_has_one_counter" in str(error):
            held = CounterOpening.objects.select_related("counter").get(
                officer_id=officer_id, closed_at__isnull=True
            )
            raise OfficerSitsElsewhere(label=held.counter.label) from None
        raise CounterTaken(label=counter.label) from None


def close_counter(counter_id: int, *, officer_id: int, now: datetime) -> None:
    """Let the officer get up; closing a counter that isn't open changes nothing."""
    counter = offices.counter(counter_id)
    with transaction.atomic():
        closed = CounterOpening.objects.filter(
            counter=counter, officer_id=officer_id, closed_at__isnull=True
        ).update(closed_at=now)
        if closed:
            _tell_counter("counter.close", counter, officer_id=officer_id, now=now)


def _tell_counter(kind: str, counter: Counter, *, officer_id: int, now: datetime) -> None:
    record(
        kind,
        at=now,
        actor=f"officer:{officer_id}",
        office_id=counter.office_id,
        subject_id=counter.id,
    )
