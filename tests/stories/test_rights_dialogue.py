"""The conversation as data: both languages, no dead end, nothing guessed, no personal data."""

import copy
import random
import re
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.claims.dialogue import Ask, Done, next_step, step_for
from giliran.claims.queries import verdict
from giliran.claims.replies import tidy, value_of
from giliran.claims.steps import FILE, UNKNOWN, DialogueError, Step, read_script, script
from giliran.core.eligibility import Decision
from giliran.core.eligibility.fields import put
from giliran.core.refusal import BadInput
from giliran.rules.reading import YAML_LOADER
from tests.examples import examples

TODAY = date(2026, 11, 23)
DATA = yaml.load(FILE.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe one
# Too long or too hard for a conversation on a phone: told to the reader as open.
LEFT_TO_THE_OFFICER = {
    "accident.injuries",
    "job_loss.applications",
    "job_loss.status_form",
    "job_loss.training_percent",
    "pension.average_indexed_wage",
}


def a_reply(step: Step, chance: random.Random) -> str:
    if chance.random() < 0.15:
        return UNKNOWN
    values = [one.value for one in step.choices]
    short = {
        "choice": values,
        "several": ["tidak-ada", ",".join(values)],
        "yes-no": ["ya", "tidak"],
        "money": ["0", "9.000.000", "Rp62.000.000", "3,5 juta"],
    }
    if step.kind in short:
        return chance.choice(short[step.kind])
    if step.kind in {"number", "count"}:
        top = min(step.highest, step.lowest + 40) if step.kind == "number" else 2
        return str(chance.randint(step.lowest, top))
    year = chance.choice([1962, 1971, 1990, 2014, 2019, 2021, 2024, 2025, 2026])
    text = f"{year}-{chance.randint(1, 10):02}"
    return f"{text}-{chance.randint(1, 28):02}" if step.kind == "day" else text


def talk(reply, *, limit: int = 60) -> Done:
    told: dict[str, str] = {}
    for _turn in range(limit):
        found = next_step(told, today=TODAY)
        if isinstance(found, Done):
            return found
        assert found.step.id not in told, "asked twice"
        told[found.step.id] = reply(found.step)
    raise AssertionError("no end")


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_every_conversation_ends_in_an_answer(seed):
    chance = random.Random(seed)
    done = talk(lambda step: a_reply(step, chance))
    assert (done.answer is None) != (done.guide is None)
    if done.answer:
        asked = {one.step.id for one in done.path}
        for answer in (done.answer, *done.answer.also):
            for question in answer.questions:
                if not question.blocks and answer.decision == Decision.NOT_ENTITLED:
                    continue
                step = step_for(question.field, done.situation)
                plain = re.sub(r"\[\d+\]", "[]", question.field)
                assert step is not None or plain in LEFT_TO_THE_OFFICER
                assert step is None or step.id in asked, "a fact that nobody was asked for"


def test_knowing_nothing_still_ends():
    done = talk(lambda _step: UNKNOWN)
    assert done.guide is not None
    for choice in script().steps["apa"].choices:
        told = {"apa": choice.value}
        first = next_step(told, today=TODAY)
        while isinstance(first, Ask):
            told[first.step.id] = UNKNOWN
            first = next_step(told, today=TODAY)
        assert first.answer or first.guide


def test_every_scripted_choice_can_be_chosen():
    """Walk the scripted part depth first, each choice once."""
    every = script().steps.values()
    led_to = {name for step in every for name in step.leads_to}
    scripted = {one.id for one in every if one.choices and one.id in {*led_to, "apa"}}
    ahead, met = [{}], set()
    while ahead:
        told = ahead.pop()
        found = next_step(told, today=TODAY)
        if isinstance(found, Done):
            continue
        step = found.step
        if step.id not in scripted:
            continue
        for reply in (UNKNOWN, *(choice.value for choice in step.choices)):
            if (step.id, reply) not in met:
                met.add((step.id, reply))
                ahead.append({**told, step.id: reply})
    assert {(name, one.value) for name in scripted for one in script().steps[name].choices} <= met


def test_what_is_chosen_is_a_word_of_the_core():
    """A choice that the core can't read would end a conversation with an error."""
    for step in script().steps.values():
        for choice in step.choices:
            if step.fills and step.kind == "choice" and not choice.sets:
                name = step.fills.replace("[]", "[0]")
                verdict(put({"reason": "death"}, name, choice.value), TODAY)


def test_both_languages_say_different_words_and_no_name_is_asked():
    texts = re.findall(r'\{id: "(.+?)", en: "(.+?)"\}', FILE.read_text(encoding="utf-8"))
    assert len(texts) > 150
    same = {one for one, two in texts if one == two}
    assert same <= {"NIK"}
    for step in script().steps.values():
        assert not re.search(r"\b(siapa nama|berapa NIK|nomor KTP|nomor kartu)\b", step.ask.id)
        assert step.fills not in {"identity.nik", "identity.name", "cards[].kpj", "cards[].nik"}


def test_the_words_are_short_and_plain():
    hard = re.compile(
        r"\b(jo\.|juncto|a quo|ex officio|prima facie|vide|ipso|amalgamasi)\b", re.IGNORECASE
    )
    for step in script().steps.values():
        words = [step.ask.id, step.hint.id if step.hint else ""]
        words += [choice.label.id for choice in step.choices]
        for text in words:
            assert not hard.search(text), text
            for one in re.split(r"[.?!:;]", text):
                assert len(one.split()) <= 16, f"{step.id}: {one}"


def test_birth_is_only_ever_a_month():
    births = [one for one in script().steps.values() if one.fills.endswith("birth_date")]
    assert births
    assert {one.kind for one in births} == {"month"}
    assert tidy(births[0], "1990-05-17", today=TODAY) == "1990-05"


@pytest.mark.parametrize(
    ("text", "day"),
    [("1990-05", "1990-05-31"), ("1990", "1990-12-31"), ("2026-11", "2026-11-23")],
)
def test_a_month_counts_from_its_end_so_that_nobody_comes_too_early(text, day):
    step = script().steps["lahir"]
    assert value_of(step, tidy(step, text, today=TODAY), today=TODAY) == day


@pytest.mark.parametrize("typed", ["", "-5", "banyak", "1e9", "999999999999999"])
def test_money_that_is_none_is_refused(typed):
    with pytest.raises(BadInput):
        tidy(script().steps["saldo"], typed, today=TODAY)


@given(st.text(max_size=30))
@settings(max_examples=examples(67), deadline=None)
def test_no_text_breaks_a_question(text):
    for name in ("apa", "kapan_berhenti", "lahir", "saldo", "iuran_24", "masalah", "bekerja"):
        step = script().steps[name]
        try:
            tidied = tidy(step, text, today=TODAY)
        except BadInput:
            continue
        assert tidy(step, tidied, today=TODAY) == tidied
        value_of(step, tidied, today=TODAY)


def broken(change):
    data = copy.deepcopy(DATA)
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["steps"][0]["choices"][0].update(then="nowhere"), "leads to nowhere"),
        (lambda d: d["steps"][0]["ask"].pop("en"), "both languages"),
        (lambda d: d["steps"][0].update(kind="essay"), "no kind"),
        (lambda d: d["steps"].append(d["steps"][0]), "stand twice"),
        (lambda d: d["steps"][0].update(colour="green"), "not known"),
        (lambda d: d["guides"].append({**d["guides"][0], "id": "lonely"}), "Nothing leads to"),
        (lambda d: d["steps"][0]["choices"][0].update(value=UNKNOWN), "is taken"),
        (lambda d: d.update(first="nothing"), "is no step"),
    ],
)
def test_a_fault_in_the_data_is_named(change, said):
    with pytest.raises(DialogueError, match=said):
        read_script(broken(change))


def test_an_event_before_the_stored_rules_goes_to_an_officer():
    """A gap in the rules of one program leaves the answers of the others standing."""
    long_ago = {"reason": "death", "event_date": "1985-02-03", "active_on_event": False}
    answer = verdict({**long_ago, "segment": "PU"}, TODAY)

    told = {one.program: one.decision for one in (answer, *answer.also)}

    assert set(told) == {"JKM", "JHT", "JP"}
    assert told["JKM"] == Decision.OFFICER_DECIDES
    assert told["JHT"] == Decision.NEED_FACTS
