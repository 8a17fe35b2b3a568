"""SMS through Kannel: what goes out, what comes in, and what reports say of it.

The last stories run Kannel's own bearerbox and smsbox, with its fake SMSC in the telephone
network's place.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlencode

import httpx
import pytest
from django.test import Client

from giliran import clock
from giliran.core.sms import size
from giliran.encryption import unseal
from giliran.jobs import hearing
from giliran.messages import actions as messages
from giliran.messages import kannel
from giliran.messages.actions import Urgency
from giliran.messages.kannel_config import FAKE_SMSC as FAKE_SMSC_GROUP
from giliran.messages.kannel_config import Ports, kannel_conf
from giliran.messages.models import Attempt, Inbound, Message
from giliran.messages.ports import Outgoing, Policy, Refused
from giliran.messages.wording import Wording
from tests.builders import an_office, at
from tests.servers import free_port

SECRET = "rahasia-yang-panjang"
NUMBER = "+6281234567890"


def outgoing(text, *, short=None, choices=(), reference="12"):
    wording = Wording(text, text if short is None else short, choices=choices)
    return Outgoing(NUMBER, wording, "id", in_window=False, reference=reference)


class TestWords:
    def test_the_short_wording_is_what_an_sms_says(self):
        said = kannel.words(outgoing("Halo, Bapak/Ibu. Panjang.", short="Giliran “0412” – maju"))

        assert said == 'Giliran "0412" - maju'

    def test_choices_are_numbered_lines_where_the_words_name_none(self):
        said = kannel.words(outgoing("Pilih:", choices=(("a", "JHT"), ("b", "JKM"))))

        assert said == "Pilih:\n1. JHT\n2. JKM"


class Smsbox(BaseHTTPRequestHandler):
    status, answer = 202, b"0: Accepted for delivery"
    asked = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked.append((dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *said):
        pass


@pytest.fixture
def smsbox():
    """A server that answers sendsms as it is told to."""

    class Told(Smsbox):
        asked = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    Told.url = f"http://127.0.0.1:{server.server_port}/cgi-bin/sendsms"
    yield Told
    server.shutdown()
    server.server_close()


class TestSending:
    def port(self, url, **changed):
        return kannel.Kannel(url, user="giliran", password="pw", **changed)

    def test_password_and_number_stand_in_no_address(self, smsbox):
        self.port(smsbox.url, reports="http://here/laporan/").send(outgoing("Giliran maju."))

        ((headers, body),) = smsbox.asked
        assert body == b"Giliran maju."
        assert headers["X-Kannel-Username"] == "giliran"
        assert headers["X-Kannel-Password"] == "pw"
        assert headers["X-Kannel-To"] == NUMBER
        assert headers["X-Kannel-Coding"] == "0"
        assert headers["X-Kannel-DLR-Mask"] == "31"
        url = headers["X-Kannel-DLR-Url"]
        signed = re.fullmatch(r"http://here/laporan/\?tanda=(12\.\w{32})&hasil=%d&ket=%A", url)
        assert kannel.reference_of(signed[1]) == "12"
        assert NUMBER[1:] not in url

    def test_each_part_is_paid(self, smsbox):
        port = self.port(smsbox.url, price=350)

        assert port.send(outgoing("a" * 160)).cost == 350
        assert port.send(outgoing("a" * 161)).cost == 700
        assert port.send(outgoing("您" * 71)).cost == 700
        assert smsbox.asked[-1][0]["X-Kannel-Coding"] == "2"

    @pytest.mark.parametrize(
        ("status", "policy"),
        [
            (400, Policy.NEXT_CHANNEL),
            (403, Policy.RETRY),
            (404, Policy.RETRY),
            (503, Policy.RETRY),
        ],
    )
    def test_a_refusal_says_what_to_do(self, smsbox, status, policy):
        smsbox.status, smsbox.answer = status, b"no"
        with pytest.raises(Refused) as refused:
            self.port(smsbox.url).send(outgoing("x"))

        assert (refused.value.policy, refused.value.code) == (policy, str(status))

    def test_where_nobody_listens_nothing_was_sent(self):
        with pytest.raises(Refused) as refused:
            self.port(f"http://127.0.0.1:{free_port()}/").send(outgoing("x"))

        assert refused.value.policy is Policy.RETRY

    def test_who_hangs_up_without_an_answer_may_have_sent_it(self, smsbox):
        def hang_up(handler):
            handler.rfile.read(int(handler.headers["Content-Length"]))
            handler.connection.close()

        smsbox.do_POST = hang_up
        with pytest.raises(Refused) as refused:
            self.port(smsbox.url).send(outgoing("x"))

        assert refused.value.policy is Policy.UNKNOWN


@pytest.mark.django_db
class TestAddresses:
    @pytest.fixture(autouse=True)
    def _secret(self, monkeypatch):
        monkeypatch.setenv("GILIRAN_KANNEL_SECRET", SECRET)

    def inbound(self, **changed):
        given = {
            "rahasia": SECRET,
            "id": "17cdae1a",
            "dari": NUMBER,
            "ke": "1500910",
            "huruf": "UTF-8",
            "isi": "BATAL 0412",
        }
        return Client().get("/chat/sms/masuk/", {**given, **changed})

    def test_what_somebody_wrote_is_kept_once_and_nothing_is_said_back(self):
        answers = [self.inbound() for _ in range(3)]

        assert [(each.status_code, each.content) for each in answers] == [(200, b"")] * 3
        kept = Inbound.objects.get()
        assert (kept.channel, kept.external_id, kept.kind) == ("sms", "17cdae1a", "text")
        assert unseal(kept.body_sealed) == (
            '{"from": "+6281234567890", "to": "1500910", "text": "BATAL 0412"}'
        )

    def test_a_nul_anywhere_is_left_out_for_no_database_keeps_it(self):
        assert self.inbound(id="17\x00cd", dari=f"{NUMBER}\x00", isi="BATAL\x00").status_code == 200
        kept = Inbound.objects.get()
        assert kept.external_id == "17cd"
        assert unseal(kept.body_sealed) == (
            f'{{"from": "{NUMBER}", "to": "1500910", "text": "BATAL"}}'
        )

    @pytest.mark.parametrize("claimed", ["", "salah", SECRET[:-1], SECRET + "x", "é"])
    def test_without_the_secret_nothing_is_kept(self, claimed):
        assert self.inbound(rahasia=claimed).status_code == 403
        assert not Inbound.objects.exists()

    def test_without_a_secret_of_our_own_the_door_is_shut(self, monkeypatch):
        monkeypatch.delenv("GILIRAN_KANNEL_SECRET")

        assert self.inbound(rahasia="").status_code == 403
        assert not Inbound.objects.exists()

    @pytest.mark.parametrize(
        ("charset", "raw"),
        [
            ("UTF-8", "besok pagi ✓".encode()),
            ("UTF-16BE", "besok pagi ✓".encode("utf-16-be")),
            ("no-such", "besok pagi ✓".encode()),
        ],
    )
    def test_a_text_is_read_in_the_charset_that_it_came_in(self, charset, raw):
        query = urlencode(
            {"rahasia": SECRET, "id": "1", "dari": NUMBER, "huruf": charset, "isi": raw}
        )
        Client().get(f"/chat/sms/masuk/?{query}")

        assert '"text": "besok pagi \\u2713"' in unseal(Inbound.objects.get().body_sealed)

    def test_a_report_without_our_signature_changes_nothing(self, sent):
        for signed in ("", str(sent), f"{sent}.", f"{sent}.{'0' * 32}", f"{sent + 1}.{'é' * 32}"):
            assert self.report(signed, "2").status_code == 403
        assert Attempt.objects.get(id=sent).state == "sent"

    @pytest.mark.parametrize(
        ("codes", "state"),
        [
            ("4", "sent"),
            ("8", "sent"),
            ("8 1", "delivered"),
            ("1 8", "delivered"),
            ("2", "failed"),
            ("16", "failed"),
            ("x", "sent"),
        ],
    )
    def test_reports_say_how_it_fares(self, sent, codes, state):
        for code in codes.split():
            assert self.report(f"{sent}.{kannel.signature(str(sent))}", code).status_code == 200
        assert Attempt.objects.get(id=sent).state == state

    def test_a_report_may_hold_any_letters(self, sent):
        signed = f"{sent}.{kannel.signature(str(sent))}"
        assert self.report(signed, "2", "\x00NACK").status_code == 200
        assert Attempt.objects.get(id=sent).error == "NACK"

    def report(self, signed, code, why="NACK"):
        return Client().get("/chat/sms/laporan/", {"tanda": signed, "hasil": code, "ket": why})

    @pytest.fixture
    def sent(self):
        now = clock.now()
        contact_id = messages.heard_from("sms", NUMBER, now=now)
        message_id = messages.reply(contact_id, text="Baik.", key="k", now=now)
        Message.objects.filter(id=message_id).update(state="sent")
        attempt = Attempt.objects.create(
            message_id=message_id,
            contact_id=contact_id,
            channel="sms",
            state="sent",
            started_at=now,
        )
        return attempt.id


@pytest.mark.django_db
class TestHearing:
    def test_whoever_writes_is_answered_once(self, monkeypatch):
        an_office()
        event = messages.Event("m1", "text", json.dumps({"from": NUMBER, "text": "halo"}), NUMBER)
        for _ in range(2):
            messages.receive("sms", [event], now=at("09:00"))
            while hearing.handle_next(now=at("09:00")):
                pass

        answers = Message.objects.filter(kind="reply")
        assert [unseal(each.contact.address_sealed) for each in answers] == [NUMBER]
        assert not Inbound.objects.filter(handled_at__isnull=True).exists()
        assert not Inbound.objects.exclude(error="").exists()

    @pytest.mark.parametrize("sender", ["TELKOMSEL", "3636", ""])
    def test_what_nobody_wrote_is_not_answered(self, sender):
        event = messages.Event("m1", "text", json.dumps({"from": sender, "text": "Promo!"}))
        messages.receive("sms", [event], now=at("09:00"))
        hearing.handle_next(now=at("09:00"))

        assert not Message.objects.exists()
        assert Inbound.objects.get().error == ""

    def test_what_cannot_be_unsealed_holds_up_nobody(self):
        an_office()
        for serial in range(2):
            event = messages.Event(
                f"m{serial}", "text", json.dumps({"from": NUMBER, "text": "halo"})
            )
            messages.receive("sms", [event], now=at("09:00"))
        Inbound.objects.filter(external_id="m0").update(body_sealed=b"x" * 40)
        while hearing.handle_next(now=at("09:00")):
            pass

        assert Inbound.objects.get(external_id="m0").error == "Unreadable"
        assert Inbound.objects.get(external_id="m1").handled_at is not None

    def test_two_machines_that_answer_each_other_come_to_an_end(self):
        an_office()
        for serial in range(hearing.ANSWERS_AN_HOUR + 5):
            event = messages.Event(
                f"m{serial}", "text", json.dumps({"from": NUMBER, "text": "Terima kasih."})
            )
            messages.receive("sms", [event], now=at("09:00"))
            hearing.handle_next(now=at("09:00"))

        answers = Message.objects.filter(kind="reply").count()
        assert 0 < answers <= hearing.ANSWERS_AN_HOUR + 2
        assert not Inbound.objects.filter(handled_at__isnull=True).exists()

    def test_what_fails_is_undone_whole_and_tried_again(self, monkeypatch):
        an_office()
        event = messages.Event("m1", "text", json.dumps({"from": NUMBER, "text": "halo"}), NUMBER)
        messages.receive("sms", [event], now=at("09:00"))
        with monkeypatch.context() as broken:
            broken.setattr(hearing, "hear", lambda *_, **__: 1 / 0)
            assert hearing.handle_next(now=at("09:00"))
        assert not Message.objects.exists()
        assert Inbound.objects.get().error == "ZeroDivisionError"
        hearing.handle_next(now=at("09:01"))

        assert Message.objects.filter(kind="reply").count() == 1


BEARERBOX, SMSBOX = shutil.which("bearerbox") or "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
HAS_KANNEL = all(Path(each).exists() for each in (BEARERBOX, SMSBOX, FAKE_SMSC))


# The fake SMSC knows no UCS-2 from telephones; this one does, and gets nothing to send.
WEB_SMSC = """
group = smsc
smsc = http
smsc-id = web
system-type = kannel
port = {port}
connect-allow-ip = 127.0.0.1
smsc-username = web
smsc-password = web
send-url = "http://127.0.0.1:9/"
allowed-smsc-id = web
"""


class Network:
    """Kannel's boxes on ports of their own; what telephones get stands in a file."""

    def __init__(self, folder: Path, pages: str) -> None:
        self.folder = folder
        self.ports = Ports(*(free_port() for _ in Ports._fields))
        self.web_smsc = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.config = folder / "kannel.conf"
        self.config.write_text(
            kannel_conf(
                giliran=pages,
                user="giliran",
                password="pw",
                secret=SECRET,
                admin_password="admin",
                ports=self.ports,
                smsc=FAKE_SMSC_GROUP.format(port=self.ports.fake_smsc)
                + WEB_SMSC.format(port=self.web_smsc),
            )
        )
        self.url = f"http://127.0.0.1:{self.ports.sendsms}/cgi-bin/sendsms"

    def start(self) -> None:
        self._run("bearerbox", BEARERBOX, str(self.config))
        self._wait_for("bearerbox", "Start-up done")
        self._run("smsbox", SMSBOX, str(self.config))
        self._wait_for("smsbox", "Connected to bearerbox")

    def write(self, line: str) -> None:
        """Let the telephones be at one that writes this, and reads whatever comes after."""
        self.stop("telephone")
        command = [FAKE_SMSC, "-r", str(self.ports.fake_smsc), "-i", "0.01", "-m", "1", line]
        self._run("telephone", *command)
        self._wait_for("telephone", "sent message 1")

    def received(self) -> list[str]:
        """Return what the telephones got since they last wrote, a line for each part."""
        said = (self.folder / "telephone.log").read_text("utf-8", "replace")
        return re.findall(r"Got message \d+: <(.*)>", said)

    def stop(self, name: str = "") -> None:
        for process in reversed(self.processes):
            if name in {"", process.name} and process.poll() is None:
                process.kill()
                process.wait()

    def _run(self, name: str, *command: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        process = subprocess.Popen(
            command, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        log.close()
        process.name = name
        self.processes.append(process)

    def _wait_for(self, name: str, words: str) -> None:
        log = self.folder / f"{name}.log"
        wait_until(lambda: words in log.read_text(errors="replace"), f"{name}: {words}")


def wait_until(is_so, what, *, seconds=20):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def _kannel_environment():
    before = dict(os.environ)
    os.environ["GILIRAN_KANNEL_SECRET"] = SECRET
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def network(_kannel_environment, server, tmp_path_factory):
    """Run Kannel beside a running server, and end it whatever happens."""
    if not HAS_KANNEL:
        reason = "Kannel isn't here (Debian: kannel and kannel-extras)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    clock.set_simulation(at("09:00"), speed=1)
    running = Network(tmp_path_factory.mktemp("kannel"), server.url)
    try:
        running.start()
        yield running
    finally:
        running.stop()


class TestNetwork:
    @pytest.fixture
    def telephone(self, network, server, monkeypatch):
        """A telephone whose owner wrote once, and can be told."""
        for name, value in {
            "URL": network.url,
            "USER": "giliran",
            "PASSWORD": "pw",
            "REPORTS": f"{server.url}/chat/sms/laporan/",
            "PRICE": "350",
        }.items():
            monkeypatch.setenv(f"GILIRAN_KANNEL_{name}", value)
        self.comes_in(network, "text Halo")
        contact_id = messages.heard_from("sms", NUMBER, now=clock.now())
        messages.subscribe(contact_id, subject="turn", subject_id=1, now=clock.now())
        return network

    def tell(self, text, key):
        now = clock.now()
        message_id = messages.tell(
            "test",
            subject="turn",
            subject_id=1,
            key=key,
            urgency=Urgency.NOW,
            expires_at=now + timedelta(hours=1),
            now=now,
        )
        messages.send(message_id, word=lambda *_: Wording(text, text), now=now)
        return message_id

    def wait_until_delivered(self, message_id):
        def is_delivered():
            return Message.objects.get(id=message_id).state == "delivered"

        wait_until(is_delivered, "the delivery report")

    def test_a_text_arrives_and_its_report_comes_back(self, telephone):
        message_id = self.tell("Giliran A014: mohon masuk ke loket 3, Rp0 £", "one")
        self.wait_until_delivered(message_id)

        got = telephone.received()
        assert got == [f"1500910 {NUMBER} text Giliran A014: mohon masuk ke loket 3, Rp0 £"]
        assert Attempt.objects.get(message_id=message_id).cost == 350

    def test_a_long_text_arrives_whole(self, telephone):
        text = " ".join(f"kata{n}" for n in range(90))
        self.wait_until_delivered(self.tell(text, "long"))

        parts = telephone.received()
        assert len(parts) == size(text).parts == 5
        assert "".join(read_part(part).decode("latin-1") for part in parts) == text

    def test_letters_of_other_scripts_arrive_as_ucs2(self, telephone):
        short, text = "Loket 3: 您好", "您好" * 60
        self.wait_until_delivered(self.tell(short, "ucs2"))
        self.wait_until_delivered(self.tell(text, "ucs2 long"))

        first, *parts = (read_part(part).decode("utf-16-be") for part in telephone.received())
        assert first == short
        assert len(parts) == size(text).parts == 2
        assert "".join(parts) == text

    def comes_in(self, network, *lines):
        """Let telephones write these; returns the one SMS that comes in of it."""
        before = Inbound.objects.count()
        for line in lines:
            network.write(f"{NUMBER} 1500910 {line}")
        wait_until(lambda: Inbound.objects.count() > before, "an SMS")
        return json.loads(unseal(Inbound.objects.order_by("id").last().body_sealed))

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            ("text BATAL 0412", "BATAL 0412"),
            ("text besok  pagi & siang? 100%", "besok  pagi & siang? 100%"),
        ],
    )
    def test_what_somebody_writes_comes_in_as_written(self, network, line, text):
        assert self.comes_in(network, line) == {"from": NUMBER, "to": "1500910", "text": text}

    @pytest.mark.parametrize("text", ["你好 & A ✓", "🙂", "ع"])
    def test_letters_of_other_scripts_come_in_as_written(self, network, text):
        before = Inbound.objects.count()
        answer = httpx.get(
            f"http://127.0.0.1:{network.web_smsc}/sms",
            params={
                "username": "web",
                "password": "web",
                "from": NUMBER,
                "to": "1500910",
                "text": text,
                "charset": "UTF-8",
                "coding": "2",
            },
        )
        assert answer.text == "Sent."
        wait_until(lambda: Inbound.objects.count() > before, "an SMS")

        said = json.loads(unseal(Inbound.objects.order_by("id").last().body_sealed))
        assert said["text"] == text

    def test_a_long_text_that_a_telephone_cut_comes_in_whole(self, network):
        Inbound.objects.all().delete()
        first, second = "a" * 150 + " ", "dan akhirnya"
        for place, part in ((1, first), (2, second)):
            network.write(f"{NUMBER} 1500910 udh %05%00%03%2A%02%0{place} {part.replace(' ', '+')}")
        wait_until(Inbound.objects.exists, "an SMS")

        said = json.loads(unseal(Inbound.objects.get().body_sealed))
        assert said["text"] == first + second

    def test_a_wrong_password_of_kannel_is_tried_again_later(self, telephone, monkeypatch):
        monkeypatch.setenv("GILIRAN_KANNEL_PASSWORD", "wrong")
        message_id = self.tell("x", "wrong password")

        assert Message.objects.get(id=message_id).state == "waiting"
        assert Attempt.objects.get(message_id=message_id).error.startswith("403")
        assert telephone.received() == []


def read_part(line: str) -> bytes:
    """Return the bytes of one part as fakesmsc writes it down: the header, then the data."""
    _, coded = re.fullmatch(r"\S+ \S+ (udh \S+ data|ucs-2|text) (.*)", line).groups()
    return unquote_to_bytes(coded.replace("+", " "))
