"""`giliran whatsapp`: what an operator needs at the provider."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from giliran.cli.database import set_up_django

if TYPE_CHECKING:
    from giliran.messages.forms import Form

LANGUAGES = ("id", "en")


@click.group()
def whatsapp() -> None:
    """Prepare our number at WhatsApp's provider."""


@whatsapp.command()
@click.option("--markdown", is_flag=True, help="Print them as docs/guides/templates.md lists them.")
def templates(markdown: bool) -> None:
    """Print our templates as JSON, as the provider's message_templates takes them one by one."""
    set_up_django()
    if markdown:
        click.echo(as_registered())
    else:
        click.echo(json.dumps(stated_templates(), indent=2, ensure_ascii=False))


def stated_templates() -> list[dict[str, Any]]:
    """Return each of our templates in both languages, as they are registered."""
    from giliran.jobs.wordings import ROOMS
    from giliran.turns.wordings.forms import CHOICES

    stated = [_code(language) for language in LANGUAGES]
    for form, examples in ((form, room.examples) for room in ROOMS for form in room.forms):
        for language in LANGUAGES:
            body: dict[str, Any] = {"type": "BODY", "text": form.registered(language)}
            places = form.places(language)
            if places:
                body["example"] = {"body_text": [[examples[place] for place in places]]}
            components = [body]
            if form.choices:
                labels = [CHOICES[choice].spoken(language) for choice in form.choices]
                buttons = [{"type": "QUICK_REPLY", "text": label} for label in labels]
                components.append({"type": "BUTTONS", "buttons": buttons})
            stated.append(
                {
                    "name": form.name,
                    "language": language,
                    "category": "UTILITY",
                    "components": components,
                }
            )
    return stated


def as_registered() -> str:
    """Return all templates' names, bodies, examples and buttons in both languages, as Markdown."""
    from giliran.jobs.wordings import ROOMS

    every = ((form, room.examples) for room in ROOMS for form in room.forms)
    return "\n".join(line for form, known in every for line in _lines(form, known)).strip()


def _lines(form: Form, known: Mapping[str, str]) -> Iterator[str]:
    from giliran.turns.wordings.forms import CHOICES

    yield f"### {form.name}"
    yield ""
    for language in LANGUAGES:
        examples = ", ".join(
            f"{{{{{number}}}}} = {known[place]}"
            for number, place in enumerate(form.places(language), start=1)
        )
        buttons = ", ".join(CHOICES[answer].spoken(language) for answer in form.choices)
        yield f"- `{language}`: {form.registered(language)}"
        if examples:
            yield f"  - {examples}"
        if buttons:
            yield f"  - quick replies: {buttons}"
    yield ""


def _code(language: str) -> dict[str, Any]:
    """Return the template for six digits: its words are the provider's."""
    from giliran.messages.actions.confirming import LIVES
    from giliran.messages.whatsapp.payloads import CODE_TEMPLATE

    return {
        "name": CODE_TEMPLATE,
        "language": language,
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": LIVES.seconds // 60},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ],
    }
