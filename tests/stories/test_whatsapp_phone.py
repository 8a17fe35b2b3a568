"""The telephones of the demonstration: pages that work without scripts, and an operator for SMS."""

import json
import re
from datetime import UTC, datetime

import httpx
import pytest

from giliran.cli.phone.app import App
from giliran.cli.phone.checks import registered
from giliran.cli.phone.people import people
from giliran.cli.phone.provider import Provider
from giliran.cli.phone.sms import Operator
from giliran.cli.phone.ussd import Gateway
from giliran.cli.whatsapp import stated_templates
from giliran.messages.kannel import Kannel
from giliran.messages.ports import Outgoing, Policy, Refused
from giliran.messages.whatsapp.port import CloudApi
from giliran.messages.wording import Wording

NINE = datetime(2026, 11, 24, 2, tzinfo=UTC)


class Stage:
    def __init__(self):
        self.told, self.asked = [], []
        self.provider = Provider(
            people(),
            templates=registered(stated_templates()),
            tell=lambda value, _: self.told.append(value),
            now=lambda: NINE,
            phone_id="1",
        )
        self.operator = Operator(
            self.provider.people.values(),
            get=self.asked.append,
            inbound="http://giliran.test/chat/sms/masuk/",
            secret="rahasia sekali",
            password="masuk",
            now=lambda: NINE,
        )
        self.keyed = []
        gateway = Gateway(self.screen)
        app = App(self.provider, token="t", operator=self.operator, gateway=gateway)
        self.transport = httpx.WSGITransport(app=app)
        self.web = httpx.Client(
            transport=self.transport, base_url="http://phone.test", follow_redirects=True
        )
        self.api = CloudApi("http://phone.test/v26.0", token="t", phone_id="1")
        self.api.http = httpx.Client(
            transport=self.transport, headers={"Authorization": "Bearer t"}
        )

    def screen(self, form):
        self.keyed.append(form)
        return f"CON {len(self.keyed)}. layar <1>" if len(self.keyed) < 3 else "END Terima kasih."

    def said(self):
        return [value["messages"][0] for value in self.told if "messages" in value]


@pytest.fixture
def stage():
    return Stage()


def answer(text, *choices):
    return Outgoing("ID.10400011223344556601", Wording(text, text, choices), "id", True, "9")


def test_all_telephones_are_on_one_page(stage):
    page = stage.web.get("/").text

    for path in re.findall(r'href="(/[a-z]+/(?:sms|ussd)?)"', page):
        assert stage.web.get(path).status_code == 200
    assert page.count("<li>") == len(people())
    assert "<script" not in page


def test_what_is_written_goes_to_giliran_and_stands_in_the_chat(stage):
    page = stage.web.post("/siti/tulis", data={"tulis": "Halo <b>giliran</b>"})

    assert page.url.path == "/siti/"
    assert stage.said()[0]["text"] == {"body": "Halo <b>giliran</b>"}
    assert "Halo &lt;b&gt;giliran&lt;/b&gt;" in stage.web.get("/siti/percakapan").text


def test_an_answer_is_read_and_its_button_pressed(stage):
    stage.web.post("/siti/tulis", data={"tulis": "halo"})
    stage.api.send(answer("Mau apa?", ("ambil", "Ambil giliran"), ("tanya", "Tanya hak")))
    chat = stage.web.get("/siti/percakapan").text
    (message,) = re.findall(r'name="pesan" value="([^"]+)"', chat)

    stage.web.post("/siti/pilih", data={"pesan": message, "pilihan": "tanya"})

    assert stage.said()[-1]["interactive"]["button_reply"] == {"id": "tanya", "title": "Tanya hak"}
    assert [v["statuses"][0]["status"] for v in stage.told if "statuses" in v][-1] == "read"


