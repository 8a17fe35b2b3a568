"""Letters: written once and sealed, printed as often as wanted, checked by anybody who has one."""

from giliran.claims.letters.checking import LetterChecked, check
from giliran.claims.letters.codes import typed_code
from giliran.claims.letters.finding import LetterView, letter, letters_to, of_claim
from giliran.claims.letters.printing import (
    can_make_pdf,
    font_faces,
    page,
    pdf,
    style_sheet,
    tagged_pdf,
)
from giliran.claims.letters.writing import NothingToWrite, write

__all__ = [
    "LetterChecked",
    "LetterView",
    "NothingToWrite",
    "can_make_pdf",
    "check",
    "font_faces",
    "letter",
    "letters_to",
    "of_claim",
    "page",
    "pdf",
    "style_sheet",
    "tagged_pdf",
    "typed_code",
    "write",
]
