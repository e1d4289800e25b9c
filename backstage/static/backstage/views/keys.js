// The keys of the Backstage. They can be switched off: https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts

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
  if (areOff() || find("#my-controls").hidden) return;
  const act = acts[press.key.toLowerCase()];
  if (!act) return;
  press.preventDefault();
  act();
}

/** @param {Element} target */
function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable], [role=menu]") !== null;
}

function areOff() {
  try {
    return localStorage.getItem(KEYS_OFF) === "yes";
  } catch {
    return false;
  }
}

/** @param {boolean} off */
function setOff(off) {
  try {
    if (off) localStorage.setItem(KEYS_OFF, "yes");
    else localStorage.removeItem(KEYS_OFF);
  } catch {
    // Storage may be forbidden; then they stay on.
  }
}
