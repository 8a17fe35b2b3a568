"""Sending by the Cloud API, against a provider that is as strict as the real one."""

import hashlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.cli.phone.app import App
from giliran.cli.phone.checks import Template, check, registered
from giliran.cli.phone.pages import photo
from giliran.cli.phone.people import Person
from giliran.cli.phone.provider import Provider
from giliran.cli.whatsapp import stated_templates
from giliran.messages.ports import Outgoing, Policy, Refused
from giliran.messages.whatsapp import errors, media, parsing, payloads, reading
from giliran.messages.whatsapp.port import CloudApi, from_environment
from giliran.messages.whatsapp.pricing import Pricing, cost, rates
from giliran.messages.wording import Wording

TOKEN, PHONE_ID = "a-token", "106540352242922"
API = "http://provider.test/v26.0"
REMINDER = Template("Giliran {{1}} besok pukul {{2}}.", ("Ya, saya datang", "Tidak bisa datang"))


class Stage:
    """A provider, our port to it, and a clock that goes when told."""

    def __init__(self, *, burst=45):
        self.now = datetime(2026, 11, 24, 2, tzinfo=UTC)
        self.told = []
        self.siti = Person("siti", "Siti", "6281234567890", "ID.1001")
        self.dewi = Person("dewi", "Dewi", "6281311112222", "ID.1002", hides_number=True)
        self.provider = Provider(
            [self.siti, self.dewi],
            templates={("pengingat", "id"): REMINDER},
            tell=lambda value, field: self.told.append((value, field)),
            now=lambda: self.now,
            phone_id=PHONE_ID,
            burst=burst,
        )
        self.transport = httpx.WSGITransport(app=App(self.provider, token=TOKEN))
        self.api = self.port()

    def port(self, *, token=TOKEN, url=API, phone_id=PHONE_ID):
        return CloudApi(url, token=token, phone_id=phone_id, transport=self.transport)

    def statuses(self):
        values = [value for value, field in self.told if "statuses" in value]
        return [value["statuses"][0] for value in values]

    def send(self, wording, *, to="+6281234567890", in_window=True, api=None):
        return (api or self.api).send(Outgoing(to, wording, "id", in_window, "417"))


@pytest.fixture
def stage():
    stage = Stage()
    stage.provider.write(stage.siti, "halo")
    stage.provider.write(stage.dewi, "halo")
    stage.told.clear()
    return stage


def saying(text="Baik.", **more):
    return Wording(text=text, short=text[:160], **more)


def refusal_of(stage, wording, **more):
    with pytest.raises(Refused) as refused:
        stage.send(wording, **more)
    return refused.value.code, refused.value.policy


# -- what goes out --------------------------------------------------------------------------------


def test_an_answer_arrives_and_its_reports_name_it(stage):
    sent = stage.send(saying("Giliran Bapak/Ibu pukul 09.30 WIB."))

    assert stage.siti.thread[-1].shown.text == "Giliran Bapak/Ibu pukul 09.30 WIB."
    assert [s["status"] for s in stage.statuses()] == ["sent", "delivered"]
    assert {parsing.opaque(s["id"]) for s in stage.statuses()} == {sent.provider_id}
    assert {s["biz_opaque_callback_data"] for s in stage.statuses()} == {"417"}


def test_a_user_id_is_reached_without_a_number(stage):
    stage.send(saying(), to="ID.1002")

    assert stage.dewi.thread[-1].ours
    assert "recipient_id" not in stage.statuses()[0]


def test_a_long_row_goes_on_below_its_title(stage):
    labels = ("1. Klaim JHT (Jaminan Hari Tua)", "2. Perusahaan memberhentikan saya (PHK)", "3. Ya")
    stage.send(saying("Pilih:", choices=tuple((label, label) for label in labels)))
    shown = [(title, more) for _, title, more in stage.siti.thread[-1].shown.choices]
    assert shown == [
        ("1. Klaim JHT", "(Jaminan Hari Tua)"),
        ("2. Perusahaan", "memberhentikan saya (PHK)"),
        ("3. Ya", ""),
    ]


