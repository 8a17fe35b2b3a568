"""Putting somebody of the office's own back office down in the place of who is away."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from giliran.capacity import leave as leaves
from giliran.capacity.actions import telling
from giliran.capacity.actions.holding import hold, replan_soon
from giliran.capacity.actions.lending import name_of
from giliran.capacity.models import Shift
from giliran.capacity.refusals import CannotSubstitute
from giliran.capacity.remedies.own import replaced
from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Post


def put_substitute(
    officer_id: int, *, leave_id: int, office_id: int, day: date, actor: str, now: datetime
) -> Shift:
    """Put somebody of the office's own back office down in the place of who is away on a day.

    Put down twice is once. Raises ``CannotSubstitute`` or ``NotFound``.
    """
    with transaction.atomic():
        one = leaves.leave(leave_id)
        hold(one.office.region_id, officer_id)
        own = leaves.shift_of(office_id, one.officer_id, day)
        is_in = one.first_day <= day <= one.last_day and one.state in leaves.IN_FORCE
        if one.office_id != office_id or own is None or not is_in:
            raise NotFound
        has_post = Post.objects.filter(
            officer_id=officer_id,
            office_id=office_id,
            officer__is_active=True,
            # Colleagues at the counters work more by ``add_shift``, which keeps to the law.
            role__in=[Post.Role.DOOR, Post.Role.MANAGER],
        )
        there = Shift.objects.filter(
            officer_id=officer_id, day=day, is_draft=False, cancelled_at__isnull=True
        ).first()
        post = has_post.select_related("officer").first()
        if post is None or officer_id == one.officer_id:
            raise CannotSubstitute(who=name_of(officer_id))
        if there is not None and there.office_id == office_id:
            return there
        is_past = day < offices.local_day(one.office, now) or own.ends_at <= now
        is_free = there is None and not leaves.is_away(officer_id, day)
        if is_past or not is_free:
            raise CannotSubstitute(who=name_of(officer_id))
        fresh = replaced(own, post.officer, now=now)
        fresh.save(force_insert=True)
        record(
            "shift.substitute",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=fresh.id,
            officer=officer_id,
            instead_of=one.officer_id,
            day=day.isoformat(),
        )
        telling.shifts_changed(one.office, {officer_id: [day]}, actor=actor, now=now)
        replan_soon(office_id, day, day)
    return fresh
