"""Two send at once, another process goes on, one comes while the other goes: committed for real."""

import os
import subprocess
import sys
import threading
import uuid

import pytest
from django.db import connections

from giliran.claims import documents
from giliran.claims.models import Document, Paper
from tests.builders import a_claim, at
from tests.hostile import pdf, photo

pytestmark = pytest.mark.rush
NOW = at("09:00")


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.STORAGES = settings.STORAGES | {
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }


def a_paper(kpj):
    return Paper.objects.get(claim=a_claim(kpj=kpj), code="KTP")


def begin(paper, content):
    token = uuid.uuid4()
    documents.begin_upload(paper.id, token=token, size=len(content), actor="citizen", now=NOW)
    return token


def add(token, content, start, stop):
    return documents.add_piece(token, at=start, piece=content[start:stop], actor="citizen", now=NOW)


def at_once(*acts):
    """Run these at the same moment, each on a connection of its own; return their troubles."""
    together, troubles = threading.Barrier(len(acts)), []

    def run(act):
        try:
            together.wait()
            act()
        except Exception as trouble:  # noqa: BLE001 -- told to the test's own thread
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return troubles


GOES_ON = """
import sys, uuid, django
django.setup()
from datetime import datetime
from django.core.files.storage import storages
from giliran.claims import documents
content = sys.stdin.buffer.read()
token, paper_id, now = uuid.UUID(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
at = documents.begin_upload(paper_id, token=token, size=len(content), actor="citizen", now=now)
print(at)
print(documents.add_piece(token, at=at, piece=content[at:], actor="citizen", now=now))
"""


def test_another_process_goes_on_where_the_first_one_stopped(server):
    """A server that restarts, or a second one behind the same balancer."""
    content, paper = photo(), a_paper("00000000001")
    token = begin(paper, content)
    add(token, content, 0, 9000)
    done = subprocess.run(
        [sys.executable, "-c", GOES_ON, str(token), str(paper.id), NOW.isoformat()],
        input=content,
        env={
            **os.environ,
            **server.environment(),
            "DJANGO_SETTINGS_MODULE": "giliran.settings",
        },
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"9000", str(len(content)).encode()]
    kept = documents.document_of(token)
    assert (kept.kind, kept.pages) == ("image/jpeg", 1)


def test_of_two_who_send_the_same_upload_at_once_one_document_comes(server):
    content, paper = pdf(b"(" + b"x" * 4000 + b")"), a_paper("00000000002")
    token = begin(paper, content)

    def sends():
        received = 0
        while received < len(content):
            try:
                received = add(token, content, received, received + 500)
            except documents.UploadOutOfStep as told:
                received = told.received

    assert at_once(sends, sends, sends) == []
    assert documents.document_of(token).kind == "application/pdf"
    assert Document.objects.get(paper=paper).removed_at is None
    assert documents.content(Document.objects.get(paper=paper).id)[1] == content


def test_of_two_who_keep_the_same_file_at_once_both_are_given_the_same_document(server):
    paper = a_paper("00000000003")

    def keeps():
        kept.append(documents.keep(paper.id, photo(), actor="citizen", now=NOW).id)

    kept = []
    assert at_once(keeps, keeps, keeps) == []
    assert len(set(kept)) == 1
    assert Document.objects.filter(paper=paper).count() == 1


def test_a_file_that_one_keeps_while_the_last_other_one_lets_go_is_there(server):
    """Taken away between the look whether it is there and the row, it would be lost for ever."""
    going, coming = a_paper("00000000004"), a_paper("00000000005")
    for round_ in range(8):
        content = pdf(b"(%d)" % round_)
        first = documents.keep(going.id, content, actor="citizen", now=NOW)
        kept = []
        goes = [
            lambda first=first: documents.remove(first.id, actor="citizen", now=NOW),
            lambda content=content, kept=kept: kept.append(
                documents.keep(coming.id, content, actor="citizen", now=NOW)
            ),
        ]
        assert at_once(*goes) == []
        assert documents.content(kept[0].id)[1] == content
        documents.remove(kept[0].id, actor="citizen", now=NOW)
