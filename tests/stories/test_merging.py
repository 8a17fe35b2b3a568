"""Cards of one person: found, put side by side, joined, kept apart, and taken back."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran import clock
from giliran.claims.models import Letter
from giliran.core.refusal import NotFound
from giliran.jobs import matching as job
from giliran.journal.models import Event
from giliran.people import matching, merging
from giliran.people.merging.refusals import SameCard
from giliran.people.models import (
    Card,
    Citizen,
    Contribution,
    Employer,
    Match,
    Merging,
    NewCard,
    Spell,
)
from giliran.people.register import importing
from tests.builders import a_card, a_nik, an_office, an_officer, at
from tests.examples import examples

pytestmark = pytest.mark.django_db
NOW = at("09:00")
RIGHT, SLIP = "3604021708850001", "3604021708850010"
OTHER = "3173051708850007"
WHY = "KTP dan kedua kartu dilihat"


def search():
    cards = found = 0
    while step := matching.search_next(now=NOW):
        cards, found = cards + step.cards, found + step.found
    return cards, found


@pytest.fixture
def manager():
    return an_officer(an_office("serang"), "manager")


@pytest.fixture
def by(manager):
    return {"officer_id": manager.id, "office_id": manager.posts.get().office_id, "now": NOW}


def a_match(first=None, second=None):
    cards = sorted([first or a_card(nik=RIGHT), second or a_card(nik=SLIP)], key=lambda c: c.id)
    return Match.objects.create(
        first=cards[0], second=cards[1], kind="near_name", likeness=100, found_at=NOW
    )


def join(match, by, *, into=None, citizen=None):
    return merging.merge(
        match.id,
        into_id=into or match.first_id,
        citizen_id=citizen or Card.objects.get(id=match.first_id).citizen_id,
        reason=WHY,
        **by,
    )


def rows():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Card, Citizen, Contribution, Spell, Match)
    ]


# Finding


def test_two_cards_of_one_nik_are_found():
    first, second = a_card("Siti Aminah", nik=RIGHT), a_card("ST. AMINAH", nik=RIGHT)
    assert search() == (2, 1)
    match = Match.objects.get()
    assert (match.first, match.second) == (first, second)
    assert (match.kind, match.likeness, match.state) == ("same_nik", 100, "open")


def test_a_nik_that_two_people_share_is_found_with_a_low_likeness():
    a_card("Siti Aminah", nik=RIGHT)
    a_card("Joko Widagdo", nik=RIGHT, birth="1990-01-02")
    search()
    assert Match.objects.get().likeness == 0


def test_a_near_name_with_the_same_birth_date_is_found_though_the_nik_differs():
    a_card("Moch. Soedjono, S.E.", nik=RIGHT)
    a_card("MUHAMMAD SUJONO", nik=SLIP)
    search()
    assert Match.objects.get().kind == "near_name"


def test_another_birth_date_or_another_name_is_another_person():
    a_card("Muhammad Sujono", nik=RIGHT)
    a_card("Muhammad Sujono", nik=SLIP, birth="1985-08-18")
    a_card("Muhammad Harun", nik=OTHER)
    assert search() == (3, 0)


def test_only_cards_that_came_since_the_last_search_are_looked_at():
    a_card(nik=RIGHT)
    assert search() == (1, 0)
    assert search() == (0, 0)
    a_card(nik=SLIP)
    assert search() == (1, 1)


def test_a_card_that_an_import_corrected_is_looked_at_again():
    card = a_card("Bambang", nik=RIGHT)
    a_card("Siti Aminah", nik=SLIP)
    search()
    right = a_card("Siti Aminah", nik=OTHER, birth="1990-01-01")
    search()
    Card.objects.filter(id=card.id).update(
        name_sealed=right.name_sealed, name_index=right.name_index
    )
    assert search() == (1, 1)


def test_what_was_decided_is_not_found_again(by):
    a_card(nik=RIGHT)
    a_card(nik=SLIP)
    search()
    merging.keep_apart(Match.objects.get().id, reason="Dua orang, dua KTP", **by)
    NewCard.objects.bulk_create(NewCard(card_id=card.id) for card in Card.objects.all())
    assert search() == (2, 0)
    assert Match.objects.get().state == "apart"


def test_the_job_looks_at_every_card_and_leaves_nothing():
    for _ in range(3):
        a_card(nik=RIGHT)
    job.find_matches()
    assert Match.objects.count() == 3
    assert not NewCard.objects.exists()


MEMBERS = """kpj,nik,name,birth_date,segment,opened_on,phone,closed_on,balance,balance_on
16000000001,{0},{2},1985-08-17,PU,2015-01-01,,,{3},2026-10-31
16000000002,{1},Siti Aminah,1985-08-17,PU,2018-01-01,,,1,2026-10-31
"""


def bring(tmp_path, *, name="ST. AMINAH", balance=5):
    file = tmp_path / f"members-{balance}.csv"
    file.write_text(MEMBERS.format(RIGHT, SLIP, name, balance))
    return importing.take(file, actor="officer:1", now=NOW, kind="members")


def test_an_import_asks_for_a_search(tmp_path):
    bring(tmp_path)
    waiting = ProcrastinateJob.objects.filter(task_name="people.find_matches", status="todo")
    assert waiting.count() == 1
    job.find_matches()
    assert Match.objects.get().kind == "near_name"


@pytest.mark.parametrize("stays", ["16000000001", "16000000002"])
def test_an_import_gives_no_joined_card_back_to_the_wrong_nik(tmp_path, by, stays):
    bring(tmp_path)
    search()
    match, right = Match.objects.get(), Card.objects.get(kpj="16000000002").citizen_id
    join(match, by, into=Card.objects.get(kpj=stays).id, citizen=right)
    bring(tmp_path, balance=6)
    assert set(Card.objects.values_list("citizen_id", flat=True)) == {right}
    assert Card.objects.get(kpj="16000000001").balance == 6


# Deciding


def test_a_merger_joins_the_cards_and_leaves_months_and_balances_where_they_are(by):
    kept, old = a_card(nik=RIGHT, balance=Decimal(9_000_000)), a_card(nik=SLIP, balance=Decimal(1))
    for card in (kept, old):
        Contribution.objects.create(
            card=card, month=date(2025, 1, 1), wage=1, amount=1, paid_on=date(2025, 2, 10)
        )
    Contribution.objects.create(
        card=old, month=date(2024, 12, 1), wage=1, amount=1, paid_on=date(2025, 1, 9)
    )
    Contribution.objects.create(card=old, month=date(2025, 3, 1), wage=1, amount=1)
    join(a_match(kept, old), by, into=kept.id, citizen=kept.citizen_id)
    old.refresh_from_db()
    assert old.merged_into_id == kept.id
    assert old.contributions.count() == 3
    cards = merging.cards_joined(kept.citizen_id)
    assert {card.id for card in cards} == {kept.id, old.id}
    assert {card.group for card in cards} == {kept.id}
    added = merging.sums([card.id for card in cards])
    assert added.months == 2, "a month paid on both cards counts once, one that is owed doesn't"
    assert added.balance == Decimal(9_000_001)


def test_the_officer_says_whose_nik_is_right_and_which_card_stays(by):
    match = a_match()
    join(match, by, into=match.first_id, citizen=match.second.citizen_id)
    assert set(Card.objects.values_list("citizen_id", flat=True)) == {match.second.citizen_id}
    assert merging.cards_joined(match.first.citizen_id) == ()
    assert Card.objects.get(merged_into__isnull=True).id == match.first_id


def test_a_card_that_others_were_joined_to_takes_them_along(by):
    a, b, c = (a_card(nik=nik) for nik in (RIGHT, SLIP, OTHER))
    join(a_match(a, b), by, into=b.id, citizen=b.citizen_id)
    join(a_match(b, c), by, into=c.id, citizen=c.citizen_id)
    assert {card.group for card in merging.cards_joined(c.citizen_id)} == {c.id}
    assert len(merging.cards_joined(c.citizen_id)) == 3


def test_cards_that_are_joined_by_way_of_a_third_need_no_decision(by):
    a, b, c = (a_card(nik=nik) for nik in (RIGHT, SLIP, OTHER))
    third = a_match(a, c)
    join(a_match(a, b), by)
    join(a_match(b, c), by)
    assert merging.open_matches() == []
    with pytest.raises(merging.AlreadyTogether):
        join(third, by)


def test_two_people_are_not_joined_by_way_of_a_third_card(by):
    a, b, c = (a_card(nik=nik) for nik in (RIGHT, SLIP, OTHER))
    merging.keep_apart(a_match(a, c).id, reason="Orang lain", **by)
    join(a_match(a, b), by)
    with pytest.raises(merging.DecidedApart):
        join(a_match(b, c), by)


def test_the_database_refuses_a_ring_of_cards():
    a, b = a_card(nik=RIGHT), a_card(nik=SLIP)
    Card.objects.filter(id=a.id).update(merged_into=b)
    with pytest.raises(IntegrityError, match="into itself"), transaction.atomic():
        Card.objects.filter(id=b.id).update(merged_into=a)


def test_the_second_of_two_officers_is_told_who_was_faster(by, manager):
    match = a_match()
    join(match, by)
    with pytest.raises(merging.AlreadyDecided, match=manager.full_name):
        merging.keep_apart(match.id, reason=WHY, **by)
    assert Match.objects.get().state == "merged"


@pytest.mark.parametrize("reason", ["", "ya", "x" * 201, "\x00\x00\x00\x00\x00\x00"])
def test_no_decision_without_a_reason(by, reason):
    match = a_match()
    with pytest.raises(merging.BadReason):
        merging.keep_apart(match.id, reason=reason, **by)


def test_a_card_or_citizen_that_is_not_on_the_screen_cannot_be_chosen(by):
    match, stranger = a_match(), a_card(nik=OTHER)
    with pytest.raises(merging.BadChoice):
        join(match, by, into=stranger.id)
    with pytest.raises(merging.BadChoice):
        join(match, by, citizen=stranger.citizen_id)
    with pytest.raises(NotFound):
        merging.keep_apart(match.id + 1, reason=WHY, **by)


def test_every_decision_stands_in_the_journal_with_ids_only(by):
    match = a_match()
    join(match, by)
    merging.undo(match.id, **by)
    merging.keep_apart(match.id, reason="Siti yang lain", **by)
    events = Event.objects.filter(subject="match", subject_id=match.id).order_by("id")
    assert [e.kind for e in events] == ["match.merge", "match.undo", "match.keep_apart"]
    assert "Siti" not in str(list(events.values()))


# Taking back


def test_a_decision_taken_back_is_open_again(by):
    match = a_match()
    before = rows()
    merging.keep_apart(match.id, reason="Keliru", **by)
    assert rows() != before
    merging.undo(match.id, **by)
    assert rows() == before
    with pytest.raises(merging.NothingToUndo):
        merging.undo(match.id, **by)


def test_an_earlier_merger_is_taken_back_after_the_later_one(by):
    a, b, c = (a_card(nik=nik) for nik in (RIGHT, SLIP, OTHER))
    early, late = a_match(a, b), a_match(b, c)
    join(early, by, into=b.id)
    join(late, by, into=c.id)
    with pytest.raises(merging.UndoLaterFirst, match=b.kpj):
        merging.undo(early.id, **by)
    merging.undo(late.id, **by)
    merging.undo(early.id, **by)
    assert not Card.objects.filter(merged_into__isnull=False).exists()


def test_a_nik_that_an_import_corrected_after_the_merger_is_kept(by):
    match = a_match()
    join(match, by, into=match.first_id, citizen=match.first.citizen_id)
    corrected = a_card(nik=OTHER, birth="1990-01-01").citizen_id
    Card.objects.filter(id=match.second_id).update(citizen_id=corrected)
    merging.undo(match.id, **by)
    assert Card.objects.get(id=match.second_id).citizen_id == corrected


pairs = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans(), st.booleans()), max_size=8
)


@given(pairs)
@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_taking_all_mergers_back_restores_every_row(by, pairs):
    """Over random chains: who is joined to whom, which card stays, whose NIK is right."""
    with transaction.atomic():
        cards = [a_card(nik=a_nik(i // 2 + 1)) for i in range(5)]
        matches = {}
        for one, other, *_ in pairs:
            if one != other:
                key = tuple(sorted((one, other)))
                matches.setdefault(key, None)
        for key in matches:
            matches[key] = a_match(*(cards[i] for i in key))
        before, done = [rows()], []
        for one, other, keeps_first, first_is_right in pairs:
            match = matches.get(tuple(sorted((one, other))))
            if match is None:
                continue
            ids = Card.objects.in_bulk([match.first_id, match.second_id])
            try:
                join(
                    match,
                    by,
                    into=match.first_id if keeps_first else match.second_id,
                    citizen=ids[match.first_id if first_is_right else match.second_id].citizen_id,
                )
            except (merging.AlreadyTogether, merging.AlreadyDecided):
                continue
            done.append(match.id)
            before.append(rows())
            together = Card.objects.filter(id__in=ids).values("citizen_id").distinct()
            assert together.count() == 1
        while done:
            assert rows() == before.pop()
            merging.undo(done.pop(), **by)
        assert rows() == before.pop()
        assert not Merging.objects.filter(undone_at__isnull=True).exists()
        transaction.set_rollback(True)


# Asking, and looking


def test_an_officer_asks_about_two_cards_that_no_search_found(by):
    a_card("Siti Aminah", nik=RIGHT, kpj="16001234567")
    a_card("Aminah", nik=OTHER, birth="1986-08-17", kpj="16007654321")
    asked = merging.ask("1600-123-4567", "16007654321", reason=WHY, **by)
    again = merging.ask("16007654321", "16001234567", reason="Ditanya lagi", **by)
    assert asked == again
    assert asked.kind == "asked"
    assert Match.objects.get().asked_because == WHY


@pytest.mark.parametrize(
    ("kpj", "other", "refusal"),
    [
        ("123", "16001234567", merging.BadKpj),
        ("16001234567", "16009999999", merging.UnknownCard),
        ("16001234567", "16001234567", SameCard),
    ],
)
def test_a_card_number_that_cannot_be_compared_is_named(by, kpj, other, refusal):
    a_card(kpj="16001234567")
    with pytest.raises(refusal):
        merging.ask(kpj, other, reason=WHY, **by)


def test_two_cards_stand_side_by_side_with_what_they_would_be_together():
    company = Employer.objects.create(npp="JJ000001", name="PT Contoh")
    match = a_match()
    Spell.objects.create(card=match.first, employer=company, began_on=date(2015, 7, 1))
    shown = merging.pair(match.id)
    assert shown.first.name == "Siti Aminah"
    assert shown.first.nik == RIGHT
    assert shown.first.birth == date(1985, 8, 17)
    assert shown.first.worked[0].employer == "PT Contoh"
    assert shown.together.balance is None
    assert not shown.together.is_whole


def test_those_whose_claim_waits_come_first():
    likest, waiting = a_match(), a_match(a_card(nik=a_nik()), a_card(nik=OTHER))
    Match.objects.filter(id=waiting.id).update(likeness=81)
    assert [m.id for m in merging.open_matches()] == [likest.id, waiting.id]
    first = merging.open_matches(waiting=[waiting.second.citizen_id])
    assert [m.id for m in first] == [waiting.id, likest.id]


# The pages


@pytest.fixture(autouse=True)
def nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


LIST = "/petugas/serang/data/"


def page(match):
    return f"{LIST}{match.id}/"


def to_merge(match, **fields):
    chosen = {"kartu": match.first_id, "nik": match.first.citizen_id, "alasan": WHY}
    return {"langkah": "gabung", **chosen, **fields}


def test_the_list_shows_no_name_and_whoever_opens_a_pair_leaves_a_trace_each_time(client, manager):
    match = a_match()
    client.force_login(manager)
    shown = client.get(LIST).content.decode()
    assert match.first.kpj in shown
    assert "Aminah" not in shown
    seen = Event.objects.filter(kind="person.seen", actor=f"officer:{manager.id}")
    assert not seen.exists()
    for _ in range(2):
        assert "Aminah" in client.get(page(match)).content.decode()
    assert seen.count() == 4, "two people, looked at twice"


def test_a_nik_is_masked_but_for_the_digits_that_differ(client, manager):
    match = a_match()
    client.force_login(manager)
    shown = client.get(page(match)).content.decode()
    assert RIGHT not in shown
    assert "360402••••••00<mark>0</mark><mark>1</mark>" in shown
    assert "360402••••••00<mark>1</mark><mark>0</mark>" in shown


@pytest.mark.parametrize(
    ("role", "opens", "decides"),
    [
        ("officer", True, False),
        ("manager", True, True),
        ("regional", True, True),
        ("auditor", True, False),
        ("door", False, False),
        ("administrator", False, False),
    ],
)
def test_who_may_look_and_who_decides(client, role, opens, decides):
    match = a_match()
    client.force_login(an_officer(an_office("serang"), role))
    for address in (LIST, page(match)):
        assert client.get(address).status_code == (200 if opens else 403)
    assert client.post(page(match), to_merge(match)).status_code == (302 if decides else 403)
    match.refresh_from_db()
    assert match.state == ("merged" if decides else "open")


def test_without_a_log_in_nothing_is_shown(client):
    an_office("serang")
    assert client.get(page(a_match())).status_code == 302


def test_a_merger_is_decided_on_the_page_and_its_letter_printed(client, manager):
    match = a_match()
    client.force_login(manager)
    after = client.post(page(match), to_merge(match), follow=True)
    assert "Cetak surat penggabungan" in after.content.decode()
    letter = client.get(f"{page(match)}surat/")
    assert letter.status_code == 200
    written = Letter.objects.get()
    assert (written.kind, written.citizen_id) == ("merger", match.first.citizen_id)
    back = client.post(page(match), {"langkah": "batal"}, follow=True).content.decode()
    assert "Gabungkan kartu" in back
    assert client.get(f"{page(match)}surat/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"alasan": ""}, "Tulis alasannya"),
        ({"kartu": "9" * 30}, "Pilih salah satu"),
        ({"nik": "x"}, "Pilih salah satu"),
        ({"nik": ""}, "Pilih salah satu"),
        ({"langkah": "pisah", "alasan": "\x00"}, "Tulis alasannya"),
    ],
)
def test_what_cannot_be_read_is_asked_again_and_nothing_is_decided(client, manager, fields, said):
    match = a_match()
    client.force_login(manager)
    answer = client.post(page(match), to_merge(match, **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Match.objects.get().state == "open"
    assert not Letter.objects.exists()


def test_the_second_officer_lands_on_the_decision_of_the_first(client, manager):
    match = a_match()
    client.force_login(an_officer(manager.posts.get().office, "regional"))
    client.post(page(match), {"langkah": "pisah", "alasan": "Dua KTP dilihat"})
    client.force_login(manager)
    answer = client.post(page(match), to_merge(match), follow=True).content.decode()
    assert "sudah diputuskan oleh Petugas regional" in answer
    assert "Diputuskan: dua orang yang berbeda" in answer
    assert not Merging.objects.exists()


def test_an_officer_asks_on_the_page_and_finds_a_card_again(client):
    a_card(nik=RIGHT, kpj="16001234567")
    a_card(nik=OTHER, kpj="16007654321")
    client.force_login(an_officer(an_office("serang")))
    typed = {"kartu": "16001234567", "kartu_lain": "1600 765 4321", "alasan": WHY}
    assert client.post(LIST, typed).status_code == 302
    found = client.post(f"{LIST}cari/", {"cari": "16007654321"}).content.decode()
    assert found.count("16001234567") == 2, "in what was found, and in what waits"
    wrong = client.post(LIST, {**typed, "kartu_lain": "16009999999"})
    assert wrong.status_code == 422
    assert "tidak ada di data kepesertaan" in wrong.content.decode()
    assert client.post(f"{LIST}cari/", {"cari": "<b>"}).status_code == 422


@pytest.mark.parametrize("page_number", ["0", "-1", "x", "999", "9" * 40])
def test_any_page_of_the_list_can_be_asked_for(client, manager, page_number):
    client.force_login(manager)
    assert client.get(LIST, {"hal": page_number}).status_code == 200
