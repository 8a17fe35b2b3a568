"""Each service is judged apart, and the few who used one can't be reckoned from the many."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from giliran import clock
from giliran.offices.models import Office, Service
from giliran.turns.models import Turn
from giliran.voices import opinion_services, opinions
from giliran.voices.models import Opinion
from tests.builders import MONDAY, a_service, a_walk_in, an_office, an_officer, at, walk_in_places

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=8)


@pytest.fixture(autouse=True)
def the_week_after(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00", LATER))


def an_open_office(slug: str) -> Office:
    office = an_office(slug)
    walk_in_places(office, places=200)
    return office


def said(office: Office, service: Service, *scores: int) -> None:
    for score in scores:
        turn = a_walk_in(office, "08:10")
        Turn.objects.filter(id=turn.id).update(service=service)
        Opinion.objects.create(
            turn_id=turn.id,
            token=f"t{turn.id}",
            office=office,
            service=service,
            day=MONDAY,
            channel="web",
            asked_at=at("09:00"),
            score=score,
            replied_at=at("09:05"),
            replied_by="web",
        )


def values(found) -> dict[str, float | None]:
    return {one.code: one.overall and round(one.overall.value, 1) for one in found}


def test_each_service_has_its_own_mean_and_few_replies_have_none():
    office, jht, jkm = an_open_office("serang"), a_service("jht"), a_service("jkm")
    said(office, jht, *[4] * 12)
    said(office, jkm, *[2] * 10)
    here = opinion_services.of_office(office.id, [office.id], MONDAY, MONDAY)
    assert {one.code: (one.overall.value > 3, one.overall.n) for one in here} == {
        "jht": (True, 12),
        "jkm": (False, 10),
    }
    assert opinion_services.of_office(office.id, [office.id], LATER, LATER) == []


def test_the_few_of_one_service_take_another_ones_figure_with_them():
    office, jht, jkm = an_open_office("serang"), a_service("jht"), a_service("jkm")
    said(office, jht, *[4] * 12)
    said(office, jkm, *[1] * 9)
    assert opinions.summary([office.id], MONDAY, MONDAY).overall.n == 21
    here = opinion_services.of_office(office.id, [office.id], MONDAY, MONDAY)
    assert values(here) == {"jht": None, "jkm": None}


def test_the_few_of_one_office_are_not_told_by_the_regions_figure_either():
    offices = [an_open_office(slug) for slug in ("serang", "cilegon")]
    jht, jkm = a_service("jht"), a_service("jkm")
    said(offices[0], jht, *[4] * 12)
    said(offices[0], jkm, *[3] * 11)
    said(offices[1], jht, *[3] * 14)
    said(offices[1], jkm, *[1] * 5)
    ids = [office.id for office in offices]
    first, second = (opinion_services.of_office(one, ids, MONDAY, MONDAY) for one in ids)
    region = opinion_services.of_offices(ids, MONDAY, MONDAY)
    assert values(second) == {"jht": None, "jkm": None}
    told = {code for code, value in values(region).items() if value is not None}
    known = {code for code, value in values(first).items() if value is not None}
    assert told
    assert not told & known  # else the second office's would be the difference


def test_an_office_of_few_is_not_the_difference_of_the_regions_sum_and_the_others(client):
    offices = [an_open_office(slug) for slug in ("serang", "cilegon")]
    jht = a_service("jht")
    said(offices[0], jht, *[4] * 12)
    said(offices[1], jht, *[1] * 5)
    ids = [office.id for office in offices]
    assert opinions.summary(ids[1:], MONDAY, MONDAY).overall is None
    region, first = (opinions.summary(some, MONDAY, MONDAY) for some in (ids, ids[:1]))
    assert (region.replied, region.overall) == (17, first.overall)
    by_service = [
        values(opinion_services.of_office(ids[0], ids, MONDAY, MONDAY)),
        values(opinion_services.of_offices(ids, MONDAY, MONDAY)),
        values(opinion_services.of_office(ids[1], ids, MONDAY, MONDAY)),
    ]
    assert by_service[0] == by_service[1] != by_service[2] == {"jht": None}


def test_elements_and_words_of_the_few_are_left_out_of_the_regions_too():
    offices = [an_open_office(slug) for slug in ("serang", "cilegon")]
    for office, n, score in ((offices[0], 12, 4), (offices[1], 5, 1)):
        said(office, a_service("jht"), *[score] * n)
        Opinion.objects.filter(office=office).update(elements={"u1": score}, words_group="wait")
    region = opinions.summary([office.id for office in offices], MONDAY, MONDAY)
    assert (region.elements[0].mean.n, region.elements[0].n, region.words) == (
        12,
        12,
        (("wait", 12),),
    )


def test_head_and_region_read_it_on_their_pages(client):
    office = an_open_office("serang")
    said(office, a_service("jht"), *[4] * 12)
    said(office, a_service("jkm"), *[2] * 10)
    pages = {
        "manager": f"/kepala/{office.slug}/kepuasan/?bulan={MONDAY:%Y-%m}",
        "regional": f"/kepala/wilayah/{office.region.slug}/kepuasan/?bulan={MONDAY:%Y-%m}",
    }
    for role, page in pages.items():
        client.force_login(an_officer(office, role))
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(page).content.decode()))
        assert "per layanan" in text
        assert re.search(r"Klaim JHT [\d,]+ [\d,]+–[\d,]+ 12 ", text)
        assert re.search(r"Klaim JKM [\d,]+ [\d,]+–[\d,]+ 10 ", text)
