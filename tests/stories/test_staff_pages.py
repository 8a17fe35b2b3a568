"""The staff's pages: who gets in, and what a button does or refuses."""

from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.journal.models import Event
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.builders import (
    PASSWORD,
    a_booking,
    a_kiosk,
    a_nik,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def logged_in(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def press(client: Client, office, action: str, **fields):
    return client.post(f"/petugas/{office.slug}/loket/", {"action": action, **fields})


def a_desk(people: int = 1):
    """Return (client, officer, office) of an open counter with people waiting."""
    office = an_office()
    walk_in_places(office)
    officer, _ = at_counter(office)
    for _ in range(people):
        a_walk_in(office)
    return logged_in(officer), officer, office


def enter(client: Client, username: str, password: str, **headers):
    return client.post("/petugas/masuk/", {"username": username, "password": password}, **headers)


def test_an_officer_logs_in_and_it_is_recorded():
    officer = an_officer(an_office())

    answer = enter(Client(), officer.username, PASSWORD)

    assert answer.headers["Location"] == "/petugas/"
    assert Event.objects.filter(kind="officer.login", subject_id=officer.pk).count() == 1


def test_a_wrong_password_is_said_in_plain_words_and_what_was_typed_stays():
    officer = an_officer(an_office())

    answer = enter(Client(), officer.username, "salah")

    assert answer.status_code == 400
    assert "Nama pengguna atau kata sandi salah" in answer.content.decode()
    assert f'value="{officer.username}"' in answer.content.decode()


def test_nobody_is_sent_elsewhere_by_a_log_in_link():
    officer = an_officer(an_office())

    answer = Client().post(
        "/petugas/masuk/",
        {"username": officer.username, "password": PASSWORD, "next": "https://penipu.example/"},
    )

    assert answer.headers["Location"] == "/petugas/"


def test_the_sixth_guess_at_one_name_waits_even_with_the_right_password():
    officer = an_officer(an_office())
    for guess in range(5):
        enter(Client(), officer.username.upper(), "salah", REMOTE_ADDR=f"10.0.0.{guess}")

    answer = enter(Client(), officer.username, PASSWORD, REMOTE_ADDR="10.0.0.99")

    assert answer.status_code == 429
    assert "Tunggu 10 menit" in answer.content.decode()


def test_the_sixth_guess_from_one_address_waits(monkeypatch):
    for guess in range(5):
        enter(Client(), f"coba-{guess}", "salah")

    assert enter(Client(), "coba-lagi", "salah").status_code == 429
    monkeypatch.setattr(clock, "now", lambda: at("09:10"))
    assert enter(Client(), "coba-lagi", "salah").status_code == 400


def test_colleagues_behind_one_address_do_not_lock_each_other_out():
    office = an_office()
    for _ in range(3):
        enter(Client(), "salah-ketik", "salah")
    enter(Client(), an_officer(office).username, PASSWORD)
    for _ in range(3):
        enter(Client(), "salah-ketik-lain", "salah")

    assert enter(Client(), an_officer(office).username, PASSWORD).status_code == 302


def test_the_journal_keeps_no_name_of_a_failed_log_in():
    enter(Client(), "rahasia-saya", "salah")

    assert "rahasia" not in str(Event.objects.get(kind="officer.login_failed").data)


def test_the_first_page_offers_what_the_role_may_open():
    office = an_office()
    a_kiosk(office)

    officer = logged_in(an_officer(office)).get("/petugas/").content.decode()
    guard = logged_in(an_officer(office, "door")).get("/petugas/").content.decode()
    administrator = logged_in(an_officer(None, "administrator")).get("/petugas/").content.decode()

    assert f"/petugas/{office.slug}/loket/" in officer
    assert f"/petugas/{office.slug}/loket/" not in guard
    assert f"/petugas/{office.slug}/pintu/" in guard
    assert f"/petugas/{office.slug}/pintu/" not in administrator
    assert office.name in administrator


@pytest.mark.parametrize("page", ["loket", "pintu", "pintu/janji"])
def test_another_offices_page_stays_shut(page):
    office, other = an_office(), an_office("cilegon")

    answer = logged_in(an_officer(other, "manager")).get(f"/petugas/{office.slug}/{page}/")

    assert answer.status_code == 403
    assert "bukan untuk akun ini" in answer.content.decode()


def test_a_guard_has_no_desk_and_no_link_to_it():
    office = an_office()
    guard = logged_in(an_officer(office, "door"))

    assert guard.get("/petugas/serang/loket/").status_code == 403
    assert "/petugas/serang/loket/" not in guard.get("/petugas/serang/pintu/").content.decode()


def test_an_officer_opens_a_counter_calls_starts_and_finishes():
    office = an_office()
    walk_in_places(office)
    turn = a_walk_in(office)
    client = logged_in(an_officer(office))
    counter = office.counters.get(label="2")

    press(client, office, "open", counter=counter.id)
    press(client, office, "call_next")
    press(client, office, "start", turn=turn.id)
    press(client, office, "finish", turn=turn.id)

    turn.refresh_from_db()
    assert (turn.state, turn.counter_id) == ("finished", counter.id)


def test_a_second_call_is_refused_and_calls_nobody():
    client, _, office = a_desk(people=2)

    press(client, office, "call_next")
    answer = press(client, office, "call_next")

    assert answer.status_code == 409
    assert "A001 masih di loket Anda" in answer.content.decode()
    assert Turn.objects.filter(state="called").count() == 1


def test_a_button_of_an_old_screen_does_nothing():
    client, officer, office = a_desk(people=2)
    first = Turn.objects.get(number="A001")
    press(client, office, "call_next")
    turns.no_show(officer_id=officer.pk, now=at("09:00"))
    press(client, office, "call_next")

    answer = press(client, office, "no_show", turn=first.id)

    assert answer.status_code == 409
    assert "Layar ini sudah berubah" in answer.content.decode()
    assert Turn.objects.get(number="A002").state == "called"


def test_a_counter_with_somebody_at_it_cannot_be_closed():
    client, _, office = a_desk()
    press(client, office, "call_next")

    answer = press(client, office, "close")

    assert answer.status_code == 409
    assert office.counters.get(label="1").openings.filter(closed_at__isnull=True).exists()


def test_nobody_waits_is_said_as_a_sentence():
    client, _, office = a_desk(people=0)

    answer = client.post(f"/petugas/{office.slug}/loket/", {"action": "call_next"}, follow=True)

    assert "Tidak ada yang menunggu untuk loket Anda." in answer.content.decode()


def called_with_nik(nik: str):
    office = an_office()
    walk_in_places(office)
    officer, _ = at_counter(office)
    turn = a_booking(a_window(office, "09:00"), nik=nik)
    turns.check_in(turn.id, actor="kiosk:1", now=at("08:50"))
    client = logged_in(officer)
    press(client, office, "call_next")
    return client, office, turn


def test_a_name_is_seen_masked_and_each_look_is_recorded_once():
    nik = a_nik()
    client, office, turn = called_with_nik(nik)

    for _ in range(3):
        page = client.get(f"/petugas/{office.slug}/loket/").content.decode()
    looks = Event.objects.filter(kind="person.seen", subject_id=turn.citizen_id)

    assert "Siti Aminah" in page
    assert nik[6:12] not in page
    assert [look.data for look in looks] == [{"turn": turn.id, "what": "name"}]

    full = press(client, office, "show_nik", turn=turn.id).content.decode()

    assert " ".join(nik[i : i + 4] for i in range(0, 16, 4)) in full
    assert looks.filter(data__what="nik").count() == 1


def test_the_right_card_is_confirmed():
    nik = a_nik()
    client, office, turn = called_with_nik(nik)

    answer = press(client, office, "identify", turn=turn.id, nik=nik, name="Siti Aminah")

    assert answer.status_code == 302
    assert Turn.objects.get(id=turn.id).move == "identify"


def test_somebody_elses_card_is_refused_and_gets_a_number_of_its_own():
    client, office, turn = called_with_nik(a_nik(11))
    other = {"nik": a_nik(22), "name": "Budi"}

    refused = press(client, office, "identify", turn=turn.id, **other)
    press(
        client,
        office,
        "new_number",
        turn=turn.id,
        request_key=refused.context["request_key"],
        **other,
    )

    assert refused.status_code == 409
    assert "Beri nomor baru untuk orang ini" in refused.content.decode()
    fresh = Turn.objects.exclude(id=turn.id).get()
    assert (fresh.state, fresh.channel, fresh.citizen_id) != (turn.state, "web", turn.citizen_id)
    assert fresh.number == "A002"


def test_a_mistyped_nik_keeps_what_was_typed_and_names_the_field():
    client, office, turn = called_with_nik(a_nik())

    answer = press(client, office, "identify", turn=turn.id, nik="123", name="Budi Santoso")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'value="Budi Santoso"' in page


@pytest.mark.parametrize("action", ["", "terbang", "transfer", "take_back", "rejoin", "open"])
def test_a_senseless_button_changes_nothing(action):
    client, _, office = a_desk()
    press(client, office, "call_next")
    turn = Turn.objects.get()

    answer = press(client, office, action, turn=turn.id, who="x", to="x:9", counter="99999999")

    assert 400 <= answer.status_code < 500
    assert Turn.objects.get().state == "called"


def test_an_officer_of_two_offices_cannot_reach_a_turn_of_the_other():
    client, _, office = a_desk(people=0)
    other = an_office("cilegon")
    walk_in_places(other)
    officer, _ = at_counter(other)
    foreign = a_walk_in(other)
    press(logged_in(officer), other, "call_next")
    press(logged_in(officer), other, "park", turn=foreign.id)

    assert press(client, office, "take_back", who=foreign.id).status_code == 404
    assert press(client, office, "rejoin", who=foreign.id).status_code == 404
    assert Turn.objects.get(id=foreign.id).state == "parked"


def at_the_door(role: str = "door"):
    office = an_office()
    walk_in_places(office)
    return logged_in(an_officer(office, role)), office


def test_the_guard_checks_somebody_in_by_code_and_sees_the_number():
    client, office = at_the_door()
    turn = a_booking(a_window(office))

    answer = client.post(
        "/petugas/serang/pintu/", {"action": "check_in", "code": turn.code.lower()}, follow=True
    )

    assert "A001" in answer.content.decode()
    assert Turn.objects.get().state == "waiting"


@pytest.mark.parametrize("is_there", [False, True])
def test_who_waits_at_another_office_is_sent_there(is_there):
    client, _ = at_the_door()
    turn = a_booking(a_window(an_office("cilegon")))
    if is_there:
        turns.check_in(turn.id, actor="kiosk:1", now=at("09:00"))

    answer = client.post("/petugas/serang/pintu/", {"action": "check_in", "code": turn.code})

    assert answer.status_code == 409
    assert "Giliran ini di Cilegon" in answer.content.decode()


def test_somebody_without_a_phone_is_found_by_the_whole_nik_and_the_look_is_recorded():
    client, office = at_the_door()
    nik = a_nik()
    turn = a_booking(a_window(office), nik=nik)

    found = client.post("/petugas/serang/pintu/", {"action": "find", "nik": nik})
    client.post("/petugas/serang/pintu/", {"action": "check_in", "who": turn.id})

    assert f'name="who" value="{turn.id}"' in found.content.decode()
    assert "Siti" not in found.content.decode()
    assert Event.objects.get(kind="person.seen").data == {"turn": turn.id, "what": "search"}
    assert Turn.objects.get().state == "waiting"


def test_a_number_at_the_door_is_given_once_for_one_form():
    client, _ = at_the_door()
    key = client.get("/petugas/serang/pintu/").context["request_key"]
    form = {
        "action": "number",
        "request_key": key,
        "service": a_service().id,
        "is_priority": "1",
        "needs": ["wheelchair", "nonsense"],
    }

    client.post("/petugas/serang/pintu/", form)
    client.post("/petugas/serang/pintu/", form)

    turn = Turn.objects.get()
    assert (turn.is_priority, turn.needs, turn.channel) == (True, ["wheelchair"], "clerk")


def test_who_is_turned_away_is_counted_and_offered_the_next_free_window():
    client, office = at_the_door()
    service, offer = a_service(), a_window(office, "13:00")

    page = client.post(
        "/petugas/serang/pintu/",
        {
            "action": "turn_away",
            "service": service.id,
            "why": "no_number",
            "request_key": uuid4(),
        },
        follow=True,
    )
    booked = client.post(
        "/petugas/serang/pintu/janji/",
        {
            "offer": offer.id,
            "service": service.id,
            "nik": a_nik(),
            "name": "Budi Santoso",
            "request_key": page.context["request_key"],
        },
        follow=True,
    )

    turn = Turn.objects.get()
    assert "13.00–13.30 WIB" in page.content.decode()
    assert Event.objects.get(kind="door.turned_away").data["why"] == "no_number"
    assert (turn.state, turn.channel) == ("booked", "clerk")
    assert f"{turn.code[:4]}-{turn.code[4:]}" in booked.content.decode()


def test_a_reason_must_be_chosen_before_somebody_is_sent_home():
    client, _ = at_the_door()

    answer = client.post(
        "/petugas/serang/pintu/", {"action": "turn_away", "service": a_service().id, "why": ""}
    )

    assert answer.status_code == 422
    assert not Event.objects.filter(kind="door.turned_away").exists()


def test_logging_out_closes_an_empty_counter_but_not_one_with_somebody_at_it():
    client, officer, office = a_desk()
    press(client, office, "call_next")

    client.post("/petugas/keluar/")
    assert officer.openings.filter(closed_at__isnull=True).exists()

    client = logged_in(officer)
    turn = Turn.objects.get()
    press(client, office, "no_show", turn=turn.id)
    client.post("/petugas/keluar/")
    assert not officer.openings.filter(closed_at__isnull=True).exists()
