// Says, once and at once, that something of mine does not reach the others although it is on.

import { words } from "../page.js";
import { alarm } from "./announcer.js";
import { troubleOf } from "./trouble.js";

export class Alarms {
  #said = "";

  /** @param {(BackstageWire.Tile & { stuck?: "out" | "in" })[]} tiles  mine that this page sends, and what does not come in */
  follow(tiles) {
    const troubles = new Set(tiles.map(troubleOf).filter((key) => key !== null));
    const sentence = [...troubles].map((key) => words(key)).join(" ");
    if (this.#said === sentence) return;
    this.#said = sentence;
    alarm(sentence);
  }
}
