"""A claim's documents: kept as a photo shows them and no more, sealed, once, and gone when due."""

import hashlib
import io
import socketserver
import struct
import threading
from datetime import timedelta

import numpy as np
import pytest
import segno
from django.core.files.storage import storages
from django.db import transaction
from PIL import Image, ImageDraw

from giliran import settings as our_settings
from giliran.claims import actions as claims
from giliran.claims import documents, queries
from giliran.claims.inspection import refusals
from giliran.claims.models import Claim, Document, Paper
from giliran.core.refusal import NotFound
from giliran.jobs import documents as jobs
from giliran.journal.models import Event
from tests.builders import a_claim, a_complete_claim, a_nik, an_office, an_officer, at
from tests.hostile import pdf, photo
from tests.photos import a_page, photographed, written

pytestmark = pytest.mark.django_db
NOW = at("09:00")
BACKENDS = {
    "disk": "django.core.files.storage.FileSystemStorage",
    "memory": "django.core.files.storage.InMemoryStorage",
}


def a_store(settings, kind, **place):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": BACKENDS[kind], "OPTIONS": place}
    }
    return storages["documents"]


@pytest.fixture(autouse=True)
def _used(settings):
    """Let no story write elsewhere; those of what stands in a picture need no second store."""
    a_store(settings, "memory")


@pytest.fixture(params=BACKENDS)
def store(request, settings, tmp_path, _used):
    """Tell a story of keeping twice: with files on a disk, and with a store without paths."""
    place = {"location": tmp_path} if request.param == "disk" else {}
    return a_store(settings, request.param, **place)


def a_paper(claim=None, code="KTP"):
    return Paper.objects.get(claim=claim or a_claim(), code=code)


def keep(paper, content, *, now=NOW, **more):
    return documents.keep(paper.id, content, name="x.bin", actor="citizen", now=now, **more)


def files(store):
    return [
        f"{folder}/{name}" for folder in store.listdir("")[0] for name in store.listdir(folder)[1]
    ]


def opened(document):
    return Image.open(io.BytesIO(documents.content(document.id)[1]))


BLURRED = written(photographed(a_page(), blur=10))


# What is kept


def test_a_sharp_photo_is_kept_and_the_paper_counts_as_sent(store):
    paper = a_paper()
    kept = keep(paper, written(photographed(a_page())))
    assert (kept.kind, kept.pages, kept.findings["faults"]) == ("image/jpeg", 1, [])
    paper.refresh_from_db()
    assert paper.state == Paper.State.SENT
    views = queries.papers(paper.claim_id)
    assert [(one.code, file.id) for one in views for file in one.documents] == [("KTP", kept.id)]
    assert opened(kept).size == (2250, 3000)
    assert len(files(store)) == 1


def test_a_name_proves_nothing_and_a_pdf_stays_byte_for_byte():
    """An electronic signature is worth nothing once a byte is another one."""
    sent = pdf()
    kept = keep(a_paper(), sent)
    assert documents.content(kept.id) == ("application/pdf", sent)


def test_place_time_and_maker_of_a_photo_are_gone_and_it_stands_upright():
    page = a_page(width=900, letters=26)
    corner = ImageDraw.Draw(page)
    corner.rectangle((0, 0, 200, 200), fill=0)
    exif = Image.Exif()
    exif[0x0112] = 6  # held so that the top is at the right
    exif[0x010F] = "Kamera Rahasia"
    exif.get_ifd(0x8825)[2] = (6.0, 7.0, 8.0)  # GPS latitude
    lying = page.rotate(90, expand=True)
    sent = written(lying, exif=exif, comment=b"rumah saya")
    assert b"Rahasia" in sent
    kept = keep(a_paper(), sent)
    stored = documents.content(kept.id)[1]
    for trace in (b"Rahasia", b"Exif", b"rumah"):
        assert trace not in stored
    upright = opened(kept)
    assert not upright.getexif()
    assert upright.size == page.size
    assert np.asarray(upright.convert("L"))[:180, :180].max() < 60
    assert kept.findings["turned"] is True


