// My screen: captured here, in a place of its own or in my camera's, until I, the browser or an organizer ends it.

import { letGo } from "./devices.js";
import { heldBefore, hold, noteHeld } from "./holder.js";
import { Publisher } from "./media/publisher.js";
import { MyDevices } from "./my-devices.js";
import { words } from "./page.js";
import { Socket } from "./protocol.js";
import { canCapture, capture, sentenceFor } from "./screen-capture.js";
import { myScreen } from "./state.js";
import { announce, complain } from "./views/announcer.js";
import { tell } from "./views/waits.js";

/**
 * @typedef {object} Near  What this needs of the page.
 * @property {Socket} truth
 * @property {Publisher} publisher  of kind "screen"
 * @property {MyDevices} devices
 * @property {() => Room | null} room
 * @property {() => void} changed
 */

export class MyScreen {
  /** @type {MediaStream | null} */
  stream = null;
  /** It stands in the place of my camera. */
  isInstead = false;
  /** The browser asks, or the server has not answered yet. */
  isStarting = false;
  /** The tiles have shown it. */
  #wasShown = false;
  /** The server does not know yet that it is over. */
  #owes = false;
  /** Gives back what says to other tabs that this one shares. @type {Promise<(() => void) | null> | null} */
  #lock = null;

  /** @param {Near} near */
  constructor(near) {
    this.near = near;
  }

  get isSupported() {
    return canCapture();
  }

  /** Share, or stop. */
  toggle() {
    if (this.stream) this.stop();
    else void this.share({ instead: false });
  }

  /**
   * The browser first, because it wants the click; then the place; then the picture.
   * @param {{ instead: boolean }} how
   */
  async share({ instead }) {
    if (this.stream || this.isStarting) return;
    this.isStarting = true;
    this.near.changed();
    try {
      const stream = await capture().catch(complainOfCapture);
      if (stream) await this.#take(stream, instead);
    } finally {
      this.isStarting = false;
      this.near.changed();
    }
  }

  /** @param {MediaStream} stream @param {boolean} instead */
  async #take(stream, instead) {
    const { truth, publisher, devices } = this.near;
    this.stream = stream;
    this.isInstead = instead;
    this.#wasShown = false;
    for (const track of stream.getVideoTracks()) {
      // By the browser's own bar, or because the window was closed.
      track.onended = () => {
        if (this.stream === stream) this.stop();
      };
    }
    this.obeyMute();
    this.#note(true);
    try {
      await truth.command("screen.take", { sound: stream.getAudioTracks().length > 0, instead });
    } catch (error) {
      if (this.stream !== stream) return;
      this.#end();
      tell(error);
      return;
    }
    if (this.stream !== stream) {
      // Stopped while the server was asked.
      this.#give();
      return;
    }
    if (instead) {
      devices.showInstead(stream);
    } else {
      publisher.hold(stream);
      publisher.start();
    }
    announce(words("said-screen-shared"));
  }

  stop() {
    if (!this.stream) return;
    this.#end();
    this.#give();
    announce(words("said-screen-stopped"));
    this.near.changed();
  }

  /** The tiles are new. @param {Room} room @param {boolean} first  told on connecting, so it is no news */
  follow(room, first) {
    const tile = myScreen(room);
    if (this.stream) {
      if (tile) this.#wasShown = true;
      else if (this.#wasShown) this.#taken(room);
    } else if (first && heldBefore(noteOf(room))) {
      void this.#endAfterReload(room);
    } else if (tile && this.#owes) {
      this.#give();
    }
    this.obeyMute();
  }

  /** A capture cannot be opened again without asking the person, so the place is given back at once. @param {Room} room */
  async #endAfterReload(room) {
    noteHeld(noteOf(room), false);
    const release = await hold(noteOf(room));
    release?.();
    // A tab that was duplicated has the other's memory, and there it goes on.
    if (this.stream || (!release && navigator.locks)) return;
    if (myScreen(room)) this.#give();
    complain(words("screen-ended-by-reload"));
  }

  /** Not by me: an organizer removed it, or I am not on screen any more, which is said by itself. @param {Room} room */
  #taken(room) {
    this.#end();
    if (room.tiles.some(({ participant }) => participant === room.me.participant)) complain(words("screen-removed"));
  }

  /** Its sound is mine, too: who is muted is not heard by it either. */
  obeyMute() {
    const muted = Boolean(this.near.room()?.me.muted);
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Another page of mine shares now, or this visit is over: stop without a word to the server. */
  letGo() {
    if (this.stream) this.#end();
  }

  /** The page goes: the capture dies with it. What was shared is remembered, so that a reload can say so. */
  pageHides() {
    if (!this.stream) return;
    letGo(this.stream);
    this.#give();
  }

  /** The capture is over for certain: the browser's bar goes. */
  #end() {
    const { stream, isInstead } = this;
    this.stream = null;
    this.isInstead = false;
    this.#note(false);
    if (isInstead) this.near.devices.showInstead(null);
    else this.near.publisher.stop();
    letGo(stream);
  }

  #give() {
    // Without a line it is said again when there is one.
    this.#owes = true;
    this.near.truth.command("screen.give").then(
      () => (this.#owes = false),
      () => {},
    );
  }

  /** A reload of this tab says that it has ended the share. @param {boolean} held */
  #note(held) {
    void this.#lock?.then((release) => release?.());
    this.#lock = null;
    const room = this.near.room();
    if (!room) return;
    noteHeld(noteOf(room), held);
    if (held) this.#lock = hold(noteOf(room), { steal: true });
  }
}

/** @param {Room} room */
function noteOf(room) {
  return `screen:${room.me.participant}`;
}

/** @param {unknown} error @returns {null} */
function complainOfCapture(error) {
  const sentence = sentenceFor(error);
  if (sentence) complain(words(sentence));
  return null;
}
