// "Reconnecting…": said once something is missed, not when a line was away for a moment.

import { find } from "../page.js";

/** Milliseconds: a line that is back sooner was never missed. */
const MISSED_MS = 600;

export class Banner {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {boolean} isBroken */
  show(isBroken) {
    if (isBroken) {
      this.#timer ??= setTimeout(() => (find("#banner").hidden = false), MISSED_MS);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    find("#banner").hidden = true;
  }
}
