"""One definition on every channel: what is shown fits, what is shown can be answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import giliran.conversations
from giliran.core.conversation import (
    MOUTHS,
    Choice,
    Document,
    Offered,
    Outcome,
    Said,
    Say,
    ScriptError,
    State,
    read_script,
    reply,
    screens,
)
from giliran.core.conversation.reading import (
    alike,
    command_in,
    exactly,
    number_in,
    plain,
    several_in,
)
from giliran.core.conversation.rendering import SMS_LETTERS, SMS_TWO, gsm
from giliran.core.conversation.script import BACK, REST, Script
from giliran.core.conversation.spoken_days import past_day, read_day
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import Refusal
from giliran.rules.reading import YAML_LOADER

DATA = yaml.load(
    Path(giliran.conversations.__file__).with_name("dialogue.yaml").read_text(encoding="utf-8"),
    Loader=YAML_LOADER,  # noqa: S506 - a safe one
)
SCRIPT = read_script(DATA)
TODAY = date(2026, 11, 23)  # a Monday
LANGUAGES = ("id", "en")

labels = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")),
    min_size=1,
    max_size=60,
).filter(lambda text: any(c.isalnum() for c in text))
says = st.builds(
    Say,
    st.text(max_size=1200),
    st.lists(labels, max_size=30).map(
        lambda names: tuple(Choice(f"c{i}", name) for i, name in enumerate(names))
    ),
)


HALVES = tuple(Choice(f"2026-11-{half}", f"Hari {half}") for half in ("24-am", "24-pm", "25-am"))
ACTS = tuple(Choice(act, act.title()) for act in ("leave", "move", "cancel", "menu"))
NAMED = Offered(fill={"office_label": "Kantor Serang"})
OFFERED = {
    "offices": Offered((Choice("serang", "Kantor Serang"), Choice("cilegon", "Kantor Cilegon"))),
    "half_days": Offered(HALVES),
    "half_days_of_turn": Offered(HALVES),
    "week": Offered(
        (
            Choice("any", "Kapan saja"),
            Choice("mon-am", "Senin pagi"),
            Choice("tue-pm", "Selasa sore"),
        )
    ),
    "right_told": NAMED,
    "turn_words": NAMED,
    "office_words": NAMED,
    "summary": NAMED,
    "summary_of_move": NAMED,
    "application": NAMED,
    "office_told": NAMED,
    "turn": Offered(ACTS, fill={"turn": "Giliran", "turn_short": "Giliran"}),
    "right": Offered((Choice("ya", "Ya"), Choice("tidak", "Tidak")), fill={"question": "Apa?"}),
}


class Town:
    """A world of two offices that does nothing, but notes which deeds were done with what."""

    def __init__(self, script: Script = SCRIPT) -> None:
        self.script = script
        self.done: list[tuple[str, dict[str, str]]] = []

    def offer(self, source, known, language):
        return OFFERED.get(source, OFFERED["offices"])

    def find(self, source, text, known):
        return (Choice("serang", "Kantor Serang"),) if "banten" in text.lower() else ()

    def read(self, reading, text, known):
        return parse_nik(text) if reading == "nik" else text

    def do(self, deed, known, said, language):
        self.done.append((deed, dict(known)))
        if deed == "act":
            return Outcome(known["act"])
        if deed in {"how_given", "which_confirm"}:
            return Outcome("booked")
        step = next(step for step in self.script.steps.values() if step.do == deed)
        return Outcome(next(iter(step.ways)), ("Selesai.",))

    def sentence(self, refusal: Refusal, language: str) -> str:
        return str(refusal)


def talk(*texts: str, channel: str = "sms", town: Town | None = None) -> tuple[State, list]:
    """Say these texts one after the other; return the state and what was said last."""
    state, found = State(), None
    for text in texts:
        found = reply(SCRIPT, state, Said(text), town or Town(), mouth=MOUTHS[channel], today=TODAY)
        state = found.state
    return state, list(found.says) if found else []


def walk_everything() -> set[str]:
    """Return the steps that can be reached from the menu, the commands and sent things."""
    ahead = [SCRIPT.first, SCRIPT.unclear, SCRIPT.resume]
    ahead += [SCRIPT.on_place, SCRIPT.on_document, SCRIPT.on_visit]
    for command in SCRIPT.commands:
        ahead += [command.then, command.inside]
    reached: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name in SCRIPT.steps and name not in reached:
            reached.add(name)
            ahead += SCRIPT.steps[name].leads_to
    return reached


def test_every_step_of_the_definition_is_reached():
    assert walk_everything() == set(SCRIPT.steps)


def test_every_step_leads_on_to_a_rest_or_to_the_menu():
    ends = {REST, BACK, SCRIPT.first}
    good = {name for name in SCRIPT.steps if name == SCRIPT.first}
    for _round in SCRIPT.steps:
        for step in SCRIPT.steps.values():
            ahead = {step.then, *step.ways.values(), *(one.then for one in step.options)}
            if ahead & (ends | good):
                good.add(step.id)
    assert good == set(SCRIPT.steps)


@pytest.mark.parametrize("channel", MOUTHS)
@pytest.mark.parametrize("step", [name for name, step in SCRIPT.steps.items() if step.ask])
def test_from_every_question_one_word_leads_back_to_the_menu(step, channel):
    state = State(step=step, asked=Say("?", ()), known={"office": "serang", "service": "jht"})
    for word in ("menu", "MENU", " Menu. "):
        found = reply(SCRIPT, state, Said(word), Town(), mouth=MOUTHS[channel], today=TODAY)
        assert found.state.step == "menu"


def test_every_text_of_the_definition_stands_in_both_languages():
    for step in SCRIPT.steps.values():
        for text in [step.ask, *(one.label for one in step.options)]:
            assert text is None or (text.spoken("id") and text.spoken("en"))
    for text in SCRIPT.says.values():
        assert text.spoken("id")
        assert text.spoken("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, step in SCRIPT.steps.items() if step.ask])
def test_every_fixed_question_is_one_sms_or_pages_of_one(name, language):
    step = SCRIPT.steps[name]
    choices = tuple(Choice(one.id, one.label.spoken(language, short=True)) for one in step.options)
    say = Say(step.ask.spoken(language, short=True), choices)
    for page in screens(say, MOUTHS["sms"], language=language):
        assert len(page.text) <= SMS_LETTERS


@given(says, st.sampled_from(list(MOUTHS)), st.sampled_from(LANGUAGES))
def test_no_rendering_exceeds_the_limits_of_its_channel(say, channel, language):
    pages = screens(say, MOUTHS[channel], language=language)
    assert pages
    for page in pages:
        if channel == "sms":
            assert len(page.text) <= SMS_TWO
            assert page.text == gsm(page.text)
        if channel == "ussd":
            assert len(f"CON {page.text}") <= 182
        if channel == "whatsapp":
            assert len(page.choices) <= 10
            assert len(page.text) <= (1024 if page.choices else 4096)
            assert all(0 < len(one.label) <= 72 for one in page.choices)
            assert len({one.label for one in page.choices}) == len(page.choices)
            assert len({one.id for one in page.choices}) == len(page.choices)


def test_a_list_says_its_choices_in_full_and_the_text_above_it_not_again():
    names = ("Klaim JHT (Jaminan Hari Tua)", "Perbaikan data", "Tanya hak", "Bicara ke petugas")
    say = Say("Untuk apa?", tuple(Choice(name, name) for name in names))
    (page,) = screens(say, MOUTHS["whatsapp"], language="id")
    assert page.text == "Untuk apa?"
    assert [one.label for one in page.choices] == [
        f"{n}. {name}" for n, name in enumerate(names, 1)
    ]


def test_where_several_may_be_chosen_their_numbers_are_read_before_the_list_is_opened():
    say = Say("Kapan bisa?", tuple(Choice(f"c{n}", f"Hari {n}") for n in range(1, 12)))
    first, second = screens(say, MOUTHS["whatsapp"], language="id", is_several=True)
    assert first.text == second.text
    assert first.text.endswith("10. Hari 10\n11. Hari 11")
    assert [one.id for one in first.choices] == [*(f"c{n}" for n in range(1, 10)), "0"]
    assert [one.label for one in second.choices] == ["10. Hari 10", "11. Hari 11"]


@given(says, st.sampled_from(["sms", "ussd", "whatsapp"]))
def test_every_choice_is_shown_with_its_number_on_some_screen(say, channel):
    pages = screens(say, MOUTHS[channel], language="id")
    ids = {one.id for page in pages for one in page.choices}
    lines = "\n".join(page.text for page in pages).split("\n")
    for number, one in enumerate(say.choices, start=1):
        shown = any(line.startswith((f"{number} ", f"{number}. ")) for line in lines)
        assert shown or one.id in ids


named = labels.filter(lambda text: number_in(text) is None and plain(text))


@given(st.lists(named, min_size=1, max_size=30, unique_by=plain))
@example(["I", "ı"])
def test_every_choice_is_answered_by_its_number_and_by_its_label(names):
    choices = tuple(Choice(f"c{place}", name) for place, name in enumerate(names))
    for number, one in enumerate(choices, start=1):
        for text in (str(number), f" {number}. ", f"nomor {number}", one.label, one.label.upper()):
            assert exactly(text, choices) in {one, *_mangled(text, one, choices)}


def _mangled(text, one, choices):
    """What else may be meant by letters that have no one capital form: of I and ı it is I."""
    if plain(text) == plain(one.label) or number_in(text) is not None:
        return set()
    return {None, *(each for each in choices if plain(each.label) == plain(text))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("short", [True, False])
def test_no_label_of_the_definition_reads_as_another_ones_number_or_as_a_command(language, short):
    for step in SCRIPT.steps.values():
        labels = [one.label.spoken(language, short=short) for one in step.options]
        assert len({plain(label) for label in labels}) == len(labels)
        assert all(number_in(label) is None for label in labels)


@given(st.text(max_size=400), st.sampled_from(list(SCRIPT.steps)), st.sampled_from(list(MOUTHS)))
@example("0", "menu", "ussd")
@example("²", "service", "sms")
@example("1*2#", "window", "ussd")
@example("٣", "menu", "sms")
def test_no_text_makes_the_conversation_fail_at_any_step(text, step, channel):
    town = Town()
    start = reply(SCRIPT, State(), Said("menu"), town, mouth=MOUTHS[channel], today=TODAY).state
    state = State(step=step, asked=start.asked, known={"turn": "1"}, trail=(("menu", {}),))
    for said in (Said(text), Said(choice=text), Said(place=(-6.1, 106.1)), Said(text)):
        found = reply(SCRIPT, state, said, town, mouth=MOUTHS[channel], today=TODAY)
        state = State.from_json(found.state.to_json())
        assert found.says or MOUTHS[channel].may_be_silent
        assert state == found.state


answers = st.lists(
    st.sampled_from(["1", "2", "3", "4", "8", "0", "ya", "tidak", "besok pagi", "kembali"])
    | st.sampled_from(["menu", "Siti Aminah", "3604014101900001", "english", "batal", "serang"]),
    max_size=12,
)


@given(answers, st.sampled_from(list(MOUTHS)), st.sampled_from(list(MOUTHS)))
def test_the_same_answers_lead_to_the_same_deeds_on_any_two_channels(texts, one, other):
    """Except "0", which turns a page where there are pages."""
    texts = [text for text in texts if text != "0"]
    first, second = Town(), Town()
    talk(*texts, channel=one, town=first)
    talk(*texts, channel=other, town=second)
    assert [name for name, _ in first.done] == [name for name, _ in second.done]
    keys = ("service", "office", "half", "name", "nik", "priority", "act")
    for (_, known), (_, known_too) in zip(first.done, second.done, strict=True):
        assert [known.get(key) for key in keys] == [known_too.get(key) for key in keys]


def test_a_turn_is_booked_by_words_alone():
    town = Town()
    state, _ = talk(
        *("saya mau ambil giliran", "kantor serang", "banten", "besok pagi", "Siti Aminah"),
        *("3604 0141 0190 0001", "gak", "iya"),
        town=town,
    )
    done = dict(town.done)
    assert done["book"]["half"] == "2026-11-24-am"
    assert done["book"]["nik"] == "3604014101900001"
    assert state.step == REST


def test_the_second_misunderstanding_offers_a_human():
    state, says = talk("menu", "1", "xyz")
    assert state.step == "service"
    assert "Belum paham" in says[0].text
    state, says = talk("menu", "1", "xyz", "qqq")
    assert state.step == "unclear"
    assert "Petugas" in says[0].text
    assert talk("menu", "1", "xyz", "qqq", "2")[0].step == "service"


def test_a_word_of_the_menu_is_a_new_wish_where_it_answers_nothing():
    """Who wrote "keluhan" at "which office?" was told twice that nobody understood."""
    for texts in (("menu", "1"), ("menu", "1", "xyz"), ("menu", "1", "xyz", "qqq")):
        assert talk(*texts, "keluhan")[0].step == "complaint"
        assert talk(*texts, "lacak klaim")[0].step.startswith("claim")
    assert talk("menu", "keluhan", "lacak klaim")[0].known["complaint"] == "lacak klaim"


def test_sorry_is_said_once_however_often_nobody_understands():
    _state, says = talk("menu", "1", "xyz", "qqq", "www", channel="web")
    assert [say.text for say in says] == [SCRIPT.steps["unclear"].ask.id]


def test_batal_breaks_off_what_was_begun_and_elsewhere_cancels_a_turn():
    inside, outside = Town(), Town()
    talk("menu", "1", "batal", town=inside)
    assert inside.done[-1][0] == "break_off"
    talk("BATAL 3XPA", town=outside)
    assert outside.done[0] == ("find_named", {"code": "3XPA"})


@pytest.mark.parametrize(
    ("pressed", "title", "deed"),
    [
        ("confirm:3XPA", "", "find_to_confirm"),
        ("ya:3XPA", "Ya, saya datang", "find_to_confirm"),
        ("cancel:3XPA", "", "find_named"),
        ("batal:3XPA", "Tidak bisa datang", "find_named"),
    ],
)
def test_a_reminders_button_is_heard_whatever_else_is_open(pressed, title, deed):
    """With two turns, "Tidak bisa datang" under one of them asked which was meant."""
    town = Town()
    begun, _ = talk("menu", "1", town=town)
    said = Said(title, choice=pressed)
    reply(SCRIPT, begun, said, town, mouth=MOUTHS["whatsapp"], today=TODAY)
    assert town.done[0][0] == deed
    assert town.done[0][1]["code"] == "3XPA"


def test_the_button_of_an_old_question_confirms_no_turn():
    town = Town()
    begun, _ = talk("menu", "1", town=town)
    reply(SCRIPT, begun, Said(choice="ya"), town, mouth=MOUTHS["web"], today=TODAY)
    assert not town.done


def test_a_nought_is_an_answer_where_a_number_is_asked_for():
    town = Town()
    state = State(step="travel", known={"turn": "1"}, asked=Say("Berapa menit? " * 20))
    for channel, noughts in (("web", 1), ("ussd", 2)):
        now = state
        for _nought in range(noughts):
            mouth = MOUTHS[channel]
            now = reply(SCRIPT, now, Said("0"), town, mouth=mouth, today=TODAY).state
        assert town.done[-1] == ("tell_leaving", {"turn": "1", "minutes": "0"})
        town.done.clear()


def test_a_press_is_taken_by_its_id_whatever_title_comes_with_it():
    choices = tuple(Choice(f"c{n}", f"Kantor Cabang Nomor {n}") for n in range(1, 13))
    state = State(step="service", asked=Say("Yang mana?", choices))
    mouth, town = MOUTHS["whatsapp"], Town()
    more = Said("0. Lainnya", choice="0")
    turned = reply(SCRIPT, state, more, town, mouth=mouth, today=TODAY)
    assert [one.id for one in turned.says[0].choices] == ["c10", "c11", "c12"]
    row = Said("11. Kantor Cabang N…", choice="c11")
    taken = reply(SCRIPT, turned.state, row, town, mouth=mouth, today=TODAY)
    assert taken.state.known["service"] == "c11"
    # A button of a menu further up still does what it says.
    old = reply(SCRIPT, taken.state, Said("x", choice="human"), town, mouth=mouth, today=TODAY)
    assert town.done[-1][0] == "seek_human"
    assert old.state.step == "human_office"
    near = reply(SCRIPT, taken.state, Said("x", choice="near"), town, mouth=mouth, today=TODAY)
    assert near.state.step == "near"


def test_after_silence_what_was_begun_waits_behind_one_question():
    begun, _ = talk("menu", "1", "1", "1", "besok pagi")
    assert begun.step == "name"
    mouth = MOUTHS["sms"]
    woken = reply(SCRIPT, begun, Said("halo"), Town(), mouth=mouth, today=TODAY, is_stale=True)
    assert woken.state.step == "resume"
    on = reply(SCRIPT, woken.state, Said("ya"), Town(), mouth=mouth, today=TODAY)
    assert on.state.step == "name"
    assert on.state.known["half"] == "2026-11-24-am"
    anew = reply(SCRIPT, woken.state, Said("2"), Town(), mouth=mouth, today=TODAY)
    assert anew.state.known == {}


def test_back_takes_the_last_answer_back():
    state, _ = talk("menu", "1", "1", "kembali")
    assert state.step == "service"
    assert "service" not in state.known


def test_zero_turns_the_page_and_the_numbers_go_on():
    choices = tuple(Choice(f"c{n}", f"Kantor Cabang Nomor {n}") for n in range(1, 13))
    state = State(step="service", asked=Say("Yang mana?", choices))
    town = Town()
    seen = []
    for _page in range(3):
        found = reply(SCRIPT, state, Said("0"), town, mouth=MOUTHS["ussd"], today=TODAY)
        state = found.state
        seen.append(found.says[0].text)
    assert any("12 Kantor Cabang Nomor 12" in text for text in seen)
    found = reply(SCRIPT, state, Said("12"), town, mouth=MOUTHS["ussd"], today=TODAY)
    assert found.state.known["service"] == "c12"


def test_everything_reaches_the_officer_in_a_talk_except_the_way_out():
    town = Town()
    state = State(step="talk", asked=Say("Silakan tulis."))
    for text in ("1", "ya", "batal", "petugas"):
        state = reply(SCRIPT, state, Said(text), town, mouth=MOUTHS["web"], today=TODAY).state
    assert [name for name, _ in town.done] == ["to_officer"] * 4
    menu = reply(SCRIPT, state, Said("menu"), town, mouth=MOUTHS["web"], today=TODAY)
    assert menu.state.step == "menu"


def test_a_file_sent_at_any_time_is_taken():
    town = Town()
    begun, _ = talk("menu", town=town)
    said = Said(document=Document("image/png", b"x"))
    reply(SCRIPT, begun, said, town, mouth=MOUTHS["whatsapp"], today=TODAY)
    assert town.done[-1][0] == "take_document"


def test_ussd_ends_only_when_nothing_is_asked():
    mouth = MOUTHS["ussd"]
    asked = reply(SCRIPT, State(), Said(""), Town(), mouth=mouth, today=TODAY)
    assert not asked.is_over
    over = State(step="cancel", known={"turn": "1"}, asked=Say("?", (Choice("ya", "Ya"),)))
    assert reply(SCRIPT, over, Said("1"), Town(), mouth=mouth, today=TODAY).is_over


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("besok pagi", "2026-11-24-am"),
        ("Besok", "2026-11-24-pm"),
        ("lusa siang", "2026-11-25-pm"),
        ("hari ini sore", "2026-11-23-pm"),
        ("hari senin", "2026-11-30-am"),
        ("jum'at pagi", "2026-11-27-am"),
        ("24 november", "2026-11-24-am"),
        ("24/11 jam 9", "2026-11-24-am"),
        ("tgl 2 sore", "2026-12-02-pm"),
        ("senin pagi", "mon-am"),
        ("besok", "tue-pm"),
        ("tomorrow afternoon", "2026-11-24-pm"),
    ],
)
def test_days_are_read_as_people_say_them(text, option):
    spoken = read_day(text, today=TODAY)
    assert spoken is not None
    assert spoken.fits(option)


@pytest.mark.parametrize("text", ["", "serang", "30 februari", "99/99", "nanti"])
def test_no_day_is_read_where_none_is_meant(text):
    assert read_day(text, today=TODAY) is None


@given(st.text(max_size=80))
def test_no_text_makes_the_reading_of_days_fail(text):
    read_day(text, today=TODAY)
    assert isinstance(past_day(text), str)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("23-10-2026", "2026-10-23"),
        ("23 oktober 2026", "2026-10-23"),
        ("okt 2026", "2026-10"),
        ("10/2026", "2026-10"),
        ("1990", "1990"),
        ("2026-10-23", "2026-10-23"),
        ("kemarin", "kemarin"),
    ],
)
def test_remembered_days_are_read(text, told):
    assert past_day(text) == told


def test_spoken_numbers_and_parts_of_labels_are_read():
    choices = (Choice("a", "Klaim JHT"), Choice("b", "Klaim JKM"), Choice("c", "Ubah data"))
    assert [number_in(t) for t in ("2", "2.", "no 2", "dua", "yang kedua", "2a")] == [
        *(2, 2, 2, 2, 2),
        None,
    ]
    assert alike("jkm", choices, {}) == [choices[1]]
    assert alike("klaim", choices, {}) == list(choices[:2])
    assert several_in("1 3", choices, {}) == [choices[0], choices[2]]
    assert several_in("jht dan ubah", choices, {}) == [choices[0], choices[2]]
    assert command_in("batal K7QM-3XPA", SCRIPT.commands)[1] == "K7QM3XPA"


def test_a_definition_with_a_way_to_nowhere_is_refused():
    steps = [{**DATA["steps"][0], "choices": [], "then": "nowhere"}, *DATA["steps"][1:]]
    with pytest.raises(ScriptError, match="nowhere"):
        read_script({**DATA, "steps": steps})
    bad = [{**DATA["steps"][0], "ask": {"id": "Apa?"}}, *DATA["steps"][1:]]
    with pytest.raises(ScriptError, match="both languages"):
        read_script({**DATA, "steps": bad})
