"""Who sees and who handles a complaint: never whom it is about, and nobody below its lowest level.

A complaint about the head of a branch is not the branch's, one about the region not the region's.
The name of somebody who asked for protection is the region's unit's alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from giliran.journal.models import Event
from giliran.offices.models import Post
from giliran.voices.models import Complaint

Level = Complaint.Level
LADDER = (Level.OFFICE, Level.REGION, Level.CENTRE)
DELICATE = frozenset(
    {Complaint.Category.BRIBE, Complaint.Category.LEAK, Complaint.Category.CONDUCT}
)
"""They may be about anybody at an office: until it is known about whom, no office sees them."""


class Reader(NamedTuple):
    """An officer and where they stand."""

    officer_id: int
    desks: frozenset[int]
    headed: frozenset[int]
    regions: frozenset[int]
    is_centre: bool
    is_auditor: bool


def reader(officer_id: int) -> Reader:
    """Return where an officer stands, by their posts of now."""
    posts = list(Post.objects.filter(officer_id=officer_id))
    roles = {post.role for post in posts}
    return Reader(
        officer_id,
        frozenset(_ids(post.office_id for post in posts if post.role == "officer")),
        frozenset(_ids(post.office_id for post in posts if post.role == "manager")),
        frozenset(_ids(post.region_id for post in posts if post.role == "regional")),
        "administrator" in roles,
        "auditor" in roles,
    )


def _ids(found: Iterable[int | None]) -> Iterable[int]:
    return (one for one in found if one is not None)


def rank(level: str) -> int:
    """Return how high a level is: 0 is the office."""
    return LADDER.index(Level(level))


def higher(level: str, other: str) -> Level:
    """Return the higher one of two levels."""
    return max(Level(level), Level(other), key=rank)


def above(level: str) -> Level | None:
    """Return the next level up, None above the centre."""
    at = rank(level) + 1
    return LADDER[at] if at < len(LADDER) else None


def lowest_for(
    *,
    office_id: int | None,
    region_id: int | None,
    officer_id: int | None,
    category: str,
    is_protected: bool,
) -> Level:
    """Return the lowest level that may have a complaint about this."""
    found = Level.OFFICE
    if office_id is None or is_protected:
        found = Level.REGION
    if officer_id is None:
        if category in DELICATE:
            found = Level.REGION
    else:
        about = reader(officer_id)
        if about.headed:
            found = Level.REGION
        if about.regions or about.is_centre or about.is_auditor:
            found = Level.CENTRE
    return Level.CENTRE if region_id is None else found


def stands_at(who: Reader, complaint: Complaint) -> Level | None:
    """Return the highest level at which somebody stands towards a complaint's place."""
    if who.is_centre:
        return Level.CENTRE
    if complaint.region_id in who.regions:
        return Level.REGION
    return Level.OFFICE if complaint.office_id in who.desks | who.headed else None


def may_see(who: Reader, complaint: Complaint) -> bool:
    """Return whether somebody may read a complaint, who complained aside.

    At an office a complaint about a colleague is for the head, and for whom the head chose.
    """
    if who.officer_id == complaint.officer_id:
        return False
    if who.is_auditor:
        return True
    level = stands_at(who, complaint)
    if level is None or rank(level) < rank(complaint.lowest):
        return False
    is_about_colleague = level == Level.OFFICE and complaint.officer_id is not None
    return (
        not is_about_colleague
        or complaint.office_id in who.headed
        or complaint.handler_id == who.officer_id
    )


def may_handle(who: Reader, complaint: Complaint) -> bool:
    """Return whether somebody may answer: who sees it, took no part in it, and didn't before.

    Part takes who served the turn or decided the claim. Who gave the answer that is disputed
    doesn't give the next one.
    """
    if not may_see(who, complaint) or stands_at(who, complaint) is None:
        return False
    return who.officer_id not in parties(complaint) | answered_by(complaint)


def parties(complaint: Complaint) -> frozenset[int]:
    """Return the officers who called or served its turn, or who checked or decided its claim.

    The journal knows also those who passed it on: the row has the last one alone.
    """
    found: set[int] = set()
    for subject, subject_id, columns in (
        ("turn", complaint.turn_id, ("officer_id",)),
        ("claim", complaint.claim_id, ("verified_by_id", "decided_by_id")),
    ):
        if subject_id is not None:
            told = Event.objects.filter(subject=subject, subject_id=subject_id)
            for data in told.filter(data__has_any_keys=columns).values_list("data", flat=True):
                found |= {int(data[name]) for name in columns if data.get(name)}
    return frozenset(found)


def answered_by(complaint: Complaint) -> frozenset[int]:
    """Return who gave an answer that was disputed since."""
    if not complaint.times_disputed:
        return frozenset()
    given = complaint.remarks.filter(kind="answer").values_list("by", flat=True)
    numbers = (by.partition(":")[2] for by in given)
    return frozenset(int(number) for number in numbers if number.isdecimal())


def may_know_name(who: Reader, complaint: Complaint) -> bool:
    """Return whether somebody may read who complained, and how to reach them.

    A protected name is read by the region's unit alone; where the complaint is about the region,
    by the centre.
    """
    if not may_see(who, complaint) or stands_at(who, complaint) is None:
        return False
    if not complaint.is_protected:
        return True
    if complaint.lowest == Level.CENTRE:
        return who.is_centre
    return complaint.region_id in who.regions


def seen_by(who: Reader) -> Q:
    """Return the condition of all that somebody may see, as ``may_see`` decides one by one."""
    not_about_them = Q(officer__isnull=True) | ~Q(officer_id=who.officer_id)
    if who.is_centre or who.is_auditor:
        return not_about_them
    at_office = Q(lowest=Level.OFFICE) & (
        Q(office_id__in=who.headed)
        | Q(office_id__in=who.desks) & (Q(officer__isnull=True) | Q(handler_id=who.officer_id))
    )
    at_region = Q(lowest__in=[Level.OFFICE, Level.REGION], region_id__in=who.regions)
    return not_about_them & (at_office | at_region)
