"""A sick call at ten past seven, decided two minutes later; nobody who was promised is lost."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity.models import CounterOpening, Leave, Loan, Offer, Shift
from giliran.turns.models import Turn
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import MONDAY, a_booking, an_office, an_officer, at
from tests.stories.test_leave import a_team

pytestmark = pytest.mark.browser


@pytest.fixture
def ten_past_seven(server):
    clock.set_simulation(at("07:10"), speed=1)


def a_region(first: str, second: str, latitude: str):
    """Return a branch with two officers and full windows, its neighbour with four, and heads."""
    office = an_office(first, counters=3, latitude=Decimal(latitude))
    neighbour = an_office(
        second, counters=3, latitude=Decimal(latitude), longitude=Decimal("106.06")
    )
    ill, _ = a_team(office, 2, [MONDAY])
    a_team(neighbour, 4, [MONDAY])
    for one in (office, neighbour):
        capacity.offer_day(one, MONDAY)
    for offer in Offer.objects.filter(office=office, kind="window").order_by("starts_at")[:2]:
        for _ in range(offer.places):
            a_booking(offer, now=at("06:30"))
    heads = an_officer(office, "manager"), an_officer(neighbour, "manager")
    return office, neighbour, ill, heads


def on_a_phone(page):
    page.set_viewport_size({"width": 320, "height": 640})
    no_violations(page)
    never_wider_than_the_screen(page)


@pytest.mark.usefixtures("ten_past_seven")
def test_a_sick_call_is_decided_in_two_minutes_and_nobody_promised_is_lost(server, browser):
    office, neighbour, ill, (ours, theirs) = a_region("serang-pagi", "cilegon-pagi", "-6.12")
    booked = dict(Turn.objects.filter(office=office).values_list("id", "offer_id"))
    assert booked
    # Without a script: every button is a form.
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()

    # 07.10: ill, on the phone; nobody asks why.
    enter(page, server, ill, "/petugas/cuti/")
    page.get_by_role("button", name="Saya sakit hari ini").click()
    expect(page.get_by_text("Hari ini Anda tercatat tidak masuk.")).to_be_visible()
    assert Leave.objects.get(officer=ill).state == "approved"

    # 07.12: the head sees what it does, whom it touches, and asks the neighbour.
    clock.set_simulation(at("07:12"), speed=1)
    enter(page, server, ours, f"/kepala/{office.slug}/cuti/")
    page.get_by_role("link", name=ill.full_name).first.click()
    expect(page.get_by_role("heading", name="Akibatnya")).to_be_visible()
    expect(page.get_by_text("Yang dijanjikan dan terdampak")).to_be_visible()
    lent = page.get_by_role("listitem").filter(has_text=f"dari {neighbour.name}")
    lent.get_by_role("button", name="Minta pinjaman").first.click()
    expect(page.get_by_text("Pinjaman diminta.")).to_be_visible()

    # The neighbour's head confirms.
    enter(page, server, theirs, f"/kepala/{neighbour.slug}/")
    page.get_by_role("link", name="Pinjaman (1)").click()
    page.get_by_role("button", name="Pinjamkan").click()
    expect(page.get_by_text(f"bekerja di {office.name} hari itu")).to_be_visible()
    loan = Loan.objects.get(to=office)
    assert (loan.state, loan.answered_by_id) == ("accepted", theirs.id)
    for one in (office, neighbour):
        capacity.replan(one.id, MONDAY, now=at("07:12"))

    # 08.00: the lent officer opens a counter at the other office, and has no shift at home.
    clock.set_simulation(at("08:00"), speed=1)
    enter(page, server, loan.officer, "/petugas/")
    page.goto(f"{server.url}/petugas/{office.slug}/loket/")
    page.get_by_role("button", name="Buka loket 1").first.click()
    page.wait_for_load_state()
    assert CounterOpening.objects.filter(
        officer=loan.officer, counter__office=office, closed_at=None
    ).exists()
    shift = Shift.objects.get(officer=loan.officer, cancelled_at=None)
    assert shift.office_id == office.id
    context.close()

    still = Turn.objects.filter(office=office, state="booked")
    assert dict(still.values_list("id", "offer_id")) == booked
    for offer in Offer.objects.filter(office=office):
        assert offer.places >= offer.taken


@pytest.mark.usefixtures("ten_past_seven")
def test_the_pages_for_leave_are_accessible_and_fit_a_phone(server, page):
    office, neighbour, ill, (ours, theirs) = a_region("kota-jauh", "kota-dekat", "-8.12")
    enter(page, server, ill, "/petugas/cuti/")
    on_a_phone(page)
    page.get_by_label("Mulai").fill("2020-01-01")
    page.get_by_role("button", name="Minta cuti").click()
    expect(page.get_by_role("alert")).to_contain_text("Tanggalnya belum benar")
    on_a_phone(page)
    page.get_by_role("button", name="Saya sakit hari ini").click()
    expect(page.get_by_text("Hari ini Anda tercatat tidak masuk.")).to_be_visible()
    on_a_phone(page)

    enter(page, server, ours, f"/kepala/{office.slug}/cuti/")
    on_a_phone(page)
    page.get_by_role("link", name=ill.full_name).first.click()
    page.get_by_text("Yang tidak bisa, dan sebabnya").first.click()
    on_a_phone(page)
    page.get_by_role("button", name="Minta pinjaman").first.click()
    for path in ("sakit/", "pinjaman/"):
        page.goto(f"{server.url}/kepala/{office.slug}/{path}")
        on_a_phone(page)
    enter(page, server, theirs, f"/kepala/{neighbour.slug}/pinjaman/")
    expect(page.get_by_role("button", name="Pinjamkan")).to_be_visible()
    on_a_phone(page)
