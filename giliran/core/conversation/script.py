"""The conversation as data: what a step is, and reading the definition with all its checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from giliran.core.conversation.saying import Text

REST, SAME, BACK = "rest", "same", "back"  # ways that every definition has
WAYS = frozenset({"", REST, SAME, BACK})
READINGS = frozenset({"", "name", "nik", "code", "minutes", "words", "document", "birth"})
STEP_KEYS = frozenset(
    {"id", "ask", "choices", "from", "search", "several", "read", "keep", "do", "ways", "then"}
    | {"empty", "part", "few_words", "when"}
)
CHOICE_KEYS = frozenset({"id", "label", "words", "then"})
COMMAND_KEYS = frozenset({"words", "then", "takes", "inside", "always", "resting"})
TEXT_KEYS = frozenset({"id", "en", "short_id", "short_en"})


class ScriptError(ValueError):
    """The conversation can't be held: the message names the step and what to do."""


@dataclass(frozen=True, slots=True)
class Option:
    """One fixed choice of a step; ``words`` are other ways to say it."""

    id: str
    label: Text
    words: tuple[str, ...] = ()
    then: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One question, or with no ``ask`` a deed between two questions.

    ``source`` names where its choices come from, ``read`` how words are read that are no choice,
    ``keep`` under which name the answer is remembered, ``do`` what is done with it, ``ways`` where
    each outcome of the deed leads. ``part`` names what is broken off by leaving.
    """

    id: str
    ask: Text | None = None
    options: tuple[Option, ...] = ()
    source: str = ""
    search: bool = False
    several: bool = False
    read: str = ""
    keep: str = ""
    do: str = ""
    ways: Mapping[str, str] = field(default_factory=dict)
    then: str = ""
    empty: str = ""
    part: str = ""
    few_words: bool = False
    reads_days: bool = False

    @property
    def leads_to(self) -> Iterator[str]:
        """Give every step that this one names."""
        ahead = (self.then, self.empty, *self.ways.values(), *(o.then for o in self.options))
        yield from (one for one in ahead if one not in WAYS)


@dataclass(frozen=True, slots=True)
class Command:
    """Words that are understood everywhere; ``takes`` names what may follow them.

    ``inside`` is where they lead in the middle of something, if that is elsewhere; ``always``:
    also while everything else that is said goes to an officer; ``resting``: only while nothing is
    asked ("ya" to a reminder).
    """

    id: str
    words: tuple[str, ...]
    then: str
    takes: str = ""
    inside: str = ""
    always: bool = False
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A whole conversation; ``says`` are the sentences that deeds speak.

    ``on_place`` and ``on_document`` are where something that was sent leads, ``on_visit`` is the
    question that a message asks after a visit.
    """

    first: str
    unclear: str
    resume: str
    on_place: str
    on_document: str
    on_visit: str
    steps: Mapping[str, Step]
    commands: tuple[Command, ...]
    synonyms: Mapping[str, tuple[str, ...]]
    says: Mapping[str, Text]


def read_script(data: Mapping[str, Any]) -> Script:
    """Read and check a conversation.

    Raises:
        ScriptError: something in it is missing, unknown or leads nowhere.

    """
    steps = [_step(row) for row in data["steps"]]
    names = [one.id for one in steps]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScriptError(f"These ids stand twice: {', '.join(twice)}. Rename one of each.")
    found = Script(
        first=data["first"],
        unclear=data["unclear"],
        resume=data["resume"],
        on_place=data["on_place"],
        on_document=data["on_document"],
        on_visit=data["on_visit"],
        steps={one.id: one for one in steps},
        commands=tuple(_command(name, row) for name, row in data["commands"].items()),
        synonyms={str(name): tuple(map(str, row)) for name, row in data["synonyms"].items()},
        says={name: _text(f"says.{name}", row) for name, row in data["says"].items()},
    )
    _check_ways(found)
    return found


def _check_ways(found: Script) -> None:
    ahead = [found.first, found.unclear, found.resume]
    ahead += [found.on_place, found.on_document, found.on_visit]
    for command in found.commands:
        ahead += [name for name in (command.then, command.inside) if name not in WAYS]
    for step in found.steps.values():
        ahead += step.leads_to
    lost = sorted({name for name in ahead if name not in found.steps})
    if lost:
        raise ScriptError(f"These steps are named and not there: {', '.join(lost)}.")


def _step(row: Mapping[str, Any]) -> Step:
    name = str(row.get("id", "(no id)"))
    _check_keys(name, row, STEP_KEYS, needed={"id"})
    options = tuple(_option(name, one) for one in row.get("choices", ()))
    ids = [one.id for one in options]
    if len(set(ids)) < len(ids):
        raise ScriptError(f"Step {name}: a choice stands twice.")
    if row.get("read", "") not in READINGS:
        raise ScriptError(f"Step {name}: {row['read']!r} can't be read. Use {sorted(READINGS)}.")
    if "ask" not in row and not row.get("do"):
        raise ScriptError(f"Step {name}: it neither asks nor does anything.")
    if "do" in row and not row.get("ways"):
        raise ScriptError(f"Step {name}: say in `ways` where each outcome leads.")
    if "do" not in row and not row.get("then") and not all(one.then for one in options):
        raise ScriptError(f"Step {name}: say in `then` where it leads.")
    return Step(
        id=name,
        ask=_text(name, row["ask"]) if "ask" in row else None,
        options=options,
        source=row.get("from", ""),
        search=row.get("search", False),
        several=row.get("several", False),
        read=row.get("read", ""),
        keep=row.get("keep", ""),
        do=row.get("do", ""),
        ways=row.get("ways", {}),
        then=row.get("then", ""),
        empty=row.get("empty", ""),
        part=row.get("part", ""),
        few_words=row.get("few_words", False),
        reads_days=row.get("when", False),
    )


def _option(step: str, row: Mapping[str, Any]) -> Option:
    _check_keys(step, row, CHOICE_KEYS, needed={"id", "label"})
    words = tuple(str(word) for word in row.get("words", ()))
    return Option(str(row["id"]), _text(step, row["label"]), words, row.get("then", ""))


def _command(name: str, row: Mapping[str, Any]) -> Command:
    _check_keys(f"commands.{name}", row, COMMAND_KEYS, needed={"words", "then"})
    words = tuple(str(word) for word in row["words"])
    return Command(
        id=name,
        words=words,
        then=row["then"],
        takes=row.get("takes", ""),
        inside=row.get("inside", ""),
        always=row.get("always", False),
        resting=row.get("resting", False),
    )


def _text(where: str, row: Any) -> Text:
    if not isinstance(row, Mapping) or not {"id", "en"} <= set(row) <= TEXT_KEYS:
        raise ScriptError(f"{where}: write the words in both languages, id and en.")
    if not all(row.values()) or ("short_id" in row) != ("short_en" in row):
        raise ScriptError(f"{where}: no words may be empty, and short ones come in both languages.")
    return Text(**{key: str(value).strip() for key, value in row.items()})


def _check_keys(
    where: str, row: Mapping[str, Any], known: frozenset[str], *, needed: set[str]
) -> None:
    strange, missing = sorted(set(row) - known), sorted(needed - set(row))
    if strange:
        raise ScriptError(f"{where}: {', '.join(strange)} is not known. Known: {sorted(known)}.")
    if missing:
        raise ScriptError(f"{where}: {', '.join(missing)} is missing.")
