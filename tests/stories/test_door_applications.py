"""The door where places are drawn: who comes without a turn is registered, found again and told."""

from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.journal.models import Event
from giliran.offices.models import HomeArea, Office, Region
from giliran.turns import actions as turns
from giliran.turns.models import Application, Turn
from giliran.turns.queries import turned_away
from giliran.web.counter import receipt
from giliran.web.kiosk.printing import PrinterUnreachable
from tests.builders import (
    MONDAY,
    a_drawing_office,
    a_kiosk,
    a_nik,
    a_service,
    a_window,
    an_application,
    an_office,
    an_officer,
    at,
    at_counter,
    draw_now,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
DOOR = "/petugas/serang/pintu/"
APPLY = f"{DOOR}permohonan/"
TELL = f"{DOOR}kabar/"


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def logged_in(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def at_the_door(role: str = "door", **fields):
    office = a_drawing_office(**fields)
    return logged_in(an_officer(office, role)), office


def a_form(office, **fields):
    """Return the form as the clerk sends it with a name and a NIK and nothing else changed."""
    return {
        "action": "apply",
        "request_key": str(uuid4()),
        "service": a_service().id,
        "nik": a_nik(),
        "name": "Budi Santoso",
        "first": office.id,
        "any_near": "1",
        "notice_hours": "3",
        **fields,
    }


def turn_away(client: Client, key, why: str = "no_number", **extra):
    form = {"action": "turn_away", "service": a_service().id, "why": why, "request_key": key}
    return client.post(DOOR, form, **extra)


def told_by_staff(office, **fields) -> Application:
    return an_application(office, any_near=True, channel="clerk", **fields)


# ---- turned away


def test_who_is_turned_away_twice_by_one_form_is_counted_once():
    client, office = at_the_door()
    key = uuid4()

    turn_away(client, key)
    turn_away(client, key)
    turn_away(client, uuid4())

    assert turned_away(office.id, day=MONDAY) == 2


def test_who_is_turned_away_where_places_are_drawn_goes_on_to_an_application():
    client, _ = at_the_door()

    page = turn_away(client, uuid4(), follow=True)

    assert page.request["PATH_INFO"] == APPLY
    assert f'value="{a_service().id}" selected' in page.content.decode()
    assert "Senin, 23 November 2026 pukul 17.00 WIB" in page.content.decode()


def test_a_place_on_sale_comes_before_the_draw():
    client, office = at_the_door()
    a_window(office, "13:00")

    page = turn_away(client, uuid4(), follow=True)

    assert page.request["PATH_INFO"] == f"{DOOR}janji/"
    assert APPLY in page.content.decode()


def test_another_system_at_the_door_counts_one_request_once(client):
    office = an_office()
    walk_in_places(office, places=0)
    kiosk = a_kiosk(office)
    body = {"service": "jht", "request_key": str(uuid4())}

    for _ in range(2):
        answer = client.post(
            "/api/v1/offices/serang/tickets",
            body,
            content_type="application/json",
            headers={"X-Kiosk-Token": kiosk.token},
        )

    assert answer.status_code == 409
    assert turned_away(office.id, day=MONDAY) == 1


@pytest.mark.parametrize("step", ["layanan", "ambil"])
def test_a_kiosk_counts_one_touch_once_however_often_it_is_sent(step):
    office = a_drawing_office()
    walk_in_places(office, places=0)
    kiosk = a_kiosk(office)
    touch = {"langkah": step, "layanan": "jht", "prioritas": "tidak", "request_key": uuid4()}

    for _ in range(2):
        page = Client().post(f"/kios/{kiosk.token}/", touch)

    assert page.status_code == 409
    assert turned_away(office.id, day=MONDAY) == 1
    assert "testserver/ajukan" in page.content.decode()


def test_a_kiosk_with_a_place_on_sale_says_nothing_of_the_draw():
    office = a_drawing_office()
    walk_in_places(office, places=0)
    a_window(office, "13:00")
    touch = {"langkah": "layanan", "layanan": "jht", "request_key": uuid4()}

    page = Client().post(f"/kios/{a_kiosk(office).token}/", touch).content.decode()

    assert "13.00–13.30 WIB" in page
    assert "testserver/ajukan" not in page


# ---- registered


def test_a_clerk_registers_somebody_and_hands_over_a_code():
    client, office = at_the_door()

    page = client.post(APPLY, a_form(office), follow=True)

    made = Application.objects.get()
    assert (made.channel, made.state, made.is_broad) == ("clerk", "open", True)
    assert made.office_ids == [office.id]
    assert f"{made.code[:4]}-{made.code[4:]}" in page.content.decode()
    assert "Senin, 23 November 2026, 17.00 WIB" in page.content.decode()
    assert "Budi" not in page.content.decode()


def test_a_booth_registers_under_its_own_channel():
    client, office = at_the_door(kind=Office.Kind.MPP_BOOTH)

    client.post(APPLY, a_form(office))

    assert Application.objects.get().channel == "booth"


def test_a_booth_without_that_service_registers_for_an_office_that_has_it():
    branch = a_drawing_office()
    booth = an_office("gerai", kind=Office.Kind.MPP_BOOTH)
    client = logged_in(an_officer(booth, "door"))
    form = a_form(booth, service=a_service("pmi", "P").id)
    branch.counters.first().services.add(a_service("pmi", "P"))

    refused = client.post("/petugas/gerai/pintu/permohonan/", form)
    client.post("/petugas/gerai/pintu/permohonan/", {**form, "first": branch.id})

    assert refused.status_code == 409
    assert "pilih kantor lain" in refused.content.decode()
    assert Application.objects.get().office_ids == [branch.id]


def test_everything_that_is_ticked_is_in_the_application():
    client, office = at_the_door()
    other = an_office("cilegon")
    home = HomeArea.objects.create(
        region=office.region, code="36-01-05", name="Anyer", latitude="-6.05", longitude="105.93"
    )

    client.post(
        APPLY,
        a_form(
            office,
            phone="0812 3456 7890",
            is_priority="1",
            shown_by="letter",
            needs=["wheelchair", "nonsense"],
            home=home.id,
            also=[other.id, "", "", ""],
            halves=["thu-pm", "mon-am"],
            prefers="time",
            stands_by="1",
            notice_hours="12",
        ),
    )

    made = Application.objects.get()
    assert made.office_ids == [office.id, other.id]
    assert (made.is_priority, made.shown_by, made.needs) == (True, "letter", ["wheelchair"])
    assert (made.home_id, made.halves, made.prefers) == (home.id, ["thu-pm", "mon-am"], "time")
    assert (made.stands_by, made.notice_hours, made.is_broad) == (True, 12, False)
    assert made.phone_index


def test_one_form_sent_twice_makes_one_application_and_the_next_person_another():
    client, office = at_the_door()
    form = a_form(office)

    client.post(APPLY, form)
    client.post(APPLY, form)
    client.post(APPLY, {**form, "nik": a_nik(), "name": "Siti"})

    assert Application.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nik", "123", "NIK harus 16 angka"),
        ("name", "", "field-name"),
        ("phone", "12", "Nomor telepon tidak dikenali"),
        ("service", "", "Pilih keperluan dulu"),
        ("service", "9" * 30, "Pilih keperluan dulu"),
        ("first", "x", "field-offices"),
        ("first", "9" * 30, "field-offices"),
        ("home", "9" * 30, "field-home"),
        ("halves", "mon-night", "field-halves"),
        ("notice_hours", "99", "field-notice_hours"),
        ("notice_hours", "soon", "field-notice_hours"),
        ("notice_hours", "9" * 5000, "field-notice_hours"),
        ("is_priority", "1", "field-shown_by"),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(field, value, said):
    client, office = at_the_door()

    answer = client.post(APPLY, a_form(office, **{"name": "Budi Santoso", field: value}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert field == "name" or 'value="Budi Santoso"' in page
    assert not Application.objects.exists()


def test_all_that_is_wrong_with_the_person_is_said_at_once():
    client, office = at_the_door()

    page = client.post(APPLY, a_form(office, nik="1", name="", phone="x", service=""))

    for field in ("service", "nik", "name", "phone"):
        assert f'href="#field-{field}"' in page.content.decode()


@pytest.mark.parametrize("action", ["", "fly", "change"])
def test_a_senseless_button_changes_nothing(action):
    client, office = at_the_door()

    answer = client.post(APPLY, {**a_form(office), "action": action})

    assert answer.status_code == 404
    assert not Application.objects.exists()


def test_an_office_that_does_not_draw_says_so():
    office = an_office()
    client = logged_in(an_officer(office, "door"))

    answer = client.post(APPLY, a_form(office))

    assert answer.status_code == 409
    assert not Application.objects.exists()
    assert APPLY not in client.get(DOOR).content.decode()


@pytest.mark.parametrize("path", [APPLY, TELL])
def test_another_offices_pages_stay_shut(path):
    a_drawing_office()
    other = an_office("cilegon")

    assert logged_in(an_officer(other, "manager")).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_the_receipt_is_for_the_officer_who_made_it():
    client, office = at_the_door()
    client.post(APPLY, a_form(office))
    colleague = logged_in(an_officer(office, "door"))
    made = Application.objects.get()

    assert client.get(f"{APPLY}?permohonan={made.id}").status_code == 200
    assert colleague.get(f"{APPLY}?permohonan={made.id}").status_code == 404
    assert made.code not in colleague.get(f"{APPLY}?permohonan={made.id}").content.decode()


def test_the_receipt_comes_out_of_a_kiosks_printer(monkeypatch):
    client, office = at_the_door()
    kiosk = a_kiosk(office, printer="192.0.2.1:9100", paper_mm=58)
    client.post(APPLY, a_form(office))
    made = Application.objects.get()
    sent = []
    monkeypatch.setattr(receipt, "send", lambda paper, printer, _: sent.append((paper, printer)))

    page = client.post(
        APPLY, {"action": "print", "application": made.id, "kiosk": kiosk.id}, follow=True
    )

    [(paper, printer)] = sent
    assert printer == "192.0.2.1:9100"
    assert f"{made.code[:4]}-{made.code[4:]}".encode() in paper
    assert b"17.00 WIB" in paper
    assert f"/p/{made.code}/".encode() in paper
    assert b"Budi" not in paper
    assert "Dicetak di printer tiket." in page.content.decode()


def test_a_printer_that_does_not_answer_is_said_and_the_code_stays_on_the_screen(monkeypatch):
    client, office = at_the_door()
    kiosk = a_kiosk(office, printer="192.0.2.1")
    client.post(APPLY, a_form(office))
    made = Application.objects.get()

    def silent(*_: object) -> None:
        raise PrinterUnreachable(printer="192.0.2.1")

    monkeypatch.setattr(receipt, "send", silent)
    form = {"action": "print", "application": made.id, "kiosk": kiosk.id}
    page = client.post(APPLY, form)

    assert page.status_code == 409
    assert "Printer tiket di 192.0.2.1 tidak menjawab" in page.content.decode()
    assert f"{made.code[:4]}-{made.code[4:]}" in page.content.decode()
    assert client.post(APPLY, {**form, "kiosk": "x"}).status_code == 404


# ---- found by NIK


def test_who_has_applied_before_is_found_and_not_registered_twice():
    client, office = at_the_door()
    nik = a_nik()
    made = an_application(office, nik=nik)

    refused = client.post(APPLY, a_form(office, nik=nik))
    found = client.post(DOOR, {"action": "find", "nik": nik}).content.decode()

    assert refused.status_code == 409
    assert "Lihat yang sudah tercatat untuk NIK ini" in refused.content.decode()
    assert f"{made.code[:4]}-{made.code[4:]}" in found
    assert "Undian berikutnya Senin, 23 November 2026 pukul 17.00 WIB" in found
    assert "Siti" not in found


def test_every_look_at_an_application_is_recorded_once_for_each_officer():
    client, office = at_the_door()
    nik = a_nik()
    made = an_application(office, nik=nik)

    for _ in range(3):
        client.post(DOOR, {"action": "find", "nik": nik})

    looks = Event.objects.filter(kind="person.seen", subject_id=made.citizen_id)
    assert [look.data for look in looks] == [{"application": made.id, "what": "search"}]


def test_the_last_draw_is_told_to_who_asks_with_a_nik(monkeypatch):
    client, office = at_the_door(places=1, windows=("09:00",))
    made = {told_by_staff(office, nik=nik).id: nik for nik in (a_nik(), a_nik())}
    draw_now(office.region)
    monkeypatch.setattr(clock, "now", lambda: at("18:00"))
    loser = Application.objects.get(state="open")

    page = client.post(DOOR, {"action": "find", "nik": made[loser.id]}).content.decode()

    assert "Undian 23 November 2026: belum mendapat tempat." in page
    assert "Poin tunggu: 1." in page


def test_a_clerk_withdraws_for_somebody_of_the_region_only():
    client, office = at_the_door()
    mine = an_application(office)

    answer = client.post(DOOR, {"action": "withdraw", "who": mine.id}, follow=True)

    mine.refresh_from_db()
    assert mine.state == "withdrawn"
    assert "ditarik" in answer.content.decode()
    assert Event.objects.get(kind="application.withdraw").actor.startswith("officer:")
    assert client.post(DOOR, {"action": "withdraw", "who": mine.id}).status_code == 409
    for nobody in ("", "x", "999999", "9" * 40):
        assert client.post(DOOR, {"action": "withdraw", "who": nobody}).status_code == 404


def test_a_clerk_changes_what_somebody_asks_for_and_their_ranking_stays():
    client, office = at_the_door()
    made = an_application(office, halves=("thu-pm", "mon-am"), is_priority=True)

    form = client.get(f"{APPLY}?ubah={made.id}").content.decode()
    client.post(
        APPLY,
        {
            "action": "change",
            "application": made.id,
            "first": office.id,
            "halves": ["mon-am", "wed-am", "thu-pm"],
            "notice_hours": "3",
        },
    )

    made.refresh_from_db()
    assert 'value="thu-pm" checked' in form
    assert 'value="sight" checked' in form
    assert 'name="nik"' not in form
    assert (made.halves, made.is_priority) == (["thu-pm", "mon-am", "wed-am"], False)


def test_a_change_that_is_refused_stays_a_change():
    client, office = at_the_door()
    made = an_application(office)
    turns.withdraw(made.id, actor="citizen", now=at("09:00"))

    answer = client.post(
        APPLY,
        {"action": "change", "application": made.id, "first": office.id, "notice_hours": "3"},
    )

    assert answer.status_code == 409
    assert 'name="nik"' not in answer.content.decode()


def test_an_application_of_another_region_is_out_of_reach():
    client, _ = at_the_door()
    far = a_drawing_office("gresik", region=Region.objects.create(slug="jatim", name="Jatim"))
    made = an_application(far)

    assert client.get(f"{APPLY}?ubah={made.id}").status_code == 404
    assert client.post(DOOR, {"action": "withdraw", "who": made.id}).status_code == 404
    assert client.post(TELL, {"action": "show", "who": made.id}).status_code == 404
    made.refresh_from_db()
    assert made.state == "open"


# ---- told


def drawn(monkeypatch, *, people: int = 2, **fields):
    """Return (client, office) in the evening after a draw with one place."""
    client, office = at_the_door(places=1, windows=("09:00",))
    for _ in range(people):
        told_by_staff(office, **fields)
    draw_now(office.region)
    monkeypatch.setattr(clock, "now", lambda: at("18:00"))
    return client, office


def test_results_are_listed_without_names_until_one_is_asked_for(monkeypatch):
    client, _ = drawn(monkeypatch, phone="0812 3456 7890")
    winner = Application.objects.get(state="placed")

    door, listed = client.get(DOOR).content.decode(), client.get(TELL).content.decode()
    shown = client.post(TELL, {"action": "show", "who": winner.id}).content.decode()

    assert "Kabar hasil undian: 2 orang" in door
    assert "Siti" not in listed
    assert "Selasa, 24 November 2026, 09.00–09.30 WIB" in listed
    assert "KTP asli" in listed
    assert "Poin tunggu: 1." in listed
    assert shown.count("Siti Aminah") == 1
    assert "+6281234567890" in shown
    look = Event.objects.get(kind="person.seen")
    assert (look.subject_id, look.data) == (
        winner.citizen_id,
        {"application": winner.id, "what": "contact"},
    )


def test_who_was_told_leaves_the_list_and_a_second_press_changes_nothing(monkeypatch):
    client, _ = drawn(monkeypatch)
    winner = Application.objects.get(state="placed")

    for _ in range(2):
        page = client.post(TELL, {"action": "told", "who": winner.id}, follow=True)

    assert "1 orang perlu diberi tahu" in page.content.decode()
    assert Event.objects.filter(kind="application.told").count() == 1
    assert winner.code[:4] not in page.content.decode()


def test_somebody_who_was_told_is_shown_no_more(monkeypatch):
    client, _ = drawn(monkeypatch)
    winner = Application.objects.get(state="placed")
    client.post(TELL, {"action": "told", "who": winner.id})

    page = client.post(TELL, {"action": "show", "who": winner.id})

    assert "Siti" not in page.content.decode()
    assert not Event.objects.filter(kind="person.seen").exists()


def test_a_booth_tells_who_it_registered_for_the_branch(monkeypatch):
    branch = a_drawing_office(places=1, windows=("09:00",))
    booth, other = an_office("gerai", kind=Office.Kind.MPP_BOOTH), an_office("cilegon")
    clerk = logged_in(an_officer(booth, "door"))
    clerk.post("/petugas/gerai/pintu/permohonan/", a_form(branch))
    draw_now(branch.region)
    monkeypatch.setattr(clock, "now", lambda: at("18:00"))
    winner = Application.objects.get(state="placed")
    stranger = logged_in(an_officer(other, "door"))

    code = f"{winner.code[:4]}-{winner.code[4:]}"
    assert code in clerk.get("/petugas/gerai/pintu/kabar/").content.decode()
    assert code in logged_in(an_officer(branch, "door")).get(TELL).content.decode()
    assert code not in stranger.get("/petugas/cilegon/pintu/kabar/").content.decode()
    for action in ("show", "told"):
        form = {"action": action, "who": winner.id}
        assert stranger.post("/petugas/cilegon/pintu/kabar/", form).status_code == 404


# ---- at the desk


def a_winner_at_the_desk(monkeypatch, nik: str, **fields):
    """Return (client, office, turn) with somebody who won called to a counter."""
    office = a_drawing_office(places=1, windows=("09:00",))
    told_by_staff(office, nik=nik, **fields)
    draw_now(office.region)
    tuesday = MONDAY.replace(day=24)
    walk_in_places(office, day=tuesday)
    turn = Turn.objects.get()
    officer, counter_id = at_counter(office)
    now = at("09:00", tuesday)
    turns.check_in(turn.id, actor="kiosk:1", now=now)
    turns.call_next(counter_id, officer_id=officer.id, now=now)
    monkeypatch.setattr(clock, "now", lambda: now)
    return logged_in(officer), office, turn


def press(client: Client, office, action: str, **fields):
    return client.post(f"/petugas/{office.slug}/loket/", {"action": action, **fields})


def test_a_drawn_turn_asks_for_the_card_first_and_rests_once_it_fits(monkeypatch):
    nik = a_nik()
    client, office, turn = a_winner_at_the_desk(monkeypatch, nik, is_priority=True)

    before = client.get("/petugas/serang/loket/").content.decode()
    press(client, office, "identify", turn=turn.id, nik=nik, name="Siti Aminah")
    press(client, office, "start", turn=turn.id)
    after = client.get("/petugas/serang/loket/").content.decode()

    assert "Dari undian: periksa KTP" in before
    assert "Prioritas akan ditunjukkan dengan: Terlihat langsung" in before
    assert "Dari undian: periksa KTP" not in after


def test_the_wrong_person_is_turned_into_an_application_and_the_turn_stays(monkeypatch):
    client, office, turn = a_winner_at_the_desk(monkeypatch, a_nik())
    other = {"nik": a_nik(), "name": "Joko Widodo"}

    refused = press(client, office, "identify", turn=turn.id, **other)
    form = client.post(APPLY, {"action": "begin", "service": turn.service_id, **other})
    page = form.content.decode()
    client.post(APPLY, a_form(office, request_key=str(form.context["typed"].form), **other))

    assert refused.status_code == 409
    assert "Catat permohonan orang ini" in refused.content.decode()
    assert form.status_code == 200
    assert f'value="{other["nik"]}"' in page
    assert 'value="Joko Widodo"' in page
    assert f'value="{turn.service_id}" selected' in page
    assert Application.objects.filter(state="open").exclude(turn=turn).count() == 1
    turn.refresh_from_db()
    assert turn.state == "called"
    assert press(client, office, "park", turn=turn.id).status_code == 302
