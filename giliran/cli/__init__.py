"""The command line: `giliran --help`."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping

import click

_COMMANDS: Mapping[str, tuple[str, str]] = {
    # name: (module, one line of help, so that --help need not import Django)
    "demo": ("giliran.cli.demo", "Run a whole demonstration office on this machine."),
    "serve": ("giliran.cli.serve", "Serve the pages and the live streams."),
    "worker": ("giliran.cli.worker", "Work off what was posted, and keep the clockwork."),
    "migrate": ("giliran.cli.database", "Bring the database's tables up to this version."),
    "office": ("giliran.cli.office", "Import offices, counters, hours and closures."),
    "whatsapp": ("giliran.cli.whatsapp", "Print our templates for WhatsApp's provider."),
    "officer": ("giliran.cli.officer", "Give staff a log-in and a post."),
    "roster": ("giliran.cli.roster", "Make a region's roster of a week and put it in force."),
    "people": ("giliran.cli.people", "Import members, their work, contributions and heirs."),
    "journal": ("giliran.cli.journal", "Check that the history adds up to the state."),
    "figures": ("giliran.cli.figures", "Count the figures anew from the journal."),
    "replay": ("giliran.cli.replay", "Play a real day of visits against a running server."),
    "draw": ("giliran.cli.draw", "Check a draw from its public file."),
    "rules": ("giliran.cli.rules", "Read and check the law as dated rules."),
    "rights": ("giliran.cli.rights", "Ask what a person is entitled to."),
    "complaints": ("giliran.cli.complaints", "Exchange complaints with SP4N-LAPOR! as files."),
    "payments": ("giliran.cli.payments", "Answer a payment order as a bank, for practice."),
    "simulate": ("giliran.cli.simulate", "Play a rule with people who don't exist."),
}


class _Commands(click.Group):
    """Imports a command's module only when the command is used: --help stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="giliran")
def main() -> None:
    """Certain, fair turns at a public office: asked for from anywhere, kept on the day.

    Without DATABASE_URL every command uses an embedded PostgreSQL in ./var (GILIRAN_HOME).
    In production, point DATABASE_URL at a PostgreSQL 15 or newer that somebody backs up.

    Try it:  giliran demo
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giliran.settings")
