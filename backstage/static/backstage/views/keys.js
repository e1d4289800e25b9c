// The keys of the Backstage. They can be switched off: https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts

import { thisBrowser } from "../memory.js";
import { find } from "../page.js";

const KEYS_OFF = "hopin:keys-off";

/** @param {Record<string, () => void>} acts  by key, in lower case */
export function answerToKeys(acts) {
  find("#show-keys").addEventListener("click", showKeys);
  /** @type {HTMLInputElement} */
  const wanted = find("#keys-wanted");
  wanted.checked = !areOff();
  wanted.addEventListener("change", () => setOff(!wanted.checked));
  document.addEventListener("keydown", (press) => onKey(press, acts));
}

function showKeys() {
  /** @type {HTMLDialogElement} */ (find("#keys")).showModal();
}

/** @param {KeyboardEvent} press @param {Record<string, () => void>} acts */
function onKey(press, acts) {
  if (press.repeat || press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return;
  if (document.querySelector("dialog[open]") || isTyping(/** @type {Element} */ (press.target))) return;
  if (press.key === "?") {
    press.preventDefault();
    showKeys();
    return;
  }
  if (areOff()) return;
  const key = press.key.toLowerCase();
  const act = acts[key];
  if (!act || !isOffered(key)) return;
  press.preventDefault();
  act();
}

/** A key does what its control does, while there is one; in full screen the control is not seen. @param {string} key */
function isOffered(key) {
  return find(`[aria-keyshortcuts="${key.toUpperCase()}"]`).closest("[hidden]") === null;
}

/** @param {Element} target */
function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable], [role=menu]") !== null;
}

function areOff() {
  return thisBrowser.recall(KEYS_OFF) === "yes";
}

/** @param {boolean} off */
function setOff(off) {
  thisBrowser.remember(KEYS_OFF, off ? "yes" : null);
}
