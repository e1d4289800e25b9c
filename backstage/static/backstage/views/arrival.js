// Whoever comes while somebody is on screen sees no welcome: one line over the tiles says the same, once in a tab. It
// lies over them, so that nothing moves when it goes.

import { thisTab } from "../memory.js";
import { find, words, write } from "../page.js";
import { focusOn } from "./focus.js";

const WELCOMED = "hopin:welcomed";

export class Arrival {
  #isWelcomed = thisTab.recall(WELCOMED) === "yes";

  constructor() {
    find("#arrival-dismiss").addEventListener("click", () => {
      this.#welcomed();
      find("#arrival").hidden = true;
      focusOn();
    });
  }

  /** @param {Room} room @param {boolean} onScreen */
  render(room, onScreen) {
    // The welcome card has said it, and whoever is on screen knows where they are.
    if (!room.tiles.length || onScreen) this.#welcomed();
    find("#arrival").hidden = this.#isWelcomed;
    write(find("#arrival-text"), words(`arrival-${isSeen(room.show) ? "public" : "private"}`));
  }

  #welcomed() {
    if (this.#isWelcomed) return;
    this.#isWelcomed = true;
    thisTab.remember(WELCOMED, "yes");
  }
}

/** Attendees see who is on screen, or will in a few seconds. @param {ShowClock} show */
function isSeen({ state }) {
  return state === "going_live" || state === "live";
}