def test_the_moving_picture_behind_a_phones_photo_is_left_out():
    """Many phones hang a film or a depth map behind the photo: no reason to lock them out."""
    kept = keep(a_paper(), photo() + b"\0\0\0\x18ftypmp42" + b"film" * 5000)
    assert b"ftyp" not in documents.content(kept.id)[1]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "CMYK"])
def test_whatever_colours_a_picture_is_written_in_it_can_be_read(mode):
    page = a_page(width=800, letters=24)
    if mode == "I;16":
        page = Image.fromarray(np.asarray(page).astype(np.uint16) * 257)
    elif mode in {"RGBA", "LA"}:
        glass = Image.eval(page, lambda grey: 255 - grey)  # black on glass, as screenshots are
        page = Image.new("L", page.size)
        page.putalpha(glass)
        page = page.convert(mode)
    else:
        page = page.convert(mode)
    kept = keep(a_paper(), written(page, "JPEG" if mode == "CMYK" else "PNG"))
    assert kept.findings["faults"] == []
    assert np.asarray(opened(kept).convert("L")).mean() > 200


def test_a_photo_of_40_megapixels_is_shrunk_to_what_can_be_read():
    large = a_page(width=1300).resize((5000, 7072))
    kept = keep(a_paper(), written(large))
    assert max(opened(kept).size) == 4000


# What only a person can decide


@pytest.mark.parametrize(
    ("content", "refusal", "fault"),
    [
        (BLURRED, refusals.Blurred, "blurred"),
        (written(photographed(a_page(), light=0.1)), refusals.TooDark, "too_dark"),
        (written(Image.new("L", (1200, 1700), 250)), refusals.NothingOnIt, "empty"),
        (written(a_page().resize((250, 353))), refusals.Unreadable, "unreadable"),
        (pdf(content=b""), refusals.NothingOnIt, "empty"),
    ],
    ids=["blurred", "too dark", "empty", "small", "empty PDF"],
)
def test_what_a_machine_cannot_read_is_held_back_until_a_person_insists(
    content, refusal, fault, store
):
    paper = a_paper()
    with pytest.raises(refusal) as told:
        keep(paper, content)
    assert isinstance(told.value, documents.HardToRead)
    assert "oto ulang" in str(told.value)
    assert (Document.objects.count(), files(store)) == (0, [])
    kept = keep(paper, content, insists=True)
    assert fault in kept.findings["faults"]
    assert kept.findings["insisted"] is True


def test_a_scan_in_a_pdf_is_looked_at_like_a_photo():
    image = photographed(a_page(), blur=10).convert("RGB")
    target = io.BytesIO()
    image.save(target, "PDF")
    with pytest.raises(refusals.Blurred):
        keep(a_paper(), target.getvalue())
    sharp = io.BytesIO()
    photographed(a_page()).save(sharp, "PDF")
    kept = keep(a_paper(), sharp.getvalue())
    assert kept.findings["figures"]["sharpness"] > 0.2


def test_an_empty_page_among_others_is_a_doubt_for_the_officer():
    target = io.BytesIO()
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf())))
    writer.add_blank_page(595, 842)
    writer.write(target)
    kept = keep(a_paper(), target.getvalue())
    assert (kept.pages, kept.findings["empty_pages"]) == (2, [2])
    assert kept.findings["faults"] == ["pages_missing"]


# Sealed, and once


def test_neither_name_nor_content_of_a_file_tells_anything(store):
    sent = photo()
    keep(a_paper(), sent)
    (name,) = files(store)
    assert hashlib.sha256(sent).hexdigest() not in name.replace("/", "")
    with store.open(name) as file:
        sealed = file.read()
    assert b"\xff\xd8\xff" not in sealed[:64]
    assert b"JFIF" not in sealed


def test_a_sealed_file_cannot_be_passed_off_as_another_ones(store):
    paper = a_paper()
    first, second = (keep(paper, content) for content in (photo(), pdf()))
    one, two = files(store)
    with store.open(one) as left, store.open(two) as right:
        swapped = {one: right.read(), two: left.read()}
    for name, sealed in swapped.items():
        store.delete(name)
        store.save(name, io.BytesIO(sealed))
    for document in (first, second):
        with pytest.raises(documents.DocumentLost):
            documents.content(document.id)


