"""What to bring, for each reason, claimant and special case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giliran.core.checklist import Bringer, checklist
from giliran.core.eligibility import Situation, decide
from giliran.rules import load
from giliran.rules.calendars import calendar

TODAY = date(2026, 11, 23)
KINDS = [rule.key.removeprefix("documents/") for rule in load() if rule.unit == "documents"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_names_each_paper_and_who_issues_it(kind: str):
    found = checklist(kind, load().on(TODAY), Bringer({}))
    assert found is not None
    assert all(paper.name != paper.code and paper.name_en for paper in found)
    assert [paper.code for paper in found if not paper.issuer] == []
    assert {paper.need for paper in found} <= {"yes", "if", "if_available"}
    assert {paper.form for paper in found} <= {"copy", "original", "only_copy"}
    assert all(paper.why for paper in found if paper.need == "if")


def test_a_condition_asks_leaves_out_or_stays_open():
    def need(condition: bool | None) -> list[str]:
        bringer = Bringer({"npwp_limit_or_partial_before": condition})
        found = checklist("jht/resigned", load().on(TODAY), bringer) or ()
        return [paper.need for paper in found if paper.code == "NPWP"]

    assert (need(True), need(False), need(None)) == (["yes"], [], ["if"])


def test_reading_a_list_leaves_its_trace_in_the_law():
    law = load().on(TODAY)
    checklist("jkm/death", law, Bringer({}))
    assert {"documents/jkm/death", "documents/catalogue", "documents/issuers"} <= set(law.used)


def test_a_list_that_did_not_hold_on_that_day_is_none():
    assert checklist("jht/contract_end", load().on(date(2020, 1, 1)), Bringer({})) is None


def test_what_is_free_says_where():
    found = checklist("jkm/death", load().on(TODAY), Bringer({})) or ()
    free = {paper.code: paper.free_at for paper in found}
    assert "Dukcapil" in free["AKTA_KEMATIAN"]
    assert free["SKAW"] == ""


def papers(**facts: Any) -> dict[str, Any]:
    told = {
        "date": TODAY.isoformat(),
        "reason": "dismissed",
        "program": "JHT",
        "event_date": "2026-08-01",
        "working": False,
        "cards": [{"active": False, "balance": 9_000_000}],
        "earlier_withdrawals": [],
    }
    answer = decide(Situation.from_json({**told, **facts}), load(), calendar())
    return {f"{paper.code}{':' if paper.of else ''}{paper.of}": paper for paper in answer.documents}


def test_one_of_five_proofs_of_dismissal_is_enough():
    assert len(papers()["BUKTI_PHK"].one_of) == 5


def test_a_proxy_brings_a_power_of_attorney_and_two_identity_cards():
    found = papers(claimant={"kind": "self", "proxy": True})
    assert {"SURAT_KUASA", "KTP", "KTP:proxy"} <= set(found)
    assert found["SURAT_KUASA"].form == "original"


def test_a_lost_card_needs_no_other_paper():
    assert set(papers(papers=["lost_card"])) == set(papers())
    assert "KPJ" in papers(papers=["lost_card"])["KARTU_PESERTA"].why


def test_a_closed_company_is_answered_with_another_way():
    assert "Dinas Tenaga Kerja" in papers(papers=["company_closed"])["BUKTI_PHK"].why


def test_all_cards_are_brought_when_there_are_several():
    two = [{"active": False, "balance": 1}, {"active": False, "balance": 1}]
    assert "semua kartu" in papers(cards=two)["KARTU_PESERTA"].why


def test_data_that_differ_bring_the_family_card():
    assert "KK" not in papers()
    assert papers(papers=["nik_differs"])["KK"].why


def test_a_lost_identity_card_is_replaced_for_free():
    found = papers(papers=["ktp_lost"])
    assert "Dukcapil" in found["KTP"].issuer
