"""Who comes first when a member has died."""

from __future__ import annotations

from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.refusal import gettext_noop

_ = gettext_noop

RANK = {
    "spouse": 1,
    "child": 1,
    "parent": 2,
    "grandparent": 2,
    "grandchild": 2,
    "sibling": 3,
    "parent_in_law": 4,
    "named_in_will": 5,
    "none": 6,
}


def ask_for_heir(case: Case) -> None:
    """Ask who claims, and whether somebody stands nearer to the dead."""
    claimant = case.facts.claimant
    if not claimant.heir:
        case.ask(
            "claimant.heir",
            _(
                "Siapa Bapak/Ibu bagi peserta yang meninggal: istri/suami, anak, orang tua, atau "
                "lain?"
            ),
            "spouse",
        )
    elif RANK[claimant.heir] > 1 and claimant.nearer_heirs is None:
        case.ask(
            "claimant.nearer_heirs",
            _("Apakah masih ada istri, suami, anak, atau keluarga lain yang lebih dekat?"),
            example=False,
        )


def refuse_farther_heir(case: Case) -> Answer | None:
    """Give the refusal if somebody comes before this heir; else explain the order."""
    claimant = case.facts.claimant
    case.rule("heirs/order")
    if RANK[claimant.heir] > 1 and claimant.nearer_heirs:
        case.say(
            _(
                "Urutan ahli waris: istri, suami, atau anak; lalu orang tua, kakek-nenek, cucu; "
                "lalu saudara; lalu mertua; lalu yang disebut dalam wasiat."
            )
        )
        case.change(_("Ahli waris yang lebih dekat tidak ada lagi."))
        return case.answer(
            Decision.NOT_ENTITLED,
            "nearer_heir_first",
            _("Belum menjadi hak Bapak/Ibu: ada ahli waris yang lebih dekat. Dia yang mengajukan."),
        )
    if claimant.heir == "none":
        return None
    case.say(_("Bapak/Ibu ahli waris yang berhak: tidak ada yang lebih dekat dalam urutan."))
    return None
