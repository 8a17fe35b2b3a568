"""The messages as an operator registers them with WhatsApp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from giliran.claims.wordings import forms as claims
from giliran.turns.wordings import forms as turns
from giliran.turns.wordings.forms import CHOICES, Form

LANGUAGES = ("id", "en")
FORMS = (*turns.FORMS, *claims.FORMS)
EXAMPLES = {**claims.EXAMPLES, **turns.EXAMPLES}


def as_registered(forms: Iterable[Form] = FORMS, examples: Mapping[str, str] = EXAMPLES) -> str:
    """Return the templates' names, bodies, examples and buttons in both languages, as Markdown.

    ``examples`` say for each place what may stand there.
    """
    return "\n".join(line for form in forms for line in _lines(form, examples)).strip()


def _lines(form: Form, known: Mapping[str, str]) -> Iterator[str]:
    yield f"### {form.name}"
    yield ""
    for language in LANGUAGES:
        examples = ", ".join(
            f"{{{{{number}}}}} = {known[place]}"
            for number, place in enumerate(form.places(language), start=1)
        )
        buttons = ", ".join(CHOICES[answer].spoken(language) for answer in form.choices)
        yield f"- `{language}`: {form.registered(language)}"
        yield f"  - {examples}"
        if buttons:
            yield f"  - quick replies: {buttons}"
    yield ""
