"""The conversation as data: what a step is, and reading `dialogue.yaml` with all its checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from giliran.rules.reading import YAML_LOADER

FILE = Path(__file__).with_name("dialogue.yaml")
KINDS = frozenset({"choice", "several", "yes-no", "day", "month", "money", "number", "count"})
STEP_KEYS = frozenset(
    {"id", "kind", "fills", "for", "ask", "ask_each", "hint", "unit", "lowest", "highest", "past"}
    | {"choices", "then", "unknown_then", "unknown_sets", "asked"}
)
CHOICE_KEYS = frozenset({"value", "label", "hint", "sets", "then"})
GUIDE_KEYS = frozenset({"id", "title", "text", "papers", "service"})
UNKNOWN = "tidak-tahu"


class DialogueError(ValueError):
    """The conversation can't be held: the message names the step and what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages."""

    id: str
    en: str

    def spoken(self, language: str) -> str:
        """Give the words in a language; Indonesian unless it's English."""
        return self.en if language.startswith("en") else self.id


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen: what it writes into the situation, and where it leads."""

    value: str
    label: Text
    hint: Text | None = None
    sets: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `place` counts from 0 where it is asked about one of several, else None."""

    id: str
    kind: str
    ask: Text
    hint: Text | None = None
    ask_each: Text | None = None
    fills: str = ""
    reasons: frozenset[str] = frozenset()
    choices: tuple[Choice, ...] = ()
    unit: Text | None = None
    lowest: int = 0
    highest: int = 10**9
    is_past: bool = False
    then: str = ""
    unknown_then: str = ""
    unknown_sets: Mapping[str, Any] = field(default_factory=dict)
    asked_for: frozenset[str] = frozenset()

    @property
    def leads_to(self) -> Iterator[str]:
        """Give every step and guide that this one names."""
        yield from filter(None, (self.then, self.unknown_then, *(c.then for c in self.choices)))


@dataclass(frozen=True, slots=True)
class Guide:
    """An ending without a verdict: what to do, what to bring, and which service to ask for."""

    id: str
    title: Text
    text: tuple[Text, ...]
    papers: tuple[str, ...]
    service: str


@dataclass(frozen=True, slots=True)
class Script:
    """All steps and guides by id, in the order of the file."""

    first: str
    steps: Mapping[str, Step]
    guides: Mapping[str, Guide]


@cache
def script() -> Script:
    """Give the conversation that ships with this program.

    Raises:
        DialogueError: something in the file is missing, unknown or leads nowhere.

    """
    found = yaml.load(FILE.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe one
    return read_script(found)


def read_script(data: Mapping[str, Any]) -> Script:
    """Read and check a conversation.

    Raises:
        DialogueError: see `script`.

    """
    steps = [_step(row) for row in data["steps"]]
    guides = [_guide(row) for row in data["guides"]]
    names = [*(one.id for one in steps), *(one.id for one in guides)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DialogueError(f"These ids stand twice: {', '.join(twice)}. Rename one of each.")
    found = Script(data["first"], {one.id: one for one in steps}, {one.id: one for one in guides})
    _check_ways(found)
    return found


def _check_ways(found: Script) -> None:
    known = {*found.steps, *found.guides}
    if found.first not in found.steps:
        raise DialogueError(f"`first` names {found.first}, which is no step.")
    for step in found.steps.values():
        for name in step.leads_to:
            if name not in known:
                raise DialogueError(f"Step {step.id} leads to {name}, which is not there.")
    reached, ahead = set(), [found.first]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += found.steps[name].leads_to if name in found.steps else ()
    by_itself = {one.id for one in found.steps.values() if one.fills or one.asked_for}
    lost = sorted(known - reached - by_itself)
    if lost:
        raise DialogueError(f"Nothing leads to {', '.join(lost)}: name them in a `then`.")


def _step(row: Mapping[str, Any]) -> Step:
    name = str(row.get("id", "(no id)"))
    _check_keys(name, row, STEP_KEYS, needed={"id", "kind", "ask"})
    if row["kind"] not in KINDS:
        raise DialogueError(f"Step {name}: {row['kind']} is no kind. Use {sorted(KINDS)}.")
    choices = tuple(_choice(name, one) for one in row.get("choices", ()))
    if (row["kind"] in {"choice", "several"}) != bool(choices):
        raise DialogueError(f"Step {name}: only choice and several have choices, and need them.")
    values = [one.value for one in choices]
    if len(set(values)) < len(values) or UNKNOWN in values:
        raise DialogueError(f"Step {name}: each value once, and {UNKNOWN} is taken.")
    if not row.get("fills") and not choices:
        raise DialogueError(f"Step {name}: say with `fills` where the answer goes.")
    return Step(
        id=name,
        kind=row["kind"],
        ask=_text(name, row["ask"]),
        hint=_text(name, row["hint"]) if "hint" in row else None,
        ask_each=_text(name, row["ask_each"]) if "ask_each" in row else None,
        fills=row.get("fills", ""),
        reasons=frozenset(row.get("for", ())),
        choices=choices,
        unit=_text(name, row["unit"]) if "unit" in row else None,
        lowest=row.get("lowest", 0),
        highest=row.get("highest", 10**9),
        is_past=row.get("past", False),
        then=row.get("then", ""),
        unknown_then=row.get("unknown_then", ""),
        unknown_sets=row.get("unknown_sets", {}),
        asked_for=frozenset(row.get("asked", {}).get("reasons", ())),
    )


def _choice(step: str, row: Mapping[str, Any]) -> Choice:
    _check_keys(step, row, CHOICE_KEYS, needed={"value", "label"})
    if not isinstance(row["value"], str):
        raise DialogueError(f"Step {step}: put the value {row['value']!r} in quotes.")
    return Choice(
        value=row["value"],
        label=_text(step, row["label"]),
        hint=_text(step, row["hint"]) if "hint" in row else None,
        sets=row.get("sets", {}),
        then=row.get("then", ""),
    )


def _guide(row: Mapping[str, Any]) -> Guide:
    name = str(row.get("id", "(no id)"))
    _check_keys(name, row, GUIDE_KEYS, needed=set(GUIDE_KEYS))
    return Guide(
        name,
        _text(name, row["title"]),
        tuple(_text(name, one) for one in row["text"]),
        tuple(row["papers"]),
        row["service"],
    )


def _text(where: str, row: Any) -> Text:
    if not isinstance(row, Mapping) or set(row) != {"id", "en"} or not all(row.values()):
        raise DialogueError(f"{where}: write the words in both languages, id and en.")
    return Text(str(row["id"]), str(row["en"]))


def _check_keys(
    where: str, row: Mapping[str, Any], known: frozenset[str], *, needed: set[str]
) -> None:
    strange, missing = sorted(set(row) - known), sorted(needed - set(row))
    if strange:
        raise DialogueError(f"{where}: {', '.join(strange)} is not known. Known: {sorted(known)}.")
    if missing:
        raise DialogueError(f"{where}: {', '.join(missing)} is missing.")
