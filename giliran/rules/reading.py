"""Read one YAML file as plain data, and remember the line on which everything stands.

Days stay text until they are checked, so that 2015-02-30 gets an answer with its line.
Fractions must stand in quotes: "0.057" is exact, 0.057 is not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]
Lines = dict[Place, int]


class RulesError(Exception):
    """A rule file can't be used: says which file, which line, what is wrong and what to do."""

    def __init__(self, path: Path | str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")
        self.path = str(path)
        self.line = line
        self.what = what


def read(path: Path, shown_as: str | None = None) -> tuple[dict[str, Any], Lines]:
    """Give the data of a file and the line (from 1) of every part of it, by its place.

    Raises:
        RulesError: not YAML, a key written twice, a bare fraction, or no mapping at the top.

    """
    name = shown_as or str(path)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        raise RulesError(
            name,
            line,
            f"This is not YAML: {fault.problem}. Look at the indent and "
            "at quotes around texts with a colon.",
        ) from fault
    if not isinstance(node, yaml.MappingNode):
        raise RulesError(
            name,
            1,
            "A rule file begins with `label:`; this one holds no such keys. "
            "docs/rules.md shows an example.",
        )
    lines: Lines = {}
    return _mapping(node, (), lines, name), lines


def _plain(node: yaml.Node, place: Place, lines: Lines, name: str) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(child, (*place, number), lines, name) for number, child in enumerate(node.value)
        ]
    return _scalar(node, lines[place], name)


def _mapping(node: yaml.MappingNode, place: Place, lines: Lines, name: str) -> dict[str, Any]:
    lines.setdefault(place, node.start_mark.line + 1)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            first = lines[(*place, key)]
            raise RulesError(
                name,
                line,
                f"`{key}` stands here for the second time (first on line "
                f"{first}). Keep one of the two.",
            )
        found[key] = _plain(value_node, (*place, key), lines, name)
        lines[(*place, key)] = line
    return found


def _scalar(node: yaml.Node, line: int, name: str) -> Any:
    text = str(node.value)
    match node.tag.removeprefix("tag:yaml.org,2002:"):
        case "int":
            try:
                return int(text.replace("_", ""))
            except ValueError:
                raise RulesError(
                    name,
                    line,
                    f"{text} can be read in two ways. Write a plain number such as 42000000.",
                ) from None
        case "float":
            raise RulesError(
                name, line, f'{text} without quotes would not be exact. Write "{text}" in quotes.'
            )
        case "null":
            return None
        case "bool":
            return text.lower() in {"true", "yes", "on"}
        case _:
            return text
