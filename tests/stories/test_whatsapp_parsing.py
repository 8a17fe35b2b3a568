"""What the provider's deliveries are cut into, and what each event means."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.messages.ports import Policy
from giliran.messages.whatsapp import parsing, reading
from giliran.messages.whatsapp.parsing import parse
from giliran.messages.whatsapp.reading import (
    Heard,
    Ignored,
    Moved,
    Notice,
    Person,
    Preference,
    Status,
    read,
)

RECORDED = Path("tests/data/whatsapp")
NAMES = sorted(file.stem for file in RECORDED.glob("*.json"))
SITI = Person("ID.13491208655302741918", "+6281234567890")
DEWI = Person("ID.99120043218845102233")


def recorded(name):
    return (RECORDED / f"{name}.json").read_bytes()


def meaning_of(name):
    (event,) = parse(recorded(name))
    return read(event)


def test_a_text_is_heard_with_who_said_it_and_when():
    heard = meaning_of("text")

    assert isinstance(heard, Heard)
    assert heard.person == SITI
    assert heard.text == "Saya mau cairkan JHT, bisa besok pagi?"
    assert heard.at == datetime.fromtimestamp(1795489383, UTC)


@pytest.mark.parametrize(
    ("name", "choice", "text"),
    [
        ("button_reply", "turn.confirm", "Saya datang"),
        ("list_reply", "office.serang", "Serang"),
        ("template_button", "turn.cancel", "Batalkan"),
    ],
)
def test_a_pressed_button_or_row_is_a_choice(name, choice, text):
    heard = meaning_of(name)

    assert (heard.choice, heard.text) == (choice, text)


def test_a_form_filled_in_the_chat_is_read():
    assert meaning_of("flow_reply").form == {
        "flow_token": "ask-turn",
        "service": "jht",
        "day": "2026-11-24",
    }


@pytest.mark.parametrize(
    ("name", "mime", "text"),
    [
        ("image", "image/jpeg", "Surat keterangan kerja"),
        ("document", "application/pdf", ""),
        ("audio", "audio/ogg; codecs=opus", ""),
        ("video", "video/mp4", ""),
        ("sticker", "image/webp", ""),
    ],
)
def test_a_file_is_named_so_that_it_can_be_fetched(name, mime, text):
    heard = meaning_of(name)

    assert heard.file.media_id.isdigit()
    assert (heard.file.mime, heard.text) == (mime, text)


def test_a_location_is_a_place():
    assert meaning_of("location").place == (-6.1169, 106.1539)


def test_who_hides_their_number_is_known_by_their_user_id():
    assert meaning_of("no_phone").person == DEWI


def test_a_number_shared_by_its_owner_is_taken_but_not_one_from_a_card():
    assert meaning_of("shared_phone").shared_phone == "+6281311112222"
    assert meaning_of("shared_phone").person == DEWI
    assert not meaning_of("contacts").shared_phone


@pytest.mark.parametrize("name", ["order", "unsupported", "contacts"])
def test_what_cannot_be_read_is_heard_all_the_same(name):
    heard = meaning_of(name)

    assert heard.person == SITI
    assert not any((heard.text, heard.choice, heard.file, heard.place, heard.form))


@pytest.mark.parametrize("name", ["reaction", "edited", "deleted", "echo_of_the_app"])
def test_what_asks_for_no_answer_is_ignored(name):
    assert isinstance(meaning_of(name), Ignored)


def test_a_new_number_belongs_to_the_same_person():
    assert meaning_of("system_number") == Moved(
        before="ID.13491208655302741918",
        before_phone="+6281234567890",
        person=Person("ID.55502741918134912086", "+6281300001111"),
        at=datetime.fromtimestamp(1795489500, UTC),
    )
    moved = meaning_of("system_user_id")
    assert (moved.before, moved.person) == (DEWI.address, Person("ID.77702741918134912086"))


def test_statuses_tell_of_our_message_and_what_it_cost():
    sent, delivered, was_read = (
        meaning_of(f"status_{name}") for name in ("sent", "delivered", "read")
    )

    assert [s.status for s in (sent, delivered, was_read)] == ["sent", "delivered", "read"]
    assert len({s.provider_id for s in (sent, delivered, was_read)}) == 1
    assert (sent.reference, sent.person) == ("417", SITI)
    assert (sent.pricing.billable, sent.pricing.category) == (True, "utility")
    assert not was_read.pricing.billable


def test_statuses_of_one_message_are_events_of_their_own():
    ids = {
        parse(recorded(f"status_{name}"))[0].external_id
        for name in ("sent", "delivered", "read", "failed")
    }

    assert len(ids) == 4


def test_a_failed_status_says_what_to_do():
    closed, stopped = meaning_of("status_failed"), meaning_of("status_failed_stopped")

    assert (closed.code, closed.handling.policy) == (131047, Policy.NEXT_CHANNEL)
    assert closed.error.startswith("Message failed to send because more than 24 hours")
    assert (stopped.code, stopped.handling.policy) == (131050, Policy.STOP)


@pytest.mark.parametrize(("name", "wants"), [("stop", False), ("resume", True)])
def test_who_stops_or_resumes_marketing_is_known(name, wants):
    preference = meaning_of(f"preference_{name}")

    assert isinstance(preference, Preference)
    assert (preference.person, preference.category) == (SITI, "marketing_messages")
    assert preference.wants is wants


@pytest.mark.parametrize(
    ("name", "alarm"),
    [
        ("account_update", True),
        ("template_status", True),
        ("phone_quality", True),
        ("category_update", True),
        ("errors", False),
    ],
)
def test_notices_about_the_account_ring_where_somebody_must_act(name, alarm):
    notice = meaning_of(name)

    assert isinstance(notice, Notice)
    assert notice.alarm is alarm


def test_a_batch_over_entries_and_changes_loses_nothing():
    meanings = [read(event) for event in parse(recorded("batch"))]

    said = [(m.text, m.person) for m in meanings if isinstance(m, Heard)]
    assert sorted(said) == [("dua", DEWI), ("empat", DEWI), ("satu", SITI), ("tiga", SITI)]
    assert [m.status for m in meanings if isinstance(m, Status)] == ["sent", "delivered"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_delivery_has_the_same_ids_whenever_it_comes(name):
    again = json.dumps(json.loads(recorded(name)), indent=None, sort_keys=True).encode()

    first, second = parse(recorded(name)), parse(again)

    assert [e.external_id for e in first] == [e.external_id for e in second]
    assert len({e.external_id for e in first}) == len(first)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_are_not_kept(name):
    kept = "".join(event.body for event in parse(recorded(name)))

    for personal in ("Siti", "Rahmawati", "Dewi", "Lestari", "dewi.lestari", "Budi", "Santoso"):
        assert personal not in kept


@pytest.mark.parametrize("name", NAMES)
def test_ids_say_nothing_of_anybody(name):
    for event in parse(recorded(name)):
        assert len(event.external_id) <= 60
        assert "wamid" not in event.external_id
        assert "812345" not in event.external_id


def test_a_thousand_messages_in_one_delivery_are_a_thousand_events():
    delivery = json.loads(recorded("text"))
    value = delivery["entry"][0]["changes"][0]["value"]
    (message,) = value["messages"]
    value["messages"] = [{**message, "id": f"wamid.{n}"} for n in range(1000)]

    assert len({e.external_id for e in parse(json.dumps(delivery).encode())}) == 1000


# -- whatever comes -------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = sorted(
    {
        *("entry", "changes", "value", "field", "messages", "statuses", "contacts", "errors"),
        *("id", "from", "from_user_id", "type", "text", "body", "interactive", "button_reply"),
        *("title", "status", "timestamp", "user_preferences", "wa_id", "user_id", "profile"),
        *("system", "image", "location", "latitude", "longitude", "metadata", "pricing", "code"),
        *("nfm_reply", "response_json", "origin", "phones", "contact_request", "recipient_id"),
        *("error_data", "details", "previous_user_id", "category", "button", "payload"),
    }
)
WORDS = ["text", "system", "interactive", "failed", "sent", "stop", "contacts", "image", "1e999"]
likely = st.recursive(
    st.sampled_from([*WORDS, *parsing.MESSAGE_KINDS, "\ud800", "\x00", 1, None, 1e400]) | anything,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=6)
    ),
    max_leaves=30,
)


def assert_can_be_kept(event):
    assert event.external_id.isascii()
    assert 0 < len(event.external_id) <= 250
    assert 0 < len(event.kind) <= 20
    assert "\x00" not in event.body
    event.body.encode()
    event.speaker.encode()


@given(st.binary() | anything.map(json.dumps).map(str.encode))
def test_no_bytes_make_the_parser_raise_or_forget(body):
    events = parse(body)

    assert bool(events) == bool(body.strip())
    for event in events:
        assert_can_be_kept(event)
        read(event)


@given(st.lists(likely, min_size=1, max_size=5))
def test_no_value_makes_the_reader_raise(values):
    changes = [{"field": "messages", "value": value} for value in values]
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": changes}]})

    for event in parse(body.encode()):
        assert_can_be_kept(event)
        for part in _texts(read(event)):
            assert "\x00" not in part
            part.encode()


def _texts(meaning):
    for part in meaning:
        if isinstance(part, str):
            yield part
        elif isinstance(part, tuple):
            yield from _texts(part)


@st.composite
def broken(draw):
    """A recorded delivery with one part of it, anywhere, replaced by something else."""
    delivery = copy.deepcopy(json.loads(recorded(draw(st.sampled_from(NAMES)))))
    part = delivery
    while True:
        at = draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[at], (dict, list)) or not part[at] or draw(st.integers(0, 3)) == 0:
            part[at] = draw(likely)
            return delivery
        part = part[at]


@given(broken())
def test_a_recorded_delivery_with_any_part_broken_is_still_read(delivery):
    for event in parse(json.dumps(delivery).encode()):
        assert_can_be_kept(event)
        read(event)


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.lists(st.uuids(), max_size=3),
                st.lists(st.uuids(), max_size=3),
                st.sampled_from(["messages", "unheard_of", None]),
            ),
            max_size=3,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_however_messages_and_statuses_are_nested_none_is_lost(entries):
    delivery = {"entry": []}
    texts, reports = set(), set()
    for entry in entries:
        changes = []
        for said, told, field in entry:
            texts |= {str(uuid) for uuid in said}
            reports |= {str(uuid) for uuid in told}
            messages = [
                {"id": f"m{u}", "from": "628", "type": "text", "text": {"body": str(u)}}
                for u in said
            ]
            statuses = [{"id": f"s{u}", "status": "sent"} for u in told]
            # One alone may come without its list.
            value = {
                "messages": messages[0] if len(messages) == 1 else messages,
                "statuses": statuses,
            }
            changes.append({"field": field, "value": value})
        delivery["entry"].append({"id": "1", "changes": changes})

    meanings = [read(event) for event in parse(json.dumps(delivery).encode())]

    assert {m.text for m in meanings if isinstance(m, Heard)} == texts
    assert {m.provider_id for m in meanings if isinstance(m, Status)} == {
        parsing.opaque(f"s{u}") for u in reports
    }


def test_nesting_deeper_than_can_be_read_is_kept_unread():
    deep = b'{"entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    (event,) = parse(deep)

    assert event.kind == parsing.UNSUPPORTED
    assert read(event) == reading.Ignored("unknown")
