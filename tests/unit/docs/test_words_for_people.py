"""What is a letter in the code is an e-mail to people."""

import ast
import re
from pathlib import Path

import pytest

from tests.sources import APPS, TEMPLATES, modules_of, within_project

SENTENCES = {"_", "now_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
LETTER = re.compile(r"\bletters?\b", re.IGNORECASE)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)


def sentences(path: Path) -> list[str]:
    calls = [each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call)]
    said = [call for call in calls if getattr(call.func, "id", "") in SENTENCES]
    return [
        each.value
        for call in said
        for each in call.args
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


@pytest.mark.parametrize("app", APPS)
def test_no_sentence_has_a_letter(app: str) -> None:
    # Those of models are read by support alone.
    paths = [path for path in modules_of(app) if path.name != "models.py" and "migrations" not in path.parts]
    found = [sentence for path in paths for sentence in sentences(path)]
    assert found, "else nothing is tested"
    assert [sentence for sentence in found if LETTER.search(sentence)] == []


def test_no_page_and_no_mail_has_a_letter() -> None:
    assert len(TEMPLATES) > 100
    shown = {within_project(path): COMMENT.sub("", path.read_text()) for path in TEMPLATES}
    assert [name for name, text in shown.items() if LETTER.search(text)] == []
