"""The demonstration's staff: what /coba/ sends people to is there, and the verbs still carry it."""

from datetime import timedelta

import pytest
from django.urls import resolve

from giliran.capacity import actions as capacity
from giliran.capacity.models import Leave, Loan, Override, Roster, Shift, Work
from giliran.cli import demo_capacity, demo_load
from giliran.cli.demo_staff import STAFF
from giliran.offices import actions as office_actions
from giliran.offices import queries as offices
from giliran.web.public.trying import STAFF_TRIED
from tests.builders import MONDAY, at

pytestmark = pytest.mark.django_db


def test_each_errand_is_of_somebody_who_is_hired_and_leads_to_a_page():
    hired = {*STAFF, *demo_capacity.COLLEAGUES}
    for errand in STAFF_TRIED:
        assert errand.username in hired
        assert resolve(errand.path)


def test_two_weeks_are_in_force_and_somebody_is_ill_asks_for_leave_and_is_asked_for(monkeypatch):
    monkeypatch.setattr(demo_capacity, "_SECONDS", 5)
    data = demo_load.files("giliran.cli").joinpath("demo_data")
    for name, load in (
        ("services.csv", office_actions.import_services),
        ("offices.csv", office_actions.import_offices),
    ):
        load(data.joinpath(name).read_text(encoding="utf-8"))
    demo_load._hire()
    tuesday = MONDAY + timedelta(days=1)
    capacity.offer_day(offices.office("serang"), tuesday)

    demo_capacity.load(today=tuesday, until=at("09:10", tuesday))

    in_force = Roster.objects.filter(state=Roster.State.PUBLISHED).values_list("monday", flat=True)
    assert set(in_force) == {MONDAY, MONDAY + timedelta(days=7)}
    assert not Shift.objects.filter(is_draft=True).exists()
    assert Work.objects.count() == len(offices.offices(region_id=_banten()))
    assert set(Leave.objects.values_list("kind", "state")) == {
        ("annual", "asked"),
        ("sick", "approved"),
    }
    [loan] = Loan.objects.all()
    assert (loan.home.slug, loan.to.slug, loan.state) == ("serang", "cilegon", "asked")
    assert Override.objects.get().reason == demo_capacity.REASON


def _banten() -> int:
    return offices.region(demo_capacity.REGION).id
