"""A photo sent in a chat goes with the complaint that is told there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from giliran.conversations import actions
from giliran.conversations.models import Document, Handover
from giliran.core.conversation import Document as Sent
from giliran.core.conversation import Said
from giliran.messages import actions as messages
from giliran.voices.models import Attachment, Complaint
from tests.builders import an_office, at
from tests.hostile import PHP
from tests.photos import a_page, written

pytestmark = pytest.mark.django_db
TEXT = "Calo di pintu menjual nomor antrean"


@pytest.fixture(autouse=True)
def store(settings):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    an_office("serang")


class Person:
    """Somebody with a telephone."""

    def __init__(self, channel="whatsapp", phone=""):
        contact_id = messages.heard_from(channel, "+6281234567890", now=at("06:00"))
        self.speaker = actions.Speaker(
            channel, "+6281234567890", contact_id=contact_id, phone=phone
        )
        self.now = at("09:00")

    def says(self, *texts, photo: bytes | None = None):
        answer = []
        for text in texts or ("",):
            self.now += timedelta(seconds=20)
            sent = Sent("image/jpeg", photo) if photo else None
            answer = actions.hear(self.speaker, Said(text, document=sent), now=self.now)
        return "\n".join(say.text for say in answer)


def a_photo(letter: str = "A") -> bytes:
    return written(a_page((f"Kuitansi {letter}",), width=600))


def test_after_the_receipt_photos_are_asked_for_and_kept():
    person = Person()
    told = person.says("keluhan", TEXT, "serang")
    assert "Aduan diterima" in told
    assert "Ada fotonya?" in told
    assert "Foto tersimpan" in person.says(photo=a_photo())
    person.says("selesai")
    assert Complaint.objects.get().attachments.count() == 1
    assert not Document.objects.exists()


def test_the_third_photo_is_the_last_and_a_bad_one_is_explained():
    person = Person()
    person.says("keluhan", TEXT, "serang")
    assert "bukan foto" in person.says(photo=PHP)
    for letter in "ABC":
        told = person.says(photo=a_photo(letter))
    assert "Foto tersimpan" in told
    assert "Ada fotonya?" not in told
    assert Attachment.objects.count() == 3


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_photo_sent_amid_the_complaint_goes_with_it(after):
    person, story = Person(phone="+6281234567890"), ("keluhan", TEXT, "serang", "lindungi")
    person.says(*story[:after])
    assert "ikut dikirim dengan aduan" in person.says(photo=a_photo())
    told = person.says(*story[after:])
    assert "Aduan diterima" in told
    assert "Foto tersimpan" in told
    assert Complaint.objects.get().attachments.count() == 1
    assert not Document.objects.exists()
    assert not Handover.objects.exists()


def test_a_photo_sent_first_is_put_with_a_complaint_if_its_sender_says_so():
    person = Person()
    person.says(photo=a_photo())
    person.says("Untuk keluhan", TEXT, "serang")
    assert Complaint.objects.get().attachments.count() == 1


def test_a_photo_for_something_else_does_not_slip_into_a_complaint():
    person = Person()
    person.says(photo=a_photo())
    person.says("menu")
    person.says("keluhan", TEXT, "serang")
    assert Complaint.objects.get().attachments.count() == 0


def test_more_is_added_later_to_an_open_complaint():
    person = Person()
    person.says("keluhan", TEXT, "serang", "selesai")
    assert "Ada fotonya?" in person.says("cek aduan", "tambah foto")
    person.says(photo=a_photo())
    assert Complaint.objects.get().attachments.count() == 1


def test_by_sms_nobody_is_asked_for_photos():
    person = Person("sms")
    assert "foto" not in person.says("keluhan", TEXT, "serang").lower()
