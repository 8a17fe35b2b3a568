"""`giliran officer`: who may log in, and for what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from giliran.cli.database import connect, set_up_django

AT_AN_OFFICE = ("officer", "door", "manager")
EVERYWHERE = ("auditor", "administrator")
ROLES = (*AT_AN_OFFICE, "regional", "ombudsman", *EVERYWHERE)


@click.group()
def officer() -> None:
    """Give staff a log-in and a post, see who has one, and end it."""


@officer.command()
@click.argument("username")
@click.option("--name", required=True, help="Full name, as colleagues and the journal know it.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may do.")
@click.option("--office", help="Slug of the office, for officer, door and manager.")
@click.option("--region", help="Slug of the region, for regional and ombudsman.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the password from the first line of this file instead of asking.",
)
def add(
    username: str,
    name: str,
    role: str,
    office: str | None,
    region: str | None,
    password_file: Path | None,
) -> None:
    """Create USERNAME, or give an existing one another post, this name and a new password.

    \b
    officer        calls and serves at a counter, and helps at the door    --office
    door           checks in, gives numbers, notes who is turned away      --office
    manager        all that, and the office's day, windows and figures     --office
    regional       looks at and directs the offices of one region          --region
    ombudsman      reads findings, figures and reviews; no person's data    --region, or all
    auditor        looks at everything, changes nothing
    administrator  sets up offices, kiosks and officers everywhere

    Somebody with two tasks gets two posts: run the command twice. The password needs 10 characters
    or more and may not be a common one; it is asked for without being shown, and never stands on
    the command line, where others could read it.

    \b
    giliran officer add dewi --name "Dewi Lestari" --role officer --office serang
    giliran officer add rahmat --name "Rahmat H." --role regional --region banten
    """  # noqa: D301 -- click needs the real backspace character
    _check_place(role, office, region)
    server = connect()
    set_up_django()
    from giliran.core.refusal import NotFound
    from giliran.offices import actions as posts
    from giliran.offices import queries as offices
    from giliran.people import actions as people

    try:
        at = offices.office(office) if office else None
        around = offices.region(region) if region else None
    except NotFound:
        raise click.ClickException(
            f"There is no {f'office {office}' if office else f'region {region}'}. "
            "Import it first: giliran office import --help"
        ) from None
    password = _password(username, password_file)
    person = people.hire(username, full_name=name, password=password)
    posts.give_post(person.pk, role, office=at, region=around)
    where = office or region or "everywhere"
    click.echo(f"{name} logs in as {username}: {role}, {where}.")
    del server


def _check_place(role: str, office: str | None, region: str | None) -> None:
    """Refuse a role without its place, or with another's, before anything is asked."""
    if role in AT_AN_OFFICE and (office is None or region is not None):
        raise click.UsageError(f"{role} works at one office: give --office, and no --region.")
    if role == "regional" and (region is None or office is not None):
        raise click.UsageError("regional works in one region: give --region, and no --office.")
    if role == "ombudsman" and office:
        raise click.UsageError("ombudsman reads of a region, or of all: give no --office.")
    if role in EVERYWHERE and (office or region):
        raise click.UsageError(f"{role} works everywhere: give neither --office nor --region.")


def _password(username: str, file: Path | None) -> str:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if file is None:
        text = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        text = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    try:
        validate_password(text)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None
    if text.casefold() == username.casefold():
        raise click.ClickException("The password may not be the username.")
    return str(text)


@officer.command("list")
@click.option("--office", help="Only those with a post at this office.")
def list_all(office: str | None) -> None:
    """List who has a log-in: username, name, posts, and whether it is disabled.

    One line each, fields separated by tabs; a post is role@place.
    """
    server = connect()
    set_up_django()
    from giliran.offices import queries as offices
    from giliran.people import queries as people

    posts = offices.posts_by_officer()
    for person in people.officers():
        places = [f"{post.role}@{_place(post)}" for post in posts.get(person.pk, [])]
        if office and not any(place.endswith(f"@{office}") for place in places):
            continue
        state = "active" if person.is_active else "disabled"
        click.echo("\t".join([person.username, person.full_name, ", ".join(places) or "-", state]))
    del server


def _place(post: Any) -> str:
    where = post.office or post.region
    return str(where.slug) if where else "everywhere"


@officer.command()
@click.argument("username")
def disable(username: str) -> None:
    """End the log-in of USERNAME at once, open sessions included; the history keeps what they did.

    `giliran officer add` with the same username gives it back.
    """
    server = connect()
    set_up_django()
    from giliran.people import actions as people

    if not people.disable(username):
        raise click.ClickException(f"Nobody logs in as {username}. See: giliran officer list")
    click.echo(f"{username} can't log in any more.")
    del server
