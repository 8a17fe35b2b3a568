"""English: every Indonesian sentence has one, with the same places, and the pages use it."""

import ast
import gettext
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

import giliran

PACKAGE = Path(giliran.__file__).parent
CATALOGUE = PACKAGE / "locale/en/LC_MESSAGES"
ONE = {"gettext", "gettext_noop", "gettext_lazy", "_"}
MANY = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
TEXT = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(p?n?gettext|_)\(\s*{TEXT}(?:\s*,\s*{TEXT})?")
PLACE = re.compile(r"%(?:\(\w+\))?[sd]|%%")

Key = tuple[str, str]  # what distinguishes it, or "", and the Indonesian sentence


def in_code(source: str) -> Iterator[Key]:
    """Yield the sentences that a module hands to gettext as they stand."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if name in ONE | MANY and texts and isinstance(texts[0], str):
            yield "", texts[0]
        elif name in IN_CONTEXT:
            yield texts[0], texts[1]


def in_template(source: str) -> Iterator[Key]:
    """Yield the sentences that a template marks for translation."""
    for name, first, second in CALL.findall(templatize(source)):
        if name == "pgettext":
            yield ast.literal_eval(first), ast.literal_eval(second)
        else:
            yield "", ast.literal_eval(first)


def in_the_program() -> dict[Key, str]:
    """Return every sentence with the file that says it."""
    found: dict[Key, str] = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        read = in_code if path.suffix == ".py" else in_template
        for key in read(path.read_text(encoding="utf-8")):
            found.setdefault(key, str(path.relative_to(PACKAGE)))
    return found


def written() -> dict[str, list[str]]:
    """Return the .po file as gettext keys it: a sentence to its English, one or two forms."""
    entries: dict[str, list[str]] = {}
    for block in (CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n"):
        assert "#, fuzzy" not in block, f"a guess, not a translation:\n{block}"
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        parts: dict[str, str] = {}
        name = ""
        for line in lines:
            if not line.startswith('"'):
                name, line = line.split(" ", 1)  # noqa: PLW2901 the rest is the text
            parts[name] = parts.get(name, "") + ast.literal_eval(line)
        key = parts["msgid"]
        if "msgctxt" in parts:
            key = f"{parts['msgctxt']}\x04{key}"
        entries[key] = [text for name, text in parts.items() if name.startswith("msgstr")]
    return entries


def compiled() -> dict[str, list[str]]:
    """Return the .mo file in the same shape, read by the format that gettext's manual gives."""
    data = (CATALOGUE / "django.mo").read_bytes()
    _, _, count, ids, texts = struct.unpack("<5I", data[:20])

    def text(table: int, number: int) -> str:
        length, start = struct.unpack_from("<2I", data, table + 8 * number)
        return data[start : start + length].decode()

    return {text(ids, n).split("\x00")[0]: text(texts, n).split("\x00") for n in range(count)}


@pytest.fixture(scope="module")
def english() -> dict[str, list[str]]:
    return written()


def test_every_sentence_of_the_program_is_in_the_catalogue(english):
    missing = [
        f"{where}: {sentence}"
        for (context, sentence), where in in_the_program().items()
        if (f"{context}\x04{sentence}" if context else sentence) not in english
    ]
    assert not missing, "run `make messages` and translate:\n" + "\n".join(missing)


def test_the_search_for_sentences_sees_code_and_templates():
    found = in_the_program()
    assert len(found) > 1000
    assert ("", "Sedang dilayani") in found
    assert ("", "Nomor antrean") in found
    assert ("tombol", "Tutup") in found


def test_no_sentence_is_left_without_english(english):
    assert not [key for key, forms in english.items() if not all(form.strip() for form in forms)]


def test_english_has_the_same_places_as_indonesian(english):
    wrong = [
        (key, form)
        for key, forms in english.items()
        if key
        for form in forms
        if sorted(set(PLACE.findall(form))) != sorted(set(PLACE.findall(key)))
    ]
    assert not wrong


def test_english_keeps_no_indonesian_address(english):
    left = [form for key, forms in english.items() if key for form in forms]
    assert not [form for form in left if re.search(r"\b(Bapak|Ibu|Anda)\b", form)]


def test_the_compiled_catalogue_is_the_written_one(english):
    assert compiled() == english


def test_gettext_reads_the_compiled_catalogue(english):
    with (CATALOGUE / "django.mo").open("rb") as file:
        reader = gettext.GNUTranslations(file)
    for key, forms in english.items():
        if not key:
            continue
        context, _, sentence = key.rpartition("\x04")
        if context:
            assert reader.pgettext(context, sentence) == forms[0]
        elif len(forms) == 1:
            assert reader.gettext(sentence) == forms[0]
        else:
            assert [reader.ngettext(sentence, sentence, n) for n in (1, 2)] == forms


@pytest.mark.django_db
def test_the_home_page_is_in_english_for_who_pressed_the_switch(client):
    assert "Giliran yang pasti" in client.get("/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/")
    assert page.headers["Content-Language"] == "en"
    body = page.content.decode()
    assert '<html lang="en"' in body
    assert "A turn you can count on, without waiting since dawn" in body
    assert "Giliran yang pasti" not in body
    assert "Bapak/Ibu" not in body
