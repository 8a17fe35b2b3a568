"""What the machine saw in a document, in words for the officer who decides."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop

DOUBTS = {
    "blurred": gettext_noop("Mesin: mungkin buram"),
    "too_dark": gettext_noop("Mesin: agak gelap"),
    "empty": gettext_noop("Mesin: tampak kosong"),
    "cut_off": gettext_noop("Mesin: mungkin terpotong"),
    "pages_missing": gettext_noop("Mesin: ada halaman kosong"),
    "unreadable": gettext_noop("Mesin: tulisannya kecil"),
    "name_differs": gettext_noop("Mesin: nama tidak sama"),
    "nik_differs": gettext_noop("Mesin: NIK tidak sama"),
    "wrong_paper": gettext_noop("Mesin: mungkin bukan dokumen ini"),
    "expired": gettext_noop("Mesin: mungkin sudah tidak berlaku"),
}
# What was compared with what was typed: the same, or not.
COMPARED = {
    "nik": (gettext_noop("Mesin: NIK cocok"), gettext_noop("Mesin: NIK tidak sama")),
    "name": (gettext_noop("Mesin: nama cocok"), gettext_noop("Mesin: nama tidak sama")),
    "birth": (
        gettext_noop("Mesin: tanggal lahir cocok"),
        gettext_noop("Mesin: tanggal lahir tidak sama"),
    ),
}
INSISTED = gettext_noop("Disimpan walau mesin menilai sulit dibaca")


class Finding(NamedTuple):
    """One thing the machine saw. ``weight`` is good or doubt: a doubt is for a person to judge."""

    text: str
    weight: str


def findings(seen: dict[str, Any]) -> list[Finding]:
    """Return what a document's ``findings`` say, doubts first."""
    doubts = [DOUBTS[one] for one in seen.get("faults", ()) if one in DOUBTS]
    doubts += [words[1] for name, words in COMPARED.items() if seen.get(name) == "differs"]
    doubts += [INSISTED] if seen.get("insisted") else []
    agrees = [words[0] for name, words in COMPARED.items() if seen.get(name) == "same"]
    found = [Finding(gettext(one), "doubt") for one in dict.fromkeys(doubts)]
    found += [Finding(gettext(one), "good") for one in agrees]
    return found or [Finding(gettext("Mesin: terbaca"), "good")]
