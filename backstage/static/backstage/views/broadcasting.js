// Broadcast, Stop Broadcasting and Cut now, for organizers.

import { find } from "../page.js";
import { Socket } from "../protocol.js";
import { confirm } from "./confirm.js";
import { isFocusLost } from "./focus.js";
import { waits } from "./waits.js";

export class Broadcasting {
  /** @type {HTMLButtonElement} */
  #start = find("#broadcast");
  /** @type {HTMLButtonElement} */
  #stop = find("#stop-broadcasting");
  /** @type {HTMLButtonElement} */
  #cut = find("#cut-now");
  #delayS = 0;

  /** @param {Socket} truth */
  constructor(truth) {
    this.truth = truth;
    this.#start.addEventListener("click", () => void this.#press(this.#start, "broadcast.start"));
    this.#stop.addEventListener("click", () => void this.#press(this.#stop, "broadcast.stop"));
    this.#cut.addEventListener("click", () => void this.#cutNow());
  }

  /** @param {Room} room */
  render(room) {
    const { state, delayS } = room.show;
    const { activeElement } = document;
    const isSending = state === "going_live" || state === "live";
    this.#delayS = delayS;
    this.#start.hidden = isSending;
    this.#stop.hidden = !isSending;
    // Also while the last seconds play: what nobody has seen yet can still be destroyed.
    this.#cut.hidden = state === "off_air";
    // One primary action at a time: first somebody on screen, then Broadcast.
    this.#start.classList.toggle("button--primary", room.tiles.length > 0);
    const hadFocus = [this.#start, this.#stop, this.#cut].some((button) => button === activeElement);
    if (hadFocus && isFocusLost()) (isSending ? this.#stop : this.#start).focus();
  }

  /** @param {HTMLButtonElement} button @param {"broadcast.start" | "broadcast.stop" | "broadcast.cut"} command */
  #press(button, command) {
    return waits(button, () => this.truth.command(command), ["#stop-broadcasting", "#broadcast"]);
  }

  async #cutNow() {
    if (await confirm("cut", { n: this.#delayS })) await this.#press(this.#cut, "broadcast.cut");
  }
}
