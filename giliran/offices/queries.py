"""What is known of offices: where they are, when they are open, who may do what in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from giliran import rules
from giliran.core.offers import Hours, nearest
from giliran.core.refusal import NotFound
from giliran.offices.hours import day_off
from giliran.offices.models import (
    Board,
    Break,
    Closure,
    Counter,
    HomeArea,
    Kiosk,
    Office,
    Post,
    Region,
    Service,
    WeeklyHours,
)

NEAREST_AT_LEAST = 3
_EVERYWHERE = Q(office__isnull=True, region__isnull=True)
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


class CounterView(NamedTuple):
    id: int
    label: str
    service_ids: tuple[int, ...]


def office(slug: str) -> Office:
    """Return the office of an address, or raise ``NotFound``."""
    try:
        return Office.objects.select_related("region", "parent").get(slug=slug)
    except Office.DoesNotExist:
        raise NotFound from None


def office_by_id(office_id: int) -> Office:
    return Office.objects.select_related("region").get(id=office_id)


def office_ids(slugs: Collection[str]) -> dict[str, int]:
    """Return the ids of those offices among these addresses that there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, id FROM offices_office WHERE slug = ANY(%s)", [list(slugs)])
        return dict(cursor.fetchall())


def region(slug: str) -> Region:
    """Return the region with this slug, or raise ``NotFound``."""
    try:
        return Region.objects.get(slug=slug)
    except Region.DoesNotExist:
        raise NotFound from None


def offices(*, region_id: int | None = None) -> list[Office]:
    """Return all offices, or a region's, by region and name."""
    found = Office.objects.select_related("region", "parent").order_by("region__name", "name")
    return list(found.filter(region_id=region_id) if region_id else found)


def nearest_offices(to: Office, n: int) -> list[tuple[Office, float]]:
    """Return the ``n`` other offices nearest to one, with the distance in km."""
    others = {o.id: o for o in Office.objects.exclude(id=to.id)}
    places = [(o.id, float(o.latitude), float(o.longitude)) for o in others.values()]
    ranked = nearest(places, float(to.latitude), float(to.longitude), n)
    return [(others[office_id], km) for office_id, km in ranked]


def regions_that_draw() -> list[Region]:
    """Return the regions where places in windows are drawn."""
    return list(Region.objects.filter(draw_at__isnull=False).order_by("slug"))


def region_that_draws(slug: str) -> Region:
    """Return the region with this slug if places are drawn there, or raise ``NotFound``."""
    found = region(slug)
    if found.draw_at is None:
        raise NotFound
    return found


def home_areas(region_id: int) -> list[HomeArea]:
    """Return the districts of a region where people may say that they live, by name."""
    return list(HomeArea.objects.filter(region_id=region_id))


def home_area(home_id: int, *, region_id: int) -> HomeArea:
    """Return a district of a region, or raise ``NotFound``."""
    try:
        return HomeArea.objects.get(id=home_id, region_id=region_id)
    except HomeArea.DoesNotExist:
        raise NotFound from None


def home_area_with(code: str) -> HomeArea:
    """Return the district with a code, or raise ``NotFound``."""
    try:
        return HomeArea.objects.get(code=code)
    except HomeArea.DoesNotExist:
        raise NotFound from None


def near(
    region: Region, service_id: int, *, home: HomeArea | None, first: Office | None = None
) -> list[tuple[Office, float]]:
    """Return a region's offices that serve something near home, nearest first, with the km.

    Near is within the region's ``near_km`` of home, or of the office ``first`` where home is not
    known. Where nothing is that near, the three nearest; without either, all of the region.
    """
    serving = {
        office.id: office
        for office in Office.objects.filter(region=region, counters__services=service_id)
        .select_related("region", "parent")
        .distinct()
    }
    places = [Place(o.id, float(o.latitude), float(o.longitude)) for o in serving.values()]
    return [(serving[office_id], km) for office_id, km in near_ids(region, places, home or first)]


