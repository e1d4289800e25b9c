// Asking to share: my own request, from asking until it is answered.

import { Expected } from "../backstage/expected.js";
import { find, words, write } from "../backstage/page.js";
import { announce } from "../backstage/views/announcer.js";
import { focusOn } from "../backstage/views/focus.js";
import { waits } from "../backstage/views/waits.js";
import { Socket } from "../backstage/protocol.js";
import { answerTo, Asked } from "./answer.js";

/** @implements {Asking} */
export class MyAsking {
  /** @type {ModerationWire.MyRequest | null} */
  #mine = null;
  /** The request is being sent. */
  #isSending = false;
  /** What the server has agreed to and not told yet: that my request waits, or the tile of an accepted one. */
  #expected;
  #asked = new Asked();
  #onScreen = false;
  /** Since my newest request, or since this page was opened: whatever was accepted has had its tile, also if it is gone. */
  #hasSeenTile = false;

  /** @param {Socket} socket @param {() => void} disappointed  devices may be kept for nothing */
  constructor(socket, disappointed) {
    this.socket = socket;
    this.#expected = new Expected(() => socket.command("snapshot.get"), disappointed);
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
    return this.#isSending || this.isWaiting || this.#expected.isOn;
  }

  /** @param {{ microphone: boolean, camera: boolean }} devices */
  async ask(devices) {
    this.#isSending = true;
    try {
      await this.socket.whenInside();
      await this.socket.command("request.ask", devices);
      if (!this.isWaiting) this.#expected.begin();
    } finally {
      this.#isSending = false;
    }
  }

  /** @param {ModerationWire.MyRequest | null} mine @param {boolean} first  told on connecting, so it is no news */
  told(mine, first) {
    const before = this.#mine;
    this.#mine = mine;
    if (!first && mine?.request !== before?.request) this.#hasSeenTile = this.#onScreen;
    if (mine?.request !== before?.request || mine?.state !== before?.state) this.#expectTile();
    if (mine?.state === "waiting") this.#asked.note(mine.request);
    this.#draw();
    const isNews = before?.state !== mine?.state || before?.place !== mine?.place;
    if (!first && isNews) this.#announce(before, mine);
  }

  /** Tile and answer come on two lines, either of them first. */
  #expectTile() {
    if (this.#mine?.state === "accepted" && !this.#hasSeenTile) this.#expected.begin();
    else this.#expected.end();
  }

  /** Whoever is on screen needs no answer any more. @param {boolean} onScreen */
  follow(onScreen) {
    this.#onScreen = onScreen;
    if (onScreen) {
      this.#hasSeenTile = true;
      this.#expected.end();
    }
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

/** My own controls on screen, or the button that asks where there is one. */
function focusOnControls() {
  focusOn("#my-microphone", "[data-share]");
}
