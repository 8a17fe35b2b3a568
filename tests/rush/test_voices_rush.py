"""Many hands at once on opinions, findings, reports from outside and reviews: one of each holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from giliran.core.refusal import Refusal
from giliran.figures import actions as figures
from giliran.figures.models import Alarm, Review
from giliran.journal.models import Event
from giliran.turns import actions as turns
from giliran.voices import actions as voices
from giliran.voices import exchange
from giliran.voices.actions import asking_opinion, finding
from giliran.voices.models import Complaint, CorrectiveAction, Evidence, Finding, Opinion, Remark
from giliran.voices.queries import differences_from_history
from tests.builders import MONDAY, a_walk_in, an_office, an_officer, at, at_counter, walk_in_places

pytestmark = [pytest.mark.rush, pytest.mark.usefixtures("server")]
HANDS = 8
QUEUE = "Kuota antrean habis jam lima pagi padahal loket belum buka."


def at_once(deed) -> list[object]:
    """What each of many hands got: what the deed returned, or the refusal's name."""

    def one(serial: int) -> object:
        try:
            return deed(serial)
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


@pytest.fixture
def office(server):
    return an_office(f"kantor-{uuid4().hex[:8]}")


def complaints(office, n: int) -> list[int]:
    fields = {"channel": "web", "text": QUEUE, "office": office, "category": "queue"}
    made = [voices.complain(request_key=uuid4(), now=at("09:00"), **fields) for _ in range(n)]
    return [one.id for one in made]


def wrong(ids) -> list[str]:
    return [why for number, why in differences_from_history() if number in ids and why]


def test_of_scores_given_at_once_to_one_visit_one_stands_and_stays(office):
    walk_in_places(office)
    officer, counter = at_counter(office)
    turn = a_walk_in(office, "08:10")
    turns.call_next(counter, officer_id=officer.id, now=at("08:20"))
    turns.start(officer_id=officer.id, now=at("08:21"))
    turns.finish(officer_id=officer.id, now=at("08:30"))
    tokens = at_once(lambda _: asking_opinion.ask(turn.id, channel="web", now=at("08:31")))
    assert len(set(tokens)) == 1

    def rate(serial: int) -> tuple[int, str]:
        asking_opinion.rate(tokens[0], 1 + serial % 4, channel=f"web{serial}", now=at("08:40"))
        return Opinion.objects.values_list("score", "replied_by").get(turn_id=turn.id)

    seen = at_once(rate)

    assert len(set(seen)) == 1, "what one hand was shown, another one overwrote"


