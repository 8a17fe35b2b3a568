"""Reviews: made by themselves, honest about chance, agreed on, signed once, and taken along."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from django.db import Error, transaction

from giliran import clock
from giliran.figures import actions as figures
from giliran.figures import reviews
from giliran.figures.models import Agreed, Alarm, CapacityCheck, Cell, Review
from giliran.journal.models import Event
from giliran.web.manager import review_files
from tests.builders import MONDAY, a_walk_in, an_office, an_officer, at, walk_in_places

pytestmark = pytest.mark.django_db
LAST = MONDAY - timedelta(days=7)
"""The week before the tests' Monday."""
USUAL = (88, 91, 90, 86, 93, 89, 87, 92)


def a_week(office, monday: date, *, came: int = 100, kept: int = 90, waits: int = 20) -> None:
    """Write down what a week's journal would add up to."""
    counts = {"came": came, "served": came, "asked": came, "promises": 100, "promises_kept": kept}
    for span in ("day", "week"):
        here = {"span": span, "office_id": office.id, "first": monday}
        Cell.objects.create(
            split="all",
            counts=counts,
            waits={f"{waits + n}s": came // 10 for n in range(10)},
            **here,
        )
        for part, share in (("web", 0.7), ("kiosk", 0.3)):
            told = {"asked": round(came * share)}
            Cell.objects.create(split="channel", part=part, counts=told, **here)


def weeks(office, n: int = 12, **last) -> None:
    """Write down ``n`` usual weeks and the last one."""
    for back in range(n, 0, -1):
        kept = USUAL[back % len(USUAL)]
        came = 90 + 3 * (back % 7)
        a_week(office, LAST - back * timedelta(days=7), came=came, kept=kept, waits=15 + back % 5)
    a_week(office, LAST, **last)


def made(office=None, region=None, *, span="week", first=LAST) -> reviews.ReviewView:
    place = figures.Place(office=office, region=region)
    assert figures.make(place, span, first, now=at("05:10")) is not None
    return reviews.review(span, first, office=office, region=region)


def verdicts(review: reviews.ReviewView) -> dict[str, str]:
    return {one.key: one.verdict for one in review.content.readings}


class TestMaking:
    def test_a_review_comes_by_itself_on_monday_at_five_and_only_once(self):
        office = an_office()
        weeks(office)

        assert figures.make_due(now=at("04:59")) == 0
        assert figures.make_due(now=at("05:00")) == 3, "the office, its region, the centre"
        assert figures.make_due(now=at("06:00")) == 0
        (one,) = Review.objects.filter(office=office, span="week")
        assert (one.first_day, one.last_day) == (LAST, MONDAY - timedelta(days=1))
        assert Event.objects.filter(kind="review.made").count() == 3

    def test_each_office_has_its_own_monday(self):
        far = an_office("jayapura", time_zone="Asia/Jayapura")
        weeks(far)

        figures.make_due(now=at("03:30"))

        assert Review.objects.filter(office=far, span="week").exists()
        assert not Review.objects.filter(office=None).exists()

    def test_a_night_in_which_nothing_ran_is_made_up_for(self):
        office = an_office()
        weeks(office)

        figures.make_due(now=at("10:00", MONDAY + timedelta(days=2)))

        assert Review.objects.filter(office=office, span="week", first_day=LAST).exists()

    def test_on_the_first_of_a_month_the_month_is_reviewed(self):
        office = an_office()
        Cell.objects.create(
            span="month",
            split="all",
            office_id=office.id,
            first=date(2026, 11, 1),
            counts={"came": 400},
        )

        figures.make_due(now=at("05:00", date(2026, 12, 1)))

        one = Review.objects.get(office=office, span="month", first_day=date(2026, 11, 1))
        assert one.last_day == date(2026, 11, 30)

    def test_where_nothing_ever_happened_there_is_nothing_to_review(self):
        an_office()
        assert figures.make_due(now=at("05:00")) == 0

    def test_figures_of_real_turns_arrive_in_the_review(self):
        office = an_office()
        walk_in_places(office)
        for _ in range(3):
            a_walk_in(office)

        review = made(office, first=MONDAY)

        came = next(one for one in review.content.readings if one.key == "came")
        assert came.now.value == 3


class TestHonesty:
    def test_a_usual_week_is_called_usual(self):
        office = an_office()
        weeks(office, came=99, kept=85, waits=18)

        review = made(office)

        assert verdicts(review)["promise_kept"] == "usual"
        assert review.content.unusual == []

    def test_what_is_no_chance_is_named_with_its_usual_range(self):
        office = an_office()
        weeks(office, came=99, kept=40, waits=18)

        review = made(office)

        assert verdicts(review)["promise_kept"] == "low"
        kept = next(one for one in review.content.readings if one.key == "promise_kept")
        assert kept.now.low > 0.6
        assert [one.key for one in review.content.unusual] == ["promise_kept"]

    def test_six_weeks_are_too_few_to_say_anything(self):
        office = an_office()
        weeks(office, n=6, kept=10)

        assert set(verdicts(made(office)).values()) == {"few"}

    def test_weeks_before_the_office_began_do_not_count_as_empty_ones(self):
        office = an_office()
        weeks(office, n=8)

        came = next(one for one in made(office).content.readings if one.key == "came")

        assert len(came.points) == 9

    def test_a_small_office_is_not_blamed_for_what_chance_explains(self):
        small, *rest = (an_office(slug) for slug in ("anyer", "serang", "cilegon", "lebak"))
        a_week(small, LAST, came=10)
        Cell.objects.filter(office_id=small.id, split="all").update(
            counts={"came": 10, "promises": 4, "promises_kept": 2}
        )
        for office in rest:
            a_week(office, LAST, kept=90)

        found = {one.key: one.outside for one in made(region=small.region).content.funnels}

        assert found["promise_kept"] == ()

    def test_a_large_office_that_differs_is_named(self):
        bad, *rest = (an_office(slug) for slug in ("anyer", "serang", "cilegon", "lebak"))
        a_week(bad, LAST, kept=55)
        for office in rest:
            a_week(office, LAST, kept=90)

        found = {one.key: one.outside for one in made(region=bad.region).content.funnels}

        assert [one.office_id for one in found["promise_kept"]] == [bad.id]

    def test_where_something_got_worse_the_capacity_is_checked_as_a_cause(self):
        office = an_office()
        weeks(office, kept=40)
        made(office)
        assert CapacityCheck.objects.get().office_id == office.id
        other = an_office("cilegon")
        weeks(other, came=99, kept=90, waits=18)
        made(other)
        assert CapacityCheck.objects.count() == 1

    def test_alarms_of_the_week_are_counted(self):
        office = an_office()
        weeks(office)
        for day in (LAST, LAST + timedelta(days=1), MONDAY):
            Alarm.objects.create(
                kind="quota_gone", office=office, raised_at=at("09:00", day), over_at=at("10:00")
            )

        assert made(office).content.alarms == (("quota_gone", 2),)


class TestSigning:
    @pytest.fixture
    def office(self):
        office = an_office()
        weeks(office, kept=40)
        return office

    @pytest.fixture
    def head(self, office):
        return an_officer(office, "manager")

    def agree(self, review, head, **changed):
        given = {
            "request_key": uuid4(),
            "what": "Buka loket 4 pada Senin",
            "who": "Kepala pelayanan",
            "due_on": MONDAY + timedelta(days=4),
            "officer_id": head.id,
            "now": at("09:00"),
        }
        return figures.agree(review.id, **(given | changed))

    def test_what_was_agreed_comes_back_next_week_with_its_state(self, office, head):
        review = made(office)
        agreed = self.agree(review, head)
        figures.sign(review.id, comment="Setuju.", officer_id=head.id, now=at("10:00"))
        a_week(office, MONDAY)
        following = made(office, first=MONDAY)
        assert [(one.what, one.state) for one in following.carried] == [(agreed.what, "open")]

        figures.settle(agreed.id, "done", officer_id=head.id, now=at("09:00", date(2026, 11, 27)))

        again = reviews.review("week", MONDAY, office=office)
        assert [one.state for one in again.carried] == ["done"]

    def test_a_signed_review_never_changes(self, office, head):
        review = made(office)
        agreed = self.agree(review, head)
        figures.sign(review.id, comment="Setuju.", officer_id=head.id, now=at("10:00"))

        with pytest.raises(figures.AlreadySigned):
            figures.sign(review.id, comment="Lain.", officer_id=head.id, now=at("11:00"))
        with pytest.raises(figures.AlreadySigned):
            self.agree(review, head)
        for attempt in (
            lambda: Review.objects.filter(id=review.id).update(comment="Lain."),
            lambda: Review.objects.filter(id=review.id).delete(),
            lambda: Agreed.objects.filter(id=agreed.id).update(what="Lain"),
            lambda: Agreed.objects.create(
                review_id=review.id,
                request_key=uuid4(),
                what="a",
                who="b",
                due_on=MONDAY,
                changed_at=at("11:00"),
                changed_by="officer:1",
            ),
        ):
            with pytest.raises(Error, match=r"signed|agreed"), transaction.atomic():
                attempt()
        assert reviews.review("week", LAST, office=office).comment == "Setuju."

    def test_the_same_form_twice_agrees_once(self, office, head):
        review, key = made(office), uuid4()
        first = self.agree(review, head, request_key=key)
        assert self.agree(review, head, request_key=key).id == first.id

    @pytest.mark.parametrize("role", ["officer", "door", "auditor", "regional", "administrator"])
    def test_nobody_but_the_head_signs(self, office, role):
        review, other = made(office), an_officer(office, role)

        with pytest.raises(figures.NotTheHead):
            figures.sign(review.id, comment="Setuju.", officer_id=other.id, now=at("10:00"))
        with pytest.raises(figures.NotTheHead):
            self.agree(review, other)

    def test_each_place_has_its_own_head(self, office, head):
        a_region, centre = made(region=office.region), made()
        regional = an_officer(office, "regional")
        everybody = an_officer(office, "administrator")

        with pytest.raises(figures.NotTheHead):
            figures.sign(a_region.id, comment="Ya.", officer_id=head.id, now=at("10:00"))
        with pytest.raises(figures.NotTheHead):
            figures.sign(centre.id, comment="Ya.", officer_id=regional.id, now=at("10:00"))
        figures.sign(a_region.id, comment="Ya.", officer_id=regional.id, now=at("10:00"))
        figures.sign(centre.id, comment="Ya.", officer_id=everybody.id, now=at("10:00"))

    def test_nothing_is_agreed_for_yesterday_or_without_words(self, office, head):
        review = made(office)
        with pytest.raises(figures.NotAfter):
            self.agree(review, head, due_on=MONDAY - timedelta(days=1))
        with pytest.raises(figures.NothingSaid):
            self.agree(review, head, what="  ")
        with pytest.raises(figures.NothingSaid):
            figures.sign(review.id, comment="", officer_id=head.id, now=at("10:00"))


class TestFiles:
    def test_a_csv_holds_every_period_of_every_figure(self):
        office = an_office()
        weeks(office)
        review = made(office)

        text = review_files.as_csv(review).decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text)))

        assert len(lines) == sum(len(one.points) for one in review.content.readings)
        kept = [line for line in lines if line["measure"] == "promise_kept"]
        assert kept[-1]["value"] == "0.9"
        assert kept[-1]["verdict"] == "usual"

    @pytest.mark.parametrize("text", ["=1+1", "+62", "-3", "@SUM(A1)", "\tx", "\rx"])
    def test_a_typed_formula_stays_text(self, text):
        assert review_files.safe(text) == f"'{text}"
        assert review_files.safe(-3.5) == -3.5

    def test_a_workbook_opens_and_holds_what_was_typed_as_text(self):
        office = an_office()
        weeks(office)
        head = an_officer(office, "manager")
        review = made(office)
        figures.agree(
            review.id,
            request_key=uuid4(),
            what='=HYPERLINK("http://jahat")',
            who="Kepala",
            due_on=MONDAY,
            officer_id=head.id,
            now=at("09:00"),
        )
        review = reviews.review("week", LAST, office=office)

        made_file = review_files.as_xlsx(review, title="Serang", offices={})

        with zipfile.ZipFile(io.BytesIO(made_file)) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            assert len(sheets) == 4
            assert all(b"<f>" not in book.read(name) for name in sheets)
            for name in book.namelist():
                if name.endswith((".xml", ".rels")):
                    ET.fromstring(book.read(name))  # noqa: S314 -- our own file
            assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")