def test_few_choices_become_buttons_and_more_a_list(stage):
    few = tuple((f"c{n}", f"Pilihan {n}") for n in range(3))
    more = tuple((f"c{n}", f"Kantor Cabang nomor {n} di kota") for n in range(10))

    stage.send(saying("Pilih:", choices=few))
    stage.send(saying("Pilih:", choices=more))

    buttons, rows = (entry.shown for entry in stage.siti.thread[-2:])
    assert [c[1] for c in buttons.choices] == ["Pilihan 0", "Pilihan 1", "Pilihan 2"]
    assert rows.list_button == "Pilih"
    assert rows.choices[9] == ("c9", "Kantor Cabang nomor 9 di", "kota")


def test_choices_that_do_not_fit_are_numbered_lines(stage):
    stage.send(saying("Pilih:", choices=tuple((f"c{n}", f"Pilihan {n}") for n in range(11))))

    shown = stage.siti.thread[-1].shown
    assert shown.choices == ()
    assert shown.text.endswith("\n10. Pilihan 9\n11. Pilihan 10")


def test_outside_the_window_only_a_template_goes(stage):
    stage.now += timedelta(hours=24)
    reminder = saying(
        "…",
        template="pengingat",
        parameters=("3XPA", "09.30-10.00\nWIB"),
        choices=(("ya:3XPA", "Ya, saya datang"), ("batal:3XPA", "Tidak bisa datang")),
    )

    stage.send(reminder, in_window=False)

    shown = stage.siti.thread[-1].shown
    assert shown.text == "Giliran 3XPA besok pukul 09.30-10.00 WIB."
    assert [c[0] for c in shown.choices] == ["ya:3XPA", "batal:3XPA"]
    assert stage.statuses()[0]["pricing"]["billable"] is True
    assert refusal_of(stage, saying(), in_window=False) == ("131047", Policy.NEXT_CHANNEL)


def test_a_pressed_template_button_comes_back_as_its_choice(stage):
    choices = (("ya:3XPA", "Ya, saya datang"), ("batal:3XPA", "Tidak bisa datang"))
    wording = saying(template="pengingat", parameters=("3XPA", "09.30"), choices=choices)
    stage.send(wording, in_window=False)

    stage.provider.press(stage.siti, stage.siti.thread[-1].id, "batal:3XPA")

    assert stage.told[-1][0]["messages"][0]["button"] == {
        "payload": "batal:3XPA",
        "text": "Tidak bisa datang",
    }


@given(
    text=st.text(min_size=1, max_size=5000).filter(str.strip),
    choices=st.lists(
        st.tuples(
            st.text("abc:.1", max_size=3) | st.text("abc:.1", max_size=300),
            st.text("Ya Tidak", max_size=22)
            | st.text("ab", max_size=50).map("Kantor Cabang Kota Baru ".__add__),
        ),
        max_size=14,
    ),
)
def test_whatever_is_worded_the_provider_takes_its_shape(text, choices):
    wording = Wording(text, "x", tuple(choices))

    message = payloads.payload(Outgoing("+628123", wording, "id", True, "r" * 600))

    shown = check(message, {})
    assert len(shown.text) <= 4096
    if shown.choices:
        assert [c[0] for c in shown.choices] == [choice_id for choice_id, _ in choices]


def test_a_code_goes_as_the_provider_wants_it_and_only_to_a_number(stage):
    stage.provider.templates = registered(stated_templates())
    code = saying("Kode: 123456", template="code", parameters=("123456",))

    stage.send(code, in_window=False)

    assert stage.siti.thread[-1].shown.text.startswith("*123456* adalah kode")
    refused = refusal_of(stage, code, in_window=False, to="ID.1002")
    assert refused == ("131062", Policy.NEXT_CHANNEL)


def test_a_number_is_asked_for_by_the_providers_own_button(stage):
    asking = saying("Berapa nomor telepon Bapak/Ibu?", choices=(("share_phone", "Bagikan"),))
    stage.send(asking, to="ID.1002")
    (choice,) = stage.dewi.thread[-1].shown.choices

    stage.provider.press(stage.dewi, stage.dewi.thread[-1].id, choice[0])

    value, field = stage.told[-1]
    body = {"entry": [{"changes": [{"field": field, "value": value}]}]}
    (event,) = parsing.parse(httpx.Request("POST", API, json=body).content)
    assert reading.read(event).shared_phone == "+6281311112222"
    assert reading.read(event).person == reading.Person("ID.1002")


# -- what it refuses ------------------------------------------------------------------------------


def test_a_closed_window_is_found_out_by_the_provider_too(stage):
    stage.now += timedelta(hours=24)

    stage.send(saying())

    (status,) = stage.statuses()
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131047)


