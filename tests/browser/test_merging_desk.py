"""The two-cards member: found, put side by side, joined with a letter, and taken back."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from giliran.people import matching, merging
from giliran.people.models import Card, Contribution, Employer, Match, Merging, Spell
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import a_card, an_office, an_officer, at
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
LIST = "/petugas/{}/data/"


def two_cards(right: str, slip: str) -> Match:
    """Return the match of somebody who left one company and works at another."""
    old = a_card(
        "H. Moch. Soedjono, S.E.",
        nik=right,
        opened_on=date(2009, 3, 1),
        closed_on=date(2017, 6, 30),
        balance=Decimal(31_450_000),
        balance_on=date(2026, 10, 31),
    )
    new = a_card(
        "MUHAMMAD SUJONO",
        nik=slip,
        opened_on=date(2017, 8, 1),
        balance=Decimal(48_120_500),
        balance_on=date(2026, 10, 31),
    )
    for card, npp, name, until in (
        (old, "JJ10000A", "PT Sepatu Contoh", date(2017, 6, 30)),
        (new, "JJ10000B", "PT Garmen Contoh", None),
    ):
        company, _ = Employer.objects.get_or_create(npp=npp, defaults={"name": name})
        Spell.objects.create(card=card, employer=company, began_on=card.opened_on, ended_on=until)
        for month in (4, 5, 6):
            Contribution.objects.create(
                card=card,
                month=date(card.opened_on.year, month, 1),
                wage=4_000_000,
                amount=228_000,
                paid_on=date(card.opened_on.year, month + 1, 10),
            )
    while matching.search_next(now=at("08:00")):
        pass
    return Match.objects.get(second=new)


def fits(page: Page) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        never_wider_than_the_screen(page)
        no_violations(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_two_cards_become_one_person_with_a_letter_and_it_can_be_taken_back(
    page: Page, server: RunningServer
):
    match = two_cards("3603121708850003", "3603121708850030")
    manager = an_officer(an_office("tangsel"), "manager", "kepala")
    enter(page, server, manager, LIST.format("tangsel"))
    expect(page.get_by_text("100 dari 100")).to_be_visible()
    fits(page)
    page.get_by_role("link", name=match.first.kpj).click()
    expect(page.get_by_text("PT Sepatu Contoh")).to_be_visible()
    expect(page.get_by_text("Rp79.570.500")).to_be_visible()
    fits(page)

    page.get_by_role("button", name="Gabungkan kartu").click()
    expect(page.get_by_role("alert")).to_contain_text("Tulis alasannya")
    no_violations(page)
    page.get_by_role("textbox", name="Alasan").first.fill("KTP dan kedua kartu sudah dilihat")
    page.get_by_role("button", name="Gabungkan kartu").click()
    expect(page.get_by_role("alert")).to_contain_text("Pilih salah satu")
    page.get_by_role("group", name="NIK mana").get_by_text("di kartu").first.click()
    page.get_by_role("button", name="Gabungkan kartu").click()

    expect(page.get_by_text("Kartu sudah digabung.")).to_be_visible()
    fits(page)
    letter = page.get_by_role("link", name="Cetak surat penggabungan").get_attribute("href")
    answer = page.request.get(f"{server.url}{letter}")
    assert answer.ok, answer.text()
    match.second.refresh_from_db()
    assert match.second.merged_into == match.first
    assert len(merging.cards_joined(match.first.citizen_id)) == 2

    page.get_by_role("button", name="Batalkan keputusan").click()
    expect(page.get_by_text("Keputusan dibatalkan.")).to_be_visible()
    match.second.refresh_from_db()
    assert match.second.merged_into is None


def test_an_officer_asks_and_does_not_decide(page: Page, server: RunningServer):
    cards = [a_card(nik="3603121708860003"), a_card("Aminah", nik="3171121708860003")]
    enter(page, server, an_officer(an_office("legok"), username="loket"), LIST.format("legok"))
    page.get_by_label("Nomor kartu (KPJ) pertama").fill(cards[0].kpj)
    page.get_by_label("Nomor kartu (KPJ) kedua").fill("123")
    page.get_by_label("Alasan").fill("Orangnya membawa kedua kartu")
    page.get_by_role("button", name="Ajukan").click()
    expect(page.get_by_role("alert")).to_contain_text("terdiri dari 11 huruf")
    fits(page)
    page.get_by_label("Nomor kartu (KPJ) kedua").fill(cards[1].kpj)
    page.get_by_role("button", name="Ajukan").click()
    expect(page.get_by_text("Orangnya membawa kedua kartu")).to_be_visible()
    expect(page.get_by_text("Kepala cabang atau kantor wilayah yang memutuskan.")).to_be_visible()
    expect(page.get_by_role("button", name="Gabungkan kartu")).to_have_count(0)


@pytest.mark.parametrize("ring", [False, True])
def test_of_many_who_decide_at_once_one_wins_and_the_others_are_told(
    server: RunningServer, *, ring: bool
):
    """The same pair eight times; or a ring A-B, B-C, C-A of which only two can be joined."""
    cards = [a_card(nik=f"36031217088700{n:02d}") for n in range(3)]
    joins = [(0, 1), (1, 2), (0, 2)] if ring else [(0, 1)]
    matches = [
        Match.objects.create(
            first=cards[a], second=cards[b], kind="asked", likeness=90, found_at=at("08:00")
        )
        for a, b in joins
    ]
    officer = an_officer(an_office(f"rebutan-{ring}"), "manager")
    start, told = threading.Barrier(8), []

    def decide(n: int) -> None:
        match = matches[n % len(matches)]
        start.wait()
        try:
            merging.merge(
                match.id,
                into_id=match.first_id if n % 2 else match.second_id,
                citizen_id=match.first.citizen_id,
                reason="Bersamaan",
                officer_id=officer.id,
                office_id=1,
                now=at("09:00"),
            )
            told.append("merged")
        except (merging.AlreadyDecided, merging.AlreadyTogether, merging.BadChoice) as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    here = Card.objects.filter(id__in=[card.id for card in cards])
    assert len(told) == 8
    assert told.count("merged") == len(cards) - 1 if ring else told.count("merged") == 1
    assert here.filter(merged_into__isnull=False).count() == told.count("merged")
    assert Merging.objects.filter(match__in=matches).count() == told.count("merged")
