// My own controls, and their keys.

import { find, words, write } from "../page.js";

const KEYS_OFF = "hopin:keys-off";

/**
 * @typedef {object} Acts
 * @property {() => void} microphone
 * @property {() => void} camera
 * @property {() => void} devices
 * @property {() => void} stopSharing
 */

export class Controls {
  /** @param {Acts} acts */
  constructor(acts) {
    find("#my-microphone").addEventListener("click", acts.microphone);
    find("#my-camera").addEventListener("click", acts.camera);
    find("#my-devices").addEventListener("click", acts.devices);
    find("#stop-sharing").addEventListener("click", acts.stopSharing);
    find("#show-keys").addEventListener("click", showKeys);
    /** @type {HTMLInputElement} */
    const wanted = find("#keys-wanted");
    wanted.checked = !areOff();
    wanted.addEventListener("change", () => setOff(!wanted.checked));
    document.addEventListener("keydown", (press) => onKey(press, acts));
  }

  /** @param {{ held: boolean, onScreen: boolean, microphone: boolean, camera: boolean }} mine */
  render({ held, onScreen, microphone, camera }) {
    find("#my-controls").hidden = !held;
    find("#stop-sharing").hidden = !onScreen;
    toggle("microphone", microphone);
    toggle("camera", camera);
  }
}

/** @param {"microphone" | "camera"} device @param {boolean} on */
function toggle(device, on) {
  const button = find(`#my-${device}`);
  if (button.getAttribute("aria-pressed") === String(on)) return;
  button.setAttribute("aria-pressed", String(on));
  write(find(`#my-${device}-state`), words(`${device}-${on ? "on" : "off"}`));
}

function showKeys() {
  /** @type {HTMLDialogElement} */ (find("#keys")).showModal();
}

/** @param {KeyboardEvent} press @param {Acts} acts */
function onKey(press, acts) {
  if (press.repeat || press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return;
  if (document.querySelector("dialog[open]") || isTyping(/** @type {Element} */ (press.target))) return;
  if (press.key === "?") {
    press.preventDefault();
    showKeys();
    return;
  }
  // https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts: they can be switched off.
  if (areOff() || find("#my-controls").hidden) return;
  const act = { m: acts.microphone, v: acts.camera }[press.key.toLowerCase()];
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
