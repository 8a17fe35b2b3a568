"""Applications and draws over JSON: what is asked comes into the draw, what is wrong is named."""

import gzip
import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from giliran.core import lottery
from giliran.core.recount import differences
from giliran.offices.models import HomeArea
from giliran.turns import actions as turns
from giliran.turns.models import Application, Round, Turn
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
    a_nik,
    a_window,
    an_application,
    an_office,
    at,
    draw_now,
)

pytestmark = pytest.mark.django_db
FILE = "/api/v1/regions/banten/draws/1/file"


@pytest.fixture
def clock(monkeypatch):
    """Say what time it is: nine o'clock on the test's Monday, until told otherwise."""

    def tell(moment):
        monkeypatch.setattr("giliran.clock.now", lambda: moment)

    tell(at("09:00"))
    return tell


@pytest.fixture
def serang(clock):
    return a_drawing_office("serang", places=1, windows=("09:00",))


def post(client, path, body=None, **headers):
    return client.post(
        f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


def get(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def a_request(**fields):
    return {
        "service": "jht",
        "nik": a_nik(),
        "name": "Siti Aminah",
        "offices": ["serang"],
        "any_near": True,
        "request_key": str(uuid4()),
        **fields,
    }


def applied(client, **fields):
    answer = post(client, "applications", a_request(**fields))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_who_applies_is_told_by_when_they_will_know(client, serang):
    a_drawing_office("cilegon")

    told = applied(client, offices=["cilegon", "serang"], halves=["tue-pm", "tue-am"])

    assert told["known_by"] == "2026-11-23T17:00:00+07:00"
    assert told["state"] == "open"
    assert told["offices"] == ["cilegon", "serang"]
    assert told["halves"] == ["tue-pm", "tue-am"]
    assert told["service"] == "jht"
    assert told["credit"] == 0
    stored = Application.objects.get(code=told["code"])
    assert (stored.channel, stored.asked_by) == ("api", "citizen")
    assert len(stored.address_index) == 32


def test_everything_that_can_be_said_is_kept(client, serang):
    HomeArea.objects.create(
        region=serang.region,
        code="36-04-05",
        name="Anyar",
        latitude=Decimal("-6.05"),
        longitude=Decimal("105.92"),
    )

    told = applied(
        client,
        phone="0812 3456 7890",
        home="36-04-05",
        halves=["wed-am"],
        any_near=False,
        time_first=True,
        is_priority=True,
        shown_by="card",
        needs=["wheelchair"],
        stands_by=True,
        notice_hours=6,
    )

    stored = Application.objects.get(code=told["code"])
    assert stored.home.code == "36-04-05"
    assert (stored.prefers, stored.any_near, stored.halves) == ("time", False, ["wed-am"])
    assert (stored.is_priority, stored.shown_by, stored.needs) == (True, "card", ["wheelchair"])
    assert (stored.stands_by, stored.notice_hours) == (True, 6)
    # Whoever sees the code on a slip of paper learns neither name nor home from it.
    page = json.dumps(get(client, f"applications/{told['code']}"))
    assert "Siti" not in page
    assert "36-04-05" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nik": "123"}, "nik"),
        ({"name": "   "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"offices": "serang"}, "offices"),
        ({"offices": []}, "offices"),
        ({"offices": ["serang", "serang"]}, "offices"),
        ({"offices": ["atlantis"]}, "offices"),
        ({"offices": ["se\x00rang"]}, "offices"),
        ({"offices": [7]}, "offices"),
        ({"halves": "tue-am"}, "halves"),
        ({"halves": ["tue-night"]}, "halves"),
        ({"halves": ["tue-am", "tue-am"]}, "halves"),
        ({"home": "99-99-99"}, "home"),
        ({"home": 3}, "home"),
        ({"any_near": "yes"}, "any_near"),
        ({"time_first": 1}, "time_first"),
        ({"is_priority": True}, "shown_by"),
        ({"is_priority": True, "shown_by": "shouting"}, "shown_by"),
        ({"needs": ["crown"]}, "needs"),
        ({"stands_by": "no"}, "stands_by"),
        ({"notice_hours": 0}, "notice_hours"),
        ({"notice_hours": "3"}, "notice_hours"),
        ({"request_key": "once"}, "request_key"),
    ],
)
def test_a_wrong_field_is_named_and_nobody_is_in_the_draw(client, serang, wrong, field):
    answer = post(client, "applications", a_request(**wrong))

    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["sentence"]
    assert not Application.objects.exists()


def test_what_is_no_list_at_all_or_unknown_is_refused(client, serang):
    assert post(client, "applications", ["serang"]).status_code == 400
    assert post(client, "applications", a_request(service="xyz")).status_code == 404
    assert post(client, "applications", a_request(together_with="K7QM3XPA")).status_code == 404
    assert client.get("/api/v1/applications").status_code == 405
    assert client.get("/api/v1/applications/K7QM3XPA").status_code == 404
    assert client.get("/api/v1/applications/k").status_code == 422


