"""Lengths of text messages against the tables of 3GPP TS 23.038, and what folding may not do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.sms import SEPTETS, fits_one, fold, is_gsm7, size

GSM = st.text(st.sampled_from(sorted(SEPTETS)), max_size=700)


@pytest.mark.parametrize(
    ("text", "coding", "length", "parts"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        # 76 of them fill 152 of 153 septets: the 77th isn't cut in halves.
        ("€" * 153, "gsm7", 306, 3),
        ("Ж" * 70, "ucs2", 70, 1),
        ("Ж" * 71, "ucs2", 71, 2),
        ("Ж" * 134, "ucs2", 134, 2),
        ("Ж" * 135, "ucs2", 135, 3),
        ("🙂" * 35, "ucs2", 70, 1),
        ("🙂" * 36, "ucs2", 72, 2),
        ("🙂" * 67, "ucs2", 134, 3),
    ],
)
def test_a_text_takes_as_many_parts_as_the_standard_says(text, coding, length, parts):
    assert size(text) == (coding, length, parts)


def test_one_curly_quotation_mark_would_more_than_double_the_price():
    plain = "Giliran Bapak/Ibu maju 20 menit. Mohon datang pukul 08.40. " * 2

    assert size(plain).parts == 1
    assert size(plain + "’").parts == 2
    assert size(fold(plain + "’")).parts == 1


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“Besok” – pukul 08.00…", '"Besok" - pukul 08.00...'),
        ("Jum’at", "Jum'at"),
        ("Rp42.000.000 🙂✅", "Rp42.000.000 "),
        ("Sélamat, crème brûlée, ñ", "Sélamat, crème brulée, ñ"),
        ("Ā ē č", "A e c"),
        ("您好", "您好"),
    ],
)
def test_folding_says_it_in_the_networks_own_letters(text, folded):
    assert fold(text) == folded


@given(GSM)
def test_what_the_network_knows_stays_as_it_is(text):
    assert fold(text) == text
    assert is_gsm7(text)


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=700))
def test_parts_are_never_more_than_letters_need(text):
    coding, length, parts = size(text)
    whole, part = (160, 153) if coding == "gsm7" else (70, 67)

    assert fits_one(text) == (coding == "gsm7" and length <= 160)
    if length <= whole:
        assert parts == 1
    else:
        # Each part but the last is full, save for the half of a letter that costs two.
        assert -(-length // part) <= parts <= -(-length // (part - 1))
