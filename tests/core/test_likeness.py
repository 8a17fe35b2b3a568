"""Names as Indonesian clerks write them, and who is taken for whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.likeness import fold, likeness, niks_near, of_people, sexes_differ


def alike(a, b):
    return likeness(fold(a), fold(b))


SAME = [
    ("H. Moch. Soedjono, S.E.", "Muhammad Sujono"),
    ("MUH RIZKY RAMADHAN", "Mohammad Rizqi Ramadan"),
    ("M.Ali", "Mohd Ali"),
    ("ST. AMINAH", "Siti Aminah"),
    ("Hj. Siti Fatimah", "Siti Fatima"),
    ("Drs. Budi Santoso", "SANTOSO, BUDI"),
    ("Tjahjono", "Cahyono"),
    ("Joesoef Habibie", "Yusuf Habibie"),
    ("Abd. Rahman", "Abdul Rahman"),
    ("Abdurrahman", "Abdul Rahman"),
    ("Nurhayati", "Nur Hayati"),
    ("Noer Hajati", "Nur Hayati"),
    ("Ahmad bin Yusuf", "Ahmad"),
    ("Ahmad bin Yusuf", "Ahmad Yusuf"),
    ("Fatimah binti Umar", "Fatimah bt. Umar"),
    ("Khairul Anwar", "Chaerul Anwar"),
    ("Syamsul Arifin", "Samsul Aripin"),
    ("Rudy Hermawan, S.Pd., M.Pd.", "Rudi Hermawan"),
    ("Ma'ruf", "Maruf"),
    ("Slamet", "SLAMET "),
    ("A. Fauzi", "Ahmad Pauji"),
    ("Dwi Rahmad Prasetyo", "Dwi Rahmat Prasetio"),
    ("Suwarsih", "Suwarsi"),
]
OTHERS = [
    ("Siti Aminah", "Siti Aisyah"),
    ("Muhammad Ali", "Muhammad Idris"),
    ("Suharti", "Suharto"),
    ("Budi Santoso", "Budi Hartono"),
    ("Ahmad bin Yusuf", "Ahmad bin Karim"),
    ("Budi", "Budi Santoso"),  # half of Java is called Budi something
    ("Agus Setiawan", "Asep Setiawan"),
    ("Sri", "Sari"),
    ("Dewi", "Dwi Lestari Handayani"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_written_in_two_ways_is_alike(one, other):
    assert alike(one, other) >= 80


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_name_is_not(one, other):
    assert alike(one, other) < 80


words = st.text("abcdefghijklmnopqrstuvwxyz .,'", max_size=30)


@given(words, words)
def test_it_makes_no_difference_which_card_comes_first(a, b):
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b) <= 100


@given(st.lists(st.sampled_from(["Budi", "Siti", "Joko", "Rahmat", "Lestari"]), min_size=1))
def test_the_order_of_words_capitals_and_titles_make_no_difference(names):
    name = " ".join(names)
    written = "Drs. H. " + " ".join(reversed(names)).upper() + ", S.E., M.M."
    assert alike(name, written) == 100


@given(st.text(max_size=60))
def test_whatever_stands_on_a_card_can_be_folded(text):
    folded = fold(text)
    if folded.words:
        assert likeness(folded, folded) == 100


def test_a_name_that_is_only_a_title_stays_a_name():
    assert fold("Ibu").words == ("ibu",)
    assert alike("H.", "Hj.") < 80


def test_niks_that_differ_by_a_slip_speak_for_one_person_and_sexes_for_two():
    nik, slip = "3673011708850001", "3673011708850010"
    man, woman = "3673011708850001", "3604025708857777"
    assert niks_near(nik, slip)
    assert not niks_near(man, woman)
    assert sexes_differ(man, woman)
    assert of_people(75, nik, slip) == 85
    assert of_people(90, man, woman) == 70
    assert of_people(90, nik, "3604021708857777") == 90
