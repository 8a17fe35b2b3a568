"""`giliran rules` says whether the law we hold is fresh, and what it was on a day."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from giliran.core.parameters import Dated, Law, NotInForce, Parameter
from giliran.rules import Decree, RulesError, decrees, load
from giliran.rules.unverified import unverified as list_unverified
from giliran.rules.unverified import with_list

MAX_AGE_DAYS = 180
NEXT_YEAR_KNOWN_FROM_MONTH = 11
SOON = timedelta(days=60)
STALE, UNREADABLE = 1, 2

WORDS = {
    "id": {
        "since": "sejak",
        "until": "sampai",
        "no_end": "masih berlaku",
        "confirmed": "beberapa sumber",
        "single": "satu sumber",
        "general": "belum diperiksa",
    },
    "en": {
        "since": "since",
        "until": "until",
        "no_end": "without end",
        "confirmed": "several sources",
        "single": "one source",
        "general": "not verified",
    },
}
UNITS = {
    "id": {
        "age_years": ("tahun", "tahun"),
        "years": ("tahun", "tahun"),
        "months": ("bulan", "bulan"),
        "days": ("hari kalender", "hari kalender"),
        "working_days": ("hari kerja", "hari kerja"),
        "hours": ("jam", "jam"),
        "times": ("kali", "kali"),
        "people": ("orang", "orang"),
    },
    "en": {
        "age_years": ("year", "years"),
        "years": ("year", "years"),
        "months": ("month", "months"),
        "days": ("calendar day", "calendar days"),
        "working_days": ("working day", "working days"),
        "hours": ("hour", "hours"),
        "times": ("time", "times"),
        "people": ("person", "people"),
    },
}


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day written as 2022-05-01."""

    name = "day"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day of the calendar. Write it as 2022-05-01.", param, ctx)


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


@click.group()
def rules() -> None:
    """Read and check the law as dated rules (giliran/rules)."""


@rules.command()
@click.option(
    "--max-age-days",
    default=MAX_AGE_DAYS,
    show_default=True,
    type=click.IntRange(min=0),
    help="A value that nobody has compared with the law for longer is past its date.",
)
@click.option("--on", "today", type=Day(), default=_today, help="Judge as of this day.")
def check(max_age_days: int, today: date) -> None:
    """Say which values are past their freshness date.

    A value is past its date if nobody has compared it with the law for --max-age-days, if the law
    moves it every year and this year's figure is missing, or if the holidays of this year (from
    November: of the next) are missing. Values that end within 60 days are named too.

    Exit code: 0 all fresh; 1 something is past its date; 2 a file can't be read.
    """
    law, calendar = _read()
    for parameter in _ending_soon(law, today):
        click.echo(f"ends soon  {parameter.key}: {parameter.values[-1].until}")
    past = [*_past(law, today, max_age_days), *_missing_years(calendar, today)]
    for sentence in past:
        click.echo(f"past date  {sentence}")
    count = len(law.parameters)
    click.echo(f"{count} rules and {len(calendar)} years of holidays read; {len(past)} past date.")
    sys.exit(STALE if past else 0)


def _read() -> tuple[Law, tuple[Decree, ...]]:
    try:
        return load(), decrees()
    except RulesError as fault:
        click.echo(str(fault), err=True)
        sys.exit(UNREADABLE)


def _in_force(law: Law, today: date) -> Iterator[Parameter]:
    """Rules that ended can't grow stale."""
    return (one for one in law if one.values[-1].until is None or one.values[-1].until >= today)


def _ending_soon(law: Law, today: date) -> list[Parameter]:
    return [
        one
        for one in _in_force(law, today)
        if one.values[-1].until is not None and one.values[-1].until <= today + SOON
    ]


def _past(law: Law, today: date, max_age_days: int) -> Iterator[str]:
    for one in _in_force(law, today):
        age = (today - one.last_value_still_valid_on).days
        if age > max_age_days:
            yield f"{one.key}: last compared on {one.last_value_still_valid_on}, {age} days ago"
        moved = _last_yearly_move(one, today)
        if moved is not None and not any(dated.since.year >= moved.year for dated in one.values):
            yield f"{one.key}: the law moves it every year; the figure of {moved} is missing"


def _last_yearly_move(parameter: Parameter, today: date) -> date | None:
    if not parameter.changes_yearly_on:
        return None
    month, day = (int(part) for part in parameter.changes_yearly_on.split("-"))
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def _missing_years(calendar: tuple[Decree, ...], today: date) -> Iterator[str]:
    known = {decree.year for decree in calendar}
    wanted = {today.year, today.year + (today.month >= NEXT_YEAR_KNOWN_FROM_MONTH)}
    for year in sorted(wanted - known):
        yield f"calendar/{year}.yaml: the holidays of {year} are missing"


