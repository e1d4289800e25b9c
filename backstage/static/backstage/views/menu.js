// The ⋯ menus: one menu element for the whole page, filled for the button that opens it.
// https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/

import { find } from "../page.js";

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {() => void} choose
 */

/** @type {HTMLElement | null} */
let opener = null;

/** @returns {HTMLElement} */
const menu = () => find("#menu");

/** @param {HTMLElement} button @param {() => Item[]} items */
export function opensMenu(button, items) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (opener === button ? close() : open(button, items())));
}

/** @param {HTMLElement} button @param {Item[]} items */
function open(button, items) {
  if (opener) close();
  opener = button;
  button.setAttribute("aria-expanded", "true");
  const element = menu();
  element.replaceChildren(
    ...items.map(({ label, choose }) => {
      const item = document.createElement("button");
      item.type = "button";
      item.role = "menuitem";
      item.tabIndex = -1;
      item.textContent = label;
      item.addEventListener("click", () => {
        close();
        choose();
      });
      return item;
    }),
  );
  element.hidden = false;
  place(element, button.getBoundingClientRect());
  /** @type {HTMLElement | null} */ (element.firstElementChild)?.focus();
  element.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onOutside, true);
  addEventListener("resize", close);
}

/** @param {HTMLElement} element @param {DOMRect} at */
function place(element, at) {
  const { width, height } = element.getBoundingClientRect();
  const below = at.bottom + 6 + height <= innerHeight;
  element.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  element.style.top = `${below ? at.bottom + 6 : at.top - 6 - height}px`;
}

function close() {
  const element = menu();
  element.hidden = true;
  element.removeEventListener("keydown", onKey);
  document.removeEventListener("pointerdown", onOutside, true);
  removeEventListener("resize", close);
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
  opener = null;
}

/** @param {KeyboardEvent} press */
function onKey(press) {
  const items = [.../** @type {NodeListOf<HTMLElement>} */ (menu().querySelectorAll("[role=menuitem]"))];
  const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[press.key];
  if (to !== undefined) {
    press.preventDefault();
    items.at(to % items.length)?.focus();
  } else if (press.key === "Escape" || press.key === "Tab") {
    press.preventDefault();
    press.stopPropagation();
    close();
  }
}

/** @param {PointerEvent} press */
function onOutside(press) {
  const target = /** @type {Node} */ (press.target);
  if (!menu().contains(target) && !opener?.contains(target)) close();
}