def test_the_same_file_again_for_the_same_paper_is_the_same_document(store):
    paper = a_paper()
    assert keep(paper, photo()) == keep(paper, photo())
    assert (Document.objects.count(), len(files(store))) == (1, 1)


def test_one_content_of_two_claims_is_stored_once_and_goes_with_the_last(
    store, django_capture_on_commit_callbacks
):
    papers = [a_paper(), a_paper(a_claim(kpj="22222222222"))]
    first, second = (keep(paper, photo()) for paper in papers)
    assert len(files(store)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(first.id, actor="citizen", now=NOW)
    assert len(files(store)) == 1
    assert documents.content(second.id)[0] == "image/jpeg"
    with pytest.raises(NotFound):
        documents.content(first.id)
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(second.id, actor="citizen", now=NOW)
    assert files(store) == []


def test_a_file_cut_short_by_a_power_cut_is_written_again(store):
    keep(a_paper(), photo())
    (name,) = files(store)
    store.delete(name)
    store.save(name, io.BytesIO(b"half of it"))
    again = keep(a_paper(a_claim(kpj="22222222222")), photo())
    assert documents.content(again.id)[0] == "image/jpeg"


def test_a_file_whose_row_was_not_written_is_taken_away_at_once(store, monkeypatch):
    def fails(*args, **more):
        raise OSError("no row")

    monkeypatch.setattr("giliran.claims.documents.keeping._note", fails)
    paper = a_paper()
    with pytest.raises(OSError, match="no row"):
        keep(paper, photo())
    assert (Document.objects.count(), files(store)) == (0, [])
    paper.refresh_from_db()
    assert paper.state == Paper.State.MISSING


def test_a_store_that_is_full_is_told_as_that_and_the_paper_stays_missing(store, monkeypatch):
    def is_full(*args, **more):
        raise OSError("No space left on device")

    paper = a_paper()
    with monkeypatch.context() as full:
        full.setattr(type(store), "save", is_full)
        with pytest.raises(documents.StoreNotReached) as told:
            keep(paper, photo())
    assert "Coba lagi" in str(told.value)
    assert not Document.objects.exists()
    assert keep(paper, photo()).kind == "image/jpeg"


def test_a_file_left_by_a_transaction_that_was_undone_is_swept_after_a_day(store):
    kept = keep(a_paper(), pdf())
    with transaction.atomic():
        keep(a_paper(a_claim(kpj="22222222222")), photo())
        transaction.set_rollback(True)
    assert len(files(store)) == 2
    written_at = store.get_modified_time(files(store)[0])
    assert documents.sweep(now=written_at + timedelta(hours=23)) == 0
    assert documents.sweep(now=written_at + timedelta(hours=25)) == 1
    assert len(files(store)) == 1
    assert documents.content(kept.id)[0] == "application/pdf"


def test_another_store_is_named_by_an_address(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    address = "https://key:se%2Fcret@s3.example.go.id:9000/papers?region=id-jkt-1"
    assert our_settings._documents_store(address) == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "papers",
            "endpoint_url": "https://s3.example.go.id:9000",
            "region_name": "id-jkt-1",
            "access_key": "key",
            "secret_key": "se/cret",
        },
    }
    with pytest.raises(ValueError, match="is written https"):
        our_settings._documents_store("s3.example.go.id")


def test_an_installation_that_lacks_what_its_store_needs_does_not_start(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ValueError, match="pip install boto3"):
        our_settings._documents_store("https://key:secret@s3.example.go.id/papers")


# Whose paper, and when


def test_taking_away_the_last_document_makes_the_paper_missing_again():
    paper = a_paper()
    first, second = keep(paper, photo()), keep(paper, pdf())
    documents.remove(first.id, actor="citizen", now=NOW)
    paper.refresh_from_db()
    assert paper.state == Paper.State.SENT
    for _ in range(2):  # the second time changes nothing
        documents.remove(second.id, actor="citizen", now=NOW)
    paper.refresh_from_db()
    assert paper.state == Paper.State.MISSING
    assert Event.objects.filter(kind="document.removed").count() == 2


