"""All words that people read go through gettext: in templates, in sentences of the server, and so in scripts, too."""

import ast
import re
from pathlib import Path

import pytest

from tests.sources import APPS, SCRIPTS, TEMPLATES, modules_of, within_project

#: What is no page: English for programs and for whoever runs the product; and the invented people of the demo.
NO_PAGE = re.compile(
    r"/(?:migrations|management|run|realtime|api|stagehand)/|/api\.py$|/rest/schema|/demo\.py$|/checks\.py$"
)
SOURCES = [path for app in APPS for path in modules_of(app) if not NO_PAGE.search(f"/{within_project(path)}")]

#: What holds names of classes and themes, and no words.
NAMES = re.compile(r"\{% block (?:theme|\w*_class|bodyclass) %\}.*?\{% endblock[^%]*%\}", re.DOTALL)
TRANSLATED = re.compile(r"\{% *blocktranslate.*?endblocktranslate *%\}", re.DOTALL)
COMMENT = re.compile(r"\{% *comment.*?endcomment *%\}|\{#.*?#\}|<!--.*?-->|<!DOCTYPE[^>]*>", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SPOKEN = re.compile(r'\s(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt)="([^"]*)"')
#: The product's name; how every address begins.
NO_WORDS = {"Backstage", "https"}


def words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", "", text)) if word not in NO_WORDS]


@pytest.mark.parametrize("template", TEMPLATES, ids=within_project)
def test_no_word_of_a_template_is_untranslated(template: Path) -> None:
    text = template.read_text()
    for pattern in (COMMENT, NAMES, TRANSLATED, TAG):
        text = pattern.sub("", text)
    assert [said for said in SPOKEN.findall(text) if words(said)] == []
    # What is put into a tag of another template has no tag of its own.
    shown = re.sub(
        r"<code\b.*?</code>|<[^>]*>|^\s*[\w-]+=\"[^\"]*\"\s*$", "", text, flags=re.DOTALL | re.MULTILINE
    )
    assert words(shown) == []


#: By what is called: which argument is a sentence for people.
SENTENCES = {"Refused": 1, "success": 1, "error": 1, "info": 1, "warning": 1, "ValidationError": 0}
LABELS = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "search_help_text"}


@pytest.mark.parametrize("source", SOURCES, ids=within_project)
def test_no_sentence_of_the_server_is_untranslated(source: Path) -> None:
    found = []
    for call in ast.walk(ast.parse(source.read_text())):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        # Logs are English.
        is_log = isinstance(call.func, ast.Attribute) and "log" in ast.unparse(call.func.value)
        place = SENTENCES.get(name)
        said = [] if place is None or is_log else call.args[place : place + 1]
        said += [each.value for each in call.keywords if each.arg in LABELS]
        found += [
            ast.unparse(each)
            for each in said
            if isinstance(each, ast.Constant | ast.JoinedStr) and words(ast.unparse(each))
        ]
    assert found == []


def test_scripts_have_their_words_from_the_page() -> None:
    """A sentence: three words, the first of them with a capital. What is thrown is for the console."""
    sentence = re.compile(r"""["'`][A-Z][a-z']+ [a-z']+ [^"'`]*["'`]""")
    found = []
    for script in SCRIPTS:
        for line in script.read_text().splitlines():
            code = re.sub(r"(?:^|\s)(?://|\*|/\*).*", "", line)
            if sentence.search(code) and "Error(" not in code and "console." not in code:
                found.append(f"{script.name}: {code.strip()}")
    assert found == []
