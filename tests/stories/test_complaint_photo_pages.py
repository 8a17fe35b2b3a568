"""Sending photos with a complaint from the pages: without scripts, and nothing said is lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from giliran import clock
from giliran.journal.models import Event
from giliran.voices.models import Attachment, Complaint
from giliran.web.bodies import LARGEST
from tests.builders import an_office, an_officer, at
from tests.hostile import PHP
from tests.photos import a_page, written

pytestmark = pytest.mark.django_db
TEXT = "Kursi roda di ruang tunggu rusak sejak minggu lalu."


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch, settings):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def a_photo(letter: str = "A", content: bytes | None = None) -> SimpleUploadedFile:
    made = content or written(a_page((f"Kuitansi {letter}",), width=600))
    return SimpleUploadedFile(f"IMG_{letter}.jpg", made, "image/jpeg")


def typed(**other) -> dict:
    usual = {"text": TEXT, "cara": "nama", "request_key": str(uuid4()), "langkah": "kirim"}
    return usual | other


def read(response) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def complain(client, **fields) -> Complaint:
    sent = client.post("/aduan/", typed(**fields))
    assert sent.status_code == 302, read(sent)
    return Complaint.objects.get(code=sent["Location"].split("/")[2])


def test_photos_go_with_the_last_look_before_it_is_sent(client):
    page = client.post("/aduan/", typed(langkah="periksa")).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    kept = complain(client, foto=[a_photo("A"), a_photo("B")])
    assert kept.attachments.count() == 2
    shown = client.get(f"/a/{kept.code}/")
    assert "Foto 1" in read(shown)
    assert "Foto 2" in read(shown)
    assert "IMG_A" not in shown.content.decode()


def test_a_photo_that_cannot_be_kept_costs_nobody_their_complaint(client):
    sent = client.post("/aduan/", typed(foto=[a_photo("A", PHP), a_photo("B")]), follow=True)
    assert Complaint.objects.get().attachments.count() == 1
    assert "Foto atau PDF ke-1 tidak tersimpan." in read(sent)
    assert "Aduan sudah kami terima" in read(sent)


def test_the_same_form_twice_keeps_its_photo_once(client):
    key = str(uuid4())
    for _ in range(2):
        complain(client, request_key=key, foto=a_photo())
    assert Attachment.objects.count() == 1


def test_a_photo_is_added_looked_at_and_taken_back_on_the_complaints_page(client):
    kept = complain(client)
    address = f"/a/{kept.code}/foto/"
    added = client.post(address, {"foto": a_photo()}, follow=True)
    assert "Foto sudah ditambahkan" in read(added)
    (one,) = kept.attachments.all()
    shown = client.get(f"{address}{one.id}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Robots-Tag"] == "noindex"
    assert "no-store" in shown["Cache-Control"]
    gone = client.post(address, {"langkah": "hapus", "lampiran": one.id}, follow=True)
    assert "sudah dihapus" in read(gone)
    assert client.get(f"{address}{one.id}/").status_code == 404


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 30, "²", "-1"])
def test_what_is_no_photo_of_this_complaint_is_not_taken_back(client, number):
    kept = complain(client, foto=a_photo())
    client.post(f"/a/{kept.code}/foto/", {"langkah": "hapus", "lampiran": number})
    assert kept.attachments.count() == 1


def test_what_is_wrong_with_a_photo_is_said_beside_its_field(client):
    address = f"/a/{complain(client).code}/foto/"
    empty = client.post(address)
    assert (empty.status_code, "Pilih dulu foto" in read(empty)) == (422, True)
    bad = client.post(address, {"foto": a_photo("A", PHP)})
    assert bad.status_code == 422
    assert 'href="#id_foto"' in bad.content.decode()
    too_many = client.post(address, {"foto": [a_photo(letter) for letter in "ABCDE"]})
    assert "sudah punya 3 foto" in read(too_many)
    assert Attachment.objects.count() == 3
    assert 'type="file"' not in client.get(address, follow=True).content.decode()


def test_what_is_far_too_large_is_refused_before_it_is_read(client):
    for address in ("/aduan/", f"/a/{complain(client).code}/foto/"):
        sent = client.generic("POST", address, b"", CONTENT_LENGTH=str(LARGEST + 1))
        assert (sent.status_code, "terlalu besar" in read(sent)) == (413, True)


def test_nothing_is_shown_or_taken_under_a_code_that_there_is_not(client):
    kept = complain(client, foto=a_photo()).attachments.get()
    other = complain(client)
    assert client.get(f"/a/ZZZZZZZZ/foto/{kept.id}/").status_code == 404
    assert client.get(f"/a/{other.code}/foto/{kept.id}/").status_code == 404
    assert client.post("/a/ZZZZZZZZ/foto/", {"foto": a_photo("B")}).status_code == 404


def test_whoever_may_see_the_complaint_sees_its_photos_and_whom_it_is_about_does_not(client):
    office = an_office()
    about, head = an_officer(office), an_officer(office, "manager")
    kept = complain(client, kantor=office.slug, foto=a_photo())
    Complaint.objects.filter(id=kept.id).update(officer=about)
    address = f"/petugas/aduan/{kept.reference}/foto/{kept.attachments.get().id}/"
    assert client.get(address).status_code == 302  # to the log-in
    client.force_login(about)
    assert client.get(address).status_code == 404
    client.force_login(head)
    page = client.get(f"/petugas/aduan/{kept.reference}/")
    assert address in page.content.decode()
    shown = client.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in shown["Content-Security-Policy"]
    looks = Event.objects.filter(kind="complaint.seen", data__what="attachment")
    assert [event.actor for event in looks] == [f"officer:{head.id}"]


def test_a_clerk_sends_photos_for_who_is_at_the_door(client):
    office = an_office()
    clerk = an_officer(office)
    client.force_login(clerk)
    address = f"/petugas/{office.slug}/aduan/baru/"
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    sent = client.post(address, typed(lewat="clerk", foto=[a_photo("A"), a_photo("B", PHP)]))
    told = client.get(sent["Location"])
    assert "ke-2 tidak tersimpan" in read(told)
    assert Attachment.objects.get().sent_by == f"officer:{clerk.id}"
