"""Making reviews when a week or month is over, agreeing on what to do, and signing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from giliran.core.control import Verdict
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.figures import capacity_check
from giliran.figures.folding import refresh
from giliran.figures.judging import Reading
from giliran.figures.measures import MEASURES
from giliran.figures.models import Agreed, Review
from giliran.figures.reviews import (
    CENTRE,
    MADE_FROM,
    Span,
    carried_to,
    cause_of,
    content,
    kept,
    last_day,
    last_over,
)
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office, Region

_COUNT_AT_MOST = 60.0  # seconds
_LONGEST_COMMENT = 4000
_LONGEST_WHAT = 300
_LONGEST_WHO = 120

log = logging.getLogger(__name__)


class AlreadySigned(Refusal):
    """A signed review doesn't change."""

    code = "review_signed"
    sentence = gettext_noop("Tinjauan ini sudah ditandatangani dan tidak berubah lagi.")


class NotTheHead(Refusal):
    """Only the head of the place signs its review."""

    code = "not_the_head"
    sentence = gettext_noop("Hanya kepala tempat ini yang bisa menandatangani tinjauannya.")


class NothingSaid(BadInput):
    """A field was left empty, or is too long to be read."""

    code = "nothing_said"
    sentence = gettext_noop("Isi bagian ini, paling panjang %(most)s huruf.")


class NotAfter(BadInput):
    """What is agreed on is to be done later, not in the past."""

    code = "not_after"
    sentence = gettext_noop("Pilih tanggal mulai hari ini.")


class Place(NamedTuple):
    """Whose review: an office, a region, or with neither the centre."""

    office: Office | None = None
    region: Region | None = None

    def office_ids(self) -> list[int]:
        if self.office is not None:
            return [self.office.id]
        region_id = self.region.id if self.region else None
        return [one.id for one in offices.offices(region_id=region_id)]

    def zone(self) -> ZoneInfo:
        if self.office is not None:
            return offices.zone(self.office)
        return ZoneInfo(self.region.time_zone) if self.region else CENTRE


def places() -> Iterator[Place]:
    """Give every office that serves somebody, every region that has one, and the centre."""
    regions: dict[int, Region] = {}
    for office in offices.offices():
        if offices.services(office_id=office.id):
            regions[office.region_id] = office.region
            yield Place(office=office)
    for region in regions.values():
        yield Place(region=region)
    yield Place()


def make_due(*, now: datetime) -> int:
    """Make each review of a week or month that is over, by each place's own clock; counts them.

    One place's trouble doesn't stop another's. Idempotent, so that it makes up for a night in which
    nothing ran.
    """
    made = 0
    for place in places():
        here = now.astimezone(place.zone())
        for span in ("week", "month"):
            first = last_over(span, here.date())
            is_early = here.date() == _day_after(span, first) and here.time() < MADE_FROM
            if is_early or _known(place, span, first):
                continue
            try:
                made += make(place, span, first, now=now) is not None
            except Exception:
                log.exception("The review of %s can't be made.", place)
    return made


def make(place: Place, span: Span, first: date, *, now: datetime) -> Review | None:
    """Make a review, or return the one that there is; None where nothing ever happened.

    What isn't counted yet is counted first: a review stays as it is made. Where that takes too
    long, None too, to be asked for again later. Where something got worse, the month's capacity is
    checked as well, as a likely cause.
    """
    known = _known(place, span, first)
    if known is not None:
        return known
    behind = refresh(_COUNT_AT_MOST)
    if behind.events:
        log.warning("No review yet: %s events of the journal aren't counted.", behind.events)
        return None
    found = content(span, first, place.office_ids())
    if found is None:
        return None
    with transaction.atomic():
        review, is_new = Review.objects.get_or_create(
            office=place.office,
            region=place.region,
            span=span,
            first_day=first,
            defaults={
                "last_day": last_day(span, first),
                "made_at": now,
                "figures": found._asdict(),
            },
        )
        if is_new:
            _note("review.made", review, actor="system", now=now)
        region = place.region or (place.office.region if place.office else None)
        if is_new and region is not None and any(map(got_worse, found.readings)):
            capacity_check.ask(region, place.office, first, actor="system", now=now)
    return review


def got_worse(one: Reading) -> bool:
    """Return whether a figure left its usual range on its bad side."""
    measure = MEASURES.get(one.key)
    if measure is None:
        return False
    bad = {
        "down": {Verdict.HIGH, Verdict.HIGHER_SINCE},
        "up": {Verdict.LOW, Verdict.LOWER_SINCE},
    }
    return one.verdict in bad.get(measure.better, set())


