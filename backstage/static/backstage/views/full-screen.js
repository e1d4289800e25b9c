// The tiles alone, as large as the screen is. The whole page is made full screen and its style leaves the tiles: menus,
// dialogs and alarms are outside of them, and would not be seen. Escape, which the browser keeps for itself, leads back.

import { find } from "../page.js";

export class FullScreen {
  /** @type {HTMLElement} */
  #button = find("#full-screen");

  constructor() {
    // An iPhone can do this with a video only, which shows one tile:
    // https://developer.mozilla.org/en-US/docs/Web/API/Element/requestFullscreen#browser_compatibility
    this.#button.hidden = !document.fullscreenEnabled;
    this.#button.addEventListener("click", () => this.toggle());
    document.addEventListener("fullscreenchange", () => {
      this.#button.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
    });
  }

  toggle() {
    if (!document.fullscreenEnabled) return;
    // Refused where the press is too long ago; then nothing has changed and the button says so.
    const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    done.catch(() => {});
  }
}
