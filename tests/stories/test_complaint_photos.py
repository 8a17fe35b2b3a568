"""A photo says what words do not: kept without its traces, seen by few, erased with the rest."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from PIL import Image
from pypdf import PdfReader

from giliran.claims import documents
from giliran.claims.models import Document, Paper
from giliran.core.complaint import ComplaintMoveNotAllowed
from giliran.core.refusal import NotFound
from giliran.journal.models import Event
from giliran.voices import actions as voices
from giliran.voices import attachments, complaints, exchange
from giliran.voices.models import Attachment, Complaint
from giliran.voices.refusals import TooManyAttachments, TooManyTries, UnknownComplaint
from tests.builders import a_claim, an_office, an_officer, at
from tests.hostile import HOSTILE, PHP
from tests.photos import a_page, written

pytestmark = pytest.mark.django_db
NOW = at("09:00")


@pytest.fixture(params=["disk", "memory"])
def store(request, settings, tmp_path):
    backend = {"disk": "FileSystemStorage", "memory": "InMemoryStorage"}[request.param]
    place = {"location": tmp_path} if request.param == "disk" else {}
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": f"django.core.files.storage.{backend}", "OPTIONS": place}
    }
    return storages["documents"]


def a_complaint(**fields) -> Complaint:
    usual = {"request_key": uuid4(), "channel": "web", "now": NOW}
    text = "Kursi roda di ruang tunggu rusak sejak minggu lalu."
    view = voices.complain(text=text, **usual | fields)
    return Complaint.objects.get(id=view.id)


def a_photo(letter: str = "A", **options) -> bytes:
    return written(a_page((f"Kuitansi {letter}",), width=600), **options)


def from_a_phone() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "Kamera Rahasia", {1: "S", 2: (6.0, 12.0, 0.0)}
    return a_photo(exif=exif)


def files_in(store) -> set[str]:
    try:
        shelves = store.listdir("complaints/")[0]
    except FileNotFoundError:
        return set()
    return {name for shelf in shelves for name in store.listdir(f"complaints/{shelf}")[1]}


def test_place_time_and_camera_are_gone_and_nothing_lies_there_in_clear(store):
    complaint = a_complaint()
    kept = voices.attach(complaint.code, from_a_phone(), now=NOW)
    kind, content = attachments.content(kept.id, complaint_id=complaint.id)
    assert kind == "image/jpeg"
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"Kamera Rahasia" not in content
    (name,) = files_in(store)
    with store.open(f"complaints/{_folder(store, name)}/{name}") as file:
        assert content[:4] not in file.read(64)
    assert attachments.attachments_of(complaint.id) == [kept]


def _folder(store, name: str) -> str:
    return next(
        shelf
        for shelf in store.listdir("complaints/")[0]
        if name in store.listdir(f"complaints/{shelf}")[1]
    )


def test_a_pdf_loses_its_author_and_the_camera_of_its_photos(store):
    complaint = a_complaint()
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    a_page(width=600).save(made, "PDF", author="Siti Aminah", exif=exif.tobytes())
    assert PdfReader(made).metadata.author == "Siti Aminah"
    assert b"Kamera Rahasia" in made.getvalue()
    kept = voices.attach(complaint.code, made.getvalue(), now=NOW)
    kind, content = attachments.content(kept.id, complaint_id=complaint.id)
    assert (kind, kept.pages) == ("application/pdf", 1)
    assert b"Kamera Rahasia" not in content
    read = PdfReader(io.BytesIO(content))
    assert not read.metadata
    assert read.pages[0].images[0].image.size[0] == 600


def test_a_queue_at_dawn_is_dark_and_kept(store):
    dark = a_page(width=600).point(lambda value: value // 12)
    assert voices.attach(a_complaint().code, written(dark), now=NOW).size > 0


# The same inspection that test_hostile_uploads tries with all of them: here one of each refusal.
ONE_OF_EACH = {refusal: (name, made) for name, (made, refusal) in reversed(HOSTILE.items())}


@pytest.mark.parametrize(
    ("made", "refusal"),
    [pytest.param(made, refusal, id=name) for refusal, (name, made) in ONE_OF_EACH.items()],
)
def test_a_hostile_file_is_refused_and_nothing_is_kept(made, refusal, settings):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    sent = made()
    with pytest.raises(documents.FileRefused) as told:
        voices.attach(a_complaint().code, sent, now=NOW)
    assert type(told.value) is refusal
    assert not Attachment.objects.exists()
    assert storages["documents"].listdir("") == ([], [])
    if not isinstance(sent, bytes):
        sent.close()


def test_the_same_photo_twice_is_one_and_a_fourth_is_one_too_many(store):
    code = a_complaint().code
    first = voices.attach(code, a_photo("A"), now=NOW)
    assert voices.attach(code, a_photo("A"), now=NOW) == first
    for letter in "BC":
        voices.attach(code, a_photo(letter), now=NOW)
    with pytest.raises(TooManyAttachments, match="Hapus dulu"):
        voices.attach(code, a_photo("D"), now=NOW)
    assert len(files_in(store)) == 3


def test_tries_are_counted_also_those_refused_and_those_taken_back(store, monkeypatch):
    monkeypatch.setattr("giliran.voices.actions.attaching.MOST_TODAY", 3)
    code = a_complaint().code
    for letter in "AB":
        kept = voices.attach(code, a_photo(letter), now=NOW)
        voices.detach(code, kept.id, now=NOW)
    with pytest.raises(documents.FileRefused):
        voices.attach(code, PHP, now=NOW)
    with pytest.raises(TooManyTries):
        voices.attach(code, a_photo("C"), now=NOW)
    voices.attach(code, a_photo("C"), now=NOW + timedelta(days=1, minutes=1))


def test_what_was_taken_back_is_gone(store, django_capture_on_commit_callbacks):
    code = a_complaint().code
    kept = voices.attach(code, a_photo(), now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            voices.detach(code, kept.id, now=NOW)
    assert (Attachment.objects.count(), files_in(store)) == (0, set())


def test_a_photo_of_another_complaint_can_be_neither_read_nor_taken_back(store):
    first, other = a_complaint(), a_complaint()
    kept = voices.attach(first.code, a_photo(), now=NOW)
    voices.detach(other.code, kept.id, now=NOW)
    with pytest.raises(NotFound):
        attachments.content(kept.id, complaint_id=other.id)
    assert attachments.attachments_of(first.id) == [kept]


def test_nothing_comes_to_a_complaint_that_ended_or_that_there_is_not(store):
    code = a_complaint().code
    kept = voices.attach(code, a_photo(), now=NOW)
    voices.withdraw(code, now=NOW)
    with pytest.raises(ComplaintMoveNotAllowed):
        voices.attach(code, a_photo("B"), now=NOW)
    with pytest.raises(ComplaintMoveNotAllowed):
        voices.detach(code, kept.id, now=NOW)
    with pytest.raises(UnknownComplaint):
        voices.attach("ZZZZ-ZZZZ", a_photo(), now=NOW)


def test_the_store_does_not_tell_that_one_photo_came_twice(store):
    """Nor that it came with a claim: who complains without a name may have one here."""
    paper = Paper.objects.filter(claim=a_claim()).first()
    sent = a_photo()
    documents.keep(paper.id, sent, actor="citizen", now=NOW)
    for _ in range(2):
        voices.attach(a_complaint(is_anonymous=True).code, sent, now=NOW)
    keys = set(Attachment.objects.values_list("key", flat=True))
    assert len(keys | {Document.objects.get().sha256}) == 3
    assert len(files_in(store)) == 2


def test_neither_sweep_takes_what_the_other_keeps(store):
    paper = Paper.objects.filter(claim=a_claim()).first()
    document = documents.keep(paper.id, a_photo(), actor="citizen", now=NOW)
    complaint = a_complaint()
    kept = voices.attach(complaint.code, a_photo(), now=NOW)
    later = _written_at() + timedelta(days=2)
    assert documents.sweep(now=later) == 0
    assert voices.sweep(now=later) == 0
    assert documents.content(document.id)[1]
    assert attachments.content(kept.id, complaint_id=complaint.id)[1]
    Attachment.objects.all().delete()
    assert documents.sweep(now=later) == 0
    assert voices.sweep(now=_written_at()) == 0  # its row may just be on its way
    assert voices.sweep(now=later) == 1
    assert documents.content(document.id)[1]


def test_what_is_sent_again_while_it_is_swept_stays(store):
    photo, code = a_photo(), a_complaint().code
    voices.attach(code, photo, now=NOW)
    Attachment.objects.all().delete()  # the file was left without its row

    def in_use():
        yield from list(Attachment.objects.values_list("key", flat=True))
        voices.attach(code, photo, now=NOW)  # just after the first look

    assert attachments.shelf.sweep(in_use, now=_written_at() + timedelta(days=2)) == 0
    kept = Attachment.objects.get()
    assert attachments.content(kept.id, complaint_id=kept.complaint_id)[1]


def _written_at():
    """Return now by the clock of the disk, which no test can set."""
    from django.utils import timezone

    return timezone.now()


def test_it_is_erased_with_what_was_stated(store, django_capture_on_commit_callbacks):
    complaint = a_complaint()
    voices.attach(complaint.code, a_photo(), now=NOW)
    voices.withdraw(complaint.code, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        voices.erase_statements(before=NOW.date())
    assert len(files_in(store)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        voices.erase_statements(before=NOW.date() + timedelta(days=1))
    assert (Attachment.objects.count(), files_in(store)) == (0, set())


def test_whom_it_is_about_never_sees_it_and_looks_are_written_down(store):
    office = an_office()
    clerk, other = an_officer(office), an_officer(office)
    head, region = an_officer(office, "manager"), an_officer(office, "regional")
    complaint = a_complaint(office=office, officer_id=clerk.id, is_protected=True)
    kept = voices.attach(complaint.code, a_photo(), now=NOW)
    for officer in (clerk, other, head):
        with pytest.raises(NotFound):
            voices.look_at_attachment(complaint.id, kept.id, officer_id=officer.id, now=NOW)
    for _ in range(2):
        kind, _content = voices.look_at_attachment(
            complaint.id, kept.id, officer_id=region.id, now=NOW
        )
    assert kind == "image/jpeg"
    looks = Event.objects.filter(kind="complaint.seen", data__what="attachment")
    assert list(looks.values_list("actor", flat=True)) == [f"officer:{region.id}"] * 2


def test_the_journal_and_the_exchange_file_know_how_many_and_no_more(store):
    complaint = a_complaint(external_id="LAPOR-1")
    for letter in "AB":
        voices.attach(complaint.code, a_photo(letter), now=NOW)
    events = Event.objects.filter(kind="complaint_file.kept").order_by("id")
    told = {"complaint": complaint.id}
    assert [event.data for event in events] == [told | {"files": 1}, told | {"files": 2}]
    (row,) = exchange.rows_to_give()
    assert row["lampiran"] == "2"
    assert set(row) == set(exchange.GIVEN)
    assert complaints.view(complaint.code, now=NOW).state == "received"
