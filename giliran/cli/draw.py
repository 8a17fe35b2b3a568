"""`giliran draw`: what anybody can check about a draw, without a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from giliran import beacon
from giliran.cli import draw_round
from giliran.core import recount

HEX = "hexadecimal digits"


@click.group()
def draw() -> None:
    """Check a draw from its public file, or keep a region's rounds."""


for _command in draw_round.COMMANDS:
    draw.add_command(_command)


@draw.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--root", metavar="HEX", help="The root as it was published before closing.")
@click.option("--salt", metavar="HEX", help="The salt on your own page, to find your application.")
@click.option("--nik", help="Your NIK, with --salt and --service.")
@click.option("--service", metavar="CODE", help="The service that you applied for, such as jht.")
def verify(
    file: Path, root: str | None, salt: str | None, nik: str | None, service: str | None
) -> None:
    """Recompute a whole draw from FILE (.json or .json.gz) and say what differs.

    \b
    Checked are the root over list, places and rule; the random value and its signature, or the
    revealed secrets; and the result, by two programs that share nothing. Exit code 1 if anything
    differs.
    """  # noqa: D301 -- click's mark against rewrapping
    personal = (salt, nik, service)
    if any(personal) and not all(personal):
        raise click.UsageError("Give --salt, --nik and --service together.")
    try:
        content = recount.load(file)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    wrong = recount.differences(content, root=root)
    if not wrong:
        _describe(content, root=root)
        wrong = _signature(content) + _second_draw(content)
    if not wrong and salt and nik and service:
        wrong = _own_application(content, salt, nik, service)
    for sentence in wrong:
        click.echo(f"DIFFERS: {sentence}")
    if wrong:
        click.echo("This file doesn't show a fair draw; keep it, and ask whoever published it.")
        sys.exit(1)
    click.echo("Everything is as the file says.")


def _describe(content: dict[str, Any], *, root: str | None) -> None:
    header, result = content["header"], content["result"]
    places = sum(cell["places"] for cell in header["cells"])
    placed = sum(cell is not None for cell in result)
    _line("draw", f"{header['region']}, round {header['round']}, rule {header['rule']}")
    _line("closed", header["closes_at"])
    _line("applications", f"{len(result):,}")
    _line("places", f"{places:,} in {len(header['cells']):,} windows")
    compared = "is the one published before closing" if root else "compare it: --root HEX"
    _line("root", f"{content['root']} fits list, places and rule; {compared}")
    _line("recount", f"{placed:,} placed, {len(content['struck'])} wishes struck: as in the file")


def _signature(content: dict[str, Any]) -> list[str]:
    named, randomness = content["header"]["beacon"], content["randomness"]
    if named["kind"] == "reveal":
        silent = [one["name"] for one in randomness["secrets"] if not one["secret"]]
        shown = [one["name"] for one in randomness["secrets"] if one["secret"]]
        suffix = f"; never revealed: {', '.join(silent)}" if silent else ""
        _line("randomness", f"secrets fit the commitments of {', '.join(shown)}{suffix}")
        return []
    try:
        value = beacon.verified(named["round"], randomness["signature"])
    except (beacon.WrongSignature, beacon.CannotVerify) as fault:
        return [f"The random value isn't proven: {fault}."]
    if value != randomness["value"]:
        return ["The random value isn't the one that drand's signature gives."]
    appeared = f"{beacon.appears_at(named['round']):%Y-%m-%d %H:%M:%S} UTC"
    _line("randomness", f"drand round {named['round']} of {appeared}, signature verified")
    return []


def _second_draw(content: dict[str, Any]) -> list[str]:
    try:
        from giliran.core import draw_file
    except ImportError as fault:
        _line("second draw", f"left out: {fault}")
        return []
    try:
        again = draw_file.finished(content, content["randomness"])
    except (ValueError, KeyError, TypeError, OverflowError) as fault:
        return [f"The office's own program can't draw from this file: {fault}."]
    if (again["result"], again["struck"]) != (content["result"], content["struck"]):
        return ["The office's own program draws another result than the recount: report this."]
    _line("second draw", "the office's own program gives the same result")
    return []


def _own_application(content: dict[str, Any], salt: str, nik: str, service: str) -> list[str]:
    try:
        found = recount.entry(content, salt, nik, service)
    except ValueError:
        raise click.BadParameter(f"must be {HEX}.", param_hint="--salt") from None
    if found is None:
        return ["No application in the list belongs to this salt, NIK and service."]
    index, application = found
    cell = content["result"][index]
    got = "no place"
    if cell is not None:
        window = content["header"]["cells"][cell]
        got = f"{window['office']} {window['starts_at']}"
    credit = application["credit"]
    _line("you", f"application {index + 1} of the list, credit {credit}: {got}")
    return []


def _line(name: str, text: str) -> None:
    click.echo(f"{name:<13} {text}")