class Place(NamedTuple):
    """Where an office stands, in degrees."""

    office_id: int
    latitude: float
    longitude: float


class Around(NamedTuple):
    """A region to somebody who needs a service: its offices, and those that serve it."""

    region: Region
    places: dict[int, Place]
    serving: list[Place]


def around(office_id: int, service_id: int) -> Around | None:
    """Return the region of an office in two small statements, or None for an unknown office.

    For answers that many wait for at once; ``near`` reads whole offices.
    """
    found = list(
        Region.objects.raw(
            """
            SELECT r.* FROM offices_region AS r JOIN offices_office AS o ON o.region_id = r.id
            WHERE o.id = %s
            """,
            [office_id],
        )
    )
    if not found:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, o.latitude::float8, o.longitude::float8, o.id IN (
                SELECT c.office_id FROM offices_counter AS c
                JOIN offices_counter_services AS s ON s.counter_id = c.id
                WHERE s.service_id = %s)
            FROM offices_office AS o WHERE o.region_id = %s ORDER BY o.name
            """,
            [service_id, found[0].id],
        )
        rows = cursor.fetchall()
    places = {row[0]: Place(*row[:3]) for row in rows}
    return Around(found[0], places, [places[row[0]] for row in rows if row[3]])


def near_ids(
    region: Region, serving: Sequence[Place], centre: HomeArea | Office | Place | None
) -> list[tuple[int, float]]:
    """Return the ids of those offices that are near, as ``near`` does, with the km."""
    if centre is None:
        return [(place.office_id, 0.0) for place in serving]
    ordered = nearest(serving, float(centre.latitude), float(centre.longitude), len(serving))
    within = [(office_id, km) for office_id, km in ordered if km <= region.near_km]
    return within or ordered[:NEAREST_AT_LEAST]


def service(code: str) -> Service:
    """Return the service with a code, or raise ``NotFound``."""
    try:
        return Service.objects.get(code=code)
    except Service.DoesNotExist:
        raise NotFound from None


def services(*, office_id: int | None = None) -> list[Service]:
    """Return the services of all offices, or those that some counter of one office serves."""
    if office_id is None:
        return list(Service.objects.all())
    return list(Service.objects.filter(counters__office_id=office_id).distinct())


def offices_serving(service_id: int) -> list[Office]:
    """Return the offices where some counter serves this."""
    return list(
        Office.objects.filter(counters__services=service_id)
        .select_related("region", "parent")
        .distinct()
        .order_by("region__name", "name")
    )


def services_include(office_ids: Collection[int], service_id: int) -> bool:
    """Return whether each of these offices serves this."""
    serving = Office.objects.filter(id__in=list(office_ids), counters__services=service_id)
    return serving.distinct().count() == len(set(office_ids))


def counters(office_id: int) -> list[CounterView]:
    """Return an office's counters with what they serve, by label."""
    found = Counter.objects.filter(office_id=office_id).prefetch_related("services")
    views = [CounterView(c.id, c.label, tuple(s.id for s in c.services.all())) for c in found]
    return sorted(views, key=lambda c: (len(c.label), c.label))


def counter(counter_id: int) -> Counter:
    """Return a counter with its office, or raise ``NotFound``."""
    try:
        return Counter.objects.select_related("office").get(id=counter_id)
    except Counter.DoesNotExist:
        raise NotFound from None


def kiosk(token: str) -> Kiosk:
    """Return the kiosk whose device carries this token, or raise ``NotFound``."""
    try:
        return Kiosk.objects.select_related("office").get(token=token, retired_at=None)
    except Kiosk.DoesNotExist:
        raise NotFound from None


def kiosks(office_id: int) -> list[Kiosk]:
    """Return the touch screens at an office's doors."""
    return list(Kiosk.objects.filter(office_id=office_id, retired_at=None).order_by("id"))


