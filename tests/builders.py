"""Offices, officers and turns with sensible defaults; a test names only what matters to it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from giliran.capacity import actions as capacity
from giliran.capacity.models import Offer
from giliran.claims import actions as claims
from giliran.claims.models import Claim, Paper
from giliran.core.seats import Wish
from giliran.encryption import blind_index, seal
from giliran.offices.models import Counter, Kiosk, Office, Post, Region, Service
from giliran.people import actions as people
from giliran.people.models import Card, Officer
from giliran.turns import actions as turns
from giliran.turns.models import Application, Round, Turn

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 11, 23)
PASSWORD = "giliran-di-loket"
_count = itertools.count(1)


def at(clock: str, day: date = MONDAY, zone: ZoneInfo = WIB) -> datetime:
    """Return a moment on the test's Monday: ``at("09:30")``."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)


def a_service(code: str = "jht", letter: str = "A", **fields: object) -> Service:
    service, _ = Service.objects.get_or_create(
        code=code,
        defaults={
            "letter": letter,
            "name": f"Klaim {code.upper()}",
            "name_en": f"{code.upper()} claim",
            **fields,
        },
    )
    return service


# One statement, as nearly every test begins with it: the ORM takes twelve.
_FURNISH = """
WITH missing AS (
    INSERT INTO offices_service
        (code, letter, name, name_en, hint, hint_en, typical_minutes, position)
    VALUES ('jht', 'A', 'Klaim JHT', 'JHT claim', '', '', 12, 0),
           ('jkm', 'B', 'Klaim JKM', 'JKM claim', '', '', 12, 0)
    ON CONFLICT (code) DO NOTHING RETURNING id
), given AS (
    SELECT id FROM missing
    UNION SELECT id FROM offices_service WHERE code IN ('jht', 'jkm')
), made AS (
    INSERT INTO offices_counter (office_id, label)
    SELECT %(office)s, label::text FROM generate_series(1, %(counters)s) label RETURNING id
), gives AS (
    INSERT INTO offices_counter_services (counter_id, service_id)
    SELECT made.id, given.id FROM made CROSS JOIN given ORDER BY 1, 2
), opens AS (
    INSERT INTO offices_weeklyhours (office_id, weekday, opens, closes, since)
    SELECT %(office)s, weekday, '08:00', '15:00', '2020-01-01' FROM generate_series(0, 4) weekday
)
INSERT INTO offices_break (office_id, weekday, starts, ends, reason, since)
VALUES (%(office)s, 4, '11:30', '13:00', 'Salat Jumat', '2020-01-01')
"""


def an_office(slug: str = "serang", *, counters: int = 2, **fields: object) -> Office:
    """Return an office open Monday to Friday 08:00-15:00 with counters for JHT and JKM."""
    region = Region.objects.filter(slug="banten").first() or Region.objects.create(
        slug="banten", name="Kanwil Banten"
    )
    defaults: dict[str, object] = {
        "region": region,
        "name": slug.title(),
        "kind": Office.Kind.BRANCH,
        "address": "Jalan Contoh 1",
        "latitude": Decimal("-6.12"),
        "longitude": Decimal("106.15"),
        "time_zone": "Asia/Jakarta",
        "seats": 40,
        "is_demo": True,
    }
    office = Office.objects.create(slug=slug, **{**defaults, **fields})
    with connection.cursor() as cursor:
        cursor.execute(_FURNISH, {"office": office.id, "counters": counters})
    return office


def a_kiosk(office: Office, **fields: object) -> Kiosk:
    return Kiosk.objects.create(
        office=office, label="pintu", token=f"kiosk-token-{office.slug}", **fields
    )


def an_officer(
    office: Office | None, role: str = "officer", username: str | None = None
) -> Officer:
    """Return an officer with a post; ``regional`` gets the office's region."""
    name = username or f"{role}-{next(_count)}"
    officer = people.hire(name, full_name=f"Petugas {name}", password=PASSWORD)
    nationwide = role in {"auditor", "administrator"}
    post = Post(
        officer=officer,
        role=role,
        office=None if nationwide or role in {"regional", "ombudsman"} else office,
        region=office.region if role in {"regional", "ombudsman"} and office else None,
    )
    Post.objects.bulk_create([post], ignore_conflicts=True)
    return officer


