"""Two cards or more, and cards whose data differ from the KTP."""

from __future__ import annotations

import re
from datetime import date

from giliran.core.checklist import named_papers
from giliran.core.eligibility.answer import CardsAdvice, Channel
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.days import whole_months
from giliran.core.eligibility.sentence import Sentence
from giliran.core.eligibility.situation import Situation
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import BadInput, gettext_noop

_ = gettext_noop
WOMEN_ADD_TO_DAY = 40


def differences(facts: Situation) -> tuple[tuple[str, int], ...]:
    """Name each field that differs from the KTP, and the card (from 1; 0: the person)."""
    found: list[tuple[str, int]] = []
    name, nik, born = facts.identity.name, facts.identity.nik, _born(facts)
    for place, card in enumerate(facts.cards, start=1):
        name, nik, born = name or card.name, nik or card.nik, born or card.birth_date
        if card.name and _letters(card.name) != _letters(name):
            found.append(("name", place))
        if card.nik and _digits(card.nik) != _digits(nik):
            found.append(("nik", place))
        if card.birth_date and card.birth_date != born:
            found.append(("birth_date", place))
    if facts.birth_date and facts.identity.birth_date not in {None, facts.birth_date}:
        found.append(("birth_date", 0))
    told = {"name_differs": "name", "nik_differs": "nik", "birth_date_differs": "birth_date"}
    known = {field for field, _place in found}
    found += [
        (field, 0) for paper, field in told.items() if paper in facts.papers and field not in known
    ]
    found += [("nik", place) for place in _impossible_niks(facts) if ("nik", place) not in found]
    return tuple(found)


def _impossible_niks(facts: Situation) -> list[int]:
    born = _born(facts)
    niks = [facts.identity.nik, *(card.nik for card in facts.cards)]
    return [place for place, nik in enumerate(niks) if nik and not _fits(nik, born, facts.gender)]


def _fits(nik: str, born: date | None, gender: str) -> bool:
    try:
        digits = parse_nik(nik)
    except BadInput:
        return False
    day = int(digits[6:8])
    if gender and (gender == "female") != (day > WOMEN_ADD_TO_DAY):
        return False
    if born is None:
        return True
    shown = (day - WOMEN_ADD_TO_DAY if day > WOMEN_ADD_TO_DAY else day, int(digits[8:10]))
    return shown == (born.day, born.month) and int(digits[10:12]) == born.year % 100


def _born(facts: Situation) -> date | None:
    return facts.identity.birth_date or facts.birth_date


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _digits(nik: str) -> str:
    return re.sub(r"\D", "", nik)


def birth_dates(facts: Situation) -> tuple[date, ...]:
    """Give every birth date that somebody wrote down for this person, each once."""
    written = (facts.birth_date, facts.identity.birth_date, *(c.birth_date for c in facts.cards))
    return tuple(sorted({born for born in written if born}))


def months_together(facts: Situation) -> int | None:
    """Count the months of membership on all cards, none twice; None if a start is unknown."""
    if facts.membership_months is not None:
        return facts.membership_months
    spells = [
        (card.since, min(card.until or facts.day, facts.day))
        for card in facts.cards
        if card.since is not None
    ]
    if not spells or len(spells) < len(facts.cards):
        return None
    months, (since, until) = 0, min(spells)
    for start, end in sorted(spells)[1:]:
        if start <= until:
            until = max(until, end)
        else:
            months += whole_months(since, until)
            since, until = start, end
    return months + whole_months(since, until)


def months_on_longest_card(facts: Situation) -> int | None:
    """Count the months of the card with the longest membership."""
    months = [card.months_on(facts.day) for card in facts.cards]
    known = [one for one in months if one is not None]
    return max(known) if known else facts.membership_months


def advise(case: Case) -> None:
    """Say what to do with several cards or with data that differ; nothing for one good card."""
    facts = case.facts
    several = len(facts.cards) > 1 and facts.merged is not True
    differing = differences(facts)
    if not several and not differing:
        return
    steps: list[Sentence] = []
    if differing:
        steps.append(
            Sentence(
                _(
                    "Betulkan dulu data yang berbeda dari KTP. Bawa KTP dan Kartu Keluarga ke "
                    "kantor cabang; bila data di KTP yang salah, betulkan dulu di Dukcapil. "
                    "Semuanya gratis."
                )
            )
        )
    if several:
        steps += _merging(case)
    needed = {(True, True): "merge_and_correct", (True, False): "merge", (False, True): "correct"}
    case.cards = CardsAdvice(
        needed[several, bool(differing)],
        facts.balance,
        differing,
        tuple(steps),
    )
    if several:
        case.say(
            _(
                "Bapak/Ibu punya %(count)s kartu. Saldo di semua kartu tetap milik Bapak/Ibu dan "
                "dapat digabung menjadi satu."
            ),
            count=len(facts.cards),
        )
    if differing:
        case.say(
            _("Ada data yang berbeda. Hak Bapak/Ibu tidak hilang, tetapi data perlu dibetulkan.")
        )


def bring_to_merge(case: Case) -> None:
    """Say where cards are merged and what a branch asks for."""
    if not case.holds("jht/merging_cards"):
        why = Sentence(_("Minta penggabungan kartu di kantor cabang."))
        case.channel = Channel(("branch",), must_come=True, why=why)
        return
    case.rule("jht/merging_cards")
    case.documents = named_papers(case.rule("jht/old_card/merging_needs"), case)
    case.say(
        _("Kartu digabung lewat JMO, perusahaan, atau kantor cabang; dokumennya ada di daftar.")
    )
    why = Sentence(_("Tidak perlu datang: gabungkan kartu di JMO, atau lewat perusahaan."))
    case.channel = Channel(("jmo", "employer", "branch"), must_come=False, why=why)


def _merging(case: Case) -> list[Sentence]:
    case.rule("jht/balance_protected")
    case.rule("jht/return_floor")
    case.rule("jht/change_of_employer")
    if not case.holds("jht/merging_cards"):
        return [
            Sentence(_("Minta penggabungan saldo di kantor cabang: bawa KTP dan semua kartu.")),
        ]
    case.rule("jht/merging_cards")
    return [
        Sentence(
            _(
                "Gabungkan kartu di aplikasi JMO: pembaruan data, periksa semua nomor kartu "
                "(KPJ), foto wajah, lalu setuju."
            )
        ),
        Sentence(_("Atau minta bagian personalia perusahaan yang sekarang lewat SIPP Online.")),
        Sentence(
            _(
                "Atau datang ke kantor cabang. Bawa KTP, semua kartu, dan bukti pernah bekerja "
                "di perusahaan lama bila ada."
            )
        ),
        Sentence(
            _("Pada pekerjaan berikutnya, tunjukkan kartu ini supaya kepesertaan dilanjutkan.")
        ),
    ]
