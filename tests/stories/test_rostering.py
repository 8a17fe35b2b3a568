"""A region's week: made by the worker, checked by other code, put in force by its head."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.capacity import actions as capacity
from giliran.capacity import needs, rosters
from giliran.capacity.models import Leave, Loan, Roster, Shift, ShiftWish, Skill
from giliran.capacity.roster_setting import week_of
from giliran.cli import main
from giliran.journal.models import Event
from giliran.offices.models import Region
from tests.builders import MONDAY, a_service, an_office, an_officer, at
from tests.examples import examples

WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
BEFORE = at("08:00", MONDAY - timedelta(days=4))


def a_leave(officer, office, first, last=None, state=Leave.State.APPROVED):
    return Leave.objects.create(
        request_key=uuid4(),
        officer=officer,
        office=office,
        kind=Leave.Kind.ANNUAL,
        first_day=first,
        last_day=last or first,
        state=state,
        asked_at=BEFORE,
        asked_by="officer:1",
    )


def a_draft(region, *, now=BEFORE, seconds=20.0):
    made = capacity.make_roster(region.id, MONDAY, actor="officer:1", now=now)
    return capacity.solve_roster(made.id, now=now, seconds=seconds)


def a_staffed_office(slug="serang", officers=3, **fields):
    office = an_office(slug, **fields)
    return office, [an_officer(office) for _ in range(officers)]


def head_of(office):
    return an_officer(office, "regional")


def in_force(**found):
    return Shift.objects.filter(is_draft=False, cancelled_at__isnull=True, **found)


def test_a_roster_is_asked_for_once_solved_by_the_worker_and_kept_as_a_draft(db):
    office, officers = a_staffed_office()
    first = capacity.make_roster(office.region_id, MONDAY, actor="officer:1", now=BEFORE)
    again = capacity.make_roster(office.region_id, MONDAY, actor="officer:1", now=BEFORE)
    assert again.id == first.id
    solved = capacity.solve_roster(first.id, now=BEFORE, seconds=5)
    assert solved.state == Roster.State.DRAFT
    assert solved.cost >= solved.bound
    assert rosters.gap(solved) is not None
    assert [cost for _, cost, _ in solved.progress] == sorted(
        (cost for _, cost, _ in solved.progress), reverse=True
    )
    assert {row.officer_id for row in rosters.rows(solved.id)} <= {one.id for one in officers}
    assert not in_force().exists()
    assert capacity.solve_roster(first.id, now=BEFORE).cost == solved.cost


def test_a_week_begins_on_monday_and_is_not_over(db):
    office = an_office()
    with pytest.raises(capacity.NotAMonday):
        capacity.make_roster(office.region_id, date(2026, 11, 24), actor="officer:1", now=BEFORE)
    with pytest.raises(capacity.WeekIsOver):
        capacity.make_roster(
            office.region_id, MONDAY, actor="officer:1", now=at("08:00", MONDAY + timedelta(7))
        )


def test_publishing_puts_the_draft_in_force_and_is_recorded_once(db):
    office, _ = a_staffed_office()
    head, draft = head_of(office), a_draft(office.region)
    count = len(rosters.rows(draft.id))
    published = capacity.publish_roster(draft.id, officer_id=head.id, now=BEFORE)
    assert capacity.publish_roster(draft.id, officer_id=head.id, now=BEFORE).id == published.id
    assert published.state == Roster.State.PUBLISHED
    assert in_force(roster=draft).count() == count > 0
    assert Event.objects.filter(kind="roster.publish", subject_id=draft.id).count() == 1
    assert rosters.in_force(office.region_id, MONDAY).id == draft.id


def test_a_draft_that_is_not_solved_or_was_replaced_is_not_put_in_force(db):
    office, _ = a_staffed_office()
    head = head_of(office)
    solving = capacity.make_roster(office.region_id, MONDAY, actor="officer:1", now=BEFORE)
    with pytest.raises(capacity.RosterNotReady):
        capacity.publish_roster(solving.id, officer_id=head.id, now=BEFORE)
    capacity.solve_roster(solving.id, now=BEFORE, seconds=3)
    a_draft(office.region)
    with pytest.raises(capacity.RosterNotReady):
        capacity.publish_roster(solving.id, officer_id=head.id, now=BEFORE)


def test_leave_given_after_the_draft_keeps_it_from_coming_in_force_and_says_who(db):
    office, officers = a_staffed_office()
    head, draft = head_of(office), a_draft(office.region)
    row = rosters.rows(draft.id)[0]
    away = next(one for one in officers if one.id == row.officer_id)
    a_leave(away, office, row.day)
    with pytest.raises(capacity.RosterBreaksRules, match=away.full_name):
        capacity.publish_roster(draft.id, officer_id=head.id, now=BEFORE)
    assert not in_force().exists()


def test_who_is_on_leave_is_put_down_nowhere_and_the_gap_names_the_leave(db):
    office, (ani,) = a_staffed_office(officers=1)
    a_leave(ani, office, MONDAY)
    draft = a_draft(office.region)
    assert {row.day for row in rosters.rows(draft.id)} == set(WEEK[1:5])
    said = [one for one in rosters.sentences(draft) if "23 November 2026" in one]
    assert said
    assert all("Serang" in one and "1 petugas cuti hari itu." in one for one in said)
    assert any("08.00" in one and "WIB" in one for one in said)


def test_a_neighbour_is_lent_where_nobody_else_is_and_the_loan_is_kept(db):
    serang, officers = a_staffed_office(officers=4)
    cilegon = an_office("cilegon", latitude="-6.02", longitude="106.05")
    head, draft = head_of(serang), a_draft(serang.region)
    lent = [row for row in rosters.rows(draft.id) if row.office_id == cilegon.id]
    assert {row.day for row in lent} == set(WEEK[:5])
    assert all(row.is_lent for row in lent)
    assert not Loan.objects.exists()
    capacity.publish_roster(draft.id, officer_id=head.id, now=BEFORE)
    loans = Loan.objects.filter(state=Loan.State.ACCEPTED, home=serang, to=cilegon)
    assert loans.count() == in_force(office=cilegon).count() == len(lent)
    assert {one.asked_by_id for one in loans} == {head.id}
    assert all(0 < one.travel_minutes <= 60 for one in loans)
    assert {one.id for one in officers} >= {one.officer_id for one in loans}


@pytest.mark.parametrize("first_id", [90_336, 90_337, 90_338])
def test_a_second_roster_of_the_week_changes_little_and_cancels_what_it_changes(db, first_id):
    """Whatever numbers the officers have: once these chose who rests when, and two did at once."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE people_officer_id_seq RESTART %s", [first_id])
    office, officers = a_staffed_office(officers=4)
    head = head_of(office)
    first = a_draft(office.region)
    capacity.publish_roster(first.id, officer_id=head.id, now=BEFORE)
    before = {(s.officer_id, s.day, s.kind): s.id for s in in_force()}
    second = a_draft(office.region)
    capacity.publish_roster(second.id, officer_id=head.id, now=BEFORE)
    after = {(s.officer_id, s.day, s.kind): s.id for s in in_force()}
    assert after == before
    assert Roster.objects.get(id=first.id).state == Roster.State.REPLACED

    sick = officers[0]
    a_leave(sick, office, WEEK[2], WEEK[4])
    third = a_draft(office.region)
    capacity.publish_roster(third.id, officer_id=head.id, now=BEFORE)
    assert not in_force(officer=sick, day__gte=WEEK[2]).exists()
    assert in_force().count() == in_force(roster=third).count()


