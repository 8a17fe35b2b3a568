"""Who is told of leave, loans and shifts: who may do something about it, once, and nobody named."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from giliran.capacity import actions as capacity
from giliran.capacity import notices
from giliran.capacity.models import Leave, Loan, Roster, Shift, Skill
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.messages import actions as messages
from giliran.messages.actions import Urgency
from giliran.messages.models import Message, Muted
from giliran.messages.spoken import place
from giliran.messages.wording import Known, linked
from tests.builders import MONDAY, a_service, an_office, an_officer
from tests.stories.test_leave import EARLY, TUESDAY, a_team, asks, ill, put_down
from tests.stories.test_lending import a_pair
from tests.telephones import reached, said, told

pytestmark = pytest.mark.django_db


def head_of(office):
    return reached(an_officer(office, "manager"))


def by(officer, office, now=EARLY):
    return {"office_id": office.id, "officer_id": officer.id, "now": now}


class TestLeave:
    def test_a_sick_call_is_told_at_once_without_a_name_and_says_what_is_missing(self):
        office = an_office(counters=3)
        officer, *_ = a_team(office)
        head = head_of(office)
        one = ill(officer, office)

        [text] = said(head)
        assert officer.full_name not in text
        assert "Serang" in text
        assert "kurang sampai 2 petugas" in text
        assert f"/kepala/serang/cuti/{one.id}/" in text
        assert Message.objects.get().urgency == Urgency.NOW

    def test_a_sick_call_that_was_taken_back_is_told_nobody(self):
        office = an_office()
        officer, _ = a_team(office, 2)
        head = head_of(office)
        one = ill(officer, office)
        capacity.withdraw_leave(one.id, officer_id=officer.id, now=EARLY)
        assert told(head) == []
        ill(officer, office)
        assert told(head) == ["staff_sick"]

    def test_whoever_enters_a_sick_call_is_not_told_of_it(self):
        office = an_office()
        officer, _ = a_team(office, 2)
        head, other = head_of(office), head_of(office)
        capacity.call_sick(
            officer.id,
            office_id=office.id,
            request_key=uuid4(),
            actor=f"officer:{head.id}",
            now=EARLY,
        )
        assert (told(head), told(other)) == ([], ["staff_sick"])

    def test_leave_is_asked_of_the_head_and_its_answer_told_to_who_asked(self):
        office = an_office()
        team = [reached(one) for one in a_team(office, 3)]
        head = head_of(office)
        ones = [asks(officer, office, TUESDAY) for officer in team]
        assert told(head) == ["leave_asked"] * 3

        capacity.approve_leave(ones[0].id, **by(head, office))
        capacity.refuse_leave(ones[1].id, reason="Ramai", **by(head, office))
        capacity.suggest_days(ones[2].id, first_day=TUESDAY + timedelta(days=7), **by(head, office))

        assert [told(one) for one in team] == [
            ["leave_approved"],
            ["leave_refused"],
            ["leave_suggested"],
        ]
        assert "disetujui: Selasa, 24 November 2026" in said(team[0])[0]
        assert "mulai Selasa, 1 Desember 2026" in said(team[2])[0]
        assert told(head) == ["leave_asked"]

        capacity.take_suggested(ones[2].id, officer_id=team[2].id, now=EARLY)
        assert told(head) == told(team[2]) == []

    def test_where_the_only_head_is_away_the_region_is_told_too(self):
        office = an_office()
        officer, _ = a_team(office, 2)
        head, region = head_of(office), reached(an_officer(office, "regional"))
        asks(officer, office, TUESDAY)
        assert told(region) == []

        ill(head, office)
        assert told(region) == ["staff_sick"]
        assert told(head) == ["leave_asked"]
        ill(officer, office)
        assert told(region) == ["staff_sick", "staff_sick"]

    def test_a_head_who_asks_for_leave_is_answered_by_the_region(self):
        office = an_office()
        head, region = head_of(office), reached(an_officer(office, "regional"))
        asks(head, office, TUESDAY)
        assert told(head) == []
        assert told(region) == ["leave_asked"]

    def test_who_heads_another_office_by_then_is_not_told(self):
        office = an_office()
        officer, _ = a_team(office, 2)
        head = head_of(office)
        asks(officer, office, TUESDAY)
        assert len(said(head)) == 1
        head.posts.update(office=an_office("cilegon"))
        assert said(head) == []

    def test_who_muted_such_news_hears_nothing(self):
        office = an_office()
        officer, _ = a_team(office, 2)
        head = head_of(office)
        messages.mute(head.id, [Muted.Topic.STAFFING])
        ill(officer, office)
        assert told(head) == []


class TestLoans:
    def test_the_neighbours_head_is_asked_and_everybody_hears_the_answer(self):
        office, _, neighbour, team = a_pair()
        ours, theirs = head_of(office), head_of(neighbour)
        lent = reached(team[0])
        loan = capacity.ask_loan(
            lent.id, to_id=office.id, day=MONDAY, asked_by_id=ours.id, now=EARLY
        )
        assert (told(ours), told(theirs), told(lent)) == ([], ["loan_asked"], [])
        assert lent.full_name not in said(theirs)[0]
        assert "/kepala/cilegon/pinjaman/" in said(theirs)[0]

        capacity.accept_loan(loan.id, **by(theirs, neighbour))
        assert (told(ours), told(theirs)) == (["loan_accepted"], [])
        assert "/kepala/serang/pinjaman/" in said(ours)[0]
        [own] = said(lent)
        assert "08.00-15.00 WIB" in own

        capacity.withdraw_loan(loan.id, **by(ours, office))
        assert (told(ours), told(theirs)) == ([], ["loan_ended"])
        assert told(lent) == ["own_loan_ended"]

    def test_a_refusal_is_told_to_who_asked_alone(self):
        office, _, neighbour, team = a_pair()
        ours, theirs, wanted = head_of(office), head_of(neighbour), reached(team[0])
        loan = capacity.ask_loan(
            wanted.id, to_id=office.id, day=MONDAY, asked_by_id=ours.id, now=EARLY
        )
        capacity.refuse_loan(loan.id, **by(theirs, neighbour))
        assert (told(ours), told(theirs), told(wanted)) == (["loan_refused"], [], [])

    def test_what_was_asked_and_never_told_is_withdrawn_in_silence(self):
        office, _, neighbour, team = a_pair()
        ours, theirs = head_of(office), head_of(neighbour)
        loans = [
            capacity.ask_loan(one.id, to_id=office.id, day=MONDAY, asked_by_id=ours.id, now=EARLY)
            for one in team[:2]
        ]
        sent = Message.objects.get(subject="loan", subject_id=loans[0].id)
        Message.objects.filter(id=sent.id).update(state=Message.State.SENT)
        for loan in loans:
            capacity.withdraw_loan(loan.id, **by(ours, office))
        assert told(theirs) == ["loan_ended"]
        assert Message.objects.get(kind="loan_ended").subject_id == loans[0].id

    def test_who_is_lent_and_falls_ill_is_not_told_to_work_at_home(self):
        office, _, neighbour, team = a_pair()
        ours, theirs, lent = head_of(office), head_of(neighbour), reached(team[0])
        loan = capacity.ask_loan(
            lent.id, to_id=office.id, day=MONDAY, asked_by_id=ours.id, now=EARLY
        )
        capacity.accept_loan(loan.id, **by(theirs, neighbour))
        ill(lent, neighbour)
        assert said(lent) == []
        assert told(ours) == ["loan_ended"]
        assert told(theirs) == ["loan_ended", "staff_sick"]

    def test_whom_a_loan_would_lend_does_not_answer_it_where_the_region_can(self):
        office, _, neighbour, _ = a_pair()
        ours, theirs = head_of(office), head_of(neighbour)
        put_down(theirs, neighbour)
        loan = capacity.ask_loan(
            theirs.id, to_id=office.id, day=MONDAY, asked_by_id=ours.id, now=EARLY
        )
        region = reached(an_officer(office, "regional"))
        for answer in (capacity.accept_loan, capacity.refuse_loan):
            with pytest.raises(capacity.OwnLoan):
                answer(loan.id, **by(theirs, neighbour))
        assert capacity.accept_loan(loan.id, **by(region, neighbour)).state == "accepted"

    def test_a_head_whom_a_loan_would_lend_is_not_asked_but_the_region_is(self):
        office, _, neighbour, _ = a_pair()
        ours, theirs = head_of(office), head_of(neighbour)
        region = reached(an_officer(office, "regional"))
        put_down(theirs, neighbour)
        capacity.ask_loan(theirs.id, to_id=office.id, day=MONDAY, asked_by_id=ours.id, now=EARLY)
        assert told(theirs) == []
        assert told(region) == ["loan_asked"]


class TestLoansOfALeave:
    def a_loan(self, is_agreed=False):
        """Return a leave of Monday, who asked for it, both heads, and a loan because of it."""
        office, [officer, *_], neighbour, team = a_pair(here=2)
        one = asks(officer, office)
        ours, theirs = head_of(office), head_of(neighbour)
        loan = capacity.ask_loan(
            team[0].id,
            to_id=office.id,
            day=MONDAY,
            asked_by_id=ours.id,
            leave_id=one.id,
            now=EARLY,
        )
        if is_agreed:
            capacity.accept_loan(loan.id, **by(theirs, neighbour))
        return office, one, ours, theirs, loan

    def test_a_leave_taken_back_asks_the_neighbour_no_more(self):
        _, one, _, theirs, loan = self.a_loan()
        capacity.withdraw_leave(one.id, officer_id=one.officer_id, now=EARLY)
        loan.refresh_from_db()
        assert loan.state == "withdrawn"
        assert told(theirs) == []

    def test_a_refused_leave_asks_the_neighbour_no_more(self):
        office, one, ours, theirs, loan = self.a_loan()
        capacity.refuse_leave(one.id, reason="Ramai", **by(ours, office))
        loan.refresh_from_db()
        assert loan.state == "withdrawn"
        assert told(theirs) == []

    def test_a_leave_moved_to_other_days_asks_no_more_for_the_old_ones(self):
        office, one, ours, _, loan = self.a_loan()
        capacity.suggest_days(one.id, first_day=TUESDAY, **by(ours, office))
        capacity.take_suggested(one.id, officer_id=one.officer_id, now=EARLY)
        loan.refresh_from_db()
        assert loan.state == "withdrawn"

    def test_an_approved_leave_goes_on_asking(self):
        office, one, ours, theirs, loan = self.a_loan()
        capacity.approve_leave(one.id, **by(ours, office))
        loan.refresh_from_db()
        assert loan.state == "asked"
        assert told(theirs) == ["loan_asked"]

    def test_what_the_neighbour_agreed_to_stands_and_who_borrows_is_told(self):
        _, one, ours, _, loan = self.a_loan(is_agreed=True)
        capacity.withdraw_leave(one.id, officer_id=one.officer_id, now=EARLY)
        loan.refresh_from_db()
        assert loan.state == "accepted"
        assert told(ours)[-1] == "loan_kept"
        assert "tetap berlaku" in said(ours)[-1]

    def test_nobody_is_asked_for_a_leave_that_is_not_taken_any_more(self):
        office, _, _, team = a_pair()
        one = asks(an_officer(office), office)
        capacity.withdraw_leave(one.id, officer_id=one.officer_id, now=EARLY)
        head = head_of(office)
        with pytest.raises(capacity.LeaveDecided):
            capacity.ask_loan(
                team[0].id,
                to_id=office.id,
                day=MONDAY,
                asked_by_id=head.id,
                leave_id=one.id,
                now=EARLY,
            )
        assert not Loan.objects.exists()


class TestShifts:
    def test_a_published_roster_is_told_once_to_those_whose_shifts_it_changes(self):
        office = an_office()
        head = head_of(office)
        changed, same = (reached(one) for one in a_team(office, 2))
        draft = Roster.objects.create(
            region=office.region,
            monday=MONDAY,
            state=Roster.State.DRAFT,
            made_at=EARLY,
            made_by="system",
        )
        for one in list(Shift.objects.all()):
            fewer = one.officer_id == changed.id and one.day > TUESDAY
            if not fewer:
                one.pk, one.roster, one.is_draft = None, draft, True
                one.save()
        capacity.publish_roster(draft.id, officer_id=head.id, now=EARLY)
        assert told(changed) == ["roster_published"]
        assert told(same) == []
        assert "pekan mulai Senin, 23 November 2026" in said(changed)[0]

    def test_changes_in_a_row_are_one_message_that_says_how_it_is_now(self):
        office = an_office()
        head = head_of(office)
        first, second = (reached(one) for one in a_team(office, 2, [TUESDAY]))
        actor = f"officer:{head.id}"
        shifts = {one.officer_id: one for one in Shift.objects.all()}
        wednesday = TUESDAY + timedelta(days=1)
        capacity.put_shift(
            office,
            shifts[first.id].id,
            officer_id=first.id,
            day=wednesday,
            kind="full",
            actor=actor,
            now=EARLY,
        )
        capacity.cancel_shift(office, shifts[second.id].id, actor=actor, now=EARLY)
        capacity.add_shift(
            office, officer_id=first.id, day=TUESDAY, kind="full", actor=actor, now=EARLY
        )
        assert [told(one) for one in (first, second)] == [["shifts_changed"]] * 2
        assert (
            "Sel 24 Nov 08.00-15.00 di Serang, Rab 25 Nov 08.00-15.00 di Serang" in said(first)[0]
        )
        assert "Sel 24 Nov libur" in said(second)[0]

    def test_a_substitute_for_today_is_told_at_once(self):
        office = an_office(counters=3)
        officer, *_ = a_team(office)
        guard = reached(an_officer(office, "door"))
        Skill.objects.create(officer=guard, service=a_service("jht"))
        one = ill(officer, office)
        capacity.put_substitute(
            guard.id, leave_id=one.id, office_id=office.id, day=MONDAY, actor="officer:0", now=EARLY
        )
        assert told(guard) == ["shifts_changed"]
        assert Message.objects.get(kind="shifts_changed").urgency == Urgency.NOW

    def test_a_day_of_leave_is_not_told_as_a_change(self):
        office = an_office()
        head = head_of(office)
        officer = reached(a_team(office, 1, [TUESDAY])[0])
        shift = Shift.objects.get()
        capacity.cancel_shift(office, shift.id, actor=f"officer:{head.id}", now=EARLY)
        Leave.objects.create(
            request_key=uuid4(),
            officer=officer,
            office=office,
            kind="annual",
            first_day=TUESDAY,
            last_day=TUESDAY,
            state="approved",
            asked_at=EARLY,
        )
        assert said(officer) == []


both = pytest.mark.parametrize("language", ["id", "en"])
every = pytest.mark.parametrize("form", notices.FORMS, ids=lambda form: form.name)
LONG = "Kantor Cabang Perintis Tanjung Jabung Timur"


@both
@every
def test_every_message_to_officers_is_one_plain_sms_and_can_be_registered(form, language):
    worst = notices.EXAMPLES | {"place": place(LONG), "to_place": place(LONG)}
    short = linked(Known(form, worst, "/kepala/serang/"), language).short
    assert len(short) <= SMS_LETTERS
    assert short.isascii()
    assert short.startswith(form.short[0].spoken(language) % worst)
    body = form.registered(language)
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert set(form.places("id")) == set(form.places("en")) <= notices.EXAMPLES.keys()
