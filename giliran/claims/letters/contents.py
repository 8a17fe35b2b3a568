"""What a letter takes from its claim: papers and dates, the sum, the article and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.claims.files import PaperView, account_of, papers
from giliran.claims.models import Claim, Paper
from giliran.claims.verdicts import law
from giliran.core.parameters import LawOn
from giliran.encryption import unseal
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people.models import Officer

PROGRAMS = {
    "JHT": "Jaminan Hari Tua (JHT)",
    "JKK": "Jaminan Kecelakaan Kerja (JKK)",
    "JKM": "Jaminan Kematian (JKM)",
    "JP": "Jaminan Pensiun (JP)",
    "JKP": "Jaminan Kehilangan Pekerjaan (JKP)",
}
_CLOCKS = {"JP": "jp_first"} | {one: f"{one.lower()}_pay" for one in ("JHT", "JKK", "JKM", "JKP")}
_OWNERS = {
    "heir": "ahli waris",
    "participant_and_heir": "peserta dan ahli waris",
    "proxy": "wakil",
}
_RECEIVED = (Paper.State.SENT, Paper.State.GOOD, Paper.State.SEEN)
_ROLES = {
    "manager": "Kepala Kantor Cabang",
    "regional": "Pejabat Kantor Wilayah",
    "officer": "Petugas Pelayanan",
    "door": "Petugas Pelayanan",
}


def facts_of(kind: str, claim: Claim, *, day: date) -> dict[str, Any]:
    """Return what a letter of this kind says about a claim, as JSON holds it.

    ``day`` is the day of the letter: papers and ways to object are named as the law has them then.
    """
    on = law().on(day)
    facts: dict[str, Any] = {
        "name": unseal(claim.name_sealed),
        "program": PROGRAMS.get(claim.program, claim.program),
        "benefit": _benefit(claim.kind, on),
        "claim_code": claim.code,
        "kpj": f"…{claim.kpj[-4:]}" if claim.kpj else "",
        "pay_by": claim.due_on.isoformat() if claim.due_on else None,
    }
    if kind == "receipt":
        facts["papers"] = _received(claim.id)
        facts["pays_within"] = _length(claim.program, on)
    if kind == "decision":
        facts["amount"] = str(claim.amount) if claim.amount is not None else ""
        facts["account"] = _account(claim.id)
    if kind == "refusal":
        facts["article"] = claim.article
        facts["reason"] = unseal(claim.reason_sealed)
        facts["objecting"] = ways_to_object(on)
    return facts


def ways_to_object(on: LawOn) -> list[dict[str, Any]]:
    """Return where to complain, in order, then beside it: where (a sentence), days and law.

    ``days`` is text such as "5 hari kerja", empty where the law names none; ``beside`` says that
    this way is open at any time.
    """
    found = []
    for row in on.value("complaints/ladder"):
        key = row.get("deadline")
        found.append(
            {
                "where": row["id"],
                "days": _days(key, on) if key else "",
                "law": row["law"],
                "beside": bool(row["parallel"]),
            }
        )
    return found


def _days(key: str, on: LawOn) -> str:
    unit = "hari kerja" if on.law[key].unit == "working_days" else "hari"
    days = f"{int(on.value(key))} {unit}"
    if key == "complaints/lapor_forward":  # the ladder names only the first of the two steps
        follows = int(on.value("complaints/lapor_followup"))
        return f"{days} untuk meneruskan, lalu {follows} {unit} untuk ditindaklanjuti"
    return days


def signatory(kind: str, claim: Claim | None, *, actor: str, office: Office) -> dict[str, str]:
    """Return who signs, with their role at the office: name and role.

    A decision is signed by who decided; a receipt that a machine made, by nobody by name.
    """
    decided = claim.decided_by_id if claim and kind != "receipt" else None
    who, _, number = actor.partition(":")
    officer_id = decided or (int(number) if who == "officer" and number.isdecimal() else None)
    if officer_id is None:
        return {"name": "", "role": "Layanan Klaim"}
    has = offices.roles(officer_id, office)
    role = next((title for name, title in _ROLES.items() if name in has), "Petugas Pelayanan")
    name = Officer.objects.values_list("full_name", flat=True).get(id=officer_id)
    return {"name": name, "role": role}


def _benefit(kind: str, on: LawOn) -> str:
    """Return "JHT karena PHK" for "jht/dismissed", as the rules label its checklist."""
    key = f"documents/{kind}"
    if key not in on.law:
        return ""
    return on.law[key].label_id.partition(": ")[2]


def _length(program: str, on: LawOn) -> str:
    key = f"deadlines/{_CLOCKS.get(program, '')}"
    if key not in on.law or not on.is_in_force(key):
        return ""
    return _days(key, on)


def _received(claim_id: int) -> list[dict[str, str]]:
    found = [one for one in papers(claim_id) if one.state in _RECEIVED]
    return [{"name": _named(one), "at": _came(one)} for one in found]


def _came(paper: PaperView) -> str:
    came = max((one.sent_at for one in paper.documents), default=paper.checked_at)
    return came.isoformat() if came else ""


def _named(paper: PaperView) -> str:
    owner = _OWNERS.get(paper.of, "")
    return f"{paper.name} ({owner})" if owner else paper.name


def _account(claim_id: int) -> str:
    """Return "Bank Rakyat Indonesia (BRI), nomor berakhir 4417, atas nama SITI"; empty if none."""
    # Payments call the actions that write letters, so they can't be imported before them.
    from giliran.claims.payments.banks import banks

    account = account_of(claim_id)
    if account is None:
        return ""
    names = {bank.code: bank.name for bank in banks()}
    bank = names.get(account.bank, account.bank)
    return f"{bank}, nomor berakhir {account.number[-4:]}, atas nama {account.holder}"


def amount_of(content: Mapping[str, Any]) -> Decimal:
    """Return the sum that a decision names, in rupiah."""
    return Decimal(content["amount"])
