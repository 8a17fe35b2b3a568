"""The demonstration has complaints in every state, and each was brought there by the screens."""

import time
from datetime import date, timedelta
from importlib.resources import files

import pytest

from giliran.cli import demo_complaints, demo_load
from giliran.core.complaint import State
from giliran.offices import actions as offices
from giliran.voices.models import Complaint, Escalation
from giliran.voices.queries import differences_from_history
from tests.builders import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)
AT_MOST_SECONDS = 30  # on a machine that does other things as well; alone it takes one


@pytest.fixture
def _demo(db, request):
    today: date = getattr(request, "param", TUESDAY)
    data = files("giliran.cli").joinpath("demo_data")
    offices.import_services(data.joinpath("services.csv").read_text(encoding="utf-8"))
    offices.import_offices(data.joinpath("offices.csv").read_text(encoding="utf-8"))
    demo_load._hire()
    began = time.monotonic()
    demo_complaints.load(today=today, until=at("09:30", today))
    assert time.monotonic() - began < AT_MOST_SECONDS


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("_demo", [TUESDAY, date(2026, 1, 6), date(2026, 4, 1)], indirect=True)
def test_complaints_stand_in_every_state_and_their_history_adds_up():
    states = set(Complaint.objects.values_list("state", flat=True))
    assert states >= set(State) - {State.ACKNOWLEDGED}
    assert [why for _, why in differences_from_history() if why] == []


@pytest.mark.usefixtures("_demo")
def test_a_protected_one_a_group_and_all_levels_are_there():
    assert Complaint.objects.filter(is_protected=True, level="region").exists()
    assert Complaint.objects.filter(group__isnull=False).count() == 3
    assert set(Escalation.objects.values_list("level", flat=True)) == {"office", "region", "centre"}
    about = Complaint.objects.exclude(officer=None)
    assert {one.handler_id == one.officer_id for one in about} == {False}
