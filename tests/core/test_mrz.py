"""Machine-readable lines: ICAO's own specimens, and a digit that was misread is never believed."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from giliran.core import mrz

# The specimens of ICAO Doc 9303 (parts 4, 5 and 6, appendix B).
PASSPORT = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
CARD = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
SMALL_PAPER = (
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
    "D231458907UTO7408122F1204159<<<<<<<6",
)


@pytest.mark.parametrize(
    ("lines", "kind", "number"),
    [(PASSPORT, "TD3", "L898902C3"), (CARD, "TD1", "D23145890"), (SMALL_PAPER, "TD2", "D23145890")],
)
def test_icaos_specimens_are_read(lines, kind, number):
    read = mrz.parse(lines)
    assert (read.kind, read.number, read.issuer, read.nationality) == (kind, number, "UTO", "UTO")
    assert (read.surname, read.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (read.birth, read.sex, read.expires) == ("740812", "F", "120415")


def test_the_lines_are_found_in_what_stands_around_them_and_with_spaces_read_into_them():
    page = "PASPOR\nREPUBLIK\n" + PASSPORT[0] + "\n" + " ".join(PASSPORT[1]) + "\nhalaman 2\n"
    assert mrz.found(page) == mrz.parse(PASSPORT)
    assert mrz.found("Nama: Anna Maria\nNIK: 3673011708850001\n") is None
    assert mrz.found("") is None


def test_check_digits_are_icaos():
    assert mrz.check_digit("520727") == 3
    assert mrz.check_digit("D23145890") == 7
    assert mrz.check_digit("AB2134<<<") == 5


CHECKED_IN_TWO_LINES = [*range(9), *range(13, 19), *range(21, 27)]


@pytest.mark.parametrize(
    ("lines", "checked"),
    [
        (PASSPORT, CHECKED_IN_TWO_LINES),
        (SMALL_PAPER, CHECKED_IN_TWO_LINES),
        (CARD, [*range(6), *range(8, 14)]),
    ],
)
@given(data=st.data())
def test_one_digit_misread_in_a_checked_field_is_never_believed(lines, checked, data):
    """Number, birth date and expiry are checked; ICAO's sum finds any one digit for another."""
    first, second, *rest = lines
    place = data.draw(st.sampled_from([place for place in checked if second[place].isdigit()]))
    digit = data.draw(st.sampled_from(string.digits))
    assume(digit != second[place])
    changed = second[:place] + digit + second[place + 1 :]
    assert mrz.parse((first, changed, *rest)) is None


@given(st.text(alphabet=string.ascii_uppercase + string.digits + "<\n ", max_size=200))
def test_whatever_stands_there_is_read_or_not_but_never_fails(text):
    read = mrz.found(text)
    assert read is None or read.kind in {"TD1", "TD2", "TD3"}
