// The ⋯ menus: one menu element for the whole page, filled for the button that opens it.
// https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/

import { find } from "../page.js";
import { focusBeside, isFocusLost } from "./focus.js";

const GAP = 6;
const EDGE = 8;
/** CSS pixels: on a phone a menu is as large as a tile. */
const NARROW = 720;

/** @type {HTMLElement | null} */
let opener = null;
let openers = 0;

/** @returns {HTMLElement} */
const menu = () => find("#menu");

/**
 * @param {HTMLElement} button
 * @param {() => MenuItem[]} items
 * @param {{ person?: HTMLElement | null }} [about]  the element of the person whom the menu is about
 */
export function opensMenu(button, items, { person = null } = {}) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.id ||= `menu-opener-${++openers}`;
  button.addEventListener("click", () => (opener === button ? close() : open(button, items(), person)));
}

/** @param {HTMLElement} button @param {MenuItem[]} items @param {HTMLElement | null} person */
function open(button, items, person) {
  if (!items.length) return;
  if (opener) close();
  opener = button;
  button.setAttribute("aria-expanded", "true");
  const element = menu();
  element.setAttribute("aria-labelledby", button.id);
  element.replaceChildren(...items.map((item) => itemElement(item)));
  element.hidden = false;
  place(element, button.getBoundingClientRect(), person?.getBoundingClientRect());
  /** @type {HTMLElement | null} */ (element.firstElementChild)?.focus();
  element.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onOutside, true);
  addEventListener("resize", close);
  openerGone.observe(document.body, { childList: true, subtree: true, attributeFilter: ["hidden"] });
}

/** The person whom an open menu is about may go. */
const openerGone = new MutationObserver(() => {
  if (!opener?.checkVisibility()) close();
});

/** @param {MenuItem} item */
function itemElement({ label, note, waits, choose }) {
  const item = document.createElement("button");
  item.type = "button";
  item.role = "menuitem";
  item.tabIndex = -1;
  item.append(labelled("menu__label", label));
  if (note) {
    item.append(labelled("menu__note", note));
    // A description, so that the name stays the one word on the screen.
    item.setAttribute("aria-label", label);
    item.setAttribute("aria-description", note);
  }
  // Not `disabled`: the arrows stop there, and it can be read.
  if (waits) item.setAttribute("aria-disabled", "true");
  item.addEventListener("click", () => {
    if (waits) return;
    close();
    choose();
  });
  return item;
}

/** @param {string} name @param {string} text */
function labelled(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

/**
 * Below what it keeps off, or above it, or where there is room. Somebody whom the menu would cover stays visible.
 *
 * @param {HTMLElement} element @param {DOMRect} at  of the button @param {DOMRect} [person]  whom it is about
 */
function place(element, at, person) {
  // Where it stood before it may have had less room.
  element.style.left = element.style.top = "0";
  const { width, height } = element.getBoundingClientRect();
  const off = person && (innerWidth <= NARROW || person.height < height) ? person : at;
  const left = Math.max(EDGE, Math.min(at.right - width, innerWidth - width - EDGE));
  const below = off.bottom + GAP;
  const above = off.top - GAP - height;
  const top = below + height <= innerHeight - EDGE ? below : above;
  element.style.left = `${left}px`;
  element.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}

function close() {
  const element = menu();
  openerGone.disconnect();
  element.hidden = true;
  element.removeEventListener("keydown", onKey);
  document.removeEventListener("pointerdown", onOutside, true);
  removeEventListener("resize", close);
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
  if (opener && isFocusLost()) focusBeside(opener, "[data-tile-menu]");
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
