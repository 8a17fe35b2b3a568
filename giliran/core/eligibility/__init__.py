"""May this person claim, how much, and if not, why not: facts + law of the day -> one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from giliran.core.deadline import Calendar
from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.jht import jht
from giliran.core.eligibility.jkk import jkk
from giliran.core.eligibility.jkm import jkm
from giliran.core.eligibility.jkp import jkp
from giliran.core.eligibility.jp import jp
from giliran.core.eligibility.reading import UnreadableSituation
from giliran.core.eligibility.scholarship import scholarship
from giliran.core.eligibility.sentence import Sentence
from giliran.core.eligibility.situation import Situation
from giliran.core.parameters import Law, NotInForce
from giliran.core.refusal import gettext_noop

__all__ = ["Answer", "Decision", "Sentence", "Situation", "UnreadableSituation", "decide"]

_ = gettext_noop

# Somebody may plan to stop working, but nobody plans these.
ONLY_PAST = {
    "death",
    "work_accident",
    "occupational_disease",
    "total_permanent_disability",
    "scholarship",
}

PROGRAMS: dict[str, Callable[[Case], Answer]] = {
    "JHT": jht,
    "JKK": jkk,
    "JKM": jkm,
    "JP": jp,
    "JKP": jkp,
}


def decide(situation: Situation, law: Law, calendar: Calendar) -> Answer:
    """Answer one situation under the law of its day.

    Without `situation.program` the first program that the event touches is answered, and the
    others stand in `also`. Amounts are whole rupiah, fractions dropped.
    """
    if not situation.reason:
        return _ask_what_happened(situation, law, calendar)
    first, *others = programs_for(situation)
    answer = _decide_one(situation, law, calendar, first)
    also = tuple(_decide_one(situation, law, calendar, program) for program in others)
    return replace(answer, also=also)


def programs_for(situation: Situation) -> tuple[str, ...]:
    """Give the programs that an event touches, the most urgent first."""
    if situation.program in PROGRAMS:
        return (situation.program,)
    by_accident = situation.cause == "work_accident"
    pension = ("JP",) if situation.segment in {"PU", ""} else ()
    touched: dict[str, tuple[str, ...]] = {
        "death": ("JKK" if by_accident else "JKM", "JHT", *pension),
        "work_accident": ("JKK",),
        "occupational_disease": ("JKK",),
        "scholarship": ("JKK" if by_accident else "JKM",),
        "total_permanent_disability": (*(("JKK",) if by_accident else ()), "JHT", *pension),
        "dismissed": ("JHT", *(("JKP",) if pension else ())),
        "age": ("JHT", *pension),
    }
    return touched.get(situation.reason, ("JHT",))


def _ask_what_happened(situation: Situation, law: Law, calendar: Calendar) -> Answer:
    case = Case(situation, law, calendar, program=situation.program, reason="")
    case.ask("reason", _("Apa yang terjadi?"), "resigned")
    return case.need_facts()


def _decide_one(situation: Situation, law: Law, calendar: Calendar, program: str) -> Answer:
    case = Case(situation, law, calendar, program=program, reason=situation.reason)
    if situation.program == "JKN":
        case.notice(_("BPJS Kesehatan (JKN) bukan urusan BPJS Ketenagakerjaan."))
    for one in situation.unread:
        if one.nearest:
            case.notice(
                _("Kolom %(field)s tidak dikenal dan tidak dibaca. Maksudnya %(nearest)s?"),
                field=one.field,
                nearest=one.nearest,
            )
        else:
            case.notice(_("Kolom %(field)s tidak dikenal dan tidak dibaca."), field=one.field)
    event = situation.event_date
    if event and event > situation.day and situation.reason in ONLY_PAST:
        text = _("Tanggal kejadian sesudah tanggal hari ini. Tanggal berapa yang benar?")
        case.ask("event_date", text, situation.day.isoformat())
        return case.need_facts()
    try:
        if situation.reason == "scholarship" and program in {"JKK", "JKM"}:
            return scholarship(case)
        return PROGRAMS[program](case)
    except NotInForce:
        # An event older than the rules that are kept: a gap in one program silences no other.
        return Answer(
            program=program,
            reason=situation.reason,
            decision=Decision.OFFICER_DECIDES,
            reason_code="law_of_that_day_unknown",
            summary=Sentence(
                _("Aturan pada hari itu tidak tersimpan di sini. Petugas yang memutuskan.")
            ),
        )
