// Asking to share: my own request, from asking until it is answered.

import { find, words, write } from "../backstage/page.js";
import { announce, complain } from "../backstage/views/announcer.js";
import { waits } from "../backstage/views/waits.js";
import { Socket } from "../backstage/protocol.js";

/** @implements {Asking} */
export class MyAsking {
  /** @type {ModerationWire.MyRequest | null} */
  #mine = null;
  /** The request was sent, and the server's notice is not here yet. */
  #sent = false;

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
    /** @type {HTMLButtonElement} */
    const withdraw = find("#withdraw");
    withdraw.addEventListener("click", () => void waits(withdraw, () => socket.command("request.withdraw")));
  }

  get isWaiting() {
    return this.#mine?.state === "waiting";
  }

  get keepsDevices() {
    return this.#sent || this.isWaiting || this.#mine?.state === "accepted";
  }

  /** @param {{ microphone: boolean, camera: boolean }} devices */
  async ask(devices) {
    this.#sent = true;
    try {
      await this.socket.whenInside();
      await this.socket.command("request.ask", devices);
    } finally {
      this.#sent = false;
    }
  }

  /** @param {ModerationWire.MyRequest | null} mine @param {boolean} first  told on connecting, so it is no news */
  render(mine, first) {
    const before = this.#mine;
    this.#mine = mine;
    find("#waiting").hidden = !this.isWaiting;
    if (mine?.state === "waiting" && mine.place !== null) {
      const text = words("queue-place", { n: mine.place });
      write(find("#waiting-text"), text);
      if (!first && (before?.state !== "waiting" || before.place !== mine.place)) announce(text);
    }
    if (!first && before?.state === "waiting" && mine?.state === "declined") complain(words("declined"));
    if (!first && before?.state === "waiting" && mine?.state === "withdrawn") announce(words("withdrawn"));
  }
}