def a_window(office: Office, clock: str = "09:30", *, places: int = 10, **fields: object) -> Offer:
    starts = at(clock, zone=ZoneInfo(office.time_zone))
    return Offer.objects.create(
        office=office,
        kind=Offer.Kind.WINDOW,
        day=starts.date(),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
        places=places,
        **fields,
    )


def walk_in_places(office: Office, *, places: int = 50, day: date = MONDAY) -> Offer:
    zone = ZoneInfo(office.time_zone)
    return Offer.objects.create(
        office=office,
        kind=Offer.Kind.WALK_IN,
        day=day,
        starts_at=at("07:00", day, zone),
        ends_at=at("15:00", day, zone),
        places=places,
    )


def a_nik(serial: int | None = None) -> str:
    """Return a well-formed NIK of nobody: region 36.73, born 17 August 1985."""
    return f"367301170885{serial if serial is not None else next(_count) % 9999 + 1:04d}"


def somebody(nik: str | None = None, name: str = "Siti Aminah") -> turns.Asker:
    return turns.asker(nik=nik or a_nik(), name=name, phone="0812 3456 7890")


def a_booking(
    offer: Offer,
    *,
    nik: str | None = None,
    claim_id: int | None = None,
    now: datetime | None = None,
) -> Turn:
    return turns.book(
        somebody(nik),
        offer_id=offer.id,
        service_id=a_service().id,
        request_key=uuid4(),
        is_priority=False,
        claim_id=claim_id,
        channel="web",
        actor="citizen",
        now=now or at("07:00"),
    )


def a_walk_in(
    office: Office, clock: str = "08:10", *, service: str = "jht", is_priority: bool = False
) -> Turn:
    return turns.take_number(
        office_id=office.id,
        service_id=a_service(service).id,
        request_key=uuid4(),
        is_priority=is_priority,
        channel="kiosk",
        actor="kiosk:1",
        now=at(clock),
    )


def at_counter(office: Office, label: str = "1", clock: str = "08:00") -> tuple[Officer, int]:
    """Return an officer who has opened a counter, and the counter's id."""
    officer = an_officer(office)
    counter = Counter.objects.get(office=office, label=label)
    capacity.open_counter(counter.id, officer_id=officer.id, now=at(clock))
    return officer, counter.id


def a_drawing_office(
    slug: str = "serang",
    *,
    places: int = 3,
    windows: Sequence[str] = ("09:00", "09:30", "13:00"),
    days: int = 1,
    beacon: str = "reveal",
    **fields: Any,
) -> Office:
    """Return an office whose region draws at 17:00, with held windows from Tuesday on."""
    office = an_office(slug, **fields)
    region = office.region
    region.draw_at, region.draw_beacon = time(17), beacon
    region.save()
    for offset in range(1, days + 1):
        for clock in windows:
            starts = at(clock, MONDAY + timedelta(days=offset))
            Offer.objects.create(
                office=office,
                kind=Offer.Kind.WINDOW,
                day=starts.date(),
                starts_at=starts,
                ends_at=starts + timedelta(minutes=30),
                places=places,
                held=places,
            )
    return office


def an_application(
    office: Office,
    *,
    nik: str | None = None,
    service: str = "jht",
    any_near: bool = False,
    halves: Sequence[str] = (),
    is_priority: bool = False,
    stands_by: bool = False,
    notice_hours: int = 3,
    home_id: int | None = None,
    party: UUID | None = None,
    phone: str = "",
    channel: str = "web",
    request_key: UUID | None = None,
    now: datetime | None = None,
) -> Application:
    terms = turns.Terms(
        Wish((office.id,), any_near=any_near, halves=tuple(halves)),
        home_id=home_id,
        is_priority=is_priority,
        shown_by="sight" if is_priority else "",
        stands_by=stands_by,
        notice_hours=notice_hours,
    )
    return turns.apply(
        turns.asker(nik=nik or a_nik(), name="Siti Aminah", phone=phone),
        terms,
        service_id=a_service(service).id,
        request_key=request_key or uuid4(),
        party=party,
        channel=channel,
        actor="citizen",
        now=now or at("09:00"),
    )


