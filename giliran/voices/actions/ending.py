"""Closing what nobody disputes, and forgetting what was stated."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from giliran.core.complaint import Move, State
from giliran.messages.models import Subscription
from giliran.voices import deadlines
from giliran.voices.actions import telling
from giliran.voices.actions.attaching import erase_attachments
from giliran.voices.actions.moving import hold, move
from giliran.voices.models import Complaint, Remark

ONE_DAY = timedelta(days=1)


def lapse_silent(*, now: datetime) -> int:
    """Close what was answered and not disputed until its last day was over; returns how many."""
    answered = Complaint.objects.filter(state=State.ANSWERED)
    silent = answered.filter(confirm_by__lt=(now + ONE_DAY).date()).order_by("id")
    return sum(_lapse(one, now=now) for one in list(silent.values_list("id", flat=True)))


def _lapse(complaint_id: int, *, now: datetime) -> bool:
    with transaction.atomic():
        complaint = hold(complaint_id)
        today = deadlines.local_day(complaint.office, complaint.region, now)
        # Disputed or confirmed since the list was read, or the day isn't over there yet.
        last = complaint.confirm_by
        if complaint.state != State.ANSWERED or last is None or today <= last:
            return False
        move(complaint, Move.LAPSE, actor="system", now=now, ended_at=now, confirm_by=None)
        telling.lapsed(complaint, now=now)
        return True


def erase_statements(*, before: date) -> int:
    """Erase what was stated in complaints that ended before a day; returns of how many.

    Name, telephone, all words, photos, what was kept to find similar ones and which contacts were
    told go; days, ids and the history stay (UU 27/2022 Pasal 43).
    """
    ended = Complaint.objects.filter(ended_at__date__lt=before).exclude(text_sealed=b"")
    ids = list(ended.values_list("id", flat=True))
    with transaction.atomic():
        # Also what ties somebody's telephone to what they said without a name.
        Subscription.objects.filter(subject="complaint", subject_id__in=ids).delete()
        erase_attachments(ids)
        Remark.objects.filter(complaint_id__in=ids).update(text_sealed=b"")
        return Complaint.objects.filter(id__in=ids).update(
            name_sealed=b"", phone_sealed=b"", text_sealed=b"", text_trigrams=b""
        )
