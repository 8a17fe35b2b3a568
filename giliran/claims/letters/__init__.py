"""Letters: written once and sealed, printed as often as wanted, checked by anybody who has one."""

from giliran.claims.letters.checking import LetterChecked, check
from giliran.claims.letters.codes import typed_code
from giliran.claims.letters.finding import LetterView, letter, letters_to, of_claim
from giliran.claims.letters.printing import can_make_pdf, page, pdf, style_sheet
from giliran.claims.letters.writing import NothingToWrite, write

__all__ = [
    "LetterChecked",
    "LetterView",
    "NothingToWrite",
    "can_make_pdf",
    "check",
    "letter",
    "letters_to",
    "of_claim",
    "page",
    "pdf",
    "style_sheet",
    "typed_code",
    "write",
]