def test_who_has_no_whatsapp_is_tried_elsewhere(stage):
    stage.send(saying(), to="+6280000000000")

    (status,) = stage.statuses()
    body = {"entry": [{"changes": [{"field": "messages", "value": {"statuses": [status]}}]}]}
    (event,) = parsing.parse(httpx.Request("POST", API, json=body).content)
    assert reading.read(event).handling.policy is Policy.NEXT_CHANNEL


def test_too_much_to_one_person_has_to_wait_but_not_the_others():
    stage = Stage(burst=3)
    for person in (stage.siti, stage.dewi):
        stage.provider.write(person, "halo")
    for _ in range(3):
        stage.send(saying())

    with pytest.raises(Refused) as refused:
        stage.send(saying())
    stage.send(saying(), to="ID.1002")

    assert (refused.value.code, refused.value.policy) == ("131056", Policy.WAIT)
    stage.now += timedelta(seconds=refused.value.seconds)
    stage.send(saying())


def test_more_a_second_than_the_number_may_send_waits(stage):
    people = [Person(f"p{n}", "", f"62811{n:05}", f"ID.{n}") for n in range(81)]
    stage.provider.people |= {person.slug: person for person in people}
    for person in people[:80]:
        stage.send(saying(), to=person.phone)

    assert refusal_of(stage, saying(), to=people[80].phone) == ("130429", Policy.WAIT)


@pytest.mark.parametrize(
    ("template", "parameters", "code"),
    [("tidak_ada", ("a", "b"), "132001"), ("pengingat", ("a",), "132000")],
)
def test_a_template_that_is_not_as_registered_rings(stage, caplog, template, parameters, code):
    wording = saying(template=template, parameters=parameters)

    assert refusal_of(stage, wording, in_window=False) == (code, Policy.NEXT_CHANNEL)
    assert f"WhatsApp refuses with {code}" in caplog.text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"token": "another"}, "190"),
        ({"phone_id": "1"}, "33"),
        ({"url": "http://provider.test/v17.0"}, "2635"),
    ],
)
def test_a_wrong_token_number_or_version_rings(stage, caplog, changed, code):
    assert refusal_of(stage, saying(), api=stage.port(**changed))[0] == code
    assert "WhatsApp refuses" in caplog.text


def answering(reply):
    return CloudApi(API, token=TOKEN, phone_id="1", transport=httpx.MockTransport(reply))


def raising(error):
    def reply(request):
        raise error

    return reply


@pytest.mark.parametrize(
    ("reply", "policy"),
    [
        (raising(httpx.ConnectError("refused")), Policy.RETRY),
        (raising(httpx.ConnectTimeout("slow")), Policy.RETRY),
        (raising(httpx.ReadTimeout("no answer")), Policy.UNKNOWN),
        (raising(httpx.RemoteProtocolError("cut off")), Policy.UNKNOWN),
        (lambda _: httpx.Response(502, text="<html>Bad gateway"), Policy.UNKNOWN),
        (lambda _: httpx.Response(200, text="taken"), Policy.UNKNOWN),
        (lambda _: httpx.Response(200, json={"messages": []}), Policy.UNKNOWN),
        (lambda _: httpx.Response(404, text="Not found"), Policy.NEXT_CHANNEL),
        (lambda _: httpx.Response(500, json={"error": {"code": 131000}}), Policy.RETRY),
        (lambda _: httpx.Response(400, json={"error": {"code": "x"}}), Policy.NEXT_CHANNEL),
        (lambda _: httpx.Response(400, json={"error": {"code": 131050}}), Policy.STOP),
    ],
)
def test_what_may_have_been_sent_is_never_sent_again(reply, policy):
    with pytest.raises(Refused) as refused:
        answering(reply).send(Outgoing("+628", saying(), "id", True, "1"))

    assert refused.value.policy is policy


@pytest.mark.parametrize("who", ["+6281234567890", "6281234567890", "ID.13491208655302741918"])
def test_a_refusal_names_nobody(caplog, who):
    details = {"error": {"code": 131009, "error_data": {"details": f"Invalid value {who}\n"}}}

    with pytest.raises(Refused) as refused:
        answering(lambda _: httpx.Response(400, json=details)).send(
            Outgoing(who, saying(), "id", True, "1")
        )

    assert refused.value.sentence == "Invalid value …"
    assert "1234567890" not in caplog.text
    assert "ID.134" not in caplog.text


