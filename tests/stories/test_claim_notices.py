"""Who is told that claims near or miss their legal date: each level once, one message for all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from giliran.claims import actions as claims
from giliran.claims import notices
from giliran.claims.models import Claim
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.messages import actions as messages
from giliran.messages.models import Message, Muted
from giliran.messages.spoken import place
from giliran.messages.wording import Known, linked
from giliran.offices.models import Region
from tests.builders import MONDAY, a_complete_claim, an_office, an_officer, at
from tests.stories.test_leave import ill
from tests.telephones import reached, said, told

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)  # a working day before what was complete on Monday is due
TUESDAY = MONDAY + timedelta(days=8)  # the day after it was due
WEDNESDAY = TUESDAY + timedelta(days=1)


def a_head(office, role="manager"):
    return reached(an_officer(None if role == "administrator" else office, role))


def due_on_monday(office, number=1) -> list[Claim]:
    """Return claims that were complete on the first Monday and are due on the next."""
    made = [a_complete_claim(office) for _ in range(number)]
    for one in made:
        assert one.due_on == date(2026, 11, 30)
    return made


def warn(clock, day):
    return claims.warn_due(now=at(clock, day))


def test_fifty_claims_of_one_morning_are_one_message_with_their_number_and_earliest_date():
    office = an_office()
    head, region = a_head(office), a_head(office, "regional")
    ones = due_on_monday(office, 12)
    assert [warn(clock, FRIDAY) for clock in ("00:05", "00:20", "06:50")] == [12, 0, 0]
    assert told(head) == ["claims_due"]
    [text] = said(head)
    assert "Ada 12 klaim di Serang" in text
    assert "Senin, 30 November 2026" in text
    assert "/petugas/serang/klaim/" in text
    assert all(one.code not in text for one in ones)
    assert Message.objects.get().due_at == at("07:00", FRIDAY)
    assert told(region) == []


def test_each_level_is_told_when_it_is_warned_and_not_again():
    office = an_office()
    head, region, centre = (
        a_head(office, role) for role in ("manager", "regional", "administrator")
    )
    due_on_monday(office, 2)
    for day in (FRIDAY, FRIDAY + timedelta(days=3), TUESDAY, WEDNESDAY):
        for clock in ("00:05", "12:00"):
            warn(clock, day)
    assert (told(head), told(region), told(centre)) == (["claims_due"],) * 3
    assert [each.made_at for each in Message.objects.order_by("id")] == [
        at("00:05", day) for day in (FRIDAY, TUESDAY, WEDNESDAY)
    ]
    assert f"/kepala/wilayah/{office.region.slug}/klaim/" in said(region)[0]
    assert "/kepala/klaim/" in said(centre)[0]


def test_what_was_decided_meanwhile_is_not_counted_and_nothing_is_said_of_nothing():
    office = an_office()
    head = a_head(office)
    first, second = due_on_monday(office, 2)
    warn("00:05", FRIDAY)
    Claim.objects.filter(id=first.id).update(state="closed")
    assert "Ada 1 klaim" in said(head)[0]
    Claim.objects.filter(id=second.id).update(state="closed")
    assert said(head) == []


def test_a_claim_warned_of_by_day_is_told_then_after_the_mornings():
    office = an_office()
    head = a_head(office)
    due_on_monday(office)
    warn("00:05", FRIDAY)
    a_complete_claim(office, now=at("09:00", MONDAY))
    warn("10:00", FRIDAY)
    assert told(head) == ["claims_due"] * 2


def test_another_offices_head_hears_nothing_and_the_region_only_of_its_own():
    office = an_office()
    far = an_office("bandung", region=Region.objects.create(slug="jabar", name="Kanwil Jabar"))
    other = an_office("cilegon")
    theirs, region, elsewhere = a_head(other), a_head(office, "regional"), a_head(far, "regional")
    due_on_monday(office)
    due_on_monday(far)
    warn("00:05", TUESDAY)
    assert told(theirs) == []
    assert "Ada 1 klaim di Serang" in said(region)[0]
    assert "Ada 1 klaim di Bandung" in said(elsewhere)[0]


def test_where_the_head_is_away_the_region_is_told_with_the_office():
    office = an_office()
    head, region = a_head(office), a_head(office, "regional")
    due_on_monday(office)
    ill(head, office, now=at("00:01", FRIDAY))
    Message.objects.all().delete()
    warn("00:05", FRIDAY)
    assert told(head) == told(region) == ["claims_due"]
    assert "Ada 1 klaim" in said(region)[0]


def test_who_stands_in_for_a_head_in_papua_is_told_though_jakarta_has_yesterday():
    office = an_office(time_zone="Asia/Jayapura")
    head, region = a_head(office), a_head(office, "regional")
    due_on_monday(office)
    ill(head, office, now=at("23:30", FRIDAY - timedelta(days=1)))  # half past one there
    Message.objects.all().delete()
    warn("23:35", FRIDAY - timedelta(days=1))
    assert told(head) == told(region) == ["claims_due"]
    assert "Ada 1 klaim" in said(region)[0]


def test_who_muted_claims_hears_nothing():
    office = an_office()
    head = a_head(office)
    messages.mute(head.id, [Muted.Topic.CLAIMS])
    due_on_monday(office)
    warn("00:05", FRIDAY)
    assert told(head) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_message_is_one_plain_sms_and_can_be_registered(language):
    worst = notices.EXAMPLES | {
        "brief": place("Kantor Cabang Perintis Tanjung Jabung Timur"),
        "count": "1000",
    }
    short = linked(Known(notices.DUE, worst, "/petugas/"), language).short
    assert len(short) <= SMS_LETTERS
    assert short.isascii()
    assert short.startswith(notices.DUE.short[0].spoken(language) % worst)
    body = notices.DUE.registered(language)
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert set(notices.DUE.places("id")) == set(notices.DUE.places("en"))
