"""All forms of messages: each one registered, once, as it is sent."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import giliran
from giliran.cli.whatsapp import as_registered, stated_templates, whatsapp
from giliran.jobs.wordings import ROOMS, WORD
from giliran.messages.forms import Form

FORMS = [(form, room) for room in ROOMS for form in room.forms]
LANGUAGES = ("id", "en")
MOST_LETTERS = 1024  # of a template's body at WhatsApp
every = pytest.mark.parametrize(("form", "room"), FORMS, ids=[form.name for form, _ in FORMS])


def forms_in(module) -> Iterator[Form]:
    for value in vars(module).values():
        if isinstance(value, Form):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, Form))


def test_every_form_that_stands_anywhere_in_the_code_is_registered():
    known = {form.name for form, _ in FORMS}
    lost = {}
    for found in pkgutil.walk_packages(giliran.__path__, "giliran."):
        source = Path(getattr(found.module_finder, "path", "")) / f"{found.name.split('.')[-1]}.py"
        source = source if source.exists() else source.with_suffix("") / "__init__.py"
        if not re.search(r"\bForm\(", source.read_text(encoding="utf-8")):
            continue
        for form in forms_in(importlib.import_module(found.name)):
            if form.name not in known:
                lost[form.name] = found.name
    assert lost == {}
    assert len(known) >= 43


def test_no_two_forms_and_no_two_kinds_share_a_name():
    assert len({form.name for form, _ in FORMS}) == len(FORMS)
    assert len(WORD) == sum(len(room.kinds) for room in ROOMS)


def test_the_command_prints_each_in_both_languages_and_the_code_besides():
    stated = json.loads(CliRunner().invoke(whatsapp, ["templates"]).stdout)
    assert stated == json.loads(json.dumps(stated_templates()))
    names = {(one["name"], one["language"]) for one in stated}
    wanted = {form.name for form, _ in FORMS} | {"code"}
    assert names == {(name, language) for name in wanted for language in LANGUAGES}


def test_the_guide_for_operators_holds_every_template_as_it_is_sent():
    guide = Path("docs/guides/templates.md").read_text(encoding="utf-8")
    assert as_registered() in guide
    assert f"one of these {len(FORMS)} templates" in guide
    assert guide.count("### ") == len(FORMS)
    printed = CliRunner().invoke(whatsapp, ["templates", "--markdown"]).stdout
    assert printed.strip() == as_registered()


@pytest.mark.parametrize("language", LANGUAGES)
@every
def test_the_provider_would_take_it(form, room, language):
    body = form.registered(language)
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert "}}{{" not in body.replace(" ", "")
    assert len(body) <= MOST_LETTERS
    assert re.fullmatch(r"[a-z0-9_]{1,512}", form.name)
    places = form.places(language)
    assert len(set(places)) == len(places)
    assert set(places) == set(form.places("en"))
    assert set(places) <= set(room.examples)