def test_every_error_has_a_policy_and_a_wait_has_its_seconds():
    for code in [*errors.KNOWN, 133010, 200, 999_999]:
        handling = errors.handling(code)
        assert handling.meaning
        assert (handling.seconds > 0) == (handling.policy is Policy.WAIT)


# -- files ----------------------------------------------------------------------------------------


def test_a_photo_is_fetched_whole_and_unchanged(stage):
    media_id = stage.provider.send_file(stage.siti, photo(), "image/png")
    stated = stage.told[-1][0]["messages"][0]["image"]["sha256"]

    fetched = media.fetch_media(media_id, sha256=stated, api=stage.api)

    assert fetched == (photo(), "image/png", hashlib.sha256(photo()).hexdigest())


def test_an_address_of_a_file_lives_five_minutes(stage):
    media_id = stage.provider.send_file(stage.siti, photo(), "image/png")
    address = stage.provider.media_address(media_id, "http://provider.test")["url"]
    assert stage.api.http.get(address).is_success

    stage.now += timedelta(minutes=5)

    assert stage.api.http.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "mime", "refusal"),
    [
        (b"OggS", "audio/ogg; codecs=opus", media.WrongType),
        (b"<script>", "application/pdf", media.WrongType),
        (b"\xff\xd8\xff" + bytes(media.LARGEST_BYTES), "image/jpeg", media.TooLarge),
    ],
)
def test_files_that_no_counter_takes_are_refused(stage, content, mime, refusal):
    media_id = stage.provider.send_file(stage.siti, content, mime)

    with pytest.raises(refusal):
        media.fetch_media(media_id, api=stage.api)


def test_a_file_that_was_changed_on_its_way_or_is_gone_is_not_taken(stage):
    media_id = stage.provider.send_file(stage.siti, photo(), "image/png")

    for wanted, stated in ((media_id, "0" * 64), ("12345", ""), ("../me", "")):
        with pytest.raises(media.NotFetched):
            media.fetch_media(wanted, sha256=stated, api=stage.api)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:5432/", "https://evil.test/a", "https://notfbsbx.com/a", "file:"]
)
def test_our_token_goes_to_nobody_but_the_provider(address):
    asked = []

    def reply(request):
        asked.append(request.url.host)
        return httpx.Response(200, json={"url": address, "mime_type": "image/png"})

    with pytest.raises(media.NotFetched):
        media.fetch_media("1", api=answering(reply))

    assert asked == ["provider.test"]


def test_a_file_larger_than_it_said_is_cut_off():
    def reply(request):
        if request.url.path.endswith("/1"):
            url = "https://lookaside.fbsbx.com/x"
            return httpx.Response(200, json={"url": url, "mime_type": "image/png", "file_size": 9})
        return httpx.Response(200, content=bytes(media.LARGEST_BYTES + 1))

    with pytest.raises(media.TooLarge):
        media.fetch_media("1", api=answering(reply))


# -- templates, costs, environment ----------------------------------------------------------------


def test_templates_are_as_the_provider_wants_them():
    stated = stated_templates()

    assert len({(one["name"], one["language"]) for one in stated}) == len(stated)
    for (name, _), template in registered(stated).items():
        assert name.replace("_", "").isalnum()
        assert name == name.lower()
        assert len(template.text) <= 1024
        if template.category == "utility":  # it may neither begin nor end with a place
            assert not template.text.startswith("{{")
            assert not template.text.endswith("}}")
        assert all(len(button) <= 25 for button in template.buttons)


def test_a_message_costs_its_rate_or_nothing_or_we_do_not_know():
    by_category = rates({"GILIRAN_WHATSAPP_RATES": "utility=408.5 service=0"})

    assert cost(Pricing(True, "utility"), by_category) == by_category["utility"]
    assert cost(Pricing(False, "utility"), by_category) == 0
    assert cost(Pricing(True, "marketing"), by_category) is None
    assert cost(None, by_category) is None
    with pytest.raises(ValueError, match="must look like"):
        rates({"GILIRAN_WHATSAPP_RATES": "utility=free"})


def test_there_is_no_port_where_none_is_named():
    assert from_environment({}) is None
    named = {"GILIRAN_WHATSAPP_TOKEN": "t", "GILIRAN_WHATSAPP_PHONE_ID": "1"}
    assert from_environment(named).url == "https://graph.facebook.com/v26.0"
