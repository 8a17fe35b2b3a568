"""The life of a claim, from a draft to its end."""

from __future__ import annotations

import pytest

from tests.builders import an_approved_claim

pytestmark = pytest.mark.django_db


def test_a_claim_is_approved_by_somebody_else_than_who_verified():
    claim = an_approved_claim()
    assert claim.state == "approved"
    assert claim.due_on is not None
