"""`giliran draw`: a region's rounds, and the parties that add to their chance."""

from __future__ import annotations

import secrets
import sys
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import click

from giliran.cli.database import connect, set_up_django

if TYPE_CHECKING:
    from giliran.offices.models import Region

ACTOR = "console"
# Who may commit besides the agency, whose own secret is made with each round.
PARTIES = ("ombudsman", "public")


@click.command()
@click.argument("region")
@click.option("--at", metavar="HH:MM", help="When the list closes on working days, such as 17:00.")
@click.option("--off", is_flag=True, help="Draw no more; places are booked at once again.")
@click.option("--days", type=int, help="How many working days ahead each draw fills: 1 to 10.")
@click.option("--beacon", help="Where chance comes from: drand, or reveal (commit and reveal).")
@click.option("--near-km", type=int, help='How far "any office near me" reaches from home.')
@click.option("--far-km", type=int, help="Whose nearest office is further comes from far away.")
@click.option("--zone", help="The region's time zone, such as Asia/Jakarta.")
def plan(region: str, at: str | None, off: bool, **settings: Any) -> None:
    """Say when and how REGION draws; without options, show it.

    Only what is given changes. A round that is open keeps its closing and its chance, because
    both were published when it opened.
    """
    if at and off:
        raise click.UsageError("Give --at or --off, not both.")
    server, found = _region(region)
    from giliran import clock
    from giliran.core.refusal import Refusal
    from giliran.offices import actions
    from giliran.turns.actions.stopping import stop_draws

    names = {"days": "days_ahead"}
    changes = {names.get(key, key): value for key, value in settings.items() if value is not None}
    if at:
        changes["draw_at"] = _time(at)
    planned = actions.draw_plan(found)._replace(**changes)
    if planned.beacon == "drand" and (at or "beacon" in changes):
        _check_beacon()
    try:
        if off:
            places = stop_draws(found, actor=ACTOR, now=clock.now())
            planned = planned._replace(draw_at=None)
            click.echo(f"{region} draws no more. {places} held places can be booked at once.")
        found = actions.plan_draws(found.id, planned, actor=ACTOR, now=clock.now())
    except Refusal as refusal:
        _fail(str(refusal))
    _show(found)
    del server


@click.command()
@click.argument("region")
def rounds(region: str) -> None:
    """List the last rounds of REGION, the newest first."""
    server, found = _region(region)
    from giliran.turns import applications

    zone = ZoneInfo(found.time_zone)
    for one in applications.rounds(found):
        closes = one.closes_at.astimezone(zone)
        chance = f"drand {one.beacon['round']}" if "round" in one.beacon else "reveal"
        figures = "" if not one.root else f"{one.applications:6} asked {one.places:5} places"
        placed = f"{one.placed:6} placed" if one.drawn_at else ""
        click.echo(
            f"{one.serial:5} {closes:%Y-%m-%d %H:%M} {one.state:7} {chance:15} "
            f"{figures:25} {placed:13} {one.root}".rstrip()
        )
    del server


@click.command()
@click.argument("region")
def now(region: str) -> None:
    """Do at once what is due in REGION: seal a list that closed, draw what was sealed.

    The worker does this every minute. A list can't be closed or drawn early: people were told
    until when they may apply.
    """
    server, found = _region(region)
    from giliran import beacon, clock
    from giliran.turns import actions as turns
    from giliran.turns import applications

    moment = clock.now()
    if found.draw_at is None:
        _fail(f"{region} doesn't draw. See: giliran draw plan --help")
    before = {one.serial: one.state for one in applications.rounds(found)}
    due = [one for one in applications.rounds(found) if one.state == "sealed"]
    latest = next(iter(applications.rounds(found, at_most=1)), None)
    if not due and latest is not None and latest.closes_at > moment:
        closes = latest.closes_at.astimezone(ZoneInfo(found.time_zone))
        _fail(f"Nothing is due: round {latest.serial} closes at {closes:%Y-%m-%d %H:%M}.")
    try:
        turns.keep_rounds(found, fetch=beacon.fetch, now=moment)
    except (beacon.WrongSignature, beacon.CannotVerify) as fault:
        _fail(f"The list stays sealed: {fault}")
    for one in reversed(applications.rounds(found)):
        if before.get(one.serial) != one.state:
            click.echo(f"round {one.serial}: {one.state}")
        elif one.state == "sealed":
            click.echo(f"round {one.serial}: waits for its random value; nothing is lost by it")
    del server


