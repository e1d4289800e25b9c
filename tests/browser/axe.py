"""axe-core on a page as it stands: nothing serious, nothing critical."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()


#: axe takes all text inside a control for its label. Here initials stand for the photo, and a note beside the word on
#: a menu item is its description.
NO_LABEL = {"label-content-name-mismatch": ('class="waiting__photo"', 'class="menu__note"')}


def expect_accessible(page: Page) -> None:
    grave = findings(page)
    assert not grave, "\n".join(text for _rule, text in grave)


def findings(page: Page, where: str = "document") -> list[tuple[str, str]]:
    """What is grave, by its rule. `where`: axe's context, in JavaScript."""
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run({where}, {{ resultTypes: ['violations'] }})")
    return [
        (violation["id"], f"{violation['id']}: {node['html']} {node['failureSummary']}")
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
        if not any(part in node["html"] for part in NO_LABEL.get(violation["id"], ()))
    ]
