"""Alarms reach who isn't at a screen: at once, once, with what to do, and quiet when it is over."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection

from giliran import clock
from giliran.capacity.models import CounterOpening, Leave
from giliran.cli import demo_reached
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.figures import actions as figures
from giliran.figures import notices
from giliran.figures.models import Alarm
from giliran.jobs import alarming, sending
from giliran.messages import actions as messages
from giliran.messages import ports
from giliran.messages.models import Message
from giliran.offices.models import Office, Region
from giliran.people.models import Officer
from giliran.turns import actions as turns
from tests.builders import (
    MONDAY,
    a_complete_claim,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.stories.test_alarms import SITUATIONS, an_attempt, booked
from tests.stories.test_whatsapp_phone import Stage

pytestmark = pytest.mark.django_db
SCREENS = [
    ("screen_silent", about, {"label": label, "since": "2026-11-22T16:10:00+07:00"})
    for about in ("kiosk:1", "board:1")
    for label in ("pintu utama", "x" * 60)
]
HEAD, SECOND, REGION = "081210000001", "081210000002", "081210000003"


class Smsbox(BaseHTTPRequestHandler):
    said: list[tuple[str, str]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.said.append((self.headers["X-Kannel-To"].replace("+62", "0"), body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said):
        pass


@pytest.fixture(autouse=True)
def telephones(monkeypatch):
    """Return what arrived at which number, by way of a gateway that speaks as Kannel's does."""

    class Told(Smsbox):
        said: list[tuple[str, str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("GILIRAN_KANNEL_URL", f"http://127.0.0.1:{server.server_port}/sendsms")
    yield Told.said
    server.shutdown()
    server.server_close()


def reached(officer: Officer, phone: str, clock: str = "07:00") -> Officer:
    """Let an officer have confirmed a number."""
    contact_id = messages.heard_from("sms", phone, now=at(clock))
    messages.subscribe(contact_id, subject=messages.OFFICER, subject_id=officer.id, now=at(clock))
    return officer


@pytest.fixture
def minute(monkeypatch):
    """Let one minute's clockwork run, and then what it posted."""

    def run(when: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(when))
        alarming.watch(0)
        if has_posted("messages.send"):
            sending.send()

    return run


def has_posted(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s RETURNING id", [name])
        return cursor.fetchone() is not None


@pytest.fixture
def office():
    """An office with a counter open since eight and somebody waiting since ten past."""
    office = an_office()
    walk_in_places(office)
    at_counter(office, "2")
    a_walk_in(office, "08:10")
    return office


def test_the_head_is_told_within_the_minute_and_only_once(office, telephones, minute):
    head = reached(an_officer(office, "manager"), HEAD)
    reached(an_officer(office, "door"), SECOND)

    minute("08:14")
    assert telephones == []
    minute("08:15")
    ((number, said),) = telephones
    assert number == HEAD
    assert said.startswith("Serang 08.15 WIB: Loket 2 5 menit tidak memanggil, 1 orang menunggu.")
    assert "Panggil, atau buka yang lain." in said
    assert len(said) <= SMS_LETTERS
    assert head.full_name not in said
    for n in range(16, 30):
        minute(f"08:{n}")
    assert len(telephones) == 1
    assert Alarm.objects.get().told_at == at("08:15")


def test_every_head_of_the_office_is_told_and_nobody_elses(office, telephones, minute):
    reached(an_officer(office, "manager"), HEAD)
    reached(an_officer(office, "manager"), SECOND)
    reached(an_officer(an_office("cilegon"), "manager"), "081210000009")

    minute("08:15")

    assert sorted(number for number, _ in telephones) == [HEAD, SECOND]


class TestQuiet:
    def test_what_comes_and_goes_does_not_ring_all_day(self, office, telephones, minute):
        reached(an_officer(office, "manager"), HEAD)
        officer_id, counter_id = CounterOpening.objects.values_list(
            "officer_id", "counter_id"
        ).get()
        minute("08:15")
        for hour, n in ((8, 16), (8, 23), (8, 30)):
            turns.call_next(counter_id, officer_id=officer_id, now=at(f"{hour:02d}:{n}"))
            minute(f"{hour:02d}:{n}")
            turns.start(officer_id=officer_id, now=at(f"{hour:02d}:{n}"))
            turns.finish(officer_id=officer_id, now=at(f"{hour:02d}:{n}"))
            a_walk_in(office, f"{hour:02d}:{n}")
            minute(f"{hour:02d}:{n + 6}")
        assert Alarm.objects.count() == 4
        assert len(telephones) == 1
        minute("08:46")
        Alarm.objects.filter(over_at__isnull=True).update(over_at=at("08:46"))
        minute("08:50")
        assert len(telephones) == 2

    def test_what_is_over_before_it_is_sent_is_never_sent(self, office, telephones, monkeypatch):
        reached(an_officer(office, "manager"), HEAD)
        figures.watch(now=at("08:15"))
        turns.leave(office.turns.get().id, actor="citizen", now=at("08:16"))
        figures.watch(now=at("08:16"))

        assert Message.objects.get().state == "stale"
        monkeypatch.setattr(clock, "now", lambda: at("08:16"))
        sending.send()
        assert telephones == []

    def test_what_somebody_has_in_hand_calls_nobody_else(self, office, telephones, minute):
        head = an_officer(office, "manager")
        reached(an_officer(office, "regional"), REGION)
        reached(an_officer(office, "manager"), HEAD)
        figures.watch(now=at("08:15"))
        figures.take(Alarm.objects.get().id, officer_id=head.id, now=at("08:15"))

        for n in range(16, 50):
            minute(f"08:{n}")
        assert telephones == []

    def test_words_that_are_no_longer_true_are_not_found(self, office):
        reached(an_officer(office, "manager"), HEAD)
        figures.watch(now=at("08:15"))
        message = Message.objects.get()
        assert notices.word(message.id, "id") is not None
        Alarm.objects.update(over_at=at("08:16"))
        assert notices.word(message.id, "id") is None

    def test_who_has_another_post_by_then_is_not_told(self, office, telephones, monkeypatch):
        head = reached(an_officer(office, "manager"), HEAD)
        figures.watch(now=at("08:15"))
        head.posts.update(office=an_office("cilegon"))
        monkeypatch.setattr(clock, "now", lambda: at("08:15"))
        sending.send()
        assert telephones == []
        assert Message.objects.get().state == "stale"


class TestAbove:
    def test_the_region_is_told_once_after_a_quarter_of_an_hour_in_which_nobody_cared(
        self, office, telephones, minute
    ):
        reached(an_officer(office, "manager"), HEAD)
        reached(an_officer(office, "regional"), REGION)

        for n in range(15, 30):
            minute(f"08:{n}")
        assert [number for number, _ in telephones] == [HEAD]
        for n in range(30, 50):
            minute(f"08:{n}")
        assert [number for number, _ in telephones] == [HEAD, REGION]
        assert "Belum ada yang menangani." in telephones[1][1]
        assert Alarm.objects.get().above_at == at("08:30")

    def test_where_no_head_can_be_told_the_region_is_told_at_once(self, office, telephones, minute):
        an_officer(office, "manager")
        reached(an_officer(office, "regional"), REGION)

        minute("08:15")

        assert [number for number, _ in telephones] == [REGION]

    def test_a_head_who_is_away_does_not_keep_it_from_the_region(self, office, telephones, minute):
        head = reached(an_officer(office, "manager"), HEAD)
        Leave.objects.create(
            officer=head,
            office=office,
            kind="annual",
            first_day=MONDAY,
            last_day=MONDAY,
            state="approved",
            request_key="11111111-1111-4111-8111-111111111111",
            asked_at=at("07:00"),
            asked_by="officer:1",
        )
        reached(an_officer(office, "regional"), REGION)

        minute("08:15")
        minute("08:31")

        assert sorted(number for number, _ in telephones) == [HEAD, REGION]

    def test_somebody_who_is_head_here_and_in_the_region_is_told_once(
        self, office, telephones, minute
    ):
        both = reached(an_officer(office, "manager"), HEAD)
        office.region.posts.create(officer=both, role="regional")

        minute("08:15")
        minute("08:31")
        minute("08:32")

        assert [number for number, _ in telephones] == [HEAD]

    def test_what_can_wait_is_not_put_before_the_region(self, telephones, minute):
        office = an_office()
        reached(an_officer(office, "regional"), REGION)
        an_officer(office, "manager")
        window = a_window(office, "13:00", places=12)
        for n in range(12):
            booked(window, f"07:{n:02d}")
        for when in ("07:15", "07:31", "08:00"):
            minute(when)
        assert Alarm.objects.get().kind == "quota_gone"
        assert telephones == []


class TestWhoIsNotTold:
    def test_who_said_no_to_alarms(self, office, telephones, minute):
        head = reached(an_officer(office, "manager"), HEAD)
        messages.mute(head.id, ["alarms"])
        minute("08:15")
        assert telephones == []

    def test_who_does_not_work_here_any_more(self, office, telephones, minute):
        head = reached(an_officer(office, "manager"), HEAD)
        Officer.objects.filter(id=head.id).update(is_active=False)
        minute("08:15")
        assert telephones == []

    def test_who_wrote_stop(self, office, telephones, minute):
        reached(an_officer(office, "manager"), HEAD)
        reached(an_officer(office, "regional"), REGION)
        messages.opt_out(messages.heard_from("sms", HEAD, now=at("07:30")), now=at("07:30"))
        minute("08:15")
        assert [number for number, _ in telephones] == [REGION]

    def test_an_alarm_rings_on_the_pages_where_nobody_can_be_told(self, office, minute):
        minute("08:15")
        alarm = Alarm.objects.get()
        assert (alarm.told_at, alarm.above_at) == (None, None)


class TestWhoElse:
    def test_places_that_are_gone_by_night_are_told_in_the_morning(self):
        office = an_office()
        reached(an_officer(office, "manager"), HEAD)
        window = a_window(office, "13:00", places=12)
        for n in range(12):
            booked(window, f"06:{n:02d}")
        figures.watch(now=at("06:15"))
        assert Message.objects.get(kind="alarm_ringing").due_at == at("07:00")

    def test_of_a_date_tells_who_keeps_it_so_its_alarm_only_stands_on_the_pages(self, client):
        office = an_office()
        head = reached(an_officer(office, "manager"), HEAD)
        due = a_complete_claim(office, now=at("09:00")).due_on
        figures.watch(now=at("09:00", due))
        assert Alarm.objects.get(kind="deadline").told_at is None
        assert not Message.objects.filter(kind="alarm_ringing").exists()
        client.force_login(head)
        page = client.get("/kepala/serang/peringatan/").content.decode()
        assert "Batas waktu terancam" in page
        assert "Tidak ada yang bisa dikabari" not in page

    def test_a_silent_channel_is_told_to_the_centre(self):
        an_office()
        admin = reached(an_officer(None, "administrator"), HEAD)
        for n in range(5):
            an_attempt(n % 3, "failed", f"09:0{n}")
        figures.watch(now=at("09:06"))
        told = Message.objects.get(kind="alarm_ringing")
        assert told.data == {"officer": admin.id}
        assert "Kantor pusat" in notices.word(told.id, "id").text


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("kind", "about", "data"), SITUATIONS + SCREENS)
@pytest.mark.parametrize("form", sorted(notices.KINDS))
def test_every_alarm_fits_one_sms_with_what_to_do_and_the_whole_of_it_stands_elsewhere(
    kind, about, data, form, language
):
    office = an_office(name="Kantor Cabang Perintis Tanjung Jabung Timur")
    place = {"office": None if kind == "channel_down" else office}
    reader = an_officer(place["office"], "manager" if place["office"] else "administrator")
    alarm = Alarm.objects.create(kind=kind, about=about, data=data, raised_at=at("07:30"), **place)
    message = Message.objects.create(
        key="k",
        kind=form,
        subject=notices.SUBJECT,
        subject_id=alarm.id,
        data={"officer": reader.id},
        urgency=0,
        due_at=at("07:30"),
        expires_at=at("07:30") + timedelta(hours=1),
        made_at=at("07:30"),
    )
    worded = sending.word(message.id, language)
    assert worded is not None
    assert len(worded.short) <= SMS_LETTERS
    assert worded.short.isascii()
    assert {kind for kind, _, _ in SITUATIONS + SCREENS} == set(Alarm.Kind.values)
    assert len(worded.text) <= 1024
    assert "/peringatan/" in worded.text
    assert "/petugas/kabar/" in worded.letter
    assert all("\n" not in one for one in worded.parameters)


def test_the_demonstrations_head_reads_an_alarm_as_whatsapps_template(office, minute, monkeypatch):
    an_officer(office, "manager", "kepala")
    an_officer(office, "regional", "wilayah")
    demo_reached.load(until=at("08:00"))
    stage = Stage()
    monkeypatch.setitem(ports.PORTS, "whatsapp", lambda: stage.api)

    minute("08:15")

    (entry,) = stage.provider.people["kepala"].thread
    said = entry.shown.text
    assert said.startswith("Peringatan dari Serang sejak 08.15 WIB: Loket kosong saat orang")
    assert "Yang perlu dilakukan: Panggil orang berikutnya" in said
    assert "/kepala/serang/peringatan/ lalu tekan Saya tangani." in said
    assert Message.objects.get().state == "sent"
    minute("08:30")
    (entry,) = stage.provider.people["wilayah"].thread
    assert entry.shown.text.startswith("Belum ada yang menangani peringatan dari Serang")


class TestBannersAbove:
    @pytest.fixture
    def unattended(self, office):
        regional = reached(an_officer(office, "regional"), REGION)
        figures.watch(now=at("08:15"))
        assert Alarm.objects.get().above_at == at("08:15")
        return regional

    def test_a_region_reads_on_its_pages_what_was_put_before_it(self, client, office, unattended):
        client.force_login(unattended)
        for address in ("/kepala/wilayah/banten/klaim/", "/petugas/"):
            page = client.get(address).content.decode()
            assert "Loket kosong saat orang menunggu – Serang" in page
            assert "/kepala/wilayah/banten/peringatan/" in page
        listed = client.get("/kepala/wilayah/banten/peringatan/").content.decode()
        assert "Kantor wilayah dikabari 08.15 WIB." in listed

    def test_it_grows_quiet_once_somebody_has_it_in_hand_and_is_gone_when_it_is_over(
        self, client, office, unattended
    ):
        client.force_login(unattended)
        figures.take(Alarm.objects.get().id, officer_id=unattended.id, now=at("08:16"))
        page = client.get("/petugas/").content.decode()
        assert "Loket kosong" not in page
        assert "1 peringatan lain, atau sedang ditangani" in page
        Alarm.objects.update(over_at=at("08:17"))
        assert "peringatan lain" not in client.get("/petugas/").content.decode()

    @pytest.mark.parametrize("role", ["manager", "officer", "door", "auditor", "ombudsman"])
    def test_who_is_not_the_region_reads_nothing_of_it(self, client, office, unattended, role):
        client.force_login(an_officer(an_office("cilegon"), role))
        assert "Loket kosong" not in client.get("/petugas/").content.decode()

    def test_another_region_reads_nothing_of_it(self, client, unattended):
        bali = Region.objects.create(slug="bali", name="Bali", time_zone="Asia/Makassar")
        other = an_office("denpasar")
        Office.objects.filter(id=other.id).update(region=bali, time_zone="Asia/Makassar")
        client.force_login(an_officer(Office.objects.get(id=other.id), "regional"))
        assert "Loket kosong" not in client.get("/petugas/").content.decode()

    def test_the_centre_reads_what_is_its_own_and_not_what_is_a_regions(self, client, unattended):
        for n in range(5):
            an_attempt(n % 3, "failed", f"08:1{n}")
        figures.watch(now=at("08:16"))
        client.force_login(an_officer(None, "administrator"))
        page = client.get("/kepala/tinjauan/").content.decode()
        assert "Kantor pusat" in page
        assert "Pesan lewat SMS tidak sampai" in page
        assert "Loket kosong" not in page

    def test_a_page_about_nothing_wrong_says_nothing(self, client, office):
        client.force_login(an_officer(office, "regional"))
        assert 'class="alarms"' not in client.get("/petugas/").content.decode()