def test_nobody_presses_what_was_not_offered(stage):
    stage.web.post("/siti/tulis", data={"tulis": "halo"})
    stage.api.send(answer("Mau apa?", ("ambil", "Ambil giliran")))

    pressed = stage.web.post(
        "/siti/pilih", data={"pesan": stage.provider.people["siti"].thread[-1].id, "pilihan": "x"}
    )

    assert pressed.status_code == 404


def test_a_place_and_a_photo_are_sent(stage):
    stage.web.post("/bagus/tempat")
    stage.web.post("/bagus/foto")

    place, image = stage.said()
    assert place["location"]["latitude"] == pytest.approx(-6.3016)
    assert image["image"]["mime_type"] == "image/png"
    assert "from" not in place  # his number is hidden


def test_only_known_telephones_and_pages_answer(stage):
    for path in ("/nobody/", "/siti/unknown", "/siti/sms/unknown", "/media/x"):
        assert stage.web.get(path).status_code in {401, 404}
    assert stage.web.post("/siti/").status_code == 404
    assert stage.web.get("/phone.css").headers["content-type"].startswith("text/css")


def test_an_sms_goes_to_giliran_as_kannel_hands_it_over(stage):
    stage.web.post("/udin/sms/tulis", data={"tulis": "BATAL 3XPA & terima kasih"})

    asked = httpx.URL(stage.asked[0])
    assert asked.path == "/chat/sms/masuk/"
    assert dict(asked.params) == {
        "dari": "+6281210003004",
        "ke": "175",
        "id": "20261124020000-1",
        "huruf": "UTF-8",
        "rahasia": "rahasia sekali",
        "isi": "BATAL 3XPA & terima kasih",
    }


def kannel(stage, *, word="masuk"):
    box = Kannel(
        "http://phone.test/cgi-bin/sendsms",
        user="giliran",
        password=word,
        reports="http://giliran.test/chat/sms/laporan/",
    )
    box._client = stage.web
    return box


def test_an_sms_from_giliran_arrives_and_is_reported(stage):
    text = "Giliran 3XPA: Rab 25 Nov 09.30-10.00 WIB, KC Serang."

    kannel(stage).send(Outgoing("+6281210003004", Wording(text, text), "id", True, "77"))

    page = stage.web.get("/udin/sms/percakapan").text
    assert text in page
    assert "1 SMS" in page
    assert "hasil=1" in stage.asked[0]
    assert "tanda=77." in stage.asked[0]


def test_an_operator_takes_only_what_is_ours(stage):
    outgoing = Outgoing("+6281210003004", Wording("x", "x"), "id", True, "77")

    with pytest.raises(Refused) as refused:
        kannel(stage, word="guessed").send(outgoing)

    assert (refused.value.code, refused.value.policy) == ("403", Policy.RETRY)


def test_a_menu_is_dialled_and_answered_till_it_ends(stage):
    assert "Jawaban" not in stage.web.get("/udin/ussd").text
    assert "1. layar &lt;1&gt;" in stage.web.post("/udin/ussd").text

    stage.web.post("/udin/ussd", data={"tulis": "2"})
    last = stage.web.post("/udin/ussd", data={"tulis": "besok*pagi"}).text
    stage.web.post("/udin/ussd", data={"tulis": "3"})

    assert "Terima kasih." in last
    assert "Jawaban" not in last
    assert [form["text"] for form in stage.keyed] == ["", "2", "2*besok pagi"]
    assert len({form["sessionId"] for form in stage.keyed}) == 1
    assert {form["phoneNumber"] for form in stage.keyed} == {"+6281210003004"}


def test_a_server_that_does_not_answer_ends_the_session():
    gateway = Gateway(lambda _: "")
    udin = people()[3]

    gateway.dial(udin)

    assert gateway.session(udin).screen == "Layanan sedang tidak dapat dihubungi."
    assert not gateway.session(udin).is_open


def test_templates_survive_their_way_through_a_file():
    stated = json.loads(json.dumps(stated_templates()))

    assert registered(stated) == registered(stated_templates())
    assert {language for _, language in registered(stated)} == {"id", "en"}
