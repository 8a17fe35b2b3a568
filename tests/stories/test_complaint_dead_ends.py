"""Where nobody is left who may answer, the pages say so, and what to do about it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from giliran import clock
from giliran.voices import access, complaints, deadends
from giliran.voices import actions as voices
from giliran.voices.models import Complaint
from giliran.voices.refusals import NotTheirs
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db
TEXT = "Aplikasi menolak nomor saya, dan tidak ada yang menjelaskan sebabnya."
HINT = "Tambahkan administrator lain"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("12:00"))


def read(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def disputed_at_the_centre(administrator) -> Complaint:
    """Return a complaint about no place that the centre's only administrator answered once."""
    view = voices.complain(text=TEXT, request_key=uuid4(), channel="web", now=at("09:00"))
    by = {"officer_id": administrator.id}
    voices.classify(view.id, weight="normative", category="app", now=at("09:30"), **by)
    voices.answer(view.id, "Coba lagi besok.", request_key=uuid4(), now=at("10:00"), **by)
    voices.dispute(view.code, "Sudah, tetap sama.", request_key=uuid4(), now=at("11:00"))
    return Complaint.objects.get(id=view.id)


def test_the_only_administrator_does_not_answer_what_was_disputed_there():
    only = an_officer(an_office(), "administrator")
    found = disputed_at_the_centre(only)
    with pytest.raises(NotTheirs):
        voices.answer(found.id, TEXT, request_key=uuid4(), officer_id=only.id, now=at("12:00"))
    assert deadends.nobody_may_answer(found)
    assert deadends.dead_ends(access.reader(only.id)) == [found]


def test_the_pages_say_that_another_administrator_is_needed_and_then_no_more(client):
    office = an_office()
    only = an_officer(office, "administrator")
    found = disputed_at_the_centre(only)
    pages = (f"/petugas/aduan/{found.reference}/", reverse("complaints_regions"))
    client.force_login(only)
    for page in pages:
        assert HINT in read(client.get(page))
    assert "sedang menunjuk petugas lain" in read(client.get(f"/a/{found.code}/"))
    other = an_officer(office, "administrator")
    for page in pages:
        assert HINT not in read(client.get(page))
    assert "sedang menunjuk petugas lain" not in read(client.get(f"/a/{found.code}/"))
    client.force_login(other)
    assert "Kirim jawaban" in read(client.get(pages[0]))
    voices.answer(found.id, TEXT, request_key=uuid4(), officer_id=other.id, now=at("12:00"))
    assert voices.confirm(found.code, now=at("12:30")).state == "closed"


def test_an_administrator_who_left_is_nobody():
    office = an_office()
    only, gone = an_officer(office, "administrator"), an_officer(office, "administrator")
    found = disputed_at_the_centre(only)
    gone.is_active = False
    gone.save()
    assert deadends.nobody_may_answer(found)


def test_what_is_about_the_only_administrator_is_no_dead_end_to_them_but_to_the_auditor():
    office = an_office()
    only, auditor = an_officer(office, "administrator"), an_officer(office, "auditor")
    view = voices.complain(
        text=TEXT, request_key=uuid4(), channel="web", officer_id=only.id, now=at("09:00")
    )
    assert deadends.dead_ends(access.reader(only.id)) == []
    assert [one.id for one in deadends.dead_ends(access.reader(auditor.id))] == [view.id]


def test_without_any_administrator_what_has_no_place_is_nobodys():
    auditor = an_officer(an_office(), "auditor")
    view = voices.complain(text=TEXT, request_key=uuid4(), channel="web", now=at("09:00"))
    assert [one.id for one in deadends.dead_ends(access.reader(auditor.id))] == [view.id]


def test_below_the_centre_the_region_or_the_centre_helps_out():
    office = an_office()
    clerk = an_officer(office)
    view = voices.complain(
        text=TEXT, request_key=uuid4(), channel="web", office=office, now=at("09:00")
    )
    by = {"officer_id": clerk.id}
    voices.classify(view.id, weight="normative", category="app", now=at("09:30"), **by)
    voices.answer(view.id, "Coba lagi besok.", request_key=uuid4(), now=at("10:00"), **by)
    assert complaints.view(view.code, now=at("10:30")).next_level == "region"
    voices.dispute(view.code, "Sudah, tetap sama.", request_key=uuid4(), now=at("11:00"))
    found = Complaint.objects.get(id=view.id)
    assert deadends.nobody_may_answer(found)
    an_officer(office, "administrator")
    assert not deadends.nobody_may_answer(found)


def test_who_disputes_is_told_which_level_answers_next(client):
    only = an_officer(an_office(), "administrator")
    view = voices.complain(text=TEXT, request_key=uuid4(), channel="web", now=at("09:00"))
    by = {"officer_id": only.id}
    voices.classify(view.id, weight="normative", category="app", now=at("09:30"), **by)
    voices.answer(view.id, "Coba lagi besok.", request_key=uuid4(), now=at("10:00"), **by)
    assert "Berikutnya Kantor pusat yang menjawab" in read(client.get(f"/a/{view.code}/"))
