// Says changes to people who do not see them, and shows what went wrong to everybody.

import { copyOf, find, write } from "../page.js";
import { focusOn } from "./focus.js";

/** Milliseconds that a sentence stands beside the next one, so that a screen reader finds both. */
const BESIDE_MS = 2_000;
const TOAST_MS = 9_000;

/** Politely, when the reader has finished. @param {string} text @returns {HTMLElement} where it stands until the next */
export function announce(text) {
  return say(find("#announcer"), text);
}

/** Says at once what cannot wait until the reader has finished: others do not see or hear me. @param {string} text */
export function alarm(text) {
  say(find("#alarm"), text);
}

/**
 * Each sentence is an element of its own, so that none is lost behind the next one and the same one is said again.
 *
 * @param {HTMLElement} region @param {string} text  empty: what was said is no longer true
 */
function say(region, text) {
  const earlier = [...region.children];
  const sentence = document.createElement("span");
  if (!text) {
    region.replaceChildren();
    return sentence;
  }
  sentence.textContent = text;
  region.append(sentence);
  setTimeout(() => earlier.forEach((each) => each.remove()), BESIDE_MS);
  return sentence;
}

/**
 * Shows a sentence until it is closed, or for some seconds. The same sentence stands there once.
 *
 * @param {string} text
 * @param {{ isFault?: boolean }} [about]  a fault of ours: with the reference by which support finds it
 */
export function complain(text, { isFault = false } = {}) {
  if (!text) return;
  const list = find("#toasts");
  for (const old of list.children) if (old.querySelector(".toast__text")?.textContent === text) old.remove();
  const toast = copyOf("toast");
  write(find(".toast__text", toast), text);
  find(".toast__reference", toast).hidden = !isFault;
  const close = () => {
    const hadFocus = toast.contains(document.activeElement);
    toast.remove();
    if (!list.children.length) list.hidePopover();
    if (hadFocus) focusOn("#toasts button", "dialog:modal [autofocus]");
  };
  find("button", toast).addEventListener("click", close);
  let timer = setTimeout(close, TOAST_MS);
  // Nobody's sentence goes away while it is read.
  for (const begins of ["pointerenter", "focusin"]) toast.addEventListener(begins, () => clearTimeout(timer));
  for (const ends of ["pointerleave", "focusout"]) {
    toast.addEventListener(ends, () => {
      clearTimeout(timer);
      if (!toast.matches(":hover, :focus-within")) timer = setTimeout(close, TOAST_MS);
    });
  }
  list.append(toast);
  raise(list);
}

/** Above everything, and where it can be pressed: all that is outside of a modal dialog is inert. @param {HTMLElement} list */
function raise(list) {
  const dialog = /** @type {HTMLDialogElement | undefined} */ ([...document.querySelectorAll("dialog:modal")].at(-1));
  const host = dialog ?? document.body;
  if (list.parentElement !== host) host.append(list);
  dialog?.addEventListener("close", () => raise(list), { once: true });
  if (!list.children.length) return;
  // Once more, so that it is above what was opened since.
  if (list.matches(":popover-open")) list.hidePopover();
  list.showPopover();
}