def test_days_that_are_over_stay_as_they_were(db):
    office, _ = a_staffed_office()
    head, first = head_of(office), a_draft(office.region)
    capacity.publish_roster(first.id, officer_id=head.id, now=BEFORE)
    over = set(in_force(day__lt=WEEK[2]).values_list("id", flat=True))
    now = at("06:00", WEEK[2])
    second = a_draft(office.region, now=now)
    capacity.publish_roster(second.id, officer_id=head.id, now=now)
    assert set(in_force(day__lt=WEEK[2]).values_list("id", flat=True)) == over


def test_a_wish_is_followed_where_it_costs_nothing(db):
    office, officers = a_staffed_office(officers=6)
    ShiftWish.objects.create(officer=officers[0], day=WEEK[1], kind="off")
    rows = rosters.rows(a_draft(office.region).id)
    assert (officers[0].id, WEEK[1]) not in {(row.officer_id, row.day) for row in rows}


def test_a_missing_skill_is_named_with_its_service(db):
    office, (ani,) = a_staffed_office(officers=1)
    Skill.objects.create(officer=ani, service=a_service("jht"))
    said = rosters.sentences(a_draft(office.region))
    assert any("Klaim JKM" in one for one in said)


def test_an_office_whose_counters_are_too_few_is_told_that_no_officer_helps(db, monkeypatch):
    office, _ = a_staffed_office(officers=4, counters=1)

    def six(of, day):
        found = real(of, day)
        return found._replace(
            half_hours=tuple(half._replace(officers=6) for half in found.half_hours)
        )

    real = needs.need_of
    monkeypatch.setattr("giliran.capacity.roster_setting.need_of", six)
    assert any("loketnya tidak cukup" in one for one in rosters.sentences(a_draft(office.region)))