@rules.command()
@click.argument("day", type=Day())
@click.argument("program")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
def at(day: date, program: str, lang: str) -> None:
    """Print the law of DAY about PROGRAM (jht, jkk, jkm, jp, jkp, tax, documents/jht, ...)."""
    law, _ = _read()
    chosen = _about(law, program.lower().strip("/"))
    if not chosen:
        folders = sorted({one.key.split("/")[0] for one in law})
        raise click.BadParameter(
            f"There are no rules about {program!r}. There are: {', '.join(folders)}.",
            param_hint="PROGRAM",
        )
    silent = []
    for one in chosen:
        try:
            dated = one.at(day)
        except NotInForce as why:
            silent.append(f"- {why}")
            continue
        click.echo("\n".join(_entry(one, dated, lang)))
    for sentence in silent:
        click.echo(sentence)


def _about(law: Law, program: str) -> list[Parameter]:
    """Find the program's own folder first, then what other folders say about it."""
    own = list(law.under(program))
    others = [
        one
        for one in law
        if one not in own
        and (
            program in one.key.split("/")[1:-1] or one.key.split("/")[-1].startswith(f"{program}_")
        )
    ]
    return own + others


def _entry(one: Parameter, dated: Dated, lang: str) -> list[str]:
    word = WORDS[lang]
    label = one.label_id if lang == "id" else one.label_en
    until = f"{word['until']} {dated.until}" if dated.until else word["no_end"]
    sure = word[dated.confidence]
    lines = [f"{label}  [{one.key}]"]
    lines += [f"    {line}" for line in _shown(dated.value, one.unit, lang)]
    lines.append(f"    {dated.citation}; {word['since']} {dated.since}, {until}; {sure}")
    return lines + [f"    {mark} {text}" for mark, text in _remarks(dated)]


def _remarks(dated: Dated) -> Iterator[tuple[str, str]]:
    if dated.note:
        yield "*", dated.note
    if dated.unverified:
        yield "!", dated.unverified


def _shown(value: Any, unit: str, lang: str) -> Iterator[str]:
    """Give one line for each row, name or value."""
    if isinstance(value, list) and any(isinstance(row, dict) for row in value):
        yield from (_one(row, unit, lang) for row in value)
    elif isinstance(value, list):
        yield ", ".join(_one(cell, unit, lang) for cell in value) or "-"
    elif isinstance(value, dict):
        for key, cell in value.items():
            words = cell.get(lang) if isinstance(cell, dict) else None
            yield f"{key}: {words or _one(cell, unit, lang)}"
    else:
        yield _one(value, unit, lang)


def _one(cell: Any, unit: str, lang: str) -> str:
    if isinstance(cell, dict):
        return ", ".join(f"{key} {_one(inner, unit, lang)}" for key, inner in cell.items())
    if isinstance(cell, list):
        return ", ".join(_one(inner, unit, lang) for inner in cell)
    if isinstance(cell, Decimal):
        return _exact(cell, unit, lang)
    counted = UNITS[lang].get(unit)
    if isinstance(cell, int) and counted:
        return f"{cell} {counted[cell != 1]}"
    return "-" if cell is None else str(cell)


def _exact(number: Decimal, unit: str, lang: str) -> str:
    """Write money as Rp20.000.000, a rate as 5,7 % (5.7 % in English)."""
    if unit == "rupiah":
        return f"Rp{number:,.0f}".replace(",", ".")
    if unit == "rate":
        percent = f"{(number * 100).normalize():f} %"
        return percent.replace(".", ",") if lang == "id" else percent
    return f"{number:f}"


@rules.command()
@click.argument("first", type=Day())
@click.argument("last", type=Day())
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
def changes(first: date, last: date, lang: str) -> None:
    """Print what changed in the law from the day FIRST to the day LAST."""
    law, _ = _read()
    found = law.changes_between(first, last)
    for change in found:
        one = change.parameter
        label = one.label_id if lang == "id" else one.label_en
        click.echo(f"{change.day}  {label}  [{one.key}]")
        for word, dated in (("was", change.before), ("is", change.after)):
            for line in _shown(dated.value, one.unit, lang) if dated else ["not in force"]:
                click.echo(f"    {word:3} {line}")
        if change.after:
            click.echo(f"    {change.after.citation}")
    if not found:
        click.echo(f"Nothing changed from {first} to {last}.")


@rules.command()
@click.option(
    "--write",
    "page",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Put the list into this page (docs/rules.md) instead of printing it.",
)
def unverified(page: Path | None) -> None:
    """List what comes from memory, has an open point, or rests on one source."""
    listed = list_unverified(*_read())
    if page is None:
        click.echo(listed)
    else:
        page.write_text(with_list(page.read_text(encoding="utf-8"), listed), encoding="utf-8")
