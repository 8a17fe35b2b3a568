"""`giliran whatsapp`: what an operator needs at the provider."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from giliran.cli.database import set_up_django

LANGUAGES = ("id", "en")


@click.group()
def whatsapp() -> None:
    """Prepare our number at WhatsApp's provider."""


@whatsapp.command()
def templates() -> None:
    """Print our templates as JSON, as the provider's message_templates takes them one by one."""
    set_up_django()
    click.echo(json.dumps(stated_templates(), indent=2, ensure_ascii=False))


def stated_templates() -> list[dict[str, Any]]:
    """Return each of our templates in both languages, as they are registered."""
    from giliran.turns.wordings.forms import CHOICES
    from giliran.turns.wordings.templates import EXAMPLES, FORMS
    from giliran.voices import opinion_message as opinions
    from giliran.voices.wordings import forms as complaints

    stated = [_code(language) for language in LANGUAGES]
    examples: dict[str, Mapping[str, str]] = {form.name: EXAMPLES for form in FORMS}
    examples |= {form.name: complaints.EXAMPLES for form in complaints.FORMS}
    examples |= {form.name: opinions.EXAMPLES for form in opinions.FORMS}
    for form in (*FORMS, *complaints.FORMS, *opinions.FORMS):
        for language in LANGUAGES:
            body: dict[str, Any] = {"type": "BODY", "text": form.registered(language)}
            places = form.places(language)
            if places:
                body["example"] = {"body_text": [[examples[form.name][place] for place in places]]}
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