def draw_now(region: Region, *, day: date = MONDAY, clock: str = "17:00") -> Round:
    """Close and draw the region's round of a day; returns the round."""
    moment = at(clock, day)
    opened = turns.open_round(region, now=min(moment, at("08:00", day)))
    turns.keep_rounds(region, fetch=lambda _: None, now=moment)
    return Round.objects.get(id=opened.id)


PHK: dict[str, Any] = {
    "program": "JHT",
    "reason": "dismissed",
    "event_date": "2026-10-01",
    "working": False,
    "cards": [{"kpj": "12345678901", "active": False, "balance": 42_000_000}],
    "earlier_withdrawals": [],
}
BIRTH = date(1985, 8, 17)


def a_claim(
    office: Office | None = None,
    *,
    nik: str | None = None,
    name: str = "Siti Aminah",
    birth: date = BIRTH,
    situation: dict[str, Any] | None = None,
    program: str = "JHT",
    kind: str = "jht/dismissed",
    participant_nik: str = "",
    kpj: str = "12345678901",
    channel: str = "web",
    now: datetime | None = None,
) -> Claim:
    """Return a draft with its checklist; by default of somebody dismissed who asks for JHT."""
    place = office or Office.objects.filter(slug="serang").first() or an_office()
    return claims.begin(
        claims.claimant(nik=nik or a_nik(), name=name, phone="0812 3456 7890", birth=birth),
        situation=PHK if situation is None else situation,
        program=program,
        kind=kind,
        participant_nik=participant_nik,
        kpj=kpj,
        office_id=place.id,
        request_key=uuid4(),
        channel=channel,
        actor="citizen",
        now=now or at("09:00"),
    )


def a_submitted_claim(
    office: Office | None = None, *, now: datetime | None = None, **fields: Any
) -> Claim:
    """Return a claim with an account; each needed paper counts as sent, without a document."""
    moment = now or at("09:00")
    claim = a_claim(office, now=moment, **fields)
    Paper.objects.filter(claim=claim, need="yes").update(state=Paper.State.SENT)
    account = claims.Account("BRI", "001234567890", fields.get("name", "Siti Aminah"))
    claims.fill(claim.id, account=account, actor="citizen", now=moment)
    return claims.submit(claim.id, actor="citizen", now=moment)


def a_complete_claim(
    office: Office | None = None,
    *,
    needs_visit: bool = False,
    officer: Officer | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Claim:
    """Return a claim whose papers are all good: its legal clock runs from the day of ``now``."""
    moment = now or at("09:00")
    claim = a_submitted_claim(office, now=moment, **fields)
    checker = officer or an_officer(claim.office)
    for paper in Paper.objects.filter(claim=claim, state=Paper.State.SENT):
        claims.check_paper(paper.id, verdict="good", officer_id=checker.id, now=moment)
    return claims.complete(claim.id, needs_visit=needs_visit, officer_id=checker.id, now=moment)


def an_approved_claim(
    office: Office | None = None,
    *,
    amount: Decimal = Decimal(42_000_000),
    verifier: Officer | None = None,
    approver: Officer | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Claim:
    """Return a claim that one officer verified and a manager approved: ready to be paid."""
    moment = now or at("09:00")
    claim = a_complete_claim(office, now=moment, **fields)
    first = verifier or an_officer(claim.office)
    second = approver or an_officer(claim.office, "manager")
    claims.verify(claim.id, amount=amount, officer_id=first.id, now=moment)
    return claims.approve(claim.id, officer_id=second.id, now=moment)


def a_card(
    name: str = "Siti Aminah",
    *,
    nik: str | None = None,
    birth: str = "1985-08-17",
    kpj: str | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Card:
    """Return a card of the register: a wage earner's, opened in 2015 and still active."""
    defaults: dict[str, Any] = {"segment": "PU", "opened_on": date(2015, 7, 1)}
    return Card.objects.create(
        kpj=kpj or f"{next(_count):011d}",
        citizen_id=people.know(nik or a_nik(), now=now or at("07:00")),
        name_sealed=seal(name),
        name_index=blind_index(name.casefold()),
        birth_sealed=seal(birth),
        birth_index=blind_index(birth),
        imported_at=now or at("07:00"),
        **{**defaults, **fields},
    )
