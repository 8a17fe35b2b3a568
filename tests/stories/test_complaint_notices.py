"""Who is told of a complaint or a finding: who has to act now, and never whom it is about."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from giliran.capacity import actions as capacity
from giliran.claims.actions.warning import working_days
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.messages import actions as messages
from giliran.messages.models import Message, Muted
from giliran.messages.spoken import place
from giliran.messages.wording import Known, linked
from giliran.offices.models import Counter
from giliran.turns import actions as turns
from giliran.voices import actions as voices
from giliran.voices import deadlines, notices
from giliran.voices.actions import finding
from giliran.voices.models import Complaint, CorrectiveAction, Finding
from tests.builders import MONDAY, a_walk_in, an_office, an_officer, at, walk_in_places
from tests.stories.test_leave import ill
from tests.telephones import reached, said, told

pytestmark = pytest.mark.django_db
TEXT = "Loket tutup sejak pagi dan tidak ada yang memberi tahu kami."


class Town:
    """A branch with its head and two officers, its region and the centre; all have a telephone."""

    def __init__(self):
        self.office = an_office()
        self.head, self.region, self.centre, self.first, self.second = (
            reached(an_officer(None if role == "administrator" else self.office, role))
            for role in ("manager", "regional", "administrator", "officer", "officer")
        )

    def told(self):
        return [told(one) for one in (self.head, self.region, self.centre)]


@pytest.fixture
def town():
    return Town()


def complained(office, **more):
    return voices.complain(
        **{
            "request_key": uuid4(),
            "channel": "web",
            "text": TEXT,
            "office": office,
            "name": "Siti Aminah",
            "now": at("09:00"),
            **more,
        }
    )


def by(officer, clock="09:30"):
    return {"officer_id": officer.id, "now": at(clock)}


def answered(view, officer):
    voices.classify(view.id, weight="normative", category="queue", **by(officer))
    text = "Loket sudah dibuka lagi sejak pukul sepuluh."
    voices.answer(view.id, text, request_key=uuid4(), **by(officer, "10:00"))


def test_a_complaint_is_told_to_the_head_with_its_number_and_date_and_nothing_said_in_it(town):
    view = complained(town.office)
    assert town.told() == [["complaint_arrived"], [], []]
    [text] = said(town.head)
    assert f"no-{view.id}" in text
    assert "paling lambat Senin, 30 November 2026" in text
    assert f"/petugas/aduan/no-{view.id}/" in text
    assert "Siti" not in text
    assert view.code not in text
    assert "Loket" not in text


def test_once_somebody_took_it_nobody_else_is_told(town):
    view = complained(town.office)
    voices.acknowledge(view.id, **by(town.first))
    assert said(town.head) == []


def test_a_complaint_about_the_head_or_one_to_be_protected_goes_to_the_region_alone(town):
    complained(town.office, officer_id=town.head.id)
    complained(town.office, category="bribe", is_protected=True)
    assert town.told() == [[], ["complaint_arrived"] * 2, []]


def test_a_complaint_about_the_region_goes_to_the_centre(town):
    complained(town.office, officer_id=town.region.id)
    assert town.told() == [[], [], ["complaint_arrived"]]


def test_a_head_who_served_the_turn_is_not_told_but_the_region_is(town):
    walk_in_places(town.office)
    turn = a_walk_in(town.office, "08:10")
    counter = Counter.objects.get(office=town.office, label="1")
    capacity.open_counter(counter.id, officer_id=town.head.id, now=at("08:11"))
    turns.call_next(counter.id, officer_id=town.head.id, now=at("08:12"))
    complained(town.office, turn_code=turn.code, category="queue")
    assert town.told() == [[], ["complaint_arrived"], []]


def test_where_the_head_is_away_the_region_hears_too(town):
    ill(town.head, town.office)
    complained(town.office)
    assert town.told() == [["complaint_arrived"], ["staff_sick", "complaint_arrived"], []]


def test_of_many_alike_the_first_is_told(town):
    for _ in range(4):
        complained(town.office)
    assert told(town.head) == ["complaint_arrived"]


def test_one_about_a_colleague_that_turns_out_to_be_about_the_head_is_the_regions(town):
    view = complained(town.office, officer_id=town.second.id)
    assert town.told() == [["complaint_arrived"], [], []]
    voices.classify(
        view.id, weight="normative", category="conduct", about_id=town.head.id, **by(town.head)
    )
    assert told(town.region) == ["complaint_arrived"]
    assert said(town.head) == []


def test_another_office_hears_of_what_is_routed_there_and_the_old_one_no_more(town):
    other = an_office("cilegon")
    theirs = reached(an_officer(other, "manager"))
    view = complained(town.office)
    voices.route(view.id, office=other, **by(town.region))
    assert told(theirs) == ["complaint_arrived"]
    assert "Cilegon" in said(theirs)[0]
    assert said(town.head) == []


def test_whom_the_head_chooses_is_told_and_who_takes_it_themselves_is_not(town):
    view = complained(town.office)
    voices.acknowledge(view.id, **by(town.head))
    voices.assign(view.id, handler_id=town.first.id, **by(town.head))
    assert told(town.first) == ["complaint_given"]
    voices.assign(view.id, handler_id=town.second.id, **by(town.second))
    assert told(town.second) == []
    assert said(town.first) == []


def test_a_disputed_answer_is_the_next_levels(town):
    view = complained(town.office)
    answered(view, town.head)
    voices.dispute(
        view.code, "Loket tetap tutup sampai siang.", request_key=uuid4(), now=at("11:00")
    )
    assert told(town.region) == ["complaint_disputed_up"]
    assert "disanggah" in said(town.region)[0]
    voices.answer(view.id, TEXT, request_key=uuid4(), **by(town.region, "12:00"))
    assert said(town.region) == []


def test_what_is_put_before_the_region_by_hand_is_told_there(town):
    view = complained(town.office)
    voices.escalate(view.id, **by(town.head))
    assert town.told()[1:] == [["complaint_raised"], []]


def test_who_stands_in_for_a_head_in_papua_is_pressed_though_jakarta_has_yesterday(town):
    type(town.office).objects.update(time_zone="Asia/Jayapura")
    town.office.refresh_from_db()
    complained(town.office)
    thursday = MONDAY + timedelta(days=3)
    ill(town.head, town.office, now=at("23:30", thursday))  # half past one on Friday there
    Message.objects.all().delete()
    voices.escalate_due(now=at("23:35", thursday))
    assert told(town.region) == ["complaints_due"]
    assert "Ada 1 pengaduan" in said(town.region)[0]


def test_near_its_date_the_handler_is_pressed_then_each_level_once_with_how_many(town):
    views = [
        complained(town.office, text=f"{TEXT} {word}")
        for word in ("Satpam kasar sekali di pintu.", "Nomor saya hilang.", "Kursi kurang.")
    ]
    Complaint.objects.update(group=None)
    Message.objects.all().delete()
    voices.acknowledge(views[0].id, **by(town.first))
    voices.classify(views[0].id, weight="normative", category="queue", **by(town.first))

    friday = MONDAY + timedelta(days=4)
    for minute in ("00:05", "00:20", "08:00"):
        voices.escalate_due(now=at(minute, friday))
    assert told(town.first) == ["complaints_due"]
    assert told(town.head) == ["complaints_due"]
    assert "Ada 1 pengaduan" in said(town.first)[0]
    assert "Ada 2 pengaduan" in said(town.head)[0]
    assert "Senin, 30 November 2026" in said(town.head)[0]
    assert "/petugas/serang/aduan/" in said(town.head)[0]

    tuesday = friday + timedelta(days=4)
    voices.escalate_due(now=at("00:05", tuesday))
    assert "Ada 3 pengaduan" in said(town.region)[0]
    assert f"/kepala/wilayah/{town.office.region.slug}/aduan/" in said(town.region)[0]
    assert told(town.centre) == []
    voices.escalate_due(now=at("00:05", tuesday + timedelta(days=1)))
    assert told(town.centre) == ["complaints_due"]

    for view in views:
        voices.withdraw(view.code, now=at("09:00", tuesday))
    assert [said(one) for one in (town.first, town.head, town.region, town.centre)] == [[]] * 4


def test_who_muted_complaints_hears_nothing(town):
    messages.mute(town.head.id, [Muted.Topic.COMPLAINTS])
    complained(town.office)
    assert told(town.head) == []


class TestFindings:
    def an_action(self, due_on, *, office=None, region=None):
        code = finding.enter(
            request_key=uuid4(),
            source="Ombudsman RI Perwakilan Banten",
            number="",
            received_on=MONDAY,
            office=office,
            region=region,
            title="Antrean sejak dini hari",
            summary="Orang menginap demi enam puluh nomor.",
            url="",
            actions=[finding.NewAction("Hapus antrean dini hari", "Kepala Cabang", due_on)],
            actor="officer:1",
            now=at("09:00"),
        )
        return CorrectiveAction.objects.get(finding__code=code)

    def test_its_date_is_told_once_when_it_nears_and_once_when_it_is_missed(self, town):
        due_on = MONDAY + timedelta(days=10)
        action = self.an_action(due_on, office=town.office)
        told_on = []
        for n in range(14):
            day = MONDAY + timedelta(days=n)
            before = len(told(town.head))
            for clock in ("08:35", "09:35"):
                voices.remind_actions(now=at(clock, day))
            told_on += [n] * (len(told(town.head)) - before)
        near = next(
            n
            for n in range(14)
            if working_days(MONDAY + timedelta(days=n), due_on, deadlines.calendar_of(town.office))
            <= 3
        )
        assert told_on == [near, 11]
        assert told(town.head) == ["action_due", "action_overdue"]
        assert f"/kepala/temuan/{action.finding.code}/" in said(town.head)[0]
        finding.report_done(
            action.id,
            request_key=uuid4(),
            text="Undian berjalan.",
            url="",
            officer_id=town.head.id,
            now=at("10:00"),
        )
        assert said(town.head) == []

    def test_a_regions_finding_is_its_offices_and_one_on_all_the_centres(self, town):
        self.an_action(MONDAY, region=town.office.region)
        self.an_action(MONDAY)
        voices.remind_actions(now=at("08:35"))
        assert town.told() == [[], ["action_due"], ["action_due"]]
        assert Finding.objects.count() == 2


both = pytest.mark.parametrize("language", ["id", "en"])
every = pytest.mark.parametrize("form", notices.FORMS, ids=lambda form: form.name)


@both
@every
def test_every_message_to_officers_is_one_plain_sms_and_can_be_registered(form, language):
    worst = notices.EXAMPLES | {"brief": place("Kantor Cabang Perintis Tanjung Jabung Timur")}
    short = linked(Known(form, worst, "/petugas/"), language).short
    assert len(short) <= SMS_LETTERS
    assert short.isascii()
    assert short.startswith(form.short[0].spoken(language) % worst)
    body = form.registered(language)
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert set(form.places("id")) == set(form.places("en")) <= notices.EXAMPLES.keys()
