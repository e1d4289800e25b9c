"""axe-core on a page as it stands."""

from collections.abc import Container
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()


#: axe takes all text inside a control for its label. Here initials stand for the photo, and a note beside the word on
#: a menu item is its description.
#: An open menu stands beside its button for whoever sees it, and belongs to no part of the page.
NO_FAULT = {
    "label-content-name-mismatch": ('class="waiting__photo"', 'class="menu__note"'),
    "region": ('role="menu"',),
}
GRAVE = frozenset({"serious", "critical"})
ANY = GRAVE | {"moderate", "minor"}


def expect_accessible(page: Page) -> None:
    """Nothing grave."""
    _expect_none(findings(page))


def expect_clean(page: Page) -> None:
    """Nothing, be it ever so minor."""
    _expect_none(findings(page, impacts=ANY))


def _expect_none(found: list[tuple[str, str]]) -> None:
    assert not found, "\n".join(text for _rule, text in found)


def findings(
    page: Page, where: str = "document", *, impacts: Container[str] = GRAVE
) -> list[tuple[str, str]]:
    """What it finds, by its rule. `where`: axe's context, in JavaScript."""
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run({where}, {{ resultTypes: ['violations'] }})")
    return [
        (violation["id"], f"{violation['id']}: {node['html']} {node['failureSummary']}")
        for violation in found["violations"]
        if violation["impact"] in impacts
        for node in violation["nodes"]
        if not any(part in node["html"] for part in NO_FAULT.get(violation["id"], ()))
    ]
