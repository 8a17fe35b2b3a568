"""Read one YAML file as plain data, and remember the line on which everything stands.

Days stay text until they are checked, so that 2015-02-30 gets an answer with its line.
Fractions must stand in quotes: "0.057" is exact, 0.057 is not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

HERE = Path(__file__).parent
LONGEST_COMPLAINT = 160
# The one in C reads all rules ten times faster; not every build of PyYAML has it.
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[str | int, ...]


class RulesError(Exception):
    """A rule file can't be used: says which file, which line, what is wrong and what to do."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")
        self.path = path
        self.line = line
        self.what = what


@dataclass(slots=True)
class RuleFile:
    """What a file says, and the line (from 1) of every place in it."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)

    def fault(self, place: Place, what: str) -> RulesError:
        """Make an error that points at `place`, or at the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return RulesError(self.name, self.lines.get(place, 1), what)

    def day(self, place: Place, text: str) -> date:
        """Read a day such as 2015-07-01.

        Raises:
            RulesError: the calendar has no such day.

        """
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.fault(
                place,
                f"`{place[-1]}` is {text}, and the calendar has no such day. "
                "Write year-month-day, such as 2015-07-01.",
            ) from None

    def check_shape(self, schema: str) -> None:
        """Hold the data against a JSON schema of this folder; tell the first fault.

        Raises:
            RulesError: the data doesn't fit.

        """
        fault = best_match(_schema(schema).iter_errors(self.data))
        if fault is None:
            return
        place: Place = tuple(fault.absolute_path)
        named = [part for part in place if isinstance(part, str)]
        where = f"`{named[-1]}`: " if named else ""
        said = fault.message
        if len(said) > LONGEST_COMPLAINT:
            said = f"{said[:LONGEST_COMPLAINT]} ..."
        hint = fault.schema.get("description", "") if isinstance(fault.schema, dict) else ""
        raise self.fault(place, f"{where}{said}. {hint}".strip())

    def check_sources(self, ids: list[str], place: Place, known: dict[str, str]) -> None:
        """Refuse a source that nobody can look up.

        Raises:
            RulesError: an id that is not in sources.yaml.

        """
        for number, source in enumerate(ids):
            if source not in known:
                raise self.fault(
                    (*place, number),
                    f"The source `{source}` is not in sources.yaml. Add it there with its address.",
                )


def shown(path: Path) -> str:
    """Name a file as somebody in the checkout would type it."""
    try:
        return str(path.relative_to(HERE.parent.parent))
    except ValueError:
        return str(path)


@cache
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((HERE / name).read_text(encoding="utf-8")))


def read(path: Path) -> RuleFile:
    """Read a file.

    Raises:
        RulesError: missing, not text, not YAML, a key written twice, a bare fraction, or no
            mapping at the top.

    """
    file = RuleFile(shown(path))
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)
    except FileNotFoundError:
        raise file.fault((), "This file is missing. docs/rules.md says what it holds.") from None
    except (UnicodeDecodeError, yaml.reader.ReaderError) as fault:
        raise file.fault(
            (), f"This file can't be read as text: {fault}. Save it as UTF-8."
        ) from fault
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise RulesError(
            file.name,
            mark.line + 1 if mark else 1,
            f"This is not YAML: {fault.problem}. Look at the indent, and at quotes around words "
            "with a colon.",
        ) from fault
    if not isinstance(node, yaml.MappingNode):
        raise file.fault((), "This file holds no rule. docs/rules.md shows how one looks.")
    file.data = _mapping(node, (), file)
    return file


def _plain(node: yaml.Node, place: Place, file: RuleFile) -> Any:
    file.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, file)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, number), file) for number, child in enumerate(node.value)]
    return _scalar(node, place, file)


def _mapping(node: yaml.MappingNode, place: Place, file: RuleFile) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        here = (*place, key)
        if key in found:
            first = file.lines[here]
            raise RulesError(
                file.name,
                line,
                f"`{key}` stands here for the second time (first on line {first}). "
                "Keep one of the two.",
            )
        found[key] = _plain(value_node, here, file)
        file.lines[here] = line
    return found


def _scalar(node: yaml.Node, place: Place, file: RuleFile) -> Any:
    text = str(node.value)
    match node.tag.removeprefix("tag:yaml.org,2002:"):
        case "int":
            try:
                return int(text)
            except ValueError:
                raise file.fault(
                    place, f"{text} is not a plain number. Write one such as 42000000."
                ) from None
        case "float":
            raise file.fault(
                place, f'{text} without quotes would not be exact. Write "{text}" in quotes.'
            )
        case "null":
            return None
        case "bool":
            return text.lower() in {"true", "yes", "on"}
        case _:
            return text