def test_a_paper_sent_anew_has_no_fault_any_more():
    paper = a_paper()
    officer = an_officer(an_office("cilegon"))
    claims.check_paper(paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=NOW)
    keep(paper, photo())
    paper.refresh_from_db()
    assert (paper.state, paper.fault) == (Paper.State.SENT, "")


def test_what_an_officer_accepted_stays_as_it_is():
    paper = a_paper()
    kept = keep(paper, photo())
    officer = an_officer(an_office("cilegon"))
    claims.check_paper(paper.id, verdict="good", officer_id=officer.id, now=NOW)
    with pytest.raises(documents.PaperAlreadyChecked):
        keep(paper, pdf())
    with pytest.raises(documents.PaperAlreadyChecked):
        documents.remove(kept.id, actor="citizen", now=NOW)


def test_nothing_is_added_to_a_claim_that_was_decided_or_withdrawn():
    claim = a_complete_claim()
    claims.withdraw(claim.id, actor="citizen", now=NOW)
    with pytest.raises(documents.PaperNotOpen):
        keep(a_paper(claim), photo())
    with pytest.raises(NotFound):
        documents.keep(0, photo(), actor="citizen", now=NOW)


def test_a_claim_holds_so_many_files_and_bytes_and_tries(monkeypatch, store):
    paper = a_paper()
    monkeypatch.setattr("giliran.claims.documents.keeping.MOST_FILES", 1)
    keep(paper, photo())
    with pytest.raises(documents.TooManyFiles):
        keep(paper, pdf())
    monkeypatch.undo()
    monkeypatch.setattr("giliran.claims.documents.keeping.MOST_MEGABYTES", 0)
    with pytest.raises(documents.TooMuchForClaim):
        keep(paper, pdf())
    monkeypatch.undo()
    monkeypatch.setattr("giliran.claims.documents.keeping.MOST_TODAY", 3)
    for _ in range(2):
        with pytest.raises(documents.FileRefused):
            keep(paper, b"nothing of the kind")
    with pytest.raises(documents.TooManyToday):
        keep(paper, pdf())
    assert keep(paper, pdf(), now=NOW + timedelta(hours=25)).kind == "application/pdf"


def test_documents_of_a_claim_that_ended_long_ago_are_erased_and_others_stay(
    store, django_capture_on_commit_callbacks
):
    old, new = a_claim(kpj="11111111111"), a_claim(kpj="22222222222")
    for claim, content in ((old, photo()), (new, pdf())):
        keep(a_paper(claim), content)
        claims.withdraw(claim.id, actor="citizen", now=NOW)
    Claim.objects.filter(id=old.id).update(ended_at=NOW - timedelta(days=400))
    with django_capture_on_commit_callbacks(execute=True):
        assert documents.erase((NOW - timedelta(days=365)).date(), now=NOW) == 1
    assert len(files(store)) == 1
    assert Document.objects.get(removed_at=None).paper.claim_id == new.id
    assert documents.erase((NOW - timedelta(days=365)).date(), now=NOW) == 0


def test_the_nightly_job_writes_down_what_it_took_away(monkeypatch, store):
    monkeypatch.setattr("giliran.clock.now", lambda: NOW)
    jobs.sweep(0)
    assert not Event.objects.filter(kind="document.swept").exists()
    keep(a_paper(), photo())
    claims.withdraw(Claim.objects.get().id, actor="citizen", now=NOW)
    Claim.objects.update(ended_at=NOW - timedelta(days=6 * 365))
    jobs.sweep(0)
    assert Event.objects.get(kind="document.swept").data["erased"] == 1


# QR codes and words


def a_page_with_code(text):
    page = a_page(width=900, letters=26)
    target = io.BytesIO()
    segno.make(text, error="m").save(target, kind="png", scale=6)
    page.paste(Image.open(target).convert("L"), (500, 700))
    return written(page)


def test_of_a_code_only_its_host_and_whether_the_nik_is_the_claimants_are_noted():
    nik = a_nik(77)
    paper = a_paper(a_claim(nik=nik))
    kept = keep(paper, a_page_with_code(f"https://tte.example.go.id/v/{nik}?nama=Siti"))
    assert kept.findings["codes"] == [{"format": "QRCode", "host": "tte.example.go.id"}]
    assert nik not in str(kept.findings)
    assert kept.findings["nik"] == "same"
    strangers = keep(paper, a_page_with_code(f"NIK {a_nik(78)}"))
    assert strangers.findings["faults"] == ["nik_differs"]