def test_nobody_works_more_than_the_law_allows_and_rests_after_four_hours(db):
    """UU 13/2003 Pasal 77 and 79: 40 hours a week, 8 a day, half an hour after four."""
    office, _ = a_staffed_office(officers=2)
    week = week_of(office.region_id, MONDAY, today=MONDAY)
    for duty in week.duties.values():
        serves = sorted(duty.serves)
        for begin in range(len(serves) - 8):
            nine = serves[begin : begin + 9]
            assert nine[-1] - nine[0] > timedelta(hours=4)
        assert len(serves) <= 16
    assert all(worker.most_minutes == 2400 for worker in week.setting.workers)
    friday = [duty for duty in week.duties.values() if duty.day == WEEK[4]]
    assert friday
    assert not any("11:30" <= f"{slot:%H:%M}" < "13:00" for duty in friday for slot in duty.serves)


staffs = st.tuples(st.integers(0, 4), st.integers(0, 3))
absences = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 2)), max_size=4)


@settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(staffs, absences, st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), max_size=3))
def test_whatever_comes_no_roster_in_force_breaks_a_rule_and_each_shortage_is_named(
    db, staff, absences, wishes
):
    with transaction.atomic():
        point = transaction.savepoint()
        serang = an_office("serang")
        cilegon = an_office("cilegon", latitude="-6.02", longitude="106.05", counters=1)
        homes = [serang] * staff[0] + [cilegon] * staff[1]
        officers = [(an_officer(home), home) for home in homes]
        for who, first, length in absences:
            if who < len(officers):
                officer, home = officers[who]
                a_leave(officer, home, WEEK[first], WEEK[min(6, first + length)])
        for who, day in wishes:
            if who < len(officers):
                ShiftWish.objects.get_or_create(
                    officer=officers[who][0], day=WEEK[day], defaults={"kind": "off"}
                )
        draft = a_draft(serang.region, seconds=1)
        head = head_of(serang)
        published = capacity.publish_roster(draft.id, officer_id=head.id, now=BEFORE)

        week = week_of(serang.region_id, MONDAY, today=MONDAY)
        assert rosters.broken_rules(week, in_force()) == []
        named = {
            (lack["office_id"], begins) for lack in published.shorts for begins in _half_hours(lack)
        }
        for office in (serang, cilegon):
            for day in WEEK:
                is_staffed = needs.has_roster(office, day)
                for half in () if is_staffed else needs.need_of(office, day).half_hours:
                    assert not half.officers or (office.id, half.begins) in named
                for short in needs.short_of(office, day):
                    assert (office.id, short.begins) in named
        assert len(rosters.sentences(published)) == len(published.shorts)
        transaction.savepoint_rollback(point)


def _half_hours(lack):
    begins, ends = (datetime.fromisoformat(lack[key]) for key in ("begins", "ends"))
    while begins < ends:
        yield begins
        begins += needs.HALF_HOUR


def test_a_region_without_officers_has_a_roster_that_names_everything(db):
    an_office()
    region = Region.objects.get(slug="banten")
    draft = a_draft(region, seconds=2)
    assert rosters.rows(draft.id) == []
    assert len({lack["day"] for lack in draft.shorts}) == 5


def giliran(*given):
    return CliRunner().invoke(main, ["roster", *given], catch_exceptions=False)


def test_the_console_makes_shows_checks_and_publishes_a_week(db, monkeypatch):
    monkeypatch.setattr("giliran.clock.now", lambda: BEFORE)
    monkeypatch.setattr("giliran.cli.roster.connect", lambda: None)
    office, officers = a_staffed_office()
    head = head_of(office)
    made = giliran("make", "banten", "2026-11-25", "--seconds", "3")
    assert made.exit_code == 0
    assert "at most" in made.stdout
    assert officers[0].full_name in made.stdout
    assert giliran("check", "banten", "2026-11-23").exit_code == 0
    refused = giliran("publish", "banten", "2026-11-23", "--by", officers[0].username)
    assert refused.exit_code == 2
    assert not in_force().exists()
    done = giliran("publish", "banten", "2026-11-23", "--by", head.username)
    assert done.exit_code == 0
    assert in_force().exists()
    assert "published" in giliran("show", "banten", "2026-11-23").stdout
    a_leave(officers[0], office, MONDAY, WEEK[6])
    broken = giliran("check", "banten", "2026-11-23")
    assert broken.exit_code == 1
    assert f"officer {officers[0].id}" in broken.stdout


@pytest.mark.parametrize(
    ("region", "week", "says"),
    [("jawa", "2026-11-23", "banten"), ("banten", "2026-11-30", "giliran roster make")],
)
def test_the_console_says_what_is_known_when_there_is_nothing(db, monkeypatch, region, week, says):
    monkeypatch.setattr("giliran.cli.roster.connect", lambda: None)
    an_office()
    told = giliran("show", region, week)
    assert told.exit_code == 2
    assert says in told.stderr
