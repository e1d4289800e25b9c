"""Red means LIVE and nothing else, yellow Going live and nothing else: what a page paints, by computed colours."""

from playwright.sync_api import Page

from tests.browser.people import Person

#: By hue: what is painted in it, "show" for all of the pill that says the state of the show, and else its HTML.
#: Not looked at: photos and initials, whose colour is the person's own, and pictures.
PAINTED = """() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const hueOf = (colour) => {
    if (known.has(colour)) return known.get(colour);
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, alpha] = [...context.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
    const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
    const isColour = alpha > 0.05 && most - least > 0.25;
    const [third, from] = most === r ? [g - b, 0] : most === g ? [b - r, 120] : [r - g, 240];
    const hue = isColour ? (from + (60 * third) / (most - least) + 360) % 360 : null;
    known.set(colour, hue);
    return hue;
  };
  const painted = { red: new Set(), yellow: new Set() };
  const note = (colour, element) => {
    const hue = hueOf(colour);
    if (hue === null) return;
    const name = hue < 20 || hue > 340 ? "red" : hue >= 30 && hue < 70 ? "yellow" : null;
    if (name) painted[name].add(element.closest("#show") ? "show" : element.outerHTML.slice(0, 120));
  };
  for (const element of document.querySelectorAll("body, body *")) {
    if (element.closest(".avatar, video, template") || !element.checkVisibility({ visibilityProperty: true })) continue;
    for (const pseudo of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, pseudo);
      if (pseudo && style.content === "none") continue;
      note(style.backgroundColor, element);
      const hasText = pseudo || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (hasText) note(style.color, element);
      for (const side of ["Top", "Right", "Bottom", "Left"]) {
        if (parseFloat(style[`border${side}Width`])) note(style[`border${side}Color`], element);
      }
      if (style.outlineStyle !== "none") note(style.outlineColor, element);
      if (element instanceof SVGElement && !pseudo) for (const part of ["fill", "stroke"]) note(style[part], element);
    }
  }
  return { red: [...painted.red], yellow: [...painted.yellow] };
}"""


def expect_colours(one: Person, *, red: set[str], yellow: set[str]) -> None:
    """`red`, `yellow`: what is painted in them, and nothing else is."""
    painted = look(one.page)
    assert (painted["red"], painted["yellow"]) == (red, yellow)


def look(page: Page) -> dict[str, set[str]]:
    return {colour: set(found) for colour, found in page.evaluate(PAINTED).items()}
