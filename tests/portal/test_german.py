"""The German catalogue: complete, compiled, and of these sources."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest

from portal.config import ROOT

PLACE = Path("portal/locale/de/LC_MESSAGES")
ENTRIES = polib.pofile(str(ROOT / PLACE / "django.po"))
APPS = ("portal", "notifier", "datalake")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")
# What makemessages takes its texts from, as `make messages` calls it.
OPTIONS = ("--locale", "de", "--no-obsolete", "--no-wrap", "--add-location", "file")

# The portal's name, and names of columns in samples.
NO_TEXT = re.compile(r"Leitstand|\w*_\w*")
# Fragments of a class attribute.
NO_PAGES = ("variant.html",)

Key = tuple[str, str, str]


def keys(entries: polib.POFile) -> set[Key]:
    return {(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in entries}


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_has_a_german_one() -> None:
    assert [entry.msgid for entry in ENTRIES if not all(texts(entry))] == []


def test_no_german_text_is_a_guess() -> None:
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete] == []


def test_german_texts_have_the_same_placeholders() -> None:
    different = [
        entry.msgid
        for entry in ENTRIES
        for text in texts(entry)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid))
    ]
    assert different == []


def test_german_texts_do_not_shout() -> None:
    assert [text for entry in ENTRIES for text in texts(entry) if "!" in text.strip("!")] == []


def test_the_compiled_catalogue_is_fresh() -> None:
    compiled = polib.mofile(str(ROOT / PLACE / "django.mo"))
    found = {(entry.msgctxt or "", entry.msgid): texts(entry) for entry in compiled}
    wanted = {(entry.msgctxt or "", entry.msgid): texts(entry) for entry in ENTRIES}
    assert found == wanted, "run `make messages`"


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no gettext here")
def test_the_catalogue_has_the_texts_of_the_sources(tmp_path: Path) -> None:
    for app in APPS:
        ignored = shutil.ignore_patterns("vendor", "__pycache__", "locale")
        shutil.copytree(ROOT / app, tmp_path / app, ignore=ignored)
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / PLACE).mkdir(parents=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment["LEITSTAND_DATA_DIR"] = str(tmp_path / "var")
    command = [sys.executable, "manage.py", "makemessages", *OPTIONS]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    extracted = keys(polib.pofile(str(tmp_path / PLACE / "django.po")))
    assert extracted == keys(ENTRIES), "run `make messages` and translate what is new"


class Bare(HTMLParser):
    """Collects the text of a template that stands outside of any translation tag."""

    UNREAD = ("code", "kbd", "script", "style", "svg")
    SAID = ("aria-label", "title", "placeholder", "alt", "data-live-label")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in self.UNREAD
        for name, value in attrs:
            if name in self.SAID:
                self.keep(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in self.UNREAD

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.keep(data)

    def keep(self, text: str) -> None:
        if re.search(r"[A-Za-z]{2}", NO_TEXT.sub("", text)):
            self.found.append(text.strip())


def bare_texts(template: str) -> list[str]:
    """Return what a reader of `template` would read in English whatever their language."""
    without = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    block = r"\{% (blocktranslate|comment)\b.*?%\}.*?\{% end\1 %\}"
    without = re.sub(block, "", without, flags=re.DOTALL)
    without = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", without)
    # Quotes inside a tag would end the attribute that it stands in.
    without = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", without, flags=re.DOTALL)
    parser = Bare()
    parser.feed(without)
    return parser.found


@pytest.mark.parametrize("app", APPS)
def test_no_template_has_text_in_english_only(app: str) -> None:
    pages = [path for path in (ROOT / app).rglob("*.html") if path.name not in NO_PAGES]
    found = {path.name: bare_texts(path.read_text()) for path in pages}
    assert {name: bare for name, bare in found.items() if bare} == {}


def test_text_outside_of_translation_is_noticed() -> None:
    assert bare_texts('<p title="Here">{% translate "x" %} there</p>') == ["Here", "there"]
