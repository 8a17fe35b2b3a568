"""What kind of answer each field takes: so that a page or a chat can ask for it as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from giliran.core.refusal import gettext_noop

_ = gettext_noop

CHOICES: dict[str, dict[str, str]] = {
    "reason": {
        "resigned": _("Saya mengundurkan diri"),
        "dismissed": _("Saya kena PHK"),
        "contract_end": _("Kontrak kerja saya selesai"),
        "self_employed_stopped": _("Saya pekerja mandiri dan berhenti bekerja"),
        "migrant_contract_end": _("Saya pulang setelah bekerja di luar negeri"),
        "age": _("Saya mencapai usia pensiun"),
        "old_card": _("Saya punya kartu lama dan sudah bekerja lagi"),
        "partial_other": _("Saya masih bekerja dan ingin mengambil sebagian"),
        "partial_housing": _("Saya masih bekerja dan ingin membeli rumah"),
        "work_accident": _("Terjadi kecelakaan kerja"),
        "occupational_disease": _("Sakit karena pekerjaan"),
        "total_permanent_disability": _("Cacat total tetap, tidak dapat bekerja lagi"),
        "death": _("Peserta meninggal dunia"),
        "leaving_indonesia": _("Warga negara asing meninggalkan Indonesia"),
        "scholarship": _("Beasiswa untuk anak peserta"),
    },
    "segment": {
        "PU": _("Karyawan atau pekerja yang menerima upah"),
        "BPU": _("Pekerja mandiri"),
        "PMI": _("Pekerja migran di luar negeri"),
        "JAKON": _("Pekerja proyek bangunan"),
    },
    "claimant.heir": {
        "spouse": _("Istri atau suami"),
        "child": _("Anak"),
        "parent": _("Ayah atau ibu"),
        "grandparent": _("Kakek atau nenek"),
        "grandchild": _("Cucu"),
        "sibling": _("Kakak atau adik kandung"),
        "parent_in_law": _("Mertua"),
        "named_in_will": _("Disebut dalam wasiat"),
        "none": _("Bukan keluarga"),
    },
    "cause": {
        "work_accident": _("Ya, karena kecelakaan kerja atau pekerjaan"),
        "other": _("Bukan karena pekerjaan"),
    },
    "citizenship": {"WNI": _("Warga negara Indonesia"), "WNA": _("Warga negara asing")},
    "home": {"cash": _("Tunai"), "credit": _("Kredit bank (KPR)")},
    "accident.outcome": {
        "in_treatment": _("Masih dirawat"),
        "recovered": _("Sudah sembuh"),
        "partial_anatomical": _("Kehilangan bagian tubuh"),
        "partial_functional": _("Bagian tubuh kurang berfungsi"),
        "total_permanent_disability": _("Cacat total tetap"),
        "death": _("Meninggal dunia"),
    },
    "children[].school": {
        "before_school": _("Belum sekolah"),
        "primary": _("TK atau SD"),
        "lower_secondary": _("SMP"),
        "upper_secondary": _("SMA atau SMK"),
        "higher": _("Kuliah atau pelatihan"),
        "none": _("Tidak sekolah"),
    },
}
LISTS = frozenset({"earlier_withdrawals", "children", "accident.injuries"})


@dataclass(frozen=True, slots=True)
class Kind:
    """choice, flag, day, money, number, list or text; choices with their Indonesian labels."""

    name: str
    choices: Mapping[str, str]


def kind_of_field(field: str, example: Any) -> Kind:
    """Say how to ask for a field, from its name and an example of it."""
    plain = re.sub(r"\[\d+\]", "[]", field)
    if plain in CHOICES:
        return Kind("choice", CHOICES[plain])
    if plain in LISTS:
        return Kind("list", {})
    if isinstance(example, bool):
        return Kind("flag", {})
    if isinstance(example, int):
        return Kind("money" if plain.rpartition(".")[2] in MONEY else "number", {})
    return Kind("day" if re.fullmatch(r"\d{4}-\d\d-\d\d", str(example)) else "text", {})


MONEY = frozenset({"balance", "wage", "income", "gross", "average_indexed_wage"})


def put(values: Mapping[str, Any], field: str, told: Any) -> dict[str, Any]:
    """Give a copy of a situation's JSON in which `field` ("cards[0].active") is `told`."""
    filled = deepcopy(dict(values))
    node: Any = filled
    names = re.findall(r"[^.\[\]]+", field)
    for name, after in zip(names, [*names[1:], None], strict=True):
        at: Any = int(name) if name.isdigit() else name
        if isinstance(node, list):
            node.extend({} for _missing in range(at + 1 - len(node)))
        if after is None:
            node[at] = told
            break
        wanted: type = list if after.isdigit() else dict
        if isinstance(node, dict) and not isinstance(node.get(at), wanted):
            node[at] = _widened(node.get(at), wanted, at)
        node = node[at]
    return filled


def _widened(told: Any, wanted: type, name: str) -> Any:
    """Turn a shorthand ("claimant": "heir") into the object that it stands for."""
    if wanted is list:
        return []
    if told is None:
        return {}
    key = {"claimant": "kind", "employment": "working"}.get(name, "value")
    return {key: told == "working" if key == "working" and isinstance(told, str) else told}
