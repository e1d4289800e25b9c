// The pre-flight card of a waiting person: shown beside the photo on hover and keyboard focus, as a dialog by the menu.

import { find, words, write } from "../backstage/page.js";
import { card as rowsOf } from "./found.js";

const EDGE = 8;

/** Fills in the rows, in the list beside a photo as in the dialog. @param {HTMLElement} rows @param {ModerationWire.Waiting} waiting */
export function drawCard(rows, waiting) {
  for (const [row, key] of Object.entries(rowsOf(waiting))) write(find(`[data-row="${row}"]`, rows), words(key));
  const browser = waiting.browser || words(waiting.measured ? "card-other-browser" : "card-unknown");
  write(find('[data-row="browser"]', rows), browser);
}

/** At most one card is shown. @type {HTMLElement | null} */
let current = null;

function hide() {
  if (current) current.dataset.shown = "false";
  current = null;
}

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") hide();
});
document.addEventListener("scroll", hide, { capture: true, passive: true });

/**
 * Content on hover or focus as WCAG 1.4.13 wants it: the pointer may go onto it, Escape sends it away, and it stays until
 * then. https://www.w3.org/WAI/WCAG22/Understanding/content-on-hover-or-focus
 *
 * @param {HTMLElement} person  holds the photo and the card @param {HTMLElement} photo @param {HTMLElement} card
 */
export function showsCard(person, photo, card) {
  const show = () => {
    hide();
    current = card;
    card.dataset.shown = "true";
    place(card, person.getBoundingClientRect());
  };
  person.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType === "mouse") show();
  });
  person.addEventListener("pointerleave", hide);
  photo.addEventListener("focus", () => {
    if (photo.matches(":focus-visible")) show();
  });
  photo.addEventListener("blur", hide);
  // The photo goes on screen, or its menu takes this place.
  person.addEventListener("click", hide);
}

/** Above the person, inside the window. @param {HTMLElement} card @param {DOMRect} at */
function place(card, at) {
  const { width, height } = card.getBoundingClientRect();
  const left = at.left + (at.width - width) / 2;
  card.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  card.style.top = `${Math.max(EDGE, at.top - height)}px`;
}

/** The same, for a finger and for whoever reads line by line. */
export class CardDialog {
  /** @type {string | null} */
  #request = null;

  constructor() {
    /** @type {HTMLDialogElement} */
    this.dialog = find("#preflight");
    this.dialog.addEventListener("close", () => (this.#request = null));
  }

  /** @param {ModerationWire.Waiting} waiting */
  open(waiting) {
    this.#request = waiting.request;
    write(find("#preflight-title"), waiting.name);
    drawCard(this.dialog, waiting);
    this.dialog.showModal();
  }

  /** What is measured goes on while it is read. @param {ModerationWire.Waiting[]} requests */
  render(requests) {
    const waiting = requests.find(({ request }) => request === this.#request);
    if (waiting) drawCard(this.dialog, waiting);
  }
}