def agree(
    review_id: int,
    *,
    request_key: UUID,
    what: str,
    who: str,
    due_on: date,
    officer_id: int,
    now: datetime,
) -> Agreed:
    """Write down what was agreed on in a review that isn't signed yet.

    The same ``request_key`` again returns the first. Raises AlreadySigned, NotTheHead,
    NothingSaid, NotAfter, NotFound.
    """
    earlier = Agreed.objects.filter(request_key=request_key).first()
    if earlier is not None:
        return earlier
    what = _said("what", what, _LONGEST_WHAT)
    who = _said("who", who, _LONGEST_WHO)
    with transaction.atomic():
        review = _held(review_id, officer_id)
        if due_on < now.astimezone(_place(review).zone()).date():
            raise NotAfter("due_on")
        agreed = Agreed.objects.create(
            review=review,
            request_key=request_key,
            what=what,
            who=who,
            due_on=due_on,
            changed_at=now,
            changed_by=f"officer:{officer_id}",
        )
        _note("review.agreed", review, actor=f"officer:{officer_id}", now=now, agreed=agreed.id)
    return agreed


def settle(agreed_id: int, state: str, *, officer_id: int, now: datetime) -> None:
    """Say what came of something agreed on: done, dropped, or open again; also after signing.

    Raises NotTheHead, NotFound.
    """
    if state not in Agreed.State.values:
        raise NotFound
    with transaction.atomic():
        found = (
            Agreed.objects.select_for_update(of=("self",))
            .select_related("review__office__region", "review__region")
            .filter(id=agreed_id)
            .first()
        )
        if found is None:
            raise NotFound
        _check_head(found.review, officer_id)
        if found.state == state:
            return
        actor = f"officer:{officer_id}"
        Agreed.objects.filter(id=agreed_id).update(state=state, changed_at=now, changed_by=actor)
        _note("review.settled", found.review, actor=actor, now=now, agreed=agreed_id, state=state)


def sign(review_id: int, *, comment: str, officer_id: int, now: datetime) -> None:
    """Sign a review as the head of its place; from then on it doesn't change.

    What stood beside the figures (earlier agreements, the capacity check) is kept as it is now.
    Raises AlreadySigned, NotTheHead, NothingSaid, NotFound.
    """
    comment = _said("comment", comment, _LONGEST_COMMENT)
    with transaction.atomic():
        review = _held(review_id, officer_id)
        beside = kept(carried_to(review), cause_of(review))
        Review.objects.filter(id=review.id, signed_at__isnull=True).update(
            figures=review.figures | beside,
            comment=comment,
            signed_at=now,
            signed_by_id=officer_id,
        )
        _note("review.signed", review, actor=f"officer:{officer_id}", now=now)


def may_sign(place: Place, officer_id: int) -> bool:
    """Return whether somebody is the head of a place: not one who only reads it from above."""
    if place.office is not None:
        return "manager" in offices.roles(officer_id, place.office)
    if place.region is not None:
        return "regional" in offices.region_roles(officer_id, place.region)
    return any("administrator" in roles for _, roles in offices.offices_and_roles(officer_id))


def _held(review_id: int, officer_id: int) -> Review:
    """Return an unsigned review, locked. Raises AlreadySigned, NotTheHead, NotFound."""
    found = Review.objects.select_for_update(of=("self",)).filter(id=review_id)
    review = found.select_related("office__region", "region").first()
    if review is None:
        raise NotFound
    _check_head(review, officer_id)
    if review.signed_at is not None:
        raise AlreadySigned
    return review


def _check_head(review: Review, officer_id: int) -> None:
    if not may_sign(_place(review), officer_id):
        raise NotTheHead


def _place(review: Review) -> Place:
    return Place(review.office, review.region)


def _known(place: Place, span: str, first: date) -> Review | None:
    return Review.objects.filter(
        office=place.office, region=place.region, span=span, first_day=first
    ).first()


def _day_after(span: Span, first: date) -> date:
    return date.fromordinal(last_day(span, first).toordinal() + 1)


def _said(field: str, text: str, most: int) -> str:
    text = text.replace("\x00", "").strip()
    if not text or len(text) > most:
        raise NothingSaid(field, most=most)
    return text


def _note(kind: str, review: Review, *, actor: str, now: datetime, **data: int | str) -> None:
    record(
        kind,
        at=now,
        actor=actor,
        office_id=review.office_id,
        subject_id=review.id,
        span=str(review.span),
        first_day=review.first_day.isoformat(),
        **data,
    )