def test_one_report_from_outside_in_many_files_at_once_is_one_complaint(office):
    head = "id_laporan,tanggal,isi,kategori,kantor\n"
    numbers = [uuid4().hex for _ in range(3)]
    rows = [f'{number},2026-11-20,"{QUEUE}",queue,{office.slug}' for number in numbers]

    def take(serial: int) -> tuple[int, int]:
        # Two hands hold the very same file; the files share reports, in different orders.
        order = rows[serial // 2 % 3 :] + rows[: serial // 2 % 3]
        content = (head + "\n".join(order)).encode()
        return tuple(exchange.take(content, kind="csv", actor="system", now=at("09:00")))

    got = at_once(take)

    assert sum(new for new, _ in got) == len(rows)
    assert all(new + known == len(rows) for new, known in got)
    assert Complaint.objects.filter(external_id__in=numbers).count() == len(rows)


def test_a_group_answered_by_many_at_once_gets_one_answer_each(office):
    ids = complaints(office, 4)
    heads = [an_officer(office, "manager") for _ in range(HANDS)]

    def answer(serial: int) -> object:
        said = {"officer_id": heads[serial].id, "now": at("10:00")}
        if serial % 2:
            return voices.answer_group(
                ids[0], "Kuota ditambah.", request_key=uuid4(), weight="normative", **said
            )
        return voices.acknowledge(ids[serial // 2], **said).state

    got = at_once(answer)

    assert sum(one for one in got if isinstance(one, int)) == len(ids)
    states = set(Complaint.objects.filter(id__in=ids).values_list("state", flat=True))
    assert states == {"answered"}
    answers = Remark.objects.filter(complaint_id__in=ids, kind=Remark.Kind.ANSWER)
    assert sorted(answers.values_list("complaint_id", flat=True)) == sorted(ids)
    assert wrong(ids) == []


def test_answered_while_the_clock_raises_it_the_answer_is_kept(office):
    (complaint_id,) = complaints(office, 1)
    clerk = an_officer(office)
    voices.classify(
        complaint_id, weight="normative", category="queue", officer_id=clerk.id, now=at("09:10")
    )
    late = at("08:00", date(2026, 12, 4))

    def do(serial: int) -> object:
        if serial % 2:
            voices.escalate_due(now=late)
            return "looked"
        said = {"request_key": uuid4(), "officer_id": clerk.id, "now": late}
        return voices.answer(complaint_id, "Kuota ditambah besok.", **said).state

    got = at_once(do)

    assert got.count("answered") <= 1
    assert (Complaint.objects.get(id=complaint_id).state == "answered") == ("answered" in got)
    assert wrong([complaint_id]) == []


def test_of_many_decisions_about_one_task_one_holds(office):
    reporter = an_officer(office, "manager")
    code = finding.enter(
        request_key=uuid4(),
        source="Ombudsman RI Perwakilan Banten",
        number="",
        received_on=MONDAY,
        office=office,
        region=None,
        title="Antrean sejak dini hari",
        summary="Orang menginap demi enam puluh nomor.",
        url="",
        actions=[
            finding.NewAction(
                what="Hapus antrean dini hari", who="Kepala Cabang", due_on=MONDAY, measure=""
            )
        ],
        actor="officer:1",
        now=at("09:00"),
    )
    task = CorrectiveAction.objects.get(finding=Finding.objects.get(code=code))
    finding.report_done(
        task.id,
        request_key=uuid4(),
        text="Undian berjalan sejak 1 November.",
        url="",
        officer_id=reporter.id,
        now=at("10:00"),
    )
    deciders = [an_officer(office, "regional") for _ in range(HANDS)]

    def decide(serial: int) -> str:
        finding.decide(
            task.id,
            request_key=uuid4(),
            is_enough=bool(serial % 2),
            reason="" if serial % 2 else "Fotonya belum ada.",
            officer_id=deciders[serial].id,
            now=at("11:00"),
        )
        return "decided"

    got = at_once(decide)

    assert got.count("decided") == 1
    assert set(got) == {"decided", "NotYetReported"}
    told = Event.objects.filter(
        kind__in=["finding.accept", "finding.reject"], subject_id=task.finding_id
    )
    assert told.count() == 1
    assert Evidence.objects.filter(action=task).count() <= 2


def test_a_review_signed_by_many_at_once_is_signed_once(office):
    review = Review.objects.create(
        office=office,
        span="week",
        first_day=MONDAY - timedelta(days=7),
        last_day=MONDAY - timedelta(days=1),
        made_at=at("05:00"),
        figures={},
    )
    heads = [an_officer(office, "manager") for _ in range(HANDS)]

    def sign(serial: int) -> str:
        figures.sign(
            review.id, comment=f"Kata {serial}", officer_id=heads[serial].id, now=at("09:00")
        )
        return "signed"

    got = at_once(sign)

    assert sorted(set(got)) == ["AlreadySigned", "signed"]
    assert got.count("signed") == 1
    review.refresh_from_db()
    assert review.comment == f"Kata {got.index('signed')}"
    assert review.signed_by_id == heads[got.index("signed")].id


def test_an_alarm_that_many_watchers_see_rings_once_and_one_takes_it(office):
    walk_in_places(office, places=90)
    for minute in range(10):
        a_walk_in(office, f"07:0{minute}")

    at_once(lambda _: figures.watch(now=at("07:10")))

    alarm = Alarm.objects.get(office=office, kind="early_crowd")
    heads = [an_officer(office, "manager") for _ in range(HANDS)]
    at_once(lambda k: figures.take(alarm.id, officer_id=heads[k].id, now=at("07:11")))
    assert Event.objects.filter(kind="alarm.raised", subject_id=alarm.id).count() == 1
    assert Event.objects.filter(kind="alarm.taken", subject_id=alarm.id).count() == 1
