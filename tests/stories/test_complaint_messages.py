"""What is told of a complaint: one SMS, registrable, and nothing for those who look over."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest

from giliran.cli.whatsapp import stated_templates
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.messages import actions as messages
from giliran.messages.forms import PLACE
from giliran.messages.models import Message
from giliran.voices import actions as voices
from giliran.voices.actions import telling
from giliran.voices.likeness import hashed, pieces, shared
from giliran.voices.wordings import KINDS, forms, word, worded
from giliran.voices.wordings.facts import ANSWER_LETTERS, BRIEF_LETTERS, READERS, Known, shortened
from tests.builders import an_office, an_officer, at

both = pytest.mark.parametrize("language", ["id", "en"])
every = pytest.mark.parametrize("form", forms.FORMS, ids=lambda form: form.name)
WORST = {**forms.EXAMPLES, "due_date": "Wed 25 Nov", "confirm_date": "Wed 25 Nov"}


@both
@every
def test_every_message_is_one_plain_sms_that_keeps_its_first_sentence(form, language):
    short = worded(Known(form, WORST), language).short
    assert len(short) <= SMS_LETTERS
    assert short.isascii()
    assert short.startswith(form.short[0].spoken(language) % WORST)


@both
@every
def test_a_template_can_be_registered(form, language):
    body = form.registered(language)
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert len(body) + ANSWER_LETTERS <= 1024
    assert set(form.places(language)) == set(form.places("en"))
    named = set(form.places(language)).union(
        *(PLACE.findall(one.spoken(language)) for one in form.short)
    )
    assert named <= forms.EXAMPLES.keys()


def test_every_kind_that_is_told_has_words_and_every_form_is_registered():
    source = Path(telling.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'"(complaint_\w+)"', source)) == set(READERS) == KINDS
    stated = {one["name"] for one in stated_templates()}
    assert {form.name for form in forms.FORMS} <= stated


def test_a_long_answer_is_cut_between_words():
    text = "kata " * 300
    for most in (ANSWER_LETTERS, BRIEF_LETTERS):
        cut = shortened(text.strip(), most)
        assert len(cut) <= most
        assert cut.endswith("kata...")


@pytest.mark.django_db
def test_the_answer_to_who_is_protected_stays_on_the_page():
    office = an_office()
    region = an_officer(office, "regional")
    contact = messages.heard_from("sms", "081234567890", now=at("08:00"))
    view = voices.complain(
        request_key=uuid4(),
        channel="sms",
        text="Calo menawarkan nomor antrean di pintu.",
        office=office,
        category="bribe",
        is_protected=True,
        subscriber=contact,
        now=at("09:00"),
    )
    voices.classify(
        view.id, weight="light", category="bribe", officer_id=region.id, now=at("10:00")
    )
    said = {"request_key": uuid4(), "officer_id": region.id, "now": at("11:00")}
    voices.answer(view.id, "Calo itu sudah dilaporkan ke polisi.", **said)
    words = word(Message.objects.get(kind="complaint_answered").id, "id")
    assert "Calo" not in words.text + words.short + words.letter
    assert words.letter.endswith(f"/a/{view.code}/")


ALIKE = (
    "Kuota antrean habis jam lima pagi padahal loket belum buka",
    "Kuota antrian sdh habis jam lima pagi pdhl loket blm buka!!",
)
UNLIKE = "Toilet rusak dan tidak ada kursi roda untuk orang tua"


def test_likeness_forgives_how_people_type_and_keeps_apart_what_differs():
    a, b, c = (hashed(text) for text in (*ALIKE, UNLIKE))
    assert shared(a, b) == shared(b, a) > 0.5
    assert shared(a, c) < 0.2
    assert shared(a, a) == 1
    assert shared(a, b"") == 0
    assert hashed("yang dan di") == b""


def test_what_is_kept_of_the_words_holds_none_of_them():
    kept = hashed(ALIKE[0])
    assert len(kept) == 4 * len(pieces(ALIKE[0]))
    assert not any(piece.encode() in kept for piece in pieces(ALIKE[0]))
