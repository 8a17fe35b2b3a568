"""Holding the conversation: what was heard -> what is said, what is remembered, what is done.

Pure: what is on offer, what is done and who speaks stand behind a `House`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, Protocol

from giliran.core.conversation.reading import (
    LONGEST_HEARD,
    alike,
    code_in,
    command_in,
    exactly,
    number_in,
    plain,
    several_in,
)
from giliran.core.conversation.rendering import MORE, Mouth, joined, screens
from giliran.core.conversation.saying import Choice, Said, Say
from giliran.core.conversation.script import BACK, REST, SAME, Command, Script, Step
from giliran.core.conversation.spoken_days import days_meant
from giliran.core.refusal import Refusal

KEPT = "kept."  # what is remembered beyond one task
TRAIL_AT_MOST = 8
STEPS_AT_ONCE = 12
MISSES_AT_MOST = 2
FOUND_AT_MOST = 9

Known = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands. ``asked`` is the question that stands open, if one does."""

    step: str = REST
    language: str = "id"
    known: Known = field(default_factory=dict)
    trail: tuple[tuple[str, Known], ...] = ()
    asked: Say | None = None
    page: int = 0
    misses: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "language": self.language,
            "known": dict(self.known),
            "trail": [[step, dict(known)] for step, known in self.trail],
            "asked": [self.asked.text, list(self.asked.choices)] if self.asked else None,
            "page": self.page,
            "misses": self.misses,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> State:
        asked = data["asked"]
        return State(
            step=data["step"],
            language=data["language"],
            known=data["known"],
            trail=tuple((step, known) for step, known in data["trail"]),
            asked=Say(asked[0], tuple(Choice(*one) for one in asked[1])) if asked else None,
            page=data["page"],
            misses=data["misses"],
        )


class Offered(NamedTuple):
    """The choices of a step as they are now, words that fill its question, what to remember."""

    choices: tuple[Choice, ...] = ()
    fill: Mapping[str, str] = {}
    known: Mapping[str, str | None] = {}


class Outcome(NamedTuple):
    """What came of a deed: one of the step's ways, what is said, and what is known from now on.

    A value of None is forgotten.
    """

    way: str
    says: tuple[str, ...] = ()
    known: Mapping[str, str | None] = {}


class House(Protocol):
    """What a conversation needs of the world."""

    def offer(self, source: str, known: Known, language: str) -> Offered:
        """Return what can be chosen now."""

    def find(self, source: str, text: str, known: Known) -> tuple[Choice, ...]:
        """Return what a typed name may mean, beyond what was offered."""

    def read(self, reading: str, text: str, known: Known) -> str:
        """Return an answer in its tidy form, or raise a ``Refusal`` that says what to write."""

    def do(self, deed: str, known: Known, said: Said, language: str) -> Outcome:
        """Do something; may raise a ``Refusal``."""

    def sentence(self, refusal: Refusal, language: str) -> str:
        """Say a refusal in a language."""


class Answer(NamedTuple):
    """What to remember and what to say, as it fits the channel; ``is_over``: nothing is asked."""

    state: State
    says: tuple[Say, ...]
    is_over: bool


def reply(
    script: Script,
    state: State,
    said: Said,
    house: House,
    *,
    mouth: Mouth,
    today: date,
    is_stale: bool = False,
    news: tuple[str, ...] = (),
) -> Answer:
    """Answer one message; never raises on what a person may say.

    ``today`` is the day where the person is, ``is_stale`` that they were silent for long. ``news``
    is said first: what an officer answered since.
    """
    talk = _Talk(script, state, house, mouth, today)
    talk.says += [Say(text) for text in news]
    if is_stale:
        talk.wake()
    talk.hear(said)
    return talk.answer()