@click.command()
@click.argument("region")
@click.argument("serial", type=int)
@click.argument("digest")
@click.option("--party", required=True, type=click.Choice(PARTIES))
def commit(region: str, serial: int, digest: str, party: str) -> None:
    """Note a party's commitment DIGEST (64 hex digits) before round SERIAL of REGION closes."""
    _of_a_party(region, serial, "commit", party=party, digest=digest.strip())
    click.echo(f"{party} is committed for round {serial} of {region}.")


@click.command()
@click.argument("region")
@click.argument("serial", type=int)
@click.argument("secret")
@click.option("--party", required=True, type=click.Choice(PARTIES))
def reveal(region: str, serial: int, secret: str, party: str) -> None:
    """Open a party's SECRET (64 hex digits) after round SERIAL of REGION has closed."""
    _of_a_party(region, serial, "reveal", party=party, secret=secret.strip())
    click.echo(f"The secret of {party} for round {serial} of {region} fits its commitment.")


@click.command()
@click.option("--party", required=True, type=click.Choice(PARTIES))
def secret(party: str) -> None:
    """Make a new secret for a party and its commitment; nothing is stored or sent.

    Run it on the party's own machine, one secret for each round. Send the commitment before
    closing, the secret only afterwards.
    """
    from giliran.core.lottery import SECRET_BYTES, commitment

    fresh = secrets.token_bytes(SECRET_BYTES)
    click.echo(f"secret      {fresh.hex()}   keep it until the list has closed")
    click.echo(f"commitment  {commitment(party, fresh).hex()}   send it before")


COMMANDS = (plan, rounds, now, commit, reveal, secret)


def _region(slug: str) -> tuple[Any, Region]:
    """Return the database's handle, to be kept, and the region; or end with a sentence."""
    server = connect()
    set_up_django()
    from giliran.core.refusal import NotFound
    from giliran.offices import queries

    try:
        return server, queries.region(slug)
    except NotFound:
        known = ", ".join(sorted({office.region.slug for office in queries.offices()}))
        _fail(f"There is no region “{slug}”. Known: {known or 'none; import offices first'}.")


def _of_a_party(region: str, serial: int, verb: str, **said: str) -> None:
    server, found = _region(region)
    from giliran import clock
    from giliran.core.refusal import NotFound, Refusal
    from giliran.turns import actions as turns
    from giliran.turns import applications

    try:
        round_id = applications.round_of(found, serial).id
        act = turns.commit if verb == "commit" else turns.reveal
        act(round_id, **said, actor=ACTOR, now=clock.now())
    except NotFound:
        _fail(
            f"Round {serial} of {region} takes no such {verb}: it doesn't exist, is drawn, draws "
            "with drand, or this party never committed. See: giliran draw rounds"
        )
    except Refusal as refusal:
        _fail(str(refusal))
    del server


def _show(found: Region) -> None:
    if found.draw_at is None:
        click.echo(f"{found.slug} doesn't draw: places are booked at once.")
        return
    click.echo(
        f"{found.slug} draws at {found.draw_at:%H:%M} ({found.time_zone}) on working days, "
        f"{found.draw_days_ahead} working days ahead, by rule {found.draw_rule}, "
        f"chance from {found.draw_beacon}; near is {found.near_km} km, far is {found.far_km} km."
    )


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 -- a time of day
    except ValueError:
        raise click.BadParameter("must be a time such as 17:00.", param_hint="--at") from None


def _check_beacon() -> None:
    """End with a sentence where drand's signatures can't be checked."""
    from giliran import beacon

    try:
        beacon.verified(1, "00" * 48)
    except beacon.WrongSignature:
        return
    except beacon.CannotVerify as fault:
        _fail(f"{fault} (--beacon reveal)")


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
