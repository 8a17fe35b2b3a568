"""Complaints that nobody who works here may answer, as at a centre with a single administrator.

Who answered doesn't answer what is disputed, and who took part answers nothing: that holds also
where nobody else is left. Then somebody else must be given a post; until then the pages say so.
"""

from __future__ import annotations

from django.db.models import Q

from giliran.core.complaint import TO_ANSWER
from giliran.offices.models import Post
from giliran.people.models import Officer
from giliran.voices import access, worklists
from giliran.voices.access import Reader
from giliran.voices.models import Complaint

Level = Complaint.Level


def nobody_may_answer(complaint: Complaint) -> bool:
    """Return whether an answer is owed that no officer of any level may give."""
    if complaint.state not in TO_ANSWER:
        return False
    posts = Post.objects.filter(role="administrator")
    if complaint.lowest != Level.CENTRE and complaint.region_id is not None:
        posts |= Post.objects.filter(region_id=complaint.region_id, role="regional")
    if complaint.lowest == Level.OFFICE and complaint.office_id is not None:
        at_desk = ["officer", "manager"]
        posts |= Post.objects.filter(office_id=complaint.office_id, role__in=at_desk)
    staff = Officer.objects.filter(posts__in=posts, is_active=True).distinct()
    ids = staff.values_list("id", flat=True)
    return not any(access.may_handle(access.reader(one), complaint) for one in ids)


def waits_for_somebody(complaint_id: int) -> bool:
    """Return the same of a complaint by its id."""
    return nobody_may_answer(Complaint.objects.get(id=complaint_id))


def dead_ends(who: Reader, *, at_most: int = 50) -> list[Complaint]:
    """Return what somebody may see and nobody may answer, oldest date first; of the centre's.

    Below the centre an administrator may always help out; only at the centre nobody is above.
    """
    owed = worklists.seen(who).filter(state__in=sorted(TO_ANSWER), lowest=Level.CENTRE)
    if Officer.objects.filter(posts__role="administrator", is_active=True).exists():
        # Whom nothing excludes may answer the rest.
        owed = owed.filter(
            Q(times_disputed__gt=0)
            | Q(officer__isnull=False)
            | Q(turn__isnull=False)
            | Q(claim__isnull=False)
        )
    ordered = owed.select_related("office", "region").order_by("due_on", "id")
    found = (one for one in ordered.iterator(chunk_size=200) if nobody_may_answer(one))
    return [one for one, _ in zip(found, range(at_most), strict=False)]
