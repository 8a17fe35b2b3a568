"""What stands on a card against what was typed: a hint for an officer, never a verdict."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz, utils

from giliran.claims.models import Claim, Paper
from giliran.core import mrz
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import BadInput
from giliran.encryption import blind_index, unseal

IS_COMPARED = frozenset({"KTP", "KK", "NPWP", "PASPOR", "PASPOR_PMI", "REKENING"})
_WITH_NIK = frozenset({"KTP", "KK", "NPWP"})
_NAMES_AN_OTHER = frozenset({"proxy"})
_SIXTEEN = re.compile(r"(?<!\d)\d{16}(?!\d)")
_SAME_NAME = 88  # of 100; reading errors of a letter in ten are forgiven


def compared(text: str, paper: Paper, claim: Claim, *, is_whole: bool) -> dict[str, Any]:
    """Return ``nik``, ``name`` and ``birth`` as same or differs, where that can be told.

    ``is_whole`` says that the whole page was read, not only a code on it. A name that isn't found
    in what a machine read differs from nothing: nothing is said then.
    """
    if paper.of in _NAMES_AN_OTHER or paper.code not in IS_COMPARED:
        return {}
    found: dict[str, Any] = {}
    niks = {nik for nik in _SIXTEEN.findall(text) if _is_nik(nik)}
    if niks and paper.code in _WITH_NIK:
        ours = {bytes(claim.citizen.nik_index), bytes(claim.claimant.nik_index)}
        found["nik"] = "same" if ours & {blind_index(nik) for nik in niks} else "differs"
    name = unseal(claim.name_sealed)
    if is_whole and name:
        likeness = fuzz.partial_ratio(name, text, processor=utils.default_process)
        found |= {"name": "same"} if likeness >= _SAME_NAME else {}
    return found


def compared_zone(text: str, claim: Claim, *, now: datetime) -> dict[str, Any]:
    """Return what a passport's machine-readable lines tell: ``birth`` and ``expired``."""
    zone = mrz.found(text)
    if zone is None:
        return {}
    # Only the two last digits of the year are printed: whoever claims was born in either century.
    births = {f"{age}{zone.birth[:2]}-{zone.birth[2:4]}-{zone.birth[4:]}" for age in ("19", "20")}
    found: dict[str, Any] = {"mrz": zone.kind}
    if claim.birth_index:
        is_same = bytes(claim.birth_index) in {blind_index(one) for one in births}
        found["birth"] = "same" if is_same else "differs"
    if f"20{zone.expires}" < f"{now:%Y%m%d}":
        found["expired"] = True
    return found


def host_of(text: str) -> str:
    """Return the host of a web address in a QR code, else nothing: the rest may be private."""
    try:
        parts = urlsplit(text.strip())
        return (parts.hostname or "")[:80] if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _is_nik(digits: str) -> bool:
    try:
        parse_nik(digits)
    except BadInput:
        return False
    return True
