"""Nobody handles, sees, nor is told of a complaint about themselves, whatever happens to it.

And whatever happens to it, a recount of the figures finds what they say.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.complaint import TO_ANSWER
from giliran.core.refusal import Refusal
from giliran.figures import folding, recounting
from giliran.messages.models import Message
from giliran.offices.models import Post
from giliran.voices import access, addressed, complaints, files, notices, worklists
from giliran.voices import actions as voices
from giliran.voices.models import Complaint, Remark
from giliran.voices.queries import differences_from_history
from tests.builders import an_office, an_officer, at
from tests.examples import examples
from tests.telephones import reached

pytestmark = pytest.mark.django_db

ROLES = ("officer", "officer", "manager", "regional", "regional", "administrator", "auditor")
STAFF = len(ROLES) + 2
STEPS = (
    *("acknowledge", "classify", "assign", "route", "escalate", "answer", "note", "forward"),
    *("add", "dispute", "confirm", "withdraw", "warn", "lapse", "group"),
)
CATEGORIES = ("queue", "bribe", "conduct", "other")
moves = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.integers(0, STAFF - 1),
        st.integers(0, STAFF - 1),
        st.sampled_from(CATEGORIES),
    ),
    max_size=14,
)


class Branch:
    """Two offices of a region, with everybody who might look."""

    def __init__(self) -> None:
        self.offices = [an_office(), an_office("cilegon")]
        self.staff = [
            an_officer(None if role in {"administrator", "auditor"} else self.offices[0], role)
            for role in ROLES
        ] + [an_officer(self.offices[1]), an_officer(self.offices[1], "manager")]
        for officer in self.staff:
            reached(officer)

    def do(self, view, step, who, other, category, minute) -> None:
        """Let somebody try a step; what they may not do is refused, and then nothing changes."""
        now = at(f"{9 + minute // 60:02}:{minute % 60:02}")
        about = self.staff[other]
        staff = {"officer_id": self.staff[who].id, "now": now}
        keyed = {"request_key": uuid4(), **staff}
        said = {"request_key": uuid4(), "now": now}
        text = "Sudah diperiksa dan diperbaiki hari ini."
        december = now.replace(month=12)
        deeds = {
            "acknowledge": lambda: voices.acknowledge(view.id, **staff),
            "classify": lambda: voices.classify(
                view.id,
                weight="normative",
                category=category,
                about_id=about.id if minute % 2 else None,
                **staff,
            ),
            "assign": lambda: voices.assign(view.id, handler_id=about.id, **staff),
            "route": lambda: voices.route(view.id, office=self.offices[other % 2], **staff),
            "escalate": lambda: voices.escalate(view.id, **staff),
            "answer": lambda: voices.answer(view.id, text, **keyed),
            "group": lambda: voices.answer_group(view.id, text, weight="light", **keyed),
            "note": lambda: voices.note(view.id, text, **keyed),
            "forward": lambda: voices.forward(view.id, to="Disnaker", text=text, **keyed),
            "add": lambda: voices.add(view.code, text, **said),
            "dispute": lambda: voices.dispute(view.code, text, **said),
            "confirm": lambda: voices.confirm(view.code, now=now),
            "withdraw": lambda: voices.withdraw(view.code, now=now),
            "warn": lambda: voices.escalate_due(now=december.replace(day=1 + other % 9)),
            "lapse": lambda: voices.lapse_silent(now=december.replace(day=20)),
        }
        with suppress(Refusal):
            deeds[step]()


def check_rows(view) -> None:
    """What must hold after every step, read from the rows alone."""
    complaint = Complaint.objects.get(id=view.id)
    if complaint.officer_id is not None:
        assert complaint.handler_id != complaint.officer_id
        posts = set(Post.objects.filter(officer_id=complaint.officer_id).values_list("role"))
        if ("manager",) in posts:
            assert complaint.lowest != "office"
        if posts & {("regional",), ("administrator",), ("auditor",)}:
            assert complaint.lowest == "centre"
    if complaint.is_protected:
        assert complaint.lowest != "office"
    assert access.rank(complaint.level) >= access.rank(complaint.lowest)
    assert (complaint.due_on is not None) == (complaint.state in TO_ANSWER)


def check_looks(branch, view) -> None:
    """Who sees it finds it in lists and file alike, and whom it is about nowhere."""
    complaint = complaints.find(view.code)
    for officer in branch.staff:
        who = access.reader(officer.id)
        sees = access.may_see(who, complaint)
        assert Complaint.objects.filter(access.seen_by(who), id=view.id).exists() == sees
        assert (worklists.by_code(view.code, who) is not None) == sees
        assert (files.file_of(view.code, who) is not None) == sees
        if officer.id == complaint.officer_id:
            assert not sees
            assert not access.may_know_name(who, complaint)


def check_told(view, before: int) -> None:
    """What was just written is for nobody whom it is about, and what waits is said to nobody else.

    ``before`` is the last message's id before the step.
    """
    complaint = complaints.find(view.code)
    kinds = sorted(notices.KINDS)
    for message in Message.objects.filter(kind__in=kinds, subject_id=view.id):
        to = message.data["officer"]
        assert message.id <= before or to != complaint.officer_id
        wording = notices.word(message.id, "id")
        if wording is not None:
            assert access.may_handle(access.reader(to), complaint)
            assert "Siti" not in wording.text
            assert view.code not in wording.text
    if complaint.state in TO_ANSWER and complaint.officer_id:
        about = complaint.officer_id
        assert complaint not in addressed.pressed(about, at("09:00"))


def last_message() -> int:
    return Message.objects.order_by("id").values_list("id", flat=True).last() or 0


@settings(max_examples=examples(7), deadline=None)
@given(
    about=st.one_of(st.none(), st.integers(0, STAFF - 1)),
    category=st.sampled_from(CATEGORIES),
    is_protected=st.booleans(),
    steps=moves,
)
def lives(branch, about, category, is_protected, steps):
    mark = transaction.savepoint()
    try:
        view = voices.complain(
            request_key=uuid4(),
            channel="web",
            text="Petugas meminta uang supaya antrean lebih cepat.",
            office=branch.offices[0],
            category=category,
            officer_id=None if about is None else branch.staff[about].id,
            name="Siti Aminah",
            is_protected=is_protected,
            now=at("08:00"),
        )
        check_told(view, 0)
        by_whom: dict[int, str] = {}
        for minute, (step, who, other, kind) in enumerate(steps):
            before = Complaint.objects.get(id=view.id).officer_id
            told = last_message()
            branch.do(view, step, who, other, kind, minute)
            check_rows(view)
            check_told(view, told)
            for remark in Remark.objects.filter(complaint_id=view.id).exclude(kind="said"):
                by_whom.setdefault(remark.id, f"officer:{before}")
                assert remark.by != by_whom[remark.id]
        check_looks(branch, view)
        assert [why for _, why in differences_from_history() if why] == []
        assert not folding.refresh(60).events
        assert list(recounting.compare()) == []
    finally:
        transaction.savepoint_rollback(mark)


def test_no_row_of_moves_lets_somebody_handle_see_or_hear_of_a_complaint_about_themselves():
    lives(Branch())
