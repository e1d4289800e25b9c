"""One file has colours, distances, corners, font; red and yellow mean one thing each; scripts are our own modules."""

import json
import re
from pathlib import Path

import pytest

from tests import sources
from tests.sources import PROJECT, SCRIPTS, TEMPLATES, within_project

TOKENS = PROJECT / "hopin_backstage/static/css/tokens.css"
SHEETS = [sheet for sheet in sources.SHEETS if sheet != TOKENS]

#: Where a colour stands for itself: it is a person's own; or black says what of a picture is to be seen.
COLOURS_OF_THEIR_OWN = {"avatars.css", "scrolling-rows.css"}
#: Django's own look, in its own corners.
CORNERS_OF_THEIR_OWN = {"admin.css"}
#: Django's, and Swagger's: what stands among theirs stands as they do.
WITHIN_ADMIN = {"admin.css", "timeline.css"}
DISTANCES_OF_THEIR_OWN = WITHIN_ADMIN | {"browse.css"}
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(|\b(?:red|yellow|orange|gold|white|black)\b", re.I
)
CORNER = re.compile(r"var\(--radius-[a-z-]+\)|0|50%|inherit")
DISTANCE = re.compile(
    r"(padding|margin|inset|scroll-margin|scroll-padding)\b.*|((row|column)-)?gap|top|right|bottom|left"
)
LENGTH = re.compile(r"-?[\d.]+(?:px|r?em|r?lh|ch)\b")
#: As wide as a drawn line, and as high as a written one.
OF_NO_SCALE = re.compile(r"-?1px|1lh")
#: Custom properties of sheets that are none.
SIZES = {"--top", "--fade-before", "--fade-after"}
NAMED = re.compile(r"(?<![\w-])(--[\w-]+)\s*:")
USED = re.compile(r"var\((--[\w-]+)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def rules(sheet: Path) -> list[tuple[str, dict[str, str]]]:
    """Selector, and value by property."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    found = []
    for selector, body in RULE.findall(text):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        found.append((" ".join(selector.split()), {name.strip(): value.strip() for name, value in pairs}))
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=within_project)
def test_colours_and_corners_come_from_the_tokens(sheet: Path) -> None:
    for selector, properties in rules(sheet):
        for name, value in properties.items():
            if sheet.name not in COLOURS_OF_THEIR_OWN and not name.startswith(
                ("animation", "grid", "--icon")
            ):
                assert not COLOUR.search(value), f"{selector}: {name}: {value}"
            if "radius" in name and sheet.name not in CORNERS_OF_THEIR_OWN:
                assert all(CORNER.fullmatch(each) for each in value.split()), f"{selector}: {name}: {value}"


@pytest.mark.parametrize("sheet", SHEETS, ids=within_project)
def test_distances_are_steps_of_one_scale(sheet: Path) -> None:
    for selector, properties in rules(sheet):
        for name, value in properties.items():
            is_distance = DISTANCE.fullmatch(name) or (name.startswith("--") and name not in SIZES)
            if is_distance and sheet.name not in DISTANCES_OF_THEIR_OWN:
                lengths = LENGTH.findall(value)
                assert all(OF_NO_SCALE.fullmatch(each) for each in lengths), f"{selector}: {name}: {value}"


def test_the_scale_and_the_corners_are_those_of_the_look() -> None:
    """Steps and, between tiles, 14; a corner for controls, one for cards and tiles, one for dialogs."""
    text = TOKENS.read_text()
    assert re.findall(r"--space-([\w-]+): (.+?);", text) == [
        ("1", "4px"),
        ("2", "8px"),
        ("3", "12px"),
        ("4", "16px"),
        ("5", "24px"),
        ("6", "32px"),
        ("tiles", "14px"),
    ]
    assert re.findall(r"--radius-([\w-]+): (.+?);", text) == [
        ("control", "10px"),
        ("inside-control", "calc(var(--radius-control) - 1px)"),
        ("tile", "14px"),
        ("dialog", "18px"),
        ("pill", "999px"),
    ]


def test_every_token_is_there_and_used() -> None:
    sheets = {sheet: re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL) for sheet in sources.SHEETS}
    tokens = set(NAMED.findall(sheets[TOKENS]))
    used = set()
    for sheet, text in sheets.items():
        if sheet.name not in WITHIN_ADMIN:
            here = set(USED.findall(text))
            assert here <= tokens | set(NAMED.findall(text)), within_project(sheet)
            used |= here
    assert tokens <= used


@pytest.mark.parametrize("sheet", SHEETS, ids=within_project)
def test_red_is_of_what_is_live_and_yellow_of_what_goes_live(sheet: Path) -> None:
    for selector, properties in rules(sheet):
        painted = " ".join(properties.values())
        if "var(--live" in painted:
            assert re.search(r'badge--live|="live"', selector), selector
        if "var(--going-live" in painted:
            assert re.search(r'badge--going-live|="going_live"', selector), selector


def test_one_variable_font_of_our_own() -> None:
    faces = [(sheet, found) for sheet in SHEETS for at, found in rules(sheet) if at == "@font-face"]
    assert {found["font-family"] for _sheet, found in faces} == {'"Inter Variable"'}
    for sheet, found in faces:
        assert found["font-weight"] == "100 900", "variable"
        [file] = re.findall(r'url\("([^"]+)"\)', found["src"])
        assert (sheet.parent / file).is_file()
    named = {
        value["font-family"]
        for sheet in SHEETS
        for at, value in rules(sheet)
        if "font-family" in value and at != "@font-face"
    }
    assert named <= {"var(--font)", "var(--font-mono)", "inherit"}
    assert '--font: "Inter Variable"' in TOKENS.read_text()


def test_what_moves_stands_still_for_whoever_wants_it() -> None:
    """Whatever is moved anywhere: the rule is about everything, and stronger than all others."""
    text = (TOKENS.parent / "base.css").read_text()
    [still] = re.findall(r"@media \(prefers-reduced-motion: reduce\) \{\s*([^{]*)\{([^}]*)\}", text)
    assert {part.strip() for part in still[0].split(",")} == {"*", "*::before", "*::after"}
    for line in ("animation-iteration-count: 1", "animation-duration: 1ms", "transition-duration: 1ms"):
        assert f"{line} !important;" in still[1]
    # Nothing moves by a script: that rule would not stop it.
    moves = re.compile(r"\.animate\(|behavior: *\"smooth\"")
    assert [within_project(script) for script in SCRIPTS if moves.search(script.read_text())] == []


def test_scripts_are_modules_of_our_own_without_framework_or_bundler() -> None:
    imported = re.compile(
        r"""\bfrom\s+["']([^"']+)["'];|^import\s+["']([^"']+)|\bimport\(["']([^"']+)""", re.MULTILINE
    )
    for script in SCRIPTS:
        for named in imported.findall(script.read_text()):
            assert "".join(named).startswith("."), f"{within_project(script)} imports {named}"
    assert "dependencies" not in json.loads((PROJECT / "package.json").read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=within_project)
def test_icons_are_of_one_set_and_screen_readers_hear_the_words_instead(template: Path) -> None:
    """Axe, in every state, hears that each button has words."""
    text = template.read_text()
    assert "<svg" not in text
    for icon in re.findall(r"\{% lucide [^%]*%\}", text):
        assert 'aria_hidden="true"' in icon, icon


def test_neither_scripts_nor_sheets_bring_icons() -> None:
    drawn = re.compile(r"<svg|createElementNS|image/svg|\.svg\b")
    sources_of_pages = [*SCRIPTS, *SHEETS]
    assert [within_project(path) for path in sources_of_pages if drawn.search(path.read_text())] == []
