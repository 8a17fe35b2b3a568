"""`giliran payments`: a bank for practice, without a database and without a bank."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from giliran import clock
from giliran.cli.database import set_up_django
from giliran.core.refusal import Refusal


@click.group()
def payments() -> None:
    """Practise payments: answer an order as a strict bank would."""


@payments.command()
@click.argument("order", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Default: ORDER with .pain002.xml.")
@click.option(
    "--say", multiple=True, metavar="ID=CODE", help="Fate of one payment: AC01, ACSC, PDNG ..."
)
def answer(order: Path, out: Path | None, say: tuple[str, ...]) -> None:
    """Write the bank's answer (pain.002) to the file ORDER (pain.001) of a region's payments page.

    \b
    An account decides by its last digits:
    0001  AC01  there is no such account       0404  AM04  the payer's balance is short
    0004  AC04  it was closed                  0505  AM05  the bank sees a duplicate
    0006  AC06  it is blocked                  0909  PDNG  no word yet
    0010  BE01  its holder has another name    any other is paid

    Hand the answer in on the same page. No money moves.

    giliran payments answer GLR-20261123-000001.xml --say K12-1=AC04
    """  # noqa: D301 -- click's mark against rewrapping
    says = _said(say)
    set_up_django()
    from giliran.claims.payments import practice

    content = order.read_bytes()
    # The same order and the same wishes give the same name, so that the answer is taken once.
    digest = hashlib.sha256(content + repr(sorted(says.items())).encode()).hexdigest()
    try:
        written = practice.reply(
            content, code=f"PRACTICE-{digest[:16].upper()}", now=clock.now(), says=says
        )
    except Refusal as refusal:
        raise click.ClickException(f"{order} isn't an order (pain.001.001.09).") from refusal
    target = out or order.with_suffix(".pain002.xml")
    target.write_bytes(written)
    click.echo(f"{target}: {written.count(b'<TxSts>')} payments answered.")


def _said(say: tuple[str, ...]) -> dict[str, str]:
    says = {}
    for one in say:
        name, mark, code = one.partition("=")
        if not mark or not code:
            raise click.BadParameter(f"{one!r} isn't written ID=CODE, such as K12-1=AC04.")
        says[name] = code.upper()
    return says
