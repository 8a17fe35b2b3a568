"""A file comes piece by piece over a bad line, and goes on where it stopped."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages

from giliran.claims import actions as claims
from giliran.claims import documents
from giliran.claims.documents.refusals import ScannerNotReached
from giliran.claims.inspection import refusals
from giliran.claims.models import Document, Paper, Piece, Upload
from giliran.core.refusal import NotFound
from tests.builders import a_claim, at
from tests.hostile import photo
from tests.photos import a_page, photographed, written

NOW = at("09:00")
BLURRED = written(photographed(a_page(), blur=10))


@pytest.fixture(autouse=True)
def store(settings):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    return storages["documents"]


def a_paper(**fields):
    return Paper.objects.get(claim=a_claim(**fields), code="KTP")


def begin(paper, content, token=None, *, now=NOW):
    token = token or uuid.uuid4()
    received = documents.begin_upload(
        paper.id, token=token, size=len(content), actor="citizen", now=now
    )
    return token, received


def add(token, content, start, stop, *, now=NOW, **more):
    return documents.add_piece(
        token, at=start, piece=content[start:stop], actor="citizen", now=now, **more
    )


@pytest.mark.django_db
class TestOnePhone:
    def test_a_file_in_pieces_is_the_file(self):
        content, paper = photo(), a_paper()
        token, received = begin(paper, content)
        assert received == 0
        assert add(token, content, 0, 10_000) == 10_000
        assert documents.document_of(token) is None
        assert add(token, content, 10_000, len(content)) == len(content)
        kept = documents.document_of(token)
        assert documents.content(kept.id)[0] == "image/jpeg"
        assert not Piece.objects.exists()
        again = documents.keep(paper.id, content, actor="citizen", now=NOW)
        assert again == kept

    def test_what_was_received_is_told_to_who_asks_again(self):
        content, paper = photo(), a_paper()
        token, _ = begin(paper, content)
        add(token, content, 0, 7000)
        assert begin(paper, content, token) == (token, 7000)

    def test_a_piece_whose_answer_was_lost_is_taken_once(self):
        content, paper = photo(), a_paper()
        token, _ = begin(paper, content)
        for _ in range(3):
            assert add(token, content, 0, 5000) == 5000
        for _ in range(2):
            assert add(token, content, 5000, len(content)) == len(content)
        assert begin(paper, content, token) == (token, len(content))
        assert Document.objects.count() == 1

    def test_a_piece_from_elsewhere_is_told_where_to_go_on(self):
        content = photo()
        token, _ = begin(a_paper(), content)
        add(token, content, 0, 5000)
        for start in (5001, 4999):
            with pytest.raises(documents.UploadOutOfStep) as told:
                add(token, content, start, start + 3000)
            assert told.value.received == 5000
        assert Upload.objects.get().received == 5000

    def test_more_than_was_announced_is_not_taken(self):
        content = photo()
        token, _ = begin(a_paper(), content[:6000])
        with pytest.raises(documents.UploadUnlikeAnnounced):
            add(token, content, 0, 6001)
        assert Upload.objects.get().received == 0

    def test_a_token_stands_for_one_file_of_one_paper(self):
        content, paper = photo(), a_paper()
        token, _ = begin(paper, content)
        with pytest.raises(documents.UploadUnlikeAnnounced):
            begin(paper, content + b" ", token)
        other = a_paper(kpj="22222222222")
        with pytest.raises(documents.UploadUnlikeAnnounced):
            begin(other, content, token)
        with pytest.raises(NotFound):
            add(token, content, 0, 100, paper_id=other.id)
        with pytest.raises(NotFound):
            add(uuid.uuid4(), content, 0, 100)

    def test_a_piece_is_never_large(self):
        content = b"\xff" * (documents.LARGEST_PIECE + 1)
        token, _ = begin(a_paper(), content)
        with pytest.raises(documents.PieceTooLarge):
            add(token, content, 0, len(content))

    def test_what_is_on_its_way_is_sealed(self):
        content = photo()
        token, _ = begin(a_paper(), content)
        add(token, content, 0, 5000)
        assert content[:16] not in bytes(Piece.objects.get().sealed)

    def test_who_insists_on_a_blurred_photo_need_not_send_it_again(self):
        content, paper = BLURRED, a_paper()
        token, _ = begin(paper, content)
        one = documents.LARGEST_PIECE
        starts = range(0, len(content), one)
        for start in starts[:-1]:
            add(token, content, start, start + one)
        with pytest.raises(refusals.Blurred):
            add(token, content, starts[-1], len(content))
        assert documents.document_of(token) is None
        size = len(content)
        assert add(token, content, size, size, insists=True) == size
        assert documents.document_of(token).findings["insisted"] is True

    def test_who_takes_another_photo_instead_leaves_nothing_behind(self):
        content, paper = BLURRED[: documents.LARGEST_PIECE], a_paper()
        blurred = written(photographed(a_page(), blur=10).resize((800, 1066)))
        token, _ = begin(paper, blurred)
        with pytest.raises(refusals.Blurred):
            add(token, blurred, 0, len(blurred))
        begin(paper, content)
        assert not Upload.objects.filter(token=token).exists()
        assert not Piece.objects.exists()

    def test_a_scanner_that_rests_does_not_cost_the_upload(self, settings):
        content, paper = photo(), a_paper()
        settings.GILIRAN_CLAMD = "/nowhere/clamd.ctl"
        token, _ = begin(paper, content)
        with pytest.raises(ScannerNotReached):
            add(token, content, 0, len(content))
        settings.GILIRAN_CLAMD = ""
        assert begin(paper, content, token) == (token, len(content))
        assert documents.document_of(token) is not None

    def test_a_claim_has_so_many_files_on_their_way(self):
        paper = a_paper()
        for _ in range(10):
            begin(paper, photo())
        with pytest.raises(documents.TooManyUploads):
            begin(paper, photo())
        begin(a_paper(kpj="22222222222"), photo())

    def test_nothing_is_begun_for_a_claim_that_ended(self):
        paper = a_paper()
        claims.withdraw(paper.claim_id, actor="citizen", now=NOW)
        with pytest.raises(documents.PaperNotOpen):
            begin(paper, photo())

    def test_a_claim_that_ends_meanwhile_takes_nothing_more(self):
        content, paper = photo(), a_paper()
        token, _ = begin(paper, content)
        claims.withdraw(paper.claim_id, actor="citizen", now=NOW)
        with pytest.raises(documents.PaperNotOpen):
            add(token, content, 0, len(content))
        assert not Document.objects.exists()
        assert not Upload.objects.exists()

    def test_uploads_that_nobody_went_on_with_are_dropped_after_a_day(self):
        content, paper = photo(), a_paper()
        old, _ = begin(paper, content)
        add(old, content, 0, 5000)
        later = NOW + timedelta(hours=20)
        going_on, _ = begin(paper, content)
        add(going_on, content, 0, 5000, now=later)
        assert documents.drop_stale(now=NOW + timedelta(hours=23)) == 0
        assert documents.drop_stale(now=NOW + timedelta(hours=25)) == 1
        assert Upload.objects.get().token == going_on
        assert Piece.objects.count() == 1