def board(office_id: int, token: str) -> Board | None:
    """Return the board in an office's waiting room that carries this token, if there is one."""
    return Board.objects.filter(office_id=office_id, token=token, retired_at=None).first()


def zone(of: Office) -> ZoneInfo:
    return ZoneInfo(of.time_zone)


def local_day(of: Office, now: datetime) -> date:
    """Return the calendar day at an office at this moment."""
    return now.astimezone(zone(of)).date()


def hours(of: Office, day: date) -> Hours | None:
    """Return the office's hours on a day, or None when it is shut all day.

    Shut are days without weekly hours, national holidays, collective leave (where the office
    closes on it) and the office's own closures. Raises ``CalendarMissing`` for a year whose decree
    is not known yet.
    """
    if day_off(of, day):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"office": of.id, "day": day, "weekday": day.weekday()})
        found = cursor.fetchone()
    if found is None:
        return None
    opens, closes, starts, ends = found
    return Hours(opens, closes, tuple(zip(starts, ends, strict=True)))


# One statement and not three, as whoever plans a month or a region asks for hundreds of days.
_HOURS = """
WITH pauses AS (
    SELECT starts, ends FROM offices_break
    WHERE office_id = %(office)s AND weekday = %(weekday)s
        AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
)
SELECT w.opens, w.closes,
    ARRAY(SELECT starts FROM pauses ORDER BY starts, ends),
    ARRAY(SELECT ends FROM pauses ORDER BY starts, ends)
FROM offices_weeklyhours AS w
WHERE w.office_id = %(office)s AND w.weekday = %(weekday)s
    AND w.since <= %(day)s AND (w.until IS NULL OR w.until >= %(day)s)
    AND NOT EXISTS (
        SELECT FROM offices_closure WHERE office_id = %(office)s AND day = %(day)s
    )
ORDER BY w.since DESC LIMIT 1
"""


def hours_at(here: Collection[Office], day: date) -> dict[int, Hours | None]:
    """Return the hours of many offices on a day, by id, as ``hours`` does; three statements."""
    rules.calendar().check_year(day)
    in_force = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
    of_day = {"office__in": here, "weekday": day.weekday()}
    weekly = {  # the last of several is the newest
        one.office_id: one
        for one in WeeklyHours.objects.filter(in_force, **of_day).order_by("since")
    }
    shut = set(Closure.objects.filter(office__in=here, day=day).values_list("office_id", flat=True))
    pauses: dict[int, list[tuple[time, time]]] = {}
    for one in Break.objects.filter(in_force, **of_day).order_by("starts"):
        pauses.setdefault(one.office_id, []).append((one.starts, one.ends))
    return {
        of.id: None
        if of.id in shut or of.id not in weekly or day_off(of, day)
        else Hours(weekly[of.id].opens, weekly[of.id].closes, tuple(pauses.get(of.id, ())))
        for of in here
    }


def open_days(of: Office, start: date, n: int) -> Iterator[tuple[date, Hours]]:
    """Yield the next ``n`` days on which the office is open, the start included.

    Looks no further than 60 days, so that an office without hours ends the search.
    """
    found = 0
    for offset in range(60):
        day = start + timedelta(days=offset)
        opening = hours(of, day)
        if opening is not None:
            yield day, opening
            found += 1
            if found == n:
                return


class DayAtOffice(NamedTuple):
    """One day of an office as its page tells it: hours, or why it is shut (empty: no reason)."""

    day: date
    hours: Hours | None
    why_shut: str
    why_shut_en: str


def days_ahead(of: Office, start: date, n: int) -> list[DayAtOffice]:
    """Return the next ``n`` calendar days of an office, the start included.

    Days of a year whose decree isn't known yet are left out.
    """
    closures = _closures(of, start)
    found = []
    for day in _known_days(start, n):
        opening = hours(of, day)
        why = ("", "") if opening else _why_shut(of, day, closures)
        found.append(DayAtOffice(day, opening, *why))
    return found