class TestPages:
    @pytest.fixture(autouse=True)
    def at_nine(self, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: at("09:00"))

    @pytest.fixture
    def office(self):
        office = an_office()
        weeks(office, kept=40)
        made(office)
        return office

    def test_one_sentence_comes_first_and_needs_no_statistics(self, client, office):
        client.force_login(an_officer(office, "manager"))
        page = client.get(f"/kepala/serang/tinjauan/pekan-{LAST}/").content.decode()

        assert "angka berubah, dan ini bukan kebetulan. Memburuk: Janji jam ditepati." in page
        assert "Ini naik-turun biasa" in page
        for word in ("sigma", "deviasi", "signifikan", "kendali"):
            assert word not in page

    def test_the_head_agrees_settles_and_signs_on_the_page(self, client, office):
        client.force_login(an_officer(office, "manager"))
        address = f"/kepala/serang/tinjauan/pekan-{LAST}/"
        form = {
            "action": "agree",
            "request_key": str(uuid4()),
            "what": "Buka loket 4",
            "who": "Rina",
            "due_on": "2026-11-27",
        }
        wrong = client.post(address, form | {"who": ""})
        assert wrong.status_code == 422
        assert 'href="#who"' in wrong.content.decode()
        assert client.post(address, form).status_code == 302
        agreed = Agreed.objects.get()
        client.post(address, {"action": "settle", "agreed": agreed.id, "state": "done"})
        page = client.post(address, {"action": "sign", "comment": "Setuju."}, follow=True)
        assert "Ditandatangani" in page.content.decode()
        assert client.post(address, {"action": "sign", "comment": "Lagi"}).status_code == 409

    def test_who_may_read_and_who_may_not(self, client, office):
        address = f"/kepala/serang/tinjauan/pekan-{LAST}/"
        for role, status in (("auditor", 200), ("regional", 200), ("officer", 403), ("door", 403)):
            client.force_login(an_officer(office, role))
            assert client.get(address).status_code == status
        client.force_login(an_officer(office, "regional"))
        assert client.post(address, {"action": "sign", "comment": "Ya"}).status_code == 403
        client.force_login(an_officer(an_office("cilegon"), "manager"))
        assert client.get(address).status_code == 403
        assert client.get("/kepala/cilegon/tinjauan/").status_code == 200

    def test_there_is_no_page_for_a_week_that_was_not_reviewed(self, client, office):
        client.force_login(an_officer(office, "manager"))
        for which in ("pekan-2020-01-06", "pekan-x", "tahun-2026-01-01", f"bulan-{LAST}"):
            assert client.get(f"/kepala/serang/tinjauan/{which}/").status_code == 404

    def test_region_and_centre_have_theirs_with_every_office_in_the_order_of_names(
        self, client, office
    ):
        for slug in ("anyer", "lebak", "malingping", "pandeglang", "rangkas"):
            a_week(an_office(slug), LAST)
        made(region=office.region)
        made()
        client.force_login(an_officer(office, "administrator"))
        for address in ("/kepala/wilayah/banten/tinjauan/", "/kepala/tinjauan/"):
            assert f"pekan-{LAST}" in client.get(address).content.decode()
            page = client.get(f"{address}pekan-{LAST}/").content.decode()
            table = page.partition("menurut abjad")[2]
            assert table.index("Anyer") < table.index("Lebak") < table.index("Serang")
            assert "1 kantor berbeda dari yang lain, dan ini bukan kebetulan: Serang" in page

    @pytest.mark.parametrize(
        ("kind", "begins"), [("csv", b"\xef\xbb\xbfmeasure"), ("xlsx", b"PK"), ("pdf", b"%PDF")]
    )
    def test_files_are_handed_out(self, client, office, kind, begins):
        client.force_login(an_officer(office, "manager"))
        answer = client.get(f"/kepala/serang/tinjauan/pekan-{LAST}/{kind}/")
        assert answer.content.startswith(begins)
        assert f"tinjauan-serang-pekan-{LAST}.{kind}" in answer["Content-Disposition"]
