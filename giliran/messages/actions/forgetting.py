"""What is no longer needed is erased (UU 27/2022 Pasal 43)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from giliran.messages.actions.noticing import OFFICER
from giliran.messages.models import Attempt, Contact, Inbound, Message, Subscription
from giliran.people.models import Officer


def forget(*, before: datetime) -> int:
    """Erase addresses that nobody used since a moment; returns how many.

    Used is: told something, heard from, subscribed to something; and an address where an officer
    who works here is told, however seldom something is wrong. Of whoever opted out the blind index
    stays, so that the "no" is remembered. Events and answers of before lose their words, and
    messages their ids at providers, which may hold a number.
    """
    Inbound.objects.filter(received_at__lt=before, handled_at__isnull=False).delete()
    Message.objects.filter(made_at__lt=before).exclude(body_sealed=b"").update(body_sealed=b"")
    Attempt.objects.filter(started_at__lt=before).exclude(provider_id="").update(provider_id="")
    recent = Q(last_heard_at__gte=before) | Q(opted_in_at__gte=before) | Q(made_at__gte=before)
    working = Officer.objects.filter(is_active=True).values("id")
    own = Subscription.objects.filter(
        contact=OuterRef("pk"), subject=OFFICER, subject_id__in=working
    )
    idle = (
        Contact.objects.exclude(address_sealed=b"")
        .exclude(recent)
        .filter(
            ~Exists(Attempt.objects.filter(contact=OuterRef("pk"), started_at__gte=before)),
            ~Exists(Subscription.objects.filter(contact=OuterRef("pk"), made_at__gte=before)),
            ~Exists(own),
        )
    )
    ids = list(idle.values_list("id", flat=True))
    Subscription.objects.filter(contact__in=ids).delete()
    Contact.objects.filter(id__in=ids, opted_out_at__isnull=True).update(address_index=None)
    return Contact.objects.filter(id__in=ids).update(
        address_sealed=b"", phone_sealed=b"", code_hash=b"", confirmed_at=None, opted_in_at=None
    )
