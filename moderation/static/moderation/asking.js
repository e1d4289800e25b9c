// Asking to share: my own request, from asking until it is answered.

import { find, words, write } from "../backstage/page.js";
import { announce } from "../backstage/views/announcer.js";
import { waits } from "../backstage/views/waits.js";
import { Socket } from "../backstage/protocol.js";
import { answerTo, Asked } from "./answer.js";

/** @implements {Asking} */
export class MyAsking {
  /** @type {ModerationWire.MyRequest | null} */
  #mine = null;
  /** The request was sent, and the server's notice is not here yet. */
  #sent = false;
  #asked = new Asked();
  #onScreen = false;

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
    /** @type {HTMLButtonElement} */
    const withdraw = find("#withdraw");
    withdraw.addEventListener("click", () => void waits(withdraw, () => socket.command("request.withdraw")));
    find("#answer-dismiss").addEventListener("click", () => {
      this.#asked.note(null);
      this.#draw();
      focusOnControls();
    });
  }

  get isWaiting() {
    return this.#mine?.state === "waiting";
  }

  /** My request while it waits. */
  get waitingRequest() {
    return this.isWaiting ? (this.#mine?.request ?? null) : null;
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
  told(mine, first) {
    const before = this.#mine;
    this.#mine = mine;
    if (mine?.state === "waiting") this.#asked.note(mine.request);
    this.#draw();
    const isNews = before?.state !== mine?.state || before?.place !== mine?.place;
    if (!first && isNews) this.#announce(before, mine);
  }

  /** Whoever is on screen needs no answer any more. @param {boolean} onScreen */
  follow(onScreen) {
    this.#onScreen = onScreen;
    if (onScreen && !this.isWaiting) this.#asked.note(null);
    this.#draw();
  }

  #draw() {
    const waiting = find("#waiting");
    const hadFocus = waiting.contains(document.activeElement);
    waiting.hidden = !this.isWaiting;
    if (this.#mine && this.isWaiting) write(find("#waiting-text"), words("queue-place", { n: this.#mine.place ?? 1 }));
    const answer = answerTo(this.#mine, this.#asked.request, this.#onScreen);
    find("#answer").hidden = !answer;
    if (answer) {
      write(find("#answer-text"), words(answer));
      write(find("#answer-word"), this.#mine?.word ?? "");
    }
    // The room draws what comes instead of Withdraw right after this.
    if (hadFocus && waiting.hidden) queueMicrotask(focusOnControls);
  }

  /** @param {ModerationWire.MyRequest | null} before @param {ModerationWire.MyRequest | null} mine */
  #announce(before, mine) {
    if (mine?.state === "waiting") announce(words("queue-place", { n: mine.place ?? 1 }));
    else if (before?.state !== "waiting" || !mine) return;
    else if (mine.state === "withdrawn") announce(words("withdrawn"));
    else {
      const answer = answerTo(mine, this.#asked.request, this.#onScreen);
      if (answer) announce([words(answer), mine.word].filter(Boolean).join(" "));
    }
  }
}

/** What one presses next: my own controls on screen, the button that asks where there is one. */
function focusOnControls() {
  for (const button of document.querySelectorAll("#my-microphone, [data-share]")) {
    if (!(button instanceof HTMLElement) || !button.checkVisibility()) continue;
    button.focus();
    return;
  }
}
