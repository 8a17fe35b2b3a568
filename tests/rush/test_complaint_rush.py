"""Many hands on complaints at once: one receipt a form, one answer, one warning a level."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from giliran.core.refusal import Refusal
from giliran.voices import actions as voices
from giliran.voices.floods import AT_MOST, TooManyComplaints, check_flood
from giliran.voices.models import Complaint, Escalation, Remark
from giliran.voices.queries import differences_from_history
from tests.builders import an_office, an_officer, at
from tests.photos import a_page, written

pytestmark = pytest.mark.rush
HANDS = 8
QUEUE = "Kuota antrean habis jam lima pagi padahal loket belum buka."


@pytest.fixture
def office(server):
    return an_office(f"kantor-{uuid4().hex[:8]}")


def at_once(deed, times: int = HANDS) -> list[object]:
    """What each of many hands got: a state, or the refusal's name."""

    def one(serial: int) -> object:
        try:
            return deed(serial)
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def complain(office, key=None, **fields):
    return voices.complain(
        request_key=key or uuid4(),
        channel="web",
        text=QUEUE,
        office=office,
        category="queue",
        now=at("09:00"),
        **fields,
    )


def in_hand(office):
    clerk, view = an_officer(office), complain(office)
    voices.classify(
        view.id, weight="normative", category="queue", officer_id=clerk.id, now=at("09:10")
    )
    return view, clerk


def differences(ids):
    return [why for number, why in differences_from_history() if number in ids and why]


def test_one_form_sent_many_times_at_once_gets_one_receipt(office):
    key = uuid4()
    codes = at_once(lambda _: complain(office, key).code)
    assert len(set(codes)) == 1
    assert Complaint.objects.filter(office=office).count() == 1


def test_similar_ones_that_come_at_once_are_one_group(office):
    at_once(lambda _: complain(office).code)
    found = Complaint.objects.filter(office=office)
    assert found.count() == HANDS
    assert found.filter(group__isnull=True).count() == 1
    assert found.exclude(group=None).values("group").distinct().count() == 1


def test_of_officers_who_answer_at_once_one_answers(office):
    view, _ = in_hand(office)
    officers = [an_officer(office) for _ in range(HANDS)]

    def answer(serial):
        said = {"request_key": uuid4(), "officer_id": officers[serial].id, "now": at("10:00")}
        return voices.answer(view.id, "Kuota ditambah besok.", **said).state

    got = at_once(answer)
    assert sorted(set(got)) == ["ComplaintMoveNotAllowed", "answered"]
    assert got.count("answered") == 1
    assert Remark.objects.filter(complaint_id=view.id).count() == 1
    assert differences({view.id}) == []


def test_one_answer_sent_many_times_at_once_is_said_once(office):
    view, clerk = in_hand(office)
    said = {"request_key": uuid4(), "officer_id": clerk.id, "now": at("10:00")}
    got = at_once(lambda _: voices.answer(view.id, "Kuota ditambah besok.", **said).state)
    assert got == ["answered"] * HANDS
    assert Remark.objects.filter(complaint_id=view.id).count() == 1


def test_confirmed_and_disputed_at_once_one_of_them_holds(office):
    view, clerk = in_hand(office)
    said = {"request_key": uuid4(), "officer_id": clerk.id, "now": at("10:00")}
    voices.answer(view.id, "Kuota ditambah besok.", **said)

    def end(serial):
        if serial % 2:
            return voices.confirm(view.code, now=at("11:00")).state
        return voices.dispute(
            view.code, "Kuota tetap habis.", request_key=uuid4(), now=at("11:00")
        ).state

    got = at_once(end)
    state = Complaint.objects.get(id=view.id).state
    assert state in {"closed", "disputed"}
    assert {one for one in got if one != "ComplaintMoveNotAllowed"} == {state}
    assert got.count("disputed") <= 1
    assert differences({view.id}) == []


def test_workers_that_look_at_once_warn_once_a_level(office):
    view = complain(office)
    late = at("08:00", date(2026, 12, 4))
    at_once(lambda _: voices.escalate_due(now=late))
    reached = Escalation.objects.filter(complaint_id=view.id).values_list("level", flat=True)
    assert sorted(reached) == ["centre", "office", "region"]
    assert differences({view.id}) == []


def test_a_flood_over_many_connections_is_counted_like_one(server):
    address = f"203.0.113.{uuid4().int % 250} {uuid4()}"

    def five(_serial: int) -> int:
        let = 0
        for _ in range(5):
            with suppress(TooManyComplaints):
                check_flood(address, now=at("09:00"))
                let += 1
        return let

    assert sum(at_once(five)) == AT_MOST


def test_of_many_photos_at_once_three_are_kept(office, settings, tmp_path):
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {
        "documents": place | {"OPTIONS": {"location": tmp_path}}
    }
    view = complain(office)
    photos = [written(a_page((f"Kuitansi {n}",), width=500)) for n in range(HANDS)]
    got = at_once(lambda n: voices.attach(view.code, photos[n], now=at("09:01")).kind)
    assert sorted(got) == ["TooManyAttachments"] * (HANDS - 3) + ["image/jpeg"] * 3
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 3
