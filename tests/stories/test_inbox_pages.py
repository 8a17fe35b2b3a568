"""The officers' inbox as pages: whose it is, and what whoever writes there may type."""

import pytest

from giliran import clock
from giliran.conversations.actions import Said, Speaker, hear
from giliran.conversations.models import Handover, Line
from giliran.journal.models import Event
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def half_past_eight(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("08:30"))


@pytest.fixture
def asked():
    """Return what somebody asked the officers of Serang."""
    an_office("serang")
    for text in ("petugas", "serang", "<b>'; DROP TABLE x; -- \U0001f600"):
        hear(Speaker("web", "session"), Said(text), now=at("08:10"))
    return Handover.objects.select_related("office").get()


def page(handover, office="serang"):
    return f"/petugas/{office}/percakapan/{handover.id}/"


def test_an_officer_of_another_office_reads_nothing_and_answers_nothing(client, asked):
    client.force_login(an_officer(an_office("cilegon")))
    for address in (page(asked), page(asked, "cilegon"), "/petugas/serang/percakapan/"):
        assert client.get(address).status_code in {403, 404}
    for said in ({"kata": "Halo"}, {"langkah": "selesai"}):
        assert client.post(page(asked), said).status_code in {403, 404}
        assert client.post(page(asked, "cilegon"), said).status_code in {403, 404}
    asked.refresh_from_db()
    assert asked.closed_at is None
    assert Line.objects.count() == 1
    assert not Event.objects.filter(kind="conversation.seen").exists()


def test_nobody_reads_an_inbox_without_logging_in(client, asked):
    assert client.get(page(asked)).status_code == 302


def test_the_list_shows_no_words_and_what_was_written_is_shown_as_written(client, asked):
    client.force_login(an_officer(asked.office))
    assert "DROP TABLE" not in client.get("/petugas/serang/percakapan/").content.decode()
    shown = client.get(page(asked)).content.decode()
    assert "&lt;b&gt;" in shown
    assert "<b>'" not in shown


@pytest.mark.parametrize("kata", ["", "\x00", "   "])
def test_an_answer_without_a_word_is_refused_with_a_sentence(client, asked, kata):
    client.force_login(an_officer(asked.office))
    answer = client.post(page(asked), {"kata": kata})
    assert answer.status_code == 422
    assert "Tulis dulu jawabannya." in answer.content.decode()
    assert Line.objects.count() == 1
