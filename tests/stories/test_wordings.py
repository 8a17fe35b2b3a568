"""The words of messages: one SMS where it can be, registrable, and nothing personal."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from giliran.core.conversation.rendering import SMS_LETTERS, WHATSAPP_BUTTON
from giliran.messages import actions as messages
from giliran.messages.models import Message
from giliran.offices.models import Service
from giliran.turns import actions as turns
from giliran.turns.actions import telling
from giliran.turns.bring import papers_that_tell_nothing, what_to_bring
from giliran.turns.wordings import spoken, word, worded
from giliran.turns.wordings.facts import READERS, Known
from giliran.turns.wordings.forms import CHOICES, EXAMPLES, FORMS, PLACE
from tests.builders import a_booking, a_window, an_office, at

LANGUAGES = ("id", "en")
LONGEST_NAMES = (
    "Kantor Cabang Perintis Tanjung Jabung Timur",
    "Gerai Mal Pelayanan Publik Kabupaten Hulu Sungai Selatan",
)
WORST = {
    **EXAMPLES,
    "date": "Wed 25 Nov",
    "window": "09.30-10.00 WITA",
    "span": "09.40-10.05 WITA",
    "time": "09.20 WITA",
    "minutes": "120",
    "number": "A014",
    "counter": "12",
}
both = pytest.mark.parametrize("language", LANGUAGES)
every = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def said(form, language, name="Kantor Cabang Serang"):
    values = {**WORST, "office": name, "place": spoken.place(name)}
    return worded(Known(form, values), language)


@both
@every
def test_every_message_is_one_sms_also_of_an_office_with_a_long_name(form, language):
    too_long = {
        name: len(said(form, language, name).short)
        for name in LONGEST_NAMES
        if len(said(form, language, name).short) > SMS_LETTERS
    }
    assert too_long == {}


@given(
    name=st.text(alphabet=string.ascii_letters + " é’.-", min_size=1, max_size=120),
    form=st.sampled_from(FORMS),
    language=st.sampled_from(LANGUAGES),
)
def test_whatever_an_office_is_called_an_sms_is_one_and_ascii(name, form, language):
    short = said(form, language, name).short
    assert len(short) <= SMS_LETTERS
    assert short.isascii()


@both
@every
def test_an_sms_keeps_its_first_sentence_whole_and_speaks_gsm(form, language):
    short = said(form, language).short
    assert short.startswith(form.short[0].spoken(language) % {**WORST, "place": "KC Serang"})
    assert short.isascii()


@both
@every
def test_a_template_can_be_registered(form, language):
    body = form.registered(language)
    # The provider refuses bodies that begin or end with a place, or with two places side by side.
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert "}}{{" not in body.replace(" ", "")
    assert len(body) <= 1024
    assert re.fullmatch(r"[a-z0-9_]{1,512}", form.name)
    numbers = [int(n) for n in re.findall(r"\{\{(\d+)\}\}", body)]
    assert numbers == list(range(1, len(form.places(language)) + 1))
    assert len(set(form.places(language))) == len(numbers)
    assert all("\n" not in one and "    " not in one for one in said(form, language).parameters)


@both
@every
def test_the_places_of_both_lengths_are_known(form, language):
    named = {*form.places(language)}
    for sentence in form.short:
        named |= set(PLACE.findall(sentence.spoken(language)))
    assert named <= EXAMPLES.keys()


@every
def test_both_languages_say_the_same_things(form):
    assert set(form.places("id")) == set(form.places("en"))


def test_names_of_templates_and_buttons_are_short_and_once():
    assert len({form.name for form in FORMS}) == len(FORMS)
    for label in CHOICES.values():
        assert max(len(label.id), len(label.en)) <= WHATSAPP_BUTTON


@both
def test_no_message_names_a_service_a_person_or_a_misfortune(language):
    tells = re.compile(
        r"\b(jht|jkm|jkk|jp|jkp|nik|klaim|claim|kematian|death|kecelakaan|accident|phk|"
        r"ahli waris|heir|almarhum|bpjs)\b",
        re.IGNORECASE,
    )
    for form in FORMS:
        everything = " ".join(
            [form.said(language), form.title.spoken(language)]
            + [sentence.spoken(language) for sentence in form.short]
        )
        assert not tells.search(everything), form.name
    with override(language):
        for code in ("jht", "jkm", "jkk", "jp", "jkp", "data"):
            assert not tells.search(" ".join(papers_that_tell_nothing(code))), code


def test_papers_that_tell_nothing_are_papers_that_are_needed():
    for code in ("jht", "jkk", "jp", "jkp"):
        assert set(papers_that_tell_nothing(code)) <= set(what_to_bring(code))
    assert papers_that_tell_nothing("jkm")[0] == "KTP asli"


def test_offices_are_written_as_their_staff_write_them():
    assert spoken.place("Kantor Cabang Serang") == "KC Serang"
    assert spoken.place("Kantor Cabang Perintis Cilegon") == "KCP Cilegon"
    assert spoken.place("Gerai MPP Kota Serang") == "Gerai MPP Kota Serang"
    assert len(spoken.place("Kantor " + "x" * 100)) <= spoken.PLACE_LETTERS


@pytest.mark.django_db
def test_an_email_brings_the_calendar_and_takes_it_out_again_without_naming_the_service():
    turn = a_booking(a_window(an_office()))
    Service.objects.update(name="Klaim JKM")
    contact_id = messages.heard_from("email", "siti@contoh.id", now=at("07:00"))
    messages.subscribe(contact_id, subject="turn", subject_id=turn.id, now=at("07:00"))
    telling.turn_booked(turn, now=at("07:00"))
    first = word(Message.objects.get(kind="turn.booked").id, "id")
    turns.cancel(turn.id, actor="citizen", now=at("07:05"))
    last = word(Message.objects.get(kind="turn.cancelled").id, "id")
    assert first is not None
    assert last is not None
    assert first.title == "Kabar giliran Bapak/Ibu"
    assert "Balas" in first.text
    assert "Balas" not in first.letter  # nobody would read the answer
    assert f"/g/{turn.code}/pengingat/" in first.letter
    assert turn.code not in first.text + first.short
    entry, gone = (Calendar.from_ical(one.calendar) for one in (first, last))
    assert (entry["METHOD"], gone["METHOD"]) == ("PUBLISH", "CANCEL")
    assert str(entry.walk("VEVENT")[0]["SUMMARY"]) == "Antrean layanan di Serang"
    assert b"JKM" not in first.calendar
    assert entry.walk("VEVENT")[0]["UID"] == gone.walk("VEVENT")[0]["UID"]


@pytest.mark.django_db
def test_an_english_contact_is_told_in_english():
    turn = a_booking(a_window(an_office()))
    contact_id = messages.heard_from("sms", "081234567890", language="en", now=at("07:00"))
    messages.subscribe(contact_id, subject="turn", subject_id=turn.id, now=at("07:00"))
    telling.turn_booked(turn, now=at("07:00"))
    english = word(Message.objects.get().id, "en")
    assert english is not None
    assert english.text.startswith(
        f"Turn {turn.code[-4:]} is noted: Monday, 23 November 2026, 09.30-10.00 WIB, at Serang."
    )


def test_every_kind_that_is_told_has_words():
    source = "".join(
        Path(f"giliran/turns/actions/{name}.py").read_text()
        for name in ("telling", "reminding", "consenting")
    )
    kinds = set(re.findall(r'"((?:turn|application)\.[a-z_]+)"', source))
    assert kinds == set(READERS)
