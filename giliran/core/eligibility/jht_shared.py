"""How a decision on all of the JHT is closed, whatever its reason."""

from __future__ import annotations

from datetime import date

from giliran.core.eligibility import two_cards
from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.closing import close_jht
from giliran.core.eligibility.days import age_on
from giliran.core.eligibility.sentence import Sentence
from giliran.core.eligibility.situation import Situation
from giliran.core.refusal import gettext_noop

_ = gettext_noop


def entitled(
    case: Case, code: str, text: str, earliest: date | None = None, *, like: str = ""
) -> Answer:
    """Close with all of the balance due now. `like`: the reason whose papers are asked for."""
    two_cards.advise(case)
    _owe_everything(case)
    close_jht(case, earliest, like=like)
    return case.answer(Decision.ENTITLED, code, text, earliest)


def not_yet(case: Case, code: str, text: str, earliest: date | None) -> Answer:
    """Close with all of the balance due from `earliest`, None: the day isn't known."""
    two_cards.advise(case)
    _owe_everything(case)
    close_jht(case, earliest)
    return case.answer(Decision.NOT_YET, code, text, earliest)


def officer(case: Case, code: str, text: str, earliest: date | None = None) -> Answer:
    """Close with a question that only an officer can answer."""
    two_cards.advise(case)
    _owe_everything(case)
    close_jht(case, earliest)
    return case.answer(Decision.OFFICER_DECIDES, code, text, earliest)


def _owe_everything(case: Case) -> None:
    facts = case.facts
    if facts.balance is None:
        place = next((n for n, card in enumerate(facts.cards) if card.balance is None), 0)
        case.ask(
            f"cards[{place}].balance",
            _("Berapa saldo JHT di setiap kartu? Lihat di aplikasi JMO."),
            15000000,
            blocks=False,
        )
        case.owe("jht_full", _("Seluruh saldo JHT"), None)
        return
    parts = [
        Sentence(_("Kartu %(place)s: %(balance)s"), {"place": place, "balance": card.balance})
        for place, card in enumerate(facts.cards, start=1)
        if card.balance is not None
    ]
    whole = Sentence(_("Seluruh saldo: %(total)s"), {"total": facts.balance})
    case.owe(
        "jht_full",
        _("Seluruh saldo JHT"),
        facts.balance,
        *(parts if len(parts) > 1 else ()),
        whole,
    )


def age_reached(case: Case, years: int) -> bool | None:
    """Say whether the age is reached; None if unknown or if written birth dates disagree."""
    born = two_cards.birth_dates(case.facts)
    if born:
        reached = {age_on(one, case.day) >= years for one in born}
        return reached.pop() if len(reached) == 1 else None
    age = case.facts.age_today
    return None if age is None else age >= years


def born_on(facts: Situation) -> date | None:
    """Give the birth date that every paper agrees on, None if there is none."""
    born = two_cards.birth_dates(facts)
    return born[0] if len(born) == 1 else None