def days_off_ahead(of: Office, start: date, n: int) -> list[DayAtOffice]:
    """Return the holidays, leave and closures of an office within ``n`` days, with the reason."""
    closures = _closures(of, start)
    return [
        DayAtOffice(day, None, *why)
        for day in _known_days(start, n)
        if any(why := _why_shut(of, day, closures))
    ]


def _closures(of: Office, start: date) -> dict[date, str]:
    found = Closure.objects.filter(office=of, day__gte=start)
    return dict(found.values_list("day", "reason"))


def _known_days(start: date, n: int) -> Iterator[date]:
    years = rules.calendar().years
    days = (start + timedelta(days=offset) for offset in range(n))
    return (day for day in days if day.year in years)


def _why_shut(of: Office, day: date, closures: dict[date, str]) -> tuple[str, str]:
    off = day_off(of, day)
    if off:
        return off.name_id, off.name_en
    return (closures.get(day, ""),) * 2


def opening_moments(of: Office, day: date) -> tuple[datetime, datetime] | None:
    """Return when the office opens and closes on a day, or None when it is shut."""
    opening = hours(of, day)
    if opening is None:
        return None
    here = zone(of)
    return (
        datetime.combine(day, opening.opens, tzinfo=here),
        datetime.combine(day, opening.closes, tzinfo=here),
    )


def roles(officer_id: int, of: Office) -> frozenset[str]:
    """Return what an officer may be at an office: own posts, the region's, the whole country's."""
    here = Q(office=of) | Q(region_id=of.region_id) | _EVERYWHERE
    found = Post.objects.filter(here, officer_id=officer_id)
    return frozenset(found.values_list("role", flat=True))


def region_roles(officer_id: int, of: Region) -> frozenset[str]:
    """Return what an officer may be for a whole region: its own posts, and the country's."""
    here = Q(region=of) | _EVERYWHERE
    found = Post.objects.filter(here, officer_id=officer_id)
    return frozenset(found.values_list("role", flat=True))


def staff_ids(office_id: int) -> list[int]:
    """Return the ids of the officers who have a post of their own at an office."""
    found = Post.objects.filter(office_id=office_id).order_by("officer_id")
    return list(found.values_list("officer_id", flat=True).distinct())


def offices_of(officer_id: int) -> list[Office]:
    """Return the offices where an officer has any role, own posts first."""
    posts = list(Post.objects.filter(officer_id=officer_id))
    if any(p.office_id is None and p.region_id is None for p in posts):
        return offices()
    mine = Q(id__in=[p.office_id for p in posts if p.office_id]) | Q(
        region_id__in=[p.region_id for p in posts if p.region_id]
    )
    return list(Office.objects.filter(mine).select_related("region").order_by("name"))


def offices_and_roles(officer_id: int) -> list[tuple[Office, frozenset[str]]]:
    """Return the offices where an officer has any role, with all the roles there."""
    posts = list(Post.objects.filter(officer_id=officer_id))
    return [
        (
            office,
            frozenset(
                p.role
                for p in posts
                if p.office_id == office.id
                or p.region_id == office.region_id
                or (p.office_id is None and p.region_id is None)
            ),
        )
        for office in offices_of(officer_id)
    ]


def kiosks_by_office() -> dict[int, list[Kiosk]]:
    """Return all kiosks by their office's id."""
    found: dict[int, list[Kiosk]] = {}
    for kiosk in Kiosk.objects.filter(retired_at=None).order_by("label"):
        found.setdefault(kiosk.office_id, []).append(kiosk)
    return found


def posts_by_officer() -> dict[int, list[Post]]:
    """Return all posts with their office or region, by the officer's id."""
    found: dict[int, list[Post]] = {}
    for post in Post.objects.select_related("office", "region").order_by("id"):
        found.setdefault(post.officer_id, []).append(post)
    return found
