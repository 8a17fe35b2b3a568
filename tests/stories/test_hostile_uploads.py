"""What nobody should take is refused with a sentence that says what to do, and nothing is kept."""

import re
import uuid

import pytest
from django.core.files.storage import storages

from giliran.claims import documents
from giliran.claims.documents.inspector import Inspector
from giliran.claims.inspection import refusals
from giliran.claims.models import Document, Paper, Piece, Upload
from tests.builders import a_claim, at
from tests.hostile import HOSTILE, photo, sparse

pytestmark = pytest.mark.django_db
NOW = at("09:00")
TO_DO = "kirim|foto ulang|simpan|buka|pilih|pindai|unduh|kecilkan"
WHAT_TO_DO = re.compile(rf"\b({TO_DO})\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def store(settings):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    return storages["documents"]


@pytest.fixture
def paper():
    return Paper.objects.filter(claim=a_claim()).first()


def check_nothing_is_kept(paper, store):
    assert not Document.objects.exists()
    assert not Upload.objects.exists()
    assert not Piece.objects.exists()
    assert store.listdir("") == ([], [])
    paper.refresh_from_db()
    assert paper.state == Paper.State.MISSING


def keep(paper, content, **more):
    return documents.keep(paper.id, content, name="ktp.jpg", actor="citizen", now=NOW, **more)


def send(paper, content):
    """Send a file in pieces, as the phone does."""
    token, one = uuid.uuid4(), documents.LARGEST_PIECE
    at_byte = documents.begin_upload(
        paper.id, token=token, size=len(content), actor="citizen", now=NOW
    )
    while at_byte < len(content):
        at_byte = documents.add_piece(
            token, at=at_byte, piece=content[at_byte : at_byte + one], actor="citizen", now=NOW
        )


@pytest.mark.parametrize(("made", "refusal"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_however_it_comes(made, refusal, paper, store):
    content = made()
    with pytest.raises(refusals.FileRefused) as told:
        keep(paper, content)
    assert type(told.value) is refusal
    assert told.value.field == "document"
    assert WHAT_TO_DO.search(str(told.value)), str(told.value)
    check_nothing_is_kept(paper, store)
    if not isinstance(content, bytes):
        content.close()
        return
    with pytest.raises(refusal):
        keep(paper, content, insists=True)
    with pytest.raises(refusal):
        send(paper, content)
    check_nothing_is_kept(paper, store)


def test_there_are_at_least_fifty_of_them():
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("size", [2 << 30, 6 * 1024 * 1024 + 1, 0, -1])
def test_a_size_is_refused_when_it_is_announced_before_a_byte_came(size, paper, store):
    with pytest.raises((refusals.FileTooLarge, refusals.NothingInFile)) as told:
        documents.begin_upload(paper.id, token=uuid.uuid4(), size=size, actor="citizen", now=NOW)
    assert WHAT_TO_DO.search(str(told.value))
    check_nothing_is_kept(paper, store)


def test_of_two_gigabytes_no_more_is_read_than_the_limit_and_a_byte(paper):
    file = sparse(2 << 30)
    with pytest.raises(refusals.FileTooLarge):
        keep(paper, file)
    assert file.tell() == 6 * 1024 * 1024 + 1
    file.close()


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_read():
    impatient = Inspector(patience=0.0)
    with pytest.raises(refusals.TooMuchWork):
        impatient.inspect(photo())
    patient = Inspector()
    try:
        seen, _ = patient.inspect(photo())
    finally:
        patient.stop()
    assert seen["kind"] == "image/jpeg"


def test_a_file_that_kills_who_reads_it_harms_nobody_else():
    inspector = Inspector()
    inspector.inspect(photo())
    inspector._process.kill()
    inspector._process.wait()
    seen, _ = inspector.inspect(photo())
    inspector.stop()
    assert seen["kind"] == "image/jpeg"


def test_who_reads_strangers_files_knows_no_secret(monkeypatch):
    """The process that opens them is given no environment of ours."""
    monkeypatch.setenv("GILIRAN_SECRET", "do-not-tell")
    inspector = Inspector()
    inspector.inspect(photo())
    with open(f"/proc/{inspector._process.pid}/environ", "rb") as environment:  # noqa: PTH123
        assert b"do-not-tell" not in environment.read()
    inspector.stop()