@pytest.fixture
def tesseract(tmp_path, monkeypatch):
    """Put a program in tesseract's place that says what a test wants it to have read."""
    home = tmp_path / "bin"
    home.mkdir()
    words = home / "words"
    program = home / "tesseract"
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --list-langs ]; then echo ind; exit; fi\ncat > {home}/seen\n'
        f"cat {words}\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:/usr/bin:/bin")
    return words


def test_words_on_a_card_help_the_officer_and_are_kept_nowhere(tesseract, tmp_path):
    nik = a_nik(81)
    paper = a_paper(a_claim(nik=nik, name="Siti Aminah"))
    kept = keep(paper, photo())
    tesseract.write_text(f"PROVINSI BANTEN\nNIK : {nik}\nNama : S1TI AMINAH\n")
    assert documents.read(kept.id, now=NOW)
    found = Document.objects.get().findings
    assert (found["nik"], found["name"], found["read"]) == ("same", "same", True)
    assert nik not in str(found)
    assert (tmp_path / "bin" / "seen").read_bytes() == documents.content(kept.id)[1]


def test_another_ones_card_is_a_fault_to_look_at_and_never_a_refusal(tesseract):
    kept = keep(a_paper(a_claim(name="Siti Aminah")), photo())
    tesseract.write_text(f"NIK : {a_nik(4321)}\nNama : BUDI HARTONO\n")
    documents.read(kept.id, now=NOW)
    found = Document.objects.get().findings
    assert found["faults"] == ["nik_differs"]
    assert "name" not in found


def test_a_passport_tells_its_birth_date_and_that_it_ran_out(tesseract):
    claim = a_claim(birth=at("00:00").date().replace(1974, 8, 12), name="Anna Maria Eriksson")
    paper = Paper.objects.create(claim=claim, code="PASPOR", need="yes", form="copy", position=90)
    kept = keep(paper, photo())
    tesseract.write_text(
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n"
    )
    documents.read(kept.id, now=NOW)
    found = Document.objects.get().findings
    assert (found["mrz"], found["birth"], found["faults"]) == ("TD3", "same", ["expired"])


def test_without_tesseract_nothing_is_said_of_the_words(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    kept = keep(a_paper(), photo())
    assert not documents.read(kept.id, now=NOW)
    assert "read" not in Document.objects.get().findings


# The virus scanner


class Clamd(socketserver.ThreadingTCPServer):
    """A scanner that speaks clamd's INSTREAM and gives the answer that a test wants."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ClamdLine)
        self.answer, self.heard = b"stream: OK\0", []


class ClamdLine(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.heard.append(content)
        self.wfile.write(self.server.answer)


@pytest.fixture
def clamd(settings):
    with Clamd() as server:
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        running.start()
        settings.GILIRAN_CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        running.join()


def test_every_file_is_shown_to_the_scanner_as_it_was_sent(clamd):
    sent = written(photographed(a_page()))
    keep(a_paper(), sent)
    assert clamd.heard == [sent]


def test_what_the_scanner_finds_is_not_kept(clamd, store):
    clamd.answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    with pytest.raises(documents.Infected) as told:
        keep(a_paper(), photo())
    assert "virus" in str(told.value)
    assert (Document.objects.count(), files(store)) == (0, [])


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK?\0"]
)
def test_a_scanner_that_does_not_say_it_is_clean_lets_nothing_through(clamd, store, answer):
    clamd.answer = answer
    with pytest.raises(documents.ScannerNotReached):
        keep(a_paper(), photo())
    assert files(store) == []


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "no port"])
def test_a_scanner_that_is_not_there_lets_nothing_through(settings, store, address):
    settings.GILIRAN_CLAMD = address
    paper = a_paper()
    with pytest.raises(documents.ScannerNotReached) as told:
        keep(paper, photo())
    assert "Coba lagi" in str(told.value)
    assert not Event.objects.filter(kind="document.refused").exists()
    settings.GILIRAN_CLAMD = ""
    assert keep(paper, photo()).kind == "image/jpeg"