class _Talk:
    def __init__(
        self, script: Script, state: State, house: House, mouth: Mouth, today: date
    ) -> None:
        known_step = state.step in script.steps or state.step == REST
        # The definition may have changed since: an unknown step begins anew.
        self.state = state if known_step else State(language=state.language)
        self.script, self.house, self.mouth, self.today = script, house, mouth, today
        self.says: list[Say] = []
        self.hops = 0

    @property
    def step(self) -> Step | None:
        return self.script.steps.get(self.state.step)

    def answer(self) -> Answer:
        says, state = tuple(self.says), self.state
        if self.mouth.joins and says:
            whole = joined(says)
            shown = self._screens(whole)
            # What doesn't fit on one screen is read on, also where nothing is asked.
            if state.asked is not None or len(shown) > 1:
                state = replace(state, asked=whole)
            says = (shown[min(state.page, len(shown) - 1)],)
            is_over = state.step == REST and state.page >= len(shown) - 1
        else:
            is_over = state.step == REST
        return Answer(state, says, is_over)

    def _screens(self, say: Say) -> list[Say]:
        is_several = bool(self.step and self.step.several)
        return screens(say, self.mouth, language=self.state.language, is_several=is_several)

    def wake(self) -> None:
        """After a long silence: keep what was begun behind one question, forget the rest."""
        step = self.step
        if step is not None and step.few_words:
            return
        kept = {k: v for k, v in self.state.known.items() if k.startswith(KEPT)}
        if step is None or not step.part:
            self.state = State(language=self.state.language, known=kept)
            return
        self.state = replace(
            self.state,
            step=self.script.resume,
            trail=((step.id, self.state.known),),
            asked=None,
            page=0,
            misses=0,
        )

    def hear(self, said: Said) -> None:
        step = self.step
        if said.document or said.media_id:
            self._hear_document(step, said)
        elif said.place:
            self._hear_place(step, said.place)
        elif step is not None and self.state.asked is None and step.id == self.script.resume:
            self._resume(said)
        else:
            self._hear_words(step, said)

    def _hear_document(self, step: Step | None, said: Said) -> None:
        if step is not None and step.few_words:
            self.do(step, said)
        elif step is not None and step.read == "document":
            self.follow(step, step.then, said=said)
        else:
            self.go(self.script.on_document, said)

    def _hear_place(self, step: Step | None, place: tuple[float, float]) -> None:
        where = f"{place[0]:.5f},{place[1]:.5f}"
        self.remember({f"{KEPT}place": where})
        if step is not None and step.search:
            self.go(step.id)
        else:
            self.go(self.script.on_place)

    def _resume(self, said: Said) -> None:
        found = self._pressed_command(said.choice) or self._command_in(said.text)
        if found:
            self.state = replace(self.state, trail=())
            self.command(*found, said)
        else:
            self.go(self.script.resume)

    def _pressed_command(self, pressed: str) -> tuple[Command, str] | None:
        """Return the command of a reminder's button: "batal:3XPA" is about the turn so named."""
        verb, colon, about = pressed.partition(":")
        # "ya" without a turn is an old question's answer, not a reminder's.
        named = next(
            (
                one
                for one in self.script.commands
                if verb == one.id or (colon and verb in one.words)
            ),
            None,
        )
        return (named, code_in(about)) if named else None

    def _command_in(self, text: str) -> tuple[Command, str] | None:
        is_resting = self.state.asked is None
        heard = [one for one in self.script.commands if is_resting or not one.resting]
        return command_in(text, heard)

    def _hear_words(self, step: Step | None, said: Said) -> None:
        if said.choice and self._hear_pressed(step, said):
            return
        text = said.text.strip()[:LONGEST_HEARD] or said.choice
        offered = self.state.asked.choices if self.state.asked else ()
        if not text:
            self._say_again(step)
            return
        if step is not None and step.few_words:
            self._hear_in_talk(step, text, said)
            return
        if text == MORE and self._turn_page():
            return
        one = exactly(text, offered)
        if one and step and not (step.several and number_in(text) is None):
            self.take(step, [one])
            return
        found = self._command_in(text)
        if found:
            self.command(*found, said)
        elif step is None:
            self._hear_at_rest(text)
        else:
            self._hear_answer(step, text, said)

    def _hear_pressed(self, step: Step | None, said: Said) -> bool:
        """Take a press: of this question, of a reminder, or of a menu further up; else False."""
        offered = {one.id: one for one in (self.state.asked.choices if self.state.asked else ())}
        pressed = said.choice.split(",") if step and step.several else [said.choice]
        if step and all(one in offered for one in pressed):
            self.take(step, [offered[one] for one in pressed])
            return True
        if said.choice == MORE and self._turn_page():
            return True
        button = self._pressed_command(said.choice)
        if button:
            self.command(*button, said)
            return True
        first = self.script.steps[self.script.first]
        menu = [one for one in self._fixed(first) if one.id == said.choice]
        if menu:
            self._forget()
            self.state = replace(self.state, trail=())
            self.take(first, menu)
        return bool(menu)

    def _say_again(self, step: Step | None) -> None:
        """Somebody dialled again, or sent an empty line: where they are, no reproach."""
        self.go(step.id if step else self.script.first)

    def _hear_in_talk(self, step: Step, text: str, said: Said) -> None:
        """Everything goes to the officer, except the way out."""
        found = self._command_in(text)
        if found and found[0].always:
            self.command(*found, said)
        else:
            self.do(step, said._replace(text=text))

    def _turn_page(self) -> bool:
        asked = self.state.asked
        if asked is None:
            return False
        count = len(self._screens(asked))
        step = self.step
        if step and step.read and not asked.choices and self.state.page == count - 1:
            return False  # all was read: a nought is a number here
        if count > 1:
            self.state = replace(self.state, page=(self.state.page + 1) % count)
            self.says.append(asked)
            return True
        if asked.choices:
            self.go_back()
            return True
        return False

    def _hear_at_rest(self, text: str) -> None:
        """Take words for a choice of the menu, though it wasn't shown."""
        first = self.script.steps[self.script.first]
        choices = self._fixed(first)
        meant = alike(text, choices, self._synonyms(first), by_part=len(text) > 2)  # noqa: PLR2004
        if len(meant) == 1:
            self.take(first, meant)
        else:
            self.go(self.script.first)

    def _hear_answer(self, step: Step, text: str, said: Said) -> None:
        offered = self.state.asked.choices if self.state.asked else ()
        if step.several:
            several = several_in(text, offered, self._synonyms(step))
            if several:
                self.take(step, several)
                return
        meant: list[Choice] = []
        if text and step.reads_days:
            meant = days_meant(text, offered, today=self.today)
        if not meant and offered:
            meant = alike(text, offered, self._synonyms(step))
        if not meant and step.search and text:
            meant = list(self.house.find(step.source, text, self.state.known))[:FOUND_AT_MOST]
        if (step.several and meant and step.reads_days) or len(meant) == 1:
            self.take(step, meant)
        elif len(meant) > 1:
            self.ask(step, Offered(tuple(meant)), narrowed=True)
        elif step.read and step.read != "document" and text:
            self._read(step, text, said)
        elif not self._hear_menu_word(text):
            self.miss(step)

    def _hear_menu_word(self, text: str) -> bool:
        """Take what fits no answer here, but is one of the menu's own words, for a new wish."""
        first = self.script.steps[self.script.first]
        choices = self._fixed(first)
        words = plain(text)
        named = {one.id: (one.label, *self._synonyms(first).get(one.id, ())) for one in choices}
        meant = [one for one in choices if words and words in map(plain, named[one.id])]
        if len(meant) != 1:
            return False
        self._forget()
        self.state = replace(self.state, trail=())
        self.take(first, meant)
        return True

    def _read(self, step: Step, text: str, said: Said) -> None:
        try:
            value = self.house.read(step.read, text, self.state.known)
        except Refusal as refusal:
            self.miss(step, self.house.sentence(refusal, self.state.language))
            return
        before = self.state.known
        self._push(step)
        self.remember({step.keep: value})
        self.on_from(step, step.then, said, before)

    def take(self, step: Step, chosen: list[Choice]) -> None:
        """Take one choice, or of a step with several, all that were made."""
        before = self.state.known
        option = next((one for one in step.options if one.id == chosen[0].id), None)
        if option and option.then == BACK:
            self.go_back()
            return
        self._push(step)
        if step.keep:
            self.remember(
                {
                    step.keep: ",".join(one.id for one in chosen),
                    f"{step.keep}_label": ", ".join(one.label for one in chosen),
                }
            )
        then = option.then if option and option.then else step.then
        self.on_from(step, then, Said(), before)

    def follow(self, step: Step, then: str, *, said: Said) -> None:
        before = self.state.known
        self._push(step)
        self.on_from(step, then, said, before)

    def on_from(self, step: Step, then: str, said: Said, before: Known) -> None:
        if not step.do or then:
            self.go(then or self.script.first, said)
            return
        try:
            outcome = self.house.do(step.do, self.state.known, said, self.state.language)
        except Refusal as refusal:
            self.state = replace(self.state, known=before, trail=self.state.trail[:-1])
            self.miss(step, self.house.sentence(refusal, self.state.language))
            return
        self.come_of(step, outcome, said)

    def do(self, step: Step, said: Said) -> None:
        """Do what a step without a question does."""
        try:
            outcome = self.house.do(step.do, self.state.known, said, self.state.language)
        except Refusal as refusal:
            self.says.append(Say(self.house.sentence(refusal, self.state.language)))
            self.go(step.ways.get("refused", self.script.first))
            return
        self.come_of(step, outcome, said)

    def come_of(self, step: Step, outcome: Outcome, said: Said) -> None:
        self.says += [Say(text) for text in outcome.says if text]
        self.remember(outcome.known)
        self.go(step.ways.get(outcome.way, self.script.first), said)

    def command(self, command: Command, code: str, said: Said) -> None:
        step = self.step
        is_inside = step is not None and bool(step.part)
        if command.id in {"english", "bahasa"}:
            language = "en" if command.id == "english" else "id"
            self.state = replace(self.state, language=language)
        then = command.inside if command.inside and is_inside and not code else command.then
        if then == BACK:
            self.go_back()
            return
        if then == SAME and step is not None and step.ask:
            self.go(step.id)
            return
        if step is not None:
            self._push(step)
        self.remember({"code": code or None})
        self.go(self.script.first if then == SAME else then, said)

    def go(self, target: str, said: Said = Said()) -> None:  # noqa: B008 -- a constant
        """Walk on to the next question, doing what lies on the way."""
        self.hops += 1
        if self.hops > STEPS_AT_ONCE:
            target = REST
        if target == BACK:
            self.go_back()
            return
        if target == SAME:
            target = self.state.step
        if target == REST or target not in self.script.steps:
            self._forget()
            self.state = replace(self.state, step=REST, asked=None, page=0, misses=0, trail=())
            return
        step = self.script.steps[target]
        if target == self.script.first:
            self._forget()
            self.state = replace(self.state, trail=())
        if step.ask is None:
            self.do(step, said)
            return
        offered = Offered()
        if step.source:
            offered = self.house.offer(step.source, self.state.known, self.state.language)
            if not offered.choices and step.empty:
                self.go(step.empty)
                return
            self.remember(offered.known)
        self.state = replace(self.state, misses=0)
        self.ask(step, offered)

    def ask(self, step: Step, offered: Offered, *, narrowed: bool = False) -> None:
        language = self.state.language
        ask = step.ask
        if ask is None:
            return
        if step.few_words and self.state.step == step.id and self.mouth.may_be_silent:
            return
        if narrowed and "which" in self.script.says:
            ask = self.script.says["which"]
        choices = (*offered.choices, *(() if narrowed else self._fixed(step)))
        words = ask.spoken(language, short=self.mouth.is_short)
        text = words.format_map(_Filled({**self.state.known, **offered.fill}))
        say = Say(text.strip(), choices)
        self.state = replace(self.state, step=step.id, asked=say, page=0)
        self.says.append(say)

    def miss(self, step: Step, why: str = "") -> None:
        """Answer what wasn't understood: why, and the question again; then offer a human."""
        misses = self.state.misses + 1
        language = self.state.language
        if misses >= MISSES_AT_MOST and step.id != self.script.unclear:
            self._push(step)
            if why:
                self.says.append(Say(why))
            self.go(self.script.unclear)
            return
        said = why or self.script.says["unclear"].spoken(language, short=self.mouth.is_short)
        if why or step.id != self.script.unclear:  # whose question says it
            self.says.append(Say(said))
        self.go(step.id)
        self.state = replace(self.state, misses=misses)

    def go_back(self) -> None:
        if not self.state.trail:
            self.go(self.script.first)
            return
        step, known = self.state.trail[-1]
        self.state = replace(self.state, known=known, trail=self.state.trail[:-1])
        self.go(step)

    def remember(self, values: Mapping[str, str | None]) -> None:
        known = {**self.state.known, **values}
        self.state = replace(
            self.state, known={k: v for k, v in known.items() if k and v is not None}
        )

    def _forget(self) -> None:
        known = {k: v for k, v in self.state.known.items() if k.startswith(KEPT)}
        self.state = replace(self.state, known=known)

    def _push(self, step: Step) -> None:
        trail = (*self.state.trail, (step.id, self.state.known))[-TRAIL_AT_MOST:]
        self.state = replace(self.state, trail=trail)

    def _fixed(self, step: Step) -> tuple[Choice, ...]:
        language, short = self.state.language, self.mouth.is_short
        return tuple(
            Choice(one.id, one.label.spoken(language, short=short)) for one in step.options
        )

    def _synonyms(self, step: Step) -> dict[str, tuple[str, ...]]:
        """Return other words for a step's choices, the labels of both languages among them."""
        own = {
            one.id: (*one.words, one.label.id, one.label.en, one.label.short_id, one.label.short_en)
            for one in step.options
        }
        found = {**self.script.synonyms}
        for name, words in own.items():
            found[name] = (*found.get(name, ()), *(word for word in words if word))
        return found


class _Filled(dict[str, str]):
    """Leaves a place empty for which nothing is known."""

    def __missing__(self, key: str) -> str:
        return ""