def test_the_same_request_twice_is_one_application_and_one_answer(client, serang):
    asked = a_request()

    first, again = (post(client, "applications", asked) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Application.objects.count() == 1


def test_a_second_application_or_one_beside_a_turn_is_refused(client, serang):
    asked = a_request()
    applied(client, **asked)
    turn_holder = a_nik()
    a_booking(a_window(serang), nik=turn_holder)

    again = post(client, "applications", {**asked, "request_key": str(uuid4())})
    beside = post(client, "applications", a_request(nik=turn_holder))

    assert (again.status_code, again.json()["refusal"]) == (409, "already_applied")
    assert (beside.status_code, beside.json()["refusal"]) == (409, "already_has_turn")


def test_where_nothing_is_drawn_nobody_applies(client, clock):
    an_office("serang")

    answer = post(client, "applications", a_request())

    assert (answer.status_code, answer.json()["refusal"]) == (409, "no_draw_here")
    assert get(client, "regions") == {"regions": []}
    assert client.get("/api/v1/regions/banten").status_code == 404


def test_one_net_address_applies_only_so_often(client, serang, monkeypatch):
    monkeypatch.setattr("giliran.turns.actions.applying.OF_AN_ADDRESS", 2)
    for _ in range(2):
        applied(client)

    answer = post(client, "applications", a_request())

    assert (answer.status_code, answer.json()["refusal"]) == (409, "too_many_from_here")
    from_elsewhere = client.post(
        "/api/v1/applications",
        json.dumps(a_request()),
        content_type="application/json",
        REMOTE_ADDR="192.0.2.7",
    )
    assert from_elsewhere.status_code == 201


def test_wishes_can_be_changed_and_withdrawn_until_closing(client, serang):
    code = applied(client)["code"]

    changed = post(
        client, f"applications/{code}/change", {"offices": ["serang"], "halves": ["tue-am"]}
    )
    withdrawn = post(client, f"applications/{code}/withdraw")
    too_late = post(client, f"applications/{code}/withdraw")

    assert changed.json()["halves"] == ["tue-am"]
    assert changed.json()["any_near"] is False
    assert (withdrawn.json()["state"], withdrawn.json()["known_by"]) == ("withdrawn", None)
    assert (too_late.status_code, too_late.json()["refusal"]) == (409, "not_open_any_more")


def test_while_the_draw_is_running_nothing_can_be_changed_and_its_result_is_awaited(
    client, serang, clock
):
    code = applied(client)["code"]
    opened = Round.objects.get()
    turns.seal_round(opened.id, now=at("17:00"))
    clock(at("17:01"))

    refused = post(client, f"applications/{code}/withdraw")

    assert (refused.status_code, refused.json()["refusal"]) == (409, "draw_is_running")
    assert get(client, f"applications/{code}")["known_by"] == "2026-11-23T17:00:00+07:00"


def test_who_comes_after_closing_is_told_the_next_day(client, serang, clock):
    applied(client)
    clock(at("17:01"))
    before_sealing = applied(client)
    turns.seal_round(Round.objects.get().id, now=at("17:01"))
    after_sealing = applied(client)

    assert before_sealing["known_by"] == after_sealing["known_by"] == "2026-11-24T17:00:00+07:00"


def test_who_asked_just_before_the_sealing_opens_no_second_round_of_the_day(client, serang, clock):
    """The clock was read before the round was sealed: that round would have had no places."""
    applied(client)
    turns.seal_round(Round.objects.get().id, now=at("17:00"))
    clock(at("16:59:59"))

    told = applied(client)

    assert told["known_by"] == "2026-11-24T17:00:00+07:00"
    assert [r.closes_at for r in Round.objects.order_by("serial")] == [
        at("17:00"),
        at("17:00", MONDAY + timedelta(days=1)),
    ]


def test_who_wins_has_a_turn_and_can_decline_it_once(client, serang, clock):
    code = applied(client)["code"]
    draw_now(serang.region)
    clock(at("18:00"))

    placed = get(client, f"applications/{code}")

    assert placed["state"] == "placed"
    assert (placed["known_by"], placed["estimate"]) == (None, None)
    assert placed["turn"]["office"] == "serang"
    assert placed["turn"]["code"] == Turn.objects.get().code
    assert placed["rounds"] == [
        {
            "serial": 1,
            "closes_at": "2026-11-23T17:00:00+07:00",
            "state": "drawn",
            "credit": 0,
            "won": {
                "office": "serang",
                "from": "2026-11-24T09:00:00+07:00",
                "till": "2026-11-24T09:30:00+07:00",
            },
        }
    ]

    back = post(client, f"applications/{code}/decline").json()
    again = post(client, f"applications/{code}/decline")

    assert (back["state"], back["turn"]) == ("open", None)
    assert back["known_by"] == "2026-11-24T17:00:00+07:00"
    assert (again.status_code, again.json()["refusal"]) == (409, "nothing_to_decline")


def test_who_loses_sees_the_credit_and_an_honest_latest_date(client, serang, clock):
    codes = [applied(client)["code"] for _ in range(3)]
    draw_now(serang.region)
    clock(at("18:00"))

    states = [get(client, f"applications/{code}") for code in codes]

    lost = [one for one in states if one["state"] == "open"]
    assert len(lost) == 2
    for one in lost:
        assert one["credit"] == 1
        assert one["rounds"][0]["won"] is None
        assert one["estimate"] is None or one["estimate"]["served_by"] > "2026-11-24"
        assert one["known_by"] == "2026-11-24T17:00:00+07:00"


def test_a_family_is_drawn_together(client, clock):
    office = a_drawing_office("serang", places=2, windows=("09:00",))
    first = applied(client)
    second = applied(client, service="jkm", together_with=first["code"])
    draw_now(office.region)

    won = [get(client, f"applications/{one['code']}")["turn"] for one in (first, second)]
    assert [turn["service"] for turn in won] == ["jht", "jkm"]
    assert won[0]["from"] == won[1]["from"]


def test_a_person_can_prove_that_they_stood_in_the_list(client, serang):
    nik = a_nik()
    code = applied(client, nik=nik)["code"]
    for _ in range(4):
        an_application(serang)
    draw_now(serang.region)

    proof = get(client, f"applications/{code}/proofs/1")

    file = get(client, "regions/banten/draws/1/file")
    mine = file["applications"][proof["leaf"] - 1]
    assert mine["id"] == proof["id"]
    assert lottery.pseudonym(bytes.fromhex(proof["salt"]), nik, "jht").hex() == proof["id"]
    assert lottery.proof_holds(
        lottery.leaf_hash(lottery.canonical(mine)),
        proof["leaf"],
        proof["leaves"],
        [bytes.fromhex(node) for node in proof["path"]],
        bytes.fromhex(proof["root"]),
    )
    assert client.get(f"/api/v1/applications/{code}/proofs/2").status_code == 404
    assert client.get(f"/api/v1/applications/{code}/proofs/{10**12}").status_code == 404


def test_a_region_says_how_it_draws(client, serang):
    [region] = get(client, "regions")["regions"]

    assert region["slug"] == "banten"
    assert region["draw_at"] == "17:00"
    assert region["next_closing"] == "2026-11-23T17:00:00+07:00"
    assert region["rule"] == "2026-1"
    assert region["reserves"] == [
        {"kind": "priority", "percent": 15},
        {"kind": "far", "percent": 10},
        {"kind": "offline", "percent": 15},
    ]
    whole = get(client, "regions/banten")
    assert whole["offices"] == ["serang"]
    assert whole["homes"] == []
    assert "tue-am" in whole["halves"]


def test_every_round_is_public_with_its_root_and_its_counts(client, serang):
    for _ in range(3):
        an_application(serang)
    drawn = draw_now(serang.region)

    newest, oldest = get(client, "regions/banten/draws")["draws"]

    assert (newest["serial"], newest["state"], newest["root"]) == (2, "open", None)
    assert oldest == get(client, "regions/banten/draws/1")
    assert oldest["root"] == drawn.root
    assert (oldest["applications"], oldest["places"], oldest["placed"]) == (3, 1, 1)
    assert oldest["beacon"]["kind"] == "reveal"
    assert client.get("/api/v1/regions/banten/draws/9").status_code == 404
    assert client.get("/api/v1/regions/atlantis/draws").status_code == 404


def test_the_file_can_be_recounted_and_never_changes_once_drawn(client, serang):
    for _ in range(3):
        an_application(serang)
    assert turns.open_round(serang.region, now=at("09:00")).serial == 1
    assert client.get(FILE).status_code == 404
    turns.seal_round(Round.objects.get().id, now=at("17:00"))
    sealed = client.get(FILE)
    turns.keep_rounds(serang.region, fetch=lambda _: None, now=at("17:01"))

    drawn = client.get(FILE, headers={"If-None-Match": sealed["ETag"]})

    assert sealed["Cache-Control"] == "no-cache"
    assert "result" not in sealed.json()
    assert drawn.status_code == 200
    assert drawn["Cache-Control"] == "public, max-age=31536000, immutable"
    assert differences(drawn.json(), root=Round.objects.get(serial=1).root) == []
    again = client.get(FILE, headers={"If-None-Match": drawn["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == drawn["Cache-Control"]


def test_who_takes_gzip_gets_the_file_as_it_is_stored(client, serang):
    an_application(serang)
    drawn = draw_now(serang.region)

    plain = client.get(FILE, headers={"Accept-Encoding": "br"})
    packed = client.get(FILE, headers={"Accept-Encoding": "br, gzip"})

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert packed.content == bytes(drawn.file)
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
