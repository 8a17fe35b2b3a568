"""What to bring: for a reason, a claimant and a case, with who issues it and where it's free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from giliran.core.refusal import gettext_noop

_ = gettext_noop

FOLDER = "documents"
WRITTEN_ORIGINALS = frozenset(
    {"F3_KK1", "F3A_KK2", "F3B_KK3", "F4", "F5", "F6", "F7", "FORM_BEASISWA"}
    | {"PERNYATAAN_TDK_KERJA_ID", "PERNYATAAN_SIAP_KERJA", "SURAT_KUASA"}
)
GUARDIAN = ("KET_WALI", "KTP_WALI")
ONLY_COPIES = frozenset({"STANDING_INSTRUCTION"})
PROOFS = {
    "BUKTI_PHK": "documents/proofs/dismissal",
    "BUKTI_PHK_JKP": "documents/proofs/dismissal_for_jkp",
}
FROM_THE_EMPLOYER = frozenset({"KET_RESIGN", "BUKTI_PHK", "BUKTI_PHK_JKP", "PKWT", "KET_TDK_MAMPU"})


class Rules(Protocol):
    """The law of the day of the claim; `giliran.core.parameters.LawOn` is one."""

    def value(self, key: str) -> Any: ...

    def is_in_force(self, key: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brings the papers, and what is special. A condition that is None is not known yet."""

    conditions: Mapping[str, bool | None]
    papers: frozenset[str] = frozenset()
    by_proxy: bool | None = None
    cards: int = 1


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the checklist.

    `need` is yes, if (see `why`) or if_available; `form` is copy (the original is shown at the
    counter), original or only_copy; `basis` law or practice. `takes` says how long it takes to
    get, empty where nobody checked it; `free_at` is where it costs nothing, else empty. `why`
    is an Indonesian sentence; `why_en` is empty where gettext translates it.
    """

    code: str
    name: str
    name_en: str
    need: str
    form: str
    basis: str
    of: str = ""
    why: str = ""
    why_en: str = ""
    one_of: tuple[str, ...] = ()
    issuer: str = ""
    issuer_en: str = ""
    cost: str = "unknown"
    takes: str = ""

    @property
    def free_at(self) -> str:
        return self.issuer if self.cost == "free" else ""

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "name_en": self.name_en,
            "need": self.need,
            "form": self.form,
            "basis": self.basis,
            "of": self.of,
            "why": self.why,
            "one_of": list(self.one_of),
            "issuer": self.issuer,
            "cost": self.cost,
            "free_at": self.free_at,
            "takes": self.takes,
        }


def checklist(kind: str, rules: Rules, bringer: Bringer) -> tuple[Paper, ...] | None:
    """Give the papers for `kind`, such as "jht/resigned"; None if no list held on that day."""
    key = f"{FOLDER}/{kind}"
    if not rules.is_in_force(key):
        return None
    copies = rules.is_in_force(f"{FOLDER}/copies_accepted")
    if copies:
        rules.value(f"{FOLDER}/copies_accepted")
    catalogue = rules.value(f"{FOLDER}/catalogue")
    issuers = rules.value(f"{FOLDER}/issuers")
    found: list[Paper] = []
    for row in rules.value(key):
        paper = _paper(row, rules, bringer, catalogue, issuers, copies=copies)
        if paper:
            found.append(_for_this_case(paper, bringer))
    return tuple(found + _extra(found, bringer, catalogue, issuers))


def named_papers(codes: Sequence[str], rules: Rules) -> tuple[Paper, ...]:
    """Give the papers of a bare list of codes, such as what merging cards needs."""
    catalogue = rules.value(f"{FOLDER}/catalogue")
    issuers = rules.value(f"{FOLDER}/issuers")
    optional = {"BUKTI_KERJA"}
    return tuple(
        replace(
            _named(code, catalogue, issuers), need="if_available" if code in optional else "yes"
        )
        for code in codes
    )


def _paper(
    row: Mapping[str, Any],
    rules: Rules,
    bringer: Bringer,
    catalogue: Mapping[str, Any],
    issuers: Mapping[str, Any],
    *,
    copies: bool,
) -> Paper | None:
    code, need = row["doc"], {"always": "yes"}.get(row["need"], row["need"])
    why = why_en = ""
    if need == "if":
        condition = row["when"]
        met = bringer.conditions.get(condition)
        if met is False:
            return None
        need = "yes" if met else "if"
        label = rules.value(f"{FOLDER}/conditions")[condition]
        why, why_en = label["id"], label["en"]
    one_of: tuple[str, ...] = ()
    if code in PROOFS and rules.is_in_force(PROOFS[code]):
        one_of = tuple(one["id"] for one in rules.value(PROOFS[code]))
    if code == "BUKTI_KERJA" and rules.is_in_force(f"{FOLDER}/proof_of_work_compulsory"):
        rules.value(f"{FOLDER}/proof_of_work_compulsory")
    name, issuer = catalogue.get(code, {}), issuers.get(code, {})
    return Paper(
        code=code,
        name=name.get("id", code),
        name_en=name.get("en", code),
        need=need,
        form=_form(code, copies=copies),
        basis=row["basis"],
        of=row.get("of", ""),
        why=why,
        why_en=why_en,
        one_of=one_of,
        issuer=issuer.get("id", ""),
        issuer_en=issuer.get("en", ""),
        cost=issuer.get("cost", "unknown"),
    )


def _named(code: str, catalogue: Mapping[str, Any], issuers: Mapping[str, Any]) -> Paper:
    name, issuer = catalogue.get(code, {}), issuers.get(code, {})
    return Paper(
        code=code,
        name=name.get("id", code),
        name_en=name.get("en", code),
        need="yes",
        form="copy",
        basis="practice",
        issuer=issuer.get("id", ""),
        issuer_en=issuer.get("en", ""),
        cost=issuer.get("cost", "unknown"),
    )


def _form(code: str, *, copies: bool) -> str:
    if code in WRITTEN_ORIGINALS:
        return "original"
    if code in ONLY_COPIES:
        return "only_copy"
    return "copy" if copies or code in {"KTP", "KK", "NPWP", "REKENING"} else "original"


def _for_this_case(paper: Paper, bringer: Bringer) -> Paper:
    if paper.code == "KARTU_PESERTA" and "lost_card" in bringer.papers:
        why = _("Kartu hilang tidak apa-apa: cukup kartu digital di JMO atau nomor kartu (KPJ).")
        return replace(paper, why=why, why_en="")
    if paper.code == "KARTU_PESERTA" and bringer.cards > 1:
        return replace(paper, why=_("Bawa semua kartu atau semua nomor kartu (KPJ)."), why_en="")
    if paper.code in FROM_THE_EMPLOYER and "company_closed" in bringer.papers:
        why = _(
            "Perusahaan sudah tutup: minta surat ke Dinas Tenaga Kerja, atau bawa bukti lain "
            "pernah bekerja dan tanyakan ke kantor cabang."
        )
        return replace(paper, why=why, why_en="")
    if paper.code == "BUKTI_KERJA" and "no_paklaring" in bringer.papers:
        why = _("Tidak ada paklaring: bawa kartu karyawan, slip gaji, atau bukti lain.")
        return replace(paper, why=why, why_en="")
    return paper


def _extra(
    found: list[Paper],
    bringer: Bringer,
    catalogue: Mapping[str, Any],
    issuers: Mapping[str, Any],
) -> list[Paper]:
    """Add what the law's list doesn't name: for a proxy, for data that differ, a lost KTP."""
    codes, more = {paper.code for paper in found}, []
    differing = bringer.papers & {"name_differs", "nik_differs", "birth_date_differs"}
    if differing and "KK" not in codes:
        why = _("Untuk membetulkan data yang berbeda dari KTP.")
        more.append(replace(_named("KK", catalogue, issuers), why=why))
    if bringer.conditions.get("heir_is_minor") and "KET_WALI" not in codes:
        why = _("Ahli waris belum berusia 18 tahun, jadi walinya yang mengajukan.")
        more += [replace(_named(code, catalogue, issuers), why=why) for code in GUARDIAN]
    if "ktp_lost" in bringer.papers:
        why = _("KTP hilang: minta surat keterangan pengganti KTP di Dinas Dukcapil, gratis.")
        more.append(replace(_named("KTP", catalogue, issuers), need="if_available", why=why))
    if bringer.by_proxy:
        why = _("Karena diwakilkan. Tanyakan dulu ke kantor cabang apakah boleh diwakilkan.")
        more.append(
            Paper(
                code="SURAT_KUASA",
                name=_("Surat kuasa bermeterai"),
                name_en="Power of attorney with duty stamp",
                need="yes",
                form="original",
                basis="practice",
                why=why,
                issuer=_("Ditulis sendiri"),
            )
        )
        proxy = _named("KTP", catalogue, issuers)
        more.append(replace(proxy, of="proxy", why=why))
    return more
